"""The answers over time for one kind of shipment, as the steps that many shipments share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from geoecon.errors import InputError
from geoecon.law import items, vocabulary
from geoecon.law.answer import Licence
from geoecon.law.decision import choices_of
from geoecon.law.regime import Regime
from geoecon.law.schema import UNKNOWN
from geoecon.law.several import choice_history, joint, joint_history


def steps_of(
    binding: Sequence[Regime], value: Mapping[str, Any], facts: Mapping[str, Any]
) -> list[tuple[date, Licence]]:
    """Steps of one kind of shipment; before the first of them, and where no table reaches, unknown with the reason."""
    exporter, item, destination = value["exporter"], value["item"], value["destination"]

    def unknown(why: str, code: str = item) -> tuple[date, Licence]:
        id_ = binding[0].id if binding else exporter
        return date.min, Licence(id_, code, destination, date.min, UNKNOWN, code, exporter=exporter, reasons=(why,))

    if not binding:
        return [unknown(f"no table covers exporters of {exporter}")]
    if not item:
        return [unknown(_without_item(binding[0], value.get("hs") or ""))]
    try:
        found = choices_of(binding, item, None)
        said = vocabulary.spread({**items.facts_of(binding, item), **facts})
    except InputError as error:
        return [unknown(str(error))]
    first = min(regime.valid_from for bound in found.values() for regime, _ in bound)
    if len(found) > 1 and destination != exporter:
        early = unknown(f"before the first rule ({first})", next(iter(found.values()))[0][1])
        return [early, *choice_history(found, item, destination, exporter, said)]
    bound = next(iter(found.values()))
    if destination == exporter:  # no export, on any day
        return [(date.min, joint(bound, destination, exporter, said, date.min))]
    states = joint_history(bound, destination, exporter, said)
    return [unknown(f"before the first rule ({first})", bound[0][1]), *((day, a) for day, _, a in states.steps)]


def _without_item(regime: Regime, code: str) -> str:
    """What can be said of goods of which only the customs code is known."""
    if not code:
        return "the product has no item; goods without a customs code can still need a licence"
    found: dict[str, str] = {}
    try:
        rows = regime.items_of_code(code, regime.known_through)
    except InputError as error:
        return str(error)
    for row in rows:
        for item in row["item"]:
            found[item] = f"{item} ({row['share_lo']:g} to {row['share_hi']:g} of the code)"
    if not found:
        return f"no item of the tables carries code {code}; goods without a customs code can still need a licence"
    return f"code {code} may hold {', '.join(found.values())}: the list text decides, not the code"
