"""The three tracks of a dispute as a stage: what may have come by when, drawn as lanes against dated events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from geoecon.bargaining.payoffs import Array
from geoecon.case import Case
from geoecon.dates import MEAN_MONTH, first_day
from geoecon.dispute import MEDIATION, STEPS, TRACKS, month_of
from geoecon.draws import Draws, band
from geoecon.errors import InputError
from geoecon.figure import Figure, cite
from geoecon.hazards import coded_steps, passages, score_tracks
from geoecon.result import Result
from geoecon.tables import records

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

SHOWN = (3, 12, 24)
# kinds of measures under which no licence is given
UNLICENSED = frozenset({"tariff", "duty", "export_tax", "export_duty", "import_ban", "consumer_boycott", "tour_ban"})
PRIORS = "Rates of steps are reference rates from memory, alike in all cases: read them as such, not as this case's."


@dataclass(frozen=True, eq=False)
class Tracks(Result):
    """probability (draw, month, step) that a step had come by the month; events: dated steps of the case as coded;
    mediated: what a mediator did by the cut-off, in words."""

    probability: Array
    start: date
    events: pd.DataFrame  # step, months
    sources: frozenset[str]
    mediated: tuple[str, ...] = ()
    licensed: bool = True  # whether the measures are such as licences are given under

    METHOD: ClassVar[str] = """First passages of seven steps on three tracks, at rates from memory that are alike in all
cases, with one activity of the dispute for all its steps (Gamma; Vaupel, Manton & Stallard 1979): some disputes see
five steps in eleven weeks, others none in a year. Scored on dated steps of the built-in cases, each left out in turn,
beside rates pooled over the other cases. No public record of steps was found that could estimate the rates: coded
disputes date measures and endings alone. Dots on the chart came later than the forecast and are not used."""

    @property
    def months(self) -> int:
        return int(self.probability.shape[1]) - 1

    @property
    def when(self) -> Array:
        return np.arange(self.months + 1.0)

    def passage(self, step: str, month: int) -> Array:
        """Probability (draw,) that the step had come by the month. Raises InputError for an unknown one."""
        return np.asarray(self.by_month(step)[:, month])

    def by_month(self, step: str) -> Array:
        """Probability (draw, month) that the step had come. Raises InputError for an unknown one."""
        if step not in STEPS:
            raise InputError(f"step {step!r}; allowed: {', '.join(STEPS)}")
        return self.probability[:, :, list(STEPS).index(step)]

    def steps(self) -> list[tuple[str, str, str]]:
        """(step, its track, its words), lane by lane."""
        return [(step, track, words) for step, (track, words) in STEPS.items()]

    def note(self) -> str:
        """What must be said with every number of the tracks."""
        return PRIORS

    def state(self, month: int) -> dict[str, str]:
        """What is more likely than not to have happened on each track by the month, in words."""
        found = {}
        for track in TRACKS:
            mine = [
                words
                for step, (on, words) in STEPS.items()
                if on == track
                and (self.licensed or step != "first_licences")
                and float(band(self.passage(step, month))[0]) > 0.5
            ]
            found[track] = ", ".join(mine) or "nothing yet"
        return found

    def to_frame(self) -> pd.DataFrame:
        """Tidy: month, date, track, step, central, low, high."""
        import pandas as pd

        central, low, high = band(self.probability)
        rows = []
        for k, (step, (track, _)) in enumerate(STEPS.items()):
            for month in range(self.months + 1):
                day = pd.Timestamp(self.start + timedelta(days=MEAN_MONTH * month))
                rows.append((month, day, track, step, central[month, k], low[month, k], high[month, k]))
        return pd.DataFrame(rows, columns=["month", "date", "track", "step", "central", "low", "high"])

    def summary(self) -> pd.DataFrame:
        """A row a step: track, and its probability by some months in per cent, with bands."""
        import pandas as pd

        rows = []
        for step, (track, words) in STEPS.items():
            row: dict[str, str] = {"track": track, "step": words}
            for month in SHOWN:
                if month <= self.months:
                    middle, low, high = (100 * float(v) for v in band(self.passage(step, month)))
                    text = f"{middle:.0f}" if low != low else f"{middle:.0f} ({low:.0f} to {high:.0f})"
                    row[f"by month {month}, %"] = text
            rows.append(row)
        return pd.DataFrame(rows)

    def figures(self) -> dict[str, Figure]:
        month = min(12, self.months)
        return {
            step: Figure.of(100 * self.passage(step, month), "%", f"by month {month}", self.sources, False, words)
            for step, (_, words) in STEPS.items()
        }

    def sentence(self) -> str:
        month = min(12, self.months)
        state = self.state(month)
        told = "; ".join(f"{track}: {what}" for track, what in state.items())
        return f"More likely than not within {month} months, by reference rates from memory: {told}."

    def sentences(self) -> list[str]:
        """The sentence, what the rates are, how they score, and what a mediator did."""
        return [self.sentence(), PRIORS, score_tracks().sentence(), *self.mediated]

    def chart(self) -> alt.VConcatChart:
        """Three lanes: probability by month of each step; dots where it came."""
        import altair as alt
        import pandas as pd

        from geoecon import charts

        frame = self.to_frame().assign(words=lambda t: [STEPS[step][1] for step in t["step"]])
        frame[["central", "low", "high"]] *= 100
        lanes = []
        for track in TRACKS:
            mine = frame[frame["track"] == track]
            drawn = charts.path(mine, "date", "central", color="words", x_title=" ", y_title="per cent", zero=True)
            dots = pd.DataFrame([
                {"date": self.start + timedelta(days=MEAN_MONTH * row["months"]), "words": STEPS[row["step"]][1],
                 "central": np.interp(row["months"], self.when, mine[mine["step"] == row["step"]]["central"])}
                for row in records(self.events) if STEPS[row["step"]][0] == track
            ])  # fmt: skip
            if len(dots):
                dots["date"] = pd.to_datetime(dots["date"])
                marks = alt.Chart(dots).mark_point(shape="diamond", filled=True, size=90, opacity=1)
                drawn = alt.layer(drawn, marks.encode(x="date:T", y="central:Q", color="words:N"))
            lanes.append(drawn.properties(width=charts.WIDTH, height=110, title=track))
        chart = alt.vconcat(*lanes).resolve_scale(x="shared", color="independent")
        subtitle = "Probability that a step had come, per cent; 80 % bands; diamonds: when it came, not known before"
        return charts.finish(chart, "Three tracks, by rates alike in all cases", subtitle, self.sources)

    def predictions(self) -> dict[tuple[str, str], Array]:
        """Probability of every step by three, six, twelve and twenty-four months."""
        months = [month for month in (3, 6, 12, 24) if month <= self.months]
        return {
            ("step_probability", f"{step}@{month}"): self.passage(step, month) for step in STEPS for month in months
        }


def tracks_for_case(case: Case, draws: Draws) -> Tracks:
    """First passages of the steps of a dispute, by rates that are alike in all cases."""
    rates = {step: draws.get("track_rate", step) for step in STEPS}
    probability = passages(rates, draws.get("track_activity"), case.horizon_months)
    sources = frozenset({cite("hazards_tracks"), cite("hazards_vaupel")})
    acts = mediation(case)
    who = " and ".join(map(case.name_of, case.in_role("mediator")))
    said = tuple(f"{who or row['actor']} mediates, {row['date']}: {row['event']}." for row in acts)
    behind = sources | {row["source"] for row in acts}
    return Tracks(probability, case.start, _dated(case), behind, said, _licensed(case))


def _licensed(case: Case) -> bool:
    """Whether licences can come: not where all that the case's measures do is to tax, or to refuse to buy."""
    kinds = set(case.table("measures")["kind"]) if case.has("measures") else set()
    return not kinds or not kinds <= UNLICENSED


def mediation(case: Case) -> list[dict[str, Any]]:
    """Rows of timeline.csv that are acts of a mediator, known by the cut-off. They enter no forecast."""
    if not case.has("timeline") or "step" not in case.table("timeline"):
        return []
    rows = case.known("timeline", "date")
    return list(records(rows[rows["step"] == MEDIATION]))


def _dated(case: Case) -> pd.DataFrame:
    """step, months from the start: the case's own dated steps, else those that are coded for it."""
    import pandas as pd

    steps = coded_steps()
    coded = steps[(steps["case"] == case.on_record) & steps["months"].notna()]
    rows = records(case.table("timeline")) if case.has("timeline") else []
    own = [(row["step"], month_of(case.start, first_day(row["date"]))) for row in rows if row.get("step") in STEPS]
    table = pd.DataFrame(own, columns=["step", "months"]) if own else coded[["step", "months"]]
    return table[table["months"] >= 0].reset_index(drop=True)
