"""Small numbers in words: 0.000057 reads, 5.7e-05 does not."""

from __future__ import annotations

import numpy as np

from geoecon.figure import number


def decimal(value: float | None) -> str:
    """Like `figure.number`, without an exponent: two digits below a thousandth."""
    if value is None or not np.isfinite(value) or value == 0 or abs(value) >= 1e-3:
        return number(value)
    if abs(value) < 1e-7:
        return "0"
    return np.format_float_positional(value, precision=2, fractional=False, trim="-").replace("-", "−")
