"""Party lists: exact and alias matches with list, date and source. Never a guess about a firm."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from geoecon.controls.facts import Facts
from geoecon.controls.matching import Lists
from geoecon.controls.regime import Regime, folded
from geoecon.controls.schema import Row


def names(regime: Regime) -> Mapping[str, list[Row]]:
    """Listings by every name they carry, as compared."""
    if "party_names" not in regime.cache:
        found: dict[str, list[Row]] = {}
        for row in regime.rows["party_listing"]:
            for name in dict.fromkeys(folded(text) for text in (row["party"], *row["aliases"])):
                found.setdefault(name, []).append(row)
        regime.cache["party_names"] = found
    return regime.cache["party_names"]  # type: ignore[no-any-return]


def listed_on(row: Row, day: date) -> bool | None:
    """Whether a listing held on a day; None where its start or end is not known."""
    start, end = row["listed_from"] or row["valid_from"], row["listed_to"] or row["valid_to"]
    if end is not None and day >= end:
        return False
    if start is not None and day < start:
        return False
    if start is None and (row["known_from"] is None or day < row["known_from"]):
        return None
    return None if row["known_through"] is not None and day > row["known_through"] else True


def script_of(name: str) -> str:
    """The script of a name's first letter: LATIN, CJK, HANGUL…"""
    letter = next((character for character in name if character.isalpha()), "")
    return unicodedata.name(letter, "UNKNOWN").split()[0] if letter else "NONE"


def lists_of(regime: Regime, facts: Facts, day: date) -> tuple[Lists | None, tuple[str, ...]]:
    """((lists the party is on, lists where that is not known), what is told about the name).

    None where neither a list nor a name was given: then the list is a missing fact.
    """
    given = facts.get("party_list")
    lists = frozenset(name.strip() for name in str(given).split(";")) if given is not None else frozenset[str]()
    name = facts.get("party")
    if name is None:
        return (None if given is None else (lists, frozenset())), ()
    found = names(regime).get(folded(str(name)), [])
    told: list[str] = []
    sure, unsure = set(lists), set[str]()
    for row in found:
        state = listed_on(row, day)
        since = row["listed_from"].isoformat() if row["listed_from"] else "a day that the list does not give"
        place = f"{row['party']} on {row['list']} since {since} ({regime.citation(row['source_id'])})"
        if state:
            sure.add(row["list"])
            told.append(place)
        elif state is None:
            unsure.add(row["list"])
            told.append(f"not known for {day}: {place}")
        else:
            told.append(f"not listed on {day}: {place}")
    if not found:
        scripts = {script_of(listed) for listed in names(regime)}
        told.append(f"{name!r} matches no name or alias in the party rows of {regime.id}: not found is not cleared")
        if scripts and script_of(str(name)) not in scripts:
            told.append(f"the rows hold no name in the script of {name!r}; no transliteration is tried")
    return (frozenset(sure), frozenset(unsure)), tuple(told)


def change_days(regime: Regime, facts: Facts) -> set[date]:
    """Days on which a named party's listing may change."""
    if facts.get("party") is None:
        return set()
    from datetime import timedelta

    points: set[date] = set()
    for row in names(regime).get(folded(str(facts["party"])), []):
        days: list[Any] = [row[name] for name in ("listed_from", "listed_to", "valid_from", "valid_to", "known_from")]
        points |= {day for day in days if day is not None}
        if row["known_through"] is not None:
            points.add(row["known_through"] + timedelta(days=1))
    return points
