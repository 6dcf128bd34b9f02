"""What a case tells of its first day to the hazards: trade both ways, the issue, threat or measures, who is pressed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon.bargaining.payoffs import Array
from geoecon.case import Case
from geoecon.dates import first_day, last_day
from geoecon.dispute import month_of
from geoecon.draws import Draws
from geoecon.errors import Fault, InputError
from geoecon.figure import cite
from geoecon.hazards import (
    ISSUES,
    FirstDay,
    Hazards,
    Pressing,
    issue_in_words,
    issue_numbers,
    read_hazards,
    shipped_hazards,
)
from geoecon.triangle import trade_dependence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


WAYS = ("words", "conditional", "sanction")  # how hard a patron presses
KNOWN, NONE = "known", ("", "none", "never")
DAY = r"\d{4}-\d{2}(-\d{2})?"
ENTRY = re.compile(rf"((?P<by>[A-Za-z]+)-)?(?P<side>[A-Za-z]+):(?P<begin>{DAY})(/(?P<end>{DAY}))?")
ALLOWED = "known, none, or SIDE:YYYY-MM, SIDE:YYYY-MM/YYYY-MM, PATRON-SIDE:YYYY-MM, several with a comma"


@dataclass(frozen=True)
class Known:
    """The first day of a case: what the model takes, what must be said with it, where it comes from."""

    first: FirstDay
    model: Hazards
    notes: tuple[str, ...]
    sources: frozenset[str]


def known_of(case: Case, draws: Draws) -> Known:
    """What was known on the first day. Raises InputError for faults under [dispute] of case.toml."""
    settings = case.settings.get("dispute", {})
    numbers, unknown = issue_numbers(_issues(settings))
    notes, sources = [], {cite("hazards_ties"), cite("hazards_prentice")}
    if unknown:
        notes.append(f"No coded dispute is about {', '.join(repr(name) for name in unknown)}.")
    if not numbers:
        notes.append("What the dispute is about is not coded: all issues are averaged and the band is wider.")
    elif len(numbers) > 1:
        notes.append(
            f"Two issues fit, {' and '.join(issue_in_words(k) for k in numbers)}: the forecast lies between the two."
        )
    dependence, said, behind = _dependence(case, draws)
    if said:
        notes.append(said)
    sources |= behind
    control = settings.get("control", "listed")
    file = settings.get("hazards")
    model = shipped_hazards() if file is None else read_hazards(case.folder / str(file))
    return Known(FirstDay(dependence, numbers, control == "none"), model, tuple(notes), frozenset(sources))


def _issues(settings: Mapping[str, Any]) -> list[str]:
    found = settings.get("issue", [])
    if isinstance(found, str):
        found = [found]
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        allowed = "a list of one or two of " + ", ".join(ISSUES.values())
        raise InputError(Fault("case.toml", None, "dispute.issue", repr(found), allowed))
    if len(found) > 2:
        raise InputError(Fault("case.toml", None, "dispute.issue", f"{len(found)} issues", "one or two, or none"))
    return found


def _dependence(case: Case, draws: Draws) -> tuple[Array | None, str, set[str]]:
    """(share of total trade of target and sender with each other, (draw, 2) or None; what must be said; sources)."""
    name, sides = "trade_dependence", ("target", "sender")
    if all(draws.has(name, side) for side in sides):
        given = np.stack([draws.get(name, side) for side in sides], axis=1)
        return given, "", {draws.parameter(name, side).source for side in sides}
    until = min(case.start, case.cutoff).year - 1
    pairs = ((case.target, case.sender), (case.sender, case.target))
    found = [trade_dependence(state, other, until) for state, other in pairs]
    if any(one is None for one in found):
        lacking = " and ".join(a for (a, _), one in zip(pairs, found, strict=True) if one is None)
        said = (
            f"The records have no total trade of {lacking} near {until}: coded disputes stand in for it; rows "
            "trade_dependence.target and trade_dependence.sender in parameters.csv would settle it."
        )
        return None, said, set()
    shares = [one for one in found if one is not None]
    oldest = min(share.year for share in shares)
    said = f"Trade between the two is that of {oldest}, the last year on record." if oldest < until else ""
    return np.array([[share.value for share in shares]]), said, {cite("cowtrade4")}


def pressing_of(case: Case) -> tuple[tuple[Pressing, ...], frozenset[str]]:
    """Who is pressed from when, as known at the cut-off or as the scenario `press` says instead; sources.

    Known: rows of alliance.csv with the variable press, as state a side, or PATRON-SIDE where another patron than the
    one that leads presses it, the first day as date (its end in `until`), words, conditional or sanction as value, and
    known_from. Raises InputError with every fault.
    """
    value = str(case.switch("press") or KNOWN).strip()
    if value == KNOWN:
        return _of_rows(case)
    return ((), frozenset()) if value.lower() in NONE else (_of_scenario(case, value), frozenset())


def _of_scenario(case: Case, value: str) -> tuple[Pressing, ...]:
    sides = {case.sender: "sender", case.target: "target", "sender": "sender", "target": "target"}
    found, faults = [], []
    if not case.patrons:
        raise InputError(f"press = {value!r}: the case names no patron; allowed: a state with the role patron first")
    for entry in value.split(","):
        parts = ENTRY.fullmatch(entry.strip())
        if parts is None:
            faults.append(f"press = {value!r}; allowed: {ALLOWED}")
            continue
        side = parts["side"] if parts["side"] in sides else parts["side"].upper()
        if side not in sides:
            faults.append(
                f"press = {entry.strip()!r}: {parts['side']} is no side; allowed: {case.sender}, {case.target}"
            )
            continue
        by = (parts["by"] or case.patron).upper()
        if by not in case.patrons:
            faults.append(f"press = {entry.strip()!r}: {by} is no patron; allowed: {', '.join(case.patrons)}")
            continue
        try:
            begin, end = _month(case, parts["begin"]), parts["end"]
            until = np.inf if end is None else _month(case, end)
        except ValueError:
            faults.append(f"press = {entry.strip()!r}: no such day; allowed: {ALLOWED}")
            continue
        if until <= begin or begin >= case.horizon_months or until <= 0:
            faults.append(f"press = {entry.strip()!r}; allowed: days in order, from {case.start} to the horizon")
        found.append(Pressing(sides[side], max(begin, 0.0), until, by))
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    return tuple(found)


def _month(case: Case, day: str) -> float:
    return month_of(case.start, date.fromisoformat(day if len(day) == 10 else f"{day}-01"))


def _of_rows(case: Case) -> tuple[tuple[Pressing, ...], frozenset[str]]:
    if not case.has("alliance"):
        return (), frozenset()
    rows = [row for row in case.rows("alliance") if row["variable"] == "press"]
    sides = {case.sender: "sender", case.target: "target"}
    faults = []
    if rows and not case.patrons:
        faults.append(Fault("alliance.csv", rows[0]["line"], "variable", "press", "a case with a state as patron"))
    for row in rows:
        by, side = _by_and_side(case, row["state"])
        if side not in sides or (case.patrons and by not in case.patrons):
            allowed = f"a side of the dispute: {', '.join(sides)}; or PATRON-SIDE, with a patron of the case"
            faults.append(Fault("alliance.csv", row["line"], "state", str(row["state"]), allowed))
        if row["value"] not in WAYS:
            faults.append(Fault("alliance.csv", row["line"], "value", repr(row["value"]), ", ".join(WAYS)))
        if pd.isna(row.get("known_from")):
            found = "a press row without known_from"
            faults.append(Fault("alliance.csv", row["line"], "known_from", found, "the day from which it was known"))
    if faults:
        raise InputError(faults)
    known: list[Pressing] = []
    sources: set[str] = set()
    for row in rows:
        if str(row["known_from"]) > case.cutoff.isoformat():
            continue
        begin = month_of(case.start, first_day(row["date"]))
        ended = row.get("until")
        until = np.inf if pd.isna(ended) else month_of(case.start, last_day(ended) + timedelta(days=1))
        if until > max(begin, 0):
            by, side = _by_and_side(case, row["state"])
            known.append(Pressing(sides[side], max(begin, 0.0), until, by))
            sources.add(row["source"])
    return tuple(known), frozenset(sources)


def _by_and_side(case: Case, state: str) -> tuple[str, str]:
    """(who presses, who is pressed) of a press row: `PATRON-SIDE`, or a side that the leading patron presses."""
    by, dash, side = str(state).partition("-")
    return (by, side) if dash else (next(iter(case.patrons), ""), by)
