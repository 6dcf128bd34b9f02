"""Answers of one regime over time: the days on which they may change, the step function, and what was last known."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from geoecon.law import buyer_kinds, parties, presumed, watch
from geoecon.law.answer import Licence, LicenceStates
from geoecon.law.classify import membership, outside_code, possible_codes
from geoecon.law.facts import Facts
from geoecon.law.matching import candidates
from geoecon.law.one_day import on_day
from geoecon.law.regime import Regime

DAY = timedelta(days=1)
FEW = 64  # answers to the same facts that are kept at once
KEPT = 200_000  # answers that are kept with a regime before it starts anew
FACTS = ("facts",)  # the question under which they are kept
DATES = ("valid_from", "valid_to", "from_latest", "to_latest", "announced", "known_from")


# the fields that make a step of the licence state
STATE = (
    "kind", "code", "ground", "fallback", "licence_type", "review_policy", "catch_all", "groups", "suspended",
    "announced", "missing", "presumed", "choices",
)  # fmt: skip


def same_state(first: Licence, second: Licence) -> bool:
    """Whether two days give the same state, so that the step between them is none."""
    return all(getattr(first, name) == getattr(second, name) for name in STATE)


def answer(regime: Regime, code: str, destination: str, exporter: str, said: Facts, day: date) -> Licence:
    """The answer on a day: known, presumed where what was last read may be taken to hold on, or unknown."""
    found = _asked(regime, code, destination, exporter, said, day)
    if not found.known:
        found = presumed.presume(regime, found, said,
                                 lambda: last_known(regime, code, destination, exporter, said, day))  # fmt: skip
    return _with_coming(regime, found)


def _with_coming(regime: Regime, found: Licence) -> Licence:
    coming = presumed.coming(regime, found) if found.ground is not None else ()
    return replace(found, coming=coming) if coming else found


def history(regime: Regime, code: str, destination: str, exporter: str, said: Facts) -> LicenceStates:
    """The answers as a step function. Kept with the regime."""
    key = ("history", code, destination, exporter, tuple(sorted((name, str(value)) for name, value in said.items())))
    if key not in regime.cache:
        if len(regime.cache) > KEPT:
            numbers = {name: regime.cache[name] for name in buyer_kinds.NUMBERS if name in regime.cache}
            regime.cache.clear()
            regime.cache.update(numbers)
        found = _walk(regime, code, destination, exporter, said)
        sources = frozenset[str]().union(*(known.sources for _, known in found))
        regime.cache[key] = LicenceStates(regime.id, code, destination, joined(found), sources, tuple(found))
    states: LicenceStates = regime.cache[key]
    return states


def joined(found: Sequence[tuple[date, Licence]]) -> tuple[tuple[date, date | None, Licence], ...]:
    """Answers on the days of change as steps: neighbours of the same state are one."""
    kept: list[tuple[date, Licence]] = []
    for day, known in found:
        if not kept or not same_state(kept[-1][1], known):
            kept.append((day, known))
    ends = [day for day, _ in kept[1:]] + [None]
    return tuple((day, end, known) for (day, known), end in zip(kept, ends, strict=True))


def _walk(regime: Regime, code: str, destination: str, exporter: str, said: Facts) -> list[tuple[date, Licence]]:
    """The answer on every day of change, on those of the watch list, and on the day from which nothing is presumed."""
    days = change_days(regime, code, destination, exporter, said)
    if regime.presumes:
        rules = {rule.id for rule in candidates(regime, code, destination, exporter, said.get("parent_place"))}
        days = sorted({*days, *(day for day in presumed.change_days(regime, rules) if day >= regime.valid_from)})
    else:
        days = [day for day in days if day <= regime.known_through + DAY]
    found: list[tuple[date, Licence]] = []
    last: tuple[date, Licence] | None = None
    known: Licence | None = None

    def ask(day: date) -> Licence:
        plain = on_day(regime, code, destination, exporter, said, day)
        return _with_coming(regime, plain if plain.known else presumed.presume(regime, plain, said, lambda: last))

    for day in days:
        last = (day - DAY, known) if known is not None else last
        found.append((day, ask(day)))
        known = found[-1][1] if found[-1][1].known else None
    if last is not None and regime.presumes:
        end = presumed.years_after(last[0]) + DAY
        if end not in days:
            found = sorted([*found, (end, ask(end))], key=lambda step: step[0])
    return found


def change_days(regime: Regime, code: str, destination: str, exporter: str, said: Facts) -> list[date]:
    """Days on which the answer may change, in order: every date of every row that may bear on the shipment."""
    days = goods_days(regime, code, destination, exporter, said.get("parent_place")) | parties.change_days(regime, said)
    return sorted(day for day in days if regime.valid_from <= day)


def goods_days(regime: Regime, code: str, destination: str, exporter: str, parent: str | None) -> frozenset[date]:
    """Days on which the answer may change whoever the buyer is. Kept with the regime."""
    destination = regime.like(destination)
    key = ("change_days", code, destination, exporter, parent)
    if key not in regime.cache:
        codes = possible_codes(regime, code)
        rules = [rule.row for rule in candidates(regime, code, destination, exporter, parent)]
        outer = outside_code(regime, code)
        if outer is not None and any("none" in (row["kind"], row["fallback_kind"]) for row in rules):
            rules += [rule.row for rule in candidates(regime, outer, destination, exporter, parent)]
        rows = [*rules, *(regime.items[name] for name in codes), *regime.rows["catch_all"]]
        rows += [row for row in regime.rows["gap"] if row["place"] in (None, "*", destination)]
        rows += [row for row in regime.rows["authority"] if row["place"] == exporter]
        rows += [row for name in codes for row in regime.params.get(name, ())]
        kinds = {row[name] for row in rows for name in ("licence_type", "fallback_type") if row.get(name)}
        rows += [row for kind in kinds for row in regime.types.get(kind, ())]
        targets = {rule["rule_id"] for rule in rules} | codes
        rows += [row for row in regime.rows["suspension"] if row["target"] in targets]
        days = {row[name] for row in rows for name in DATES if row.get(name) is not None}
        for place in (destination, parent) if parent else (destination,):
            days |= {edge for name in regime.groups_near(place) for edge in membership(regime, *name, place)[0]}
        days |= {row["known_through"] + DAY for row in rows if row.get("known_through") is not None}
        regime.cache[key] = frozenset(days | {regime.valid_from, regime.known_through + DAY})
    found: frozenset[date] = regime.cache[key]
    return found


def law_days(regime: Regime, code: str, destination: str, exporter: str, parent: str | None) -> list[date]:
    """Days on which the answer, or what is presumed of it, may change whoever the buyer is, in order. Kept with the
    regime."""
    destination = regime.like(destination)
    key = ("law_days", code, destination, exporter, parent)
    if key not in regime.cache:
        days = {*goods_days(regime, code, destination, exporter, parent), *(c.day for c in watch.changes(regime.id))}
        days |= {presumed.years_after(day - DAY) + DAY for day in list(days) if date.min < day and day.year < 9000}
        regime.cache[key] = sorted(days)
    found: list[date] = regime.cache[key]
    return found


def last_known(
    regime: Regime, code: str, destination: str, exporter: str, said: Facts, day: date
) -> tuple[date, Licence] | None:
    """The last day before with a known answer, and an answer of that kind and ground; None where there is none."""
    kept, question = _kept(regime, said), ("last", code, destination, exporter, day)
    if question not in kept:
        kept[question] = _last_known(regime, code, destination, exporter, said, day)
    found: tuple[date, Licence] | None = kept[question]
    return found


def _last_known(
    regime: Regime, code: str, destination: str, exporter: str, said: Facts, day: date
) -> tuple[date, Licence] | None:
    for change in reversed(change_days(regime, code, destination, exporter, said)):
        before = change - DAY
        if change <= day and before >= regime.valid_from:
            found = alike(regime, code, destination, exporter, said, before)
            if found.known:
                return before, found
    return None


def alike(regime: Regime, code: str, destination: str, exporter: str, said: Facts, day: date) -> Licence:
    """An answer of the kind and on the ground of the one on a day: that of a day of the same law for a buyer of whom
    the lists say the same. Kept with the regime."""
    place, parent = regime.like(destination, exporter), said.get("parent_place")
    facts = _facts(regime, said)
    days = ("days", code, place, exporter, parent)
    if days not in regime.cache:
        regime.cache[days] = sorted(goods_days(regime, code, place, exporter, parent))
    turn = bisect_right(regime.cache[days], day)
    key = ("alike", code, place, exporter, facts, turn, buyer_kinds.said_of(regime, said, day, destination))
    if key not in regime.cache:
        regime.cache[key] = _asked(regime, code, destination, exporter, said, day)
    found: Licence = regime.cache[key]
    return found


def _facts(regime: Regime, said: Facts) -> tuple[tuple[str, str], ...]:
    """The facts but for who the buyer is. Kept with what was found for them."""
    kept = _kept(regime, said)
    if FACTS not in kept:
        rest = (pair for pair in said.items() if pair[0] not in ("party", "party_place"))
        kept[FACTS] = tuple(sorted((name, str(told)) for name, told in rest))
    found: tuple[tuple[str, str], ...] = kept[FACTS]
    return found


def _asked(regime: Regime, code: str, destination: str, exporter: str, said: Facts, day: date) -> Licence:
    """The answer on a day as the tables say it; those to the last facts are kept with the regime, to be asked again."""
    kept, question = _kept(regime, said), (code, destination, exporter, day)
    if question not in kept:
        kept[question] = on_day(regime, code, destination, exporter, said, day)
    found: Licence = kept[question]
    return found


def _kept(regime: Regime, said: Facts) -> dict[tuple[Any, ...], Any]:
    """What was found for the facts that were asked of last, by the rest of the question."""
    last = regime.cache.get("asked")
    if last is None or last[0] is not said or len(last[1]) > FEW:
        last = regime.cache["asked"] = said, {}
    found: dict[tuple[Any, ...], Any] = last[1]
    return found
