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

WEIGHTING = {"capacity": 0, "fulfilment": 1, "base": 2}  # `weighting` of the kernels


def limits(economy: Economy) -> Array:
    """(S, n) `economy.holds` with a number beyond NEVER where an input never binds."""
    return np.where(np.isfinite(economy.holds), economy.holds, 2 * kernel.NEVER)


def at_base(economy: Economy, conduct: Conduct, rated: int) -> Array:
    """(n, B) output that base stocks of the inputs in a class allow: whatever their days, use over ψ goes on."""
    hold = limits(economy)
    binds = (economy.criticality == rated) & (hold < kernel.NEVER)
    least = np.where(binds, economy.base_orders * np.where(binds, hold, 1), kernel.NEVER).min(axis=0)
    return np.asarray(np.minimum(least[:, None] / conduct.psi, kernel.NEVER))


class State(ABC):
    """The arrays of B scenarios that do not depend on how stocks and orders are stored; all (n, B), U (n, 2 B).

    A subclass holds stocks and orders by input and buyer: `stores.Stores` for a batch, `tiles.Tiled` for one scenario.
    """

    def __init__(self, economy: Economy, conduct: Conduct, threads: int):
        n, B = economy.n, conduct.B
        self.economy, self.conduct, self.B, self.threads = economy, conduct, B, threads
        self.counted, self.days, self.ease = conduct.counted, conduct.days, conduct.ease
        self.restore = 1 / conduct.restoration_days
        self.hold = limits(economy)
        self.x = np.repeat(economy.output[:, None], B, axis=1)
        self.best = self.x.copy()
        self.d = np.repeat((economy.sales + economy.final_total)[:, None], B, axis=1)
        self.alpha, self.phi, self.v = np.ones((n, B)), np.ones((n, B)), np.ones((n, B))
        self.zeta, self.D = np.zeros((n, B)), np.zeros((n, B))
        self.U = np.zeros((n, 2 * B))
        self.KA, self.KB = (at_base(economy, conduct, rated) for rated in (CRITICAL, IMPORTANT))
        self.moves = (np.zeros if economy.behaviour.parity else np.ones)(B)
        self.gaps = self.moves.copy()
        self.floor = -np.inf if economy.behaviour.parity else 0.0  # below which the peer lets stocks fall
        self.repeats = 0
        self.lost, self.ceiling = np.zeros((n, B)), np.full((n, B), np.inf)
        self.final = np.repeat(economy.final_total[:, None], B, axis=1)

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
