"""How applications are decided: the policy of the row, of the party's entry and of the rows that stand beside it."""

from __future__ import annotations

from geoecon.law import vocabulary
from geoecon.law.deciding import strictest
from geoecon.law.party_hits import PER_ENTRY, policy_of
from geoecon.law.question import Ask, Finding, Match
from geoecon.law.regime import Regime
from geoecon.law.verdicts import verdict


def review(regime: Regime, asked: Ask, finding: Finding, winner: Match) -> str | None:
    """How applications are decided: by the party's entry where the row leaves it to that, and never softer than by the
    row that would decide without the embargo or the listing."""
    policy = policy_of(regime, str(asked.facts.get("party", ""))) if winner.policy == PER_ENTRY else None
    policies = [policy or winner.policy]
    policies += [match.policy for match in finding.holding if match.rank[:2] == winner.rank[:2] and not match.doubt
                 and match.effect != "exception"]  # fmt: skip
    if winner.effect == "override":
        needed = (match for match in finding.holding if match.effect == "requirement" and not match.doubt)
        below = strictest(needed)
        policies += [below.policy] if below is not None and below.kind == winner.kind else []
    return max(policies, key=lambda one: verdict(winner.kind, one).severity)


def sternest(finding: Finding, kind: str, policy: str | None) -> str | None:
    """The policy of a row, never softer than that of rows that ask the same kind, though a doubt keep them from
    deciding."""
    beside = [match.policy for match in finding.holding if match.kind == kind and match.effect != "exception"]
    return max((policy, *beside), key=lambda one: verdict(kind, one).severity)


def sterner(match: Match, winner: Match) -> bool:
    """Whether a row of the same kind, on a condition that was not said, may be followed by a sterner policy."""
    row = match.rule.row
    return (
        match.met is None and match.kind == "none" and row["fallback_kind"] == winner.kind
        and verdict(winner.kind, row["fallback_policy"]).severity > verdict(winner.kind, winner.policy).severity
    )  # fmt: skip


def policy_in_words(match: Match) -> str:
    row = match.rule.row
    policy, asked = str(row["fallback_policy"] or "").replace("_", " "), vocabulary.in_words(str(row["condition"]))
    return f"{match.rule.id}: {policy} unless {asked}"
