"""Critical materials: stocks, arrivals and what they leave of the users' output, by day and draw.

For each material, in units of its users' need a day (1 is the need of a normal day):

    arrivals = other suppliers + sender × share that may move + qualified alternatives
    use ≤ stock + arrivals;   stock' = stock + arrivals − use
    ceiling of the users' output = 1 − bound × criticality × (1 − use / need)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoecon.draws import Draws
from geoecon.errors import InputError

Array = NDArray[np.float64]
SHORT = 1e-9  # of the need: less is no shortage

# parameter of the case or the room: field of Materials
PARAMETERS: Mapping[str, str] = {
    "need_share": "need_share",
    "inventory_days": "stock_days",
    "alternative_lag_days": "lag_days",
    "alternative_ramp_days": "ramp_days",
    "alternative_ceiling": "alternative",
    "thinning_share": "thinning",
    "thinning_after_days": "thinning_after",
    "criticality": "criticality",
    "bound_output_share": "bound",
    "sticky_share": "sticky",
    "refill_days": "refill_days",
}


@dataclass(frozen=True, eq=False)
class Materials:
    """What is known about G materials in D draws; every field has shape (D, G).

    `need_share`: the sender's share of what the users need in the grade they need, not of imports. `stock_days`: days
    of *total* use (`of_sender` turns days of the sender's supply into it). `lag_days` and `ramp_days` until
    alternatives reach `alternative`, a share of the need; `sticky`: the part of an alternative's sales that stays
    when the sender is back. `thinning`: use that recipes can save from `thinning_after` days of shortfall on.
    `bound`: share of the user industry's output that needs the material; `criticality` 1 stops it, 0 does not.
    """

    need_share: Array
    stock_days: Array
    lag_days: Array
    ramp_days: Array
    alternative: Array
    thinning: Array
    thinning_after: Array
    criticality: Array
    bound: Array
    sticky: Array
    refill_days: Array

    def __post_init__(self) -> None:
        shape = self.need_share.shape
        faults = []
        for name, value in vars(self).items():
            if value.shape != shape or value.ndim != 2:
                faults.append(f"{name} has shape {value.shape}; allowed: (draws, materials) {shape}")
            elif not np.isfinite(value[np.isfinite(value) | (value < 0)]).all() or np.isnan(value).any():
                faults.append(f"{name} holds a value that is not a number")
            elif (value < 0).any():
                faults.append(f"{name} {value.min():g}; allowed: a number from 0")
            elif name in ("need_share", "thinning", "criticality", "bound", "sticky") and (value > 1).any():
                faults.append(f"{name} {value.max():g}; allowed: a share from 0 to 1")
        if faults:
            raise InputError(faults)

    @classmethod
    def of(cls, **values: Any) -> Materials:
        """Plain numbers or lists (one a material) as materials with one draw; what is left out is the simple case.

        Defaults: the only supplier, no stock, no alternative, no thinning, critical for all output.
        """
        simple = dict(need_share=1, stock_days=0, lag_days=np.inf, ramp_days=1, alternative=0, thinning=0,
                      thinning_after=0, criticality=1, bound=1, sticky=0, refill_days=60)  # fmt: skip
        if unknown := set(values) - set(simple):
            raise InputError(f"{', '.join(sorted(unknown))}; allowed: {', '.join(simple)}")
        arrays = [np.atleast_1d(np.asarray({**simple, **values}[name], float)) for name in simple]
        arrays = [value[None] if value.ndim == 1 else value for value in arrays]
        return cls(**dict(zip(simple, [a.copy() for a in np.broadcast_arrays(*arrays)], strict=True)))

    @classmethod
    def from_draws(cls, draws: Draws, products: list[str]) -> Materials:
        """The parameters of a case: `name.product`, else `name`."""
        return cls(**{
            field: np.stack([draws.get(name, product) for product in products], axis=1)
            for name, field in PARAMETERS.items()
        })  # fmt: skip

    def of_sender(self) -> Materials:
        """The same with stocks read as days of the sender's supply: 30 days of a share of 0.42 are 12.6 of use."""
        return replace(self, stock_days=self.stock_days * self.need_share)

    def with_(self, **fields: Any) -> Materials:
        """The same with some fields at other values (numbers or arrays)."""
        shape = self.need_share.shape
        return replace(self, **{k: np.broadcast_to(np.asarray(v, float), shape).copy() for k, v in fields.items()})


@dataclass(frozen=True, eq=False)
class MaterialPath:
    """Arrays (D, T, G): stock in days of use at the end of the day, use over need, ceiling on the users' output,
    the sender's sales and the alternatives' in units of the base flow from the sender (sales 1 before)."""

    stock: Array
    served: Array
    ceiling: Array
    sales: Array
    alternatives: Array

    @property
    def first_shortage(self) -> Array:
        """(D, G) day of the first shortage, infinite where there is none."""
        short = self.served < 1 - SHORT
        return np.where(short.any(axis=1), short.argmax(axis=1), np.inf)

    @property
    def days_short(self) -> NDArray[np.int64]:
        """(D, G) days on which the need is not served in full."""
        return np.asarray((self.served < 1 - SHORT).sum(axis=1))


def material_path(share: Array, materials: Materials, remaining: Array | None = None) -> MaterialPath:
    """Stocks, use and sales by day.

    `share` (D, T, G): part of the sender's base flow that can move; above one are orders pulled forward or deliveries
    made up. `remaining` (D, T, G): share of the initial dependence left as home supply grows, an alternative like
    any other. Lags and thinning count from the day on which the share first falls below one. Alternatives deliver
    what is wanted beyond the sender's flow; the `sticky` part of the most they ever delivered stays with them.
    Raises InputError for shapes that do not fit or a negative share.
    """
    m = materials
    D, T, G = share.shape
    if m.need_share.shape not in ((D, G), (1, G)):
        raise InputError(
            f"share has shape {share.shape}, materials {m.need_share.shape}; allowed: (draw, day, product)"
        )
    if (share < 0).any() or not np.isfinite(share).all():
        raise InputError(f"share {np.nanmin(share):g}; allowed: a finite number from 0")
    fallen = share < 1 - SHORT
    start = np.where(fallen.any(axis=1), fallen.argmax(axis=1), np.inf)  # (D, G)
    others = 1 - m.need_share
    stock = np.broadcast_to(m.stock_days, (D, G)).copy()
    kept = np.zeros((D, G))
    paths = [np.empty((D, T, G)) for _ in range(4)]
    for day in range(T):
        since = day - start
        ready = m.alternative * np.clip((since - m.lag_days + 1) / np.maximum(m.ramp_days, 1), 0, 1)
        if remaining is not None:
            ready = np.maximum(ready, m.need_share * (1 - remaining[:, day]))
        moving = m.need_share * share[:, day]
        need = np.where((since >= m.thinning_after) & (others + moving < 1 - SHORT), 1 - m.thinning, 1.0)
        want = need + np.maximum(m.stock_days - stock, 0) / m.refill_days
        ahead = np.maximum(moving - m.need_share, 0)  # pulled forward, or made up
        loyal = np.minimum(kept, ready)
        sold = np.minimum(moving, np.maximum(want - others - loyal, 0) + ahead)
        alternative = np.minimum(ready, np.maximum(np.maximum(want - others - sold, 0), loyal))
        kept = np.maximum(kept, m.sticky * np.minimum(alternative, m.need_share))
        arrivals = others + sold + alternative
        used = np.minimum(need, stock + arrivals)
        stock = stock + arrivals - used
        for path, value in zip(paths, (stock, used / need, sold, alternative), strict=True):
            path[:, day] = value
    served = np.clip(paths[1], 0, 1)
    served[served > 1 - SHORT] = 1
    base = np.maximum(m.need_share, 1e-12)[:, None]
    ceiling = 1 - (m.bound * m.criticality)[:, None] * (1 - served)
    return MaterialPath(paths[0], served, ceiling, paths[2] / base, paths[3] / base)


def joint_ceiling(ceiling: Array, users: list[tuple[tuple[str, str], ...]]) -> dict[tuple[str, str], Array]:
    """Ceiling (D, T) on the output of each user industry: the lowest of its materials' ceilings."""
    found: dict[tuple[str, str], Array] = {}
    for g, industries in enumerate(users):
        for industry in industries:
            found[industry] = np.minimum(found.get(industry, np.inf), ceiling[:, :, g])
    return found
