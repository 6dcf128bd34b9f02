"""Party lists: exact and alias matches with list, date and source. Never a guess about a firm."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from geoecon.errors import InputError
from geoecon.law.facts import Facts
from geoecon.law.matching import Lists
from geoecon.law.regime import Regime, folded
from geoecon.law.schema import Row


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

    None where neither a list, a name nor an owner was given: then the party is a missing fact.
    """
    if not {"party_list", "party", "owned_by_listed_pct"} & set(facts):
        return None, ()
    given = str(facts.get("party_list", "")).split(";")
    sure, unsure = {name.strip() for name in given if name.strip()}, set[str]()
    told: list[str] = []
    for name in _owned(regime, facts):
        sure.add(name)
        told.append(f"{name}: {facts['owned_by_listed_pct']} percent owned by listed parties")
    if "party" in facts:
        _look_up(regime, str(facts["party"]), day, sure, unsure, told)
    return (frozenset(sure), frozenset(unsure)), tuple(told)


def _owned(regime: Regime, facts: Facts) -> list[str]:
    """Lists that ownership carries over to the party: those whose rule is a percentage that is reached."""
    share = facts.get("owned_by_listed_pct")
    if share is None:
        return []
    rules = ((row["list"], row["ownership_rule"] or "") for row in regime.rows["party_list"])
    try:
        return [name for name, rule in rules if rule.isdigit() and float(share) >= float(rule)]
    except ValueError:
        raise InputError(f"fact owned_by_listed_pct = {share!r}; allowed: a number") from None


def _look_up(regime: Regime, name: str, day: date, sure: set[str], unsure: set[str], told: list[str]) -> None:
    """Puts the lists of a name into `sure` or `unsure`, and what they say into `told`."""
    found = names(regime).get(folded(name), [])
    for row in found:
        state = listed_on(row, day)
        since = row["listed_from"].isoformat() if row["listed_from"] else "a day that the list does not give"
        place = f"{row['party']} on {row['list']} since {since} ({regime.citation(row['source_id'])})"
        told.append({True: place, None: f"not known for {day}: {place}", False: f"not listed on {day}: {place}"}[state])
        if state is not False:
            (sure if state else unsure).add(row["list"])
    if not found:
        scripts = {script_of(listed) for listed in names(regime)}
        told.append(f"{name!r} matches no name or alias in the party rows of {regime.id}: not found is not cleared")
        if scripts and script_of(name) not in scripts:
            told.append(f"the rows hold no name in the script of {name!r}; no transliteration is tried")


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
