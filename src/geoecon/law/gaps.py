"""Gaps that a regime names: places, items and uses of which rules exist that were not entered. Where one bears on a
shipment the answer is unknown, never none."""

from __future__ import annotations

from geoecon.law import vocabulary
from geoecon.law.classify import live, member
from geoecon.law.places import not_entered, regions
from geoecon.law.question import Ask
from geoecon.law.regime import Regime
from geoecon.law.schema import Row

OCCUPIED = "occupied_region"


def first(regime: Regime, code: str, asked: Ask) -> Row | None:
    """The first gap that bears on the shipment; None where none does. What may bear counts as bearing."""
    part = _part(regime, asked)
    if part:
        return {"what": part, "gap_id": asked.facts.get("region") or "occupied_region"}
    chain = set(regime.chains[code]) | {f"reason:{reason}" for reason in regime.items[code]["reasons"]}
    for row in regime.rows["gap"]:
        if live(row, asked.day) and chain & set(row["item"]) and not chain & set(row["item_except"]):
            if row["authority_place"] not in (None, asked.exporter) or not _use(row, asked):
                continue
            if _place(regime, row, asked):
                return row
    return None


def _part(regime: Regime, asked: Ask) -> str:
    """What is not known of the part of a country that was named; empty where nothing is amiss."""
    region = asked.facts.get("region")
    apart = regions().get(str(region), {}).get("fact") == OCCUPIED or asked.facts.get(OCCUPIED) == "yes"
    if apart and OCCUPIED not in vocabulary.tested([regime]):
        return f"what holds for {region or 'the occupied parts of Ukraine'}, of which no row of {regime.id} speaks"
    return not_entered(region)


def _place(regime: Regime, row: Row, asked: Ask) -> bool:
    if row["place"] not in (None, "*", asked.destination):
        return False
    return not row["group"] or any(
        member(regime, row["system"], group, asked.destination, asked.day) is not False for group in row["group"]
    )


def _use(row: Row, asked: Ask) -> bool:
    if not row["end_use"]:
        return True
    said = [use for use in str(asked.facts.get("catch_all_use") or "").split(";") if use]
    if not said and asked.facts.get("end_user_class") == "military":
        said = ["military"]
    return any(vocabulary.meets(use, row["end_use"]) for use in said)
