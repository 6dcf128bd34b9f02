"""How fast an importer escapes: the share of its first dependence that is left, month by month.

Plain functions of arrays. Months count from the control; `ceiling` is the share of the dependence that can go at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

from geoecon.errors import InputError

Array = NDArray[np.float64]


def logistic_remaining(months: ArrayLike, ceiling: ArrayLike, midpoint: ArrayLike, spread: ArrayLike) -> Array:
    """1 − ceiling·F(t), F a logistic curve that starts at zero with the control. Broadcasts.

    Griliches 1957 (diffusion of a new supply); `midpoint` and `spread` in months, spread above zero.
    """
    t, c, m, s = (np.asarray(value, float) for value in (months, ceiling, midpoint, spread))
    if (s <= 0).any():
        raise InputError(f"spread {s.min():g} months; allowed: above 0")
    before = expit(-m / s)
    risen = (expit((np.maximum(t, 0.0) - m) / s) - before) / (1 - before)
    return np.asarray(1 - c * risen)


def learning_curve_remaining(months: ArrayLike, ceiling: ArrayLike, midpoint: ArrayLike, spread: ArrayLike) -> Array:
    """1 − ceiling·t^k/(t^k + midpoint^k) with k = midpoint/spread: the learning curve in its reduced form. Broadcasts.

    With steady demand experience grows with time and cost falls as a power of it (Wright 1936), so that the log-odds of
    buying at home rise with the logarithm of time. Half-way and slope there are those of `logistic_remaining`; the
    learning curve starts sooner and ends later.
    """
    t, c, m, s = (np.asarray(value, float) for value in (months, ceiling, midpoint, spread))
    if (s <= 0).any() or (m <= 0).any():
        raise InputError("midpoint and spread above 0 months")
    ratio = np.maximum(t, 0.0) / m
    risen = np.where(ratio > 0, expit(m / s * np.log(np.where(ratio > 0, ratio, 1.0))), 0.0)
    return np.asarray(1 - c * risen)


CURVES: dict[str, Callable[[ArrayLike, ArrayLike, ArrayLike, ArrayLike], Array]] = {
    "logistic": logistic_remaining,
    "learning": learning_curve_remaining,
}


def learning_remaining(
    months: int,
    ceiling: float,
    cost: float,
    learning: float,
    elasticity: float,
    subsidy: float = 0.0,
    start: float = 1.0,
) -> Array:
    """Share of the dependence left (months + 1,) when home cost falls by `learning` with each doubling of output.

    `cost` is home over foreign unit cost at first, `elasticity` how buyers react to that ratio, `subsidy` the share
    of home cost that the state pays, `start` the experience before, in months of full output. Wright 1936.
    """
    if not 0 <= learning < 1 or not 0 <= subsidy < 1 or cost <= 0 or start <= 0:
        raise InputError("learning and subsidy from 0 to below 1, cost and start above 0")
    steepness = -np.log2(1 - learning)
    made, left = start, np.empty(months + 1)
    for month in range(months + 1):
        price = cost * (1 - subsidy) * (made / start) ** -steepness
        home = ceiling / (1 + price**elasticity)
        left[month] = 1 - home
        made += home
    return left


def subsidised_midpoint(
    midpoint: ArrayLike, spread: ArrayLike, subsidy: ArrayLike, elasticity: ArrayLike, form: str = "logistic"
) -> Array:
    """The midpoint when the state pays a share of home cost.

    The log-odds of buying at home rise by −elasticity·ln(1 − share). Logistic: earlier by spread times that, in months.
    Learning: earlier by the factor exp(−that·spread/midpoint); its spread shrinks by the same factor.
    """
    paid, m, s = (np.asarray(value, float) for value in (subsidy, midpoint, spread))
    if (paid < 0).any() or (paid >= 1).any():
        raise InputError(f"subsidy {paid.max():g}; allowed: a share from 0 to below 1")
    shift = elasticity * np.log1p(-paid)
    return np.asarray(m * np.exp(shift * s / m)) if form == "learning" else np.asarray(m + s * shift)


def months_until(remaining: ArrayLike, months: ArrayLike, bound: float) -> Array:
    """First month (…,) at which the last axis of `remaining` is below `bound`; infinite where it never is."""
    values, when = np.asarray(remaining, float), np.asarray(months, float)
    below = values < bound
    return np.where(below.any(axis=-1), when[below.argmax(axis=-1)], np.inf)


def trend(shares: Sequence[float]) -> tuple[float, float, int]:
    """(yearly drift, yearly deviation, steps) of the log-odds of a share: a random walk with drift.

    Shares of exactly 0 or 1 are moved in by 0.001. NaN with fewer than three shares.
    """
    steps = np.diff(logit(np.clip(np.asarray(shares, float), 1e-3, 1 - 1e-3)))
    if len(steps) < 2:
        return float("nan"), float("nan"), len(steps)
    return float(steps.mean()), float(steps.std(ddof=1)), len(steps)


def backtest(shares: Sequence[float], ahead: int, window: int = 11, fewest: int = 6) -> tuple[int, int]:
    """(inside, of all): how often the 80 % interval of the trend held the share `ahead` years on.

    Each origin sees only the `window` shares up to itself, at least `fewest`; the intervals overlap, so that the count
    is of fewer independent trials than it seems.
    """
    z80, inside, trials = 1.354, 0, 0  # 80 % of the triangle that `for_case` draws from, in its standard deviations
    odds = logit(np.clip(np.asarray(shares, float), 1e-3, 1 - 1e-3))
    for origin in range(fewest - 1, len(odds) - ahead):
        drift, deviation, steps = trend(list(shares[max(0, origin + 1 - window) : origin + 1]))
        width = z80 * deviation * np.sqrt(ahead + ahead**2 / steps)
        inside += int(abs(odds[origin + ahead] - odds[origin] - ahead * drift) <= width)
        trials += 1
    return inside, trials


@dataclass(frozen=True)
class Prior:
    """Triangular priors of a curve: (low, mode, high) of each of ceiling, midpoint, spread and yearly drift."""

    ceiling: tuple[float, float, float]
    midpoint: tuple[float, float, float]
    spread: tuple[float, float, float]
    drift: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def rows(self) -> tuple[tuple[float, float, float], ...]:
        return self.ceiling, self.midpoint, self.spread, self.drift


@dataclass(frozen=True, eq=False)
class Fit:
    """The posterior of (ceiling, midpoint, spread, drift) on a grid of prior ranks; weights (a, b, c, d) sum to one."""

    prior: Prior
    weights: Array
    points: int
    evidence: float = 0.0  # log of the mean likelihood under the prior, to compare forms of the curve

    def ranks(self, unit: Array) -> Array:
        """Posterior ranks (draw, 4) for prior ranks (draw, 4): each by its distribution given those before.

        Rosenblatt 1952. Without points the ranks come back unchanged.
        """
        out = np.empty_like(unit)
        table = np.broadcast_to(self.weights, (len(unit), *self.weights.shape)).reshape(len(unit), *self.weights.shape)
        for k in range(4):
            marginal = table.sum(axis=tuple(range(2, table.ndim))) if table.ndim > 2 else table
            cumulative = np.concatenate([np.zeros((len(unit), 1)), np.cumsum(marginal, axis=1)], axis=1)
            cumulative /= cumulative[:, -1:]
            edges = np.linspace(0, 1, cumulative.shape[1])
            out[:, k] = [np.interp(u, c, edges) for u, c in zip(unit[:, k], cumulative, strict=True)]
            cell = np.minimum((out[:, k] * marginal.shape[1]).astype(int), marginal.shape[1] - 1)
            if table.ndim > 2:
                table = table[np.arange(len(unit)), cell]
        return out

    def sample(self, unit: Array) -> Array:
        """Values (draw, 4) for prior ranks (draw, 4)."""
        ranks = self.ranks(unit)
        return np.stack([quantile(ranks[:, k], row) for k, row in enumerate(self.prior.rows)], axis=1)

    def interval(self, low: float = 0.1, high: float = 0.9) -> dict[str, tuple[float, float, float]]:
        """(low, median, high) of each of the four, with everything else unknown."""
        found = {}
        for k, (name, row) in enumerate(zip(("ceiling", "midpoint", "spread", "drift"), self.prior.rows, strict=True)):
            marginal = self.weights.sum(axis=tuple(j for j in range(4) if j != k))
            edges = np.linspace(0, 1, len(marginal) + 1)
            ranks = np.interp([low, 0.5, high], np.concatenate([[0], np.cumsum(marginal)]), edges)
            below, middle, above = (float(value) for value in quantile(ranks, row))
            found[name] = below, middle, above
        return found


def fit(
    months: ArrayLike, shares: ArrayLike, first: float, prior: Prior, deviation: float, error: float = 0.05,
    grid: tuple[int, int, int, int] = (24, 20, 10, 10), form: str = "logistic",
) -> Fit:  # fmt: skip
    """The prior updated by the shares seen `months` after the control (none is allowed), `first` the share before.

    Log-odds of the share follow the curve plus a random walk of `deviation` a year plus an error of measurement, so
    that neighbouring points are not counted as independent. Exact on the grid, no normal approximation.
    """
    t, seen = np.atleast_1d(np.asarray(months, float)), np.atleast_1d(np.asarray(shares, float))
    sizes = tuple(1 if row[0] == row[2] else size for row, size in zip(prior.rows, grid, strict=True))
    if len(t) == 0:
        return Fit(prior, np.full(sizes, 1 / np.prod(sizes)), 0)
    if (t <= 0).any() or (seen <= 0).any() or (seen >= 1).any():
        raise InputError("points need months above 0 and shares between 0 and 1")
    axes = [quantile((np.arange(size) + 0.5) / size, row) for size, row in zip(sizes, prior.rows, strict=True)]
    c, m, s, d = np.meshgrid(*axes, indexing="ij", sparse=True)
    path = share_path(t, first, c[..., None], m[..., None], s[..., None], d[..., None], form)
    gap = logit(seen) - logit(np.clip(path, 1e-6, 1 - 1e-6))
    years = t / 12
    covariance = deviation**2 * np.minimum(years[:, None], years[None, :]) + error**2 * np.eye(len(t))
    distance = np.einsum("...i,ij,...j->...", gap, np.linalg.inv(covariance), gap)
    weights = np.exp(-0.5 * (distance - distance.min()))
    spread_of_errors = np.linalg.slogdet(2 * np.pi * covariance)[1]
    evidence = float(np.log(weights.mean()) - 0.5 * (distance.min() + spread_of_errors))
    return Fit(prior, weights / weights.sum(), len(t), evidence)


def favours_learning(logistic: Fit, learning: Fit) -> float:
    """Probability of the learning curve against the logistic one, even before the points were seen."""
    return float(expit(learning.evidence - logistic.evidence))


def bridged(share: Array, gap: Array, months: Array, seen: Array, deviation: float, error: float = 0.05) -> Array:
    """A share (draw, month) led through the points seen: the expected random walk given its gaps (draw, point).

    Kriging with the covariance of a Brownian motion: flat after the last point, a straight line between two.
    """
    shared = deviation**2 * np.minimum(months[:, None], seen[None, :]) / 12
    own = deviation**2 * np.minimum(seen[:, None], seen[None, :]) / 12 + error**2 * np.eye(len(seen))
    walk = gap @ np.linalg.solve(own, shared.T)
    return np.asarray(expit(logit(np.clip(share, 1e-9, 1 - 1e-9)) + walk))


def share_path(
    months: ArrayLike, first: ArrayLike, ceiling: ArrayLike, midpoint: ArrayLike, spread: ArrayLike, drift: ArrayLike,
    form: str = "logistic",
) -> Array:  # fmt: skip
    """The supplier's share: its trend before the control, times what localisation leaves. Broadcasts.

    `form` is one of `CURVES`.
    """
    if form not in CURVES:
        raise InputError(f"form {form!r}; allowed: " + ", ".join(CURVES))
    years = np.asarray(months, float) / 12
    base = expit(logit(np.asarray(first, float)) + np.asarray(drift, float) * years)
    return np.asarray(base * np.clip(CURVES[form](months, ceiling, midpoint, spread), 0.0, None))


def quantile(rank: ArrayLike, row: tuple[float, float, float]) -> Array:
    """Triangular quantile."""
    from geoecon.draws import triangular

    return triangular(np.asarray(rank, float), *row)


def rank(value: ArrayLike, row: tuple[float, float, float]) -> Array:
    """Rank of a value in a triangular prior; one half where the prior is a point."""
    low, mode, high = row
    x = np.asarray(value, float)
    if high == low:
        return np.full_like(x, 0.5)
    left = np.where(mode > low, (x - low) ** 2 / ((high - low) * max(mode - low, 1e-300)), 0.0)
    right = 1 - (high - x) ** 2 / ((high - low) * max(high - mode, 1e-300))
    return np.asarray(np.clip(np.where(x <= mode, left, right), 0.0, 1.0))
