"""The scorecard of a forecast: what it said, what came, how far off it was, and who did better."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from geoecon import tables
from geoecon.figure import Figure, number
from geoecon.result import Predictions, Result
from geoecon.scorecard.past_bands import past_bands

if TYPE_CHECKING:
    import altair as alt


SCORED = "scored"


@dataclass(frozen=True)
class Scorecard(Result):
    """A forecast held against the outcomes that it was made blind to.

    `scores` has one row per outcome: outcome_id, metric, of, label, date, kind, unit, observed, observed_low,
    observed_high, threshold, sense, central (the middle), low, high, inside, crps, error, no_change_error,
    probability, rank, class, the same with past error (past_…), log_score, interval_score, state (scored, no
    forecast, unknown, known before), note, source. `published` has one row per forecast of others with an outcome:
    forecast_id, author, date, label, low, value, high, observed, error, ours, our_error, assumption.
    `claims` is claims.csv, `demands` demands.csv: what was demanded and whether it was met. `known_through` says how
    far the outcomes are known.
    """

    case: str
    cutoff: date
    scores: pd.DataFrame
    published: pd.DataFrame
    claims: pd.DataFrame
    known_through: str | None
    sources: frozenset[str]
    verified: bool = True
    demands: pd.DataFrame = field(default_factory=pd.DataFrame)
    ahead: pd.DataFrame = field(default_factory=pd.DataFrame)  # forecasts of an open question, with both bands

    METHOD: ClassVar[str] = (
        "Each stage gives draws of measures that can be counted; outcomes.csv, opened by this stage alone, holds\n"
        "what was counted. Two bands stand beside each other, both from the 10 % to the 90 % quantile: that of the\n"
        "draws, and that with past error, what forecasts of the same class have been wrong by in the other cases\n"
        "(a t error on log, logit or arcsinh scale, drawn towards all classes). The second is the headline. The\n"
        "continuous ranked probability score (Gneiting & Raftery 2007; fair form, Ferro 2014) punishes wide bands\n"
        "as well as wrong ones; with one draw it is the absolute error. 'None reported' is a bound, scored by the\n"
        "threshold-weighted form (Gneiting & Ranjan 2011). Events: Brier 1950. Published forecasts are held\n"
        "against the same outcome; they were made under assumptions that did not all come true. Limits: few\n"
        "outcomes per case, some from studies, not counts."
    )

    @property
    def blind(self) -> bool:
        """Whether the forecast had a cut-off at all; without one it may have known what happened."""
        return self.cutoff != date.max

    def measured(self) -> pd.DataFrame:
        """The scored outcomes that were counted or measured. What a study computed is no outcome: `studied`."""
        return self.scores[(self.scores["kind"] == "observed") & (self.scores["state"] == SCORED)]

    def studied(self) -> pd.DataFrame:
        """What studies computed afterwards, beside our forecast of the same thing; a count of its own."""
        return self.scores[(self.scores["kind"] == "study") & (self.scores["state"] == SCORED)]

    def failures(self) -> pd.DataFrame:
        """Outcomes outside the band, bounds and events that the forecast thought unlikely; the worst first."""
        scored = self.scores[self.scores["state"] == SCORED]
        outside = held(scored).eq(0.0)
        unlikely = scored["kind"].isin(["censored", "event"]) & (scored["probability"] < 0.5)
        failed = scored[outside | unlikely]
        badness = (failed["error"].abs() / failed["no_change_error"].abs().clip(lower=1e-9)).where(
            held(failed).eq(0.0), 1 - failed["probability"]
        )
        return failed.assign(badness=badness).sort_values("badness", ascending=False, kind="stable")

    def predictions(self) -> Predictions:
        """A scorecard predicts nothing."""
        return {}

    def to_frame(self) -> pd.DataFrame:
        return self.scores.drop(columns=["metric", "of"])

    def summary(self) -> pd.DataFrame:
        """At most twelve outcomes, the failures first; what is forecast where nothing has come yet."""
        if self.scores.empty and len(self.ahead):
            told = {
                name: [f"{number(a)} to {number(b)}" for a, b in self.ahead[name]] for name in self.ahead.columns[3:]
            }
            return self.ahead.assign(middle=self.ahead["middle"].map(number), **told)
        scored = self.scores[self.scores["state"] == SCORED]
        first = self.failures()["outcome_id"].tolist()
        order = first + [name for name in scored["outcome_id"] if name not in first]
        rows = scored.set_index("outcome_id").loc[order[:12]] if order else scored.set_index("outcome_id")
        return pd.DataFrame(
            {
                "outcome": rows["label"],
                "unit": rows["unit"],
                "forecast": [number(value) for value in rows["central"]],
                "80 % band with past error": bands(rows["past_low"], rows["past_high"]),
                "of the draws alone": bands(rows["low"], rows["high"]),
                "observed": [seen(row) for _, row in rows.iterrows()],
                "verdict": [verdict(row) for _, row in rows.iterrows()],
                "CRPS": [number(value) for value in rows["crps"]],
            }
        ).reset_index(drop=True)

    def figures(self) -> dict[str, Figure]:
        measured, scored = self.measured(), self.scores[self.scores["state"] == SCORED]
        period = f"forecast of {self.cutoff}" if self.blind else "not a blind forecast"

        def figure(value: float | None, unit: str, label: str) -> Figure:
            return Figure(tables.measured(value), unit, period, self.sources, self.verified, label=label)

        banded, alone = held(measured).dropna(), measured["inside"].dropna()
        skill = 1 - (measured["crps"] / measured["no_change_error"].where(measured["no_change_error"] > 0))
        found = {
            "inside": figure(
                banded.mean() if len(banded) else None,
                f"share of {len(banded)} measured outcomes",
                "inside the 80 % band with past error",
            ),
            "inside_draws": figure(
                alone.mean() if len(alone) else None,
                f"share of {len(alone)} measured outcomes",
                "inside the 80 % band of the draws alone",
            ),
            "failures": figure(float(len(self.failures())), f"of {len(scored)} scored outcomes", "failures"),
            "skill": figure(
                skill.median() if len(skill) else None, "share", "median gain in CRPS over a forecast of no change"
            ),
        }
        for row in tables.records(self.by_author()):
            author, unit = row["author"], row["unit"]
            slug = author.split()[0].lower()
            found[f"error_{slug}"] = figure(row["error"], unit, f"mean absolute error, {author}")
            found[f"our_error_beside_{slug}"] = figure(row["our_error"], unit, f"ours, on the outcomes of {author}")
        return found

    def by_author(self) -> pd.DataFrame:
        """Mean absolute error of each author, and ours on the same outcomes: author, unit, n, error, our_error."""
        if self.published.empty:
            return pd.DataFrame(columns=["author", "unit", "n", "error", "our_error"])
        grouped = self.published.groupby(["author", "unit"], sort=True)
        table = grouped.agg(n=("error", "size"), error=("error", "mean"), our_error=("our_error", "mean"))
        return table.reset_index()

    def sentence(self) -> str:
        """One sentence; it begins with where the forecast failed."""
        scored = self.scores[self.scores["state"] == SCORED]
        prefix = "" if self.blind else "This run was not blind to what happened. "
        if scored.empty:
            through = f"; outcomes are known through {self.known_through}" if self.known_through else ""
            return f"{prefix}No outcome could be scored yet{through}.{record()}"
        return prefix + self._how_good(scored) + self.demands_met()

    def demands_met(self) -> str:
        """How many of the demands were met, as a sentence behind another; nothing where the case lists none."""
        if self.demands.empty:
            return ""
        met = self.demands["met"].value_counts()
        parts = f" and {met['partly']} in part" if met.get("partly") else ""
        open_ = f"; of {met['unknown']} it is not known" if met.get("unknown") else ""
        return f" Of {len(self.demands)} demands {met.get('yes', 0)} were met{parts}{open_}."

    def _how_good(self, scored: pd.DataFrame) -> str:
        failed = self.failures()
        banded, alone = held(self.measured()).dropna(), self.measured()["inside"].dropna()
        tail = (
            f"Of {len(banded)} measured outcomes {int(banded.sum())} lie in the 80 % band with past error, "
            f"{int(alone.sum())} in that of the draws alone."
        )
        if banded.empty and len(self.measured()):
            tail = "Without draws there is no band to lie in."
        if failed.empty:
            return f"No scored outcome fell outside. {tail}"
        worst = failed.iloc[0]
        return f"It failed on {len(failed)} of {len(scored)} outcomes. The worst: {miss(worst)}. {tail}"

    def chart(self) -> alt.VConcatChart:
        from geoecon.scorecard.picture import draw

        return draw(self)


def record() -> str:
    """How bands with past error have held in the shipped cases, each judged by the others."""
    past = past_bands()
    if past.empty:
        return ""
    inside, cases = int(past["inside"].sum()), past["case"].nunique()
    return f" In {cases} past cases, {inside} of {len(past)} measured outcomes lay in bands that said 80 %."


def held(scores: pd.DataFrame) -> pd.Series[float]:
    """Whether each outcome lies in the band with past error; in that of the draws where no other case has erred yet."""
    return scores["past_inside"].astype(float).where(scores["past_inside"].notna(), scores["inside"].astype(float))


def bands(low: pd.Series[float], high: pd.Series[float]) -> list[str]:
    return [f"{number(a)} to {number(b)}" if a == a else "none" for a, b in zip(low, high, strict=True)]


def seen(row: pd.Series[Any]) -> str:
    """What came, as a person would write it."""
    if row["kind"] == "censored":
        return ("at least " if row["sense"] == "at_least" else "at most ") + number(row["threshold"])
    if row["kind"] == "event":
        return "happened" if row["observed"] == 1 else "did not happen"
    return number(row["observed"])


def verdict(row: pd.Series[Any]) -> str:
    if row["kind"] in ("censored", "event"):
        return f"given {100 * row['probability']:.0f} %"
    inside = row["past_inside"] if row["past_inside"] == row["past_inside"] else row["inside"]
    if inside != inside:
        return "no band"
    return "inside" if inside else "outside"


def miss(row: pd.Series[Any]) -> str:
    """A failure in words: what was said, what came."""
    if row["kind"] in ("censored", "event"):
        return f"{row['label']} ({seen(row)}), to which it gave {100 * row['probability']:.0f} %"
    low, high = ("past_low", "past_high") if row["past_low"] == row["past_low"] else ("low", "high")
    band = f" ({number(row[low])} to {number(row[high])})" if row[low] == row[low] else ""
    return f"{row['label']}: {number(row['central'])}{band} {row['unit']} forecast, {number(row['observed'])} observed"
