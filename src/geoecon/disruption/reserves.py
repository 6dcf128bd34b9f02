"""Strategic stocks: what a state or an agency has put by, and lets go after a cut as supply from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from geoecon.disruption.materials import Materials

Array = NDArray[np.float64]


def released(materials: Materials, since: Array) -> Array:
    """(draw, day, product) share of the need that a strategic stock gives on a day, `since` days (draw, day, product)
    after the flow first fell (below nothing before): the whole stock in equal parts over its release."""
    m = materials
    over = np.maximum(m.reserve_release_days, 1.0)[:, None]
    days = since - m.reserve_lag_days[:, None] + 1  # of release by the end of the day
    part = np.clip(days, 0, over) - np.clip(days - 1, 0, over)
    return np.where(since >= 0, m.reserve_days[:, None] * part / over, 0.0)


def with_reserves(materials: Materials, share: Array, free: Array, remaining: Array | None) -> Array | None:
    """The `remaining` dependence by day with what is released as home supply on top of what others deliver.

    `share` and `free` (draw, day, product) are the flows of covered and other goods. Without a strategic stock it is
    returned as it is.
    """
    m = materials
    if not (m.reserve_days > 0).any():
        return remaining
    fell = (share < 1 - 1e-9) | (free < 1 - 1e-9)
    start = np.where(fell.any(axis=1), fell.argmax(axis=1), share.shape[1])
    since = np.arange(share.shape[1])[None, :, None] - start[:, None].astype(float)
    rising = np.clip((since - m.lag_days[:, None] + 1) / np.maximum(m.ramp_days, 1)[:, None], 0, 1)
    need = np.maximum(m.need_share, 1e-12)[:, None]
    home = 0.0 if remaining is None else need * (1 - remaining)
    ready = np.maximum(np.where(since >= 0, m.alternative[:, None] * rising, 0.0), home)
    return np.asarray(1 - (ready + released(m, since)) / need)
