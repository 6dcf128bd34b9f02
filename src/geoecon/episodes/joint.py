"""One precedent a draw: what others sent, what it cost and when the supplier came back belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon.episodes import detect
from geoecon.episodes.nearest import LEVELS, Array, Places
from geoecon.episodes.outcome import WORDS

if TYPE_CHECKING:
    from geoecon.episodes.precedents import Precedents

OWN = ("supplier", "imports", "price", "concentration")  # outcomes with a tested distribution of their own


def one_precedent_a_draw(asked: Precedents, n: int, seed: int) -> pd.DataFrame:
    """n + 1 rows; row 0 holds the medians, each other row follows one cut-off that happened.

    The precedents give the ranks, the tested distributions the values at these ranks (ensemble copula coupling,
    Schefzik, Thorarinsdottir & Gneiting 2013). What others delivered follows from imports and the supplier's flow.
    """
    rng = np.random.default_rng([seed, 18])
    places, cuts = _drawn(asked, n, rng)
    found = pd.DataFrame({"place": np.r_[-1, places], "cut": np.r_[np.median(asked.cut), cuts]})
    table = asked.record.table.iloc[places]
    for name in OWN:
        for h in detect.HORIZONS:
            outcome = asked.outcome(name, h)
            levels = np.log1p(outcome.levels / 100) if WORDS[name][2] == "log" else outcome.levels
            ranks = _ranks(table[f"{name}_{h}"].to_numpy(float), rng)
            found[f"{name}_{h}"] = np.r_[np.interp(0.5, LEVELS, levels), np.interp(ranks, LEVELS, levels)]
    found["supplier_0"] = np.log((1 - found["cut"] + detect.FLOOR) / (1 + detect.FLOOR))
    for h in detect.HORIZONS:
        came = asked.share * _flow(found[f"supplier_{h}"])
        found[f"others_{h}"] = _flow(found[f"imports_{h}"]) - came - (1 - asked.share)
        with np.errstate(divide="ignore", invalid="ignore"):
            lost = asked.share * found["cut"]
            found[f"replaced_{h}"] = np.where(lost > 0, found[f"others_{h}"] / lost, np.nan)
    for years in detect.BACK_YEARS:
        seen = table[f"back_{years}"].to_numpy(float)
        found[f"back_{years}"] = np.r_[float(asked.back(years) >= 0.5), seen]
    return found[COLUMNS]


COLUMNS = [
    "place", "cut",
    *(f"{name}_{h}" for name in (*OWN, "others", "replaced") for h in detect.HORIZONS),
    *(f"back_{n}" for n in detect.BACK_YEARS),
]  # fmt: skip


def _drawn(asked: Precedents, n: int, rng: np.random.Generator) -> tuple[Places, Array]:
    """Places (n,) of the precedents and the cuts that they stand for, by weight."""
    cuts = np.resize(asked.cut, n) if len(asked.cut) > 1 else np.full(n, asked.cut[0])
    different, back = np.unique(cuts, return_inverse=True)
    rows, weights = asked.joint(different)
    reached = np.cumsum(weights, axis=1)
    places = np.empty(n, np.int64)
    for number in range(len(different)):
        mine = np.flatnonzero(back == number)
        at = (rng.permutation(len(mine)) + rng.random(len(mine))) / len(mine) * reached[number, -1]
        places[mine] = rows[number, np.minimum(np.searchsorted(reached[number], at), rows.shape[1] - 1)]
    return places, cuts


def _ranks(values: Array, rng: np.random.Generator) -> Array:
    """Ranks (n,) between 0 and 1, ties broken at random; a missing value has a rank at random."""
    known = values[np.isfinite(values)]
    values = np.where(np.isfinite(values), values, rng.choice(known if len(known) else np.zeros(1), len(values)))
    order = np.lexsort((rng.random(len(values)), values))
    ranks = np.empty(len(values))
    ranks[order] = (np.arange(len(values)) + 0.5) / len(values)
    return ranks


def _flow(log_change: pd.Series[float]) -> pd.Series[float]:
    """Tonnes over those of before, from the log with its floor."""
    return pd.Series(np.exp(log_change) * (1 + detect.FLOOR) - detect.FLOOR).clip(lower=0.0)
