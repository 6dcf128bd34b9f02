"""Rows of measures.csv and `[[demand]]` rows that are instruments, as read: who acts, on which flow, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from geoecon import tables
from geoecon.capacity.flow_base import ASKED, Flow, base_flow, instruments, table_of
from geoecon.case import Case
from geoecon.law import schema
from geoecon.production import IOTable

if TYPE_CHECKING:
    from geoecon.kinds import Cell

BINDING = ("in_force", "reported")
TAXES = ("duty", "export_tax")  # instruments whose depth follows from their rate


def switched(case: Case, name: str) -> str:
    """ "known", "observed" or "off": how a group of measures (licences, retaliation, boycott) counts in this run."""
    how = str(case.switch(name) or case.switch("measures") or "known")
    return "off" if how == "none" else how


@dataclass(frozen=True)
class Row:
    """A measure or `[[demand]]` row as read: who sells what to whom, who acts, how, from when to when."""

    id: str
    instrument: str
    official: bool
    goods: bool
    by: str
    flow: Flow
    start: date
    end: date | None
    reported: bool
    cap: float | None
    duty: float | None
    known_from: date
    source: str
    status: str
    demand: bool = False
    asked: bool = False  # a question states it: its end is known


def rows(case: Case, table: IOTable | None, sized: bool = True) -> list[Row]:
    """The instruments that count in this run; `sized`: those alone of whose flow anything is known."""
    kept = []
    for row in (*_demand_rows(case), *_measure_rows(case, table, sized)):
        how = switched(case, switch_of(case, row))
        if how == "off" or (how != "observed" and row.known_from > case.cutoff):
            continue
        hidden = how != "observed" and row.end is not None and row.end > case.cutoff and not row.asked
        kept.append(replace(row, end=None) if hidden else row)
    return kept


def switch_of(case: Case, row: Row) -> str:
    """The group of an instrument: official acts of the senders, of the other side, or private acts."""
    if not row.official:
        return "boycott"
    return "licences" if row.by in case.senders else "retaliation"


def _demand_rows(case: Case) -> list[Row]:
    found = []
    for entry in case.settings.get("demand", []):
        seller, sector = entry["supplier"]
        buyer = entry["consumer"]
        by = entry.get("by") or _acts(case, seller, buyer)
        kind = entry.get("kind") or ("tourism" if by in case.senders and seller == buyer else "boycott")
        about = instruments()[kind]
        own = entry.get("kind") is not None or by in case.senders
        source = str(entry.get("source_id", ""))
        found.append(
            Row(
                entry["id"], about["instrument"], about["official"] == "yes" if own else False,
                seller != buyer, by, Flow(seller, buyer, entry["id"], (sector,), "final" if seller == buyer else "all"),
                day(entry["start"]), day(entry["until"]) if "until" in entry else None, True,
                entry.get("cap_share"), entry.get("duty_rate"), day(entry.get("known_from", entry["start"])),
                source, "memory", demand=True,
            )
        )  # fmt: skip
    return found


def _acts(case: Case, seller: str, buyer: str) -> str:
    """Who acts where a row does not say: not the one whose sales are hit."""
    if seller == case.target:
        return case.sender
    return case.target if seller in case.senders else buyer


def _measure_rows(case: Case, table: IOTable | None, sized: bool = True) -> list[Row]:
    """Rows of measures.csv that are no export control of the senders' goods."""
    if not case.has("measures"):
        return []
    named = {str(entry["id"]) for entry in case.settings.get("demand", [])}
    linked = {str(key) for entry in case.settings.get("demand", []) for key in entry.get("measures", [])}
    same = {(row.instrument, row.flow.seller, row.by) for row in _demand_rows(case)}
    found = []
    for row in case.rows("measures"):
        about = instruments().get(row["kind"])
        export = row["exporter"] in case.senders and row["importer"] not in case.senders
        if about is None or row["state"] not in BINDING or (export and about["instrument"] != "transit"):
            continue
        told = about["goods"] == "no" and (about["instrument"], row["exporter"], _actor(case, row)) in same
        if told or row["product"] in named or row["measure_id"] in linked:
            continue  # a [[demand]] row says the same of this flow
        flow = base_flow(case, row, table)
        if flow is None and sized:
            continue
        flow = flow or Flow(str(row["exporter"]), str(row["importer"]), str(row["product"]), ())
        by = _actor(case, row)
        found.append(
            Row(
                row["measure_id"], about["instrument"], about["official"] == "yes", about["goods"] == "yes", by, flow,
                row["valid_from"], row["valid_to"] if tables.given(row["valid_to"]) else None,
                row["state"] == "reported",
                float(row["cap_share"]) if tables.given(row["cap_share"]) else None,
                float(row["duty_rate"]) if tables.given(row.get("duty_rate")) else None, row["known_from"],
                str(row["source"]), str(row["status"]), asked=row.get("source_id") == ASKED,
            )
        )  # fmt: skip
    return found


def _actor(case: Case, row: Mapping[str, Any]) -> str:
    """The state whose rule it is: the regime's, else the buyer's."""
    named = str(row["regime"]).upper()
    codes = {state.code for state in case.states}
    return named if named in codes else str(row["importer"])


def unread(case: Case) -> list[tuple[int, str, str]]:
    """(line, measure, why) of the rows of measures.csv that no stage can use, for `geoecon check`."""
    if not case.has("measures"):
        return []
    used = {row.id for row in _measure_rows(case, table_of(case))}
    same = {(row.instrument, row.flow.seller, row.by) for row in _demand_rows(case)}
    named = {str(entry["id"]) for entry in case.settings.get("demand", [])}
    linked = {str(key) for entry in case.settings.get("demand", []) for key in entry.get("measures", [])}
    mine = {product.id for product in case.products}
    found = []
    for row in tables.records(case.table("measures")):
        about = instruments().get(row["kind"])
        if row["measure_id"] in used | linked or row["product"] in named | mine or row["kind"] == "none":
            continue
        if about is not None and (about["instrument"], row["exporter"], _actor(case, row)) in same:
            continue
        if about is None and row["kind"] in schema.kinds():
            why = f"its good {row['product']} is none of the case's products"
        elif about is None:
            why = f"the kind {row['kind']!r} is neither a kind of licence nor an instrument"
        elif about["instrument"] in TAXES and not tables.given(row.get("duty_rate")):
            why = "a duty without a rate (column duty_rate)"
        else:
            why = "no base: neither trade rows of this flow nor a parameter base_usd_million." + str(row["product"])
        found.append((int(row["line"]), str(row["measure_id"]), why))
    return found


def day(value: Cell) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
