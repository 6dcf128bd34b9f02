"""Events that take capacity away: losses with a recovery, capital destroyed, capital destroyed and rebuilt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoecon.dates import YEAR
from geoecon.disruption.economy import Array, Economy
from geoecon.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoecon.disruption.day import State


Index = NDArray[np.int64]
Industry = tuple[str, str]
KINDS = ("capacity", "capital", "rebuild")
CAPITAL_RATIO = 4.0  # capital over value added, Hallegatte 2008
DIGITS_CAPACITY, DIGITS_MONEY = 6, 7  # to which the peer rounds what is left of a loss


def linear(left: Array | float, day: Array, days: float) -> Array:
    return left * np.clip(1 - day / days, 0, None)


def convex(left: Array | float, day: Array, days: float, power: float = 4) -> Array:
    """Exponential; with power 4 more than 95 % is back after `days`, with 1 as fast as rebuilding."""
    return np.asarray(left * (1 - 1 / days) ** (power * day))


def s_shaped(left: Array | float, day: Array, days: float) -> Array:
    """Logistic in the logarithm of time: half after days / 2, nearly all after `days` (Juhel et al., "concave")."""
    steep = 1e-6
    exponent = (np.log(days) - np.log(steep)) / (np.log(days) - np.log(2))
    return np.asarray(left * days / (days + steep * day**exponent))


RECOVERY: Mapping[str, Callable[[Array | float, Array, float], Array]] = {
    "none": lambda left, day, _: np.asarray(left * (day < 0), float),
    "linear": linear,
    "convex": convex,
    "convex unscaled": lambda left, day, days: convex(left, day, days, 1),
    "s-shaped": s_shaped,
}


@dataclass(frozen=True)
class Event:
    """A loss at industries (region, sector) from day `start` for `duration` days, then a recovery.

    kind "capacity": `impact` is the share of capacity lost. "capital": capital destroyed, in the table's unit; it
    comes back by itself. "rebuild": as "capital", but it comes back as `sectors` (shares that sum to one) deliver
    it, demanded over `recovery_days`; `households` {region: amount} is demanded as well and holds nobody up.
    Recovery after `duration`: none (back at once), linear, convex, convex unscaled, s-shaped.
    """

    name: str
    impact: Mapping[Industry, float]
    start: int
    duration: int
    kind: str = "capacity"
    recovery: str = "none"
    recovery_days: float = 0
    sectors: Mapping[str, float] = field(default_factory=dict)
    factor: float = 1.0
    households: Mapping[str, float] = field(default_factory=dict)
    digits: int = DIGITS_MONEY  # to which the peer rounds capital (parity only)

    def __post_init__(self) -> None:
        faults = []
        if self.kind not in KINDS:
            faults.append(f"event {self.name}: kind {self.kind!r}; allowed: {', '.join(KINDS)}")
        if self.recovery not in RECOVERY:
            faults.append(f"event {self.name}: recovery {self.recovery!r}; allowed: {', '.join(RECOVERY)}")
        if not self.impact:
            faults.append(f"event {self.name}: no industry; allowed: at least one")
        for industry, value in self.impact.items():
            high = 1 if self.kind == "capacity" else np.inf
            if not 0 <= value <= high:
                faults.append(f"event {self.name}, {'/'.join(industry)}: loss {value:g}; allowed: 0 to {high:g}")
        if self.start < 0 or self.duration < 1:
            end = self.start + self.duration
            faults.append(f"event {self.name}: start {self.start}, end {end}; allowed: a start from 0, an end after it")
        if (self.recovery != "none" or self.kind == "rebuild") and self.recovery_days < 1:
            faults.append(f"event {self.name}: recovery_days {self.recovery_days:g}; allowed: a number from 1")
        if self.kind == "rebuild" and abs(sum(self.sectors.values()) - 1) > 1e-8:
            faults.append(f"event {self.name}: rebuilding shares sum to {sum(self.sectors.values()):g}; allowed: 1")
        if faults:
            raise InputError(faults)


@dataclass(frozen=True, eq=False)
class Losses:
    """Capacity lost by day: `loss` (T, k) at industries `at`, with the rule for what overlaps, in words."""

    at: Index
    loss: Array
    notes: tuple[str, ...]


def capital_of(economy: Economy, events: Sequence[Event], capital: Array | None = None) -> Array:
    """(n,) capital in our order: as given in the table's order, else four times value added (Hallegatte 2008).

    Raises InputError where an event destroys the capital of an industry whose value added is not positive.
    """
    if capital is not None:
        return np.asarray(capital, float)[economy.order]
    found = CAPITAL_RATIO * np.clip(economy.value_added, 0, None) * YEAR
    hit = {economy.index(*industry) for event in events if event.kind != "capacity" for industry in event.impact}
    faults = [
        f"{economy.labels[i]}: value added {economy.value_added[i] * YEAR:g}, so no capital can be derived; "
        "allowed: give its capital stock, or a capacity loss (a share)"
        for i in sorted(hit)
        if economy.value_added[i] <= 0
    ]
    if faults:
        raise InputError(faults)
    return found


def losses(economy: Economy, events: Sequence[Event], days: int, capital: Array | None = None) -> Losses:
    """Capacity lost by events that do not depend on the economy ("capacity", "capital").

    Losses of one industry multiply: 0.7 and 0.6 leave 0.3 × 0.4. In parity mode the largest share counts, capital
    losses add up, and a "capacity" loss acts one day late, as in the peer. Raises InputError for an unknown
    industry, an event that starts after the horizon, or more capital destroyed than there is.
    """
    parity = economy.behaviour.parity
    faults: list[str] = []
    at: dict[int, int] = {}
    for event in events:
        if event.start >= days:
            faults.append(f"event {event.name}: starts on day {event.start}; allowed: a day before the horizon {days}")
        for industry in event.impact:
            try:
                at.setdefault(economy.index(*industry), len(at))
            except InputError as error:
                faults.append(f"event {event.name}: {error}")
    if faults:
        raise InputError(faults)
    stock = capital_of(economy, events, capital)
    lost = np.zeros((len(events), days, len(at)))
    for e, event in enumerate(events):
        for industry, value in event.impact.items():
            i = economy.index(*industry)
            whole = 1.0 if event.kind == "capacity" else stock[i]
            lost[e, :, at[i]] = _left(event, value, days, parity) / whole
    of_capital = np.array([event.kind == "capital" for event in events], bool)
    destroyed = lost[of_capital].sum(axis=0)
    names = list(at)
    for t, k in np.argwhere(destroyed > 1)[:1]:
        raise InputError(
            f"{economy.labels[names[k]]}: capital destroyed is {destroyed[t, k]:.3g} times its capital on day {t}; "
            "allowed: at most all of it"
        )
    largest = np.maximum(destroyed, lost[~of_capital].max(axis=0, initial=0))
    total = largest if parity else 1 - np.prod(1 - lost, axis=0)
    return Losses(np.array(names, np.int64), total, _overlaps(economy, events, lost, names, parity))


def _left(event: Event, value: float, days: int, parity: bool) -> Array:
    """(T,) what is lost on each day."""
    day = np.arange(days, dtype=float)
    if not parity:
        since = day - event.start - event.duration
        # the first day after the event is the first of the recovery: five days take five
        rest = RECOVERY[event.recovery](value, np.clip(since + 1, 0, None), max(event.recovery_days, 1))
        rest = np.where(since < 0, value, 0 if event.recovery == "none" else rest)
        return np.where(day < event.start, 0.0, rest)
    late = 1 if event.kind == "capacity" else 0  # refreshed after the total has been taken
    since = day - 1 - late - event.start - event.duration
    rest = RECOVERY[event.recovery](value, np.clip(since, 0, None), max(event.recovery_days, 1))
    rest = np.round(rest, DIGITS_CAPACITY if event.kind == "capacity" else event.digits)
    return np.where(day < event.start + late, 0.0, np.where(since < 0, value, rest))


def _overlaps(
    economy: Economy, events: Sequence[Event], lost: Array, names: list[int], parity: bool
) -> tuple[str, ...]:
    rule = "the largest loss counts" if parity else "what is left multiplies"
    notes = []
    for k, i in enumerate(names):
        both = (lost[:, :, k] > 0).sum(axis=0) > 1
        if both.any():
            days = np.flatnonzero(both)
            who = [event.name for event, path in zip(events, lost[:, :, k], strict=True) if (path[both] > 0).any()]
            notes.append(
                f"{economy.labels[i]}, days {days[0]} to {days[-1]}: {' and '.join(sorted(who))} overlap "
                f"(losses sum to {lost[:, days, k].sum(axis=0).max():.3g}); {rule}"
            )
    return tuple(notes)


class Rebuilding:
    """Capital that comes back as other industries deliver it; its demand is part of the economy's.

    `events[b]` are the rebuilding events of scenario b; `fixed` (T, k) at `at` what other events take away.
    """

    def __init__(
        self, economy: Economy, events: Sequence[Sequence[Event]], fixed: Losses, capital: Array | None = None
    ):
        flat = [event for each in events for event in each]
        self.economy, self.fixed = economy, fixed
        self.capital = capital_of(economy, flat, capital)
        self.sites = [[_Site(economy, event) for event in each] for each in events]
        self.delivered = np.zeros(len(self.sites))

    def begin(self, day: int, state: State, lost: Array) -> None:
        """Capacity lost and demand for rebuilding on this day."""
        parity = self.economy.behaviour.parity
        other = self.fixed.loss[day] if len(self.fixed.at) else np.zeros(0)
        for b, sites in enumerate(self.sites):
            gone = np.zeros(self.economy.n)
            for site in sites:
                site.start(day)
                if site.status in ("happening", "rebuilding"):
                    gone[site.hit] += site.damage
            share = np.divide(gone, self.capital, out=np.zeros_like(gone), where=self.capital > 0)
            if (share > 1).any():
                i = int(share.argmax())
                raise InputError(f"{self.economy.labels[i]}: more capital destroyed than there is; allowed: all of it")
            lost[:, b] = share
            if len(self.fixed.at):
                mine = share[self.fixed.at]
                lost[self.fixed.at, b] = np.maximum(other, mine) if parity else 1 - (1 - other) * (1 - mine)
            if any(site.status == "rebuilding" for site in sites):
                for site in sites:
                    site.ask()
            for site in sites:
                if site.status in ("rebuilding", "finished"):
                    np.add.at(state.d[:, b], site.rows, site.asked.sum(axis=1))

    def end(self, state: State) -> None:
        """What was delivered to rebuilding, before new orders are placed."""
        for b, sites in enumerate(self.sites):
            for site in sites:
                if site.status in ("rebuilding", "finished"):
                    got = site.receive(state.phi[site.rows, b], self.economy.behaviour.parity)
                    self.delivered[b] += got.sum()
                    np.subtract.at(state.d[:, b], site.rows, got)
        if self.economy.behaviour.parity:  # the peer sets the goal of stocks after rebuilding has been served
            np.minimum(state.best, state.d, out=state.best)


class _Site:
    """One rebuilding event: what is still to be delivered, by rebuilding industry (rows) and owner (columns)."""

    def __init__(self, economy: Economy, event: Event):
        R = len(economy.regions)
        self.event = event
        self.status = "pending"
        self.hit = np.array([economy.index(*industry) for industry in event.impact], np.int64)
        self.damage = np.array(list(event.impact.values()), float)
        sectors = [economy.sectors.index(name) for name in event.sectors if name in economy.sectors]
        if len(sectors) != len(event.sectors):
            raise InputError(f"event {event.name}: a rebuilding sector is not in the table; allowed: {economy.sectors}")
        self.rows = np.concatenate([np.arange(R) + s * R for s in sectors])
        share = np.repeat(list(event.sectors.values()), R)
        homes = [economy.regions.index(region) for region in event.households]
        table = economy.final[:, homes]
        whole = table.reshape(len(economy.sectors), R, len(homes)).sum(axis=1)[sectors].repeat(R, axis=0)
        house = np.divide(table[self.rows], whole, out=np.zeros_like(whole), where=whole > 0)
        firm = np.concatenate([economy.shares[s][:, self.hit] for s in sectors])
        lost = np.concatenate([self.damage, np.array(list(event.households.values()), float)])
        self.left = event.factor * share[:, None] * np.concatenate([firm, house], axis=1) * lost
        self.asked = np.zeros_like(self.left)

    def start(self, day: int) -> None:
        if self.status == "pending" and day >= self.event.start:
            self.status = "happening"
        if self.status == "happening" and day >= self.event.start + self.event.duration:
            self.status = "rebuilding"

    def ask(self) -> None:
        if self.status == "rebuilding":
            self.asked = self.left / self.event.recovery_days

    def receive(self, phi: Array, parity: bool) -> Array:
        got = self.asked * phi[:, None]
        self.asked = self.asked - got
        if self.status == "rebuilding":
            left = np.round(self.left - got, self.event.digits) if parity else self.left - got
            self.left = np.clip(left, 0, None)
            if not parity:
                self.left[self.left < 1e-12 * max(self.damage.sum(), 1e-300)] = 0
            firms = len(self.hit)
            self.damage = self.left[:, :firms].sum(axis=0) / self.event.factor
            if not self.left.any():
                self.status = "finished"
                self.asked = self.asked if parity else np.zeros_like(self.asked)
        return np.asarray(got.sum(axis=1))
