"""Cause-specific hazards, constant within spans of months, from dated and undated spells.

With a_kj the log rate of cause k in span j and b_k its slopes (Prentice et al. 1978; Holford 1980):

(H1)  rate_k(t | x) = exp(a_kj(t) + x b_k)
(H2)  log posterior = sum of votes x log likelihood - SMOOTH/2 sum_j (a_k,j+1 - a_kj)^2 - RIDGE/2 |b_k|^2

A spell that ended in a known way at an unknown month counts in every span by its chance (Dempster, Laird & Rubin 1977).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geoecon.errors import NotConverged
from geoecon.hazards.coded import Array, Ints

SPANS = np.array([0, 1, 3, 6, 12, 24, 36, 60, 120.0])  # months; the last rate goes on
WIDTH = np.diff(SPANS)
RIDGE, SMOOTH, FLOOR = 30.0, 1.0, 1e-3
FIRST = -4.0  # log rate to begin from, and the middle of the wide prior on the level
ROUNDS, NEWTON, CLOSE = 200, 50, 1e-7


@dataclass(frozen=True)
class Spells:
    """Time spent in one state. months (spell,) NaN where undated; cause (spell,) -1 where last seen in it; vote."""

    months: Array
    cause: Ints
    vote: Array


@dataclass(frozen=True)
class Rates:
    """Log rates: level (cause, span) at x = 0 and slope (cause, covariate) a unit of x."""

    level: Array
    slope: Array

    def log_rates(self, x: Array) -> Array:
        """(row, span, cause) for covariates x (row, covariate)."""
        return np.asarray(self.level.T[None] + (x @ self.slope.T)[:, None, :])


def fit(x: Array, spells: Spells, causes: int, begin: Rates | None = None) -> Rates:
    """The rates at the top of (H2). x (spell, covariate) in their own units: slopes are shrunk per standard deviation.

    begin: rates to start from. Raises NotConverged where the rounds do not settle.
    """
    weight = spells.vote / spells.vote.sum()
    mean = weight @ x
    spread = np.sqrt(weight @ (x - mean) ** 2) + 1e-9
    z = (x - mean) / spread
    level, slope = np.full((causes, len(WIDTH)), FIRST), np.zeros((causes, x.shape[1]))
    if begin is not None:
        level, slope = begin.level + (begin.slope @ mean)[:, None], begin.slope * spread
    time, ended = _known(spells, causes)
    undated = np.flatnonzero(np.isnan(spells.months) & (spells.cause >= 0))
    change = np.inf
    for _ in range(ROUNDS):
        before = level
        if len(undated):
            rates = np.exp(Rates(level, slope).log_rates(z[undated]))
            time[undated], ended[undated] = _expected(rates, spells.cause[undated])
        pairs = [_top(z, time, ended[:, :, k], spells.vote, level[k], slope[k]) for k in range(causes)]
        level, slope = np.array([one for one, _ in pairs]), np.array([two for _, two in pairs])
        change = float(np.abs(level - before).max())
        if not len(undated) or change < CLOSE:
            slope = slope / spread
            return Rates(level - (slope @ mean)[:, None], slope)
    raise NotConverged("hazards of coded disputes", change, ROUNDS)


def _known(spells: Spells, causes: int) -> tuple[Array, Array]:
    """Months spent in every span (spell, span), and whether it ended there (spell, span, cause); zero if undated."""
    months = np.nan_to_num(spells.months, nan=0.0)
    time = np.clip(months[:, None] - SPANS[None, :-1], 0, WIDTH[None, :])
    ended = np.zeros((*time.shape, causes))
    span = np.searchsorted(SPANS, months, side="right") - 1
    seen = np.flatnonzero(~np.isnan(spells.months) & (spells.cause >= 0) & (span < len(WIDTH)))
    ended[seen, span[seen], spells.cause[seen]] = 1
    return time, ended


def _expected(rates: Array, cause: Ints) -> tuple[Array, Array]:
    """Expected months in every span and endings there of spells that ended by `cause` within the last span."""
    total = rates.sum(axis=2)
    gone = total * WIDTH
    still = np.exp(-np.concatenate([np.zeros((len(rates), 1)), np.cumsum(gone, axis=1)], axis=1))
    row = np.arange(len(rates))
    chance = (still[:, :-1] - still[:, 1:]) * rates[row, :, cause] / total
    chance /= chance.sum(axis=1, keepdims=True)
    later = np.concatenate([np.cumsum(chance[:, ::-1], axis=1)[:, -2::-1], np.zeros((len(rates), 1))], axis=1)
    inside = 1 / total - WIDTH / np.expm1(gone)  # mean months in the span of one that ends there
    ended = np.zeros_like(rates)
    ended[row, :, cause] = chance
    return WIDTH * later + inside * chance, ended


_STEPS = np.diff(np.eye(len(WIDTH)), axis=0)
_PENALTY = SMOOTH * _STEPS.T @ _STEPS + FLOOR * np.eye(len(WIDTH))


def _top(z: Array, time: Array, ended: Array, vote: Array, level: Array, slope: Array) -> tuple[Array, Array]:
    """Newton's method for one cause: level (span,) and slope (covariate,) at the top of (H2)."""
    spans, covariates = time.shape[1], z.shape[1]
    curve = np.empty((spans + covariates, spans + covariates))
    for _ in range(NEWTON):
        expected = vote[:, None] * time * np.exp(np.clip(level[None, :] + (z @ slope)[:, None], -25, 6))
        gap = vote[:, None] * ended - expected
        rise = np.concatenate([
            gap.sum(axis=0) - _PENALTY @ level + FLOOR * FIRST, z.T @ gap.sum(axis=1) - RIDGE * slope
        ])  # fmt: skip
        curve[:spans, :spans] = np.diag(expected.sum(axis=0)) + _PENALTY
        curve[:spans, spans:] = expected.T @ z
        curve[spans:, :spans] = curve[:spans, spans:].T
        curve[spans:, spans:] = z.T @ (z * expected.sum(axis=1)[:, None]) + RIDGE * np.eye(covariates)
        step = np.clip(np.linalg.solve(curve, rise), -2, 2)
        level, slope = level + step[:spans], slope + step[spans:]
        if np.abs(step).max() < CLOSE / 10:
            break
    return level, slope
