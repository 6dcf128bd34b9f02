"""One answer of several: of every regime that binds the place, and of every item that a word may mean; on a day or over
time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from geoecon.law import over_time, schema
from geoecon.law.answer import Licence, LicenceStates
from geoecon.law.classify import OUTSIDE, classify, meets_limits
from geoecon.law.facts import Facts
from geoecon.law.items import customs_digits
from geoecon.law.regime import Regime
from geoecon.law.schema import UNKNOWN

Bound = Sequence[tuple[Regime, str]]  # regimes that bind the exporter, each with the item as it calls it


def by_choice(
    found: Mapping[str, Bound], item: str, destination: str, exporter: str, said: Facts, day: date
) -> Licence:
    """The answer for the one item that was meant, or unknown with an answer for each that it may be."""
    found = told_apart(found, said, day)
    answers = {code: joint(bound, destination, exporter, said, day) for code, bound in found.items()}
    if len(answers) == 1:
        return next(iter(answers.values()))
    return of_choices(answers, titles_of(found), item)


def told_apart(found: Mapping[str, Bound], said: Facts, day: date) -> Mapping[str, Bound]:
    """The items of a word that the facts leave: none that they lead to another of them, none outside the list where
    they meet the limits of one."""
    if len(found) < 2 or not said:
        return found
    firsts = {code: bound[0] for code, bound in found.items()}
    leads = {code: classify(regime, own, said, day)[0] for code, (regime, own) in firsts.items() if own in regime.items}
    met = any(meets_limits(regime, own, said, day) for regime, own in firsts.values())
    gone = {code for code, own in leads.items() if own != code and own in found} | (set(OUTSIDE) if met else set())
    left = {code: bound for code, bound in found.items() if code not in gone}
    return left or found


def titles_of(found: Mapping[str, Bound]) -> dict[str, str]:
    """What each item that a word may mean is called."""
    return {code: str(bound[0][0].items[bound[0][1]]["title"]) for code, bound in found.items()}


def of_choices(answers: Mapping[str, Licence], titles: Mapping[str, str], item: str) -> Licence:
    """Unknown with an answer for each item that was meant; where all have one kind, the mildest of them. That no item
    of a customs code needs a licence does not settle it: other entries may hold the goods."""
    first = next(iter(answers.values()))
    told = tuple((code, titles[code], kind_in_words(answer)) for code, answer in answers.items())
    shown = ", ".join(f"{code} ({kind})" for code, _, kind in told)
    why = f"{item} may be {len(told)} items: {shown}"
    kinds = {answer.kind for answer in answers.values()}
    coded = "customs code" in item or bool(customs_digits(item))  # a code names no goods
    if len(kinds) == 1 and kinds <= {"individual", "prohibited"} | ({"none"} if not coded else set()):
        mildest = min(answers.values(), key=lambda one: (one.verdict_of.severity, not one.presumed))
        presumed = any(answer.presumed for answer in answers.values())
        why += ": none needs it" if kinds == {"none"} else ": each needs it"
        return replace(mildest, item=item, choices=told, missing=("item", *mildest.missing), presumed=presumed,
                       reasons=(why, *mildest.reasons))  # fmt: skip
    if kinds == {"none"}:
        why += "; another entry of the list may hold such goods"
    destination, day, exporter = first.destination, first.on, first.exporter
    return Licence(first.regime, item, destination, day, UNKNOWN, item, exporter=exporter, choices=told,
                   reasons=(why,), missing=("item",), party=first.party, known_through=first.known_through)  # fmt: skip


def kind_in_words(answer: Licence) -> str:
    return answer.kind + (" (presumed)" if answer.presumed else "")


def joint(bound: Bound, destination: str, exporter: str, said: Facts, day: date) -> Licence:
    """The answer by every regime that binds the place: the strictest, with what the others say beside it."""
    return _of_all([
        [over_time.answer(regime, code, destination, exporter, said, day) for code in codes.split("|")]
        for regime, codes in bound
    ])  # fmt: skip


def _of_all(every: Sequence[Sequence[Licence]]) -> Licence:
    """The strictest answer of several regimes. One that does not know the goods has two answers, as listed and as other
    goods: where they differ and one is stricter than what is known, the answer is unknown."""
    best = strictest_of([each[0] for each in every if len(each) == 1])
    for listed, other in (each for each in every if len(each) == 2):
        worst = max(listed, other, key=rank)
        if rank(worst) <= rank(best):
            continue
        if listed.kind == other.kind:
            best = strictest_of([best, worst])
        else:
            why = f"{listed.regime}: whether its list names these goods is not known: {listed.kind} if so"
            best = replace(best, kind=UNKNOWN, ground=None, clause=None, source=None, presumed=False, authority=None,
                           reasons=(f"{why}, else {other.kind}", *best.reasons))  # fmt: skip
    return best


def strictest_of(answers: Sequence[Licence]) -> Licence:
    """The strictest answer; unknown where one regime does not know and the others do not forbid."""
    if len(answers) == 1:
        return answers[0]
    best = max(answers, key=rank)
    told = tuple(f"{other.regime}: {other.kind}, {other.clause or other.reasons[0]}" for other in answers
                 if other is not best)  # fmt: skip
    return replace(best, also=told)


def rank(answer: Licence) -> tuple[int, bool]:
    """A ban first, then what is not known, then the other kinds by strictness; what is presumed goes before."""
    highest = schema.strictness("prohibited")
    rank = 2 * highest - 1 if answer.kind == UNKNOWN else 2 * schema.strictness(answer.kind)
    return rank, answer.presumed


def choice_history(
    found: Mapping[str, Bound], item: str, destination: str, exporter: str, said: Facts
) -> list[tuple[date, Licence]]:
    """First days and answers where a word may mean several items: on every day what `of_choices` says."""
    every = {code: joint_history(bound, destination, exporter, said) for code, bound in found.items()}
    titles = titles_of(found)
    answers = []
    for day in sorted({day for states in every.values() for day, _ in states.days}):
        left = {code: every[code].at(day) for code in told_apart(found, said, day)}
        answers.append((day, of_choices(left, titles, item) if len(left) > 1 else next(iter(left.values()))))
    return answers


def joint_history(bound: Bound, destination: str, exporter: str, said: Facts) -> LicenceStates:
    """The history by several regimes at once: the strictest of them on every day."""
    every = [[over_time.history(regime, code, destination, exporter, said) for code in codes.split("|")]
             for regime, codes in bound]  # fmt: skip
    first, flat = every[0][0], [states for each in every for states in each]
    if len(flat) == 1:
        return first
    days = [(day, _of_all([[states.at(day) for states in each] for each in every]))
            for day in sorted({day for states in flat for day, _ in states.days})]  # fmt: skip
    sources = frozenset[str]().union(*(states.sources for states in flat))
    return LicenceStates(first.regime, first.item, destination, over_time.joined(days), sources, tuple(days))


def narrower(regime: Regime, answer: Licence, said: Facts) -> tuple[str, ...]:
    """Goods that no list names, yet of which a row of their own asks more than of the rest: told beside the answer."""
    if answer.kind != "none" or answer.code not in OUTSIDE or answer.at_home:
        return ()
    asks = []
    for code, row in regime.items.items():
        if answer.code in regime.chains[code][1:]:
            own = over_time.answer(regime, code, answer.destination, answer.exporter, said, answer.on)
            asks += [f"{code} ({row['title']}: {kind_in_words(own).replace('_', ' ')})"] if own.kind != "none" else []
    return (f"not for goods that have rows of their own: {'; '.join(asks)}",) if asks else ()
