"""The detector: years in which a supplier's shipments to an importer that leaned on it fell.

One product at a time, all its pairs of countries at once. It never looks at what the importer buys elsewhere, so that
replacement is not selected on: shares of the two years *before* say who is exposed, the supplier's own shipments say
whether they fell.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from geoecon.kinds import Ints


Array = NDArray[np.float64]
CUT = 0.40  # fall of the tonnes against the mean of the two years before
VALUE_CUT = 0.30  # fall of the value at the world's unit value: guards against a wrong quantity
SHARE = 0.20  # of the importer's tonnes, in both years before
STEADY = 0.5  # smaller over larger of the two years before, for the flow and for all imports
SMALLEST = 1e6  # USD a year before the cut
BUYER = 250e3  # USD a year that make another buyer
SELLS_ON = 0.85  # shipments to everybody else, of before: the cut is bilateral
GAP = 3  # years without a cut before one counts as new
ALTERNATIVE = 0.01  # share of the other imports that makes a supplier count
ODD_UNIT_VALUE = 6.0  # times the median of product and year
HORIZONS = (0, 1, 2)  # years after the cut whose outcomes are kept
BACK_YEARS = (1, 2, 3)
BACK = 0.8  # of its share before: the supplier is back
FLOOR = 0.02  # of the base, so that a flow of zero has a logarithm
UNCUT = 3  # kind of a flow that was exposed in the same way and did not fall so far


@dataclass(frozen=True)
class Trade:
    """One product's trade as arrays (year, pair): tonnes (odd ones set from the median unit value), USD, real value.

    `exporter` and `importer` (pair,) are numbers of countries; `odd` marks tonnes that were set. `median` (year,) is
    the log of the world's median unit value.
    """

    first: int
    exporter: NDArray[np.int64]
    importer: NDArray[np.int64]
    tonnes: Array
    usd: Array
    real: Array
    odd: NDArray[np.bool_]
    median: Array
    countries: int

    def over(self, side: NDArray[np.int64], values: Array) -> Array:
        """Sums (year, country) over the pairs of an exporter or importer."""
        years, n = len(values), self.countries
        place = (np.arange(years)[:, None] * n + side).ravel()
        return np.bincount(place, values.ravel(), years * n).astype(float).reshape(years, n)


def trade(
    year: Ints, exporter: Ints, importer: Ints, usd: Array, tonnes: Array, first: int, years: int, countries: int
) -> Trade:
    """Rows of one product as a Trade. Several rows of one pair and year add up; trade with oneself is left out."""
    keep = (exporter != importer) & (usd > 0)
    year, exporter, importer = (np.asarray(x)[keep].astype(np.int64) for x in (year, exporter, importer))
    pairs, pair = np.unique(exporter * countries + importer, return_inverse=True)
    place, shape = (year - first) * len(pairs) + pair, (years, len(pairs))
    value = np.bincount(place, np.asarray(usd)[keep], years * len(pairs)).astype(float).reshape(shape)
    weight = (
        np.bincount(place, np.nan_to_num(np.asarray(tonnes)[keep]), years * len(pairs)).astype(float).reshape(shape)
    )
    with np.errstate(all="ignore"):
        unit = np.where((value > 0) & (weight > 0), np.log(value / weight), np.nan)
    median, spread = _medians(unit, value)
    with np.errstate(invalid="ignore"):
        far = np.abs(unit - median[:, None]) > np.maximum(np.log(ODD_UNIT_VALUE), 3.5 * spread)[:, None]
    odd = (value > 0) & (np.isnan(unit) | far)
    real = np.nan_to_num(value / np.exp(median)[:, None])
    return Trade(first, pairs // countries, pairs % countries, np.where(odd, real, np.where(value > 0, weight, 0)),
                 value, real, odd, median, countries)  # fmt: skip


def _medians(unit: Array, value: Array) -> tuple[Array, Array]:
    """Median and spread (1.4826 MAD) of the log unit value by year, over the larger half of the flows."""
    median, spread = np.full(len(unit), np.nan), np.full(len(unit), np.nan)
    for t, (units, values) in enumerate(zip(unit, value, strict=True)):
        known = ~np.isnan(units)
        if known.any():
            large = units[known][values[known] >= np.quantile(values[known], 0.5)]
            median[t] = np.median(large)
            spread[t] = 1.4826 * np.median(np.abs(large - median[t]))
    return median, spread


def cut_offs(goods: Trade) -> dict[str, Array]:
    """Every cut-off of a product, one entry a (supplier, importer, year), with what was before it and what followed.

    Kind 0 is bilateral, 1 mixed, 2 supplier-wide; 3 are the flows that were exposed in the same way and did not fall
    so far.
    """
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a mean of nothing is missing
        found = _found(goods)
        rows = _before(goods, *found)
        return rows | _after(goods, rows)


def _found(g: Trade) -> tuple[Any, Any, Array, Array, Array, Array]:
    """(t, pair) of each cut-off, its size by tonnes, the supplier's sales to others, world trade without it, kind."""
    q, imports, sales = g.tonnes, g.over(g.importer, g.tonnes), g.over(g.exporter, g.tonnes)
    world = q.sum(1)
    last = np.full(q.shape[1], -9)
    parts = []
    for t in range(2, len(q)):
        base, usd = (q[t - 1] + q[t - 2]) / 2, (g.usd[t - 1] + g.usd[t - 2]) / 2
        sold = (sales[t - 1] + sales[t - 2]) / 2
        exposed = (usd >= SMALLEST) & ~g.odd[t - 1] & ~g.odd[t - 2] & (last < t - GAP)
        for s in (t - 1, t - 2):
            exposed &= q[s] / imports[s][g.importer] >= SHARE
        for now, then in ((q[t - 1], q[t - 2]), (imports[t - 1][g.importer], imports[t - 2][g.importer])):
            exposed &= np.minimum(now, then) / np.maximum(now, then) >= STEADY
        cut = 1 - q[t] / base
        fell = exposed & (cut >= CUT) & (1 - g.real[t] / ((g.real[t - 1] + g.real[t - 2]) / 2) >= VALUE_CUT)
        last[fell] = t
        held = exposed & (cut < CUT)
        p = np.flatnonzero(fell | held)
        buyers = np.bincount(g.exporter, usd >= BUYER, g.countries)[g.exporter[p]] - (usd[p] >= BUYER)
        rest = (sales[t][g.exporter[p]] - q[t, p]) / (sold[g.exporter[p]] - base[p])
        away = (world[t] - sales[t]) / ((world[t - 1] + world[t - 2]) / 2 - sold)
        kind = np.where((rest <= 1 - CUT) & (buyers >= 2), 2, np.where(rest >= SELLS_ON, 0, 1))
        kind[held[p]] = UNCUT
        parts.append((np.full(len(p), t), p, cut[p], rest, away[g.exporter[p]], kind))
    when, flow, deep, left, beyond, kinds = (np.concatenate(column) for column in zip(*parts, strict=True))
    return when, flow, deep, left, beyond, kinds


def _before(g: Trade, t: Ints, p: Ints, cut: Array, rest: Array, away: Array, kind: Array) -> dict[str, Array]:
    """What was known of each cut-off when it came."""
    q, a, j = g.tonnes, g.exporter[p], g.importer[p]
    mean = np.zeros_like(q)
    mean[2:] = (q[1:-1] + q[:-2]) / 2
    imports, sales, squares = g.over(g.importer, mean), g.over(g.exporter, mean), g.over(g.importer, mean**2)
    base, total = mean[t, p], imports[t, j]
    others = total - base
    bought, sold = g.over(g.importer, q), g.over(g.exporter, q)
    real = g.over(g.importer, g.real)
    return {
        "t": t, "supplier": a, "importer": j, "kind": kind, "cut": cut, "share": base / total, "rest": rest,
        "world_rest": away, "world_share": sales[t, a] / mean.sum(1)[t], "base": base, "total": total,
        "hhi": squares[t, j] / total**2,
        "hhi_others": (squares[t, j] - base**2) / np.maximum(others, 1e-9 * total) ** 2,
        "n_alternatives": _alternatives(g, mean, t, p, others),
        "value_usd": (g.usd[t - 1, p] + g.usd[t - 2, p]) / 2,
        "reexport": (sold[t - 1, j] + sold[t - 2, j]) / (bought[t - 1, j] + bought[t - 2, j]),
        "odd_now": g.odd[t, p].astype(float),
        "real_2": real[t - 2, j], "real_1": real[t - 1, j], "real_0": real[t, j],
    }  # fmt: skip


def _alternatives(g: Trade, mean: Array, t: Ints, p: Ints, others: Array) -> Array:
    """Number of other suppliers with at least a hundredth of what the importer bought from others."""
    order = np.argsort(g.importer, kind="stable")
    ends = np.searchsorted(g.importer[order], [g.importer[p], g.importer[p] + 1])
    counted = np.zeros(len(p))
    for n, (start, end) in enumerate(ends.T):
        sold = mean[t[n], order[start:end]]
        counted[n] = (sold >= ALTERNATIVE * others[n]).sum() - (mean[t[n], p[n]] >= ALTERNATIVE * others[n])
    return counted


def _after(g: Trade, rows: dict[str, Array]) -> dict[str, Array]:
    """What followed: S, M (logs), R, U (log unit value), H by years after the cut; missing where not yet known."""
    q, years = g.tonnes, len(g.tonnes)
    bought, squares = g.over(g.importer, q), g.over(g.importer, q**2)
    usable = ~g.odd & (q > 0)
    unit = g.over(g.importer, np.where(usable, g.usd, 0)) / g.over(g.importer, np.where(usable, q, 0))
    t, a, j = (rows[name].astype(np.int64) for name in ("t", "supplier", "importer"))
    order = np.argsort(g.exporter * g.countries + g.importer)
    p = order[np.searchsorted((g.exporter * g.countries + g.importer)[order], a * g.countries + j)]
    base, total = rows["base"], rows["total"]
    before = np.nanmean(np.stack([unit[t - 1, j], unit[t - 2, j]]), axis=0) if len(t) else np.zeros(0)
    found: dict[str, Array] = {}
    share: dict[int, Array] = {}
    for h in range(max(HORIZONS[-1], BACK_YEARS[-1]) + 1):
        known, y = t + h < years, np.minimum(t + h, years - 1)
        flow, all_of_it = q[y, p], bought[y, j]
        share[h] = np.where(known, np.where(all_of_it > 0, flow / all_of_it, 0), np.nan)
        if h not in HORIZONS:
            continue
        lost = base - q[t, p]  # of the cut itself, whatever came later
        values = {
            "S": np.log((flow + FLOOR * base) / ((1 + FLOOR) * base)),
            "M": np.log((all_of_it + FLOOR * total) / ((1 + FLOOR) * total)),
            "R": np.where(lost > 0, (all_of_it - flow - (total - base)) / lost, np.nan),
            "U": np.log(unit[y, j] / before),
            "H": np.where(all_of_it > 0, squares[y, j] / all_of_it**2 - rows["hhi"], np.nan),
        }
        found |= {f"{name}{h}": np.where(known & np.isfinite(value), value, np.nan) for name, value in values.items()}
    for n in BACK_YEARS:
        shares = np.stack([share[h] for h in range(1, n + 1)])
        back = (shares >= BACK * rows["share"]).any(0).astype(float)
        found[f"back{n}"] = np.where(np.isnan(shares).any(0), np.nan, back)
    return found
