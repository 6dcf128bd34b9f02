"""Which facts the rows ask of goods: what no row asks of an item is refused beside it, never taken and thrown away."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from geoecon.errors import InputError
from geoecon.law import facts as facts_of
from geoecon.law import reach, vocabulary
from geoecon.law.abroad import ABROAD
from geoecon.law.classify import outside_code, possible_codes
from geoecon.law.facts import Facts
from geoecon.law.matching import prepared
from geoecon.law.regime import Regime
from geoecon.law.several import Bound


def asked_of(regime: Regime, code: str) -> frozenset[str]:
    """The attributes that a row asks of an item, or of what it may turn out to be; those that the engine reads of any
    goods (use, user, party, place) are not among them."""
    key = ("asked_of", code)
    if key not in regime.cache:
        codes = possible_codes(regime, code) | possible_codes(regime, outside_code(regime, code) or code)
        reasons = {f"reason:{reason}" for name in codes for reason in regime.items[name]["reasons"]}
        rules = [rule for name in codes | reasons for rule in prepared(regime).get(name, ())]
        found = {attribute for rule in rules for clause in rule.condition for attribute, _, _ in clause}
        regime.cache[key] = frozenset(
            found | {row["attribute"] for name in codes for row in regime.params.get(name, ())}
        )
    asked: frozenset[str] = regime.cache[key]
    return asked


@cache
def of_any_goods() -> frozenset[str]:
    """Facts that are read whatever the goods are."""
    kinds = ("use", "user", "trigger", "party", "list", "place", "region", "item")
    found = {name for name, row in vocabulary.known_facts().items() if row["kind"] in kinds}
    return frozenset(found | {"notice_received", "exporter_state", "arms_embargo", "occupied_region", "civil_end_use",
                              "owned_by_listed_pct", "named_goods", "foreign_content_pct"})  # fmt: skip


def asked(bound: Bound) -> frozenset[str]:
    """What rows ask of an item by every regime that binds, and what is read of any goods."""
    own = (asked_of(regime, code) for regime, codes in bound for code in codes.split("|"))
    return of_any_goods().union(*own)


def refuse_unasked(item: str, bound: Bound, said: Facts, regimes: Iterable[Regime]) -> None:
    """Raises InputError with every fact that no rule of the regimes asks, and with those that make other goods of the
    item: total processing performance beside goods outside the list. A fact that rules ask of other items is `unused`.
    """
    own = {regime.id: regime for regime, _ in bound}
    every = list(regimes) if ABROAD & said.keys() else list(own.values())  # those that follow the goods abroad ask too
    known = of_any_goods().union(vocabulary.tested(every))
    titles = " or ".join(regime.title for regime in own.values())
    faults = [f"fact {name} = {said[name]} is asked by no rule of {titles}; allowed: {', '.join(sorted(known))}"
              for name in sorted(said.keys() - known)]  # fmt: skip
    for name in unused(item, bound, said, regimes):
        if name in known and vocabulary.known_facts().get(name, {}).get("kind") == "number":
            shown = ", ".join(_items_told(name, said, own.values()))
            if shown:
                why = f"fact {name} = {said[name]} beside item {item}: by it the goods may be {shown}"
                faults.append(f"{why}; allowed: that item, or {item} without it")
    if faults:
        raise InputError(faults)


def unused(item: str, bound: Bound, said: Facts, regimes: Iterable[Regime]) -> tuple[str, ...]:
    """Facts that were said and that no row asks of the item: they change nothing."""
    known = asked(bound)
    if ABROAD & said.keys():
        codes = ((regime, code) for regime in regimes for code in reach.codes_of(regime, item, said))
        known = known.union(*(asked_of(regime, code) for regime, code in codes if code in regime.items))
    return tuple(sorted(said.keys() - known))


def _items_told(name: str, said: Facts, regimes: Iterable[Regime]) -> list[str]:
    """Items of which the fact meets a set of limits, as far as what is said tells."""
    found = []
    for regime in regimes:
        for code, limits in regime.params.items():
            for one in {row["set"] for row in limits}:
                own = [
                    (row["attribute"], row["operator"], str(row["threshold"])) for row in limits if row["set"] == one
                ]
                met = {test: facts_of.holds(test, said) for test in own}
                if False not in met.values() and any(met[test] for test in own if test[0] == name):
                    found.append(code)
    return list(dict.fromkeys(found))
