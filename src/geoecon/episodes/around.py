"""How far from what was told beforehand the record of cut-offs came out, whichever way: a band around a figure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from geoecon.episodes.nearest import STEPS, Array, order_statistic
from geoecon.episodes.record import ALWAYS, Record

Rule = Callable[[Array], Array]  # (n,) share of all imports that was lost: (n,) what is told of the outcome


def around(record: Record, outcome: str, years: int, told: Rule, before: int = ALWAYS, own: int = -1) -> Array:
    """Distance (level,) of each level from a figure told by `told`, below it and above it alike.

    The order statistics of |seen − told| over the cut-offs known `before` a year, one vote an event, the supplier and
    product number `own` left out (split conformal: Papadopoulos et al. 2002). The figure stays the middle, so that a
    band says how wrong it may be and not which way.
    """
    known = record.known(outcome, years, before)
    known = known.only(known.pair != own)
    missed = np.abs(known.values - told(known.near.prod(axis=1)))
    half = STEPS // 2
    wide = np.array([order_statistic(missed, known.votes, 2 * step) for step in range(1, half)])
    return np.concatenate([-wide[::-1], [0.0], wide])
