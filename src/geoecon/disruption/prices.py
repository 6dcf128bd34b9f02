"""Prices that a case has a series of: outside the sender's market, where the material is missing, and inside it,
where what is not shipped is left over. They start from the last price known; no shadow price stands among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoecon import dates, tables
from geoecon.disruption.materials import values

if TYPE_CHECKING:
    from geoecon.case import Case
    from geoecon.draws import Draws

Array = NDArray[np.float64]
PREFIX = "price_"


@dataclass(frozen=True, eq=False)
class MarketPrice:
    """A market of a material: `before` the last price known, `mean` (draw,) that of the first year, in `unit`."""

    market: str
    product: str
    inside: bool
    unit: str
    before: float
    period: str
    mean: Array
    source: str
    verified: bool

    @property
    def name(self) -> str:
        return self.market.removeprefix(PREFIX).replace("_", " ")


def prices(case: Case, draws: Draws, outside: Array, sold: Array, products: list[str]) -> tuple[MarketPrice, ...]:
    """The prices of a case's markets (`products.prices` of case.toml, else series `price_<good>…`) in the first year.

    `outside` price that buyers pay over the base (`markets.market_price`) and `sold` share of the base that the sender
    sells, (draw, product) means of that year. Outside, a material costs what a unit more is worth to its users.
    Inside, the sender's home users are left with what is not shipped: they take it at the price (1 + s x)^(−1/e), s
    the exports to the target over home use, x the part held back, e the elasticity of home use and output to the price.
    """
    found, kept = [], 1 - np.clip(sold, 0, 1)
    for g, name in enumerate(products):
        product = case.product(name)
        left = 1 + values(draws, "exported_share", product) * kept[:, g]
        within = left ** (-1 / values(draws, "home_price_elasticity", product))
        for row in known_prices(case, name):
            inside = row["state"] in case.senders
            found.append(MarketPrice(
                row["series"], name, inside, row["unit"], float(row["value"]), row["period"],
                float(row["value"]) * (within if inside else outside[:, g]), row["source"], row["status"] != "memory",
            ))  # fmt: skip
    return tuple(found)


def known_prices(case: Case, product: str) -> list[dict[str, Any]]:
    """The last row of each price series of a good that was known by the cut-off and before the start."""
    named = case.product(product).prices
    known = case.known("series", "period") if case.has("series") else None
    if known is None or known.empty:
        return []
    mine = known["series"].isin(named) if named else known["series"].str.startswith(PREFIX + product)
    mine &= known["value"].notna() & (known["period"].map(dates.last_day) < case.start)
    rows = known[mine].assign(day=lambda table: table["period"].map(dates.last_day)).sort_values("day")
    return tables.records(rows.groupby("series", sort=True).tail(1).sort_values("series"))
