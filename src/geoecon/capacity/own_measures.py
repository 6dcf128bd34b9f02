"""Phases of a case's own measures: rows of measures.csv that bind the flow from sender to target."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geoecon import tables
from geoecon.capacity.flow_base import ASKED, instruments
from geoecon.capacity.instrument_rows import switched
from geoecon.capacity.phase import Phase
from geoecon.case import Case, Product
from geoecon.errors import Fault, InputError
from geoecon.law import schema

EVERYWHERE = ("WLD", "ALL", "*")


def measures(case: Case, product: Product) -> list[dict[str, Any]]:
    """The case's own rows for a product that are known and bind the flow from sender to target.

    A reported practice counts where it states a cap. Raises InputError for a row that says neither kind nor cap.
    """
    if not case.has("measures"):
        return []
    table = case.table("measures") if switched(case, "licences") == "observed" else case.known("measures", "known_from")
    mine = (table["product"] == product.id) & (table["exporter"] == case.sender)
    rows = [
        row
        for row in tables.records(table[mine & table["importer"].isin([case.target, *EVERYWHERE])])
        if row["state"] == "in_force" or _is_halt(row)
    ]
    allowed = (
        f"a kind of licence ({', '.join(schema.kinds())}), export_tax with its duty_rate, firm_stop, or a cap_share"
    )
    faults = [
        Fault("measures.csv", row["line"], "kind", repr(row["kind"]), allowed)
        for row in rows
        if row["kind"] not in schema.kinds() and not tables.given(row["cap_share"]) and not _of_instrument(row)
    ]
    if faults:
        raise InputError(faults)
    return sorted(rows, key=lambda row: (row["valid_from"], row["measure_id"]))


def _of_instrument(row: Mapping[str, Any]) -> str:
    """ "export_tax" or "firm_stop" where a row is one of them and says enough, else ""."""
    name = instruments().get(row["kind"], {}).get("instrument", "")
    return name if name == "firm_stop" or (name == "export_tax" and tables.given(row.get("duty_rate"))) else ""


def of_measures(rows: list[dict[str, Any]], horizon: date | None) -> list[Phase]:
    """Phases of a case's own measures: on each day the strictest row in force; a cap is the lowest one stated.

    An end is visible where it lies before the cut-off, another visible row begins on it, or a question states it. To
    a blind forecast a reported practice without a visible end is a halt of unknown length (`halt_days`).
    """
    starts = {row["valid_from"] for row in rows}
    spans = []
    for row in rows:
        end = row["valid_to"] if tables.given(row["valid_to"]) else None
        asked = row.get("source_id") == ASKED and not _is_halt(row)
        hidden = end is not None and horizon is not None and end > horizon and end not in starts and not asked
        spans.append((row["valid_from"], date.max if end is None or hidden else end, row))
    days = sorted(starts | {end for _, end, _ in spans if end < date.max})
    return [
        _of_day(
            day,
            [row for start, end, row in spans if start <= day < end],
            [row for start, end, row in spans if start <= day and end == date.max and horizon and _is_halt(row)],
        )
        for day in days
    ]


def _is_halt(row: dict[str, Any]) -> bool:
    """A reported practice that states a cap."""
    return bool(row.get("state") == "reported" and tables.given(row["cap_share"]))


def _of_day(day: date, held: list[dict[str, Any]], halts: list[dict[str, Any]]) -> Phase:
    """What the rows in force on a day say together; `halts` are those of them whose end nobody can see."""
    capped = [row for row in held if tables.given(row["cap_share"]) and row not in halts]
    halt = min(halts, key=lambda row: float(row["cap_share"]), default=None)
    taxes = [float(row["duty_rate"]) for row in held if _of_instrument(row) == "export_tax"]
    stops = [row for row in held if _of_instrument(row) == "firm_stop" and not tables.given(row["cap_share"])]
    kinds = [row["kind"] for row in held if row["kind"] in schema.kinds() and not tables.given(row["cap_share"])]
    kind = max(kinds, key=schema.strictness, default="none")
    ground = next((row for row in held if row["kind"] == kind), held[0] if held else None)
    told: date | None = None
    if ground is not None:
        told = ground["announced"] if tables.given(ground["announced"]) else ground["known_from"]
    return Phase(
        start=day,
        light=kind,
        heavy=kind,
        announced=told,
        review_days=next((float(row["review_days"]) for row in held if tables.given(row["review_days"])), None),
        cap=min((float(row["cap_share"]) for row in capped), default=None),
        halt_cap=None if halt is None else float(halt["cap_share"]),
        halt_since=None if halt is None else halt["valid_from"],
        export_tax=sum(taxes) if taxes else None,
        firm_stop=bool(stops),
        source=str(ground["source"]) if ground else "",
    )
