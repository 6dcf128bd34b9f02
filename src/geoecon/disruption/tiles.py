"""The day of one scenario: each tile of the share matrix is read once and used twice from cache.

A tile holds the shares of the R suppliers of one input for a block of buyers, in the order in which it is read. The
first use sums deliveries and weights for the buyers, the second spreads their new orders over the suppliers, so that
no order matrix is ever made and a day costs one read of the matrix from memory. What belongs to a tile's buyers (use,
stock, order) lies in the same order beside it.
"""

from __future__ import annotations

from concurrent.futures import Executor

import numpy as np

from geoecon.compiled import FAST, njit
from geoecon.disruption.conduct import Conduct
from geoecon.disruption.day import State
from geoecon.disruption.economy import CRITICAL, IMPORTANT, Array, Economy

# numba keeps the values below with the code of this file: where one of them changes there, change this file too
from geoecon.disruption.kernel import FEW, NEVER, RTOL
from geoecon.disruption.shocks import Index

WIDTH = 32  # buyers in a tile: 4 cache lines of doubles
U, W_, ONE, FOUR = np.uint64, np.uint64(WIDTH), np.uint64(1), np.uint64(4)
# what a thread keeps for the buyers of a tile, one row each
ROWS = 9
X, GOAL, CHANGE, S1, S2, KA, KB, MOVE, GAP = (U(row * WIDTH) for row in range(ROWS))


def tiles(economy: Economy, preview: bool = False) -> Array:
    """The shares in the order in which a single scenario reads them, made once; `preview`: single precision."""
    key = "_tiles32" if preview else "_tiles64"
    if key not in economy.__dict__:
        economy.__dict__[key] = _tiles(economy, np.float32 if preview else np.float64)
    found: Array = economy.__dict__[key]
    return found


def _tiles(economy: Economy, dtype: type[np.floating]) -> Array:
    """The shares as one vector of tiles: block of buyers, input, supplier, buyer; the last block padded with zeros."""
    S, R, n = economy.shares.shape
    blocks = -(-n // WIDTH)
    found = np.zeros((blocks, S, R, WIDTH), dtype)
    for k in range(blocks):
        part = economy.shares[:, :, k * WIDTH : (k + 1) * WIDTH]
        found[k, :, :, : part.shape[2]] = part
    return found.ravel()


def cells(*matrices: Array) -> Array:
    """Matrices (S, n) as (blocks, S, matrix, buyer), in the order of the tiles; the last block padded with zeros."""
    S, n = matrices[0].shape
    blocks = -(-n // WIDTH)
    padded = np.zeros((len(matrices), S, blocks * WIDTH))
    padded[:, :, :n] = matrices
    return np.ascontiguousarray(padded.reshape(len(matrices), S, blocks, WIDTH).transpose(2, 1, 0, 3))


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True)
def _gather(W: Array, o: np.uint64, R: np.uint64, u: Array, r: Array, g: np.uint64, line: Array) -> None:
    """Σ u W and Σ r W over the suppliers of a tile. Unsigned numbers: signed ones do not vectorise."""
    for j in range(W_):
        line[S1 + j] = 0.0
        line[S2 + j] = 0.0
    for _ in range(R // FOUR):
        u0, u1, u2, u3 = u[g], u[g + ONE], u[g + U(2)], u[g + U(3)]
        r0, r1, r2, r3 = r[g], r[g + ONE], r[g + U(2)], r[g + U(3)]
        for j in range(W_):
            a, b = np.float64(W[o + j]), np.float64(W[o + W_ + j])
            c, d = np.float64(W[o + U(2) * W_ + j]), np.float64(W[o + U(3) * W_ + j])
            line[S1 + j] += u0 * a + u1 * b + u2 * c + u3 * d
            line[S2 + j] += r0 * a + r1 * b + r2 * c + r3 * d
        o += W_ * FOUR
        g += FOUR
    for _ in range(R % FOUR):
        for j in range(W_):
            a = np.float64(W[o + j])
            line[S1 + j] += u[g] * a
            line[S2 + j] += r[g] * a
        o += W_
        g += ONE


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True)
def _spread(W: Array, o: np.uint64, R: np.uint64, line: Array, g: np.uint64, D: Array) -> None:
    """D += Σ W change over the buyers of a tile that is still in cache."""
    for _ in range(R // FOUR):
        a = b = c = d = 0.0
        for j in range(W_):
            x = line[CHANGE + j]
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
    for _ in range(R % FOUR):
        a = 0.0
        for j in range(W_):
            a += np.float64(W[o + j]) * line[CHANGE + j]
        D[g] += a
        o += W_
        g += ONE


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True)
def _restock(
    fixed: Array, e: np.uint64, old: Array, new: Array, o: np.uint64, line: Array, days: float, quick: float,
    moves: float, floor: float, important: bool,
) -> None:  # fmt: skip
    """`kernel.restock` for one input and the buyers of a tile."""
    for j in range(W_):
        a, base, hold = fixed[e + j], fixed[e + W_ + j], fixed[e + U(2) * W_ + j]
        use = a * line[X + j]
        change = old[o + W_ + j] * (1.0 + line[S1 + j]) - use
        stock = max(old[o + j] + moves * change, floor)
        wanted = a * days * line[GOAL + j]
        gap = wanted - stock
        weight = 1.0 + line[S2 + j]
        order = (max(gap, 0.0) * quick + use) / (weight if weight > FEW else 1.0)
        new[o + j] = stock
        new[o + W_ + j] = order
        line[CHANGE + j] = order - base
        line[KA + j] = min(line[KA + j], stock * hold if hold < NEVER else NEVER)
        line[MOVE + j] = max(line[MOVE + j], abs(change) - RTOL * abs(use))
        line[GAP + j] = max(line[GAP + j], abs(gap) - RTOL * abs(wanted))
    if important:
        for j in range(W_):
            hold = fixed[e + U(3) * W_ + j]
            line[KB + j] = min(line[KB + j], new[o + j] * hold if hold < NEVER else NEVER)


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True)
def sweep(
    first: int, last: int, n: int, S: int, R: np.uint64, W: Array, fixed: Array, old: Array, new: Array, x: Array,
    goal: Array, u: Array, r: Array, days: Array, quick: Array, moves: Array, floor: float, important: bool,
    able: Array, able_half: Array, D: Array, away: Array,
) -> None:  # fmt: skip
    """Deliveries, stocks and orders of a day for the blocks first … last − 1 of buyers and every input.

    `fixed` and `old`, `new`: cells of (coefficient, base order, limit of a critical and of an important input) and of
    (stock, order), as vectors. Overwrites `new`, D (n,) with what these buyers order beyond the base, what stocks
    allow (`able`, `able_half`), and away (2,).
    """
    line = np.zeros(ROWS * WIDTH)
    D[:] = 0.0
    for k in range(first, last):
        lo = k * WIDTH
        width = min(WIDTH, n - lo)
        for j in range(width):
            line[X + U(j)] = x[lo + j]
            line[GOAL + U(j)] = goal[lo + j]
        for j in range(W_):
            line[KA + j] = NEVER
            line[KB + j] = NEVER
        for p in range(S):
            t = U(k * S + p)
            o, g = t * R * W_, U(p) * R
            _gather(W, o, R, u, r, g, line)
            _restock(fixed, t * FOUR * W_, old, new, t * U(2) * W_, line, days[p], quick[p], moves[p], floor, important)
            _spread(W, o, R, line, g, D)
        for j in range(width):
            able[lo + j] = line[KA + U(j)]
            able_half[lo + j] = line[KB + U(j)]
    for j in range(WIDTH):
        away[0] = max(away[0], line[MOVE + U(j)])
        away[1] = max(away[1], line[GAP + U(j)])


class Tiled(State):
    """Stocks and orders of one scenario in the order of the tiles; `preview` reads shares in single precision."""

    def __init__(self, economy: Economy, conduct: Conduct, threads: int, preview: bool = False):
        super().__init__(economy, conduct, threads)
        rated, endless = economy.criticality, np.full(self.hold.shape, 2 * NEVER)
        most = np.where(self.hold < NEVER, self.hold * self.ease, endless)
        limits = [np.where(rated == kind, most, endless) for kind in (CRITICAL, IMPORTANT)]
        self.important = bool((limits[1] < NEVER).any())
        self.W = tiles(economy, preview)
        self.fixed = cells(economy.coefficients, economy.base_orders, *limits)
        self.old = cells(economy.base_orders * self.days, economy.base_orders)
        self.new = np.zeros_like(self.old)
        blocks = len(self.old)
        self.bounds = [blocks * k // threads for k in range(threads + 1)]
        self.parts = np.empty((threads, economy.n))

    def _pass(self, pool: Executor | None) -> Array:
        S, R, n = self.economy.shares.shape
        away = np.zeros((self.threads, 2))
        u, r = (np.ascontiguousarray(self.U[:, k]) for k in (0, 1))
        fixed, old, new = (array.reshape(-1) for array in (self.fixed, self.old, self.new))
        x, goal, able, able_half = (array.reshape(-1) for array in (self.x, self.goal, self.KA, self.KB))
        days, quick, moves = (v[:, 0] for v in (self.days, self.restore * self.gaps, self.counted * self.moves))

        def work(thread: int) -> None:
            sweep(
                self.bounds[thread], self.bounds[thread + 1], n, S, U(R), self.W, fixed, old, new, x, goal, u, r,
                days, quick, moves, self.floor, self.important, able, able_half, self.parts[thread], away[thread],
            )  # fmt: skip

        self.share_out(pool, work)
        self.parts.sum(axis=0, out=self.D[:, 0])
        return np.asarray(away.max(axis=0)[:, None])

    def _turn(self) -> None:
        self.old, self.new = self.new, self.old

    def _at(self, inputs: Index, buyers: Index) -> tuple[Index, Index, Index]:
        return buyers // WIDTH, inputs, buyers % WIDTH

    def orders(self, inputs: Index, buyers: Index) -> Array:
        block, p, j = self._at(inputs, buyers)
        return np.asarray(self.old[block, p, 1, j][:, None])

    def set_orders(self, inputs: Index, buyers: Index, orders: Array) -> None:
        block, p, j = self._at(inputs, buyers)
        self.old[block, p, 1, j] = orders[:, 0]

    def add_stock(self, inputs: Index, buyers: Index, amount: Array) -> None:
        block, p, j = self._at(inputs, buyers)
        np.add.at(self.old[:, :, 0], (block, p, j), amount[:, 0])

    def stocks(self) -> Array:
        S, n = self.hold.shape
        return self.old[:, :, 0].transpose(1, 0, 2).reshape(S, -1)[:, :n, None].copy()
