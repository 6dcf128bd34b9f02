"""The World row of a report against its partners: what nobody's share holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geoecon import countries

ROUNDING = 0.005  # of the World row, below which what it has beyond its partners is none of a total


def leftover(row: Mapping[str, Any], exports: str) -> str:
    """The World row against its partners, and what the shares are of, in words."""
    what = " (domestic exports)" if exports == "domestic" and row["flow"] == "X" else ""
    where = f"{row['product']}, {row['reporter']} {row['period']} {row['flow']}{what}"
    if row["difference"] < 0:
        return (
            f"{where}: the partners sum to {-row['difference']:,.0f} USD more than the World row ({row['world']:,.0f} "
            "USD); shares are of the partners' rows"
        )
    vague = f", of them {row['vague']:,.0f} not specified" if row["vague"] > 0 else ""
    apart = row["flow"] == "X" or row["difference"] <= ROUNDING * row["world"]
    shares = f"shares are of the allocated {row['partners']:,.0f} USD{vague}"
    counted = f"it counts in the total, in nobody's share; allocated are {row['partners']:,.0f} USD{vague}"
    return (
        f"{where}: {row['difference']:,.0f} USD of the World row is unallocated "
        f"({row['difference'] / row['world']:.2%}); {shares if apart else counted}"
    )


def unallocated(found: pd.DataFrame) -> pd.DataFrame:
    """World rows against the sum of the partners (of these the vague), by period, reporter, product and flow."""
    kinds = found["partner"].map(lambda code: countries.kind(code) if countries.is_known(code) else "unknown")
    keys = ["period", "reporter", "product", "flow"]
    world = found[found["partner"] == "WLD"].groupby(keys, observed=True)["value_usd"].sum().rename("world")
    partners = found[kinds != "aggregate"].groupby(keys, observed=True)["value_usd"].sum().rename("partners")
    vague = found[kinds == "unspecified"].groupby(keys, observed=True)["value_usd"].sum().rename("vague")
    both = pd.concat([world, partners], axis=1).dropna().join(vague).fillna({"vague": 0.0}).reset_index()
    both["difference"] = both["world"] - both["partners"]
    return both[both["flow"].isin(["M", "X"])]
