"""What each state of a case trades in what the dispute touches: the measure of errors of losses."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from geoecon.capacity.flow_base import traded
from geoecon.capacity.instruments import shocks
from geoecon.case import Case
from geoecon.draws import Draws


def at_stake(case: Case, draws: Draws) -> dict[str, float]:
    """USD million a year by state: the controlled goods for both sides, and sales that other instruments can stop."""
    goods = sum(traded(case, case.sender, case.target, product.id)[0] or 0.0 for product in case.products)
    found = defaultdict(float, {case.sender: goods, case.target: goods})
    sales = {(one.seller, one.buyer, one.product, one.sectors): one.base_usd_million for one in shocks(case, draws)}
    for (seller, *_), base in sales.items():
        found[seller] += 0.0 if base is None else float(np.median(base))
    return dict(found)
