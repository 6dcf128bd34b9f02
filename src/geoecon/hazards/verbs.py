"""The room's public verbs: fit anew, score, compare two coders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pandas as pd

from geoecon.case import default_parameters
from geoecon.dispute import STEPS
from geoecon.figure import Figure, cite
from geoecon.hazards.agreement import agreement
from geoecon.hazards.coded import read_disputes, shipped
from geoecon.hazards.model import CAUSES, RARE, STATES, Hazards, fit_disputes, to_table
from geoecon.hazards.rates import SPANS
from geoecon.hazards.scores import SEEDS, score_table
from geoecon.hazards.tracks import track_scores
from geoecon.result import Result
from geoecon.tables import records

TOLD = (
    ("ten folds of campaigns", "ending", "four endings"),
    ("learned before 1990, tested later", "ending", "learned before 1990 and tested later"),
    ("ten folds of campaigns", "month and ending", "ending and month"),
    ("ten folds of campaigns", "threat carried out", "whether a threat is carried out within a year"),
)
SHOWN = (0, 12, 36)  # months of the small table
SOURCES = ("hazards_ties", "hazards_trade", "hazards_prentice")


@dataclass(frozen=True)
class Learned(Result):
    """Hazards fitted to coded disputes; `to_frame` is the file that a case may name as its own (`hazards`)."""

    hazards: Hazards
    unused: int

    def to_frame(self) -> pd.DataFrame:
        return to_table(self.hazards)

    def summary(self) -> pd.DataFrame:
        """Rates a month of a dispute of a rare issue with a hundredth of trade both ways, by months in the state."""
        x = self.hazards.covariates(np.array([[0.01, 0.01]]), np.array([RARE]))
        rows = []
        for state in STATES:
            rates = np.exp(self.hazards.log_rates(state, x, np.array([0]))[0])
            for cause, mine in zip(CAUSES, rates.T, strict=False):
                rows.append((state, cause, *(f"{mine[np.searchsorted(SPANS, month)]:.4f}" for month in SHOWN)))
        return pd.DataFrame(rows, columns=["state", "ending", *(f"from month {month}" for month in SHOWN)])

    def figures(self) -> dict[str, Figure]:
        return {}

    def sentence(self) -> str:
        left = f" {self.unused} rows lack an outcome or trade and were not used." if self.unused else ""
        return f"Learned from {self.hazards.on}, {self.hazards.draws - 1} times again on campaigns drawn anew.{left}"


@dataclass(frozen=True)
class Scores(Result):
    """How well endings are told on disputes that were held out."""

    table: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        return self.table.copy()

    def summary(self) -> pd.DataFrame:
        numbers = ["nats", "against the base rate", "standard error"]
        return self.table.assign(**{name: self.table[name].map("{:.4f}".format) for name in numbers})

    def figures(self) -> dict[str, Figure]:
        """Nats of the model in every test and task."""
        sources = frozenset(cite(name) for name in SOURCES)
        mine = self.table[self.table["method"] == "multistate"]
        return {
            f"{row['test']}, {row['task']}": Figure(row["nats"], "nats", row["test"], sources, label=row["task"])
            for row in records(mine)
        }

    def sentence(self) -> str:
        row = self.table[(self.table["method"] == "multistate") & (self.table["task"] == "ending")].iloc[0]
        gain, error = -row["against the base rate"], row["standard error"]
        words = "better than" if gain > 2 * error else "no better than" if gain > -2 * error else "worse than"
        less = f"{abs(gain):.3f} {'less' if gain > 0 else 'more'}, give or take {error:.3f}"
        on = f"On {row['disputes']} disputes in {row['campaigns']} campaigns, each held out,"
        return f"{on} the model is {words} the base rate: {row['nats']:.3f} nats, {less}."


@dataclass(frozen=True)
class Agreement(Result):
    """How far two coders of the same disputes agree."""

    table: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        return self.table.copy()

    def summary(self) -> pd.DataFrame:
        return self.table.round(3)

    def figures(self) -> dict[str, Figure]:
        return {
            row["column"]: Figure(row["agree"], "share", "", frozenset(), label=f"agreement on {row['column']}")
            for row in records(self.table)
        }

    def sentence(self) -> str:
        first = self.table.iloc[0]
        return (
            f"The two coders agree on the outcome of {100 * first['agree']:.0f} % of {first['disputes']} disputes "
            f"(kappa {first['kappa']:.2f}: 0 is chance, 1 is full agreement)."
        )


@dataclass(frozen=True, eq=False)
class TrackScores(Result):
    """How steps on the three tracks are told: rates from memory beside rates pooled over the other cases."""

    table: pd.DataFrame
    sources: frozenset[str] = frozenset({cite("hazards_tracks")})

    def to_frame(self) -> pd.DataFrame:
        return self.table.copy()

    def summary(self) -> pd.DataFrame:
        numbers = ["nats", "brier", "against pooled", "standard error"]
        return self.table.assign(**{name: self.table[name].map("{:.3f}".format) for name in numbers})

    def figures(self) -> dict[str, Figure]:
        return {row["method"]: Figure(row["nats"], "nats", "", self.sources, label=row["method"])
                for row in records(self.table)}  # fmt: skip

    def sentence(self) -> str:
        rows = {row["method"]: row for row in records(self.table)}
        mine, pooled = rows["prior rates, activity"], rows["pooled rates"]["nats"]
        words = "better than" if mine["against pooled"] < -mine["standard error"] else "no better than"
        gap = f"difference {mine['against pooled']:+.3f}, standard error {mine['standard error']:.3f}"
        return (
            f"On {mine['forecasts']} dated forecasts in {mine['cases']} cases the rates from memory are {words} rates "
            f"pooled over the other cases ({mine['nats']:.3f} against {pooled:.3f} nats, {gap}); who set them knew "
            "these cases."
        )


def fit(file: str | Path | None = None, *, draws: int = 200, seed: int = 0) -> Learned:
    """Hazards of how disputes end, from a CSV of coded disputes (columns: see docs/coding.md) or those shipped.

    Raises InputError with every faulty row, NotConverged where the fit does not settle.
    """
    coded = shipped() if file is None else read_disputes(file)
    return Learned(fit_disputes(coded, draws, seed), coded.unused)


def score_disputes(file: str | Path | None = None, *, seeds: int = len(SEEDS)) -> Scores:
    """The table of scores on held-out campaigns, `seeds` times ten folds, for a CSV of disputes or those shipped."""
    return Scores(score_table(shipped() if file is None else read_disputes(file), tuple(range(seeds))))


@cache
def shipped_scores() -> Scores:
    """The scores on the shipped disputes, three times ten folds: made by `geoecon fit scores --out`."""
    with as_file(files("geoecon.hazards") / "scores.csv") as path:
        return Scores(pd.read_csv(path))


def scores_told() -> str:
    """The shipped scores in words, each with the error of its difference: the model beside what it is held against."""
    table = shipped_scores().table
    said = []
    for test, task, words in TOLD:
        rows = {row["method"]: row for row in records(table[(table["test"] == test) & (table["task"] == task)])}
        mine, base = rows["multistate"], rows["base rate"]["nats"]
        gap, error = mine["against the base rate"], mine["standard error"]
        text = f"{words} {mine['nats']:.3f} against {base:.3f} for the base rate ({gap:+.3f}, give or take {error:.3f})"
        if "similar disputes" in rows:
            text += f" and {rows['similar disputes']['nats']:.3f} for the most similar disputes"
        said.append(text.replace("-", "\u2212"))
    return f"On disputes that it was not fitted to, in nats (less is better): {'; '.join(said)}."


def compare_coders(first: str | Path, second: str | Path) -> Agreement:
    """Agreement of two codings of the same disputes. Raises InputError where they share none."""
    return Agreement(agreement(read_disputes(first), read_disputes(second)))


@cache
def score_tracks() -> TrackScores:
    """Log and Brier scores of steps of the tracks on the dated steps of the built-in cases, each left out in turn."""
    prior = default_parameters()
    rates = {step: prior[f"track_rate.{step}"].central for step in STEPS}
    return TrackScores(track_scores(rates, prior["track_activity"].central))
