"""Between known and unknown: what was last read is presumed to hold while nothing is announced, suspended or reported
between the last reading and the day. Presumed is never known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta

from geoecon.law import watch
from geoecon.law.answer import Licence
from geoecon.law.facts import Facts
from geoecon.law.one_day import on_day
from geoecon.law.question import GAP
from geoecon.law.regime import Regime, opened
from geoecon.law.schema import Row

DAY = timedelta(days=1)
YEARS = 5  # after so many years without a reading nothing is presumed
DATES = ("valid_from", "valid_to")


def presume(
    regime: Regime, unknown: Licence, said: Facts, last: Callable[[], tuple[date, Licence] | None]
) -> Licence:  # fmt: skip
    """The answer that may be presumed in place of an unknown one, or the unknown one with what stands against it.

    `last` finds the last day before with a known answer, and that answer.
    """
    day = unknown.on
    if day <= first_horizon(regime):
        return unknown
    ask = (unknown.item, unknown.destination, unknown.exporter, said)
    found = last()
    told = f"{found[1].kind} until {found[0].isoformat()}" if found else None
    unknown = replace(unknown, last_known=told)
    if not regime.presumes or day < regime.valid_from or (found and day > years_after(found[0])):
        return unknown
    if unknown.reasons[0] == GAP and found is None:  # no row at all, whatever was read
        return unknown
    guess = on_day(opened(regime), *ask, day)
    if not guess.known:
        return replace(unknown, reasons=guess.reasons, announced=guess.announced, suspended=guess.suspended,
                       reported=guess.reported, missing=guess.missing)  # fmt: skip
    read, before = found or (_last_reading(regime, guess), guess)
    if day <= read or day > years_after(read):
        return unknown
    between = list(_between(regime, before, guess, read, day))
    if between:
        return replace(unknown, reasons=(*between, *unknown.reasons))
    why = f"last read {read.isoformat()}; no change looked for since"
    return replace(guess, presumed=True, known_through=read, last_known=told, reasons=(*guess.reasons, why))


def first_horizon(regime: Regime) -> date:
    """The earliest day through which any row was checked: up to it nothing is unknown for want of a reading."""
    if "first_horizon" not in regime.cache:
        tables = ("regime", "licence_rule", "control_item", "item_param", "group_member", "place_group", "catch_all",
                  "suspension", "party_list")  # fmt: skip
        days = [row["known_through"] for table in tables for row in regime.rows[table] if row["known_through"]]
        regime.cache["first_horizon"] = min(days, default=date.max)
    first: date = regime.cache["first_horizon"]
    return first


def _last_reading(regime: Regime, guess: Licence) -> date:
    """The day of the last reading of the row that decides, where no answer was ever known (a party, say)."""
    rule = regime.rules.get(guess.ground or "")
    days: list[date | None] = [regime.known_through, regime.items[guess.code]["known_through"]]
    days.append(rule["known_through"] if rule is not None else None)
    return min(day for day in days if day is not None)


def years_after(day: date) -> date:
    return date(day.year + YEARS, day.month, min(day.day, 28))


def _between(regime: Regime, before: Licence, guess: Licence, read: date, day: date) -> Iterable[str]:
    """What is announced, suspended or reported after the last reading and up to the day, for the rows that decide."""
    deciding = {before.ground, guess.ground}
    touched = {name for name in deciding if name} | set(guess.reported)
    for name in (*guess.suspended, *guess.announced):
        if name in regime.rules:
            touched.add(name)
    for name in sorted(touched):
        row = regime.rules.get(name)
        for column in DATES if row is not None else ():
            edge = row[column] if row is not None else None
            if edge is not None and read < edge <= day:
                yield f"{name} {'begins' if column == 'valid_from' else 'ends'} on {edge}, after the last reading"
    for row in regime.rows["suspension"]:
        if row["target"] in touched:
            yield from _suspension(row, read, day)
    for change in watch.changes(regime.id, read - DAY, day):  # what began on the day of the reading was not read
        if any(change.touches(name) for name in deciding):
            yield f"{change}, after the last reading of {read.isoformat()}"
    if before.kind != guess.kind and before.ground == guess.ground:
        yield f"{guess.ground} says {guess.kind} on this day and {before.kind} on {read}"


def _suspension(row: Row, read: date, day: date) -> Iterable[str]:
    for column in DATES:
        edge = row[column]
        if edge is not None and read < edge <= day:
            state = row["state"].replace("_", " ")
            edge_word = "from" if column == "valid_from" else "until"
            yield f"{row['target']} {state} {edge_word} {edge} ({row['suspension_id']}), after the last reading"


def coming(regime: Regime, answer: Licence) -> tuple[str, ...]:
    """Changes after the day that touch the row that decides, nearest first."""
    return tuple(str(change) for change in _touching(regime, answer.ground) if change.day > answer.on)


def _touching(regime: Regime, ground: str | None) -> list[watch.Change]:
    key = ("touching", ground)
    if key not in regime.cache:
        regime.cache[key] = [change for change in watch.changes(regime.id) if change.touches(ground)]
    found: list[watch.Change] = regime.cache[key]
    return found


def change_days(regime: Regime, rules: set[str]) -> set[date]:
    """Days of the watch list that touch one of the rules: a presumption may end there."""
    return {change.day for change in watch.changes(regime.id) if "*" in change.rules or change.rules & rules}
