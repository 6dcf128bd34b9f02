"""How a technology gap closes: diffusion from a leader, licences, and capital that comes in.

Plain functions. The gap is the leader's level over the follower's, 1 at parity.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geoecon.case import Itself
from geoecon.errors import InputError, MissingData
from geoecon.figure import Figure, cite, number
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt

    from geoecon.case import Case


Array = NDArray[np.float64]
FORMS = ("exponential", "logistic")


def diffusion(
    gap: ArrayLike, years: int, rate: ArrayLike, leader_growth: ArrayLike = 0.02, licensing: ArrayLike = 0.0,
    inflow: ArrayLike = 0.0, form: str = "logistic",
) -> Array:  # fmt: skip
    """The gap by year (…, years + 1) from `gap` at the start; rates a year, in logs.

    exponential (Nelson & Phelps 1966): the follower grows by (rate + licensing)·(gap − 1);
    logistic (Benhabib & Spiegel 2005): by (rate + licensing)·(1 − 1/gap), which stays finite for wide gaps.
    `inflow` is the growth that capital from abroad adds; it may be an array (…, years). The gap settles where the
    follower grows as the leader does; a logistic follower that is too slow falls back for good.
    """
    if form not in FORMS:
        raise InputError(f"form {form!r}; allowed: " + ", ".join(FORMS))
    start, pace, lead = (np.asarray(v, float) for v in (gap, np.asarray(rate) + np.asarray(licensing), leader_growth))
    if (start <= 0).any() or years < 0:
        raise InputError("gap above 0 and years from 0")
    capital = np.asarray(inflow, float)
    shape = np.broadcast_shapes(start.shape, pace.shape, lead.shape, capital.shape[:-1] if capital.ndim else ())
    path = np.empty((*shape, years + 1))
    path[..., 0] = start
    for t in range(years):
        now = path[..., t]
        draw = now - 1 if form == "exponential" else 1 - 1 / now
        added = capital[..., min(t, capital.shape[-1] - 1)] if capital.ndim else capital
        path[..., t + 1] = np.maximum(now * np.exp(lead - pace * draw - added), 1e-9)
    return path


def resting_gap(rate: float, leader_growth: float, form: str = "logistic") -> float:
    """Where the gap settles: 1 + g/φ (exponential) or 1/(1 − g/φ) (logistic; infinite where φ ≤ g)."""
    if form == "exponential":
        return 1 + leader_growth / rate
    return 1 / (1 - leader_growth / rate) if rate > leader_growth else float("inf")


def inflow_growth(total: float, years: int, output: float, return_on_capital: float = 0.15) -> Array:
    """Growth (years,) that an inflow spread evenly over the years adds: its share of first output times the return."""
    if min(total, years, output) <= 0 or return_on_capital < 0:
        raise InputError("total, years and output above 0, return from 0")
    return np.full(years, return_on_capital * total / years / output)


def technology_gap(macro: pd.DataFrame, leader: str, follower: str, series: str = "gdp_per_head_usd") -> pd.DataFrame:
    """Columns year, gap, source, status: leader over follower in a series of `macro.csv`.

    Raises MissingData where no year has both.
    """
    mine = macro[macro["series"] == series]
    first, second = (mine.loc[mine["state"] == state, ["year", "value", "source", "status"]]
                     for state in (leader, follower))  # fmt: skip
    both = first.merge(second[["year", "value"]], on="year", suffixes=("", "_follower")).sort_values("year")
    if not len(both):
        raise MissingData(f"macro.csv: {series} of {leader} and {follower}")
    both = both.assign(year=both["year"].astype(int), gap=both["value"] / both["value_follower"])
    return both[["year", "gap", "source", "status"]].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class CatchUp(Result):
    """A gap as seen and as fitted. `frame`: year, gap, fitted, and the path had there been no inflow."""

    leader: str
    follower: str
    frame: pd.DataFrame
    rate: float
    rate_low: float
    rate_high: float
    leader_growth: float
    resting: float
    half_life: float  # years until half of the first log gap was closed, as seen
    sources: frozenset[str]

    METHOD = """Gap of output per head in current dollars, leader over follower. The follower grows by rate·(1 − 1/gap)
beyond its own pace (Benhabib & Spiegel 2005, after Nelson & Phelps 1966), the leader at a constant rate; inflows add
return × inflow / output. The rate is fitted to log gaps by least squares; its 80 % interval widens for errors that last
from year to year (first-order autocorrelation), so sixty points count as few. Gaps in current dollars move with
exchange rates: the fit describes, it does not show that licences or grants caused the growth."""

    def to_frame(self) -> pd.DataFrame:
        return self.frame.copy()

    def summary(self) -> pd.DataFrame:
        first, last = self.frame.iloc[0], self.frame.iloc[-1]
        rows = [
            (f"gap in {first['year']:.0f}", first["gap"], "times"),
            (f"gap in {last['year']:.0f}", last["gap"], "times"),
            ("rate of diffusion a year", self.rate, "log points"),
            ("its 80 % interval, low", self.rate_low, "log points"),
            ("its 80 % interval, high", self.rate_high, "log points"),
            ("gap at which it would settle", self.resting, "times"),
            ("years until half of the gap (in logs) was closed", self.half_life, "years"),
        ]
        return pd.DataFrame(rows, columns=["what", "value", "unit"])

    def figures(self) -> dict[str, Figure]:
        period = f"{self.frame['year'].iloc[0]:.0f}-{self.frame['year'].iloc[-1]:.0f}"
        rate = Figure(self.rate, "log points a year", period, self.sources, label="rate of diffusion")
        first, last = self.frame.iloc[0], self.frame.iloc[-1]
        return {
            "rate": rate.with_band(self.rate_low, self.rate_high),
            "gap_first": Figure(float(first["gap"]), "times", f"{first['year']:.0f}", self.sources, label="first gap"),
            "gap_last": Figure(float(last["gap"]), "times", f"{last['year']:.0f}", self.sources, label="last gap"),
        }

    def sentence(self) -> str:
        first, last = self.frame.iloc[0], self.frame.iloc[-1]
        return (
            f"Output per head of {self.leader} was {number(first['gap'])} times that of {self.follower} in "
            f"{first['year']:.0f} and {number(last['gap'])} times in {last['year']:.0f}; half of it was gone after "
            f"{number(self.half_life)} years."
        )

    def chart(self) -> alt.VConcatChart:
        """Gap as seen, as fitted, and without the inflow."""
        from geoecon import charts

        names = {"gap": "as seen", "fitted": "fitted", "without_inflow": "fitted, without the inflow"}
        frame = self.frame.melt("year", list(names), "line", "value").dropna()
        frame["line"] = frame["line"].map(names)
        frame["year"] = pd.to_datetime(frame["year"].astype(int).astype(str))
        chart = charts.path(frame, "year", "value", color="line", y_title=f"{self.leader} over {self.follower}, times")
        return charts.finish(chart, self.sentence(), "Output per head, current dollars, ratio by year", self.sources)


def fit_diffusion(
    gap: pd.DataFrame, leader: str, follower: str, since: int | None = None, leader_growth: float = 0.02,
    inflow: ArrayLike = 0.0, sources: frozenset[str] = frozenset(),
) -> CatchUp:  # fmt: skip
    """The rate of diffusion that fits a gap (columns year, gap), with an interval honest about lasting errors."""
    from scipy.optimize import least_squares

    seen = gap[gap["year"] >= (since or -9999)].sort_values("year").reset_index(drop=True)
    if len(seen) < 4:
        raise MissingData(f"a gap in at least four years from {since}")
    at = (seen["year"] - seen["year"].iloc[0]).to_numpy(int)
    target = np.log(seen["gap"].to_numpy(float))

    def path(rate: float, added: ArrayLike) -> Array:
        return np.asarray(diffusion(np.exp(target[0]), int(at[-1]), rate, leader_growth, inflow=added)[at])

    def missed(guess: Array) -> Array:
        return np.asarray(np.log(path(float(guess[0]), inflow))[1:] - target[1:])

    found = least_squares(missed, x0=[0.05], bounds=([0.0], [1.0]))
    rate, error = float(found.x[0]), missed(found.x)
    lasting = float(np.clip(np.corrcoef(error[:-1], error[1:])[0, 1], 0.0, 0.98))
    effective = max(len(error) * (1 - lasting) / (1 + lasting), 2.0)
    slope = float((((missed(found.x + 1e-6) - error) / 1e-6) ** 2).mean())
    deviation = float(np.sqrt(error.var() / effective / max(slope, 1e-12)))
    half = target[0] / 2
    below = np.flatnonzero(target <= half)
    frame = pd.DataFrame({"year": seen["year"], "gap": seen["gap"], "fitted": path(rate, inflow),
                          "without_inflow": path(rate, 0.0)})  # fmt: skip
    return CatchUp(
        leader, follower, frame, rate, max(rate - 1.2816 * deviation, 0.0), rate + 1.2816 * deviation, leader_growth,
        resting_gap(rate, leader_growth), float(at[below[0]]) if len(below) else float("inf"),
        sources | {cite("benhabibspiegel2005"), cite("nelsonphelps1966")} | frozenset(seen.get("source", [])),
    )  # fmt: skip


def catch_up(case: Case, since: int | None = None) -> CatchUp:
    """Technology gap of the target to the sender from the case's macro.csv, with an inflow where the case has one.

    Years up to the one before the cut-off count.

    The inflow stands in parameters.csv: `inflow_total` (million USD), `inflow_years`, `inflow_from` (year),
    `inflow_return`. Raises MissingData without macro.csv.
    """
    known = case.parameters
    first = since or (int(known["inflow_from"].central) if "inflow_from" in known else None)
    inflow = None
    if {"inflow_total", "inflow_years", "inflow_from"} <= set(known):
        back = known["inflow_return"].central if "inflow_return" in known else 0.15
        total, years = known["inflow_total"], int(known["inflow_years"].central)
        inflow = _Inflow(total.central * 1e6, years, back, total.source)
    return _fitted(Itself(case.table("macro")), case.cutoff.year, case.sender, case.target, first, inflow)


class _Inflow(NamedTuple):
    """USD in all, spread over so many years, what it returns a year, and where that stands."""

    usd: float
    years: int
    back: float
    source: str


@lru_cache(maxsize=16)
def _fitted(
    macro: Itself, before: int, leader: str, follower: str, since: int | None, inflow: _Inflow | None
) -> CatchUp:
    """The fit to the years before one, made once for all the scenarios of a case."""
    table = macro.frame[macro.frame["year"] < before]
    gap = technology_gap(table, leader, follower)
    first = since or int(gap["year"].iloc[0])
    if inflow is None:
        return fit_diffusion(gap, leader, follower, first)
    output = table[(table["series"] == "gdp_usd") & (table["state"] == follower) & (table["year"] == first)]
    if not len(output):
        raise MissingData(f"macro.csv: gdp_usd of {follower} in {first}")
    added = inflow_growth(inflow.usd, inflow.years, float(output["value"].iloc[0]), inflow.back)
    return fit_diffusion(gap, leader, follower, first, inflow=np.append(added, 0.0), sources=frozenset({inflow.source}))
