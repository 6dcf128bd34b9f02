"""Trade of a product's whole industry by the world table, where no rows of the product are known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from geoecon import production
from geoecon.lexicon import Good, Place


def imports_of_industry(good: Good, seller: Place, buyer: Place) -> dict[str, float]:
    """USD million that the buyer's whole economy buys of the product's industry by origin, from the world table."""
    table = production.economy(seller.code, buyer.code)
    world = production.world()
    k, found = world.sectors.index(good.industry), {}
    inside = [code for code in buyer.states if code in world.regions]
    for code in world.regions:
        if code in buyer.states or code in seller.states:
            continue
        row = world.index(code, good.industry)
        found[code] = float(sum(world.Z[row][world.of(b)].sum() + world.Y[row, world.regions.index(b)] for b in inside))
    row, buys = table.index(seller.code, table.sectors[k]), table.of(buyer.code)
    found[seller.code] = float(table.Z[row][buys].sum() + table.Y[row, 1])
    if not inside:  # a stand-in: what the rest of the world sells it, by that rest's own exports
        rest = float(
            table.Z[table.index("ROW", good.industry)][buys].sum() + table.Y[table.index("ROW", good.industry), 1]
        )
        size = _exports(good)
        total = sum(size.get(code, 0.0) for code in found if code != seller.code)
        for code in list(found):
            if code != seller.code:
                found[code] = rest * size.get(code, 0.0) / max(total, 1e-9)
    return {code: value for code, value in found.items() if value > 0}


@cache
def _exports_of(industry: str) -> Mapping[str, float]:
    world = production.world()
    S = len(world.sectors)
    found = {}
    for number, code in enumerate(world.regions):
        row = number * S + world.sectors.index(industry)
        home = world.Z[row][world.of(code)].sum() + world.Y[row, number]
        found[code] = float(np.asarray(world.x)[row] - home)
    return found


def _exports(good: Good) -> Mapping[str, float]:
    return _exports_of(good.industry)


def world_imports(good: Good) -> float:
    return float(sum(_exports(good).values()))
