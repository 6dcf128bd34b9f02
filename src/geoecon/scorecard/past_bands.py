"""How bands with past error have held: every kept error against the band that the other cases would have given it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.past_error import NARROW, NOISE, NORMAL, discrepancy, past_errors
from geoecon.scorecard.scores import interval_score


def past_bands(condition: str = "known") -> pd.DataFrame:
    """Each kept error against the band that the other cases would have given it, on the scale of its class.

    Columns: case, class, inside, inside_draws, score, score_draws (interval scores). The band is that of
    the draws with the error mixed in.
    """
    from scipy.stats import norm, t

    past = past_errors()
    past = past[past["condition"] == condition]
    drawn = norm.ppf((np.arange(NORMAL) + 0.5) / NORMAL)
    rows = []
    for row in tables.records(past):
        error = discrepancy(row["metric"], row["unit"], leave_out=row["case"], condition=condition)
        both = row["spread"] * drawn[:, None] + error.scale * t.ppf(NOISE, error.freedom)[None]
        half, alone, miss = float(np.quantile(both, 0.9)), row["spread"] * NARROW / 2, abs(row["error"])
        rows.append((row["case"], row["class"], float(miss <= half), float(miss <= alone),
                     interval_score(-half, half, miss), interval_score(-alone, alone, miss)))  # fmt: skip
    return pd.DataFrame(rows, columns=["case", "class", "inside", "inside_draws", "score", "score_draws"])
