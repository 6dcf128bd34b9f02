"""One question to a regime, and what its rows say: a rule made ready, a rule that bears, all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from geoecon.law import facts as facts_of
from geoecon.law import schema
from geoecon.law.classify import Truth
from geoecon.law.facts import Facts
from geoecon.law.schema import Row

# (lists the party is on, why that is not known of others, why a name that was not found is not cleared)
Lists = tuple[frozenset[str], Mapping[str, str], Mapping[str, str]]
Part = tuple[Truth, tuple[str, ...], str]  # (whether it fits, facts that were not said, why it cannot be told)
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
