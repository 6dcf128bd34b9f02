"""How bands with past error have held: every kept error against the band that the other cases would have given it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from geoecon import tables
from geoecon.past_error import NARROW, NOISE, NORMAL, Discrepancy, fitted, past_errors, shipped_fit, t_quantile
from geoecon.scorecard.scores import Array, interval_score


@cache
def past_bands(condition: str = "known", earlier: bool = False) -> pd.DataFrame:
    """Each kept error against the band that the other cases would have given it, on the scale of its class.

    `earlier`: only the cases whose first forecast is older judge it, as a forecaster of that day would have been
    judged; those without any are left out. Columns: case, class, inside, inside_draws, score, score_draws (interval
    scores). The band is that of the draws with the error mixed in.
    """
    past = past_errors()
    past = past[past["condition"] == condition]
    first = past.groupby("case")["cutoff"].min()
    drawn = ndtri((np.arange(NORMAL) + 0.5) / NORMAL)
    rows = []
    for case, errors in past.groupby("case", sort=False):
        judges = past[past["case"].map(first) < first[case]] if earlier else past[past["case"] != case]
        fit = None if judges.empty else fitted(judges) if earlier else shipped_fit(str(case), condition)
        rows += [_judged(row, fit.error(row["class"]), drawn) for row in tables.records(errors) if fit is not None]
    return pd.DataFrame(rows, columns=["case", "class", "inside", "inside_draws", "score", "score_draws"])


def _judged(row: Mapping[str, Any], error: Discrepancy, drawn: Array) -> tuple[str, str, float, float, float, float]:
    """One error against its band with past error and against that of the draws alone."""
    both = row["spread"] * drawn[:, None] + error.scale * t_quantile(NOISE, error.freedom)[None]
    half, alone, miss = float(np.quantile(both, 0.9)), row["spread"] * NARROW / 2, abs(row["error"])
    return (row["case"], row["class"], float(miss <= half), float(miss <= alone),
            interval_score(-half, half, miss), interval_score(-alone, alone, miss))  # fmt: skip
