"""How a dispute may end, as chances and in words: who gives way, and when half of such disputes have ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from geoecon.views import phrases as say
from geoecon.views.findings import Array, Findings

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

CLOSE = 0.06  # difference of two endings below which nobody is favoured


def endings(found: Findings) -> Mapping[str, float]:
    """Chances of the endings at the horizon: those of the forecast that leads, by key."""
    forecast = found.forecast
    if forecast is None or not hasattr(forecast, "probability"):
        return {}
    names = [str(one) for one in forecast.probability["ending"].values]
    return {name: float(np.median(_runs_of(forecast.by(name, forecast.months)))) for name in names}


def _runs_of(values: ArrayLike) -> Array:
    found = np.asarray(values, dtype=float)
    return found[1:] if found.ndim and len(found) > 1 else found


def favoured(found: Findings) -> str:
    """Who gives way, in a sentence: nobody where two endings lie close together."""
    chances = {key: value for key, value in endings(found).items() if key != "open"}
    if not chances:
        return ""
    order = sorted(chances.items(), key=lambda one: -one[1])
    if len(order) > 1 and order[0][1] - order[1][1] < CLOSE:
        return "Who gives way is open."
    told = ending_words(order[0][0], found)
    if order[0][1] < 0.33:
        return f"No ending stands out; the likeliest is that {told}."
    return f"The likeliest ending is that {told}."


def ending_words(key: str, found: Findings) -> str:
    """An ending as a clause."""
    return {
        "target_concedes": f"{say.land(found.name('target'))} gives way",
        "sender_concedes": f"{say.land(found.name('sender'))} backs down",
        "settlement": "the two make a deal",
        "faded": "it fades away",
        "open": "it stays open",
    }.get(key, key.replace("_", " "))


def half_life(found: Findings) -> float | None:
    """Months until half of such disputes have ended: the forecast's middle."""
    figure = found.figure("bargaining", "median_length")
    return None if figure is None or figure.value is None or not np.isfinite(figure.value) else float(figure.value)
