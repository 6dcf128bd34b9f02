"""One day of the adaptive regional input-output model, compiled. No checks here: `simulate` makes the arrays.

Symbols as on the model page: x output, d demand, α overproduction, ω stocks, K what stocks allow, v supplier weights.
Everything is kept as a deviation from the base, so that an economy at rest does not move by a rounding error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoecon.compiled import FAST, njit
from geoecon.disruption.caps import limit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoecon.disruption.caps import Capped
    from geoecon.kinds import Ints
    from geoecon.kinds import Reals as Array

    # what `course` reads: the economy, how firms act, what happens to them, flows under a cap
    Fixed = tuple[Array, Array, Array, Array, Array, Array, Array, Array, Array, Array, Array, NDArray[np.int8]]
    Acts = tuple[Array, Array, Array, Array, Array, Array, Array, Array, Array, Array, Array]
    Hits = tuple[Ints, Array, Ints, Array, Ints, Array]


NEVER = 1e30  # no output comes near it; single precision holds it
FEW = 1e-9  # below this sum of weights there is no supplier left to order from
ATOL, RTOL = 1e-8, 1e-5  # numpy.allclose, by which the peer decides whether stocks move at all


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
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


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def sweep(
    p: np.uint64, n: np.uint64, B: np.uint64, a: Array, c0: Array, hold: Array, rated: NDArray[np.int8], days: Array,
    quick: Array, moves: Array, ease: Array, x: Array, goal: Array, got: Array, short: bool, stock: Array, C: Array,
    new: Array, KA: Array, KB: Array,
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


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def demand(sales: Array, D: Array, v: Array, final: Array, seller: Ints, delta: Array, d: Array) -> None:
    """d = v (base sales + Σ W (c' − c)) + final demand + caps; arrays (n, B)."""
    n, B = d.shape
    for f in range(n):
        for b in range(B):
            d[f, b] = v[f, b] * (sales[f] + D[f, b]) + final[f, b]
    for e in range(len(seller)):
        for b in range(B):
            d[seller[e], b] = max(d[seller[e], b] + delta[e, b], 0.0)


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def moved(lo: int, hi: int, some: Array) -> bool:
    """Whether anything in rows lo … hi − 1 is not zero: a sum, for a loop that may end early is not made a vector."""
    whole = some.dtype.type(0)
    for f in range(lo, hi):
        for b in range(some.shape[1]):
            whole += abs(some[f, b])
    return bool(whole != 0.0)


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True)
def course(
    weighting: int, optimal: bool, important: float, fixed: Fixed, acts: Acts, hits: Hits, capped: Capped, cap: Array,
    switch: Array, keep: Ints, filled: tuple[Array, Array, Array, Array, Array],
) -> None:  # fmt: skip
    """All days of B scenarios: the steps of `simulate.run` from the orders for a day on, no parity, no rebuilding.

    Arrays by industry as there; shares (S, R, n), `turned` (S, n, R), what depends on the input (S, B). Overwrites KA
    and KB, which come with what base stocks allow, and fills output and `added` (T, R, B), `unmet` (R, B) over all
    days, `kept` (T, k, B), and `first` (T, n), the first scenario's output by industry.
    """
    x0, released, sales, final0, rate, consumer, shares, turned, a, c0, hold, rated = fixed
    a_max, a_days, fall, rise, restore, days, quick, moves, ease, KA, KB = acts
    loss_at, loss, ceiling_at, ceiling, demand_at, demanded = hits
    inputs, buyer, seller = capped[1:4]
    output, added, unmet, kept, first = filled
    (S, R, n), (T, _, B) = shares.shape, output.shape
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
            limit(capped, cap[day], switch[day], shares, a, c0, restore, x, v, C, D, hole, delta)
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
