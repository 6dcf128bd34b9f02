"""What is asked of a case's materials beside the line: stocks that bound a loss, industries by systemic risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoecon.case import Case
from geoecon.dates import YEAR
from geoecon.disruption.buffers import BOUND, Buffers, buffers
from geoecon.disruption.rank import Ranking, rank
from geoecon.disruption.setting import Setting
from geoecon.disruption.stage import aligned, by_day
from geoecon.draws import Draws
from geoecon.production import economy as economy_table

if TYPE_CHECKING:
    from geoecon.capacity import FlowCapacity
    from geoecon.catchup import Localisation
    from geoecon.episodes import CasePrecedents


def buffers_for_case(
    case: Case,
    draws: Draws,
    controls: FlowCapacity,
    catchup: Localisation | None = None,
    precedents: CasePrecedents | None = None,
    *,
    bound: float = BOUND,
    probability: float = 0.9,
) -> Buffers:
    """The stock of each material of a case that keeps its loss within `bound` days of users' output, and that against
    stops.

    The cost is the value of the stock at the base price of the sender's sales, USD million. Raises MissingData where
    no product names its users.
    """
    found = Setting(case, draws, precedents)
    share = aligned(controls.share, found.products, case.horizon_days, draws.n)
    left = None if catchup is None else by_day(catchup.remaining, found.products, case.horizon_days, draws.n)
    free = aligned(controls.free, found.products, case.horizon_days, draws.n) if hasattr(controls, "free") else None
    need = np.maximum(found.materials.need_share[0], 1e-12)
    price = [found.sales[name] / YEAR / part for name, part in zip(found.products, need, strict=True)]
    return buffers(
        share, found.materials_under(share), found.products, bound=bound, probability=probability, price=price,
        remaining=left, free=free, names={one.id: one.name for one in case.products}, sources=found.priors,
        verified=found.verified,
    )  # fmt: skip


def rank_for_case(case: Case, *, top: int = 100, days: int = 365) -> Ranking:
    """Industries of the case's table by systemic risk, and the flows from sender to target by what their loss costs.

    Raises MissingData where the case has no economy.csv.
    """
    return rank(economy_table(case), importer=case.target, exporter=case.sender, top=top, days=days)
