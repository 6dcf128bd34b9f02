"""The two reports of one flow, by the country that buys and the one that sells: side by side, never averaged."""

from __future__ import annotations

import pandas as pd

CIF_MARGIN = (0.9, 1.25)  # ratio of the importer's (CIF) to the exporter's (FOB) report that is usual


def both_sides(told: pd.DataFrame) -> pd.DataFrame:
    """Importer's and exporter's report of the same flow, their ratio, and whether it leaves the usual CIF margin."""
    keys = ["period", "exporter", "importer", "product"]
    named = {"reporter": "importer", "partner": "exporter"}
    bought = told.dropna(subset=["imports"]).rename(columns=named)[[*keys, "imports"]]
    named = {"reporter": "exporter", "partner": "importer"}
    sold = told.dropna(subset=["exports"]).rename(columns=named)[[*keys, "exports"]]
    both = bought.merge(sold, on=keys, how="outer")
    both = both[(both["exporter"] != "WLD") & (both["importer"] != "WLD")]
    both["ratio"] = both["imports"] / both["exports"].where(both["exports"] > 0)
    low, high = CIF_MARGIN
    both["outside_cif_margin"] = ((both["ratio"] < low) | (both["ratio"] > high)).where(both["ratio"].notna())
    return both.reset_index(drop=True)


def gaps(told: pd.DataFrame) -> list[str]:
    """What the two sides say differently, and how many flows only the exporter reports, in words."""
    both = both_sides(told)
    wide = both[both["outside_cif_margin"].fillna(False).astype(bool)]
    notes = [
        f"{row['product']} {row['exporter']} to {row['importer']} {row['period']}: importer reports "
        f"{row['imports']:,.0f}, exporter {row['exports']:,.0f} USD, ratio {row['ratio']:.2f}: more than the CIF margin"
        for row in wide.head(10).to_dict("records")
    ]
    if len(wide) > 10:
        notes.append(f"{len(wide) - 10} more flows with reports that differ by more than the CIF margin")
    only = both[both["imports"].isna() & (both["exports"] > 0)]
    if len(only) and both["imports"].notna().any():
        notes.append(f"{len(only)} flows, {only['exports'].sum():,.0f} USD, are reported by the exporter only")
    return notes


def filled(rows: pd.DataFrame) -> str:
    """Which rows stand in from the exporter's report, in words; nothing where none does."""
    mine = rows[rows["reported_by"].str.startswith("mirror")].sort_values("value_usd", ascending=False)
    told = [
        f"{row['product']} {row['exporter']} to {row['importer']} {row['period']}"
        for row in mine.head(8).to_dict("records")
    ]
    more = f" and {len(mine) - 8} more" if len(mine) > 8 else ""
    return f"; mirror (the exporter's): {', '.join(told)}{more}" if told else ""
