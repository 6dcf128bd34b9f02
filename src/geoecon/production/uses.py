"""Which industries need a product and how much of their output hangs on it: a sourced table, else the world table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.figure import STATUS, cite
from geoecon.production.table import IOTable

Range = tuple[float, float, float]  # low, central, high
UNKNOWN_BOUND: Range = (0.01, 0.08, 0.4)
UNKNOWN_CRITICALITY: Range = (0.2, 0.6, 1.0)
UNKNOWN_STOCK: Range = (15.0, 45.0, 120.0)
MOST_INDUSTRIES, ENOUGH = 4, 0.7  # of what the industries buy of the maker's goods
SPREAD = "uses-spread"
RULES = {
    "product": tables.identifier,
    "industries": tables.text,
    **{
        f"{name}_{end}": rule
        for name, rule in (("bound", tables.share), ("criticality", tables.share), ("stock_days", tables.at_least_zero))
        for end in ("low", "central", "high")
    },
    "basis": tables.text,
    "source_id": tables.identifier,
    "status": tables.one_of(*STATUS),
}


@dataclass(frozen=True)
class Use:
    """Industries of the world table that need a product: `bound` is the share of their output that does, `criticality`
    the part of it that stops without, `stock_days` what they hold. `known` is False where the table of products has no
    row and the use was spread over the maker's buyers."""

    industries: tuple[str, ...]
    bound: Range
    criticality: Range
    stock_days: Range
    basis: str
    source_id: str
    status: str
    known: bool = True


@cache
def uses() -> pd.DataFrame:
    """The table of products and industries that ships, by product id of the lexicon."""
    content = (files("geoecon.production") / "uses.csv").read_text(encoding="utf-8")
    frame = tables.parse_table(content, RULES, "uses.csv").set_index("product")
    return pd.DataFrame(frame.assign(source=frame["source_id"].map(cite)))


def use_of(product: str, maker: str, table: IOTable, region: str) -> Use:
    """Who in a region needs the product: by the table of products, else the industries of the region that buy most
    from the industry `maker` (of any origin), up to `MOST_INDUSTRIES` or `ENOUGH` of its sales, with wide ranges."""
    if product in uses().index:
        row = uses().loc[product].to_dict()
        bound, critical, stock = (
            (float(row[f"{name}_low"]), float(row[f"{name}_central"]), float(row[f"{name}_high"]))
            for name in ("bound", "criticality", "stock_days")
        )
        names = tuple(row["industries"].split(";"))
        return Use(names, bound, critical, stock, str(row["basis"]), str(row["source_id"]), str(row["status"]))
    S = len(table.sectors)
    rows = [r * S + table.sectors.index(maker) for r in range(len(table.regions))]
    bought = table.Z[rows][:, table.of(region)].sum(axis=0)
    order = np.argsort(-bought)
    part = np.cumsum(bought[order]) / max(float(bought.sum()), 1e-12)
    count = min(int(np.searchsorted(part, ENOUGH)) + 1, MOST_INDUSTRIES)
    names = tuple(table.sectors[k] for k in order[:count])
    basis = f"spread over the largest buyers of {maker}: nobody has said which industries need it"
    return Use(names, UNKNOWN_BOUND, UNKNOWN_CRITICALITY, UNKNOWN_STOCK, basis, SPREAD, "computed", known=False)
