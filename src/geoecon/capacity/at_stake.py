"""What each state of a case trades in what the dispute touches: the measure of errors of losses."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from geoecon.capacity.flow_base import traded
from geoecon.capacity.instruments import shocks
from geoecon.case import Case
from geoecon.draws import Draws


def at_stake(case: Case, draws: Draws, *, whole: bool = False) -> dict[str, float]:
    """USD million a year by state: the controlled goods for both sides, and sales that other instruments can stop.

    Where it is told how much is withheld, or for how long (`asked_share` of a year's trade), that part of the trade
    in the good is at stake; `whole`: all of it, whatever is told.
    """

    def part(product: str) -> float:
        told = not whole and draws.has("asked_share", product)
        return float(np.median(draws.get("asked_share", product))) if told else 1.0

    goods = sum(
        part(product.id) * (traded(case, case.sender, case.target, product.id)[0] or 0.0) for product in case.products
    )
    found = defaultdict(float, {case.sender: goods, case.target: goods})
    sales = {(one.seller, one.buyer, one.product, one.sectors): one.base_usd_million for one in shocks(case, draws)}
    for (seller, _, product, _), base in sales.items():
        found[seller] += 0.0 if base is None else part(product) * float(np.median(base))
    return dict(found)
