"""Governance risk of suppliers, and the supply risk that the critical-raw-materials method makes of it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

SCALE = 10.0  # the method scales governance from 0 to 10


@cache
def _table() -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    with (files("geoecon") / "trade" / "wgi.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(int(row["year"]), {})[row["iso3"]] = float(row["risk"])
    return found


def governance(period: str) -> Mapping[str, float]:
    """Risk from 0 to 1 by country in the last year with data up to the period (World Bank, normalised)."""
    years = sorted(_table())
    year = max((y for y in years if y <= int(period[:4])), default=years[0])
    return _table()[year]


def supply_risk(table: pd.DataFrame, sold: pd.DataFrame, risk: Mapping[str, float]) -> pd.Series:
    """[HHI_global · IR/2 + HHI_own · (1 − IR/2)] with risk-weighted concentrations and net import reliance IR.

    `sold` (period, seller, product, sold) stands for world production. IR is `nir` where production is known, else 1
    (everything imported). Recycling and substitution count as nil: an upper bound.
    """
    parts = sold.assign(weight=sold["seller"].map(risk).astype(float), square=sold["sold"] ** 2)
    parts["weighted"] = parts["square"] * parts["weight"]
    by = parts.groupby(["period", "product"]).agg(weighted=("weighted", "sum"), total=("sold", "sum")).reset_index()
    by["global"] = SCALE * by["weighted"] / by["total"].where(by["total"] > 0) ** 2
    joined = table[["period", "product"]].merge(by, on=["period", "product"], how="left")["global"].to_numpy()
    reliance = table["nir"].clip(0, 1).fillna(1.0) if "nir" in table else pd.Series(1.0, index=table.index)
    own = SCALE * table["hhi_geo"]
    return pd.Series(np.asarray(joined) * reliance / 2 + own * (1 - reliance / 2), index=table.index)
