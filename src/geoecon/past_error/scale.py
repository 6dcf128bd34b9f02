"""Classes of outcomes, and the scale on which errors of one class can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


Array = NDArray[np.float64]
FLOOR = 0.02  # of the base, added: a flow of zero has a logarithm
EDGE = 0.01  # shares are drawn in by this from 0 and 1
SHORTEST = 0.5  # months or days
# words in the name of a metric: its class; the first that fits
CLASSES = {
    "length": ("length_", "months_", "_day", "production_stop"),
    "licence": ("licence",),
    "share": ("share", "worst_", "fill", "capability", "probability", "utilisation"),
    "price": ("price", "unit_value"),
    "visitors": ("visitors", "affiliate", "tourist", "duty_free", "stores"),
    "on_year": ("_on_year", "_on_month", "_of_month"),
    "macro": ("gdp", "growth", "welfare", "output", "inflation"),
    "flow": ("imports", "exports", "sales", "visitors", "use", "demand", "production", "offtake", "profit", "revenue"),
}
OTHER = "other"
LOGS, LOGITS = ("flow", "price", "visitors", "on_year"), ("share", "licence")
NAMES = {
    "flow": "trade and sales", "on_year": "trade on the year before", "visitors": "visitors and firms abroad",
    "licence": "licences", "share": "shares and stores", "price": "prices", "macro": "output and welfare",
    "length": "length", OTHER: "other counts",
}  # fmt: skip


def class_of(metric: str, unit: str) -> str:
    """The class of a metric, a key of CLASSES or `other`: levels in money or tonnes, and what no word fits."""
    found = next((name for name, words in CLASSES.items() if any(word in metric for word in words)), OTHER)
    if found in (*LOGS, "macro") and "percent" not in unit and "per cent" not in unit:
        return OTHER
    return found


def to_scale(name: str, unit: str, values: ArrayLike) -> Array:
    """Values on the scale of their class: log of a flow, price or length, logit of a share, arcsinh of the rest."""
    x = np.asarray(values, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        if name in LOGS:
            return np.asarray(np.log(FLOOR + (1 - FLOOR) * np.maximum(1 + x / 100, 0)), dtype=float)
        if name in LOGITS:
            part = EDGE + (1 - 2 * EDGE) * np.clip(x / _whole(unit), 0, 1)
            return np.asarray(np.log(part / (1 - part)), dtype=float)
        if name == "length":
            return np.asarray(np.log(np.maximum(x, SHORTEST)), dtype=float)
        return np.asarray(np.arcsinh(x), dtype=float)


def from_scale(name: str, unit: str, values: ArrayLike) -> Array:
    """The way back."""
    z = np.asarray(values, dtype=float)
    if name in LOGS:
        return np.asarray(100 * np.maximum((np.exp(np.minimum(z, 700)) - FLOOR) / (1 - FLOOR) - 1, -1), dtype=float)
    if name in LOGITS:
        return np.asarray(_whole(unit) * np.clip((1 / (1 + np.exp(-z)) - EDGE) / (1 - 2 * EDGE), 0, 1), dtype=float)
    if name == "length":
        return np.asarray(np.exp(np.minimum(z, 700)), dtype=float)
    return np.asarray(np.sinh(np.clip(z, -700, 700)), dtype=float)


def _whole(unit: str) -> float:
    return 100.0 if "percent" in unit or "per cent" in unit or "%" in unit else 1.0
