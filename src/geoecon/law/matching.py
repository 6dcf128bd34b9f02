"""Steps four to six of the decision: rows that hold, and the one that decides. The strictest requirement wins unless an
exception is met; what the tables do not know makes the answer unknown only where it could change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from geoecon.errors import RuleConflict
from geoecon.law import facts as facts_of
from geoecon.law import schema
from geoecon.law.classify import Truth, any_of, live, member, past, possible_codes, suspended
from geoecon.law.facts import Facts
from geoecon.law.regime import Regime
from geoecon.law.schema import Row

# (lists the party is on, why that is not known of others, why a name that was not found is not cleared)
Lists = tuple[frozenset[str], Mapping[str, str], Mapping[str, str]]
GAP = "no row covers this: a gap, not a permission"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: where from, where to, what is known of the shipment, when."""

    destination: str
    exporter: str
    facts: Facts
    day: date
    lists: Lists | None = None  # None: nothing was said about the party


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule row made ready: its condition parsed, its rank known."""

    row: Row
    id: str
    items: frozenset[str]
    items_except: frozenset[str]
    condition: tuple[tuple[facts_of.Test, ...], ...]
    priority: float
    specific: bool  # names a place: goes before a group at equal kind


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that bears on the shipment. `doubt` says why it may not: a window, a horizon, the end of a suspension."""

    rule: Rule
    kind: str
    licence_type: str | None
    met: Truth  # of its condition
    policy: str | None = None  # how applications are decided, by the facts given
    missing: tuple[str, ...] = ()  # facts its condition asks
    unsaid: tuple[str, ...] = ()  # facts about parent, user, use or party without which it does not hold
    doubt: str = ""

    @property
    def effect(self) -> str:
        return str(self.rule.row["effect"])

    @property
    def strictness(self) -> int:
        return schema.strictness(self.kind)

    @property
    def rank(self) -> tuple[int, float, bool]:
        return self.strictness, self.rule.priority, self.rule.specific


@dataclass(slots=True)
class Finding:
    """What the rows say about one question. `winner` is None where the answer is unknown, `doubt` says why."""

    winner: Match | None = None
    doubt: str = GAP
    holding: list[Match] = field(default_factory=list)
    latent: list[Match] = field(default_factory=list)  # would hold if more about parent, user, use or party were said
    suspended: list[str] = field(default_factory=list)
    announced: list[str] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)


def find(regime: Regime, code: str, listed: bool, asked: Ask) -> Finding:
    """Every row that bears on the shipment, and the one that decides."""
    chain = regime.chains[code]
    if not listed:  # only its own rows and unlisted wider items count
        chain = (code, *(name for name in chain[1:] if regime.items[name]["listed"] == "no"))
    reasons = frozenset(f"reason:{reason}" for reason in regime.items[code]["reasons"])
    whole = reasons.union(regime.chains[code])
    named = whole if listed else frozenset(chain)
    finding = Finding()
    for rule in candidates(regime, code, asked.destination, asked.exporter, asked.facts.get("parent_place")):
        _sort(regime, rule, named, frozenset(chain), whole, asked, finding)
    finding.winner, finding.doubt = decide(finding.holding)
    return finding


def _sort(
    regime: Regime,
    rule: Rule,
    named: frozenset[str],
    chain: frozenset[str],
    whole: frozenset[str],
    asked: Ask,
    finding: Finding,
) -> None:
    """Puts one rule where it belongs in the finding. `whole` are the names of the item once it is listed."""
    row, state = rule.row, rule.row["state"]
    if asked.day < row["valid_from"]:
        told = row["announced"] or row["known_from"]
        if state == "in_force" and told is not None and told <= asked.day and rule.items & whole:
            finding.announced.append(rule.id)
        return
    match = bears(regime, rule, named, chain, asked)
    if match is None:
        return
    if state == "reported":
        finding.reported.append(rule.id)
    elif state == "announced":
        finding.announced.append(rule.id)
    elif state != "in_force":
        finding.suspended.append(rule.id)
    else:
        out, suspension = suspended(regime, "rule", rule.id, asked.day)
        if out:
            finding.suspended.append(rule.id)
            return
        if out is None:
            end = suspension["valid_to"] if suspension else "an unknown day"
            match = replace(match, doubt=f"{rule.id} was suspended until {end}; what holds after is unknown")
        (finding.latent if match.unsaid else finding.holding).append(match)


def candidates(regime: Regime, code: str, destination: str, exporter: str, parent: str | None) -> list[Rule]:
    """Rules that could ever bear on the shipment, in file order. Kept with the regime."""
    key = ("candidates", code, destination, exporter, parent)
    if key not in regime.cache:
        names = set(possible_codes(regime, code))
        names |= {f"reason:{reason}" for name in names for reason in regime.items[name]["reasons"]}
        by_item = prepared(regime)
        rules = {rule.id: rule for name in names for rule in by_item.get(name, ())}
        regime.cache[key] = [
            rules[row["rule_id"]]
            for row in regime.rows["licence_rule"]
            if row["rule_id"] in rules and _may_concern(regime, row, destination, exporter, parent)
        ]
    found: list[Rule] = regime.cache[key]
    return found


def prepared(regime: Regime) -> Mapping[str, list[Rule]]:
    """Rules by the item code or reason that they name."""
    if "rules" not in regime.cache:
        found: dict[str, list[Rule]] = {}
        for row in regime.rows["licence_rule"]:
            rule = Rule(
                row=row,
                id=row["rule_id"],
                items=frozenset(row["item"]),
                items_except=frozenset(row["item_except"]),
                condition=facts_of.parsed(row["condition"]),
                priority=row["priority"] or 0.0,
                specific=bool(row["place"]) and row["place"] != "*",
            )
            for code in rule.items:
                found.setdefault(code, []).append(rule)
        regime.cache["rules"] = found
    rules: Mapping[str, list[Rule]] = regime.cache["rules"]
    return rules


def _may_concern(regime: Regime, row: Row, destination: str, exporter: str, parent: str | None) -> bool:
    """Whether the row could concern the place on any day at all."""
    if row["authority_place"] and row["authority_place"] != exporter:
        return False
    place = parent if row["group_of"] == "end_user_parent" else destination
    if place is None:
        return True
    if row["place"] not in (None, "*", place):
        return False
    return not row["group"] or any(
        place in regime.members.get((row["system"], group), {})
        or any(line["member_rule"] == "complement" for line in regime.groups[row["system"], group])
        for group in row["group"]
    )


def bears(regime: Regime, rule: Rule, named: frozenset[str], chain: frozenset[str], asked: Ask) -> Match | None:
    """The rule as it bears on the shipment on that day; None where it does not."""
    row, day = rule.row, asked.day
    if not live(row, day) or not rule.items & named or rule.items_except & chain:
        return None
    unsaid: list[str] = []
    doubts = []
    for inside, lacking, doubt in (_place(regime, row, asked), _user(row, asked), _party(row, asked)):
        if inside is False:
            return None
        unsaid += lacking
        doubts += [doubt] if inside is None and doubt else []
    if past(row, day):
        doubts.append(f"{rule.id} was checked through {row['known_through']} only")
    met, missing = facts_of.met(rule.condition, asked.facts)
    kind, licence_type, policy = row["kind"], row["licence_type"], row["review_policy"]
    if met is False and row["effect"] != "exception":
        kind, licence_type = row["fallback_kind"] or kind, row["fallback_type"] or licence_type
    if met is not True and row["effect"] != "exception":  # what is not said does not soften the policy
        policy = row.get("fallback_policy") or policy
    return Match(rule, kind, licence_type, met, policy, missing, tuple(unsaid), doubts[0] if doubts else "")


Part = tuple[Truth, tuple[str, ...], str]  # (whether it fits, facts that were not said, why it cannot be told)


def _place(regime: Regime, row: Row, asked: Ask) -> Part:
    """Destination, or the place of the ultimate parent."""
    place = asked.destination
    if row["group_of"] == "end_user_parent":
        if "parent_place" not in asked.facts:
            return True, ("parent_place",), ""
        place = asked.facts["parent_place"]
    if row["place"] not in (None, "*", place):
        return False, (), ""
    if not row["group"] and not row["group_except"]:
        return True, (), ""
    inside: Truth = True
    if row["group"]:
        inside = any_of(member(regime, row["system"], group, place, asked.day) for group in row["group"])
    outside = any_of(member(regime, row["system"], group, place, asked.day) for group in row["group_except"])
    if inside is False or outside is True:
        return False, (), ""
    if inside is None or outside is None:
        groups = ";".join((*row["group"], *row["group_except"]))
        return None, (), f"whether {place} is in {row['system']}:{groups} on {asked.day} is not known"
    return True, (), ""


def _user(row: Row, asked: Ask) -> Part:
    """Class of end user and end use."""
    unsaid = []
    for column in ("end_user_class", "end_use_class"):
        wanted = row[column]
        if wanted in (None, "any"):
            continue
        said = asked.facts.get(column)
        if said is None:
            unsaid.append(column)
        elif str(said) != wanted:
            return False, (), ""
    return True, tuple(unsaid), ""


def _party(row: Row, asked: Ask) -> Part:
    """Party lists."""
    name = row["party_list"]
    if not name:
        return True, (), ""
    if asked.lists is None:
        return True, ("party",), ""
    if name in asked.lists[0]:
        return True, (), ""
    if name in asked.lists[1]:
        return None, (), asked.lists[1][name]
    if name in asked.lists[2] and row["effect"] != "exception":  # a list that lightens is not opened by a gap
        return None, (), asked.lists[2][name]
    return False, (), ""


def decide(matches: list[Match]) -> tuple[Match | None, str]:
    """The deciding row, and why it cannot be told where rows that may hold would change the answer."""
    sure = [match for match in matches if not match.doubt]
    doubted = [match for match in matches if match.doubt]
    base = outcome(sure)
    if base is None:
        return None, doubted[0].doubt if doubted else GAP
    # an exception whose condition was not said is an option, whether the row holds or not
    opened = [match for match in doubted if match.effect != "exception" or match.met]
    for variant in [[match] for match in opened] + ([opened] if len(opened) > 1 else []):
        other = outcome(sure + variant)
        if other is not None and other.kind != base.kind:
            return None, variant[0].doubt
    return base, ""


def outcome(matches: list[Match]) -> Match | None:
    """The row that decides among rows that all hold.

    The lightest exception whose condition is met lifts requirements of lower or equal priority; it never makes an
    answer stricter; overrides are not lifted.
    """
    needed = [match for match in matches if match.effect != "exception"]
    top = strictest(needed)
    met = [match for match in matches if match.effect == "exception" and match.met]
    if top is None or not met:
        return top
    best = min(met, key=lambda match: (match.strictness, -match.rule.priority))
    lifted = [match for match in needed if match.effect == "requirement" and match.rule.priority <= best.rule.priority]
    if not lifted or max(match.strictness for match in lifted) <= best.strictness:
        return top
    return strictest([*(match for match in needed if match not in lifted), best])


def strictest(matches: Iterable[Match]) -> Match | None:
    """The strictest of rows; among equal kinds the one of highest priority, a place before a group.

    Raises RuleConflict naming both rows where two kinds of equal rank stand against each other.
    """
    best: Match | None = None
    for match in matches:
        if best is not None and match.strictness == best.strictness and match.kind != best.kind:
            one, two = (f"{m.rule.id} ({m.kind}, line {m.rule.row['line']})" for m in (best, match))
            raise RuleConflict(f"licence_rule.csv: {one} and {two} say kinds of equal rank; allowed: one of them")
        if best is None or match.rank > best.rank:
            best = match
    return best
