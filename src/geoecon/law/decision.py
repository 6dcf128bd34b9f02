"""Which licence a shipment needs: one day, or the whole step function over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from geoecon import countries
from geoecon.errors import InputError
from geoecon.law import catch_all, parties, reach, schema
from geoecon.law import facts as facts_of
from geoecon.law.answer import UNKNOWN, Licence, LicenceStates, same_state
from geoecon.law.catch_all import CatchAll
from geoecon.law.classify import classify, groups_of, listed, live, membership, past, possible_codes
from geoecon.law.facts import Facts
from geoecon.law.matching import Ask, Finding, Match, candidates, find
from geoecon.law.regime import Regime, load_regimes, regime_of
from geoecon.law.schema import Row

DAY = timedelta(days=1)
KEPT = 200_000  # answers that are kept with a regime before it starts anew
Regimes = Regime | Mapping[str, Regime] | None
DATES = ("valid_from", "valid_to", "from_latest", "to_latest", "announced", "known_from")


def licence(regimes: Regimes = None, *, item: str, destination: str, on: date | str, exporter: str | None = None,
            strict: bool = False, known_on: date | str | None = None, facts: Facts | None = None,
            **more: Any) -> Licence:  # fmt: skip
    """The licence that a shipment needs on a day, with kind, ground, clauses and the facts that are missing.

    `regimes` is one regime or several by id (all built-in ones if None; then `exporter` chooses). `item` is a code
    or a plain name. Further facts come as keywords or in `facts` (wt_pct=49, exporter_icp="yes", party="…").
    With `strict` an unknown answer is an InputError; `known_on` hides what became public later. Not legal advice.

    >>> licence(load_regimes("jpn")["JPN"], item="hydrogen fluoride", destination="KOR", on="2019-07-04").kind
    'individual'
    """
    day = to_day(on)
    regime, place = chosen(regimes, exporter)
    if regime is None:
        why = f"no table covers exporters of {_place(place)}"
        answer = Licence(place, item, _place(destination), day, UNKNOWN, item, reasons=(why,))
    else:
        regime = regime if known_on is None else regime.as_known_on(to_day(known_on))
        code = regime.item(item)
        said = facts_of.checked({**(facts or {}), **more}, askable(regimes))
        answer = on_day(regime, code, _place(destination), place, said, day)
        every = regimes if isinstance(regimes, Mapping) else load_regimes() if regimes is None else {}
        notes = reach.notes(every, regime, item, _place(destination), said, day)
        answer = replace(answer, reach=notes)
        if not answer.known:
            answer = replace(answer, last_known=_last_known(regime, code, _place(destination), place, said, day))
    if strict and not answer.known:
        raise InputError(answer.sentence() + " Allowed under strict: a day and facts that the tables cover")
    return answer


def licence_history(regimes: Regimes = None, *, item: str, destination: str, exporter: str | None = None,
                    known_on: date | str | None = None, facts: Facts | None = None,
                    **more: Any) -> LicenceStates:  # fmt: skip
    """The licence state over time as a step function, from the first day covered to what is known, then unknown.

    Arguments as `licence`. A day of it is what `licence` answers for that day.
    """
    regime, place = chosen(regimes, exporter)
    if regime is None:
        covered = sorted(name for known in load_regimes().values() for name in known.places)
        raise InputError(f"no table covers exporters of {place}; allowed: " + ", ".join(covered))
    regime = regime if known_on is None else regime.as_known_on(to_day(known_on))
    said = facts_of.checked({**(facts or {}), **more}, askable(regimes))
    return history(regime, regime.item(item), _place(destination), place, said)


def history(regime: Regime, code: str, destination: str, exporter: str, said: Facts) -> LicenceStates:
    """`licence_history` of a code, without checks of the arguments. Kept with the regime."""
    key = ("history", code, destination, exporter, tuple(sorted((name, str(value)) for name, value in said.items())))
    if key not in regime.cache:
        if len(regime.cache) > KEPT:
            regime.cache.clear()
        found: list[tuple[date, Licence]] = []
        for day in change_days(regime, code, destination, exporter, said):
            answer = on_day(regime, code, destination, exporter, said, day)
            if not found or not same_state(found[-1][1], answer):
                found.append((day, answer))
        ends = [day for day, _ in found[1:]] + [None]
        steps = tuple((day, end, answer) for (day, answer), end in zip(found, ends, strict=True))
        sources = frozenset[str]().union(*(answer.sources for _, answer in found))
        regime.cache[key] = LicenceStates(regime.id, code, destination, steps, sources)
    states: LicenceStates = regime.cache[key]
    return states


# --- arguments -------------------------------------------------------------------------------------------------


def to_day(on: date | str) -> date:
    """A day from ISO text. Raises InputError, with what a serial number or 04/07/2019 may have meant."""
    if isinstance(on, date):
        return on
    try:
        if len(on) != 10:
            raise ValueError
        return date.fromisoformat(on)
    except ValueError:
        raise InputError(f"day {on!r}; allowed: {schema.day_advice(str(on))}") from None


def _place(code: str) -> str:
    if not countries.is_known(code):
        raise InputError(f"place {code!r}; allowed: an ISO 3166 alpha-3 code")
    return code


def chosen(regimes: Regimes, exporter: str | None) -> tuple[Regime | None, str]:
    """(regime that binds the exporter, the exporter's place)."""
    if not isinstance(regimes, Regime):
        if exporter is None:
            raise InputError("exporter is missing; allowed: the ISO 3166 alpha-3 code of the exporter's place")
        return regime_of(exporter, load_regimes() if regimes is None else regimes), exporter
    places = sorted(regimes.places - {"EUU"})
    if exporter is None and len(places) == 1:
        return regimes, places[0]
    if exporter not in places:
        raise InputError(f"exporter {exporter!r} of {regimes.title}; allowed: " + ", ".join(places))
    return regimes, exporter


def askable(regimes: Regimes) -> frozenset[str]:
    """Facts that some rule asks for."""
    found = set(facts_of.GENERAL)
    mine = [regimes] if isinstance(regimes, Regime) else list((regimes or {}).values())
    for regime in (*mine, *load_regimes().values()):
        if "askable" not in regime.cache:
            names = {row["attribute"] for row in regime.rows["item_param"]}
            for row in regime.rows["licence_rule"]:
                names |= {test[0] for clause in facts_of.parsed(row["condition"]) for test in clause}
            regime.cache["askable"] = names
        found |= regime.cache["askable"]
    return frozenset(found)


# --- the answer of one day -----------------------------------------------------------------------------------


def on_day(regime: Regime, item: str, destination: str, exporter: str, said: Facts, day: date) -> Licence:
    """The answer on one day; arguments are taken as checked."""
    lists, told = parties.lists_of(regime, said, day)
    asked = Ask(destination, exporter, said, day, lists)
    edge = outside(regime, day)
    if edge:
        return Licence(regime.id, item, destination, day, UNKNOWN, item, reasons=(edge,), party=told,
                       known_through=regime.known_through)  # fmt: skip
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
        finding.winner, finding.doubt = None, f"the limits of {item} were not checked for {day}"
    caught = catch_all.look(regime, code, asked)
    base: dict[str, Any] = {
        "regime": regime.id, "item": item, "destination": destination, "on": day, "kind": UNKNOWN, "code": code,
        "exporter": exporter,
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
    told_first = (f"{item}: the facts given lead to {code}",) if code != item else ()
    if finding.winner is None:
        return Licence(**base, reasons=(finding.doubt, *told_first, *_beside(finding)))
    return Licence(**base | _decided(regime, base, finding, finding.winner, caught, told_first))


def outside(regime: Regime, day: date) -> str:
    """Why a day lies outside what the regime covers; empty if it does not."""
    if day < regime.valid_from:
        return f"before the first rule ({regime.valid_from})"
    return f"known through {regime.known_through}" if day > regime.known_through else ""


def _doubt_listing(regime: Regime, code: str, asked: Ask, finding: Finding, suspension: Row | None) -> None:
    """A suspended listing has ended and what holds after is unknown: so is the answer, unless both say the same."""
    other = find(regime, code, False, asked).winner
    if finding.winner is None or other is None or other.kind != finding.winner.kind:
        finding.winner = None
        end = suspension["valid_to"] if suspension else "the listing"
        finding.doubt = f"the listing of {code} was suspended until {end}; what holds after is unknown"


def _decided(
    regime: Regime, base: Mapping[str, Any], finding: Finding, winner: Match, caught: CatchAll, first: tuple[str, ...]
) -> dict[str, Any]:
    """What the deciding row, or the catch-all whose trigger is met, says."""
    if caught.caught is not None and schema.strictness(caught.caught["kind"]) > winner.strictness:
        row = caught.caught
        why = (*first, f"{row['catch_id']}: a trigger of the catch-all is met ({row['clause']})")
        return _terms(regime, base, row, row["kind"], row["licence_type"]) | {"reasons": why}
    row = winner.rule.row
    lighter = [m for m in finding.holding if m.effect == "exception" and m.strictness < winner.strictness]
    open_ = [match for match in lighter if match.met is None and not match.doubt]
    missing = [*base["missing"], *winner.missing, *(name for match in open_ for name in match.missing)]
    missing += [name for match in finding.latent if _would_matter(match, winner) for name in match.unsaid]
    missing += caught.missing if winner.kind == "none" else ()
    return _terms(regime, base, row, winner.kind, winner.licence_type) | {
        "reasons": (*first, *_reasons(finding, winner), *((caught.doubt,) if caught.doubt else ())),
        "fallback": row["fallback_kind"] if winner.met is None else None,
        "condition": row["condition"] if winner.met is None else None,
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
        "review_policy": row.get("review_policy"),
        "known_through": min(last for last in through if last is not None),
    }


# --- over time -----------------------------------------------------------------------------------------------


def change_days(regime: Regime, code: str, destination: str, exporter: str, said: Facts) -> list[date]:
    """Days on which the answer may change, in order: every date of every row that may bear on the shipment."""
    parent = said.get("parent_place")
    key = ("change_days", code, destination, exporter, parent)
    if key not in regime.cache:
        codes = possible_codes(regime, code)
        rules = [rule.row for rule in candidates(regime, code, destination, exporter, parent)]
        rows = [*rules, *(regime.items[name] for name in codes), *regime.rows["catch_all"]]
        rows += [row for name in codes for row in regime.params.get(name, ())]
        rows += [row for kind in regime.types.values() for row in kind]
        targets = {rule["rule_id"] for rule in rules} | codes
        rows += [row for (_, target), found in regime.suspensions.items() if target in targets for row in found]
        days = {row[name] for row in rows for name in DATES if row.get(name) is not None}
        for place in (destination, parent) if parent else (destination,):
            days |= {edge for name in regime.groups_near(place) for edge in membership(regime, *name, place)[0]}
        days |= {row["known_through"] + DAY for row in rows if row.get("known_through") is not None}
        regime.cache[key] = days | {regime.valid_from, regime.known_through + DAY}
    days = regime.cache[key] | parties.change_days(regime, said)
    return sorted(day for day in days if regime.valid_from <= day <= regime.known_through + DAY)


def _last_known(regime: Regime, code: str, destination: str, exporter: str, said: Facts, day: date) -> str | None:
    """The answer that was last known before an unknown one, in words."""
    for change in reversed(change_days(regime, code, destination, exporter, said)):
        before = change - DAY
        if change <= day and before >= regime.valid_from:
            answer = on_day(regime, code, destination, exporter, said, before)
            if answer.known:
                return f"{answer.kind} until {before.isoformat()}"
    return None
