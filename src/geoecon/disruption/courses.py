"""The economy's course in every draw, some draws at a time: what the stage keeps of it, over the base."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from geoecon.disruption.conduct import Conduct
from geoecon.disruption.depth import held
from geoecon.disruption.economy import Array, Economy
from geoecon.disruption.materials import Materials
from geoecon.disruption.progress import bar
from geoecon.disruption.shocks import Shocks
from geoecon.disruption.together import Single, together

MANY = 128  # draws at a time


@dataclass(frozen=True, eq=False)
class Economic:
    """Shares of the base: `users` (draw, day, industry); above it `output` and value `added` (draw, day, region), in
    single precision. `lost` value added and `unmet` final demand (draw, region) over all days,
    `first` output (day, industry) of draw 0, in the table's unit."""

    output: Single
    users: Array
    added: Single
    lost: Array
    unmet: Array
    first: Array


def courses(
    economy: Economy, shocks: Shocks, conduct: Conduct, users: list[int], materials: Materials | None = None
) -> Economic:
    """All scenarios of `shocks`, no deeper than shortages can go (`depth.held`). `users`: numbers of industries;
    inputs are replaced no worse than `materials`, without them not at all."""
    T, D, (R, S) = shocks.days, shocks.scenarios, economy.size
    base, whole = economy.base_value_added, economy.output.reshape(S, R).sum(axis=0)
    found = Economic(np.empty((D, T, R), np.float32), np.empty((D, T, len(users))), np.empty((D, T, R), np.float32),
                     np.empty((D, R)), np.empty((D, R)), np.empty((T, economy.n)))  # fmt: skip
    with bar(what="draws simulated") as tell:
        for start in range(0, D, MANY):
            rows = slice(start, start + MANY)
            hit, how = shocks.only(rows), conduct.only(rows)
            course = together(economy, hit, how, users, partial(_tell, tell, start, hit.scenarios, D))
            replaced = None if materials is None else materials.rows(rows).elasticity
            course = held(economy, hit, course, how, users, replaced)
            added = np.moveaxis(course.value_added, 2, 0) - base
            found.added[rows], found.lost[rows], found.unmet[rows] = added / base, -added.sum(axis=1), course.unmet.T
            found.output[rows] = np.moveaxis(course.output, 2, 0) / whole - 1
            found.users[rows] = np.moveaxis(course.kept, 2, 0) / economy.output[users]
            if start == 0:
                found.first[:] = course.first
    return found


def _tell(tell: Callable[[float], None], start: int, few: int, of: int, part: float) -> None:
    tell((start + part * few) / of)
