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


@njit(fastmath=FULL, error_model="numpy", cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def produce(
    lo: int, hi: int, day: int, parity: bool, weighting: int, a_max: Array, a_days: Array, fall: Array, rise: Array,
    important: float, x0: Array, released: Array, lost: Array, ceiling: Array, d: Array, KA: Array, KB: Array,
    v: Array, alpha: Array, zeta: Array, x: Array, best: Array, phi: Array, U: Array,
) -> None:  # fmt: skip
    """Capacity, output and rationing of a day for industries lo … hi − 1; all arrays (n, B), U (n, 2 B).
    Loops of few arrays each: longer ones are not compiled to vectors.

    `a_max`, `a_days`, `fall`, `rise` (B,). Overwrites α, ζ, x, x_opt, φ = x/d, and U = [φ v − 1, v' − 1] with the
    weights v of yesterday and v' of today.
    """
    B, idle = x.shape[1], 0.0 if parity else 1.0  # an idle supplier is not a short one
    for f in range(lo, hi):
        most, held = x0[f], released[f]
        if not parity:
            for b in range(B):
                gap, short = 1.0 - alpha[f, b], zeta[f, b]
                alpha[f, b] += (gap if short <= 1e-12 else (a_max[b] - alpha[f, b]) * short) / a_days[b]
        elif day > 1:  # scarcity of the new orders against the last output, may be negative
            for b in range(B):
                z = (d[f, b] - x[f, b]) / d[f, b] if d[f, b] != 0.0 else 0.0
                a = alpha[f, b] + (a_max[b] - alpha[f, b]) * z / a_days[b]
                alpha[f, b] = max(a + (1.0 - alpha[f, b]) / a_days[b] if z == 0.0 else a, 1.0)
        for b in range(B):
            cap = min(most * (1.0 - lost[f, b]) * alpha[f, b], most * ceiling[f, b])
            best[f, b] = min(max(d[f, b] - held, 0.0), cap)
        for b in range(B):
            made = min(best[f, b], KA[f, b])
            x[f, b] = min(made, (1.0 - important) * best[f, b] + important * KB[f, b])
        for b in range(B):
            phi[f, b] = min((x[f, b] + held) / d[f, b], 1.0) if d[f, b] > 0.0 else idle
        for b in range(B):
            asked = max(d[f, b] - held, 0.0)
            zeta[f, b] = 1.0 - x[f, b] / asked if asked > 0.0 else 0.0
        for b in range(B):
            U[f, b] = phi[f, b] * v[f, b] - 1.0
        if weighting == 0:
            for b in range(B):
                cap = min(most * (1.0 - lost[f, b]) * alpha[f, b], most * ceiling[f, b])
                v[f, b] = cap / most if most != 0.0 else 1.0
        elif weighting == 1:  # weight by what arrived of what was ordered, creeping back to the base share
            for b in range(B):
                v[f, b] += (phi[f, b] - 1.0) * v[f, b] * fall[b] + (1.0 - v[f, b]) * rise[b]
        for b in range(B):
            U[f, B + b] = v[f, b] - 1.0


@njit(fastmath=FULL, error_model="numpy", cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def sweep(
    p: Ints, n: Ints, B: Ints, a: Array, c0: Array, hold: Array, rated: NDArray[np.int8], days: Array, quick: Array,
    moves: Array, ease: Array, x: Array, goal: Array, got: Array, short: bool, stock: Array, C: Array, new: Array,
    KA: Array, KB: Array,
) -> None:  # fmt: skip
    """`levels.restock` for input p and some scenarios whose stocks and orders stay in cache, without the peer's tests.

    All arrays are vectors, scenarios innermost; stocks, orders, x and `goal` are above the base: rounding is that of
    the change. `got` (n, 2 B): weighted deviations of deliveries and of new weights, zeros unless `short`. Overwrites
    stocks, orders, `new` (n, B) orders above the base, what stocks allow. Unsigned numbers, for signed ones do not
    vectorise, and no views, each of which costs as much as its row.
    """
    zero, one, few = a.dtype.type(0), a.dtype.type(1), a.dtype.type(FEW)
    q = p * B
    for j in range(n):
        e, k = p * n + j, j * B
        o, g = e * B, k + k
        use_rate, base = a[e], c0[e]
        if use_rate == zero:
            for b in range(B):
                new[k + b] = zero
            continue
        if short:
            for b in range(B):
                use, order, weight = use_rate * x[k + b], C[o + b], one + got[g + B + b]
                held = stock[o + b] + moves[q + b] * (order + (base + order) * got[g + b] - use)
                held = max(held, -base * days[q + b])
                gap = max(use_rate * days[q + b] * goal[k + b] - held, zero) * quick[q + b] + use
                order = (gap - base * got[g + B + b]) / weight if weight > few else gap
                stock[o + b] = held
                C[o + b] = order
                new[k + b] = order
        else:
            for b in range(B):
                use = use_rate * x[k + b]
                held = max(stock[o + b] + moves[q + b] * (C[o + b] - use), -base * days[q + b])
                order = max(use_rate * days[q + b] * goal[k + b] - held, zero) * quick[q + b] + use
                stock[o + b] = held
                C[o + b] = order
                new[k + b] = order
        allows = hold[e]
        if allows < NEVER and rated[e] > 0:
            if rated[e] == 2:
                for b in range(B):
                    KA[k + b] = min(KA[k + b], (base * days[q + b] + stock[o + b]) * allows * ease[q + b])
            else:
                for b in range(B):
                    KB[k + b] = min(KB[k + b], (base * days[q + b] + stock[o + b]) * allows * ease[q + b])


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
                acts = acts or cap[e, b] != 1.0 or hole[e, b] > 0.0
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
                    if not bound[e - lo] and cap[e, b] != 1.0 and wanted > cap[e, b] * flow[e]:
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


@njit(fastmath=FULL, error_model="numpy", cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def demand(sales: Array, D: Array, v: Array, final: Array, seller: Ints, delta: Array, d: Array) -> None:
    """d = v (base sales + Σ W (c' − c)) + final demand + caps; arrays (n, B)."""
    n, B = d.shape
    for f in range(n):
        for b in range(B):
            d[f, b] = v[f, b] * (sales[f] + D[f, b]) + final[f, b]
    for e in range(len(seller)):
        for b in range(B):
            d[seller[e], b] = max(d[seller[e], b] + delta[e, b], 0.0)


@njit(fastmath=FULL, error_model="numpy", cache=True, nogil=True)  # type: ignore[untyped-decorator]
def limit(
    groups: Ints, inputs: Ints, buyer: Ints, seller: Ints, share: Array, flow: Array, cap: Array, switch: Array,
    shares: Array, a: Array, c0: Array, restore: Array, x: Array, v: Array, C: Array, D: Array, hole: Array,
    delta: Array,
) -> None:  # fmt: skip
    """`cap_orders` on orders above the base, C (S, n, B)."""
    orders = np.empty((len(groups) - 1, x.shape[1]))
    for k in range(len(groups) - 1):
        p, j = inputs[groups[k]], buyer[groups[k]]
        orders[k] = C[p, j] + c0[p, j]
    cap_orders(groups, inputs, buyer, seller, share, flow, cap, switch, shares, a, c0, restore, x, v, orders, D, hole,
               delta)  # fmt: skip
    for k in range(len(groups) - 1):
        p, j = inputs[groups[k]], buyer[groups[k]]
        C[p, j] = orders[k] - c0[p, j]


@njit(fastmath=FULL, error_model="numpy", cache=True, nogil=True, _nrt=False)  # type: ignore[untyped-decorator]
def moved(lo: int, hi: int, some: Array) -> bool:
    """Whether anything in rows lo … hi − 1 is not zero: a sum, for a loop that may end early is not made a vector."""
    whole = some.dtype.type(0)
    for f in range(lo, hi):
        for b in range(some.shape[1]):
            whole += abs(some[f, b])
    return bool(whole != 0.0)


@njit(fastmath=FULL, error_model="numpy", cache=True, nogil=True)  # type: ignore[untyped-decorator]
def course(
    weighting: int, optimal: bool, important: float, x0: Array, released: Array, sales: Array, final0: Array,
    rate: Array, consumer: Array, shares: Array, turned: Array, a: Array, c0: Array, hold: Array,
    rated: NDArray[np.int8], a_max: Array, a_days: Array, fall: Array, rise: Array, restore: Array, days: Array,
    quick: Array, moves: Array, ease: Array, KA: Array, KB: Array, loss_at: Ints, loss: Array, ceiling_at: Ints,
    ceiling: Array, demand_at: Ints, demanded: Array, groups: Ints, inputs: Ints, buyer: Ints, seller: Ints,
    share: Array, flow: Array, cap: Array, switch: Array, keep: Ints, output: Array, added: Array, unmet: Array,
    kept: Array, first: Array,
) -> None:  # fmt: skip
    """All days of B scenarios: the steps of `simulate.run` from the orders for a day on, no parity, no rebuilding.

    Arrays by industry as there; shares (S, R, n), `turned` (S, n, R), what depends on the input (S, B). Overwrites KA
    and KB, which come with what base stocks allow, and fills output and `added` (T, R, B), `unmet` (R, B) over all
    days, `kept` (T, k, B), and `first` (T, n), the first scenario's output by industry.
    """
    S, R, n = shares.shape
    T, _, B = output.shape
    hours = days.reshape(-1), quick.reshape(-1), moves.reshape(-1), ease.reshape(-1)
    table = a.reshape(-1), c0.reshape(-1), hold.reshape(-1), rated.reshape(-1)
    x, d, final = np.empty((n, B)), np.empty((n, B)), np.empty((n, B))
    for f in range(n):
        x[f], d[f], final[f] = x0[f], sales[f] + final0[f], final0[f]
    best, v, alpha, phi, zeta = x.copy(), np.ones((n, B)), np.ones((n, B)), np.ones((n, B)), np.zeros((n, B))
    lost, ceilings = np.zeros((n, B)), np.full((n, B), np.inf)
    stock, C = np.zeros((S, n, B), shares.dtype), np.zeros((S, n, B), shares.dtype)
    U, D, made, goal = np.zeros((n, 2 * B), a.dtype), np.zeros((n, B), a.dtype), KA.copy(), KA.copy()
    got, new = np.zeros((n, 2 * B), a.dtype), np.zeros((n, B), a.dtype)
    hole, delta, missing = np.zeros((len(seller), B)), np.zeros((len(seller), B)), np.zeros((n, B))
    wanted = made.reshape(-1), goal.reshape(-1), got.reshape(-1)
    held = stock.reshape(-1), C.reshape(-1), new.reshape(-1), KA.reshape(-1), KB.reshape(-1)
    for day in range(T):
        if len(seller):
            limit(groups, inputs, buyer, seller, share, flow, cap[day], switch[day], shares, a, c0, restore, x, v, C,
                  D, hole, delta)  # fmt: skip
        demand(sales, D, v, final, seller, delta, d)
        for i in range(len(loss_at)):
            lost[loss_at[i]] = loss[day, i]
        for i in range(len(ceiling_at)):
            ceilings[ceiling_at[i]] = ceiling[day, i]
        for i in range(len(demand_at)):
            f = demand_at[i]
            for b in range(B):
                changed = max(final0[f] + demanded[day, i, b], 0.0)
                d[f, b] += changed - final[f, b]
                final[f, b] = changed
        produce(0, n, day, False, weighting, a_max, a_days, fall, rise, important, x0, released, lost, ceilings, d, KA,
                KB, v, alpha, zeta, x, best, phi, U)  # fmt: skip
        for f in range(n):
            r, base, value = f % R, x0[f], rate[f]
            first[day, f] = x[f, 0]
            for b in range(B):
                made[f, b] = x[f, b] - base
            for b in range(B):
                goal[f, b] = (best[f, b] if optimal else x[f, b]) - base
            for b in range(B):
                output[day, r, b] += x[f, b] - base
            for b in range(B):
                added[day, r, b] += (x[f, b] - base) * value
            for b in range(B):
                missing[f, b] += (1.0 - phi[f, b]) * final[f, b]
        for k in range(len(keep)):
            kept[day, k] = x[keep[k]]
        for e in range(len(seller)):
            stock[inputs[e], buyer[e]] += delta[e] * phi[seller[e]]
        KA[:], KB[:] = NEVER, NEVER
        for p in range(S):
            short = moved(p * R, (p + 1) * R, U)
            if short:
                np.dot(turned[p], U[p * R : (p + 1) * R], got)
            sweep(np.uint64(p), np.uint64(n), np.uint64(B), *table, *hours, *wanted, short, *held)
            np.dot(shares[p], new, D[p * R : (p + 1) * R])
    unmet += np.dot(consumer, missing)
