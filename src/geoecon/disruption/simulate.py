"""The day loop of the input-output model: shocks in, output by day out, one scenario or many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoecon.disruption import kernel
from geoecon.disruption.economy import Array, Economy
from geoecon.disruption.tiles import one_scenario
from geoecon.errors import InputError

Index = NDArray[np.int64]
TOGETHER = 50_000  # industries times scenarios from which threads pay for their waiting
LARGE = 200  # industries from which a single scenario goes by tiles
CHUNK = 6_000_000  # bytes of a block of intermediate results: it should stay in cache
WEIGHTING = {"capacity": kernel.CAPACITY, "fulfilment": kernel.FULFILMENT, "base": kernel.BASE}


def _none(*shape: int) -> Array:
    return np.zeros(shape)


@dataclass(frozen=True, eq=False)
class Shocks:
    """What hits the economy, day by day, in B scenarios. Industries by our number (`Economy.index`).

    `loss` (T, k, B) of capacity at `loss_at`; `ceiling` (T, k, B) on output as a share of base at `ceiling_at`, which
    acts after overproduction; `demand` (T, k, B) added to final demand a day at `demand_at`; `cap` (T, e, B) on the
    base flow of the edges `seller` → `buyer`, below one, and `switch` (T, e, B) the share of the surplus that can
    be ordered from others.
    """

    days: int
    scenarios: int = 1
    loss_at: Index = field(default_factory=lambda: np.zeros(0, np.int64))
    loss: Array = field(default_factory=lambda: _none(0, 0, 0))
    ceiling_at: Index = field(default_factory=lambda: np.zeros(0, np.int64))
    ceiling: Array = field(default_factory=lambda: _none(0, 0, 0))
    demand_at: Index = field(default_factory=lambda: np.zeros(0, np.int64))
    demand: Array = field(default_factory=lambda: _none(0, 0, 0))
    seller: Index = field(default_factory=lambda: np.zeros(0, np.int64))
    buyer: Index = field(default_factory=lambda: np.zeros(0, np.int64))
    cap: Array = field(default_factory=lambda: _none(0, 0, 0))
    switch: Array = field(default_factory=lambda: _none(0, 0, 0))

    def __post_init__(self) -> None:
        faults = []
        if self.days < 1 or self.scenarios < 1:
            faults.append(f"{self.days} days, {self.scenarios} scenarios; allowed: at least one of each")
        for name, at, low, high in (
            ("loss", self.loss_at, 0.0, 1.0),
            ("ceiling", self.ceiling_at, 0.0, np.inf),
            ("demand", self.demand_at, -np.inf, np.inf),
            ("cap", self.seller, 0.0, 1.0),
            ("switch", self.seller, 0.0, 1.0),
        ):
            values = getattr(self, name)
            if not len(at):
                continue
            if values.shape != (self.days, len(at), self.scenarios):
                faults.append(f"{name} has shape {values.shape}; allowed: {(self.days, len(at), self.scenarios)}")
            elif not ((values >= low) & (values <= high)).all():
                worst = values.min() if not (values >= low).all() else values.max()
                faults.append(f"{name} {worst:g}; allowed: {low:g} to {high:g}")
            if len(set(at.tolist())) != len(at) and name not in ("cap", "switch"):
                faults.append(f"{name}: an industry stands twice; allowed: once each")
        if len(self.seller) != len({*zip(self.seller.tolist(), self.buyer.tolist(), strict=True)}):
            faults.append("cap: an edge stands twice; allowed: once each")
        if faults:
            raise InputError(faults)

    def only(self, rows: slice) -> Shocks:
        """The same shocks for some of the scenarios."""
        few = {name: getattr(self, name)[..., rows] for name in ("loss", "ceiling", "demand", "cap", "switch")}
        n = len(range(self.scenarios)[rows])
        keep = {name: getattr(self, name) for name in ("loss_at", "ceiling_at", "demand_at", "seller", "buyer")}
        return Shocks(self.days, n, **keep, **few)


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
        binds = self.limit[:, :, None] < kernel.NEVER
        allowed = np.where(binds, self.stock * np.where(binds, self.limit[:, :, None], 1), np.inf)
        self.KA = self._least(allowed, economy.criticality == 2)
        self.KB = self._least(allowed, economy.criticality == 1)
        self.D = np.zeros((n, B))
        self.moves = np.zeros(B) if two else np.ones(B)
        self.gaps = self.moves.copy()
        self.group = max(1, min(S, CHUNK // (n * 3 * B * 8)))
        self.repeats = 0

    @staticmethod
    def _least(allowed: Array, which: NDArray[np.bool_]) -> Array:
        found: Array = np.where(which[:, :, None], allowed, kernel.NEVER).min(axis=0)
        return np.minimum(found, kernel.NEVER)

    def passes(self) -> None:
        """Deliveries, stocks and new orders of every scenario, input by input."""
        economy, B, n = self.economy, self.B, self.economy.n
        S, R = len(economy.sectors), len(economy.regions)
        goal = self.best if economy.behaviour.goal == "optimal" else self.x
        threads = threads_for(n * B)
        U = self.U.reshape(S, R, 2 * B)
        parity = economy.behaviour.parity
        while True:
            away = np.zeros((threads, 2, B))
            for first in range(0, S, self.group):
                last = min(first + self.group, S)
                W = economy.shares[first:last]
                S12 = np.matmul(W.transpose(0, 2, 1), U[first:last])
                Cn = np.empty((last - first, n, B))
                arrays = (
                    economy.coefficients, economy.base_orders, self.limit, self.days, self.restore, self.counted,
                    economy.criticality, self.x, goal, S12, self.stock, self.C, self.stock_out, self.C_out, Cn,
                    self.KA, self.KB, self.moves, self.gaps,
                )  # fmt: skip
                if threads == 1:
                    kernel.restock(0, n, first, parity, *arrays, away[0])
                else:
                    kernel.restock_together(threads, first, parity, *arrays, away)
                self.D.reshape(S, R, B)[first:last] = np.matmul(W, Cn)
            if self.settled(away.max(axis=0)):
                return

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


class Edges:
    """Caps on single flows, sorted for the kernel."""

    def __init__(self, economy: Economy, shocks: Shocks):
        R = len(economy.regions)
        order = np.lexsort((shocks.buyer, shocks.seller // R))
        self.order = order
        self.seller, self.buyer = shocks.seller[order], shocks.buyer[order]
        self.inputs = self.seller // R
        at = economy.shares[self.inputs, self.seller % R, self.buyer] if len(order) else _none(0)
        self.share = at
        self.flow = at * economy.base_orders[self.inputs, self.buyer] if len(order) else _none(0)
        pairs = list(zip(self.inputs.tolist(), self.buyer.tolist(), strict=True))
        starts = [k for k in range(len(pairs)) if k == 0 or pairs[k] != pairs[k - 1]]
        self.groups = np.array([*starts, len(pairs)], np.int64)
        self.delta = np.zeros((len(order), shocks.scenarios))
        self.shocks = shocks
        self.cap = self.switch = _none(0, 0)

    def on(self, day: int) -> None:
        """The caps under which orders for delivery on this day are placed."""
        if len(self.order):
            day = min(day, self.shocks.days - 1)
            self.cap = np.ascontiguousarray(self.shocks.cap[day][self.order])
            self.switch = np.ascontiguousarray(self.shocks.switch[day][self.order])

    def limit(self, economy: Economy, state: State) -> None:
        """Holds the orders that have just been placed to the caps."""
        if len(self.order):
            kernel.cap_orders(
                self.groups, self.inputs, self.buyer, self.seller, self.share, self.flow, self.cap, self.switch,
                economy.shares, state.v, state.C, state.D, self.delta,
            )  # fmt: skip

    def deliver(self, state: State) -> None:
        """What the caps keep back from the deliveries of the day."""
        if len(self.order):
            np.add.at(state.stock, (self.inputs, self.buyer), self.delta * state.phi[self.seller])


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
    progress: Callable[[float], None] | None = None,
) -> Course:
    """The economy under the shocks, day by day. Hallegatte 2008, 2014; Juhel et al. (BoARIO) for the order of steps.

    `keep`: industries (our numbers) whose output is kept for every scenario, None: all of them. `preview`
    stores the shares of a large table in single precision (errors up to 1e-6 of output, twice as fast). Raises InputError for
    an industry or edge that does not exist.
    """
    T, B = shocks.days, shocks.scenarios
    R, S, n = len(economy.regions), len(economy.sectors), economy.n
    act = economy.behaviour
    chosen = np.arange(n) if keep is None else np.asarray(keep, np.int64)
    state, edges = State(economy, B), Edges(economy, shocks)
    W = economy.tiles(preview) if B == 1 and n >= LARGE else None
    lost, ceiling = np.zeros((n, B)), np.full((n, B), np.inf)
    final = np.repeat(economy.final_total[:, None], B, axis=1)
    rate = np.divide(economy.value_added, economy.output, out=np.zeros(n), where=economy.output > 0)
    of_region = np.divide(economy.final, economy.final_total[:, None], out=np.zeros((n, R)),
                          where=economy.final_total[:, None] > 0)  # fmt: skip
    output, value_added, unmet = np.empty((T, R, B)), np.empty((T, R, B)), np.empty((T, R, B))
    kept = np.empty((T, len(chosen), B))
    edges.on(0)
    if len(edges.order):  # the orders that stand on the first day
        edges.limit(economy, state)
        kernel.demand(economy.sales, state.D, state.v, final, edges.seller, edges.delta, state.d)
    for day in range(T):
        if len(shocks.loss_at):
            lost[shocks.loss_at] = shocks.loss[day]
        if len(shocks.ceiling_at):
            ceiling[shocks.ceiling_at] = shocks.ceiling[day]
        if len(shocks.demand_at):
            change = np.maximum(economy.final_total[shocks.demand_at, None] + shocks.demand[day], 0)
            state.d[shocks.demand_at] += change - final[shocks.demand_at]
            final[shocks.demand_at] = change
        if rebuilding is not None:
            rebuilding.begin(day, state, lost)
        kernel.produce(
            0, n, day, act.parity, WEIGHTING[act.weights], act.overproduction_max, act.overproduction_days,
            1 / act.switching_days, 1 / act.return_days, act.important_weight, economy.output, economy.released, lost, ceiling, state.d,
            state.KA, state.KB, state.v, state.alpha, state.zeta, state.x, state.best, state.phi, state.U,
        )  # fmt: skip
        kept[day] = state.x[chosen]
        output[day] = state.x.reshape(S, R, B).sum(axis=0)
        value_added[day] = (state.x * rate[:, None]).reshape(S, R, B).sum(axis=0)
        unmet[day] = of_region.T @ ((1 - state.phi) * final)
        if rebuilding is not None:
            rebuilding.end(state)
        edges.deliver(state)
        edges.on(day + 1)
        if W is None:
            state.passes()
        else:
            one_scenario(state, W, threads_for(n * n))
        edges.limit(economy, state)
        kernel.demand(economy.sales, state.D, state.v, final, edges.seller, edges.delta, state.d)
        if progress:
            progress((day + 1) / T)
    return Course(output, value_added, unmet, kept, state.stock, state.d, state.repeats)
