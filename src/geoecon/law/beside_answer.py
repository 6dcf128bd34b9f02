"""What stands beside an answer: what would change it, what other regimes say, and the state over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from geoecon.errors import InputError
from geoecon.law import amounts, vocabulary
from geoecon.law.answer import Licence
from geoecon.law.decision import chosen, licence, licence_history
from geoecon.law.facts import Facts
from geoecon.law.reach import reached
from geoecon.law.read_regimes import load_regimes
from geoecon.law.regime import Regime
from geoecon.law.verdicts import Verdict

OPTIONS = {
    "yes_no": ("yes", "no"),
    "use": ("civil", "military", "nuclear", "missile", "chemical_biological"),
    "user": ("civil", "military"),
    "trigger": ("none", "knowledge", "inform_notice"),
}
AMOUNTS = ("number", "percent")
Regimes = Mapping[str, Regime] | None


def sign_of(found: Verdict) -> dict[str, Any]:
    """A verdict in words, as a sign, a colour and a severity."""
    return {"verdict": found.word, "sign": found.sign, "colour": found.colour, "severity": found.severity}


def what_changes(answer: Licence, asked: Mapping[str, Any], said: Facts, regimes: Regimes) -> Iterator[dict[str, Any]]:
    """What would change the answer: each missing fact as a question, its options and the verdict that each leads to.
    Of an amount the options are the stretches between limits that lead elsewhere. `told` are the changes in words."""
    known = vocabulary.known_facts()
    for name in answer.missing:
        if name not in known or (name == "end_user" and "end_user_class" in answer.missing):
            continue
        kind = known[name]["kind"]
        answers = _answers(name, kind, answer, asked, said, regimes)
        options = [
            {"value": value, "words": words, "kind": other.asks, "presumed": other.presumed,
             "changes": (other.asks, other.verdict) != (answer.asks, answer.verdict), **sign_of(other.verdict_of)}
            for value, words, other in answers
        ]  # fmt: skip
        turns = [option for option in options if option["changes"]]
        if not turns and kind == "yes_no" and len(answer.missing) == 1:
            continue  # either way the answer is the same, and nothing else is open
        told = ", ".join(f"{one['words']} → {one['verdict']}{' (presumed)' * one['presumed']}" for one in turns)
        yield {"fact": name, "question": known[name]["question"], "kind": kind, "options": options, "told": told}


def _answers(
    name: str, kind: str, answer: Licence, asked: Mapping[str, Any], said: Facts, regimes: Regimes
) -> list[tuple[str, str, Licence]]:
    """(value, the same in words, the answer with it) for each option of a fact."""
    found: list[tuple[str, str, Licence]] = []
    edges = amounts.limits(name, chosen(regimes, answer.exporter)) if kind in AMOUNTS else []
    values = [f"{amount:.12g}" for amount in amounts.between(edges)] if edges else OPTIONS.get(kind, ())
    first: dict[int, int] = {}  # option: position of its first amount
    for position, value in enumerate(values):
        try:
            other = licence(regimes, **asked, facts={**said, name: value})
        except InputError:
            continue
        before = found[-1][2] if edges and found else None
        if before is None or (before.asks, before.verdict, before.presumed) != (
            other.asks,
            other.verdict,
            other.presumed,
        ):
            first[len(found)] = position
            found.append((value, value.replace("_", " "), other))
        start = first[len(found) - 1]
        if edges and (start, position) != (0, len(values) - 1):
            found[-1] = (*found[-1][:1], amounts.in_words(edges, start, position), found[-1][2])
    return found if len(found) > 1 or not edges else []


def others(answer: Licence, item: str, said: Facts, regimes: Regimes) -> list[dict[str, Any]]:
    """Regimes whose rules may follow the goods abroad, and what they ask."""
    found: list[dict[str, Any]] = [{"regime": "", "rows": [], "text": text, "reaches": None} for text in answer.also]
    facts = vocabulary.checked(said, load_regimes().values()) if said else {}
    every = load_regimes() if regimes is None else regimes
    for regime in every.values():
        if regime.id == answer.regime or {answer.exporter, answer.destination} & regime.places:
            continue
        rows = reached(regime, item, answer.destination, facts, answer.on, answer.exporter)
        open_ = [row for row in rows if row.caught is not False]
        if open_:
            sure = [row for row in open_ if row.caught]
            kinds = sorted({row.kind.replace("_", " ") for row in (sure or open_)})
            state = "reaches these goods" if sure else "may reach these goods"
            asks = sorted({row.why.split(" is missing")[0] for row in open_ if row.why.endswith("is missing")})
            text = f"{regime.title} {state} ({', '.join(kinds)})"
            text += "".join(f"; {vocabulary.known_facts()[ask]['question']}" for ask in asks
                            if ask in vocabulary.known_facts())  # fmt: skip
            found.append({"regime": regime.id, "rows": [str(row) for row in (sure or open_)], "text": text,
                          "reaches": True if sure else None, "asks": asks})  # fmt: skip
    return found


def spells(asked: Mapping[str, Any], said: Facts, regimes: Regimes) -> list[dict[str, Any]]:
    """Steps of the state over time, each with its verdict and severity; none where no table covers the exporter."""
    try:
        states = licence_history(regimes, exporter=asked["exporter"], destination=asked["destination"],
                                 item=asked["item"], facts=said)  # fmt: skip
    except InputError:
        return []
    return [
        {"from": start.isoformat(), "to": end.isoformat() if end else None, "kind": step.kind,
         "presumed": step.presumed, "clause": step.clause, "ground": step.ground, **sign_of(step.verdict_of)}
        for start, end, step in states.steps
    ]  # fmt: skip


def since(history: Iterable[Mapping[str, Any]], day: str) -> tuple[str, ...]:
    """The changes of the verdict up to a day in words: "since 2019-07-04: case by case"."""
    told: list[tuple[str, str]] = []
    for step in history:
        words = f"{step['verdict']}{', presumed' * step['presumed']}"
        if step["from"] <= day and (not told or told[-1][1] != words):
            told.append((step["from"], words))
    return tuple(f"since {start}: {words}" for start, words in told)
