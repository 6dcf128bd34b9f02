"""Step four of the decision: the rows that bear on a shipment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from geoecon.law import facts as facts_of
from geoecon.law.classify import Truth, any_of, live, member, past, possible_codes, suspended
from geoecon.law.deciding import decide
from geoecon.law.question import Ask, Finding, Match, Part, Rule
from geoecon.law.regime import Regime
from geoecon.law.schema import UNREAD, Row


def find(regime: Regime, code: str, listed: bool, asked: Ask) -> Finding:
    """Every row that bears on the shipment, and the one that decides."""
    chain = regime.chains[code]
    if not listed:  # only its own rows and those of unlisted wider items, with all that is wider than these, count
        free = next((at for at, name in enumerate(chain) if regime.items[name]["listed"] == "no"), len(chain))
        chain = (code, *chain[max(1, free) :])
    reasons = frozenset(f"reason:{reason}" for reason in regime.items[code]["reasons"])
    whole = reasons.union(regime.chains[code])
    named = whole if listed else frozenset(chain)
    finding = Finding()
    for rule in candidates(regime, code, asked.destination, asked.exporter, asked.facts.get("parent_place")):
        _sort(regime, rule, named, frozenset(chain), whole, asked, finding)
    finding.winner, finding.doubt = _decided(finding.holding, asked)
    return finding


def _decided(holding: list[Match], asked: Ask) -> tuple[Match | None, str]:
    """The deciding row. Where it is one of a list that the party is on, it changes nothing that others do not clear it;
    where a list says nothing of the goods, who stands on it is no cleaner than who stands on none."""
    sure, _, uncleared = asked.lists or (frozenset[str](), {}, {})
    if sure and uncleared:
        told = set(uncleared.values())
        winner, doubt = decide([match for match in holding if match.doubt not in told])
        if winner is not None and winner.rule.row["party_list"] in sure:
            return winner, doubt
    return decide(holding)


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
    elif state not in ("in_force", UNREAD):
        finding.suspended.append(rule.id)
    else:
        out, suspension = suspended(regime, "rule", rule.id, asked.day)
        if out:
            finding.suspended.append(rule.id)
            return
        if state == UNREAD:
            match = replace(match, doubt=row["note"] or f"whether {rule.id} holds was not read")
        if out is None:
            end = suspension["valid_to"] if suspension else "an unknown day"
            match = replace(match, doubt=f"{rule.id} was suspended until {end}; what holds after is unknown")
        (finding.latent if match.unsaid else finding.holding).append(match)


def candidates(regime: Regime, code: str, destination: str, exporter: str, parent: str | None) -> list[Rule]:
    """Rules that could ever bear on the shipment, in file order. Kept with the regime."""
    destination = regime.like(destination)
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
        licence_type = None if kind == "none" else licence_type
    if met is not True and row["effect"] != "exception":  # what is not said does not soften the policy
        policy = row.get("fallback_policy") or policy
    return Match(rule, kind, licence_type, met, policy, missing, tuple(unsaid), doubts[0] if doubts else "")


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
        whose = "the head office" if row["group_of"] == "end_user_parent" else "the place"
        return None, (), f"whether {whose} is in {row['system']}:{groups} on this day is not known"
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
