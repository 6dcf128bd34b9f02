"""What forecasts of a class have been wrong by: a band with past error, each case judged by the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.scorecard.scale import Array, class_of, from_scale, to_scale
from geoecon.scorecard.scores import interval_score

PRIOR_CASES = 2.0  # cases that the scale over all classes counts for in a class's own
NOISE = np.arange(0.0125, 1, 0.025)  # levels of the error that are mixed with each draw
NARROW = 2.563  # widths of a standard deviation in an 80 % band
RULES = {
    "case": tables.identifier,
    "cutoff": tables.day,
    "condition": tables.one_of("known", "observed"),
    "metric": tables.identifier,
    "of": tables.text,
    "unit": tables.text,
    "class": tables.identifier,
    "error": tables.number,  # observed less the middle of the draws, on the scale of the class
    "spread": tables.at_least_zero,  # standard deviation of the draws, likewise
}


@dataclass(frozen=True)
class Discrepancy:
    """The error of one class: a t distribution with `freedom` degrees and `scale` on the class's own scale.

    `cases` other cases have shown it; without any it is that of all classes, and without any at all it is zero.
    """

    name: str
    scale: float
    freedom: float
    cases: int

    def widened(self, sample: Array, unit: str) -> Array:
        """Draws (draw,) with the error mixed in; row 0 is the middle. Ranks of the draws stay as they were."""
        drawn = sample[1:] if len(sample) > 1 else sample
        if self.scale == 0 or not np.isfinite(drawn).any():
            return sample
        mixed = np.sort(self.mixed(drawn, unit))
        ranks = (np.argsort(np.argsort(drawn, kind="stable"), kind="stable") + 0.5) / len(drawn)
        levels = np.interp(ranks, (np.arange(len(mixed)) + 0.5) / len(mixed), mixed)
        return np.concatenate([[np.median(mixed)], levels])

    def mixed(self, drawn: Array, unit: str) -> Array:
        """Every draw with every level of the error, (draw × level,); infinite draws stay infinite."""
        from scipy.stats import t

        z = to_scale(self.name, unit, drawn)
        moved = z[:, None] + self.scale * t.ppf(NOISE, self.freedom)[None]
        back = from_scale(self.name, unit, moved)
        return np.where(np.isfinite(drawn)[:, None], back, np.asarray(drawn)[:, None]).ravel()

    def log_score(self, sample: Array, unit: str, observed: float) -> float:
        """−log density of the outcome on the scale of the class, draws and error together (Good 1952)."""
        from scipy.stats import t

        z = to_scale(self.name, unit, sample[1:] if len(sample) > 1 else sample)
        z = z[np.isfinite(z)]
        if not len(z) or self.scale == 0:
            return float("nan")
        away = (float(to_scale(self.name, unit, observed)) - z) / self.scale
        return float(-np.log(np.mean(t.pdf(away, self.freedom)) / self.scale))


def discrepancy(metric: str, unit: str, *, leave_out: str | None = None, condition: str = "known",
                rows: pd.DataFrame | None = None) -> Discrepancy:  # fmt: skip
    """The error that forecasts of this metric's class have had in the other cases.

    Every case has one vote in a class; the class's mean square, less what its draws already said, is drawn towards
    that of all classes, which counts for two cases (a scaled inverse chi-squared prior, Gelman et al. 2013, 2.6).
    """
    name = class_of(metric, unit)
    past = past_errors() if rows is None else rows
    past = past[(past["condition"] == condition) & (past["case"] != leave_out)]
    if past.empty:
        return Discrepancy(name, 0.0, np.inf, 0)
    votes = 1 / past.groupby(["case", "class"])["case"].transform("size").to_numpy(float)
    square = np.maximum(past["error"].to_numpy(float) ** 2 - past["spread"].to_numpy(float) ** 2, 0)
    over_all = float(np.average(square, weights=votes))
    mine = (past["class"] == name).to_numpy()
    n = float(votes[mine].sum())
    own = float(np.average(square[mine], weights=votes[mine])) if n else over_all
    scale = np.sqrt((PRIOR_CASES * over_all + n * own) / (PRIOR_CASES + n))
    return Discrepancy(name, float(scale), PRIOR_CASES + n, round(n))


def with_past_error(
    metric: str, unit: str, sample: Array, case_id: str | None = None, condition: str = "known"
) -> Array:
    """Draws (draw,) of a measure with what forecasts of its class have been wrong by; row 0 is the middle.

    `case_id` is the case that is forecast: it does not judge itself. One draw alone stays as it is.
    """
    past = discrepancy(metric, unit, leave_out=case_id, condition=condition)
    return past.widened(np.asarray(sample, dtype=float), unit) if len(sample) > 1 else sample


@cache
def past_errors() -> pd.DataFrame:
    """Errors of blind forecasts of the shipped cases, as the last `make errors` found them."""
    with as_file(files("geoecon") / "scorecard" / "past_errors.csv") as path:
        return read(path)


def read(path: Path) -> pd.DataFrame:
    """A table of errors. Raises InputError with every fault of the file."""
    return tables.read_table(path, RULES, path.name)


def errors_of(scores: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The table of errors from score tables with columns case, cutoff, condition (see `questions.evidence`)."""
    found = []
    for table in scores:
        kept = table[(table["state"] == "scored") & (table["kind"] == "observed") & table["low"].notna()]
        for row in tables.records(kept):
            name = class_of(row["metric"], row["unit"])
            low, middle, high, seen = to_scale(
                name, row["unit"], [row["low"], row["central"], row["high"], row["observed"]]
            )
            if np.isfinite([low, middle, high]).all():
                keys = {key: row[key] for key in ("case", "cutoff", "condition", "metric", "of", "unit")}
                found.append(keys | {"class": name, "error": seen - middle, "spread": (high - low) / NARROW})
    return pd.DataFrame(found, columns=list(RULES)).round(4)


def past_bands(condition: str = "known") -> pd.DataFrame:
    """Each kept error against the band that the other cases would have given it, on the scale of its class.

    Columns: case, class, inside, inside_draws, score, score_draws (interval scores). The band is the t interval of
    error and draws together.
    """
    from scipy.stats import t

    past = past_errors()
    past = past[past["condition"] == condition]
    rows = []
    for row in tables.records(past):
        error = discrepancy(row["metric"], row["unit"], leave_out=row["case"], condition=condition)
        half = float(t.ppf(0.9, error.freedom)) * float(np.hypot(error.scale, row["spread"]))
        alone = row["spread"] * NARROW / 2
        miss = abs(row["error"])
        rows.append((row["case"], row["class"], float(miss <= half), float(miss <= alone),
                     interval_score(-half, half, miss), interval_score(-alone, alone, miss)))  # fmt: skip
    return pd.DataFrame(rows, columns=["case", "class", "inside", "inside_draws", "score", "score_draws"])
