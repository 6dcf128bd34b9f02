"""What firms do about a new rule: sellers hold back, buyers fill stocks and turn to substitutes, by draw and day."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from geoecon.draws import Draws

Array = NDArray[np.float64]
FEAR_HOLD, FEAR_UNWIND = 45, 180  # days that added stocks are kept, and then take to run down
REPLACE_RAMP = 90  # days in which a qualified substitute takes over


def overcompliance(draws: Draws, product: str, tight: list[tuple[date, date]], start: date, days: Array) -> Array:
    """(draw, day) share of the goods that need no licence which sellers hold back all the same, until the reach of a
    new rule is clear."""
    held = np.zeros((draws.n, len(days)))
    share, length = draws.get("overcompliance_share", product)[:, None], draws.get("overcompliance_days", product)
    for _, effect in tight:
        since = days[None, :] - (effect - start).days
        held = np.maximum(held, share * ((since >= 0) & (since < length[:, None])))
    return held


def surge_of(draws: Draws, product: str) -> Array:
    """What suppliers can make beyond the base flow, (draw,)."""
    return draws.get("surge_share", product)


def fear(draws: Draws, product: str, told: Array) -> Array:
    """Fear orders of the goods that the rule does not touch, as a share of their base flow: stocks are filled as
    fast as suppliers can make them, kept, and in part run down. (draw, day)"""
    get = draws.get
    surge = surge_of(draws, product)[:, None]
    stock = get("fear_stock_days", product)[:, None]
    fill = np.clip(stock - surge * np.clip(told, 0, None), 0, surge) * (told >= 0)  # days of use added on each day
    filled = stock / np.maximum(surge, 1e-9)
    back = (told >= filled + FEAR_HOLD) & (told < filled + FEAR_HOLD + FEAR_UNWIND)
    rundown = stock * get("fear_return_share", product)[:, None] / FEAR_UNWIND * back
    return np.asarray(fill - rundown, float)


def replaced_by(draws: Draws, product: str, told: Array, blocked: Array) -> Array:
    """Share of the covered customers that a qualified substitute has taken, (draw, day): those without a licence
    when it is qualified, and some of the others; they stay (sticky switching)."""
    get = draws.get
    known = draws.has("alternative_lag_days", product)
    lag = get("alternative_lag_days", product) if known else get("replace_lag_days")
    progress = np.clip((told - lag[:, None]) / REPLACE_RAMP, 0, 1)
    step = np.diff(progress, axis=1, prepend=progress[:, :1])
    threatened = blocked > 0
    taken = np.where(threatened, blocked + (1 - blocked) * get("replace_share", product)[:, None], 0.0)
    return np.asarray(np.cumsum(step * taken, axis=1) * get("sticky_share", product)[:, None], float)
