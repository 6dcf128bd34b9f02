"""What customs had shown by the cut-off: months after the start replace the forecast, and bend what comes after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon import dates, tables
from geoecon.case import Case, Itself

Array = NDArray[np.float64]
PUBLISHED = timedelta(days=20)  # after the end of a month its customs are out
FEWEST = 6  # months before the start that make a base
PROXY = 0.5  # of the spread that stays where the sales to all buyers stand for those to the target
FADES = 180.0  # days in which the gap between what was seen and what was forecast falls to 1/e


def months_seen(case: Case, product: str) -> Iterator[tuple[int, int, float]]:
    """(first day, day after the last, share of the base flow) of each month after the start whose customs were out at
    the cut-off; nothing where the case is looked at from no day, has no monthly rows, or too few before the start."""
    mine, column, _ = _series(case, product)
    start = f"{case.start:%Y-%m}"
    before = mine[mine["period"] < start].tail(12)
    if len(before) < FEWEST:
        return
    base = float(before[column].mean())
    if not base > 0:
        return
    for row in tables.records(mine[mine["period"] >= start]):
        first, last = dates.first_day(row["period"]), dates.last_day(row["period"])
        if first >= case.start and _out(last, case.cutoff):
            yield (first - case.start).days, (last - case.start).days + 1, float(row[column]) / base


def _series(case: Case, product: str) -> tuple[pd.DataFrame, str, bool]:
    """Monthly rows of a good, their column, and whether they are the target's own: by value, else by weight, else the
    sales to all buyers by weight."""
    named = (product, *case.product(product).also)
    return _monthly(Itself(case.flows), case.sender, case.target, named, f"{case.start:%Y-%m}")


@lru_cache(maxsize=64)
def _monthly(
    flows: Itself, sender: str, target: str, goods: tuple[str, ...], start: str
) -> tuple[pd.DataFrame, str, bool]:
    """The same, made once for all the scenarios of a case."""
    rows = flows.frame
    months = rows[(rows["exporter"] == sender) & rows["period"].str.fullmatch(r"\d{4}-\d{2}")]
    named = months[months["product"].isin(goods)]
    for buyer, column in ((target, "value_usd"), (target, "tonnes"), ("WLD", "tonnes")):
        mine = named[(named["importer"] == buyer) & named[column].notna()].drop_duplicates("period")
        if (mine["period"] < start).sum() >= FEWEST and (mine["period"] >= start).any():
            return mine.sort_values("period"), column, buyer == target
    return named.iloc[:0], "value_usd", True


def _out(last: date, cutoff: date) -> bool:
    return cutoff < date.max and last + PUBLISHED <= cutoff


def as_seen(case: Case, product: str, share: Array, flow: Array) -> tuple[Array, Array]:
    """What can move and what moves (draw, day) with the months seen in place of the forecast, and the gap of the last
    three months fading after them."""
    months = [month for month in months_seen(case, product) if month[0] < share.shape[1]]
    if not months or case.switch("measures") == "none":
        return share, flow
    kept = 0.0 if _series(case, product)[2] else PROXY
    return _bent(share, months, kept), _bent(flow, months, kept)


def _bent(values: Array, months: list[tuple[int, int, float]], kept: float) -> Array:
    """`kept` is the share of the draws' own spread that stays: none where the very flow was seen."""
    found = values.copy()
    gaps = []
    for first, after, seen in months:
        own = values[:, first:after].mean(axis=1)
        told = np.maximum(seen + kept * (own - own.mean()), 0.0)
        gaps.append(told - own)
        found[:, first:after] = told[:, None]
    end = months[-1][1]
    since = np.arange(values.shape[1] - end, dtype=float)
    gap = np.mean(gaps[-3:], axis=0)
    found[:, end:] = np.maximum(values[:, end:] + gap[:, None] * np.exp(-since / FADES)[None, :], 0.0)
    return found
