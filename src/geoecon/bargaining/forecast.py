"""How the dispute ends: probabilities by month with bands, in words and as a chart; whatever model they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from geoecon.bargaining.game import ENDINGS
from geoecon.bargaining.payoffs import Array
from geoecon.countries import named
from geoecon.dates import month_on
from geoecon.dispute import ending_in_words
from geoecon.draws import band
from geoecon.figure import Figure
from geoecon.result import Result, Sample

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import xarray as xr

YEAR = 12


@dataclass(frozen=True, eq=False)
class EndingForecast(Result):
    """Probability of having ended in each way by each month: xr.DataArray (draw, month, ending)."""

    probability: xr.DataArray
    start: date
    names: dict[str, str]
    sources: frozenset[str]

    @property
    def months(self) -> int:
        return int(self.probability.sizes["month"]) - 1

    def by(self, ending: str, month: int) -> Array:
        """Probability (draw,) of having ended that way by the month."""
        return np.asarray(self.probability.sel(month=month, ending=ending).values, dtype=float)

    @property
    def median_length(self) -> Array:
        """Month (draw,) by which the dispute has ended with probability one half; infinite beyond ten horizons."""
        return self.length_at(np.full(self.probability.sizes["draw"], 0.5))

    def length_at(self, share: Array) -> Array:
        """Quantile (draw,) of the length in months; beyond the horizon at the hazard of the last year."""
        still = self.probability.sel(ending="open").values
        last, before = still[:, -1], still[:, max(self.months - YEAR, 0)]
        hazard = np.maximum(np.log(before / last) / min(YEAR, self.months), 1e-9)
        beyond = self.months + np.log(last / np.maximum(1 - share, 1e-300)) / hazard
        within = [np.interp(s, 1 - row, np.arange(len(row))) for s, row in zip(share, still, strict=True)]
        length = np.where(share > 1 - last, beyond, within)
        return np.where(length > 10 * self.months, np.inf, length)

    def sampled_length(self, seed: int = 0) -> Array:
        """One length (draw,) from each draw's own distribution; row 0 is the median."""
        share = np.random.default_rng([seed, 0xD1]).random(self.probability.sizes["draw"])
        share[0] = 0.5
        return self.length_at(share)

    def to_frame(self) -> pd.DataFrame:
        """Tidy: month, date, ending, central, low, high."""
        import pandas as pd

        central, low, high = band(self.probability.values)
        month, ending = np.meshgrid(np.arange(self.months + 1), np.arange(len(ENDINGS)), indexing="ij")
        frame = pd.DataFrame({"month": month.ravel(), "ending": np.array(ENDINGS)[ending.ravel()]})
        frame.insert(1, "date", [pd.Timestamp(self.day(m)) for m in frame["month"]])
        return frame.assign(central=central.ravel(), low=low.ravel(), high=high.ravel())

    def day(self, month: int) -> date:
        return month_on(self.start, month)

    def label(self, ending: str) -> str:
        """The ending in words, with the names of the sides."""
        return ending_in_words(ending, named(self.names["target"]), named(self.names["sender"]))

    def yearly(self) -> list[dict[str, str]]:
        """A row an ending: probabilities in per cent at the end of every year, with the 80 % band."""
        rows = []
        for ending in ENDINGS:
            row: dict[str, str] = {"ending": self.label(ending)}
            for month in range(YEAR, self.months + 1, YEAR):
                row[f"by month {month}, %"] = with_band(100 * self.by(ending, month))
            rows.append(row)
        return rows

    def figures(self) -> dict[str, Figure]:
        """Headline first: the probability of each ending at the horizon, then the median length."""
        found = {}
        for ending in ENDINGS:
            found[f"{ending}_by_month_{self.months}"] = self.figure(
                100 * self.by(ending, self.months), "%", f"by {self.day(self.months):%B %Y}", self.label(ending)
            )
        found["median_length"] = self.figure(self.median_length, "months", f"from {self.start}", "median length")
        return found

    def figure(self, values: Array, unit: str, period: str, label: str) -> Figure:
        return Figure.of(values, unit, period, self.sources, False, label)

    def chart(self) -> alt.VConcatChart:
        """Probabilities of the endings over time, with bands."""
        from geoecon import charts

        frame = self.to_frame()
        frame = frame[frame["ending"] != "open"]
        frame = frame.assign(ending=[self.label(ending) for ending in frame["ending"]])
        for column in ("central", "low", "high"):
            frame[column] = 100 * frame[column]
        likeliest = max(ENDINGS[:-1], key=lambda ending: band(self.by(ending, self.months))[0])
        share = 100 * band(self.by(likeliest, self.months))[0]
        shades = (charts.TARGET, charts.SENDER, charts.PATRON, charts.OTHER)  # of those who give way, by role
        colours = {self.label(ending): shade for ending, shade in zip(ENDINGS[:-1], shades, strict=True)}
        drawn = charts.path(frame, "date", "central", color="ending", y_title="per cent", zero=True, colours=colours)
        title = f"Likeliest ending by {self.day(self.months):%Y}: {self.label(likeliest)} ({share:.0f} %)"
        return charts.finish(drawn, title, "Probability of having ended so, per cent; 80 % bands", self.sources)

    def samples(self) -> dict[str, Sample]:
        """How likely each ending is by the horizon, per cent, by draw."""
        month = self.months
        period = f"by {self.day(month):%B %Y}"
        return {
            ending: Sample(100 * self.by(ending, month), "%", period, self.label(ending),
                           lead=ending in ("target_concedes", "sender_concedes"))
            for ending in ENDINGS
        }  # fmt: skip

    def predictions(self) -> dict[tuple[str, str], Array]:
        """What the evidence stage can score: the length, and every ending's probability by every month."""
        found = {("length_months", "dispute"): self.sampled_length()}
        by_ending = {name: self.probability.sel(ending=name).values.astype(float) for name in ENDINGS}
        for month in range(self.months + 1):
            for ending, values in by_ending.items():
                found["ending_probability", f"{ending}@{self.day(month):%Y-%m}"] = values[:, month]
        return found


def with_band(values: Array) -> str:
    """The middle and, where there are draws, the 80 % band behind it."""
    central, low, high = (float(value) for value in band(values))

    def short(value: float) -> str:
        return "∞" if np.isinf(value) else f"{value:.0f}"

    return short(central) if np.isnan(low) else f"{short(central)} ({short(low)} to {short(high)})"


def labelled(probability: Array) -> xr.DataArray:
    """(draw, month, ending) with the names of its endings, the open one last."""
    import xarray as xr

    coords = {"month": np.arange(probability.shape[1]), "ending": list(ENDINGS)}
    return xr.DataArray(np.clip(probability, 0, 1), dims=("draw", "month", "ending"), coords=coords)
