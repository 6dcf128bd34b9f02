"""One loss at three horizons: the first month, the first year, and what lasts, from one path of the materials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoecon.dates import MONTH, YEAR
from geoecon.disruption.economy import Economy
from geoecon.disruption.material_path import MaterialPath, joint_ceiling, last_output, material_path
from geoecon.disruption.materials import Materials

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
WINDOWS = ("first month", "first year", "lasting")
DAYS = {"first month": MONTH, "first year": YEAR}
Users = Sequence[Sequence[tuple[str, str]]]
SIGMAS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
STOCKS = (0.0, 15.0, 30.0, 60.0, 90.0, 120.0, 180.0, 365.0)
MANY = 21  # draws behind a sweep
FALL = 0.05  # of bound output in a month: a fall that people would report


def losses(path: MaterialPath, share: Array, materials: Materials, remaining: Array | None = None) -> Array:
    """(draw, window, product) share of the users' output lost, each material on its own.

    The first two are means over the days of the path, whose last day goes on where it is shorter; the last is the
    state in which the flow ends (mean of its last month), without stocks.
    """
    found = [_mean(path.loss, days) for days in DAYS.values()]
    flow = share[:, -MONTH:].mean(axis=1)
    last = None if remaining is None else remaining[:, -1]
    found.append(last_output(flow, materials, last)[1])
    return np.stack(found, axis=1)


def _mean(loss: Array, days: int) -> Array:
    """(draw, product) mean over the first days."""
    T = loss.shape[1]
    return np.asarray((loss[:, :days].sum(axis=1) + max(days - T, 0) * loss[:, -1]) / days)


def of_industries(
    path: MaterialPath, share: Array, materials: Materials, users: Users, remaining: Array | None = None
) -> dict[tuple[str, str], Array]:
    """(draw, window) share of each user industry's output lost: on every day the scarcest of its materials decides."""
    flow = share[:, -MONTH:].mean(axis=1)
    lasting = last_output(flow, materials, None if remaining is None else remaining[:, -1])[1]
    last = joint_ceiling(1 - lasting[:, None], users)
    found = {}
    for industry, ceiling in joint_ceiling(path.ceiling, users).items():
        lost = 1 - ceiling[:, :, None]
        parts = [_mean(lost, days)[:, 0] for days in DAYS.values()]
        found[industry] = np.stack([*parts, 1 - last[industry][:, 0]], axis=1)
    return found


def direct(lost: Mapping[tuple[str, str], Array], economy: Economy, region: str) -> Array:
    """(draw, window) value added that the user industries of a region lose themselves, in the table's unit a year;
    nothing travels on to others."""
    parts = [
        values * float(economy.value_added[economy.index(*industry)]) * YEAR
        for industry, values in lost.items()
        if industry[0] == region
    ]
    some = next(iter(lost.values()))
    return np.asarray(sum(parts, np.zeros_like(some)))


@dataclass(frozen=True, eq=False)
class Sweeps:
    """First-year loss of each user industry, a share of output, median of the first draws, with one assumption at
    other values. Solved when it is asked for: pictures alone show it."""

    flow: Array  # (draw, day, product), as are the next two
    materials: Materials
    users: Users
    remaining: Array | None = None
    free: Array | None = None

    @classmethod
    def of(
        cls, share: Array, materials: Materials, users: Users, remaining: Array | None, free: Array | None
    ) -> Sweeps:
        """The first year of the first draws."""
        some = slice(0, min(len(share), MANY))
        left, loose = (None if values is None else values[some, :YEAR].copy() for values in (remaining, free))
        return cls(share[some, :YEAR].copy(), materials.rows(some), users, left, loose)

    @cached_property
    def by_substitution(self) -> xr.DataArray:
        """(sigma, industry) for SIGMAS in the first days."""
        long = self.materials.substitution_long
        return self._swept(
            "sigma", {one: {"substitution_now": one, "substitution_long": np.maximum(long, one)} for one in SIGMAS}
        )

    @cached_property
    def by_stock(self) -> xr.DataArray:
        """(days, industry) for STOCKS."""
        return self._swept("days", {days: {"stock_days": days} for days in STOCKS})

    def _swept(self, axis: str, changes: Mapping[float, Mapping[str, Any]]) -> xr.DataArray:
        import xarray as xr

        rows = [self._lost(**change) for change in changes.values()]
        names = ["/".join(industry) for industry in rows[0]]
        values = [[float(np.median(lost)) for lost in row.values()] for row in rows]
        return xr.DataArray(values, {axis: list(changes), "industry": names}, (axis, "industry"),
                            attrs={"unit": "share of output"})  # fmt: skip

    def _lost(self, **change: float) -> dict[tuple[str, str], Array]:
        """{industry: (draw,)}."""
        path = material_path(self.flow, self.materials.with_(**change), self.remaining, self.free)
        ceilings = joint_ceiling(path.ceiling, self.users)
        return {industry: _mean(1 - ceiling[:, :, None], YEAR) for industry, ceiling in ceilings.items()}
