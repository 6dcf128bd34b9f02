"""What blind forecasts have been wrong by, by class of outcome, and the bands that carry it at every door."""

from geoecon.past_error.error import (
    NARROW,
    NOISE,
    NORMAL,
    Discrepancy,
    discrepancy,
    errors_of,
    fitted,
    past_errors,
    scales_of,
    shipped_fit,
)
from geoecon.past_error.past import Measured, Past, condition_of, past_of
from geoecon.past_error.scale import NAMES as CLASS_NAMES
from geoecon.past_error.scale import OTHER, class_of, from_scale, to_scale
from geoecon.past_error.student import t_quantile

__all__ = [
    "CLASS_NAMES",
    "NARROW",
    "NOISE",
    "NORMAL",
    "OTHER",
    "Discrepancy",
    "Measured",
    "Past",
    "class_of",
    "condition_of",
    "discrepancy",
    "errors_of",
    "fitted",
    "from_scale",
    "past_errors",
    "past_of",
    "scales_of",
    "shipped_fit",
    "t_quantile",
    "to_scale",
]
