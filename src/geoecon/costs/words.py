"""Small numbers, and the losses of a month, in words: 0.000057 reads, 5.7e-05 does not."""

from __future__ import annotations

import numpy as np

from geoecon.draws import Array
from geoecon.figure import Figure, number
from geoecon.spoken import NOTHING, loses, of_either_sign


def decimal(value: float | None) -> str:
    """Like `figure.number`, without an exponent: two digits below a thousandth."""
    if value is None or not np.isfinite(value) or value == 0 or abs(value) >= 1e-3:
        return number(value)
    if abs(value) < 1e-7:
        return "0"
    return np.format_float_positional(value, precision=2, fractional=False, trim="-").replace("-", "−")


def a_month(loss: Figure) -> str:
    """What a side loses or gains in a month; no size where the band tells not even the sign."""
    if not loss.measurable or loss.value is None:
        return f"loses {NOTHING}"
    if of_either_sign(loss.low, loss.high):
        return "loses or gains (which cannot be told)"
    return loses(loss.value, each=" a month")


def why_less(narrow: Array, wide: Array, answered: Array, target: str, sender: str) -> str:
    """Why wider measures cost the target less in the middle, counted over the runs. Losses by run: of the listed
    controls, of a wider stop, and of that stop once the target answers."""
    dearer, helped = int((wide > narrow).sum()), int((answered < wide).sum())
    return (
        f" The wider stop alone costs {target} more in {dearer} of {len(narrow)} runs. Its own answer makes up for "
        f"part in {helped}: demand turns from {sender}'s goods to those of {target}, which then sell dearer."
    )
