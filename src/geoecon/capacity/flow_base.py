"""The flow that an instrument hits: who sells what to whom, its value before the dispute, its industries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

import pandas as pd

from geoecon import production
from geoecon.case import Case, Itself
from geoecon.dates import month_on
from geoecon.errors import MissingData
from geoecon.production import IOTable
from geoecon.tables import given, packaged

ASKED = "question"  # source_id of what a question states: its end is known beforehand


@dataclass(frozen=True)
class Flow:
    """Sales of the seller's `sectors` (named as in the case's economy) to `buyer`; for one product of them."""

    seller: str
    buyer: str
    product: str
    sectors: tuple[str, ...]
    use: str = "all"
    usd_million: float | None = None


@cache
def _chapters() -> tuple[tuple[range, str], ...]:
    """HS chapters and the industries that make such goods, by the names of both tables of the package."""
    return tuple(
        (range(int(row["from"]), int(row["to"]) + 1), row["sector"]) for row in packaged("capacity", "chapters.csv")
    )


@cache
def instruments() -> Mapping[str, Mapping[str, str]]:
    """What each kind of measure is, by kind."""
    return {row["kind"]: row for row in packaged("capacity", "instruments.csv")}


SERVICES: Mapping[str, tuple[str, ...]] = {
    "tourism": ("accommodation and food", "trade and transport"),
    "transit": ("transport", "trade and transport"),
    "assets": ("finance and business services", "business services", "finance"),
    "affiliates": ("trade", "trade and transport"),
}


def table_of(case: Case) -> IOTable | None:
    """The case's economy, or None where it has none."""
    try:
        return production.economy(case)
    except MissingData:
        return None


def base_flow(case: Case, row: Mapping[str, Any], table: IOTable | None) -> Flow | None:
    """The flow of a measure: of a product of the case or of the trade table, else of a service; None where unknown."""
    seller, buyer, product = str(row["exporter"]), str(row["importer"]), str(row["product"])
    value, hs = traded(case, seller, buyer, product)
    known = {one.id: one for one in case.products}
    sectors = tuple(sector for place, sector in known[product].makers if place == seller) if product in known else ()
    if not sectors:
        sectors = _sectors(table, hs, str(row["kind"]))
    if not sectors and value is None:
        return None
    if instruments().get(str(row["kind"]), {}).get("instrument") == "tourism":
        return Flow(seller, seller, product, sectors, "final", value)  # visitors buy where they are
    return Flow(seller, buyer, product, sectors, "all", value)


def traded(case: Case, seller: str, buyer: str, product: str) -> tuple[float | None, str]:
    """(USD million in the year before the start, HS code) that one state sold to another; None where the
    trade table has no such row."""
    return _before(Itself(case.known("trade", "period")), seller, buyer, product, case.start)


def imported(case: Case, exporter: str, product: str) -> float | None:
    """USD million in the year before the start that the target imported, all senders together; None where unknown."""
    return _before(Itself(case.flows), exporter, case.target, product, case.start)[0]


@lru_cache(maxsize=1024)
def _before(trade: Itself, seller: str, buyer: str, product: str, start: date) -> tuple[float | None, str]:
    flows = trade.frame
    mine = flows[(flows["exporter"] == seller) & (flows["importer"] == buyer) & (flows["product"] == product)]
    hs = next((str(code) for code in mine["hs"] if given(code)), "") if "hs" in mine else ""
    return usd_million_before(mine, start), hs


def usd_million_before(rows: pd.DataFrame, start: date) -> float | None:
    """USD million of rows of one flow in the twelve months before a day; where one of them is missing, in the last full
    year, else as many of them as have a value, filled up to a year; None where no row has a value."""
    rows = rows[rows["value_usd"].notna()].drop_duplicates("period").sort_values("period")
    first, day = f"{month_on(start, -12):%Y-%m}", f"{start:%Y-%m}"
    months = rows[rows["period"].str.fullmatch(r"\d{4}-\d{2}") & rows["period"].between(first, day, "left")]
    years = rows[rows["period"].str.fullmatch(r"\d{4}") & (rows["period"] < str(start.year))]
    if len(years) and len(months) < 12:
        return float(years["value_usd"].iloc[-1]) / 1e6
    return float(months["value_usd"].sum()) / 1e6 * (12 / len(months)) if len(months) else None


def _sectors(table: IOTable | None, hs: str, kind: str) -> tuple[str, ...]:
    """The industry of the case's economy that makes a good of an HS code, or gives a service."""
    if table is None:
        return ()
    named = [sector for span, sector in _chapters() if hs[:2].isdigit() and int(hs[:2]) in span]
    if not named and kind in instruments():
        named = list(SERVICES.get(instruments()[kind]["instrument"], ()))
    return tuple(sector for sector in named if sector in table.sectors)[:1]


def economy_flow(table: IOTable | None, flow: Flow) -> float | None:
    """USD million a year that the seller's sectors sell to the buyer in the case's economy; None without a table."""
    if table is None or not flow.sectors or not {flow.seller, flow.buyer} <= set(table.regions):
        return None
    buyer = table.regions.index(flow.buyer)
    total = 0.0
    for sector in flow.sectors:
        if sector not in table.sectors:
            continue
        at = table.of(flow.seller).start + table.sectors.index(sector)
        total += float(table.Y[at, buyer].sum())
        if flow.use != "final":
            total += float(table.Z[at, table.of(flow.buyer)].sum())
    return total
