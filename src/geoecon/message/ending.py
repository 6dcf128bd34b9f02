"""How a dispute may end, as chances and in words: who gives way, and when it is as likely as not to have ended."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from geoecon.dispute import level_endings
from geoecon.message import phrases as say
from geoecon.message.findings import Findings
from geoecon.message.shortages import runs_of


def endings(found: Findings) -> Mapping[str, float]:
    """Chances of the endings at the horizon: those of the forecast that leads, by key."""
    forecast = found.forecast
    if forecast is None or not hasattr(forecast, "probability"):
        return {}
    names = [str(one) for one in forecast.probability["ending"].values]
    return {name: float(np.median(runs_of(forecast.by(name, forecast.months)))) for name in names}


def favoured(found: Findings) -> str:
    """Who gives way, in a sentence: no ending is favoured where several are level with the likeliest."""
    chances = endings(found)
    if not chances:
        return ""
    level = level_endings(chances)
    if len(level) > 1:
        return "No ending is favoured."
    if level == ["open"]:
        share = say.percent(chances["open"])
        return (
            f"Most likely it stays open ({share})."
            if chances["open"] > 0.5
            else f"No single ending is likelier than that it stays open ({share})."
        )
    return f"The likeliest ending is that {ending_words(level[0], found)}."


def ending_told(found: Findings) -> str:
    """`favoured` with its month, and the chance that the target gives way."""
    said, forecast = favoured(found), found.forecast
    if not said or forecast is None:
        return said
    chances, month = endings(found), f"{forecast.day(forecast.months):%B %Y}"
    level = level_endings(chances)
    if level == ["open"]:
        return said
    key = level[0] if len(level) == 1 else "target_concedes"
    lead = "the likeliest ending is that" if len(level) == 1 else "no ending is favoured:"
    comma = "," if len(level) == 1 else ""
    return f"By {month} {lead} {ending_words(key, found)}{comma} with a chance of {say.percent(chances[key])}."


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
    """Months until it is as likely as not to have ended: the forecast's middle."""
    figure = found.figure("bargaining", "median_length")
    return None if figure is None or figure.value is None or not np.isfinite(figure.value) else float(figure.value)
