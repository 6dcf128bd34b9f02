"""Buffers: the cheapest stock of each material that keeps the loss under a bound with a given probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon import tables
from geoecon.disruption.material_path import material_path
from geoecon.disruption.materials import Materials
from geoecon.disruption.progress import bar
from geoecon.errors import InputError
from geoecon.figure import Figure, number
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt


Array = NDArray[np.float64]
STEP = 0.25  # days of stock: the answer is exact to this


@dataclass(frozen=True, eq=False)
class Buffers(Result):
    """Stock that each material needs, against the stock it has; `chance` is the probability that it is enough.

    `stop_now` and `stop` are the chances that some plant stops for lack of it, with the stock it has and with that.
    """

    table: pd.DataFrame  # the most important first
    curve: pd.DataFrame
    bound: float
    probability: float
    sources: frozenset[str] = frozenset()
    verified: bool = True
    notes: tuple[str, ...] = field(default=())

    METHOD: ClassVar[str] = (
        "For each material and draw the smallest stock is sought at which the output that the material costs its "
        "users stays within the bound; the answer is the quantile of these stocks at the asked probability.\n"
        "A loss is counted in days of the user industry's base output over the horizon: the sum of 1 − ceiling.\n"
        "Cost: stock in days × price of a day's need; each material on its own, so no cheaper mix keeps all bounds."
    )

    def to_frame(self) -> pd.DataFrame:
        return self.table

    def figures(self) -> dict[str, Figure]:
        found = {}
        chance, held = f"{self.probability:.0%} probability", number(self.bound)
        for row in tables.records(self.table):
            days = float(row["stock_days"]) if np.isfinite(row["stock_days"]) else None
            label = f"stock of {_plain(row['product'])} that keeps the loss within {held} days of output"
            found[f"stock.{row['product']}"] = Figure(
                days, "days of total use", chance, self.sources, self.verified, label=label
            )
        return found

    def sentence(self) -> str:
        parts = [
            f"{_plain(row['product'])} {number(float(row['stock_days']))} days" for _, row in self.table.iterrows()
        ]
        return (
            f"To lose at most {number(self.bound)} days of output with probability {self.probability:.0%}, stocks of "
            f"{', '.join(parts)} of total use are needed."
        )

    def chart(self) -> alt.VConcatChart:
        """Probability that a stock is enough, by its size."""
        from geoecon import charts

        chart = charts.path(
            self.curve, "stock_days", "chance", color="product", x_title="stock, days of total use",
            y_title="probability that it is enough, %", zero=True,
        )  # fmt: skip
        return charts.finish(chart, self.sentence(), "Share of draws in which the bound holds, %", self.sources)


def _plain(product: str) -> str:
    return product.replace("_", " ")


def buffers(
    share: Array,
    materials: Materials,
    products: Sequence[str],
    *,
    bound: float = 0.0,
    probability: float = 0.9,
    price: Sequence[float] | None = None,
    remaining: Array | None = None,
    sources: frozenset[str] = frozenset(),
    verified: bool = True,
) -> Buffers:
    """The smallest stock of each material that holds its loss to `bound` days of users' output in `probability` of
    the draws.

    `share` (draw, day, product) is the part of the sender's flow that can move; `price` of a day's need, for the
    cost. A stock of the whole horizon always suffices, so every material has an answer. Raises InputError for a
    bound below zero or a probability outside 0 to 1.
    """
    faults = []
    if not bound >= 0:
        faults.append(f"bound {bound:g}; allowed: days of output from 0")
    if not 0 < probability <= 1:
        faults.append(f"probability {probability:g}; allowed: above 0, at most 1")
    if len(products) != share.shape[2]:
        faults.append(f"{len(products)} products for {share.shape[2]} columns; allowed: one each")
    if faults:
        raise InputError(faults)
    need = smallest_stock(share, materials, bound, remaining)  # (D, G)
    rows = need[1:] if len(need) > 1 else need
    stock = np.quantile(rows, probability, axis=0, method="inverted_cdf")
    has = materials.stock_days[1:] if len(materials.stock_days) > 1 else materials.stock_days
    runs = slice(1, None) if len(need) > 1 else slice(None)
    stops = [
        np.isfinite(material_path(share, m, remaining).first_stop)[runs].mean(axis=0)
        for m in (materials, materials.with_(stock_days=stock))
    ]
    cost = np.full(len(products), np.nan) if price is None else np.asarray(price, float) * stock
    table = pd.DataFrame(
        {
            "product": list(products),
            "stock_days": stock,
            "central_draw_days": need[0],
            "stock_held_days": materials.stock_days[0],
            "chance_now": (has + 1e-9 >= rows).mean(axis=0),
            "chance": (stock[None] + 1e-9 >= rows).mean(axis=0),
            "stop_now": stops[0],
            "stop": stops[1],
            "cost": cost,
        }
    )
    grid = np.linspace(0, max(float(need.max()), 1.0), 60)
    curve = pd.concat(
        [
            pd.DataFrame({"product": p, "stock_days": grid,
                          "chance": [(s + 1e-9 >= rows[:, g]).mean() * 100 for s in grid]})
            for g, p in enumerate(products)
        ],
        ignore_index=True,
    )  # fmt: skip
    return Buffers(table, curve, bound, probability, sources, verified)


def lost_days(share: Array, materials: Materials, remaining: Array | None = None) -> Array:
    """(draw, product) days of the users' base output that each material costs over the horizon."""
    return np.asarray((1 - material_path(share, materials, remaining).ceiling).sum(axis=1))


def smallest_stock(share: Array, materials: Materials, bound: float, remaining: Array | None = None) -> Array:
    """(draw, product) smallest stock, in steps of a quarter day, at which the loss is within the bound.

    Bisection on all draws and materials at once: more stock never costs more.
    """
    D, T, G = share.shape
    low = np.full((D, G), -1)
    high = np.full((D, G), int(np.ceil(T / STEP)))
    zero = lost_days(share, materials.with_(stock_days=0.0), remaining) <= bound + 1e-9
    high[zero] = 0
    widest = float((high - low).max())
    with bar(what="stocks tried") as tell:
        while (high - low > 1).any():
            middle = np.where(high - low > 1, (low + high) // 2, high)
            enough = lost_days(share, materials.with_(stock_days=middle * STEP), remaining) <= bound + 1e-9
            high = np.where(enough, middle, high)
            low = np.where(enough, np.minimum(low, high - 1), middle)
            tell(1 - np.log2(max((high - low).max(), 1)) / np.log2(max(widest, 2)))
    return np.asarray(high * STEP)
