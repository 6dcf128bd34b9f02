"""The licence desk: one question answered as a card, verdict first, as plain data for a page, a terminal or a memo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from geoecon import countries
from geoecon.law import items, not_known, vocabulary
from geoecon.law.abroad import ABROAD, OTHER_LIST
from geoecon.law.answer import NOT_LEGAL_ADVICE, Licence
from geoecon.law.beside_answer import others, sign_of, since, spells, what_changes
from geoecon.law.decision import chosen, licence
from geoecon.law.facts import Facts
from geoecon.law.memo import memo
from geoecon.law.places import region_of
from geoecon.law.read_regimes import load_regimes
from geoecon.law.regime import Regime
from geoecon.law.schema import UNKNOWN
from geoecon.law.verdicts import verdict

HEADLINES = {
    "no licence": "No licence needed",
    "general licence": "A general licence covers it",
    "case by case": "Licence needed, case by case",
    "refused as policy": "Licence needed, refused as policy",
    "prohibited": "Prohibited",
    "not known": "Not known",
}


@dataclass(frozen=True)
class Card:
    """One answer as plain data. `questions` say what would change it: each option with the verdict it leads to.

    `choices`: what words of the question may mean (`asks`: item, exporter or destination), each with its verdict.
    `clause`: text of the deciding row, its source with link, the last day read; of an unknown answer the row in
    question, which decides nothing, and what is `missing`. `history`: steps with verdict and
    severity from 0 (no licence) to 4 (prohibited), 5 not known; `since` are the changes in words. `others`: what other
    regimes' rules may reach.
    """

    verdict: Mapping[str, Any]
    headline: str
    sentence: str
    asked: Mapping[str, Any]
    how_long: str
    clause: Mapping[str, Any]
    questions: tuple[Mapping[str, Any], ...]
    choices: tuple[Mapping[str, Any], ...]
    others: tuple[Mapping[str, Any], ...]
    history: tuple[Mapping[str, Any], ...]
    since: tuple[str, ...]
    coming: tuple[str, ...]
    party: tuple[str, ...]
    reasons: tuple[str, ...]
    link: str
    memo: str
    note: str = NOT_LEGAL_ADVICE
    answer: Licence = field(repr=False, kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        found = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "answer"}
        return found | {"answer": self.answer.to_dict()}


def desk(
    exporter: str, destination: str, item: str, on: date | str, facts: Facts | None = None,
    regimes: Mapping[str, Regime] | None = None,
) -> Card:  # fmt: skip
    """The answer to one question as a card. Arguments and errors as `licence`."""
    said = {name: value for name, value in (facts or {}).items() if str(value).strip()}
    part = region_of(destination)
    said |= {"region": part} if part else {}
    answer = licence(regimes, exporter=exporter, destination=destination, item=item, on=on, facts=said)
    asked = {"exporter": answer.exporter, "destination": answer.destination, "item": item}
    asked["on"] = answer.on.isoformat()
    names = {"from": countries.name(answer.exporter), "to": countries.name(answer.destination)}
    for fact, side, written in (("exporter", "from", exporter), ("destination", "to", destination)):
        if answer.choices and fact in answer.missing:  # which of the states is meant is open
            asked[fact] = names[side] = str(written)
    if "region" in said:
        names["to"] += f" ({said['region']})"
    found = answer.verdict_of
    regime = {one.id: one for one in (*_every(regimes), *chosen(regimes, answer.exporter))}.get(answer.regime)
    history = () if answer.choices else tuple(spells(asked, said, regimes))
    clause = _clause(regime, answer, history)
    link = "/licence?" + urlencode(asked | said)
    sentence = plain_sentence(answer, regime)
    card = Card(
        verdict=asdict(found) | {"presumed": answer.presumed, "kind": answer.asks, "known": answer.known},
        headline=_headline(answer),
        sentence=sentence,
        asked={**asked, "facts": said, **names},
        how_long=_how_long(answer),
        clause=clause,
        questions=tuple(what_changes(answer, asked, said, regimes)),
        choices=tuple({"asks": answer.missing[0], "item": code, "title": title, "kind": kind,
                       "facts": {OTHER_LIST: item} if ABROAD & said.keys() and "item" in answer.missing else {},
                       **sign_of(verdict(kind.split(" ")[0]))} for code, title, kind in answer.choices),
        others=() if answer.choices else tuple(others(answer, item, said, regimes)),
        history=history,
        since=since(history, asked["on"]),
        coming=answer.coming,
        party=answer.party,
        reasons=(*answer.reasons, *answer.also),
        link=link,
        memo="",
        answer=answer,
    )  # fmt: skip
    return replace(card, memo=memo(card))


def _every(regimes: Mapping[str, Regime] | None) -> Iterable[Regime]:
    return (load_regimes() if regimes is None else regimes).values()


def _headline(answer: Licence) -> str:
    if answer.at_home:
        return "No export, no licence"
    return HEADLINES[answer.verdict] + (" (presumed)" if answer.presumed else "")


def title_of(answer: Licence, regime: Regime | None) -> str:
    """What the goods are called in the list."""
    row = regime.items.get(answer.code) if regime is not None else None
    return str(row["title"]) if row is not None else answer.item


def plain_sentence(answer: Licence, regime: Regime | None) -> str:
    """One sentence for somebody who ships: goods, places in words, what is needed and from whom."""
    goods, source = (
        answer.item if answer.choices else title_of(answer, regime),
        countries.name(answer.exporter or answer.regime),
    )
    what = f"{goods[:1].upper()}{goods[1:]} from {source} to {countries.name(answer.destination)}"
    if answer.choices and "item" not in answer.missing:
        return f"{answer.reasons[0].split(':')[0]}: choose one."
    if answer.choices and answer.kind == UNKNOWN:
        digits = items.customs_digits(answer.item)
        if digits and regime is not None and not items.matched(regime, digits):
            return f"Customs code {digits}: no row matches it to an entry, the text of the list decides. Choose one."
        return f"{answer.item} names {len(answer.choices)} items of the list: choose one."
    if answer.at_home:
        return f"{what}: {answer.reasons[0]}."
    if answer.kind == UNKNOWN:
        last = f" Last known: {answer.last_known}." if answer.last_known else ""
        return f"{what}: not known, {answer.reasons[0]}.{last}"
    office = f" from the {answer.authority}" if answer.authority else ""
    needs = {
        "no licence": "needs no licence",
        "general licence": f"goes under a {answer.licence_type or answer.kind.replace('_', ' ')}",
        "case by case": f"needs a licence for each contract{office}",
        "refused as policy": f"needs a licence{office}, and applications are refused as policy: do not ship",
        "prohibited": "is prohibited",
    }[answer.verdict]
    text = f"{what} {needs}"
    if answer.eased:
        text += f", but goes under a {answer.licence_type or answer.kind.replace('_', ' ')}"
        text += f" where {vocabulary.in_words(str(answer.condition))}"
    elif answer.condition and answer.verdict == "refused as policy":
        text = text.removesuffix(": do not ship") + f", but case by case where {vocabulary.in_words(answer.condition)}"
    elif answer.condition:
        text += f" if {vocabulary.in_words(answer.condition)}"
        text += f", else: {answer.fallback.replace('_', ' ')}" if answer.fallback else ""
    if answer.choices:
        text += f", whichever of {len(answer.choices)} items of the list it is"
    if answer.presumed:
        text += f". Presumed: last read on {answer.known_through}, no change looked for since"
    return f"{text}." + (f" Not covered: {answer.not_read}." if answer.not_read else "")


def _how_long(answer: Licence) -> str:
    if answer.review_days is None:
        return ""
    text = f"{answer.review_days:g} {answer.day_kind or ''} days by law".replace("  ", " ")
    last, note = answer.decision_by(), answer.decision_note()
    if last is not None:
        text += f": answer by {last.isoformat()} if filed on {answer.on.isoformat()}" + (f" ({note})" if note else "")
    return text + ("; a refusal is to be expected" if answer.verdict == "refused as policy" else "")


def _kinds_of(rule: Mapping[str, Any]) -> str:
    """The kind that a row asks; of a conditional row both, each with when."""
    kind, other = str(rule["kind"]).replace("_", " "), str(rule.get("fallback_kind") or "").replace("_", " ")
    if not rule.get("condition") or not other:
        return kind
    return f"{kind} if {vocabulary.in_words(str(rule['condition']))}, else {other},"


def _for_whom(regime: Regime, rule: Mapping[str, Any]) -> str:
    """To whom a row speaks where it does not speak to everybody: its place, user, use and list of parties."""
    titles = {row["list"]: row["title"] for row in regime.rows["party_list"]}
    user, use = (str(rule.get(name) or "any").replace("_", " ") for name in ("end_user_class", "end_use_class"))
    groups = {(row["system"], row["group"]): row["title"] for row in regime.rows["place_group"]}
    titled = [str(groups[key]) for name in rule.get("group") or () if groups.get(key := (rule.get("system"), name))]
    words = [f"towards “{'” or “'.join(titled)}”"] if titled else []
    words += [f"to {countries.name(rule['place'])}" if rule.get("place") not in (None, "*") else ""]
    words += [f"for {user} users" if user != "any" else "", f"for {use} use" if use != "any" else ""]
    words += [f"for parties on the list “{titles[rule['party_list']]}”" if rule.get("party_list") in titles else ""]
    return "".join(f" {word}" for word in words if word)


def _clause(regime: Regime | None, answer: Licence, history: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    """The deciding row in words, with its source. Where the answer is unknown no row decides: the one in question."""
    rule = regime.rules.get(answer.ground or "") if regime is not None else None
    if rule is None and regime is not None:
        rule = next((row for row in regime.rows["catch_all"] if row["catch_id"] == answer.ground), None)
    head, clause, cited = "Our summary", answer.clause, answer.source
    missing: tuple[str, ...] = ()
    ground, read = answer.ground, answer.known_through
    if regime is not None and answer.kind == UNKNOWN and not answer.choices:
        missing = not_known.missing(regime, answer)
        rule, head = not_known.rule_in_question(regime, answer, history)
        if rule is not None:
            ground, clause, cited = rule["rule_id"], rule["clause"], regime.citation(rule["source_id"])
            read = rule["known_through"] or regime.known_through
    source = regime.sources.get(rule["source_id"]) if regime is not None and rule is not None else None
    summary = ""
    if rule is not None and regime is not None:
        chain = regime.chains.get(answer.code, ())
        named = next((code for code in chain if code in rule["item"]), None)  # the row may name a wider item
        goods = str(regime.items[named]["title"]) if named else title_of(answer, regime)  # or a reason of control
        summary = f"{head}: {_kinds_of(rule)} for {goods}{_for_whom(regime, rule)}"
        summary += f" since {rule['valid_from']}" + (f"; {rule['note']}" if rule["note"] else "")
    return {
        "row": ground, "clause": clause, "summary": summary, "source": cited,
        "url": source["url"] if source is not None else None,
        "read": read.isoformat() if read else None,
        "from_memory": rule["status"] == "memory" if rule is not None else not answer.verified,
        "decides": answer.kind != UNKNOWN, "missing": missing,
    }  # fmt: skip


def suggestions(text: str, limit: int = 12) -> list[dict[str, str]]:
    """Items of all regimes whose name, code or trade name holds the text: for a search box."""
    wanted, found = items.plain(text), []
    for regime in load_regimes().values():
        for name, code in regime.names.items():
            if wanted and wanted in items.plain(name):
                found.append({"regime": regime.id, "item": code, "title": str(regime.items[code]["title"])})
    unique = {(row["regime"], row["item"]): row for row in found}
    return list(unique.values())[:limit]
