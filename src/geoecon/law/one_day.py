"""The answer of one regime on one day: rows, catch-all, parties and gaps brought together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from geoecon import countries
from geoecon.law import catch_all, gaps, parties, party_hits, schema, vocabulary
from geoecon.law.answer import Licence
from geoecon.law.catch_all import CatchAll
from geoecon.law.classify import classify, groups_of, listed, live, outside_code, past
from geoecon.law.facts import Facts
from geoecon.law.matching import find
from geoecon.law.question import GAP, Ask, Finding, Match
from geoecon.law.regime import Regime, opened
from geoecon.law.review import policy_in_words, review, sterner, sternest
from geoecon.law.schema import UNKNOWN, Row

ARMS = ("wmd", "military", "raises_military_strength", "parts_of_unlicensed_military_exports", "terrorism")
LICENCE = "individual"  # what a listing, a use or a gap asks for at least


def on_day(regime: Regime, item: str, destination: str, exporter: str, said: Facts, day: date) -> Licence:
    """The answer on one day; arguments are taken as checked. Nothing is presumed."""
    said = _leaving(said, exporter)
    lists, told = parties.lists_of(regime, said, day, destination)
    asked = Ask(destination, exporter, said, day, lists)
    if destination == exporter:
        return at_home(regime, item, exporter, day)
    edge = outside(regime, day)
    if edge:
        return Licence(regime.id, item, destination, day, UNKNOWN, item, exporter=exporter, reasons=(edge,),
                       party=told, known_through=regime.known_through)  # fmt: skip
    code, lacking, limits_known = classify(regime, item, said, day)
    in_list, suspension = listed(regime, code, day)
    finding = find(regime, code, in_list is not False, asked)
    if suspension is not None:
        finding.suspended.insert(0, f"item:{code}")
    if in_list is None:
        _doubt_listing(regime, code, asked, finding, suspension)
    if past(regime.items[code], day):
        finding.winner = None
        finding.doubt = f"the entry {code} was checked through {regime.items[code]['known_through']} only"
    if not limits_known:
        finding.winner, finding.doubt = None, f"the limits of {item} were not checked for this day"
    caught = catch_all.look(regime, code, asked)
    base: dict[str, Any] = {
        "regime": regime.id, "item": item, "destination": destination, "on": day, "kind": UNKNOWN, "code": code,
        "exporter": exporter, "title": str(regime.items[code]["title"] or ""),
        "catch_all": caught.state,
        "groups": groups_of(regime, destination, day),
        "rows": tuple(match.rule.id for match in finding.holding),
        "missing": lacking,
        "suspended": tuple(finding.suspended),
        "announced": tuple(finding.announced),
        "reported": tuple(finding.reported),
        "party": told,
        "known_through": regime.known_through,
    }  # fmt: skip
    first = (f"{item}: the facts given lead to {code}",) if code != item else ()
    if caught.caught is not None and (
        finding.winner is None or schema.strictness(caught.caught["kind"]) > finding.winner.strictness
    ):
        return Licence(**base | _caught(regime, base, finding, caught.caught, first))
    doubt = _unsettled(regime, code, asked, finding, caught)
    if finding.winner is None or doubt:
        open_ = [match for match in finding.holding if match.met is None and match.kind == "none"]
        lacking += tuple(name for match in open_ for name in match.missing) if finding.winner is not None else ()
        base["missing"] = tuple(dict.fromkeys((*lacking, *caught.missing))) if doubt else lacking
        why = doubt if finding.winner is not None else _unread(regime, code, asked, finding.doubt)
        near = tuple(lists[1].values()) if lists is not None and why != GAP else ()  # a name like the party's leads
        return Licence(**base, reasons=tuple(dict.fromkeys((*near, why, *first, *_beside(finding)))))
    decided = Licence(**base | _decided(regime, asked, base, finding, finding.winner, caught, first))
    return _at_least_unlisted(regime, decided, said) if decided.kind == "none" else decided


def _leaving(said: Facts, exporter: str) -> Facts:
    """The facts with whether the goods leave from the United States, which the exporter tells unless it was said."""
    return said if "export_from_us" in said else {**said, "export_from_us": "yes" if exporter == "USA" else "no"}


def _at_least_unlisted(regime: Regime, own: Licence, said: Facts) -> Licence:
    """Listed goods of which the list asks nothing need what goods outside the list need, never less. A row of those
    that was read less far is no doubt."""
    outer = outside_code(regime, own.code)
    if outer is None:
        return own
    ask = (outer, own.destination, own.exporter, said, own.on)
    outside_list = on_day(regime, *ask)
    if outside_list.kind == UNKNOWN and on_day(opened(regime), *ask).kind == "none":
        return own
    if outside_list.kind == "none":
        return own
    why = f"{own.ground} asks nothing of {own.item}; as goods outside the list:"
    return replace(outside_list, item=own.item, missing=tuple(dict.fromkeys((*own.missing, *outside_list.missing))),
                   reasons=(f"{why} {outside_list.reasons[0]}", *outside_list.reasons[1:]))  # fmt: skip


def at_home(regime: Regime, item: str, place: str, day: date) -> Licence:
    """Goods that stay in the country of the exporter: no export, so no licence of an export regime."""
    why = f"no export: the goods stay in {countries.name(place)}; rules inside the country are not read"
    return Licence(regime.id, item, place, day, "none", item, exporter=place, reasons=(why,),
                   known_through=regime.known_through)  # fmt: skip


def outside(regime: Regime, day: date) -> str:
    """Why a day lies outside what the regime covers; empty if it does not."""
    if day < regime.valid_from:
        return f"before the first rule ({regime.valid_from})"
    return f"known through {regime.known_through}" if day > regime.known_through else ""


def _unread(regime: Regime, code: str, asked: Ask, doubt: str) -> str:
    """Why no row covers the shipment: the gap that the tables name, where they name one."""
    gap = gaps.first(regime, code, asked) if doubt == GAP else None
    return doubt if gap is None else _not_entered(gap)


def _not_entered(gap: Row) -> str:
    return f"not entered: {gap['what']} ({gap['gap_id']})"


def _doubt_listing(regime: Regime, code: str, asked: Ask, finding: Finding, suspension: Row | None) -> None:
    """A suspended listing has ended and what holds after is unknown: so is the answer, unless both say the same."""
    other = find(regime, code, False, asked).winner
    if finding.winner is None or other is None or other.kind != finding.winner.kind:
        finding.winner = None
        end = suspension["valid_to"] if suspension else "the listing"
        finding.doubt = f"the listing of {code} was suspended until {end}; what holds after is unknown"


def _unsettled(regime: Regime, code: str, asked: Ask, finding: Finding, caught: CatchAll) -> str:
    """Why an answer that is lighter than a licence, or than a ban, may be wrong; empty where nothing speaks so."""
    winner = finding.winner
    if winner is None:
        return ""
    gap = gaps.first(regime, code, asked)
    if gap is not None and winner.kind != "prohibited":
        return _not_entered(gap)
    barred = _barred(finding, winner)
    if barred or winner.strictness >= schema.strictness(LICENCE):
        return barred
    if caught.doubt:
        return caught.doubt
    unasked = catch_all.unasked(regime, asked)
    if unasked:
        return f"no row of {regime.id} says what follows from a use in {unasked.replace('_', ' ')}"
    if winner.kind != "none" and winner.rule.row["end_use_class"] in (None, "any"):
        use = _armed(asked)
        if use:
            kind = winner.kind.replace("_", " ")
            return f"{winner.rule.id}: whether {kind} holds for a {use.replace('_', ' ')} use or user was not read"
    told = "inform_notice" in str(asked.facts.get("catch_all_trigger")).split(";")
    if told and (caught.state != "exempt" or "notice_received" in asked.facts):
        return "the authority asked for a licence, and no row here says by which rule"
    return _uncleared(regime, asked)


def _barred(finding: Finding, winner: Match) -> str:
    """Why a stricter answer may hold: a row that asks nothing on a condition that was not said, and more without."""
    for match in finding.holding:
        least = match.rule.row["fallback_kind"]
        if match.met is None and match.kind == "none" and least and schema.strictness(least) > winner.strictness:
            when = vocabulary.in_words(str(match.rule.row["condition"]))
            return f"{match.rule.id} asks nothing only if {when}, else {least.replace('_', ' ')}"
    return ""


def _armed(asked: Ask) -> str:
    """A use or user in arms that was said; empty where there is none."""
    uses = str(asked.facts.get("catch_all_use") or asked.facts.get("end_use_class") or "").split(";")
    found = next((use for use in uses if use and vocabulary.meets(use, ARMS)), "")
    return found or ("military" if asked.facts.get("end_user_class") == "military" else "")


def _uncleared(regime: Regime, asked: Ask) -> str:
    """Why a party that was named is not cleared: on a list of which no rule says what follows, or no list is whole."""
    if asked.lists is None:
        return ""
    sure, unsure, unloaded = asked.lists
    for name, row in parties.unruled(regime).items():
        if not live(row, asked.day):
            continue
        if name in sure:
            return f"the party is on {name}: {row['policy']}; no row says which licence follows"
        if name in unsure:
            return unsure[name]
    whole = any(parties.complete(row, asked.day) for row in regime.rows["party_list"])
    named = "party" in asked.facts and (unloaded or not party_hits.is_known(regime, str(asked.facts["party"])))
    if named and not whole and not sure:
        return next(iter(unloaded.values()), f"no party list of {regime.id} is loaded: the party is not cleared")
    return ""


def _caught(
    regime: Regime, base: Mapping[str, Any], finding: Finding, row: Row, first: tuple[str, ...]
) -> dict[str, Any]:
    """What the catch-all says whose trigger is met."""
    why = [*first, f"{row['catch_id']}: a trigger of the catch-all is met ({row['clause']})"]
    if finding.winner is None:
        why.append(f"the list itself: {finding.doubt}")
    terms = _terms(regime, base, row, row["kind"], row["licence_type"])
    return terms | {"reasons": tuple(why), "review_policy": sternest(finding, row["kind"], terms["review_policy"])}


def _decided(
    regime: Regime, asked: Ask, base: Mapping[str, Any], finding: Finding, winner: Match, caught: CatchAll,
    first: tuple[str, ...],
) -> dict[str, Any]:  # fmt: skip
    """What the deciding row says."""
    row = winner.rule.row
    lighter = [m for m in finding.holding if m.effect == "exception" and m.strictness < winner.strictness]
    open_ = [match for match in lighter if match.met is None and not match.doubt]
    missing = [*base["missing"], *winner.missing, *(name for match in open_ for name in match.missing)]
    missing += [name for match in finding.latent if _would_matter(match, winner) for name in match.unsaid]
    sterner_rows = [match for match in finding.holding if sterner(match, winner)]
    missing += [name for match in sterner_rows for name in match.missing]
    missing += caught.missing if winner.kind == "none" else ()
    unsettled = winner.met is None
    beside = row.get("not_read") if winner.strictness < schema.strictness(LICENCE) else None
    why, *more = _reasons(finding, winner)
    return _terms(regime, base, row, winner.kind, winner.licence_type) | {
        "review_policy": review(regime, asked, finding, winner) if winner.kind != "none" else None,
        "reasons": (
            *first,
            why,
            *((f"not covered: {beside}",) if beside else ()),
            *more,
            *map(policy_in_words, sterner_rows),
            *((caught.note,) if caught.note else ()),
        ),
        "fallback": row["fallback_kind"] if unsettled else None,
        "condition": row["condition"] if unsettled else None,
        "not_read": beside,
        "options": tuple((match.rule.id, match.kind, str(match.rule.row["condition"])) for match in open_),
        "missing": tuple(dict.fromkeys(missing)),
    }


def _would_matter(match: Match, winner: Match) -> bool:
    """Whether a row that would hold if more were said could change the answer."""
    if match.effect == "exception":
        return match.strictness < winner.strictness and match.met is not False
    return match.strictness > winner.strictness


def _reasons(finding: Finding, winner: Match) -> list[str]:
    row = winner.rule.row
    why = [f"{winner.rule.id}: {winner.kind} ({row['clause'] or row['source_id']})"]
    for match in finding.holding:
        if match is not winner and match.effect != "exception":
            end = "not stricter" if match.strictness <= winner.strictness else f"lifted by {winner.rule.id}"
            why.append(f"{match.rule.id} asks {match.kind}, {end}")
    return why + _beside(finding)


def _beside(finding: Finding) -> list[str]:
    """Rows that are told but do not decide, with their state."""
    told = [f"{name} is suspended or not enforced" for name in finding.suspended]
    told += [f"{name} is announced, not in force" for name in finding.announced]
    return told + [f"{name} is a statement and decides nothing" for name in finding.reported]


def office(regime: Regime, exporter: str, day: date) -> str | None:
    """The office that licenses exporters of a place: the regime's own, or the one of the place where states decide."""
    here = [row for row in regime.rows["authority"] if row["place"] == exporter and live(row, day)]
    main = regime.rows["regime"][0]["authority_id"]
    chosen_ = next((row for row in here if row["authority_id"] == main), here[0] if here else None)
    return None if chosen_ is None else str(chosen_["title"])


def _terms(regime: Regime, base: Mapping[str, Any], row: Row, kind: str, licence_type: str | None) -> dict[str, Any]:
    """Ground, clause, validity, review time and horizon of a deciding row."""
    day = base["on"]
    rows = regime.types.get(licence_type or "", ())
    terms: Row = next((line for line in rows if live(line, day)), {})
    through = (row.get("known_through"), regime.items[base["code"]]["known_through"], regime.known_through)
    return {
        "kind": kind,
        "ground": row.get("rule_id") or row.get("catch_id"),
        "clause": row["clause"],
        "source": regime.citation(row["source_id"]),
        "authority": office(regime, base["exporter"], day) if kind != "none" else None,
        "verified": row["status"] != "memory",
        "licence_type": terms.get("title"),
        "review_days": terms.get("review_days"),
        "day_kind": terms.get("day_kind"),
        "clock_start": terms.get("clock_start"),
        "validity_days": terms.get("validity_days"),
        "documents": terms.get("documents"),
        "review_policy": row.get("review_policy") if kind != "none" else None,
        "known_through": min(last for last in through if last is not None),
    }
