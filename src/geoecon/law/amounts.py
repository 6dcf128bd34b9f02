"""Amounts by the limits that some rule asks: within two limits every amount has the same answer."""

from __future__ import annotations

from collections.abc import Iterable

from geoecon.law import facts as facts_of
from geoecon.law.regime import Regime


def limits(name: str, regimes: Iterable[Regime]) -> list[float]:
    """Every limit of a fact that some row of the regimes tests, in order."""
    found: set[float] = set()
    for regime in regimes:
        if name == "owned_by_listed_pct":
            rules = (row["ownership_rule"] or "" for row in regime.rows["party_list"])
            found |= {float(rule) for rule in rules if rule.isdigit()}
        found |= {float(row["threshold"]) for row in regime.rows["item_param"] if row["attribute"] == name}
        for row in regime.rows["licence_rule"]:
            for clause in facts_of.parsed(row["condition"]):
                found |= {float(value) for attribute, sign, value in clause if attribute == name and sign != "="}
    return sorted(found)


def between(edges: list[float]) -> list[float]:
    """An amount below the first limit, the limit, one between it and the next, …, one above the last."""
    found = [edges[0] - 1]
    for edge, after in zip(edges, [*edges[1:], edges[-1] + 2], strict=True):
        found += [edge, (edge + after) / 2]
    return found


def in_words(edges: list[float], first: int, last: int) -> str:
    """The amounts of `between` from the first to the last position: "below 30", "at least 30", "10 to below 30"."""
    low = "" if first == 0 else f"{edges[(first - 1) // 2]:,.12g}"
    high = "" if last == 2 * len(edges) else f"{edges[last // 2]:,.12g}"
    above, below = ("above" if first % 2 == 0 else "at least"), ("below" if last % 2 == 0 else "at most")
    if not low:
        return f"{below} {high}"
    if not high:
        return f"{above} {low}"
    return low if low == high else f"{above} {low} and {below} {high}"
