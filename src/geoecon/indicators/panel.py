"""A small sourced panel (months, years and published windows side by side) cut into one window without overlap."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from geoecon.errors import InputError
from geoecon.tables import given

WORLD = "WLD"
REST = "XXX_NES"  # what the total holds beyond the named partners
MEASURES = ("value_usd", "tonnes", "quantity", "share")
UNITS = {"value_usd": "USD", "tonnes": "t", "quantity": "units", "share": "share"}


@dataclass(frozen=True)
class Window:
    """Imports of one product in one window by supplier. `amount` is in `unit`; the suppliers and REST sum to total."""

    period: str
    product: str
    importer: str
    unit: str
    amount: pd.Series  # index: exporter
    tonnes: pd.Series
    total: float
    how: str  # months, as published, or published share
    sources: frozenset[str]
    verified: bool

    @property
    def months(self) -> int:
        return len(month_list(self.period))


@cache
def month_list(period: str) -> tuple[str, ...]:
    """The months of a period as YYYY-MM: of a month, a quarter, a year, or start/end (both included)."""
    first, last = ([*period.split("/"), period] if "/" in period else [period, period])[:2]
    begin, end = pd.Period(_bound(first, 0), "M"), pd.Period(_bound(last, 1), "M")
    if end < begin:
        raise InputError(f"period {period!r}; allowed: a start that is not after the end")
    return tuple(str(month) for month in pd.period_range(begin, end, freq="M"))


def _bound(part: str, side: int) -> str:
    quarter = re.fullmatch(r"(\d{4})-Q([1-4])", part)
    if quarter:
        return f"{quarter[1]}-{int(quarter[2]) * 3 - (0 if side else 2):02d}"
    return f"{part}-{'12' if side else '01'}" if len(part) == 4 else part[:7]


def last_month(period: str) -> str:
    return month_list(period)[-1]


Rows = list[dict[str, Any]]


def records(panel: pd.DataFrame, importer: str) -> dict[str, Rows]:
    """The rows of an importer by product, in the order of the file."""
    found: dict[str, Rows] = {}
    for row in panel[panel["importer"] == importer].to_dict("records"):
        found.setdefault(str(row["product"]), []).append({str(name): cell for name, cell in row.items()})
    return found


def window(rows: Rows, period: str) -> Window | None:
    """The suppliers of one product (`records`) in one window; None where the panel does not cover it.

    Sums the months where every month of the window is there, else takes the row published for just this window:
    never both. Amounts are in USD where the total is known in USD, else in tonnes, else the published shares.
    """
    wanted = set(month_list(period))
    monthly = [row for row in rows if row["period"] in wanted]
    published = [row for row in rows if row["period"] == period]
    for candidate, how in ((monthly, "months"), (published, "as published")):
        if not candidate or (how == "months" and {row["period"] for row in candidate} != wanted):
            continue
        for measure in MEASURES:
            found = _market(candidate, measure, how, period)
            if found is not None:
                return found
    return None


def _market(rows: Rows, measure: str, how: str, period: str) -> Window | None:
    if measure == "share" and how == "months":
        return None
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:  # the file lists the better source first
        if given(row.get(measure)):
            first.setdefault((row["period"], row["exporter"]), row)
    spans = {row["period"] for row in rows}
    partners, weights = _added(first, measure), _added(first, "tonnes")
    reported = {span: row[measure] for (span, exporter), row in first.items() if exporter == WORLD}
    if {span for span, _ in first} != spans or not partners:
        return None
    complete = set(reported) == spans
    total = 1.0 if measure == "share" else float(sum(reported.values())) if complete else sum(partners.values())
    if total <= 0 or (not complete and measure != "share" and len(partners) == 1):
        return None  # one partner without a total says nothing about shares
    rest = total - sum(partners.values())
    if rest > 1e-9 * total:
        partners[REST] = rest
    used = list(first.values())
    amount = pd.Series(partners, dtype=float)
    return Window(
        period,
        str(rows[0]["product"]),
        str(rows[0]["importer"]),
        UNITS[measure] if measure != "quantity" else _unit(used),
        amount,
        pd.Series(weights, dtype=float).reindex(amount.index),
        max(total, sum(partners.values())),
        how if measure != "share" else "published share",
        frozenset(str(row.get("source", row.get("source_id"))) for row in used),
        all(row.get("status") != "memory" for row in used),
    )


def _added(first: dict[tuple[str, str], dict[str, Any]], column: str) -> dict[str, float]:
    """A column summed over the periods by partner, in alphabetical order; the total row is left out."""
    found: dict[str, float] = {}
    for (_, exporter), row in sorted(first.items(), key=lambda item: item[0][1]):
        if exporter != WORLD and given(row.get(column)):
            found[exporter] = found.get(exporter, 0.0) + float(row[column])
    return found


def _unit(rows: Rows) -> str:
    units = {str(row["unit"]) for row in rows if given(row.get("unit"))}
    return units.pop() if len(units) == 1 else "units"


def tidy(windows: Iterable[Window]) -> pd.DataFrame:
    """The windows as a tidy table: period, exporter, importer, product, value_usd (or the measure), tonnes, unit."""
    parts = [
        pd.DataFrame(
            {
                "period": w.period,
                "exporter": w.amount.index,
                "importer": w.importer,
                "product": w.product,
                "value_usd": w.amount.to_numpy(),
                "tonnes": w.tonnes.to_numpy(dtype=float),
                "unit": w.unit,
                "how": w.how,
            }
        )
        for w in windows
    ]
    columns = ["period", "exporter", "importer", "product", "value_usd", "tonnes", "unit", "how"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
