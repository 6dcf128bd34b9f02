"""The day of one scenario of a large table: each tile of the share matrix is read once and used twice from cache.

A tile holds the shares of the R suppliers of one input for a block of buyers, in the order in which it is read. The
first use sums deliveries and weights for the buyers, the second spreads their new orders over the suppliers, so that
no order matrix is ever made and a day costs one read of the matrix from memory.
"""

from __future__ import annotations

from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from geoecon.disruption.economy import Array, Economy
from geoecon.disruption.kernel import MATH, NEVER, RTOL

if TYPE_CHECKING:
    from geoecon.disruption.simulate import State

WIDTH = 32  # buyers in a tile: 4 cache lines of doubles
U, W_, ONE, FOUR = np.uint64, np.uint64(WIDTH), np.uint64(1), np.uint64(4)


def tiles(economy: Economy, dtype: Any = np.float64) -> Any:
    """The shares as one vector of tiles: block of buyers, input, supplier, buyer; the last block padded with zeros."""
    S, R, n = economy.shares.shape
    blocks = -(-n // WIDTH)
    found = np.zeros((blocks, S, R, WIDTH), dtype)
    for k in range(blocks):
        part = economy.shares[:, :, k * WIDTH : (k + 1) * WIDTH]
        found[k, :, :, : part.shape[2]] = part
    return found.ravel()


@njit(fastmath=MATH, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _gather(W: Any, o: Any, R: Any, u: Any, r: Any, g: Any, s1: Any, s2: Any) -> None:
    """s1 += Σ u W, s2 += Σ r W over the suppliers of a tile. Unsigned numbers: signed ones do not vectorise."""
    for _ in range(R // 4):
        u0, u1, u2, u3 = u[g], u[g + ONE], u[g + U(2)], u[g + U(3)]
        r0, r1, r2, r3 = r[g], r[g + ONE], r[g + U(2)], r[g + U(3)]
        for j in range(W_):
            a, b = np.float64(W[o + j]), np.float64(W[o + W_ + j])
            c, d = np.float64(W[o + U(2) * W_ + j]), np.float64(W[o + U(3) * W_ + j])
            s1[j] += u0 * a + u1 * b + u2 * c + u3 * d
            s2[j] += r0 * a + r1 * b + r2 * c + r3 * d
        o += W_ * FOUR
        g += FOUR
    for _ in range(R % 4):
        for j in range(W_):
            a = np.float64(W[o + j])
            s1[j] += u[g] * a
            s2[j] += r[g] * a
        o += W_
        g += ONE


@njit(fastmath=MATH, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _spread(W: Any, o: Any, R: Any, change: Any, g: Any, D: Any) -> None:
    """D += Σ W change over the buyers of a tile that is still in cache."""
    for _ in range(R // 4):
        a = b = c = d = 0.0
        for j in range(W_):
            x = change[j]
            a += np.float64(W[o + j]) * x
            b += np.float64(W[o + W_ + j]) * x
            c += np.float64(W[o + U(2) * W_ + j]) * x
            d += np.float64(W[o + U(3) * W_ + j]) * x
        D[g] += a
        D[g + ONE] += b
        D[g + U(2)] += c
        D[g + U(3)] += d
        o += W_ * FOUR
        g += FOUR
    for _ in range(R % 4):
        a = 0.0
        for j in range(W_):
            a += np.float64(W[o + j]) * change[j]
        D[g] += a
        o += W_
        g += ONE


@njit(fastmath=MATH, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _restock(
    width: Any, parity: bool, a: Any, base: Any, hold: Any, days: float, quick: float, counted: float, rated: Any,
    x: Any, goal: Any, s1: Any, s2: Any, stock: Any, C: Any, stock_out: Any, C_out: Any, change: Any, KA: Any, KB: Any,
    moves: float, gaps: float,
) -> tuple[float, float]:  # fmt: skip
    """`kernel.restock` for one input and the buyers of a tile; vectors of `width`."""
    far_move = far_gap = 0.0
    if parity:
        for j in range(width):
            use = a[j] * x[j]
            difference = C[j] * (1.0 + s1[j]) - use
            far_move = max(far_move, abs(difference) - RTOL * abs(use))
            s = stock[j] + counted * moves * difference
            wanted = a[j] * days * goal[j]
            gap = wanted - s
            far_gap = max(far_gap, abs(gap) - RTOL * abs(wanted))
            weight = 1.0 + s2[j]
            c = (max(gap, 0.0) * quick * gaps + use) / (weight if weight != 0.0 else 1.0)
            stock_out[j] = s
            C_out[j] = c
            change[j] = c - base[j]
            KA[j] = min(KA[j], s * hold[j])  # `hold` is endless where the input never binds
        return far_move, far_gap
    for j in range(width):
        use = a[j] * x[j]
        s = max(stock[j] + counted * (C[j] * (1.0 + s1[j]) - use), 0.0)
        weight = 1.0 + s2[j]
        c = (max(a[j] * days * goal[j] - s, 0.0) * quick + use) / (weight if weight > 1e-9 else 1.0)
        stock_out[j] = s
        C_out[j] = c
        change[j] = c - base[j]
        k = s * hold[j] if hold[j] < NEVER else NEVER
        KA[j] = min(KA[j], k if rated[j] == 2 else NEVER)
        KB[j] = min(KB[j], k if rated[j] == 1 else NEVER)
    return far_move, far_gap


@njit(fastmath=MATH, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def sweep(
    first: int, last: int, W: Any, parity: bool, a: Any, c0: Any, limit: Any, days: Any, restore: Any, counted: Any,
    rated: Any, x: Any, goal: Any, u: Any, r: Any, stock: Any, C: Any, stock_out: Any, C_out: Any, KA: Any, KB: Any,
    moves: float, gaps: float, D: Any, away: Any,
) -> None:  # fmt: skip
    """Deliveries, stocks and orders of a day for the tiles first … last − 1 of every input; matrices (S, n), vectors
    (n,), away (2,). Overwrites D with what these buyers order beyond the base."""
    S, n = a.shape
    R = n // S
    s1, s2, change = np.empty(WIDTH), np.empty(WIDTH), np.zeros(WIDTH)
    D[:] = 0.0
    move = gap = 0.0
    for k in range(first, last):
        lo, hi = k * WIDTH, min((k + 1) * WIDTH, n)
        KA[lo:hi] = NEVER
        KB[lo:hi] = NEVER
        change[:] = 0.0
        for p in range(S):
            s1[:] = 0.0
            s2[:] = 0.0
            o, g = U((k * S + p) * R * WIDTH), U(p * R)
            _gather(W, o, R, u, r, g, s1, s2)
            m, q = _restock(
                U(hi - lo), parity, a[p, lo:hi], c0[p, lo:hi], limit[p, lo:hi], days[p], restore[p], counted[p],
                rated[p, lo:hi], x[lo:hi], goal[lo:hi], s1, s2, stock[p, lo:hi], C[p, lo:hi], stock_out[p, lo:hi],
                C_out[p, lo:hi], change, KA[lo:hi], KB[lo:hi], moves, gaps,
            )  # fmt: skip
            move, gap = max(move, m), max(gap, q)
            _spread(W, o, R, change, g, D)
    away[0] = move
    away[1] = gap


def one_scenario(state: State, W: Array, pool: Executor | None) -> None:
    """`State.passes` for a single scenario by tiles, a share of the tiles for each thread."""
    economy = state.economy
    act = economy.behaviour
    goal = state.best if act.goal == "optimal" else state.x
    threads = state.threads if pool else 1
    blocks = -(-economy.n // WIDTH)
    bounds = [blocks * k // threads for k in range(threads + 1)]
    D, away = np.empty((threads, economy.n)), np.zeros((threads, 2))
    u, r = np.ascontiguousarray(state.U[:, 0]), np.ascontiguousarray(state.U[:, 1])

    def part(thread: int) -> None:
        sweep(
            bounds[thread], bounds[thread + 1], W, act.parity, economy.coefficients, economy.base_orders, state.limit,
            state.days, state.restore, state.counted, economy.criticality, state.x[:, 0], goal[:, 0], u, r,
            state.stock[:, :, 0], state.C[:, :, 0], state.stock_out[:, :, 0], state.C_out[:, :, 0], state.KA[0, :, 0],
            state.KB[0, :, 0], state.moves[0], state.gaps[0], D[thread], away[thread],
        )  # fmt: skip

    while True:
        list(pool.map(part, range(threads)) if pool else map(part, range(1)))
        state.D[:, 0] = D.sum(axis=0)
        if state.settled(away.max(axis=0)[:, None]):
            return
