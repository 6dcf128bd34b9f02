"""Goods outside the list: the catch-all applies, exempts or does not cover; a trigger asks for a licence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geoecon.law import schema
from geoecon.law.classify import Truth, any_of, live, member, past
from geoecon.law.matching import Ask
from geoecon.law.regime import Regime
from geoecon.law.schema import Row

GENERAL = frozenset({"UNLISTED", "ANY"})


@dataclass(frozen=True)
class CatchAll:
    state: str  # applies, exempt or not covered
    caught: Row | None = None  # the row whose trigger is met
    missing: tuple[str, ...] = ()  # facts to ask for
    doubt: str = ""


def look(regime: Regime, code: str, asked: Ask) -> CatchAll:
    """What the catch-all says about the place, and whether a trigger catches these goods.

    A row that names only exempt places catches them on its own trigger alone (exempt except on notice).
    """
    day, place = asked.day, asked.destination
    unlisted = regime.items[code]["listed"] == "no"
    applies = exempt = False
    missing: list[str] = []
    caught: Row | None = None
    doubt = ""
    for row, own in _rows(regime, code):
        if not live(row, day):
            continue
        barred = _within(regime, row, row["exempt"], place, day)
        inside = _within(regime, row, row["applies_to"], place, day)
        if past(row, day) or barred is None or (inside is None and not barred):
            doubt = f"{row['catch_id']}: not known for {place} on {day}"
            continue
        exempt = exempt or barred
        covers = bool(inside) and not barred
        applies = applies or covers
        if own and (covers or (barred and not row["applies_to"])):
            if unlisted and covers and _trigger(asked) is None:
                missing += row["missing_facts"]
            if _triggered(row, asked) and (caught is None or _stricter(row, caught)):
                caught = row
    state = "applies" if applies else "exempt" if exempt else "not covered"
    return CatchAll(state, caught, tuple(dict.fromkeys(missing)), doubt)


def _rows(regime: Regime, code: str) -> list[tuple[Row, bool]]:
    """Rows that speak of the item or of goods in general, and whether of the item."""
    key = ("catch_all", code)
    if key not in regime.cache:
        chain = set(regime.chains[code])
        rows = [(row, bool(chain & set(row["item"]))) for row in regime.rows["catch_all"]]
        regime.cache[key] = [(row, own) for row, own in rows if own or GENERAL & set(row["item"])]
    found: list[tuple[Row, bool]] = regime.cache[key]
    return found


def _trigger(asked: Ask) -> str | None:
    """The trigger that was said, or the one that a listing on an end-user list pulls."""
    said = asked.facts.get("catch_all_trigger")
    if said is None and asked.lists is not None and any("end-user-list" in name for name in asked.lists[0]):
        return "end_user_list"
    return None if said is None else str(said)


def _triggered(row: Row, asked: Ask) -> bool:
    use = asked.facts.get("catch_all_use")
    return _trigger(asked) in row["trigger"] and (use is None or not row["end_use"] or use in row["end_use"])


def _stricter(first: Row, second: Row) -> bool:
    return schema.strictness(first["kind"]) > schema.strictness(second["kind"])


def _within(regime: Regime, row: Row, names: tuple[str, ...], place: str, day: date) -> Truth:
    return any_of(
        True if name in ("*", place) else bool(row["system"]) and member(regime, row["system"], name, place, day)
        for name in names
    )
