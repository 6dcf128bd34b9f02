"""Shipments whose buyer a list may name: one answer for all buyers of the same standing on days of the same law, told
of each by its own name."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from geoecon.law import buyer_kinds, over_time, parties, party_hits, presumed
from geoecon.law.answer import Licence
from geoecon.law.facts import Facts
from geoecon.law.regime import Regime, opened
from geoecon.law.several import Bound, joint


@dataclass(frozen=True)
class Asked:
    """What is asked of the law beside the places, the day and the name of the buyer."""

    bound: Bound  # regimes with the item as each calls it
    said: dict[str, Any]  # facts without the name
    goods: tuple[tuple[Regime, str], ...]  # each regime with each item
    number: int  # the same for the same facts and columns of the shipment. Kept with the first regime

    @classmethod
    def of(cls, bound: Bound, said: dict[str, Any], columns: tuple[Any, ...]) -> Asked:
        rest = {name: told for name, told in said.items() if name != "party"}
        goods = tuple((regime, code) for regime, codes in bound for code in codes.split("|"))
        numbers = bound[0][0].cache.setdefault(buyer_kinds.NUMBERS[2], {})
        facts = tuple(sorted((name, str(told)) for name, told in rest.items()))
        return cls(bound, rest, goods, numbers.setdefault((facts, columns), len(numbers)))


def named(regimes: Sequence[Regime], name: str | None) -> bool:
    """Whether a list of the regimes may name the buyer."""
    return bool(name) and any(party_hits.hits(regime, str(name)) for regime in regimes)


@dataclass
class Buyers:
    """Answers for buyers that a list may name, by what is asked, the stretch of the law and the buyer's standing."""

    said: dict[int, tuple[Bound, Facts, Mapping[str, Any], date]] = field(default_factory=dict)  # by answer's identity
    found: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def number(self, asked: Asked, like: str, value: Mapping[str, Any], day: date, answers: list[Licence]) -> int:
        """The number of the answer: that of a buyer of the same standing in a place `like` its own, else a new one."""
        said = asked.said | {"party": value["party"]}
        states = [self._state(regime, code, value, said, day, asked.number) for regime, code in asked.goods]
        key = (asked.bound[0][0].id, asked.number, like, *states)
        if key not in self.found:
            kept = asked.bound[0][0].cache.setdefault("listed_buyers", {})
            if key not in kept:
                answer = joint(asked.bound, value["destination"], value["exporter"], said, day)
                kept[key] = answer, (asked.bound, said, value, day)
            self.found[key] = len(answers)
            answers.append(kept[key][0])
            self.said[id(answers[-1])] = kept[key][1]
        return self.found[key]

    def _state(self, regime: Regime, code: str, value: Mapping[str, Any], said: Facts, day: date,
               facts: int) -> tuple[Any, ...]:  # fmt: skip
        """(stretch of days in which the law of the goods is the same, standing of the buyer, what was last known where
        that is told)."""
        goods = code, value["destination"], value["exporter"]
        edges = over_time.law_days(regime, *goods, said.get("parent_place"))
        name, place = str(said["party"]), str(said.get("party_place") or goods[1])
        stretch = bisect_right(edges, day)
        kind = buyer_kinds.kind_of(regime, name, place), buyer_kinds.turn_of(regime, name, day)
        return (
            stretch,
            buyer_kinds.standing(regime, name, place, day),
            self._last(regime, goods, said, day, (facts, stretch, *kind)),
        )

    def _last(
        self, regime: Regime, goods: tuple[str, str, str], said: Facts, day: date, when: tuple[Any, ...]
    ) -> tuple[date, str, str | None] | None:
        """(day, kind, ground) of the last known answer, where the one of the day is not known and says so."""
        if day <= presumed.first_horizon(regime):
            return None
        known: dict[tuple[Any, ...], Any] = regime.cache.setdefault("last_of_buyers", {})
        code, destination, exporter = goods
        key = (code, regime.like(destination, exporter), exporter, *when)
        if key not in known:
            asked = regime, *goods, said, day
            before = None if over_time.alike(*asked).known else over_time.last_known(*asked)
            known[key] = before and (before[0], before[1].kind, before[1].ground)
        found: tuple[date, str, str | None] | None = known[key]
        return found

    def told(self, answer: Licence, value: Mapping[str, Any], day: date) -> Licence:
        """The answer with the buyer's own name and listings."""
        if id(answer) not in self.said:
            return answer
        bound, first, theirs, then = self.said[id(answer)]
        own = dict(first) | {"party": value["party"]}
        words: dict[str, list[str]] = {}  # lines of the first buyer, and of this one those in their places
        for regime, _ in bound:
            for law in (regime, opened(regime)):
                before, old = parties.lists_of(law, first, then, theirs["destination"])
                after, new = parties.lists_of(law, own, day, value["destination"])
                pairs = list(zip(old, new, strict=False))
                for one, other in zip((before or ())[1:], (after or ())[1:], strict=False):
                    pairs += [(text, other[name]) for name, text in one.items() if name in other]
                lines: dict[str, list[str]] = {}
                for theirs_said, said in pairs:  # two entries of the first buyer may read alike
                    lines.setdefault(theirs_said, []).append(said)
                words |= lines
        words = {old: new for old, new in words.items() if set(new) != {old}}

        def own_words(texts: Iterable[str]) -> Iterator[str]:
            seen: Counter[str] = Counter()
            for text in texts:
                held = text if text in words else next((old for old in words if old in text), None)
                if held is None:
                    yield text
                    continue
                mine = words[held]
                yield text.replace(held, mine[min(seen[held], len(mine) - 1)])
                seen[held] += 1

        return replace(answer, on=day, party=tuple(own_words(answer.party)), reasons=tuple(own_words(answer.reasons)))
