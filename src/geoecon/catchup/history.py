"""What the importer's records say: the supplier's share of a product by year."""

from __future__ import annotations

from datetime import date

import pandas as pd

WORLD = "WLD"
FEWEST_MONTHS = 10


def share_history(
    flows: pd.DataFrame, importer: str, supplier: str, product: str, until: date = date.max
) -> pd.DataFrame:
    """Columns year, share, source: the supplier's share of the importer's imports of a product, whole years only.

    A year's own row comes first (both values, else the share as printed), else the sum of at least ten months. A year
    counts as known from the first day of the next. Two rows of a year that disagree: that with values wins.
    """
    mine = flows[(flows["importer"] == importer) & (flows["product"] == product)]
    annual = mine[mine["period"].str.len() == 4]
    own = dict(list(annual[annual["exporter"] == supplier].groupby("period")))
    world = annual[(annual["exporter"] == WORLD) & annual["value_usd"].notna()].groupby("period")["value_usd"].first()
    rows = []
    for year in sorted({int(period[:4]) for period in mine["period"].unique()}):
        if date(year + 1, 1, 1) > until:
            continue
        found = _annual(own.get(str(year)), float(world.get(str(year), 0.0))) or _monthly(mine, supplier, str(year))
        if found is not None:
            rows.append((year, *found))
    return pd.DataFrame(rows, columns=["year", "share", "source"])


def _annual(own: pd.DataFrame | None, total: float) -> tuple[float, str] | None:
    if own is None:
        return None
    valued = own[own["value_usd"].notna()]
    if len(valued) and total > 0:
        return float(valued["value_usd"].iloc[0] / total), str(valued["source"].iloc[0])
    printed = own[own["share"].notna()]
    return (float(printed["share"].mean()), str(printed["source"].iloc[0])) if len(printed) else None


def _monthly(mine: pd.DataFrame, supplier: str, year: str) -> tuple[float, str] | None:
    months = mine[(mine["period"].str.len() == 7) & mine["period"].str.startswith(year)]
    total = months[(months["exporter"] == WORLD) & months["value_usd"].notna()]
    if total["period"].nunique() < FEWEST_MONTHS or not total["value_usd"].sum() > 0:
        return None
    own = months[(months["exporter"] == supplier) & months["period"].isin(total["period"])]
    return float(own["value_usd"].sum() / total["value_usd"].sum()), str(total["source"].iloc[0])
