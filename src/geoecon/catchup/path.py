"""One product's way out of a dependence: what is known before the control, and the draws of the curve after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import logit

from geoecon.capacity import switched
from geoecon.case import Itself
from geoecon.catchup import localisation as curve
from geoecon.catchup.history import share_history
from geoecon.catchup.localisation import Array, Fit, Prior
from geoecon.draws import Draws

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from geoecon.case import Case


WINDOW = 11  # years of shares before the control that the trend rests on


@dataclass(frozen=True, eq=False)
class Path:
    """One product: the share before the control, its trend, and the draws of the curve. Arrays (draw,)."""

    product: str
    first: float  # the sender's share in the last whole year before the control
    year: int  # that year
    ceiling: Array
    midpoint: Array
    spread: Array
    drift: Array
    learning: Array  # 1 where the draw follows the learning curve, 0 where the logistic one
    elasticity: Array  # of buyers to the cost of home against foreign goods
    deviation: float  # of the yearly change in log-odds, without a control
    shock: Array  # standard draw of the random walk
    bite: Array  # months for which the control is taken to hold goods back, beyond what is known of its end
    fits: Mapping[str, Fit]  # by form of the curve
    before: pd.DataFrame  # every whole year's share before the control: year, share
    points: pd.DataFrame  # year and share after the control that the curves were fitted to; empty in a blind run
    source: str
    verified: bool

    def share(self, months: ArrayLike) -> Array:
        """The sender's share (draw, month) along the curve; through the shares seen, without a later random walk."""
        when = np.asarray(months, float)
        share = self._curve(when)
        if not len(self.points):
            return share
        seen = self.points["month"].to_numpy(float)
        gap = logit(self.points["share"].to_numpy()) - logit(self._curve(seen))
        return curve.bridged(share, gap, when, seen, self.deviation)

    def _curve(self, months: Array) -> Array:
        late = np.where(
            self.learning > 0, self.midpoint, 1.0
        )  # a subsidised logistic midpoint may lie before the start
        c, m, k, s, d = (v[:, None] for v in (self.ceiling, self.midpoint, late, self.spread, self.drift))
        logistic = curve.share_path(months[None, :], self.first, c, m, s, d)
        learning = curve.share_path(months[None, :], self.first, c, k, s, d, form="learning")
        return np.where(self.learning[:, None] > 0, learning, logistic)

    def with_subsidy(self, share: float) -> Path:
        """The path when the state pays a share of home cost (besides what the draws already hold)."""
        midpoint, spread = _sooner(self.midpoint, self.spread, self.learning, share, self.elasticity)
        return replace(self, midpoint=midpoint, spread=spread)

    @property
    def chance_of_learning(self) -> float:
        """Probability of the learning curve against the logistic one; one half before any share was seen."""
        return curve.favours_learning(self.fits["logistic"], self.fits["learning"])


@lru_cache(maxsize=64)
def _history(flows: Itself, buyer: str, seller: str, product: str, until: date) -> pd.DataFrame:
    """The shares on record, read once for all the scenarios of a case."""
    return share_history(flows.frame, buyer, seller, product, until)


def path_of(case: Case, draws: Draws, product: str) -> Path | None:
    """The path of a product of a case; None where no share before the start is known at the cut-off."""
    start = pd.Timestamp(case.start)
    history = _history(Itself(case.flows), case.buyer, case.seller, product, case.cutoff)
    every = history[history["year"] < start.year]
    before = every.tail(WINDOW)
    if not len(before):
        return None
    first = float(np.clip(before["share"].iloc[-1], 1e-3, 1 - 1e-3))
    drift, deviation, steps = curve.trend(before["share"].to_list())
    if steps < 2:
        drift, deviation, steps = 0.0, float(draws.get("share_deviation", product)[0]), 1
    width = 2.45 * deviation / np.sqrt(steps)  # a triangle of half-width √6 σ has the standard deviation σ
    ceiling_row, midpoint_row, spread_row = (_row(draws, f"localisation_{n}", product) for n in NAMES)
    prior = Prior(ceiling_row, midpoint_row, spread_row, (drift - width, drift, drift + width))
    after = history[(history["year"] > start.year) & (history["share"] > 0) & (history["share"] < 1)]
    if switched(case, "licences") == "off":
        prior, after = replace(prior, ceiling=(0.0, 0.0, 0.0)), after.iloc[:0]
    after = after.assign(month=12 * (after["year"] - start.year) - (start.month - 1) + 6)
    fits = {
        form: curve.fit(after["month"], after["share"], first, prior, deviation, form=form) for form in curve.CURVES
    }
    values, learning = _sampled(draws, product, prior, fits)
    ceiling, midpoint, spread, slope = values.T
    elasticity = draws.get("switching_elasticity", product)
    midpoint, spread = _sooner(midpoint, spread, learning, draws.get("localisation_subsidy", product), elasticity)
    return Path(
        product=product, first=first, year=int(before["year"].iloc[-1]), ceiling=ceiling,
        midpoint=midpoint, spread=spread, drift=slope, learning=learning, elasticity=elasticity, deviation=deviation,
        shock=draws.get("share_shock", product), bite=draws.get("control_months", product), fits=fits,
        before=every[["year", "share"]].reset_index(drop=True),
        points=after[["year", "month", "share"]].reset_index(drop=True), source=str(before["source"].iloc[-1]),
        verified=draws.parameter("localisation_ceiling", product).status != "memory",
    )  # fmt: skip


NAMES = ("ceiling", "midpoint", "spread")


def _sampled(draws: Draws, product: str, prior: Prior, fits: Mapping[str, Fit]) -> tuple[Array, Array]:
    """(ceiling, midpoint, spread, drift) of each draw (draw, 4), and which draws follow the learning curve (draw,).

    A draw follows it where its rank is below the probability of that form; a scenario may fix `learning_form` at 0 or
    at 1.
    """
    ranks = [curve.rank(draws.get(f"localisation_{name}", product), getattr(prior, name)) for name in NAMES]
    unit = np.stack([*ranks, curve.rank(draws.get("share_trend_error", product), (-1.0, 0.0, 1.0))], axis=1)
    chosen, row = draws.get("learning_form", product), _row(draws, "learning_form", product)
    if row[0] == row[2]:
        learning = (chosen >= 0.5).astype(float)
    else:
        learning = (curve.rank(chosen, row) < curve.favours_learning(*(fits[f] for f in curve.CURVES))).astype(float)
    both = [fits[form].sample(unit) for form in curve.CURVES]
    return np.where(learning[:, None] > 0, both[1], both[0]), learning


def _sooner(
    midpoint: Array, spread: Array, learning: Array, paid: Array | float, elasticity: Array
) -> tuple[Array, Array]:
    """(midpoint, spread) under a subsidy, by each draw's form: a learning curve keeps its power, midpoint/spread."""
    logistic = curve.subsidised_midpoint(midpoint, spread, paid, elasticity)
    late = np.where(learning > 0, midpoint, 1.0)
    learned = curve.subsidised_midpoint(late, spread, paid, elasticity, "learning")
    return np.where(learning > 0, learned, logistic), np.where(learning > 0, spread * learned / late, spread)


def _row(draws: Draws, name: str, product: str) -> tuple[float, float, float]:
    parameter = draws.parameter(name, product)
    return parameter.low, parameter.central, parameter.high
