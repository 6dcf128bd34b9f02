"""Steps five and six of the decision: the row that decides. The strictest requirement wins unless an exception is met;
what the tables do not know makes the answer unknown only where it could change it."""

from __future__ import annotations

from collections.abc import Iterable

from geoecon.errors import RuleConflict
from geoecon.law.question import GAP, Match


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
