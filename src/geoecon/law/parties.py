"""Parties: what the lists of a regime say about a name on a day. Equal names are listed; near, short and shared ones
must be checked; what is not found is not cleared. Never a guess about a firm."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from geoecon import countries
from geoecon.errors import InputError
from geoecon.law import names
from geoecon.law.classify import live
from geoecon.law.facts import Facts
from geoecon.law.party_hits import hits, index, parts_of
from geoecon.law.question import Lists
from geoecon.law.regime import Regime
from geoecon.law.schema import Row

DAY = timedelta(days=1)
DAYS = ("listed_from", "listed_to", "valid_from", "valid_to", "known_from", "known_through")  # of a listing
SHOWN = 3  # entries that are told of those that must be checked for the same reason


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


def complete(row: Row, day: date) -> bool:
    """Whether a list was entered whole, so that a name that is not found was not on it that day."""
    start = row.get("complete_from")
    if start is None or day < start:
        return False
    return row["known_through"] is None or day <= row["known_through"]


def lists_of(regime: Regime, facts: Facts, day: date, destination: str = "") -> tuple[Lists | None, tuple[str, ...]]:
    """(what is known of the lists the party is on, what is told about the name).

    None where neither a list, a name nor an owner was given: then the party is a missing fact.
    """
    if not {"party_list", "party", "owned_by_listed_pct"} & set(facts):
        return None, ()
    given = str(facts.get("party_list", "")).split(";")
    sure, unsure, unloaded = {name.strip() for name in given if name.strip()}, dict[str, str](), dict[str, str]()
    told: list[str] = []
    if facts.get("end_user_class") == "military" and names.military(str(facts.get("party", ""))):
        told.append("by its name the party is a military body: read as a military user")
    for name in _owned(regime, facts):
        sure.add(name)
        told.append(f"{name}: {facts['owned_by_listed_pct']} percent owned by listed parties")
    if "party" in facts:
        place = str(facts.get("party_place") or destination)
        named = _named(regime, str(facts["party"]), place, day)
        told += named[3]
        sure, unsure = sure | named[0], {**named[1]}
        unloaded = {**named[2]}
    return (frozenset(sure), unsure, unloaded), tuple(told)


def _named(
    regime: Regime, text: str, place: str, day: date
) -> tuple[frozenset[str], Mapping[str, str], Mapping[str, str], tuple[str, ...]]:
    """What the lists say of the names of a text: (lists for sure, unsure ones, those that clear nobody, words). Kept
    with the regime by the stretch of days in which it is the same."""
    where = place if any(said_against(regime, text, place)) else ""  # elsewhere it is told alike
    key = ("named", text, where, bisect_right(days_of(regime, text), day))
    if key not in regime.cache:
        sure, unsure, unloaded, told = set[str](), dict[str, str](), dict[str, str](), list[str]()
        for name in parts_of(regime, text):
            _look_up(regime, name, place, day, sure, unsure, unloaded, told)
        regime.cache[key] = frozenset(sure), unsure, unloaded, tuple(told)
    found: tuple[frozenset[str], Mapping[str, str], Mapping[str, str], tuple[str, ...]] = regime.cache[key]
    return found


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


def _look_up(
    regime: Regime, name: str, place: str, day: date, sure: set[str], unsure: dict[str, str], unloaded: dict[str, str],
    told: list[str],
) -> None:  # fmt: skip
    """Puts the lists of a name where they belong, and what they say into `told`."""
    found = hits(regime, name)
    checks = Counter(hit.why for hit in found)
    for hit in found:
        row = hit.row
        state = listed_on(row, day)
        words = _entry(regime, row)
        why = hit.why or _contradicted(row, place)
        if state is False:
            told.append(f"not listed on this day: {words}" + (f"; check: {why}" if why else ""))
        elif state is None:
            told.append(f"not known for this day: {words}" + (f"; check: {why}" if why else ""))
            unsure.setdefault(row["list"], f"whether {row['party']} was on {row['list']} on this day is not known")
        elif why:
            told.append(f"check: {why}: {words}")
            unsure.setdefault(row["list"], f"check the party: {why} with {row['party']} on {row['list']}")
        else:
            told.append(words)
            sure.add(row["list"])
    for why, count in checks.items():  # the first few of many that must be checked for one reason
        own = [line for line in told if f"check: {why}" in line] if why and count > SHOWN else []
        for line in own[SHOWN:]:
            told.remove(line)
        told += [f"check: {why}: {len(own) - SHOWN} more entries"] if len(own) > SHOWN else []
    if not found:
        told.append(_not_found(regime, name))
    known = bool(found) and not any(hit.why for hit in found)  # by a list that names it, on other days perhaps
    settled = {hit.row["list"] for hit in found} if known else set()
    foreign = names.writing_of(name) - index(regime).writings
    for row in regime.rows["party_list"]:
        if row["list"] in sure | set(unsure) | settled or _by_share(row):
            continue
        if known and not (_held(regime)[row["list"]] and live(row, day)):
            continue
        if not complete(row, day):
            unloaded[row["list"]] = _unloaded(regime, row)
        elif foreign:
            why = "holds few names in the writing of the name given and no transliteration is tried: not cleared"
            unloaded[row["list"]] = f"{row['list']} {why}"
    told += [] if sure - eases(regime) else list(unloaded.values())[:3]


def _entry(regime: Regime, row: Row) -> str:
    """A listing in words, with its source. Kept with the regime, as its rows are."""
    told: dict[int, str] = regime.cache.setdefault("entries", {})
    if (key := id(row)) not in told:
        since = row["listed_from"].isoformat() if row["listed_from"] else "a day that the list does not give"
        told[key] = f"{row['party']} on {row['list']} since {since} ({regime.citation(row['source_id'])})"
    return told[key]


def _by_share(row: Row) -> bool:
    """Whether a list is one of owners, which names nobody."""
    return bool((row["ownership_rule"] or "").isdigit())


def _held(regime: Regime) -> Mapping[str, int]:
    """How many names each list holds; 0 for those that hold none."""
    if "listed" not in regime.cache:
        regime.cache["listed"] = Counter(entry["list"] for entry in regime.rows["party_listing"])
    found: Counter[str] = regime.cache["listed"]
    return found


def _unloaded(regime: Regime, row: Row) -> str:
    count = _held(regime)[row["list"]]
    held = f"holds {count} of its names" if count else "is not loaded"
    whole = row.get("complete_from")
    when = " as of this day" if whole is not None else ""
    return f"{row['list']} {held}{when}: a name that is not found there is not cleared"


def _not_found(regime: Regime, name: str) -> str:
    """How many names were compared, of which day, and in which script."""
    script = names.script_of(name)
    count, day = compared(regime)
    if not count:
        return f"no party list of {regime.id} is loaded: not found is not cleared"
    text = f"not found among {count} names of {regime.id} read on {day}: not found is not cleared"
    if script not in index(regime).scripts:
        return text + f"; the rows hold no name in the script of the name given ({script}), no transliteration is tried"
    if script != "LATIN":
        text += "; names in other scripts were not compared, no transliteration is tried"
    return text


def compared(regime: Regime) -> tuple[int, date | None]:
    """(number of names in the party rows, last day on which one was read)."""
    if "compared" not in regime.cache:
        read = regime.cache.get("same_parties", regime)  # rows that are presumed to hold on have lost their day
        days = [row["known_through"] for row in read.rows["party_listing"] if row["known_through"] is not None]
        regime.cache["compared"] = (len(index(regime).entries), max(days, default=None))
    found: tuple[int, date | None] = regime.cache["compared"]
    return found


def _contradicted(row: Row, place: str) -> str:
    """Why the place of the party speaks against the listing; empty where it does not."""
    listed = places_of(row["place"])
    if not place or not listed or place in listed:
        return ""
    return f"the entry is of {', '.join(sorted(listed))}, the party of {place}"


def said_against(regime: Regime, name: str, place: str) -> tuple[bool, ...]:
    """Of each listing that a name may mean whether the place of the party speaks against it."""
    return tuple(bool(_contradicted(hit.row, place)) for hit in hits(regime, name))


@lru_cache(maxsize=20_000)
def places_of(text: str | None) -> frozenset[str]:
    """Places as a list prints them: codes or names, several apart by ; or , ; empty where one cannot be read."""
    if not text:
        return frozenset()
    parts = [text] if _place(text) else text.replace(",", ";").split(";")
    found = [_place(part.strip()) for part in parts]
    return frozenset(place for place in found if place) if None not in found else frozenset()


def _place(text: str) -> str | None:
    try:
        return countries.resolve(text).iso3 if text else None
    except InputError:
        return None


def change_days(regime: Regime, facts: Facts) -> frozenset[date]:
    """Days on which what the lists say of a named party may change."""
    return frozenset(days_of(regime, str(facts["party"])) if facts.get("party") is not None else ())


def days_of(regime: Regime, name: str) -> list[date]:
    """Days on which what the lists say of a name may change, in order. Kept with the regime."""
    key = ("days_of", name)
    if key not in regime.cache:
        points: set[Any] = set()
        for row in (hit.row for hit in hits(regime, name)):
            days = [row[day] for day in DAYS[:-1]]
            points |= {*days, row["known_through"] and row["known_through"] + DAY}
        for row in regime.rows["party_list"]:
            points |= {row["valid_from"], row["valid_to"], row.get("complete_from")}
            points |= {row["known_through"] + DAY} if row.get("complete_from") and row["known_through"] else set()
        points.discard(None)
        regime.cache[key] = sorted(points)
    found: list[date] = regime.cache[key]
    return found


def eases(regime: Regime) -> frozenset[str]:
    """Lists that only lighten: who stands on one may stand on another too."""
    if "eases" not in regime.cache:
        rules = [row for row in regime.rows["licence_rule"] if row["party_list"]]
        binding = {row["party_list"] for row in rules if row["effect"] != "exception"}
        regime.cache["eases"] = frozenset(row["party_list"] for row in rules) - binding
    found: frozenset[str] = regime.cache["eases"]
    return found


def unruled(regime: Regime) -> Mapping[str, Row]:
    """Lists of which no rule and no catch-all says what follows: being on one makes an answer unknown."""
    if "unruled" not in regime.cache:
        asked = {row["party_list"] for row in regime.rows["licence_rule"]}
        asked |= {row["list"] for row in regime.rows["party_list"] if "end-user-list" in row["list"]}
        regime.cache["unruled"] = {row["list"]: row for row in regime.rows["party_list"] if row["list"] not in asked}
    found: Mapping[str, Row] = regime.cache["unruled"]
    return found
