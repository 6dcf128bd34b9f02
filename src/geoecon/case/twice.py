"""Rows that stand twice in a table of a case: the same again, or the same thing said with other values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from geoecon import tables
from geoecon.errors import Fault

if TYPE_CHECKING:
    import pandas as pd

    from geoecon.kinds import Cell

FLOW = ("period", "exporter", "importer", "product", "hs")
# What one row of a table is about; a column of the key that the table has not (`kind` of production) is left out.
KEYS: Mapping[str, tuple[str, ...]] = {
    "sources.csv": ("source_id",),
    "trade.csv": FLOW,
    "measures.csv": ("measure_id",),
    "licences.csv": ("day", "known_from", "buyer", "product"),
    "parameters.csv": ("name", "as_of"),
    "alliance.csv": ("state", "variable", "date", "detail"),
    "macro.csv": ("state", "series", "year"),
    "series.csv": ("series", "state", "period", "unit"),
    "production.csv": ("product", "state", "year", "kind", "unit"),
    "forecasts.csv": ("forecast_id",),
    "claims.csv": ("claim_id",),
    "outcomes.csv": ("outcome_id",),
    "demands.csv": ("demand_id",),
    "economy.csv": ("use", "from_region", "from_sector", "to_region", "to_sector"),
}
# Rows of one flow may tell different amounts; a quantity in each unit, a share by each source.
AMOUNTS = {"value_usd": None, "tonnes": None, "quantity": "unit", "share": "source_id"}


def twice(table: pd.DataFrame, name: str) -> list[Fault]:
    """Rows that say in every cell what an earlier one says: a sum would count them twice."""
    first: dict[tuple[str, ...], int] = {}
    faults = []
    for line, *cells in table.itertuples(index=False, name=None):
        if (other := first.setdefault(tuple(map(str, cells)), line)) != line:
            faults.append(Fault(name, line, None, f"the same row as line {other}", "each row once"))
    return faults


def contradicted(table: pd.DataFrame, name: str) -> list[Fault]:
    """Rows about what an earlier row is about, with other values: one of them would be passed over, or both counted."""
    key = [column for column in KEYS.get(name, ()) if column in table]
    if not key:
        return []
    first: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    faults = []
    for row in tables.records(table[table.duplicated(key, keep=False)]):
        about = tuple(_shown(row[column]) for column in key)
        for told in _told(row) if name == "trade.csv" else [()]:
            other = first.setdefault((*about, *told), row)
            if other is not row and (differ := _differ(row, other)):
                what = f"{' '.join(filter(None, about))} stands in line {other['line']} already, with {differ}"
                allowed = f"one {told[0] if told else 'row'} for each {', '.join(key)}"
                faults.append(Fault(name, row["line"], told[0] if told else key[0], what, allowed))
                break
    return faults


def _told(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(amount, its unit or source) that a row of trade tells."""
    for amount, by in AMOUNTS.items():
        if tables.given(row.get(amount)):
            yield amount, _shown(row.get(by)) if by else ""


def _differ(row: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """The cells of the earlier row that differ, at most three; empty where none does."""
    cells = [
        f"{column} {_shown(other[column]) or 'empty'}, not {_shown(value) or 'empty'}"
        for column, value in row.items()
        if column != "line" and _shown(value) != _shown(other[column])
    ]
    return "; ".join(cells[:3])


def _shown(value: Cell) -> str:
    return "" if not tables.given(value) else f"{value:.12g}" if isinstance(value, float) else str(value)
