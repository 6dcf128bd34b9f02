"""Sobol indices of a function of independent inputs: one estimator for all who ask what moves an answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geoecon.errors import InputError
from geoecon.figure import Array

LEAST = 16  # complete rows below which an index is not known


def design(k: int, n: int, seed: int = 0) -> Array:
    """Points (n (k + 2), k) on [0, 1]: n of A, n of B, then A with its column i from B, for each i (Saltelli 2010)."""
    from scipy.stats import qmc

    points = qmc.Sobol(2 * k, rng=np.random.default_rng(seed)).random(n)
    a, b = points[:, :k], points[:, k:]
    mixed = np.stack([np.where(np.arange(k) == i, b, a) for i in range(k)])
    return np.concatenate([a, b, mixed.reshape(-1, k)])


@dataclass(frozen=True, eq=False)
class Parts:
    """Row by row what the indices are means of: `first` and `total` (k, row), over the rows without a missing value.

    First order after Saltelli et al. 2010, total after Jansen 1999. `missing` is the share of rows left out; `ranked`:
    some value is infinite, so that there is no variance, and ranks stand for the values.
    """

    first: Array
    total: Array
    missing: float
    ranked: bool

    @property
    def known(self) -> bool:
        return int(self.first.shape[1]) >= LEAST

    def means(self) -> tuple[Array, Array]:
        """First-order and total indices (k,); unknown, never zero, where too few rows are complete."""
        if not self.known:
            nothing = np.full(len(self.first), np.nan)
            return nothing, nothing
        return self.first.mean(axis=1), self.total.mean(axis=1)

    def resampled(self, resamples: int, seed: int) -> tuple[Array, Array]:
        """Indices (resample, k) of rows drawn anew with replacement."""
        n = self.first.shape[1]
        chosen = np.random.default_rng(seed).integers(0, max(n, 1), (resamples, n))
        if not self.known:
            nothing = np.full((resamples, len(self.first)), np.nan)
            return nothing, nothing
        return self.first[:, chosen].mean(axis=2).T, self.total[:, chosen].mean(axis=2).T


def parts(values: Array, k: int) -> Parts:
    """The parts of one answer's indices from its values (n (k + 2),) at the points of `design`.

    Raises InputError where the number of values does not fit.
    """
    n, rest = divmod(len(values), k + 2)
    if rest:
        raise InputError(f"{len(values)} values for {k} parameters; allowed: a multiple of {k + 2}")
    rows = np.asarray(values, dtype=float).reshape(k + 2, n)
    rows = rows[:, ~np.isnan(rows).any(axis=0)]
    ranked = bool(np.isinf(rows).any())
    if ranked:
        rows = pd.Series(rows.ravel()).rank().to_numpy().reshape(rows.shape)
    both = rows[:2].ravel()
    variance = float(both.var()) if both.size else 0.0
    fa, fb, mixed = rows[0], rows[1], rows[2:]
    if variance > 0:
        middle = both.mean()  # a constant has no variance, yet would add to the error
        first = (fb - middle) * (mixed - fa) / variance
        total = (fa - mixed) ** 2 / (2 * variance)
    else:
        first = total = np.zeros_like(mixed)
    return Parts(first, total, 1 - rows.shape[1] / n if n else 0.0, ranked)
