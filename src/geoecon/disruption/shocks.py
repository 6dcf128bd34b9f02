"""What hits the economy by day and scenario, and the caps on single flows as the kernel wants them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoecon.disruption.caps import cap_orders
from geoecon.disruption.economy import Array, Economy
from geoecon.errors import InputError

if TYPE_CHECKING:
    from geoecon.disruption.day import State

Index = NDArray[np.int64]


def _none(*shape: int) -> Array:
    return np.zeros(shape)


@dataclass(frozen=True, eq=False)
class Shocks:
    """What hits the economy, day by day, in B scenarios. Industries by our number (`Economy.index`).

    `loss` (T, k, B) of capacity at `loss_at`; `ceiling` (T, k, B) on output as a share of base at `ceiling_at`, which
    acts after overproduction; `demand` (T, k, B) added to final demand a day at `demand_at`; `cap` (T, e, B) on the
    base flow of the edges `seller` → `buyer` (one: no cap), and `switch` (T, e, B) the share of the surplus that can
    be ordered from others at once; the rest leaves a hole in the buyer's stock that others are not asked to fill.
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
            ("cap", self.seller, 0.0, np.inf),
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

    def acting(self) -> NDArray[np.bool_]:
        """(B,) scenarios in which something hits the economy on some day."""
        acts = np.zeros(self.scenarios, bool)
        for values, at in ((self.loss > 0, self.loss_at), (self.ceiling < np.inf, self.ceiling_at),
                           (self.demand != 0, self.demand_at), (self.cap < 1, self.seller)):  # fmt: skip
            if len(at):
                acts |= values.any(axis=(0, 1))
        return acts

    def only(self, rows: slice | NDArray[np.int64]) -> Shocks:
        """The same shocks for some of the scenarios."""
        given = {name: getattr(self, name) for name in ("loss", "ceiling", "demand", "cap", "switch")}
        few = {name: values[..., rows] for name, values in given.items() if values.size}
        n = len(np.arange(self.scenarios)[rows])
        keep = {name: getattr(self, name) for name in ("loss_at", "ceiling_at", "demand_at", "seller", "buyer")}
        return Shocks(self.days, n, **keep, **few)


class Edges:
    """Caps on single flows, sorted for the kernel."""

    def __init__(self, economy: Economy, shocks: Shocks):
        R = len(economy.regions)
        order = np.lexsort((shocks.buyer, shocks.seller // R))
        self.order = order
        self.seller, self.buyer = shocks.seller[order], shocks.buyer[order]
        self.inputs = self.seller // R
        at = economy.shares[self.inputs, self.seller % R, self.buyer] if len(order) else _none(0)
        flow = at * economy.base_orders[self.inputs, self.buyer] if len(order) else _none(0)
        pairs = list(zip(self.inputs.tolist(), self.buyer.tolist(), strict=True))
        starts = [k for k in range(len(pairs)) if k == 0 or pairs[k] != pairs[k - 1]]
        self.groups = np.array([*starts, len(pairs)], np.int64)
        self.capped = self.groups, self.inputs, self.buyer, self.seller, at, flow
        self.delta = np.zeros((len(order), shocks.scenarios))
        self.hole = np.zeros((len(order), shocks.scenarios))
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
            pairs = self.inputs[self.groups[:-1]], self.buyer[self.groups[:-1]]
            orders = state.orders(*pairs)
            cap_orders(
                self.capped, self.cap, self.switch, economy.shares, economy.coefficients, economy.base_orders,
                state.restore, state.x, state.v, orders, state.D, self.hole, self.delta,
            )  # fmt: skip
            state.set_orders(*pairs, orders)

    def deliver(self, state: State) -> None:
        """What the caps keep back from the deliveries of the day."""
        if len(self.order):
            state.add_stock(self.inputs, self.buyer, self.delta * state.phi[self.seller])
