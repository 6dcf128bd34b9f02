"""What regimes ask of goods that they follow abroad: never less than they would ask alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from geoecon.errors import InputError
from geoecon.law import items, over_time, reach, schema
from geoecon.law.answer import Licence
from geoecon.law.classify import live
from geoecon.law.list_numbers import WHOLE
from geoecon.law.read_regimes import load_regimes
from geoecon.law.regime import Regime
from geoecon.law.schema import UNKNOWN
from geoecon.law.several import of_choices

ABROAD = frozenset(("origin", "made_with_technology"))  # facts by which another regime may reach the goods
OTHER_LIST = "item_abroad"
Regimes = Regime | Mapping[str, Regime] | None


def with_reach(
    regimes: Regimes, answer: Licence, item: str, place: str, target: str, day: date,
    said: dict[str, Any],
) -> Licence:  # fmt: skip
    """The answer with what regimes say that follow the goods abroad. Where one reaches them for certain and asks more
    than the exporter's own, or what it asks is not known, its answer decides, with the other beside it.

    Raises InputError where `item_abroad` is said of goods that no other regime follows, or that no such regime knows.
    """
    if not ABROAD & said.keys():
        if OTHER_LIST in said:
            raise InputError(f"fact {OTHER_LIST} = {said[OTHER_LIST]}; allowed: beside {' or '.join(sorted(ABROAD))}")
        return answer
    every = _every(regimes)
    follow = [one for one in _following(every, said) if one.id != answer.regime]
    told = str(said.get(OTHER_LIST) or "")
    if told and follow and not any(items.choices(regime, told) for regime in follow):
        raise items.refusal(follow, told)
    best, party = answer, list(answer.party)
    for regime in follow:
        if {place, target} & regime.places:
            continue
        other = asked_by(regime, item, place, target, day, said)
        if other is None:
            continue
        party += [line for line in other.party if line not in party]
        if demand(other) > demand(best):
            home = f"{best.regime}: {best.kind}, {best.clause or best.reasons[0]}"
            best = replace(other, also=(*best.also, home))
        best = replace(best, missing=tuple(dict.fromkeys((*best.missing, *other.missing))))
    notes = reach.notes(every, answer.regime, item, target, place, said, day)
    return replace(best, reach=notes, party=tuple(party))


def _every(regimes: Regimes) -> Mapping[str, Regime]:
    return regimes if isinstance(regimes, Mapping) else load_regimes() if regimes is None else {}


def _following(every: Mapping[str, Regime], said: Mapping[str, Any]) -> list[Regime]:
    """The regimes of the places from which goods or their technology come."""
    places = {str(said.get(name)) for name in ABROAD}
    return [regime for regime in every.values() if places & regime.places]


def days_abroad(regimes: Regimes, item: str, target: str, place: str, said: Mapping[str, Any]) -> set[date]:
    """Days on which what regimes ask of goods that they follow abroad may change."""
    found = set[date]()
    for regime in _following(_every(regimes), said):
        rows = list(regime.rows["reach"])
        ids = {row["reach_id"] for row in rows}
        rows += [row for row in regime.rows["suspension"] if row["target"] in ids]
        found |= {row[name] for row in rows for name in over_time.DATES if row.get(name) is not None}
        found |= {row["known_through"] + over_time.DAY for row in rows if row["known_through"] is not None}
        for code in reach.codes_of(regime, item, said):
            if code in regime.items:
                own = items.with_own_facts([regime], item, said)
                found |= {start for start, _, _ in over_time.history(regime, code, target, place, own).steps}
    return found


def demand(answer: Licence) -> tuple[int, int]:
    """Answers by what they let nobody do without: a ban, a licence, then what is not known, then what is lighter."""
    highest = schema.strictness("individual")
    kind = 2 * highest - 1 if answer.kind == UNKNOWN else 2 * schema.strictness(answer.kind)
    return kind, answer.verdict_of.severity


def asked_by(
    regime: Regime, item: str, place: str, target: str, day: date, said: Mapping[str, Any]
) -> Licence | None:  # fmt: skip
    """What a regime asks of goods that it reaches for certain; None where it reaches none that they may be."""
    codes = reach.codes_of(regime, item, said)
    own = items.with_own_facts([regime], item, said)
    rows = {code: reach.sure(regime, code, target, place, own, day) for code in codes}
    if not any(rows.values()):
        return None
    vague = WHOLE if OTHER_LIST not in said else ()  # on the list: which item of it was not said
    answers = {
        code: _of_code(regime, code, target, place, own, day, rows[code], code in vague) if rows[code]
        else _without(regime, code, target, place, day, "none", "does not follow them")
        for code in codes
    }  # fmt: skip
    every = sorted({row.kind.replace("_", " ") for found in rows.values() for row in found})
    why = f"{regime.title} reaches these goods ({', '.join(every)})"
    if len(answers) == 1:
        one = next(iter(answers.values()))
        first = f"{why}; {one.reasons[0]}" if one.kind == UNKNOWN else why
        return replace(one, reasons=(first, *one.reasons[one.kind == UNKNOWN :]))
    titles = {code: str(regime.items[code]["title"]) for code in codes}
    found = of_choices(answers, titles, item)
    why = why if all(rows.values()) else why.replace("reaches", "may reach")
    shown = ", ".join(f"{code} ({one.kind.replace('_', ' ')})" for code, one in answers.items())
    return replace(found, choices=(), reasons=(f"{why}; in its list they may be {shown}", *found.reasons[1:]),
                   missing=(OTHER_LIST, *(name for name in found.missing if name != "item")))  # fmt: skip


def _of_code(
    regime: Regime, code: str, target: str, place: str, said: Mapping[str, Any], day: date,
    rows: Sequence[reach.Reached], vague: bool,
) -> Licence:  # fmt: skip
    """What a regime asks of an item that it reaches: by all its rules, or by those alone that bind whoever ships."""
    if code not in regime.items:
        return _without(regime, code, target, place, day, UNKNOWN, f"no row of {regime.title} names these goods")
    found = over_time.answer(regime, code, target, place, said, day)
    if found.kind == UNKNOWN or any(not row.rules for row in rows):
        return found
    bind = [name for row in rows for name in row.rules if live(regime.rules[name], day)]
    if found.ground in bind:
        return found
    narrow = [name for name in bind if code not in regime.rules[name]["item"]]
    if vague and narrow:
        why = f"whether they are goods of {' or '.join(narrow)} is not known"
        return _without(regime, code, target, place, day, UNKNOWN, why)
    why = f"its rules for goods sent on from abroad ({', '.join(bind) or 'none in force'}) ask nothing"
    return replace(_without(regime, code, target, place, day, "none", why), missing=found.missing)


def _without(
    regime: Regime, code: str, target: str, place: str, day: date, kind: str, why: str
) -> Licence:  # fmt: skip
    """An answer of a regime that no row of it gives."""
    return Licence(regime.id, code, target, day, kind, code, exporter=place, reasons=(why,))
