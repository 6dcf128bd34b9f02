"""One precedent a draw: what others sent, what it cost and when the supplier came back belong together."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon.episodes import detect
from geoecon.episodes.nearest import LEVELS, Array, Places
from geoecon.episodes.outcome import WORDS

if TYPE_CHECKING:
    from geoecon.episodes.precedents import Precedents

OWN = ("supplier", "imports", "price", "concentration")  # outcomes with a tested distribution of their own
COLUMNS = (
    "place", "cut",
    *(f"{name}_{h}" for name in (*OWN, "others", "replaced") for h in detect.HORIZONS),
    *(f"back_{n}" for n in detect.BACK_YEARS),
)  # fmt: skip


def one_precedent_a_draw(asked: Precedents, n: int, seed: int, columns: Collection[str] = COLUMNS) -> pd.DataFrame:
    """n + 1 rows of some of COLUMNS; row 0 holds the medians, each other row follows one cut-off that happened.

    The precedents give the ranks, the tested distributions the values at these ranks (ensemble copula coupling,
    Schefzik, Thorarinsdottir & Gneiting 2013). What others delivered follows from imports and the supplier's flow.
    A column is the same whichever others are asked for.
    """
    places, cuts = _drawn(asked, n, seed)
    found = {"place": np.r_[-1, places], "cut": np.r_[np.median(asked.cut), cuts]}
    for name in columns:
        _make(found, asked, name, seed)
    return pd.DataFrame({name: found[name] for name in columns})


def _make(found: dict[str, Array], asked: Precedents, column: str, seed: int) -> Array:
    """A column, made with those that it hangs on where it is not there."""
    if column in found:
        return found[column]
    name, _, years = column.rpartition("_")
    if name in ("others", "replaced"):
        came = asked.share * _flow(_make(found, asked, f"supplier_{years}", seed))
        more = _flow(_make(found, asked, f"imports_{years}", seed)) - came - (1 - asked.share)
        lost = asked.share * found["cut"]
        of_lost = np.divide(more, lost, out=np.full_like(more, np.nan), where=lost > 0)
        found[column] = more if name == "others" else of_lost
    elif column == "supplier_0":
        found[column] = np.log((1 - found["cut"] + detect.FLOOR) / (1 + detect.FLOOR))
    elif name == "back":
        seen = asked.record.table[column].to_numpy(float)[found["place"][1:]]
        found[column] = np.r_[float(asked.back(int(years)) >= 0.5), seen]
    else:
        outcome = asked.outcome(name, int(years))
        levels = np.log1p(outcome.levels / 100) if WORDS[name][2] == "log" else outcome.levels
        seen = asked.record.table[column].to_numpy(float)[found["place"][1:]]
        ranks = _ranks(seen, np.random.default_rng([seed, 18, COLUMNS.index(column)]))
        found[column] = np.r_[np.interp(0.5, LEVELS, levels), np.interp(ranks, LEVELS, levels)]
    return found[column]


def _drawn(asked: Precedents, n: int, seed: int) -> tuple[Places, Array]:
    """Places (n,) of the precedents, by weight, and the cuts that they stand for.

    Each draw has a time of its own for every cut-off on record, over the weight in its class, and takes the first: so
    its precedent hangs on its own cut alone, and a cut that moves a little nearly always keeps it (consistent weighted
    sampling by exponential races). A scenario is then compared with the base on the same precedents.
    """
    cuts = np.resize(asked.cut, n) if len(asked.cut) > 1 else np.full(n, asked.cut[0])
    different, back = np.unique(cuts, return_inverse=True)
    rows, weights = asked.joint(different)
    rows, weights = rows[back], weights[back]
    with np.errstate(divide="ignore"):
        first = (_times(np.arange(n)[:, None], rows, seed) / weights).argmin(axis=1)
    return np.asarray(rows[np.arange(n), first], np.int64), cuts


def _times(draw: Places, place: Places, seed: int) -> Array:
    """Exponential times, the same for a draw and a place whenever they are asked for: counters mixed as in SplitMix64
    (Steele, Lea & Flood 2014)."""
    golden, base = np.uint64(0x9E3779B97F4A7C15), np.random.default_rng([seed, 18]).integers(2**63)
    mixed = (place.astype(np.uint64) << np.uint64(32)) + draw.astype(np.uint64) * golden + np.uint64(base)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray(-np.log1p(-(mixed >> np.uint64(11)).astype(float) / 2**53))


def _ranks(values: Array, rng: np.random.Generator) -> Array:
    """Ranks (n,) between 0 and 1, ties broken at random; a missing value has a rank at random."""
    known = values[np.isfinite(values)]
    free = np.quantile(known if len(known) else np.zeros(1), rng.random(len(values)))
    values = np.where(np.isfinite(values), values, free)
    order = np.lexsort((rng.random(len(values)), values))
    ranks = np.empty(len(values))
    ranks[order] = (np.arange(len(values)) + 0.5) / len(values)
    return ranks


def _flow(log_change: Array) -> Array:
    """Tonnes over those of before, from the log with its floor."""
    return np.asarray(np.maximum(np.exp(log_change) * (1 + detect.FLOOR) - detect.FLOOR, 0.0))
