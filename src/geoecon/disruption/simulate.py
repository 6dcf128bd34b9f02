"""The day loop of the input-output model: shocks in, output by day out, one scenario or many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoecon.disruption.blas import single_thread
from geoecon.disruption.conduct import Conduct
from geoecon.disruption.day import State
from geoecon.disruption.economy import Array, Economy
from geoecon.disruption.progress import bar
from geoecon.disruption.shocks import Edges, Shocks
from geoecon.disruption.stores import Stores
from geoecon.disruption.tiles import Tiled
from geoecon.errors import InputError

if TYPE_CHECKING:
    from geoecon.disruption.events import Rebuilding


TOGETHER = 50_000  # industries times scenarios from which threads pay for their waiting
TOGETHER_DAYS = 64  # days times scenarios whose unmet demand is told apart by consumer in one product
LARGE = 200  # industries from which a single scenario goes by tiles


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


def threads_for(size: int) -> int:
    import numba

    return int(numba.get_num_threads()) if size >= TOGETHER else 1


def run(
    economy: Economy,
    shocks: Shocks,
    *,
    keep: Sequence[int] | None = None,
    conduct: Conduct | None = None,
    rebuilding: Rebuilding | None = None,
    preview: bool = False,
    detail: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Course:
    """The economy under the shocks, day by day. Hallegatte 2008, 2014; Juhel (BoARIO) for the order of steps.

    `keep`: industries (our numbers) whose output is kept for every scenario, None: all of them. `conduct`: how firms
    act in each scenario, None: as the economy's behaviour says. `preview` stores the
    shares of a large table in single precision (errors up to 1e-6 of output). `detail` keeps unmet final demand by
    sector for a single scenario. `progress` is told the part
    done; by default a bar appears on a terminal when a run takes more than two seconds. Raises InputError where an
    industry number does not exist.
    """
    for name in ("loss_at", "ceiling_at", "demand_at", "seller", "buyer"):
        at = getattr(shocks, name)
        if len(at) and not (at.min() >= 0 and at.max() < economy.n):
            raise InputError(f"{name} {at.max()}; allowed: numbers of industries from 0 to {economy.n - 1}")
    B = shocks.scenarios
    how = conduct or Conduct.of(economy, B)
    if how.B != B:
        raise InputError(f"conduct for {how.B} scenarios; allowed: {B}, as the shocks")
    n, edges = economy.n, Edges(economy, shocks)
    state: State = (
        Tiled(economy, how, threads_for(n * n // 10), preview)
        if B == 1 and n >= LARGE
        else Stores(economy, how, threads_for(n * B))
    )
    record = _Record(economy, shocks, keep, detail and B == 1)
    with (
        single_thread(),
        ThreadPoolExecutor(state.threads - 1) if state.threads > 1 else nullcontext() as pool,
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
            state.passes(pool)
            edges.limit(economy, state)
            state.place(edges)
            tell((day + 1) / shocks.days)
    return Course(
        record.output, record.value_added, record.unmet, record.kept, state.stocks(), state.d, state.repeats,
        record.by_sector,
    )  # fmt: skip


class _Record:
    """What is kept of each day."""

    def __init__(self, economy: Economy, shocks: Shocks, keep: Sequence[int] | None, detail: bool):
        T, B, n = shocks.days, shocks.scenarios, economy.n
        R, S = economy.size
        self.chosen = np.arange(n) if keep is None else np.asarray(keep, np.int64)
        self.rate, self.consumer = economy.added_share[:, None], economy.consumers
        self.base = economy.output[:, None]
        self.base_output = economy.output.reshape(S, R).sum(axis=0)[:, None]
        self.base_added = economy.base_value_added[:, None]
        self.output, self.value_added, self.unmet = (np.empty((T, R, B)) for _ in range(3))
        self.kept = np.empty((T, len(self.chosen), B))
        self.shape = (S, R, B)
        self.by_sector = np.empty((T, S, R)) if detail else None
        self.missing = np.empty((n, min(max(1, TOGETHER_DAYS // B), T), B))  # of the days since the last product

    def day(self, day: int, state: State) -> None:
        self.kept[day] = state.x[self.chosen]
        away = state.x - self.base  # what is lost, whose rounding error is that of the loss
        self.output[day] = self.base_output + away.reshape(self.shape).sum(axis=0)
        away *= self.rate
        self.value_added[day] = self.base_added + away.reshape(self.shape).sum(axis=0)
        missing = (1 - state.phi) * state.final
        R, place = len(self.consumer), day % self.missing.shape[1]
        self.missing[:, place] = missing
        if place + 1 == self.missing.shape[1] or day + 1 == len(self.unmet):  # one product for some days
            some = np.ascontiguousarray(self.missing[:, : place + 1]).reshape(len(missing), -1)
            self.unmet[day - place : day + 1] = (self.consumer @ some).reshape(R, place + 1, -1).transpose(1, 0, 2)
        if self.by_sector is not None:
            parts = self.consumer * missing[:, 0]
            self.by_sector[day] = parts.reshape(len(parts), *self.shape[:2]).sum(axis=2).T
