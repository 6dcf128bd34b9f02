"""Buyers that the lists treat alike on every day: of one kind, whoever they are. What is worked out for one of a kind
holds for all of it."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import Any

from geoecon.law import names, parties, party_hits
from geoecon.law.facts import Facts
from geoecon.law.party_hits import hits, parts_of
from geoecon.law.regime import Regime, opened

NUMBERS = ("kind_numbers", "standing_numbers", "asked_numbers")  # they outlive what was worked out: keys hold them


def kind_of(regime: Regime, name: str, place: str) -> int:
    """The number of the kind of buyer that a name at a place is: the same listings by list and dates, alike sure and
    alike contradicted by the place, written alike. Kept with the regime."""
    kinds: dict[tuple[str, str], int] = regime.cache.setdefault("kinds_of_buyers", {})
    if (name, place) not in kinds:
        numbers = regime.cache.setdefault(NUMBERS[0], {})
        told = parties.said_against(regime, name, place), _on_lists(regime, name)
        kinds[name, place] = numbers.setdefault(told, len(numbers))
    return kinds[name, place]


def _on_lists(regime: Regime, name: str) -> tuple[Any, ...]:
    """What the listings of a name have in common with those of another of its kind, wherever the two are."""
    known: dict[str, tuple[Any, ...]] = regime.cache.setdefault("on_lists", {})
    if name not in known:
        laws = (regime, opened(regime))
        parts = parts_of(regime, name)
        listings = tuple(
            tuple((hit.row["list"], bool(hit.why), *map(hit.row.get, parties.DAYS)) for hit in hits(law, part))
            for law in laws
            for part in parts
        )
        written = tuple((names.script_of(part), names.writing_of(part)) for part in parts)
        known[name] = listings, written, names.writing_of(name), party_hits.policy_of(regime, name)
    return known[name]


def turn_of(regime: Regime, name: str, day: date) -> int:
    """The stretch of days in which what the lists say of a name is the same."""
    return bisect_right(parties.days_of(regime, name), day)


def standing(regime: Regime, name: str, place: str, day: date) -> int:
    """How a named party stands on a day, by the lists as read and as if read yesterday, without its name: names of the
    same standing, which is given by its number, get the same licence, told in as many words."""
    known: dict[tuple[int, int], int] = regime.cache.setdefault("standings", {})
    key = kind_of(regime, name, place), turn_of(regime, name, day)
    if key not in known:
        numbers = regime.cache.setdefault(NUMBERS[1], {})
        laws = (regime, opened(regime))
        every = tuple(
            tuple((hit.row["list"], parties.listed_on(hit.row, day), bool(hit.why)) for hit in hits(law, name))
            for law in laws
        )
        written = tuple((names.script_of(part), len(hits(regime, part))) for part in parts_of(regime, name))
        by_name = *every, written, names.writing_of(name), party_hits.policy_of(regime, name)
        told = by_name, parties.said_against(regime, name, place)
        known[key] = numbers.setdefault(told, len(numbers))
    return known[key]


def said_of(regime: Regime, facts: Facts, day: date, destination: str) -> tuple[Any, ...] | None:
    """What the lists say of the party on a day as far as it decides, whoever it is; None where no name was given."""
    if "party" not in facts:
        return None
    name, place = str(facts["party"]), str(facts.get("party_place") or destination)
    given = facts.get("party_list"), facts.get("owned_by_listed_pct")
    key = ("said_of", kind_of(regime, name, place), turn_of(regime, name, day), *map(str, given))
    if key not in regime.cache:
        lists, _ = parties.lists_of(regime, facts, day, destination)
        known = party_hits.is_known(regime, name)
        regime.cache[key] = lists and (lists[0], *map(frozenset, lists[1:]), known)
    found: tuple[Any, ...] | None = regime.cache[key]
    return found
