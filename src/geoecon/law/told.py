"""An answer of the law in words: countries and goods by name, days as people write them, no code of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from geoecon import countries, dates
from geoecon.law import vocabulary
from geoecon.law.schema import SHORT, UNKNOWN, kinds

if TYPE_CHECKING:
    from geoecon.kinds import Cell
    from geoecon.law.answer import Licence, LicenceStates

NEEDS = {
    "no licence": "needs no licence",
    "case by case": "needs a licence for each contract",
    "refused as policy": "needs a licence, and applications are refused as policy: do not ship",
    "prohibited": "is prohibited",
}


def answer(found: Licence) -> str:
    """The sentences of one answer."""
    goods = f"{_goods(found)} from {_places(found)}"
    what = f"{goods} on {dates.in_words(found.on)}"
    if found.kind == UNKNOWN:
        last = f" Last known: {_kind_until(found.last_known)}." if found.last_known else ""
        return f"{what}: not known, {in_words('; '.join(found.reasons[:2]))}.{last} {SHORT}"
    if found.at_home:
        return f"{what}: {found.reasons[0]}. {SHORT}"
    needs = NEEDS.get(found.verdict_of.word, f"goes under {kind(found.licence_type or found.kind)}")
    if found.eased:
        needs += f" unless a condition is met: {kind(found.kind)}"
    elif found.fallback:
        needs += f" if a condition is met, else {kind(found.fallback)}"
    told = [f"{what} {needs}"]
    if found.review_days is not None and found.verdict_of.word == "case by case":
        told.append(_review(found))
    told.append(f"Rule: {in_words(found.clause)}" if found.clause else "")
    if found.catch_all == "applies" and found.kind == "none":
        told.append("The rule on any item, by use or user, applies")
    if found.presumed and found.known_through:
        told.append(f"Presumed: last read on {dates.in_words(found.known_through)}, no change looked for since")
    told.append(f"Not covered: {found.not_read}" if found.not_read else "")
    told += [in_words(one) for one in found.party[:2]]
    return " ".join(f"{one.rstrip('.')}." for one in told if one) + f" {SHORT}"


def states(found: LicenceStates) -> str:
    """The states one after the other."""
    spells = ", then ".join(f"{_state(words)} from {dates.in_words(start)}" for start, _, words in found.spells())
    read = {step.known_through for _, _, step in found.steps if step.presumed and step.known_through}
    last = f" Presumed: last read on {dates.in_words(max(read))}, no change looked for since." if read else ""
    titled = [step for _, _, step in found.steps if step.title] or [step for _, _, step in found.steps]
    goods = f"{_goods(titled[-1])} from {_places(titled[-1])}" if titled else found.item
    return f"{goods}: {spells or 'not known'}.{last} {SHORT}"


def _state(words: str) -> str:
    """A state of a kind as people say it: "individual" is a licence for each contract."""
    code, mark, rest = words.partition(" (")
    return f"{kind(code.replace(' ', '_'))}{mark}{rest}"


def kind(code: str) -> str:
    """A kind of licence in words: "a general bulk licence", "a licence for each contract"."""
    said = {"none": "no licence", "individual": "a licence for each contract", "prohibited": "a prohibition",
            "exception": "an exception that is met", UNKNOWN: "not known"}  # fmt: skip
    if code in said:
        return said[code]
    words = code.replace("_", " ") + (" licence" if code in kinds() else "")
    return (
        words if words.startswith(("a ", "an ", "the ")) else f"a{'n' if words[0].lower() in 'aeiou' else ''} {words}"
    )


def in_field(name: str, value: Cell) -> str:
    """A field of an answer in words; a citation stays as it is."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    if name in ("kind", "fallback"):
        return kind(text)
    return text if name == "source" else _kind_until(text) if name == "last_known" else in_words(text)


def open_questions(facts: Iterable[str]) -> str:
    """Facts that were not said as the questions that ask for them; what no table asks keeps its name in words."""
    known = vocabulary.known_facts()
    return " ".join(known[fact]["question"] if fact in known else fact.replace("_", " ") + "?" for fact in facts)


def in_words(text: str | None) -> str:
    """A text whose days stand as people write them: 2026-05-07 is 7 May 2026."""

    def said(found: re.Match[str]) -> str:
        try:
            return dates.in_words(date.fromisoformat(found[0]))
        except ValueError:  # it only looks like a day
            return found[0]

    return re.sub(r"(?<![\w/-])\d{4}-\d{2}-\d{2}(?![\w/-])", said, str(text or ""))


def _goods(found: Licence) -> str:
    goods = found.item if found.choices or not found.title else found.title
    return goods[:1].upper() + goods[1:]


def _places(found: Licence) -> str:
    first, second = (countries.name(code) for code in (found.exporter or found.regime, found.destination))
    return f"{countries.named(first)} to {countries.named(second)}"


def _kind_until(text: str) -> str:
    """ "individual until 2024-12-31" in words."""
    first, _, until = text.partition(" until ")
    return f"{kind(first)} until {in_words(until)}" if until else in_words(text)


def _review(found: Licence) -> str:
    """How long the published review takes, and its last day for an application of that day."""
    text = f"The published review takes {found.review_days:g} {found.day_kind or ''} days".replace("  ", " ")
    last, open_ = found.decision_by(), found.decision_note()
    if last is None:
        return text
    return f"{text}: by {dates.in_words(last)} if filed that day" + (f"; {open_}" if open_ else "")
