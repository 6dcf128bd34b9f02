"""What a forecast says of things that can be counted but have not come yet: both bands, in words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geoecon.case import Case
from geoecon.past_error import OTHER, class_of, discrepancy
from geoecon.result import Predictions
from geoecon.scorecard import scores
from geoecon.scorecard.metrics import in_words

COLUMNS = ["forecast", "unit", "middle", "80 % band with past error", "of the draws alone"]
MOST = 12


def unit_of(metric: str) -> str:
    """The unit in which stages predict a metric."""
    name = class_of(metric, "percent")
    if name in ("share", "licence"):
        return "percent" if "fill" in metric else "share"
    if name == "length":
        return "days" if "_day" in metric else "months"
    return "" if name == OTHER else "percent"


def forecasts(case: Case, predictions: Predictions, condition: str) -> pd.DataFrame:
    """Up to twelve forecasts, one of each metric first: forecast, unit, middle, and both bands as (low, high)."""
    first = {metric: (metric, of) for metric, of in reversed(list(predictions))}
    order = [*reversed(first.values()), *(key for key in predictions if key not in first.values())]
    rows: list[tuple[object, ...]] = []
    for metric, of in order:
        sample, unit = np.asarray(predictions[metric, of], dtype=float), unit_of(metric)
        if len(rows) == MOST or len(sample) == 1 or "probability" in metric or not unit:
            continue
        past = discrepancy(metric, unit, leave_out=case.on_record, condition=condition)
        wide = past.widened(sample, unit)[1:]
        rows.append((in_words(case, metric, of), unit, scores.middle(wide), scores.interval(wide),
                     scores.interval(sample[1:])))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)
