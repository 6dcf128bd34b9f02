"""What a triangle says in words: what each side would lose without its patron, and who fears what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from geoecon import countries, tables
from geoecon.countries import named
from geoecon.draws import band
from geoecon.figure import number
from geoecon.spoken import whole
from geoecon.triangle import records as r
from geoecon.triangle.second import who_depends_more

if TYPE_CHECKING:
    from geoecon.triangle.result import Triangle


def sentence(triangle: Triangle) -> str:
    names = [_named(state) for state in triangle.states]
    bond = triangle.bond
    if not bond.ties.any():
        return f"In {triangle.year} no defence pact binds {_and(names)}: the records show no patron."
    said = [f"{whole(100 * bond.dependence[i, 0])} % of what {names[i]} counts on" for i in (1, 2) if bond.ties[i, 0]]
    if said:
        said[-1] += ", its own and allied capability together" if len(said) == 1 else ", own and allied capability"
    loose = [names[i] for i in (1, 2) if not bond.ties[i, 0]]
    none = f"{_and(loose)} {'has' if len(loose) == 1 else 'have'} no pact with {names[0]}" if loose else ""
    lost = f"losing {names[0]} would take {_and(said)}" if said else none
    parts = [f"In {triangle.year} {lost}"]
    parts += [none] if said and loose else []
    if bond.ties[1, 0] and bond.ties[2, 0]:
        parts.append("the pacts form a star" if not bond.ties[1, 2] else "all three are bound to each other")
    a = bond.abandonment[0]
    if not np.isnan(a[1:]).any() and len(said) == 2:
        parts.append(_fears(triangle, names))
    return "; ".join(parts) + ". These measures describe, they do not predict who gives way."


def _further(triangle: Triangle) -> str:
    """The sentence where another patron leads."""
    if triangle.bond.ties[1:, 0].any():
        return sentence(triangle)
    patron, sender, target = (_named(state) for state in triangle.states)
    return f"{patron[:1].upper()}{patron[1:]}, a further patron, has no pact with {sender} or {target}."


def _fears(triangle: Triangle, names: list[str]) -> str:
    """Which of the two fears abandonment more; nobody where the band of the difference holds zero."""
    a = triangle.bond.abandonment
    _, low, high = band(a[:, 1] - a[:, 2])
    middle = [float(band(column)[0]) for column in a.T]
    if low <= 0 <= high:
        return f"fears of abandonment do not differ within the band ({number(middle[1])} and {number(middle[2])})"
    order = (1, 2) if middle[1] >= middle[2] else (2, 1)
    against = f"{number(middle[order[0]])} against {number(middle[order[1]])}"
    return f"the fear of abandonment is larger in {names[order[0]]} ({against})"


def sentences(triangle: Triangle) -> list[str]:
    """The triangle, and what the second reading of dependence says."""
    others = [_further(one) for one in triangle.others]
    table = triangle.readings()
    if not triangle.bond.ties[1:, 0].any() or table["by output"].isna().any():
        return [sentence(triangle), *others]
    more = who_depends_more(table)
    rows = [(_named(row["state"]), row) for row in tables.records(table)]
    told = ", ".join(
        f"{name} {100 * row['by capability']:.0f} % by capability and {100 * row['by output']:.0f} % by output"
        for name, row in rows
    )
    verdict = "by shares no difference within the band" if more is None else f"{_named(more)} depends more"
    said = [sentence(triangle), f"Dependence on the patron: {told}: {verdict}."]
    outlay = "outlay to replace, % of GDP"
    if table[outlay].notna().all():
        costs = ", ".join(f"{name} {row[outlay]:.0f} %" for name, row in rows)
        said.append(f"To replace the patron's share at today's price would take, of a year's output: {costs}.")
    return said + others


def _named(state: str) -> str:
    """The name as it stands in a sentence."""
    return named(countries.name(state))


def _and(words: list[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1]


TERRITORY = {  # a state whose years up to the one given are those of another territory
    "DEU": (1990, "are West Germany's"),
    "PAK": (1971, "hold what is Bangladesh"),
    "ETH": (1993, "hold Eritrea"),
    "SDN": (2011, "hold South Sudan"),
    "IDN": (2002, "hold Timor-Leste from 1976"),
    "ZAF": (1990, "hold Namibia"),
    "YUG": (1991, "hold what are seven states"),
    "CSK": (1992, "hold Czechia and Slovakia"),
    "SUN": (1991, "hold what are fifteen states"),
}
BEFORE = {"SRB": "Yugoslavia's", "RUS": "the Soviet Union's", "CZE": "Czechoslovakia's", "SVK": "Czechoslovakia's",
          "VNM": "those of two states", "YEM": "those of two states", "MNE": "Yugoslavia's"}  # fmt: skip


def existence(states: Iterable[str], first: int) -> Iterator[str]:
    """From when each is a state of the records, where that is after their first year, and whose territory it had."""
    for state in states:
        since = r.since(state)
        if since > r.FIRST:
            earlier = f": earlier years are {BEFORE[state]}" if state in BEFORE else ""
            yield f"{_named(state)} is a state of the records from {since} on, with no value before{earlier}"
        until, what = TERRITORY.get(state, (0, ""))
        if first <= until and since <= until:
            yield f"{_named(state)}: years up to {until} {what}"
