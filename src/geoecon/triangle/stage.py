"""The triangle of any three states, and of a case as known at its cut-off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from geoecon import countries, lexicon, tables
from geoecon.case import Case
from geoecon.draws import Draws
from geoecon.errors import Fault, InputError, MissingData
from geoecon.figure import cite
from geoecon.triangle import records as r
from geoecon.triangle import words
from geoecon.triangle.bond import ARCHITECTURES, Bond
from geoecon.triangle.measures import Array
from geoecon.triangle.patrons import stands_for
from geoecon.triangle.result import Triangle
from geoecon.triangle.triad import Triad, by_year, triad

SOURCES = ("nmc7", "atop5", "idealpoints2025", "unvotes", "ustroops", "cowtrade4", "exercises", "fariss2022")


def alliance(patron: str, senior: str, junior: str, since: int = 1950, until: int | None = None) -> Triangle:
    """Every measure of a triad by year, from the bundled records (1950 to 2024).

    States are ISO 3166 alpha-3 codes or English names. Raises MissingData for a state that the records lack, InputError
    for an unknown name, years outside the records or a state named twice.
    """
    return _triangle(
        (_iso3(patron), _iso3(senior), _iso3(junior)), since, until, None, {}, ("patron", "senior", "junior"), None
    )


def _iso3(state: str) -> str:
    """A code of the records (former states have theirs), or what the countries room makes of a code or name."""
    if r.is_state(state):
        return state
    code = countries.resolve(lexicon.code(state)).iso3
    return {"DEU1990": "DEU"}.get(code, code)  # the records keep West Germany's years under Germany


def for_case(case: Case, draws: Draws) -> Triangle:
    """The triangle of a case as known at its cut-off: the last full year before it, or the year the case began.

    Uncertain: the ideal points, within their published 90 % interval. A case may add dated ties between its states in
    alliance.csv (variable `defence_tie`, state `AAA-BBB`, date `from/to`, value 0 or 1). The switch `architecture`
    sets the pacts; "hub-and-spoke" leaves them as recorded where they are a star already. For a group of states its
    strongest member stands. Where several states have the role patron, each has its own triangle with the two sides:
    that of the one that leads, and the rest in `others`.
    """
    year = min(case.cutoff.year - 1, case.start.year, r.last_year())
    sides = (stands_for(case.sender, year), stands_for(case.target, year))
    first, *rest = [_with_patron(case, (patron, *sides), year, draws) for patron in (case.patron, *case.patrons[1:])]
    return replace(first, others=tuple(rest))


def _with_patron(case: Case, states: tuple[str, str, str], year: int, draws: Draws) -> Triangle:
    """The triangle of the two sides with one of their patrons, its pacts as recorded or as the scenario says."""
    every = _ties(case, {*states, *case.patrons}, year)
    ties = {pair: tied for pair, tied in every.items() if set(pair) <= set(states)}
    made = _triangle(states, r.FIRST, year, draws, ties, ("patron", "sender", "target"), case)
    wanted = case.switch("architecture")
    if wanted is None:
        return made
    if wanted not in ARCHITECTURES:
        raise InputError(f"scenario architecture = {wanted!r}; allowed: " + ", ".join(ARCHITECTURES))
    default = case.settings.get("scenario", {}).get("architecture")
    return made if wanted == default else made.with_architecture(str(wanted))


def _triangle(
    states: tuple[str, str, str],
    since: int,
    until: int | None,
    draws: Draws | None,
    ties: Mapping[tuple[str, str], float],
    roles: tuple[str, str, str],
    case: Case | None,
) -> Triangle:
    last = r.last_year() if until is None else until
    if not r.FIRST <= since <= last <= r.last_year():
        raise InputError(
            f"years {since} to {last}; allowed: from {r.FIRST} to {r.last_year()}, the end not before the start"
        )
    years = [_recorded(*states, year) for year in range(since, last)] + [triad(*states, last, ties=ties)]
    whole = [t for t in years if t.bond is not None and not np.isnan(t.bond.power).any()]
    if not whole:
        told = f"capabilities of {', '.join(states)} in any year from {since} to {last}"
        raise MissingData("; ".join([f"alliance records: {told}", *words.existence(states, last + 1)]))
    bond = whole[-1].bond
    assert bond is not None
    if draws is not None:
        bond = replace(bond, divergence=_divergence(bond, draws, roles))
    sources = frozenset(cite(name) for name in SOURCES)
    if case is not None and ties:
        sources |= frozenset(case.table("alliance").query("variable == 'defence_tie'")["source"])
    return Triangle(by_year(years), bond, dict(zip(roles, states, strict=True)), sources, ties)


@lru_cache(maxsize=1000)
def _recorded(patron: str, senior: str, junior: str, year: int) -> Triad:
    """A triad as recorded: the same in every case, on every day and in every draw."""
    return triad(patron, senior, junior, year)


def _divergence(bond: Bond, draws: Draws, roles: tuple[str, str, str]) -> Array:
    """g (draw, 3): ideal points move within their published intervals, the three states independently."""
    gap = r.widest_gap(bond.states[0], bond.year)
    theta = []
    for state, role in zip(bond.states, roles, strict=True):
        central, low, high = (r.value("ideal_points", c, state, bond.year) for c in ("ideal_point", "q05", "q95"))
        theta.append(central + draws.get("ideal_point_error", role) * (high - low) / 2)
    moved = np.stack(theta, axis=1)
    return np.asarray(np.minimum(np.abs(moved - moved[:, :1]) / gap, 1.0))


def examine(case: Case) -> None:
    """Raises InputError with every fault of the ties that a case adds to the records."""
    named = {state.code for state in case.states}
    rows = tables.records(case.table("alliance")) if case.has("alliance") else []
    faults = []
    for row in rows:
        pair = str(row["state"]).split("-")
        if row["variable"] == "defence_tie" and (
            len(pair) != 2 or not set(pair) <= named or row["value"] not in ("0", "1")
        ):
            found = f"{row['state']}, {row['value']}"
            faults.append(Fault("alliance.csv", row["line"], "state, value", found,
                                f"state AAA-BBB of {', '.join(sorted(named))} and value 0 or 1"))  # fmt: skip
    if faults:
        raise InputError(faults)


def _ties(case: Case, states: set[str], year: int) -> dict[tuple[str, str], float]:
    """Dated ties that the case adds to the records, as in force in the year."""
    if not case.has("alliance"):
        return {}
    found: dict[tuple[str, str], float] = {}
    rows = case.table("alliance")
    for row in tables.records(rows[rows["variable"] == "defence_tie"]):
        pair = tuple(row["state"].split("-"))
        if len(pair) != 2 or not set(pair) <= set(states) or row["value"] not in ("0", "1"):
            allowed = f"state AAA-BBB of {', '.join(sorted(states))} and value 0 or 1"
            raise InputError(
                Fault("alliance.csv", row["line"], "state, value", f"{row['state']}, {row['value']}", allowed)
            )
        start, _, end = row["date"].partition("/")
        if int(start[:4]) <= year <= (int(end[:4]) if end else 9999) and start <= case.cutoff.isoformat():
            found[pair[0], pair[1]] = float(row["value"])
    return found
