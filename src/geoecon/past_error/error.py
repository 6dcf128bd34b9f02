"""What forecasts of a class have been wrong by: a band with past error, each case judged by the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.past_error.scale import Array, class_of, from_scale, to_scale
from geoecon.past_error.student import t_density, t_quantile

FREEDOMS = (2, 3, 4, 6, 10, 30)  # degrees of freedom that are tried
TYPICAL, LOOSE = 0.5, 1.0  # prior of the scale over all classes: log-normal
APART = 0.5  # of a class's log scale from that of all, likewise
NORMAL = 21  # levels of the draws, whose spread is kept
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
SCALE_RULES = {
    "leave_out": tables.identifier.optional(),  # empty: no case left out
    "condition": tables.one_of("known", "observed"),
    "class": tables.identifier.optional(),  # empty: over all classes
    "scale": tables.at_least_zero,
    "freedom": tables.at_least_zero,
    "cases": tables.at_least_zero,
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
        z = to_scale(self.name, unit, drawn)
        moved = z[:, None] + self.scale * t_quantile(NOISE, self.freedom)[None]
        back = from_scale(self.name, unit, moved)
        return np.where(np.isfinite(drawn)[:, None], back, np.asarray(drawn)[:, None]).ravel()

    def log_score(self, sample: Array, unit: str, observed: float) -> float:
        """−log density of the outcome on the scale of the class, draws and error together (Good 1952)."""
        z = to_scale(self.name, unit, sample[1:] if len(sample) > 1 else sample)
        z = z[np.isfinite(z)]
        if not len(z) or self.scale == 0:
            return float("nan")
        away = (float(to_scale(self.name, unit, observed)) - z) / self.scale
        return float(-np.log(np.mean(t_density(away, self.freedom)) / self.scale))


def discrepancy(metric: str, unit: str, *, leave_out: str | None = None, condition: str = "known",
                rows: pd.DataFrame | None = None) -> Discrepancy:  # fmt: skip
    """The error that forecasts of this metric's class have had in the other cases.

    A t error is added to draws of the spread that they had; its scale in each class and its degrees of freedom are
    those that make the other cases' errors likeliest, every case with one vote in a class, the log scale of a class
    drawn towards that of all (Lange, Little & Taylor 1989; partial pooling, Gelman et al. 2013, chapter 5).
    """
    fit = shipped_fit(leave_out, condition) if rows is None else fitted(_others(rows, leave_out, condition))
    return fit.error(class_of(metric, unit))


@dataclass(frozen=True)
class Fit:
    """Scales by class, the one of all, degrees of freedom, cases by class."""

    scales: Mapping[str, float]
    over_all: float
    freedom: float
    cases: Mapping[str, int]

    def error(self, name: str) -> Discrepancy:
        """The error of a class; that of all classes where no case has shown it."""
        return Discrepancy(name, self.scales.get(name, self.over_all), self.freedom, self.cases.get(name, 0))


def shipped_fit(leave_out: str | None, condition: str) -> Fit:
    """The fit that ships for a case, or for one that is not among them."""
    fits = _fits()
    return fits.get((leave_out or "", condition)) or fits.get(("", condition)) or Fit({}, 0.0, np.inf, {})


@cache
def _fits() -> dict[tuple[str, str], Fit]:
    with as_file(files("geoecon") / "past_error" / "scales.csv") as path:
        table = tables.read_table(path, SCALE_RULES, path.name)
    found = {}
    for (out, condition), rows in table.fillna({"leave_out": "", "class": ""}).groupby(["leave_out", "condition"]):
        by = rows.set_index("class")
        own = by.drop(index="")
        over_all = float(rows.loc[rows["class"] == "", "scale"].to_numpy(float)[0])
        scales = dict(zip(map(str, own.index), own["scale"].to_numpy(float).tolist(), strict=True))
        cases = {str(name): int(n) for name, n in own["cases"].items()}
        found[str(out), str(condition)] = Fit(scales, over_all, float(own["freedom"].iloc[0]), cases)
    return found


def scales_of(errors: pd.DataFrame) -> pd.DataFrame:
    """The fits of a table of errors, each case left out in turn and none, as `scales.csv` keeps them."""
    rows = []
    for condition in sorted(errors["condition"].unique()):
        for out in ["", *sorted(errors["case"].unique())]:
            fit = fitted(_others(errors, out or None, condition))
            rows.append((out, condition, "", fit.over_all, fit.freedom, 0))
            rows += [(out, condition, name, scale, fit.freedom, fit.cases[name]) for name, scale in fit.scales.items()]
    return pd.DataFrame(rows, columns=list(SCALE_RULES)).round({"scale": 4})


def _others(past: pd.DataFrame, leave_out: str | None, condition: str) -> pd.DataFrame:
    return past[(past["condition"] == condition) & (past["case"] != leave_out)]


def fitted(past: pd.DataFrame) -> Fit:
    """Posterior mode of the scales, for the degrees of freedom that make it highest; zero without any error."""
    from scipy.optimize import minimize
    from scipy.special import ndtri

    if past.empty:
        return Fit({}, 0.0, np.inf, {})
    votes = 1 / past.groupby(["case", "class"])["case"].transform("size").to_numpy(float)
    names, of = np.unique(past["class"].to_numpy(str), return_inverse=True)
    levels = ndtri((np.arange(NORMAL) + 0.5) / NORMAL)
    left = past["error"].to_numpy(float)[:, None] - past["spread"].to_numpy(float)[:, None] * levels

    def surprise(at: Array, freedom: float) -> float:
        scale = np.exp(at[0] + APART * at[1:])[of][:, None]
        density = (t_density(left / scale, freedom) / scale).mean(axis=1)
        prior = ((at[0] - np.log(TYPICAL)) / LOOSE) ** 2 + (at[1:] ** 2).sum()
        return float(prior / 2 - (votes * np.log(density + 1e-12)).sum())

    start, bounds = np.r_[np.log(TYPICAL), np.zeros(len(names))], [(-4.0, 2.0)] * (1 + len(names))
    tried = [(minimize(surprise, start, (one,), bounds=bounds), one) for one in FREEDOMS]
    best, freedom = min(tried, key=lambda pair: pair[0].fun)
    scales = np.exp(best.x[0] + APART * best.x[1:])
    cases = past.groupby("class")["case"].nunique()
    return Fit(dict(zip(names.tolist(), scales.tolist(), strict=True)), float(np.exp(best.x[0])), float(freedom),
               {str(name): int(n) for name, n in cases.items()})  # fmt: skip


@cache
def past_errors() -> pd.DataFrame:
    """Errors of blind forecasts of the shipped cases, as the last `make errors` found them."""
    with as_file(files("geoecon") / "past_error" / "errors.csv") as path:
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
