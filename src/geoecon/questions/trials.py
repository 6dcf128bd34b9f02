"""The record: every built-in case forecast blind at each of its cut-offs, and held against what came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon.figure import Figure
from geoecon.past_error import errors_of
from geoecon.questions import calibrated, page
from geoecon.result import Result
from geoecon.scorecard import SCORED, Scorecard

if TYPE_CHECKING:
    import altair as alt


# what a forecast is told: measures as known on the day, or also the measures that came (never what they did)
CONDITIONS = {"known": "measures as known on the day", "observed": "told the measures that came"}
DRAWS = 200
BAND_DRAWS = 10  # draws below which no tenth lies outside a band of 80 %
ENOUGH = 3  # scored outcomes below which a trial is not called the worst


@dataclass(frozen=True)
class Trial:
    """One blind forecast: of which case, on which day, told which measures; the stages it lacked."""

    case: str
    title: str
    cutoff: str
    condition: str
    card: Scorecard
    lacked: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.case}, {self.cutoff}, {self.condition}"


@dataclass(frozen=True)
class Evidence(Result):
    """Scorecards of all trials. `to_frame` has one row per outcome and trial."""

    trials: tuple[Trial, ...]
    failed: dict[str, str]
    draws: int = DRAWS

    SHOWN: ClassVar[int] = 200
    METHOD: ClassVar[str] = (
        "Each case runs blind on each of its cut-off days: no fact known later, no prior that rests on later\n"
        "knowledge, no outcome. Two conditions: measures as known on the day, and a conditional forecast that is\n"
        "told the measures that came but nothing of what they did; published forecasts were conditional in the\n"
        "same way. Calibration: how often measured outcomes lie in the 80 % band with past error (what forecasts\n"
        "of the class have been wrong by in the other cases) and in that of the draws alone; what a study computed\n"
        "has its own count. Chances are not corrected: the record lists bounds that held and endings that came, so\n"
        "that a correction would learn how its rows were chosen. Limits: the authors knew these cases when they\n"
        "built the model; outcomes of one case are not independent."
    )

    def to_frame(self) -> pd.DataFrame:
        parts = [
            trial.card.scores.assign(case=trial.case, cutoff=trial.cutoff, condition=trial.condition)
            for trial in self.trials
        ]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def measured(self, condition: str | None = None) -> pd.DataFrame:
        """Measured outcomes that have a band, over all trials (or those under one condition)."""
        parts = [
            trial.card.measured().assign(case=trial.case, cutoff=trial.cutoff, condition=trial.condition)
            for trial in self.trials
            if condition in (None, trial.condition)
        ]
        table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["inside", "past_inside"])
        return table[table["inside"].notna()]

    def errors(self) -> pd.DataFrame:
        """What each forecast was wrong by, as `past_error/errors.csv` keeps it."""
        return errors_of([self.to_frame()] if self.trials else [])

    def calibration(self) -> pd.DataFrame:
        """Per case, cut-off and condition: outcomes scored and failed, share inside, median gain over no change."""
        rows = []
        for trial in self.trials:
            card, figures = trial.card, trial.card.figures()
            scored = card.scores[card.scores["state"] == SCORED]
            rare = scored[scored["kind"].isin(["censored", "event"])]
            rows.append(
                {
                    "case": trial.case,
                    "cut-off": trial.cutoff,
                    "condition": trial.condition,
                    "scored": len(scored),
                    "failed": len(card.failures()),
                    "inside 80 % band with past error": figures["inside"].value,
                    "inside that of the draws": figures["inside_draws"].value,
                    "of measured": len(card.measured()),
                    "of studies": len(card.studied()),
                    "mean chance given to bounds and events": rare["probability"].mean() if len(rare) else None,
                    "gain over no change": figures["skill"].value,
                    "stages lacking": ", ".join(trial.lacked) or "none",
                }
            )
        return pd.DataFrame(rows)

    def reliability(self, condition: str) -> pd.DataFrame:
        """Said and was, by class of outcome (see `calibrated.reliability`)."""
        return calibrated.reliability(self.measured(condition))

    def chances(self, condition: str) -> pd.DataFrame:
        """Said and came, for chances of stops, falls and endings (see `calibrated.chances`)."""
        table = self.to_frame()
        return calibrated.chances(table[table["condition"] == condition]) if len(table) else table

    def against(self, condition: str) -> pd.DataFrame:
        """Our scores beside those of no change, of the base rate and of published forecasts, by class."""
        return calibrated.against([trial.card for trial in self.trials if trial.condition == condition])

    def summary(self) -> pd.DataFrame:
        """One row a case and condition, all its days together; of one case a row a forecast. Counts, since shares of
        few mislead."""
        one = len({trial.case for trial in self.trials}) == 1
        table = calibrated.counted(self.calibration(), self.measured(), days=one)
        return table.assign(condition=[CONDITIONS[name] for name in table["condition"]]) if len(table) else table

    def without_skill(self) -> list[str]:
        """Classes of outcome on which the blind forecast was no better than "no change"."""
        table = self.against(next(iter(CONDITIONS)))
        rivals = table[(table["rival"] == "no change") & (table["better"] != "ours")]
        return [str(name) for name in rivals["class"]]

    def unforecast(self) -> dict[str, int]:
        """Metrics of which some outcome has a forecast in no trial, with how many."""
        table = self.to_frame()
        if table.empty:
            return {}
        keys = [table["case"], table["outcome_id"]]
        never = ~(table["state"] == SCORED).groupby(keys).transform("any")
        lacks = table[never & (table["state"] == "no forecast")].drop_duplicates(["case", "outcome_id"])
        return {str(name): int(n) for name, n in lacks["metric"].value_counts().items()}

    def figures(self) -> dict[str, Figure]:
        found = {}
        for condition in dict.fromkeys(trial.condition for trial in self.trials):
            table = self.measured(condition)
            for name, column, band in (
                ("inside", "past_inside", "with past error"),
                ("inside_draws", "inside", "of the draws alone"),
            ):
                share = float(table[column].mean()) if len(table) else None
                found[f"{name}.{condition}"] = Figure(
                    share, f"share of {len(table)} measured outcomes", CONDITIONS[condition], self.sources,
                    self.verified, label=f"inside the 80 % band {band}",
                )  # fmt: skip
        return found

    @property
    def sources(self) -> frozenset[str]:
        return frozenset().union(*(trial.card.sources for trial in self.trials))

    @property
    def verified(self) -> bool:
        return all(trial.card.verified for trial in self.trials)

    def sentence(self) -> str:
        """The first line: where it failed; of draws too few for a band, that they judge nothing."""
        if self.trials and self.draws < BAND_DRAWS:
            one = "one draw" if self.draws == 1 else f"{self.draws} draws" if self.draws else "no draws"
            return f"With {one} a forecast has no 80 % band, so that nothing here is judged; run it with {DRAWS}."
        failures = sum(len(trial.card.failures()) for trial in self.trials)
        scored = sum(_scored(trial.card) for trial in self.trials)
        if not scored:
            return "No outcome could be scored yet; " + "; ".join(
                f"{trial.case}: known through {trial.card.known_through or 'no date given'}" for trial in self.trials
            )
        judged = [trial for trial in self.trials if _scored(trial.card) >= ENOUGH] or self.trials
        worst = max(judged, key=lambda trial: len(trial.card.failures()) / max(_scored(trial.card), 1))
        parts = []
        for condition in dict.fromkeys(trial.condition for trial in self.trials):
            table = self.measured(condition)
            if len(table):
                held, alone = int(table["past_inside"].sum()), int(table["inside"].sum())
                text = f"{CONDITIONS[condition].capitalize()}: {held} of {len(table)} measured results"
                parts.append(f" {text} fell in the 80 % band with past error, {alone} in that of the draws alone.")
        many = f"{len(self.trials)} forecasts were" if len(self.trials) > 1 else "One forecast was"
        text = f"{many} held against what came: {failures} of {scored} answers failed."
        if len(self.trials) > 1 and failures:
            where = "" if len({trial.case for trial in self.trials}) == 1 else f" for {worst.case}"
            text += (
                f" Worst was that of {worst.cutoff}{where}, {CONDITIONS[worst.condition]}: "
                f"{len(worst.card.failures())} of {_scored(worst.card)}."
            )
        text += "".join(parts)
        if none := self.without_skill():
            text += " No better than saying that nothing changes: " + ", ".join(none) + "."
        if lacks := self.unforecast():
            text += f" {sum(lacks.values())} outcomes have no forecast."
        return text

    def chart(self) -> alt.VConcatChart:
        """Where the outcomes rank among the draws: a calibrated forecast fills every tenth alike."""
        import altair as alt

        from geoecon import charts

        table = self.measured()
        tenths = np.clip(np.floor(10 * table["rank"].astype(float)), 0, 9) / 10
        counted = (
            table.assign(tenth=tenths)
            .groupby(["condition", "tenth"])
            .size()
            .rename("outcomes")
            .reset_index()
            .assign(condition=lambda frame: frame["condition"].map(CONDITIONS))
        )
        picture = (
            alt.Chart(counted)
            .mark_bar()
            .encode(
                x=alt.X("tenth:O", title="rank of the outcome among the draws (0 lowest, 0.9 highest tenth)"),
                y=alt.Y("outcomes:Q"),
                color=alt.Color("condition:N"),
                xOffset="condition:N",
            )
            .properties(width=charts.WIDTH, height=charts.HEIGHT)
        )
        subtitle = "number of measured outcomes in each tenth of the forecast; flat is calibrated"
        return charts.finish(picture, self.sentence(), subtitle, self.sources)

    def markdown(self) -> str:
        """The page: for each trial where it failed, every outcome, the forecasts of the time, the claims."""
        lines = ["# Evidence", "", self.sentence(), "", self.METHOD.replace("\n", " ")]
        lines += ["", page.markdown(self.calibration())]
        if lacks := self.unforecast():
            table = pd.DataFrame(list(lacks.items()), columns=["metric", "outcomes without a forecast"])
            lines += ["", "What no stage forecasts:", "", page.markdown(table)]
        for condition in dict.fromkeys(trial.condition for trial in self.trials):
            for words, table in (
                ("What was said and what was", self.reliability(condition)),
                ("Chances that were said and what came", self.chances(condition)),
                ("Beside no change, the base rate and published forecasts", self.against(condition)),
            ):
                if len(table):
                    lines += ["", f"{words}, {CONDITIONS[condition]}:", "", page.markdown(table)]
        told: set[str] = set()
        for trial in self.trials:
            card = trial.card
            lines += ["", f"## {trial.title}: {trial.cutoff}, {CONDITIONS[trial.condition]}", "", card.sentence()]
            if card.known_through:
                lines.append(f"Outcomes are known through {card.known_through}.")
            if trial.lacked:
                lines.append(
                    "Stages that lacked data: " + "; ".join(f"{k} ({v})" for k, v in trial.lacked.items()) + "."
                )
            lines += ["", page.markdown(page.outcomes(card))]
            if len(card.published):
                lines += ["", "Forecasts of the time, on the same outcomes:", "", page.markdown(page.published(card))]
            if trial.case not in told and len(card.claims):
                told.add(trial.case)
                lines += ["", "What people say about the case:", "",
                          page.markdown(card.claims[["claim", "verdict", "correct_fact"]])]  # fmt: skip
        for name, reason in self.failed.items():
            lines += ["", f"{name} could not be run: {reason}"]
        return "\n".join(lines) + "\n"


def _scored(card: Scorecard) -> int:
    return int((card.scores["state"] == SCORED).sum())
