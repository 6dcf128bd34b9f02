"""Which licence a shipment needs on one day, or over time, by every regime that binds the exporter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from geoecon import countries
from geoecon.errors import InputError
from geoecon.law import asked_facts, instants, items, list_numbers, over_time, schema, vocabulary
from geoecon.law.abroad import ABROAD, days_abroad, with_reach
from geoecon.law.answer import Licence, LicenceStates
from geoecon.law.facts import Facts
from geoecon.law.places import elsewhere, meant, not_entered, place_of, reading, region_of
from geoecon.law.read_regimes import load_regimes, regimes_of
from geoecon.law.regime import Regime
from geoecon.law.schema import UNKNOWN
from geoecon.law.several import by_choice, joint, joint_history, kind_in_words, narrower, told_apart

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoecon.law.facts import Fact


Regimes = Regime | Mapping[str, Regime] | None
Read = TypeVar("Read")


def licence(regimes: Regimes = None, *, item: str, destination: str, on: date | str, exporter: str | None = None,
            strict: bool = False, known_on: date | str | None = None, facts: Facts | None = None,
            **more: Fact) -> Licence:  # fmt: skip
    """The licence that a shipment needs on a day, with kind, ground, clauses and the facts that are missing.

    `regimes` is one regime or several by id (all built-in ones if None; then `exporter` chooses). Places are codes or
    names; `item` is a code, a name, a list number, a customs code or a trade name: where it may be several items, the
    answer holds `choices`. Further facts come as keywords or in `facts` (wt_pct=49, exporter_icp="yes", party="…",
    end_use="military"). With `strict` an answer that is unknown or presumed is an InputError; `known_on` hides what
    became public later. Not legal advice.

    >>> licence(load_regimes("jpn")["JPN"], item="hydrogen fluoride", destination="South Korea", on="2019-07-04").kind
    'individual'
    """
    places, targets, day, said = _asked(regimes, exporter, destination, on, {**(facts or {}), **more})
    apart = not_entered(region_of(exporter)) if exporter else ""
    if apart:
        return Licence(places[0], item, targets[0], day, UNKNOWN, item, exporter=places[0],
                       reasons=(f"not entered: {apart}",))  # fmt: skip
    unused = _unused(regimes, item, places, said)
    answers = {
        (place, target): between(regimes, item, place, target, day, said, known_on)
        for place in places for target in targets
    }  # fmt: skip
    answer = next(iter(answers.values())) if len(answers) == 1 else _which_place(answers, exporter, destination)
    told = tuple(filter(None, (reading(str(name)) for name in (exporter, destination) if name)))
    answer = replace(answer, also=(*answer.also, *told)) if told and len(answers) == 1 else answer
    if len(answers) == 1 and answer.code in list_numbers.WHOLE:
        own = (list_numbers.reading(regime, item) for regime in _every(regimes) if regime.id == answer.regime)
        answer = replace(answer, reasons=(*answer.reasons, *filter(None, own)))
    if len(answers) == 1:
        own = (note for regime in chosen(regimes, answer.exporter) for note in narrower(regime, answer, said))
        answer = replace(answer, reasons=(*answer.reasons, *own))
    if unused:
        why = f"not used: {', '.join(unused)}, which no rule asks of these goods"
        answer = replace(answer, reasons=(*answer.reasons, why))
    if strict and not answer.known:
        raise InputError(answer.sentence() + " Allowed under strict: a day and facts that the tables cover")
    return answer


def _unused(regimes: Regimes, item: str, places: Sequence[str], said: Facts) -> tuple[str, ...]:
    """Facts that no rule asks of the item, whichever of the states and items is meant. Raises InputError for those that
    no rule of the regimes asks at all."""
    if not said:
        return ()
    bound = [pair for place in places if (binding := chosen(regimes, place))
             for pairs in items.choices_of(binding, item, None).values() for pair in pairs]  # fmt: skip
    if not bound:
        return ()
    asked_facts.refuse_unasked(item, bound, said, _every(regimes))
    return asked_facts.unused(item, bound, said, _every(regimes))


def between(
    regimes: Regimes, item: str, place: str, target: str, day: date, said: dict[str, Any], known_on: date | str | None
) -> Licence:
    """The answer between two states."""
    binding = chosen(regimes, place)
    if not binding:
        why = f"no table covers exporters of {countries.name(place)}"
        bare = Licence(place, item, target, day, UNKNOWN, item, exporter=place, reasons=(why,))
        return with_reach(regimes, bare, item, place, target, day, said)
    if known_on is not None:
        binding = [regime.as_known_on(to_day(known_on)) for regime in binding]
    said = items.with_own_facts(binding, item, said)
    found = items.choices_of(binding, item, day)
    answer = with_reach(regimes, by_choice(found, item, target, place, said, day), item, place, target, day, said)
    if not (answer.choices and ABROAD & said.keys()):
        return answer
    each = (with_reach(regimes, joint(bound, target, place, said, day), item, place, target, day, said)
            for bound in told_apart(found, said, day).values())  # fmt: skip
    told = zip(answer.choices, each, strict=True)
    return replace(answer, choices=tuple((code, title, kind_in_words(one)) for (code, title, _), one in told))


def _which_place(answers: Mapping[tuple[str, str], Licence], exporter: str | None, destination: str) -> Licence:
    """Unknown where a name is that of several states, with an answer for each."""
    side = 0 if len({pair[0] for pair in answers}) > 1 else 1
    fact, written = (("exporter", exporter), ("destination", destination))[side]
    told = tuple({pair[side]: (pair[side], countries.name(pair[side]), kind_in_words(answer))
                  for pair, answer in answers.items()}.values())  # fmt: skip
    shown = ", ".join(f"{code} ({name}: {kind})" for code, name, kind in told)
    first, why = next(iter(answers.values())), f"{written} may be {len(told)} states: {shown}"
    return Licence(first.regime, first.item, first.destination, first.on, UNKNOWN, first.code, exporter=first.exporter,
                   choices=told, missing=(fact,), reasons=(why,))  # fmt: skip


def licence_history(regimes: Regimes = None, *, item: str, destination: str, exporter: str | None = None,
                    known_on: date | str | None = None, facts: Facts | None = None,
                    **more: Fact) -> LicenceStates:  # fmt: skip
    """The licence state over time as a step function, from the first day covered to what is known, then unknown.

    Arguments as `licence`. A day of it is what `licence` answers for that day.
    """
    places, targets, _, said = _asked(regimes, exporter, destination, date.max, {**(facts or {}), **more})
    if len(places) > 1 or len(targets) > 1:
        place_of(str(exporter) if len(places) > 1 else destination)  # refuses, naming each
    place, target = places[0], targets[0]
    binding = chosen(regimes, place)
    if not binding and not ABROAD & said.keys():
        covered = sorted(name for known in load_regimes().values() for name in known.places)
        raise InputError(f"no table covers exporters of {place}; allowed: " + ", ".join(covered))
    if known_on is not None:
        binding = [regime.as_known_on(to_day(known_on)) for regime in binding]
    found = items.choices_of(binding, item, None) if binding else {}
    for bound in found.values():
        asked_facts.refuse_unasked(item, bound, said, _every(regimes))
    own = items.with_own_facts(binding, item, said)
    if ABROAD & said.keys():
        days = days_abroad(regimes, item, target, place, own)
        days |= {start for bound in found.values() for start, _, _ in joint_history(bound, target, place, own).steps}
        every = [(day, between(regimes, item, place, target, day, said, known_on)) for day in sorted(days)]
        sources = frozenset[str]().union(*(known.sources for _, known in every))
        return LicenceStates(every[0][1].regime, item, target, over_time.joined(every), sources, tuple(every))
    if len(found) > 1:
        shown = ", ".join(f"{code} ({bound[0][0].items[bound[0][1]]['title']})" for code, bound in found.items())
        raise InputError(f"item {item!r} may be several items; allowed: one of {shown}")
    (bound,) = found.values()
    return joint_history(bound, target, place, own)


def history(regime: Regime, code: str, destination: str, exporter: str, said: Facts) -> LicenceStates:
    """`licence_history` of one regime and a code of it, without checks of the arguments. Kept with the regime."""
    return over_time.history(regime, code, destination, exporter, said)


# --- arguments -------------------------------------------------------------------------------------------------


def _asked(
    regimes: Regimes, exporter: str | None, destination: str, on: date | str, facts: Facts
) -> tuple[tuple[str, ...], tuple[str, ...], date, dict[str, Any]]:
    """The arguments read, each place as the states that it may be: all faults in one message."""
    faults: list[str] = []

    def read(what: Callable[[], Read]) -> Read | None:
        try:
            return what()
        except InputError as error:
            faults.extend(str(fault) for fault in error.faults)
            return None

    source = read(lambda: _exporter(regimes, exporter))
    target = read(lambda: to_places("destination", destination))
    day = read(lambda: to_day(instants.at_places(on, source or ())))
    part = region_of(destination) if target else ""
    facts = {**facts, "region": part} if part else facts
    said = read(lambda: vocabulary.checked(facts, _every(regimes))) if facts else {}
    wrong = [elsewhere(said or {}, place) for place in target or ()]
    if wrong and all(wrong):
        faults.append(f"region and destination: {wrong[0]}; allowed: the destination of which it is a part")
    if faults or source is None or target is None or day is None or said is None:
        raise InputError(faults)
    return source, target, day, said


def _every(regimes: Regimes) -> list[Regime]:
    mine = [regimes] if isinstance(regimes, Regime) else list((regimes or {}).values())
    return list({id(regime): regime for regime in (*mine, *load_regimes().values())}.values())


def to_day(on: date | str) -> date:
    """A day from ISO text. Raises InputError, with what a serial number or 04/07/2019 may have meant, and for a stamp
    with a time of day: the law goes by the day at the exporter's place."""
    if isinstance(on, datetime):
        raise InputError(f"day {on.isoformat()!r}; allowed: a day at the exporter's place, such as {on.date()}")
    if isinstance(on, date):
        return on
    try:
        if len(on) != 10:
            raise ValueError
        return date.fromisoformat(on)
    except (ValueError, TypeError):
        raise InputError(f"day {on!r}; allowed: {schema.day_advice(str(on))}") from None


def to_places(argument: str, text: str) -> tuple[str, ...]:
    """The codes of the states that a code or name may mean. Raises InputError naming near ones."""
    try:
        return meant(text)
    except InputError as error:
        raise InputError(f"{argument}: {error}") from None


def _exporter(regimes: Regimes, exporter: str | None) -> tuple[str, ...]:
    if exporter is not None:
        found = to_places("exporter", exporter)
        inside = tuple(place for place in found if not isinstance(regimes, Regime) or place in regimes.places)
        if isinstance(regimes, Regime) and not inside:
            allowed = ", ".join(sorted(regimes.places - {"EUU"}))
            raise InputError(f"exporter {exporter!r} of {regimes.title}; allowed: {allowed}")
        return inside
    places = sorted(regimes.places - {"EUU"}) if isinstance(regimes, Regime) else []
    if len(places) == 1:
        return (places[0],)
    allowed = ", ".join(places) or "the code or name of the exporter's country"
    raise InputError(f"exporter is missing; allowed: {allowed}")


def chosen(regimes: Regimes, place: str) -> list[Regime]:
    """The regimes that bind exporters of a place."""
    return [regimes] if isinstance(regimes, Regime) else regimes_of(place, regimes)
