"""Figures of others' deliveries that a case states, and what such figures have been wrong by on the record.

A ceiling, a lag and a ramp say how much of what is missing others replace in a year. The same formula with the room's
own ranges was asked of every cut-off on record: what it missed there is the band around a case's figures.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from geoecon.case import default_parameters
from geoecon.dates import YEAR
from geoecon.draws import triangular
from geoecon.episodes import LEVELS, around

if TYPE_CHECKING:
    from geoecon.episodes import Record
    from geoecon.figure import Array

ROOM = ("alternative_ceiling", "alternative_lag_days", "alternative_ramp_days")
STRETCH = np.r_[0.0, np.geomspace(1 / 32, 16, 73)]  # of lag and ramp; 1 is among them
OWN_SHAPE = 1e-5  # what the shape that was stated counts for beside what the two years ask
TOGETHER = 100.0  # what the two years together count for beside each
EARLY, EVEN = 1e-3, 1e-9


def replaced(ceiling: Array, lag: Array, ramp: Array) -> Array:
    """(2, …) mean of the first and of the second year of a straight rise to `ceiling` (a share of what is missing;
    above one counts as one) that begins after `lag` days and takes `ramp`."""
    whole = np.maximum(ceiling, 1.0)
    ramp = np.maximum(ramp / whole, 1.0)  # reached earlier where more than all of it could be sent

    def sent(day: float) -> Array:
        on = np.clip(day - lag, 0, None)
        return np.where(on < ramp, on**2 / (2 * ramp), on - ramp / 2)

    return np.asarray(ceiling / whole * np.stack([sent(YEAR), sent(2 * YEAR) - sent(YEAR)]) / YEAR)


@cache
def missed(record: Record, before: int, own: int) -> Array:
    """(2, level) error of such figures in the first and in the second year, share of the loss (see `around`)."""
    rows = [default_parameters()[name] for name in ROOM]
    ceiling, lag, ramp = (triangular(np.array([0.5]), row.low, row.central, row.high) for row in rows)

    def told(year: int) -> Callable[[Array], Array]:
        return lambda lost: np.asarray(replaced(ceiling / lost, lag, ramp)[year])

    return np.stack([around(record, "replaced", year, told(year), before, own) for year in (0, 1)])


def moved(ceiling: Array, lag: Array, ramp: Array, apart: Array) -> tuple[Array, Array]:
    """(ceiling, stretch of lag and ramp), each (draw,), of a rise whose two years are `apart` (2, draw).

    The ceiling is a share of what is missing, at most one; it moves to what the two years ask together, time stretches
    to what each asks, as little as they need, and where nothing is apart both stay.
    """
    top, ramp = np.minimum(ceiling, 1.0), np.maximum(ramp / np.maximum(ceiling, 1.0), 1.0)
    want = np.clip(replaced(top, lag, ramp) + apart, 0, 1)[:, None]
    shape = replaced(np.ones((len(STRETCH), 1)), STRETCH[:, None] * lag, np.maximum(STRETCH[:, None] * ramp, 1.0))
    most = np.clip((want.sum(axis=0) + OWN_SHAPE * top) / (shape.sum(axis=0) + OWN_SHAPE), 0, 1)
    odd = OWN_SHAPE * np.log(np.maximum(STRETCH, EARLY))[:, None] ** 2
    short = most * shape - want
    best = ((short**2).sum(axis=0) + TOGETHER * short.sum(axis=0) ** 2 + odd).argmin(axis=0)
    return most[best, np.arange(len(lag))], STRETCH[best]


def with_error(figures: list[Array], gap: Array, ranks: Array, levels: Array) -> list[Array]:
    """Ceiling (share of the need), lag and ramp of each draw, (draw,), apart from those told by the error at its rank.

    `gap` (draw,) is the most that is missing on a day, share of the need; `ranks` (2, draw) between 0 and 1 of each
    year's error, one half for none; `levels` as `missed` gives them.
    """
    ceiling, lag, ramp = figures
    some = np.maximum(gap, EVEN)
    told = ceiling / some
    apart = np.stack([np.interp(rank, LEVELS, level) for rank, level in zip(ranks, levels, strict=True)])
    most, stretch = moved(told, lag, ramp, np.where(gap > EVEN, apart, 0.0))
    top = np.minimum(told, 1.0)
    less = most < top - EVEN
    kept = ceiling * most / np.maximum(top, EVEN)
    return [
        np.where(gap > EVEN, np.where(less | (top < EVEN), most * gap, kept), ceiling),
        lag * stretch,
        ramp * stretch / np.where(less, np.maximum(told, 1.0), 1.0),
    ]
