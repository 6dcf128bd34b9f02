"""Which assumption moves an answer: squared rank correlations over its runs, and what chance alone gives."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd

from geoecon.draws import Draws
from geoecon.figure import Array


def moves_loss(draws: Draws, name: str, outcome: Array | None) -> float:
    """The squared rank correlation of a parameter's draws with the outcome (draw,); 0 where either never varies."""
    values = draws.values.get(name)
    if outcome is None or values is None or len(values) < 8 or np.ptp(values[1:]) == 0 or np.ptp(outcome[1:]) == 0:
        return 0.0
    ranks = [pd.Series(rows[1:]).rank().to_numpy() for rows in (values, outcome)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1] ** 2)


def noise(rows: int, tried: int) -> float:
    """The squared rank correlation that chance alone exceeds one time in twenty, in the largest of so many tried:
    |rho| of about 2/sqrt(n) for one. `rows` are those of the draws, the central one included."""
    standard_errors = NormalDist().inv_cdf(1 - 0.025 / max(tried, 1))
    return float(standard_errors**2 / max(rows - 1, 4))
