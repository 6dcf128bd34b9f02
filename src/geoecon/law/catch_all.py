"""Goods outside the list: the catch-all applies, exempts or does not cover; a trigger asks for a licence."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from geoecon.law import schema, vocabulary
from geoecon.law.classify import OUTSIDE, Truth, any_of, live, member, membership, past
from geoecon.law.question import Ask
from geoecon.law.regime import Regime
from geoecon.law.schema import Row

DAY = timedelta(days=1)
GENERAL = frozenset({"UNLISTED", "ANY"})
END_USER_LIST = "end-user-list"
NAMED = "named_goods"  # whether the goods are among narrower ones that a row names
ARMS = "arms_embargo"  # group of places under an arms embargo
SAID = frozenset(("catch_all_trigger", "catch_all_use", "end_user_class", "arms_embargo", NAMED))


@dataclass(frozen=True)
class CatchAll:
    state: str  # applies, exempt or not covered
    caught: Row | None = None  # the row whose trigger is met
    missing: tuple[str, ...] = ()  # facts to ask for, or that would settle the doubt
    doubt: str = ""  # what was said may pull a trigger, and whether it does is not known
    note: str = ""  # a row of which it is not known whether it covers the place, or that catches narrower goods


def look(regime: Regime, code: str, asked: Ask) -> CatchAll:
    """What the catch-all says about the place, and whether a trigger catches these goods.

    A row that names only exempt places catches them on its own trigger alone (exempt except on notice). Where what was
    said may pull a trigger and does not settle it, `doubt` says why.
    """
    silent = not SAID & asked.facts.keys()
    key = ("caught", _class(regime, code), *_when(regime, asked), _users(asked))
    if silent and key in regime.cache:
        kept: CatchAll = regime.cache[key]
        return kept
    found = _look(regime, code, asked)
    if silent:
        regime.cache[key] = found
    return found


def _class(regime: Regime, code: str) -> int:
    """The number of the kind of goods that the item is to the rows. Kept with the regime."""
    classes, numbers = regime.cache.setdefault("catch_all_classes", ({}, {}))
    if code not in classes:
        said = tuple((id(row), own, _narrower(regime, row, code)) for row, own in _rows(regime, code))
        classes[code] = numbers.setdefault((regime.items[code]["listed"] == "no", said), len(numbers))
    found: int = classes[code]
    return found


def _when(regime: Regime, asked: Ask) -> tuple[str, int]:
    """(the first of the places that are like the destination, stretch of days in which the rows say the same of it)."""
    place = regime.like(asked.destination)
    key = ("catch_all_days", place)
    if key not in regime.cache:
        rows, system = regime.rows["catch_all"], str(regime.rows["regime"][0]["regime"])
        days = {row[name] for row in rows for name in ("valid_from", "valid_to")}
        days |= {row["known_through"] + DAY for row in rows if row["known_through"] is not None}
        groups = {(row["system"], name) for row in rows for name in (*row["applies_to"], *row["exempt"])}
        for group in {*groups, (system, ARMS)} & regime.groups.keys():
            days |= set(membership(regime, *group, place)[0])
        regime.cache[key] = sorted(days - {None})
    return place, bisect_right(regime.cache[key], asked.day)


def _users(asked: Ask) -> tuple[Any, ...]:
    """What is known of the party on lists of end users."""
    if asked.lists is None:
        return ()
    sure, *known = asked.lists
    return (
        any(END_USER_LIST in name for name in sure),
        *(why for each in known for name, why in each.items() if END_USER_LIST in name),
    )


def _look(regime: Regime, code: str, asked: Ask) -> CatchAll:
    day, place = asked.day, asked.destination
    unlisted = regime.items[code]["listed"] == "no"
    applies = exempt = False
    missing: list[str] = []
    caught: Row | None = None
    doubt = note = ""
    for row, own in _rows(regime, code):
        if not live(row, day):
            continue
        barred = _within(regime, row, row["exempt"], place, day)
        inside = _within(regime, row, row["applies_to"], place, day)
        if past(row, day) or barred is None or (inside is None and not barred):
            note = f"{row['catch_id']}: whether it holds for this place on this day is not known"
            doubt = note if own and _triggered(regime, row, asked)[0] is not False else doubt
            continue
        exempt = exempt or barred
        covers = bool(inside) and not barred
        applies = applies or covers
        narrow = covers and not own and _narrower(regime, row, code)
        if narrow and asked.facts.get(NAMED) == "yes":  # the goods are those that the row names
            own = True
        if own and (covers or (barred and not row["applies_to"])):
            pulled, why, lacking = _triggered(regime, row, asked)
            if unlisted and (covers or barred) and not _triggers(asked) - {"knowledge", "suspicion"}:
                missing += row["missing_facts"] if not _triggers(asked) else ["notice_received"]
            if pulled and (caught is None or _stricter(row, caught)):
                caught = row
            if pulled is None:
                doubt = why
                missing += lacking
        elif narrow and (pulled := _triggered(regime, row, asked)[0]) is not False:
            goods = regime.items[row["item"][0]]["title"]
            asks = f"{row['catch_id']} {'asks' if pulled else 'may ask'} a licence where the goods are {goods}"
            if asked.facts.get(NAMED) == "no":
                note = f"{asks}; taken as other goods"
            else:
                doubt = f"{asks}; whether they are was not said"
                missing.append(NAMED)
    state = "applies" if applies else "exempt" if exempt else "not covered"
    return CatchAll(state, caught, tuple(dict.fromkeys(missing)), doubt, note)


def unasked(regime: Regime, asked: Ask) -> str:
    """A use of concern that was said and that no row of the regime asks about; empty where there is none."""
    known = vocabulary.table_words([regime])["use"]
    said = str(asked.facts.get("catch_all_use") or asked.facts.get("end_use_class") or "")
    wide = (use for use in said.split(";") if use and use != "civil" and not vocabulary.meets(use, known))
    return next(wide, "") if regime.rows["catch_all"] else ""


def _narrower(regime: Regime, row: Row, code: str) -> bool:
    """Whether a row speaks of goods that are part of what the code names, or may be: both part of the goods that no
    list names."""
    outer = next((name for name in OUTSIDE if name in regime.items), None)
    wide = {code, *({outer} if outer in regime.chains[code] else ())}
    return any(wide & set(regime.chains[name][1:]) for name in row["item"] if name in regime.chains)


def _rows(regime: Regime, code: str) -> list[tuple[Row, bool]]:
    """Rows that speak of the item or of goods in general, and whether of the item."""
    key = ("catch_all", code)
    if key not in regime.cache:
        chain = set(regime.chains[code])
        rows = [(row, bool(chain & set(row["item"]))) for row in regime.rows["catch_all"]]
        regime.cache[key] = [
            (row, own) for row, own in rows if own or GENERAL & set(row["item"]) or _narrower(regime, row, code)
        ]
    found: list[tuple[Row, bool]] = regime.cache[key]
    return found


def _triggers(asked: Ask) -> frozenset[str]:
    """The triggers that were said with what they imply, or the one that a listing on an end-user list pulls."""
    said = str(asked.facts.get("catch_all_trigger") or "")
    found = {name for word in said.split(";") if word for name in vocabulary.implied("trigger", word)}
    if asked.lists is not None and any(END_USER_LIST in name for name in asked.lists[0]):
        found.add("end_user_list")
    return frozenset(found)


def _triggered(regime: Regime, row: Row, asked: Ask) -> tuple[Truth, str, tuple[str, ...]]:
    """(whether the row's trigger is pulled, why that cannot be told, the facts that would tell)."""
    said = str(asked.facts.get("catch_all_use") or "")
    uses = [use for use in said.split(";") if use]
    armed = any(vocabulary.meets(use, ("military",)) for use in uses)
    embargo = _embargo(regime, asked) if vocabulary.EMBARGO in row["end_use"] else False
    if _triggers(asked) & set(row["trigger"]):
        if not uses or not row["end_use"] or _alike(uses, row):
            return True, "", ()
        if vocabulary.EMBARGO in row["end_use"] and armed:
            why = f"{row['catch_id']}: whether the place is under an arms embargo was not said"
            return embargo, why, ("arms_embargo",)
        return False, "", ()
    military = vocabulary.meets("military", row["end_use"]) or embargo is not False
    weaker = "suspicion" in _triggers(asked) and "knowledge" in row["trigger"]
    if weaker and (not uses or not row["end_use"] or _alike(uses, row) or (armed and embargo is not False)):
        return None, f"{row['catch_id']} asks knowledge; whether a suspicion is enough is not known", ("end_use",)
    if not uses and asked.facts.get("end_user_class") == "military" and military and "knowledge" in row["trigger"]:
        return None, f"{row['catch_id']}: the user is military, whether the use is was not said", ("end_use",)
    if asked.lists is not None and "end_user_list" in row["trigger"]:
        for known in asked.lists[1:]:
            for name, why in known.items():
                if END_USER_LIST in name:
                    return None, why, ()
    return False, "", ()


def _alike(uses: list[str], row: Row) -> bool:
    return any(vocabulary.meets(use, row["end_use"]) for use in uses)


def _embargo(regime: Regime, asked: Ask) -> Truth:
    """Whether the place is under an arms embargo: as said, or as the group of the regime that names such places."""
    said = {"yes": True, "no": False}.get(str(asked.facts.get("arms_embargo")))
    system = str(regime.rows["regime"][0]["regime"])
    if said is None and (system, ARMS) in regime.groups:
        return member(regime, system, ARMS, asked.destination, asked.day) or None
    return said


def _stricter(first: Row, second: Row) -> bool:
    return schema.strictness(first["kind"]) > schema.strictness(second["kind"])


def _within(regime: Regime, row: Row, names: tuple[str, ...], place: str, day: date) -> Truth:
    return any_of(
        True if name in ("*", place) else bool(row["system"]) and member(regime, row["system"], name, place, day)
        for name in names
    )
