"""A small sourced panel (months, years and published windows side by side) cut into one window without overlap."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from geoecon.errors import InputError

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


def month_list(period: str) -> list[str]:
    """The months of a period as YYYY-MM: of a month, a quarter, a year, or start/end (both included)."""
    first, last = ([*period.split("/"), period] if "/" in period else [period, period])[:2]
    begin, end = pd.Period(_bound(first, 0), "M"), pd.Period(_bound(last, 1), "M")
    if end < begin:
        raise InputError(f"period {period!r}; allowed: a start that is not after the end")
    return [str(month) for month in pd.period_range(begin, end, freq="M")]


def _bound(part: str, side: int) -> str:
    quarter = re.fullmatch(r"(\d{4})-Q([1-4])", part)
    if quarter:
        return f"{quarter[1]}-{int(quarter[2]) * 3 - (0 if side else 2):02d}"
    return f"{part}-{'12' if side else '01'}" if len(part) == 4 else part[:7]


def last_month(period: str) -> str:
    return month_list(period)[-1]


def window(panel: pd.DataFrame, product: str, importer: str, period: str) -> Window | None:
    """The suppliers of one product in one window; None where the panel does not cover it.

    Sums the months where every month of the window is there, else takes the row published for just this window:
    never both. Amounts are in USD where the total is known in USD, else in tonnes, else the published shares.
    """
    rows = panel[(panel["product"] == product) & (panel["importer"] == importer)]
    for candidate, how in ((_of_months(rows, period), "months"), (_as_published(rows, period), "as published")):
        if candidate is None:
            continue
        for measure in MEASURES:
            found = _market(candidate, measure, how, period)
            if found is not None:
                return found
    return None


def _of_months(rows: pd.DataFrame, period: str) -> pd.DataFrame | None:
    wanted = month_list(period)
    found = rows[rows["period"].isin(wanted)]
    return found if set(found["period"]) == set(wanted) else None


def _as_published(rows: pd.DataFrame, period: str) -> pd.DataFrame | None:
    found = rows[rows["period"] == period]
    return found if len(found) else None


def _market(rows: pd.DataFrame, measure: str, how: str, period: str) -> Window | None:
    if measure not in rows or (measure == "share" and how == "months"):
        return None
    known = rows[rows[measure].notna()]
    if set(known["period"]) != set(rows["period"]):
        return None
    first = known.drop_duplicates(["period", "exporter"])  # the file lists the better source first
    partners = first[first["exporter"] != WORLD].groupby("exporter")[measure].sum()
    reported = first[first["exporter"] == WORLD]
    if partners.empty:
        return None
    complete = set(reported["period"]) == set(rows["period"])
    total = 1.0 if measure == "share" else float(reported[measure].sum()) if complete else float(partners.sum())
    if total <= 0 or (not complete and measure != "share" and len(partners) == 1):
        return None  # one partner without a total says nothing about shares
    rest = total - float(partners.sum())
    if rest > 1e-9 * total:
        partners = pd.concat([partners, pd.Series({REST: rest})])
    weights = first[first["exporter"] != WORLD].groupby("exporter")["tonnes"].sum(min_count=1)
    return Window(
        period,
        str(rows["product"].iloc[0]),
        str(rows["importer"].iloc[0]),
        UNITS[measure] if measure != "quantity" else _unit(first),
        partners.astype(float),
        weights.reindex(partners.index),
        max(total, float(partners.sum())),
        how if measure != "share" else "published share",
        frozenset(_cited(first)),
        bool((first["status"] != "memory").all()) if "status" in first else True,
    )


def _unit(rows: pd.DataFrame) -> str:
    units = {str(unit) for unit in rows["unit"].dropna()} if "unit" in rows else set()
    return units.pop() if len(units) == 1 else "units"


def _cited(rows: pd.DataFrame) -> Iterable[str]:
    for column in ("source", "source_id"):
        if column in rows:
            return sorted({str(text) for text in rows[column].dropna()})
    return ()


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
