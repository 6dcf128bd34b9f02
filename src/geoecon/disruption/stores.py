"""Stocks and orders of a batch of scenarios: each input's deliveries and orders are matrix products over them."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import TYPE_CHECKING

import numpy as np

from geoecon.compiled import FAST, njit
from geoecon.disruption.conduct import Conduct
from geoecon.disruption.day import State
from geoecon.disruption.economy import Array, Economy

# numba keeps the values below with the code of this file: where one of them changes there, change this file too
from geoecon.disruption.kernel import FEW, NEVER, RTOL
from geoecon.disruption.shocks import Index

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK = 800_000  # bytes of a block of intermediate results: it should stay in cache


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True)
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


class Stores(State):
    """Stocks and orders (S, n, B): each input's deliveries and orders are matrix products over the scenarios."""

    def __init__(self, economy: Economy, conduct: Conduct, threads: int):
        super().__init__(economy, conduct, threads)
        n, S, B = economy.n, len(economy.sectors), self.B
        self.C = np.repeat(economy.base_orders[:, :, None], B, axis=2)
        self.stock = self.C * self.days[:, None]
        two = economy.behaviour.parity
        self.C_out = np.empty_like(self.C) if two else self.C
        self.stock_out = np.empty_like(self.stock) if two else self.stock
        most = max(1, CHUNK // (3 * B * 8))  # rows of intermediate results
        self.width = min(n, most) if threads == 1 else min(most, -(-n // threads))
        group = max(1, min(S, most // self.width))
        self.S12, self.Cn = np.empty((threads, group, self.width, 2 * B)), np.empty((threads, group, self.width, B))
        self.parts = np.empty((threads, S, n // S, B))

    def _pass(self, pool: Executor | None) -> Array:
        away = np.zeros((self.threads, 2, self.B))
        self.KA[:] = self.KB[:] = NEVER
        self.share_out(pool, lambda thread: self._buyers(thread, away[thread]))
        self.parts.sum(axis=0, out=self.D.reshape(self.parts.shape[1:]))
        return np.asarray(away.max(axis=0))

    def _buyers(self, thread: int, away: Array) -> None:
        """Some of the buyers and every input: one product for deliveries and weights, one for the new orders."""
        economy, B, n = self.economy, self.B, self.economy.n
        S, R, _ = economy.shares.shape
        quick, moves = self.restore * self.gaps, self.counted * self.moves
        U, D = self.U.reshape(S, R, 2 * B), self.parts[thread]
        D[:] = 0.0
        group = self.S12.shape[1]
        for lo in range(n * thread // self.threads, end := n * (thread + 1) // self.threads, self.width):
            hi = min(lo + self.width, end)
            for first in range(0, S, group):
                last = min(first + group, S)
                W = economy.shares[first:last, :, lo:hi]
                S12, Cn = self.S12[thread, : last - first, : hi - lo], self.Cn[thread, : last - first, : hi - lo]
                np.matmul(W.transpose(0, 2, 1), U[first:last], out=S12)
                restock(
                    first, lo, economy.behaviour.parity, economy.coefficients, economy.base_orders, self.hold,
                    economy.criticality, self.days, quick, moves, self.ease, self.floor, self.x, self.goal, S12,
                    self.stock, self.C, self.stock_out, self.C_out, Cn, self.KA, self.KB, away,
                )  # fmt: skip
                D[first:last] += np.matmul(W, Cn)

    def _turn(self) -> None:
        self.stock, self.stock_out = self.stock_out, self.stock
        self.C, self.C_out = self.C_out, self.C

    def orders(self, inputs: Index, buyers: Index) -> Array:
        return np.asarray(self.C[inputs, buyers])

    def set_orders(self, inputs: Index, buyers: Index, orders: Array) -> None:
        self.C[inputs, buyers] = orders

    def add_stock(self, inputs: Index, buyers: Index, amount: Array) -> None:
        np.add.at(self.stock, (inputs, buyers), amount)

    def stocks(self) -> Array:
        return np.asarray(self.stock)
