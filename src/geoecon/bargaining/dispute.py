"""The game of a case: position on the first day, leaders and elections as known, losses, ties and rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from geoecon.bargaining.course import Calendar, Course, Election, course
from geoecon.bargaining.first_day import pressing_of
from geoecon.bargaining.game import LEVELS, PLAYERS, SENDER, TARGET, TYPES, Board, State, board
from geoecon.bargaining.payoffs import Array, Stakes, Ties, losses_in_gdp, stakes
from geoecon.bargaining.posterior import joint
from geoecon.case import Case
from geoecon.dates import MEAN_MONTH
from geoecon.dispute import LOSS_DIMS, NODES, day_of, month_of, salience_levels
from geoecon.draws import Draws
from geoecon.errors import Fault, InputError, MissingData

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import ArrayLike

    from geoecon.triangle import Triangle


SETTINGS = ("issue", "issue_said", "issue_source", "hazards")  # keys of [dispute] that are no position of the game
NEVER = ("never", "", "none")
UNSCHEDULED = 45 / MEAN_MONTH  # months within which a change of leader is the dated election itself


@dataclass(frozen=True)
class Dispute:
    """Everything the game of a case needs, by draw; `sources` are the citations behind it."""

    board: Board
    start: State
    stakes: Stakes
    calendar: Calendar
    sources: frozenset[str]
    nodes: int = 1

    def by_draw(self, values: Array) -> Array:
        """One row a draw: the mean of the central rows, then the others."""
        return np.concatenate([values[: self.nodes].mean(axis=0, keepdims=True), values[self.nodes :]])

    def play(self) -> Course:
        return course(self.board, self.stakes, self.calendar, self.start)


class LossesByState(Protocol):
    """What the game reads of losses: `monthly` (draw, control, retaliation, remaining, side) in USD million."""

    @property
    def monthly(self) -> xr.DataArray: ...

    @property
    def sources(self) -> frozenset[str]: ...


class DependenceLeft(Protocol):
    """What the game reads of catching up: `remaining` (draw, month, product), shares of the first dependence."""

    @property
    def remaining(self) -> xr.DataArray: ...


def dispute_of(
    case: Case,
    draws: Draws,
    losses: LossesByState | None,
    alliance: Triangle | Ties | None = None,
    catchup: DependenceLeft | None = None,
    *,
    change_leaders: bool = True,
    remaining: float | None = None,
    nodes: int = NODES,
) -> Dispute:
    """The game of a case as it could be known at `case.cutoff`.

    The central draw becomes `nodes` rows, one for each of as many equally likely values of the issue's salience, since
    the issue's value is drawn for each dispute; the other draws have theirs. `Dispute.by_draw` takes the mean again.

    losses: `.monthly` (draw, control, retaliation, remaining, side) in USD million a month; alliance: fears of
    abandonment and entrapment; catchup: `.remaining` (draw, month, product). `change_leaders=False` keeps the leaders
    in office; `remaining` holds the share of the first dependence that is left. Raises InputError for an unknown
    leader type or an election before the start, MissingData for a GDP.
    """
    if losses is None:
        raise MissingData("losses by state of the dispute")
    change_leaders = change_leaders and case.switch("leaders") != "stay"
    held = str(case.switch("dependence_left"))
    remaining = remaining if held == "as forecast" else float(held)
    start, elections, sources = _leaders(case, draws, change_leaders)
    rows = np.concatenate([np.zeros(nodes, dtype=int), np.arange(1, draws.n)])
    n = len(rows)
    salience = draws.parameter("salience")
    levels = salience_levels(salience, nodes)
    fixed = {"salience": np.concatenate([levels, draws.get("salience")[1:]])} if nodes > 1 else {}
    has_patron = bool(case.patrons) and _architecture(case) != "none"
    free = has_patron and case.switch("patron_moves") == "free"
    table = board(start.control != "none", patron=has_patron, free=free)
    ties = ties_of(case, draws.n, alliance).rows(rows)
    engaged_from = engaged_from_of(case) if has_patron else None
    if engaged_from is not None:  # once in, the patron stays
        fixed["reference_withdraw"] = np.full(n, 1e-9)

    together = joint(draws, start.control != "none")

    @cache
    def get(name: str) -> Array:
        return fixed[name] if name in fixed else (together[name] if name in together else draws.get(name))[rows]

    monthly = _by_draw(losses.monthly.transpose(*LOSS_DIMS).values, draws.n)[rows]
    numbers = stakes(table, get, ties, losses_in_gdp(monthly, _gdp(case, draws)))
    if not change_leaders:
        numbers = replace(numbers, turnover=np.zeros_like(numbers.turnover))
    elections = tuple(replace(election, chance=election.chance[rows]) for election in elections)
    left = _remaining(case, draws, catchup)[rows]
    if remaining is not None:
        left = np.full_like(left, remaining)
    pressing, behind_press = ((), frozenset()) if free else pressing_of(case)
    calendar = Calendar(case.horizon_months, left, elections, engaged_from, pressing)
    behind = frozenset(getattr(losses, "sources", ())) | {draws.parameter("salience").source}
    behind |= sources | behind_press | ties.sources
    return Dispute(table, start, numbers, calendar, behind, nodes)


def _architecture(case: Case) -> str:
    return str(case.switch("architecture") or "hub-and-spoke")


def engaged_from_of(case: Case) -> float | None:
    """The month that the scenario switch `patron_engaged_from` names, counted from the start."""
    value = str(case.switch("patron_engaged_from") or "never")
    if value in NEVER:
        return None
    try:
        first = date.fromisoformat(value if len(value) == 10 else value + "-01")
    except ValueError:
        raise InputError(f"patron_engaged_from = {value!r}; allowed: never, YYYY-MM or YYYY-MM-DD") from None
    # a month that the dispute begins within counts from its first day
    day = case.start if value == case.start.isoformat()[:7] else first
    month = month_of(case.start, day)
    if not 0 <= month < case.horizon_months:
        last = day_of(case.start, case.horizon_months)
        raise InputError(f"patron_engaged_from = {value}; allowed: a date from {case.start} to before {last}")
    return month


def _leaders(case: Case, draws: Draws, change: bool) -> tuple[State, tuple[Election, ...], frozenset[str]]:
    """The first position with the leaders in office, and the elections that are known or fixed by law."""
    settings = case.settings.get("dispute", {})
    faults = [
        Fault("case.toml", None, f"dispute.{key}", repr(value), ", ".join(LEVELS.get(key, (*LEVELS, *SETTINGS))))
        for key, value in settings.items()
        if key not in SETTINGS and (key not in LEVELS or value not in LEVELS[key])
    ]
    rows = leader_rows(case, faults)
    if faults:
        raise InputError(faults)
    in_office, elections, sources = {}, [], set()
    for side, state in ((SENDER, case.sender), (TARGET, case.target)):
        mine = [row for row in rows if row["state"] == state]
        in_office[f"{PLAYERS[side]}_leader"] = "firm"
        for row in mine:
            sources.add(row["source"])
            if row["variable"] == "leader_type" and row["date"] <= case.start.isoformat():
                in_office[f"{PLAYERS[side]}_leader"] = row["value"]
        if change:
            elections += _elections(case, side, mine, draws.n)
    position = {key: value for key, value in settings.items() if key in LEVELS}
    return State(**{**in_office, **position}), tuple(elections), frozenset(sources)


def leader_rows(case: Case, faults: list[Fault]) -> list[Mapping[str, Any]]:
    """Rows of alliance.csv on leaders and elections that were known at the cut-off; faulty ones are listed."""
    if not case.has("alliance") or "known_from" not in case.table("alliance"):
        return []
    rows = [row for row in case.rows("alliance") if row["variable"] in ("leader_type", "election")]
    for row in rows:
        if row["variable"] == "leader_type" and row["value"] not in TYPES:
            faults.append(Fault("alliance.csv", row["line"], "value", repr(row["value"]), ", ".join(TYPES)))
        if row["variable"] == "election":
            if str(row["date"]) <= case.start.isoformat():
                allowed = f"a date after the start of the dispute, {case.start}"
                faults.append(Fault("alliance.csv", row["line"], "date", f"election on {row['date']}", allowed))
            try:
                chance = float(row["value"])
            except ValueError:
                chance = -1.0
            if not 0 <= chance <= 1:
                allowed = "the chance of a conciliatory successor, from 0 to 1"
                faults.append(Fault("alliance.csv", row["line"], "value", repr(row["value"]), allowed))
    known = [row for row in rows if row["known_from"] is not None and str(row["known_from"]) <= case.cutoff.isoformat()]
    return sorted(known, key=lambda row: str(row["date"]))


def _elections(case: Case, side: int, rows: list[Mapping[str, Any]], n: int) -> list[Election]:
    """Elections of one side by month: those fixed by law with a chance, those seen by the cut-off with their result."""
    seen = {}
    for row in rows:
        if row["variable"] == "leader_type":
            month = month_of(case.start, date.fromisoformat(row["date"]))
            if month > 0:
                seen[month] = float(row["value"] == "conciliatory")
    found = [Election(month, side, np.full(n, chance)) for month, chance in seen.items()]
    for row in rows:
        if row["variable"] == "election":
            month = month_of(case.start, date.fromisoformat(row["date"]))
            if not any(abs(month - other) < UNSCHEDULED for other in seen):
                found.append(Election(month, side, np.full(n, float(row["value"]))))
    return found


def ties_of(case: Case, n: int, alliance: Triangle | Ties | None = None) -> Ties:
    """What the alliance results give the game; zeros, marked unknown, where there are none."""
    zeros = np.zeros((n, 2))
    if isinstance(alliance, Ties):
        return alliance
    if alliance is None or _architecture(case) == "none":
        return Ties(zeros, zeros, np.zeros(n), known=alliance is not None)
    name = _architecture(case)
    # hub-and-spoke is how the records stand; the others are a change of the pacts
    seen = alliance if name == "hub-and-spoke" else alliance.with_architecture(name)
    sides, dependence = (alliance.roles["sender"], alliance.roles["target"]), getattr(seen, "dependence", {})
    return Ties(
        np.stack([_by_draw(seen.abandonment[state], n) for state in sides], axis=1),
        np.stack([_by_draw(seen.entrapment[state], n) for state in sides], axis=1),
        _by_draw(seen.net_patronage[case.patron], n),
        name == "trilateral",
        frozenset(alliance.sources),
        dependence=np.tile([dependence.get(state, 0.0) for state in sides], (n, 1)) if dependence else None,
    )


def _by_draw(values: ArrayLike, n: int) -> Array:
    """An array with a draw dimension of length n, from one that has it, or holds one value for all draws."""
    array = np.asarray(values, dtype=float)
    if array.ndim == 0:
        return np.full(n, float(array))
    if array.shape[0] not in (1, n):
        raise InputError(f"{array.shape[0]} draws came in; allowed: 1 or {n} as in the parameters")
    return np.broadcast_to(array, (n, *array.shape[1:]))


def _gdp(case: Case, draws: Draws) -> Array:
    """Yearly GDP of sender, target and patron in USD million: a parameter `yearly_gdp.ISO`, or the case's macro.csv.

    A patron without a figure gets an infinite one: its own economic losses then count for nothing.
    """
    found = []
    for role in PLAYERS:
        codes = case.in_role(role)
        if not codes:
            found.append(np.inf)
        elif draws.has("yearly_gdp", codes[0]):
            found.append(float(draws.get("yearly_gdp", codes[0])[0]))
        else:
            found.append(_gdp_of_table(case, codes[0], role))
    return np.array(found)


def _gdp_of_table(case: Case, code: str, role: str) -> float:
    if case.has("macro"):
        table = case.table("macro")
        mine = table[(table["state"] == code) & (table["series"] == "gdp_usd") & (table["year"] < case.start.year)]
        if len(mine):
            return float(mine.sort_values("year")["value"].iloc[-1]) / 1e6
    if role == "patron":
        return float("inf")
    raise MissingData(f"parameters.csv: yearly_gdp.{code} (USD million), or macro.csv with series gdp_usd")


def _remaining(case: Case, draws: Draws, catchup: DependenceLeft | None) -> Array:
    """Share of the first dependence left, (draw, month): mean over the products; a scenario may hold it."""
    months = case.horizon_months + 1
    if catchup is None:
        return np.ones((draws.n, months))
    path = _by_draw(catchup.remaining.mean("product").values, draws.n)
    if path.shape[1] < months:
        path = np.concatenate([path, np.repeat(path[:, -1:], months - path.shape[1], axis=1)], axis=1)
    return np.clip(path[:, :months], 0, 1)
