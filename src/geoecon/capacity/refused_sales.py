"""What a target can no longer sell to a sender that refuses to buy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoecon.capacity.instruments import shocks
from geoecon.case import Case
from geoecon.dates import YEAR
from geoecon.draws import Draws


class RefusedSales(NamedTuple):
    """USD million over the horizon: `lost` (draw,) and `most`, the largest part of what was sold that does
    not move in any draw; `sources` of the measures."""

    lost: NDArray[np.float64]
    most: float
    sources: frozenset[str]


def shuns(case: Case) -> bool:
    """Whether the sender, as known on the day of the forecast, stays away from what the target sells it."""
    rows = case.settings.get("demand", ())
    return any(row.get("by") in case.senders and str(row["known_from"])[:10] <= case.cutoff.isoformat() for row in rows)


def refused_sales(case: Case, draws: Draws) -> RefusedSales | None:
    """The target's sales that do not move and find no other buyer; None where the sender does not refuse to buy
    (`buyer` of case.toml), or the size of what it bought is unknown."""
    if case.buyer == case.target:
        return None
    lost, stopped, sources = [], [], set()
    for one in shocks(case, draws):
        if one.seller != case.target or one.base_usd_million is None or one.flow_cut is None:
            continue
        if one.goes_elsewhere is not None:
            lost.append(one.base_usd_million / YEAR * (one.flow_cut * (1 - one.goes_elsewhere)).sum(axis=1))
            stopped.append(one.base_usd_million / YEAR * one.flow_cut.sum(axis=1))
            sources.add(one.source)
    if not lost:
        return None
    return RefusedSales(np.sum(lost, axis=0), float(np.max(np.sum(stopped, axis=0))), frozenset(sources))
