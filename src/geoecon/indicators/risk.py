"""Governance risk of suppliers, and the supply risk that the critical-raw-materials method makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.tables import packaged

Array = NDArray[np.float64]
SCALE = 10.0  # the method scales governance from 0 to 10


@cache
def _table() -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    for row in packaged("indicators", "wgi.csv"):
        found.setdefault(int(row["year"]), {})[row["iso3"]] = float(row["risk"])
    return found


def governance(period: str) -> Mapping[str, float]:
    """Risk from 0 to 1 by country in the last year with data up to the period (World Bank, normalised)."""
    years = sorted(_table())
    year = max((y for y in years if y <= int(period[:4])), default=years[0])
    return _table()[year]


def of_world(production: pd.DataFrame, risk: Mapping[str, float]) -> pd.DataFrame:
    """Concentration of world production by product, weighted by risk (0 to 1): columns product, world_risk.

    `production` has importer (the country), product, production. Missing where a producer's risk or output is.
    """
    parts = production.astype({"production": float})
    parts = parts[~(parts["production"] == 0)].assign(weight=parts["importer"].map(risk).astype(float))
    parts["weighted"] = parts["production"] ** 2 * parts["weight"]
    by = parts.groupby("product")[["weighted", "production"]].sum(min_count=1)
    by = by.where(~parts[["weighted", "production"]].isna().any(axis=1).groupby(parts["product"]).any(), axis=0)
    return (by["weighted"] / by["production"] ** 2).rename("world_risk").reset_index()


def supply_risk(world: Array, own: Array, reliance: Array, recycling: Array) -> Array:
    """[HHI_global · IR/2 + HHI_own · (1 − IR/2)] (1 − recycling), concentrations weighted by risk on a scale of 10.

    European Commission (2017, 2023), with net import reliance IR between 0 and 1 and substitution counted as none.
    `own` is the concentration of the importer's purchases, home production left out.
    """
    half = np.clip(reliance, 0.0, 1.0) / 2
    return np.asarray(SCALE * (world * half + own * (1 - half)) * (1 - recycling))
