"""What a shortage does to markets: dearer imports, and the price behind the sender's sales by value.

Only where most can use what anybody holds (`fungible`, 1: gas in a grid) does the price that a unit more is worth to
its users become the market's; for certified goods it stays a shadow price inside the firms, and nobody pays it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geoecon.dates import MONTH
from geoecon.disruption.horizons import DAYS
from geoecon.disruption.material_path import MaterialPath
from geoecon.disruption.materials import Materials

Array = NDArray[np.float64]
TRADED = 0.5  # central share of the users from which a material has a market price


def market_price(path: MaterialPath, materials: Materials) -> Array:
    """(draw, day, product) price that buyers pay on average, over the base; 1 for goods that are mostly certified."""
    return np.asarray(1 + traded(materials)[:, None] * (path.price - 1))


def traded(materials: Materials) -> Array:
    """(draw, product) share of the users for whom the price is the market's; none where most are certified."""
    return np.where(materials.fungible[:1] >= TRADED, materials.fungible, 0.0)


def purchases(path: MaterialPath, materials: Materials) -> Array:
    """(draw, day, product) bought on a day, share of the users' need: what is used and what goes into stocks."""
    before = np.broadcast_to(materials.stock_days[:, None], path.stock[:, :1].shape)
    change = np.diff(path.stock, axis=1, prepend=before)
    return np.asarray(np.maximum(path.use + change, 0.0))


def import_bill(path: MaterialPath, materials: Materials, need: Array, imported: Array) -> Array:
    """(draw, window, product) USD million a year that the same purchases from abroad cost more than before.

    `need` (draw, product) USD million a year at base prices; `imported` (draw, product) share of it from abroad. The
    last window takes the last month of the path: prices fall with substitution, as far as the path goes.
    """
    more = (market_price(path, materials) - 1) * purchases(path, materials)
    windows = [more[:, :days].mean(axis=1) for days in DAYS.values()]
    return np.stack([value * need * imported for value in (*windows, more[:, -MONTH:].mean(axis=1))], axis=1)
