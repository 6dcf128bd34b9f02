"""The day loop of the input-output model: shocks in, output by day out, one scenario or many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from geoecon.disruption import kernel
from geoecon.disruption.blas import single_thread
from geoecon.disruption.economy import CRITICAL, IMPORTANT, Array, Economy
from geoecon.disruption.progress import bar
from geoecon.disruption.shocks import Edges, Shocks
from geoecon.disruption.tiles import one_scenario
from geoecon.errors import InputError

TOGETHER = 50_000  # industries times scenarios from which threads pay for their waiting
LARGE = 200  # industries from which a single scenario goes by tiles
CHUNK = 6_000_000  # bytes of a block of intermediate results: it should stay in cache
WEIGHTING = {"capacity": kernel.CAPACITY, "fulfilment": kernel.FULFILMENT, "base": kernel.BASE}


@dataclass(frozen=True, eq=False)
class Course:
    """What happened, by day: region sums for every scenario, and output of the industries that were asked for."""

    output: Array  # (T, R, B) a day
    value_added: Array  # (T, R, B)
    unmet: Array  # (T, R, B) final demand not met, by consuming region
    kept: Array  # (T, k, B) output of industries `keep`
    stocks: Array  # (S, n, B) on the last day
    orders: Array  # (n, B) demand standing at the end
    repeats: int = 0
    unmet_by_sector: Array | None = None  # (T, S, R) of one scenario, by sector of the good and consuming region


class State:
    """The arrays that a day overwrites."""

    def __init__(self, economy: Economy, B: int):
        n, S = economy.n, len(economy.sectors)
        self.economy, self.B = economy, B
        self.finite = np.isfinite(economy.inventory)
        self.counted = self.finite.astype(float)
        self.restore = 1 / economy.restoration
        self.days = np.where(self.finite, economy.inventory, 0.0)
        self.limit = np.where(np.isfinite(economy.limits), economy.limits, 2 * kernel.NEVER)
        self.x = np.repeat(economy.output[:, None], B, axis=1)
        self.best = self.x.copy()
        self.d = np.repeat((economy.sales + economy.final_total)[:, None], B, axis=1)
        self.alpha = np.ones((n, B))
        self.zeta = np.zeros((n, B))
        self.phi = np.ones((n, B))
        self.v = np.ones((n, B))
        self.U = np.zeros((n, 2 * B))
        self.C = np.repeat(economy.base_orders[:, :, None], B, axis=2)
        self.stock = self.C * self.days[:, None, None]
        two = economy.behaviour.parity
        self.C_out = np.empty_like(self.C) if two else self.C
        self.stock_out = np.empty_like(self.stock) if two else self.stock
        self.threads = threads_for(n * B if B > 1 else n * n // 40)
        self.KA, self.KB = (self._allowed(rated) for rated in (CRITICAL, IMPORTANT))
        self.D = np.zeros((n, B))
        self.moves = np.zeros(B) if two else np.ones(B)
        self.gaps = self.moves.copy()
        self.group = max(1, min(S, CHUNK // (n * 3 * B * 8)))
        self.repeats = 0
        self.lost, self.ceiling = np.zeros((n, B)), np.full((n, B), np.inf)
        self.final = np.repeat(economy.final_total[:, None], B, axis=1)

    def _allowed(self, rated: int) -> Array:
        """(threads, n, B) output that base stocks of the inputs in a class allow."""
        economy = self.economy
        binds = (economy.criticality == rated) & (self.limit < kernel.NEVER)
        stock = economy.base_orders * self.days[:, None]
        least = np.where(binds, stock * np.where(binds, self.limit, 1), kernel.NEVER).min(axis=0)
        return np.broadcast_to(least[None, :, None], (self.threads, economy.n, self.B)).copy()

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
        economy, act = self.economy, self.economy.behaviour
        kernel.produce(
            0, economy.n, day, act.parity, WEIGHTING[act.weights], act.overproduction_max, act.overproduction_days,
            1 / act.switching_days, 1 / act.return_days, act.important_weight, economy.output, economy.released,
            self.lost, self.ceiling, self.d, self.KA[0], self.KB[0], self.v, self.alpha, self.zeta, self.x, self.best,
            self.phi, self.U,
        )  # fmt: skip

    def place(self, edges: Edges) -> None:
        """Demand of the next day from the orders just placed."""
        kernel.demand(self.economy.sales, self.D, self.v, self.final, edges.seller, edges.delta, self.d)

    def passes(self, pool: Executor | None) -> None:
        """Deliveries, stocks and new orders of every scenario, a share of the inputs for each thread."""
        S, B = len(self.economy.sectors), self.B
        threads = self.threads if pool else 1
        while True:
            self.KA[:], self.KB[:] = kernel.NEVER, kernel.NEVER
            away = np.zeros((threads, 2, B))
            groups = [range(S * k // threads, S * (k + 1) // threads) for k in range(threads)]
            work = partial(self._inputs, away=away)
            list(pool.map(work, range(threads), groups) if pool else map(work, range(1), groups))
            if self.settled(away.max(axis=0)):
                np.minimum(self.KA[0], self.KA[1:].min(axis=0, initial=kernel.NEVER), out=self.KA[0])
                np.minimum(self.KB[0], self.KB[1:].min(axis=0, initial=kernel.NEVER), out=self.KB[0])
                return

    def _inputs(self, thread: int, mine: range, away: Array) -> None:
        """Some of the inputs: one product for deliveries and weights, one for the new orders."""
        economy, B, n = self.economy, self.B, self.economy.n
        R = len(economy.regions)
        goal = self.best if economy.behaviour.goal == "optimal" else self.x
        U, D = self.U.reshape(-1, R, 2 * B), self.D.reshape(-1, R, B)
        S12 = np.empty((self.group, n, 2 * B))
        Cn = np.empty((self.group, n, B))
        for first in range(mine.start, mine.stop, self.group):
            last = min(first + self.group, mine.stop)
            W, few = economy.shares[first:last], last - first
            np.matmul(W.transpose(0, 2, 1), U[first:last], out=S12[:few])
            kernel.restock(
                first, economy.behaviour.parity, economy.coefficients, economy.base_orders, self.limit, self.days,
                self.restore, self.counted, economy.criticality, self.x, goal, S12[:few], self.stock, self.C,
                self.stock_out, self.C_out, Cn[:few], self.KA[thread], self.KB[thread], self.moves, self.gaps,
                away[thread],
            )  # fmt: skip
            np.matmul(W, Cn[:few], out=D[first:last])

    def settled(self, away: Array) -> bool:
        """Whether the guessed switches of the peer's tolerance tests were right; else the pass is to be repeated."""
        if not self.economy.behaviour.parity:
            return True
        moves, gaps = (away > kernel.ATOL).astype(float)
        if (moves == self.moves).all() and (gaps == self.gaps).all():
            self.stock, self.stock_out = self.stock_out, self.stock
            self.C, self.C_out = self.C_out, self.C
            return True
        wrong = moves != self.moves  # the gap test depends on the stock update: settle that first
        self.gaps = np.where(wrong, self.gaps, gaps)
        self.moves = moves
        self.repeats += 1
        return False


def threads_for(size: int) -> int:
    import numba

    return int(numba.get_num_threads()) if size >= TOGETHER else 1


def run(
    economy: Economy,
    shocks: Shocks,
    *,
    keep: Sequence[int] | None = None,
    rebuilding: Any = None,
    preview: bool = False,
    detail: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Course:
    """The economy under the shocks, day by day. Hallegatte 2008, 2014; Juhel (BoARIO) for the order of steps.

    `keep`: industries (our numbers) whose output is kept for every scenario, None: all of them. `preview` stores the
    shares of a large table in single precision (errors up to 1e-6 of output). `detail` keeps unmet final demand by
    sector for a single scenario. `progress` is told the part done; by
    default a bar appears on a terminal when a run takes more than two seconds. Raises InputError where an industry
    number does not exist.
    """
    for name in ("loss_at", "ceiling_at", "demand_at", "seller", "buyer"):
        at = getattr(shocks, name)
        if len(at) and not (at.min() >= 0 and at.max() < economy.n):
            raise InputError(f"{name} {at.max()}; allowed: numbers of industries from 0 to {economy.n - 1}")
    B = shocks.scenarios
    state, edges = State(economy, B), Edges(economy, shocks)
    W = economy.tiles(preview) if B == 1 and economy.n >= LARGE else None
    record = _Record(economy, shocks, keep, detail and B == 1)
    several = W is None and state.threads > 1
    with (
        single_thread(),
        ThreadPoolExecutor(state.threads) if several else nullcontext() as pool,
        bar(progress) as tell,
    ):
        edges.on(0)
        if len(edges.order):  # the orders that stand on the first day
            edges.limit(economy, state)
            state.place(edges)
        for day in range(shocks.days):
            state.hit(day, shocks)
            if rebuilding is not None:
                rebuilding.begin(day, state, state.lost)
            state.produce(day)
            record.day(day, state)
            if rebuilding is not None:
                rebuilding.end(state)
            edges.deliver(state)
            edges.on(day + 1)
            if W is None:
                state.passes(pool)
            else:
                one_scenario(state, W, pool)
            edges.limit(economy, state)
            state.place(edges)
            tell((day + 1) / shocks.days)
    return Course(
        record.output, record.value_added, record.unmet, record.kept, state.stock, state.d, state.repeats,
        record.by_sector,
    )  # fmt: skip


class _Record:
    """What is kept of each day."""

    def __init__(self, economy: Economy, shocks: Shocks, keep: Sequence[int] | None, detail: bool):
        T, B, n = shocks.days, shocks.scenarios, economy.n
        R, S = economy.size
        self.chosen = np.arange(n) if keep is None else np.asarray(keep, np.int64)
        self.rate = np.divide(economy.value_added, economy.output, out=np.zeros(n), where=economy.output > 0)[:, None]
        total = economy.final_total[:, None]
        self.consumer = np.divide(economy.final, total, out=np.zeros((n, R)), where=total > 0).T
        self.output, self.value_added, self.unmet = (np.empty((T, R, B)) for _ in range(3))
        self.kept = np.empty((T, len(self.chosen), B))
        self.shape = (S, R, B)
        self.by_sector = np.empty((T, S, R)) if detail else None

    def day(self, day: int, state: State) -> None:
        self.kept[day] = state.x[self.chosen]
        self.output[day] = state.x.reshape(self.shape).sum(axis=0)
        self.value_added[day] = (state.x * self.rate).reshape(self.shape).sum(axis=0)
        missing = (1 - state.phi) * state.final
        self.unmet[day] = self.consumer @ missing
        if self.by_sector is not None:
            parts = self.consumer * missing[:, 0]
            self.by_sector[day] = parts.reshape(len(parts), *self.shape[:2]).sum(axis=2).T
