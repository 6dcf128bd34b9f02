"""The costliest triples of millions, found without ranking every row: the few passes run on any engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from geoecon.flows import engine
from geoecon.indicators import indicators, measure
from geoecon.indicators.measure import MARKET, TRIPLE, Options

if TYPE_CHECKING:
    from geoecon.kinds import Frame


FIRST = 20  # times as many large flows as are asked for are ranked first


def products(rows: Frame, wanted: Frame, options: Options, n: int) -> list[str]:
    """The products of the n costliest of the wanted triples, exactly.

    A cut-off costs at most `_bound` times the trade, so that the n-th cost among the largest flows bounds the trade
    of all that can enter: if the smallest of the largest flows lies below, the answer is exact; else the rest that
    lies above is ranked too.
    """
    size = max(FIRST * n, 1_000)
    found = wanted.select(*TRIPLE, "value_usd").sort("value_usd", descending=True).head(size)
    largest = engine.collect(found)
    costs = _ranked(rows, engine.beside(rows, largest), options, n)
    if len(largest) == size:
        least = float(costs["rank_cost"].iloc[-1]) / _bound(options)
        if float(largest["value_usd"].iloc[-1]) > least:
            costs = _ranked(rows, wanted.filter(nw.col("value_usd") >= least * (1 - 1e-9)), options, n)
    return list(costs["product"].unique())


def of_products(rows: Frame, codes: list[str]) -> Frame:
    """Rows of some products."""
    return rows.join(engine.beside(rows, pd.DataFrame({"product": codes})), on=["product"], how="semi")


def _bound(options: Options) -> float:
    """The largest cost of a cut-off for each dollar of trade: ln(1/FLOOR)/(σ − 1) with the smallest σ."""
    smallest = min(measure.numbers(options.elasticity), default=4.0)
    if isinstance(options.elasticity, Mapping):
        smallest = min(smallest, 4.0)
    return float(-np.log(indicators.FLOOR) / (smallest - 1))


def _ranked(rows: Frame, wanted: Frame, options: Options, n: int) -> pd.DataFrame:
    """The n costliest of the wanted triples (those of equal cost too): totals of their markets only, one join."""
    market = wanted.select(*MARKET).unique()
    total = rows.join(market, on=MARKET, how="semi").group_by(*MARKET).agg(nw.col("value_usd").sum().alias("imports"))
    found = wanted.join(total, on=MARKET, how="inner")
    found = measure.with_parameter(found, "elasticity", options.elasticity, 4.0)
    found = measure.with_parameter(found, "domestic", options.domestic_share, 0.0)
    ranked = found.select("product", "value_usd", indicators.rank_cost().alias("rank_cost"))
    order = ["rank_cost", "value_usd", "product"]
    return engine.collect(ranked.sort(order, descending=[True, True, False]).head(n))
