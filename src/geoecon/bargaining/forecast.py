"""How the dispute ends: the result of the stage, with bands, sentences and charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from geoecon.bargaining.course import Course
from geoecon.bargaining.dispute import Dispute, dispute_of
from geoecon.bargaining.game import ENDINGS, EXITS, PLAYERS
from geoecon.bargaining.payoffs import Array
from geoecon.case import Case
from geoecon.dispute import ending_in_words
from geoecon.draws import Draws, band
from geoecon.figure import Figure, cite
from geoecon.result import Result

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

PAPERS = ("barg_mckelvey_palfrey", "barg_eibelshaeuser", "barg_doraszelski", "barg_fearon", "barg_ties")
YEAR = 12
DISPUTES = 836  # that the scores were computed on
UNDATED, IMPOSED = 43, 534  # stalemates without a date of ending; disputes behind base_rates.csv (TIES 4.1)


@dataclass(frozen=True)
class DisputeForecast(Result):
    """Probability of having ended in each way by each month, and what the sides expect.

    probability: xr.DataArray (draw, month, ending); first_mover: (draw, month, side) probability of a settlement that
    this side opened; values (draw, player): expected payoffs from the first day on, per cent of a month's GDP.
    """

    probability: xr.DataArray
    first_mover: xr.DataArray
    values: Array
    precision: float
    start: date
    names: dict[str, str]
    sources: frozenset[str]

    METHOD: ClassVar[str] = """A game in continuous time: each government and the patron moves when its clock rings
(Doraszelski & Judd 2012), so that no period length matters. Choices are logit quantal responses (McKelvey & Palfrey
1995; Eibelshäuser & Poensgen 2019) against reference rates; values run back from the far future through the known
election dates, where a leader's type is drawn. Losses by state come from the welfare stage, fears of abandonment and
entrapment from the alliance stage. Coded beforehand: who gives up the issue without an offer standing concedes; an
offer that the other side meets is a settlement, recorded with its first mover; a dispute may fade.
The value of the issue decides and cannot be observed: read the map, not one number. Audience costs and the patron move
little: at the precision that coded disputes taught, what a patron offers or threatens, a few per cent of a month's GDP,
shifts no ending by more than about a point; at twenty times that precision it would shift settlements by 2 to 14. So
say the data (alliance ties add nothing there either), and they know public patrons only.
A stalemate often has no date: the base rate counts it as open, the game as faded."""

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
        total = self.start.year * 12 + self.start.month - 1 + month
        return date(total // 12, total % 12 + 1, 1)

    def label(self, ending: str) -> str:
        """The ending in words, with the names of the sides."""
        return ending_in_words(ending, self.names["target"], self.names["sender"])

    def summary(self) -> pd.DataFrame:
        """Probabilities in per cent at the end of every year, with the 80 % band."""
        import pandas as pd

        rows = []
        last = min(self.months, len(base_rates()) - 1)
        for ending in ENDINGS:
            row: dict[str, str] = {"ending": self.label(ending)}
            for month in range(YEAR, self.months + 1, YEAR):
                row[f"by month {month}, %"] = _with_band(100 * self.by(ending, month))
            row[f"imposed disputes by month {last}, %"] = f"{100 * base_rates()[ending].iloc[last]:.0f}"
            rows.append(row)
        return pd.DataFrame(rows)

    def figures(self) -> dict[str, Figure]:
        """Headline first: the probability of each ending at the horizon, then the median length."""
        found = {}
        for ending in ENDINGS:
            found[f"{ending}_by_month_{self.months}"] = self._figure(
                100 * self.by(ending, self.months), "%", f"by {self.day(self.months):%B %Y}", self.label(ending)
            )
        found["median_length"] = self._figure(self.median_length, "months", f"from {self.start}", "median length")
        for player, value in zip(PLAYERS, self.values.T, strict=True):
            if player in self.names:
                label = f"expected payoff of {self.names[player]}"
                found[f"payoff_{player}"] = self._figure(value, "% of a month's GDP", f"from {self.start}", label)
        return found

    def _figure(self, values: Array, unit: str, period: str, label: str) -> Figure:
        return Figure.of(values, unit, period, self.sources, False, label)

    def sentences(self) -> list[str]:
        """Verdict first, then the forecast, the base rate beside it, and who gains."""
        base = base_rates().iloc[min(self.months, len(base_rates()) - 1)]
        shares = ", ".join(f"{self.label(e)} {100 * base[e]:.0f} %" for e in ENDINGS)
        payoffs = {PLAYERS[i]: band(column) for i, column in enumerate(self.values.T)}
        gains = ", ".join(f"{self.names[p]} {payoffs[p][0]:+.1f}" for p in PLAYERS if p in self.names)
        return [
            verdict(),
            self.sentence(),
            f"Base rate of {IMPOSED} imposed disputes by then: {shares}. Of these {UNDATED} "
            f"({100 * UNDATED / IMPOSED:.0f} %) ended in a stalemate of unknown date: open there, faded in the game.",
            f"Expected payoffs from the first day on, in per cent of a month's GDP: {gains}.",
        ]

    def sentence(self) -> str:
        """How far to trust the forecast, then the forecast."""
        month = self.months
        order = sorted(ENDINGS, key=lambda ending: -self.by(ending, month)[0])
        shares = ", ".join(f"{self.label(ending)} {_with_band(100 * self.by(ending, month))} %" for ending in order)
        length = _with_band(self.median_length)
        than = _against(scores()["game"], scores()["base rate"])
        trust = f"On {DISPUTES} coded disputes this game is {than} the base rate."
        return f"{trust} By {self.day(month):%B %Y}: {shares}; half of such disputes end within {length} months."

    def chart(self) -> Any:
        """Probabilities of the endings over time, with bands."""
        from geoecon import charts

        frame = self.to_frame()
        frame = frame[frame["ending"] != "open"]
        frame = frame.assign(ending=[self.label(ending) for ending in frame["ending"]])
        for column in ("central", "low", "high"):
            frame[column] = 100 * frame[column]
        likeliest = max(ENDINGS[:-1], key=lambda ending: self.by(ending, self.months)[0])
        share = 100 * self.by(likeliest, self.months)[0]
        shades = (charts.TARGET, charts.SENDER, charts.PATRON, charts.OTHER)  # of those who give way, by role
        colours = {self.label(ending): shade for ending, shade in zip(ENDINGS[:-1], shades, strict=True)}
        drawn = charts.path(frame, "date", "central", color="ending", y_title="per cent", zero=True, colours=colours)
        title = f"Likeliest ending by {self.day(self.months):%Y}: {self.label(likeliest)} ({share:.0f} %)"
        return charts.finish(drawn, title, "Probability of having ended so, per cent; 80 % bands", self.sources)

    def predictions(self) -> dict[tuple[str, str], Array]:
        """What the evidence stage can score: the length, and every ending's probability by every month."""
        found = {("length_months", "dispute"): self.sampled_length()}
        for month in range(self.months + 1):
            for ending in ENDINGS:
                found["ending_probability", f"{ending}@{self.day(month):%Y-%m}"] = self.by(ending, month)
        return found


@cache
def base_rates() -> pd.DataFrame:
    """Share of imposed disputes that had ended so by a month (index): TIES 4.1, 534 disputes, months 0 to 120."""
    from importlib.resources import files

    import pandas as pd

    with (files("geoecon.bargaining") / "base_rates.csv").open(encoding="utf-8") as lines:
        return pd.read_csv(lines, index_col="month")


@cache
def scores() -> dict[str, float]:
    """Mean negative log scores of the game and its rivals on coded disputes, as estimated (scores.csv)."""
    from importlib.resources import files

    import pandas as pd

    with (files("geoecon.bargaining") / "scores.csv").open(encoding="utf-8") as lines:
        table = pd.read_csv(lines)
    return {str(model): float(score) for model, score in zip(table["model"], table["score"], strict=True)}


def verdict() -> str:
    """The first line of the page: how the game does on disputes it was not fitted to, beside simpler rules."""
    game, base, both = (scores()[name] for name in ("game", "base rate", "dependence both ways"))
    month, weibull = scores()["game by month"], scores()["Weibull x shares by month"]
    return (
        f"On {DISPUTES} coded disputes the game is {_against(game, base)} the base rate (mean negative log score "
        f"{game:.3f} against {base:.3f}) and {_against(game, both)} a regression on dependence ({both:.3f}); with the "
        f"month of ending it is {_against(month, weibull)} a falling hazard ({month:.3f} against {weibull:.3f}). "
        "Read its forecast as the base rate, tilted."
    )


def _against(game: float, rival: float) -> str:
    """In words; a difference within the standard error of scores counts as none."""
    clear = scores()["standard error"]
    return "better than" if game < rival - clear else "worse than" if game > rival + clear else "no better than"


def _with_band(values: Array) -> str:
    central, low, high = (float(value) for value in band(values))

    def short(value: float) -> str:
        return "∞" if np.isinf(value) else f"{value:.0f}"

    return short(central) if np.isnan(low) else f"{short(central)} ({short(low)} to {short(high)})"


def forecast_of(case: Case, dispute: Dispute, played: Course) -> DisputeForecast:
    """The result of a played dispute."""
    import xarray as xr

    exits = dispute.by_draw(played.probability)
    both = exits[..., [EXITS.index(f"settlement_{side}_first") for side in PLAYERS[:2]]]
    ended = [exits[..., 0], exits[..., 1], both.sum(-1), exits[..., -1]]
    probability = np.stack([*ended, 1 - sum(ended)], axis=-1)
    dims = ("draw", "month", "ending")
    month = np.arange(probability.shape[1])
    roles = {state.role: state.name for state in case.states if state.role in PLAYERS}
    return DisputeForecast(
        xr.DataArray(np.clip(probability, 0, 1), dims=dims, coords={"month": month, "ending": list(ENDINGS)}),
        xr.DataArray(both, dims=("draw", "month", "side"), coords={"month": month, "side": list(PLAYERS[:2])}),
        dispute.by_draw(played.values),
        float(dispute.stakes.precision[0]),
        case.start,
        roles,
        dispute.sources | {cite(paper) for paper in PAPERS},
    )


def for_case(case: Case, draws: Draws, losses: Any, alliance: Any = None, catchup: Any = None) -> DisputeForecast:
    """How the dispute of a case ends, as it could be known at `case.cutoff`.

    losses: `.monthly` xr.DataArray (draw, control, retaliation, remaining, side), USD million a month; alliance:
    fears of abandonment and entrapment and net patronage; catchup: `.remaining` (draw, month, product).
    Raises InputError for faulty leader or election rows, MissingData without losses or GDP, NotConverged.
    """
    dispute = dispute_of(case, draws, losses, alliance, catchup)
    return forecast_of(case, dispute, dispute.play())
