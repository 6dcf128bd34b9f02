"""Which shipped case tells the same dispute: its outcomes are left out of what a forecast learns from, whatever the
folder is called."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from geoecon.case.record import Case

APART = timedelta(days=366)  # between the starts of one dispute told twice


class Dispute(NamedTuple):
    """Who, whom, since when and over which goods (HS codes)."""

    senders: frozenset[str]
    targets: frozenset[str]
    start: date
    goods: frozenset[str]

    def same(self, other: Dispute) -> bool:
        """Of the same two sides, begun within a year of each other, over a good that both name (or one names none)."""
        sides = bool(self.senders & other.senders) and bool(self.targets & other.targets)
        goods = not self.goods or not other.goods or bool(self.goods & other.goods)
        return sides and goods and abs(self.start - other.start) <= APART


@cache
def shipped() -> Mapping[str, Dispute]:
    """The disputes that ship, by the name of their case."""
    found = {}
    for folder in (files("geoecon") / "cases").iterdir():
        if (folder / "case.toml").is_file():
            told = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
            held = {role: frozenset(state["code"] for state in told["states"] if state["role"] == role)
                    for role in ("sender", "target")}  # fmt: skip
            goods = frozenset(code[:6] for good in told.get("products", ()) for code in good.get("hs", ()))
            start = date.fromisoformat(str(told["case"]["start"]))
            found[folder.name] = Dispute(held["sender"], held["target"], start, goods)
    return found


def on_record(case: Case) -> str:
    """The name under which the records hold this dispute: that of a shipped case that tells it, else its own."""
    if case.id in shipped():
        return case.id
    goods = frozenset(code[:6] for good in case.products for code in good.hs)
    mine = Dispute(frozenset(case.in_role("sender")), frozenset(case.in_role("target")), case.start, goods)
    return next((name for name, other in sorted(shipped().items()) if mine.same(other)), case.id)
