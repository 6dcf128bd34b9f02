"""One day of the adaptive regional input-output model, compiled. No checks here: `simulate` makes the arrays.

Symbols as on the model page: x output, d demand, α overproduction, ω stocks, K what stocks allow, v supplier weights.
Everything is kept as a deviation from the base, so that an economy at rest does not move by a rounding error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoecon.figure import Array
    from geoecon.kinds import Ints


FULL = {"contract", "reassoc", "nsz", "arcp"}
NEVER = 1e30  # no output comes near it; single precision holds it
FEW = 1e-9  # below this sum of weights there is no supplier left to order from
ATOL, RTOL = 1e-8, 1e-5  # numpy.allclose, by which the peer decides whether stocks move at all
CAPACITY, FULFILMENT, BASE = 0, 1, 2


@njit(fastmath=FULL, error_model="numpy", cache=True, nogil=True)  # type: ignore[untyped-decorator]
def produce(
    lo: int, hi: int, day: int, parity: bool, weighting: int, a_max: Array, a_days: Array, fall: Array, rise: Array,
    important: float, x0: Array, released: Array, lost: Array, ceiling: Array, d: Array, KA: Array, KB: Array,
    v: Array, alpha: Array, zeta: Array, x: Array, best: Array, phi: Array, U: Array,
) -> None:  # fmt: skip
    """Capacity, output and rationing of a day for industries lo … hi − 1; all arrays (n, B), U (n, 2 B).

    `a_max`, `a_days`, `fall`, `rise` (B,). Overwrites α, ζ, x, x_opt, φ = x/d, and U = [φ v − 1, v' − 1] with the
    weights v of yesterday and v' of today.
    """
    B = x.shape[1]
    for f in range(lo, hi):
        for b in range(B):
            if parity:
                if day > 1:  # scarcity of the new orders against the last output, may be negative
                    z = (d[f, b] - x[f, b]) / d[f, b] if d[f, b] != 0.0 else 0.0
                    a = alpha[f, b] + (a_max[b] - alpha[f, b]) * z / a_days[b]
                    if z == 0.0:
                        a += (1.0 - alpha[f, b]) / a_days[b]
                    alpha[f, b] = max(a, 1.0)
            elif zeta[f, b] > 1e-12:
                alpha[f, b] += (a_max[b] - alpha[f, b]) * zeta[f, b] / a_days[b]
            else:
                alpha[f, b] += (1.0 - alpha[f, b]) / a_days[b]
            cap = min(x0[f] * (1.0 - lost[f, b]) * alpha[f, b], x0[f] * ceiling[f, b])
            asked = max(d[f, b] - released[f], 0.0)
            want = min(asked, cap)
            made = min(want, KA[f, b])
            made = min(made, (1.0 - important) * want + important * KB[f, b])
            best[f, b] = want
            x[f, b] = made
            idle = 0.0 if parity else 1.0  # an idle supplier is not a short one
            share = min((made + released[f]) / d[f, b], 1.0) if d[f, b] > 0.0 else idle
            phi[f, b] = share
            zeta[f, b] = 1.0 - made / asked if asked > 0.0 else 0.0
            U[f, b] = share * v[f, b] - 1.0
            if weighting == 0:
                v[f, b] = cap / x0[f] if x0[f] != 0.0 else 1.0
            elif weighting == 1:  # weight by what arrived of what was ordered, creeping back to the base share
                v[f, b] += (share - 1.0) * v[f, b] * fall[b] + (1.0 - v[f, b]) * rise[b]
            U[f, B + b] = v[f, b] - 1.0


@njit(fastmath=FULL, error_model="numpy", cache=True, nogil=True)  # type: ignore[untyped-decorator]
def restock(
    first: int, lo: int, parity: bool, a: Array, c0: Array, hold: Array, rated: NDArray[np.int8], days: Array,
    quick: Array, moves: Array, ease: Array, floor: float, x: Array, goal: Array, S12: Array, stock: Array, C: Array,
    stock_out: Array, C_out: Array, Cn: Array, KA: Array, KB: Array, away: Array,
) -> None:  # fmt: skip
    """Stocks after deliveries, new orders and what stocks allow, for inputs first, first + 1, … (g of them) and
    buyers lo, lo + 1, … (w of them).

    S12 (g, w, 2 B): weighted deviations of deliveries and of new weights; Cn (g, w, B): orders less base orders. By
    input and scenario (S, B): `days` of stock, the share of a gap that is ordered a day (`quick`) and of a change of
    stocks that counts (`moves`), and `ease`: one over days × ψ. The peer switches gaps and changes off within a
    tolerance: `away` (2, B) collects how far from it the tests are (parity).
    """
    B = x.shape[1]
    for q in range(len(S12)):
        p = first + q
        full, fill, move = days[p], quick[p], moves[p]
        for k in range(S12.shape[1]):
            j = lo + k
            aj, base = a[p, j], c0[p, j]
            if aj == 0.0:
                for b in range(B):
                    Cn[q, k, b] = 0.0
                continue
            xj, gj, Sj, old, Cj, new, Co, No = (
                x[j], goal[j], S12[q, k], stock[p, j], C[p, j], stock_out[p, j], C_out[p, j], Cn[q, k]
            )  # fmt: skip
            for b in range(B):
                use = aj * xj[b]
                change = Cj[b] * (1.0 + Sj[b]) - use
                left = max(old[b] + move[b] * change, floor)
                wanted = aj * full[b] * gj[b]
                weight = 1.0 + Sj[B + b]
                order = (max(wanted - left, 0.0) * fill[b] + use) / (weight if weight > FEW else 1.0)
                if parity:
                    away[0, b] = max(away[0, b], abs(change) - RTOL * abs(use))
                    away[1, b] = max(away[1, b], abs(wanted - left) - RTOL * abs(wanted))
                new[b] = left
                Co[b] = order
                No[b] = order - base
            if hold[p, j] < NEVER and rated[p, j] > 0:
                K = KA[j] if rated[p, j] == 2 else KB[j]
                for b in range(B):
                    K[b] = min(K[b], new[b] * hold[p, j] * ease[p, b])


@njit(fastmath=FULL, error_model="numpy", cache=True, nogil=True)  # type: ignore[untyped-decorator]
def restock_in_place(
    first: int, lo: int, a: Array, c0: Array, hold: Array, rated: NDArray[np.int8], days: Array, quick: Array,
    moves: Array, ease: Array, x: Array, goal: Array, S12: Array, stock: Array, C: Array, Cn: Array,
    KA: Array, KB: Array,
) -> None:  # fmt: skip
    """`restock` without the peer's tolerance tests: stocks and orders are overwritten where they stand. They, x and
    `goal` are what is above the base, so that rounding is that of the change, also in single precision: the constants
    are of the arrays' own, since one in double would halve the speed. The two halves of S12 are told apart, so that the
    loop over scenarios is one of vectors."""
    B = x.shape[1]
    zero, one, few = x.dtype.type(0), x.dtype.type(1), x.dtype.type(FEW)
    for q in range(len(S12)):
        p = first + q
        full, fill, move, eased = days[p], quick[p], moves[p], ease[p]
        for k in range(S12.shape[1]):
            j = lo + k
            aj, base = a[p, j], c0[p, j]
            if aj == zero:
                for b in range(B):
                    Cn[q, k, b] = zero
                continue
            xj, gj, arrived, weights = x[j], goal[j], S12[q, k, :B], S12[q, k, B:]
            held, orders, new = stock[p, j], C[p, j], Cn[q, k]
            for b in range(B):
                use, whole = aj * xj[b], base * full[b]
                left = max(held[b] + move[b] * (orders[b] + (base + orders[b]) * arrived[b] - use), -whole)
                gap = max(aj * full[b] * gj[b] - left, zero) * fill[b] + use
                weight = one + weights[b]
                order = (gap - base * weights[b]) / weight if weight > few else gap
                held[b] = left
                orders[b] = order
                new[b] = order
            if hold[p, j] < NEVER and rated[p, j] > 0:
                K = KA[j] if rated[p, j] == 2 else KB[j]
                allows = hold[p, j]
                for b in range(B):
                    K[b] = min(K[b], (base * full[b] + held[b]) * allows * eased[b])


@njit(cache=True)  # type: ignore[untyped-decorator]
def cap_orders(
    groups: Ints, inputs: Ints, buyer: Ints, seller: Ints, share: Array, flow: Array, cap: Array, switch: Array,
    shares: Array, a: Array, c0: Array, quick: Array, x: Array, v: Array, orders: Array, D: Array, hole: Array,
    delta: Array,
) -> None:  # fmt: skip
    """Caps on single edges, after the pass: no order above cap × base flow.

    Edges are sorted by (input, buyer); `groups` marks where an (input, buyer) begins. Of what exceeds a cap, the share
    `switch` goes to the other suppliers at once; they also go on with their base flow if it is needed. The rest is not
    asked of them: it is a `hole` (e, B) in the stock, which only the capped supplier fills when it may. Overwrites the
    orders (group, B), D, hole and delta (e, B), the order less what the weights would give. A cap of one is no cap.
    `quick` (S, B): one over the days in which stocks are refilled.
    """
    B = v.shape[1]
    R = shares.shape[1]
    for k in range(len(groups) - 1):
        lo, hi = groups[k], groups[k + 1]
        p, j = inputs[lo], buyer[lo]
        bound = np.zeros(hi - lo, np.bool_)
        for b in range(B):
            acts = False
            for e in range(lo, hi):
                delta[e, b] = 0.0
                acts = acts or cap[e, b] < 1.0 or hole[e, b] > 0.0
            if not acts:
                continue
            c = orders[k, b]
            total = missing = 0.0
            for r in range(R):
                total += shares[p, r, j] * v[p * R + r, b]
            if total < 1e-9:
                continue
            gap = max(c * total - a[p, j] * x[j, b], 0.0) / quick[p, b]  # of the stock
            for e in range(lo, hi):
                missing += hole[e, b]
            part = min(1.0, gap / missing) if missing > 0.0 else 0.0
            for e in range(lo, hi):
                hole[e, b] *= part
            easy = c - missing * part * quick[p, b] / total
            eased = easy
            bound[:] = False
            again = True
            while again:
                again = False
                for e in range(lo, hi):
                    wanted = eased * share[e] * v[seller[e], b] + hole[e, b] * quick[p, b]
                    if not bound[e - lo] and cap[e, b] < 1.0 and wanted > cap[e, b] * flow[e]:
                        bound[e - lo] = True
                        again = True
                if again:
                    rest, left = total, c * total
                    surplus = moved = 0.0
                    for e in range(lo, hi):
                        if bound[e - lo]:
                            weight = share[e] * v[seller[e], b]
                            rest -= weight
                            left -= cap[e, b] * flow[e]
                            surplus += max(easy * weight - cap[e, b] * flow[e], 0.0) * switch[e, b]
                            moved += (1.0 - cap[e, b]) * flow[e] * switch[e, b]
                    eased = easy
                    if rest > 1e-9:  # the others go on with their base flow, and with what can be moved to them
                        eased = max(easy + surplus / rest, min(left / rest, c0[p, j] + moved / rest))
            for e in range(lo, hi):
                weight = share[e] * v[seller[e], b]
                order = cap[e, b] * flow[e] if bound[e - lo] else eased * weight + hole[e, b] * quick[p, b]
                delta[e, b] = order - eased * weight
                if bound[e - lo]:
                    hole[e, b] += max(easy * weight - order, 0.0) * (1.0 - switch[e, b]) - max(
                        order - easy * weight, 0.0
                    )
                else:
                    hole[e, b] -= hole[e, b] * quick[p, b]
                hole[e, b] = max(hole[e, b], 0.0)
            if eased != c:
                orders[k, b] = eased
                for r in range(R):
                    D[p * R + r, b] += shares[p, r, j] * (eased - c)


@njit(fastmath=FULL, error_model="numpy", cache=True, nogil=True)  # type: ignore[untyped-decorator]
def demand(sales: Array, D: Array, v: Array, final: Array, seller: Ints, delta: Array, d: Array) -> None:
    """d = v (base sales + Σ W (c' − c)) + final demand + caps; arrays (n, B)."""
    n, B = d.shape
    for f in range(n):
        for b in range(B):
            d[f, b] = v[f, b] * (sales[f] + D[f, b]) + final[f, b]
    for e in range(len(seller)):
        for b in range(B):
            d[seller[e], b] = max(d[seller[e], b] + delta[e, b], 0.0)
