"""Scores of a forecast given as draws: the band, the continuous ranked probability score, the Brier score."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geoecon import draws

Array = NDArray[np.float64]


def crps(sample: ArrayLike, observed: float) -> float:
    """Continuous ranked probability score of a sample (draw,), in the unit of the outcome; 0 is perfect.

    E|X - y| - E|X - X'| / 2 (Gneiting & Raftery 2007, eq. 21) in its fair form, which divides the second term by
    n (n - 1), so that few draws are not punished for being few (Ferro 2014, eq. 5); it may fall below 0 by chance. With
    one draw it is the absolute error. Infinite where a draw is infinite and the outcome is not.
    """
    x = np.sort(_clean(sample))
    if not np.isfinite(observed):
        raise ValueError("the observed value is not finite")
    if not np.isfinite(x).all():
        return float("inf")
    n = len(x)
    weights = 2 * np.arange(1, n + 1) - n - 1  # sum over pairs of |x_i - x_j| is 2 sum of weights * x
    apart = (weights * x).sum() / (n * (n - 1)) if n > 1 else 0.0
    return float(np.abs(x - observed).mean() - apart)


def crps_censored(sample: ArrayLike, sense: str, threshold: float) -> float:
    """The same score where only a bound of the outcome is known: the threshold-weighted score.

    Draws on the right side of the bound cost nothing; the others cost as against the bound itself
    (Gneiting & Ranjan 2011; Allen, Ginsbourger & Ziegel 2023, chaining function min or max).
    """
    x = _clean(sample)
    return crps(np.minimum(x, threshold) if sense == "at_least" else np.maximum(x, threshold), threshold)


def probability_of(sample: ArrayLike, sense: str, threshold: float) -> float:
    """Share of the draws that agree with a bound."""
    x = _clean(sample)
    return float((x >= threshold).mean() if sense == "at_least" else (x <= threshold).mean())


def brier(probability: float, happened: float) -> float:
    """Squared error of a probability (Brier 1950): 0 is perfect, 0.25 is a coin, 1 is certain and wrong."""
    return (probability - happened) ** 2


def rank(sample: ArrayLike, observed: float) -> float:
    """Probability integral transform: share of draws below the outcome, ties counted half. Uniform if calibrated."""
    x = _clean(sample)
    return float((x < observed).mean() + 0.5 * (x == observed).mean())


def interval(sample: ArrayLike) -> tuple[float, float]:
    """The 80 % band: 10 % and 90 % quantiles; infinite draws are allowed."""
    low, high = draws.interval(_clean(sample))
    return float(low), float(high)


def middle(sample: ArrayLike) -> float:
    """The median of the draws; infinite where half of them are."""
    x = _clean(sample)
    return float(np.median(x)) if np.isfinite(x).all() else float(np.quantile(x, 0.5, method="inverted_cdf"))


def interval_score(low: float, high: float, observed: float, said: float = 0.8) -> float:
    """Width of a central band and the penalty for an outcome outside it (Gneiting & Raftery 2007, eq. 43)."""
    outside = max(low - observed, 0.0) + max(observed - high, 0.0)
    return high - low + 2 / (1 - said) * outside


def covered(low: ArrayLike, high: ArrayLike, observed: ArrayLike) -> Array:
    """1 where the outcome lies in the band, its ends included, else 0."""
    seen = np.asarray(observed, dtype=float)
    inside: Array = ((np.asarray(low) <= seen) & (seen <= np.asarray(high))).astype(float)
    return inside


def _clean(sample: ArrayLike) -> Array:
    x = np.atleast_1d(np.asarray(sample, dtype=float))
    if x.ndim != 1 or not len(x) or np.isnan(x).any():
        raise ValueError("a forecast is a vector of draws without missing values")
    return x
