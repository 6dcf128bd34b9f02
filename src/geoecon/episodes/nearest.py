"""The most similar cut-offs, near in two numbers (the supplier's share, the size of the cut), and bands that hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.int64]
STEPS = 40  # levels are counted in fortieths, so that no rounding moves an order statistic
LEVELS = np.arange(1, STEPS) / STEPS
K = 200  # 38 are enough to show, too few for the ends of an 80 % band
PART = 512  # questions at a time


@dataclass(frozen=True)
class Class:
    """A reference class per question: places of the cut-offs (question, k) and their weights, one vote an event."""

    places: Places
    weights: Array


def nearest(known: Array, votes: Array, asked: Array, k: int = K, *, known_group: Places | None = None,
            asked_group: Places | None = None) -> Class:  # fmt: skip
    """The k nearest of `known` (n, 2) to each row of `asked` (m, 2), in units of their standard deviations.

    Weights fall to nothing at the k-th (Epanechnikov) and are multiplied by `votes` (n,), so that an event that hit
    ten importers has one vote. No neighbour is of the group of the question.
    """
    centre, spread = known.mean(0), known.std(0) + 1e-12
    a, b = (known - centre) / spread, (asked - centre) / spread
    k = min(k, len(known))
    places, weights = np.empty((len(b), k), np.int64), np.empty((len(b), k))
    for start in range(0, len(b), PART):
        part = b[start : start + PART]
        apart = (part[:, None, 0] - a[None, :, 0]) ** 2 + (part[:, None, 1] - a[None, :, 1]) ** 2
        if known_group is not None and asked_group is not None:
            apart[asked_group[start : start + PART, None] == known_group[None]] = np.inf
        found = np.argpartition(apart, k - 1, axis=1)[:, :k] if k < len(a) else np.tile(np.arange(k), (len(part), 1))
        squared = np.take_along_axis(apart, found, 1)
        reach = np.max(np.where(np.isfinite(squared), squared, 0), axis=1, keepdims=True) * 1.002 + 1e-12
        with np.errstate(invalid="ignore"):
            near = np.where(np.isfinite(squared), votes[found] * np.maximum(1 - squared / reach, 0) + 1e-9, 0.0)
        places[start : start + PART], weights[start : start + PART] = found, near
    return Class(places, weights)


def quantiles(values: Array, weights: Array, levels: Array = LEVELS) -> Array:
    """Weighted quantiles (row, level) of each row of `values`, between the middles of the steps."""
    order = np.argsort(values, axis=1, kind="stable")
    values, weights = np.take_along_axis(values, order, 1), np.take_along_axis(weights, order, 1)
    middle = np.cumsum(weights, axis=1) - weights / 2
    middle /= weights.sum(axis=1, keepdims=True)
    return np.stack([np.interp(levels, at, row) for at, row in zip(middle, values, strict=True)])


def order_statistic(values: Array, votes: Array, fortieths: int) -> float:
    """The smallest value that at least ⌈(n + 1) c⌉ of n votes do not exceed, c = fortieths/40; the largest if none.

    With one vote a value it is the split-conformal order statistic (Papadopoulos et al. 2002), counted whole.
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(votes[order])
    if np.all(votes == 1):
        place = -(-(len(values) + 1) * fortieths // STEPS) - 1
    else:
        place = int(np.searchsorted(reached, (reached[-1] + 1) * fortieths / STEPS - 1e-9))
    return float(values[order[min(place, len(values) - 1)]])


@dataclass(frozen=True)
class Shift:
    """How far each level of a reference class is moved so that its bands hold what they say: `by` (level,)."""

    by: Array
    bounds: tuple[float, float]

    def of(self, levels: Array) -> Array:
        """Moved quantiles (row, level), in order and within the bounds of the outcome."""
        moved: Array = np.clip(np.sort(levels + self.by, axis=1), *self.bounds)
        return moved


def shift(values: Array, own: Array, votes: Array, bounds: tuple[float, float]) -> Shift:
    """The conformal shift from quantiles `own` (n, level) of cut-offs that their own product was kept out of.

    Each pair of levels is moved by the order statistic of the misses max(low − y, y − high) (Romano, Patterson &
    Candès 2019; cross-conformal over products), the median by the median miss.
    """
    by, half = np.zeros(STEPS - 1), STEPS // 2 - 1
    by[half] = quantiles((values - own[:, half])[None], votes[None], np.array([0.5]))[0, 0]
    for low in range(half):
        high = STEPS - 2 - low
        miss = np.maximum(own[:, low] - values, values - own[:, high])
        wider = order_statistic(miss, votes, high - low)
        by[low], by[high] = -wider, wider
    return Shift(by, bounds)
