"""Buffers: the cheapest stock of each material that keeps the loss under a bound with a given probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
BOUND = 1.0  # day of the users' output that may be lost
STEP = 0.25  # days of stock: the answer is exact to this


@dataclass(frozen=True, eq=False)
class Buffers(Result):
    """Two stocks of each material, against the one that is held, in days of total use.

    `stock_days` keeps the loss of its users within the bound, `stop_stock_days` all plants going, each with the asked
    probability; infinite where no stock up to the days counted does. Chances (shares of runs): `chance_now` and
    `chance` that the loss is within the bound with the stock held and with `stock_days`; `stop_now`, `stop` and
    `stop_after` that some plant stops for lack of it with the stock held (as `disrupt` says it), with `stock_days` and
    with `stop_stock_days`.
    """

    table: pd.DataFrame  # the most important first
    curve: pd.DataFrame
    bound: float
    probability: float
    days: int  # counted
    names: Mapping[str, str]
    sources: frozenset[str] = frozenset()
    verified: bool = True

    METHOD: ClassVar[str] = (
        "For each material and draw the smallest stock is sought at which the output that the material costs its "
        "users stays within the bound, and that at which no plant stops; the answers are the quantiles of these stocks "
        "at the asked probability.\n"
        "A loss is counted in days of the user industry's base output over the horizon: the sum of 1 − ceiling.\n"
        "One of many plants may run out while its industry hardly loses output: the two stocks differ.\n"
        "Cost: stock in days × price of a day's need; each material on its own, so no cheaper mix keeps all bounds."
    )

    @property
    def notes(self) -> tuple[str, ...]:
        """Where no stock is found."""
        what = {"stock_days": f"to lose at most {_output(self.bound)}", "stop_stock_days": "to keep all plants going"}
        return tuple(
            f"No stock of {self.names[row['product']]} up to {self.days} days is enough {aim} in "
            f"{self.probability:.0%} of runs: it would have to last longer than the {self.days} days counted."
            for key, aim in what.items()
            for row in tables.records(self.table)
            if not np.isfinite(row[key])
        )

    def to_frame(self) -> pd.DataFrame:
        return self.table

    def summary(self) -> pd.DataFrame:
        """The materials under plain headings."""
        rows = self.table
        told = {"material": [self.names[one] for one in rows["product"]], "days held": rows["stock_held_days"].round(1)}
        told |= {"stops today": [f"{one:.0%}" for one in rows["stop_now"]]}
        told |= {"days against a loss": [self._days(one) for one in rows["stock_days"]]}
        told |= {"stops with these": [f"{one:.0%}" for one in rows["stop"]]}
        told |= {"days against a stop": [self._days(one) for one in rows["stop_stock_days"]]}
        return pd.DataFrame(told)

    def figures(self) -> dict[str, Figure]:
        found = {}
        chance = f"{self.probability:.0%} probability"
        for row in tables.records(self.table):
            key, name = row["product"], self.names[row["product"]]
            for stem, column, aim in (("stock", "stock_days", f"keeps the loss within {_output(self.bound)}"),
                                      ("stop_stock", "stop_stock_days", "keeps all plants going")):  # fmt: skip
                days = float(row[column]) if np.isfinite(row[column]) else None
                found[f"{stem}.{key}"] = Figure(days, "days of total use", chance, self.sources, self.verified,
                                                label=f"stock of {name} that {aim}")  # fmt: skip
            for stem, when in (("stop_now", "with the stock held"), ("stop", "with the stock that bounds the loss")):
                found[f"{stem}.{key}"] = Figure(float(row[stem]), "share of runs", when, self.sources, self.verified,
                                                label=f"some plant stops for lack of {name}")  # fmt: skip
        return found

    def sentence(self) -> str:
        def listed(column: str) -> str:
            return ", ".join(f"{self.names[row['product']]} {self._days(row[column])}"
                             for row in tables.records(self.table))  # fmt: skip

        return (
            f"To lose at most {_output(self.bound)} in {self.probability:.0%} of runs, hold these days of use: "
            f"{listed('stock_days')}. That no plant stops in as many runs takes {listed('stop_stock_days')}."
        )

    def _days(self, days: float) -> str:
        return f"{np.ceil(days):.0f}" if np.isfinite(days) else f"more than {self.days}"

    def chart(self) -> alt.VConcatChart:
        """Probability that a stock is enough, by its size."""
        from geoecon import charts

        rows = self.curve.assign(product=self.curve["product"].map(self.names))
        chart = charts.path(
            rows, "stock_days", "chance", color="product", x_title="stock, days of total use",
            y_title="probability that it is enough, %", zero=True,
        )  # fmt: skip
        return charts.finish(chart, self.sentence(), "Share of draws in which the bound holds, %", self.sources)


def _output(bound: float) -> str:
    return f"{number(bound)} day{'' if bound == 1 else 's'} of output"


def buffers(
    share: Array,
    materials: Materials,
    products: Sequence[str],
    *,
    bound: float = BOUND,
    probability: float = 0.9,
    price: Sequence[float] | None = None,
    remaining: Array | None = None,
    free: Array | None = None,
    names: Mapping[str, str] | None = None,
    sources: frozenset[str] = frozenset(),
    verified: bool = True,
) -> Buffers:
    """The smallest stock of each material that holds its loss to `bound` days of users' output in `probability` of
    the draws, and the smallest at which no plant stops in as many.

    `share` (draw, day, product) is the part of the sender's flow that can move, `free` that of the goods that no rule
    reaches; `price` of a day's need, for the cost. Stocks up to the days of `share` are tried: beyond them the answer
    is infinite. Raises InputError for a bound below zero or a probability outside 0 to 1.
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
    D, T, _ = share.shape
    runs = slice(1, None) if D > 1 else slice(None)
    need = smallest_stock(share, materials, bound, remaining, free)[runs]  # (D, G)
    calm = smallest_stock(share, materials, None, remaining, free)[runs]
    stock, quiet = (np.quantile(one, probability, axis=0, method="inverted_cdf") for one in (need, calm))
    has = np.broadcast_to(materials.stock_days, (D, len(products)))
    now = np.isfinite(material_path(share, materials, remaining, free).first_stop)[runs].mean(axis=0)
    cost = np.full(len(products), np.nan) if price is None else np.asarray(price, float) * stock
    most = np.minimum(stock, T)
    table = pd.DataFrame(
        {
            "product": list(products),
            "stock_held_days": has[0],
            "stop_now": now,
            "stop_stock_days": quiet,
            "stop_after": (np.minimum(quiet, T) + 1e-9 < calm).mean(axis=0),
            "chance_now": (has[runs] + 1e-9 >= need).mean(axis=0),
            "stock_days": stock,
            "chance": (most + 1e-9 >= need).mean(axis=0),
            "stop": (most + 1e-9 < calm).mean(axis=0),
            "cost": np.where(np.isfinite(cost), cost, np.nan),
        }
    )
    grid = np.linspace(0, max(float(np.minimum(need, T).max()), 1.0), 60)
    curve = pd.concat(
        [
            pd.DataFrame({"product": p, "stock_days": grid,
                          "chance": [(s + 1e-9 >= need[:, g]).mean() * 100 for s in grid]})
            for g, p in enumerate(products)
        ],
        ignore_index=True,
    )  # fmt: skip
    return Buffers(table, curve, bound, probability, T, names or {one: one.replace("_", " ") for one in products},
                   sources, verified)  # fmt: skip


def lost_days(share: Array, materials: Materials, remaining: Array | None = None, free: Array | None = None) -> Array:
    """(draw, product) days of the users' base output that each material costs over the horizon."""
    return np.asarray((1 - material_path(share, materials, remaining, free).ceiling).sum(axis=1))


def smallest_stock(
    share: Array, materials: Materials, bound: float | None, remaining: Array | None = None, free: Array | None = None
) -> Array:
    """(draw, product) smallest stock, in steps of a quarter day, at which the loss is within the bound, or, where that
    is None, at which no plant stops; infinite where no stock up to the days of `share` is enough.

    Bisection on all draws and materials at once: more stock never costs more.
    """
    D, T, G = share.shape

    def enough(days: Array | float) -> NDArray[np.bool_]:
        held = materials.with_(stock_days=days)
        if bound is None:
            return np.asarray(np.isinf(material_path(share, held, remaining, free).first_stop))
        return lost_days(share, held, remaining, free) <= bound + 1e-9

    low, high = np.full((D, G), -1), np.full((D, G), int(np.ceil(T / STEP)))
    never = ~enough(float(T))
    high[enough(0.0)] = 0
    widest = float((high - low).max())
    with bar(what="stocks tried") as tell:
        while (high - low > 1).any():
            middle = np.where(high - low > 1, (low + high) // 2, high)
            fine = enough(middle * STEP)
            high = np.where(fine, middle, high)
            low = np.where(fine, np.minimum(low, high - 1), middle)
            tell(1 - np.log2(max((high - low).max(), 1)) / np.log2(max(widest, 2)))
    return np.where(never, np.inf, high * STEP)
