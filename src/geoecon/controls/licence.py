"""The decision: which licence a shipment needs on a day, in seven steps, and the same as a step function over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from geoecon import countries
from geoecon.controls import facts as facts_of
from geoecon.controls import parties, reach, schema
from geoecon.controls.answer import UNKNOWN, Licence, LicenceStates, same_state
from geoecon.controls.facts import Facts
from geoecon.controls.regime import Regime, load_regimes, regime_of
from geoecon.controls.schema import Row
from geoecon.errors import InputError, RuleConflict

DAY = timedelta(days=1)
Truth = bool | None  # None: the tables do not say


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule row made ready: its condition parsed, its rank as a tuple."""

    row: Row
    id: str
    items: frozenset[str]
    items_except: frozenset[str]
    condition: tuple[tuple[facts_of.Test, ...], ...]
    priority: float
    specific: bool  # names a place: goes before a group at equal kind


@dataclass(slots=True)
class Match:
    """A rule that may hold: `sure` is False where the law itself is not known (window, horizon, suspension's end)."""

    rule: Rule
    sure: bool
    kind: str
    type: str | None
    met: Truth  # of its condition
    missing: tuple[str, ...]
    doubt: str = ""
    unsaid: tuple[str, ...] = ()  # facts about user, use or party that would make the row match

    @property
    def effect(self) -> str:
        return str(self.rule.row["effect"])

    @property
    def rank(self) -> tuple[float, float, bool]:
        return schema.strictness(self.kind), self.rule.priority, self.rule.specific


def _live(row: Row, day: date) -> bool:
    start, end = row["valid_from"], row["valid_to"]
    return (start is None or start <= day) and (end is None or day < end)


def _past(row: Row, day: date) -> bool:
    through = row.get("known_through")
    return through is not None and day > through


# --- step 3: groups ------------------------------------------------------------------------------------------


def member(regime: Regime, system: str, group: str, place: str, day: date) -> Truth:
    """Whether a place is in a group on a day; None inside a window, past the horizon, or where it cannot be told."""
    group_rows = [row for row in regime.groups.get((system, group), ()) if _live(row, day)]
    if not group_rows:
        return False
    if all(_past(row, day) for row in group_rows):
        return None
    if group_rows[0]["member_rule"] == "complement":
        answers = []
        for name in group_rows[0]["complement_of"]:
            inner = (system, name)
            if inner not in regime.groups and ":" in name:
                inner = (name.split(":", 1)[0], name.split(":", 1)[1])
            answers.append(member(regime, *inner, place, day))
        return False if True in answers else None if None in answers else True
    verdict: Truth = False
    for row in regime.members.get((system, group), {}).get(place, ()):
        start, end = row["valid_from"], row["valid_to"]
        if start <= day and (end is None or day < end):
            if (row["from_latest"] is None or day >= row["from_latest"]) and not _past(row, day):
                return True
            verdict = None
        elif end is not None and row["to_latest"] is not None and end <= day < row["to_latest"]:
            verdict = None
    return verdict


def groups_of(regime: Regime, place: str, day: date) -> tuple[str, ...]:
    """Every group that holds the place on that day, as system:group."""
    return tuple(f"{system}:{group}" for system, group in regime.groups if member(regime, system, group, place, day))


def _any(answers: Iterable[Truth]) -> Truth:
    found: Truth = False
    for answer in answers:
        if answer:
            return True
        found = None if answer is None else found
    return found


# --- step 2: the item ----------------------------------------------------------------------------------------


def classify(regime: Regime, code: str, facts: Facts, day: date) -> tuple[str, tuple[str, ...], bool]:
    """(item that the facts lead to, facts that are missing, whether the limits are known on that day).

    One met set of tests is enough. A set of which nothing was said is left out once another set could be
    decided, and named as missing.
    """
    missing: list[str] = []
    sure = True
    for _ in range(len(regime.items)):
        rows = [row for row in regime.rows["item_param"] if code in row["item"] and _live(row, day)]
        if not rows:
            break
        sets: dict[str, list[Row]] = {}
        for row in rows:
            sets.setdefault(row["set"], []).append(row)
        verdicts: list[Truth] = []
        unsaid: list[str] = []
        for tests in sets.values():
            clauses = [((row["attribute"], row["operator"], str(row["threshold"])),) for row in tests]
            verdict, lacking = facts_of.met(clauses, facts)
            verdicts.append(verdict)
            unsaid += lacking
        said = any(row["attribute"] in facts for row in rows)
        sure = sure and not (said and any(_past(row, day) for row in rows))
        if True in verdicts:
            break
        missing += unsaid
        untold = all(verdict is None for verdict in verdicts)
        undecided = any(
            verdict is None and any(row["attribute"] in facts for row in tests)
            for verdict, tests in zip(verdicts, sets.values(), strict=True)
        )
        if untold or undecided:
            break
        code = rows[0]["if_false"]
    return code, tuple(dict.fromkeys(missing)), sure


def _suspension(regime: Regime, target_kind: str, target: str, day: date) -> tuple[Truth, Row | None]:
    """Whether a row is out of force on a day (None: a suspension ended and what holds after is unknown)."""
    ended: Row | None = None
    for row in regime.suspensions.get((target_kind, target), ()):
        if _live(row, day):
            return (None if _past(row, day) else True), row
        if row["valid_to"] is not None and row["valid_to"] <= day and row["after_state"] == "unknown":
            ended = row
    return (None, ended) if ended else (False, None)


def listing(regime: Regime, code: str, day: date) -> tuple[Truth, Row | None]:
    """Whether an item's listing is in force on a day; with the suspension that touches it."""
    row = regime.items[code]
    if not _live(row, day):
        return False, None
    state, suspension = _suspension(regime, "item", code, day)
    return (None if state is None else not state), suspension


# --- step 4: rows --------------------------------------------------------------------------------------------


def _prepared(regime: Regime) -> Mapping[str, list[Rule]]:
    """Rules by the item code or reason that they name."""
    if "rules" not in regime._cache:
        found: dict[str, list[Rule]] = {}
        for row in regime.rows["licence_rule"]:
            rule = Rule(
                row, row["rule_id"], frozenset(row["item"]), frozenset(row["item_except"]),
                facts_of.parsed(row["condition"]), row["priority"] or 0.0, bool(row["place"]) and row["place"] != "*",
            )  # fmt: skip
            for code in rule.items:
                found.setdefault(code, []).append(rule)
        regime._cache["rules"] = found
    return regime._cache["rules"]  # type: ignore[no-any-return]


def _codes(regime: Regime, code: str) -> frozenset[str]:
    """Every item that this one may turn out to be, with the wider items above."""
    reached, todo = set[str](), [code]
    while todo:
        for name in regime.chains[todo.pop()]:
            if name not in reached:
                reached.add(name)
                todo += [row["if_false"] for row in regime.rows["item_param"] if name in row["item"]]
    return frozenset(reached)


def _candidates(regime: Regime, code: str, destination: str, exporter: str, parent: str | None) -> list[Rule]:
    """Rules that could ever bear on the shipment."""
    key = ("candidates", code, destination, exporter, parent)
    if key not in regime._cache:
        codes = _codes(regime, code)
        reasons = {f"reason:{reason}" for name in codes for reason in regime.items[name]["reasons"]}
        by_item = _prepared(regime)
        rules = {rule.id: rule for name in (*codes, *reasons) for rule in by_item.get(name, ())}
        regime._cache[key] = [
            rules[row["rule_id"]] for row in regime.rows["licence_rule"]
            if row["rule_id"] in rules and _may_concern(regime, row, destination, exporter, parent)
        ]  # fmt: skip
    return regime._cache[key]  # type: ignore[no-any-return]


def _may_concern(regime: Regime, row: Row, destination: str, exporter: str, parent: str | None) -> bool:
    if row["authority_place"] and row["authority_place"] != exporter:
        return False
    place = parent if row["group_of"] == "end_user_parent" else destination
    if row["place"] not in (None, "*") and place is not None and row["place"] != place:
        return False
    if not row["group"] or place is None:
        return True
    for group in row["group"]:
        complement = any(line["member_rule"] == "complement" for line in regime.groups.get((row["system"], group), ()))
        if complement or place in regime.members.get((row["system"], group), {}):
            return True
    return False


def _match(
    regime: Regime, rule: Rule, chain: frozenset[str], reasons: frozenset[str], sure: bool, asked: Ask
) -> Match | None:
    """The rule as it bears on the shipment on that day; None where it does not."""
    row, day = rule.row, asked.day
    if not _live(row, day):
        return None
    if not (rule.items & chain or rule.items & reasons) or rule.items_except & chain:
        return None
    doubt = "" if sure else "the listing of the item on that day is not known"
    unsaid: list[str] = []
    place: str | None = asked.destination
    if row["group_of"] == "end_user_parent":
        place = asked.facts.get("parent_place")
        if place is None:
            unsaid.append("parent_place")
    if place is not None:
        if row["place"] not in (None, "*", place):
            return None
        if row["group"]:
            inside = _any(member(regime, row["system"], group, place, day) for group in row["group"])
            outside = _any(member(regime, row["system"], group, place, day) for group in row["group_except"])
            if inside is False or outside is True:
                return None
            if inside is None or outside is None:
                doubt = f"membership of {place} in {row['system']}:{';'.join(row['group'])} is not known on {day}"
    for column, wanted in (("end_user_class", row["end_user_class"]), ("end_use_class", row["end_use_class"])):
        if wanted not in (None, "any"):
            said = asked.facts.get(column)
            if said is None:
                unsaid.append(column)
            elif str(said) != wanted:
                return None
    if row["party_list"]:
        lists = asked.lists
        if lists is None:
            unsaid.append("party")
        elif row["party_list"] in lists[1]:
            doubt = doubt or f"whether the party was on {row['party_list']} on {day} is not known"
        elif row["party_list"] not in lists[0]:
            return None
    if _past(row, day):
        doubt = doubt or f"{rule.id} was checked through {row['known_through']} only"
    kind, type_, met, missing = row["kind"], row["licence_type"], True, ()
    if rule.condition:
        met, missing = facts_of.met(rule.condition, asked.facts)
        if met is False and row["effect"] != "exception":
            kind, type_ = row["fallback_kind"] or kind, row["fallback_type"] or type_
    return Match(rule, not doubt, kind, type_, met, missing, doubt, tuple(unsaid))


@dataclass(slots=True)
class Ask:
    destination: str
    exporter: str
    facts: Facts
    day: date
    lists: tuple[frozenset[str], frozenset[str]] | None  # (lists the party is on, lists where that is not known)


# --- steps 5 and 6: strictest wins unless an exception is met ----------------------------------------------------


def _strictest(matches: Iterable[Match]) -> Match | None:
    best: Match | None = None
    for match in matches:
        if best is None or match.rank > best.rank:
            best = match
        elif match.rank[0] == best.rank[0] and match.kind != best.kind:
            first, second = best.rule, match.rule
            raise RuleConflict(
                f"licence_rule.csv: {first.id} ({best.kind}, line {first.row['line']}) and {second.id} ({match.kind}, "
                f"line {second.row['line']}) say different kinds of equal rank; allowed: one of them"
            )
    return best


def _outcome(matches: list[Match]) -> Match | None:
    """The row that decides among rows that all hold."""
    needed = [match for match in matches if match.effect != "exception"]
    top = _strictest(needed)
    if top is None:
        return None
    exceptions = [match for match in matches if match.effect == "exception" and match.met]
    if not exceptions:
        return top
    best = min(exceptions, key=lambda match: (match.rank[0], -match.rule.priority))
    lifted = [match for match in needed if match.effect == "requirement" and match.rule.priority <= best.rule.priority]
    if not lifted or max(match.rank[0] for match in lifted) <= best.rank[0]:
        return top
    return _strictest([*(match for match in needed if match not in lifted), best])


def _decide(matches: list[Match]) -> tuple[Match | None, str]:
    """The deciding row, and why it cannot be told where rows that may hold would change the answer."""
    sure = [match for match in matches if match.sure]
    doubted = [match for match in matches if not match.sure]
    base = _outcome(sure)
    if base is None:
        return None, doubted[0].doubt if doubted else "no row covers this: a gap, not a permission"
    opened = [replace(match, met=match.met is not False) if match.effect == "exception" else match for match in doubted]
    for variant in [[match] for match in opened] + ([opened] if len(opened) > 1 else []):
        other = _outcome(sure + variant)
        if other is not None and other.kind != base.kind:
            return None, variant[0].doubt
    return base, ""


# --- step 7: the whole answer ----------------------------------------------------------------------------------


def _answer(regime: Regime, item: str, asked: Ask, party: tuple[str, ...] = ()) -> Licence:
    """The answer on one day."""
    day, destination, facts = asked.day, asked.destination, asked.facts
    if not regime.valid_from <= day <= regime.known_through:
        edge = (
            f"before the first rule ({regime.valid_from})" if day < regime.valid_from
            else f"known through {regime.known_through}"
        )  # fmt: skip
        return Licence(regime.id, item, destination, day, UNKNOWN, item, reasons=(edge,), party=party,
                       known_through=regime.known_through)  # fmt: skip
    code, lacking, limits_known = classify(regime, item, facts, day)
    listed, suspension = listing(regime, code, day)
    groups = groups_of(regime, destination, day)
    first = _resolve(regime, code, listed is not False, asked)
    winner, matches, doubt, suspended, announced, reported = first
    if suspension is not None:
        suspended = (f"item:{code}", *suspended)
    if listed is None:
        second = _resolve(regime, code, False, asked)
        if winner is None or second[0] is None or winner.kind != second[0].kind:
            doubt = f"what holds after {suspension['valid_to'] if suspension else 'the listing'} is unknown"
            winner = None
    if _past(regime.items[code], day):
        winner, doubt = None, f"the entry {code} was checked through {regime.items[code]['known_through']} only"
    if not limits_known:
        winner, doubt = None, f"the limits of {item} were not checked for {day}"
    missing = list(lacking)
    catch_all, caught, catch_missing, catch_doubt = _catch_all(regime, code, asked)
    note = [f"{item}: the facts given lead to {code}"] if code != item else []
    if winner is not None and caught is not None and schema.strictness(caught["kind"]) > schema.strictness(winner.kind):
        return _finish(regime, item, code, asked, groups, caught, caught["kind"], caught["licence_type"], None, None,
                       matches, (*note, f"catch-all {caught['catch_id']}: trigger met"), missing, suspended, announced,
                       reported, catch_all, party)  # fmt: skip
    if winner is not None and catch_doubt and code in regime.items and regime.items[code]["listed"] == "no":
        note.append(catch_doubt)
    if winner is None:
        return Licence(
            regime.id, item, destination, day, UNKNOWN, code, catch_all=catch_all, groups=groups, suspended=suspended,
            announced=announced, reported=reported, rows=tuple(match.rule.id for match in matches),
            reasons=(doubt, *note), missing=tuple(missing), party=party, known_through=regime.known_through,
        )  # fmt: skip
    for match in matches:
        lighter = match.effect == "exception" and match.met is None and match.rank[0] < winner.rank[0]
        if match is winner or lighter:
            missing += match.missing
    missing += catch_missing if winner.kind == "none" else []
    options = tuple(
        (match.rule.id, match.kind, str(match.rule.row["condition"])) for match in matches
        if match.effect == "exception" and match.met is None and match.sure and match.rank[0] < winner.rank[0]
    )  # fmt: skip
    row = winner.rule.row
    why = [f"{winner.rule.id}: {winner.kind} ({row['clause'] or row['source_id']})"]
    for match in matches:
        if match is not winner and match.effect != "exception":
            why.append(f"{match.rule.id} asks {match.kind}, not stricter" if match.rank <= winner.rank
                       else f"{match.rule.id} asks {match.kind}, lifted by {winner.rule.id}")  # fmt: skip
    why += [f"{name} is suspended or not enforced" for name in suspended]
    why += [f"{name} is announced, not in force" for name in announced]
    missing += first[1].unsaid(winner) if isinstance(first[1], _Matches) else []
    fallback = row["fallback_kind"] if winner.met is not False else None
    answer = _finish(regime, item, code, asked, groups, row, winner.kind, winner.type, fallback, winner, matches,
                     (*note, *why), missing, suspended, announced, reported, catch_all, party)  # fmt: skip
    return replace(answer, options=options, condition=row["condition"] if winner.met is None else None)


class _Matches(list[Match]):
    """Rows that hold, and those that would if more about user, use or party were said."""

    latent: list[Match]

    def unsaid(self, winner: Match) -> list[str]:
        return [name for match in self.latent if match.rank[0] > winner.rank[0] for name in match.unsaid]


def _resolve(
    regime: Regime, code: str, listed: bool, asked: Ask
) -> tuple[Match | None, _Matches, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Rows that hold, the deciding one, and those that are suspended, announced or only reported."""
    chain = regime.chains[code]
    if not listed:
        chain = (code, *(name for name in chain[1:] if regime.items[name]["listed"] == "no"))
    reasons = frozenset(f"reason:{reason}" for reason in regime.items[code]["reasons"] if listed)
    parent = asked.facts.get("parent_place")
    own = frozenset(chain)
    holding, latent = _Matches(), []
    suspended, announced, reported = [], [], []
    for rule in _candidates(regime, asked_item(asked, code), asked.destination, asked.exporter, parent):
        row = rule.row
        if row["state"] == "in_force" and asked.day < row["valid_from"]:
            known = row["announced"] or row["known_from"]
            if known is not None and known <= asked.day and rule.items & frozenset(regime.chains[code]):
                announced.append(rule.id)
            continue
        match = _match(regime, rule, own, reasons, True, asked)
        if match is None:
            continue
        if row["state"] == "reported":
            reported.append(rule.id)
        elif row["state"] == "announced":
            announced.append(rule.id)
        elif row["state"] != "in_force":
            suspended.append(rule.id)
        else:
            out, suspension = _suspension(regime, "rule", rule.id, asked.day)
            if out:
                suspended.append(rule.id)
                continue
            if out is None:
                end = suspension["valid_to"] if suspension else None
                match.sure, match.doubt = False, f"{rule.id} was suspended until {end}; what holds after is unknown"
            (latent.append if match.unsaid else holding.append)(match)
    holding.latent = latent
    winner, doubt = _decide(holding)
    return winner, holding, doubt, tuple(suspended), tuple(announced), tuple(reported)


def asked_item(asked: Ask, code: str) -> str:
    return code


def _finish(regime: Regime, item: str, code: str, asked: Ask, groups: tuple[str, ...], row: Row, kind: str,
            type_: str | None, fallback: str | None, winner: Match | None, matches: list[Match],
            reasons: tuple[str, ...], missing: list[str], suspended: tuple[str, ...], announced: tuple[str, ...],
            reported: tuple[str, ...], catch_all: str, party: tuple[str, ...]) -> Licence:  # fmt: skip
    """Validity, review time, clauses and the horizon put to a decided row."""
    day = asked.day
    kind_row = next((line for line in regime.types.get(type_ or "", ()) if _live(line, day)), None)
    through = [line for line in (row.get("known_through"), regime.items[code]["known_through"], regime.known_through)
               if line is not None]  # fmt: skip
    return Licence(
        regime.id, item, asked.destination, day, kind, code,
        ground=row.get("rule_id") or row.get("catch_id"),
        clause=row["clause"],
        source=regime.citation(row["source_id"]),
        verified=row["status"] != "memory",
        licence_type=kind_row["title"] if kind_row else None,
        fallback=fallback,
        review_days=kind_row["review_days"] if kind_row else None,
        day_kind=kind_row["day_kind"] if kind_row else None,
        clock_start=kind_row["clock_start"] if kind_row else None,
        validity_days=kind_row["validity_days"] if kind_row else None,
        documents=kind_row["documents"] if kind_row else None,
        review_policy=row.get("review_policy"),
        catch_all=catch_all,
        groups=groups,
        rows=tuple(match.rule.id for match in matches),
        reasons=reasons,
        missing=tuple(dict.fromkeys(missing)),
        suspended=suspended,
        announced=announced,
        reported=reported,
        party=party,
        known_through=min(through),
    )  # fmt: skip


def _catch_all(regime: Regime, code: str, asked: Ask) -> tuple[str, Row | None, list[str], str]:
    """(applies, exempt or not covered; row whose trigger is met; facts to ask for; doubt about the place)."""
    day, place = asked.day, asked.destination
    chain = regime.chains[code]
    applies, exempt, missing, doubt = False, False, [], ""
    caught: Row | None = None
    trigger, use = asked.facts.get("catch_all_trigger"), asked.facts.get("catch_all_use")
    if trigger is None and asked.lists is not None and any("end-user-list" in name for name in asked.lists[0]):
        trigger = "end_user_list"
    for row in regime.rows["catch_all"]:
        if not _live(row, day):
            continue
        own = any(name in chain for name in row["item"])
        if not own and not {"UNLISTED", "ANY"} & set(row["item"]):
            continue
        barred = _within(regime, row, row["exempt"], place, day)
        inside = _within(regime, row, row["applies_to"], place, day)
        if _past(row, day) or None in (barred, inside):
            doubt = f"{row['catch_id']}: not known for {place} on {day}"
            continue
        only_notice = barred and not row["applies_to"]  # exempt except on the trigger named
        exempt = exempt or bool(barred)
        if (inside and not barred) or only_notice:
            applies = applies or not only_notice
            if own and regime.items[code]["listed"] == "no" and not only_notice:
                missing += list(row["missing_facts"]) if trigger is None else []
            if own and trigger in row["trigger"] and (use is None or not row["end_use"] or use in row["end_use"]):
                if caught is None or schema.strictness(row["kind"]) > schema.strictness(caught["kind"]):
                    caught = row
    state = "applies" if applies else "exempt" if exempt else "not covered"
    return state, caught, missing, doubt


def _within(regime: Regime, row: Row, names: tuple[str, ...], place: str, day: date) -> Truth:
    return _any(
        True if name in ("*", place) else member(regime, row["system"], name, place, day) if row["system"] else False
        for name in names
    )


# --- public functions ------------------------------------------------------------------------------------------

Regimes = Regime | Mapping[str, Regime] | None


def _known_facts(regime: Regime) -> frozenset[str]:
    if "facts" not in regime._cache:
        names = set(facts_of.GENERAL) | {row["attribute"] for row in regime.rows["item_param"]}
        for row in regime.rows["licence_rule"]:
            names |= {test[0] for clause in facts_of.parsed(row["condition"]) for test in clause}
        regime._cache["facts"] = frozenset(names)
    return regime._cache["facts"]  # type: ignore[no-any-return]


def _regime(regimes: Regimes, exporter: str | None) -> tuple[Regime | None, str]:
    if isinstance(regimes, Regime):
        return regimes, exporter or next(iter(sorted(regimes.places - {"EUU"})))
    if exporter is None:
        raise InputError("exporter is missing; allowed: the ISO 3166 alpha-3 code of the exporter's place")
    return regime_of(exporter, regimes if regimes is not None else load_regimes()), exporter


def _day(on: date | str) -> date:
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


def licence(regimes: Regimes = None, *, item: str, destination: str, on: date | str, exporter: str | None = None,
            strict: bool = False, facts: Facts | None = None, **more: Any) -> Licence:  # fmt: skip
    """The licence that a shipment needs on a day, with kind, ground, clauses and the facts that are missing.

    `regimes` is one regime or several by id (all built-in ones if None; then `exporter` chooses). `item` is a code
    or a plain name. Further facts come as keywords or in `facts` (wt_pct=49, exporter_icp="yes", party="…").
    With `strict` an unknown answer is an InputError. Not legal advice.

    >>> licence(load_regimes("jpn")["JPN"], item="hydrogen fluoride", destination="KOR", on="2019-07-04").kind
    'individual'
    """
    day = _day(on)
    regime, place = _regime(regimes, exporter)
    _place(destination)
    if regime is None:
        answer = Licence(place, item, destination, day, UNKNOWN, item,
                         reasons=(f"no table covers exporters of {_place(place)}",))  # fmt: skip
    else:
        code = regime.item(item)
        every = regimes if isinstance(regimes, Mapping) else {regime.id: regime}
        known = _known_facts(regime).union(*(_known_facts(other) for other in load_regimes().values()))
        said = facts_of.checked({**(facts or {}), **more}, known)
        lists, told = parties.lists_of(regime, said, day)
        asked = Ask(destination, place, said, day, lists)
        answer = _answer(regime, code, asked, told)
        answer = replace(answer, reach=reach.notes(every, regime, code, place, destination, said, day))
        if not answer.known:
            answer = replace(answer, last_known=_last_known(regime, code, asked))
    if strict and not answer.known:
        raise InputError(answer.sentence() + " Allowed under strict: a day and facts that the tables cover")
    return answer


def _last_known(regime: Regime, code: str, asked: Ask) -> str | None:
    """The answer that was last known before an unknown one, in words."""
    for point in sorted(breakpoints(regime, code, asked), reverse=True):
        day = min(point - DAY, asked.day - DAY)
        if day < regime.valid_from:
            break
        if point > asked.day:
            continue
        answer = _answer(regime, code, replace(asked, day=day))
        if answer.known:
            return f"{answer.kind} until {day.isoformat()}"
    return None


DATES = ("valid_from", "valid_to", "from_latest", "to_latest", "announced", "known_from")


def breakpoints(regime: Regime, code: str, asked: Ask) -> set[date]:
    """Days on which the answer may change: every date of every row that may bear on the shipment."""
    parent = asked.facts.get("parent_place")
    key = ("breakpoints", code, asked.destination, asked.exporter, parent)
    if key in regime._cache:
        return regime._cache[key]  # type: ignore[no-any-return]
    codes = _codes(regime, code)
    rules = [rule.row for rule in _candidates(regime, code, asked.destination, asked.exporter, parent)]
    rows = [*rules, *(regime.items[name] for name in codes), *regime.rows["catch_all"], *regime.rows["place_group"]]
    rows += [row for row in regime.rows["item_param"] if codes & set(row["item"])]
    rows += [row for kind in regime.types.values() for row in kind]
    rows += [row for group in regime.members.values() for place in (asked.destination, parent)
             for row in group.get(place or "", ())]  # fmt: skip
    targets = {rule["rule_id"] for rule in rules} | codes
    rows += [row for (_, target), found in regime.suspensions.items() for row in found if target in targets]
    points = {row[name] for row in rows for name in DATES if row.get(name) is not None}
    points |= {row["known_through"] + DAY for row in rows if row.get("known_through") is not None}
    points |= {regime.valid_from, regime.known_through + DAY}
    regime._cache[key] = {day for day in points if regime.valid_from <= day <= regime.known_through + DAY}
    return regime._cache[key]  # type: ignore[no-any-return]


def licence_history(regimes: Regimes = None, *, item: str, destination: str, exporter: str | None = None,
                    facts: Facts | None = None, **more: Any) -> LicenceStates:  # fmt: skip
    """The licence state over time as a step function, from the first day covered to what is known, then unknown.

    Arguments as `licence`. A day of it is what `licence` answers for that day.
    """
    regime, place = _regime(regimes, exporter)
    _place(destination)
    if regime is None:
        raise InputError(f"no table covers exporters of {place}; allowed: " + ", ".join(sorted(
            place for known in load_regimes().values() for place in known.places)))  # fmt: skip
    code = regime.item(item)
    known = _known_facts(regime).union(*(_known_facts(other) for other in load_regimes().values()))
    said = facts_of.checked({**(facts or {}), **more}, known)
    return history(regime, code, destination, place, said)


def history(regime: Regime, code: str, destination: str, exporter: str, said: Facts) -> LicenceStates:
    """`licence_history` of a code, without checks of the arguments; answers are kept."""
    key = ("history", code, destination, exporter, tuple(sorted((name, str(value)) for name, value in said.items())))
    if key in regime._cache:
        return regime._cache[key]  # type: ignore[no-any-return]
    start = Ask(destination, exporter, said, regime.valid_from, None)
    points = set(breakpoints(regime, code, start)) | parties.breakpoints(regime, said)
    found: list[tuple[date, Licence]] = []
    for day in sorted(day for day in points if regime.valid_from <= day <= regime.known_through + DAY):
        lists, told = parties.lists_of(regime, said, day)
        answer = _answer(regime, code, Ask(destination, exporter, said, day, lists), told)
        if not found or not same_state(found[-1][1], answer):
            found.append((day, answer))
    ends = [day for day, _ in found[1:]] + [None]
    steps = tuple((day, end, answer) for (day, answer), end in zip(found, ends, strict=True))
    sources = frozenset[str]().union(*(answer.sources for _, answer in found))
    regime._cache[key] = LicenceStates(regime.id, code, destination, steps, sources)
    return regime._cache[key]  # type: ignore[no-any-return]
