"""What the stage keeps of the materials' days: figures in full, paths by day in single precision where only pictures
and tables read them. A few draws at a time, so that nothing else is held for all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoecon.dates import YEAR
from geoecon.disruption import horizons, markets
from geoecon.disruption.material_path import luck_of, material_path
from geoecon.disruption.materials import Materials
from geoecon.disruption.setting import Setting
from geoecon.disruption.together import Single

Array = NDArray[np.float64]
FEW = 64  # draws at a time
DAYS = ("stock", "use", "output", "price", "stopped")


@dataclass(frozen=True, eq=False)
class Kept:
    """Of `MaterialPath`, (draw, day, product): `days`, those of DAYS in single precision; `ceiling`
    and `sales`, from which the economy goes on.

    (draw, product): `first_stop`, `falls` and `dearest` months, mean price that buyers pay `paid` and mean sales `sold`
    of the first year. (draw, window, product): `losses`, `bill`; (draw, window) by user industry: `industries`.
    """

    days: dict[str, Single]
    ceiling: Array
    sales: Array
    first_stop: Array
    falls: Array
    dearest: Array
    paid: Array
    sold: Array
    losses: Array
    bill: Array
    industries: dict[tuple[str, str], Array]


def kept(found: Setting, share: Array, materials: Materials, left: Array | None, free: Array | None) -> Kept:
    """The materials of all draws: `share`, `left`, `free` (draw, day, product) as `material_path` has them."""
    D, T, G = share.shape
    luck, windows = luck_of(D, G), len(horizons.WINDOWS)
    days = {name: np.empty((D, T, G), np.float32) for name in DAYS}
    ceiling, sales = np.empty((D, T, G)), np.empty((D, T, G))
    stop, falls, dearest, paid, sold = (np.empty((D, G)) for _ in range(5))
    lost, bill = np.empty((D, windows, G)), np.empty((D, windows, G))
    industries = {one: np.empty((D, windows)) for users in found.users for one in users}
    for rows in (slice(first, first + FEW) for first in range(0, D, FEW)):
        some, flow = materials.rows(rows), share[rows]
        home, loose = (None if values is None else values[rows] for values in (left, free))
        path = material_path(flow, some, home, loose, luck[rows])
        for name in DAYS:
            days[name][rows] = getattr(path, name)
        ceiling[rows], sales[rows] = path.ceiling, path.sales
        stop[rows], falls[rows], dearest[rows] = path.first_stop, path.worst_month(), path.dearest_month()
        paid[rows] = markets.market_price(path, some)[:, :YEAR].mean(axis=1)
        sold[rows] = path.sales[:, :YEAR].mean(axis=1)
        lost[rows] = horizons.losses(path, flow, some, home)
        bill[rows] = markets.import_bill(path, some, found.need[rows], found.imported[rows])
        for one, values in horizons.of_industries(path, flow, some, found.users, home).items():
            industries[one][rows] = values
    return Kept(days, ceiling, sales, stop, falls, dearest, paid, sold, lost, bill, industries)
