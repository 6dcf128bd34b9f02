"""What firms hold, make and have ordered: the arrays that a day of the input-output model overwrites."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

import numpy as np

from geoecon.disruption import kernel
from geoecon.disruption.conduct import Conduct
from geoecon.disruption.economy import CRITICAL, IMPORTANT, Array, Economy
from geoecon.disruption.shocks import Edges, Index, Shocks

CHUNK = 800_000  # bytes of a block of intermediate results: it should stay in cache
WEIGHTING = {"capacity": kernel.CAPACITY, "fulfilment": kernel.FULFILMENT, "base": kernel.BASE}


class State(ABC):
    """The arrays of B scenarios that do not depend on how stocks and orders are stored; all (n, B), U (n, 2 B), U and
    what stocks allow in the precision of the economy's shares.

    A subclass holds stocks and orders by input and buyer: `Stores` for a batch, `tiles.Tiled` for one scenario.
    """

    def __init__(self, economy: Economy, conduct: Conduct, threads: int):
        n, B = economy.n, conduct.B
        self.economy, self.conduct, self.B, self.threads = economy, conduct, B, threads
        finite = np.isfinite(conduct.inventory_days)
        self.counted = finite.astype(float)
        self.restore = 1 / conduct.restoration_days
        self.days = np.where(finite, conduct.inventory_days, 0.0)
        self.ease = np.where(self.days > 0, 1 / np.where(self.days > 0, self.days * conduct.psi, 1), 0.0)
        self.hold = np.where(np.isfinite(economy.holds), economy.holds, 2 * kernel.NEVER)
        self.x = np.repeat(economy.output[:, None], B, axis=1)
        self.best = self.x.copy()
        self.d = np.repeat((economy.sales + economy.final_total)[:, None], B, axis=1)
        self.alpha, self.phi, self.v = np.ones((n, B)), np.ones((n, B)), np.ones((n, B))
        self.zeta, self.D = np.zeros((n, B)), np.zeros((n, B))
        self.kind = economy.shares.dtype
        self.U = np.zeros((n, 2 * B), self.kind)
        self.KA, self.KB = (self._allowed(rated) for rated in (CRITICAL, IMPORTANT))
        self.moves = (np.zeros if economy.behaviour.parity else np.ones)(B, self.kind)
        self.gaps = self.moves.copy()
        self.floor = -np.inf if economy.behaviour.parity else 0.0  # below which the peer lets stocks fall
        self.repeats = 0
        self.lost, self.ceiling = np.zeros((n, B)), np.full((n, B), np.inf)
        self.final = np.repeat(economy.final_total[:, None], B, axis=1)

    def _allowed(self, rated: int) -> Array:
        """(n, B) output that base stocks of the inputs in a class allow: whatever their days, use over ψ goes on."""
        economy = self.economy
        binds = (economy.criticality == rated) & (self.hold < kernel.NEVER)
        least = np.where(binds, economy.base_orders * np.where(binds, self.hold, 1), kernel.NEVER).min(axis=0)
        return np.asarray(np.minimum(least[:, None] / self.conduct.psi, kernel.NEVER), self.kind)

    @property
    def goal(self) -> Array:
        """(n, B) the production that stocks are held for."""
        return self.best if self.economy.behaviour.goal == "optimal" else self.x

    def hit(self, day: int, shocks: Shocks) -> None:
        """The shocks of the day: capacity lost, ceilings, changed final demand."""
        if len(shocks.loss_at):
            self.lost[shocks.loss_at] = shocks.loss[day]
        if len(shocks.ceiling_at):
            self.ceiling[shocks.ceiling_at] = shocks.ceiling[day]
        if len(at := shocks.demand_at):
            changed = np.maximum(self.economy.final_total[at, None] + shocks.demand[day], 0)
            self.d[at] += changed - self.final[at]
            self.final[at] = changed

    def produce(self, day: int) -> None:
        """Capacity, output and rationing."""
        economy, act, how = self.economy, self.economy.behaviour, self.conduct
        kernel.produce(
            0, economy.n, day, act.parity, WEIGHTING[act.weights], how.overproduction_max, how.overproduction_days,
            1 / how.switching_days, 1 / how.return_days, act.important_weight, economy.output, economy.released,
            self.lost, self.ceiling, self.d, self.KA, self.KB, self.v, self.alpha, self.zeta, self.x, self.best,
            self.phi, self.U,
        )  # fmt: skip

    def place(self, edges: Edges) -> None:
        """Demand of the next day from the orders just placed."""
        kernel.demand(self.economy.sales, self.D, self.v, self.final, edges.seller, edges.delta, self.d)

    def passes(self, pool: Executor | None) -> None:
        """Deliveries, stocks and new orders, repeated where the guessed switches of the peer's tolerance tests were
        wrong."""
        while not self._settled(self._pass(pool)):
            self.repeats += 1

    def _settled(self, away: Array) -> bool:
        if not self.economy.behaviour.parity:
            self._turn()
            return True
        moves, gaps = (away > kernel.ATOL).astype(float)
        if (moves == self.moves).all() and (gaps == self.gaps).all():
            self._turn()
            return True
        wrong = moves != self.moves  # the gap test depends on the stock update: settle that first
        self.gaps = np.where(wrong, self.gaps, gaps)
        self.moves = moves
        return False

    def share_out(self, pool: Executor | None, work: Callable[[int], Any]) -> None:
        """`work(0)` here and the other parts in the pool's threads."""
        others = [pool.submit(work, thread) for thread in range(1, self.threads)] if pool else []
        work(0)
        for other in others:
            other.result()

    @abstractmethod
    def _pass(self, pool: Executor | None) -> Array:
        """(2, B) how far the tests behind the switches are from their tolerance; sets D, KA, KB and what `_turn`
        makes the state of the next day."""

    @abstractmethod
    def _turn(self) -> None:
        """Makes what the last pass found the state of the next day."""

    @abstractmethod
    def orders(self, inputs: Index, buyers: Index) -> Array:
        """(k, B) orders of an input by a buyer, before they are split over suppliers."""

    @abstractmethod
    def set_orders(self, inputs: Index, buyers: Index, orders: Array) -> None:
        """Puts orders (k, B) of an input by a buyer in the place of its own."""

    @abstractmethod
    def add_stock(self, inputs: Index, buyers: Index, amount: Array) -> None:
        """Adds to stocks; a pair may stand several times."""

    @abstractmethod
    def stocks(self) -> Array:
        """(S, n, B)."""


class Stores(State):
    """Stocks and orders (S, n, B): each input's deliveries and orders are matrix products over the scenarios. In the
    peer's parity they are levels, else what is above the base."""

    def __init__(self, economy: Economy, conduct: Conduct, threads: int):
        super().__init__(economy, conduct, threads)
        n, S, B = economy.n, len(economy.sectors), self.B
        two = economy.behaviour.parity
        self.base = economy.base_orders[:, :, None].astype(float)
        self.C, self.stock = np.zeros((S, n, B), self.kind), np.zeros((S, n, B), self.kind)
        if two:
            self.C += self.base
            self.stock += self.C * self.days[:, None]
            self.base = np.zeros_like(self.base)
        self.C_out = np.empty_like(self.C) if two else self.C
        self.stock_out = np.empty_like(self.stock) if two else self.stock
        most = max(1, CHUNK // (3 * B * self.kind.itemsize))  # rows of intermediate results
        self.width = min(n, most) if threads == 1 else min(most, -(-n // threads))
        group = max(1, min(S, most // self.width))
        self.S12 = np.empty((threads, group, self.width, 2 * B), self.kind)
        self.Cn = np.empty((threads, group, self.width, B), self.kind)
        self.parts = np.empty((threads, S, n // S, B), self.kind)
        self.rates = [
            np.asarray(one, self.kind) for one in (self.hold, self.days, self.restore, self.counted, self.ease)
        ]

    def _pass(self, pool: Executor | None) -> Array:
        away = np.zeros((self.threads, 2, self.B))
        self.KA[:] = self.KB[:] = kernel.NEVER
        base, made = self.economy.output[:, None], (self.x, self.goal)
        if not self.economy.behaviour.parity:
            made = np.asarray(self.x - base, self.kind), np.asarray(self.goal - base, self.kind)
        self.share_out(pool, lambda thread: self._buyers(thread, away[thread], made))
        self.parts.sum(axis=0, out=self.D.reshape(self.parts.shape[1:]))
        return np.asarray(away.max(axis=0))

    def _buyers(self, thread: int, away: Array, made: tuple[Array, Array]) -> None:
        """Some of the buyers and every input: one product for deliveries and weights, one for the new orders. `made`
        is output and the production that stocks are held for, as levels or above the base, as stocks are."""
        economy, B, n = self.economy, self.B, self.economy.n
        S, R, _ = economy.shares.shape
        hold, days, restore, counted, ease = self.rates
        quick, moves = restore * self.gaps, counted * self.moves
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
                if not economy.behaviour.parity:
                    kernel.restock_in_place(
                        first, lo, economy.coefficients, economy.base_orders, hold, economy.criticality, days, quick,
                        moves, ease, *made, S12, self.stock, self.C, Cn, self.KA, self.KB,
                    )  # fmt: skip
                    D[first:last] += np.matmul(W, Cn)
                    continue
                kernel.restock(
                    first, lo, economy.behaviour.parity, economy.coefficients, economy.base_orders, hold,
                    economy.criticality, days, quick, moves, ease, self.floor, *made, S12,
                    self.stock, self.C, self.stock_out, self.C_out, Cn, self.KA, self.KB, away,
                )  # fmt: skip
                D[first:last] += np.matmul(W, Cn)

    def _turn(self) -> None:
        self.stock, self.stock_out = self.stock_out, self.stock
        self.C, self.C_out = self.C_out, self.C

    def orders(self, inputs: Index, buyers: Index) -> Array:
        return np.asarray(self.C[inputs, buyers] + self.base[inputs, buyers])

    def set_orders(self, inputs: Index, buyers: Index, orders: Array) -> None:
        self.C[inputs, buyers] = orders - self.base[inputs, buyers]

    def add_stock(self, inputs: Index, buyers: Index, amount: Array) -> None:
        np.add.at(self.stock, (inputs, buyers), amount)

    def stocks(self) -> Array:
        return np.asarray(self.stock + self.base * self.days[:, None])
