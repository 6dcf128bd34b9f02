"""What sellers found elsewhere: the prior `resold_share` of goods, from the cut-offs of the record.

    python bench/resold_record.py

For each cut-off between one seller and one buyer (`geoecon.episodes`) the tonnes that the seller no longer sold to
the buyer, and those that it sold to all others beyond what the rest of the market grew, from the bundled trade:
r = (X_o − X_o⁰ m) / (X_b⁰ − X_b), m the growth of what all others imported.
Sellers that sold a fifth or more to that buyer, else other news drowns it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geoecon.episodes.record import shipped
from geoecon.flows import raw_materials

LEAST = 0.2  # of the seller's sales went to the buyer
YEARS = range(1995, 2025)


def main() -> None:
    trade = raw_materials([str(year) for year in YEARS])
    trade = trade.assign(year=trade["period"].astype(int))
    keys = ["product", "exporter", "importer", "year"]
    pair = trade.groupby(keys, observed=True)["tonnes"].sum().to_dict()
    sold = trade.groupby(["product", "exporter", "year"], observed=True)["tonnes"].sum().to_dict()
    bought = trade.groupby(["product", "importer", "year"], observed=True)["tonnes"].sum().to_dict()
    world = trade.groupby(["product", "year"], observed=True)["tonnes"].sum().to_dict()
    table = shipped().table
    found = pd.DataFrame(
        [_resold(row, pair, sold, bought, world) for row in table[table["kind"] == "bilateral"].itertuples()]
    ).dropna(how="all")
    for after in (0, 1, 2):
        part = found[f"{after}"].dropna().clip(0, 1)
        told = ", ".join(f"{value:.2f}" for value in part.quantile([0.1, 0.25, 0.5, 0.75, 0.9]))
        print(f"{after} years after: {len(part)} cut-offs, share sold elsewhere, quantiles 10 25 50 75 90 %: {told}")


def _resold(row: object, pair: Mapping, sold: Mapping, bought: Mapping, world: Mapping) -> dict[str, float]:
    product, seller, buyer, year = row.product, row.supplier, row.importer, row.year

    def base(table: Mapping, *of: str) -> float:
        return float(np.mean([table.get((*of, year - k), 0.0) for k in (1, 2)]))

    to_buyer, all_sold = base(pair, product, seller, buyer), base(sold, product, seller)
    rest = base(world, product) - base(bought, product, buyer)
    if to_buyer <= 0 or to_buyer < LEAST * all_sold or rest <= 0:
        return {}
    found = {}
    for after in (0, 1, 2):
        when = year + after
        now = pair.get((product, seller, buyer, when), 0.0)
        if when > YEARS[-1] or to_buyer - now <= 0.1 * to_buyer:
            continue
        grown = (world.get((product, when), 0.0) - bought.get((product, buyer, when), 0.0)) / rest
        others = sold.get((product, seller, when), 0.0) - now
        found[f"{after}"] = (others - (all_sold - to_buyer) * grown) / (to_buyer - now)
    return found


if __name__ == "__main__":
    main()
