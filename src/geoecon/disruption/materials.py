"""Critical materials: what is known about them, and what a flow leaves of their use and of their users' output by day.

For each material, in units of its users' need a day (1 is the need of a normal day):

    arrivals = other suppliers, more at a higher price + sender × share that may move + what leaks through third
               countries + qualified alternatives
    use and bound output: one CES technology (`technology`), stocks drawn by value of use
    ceiling of the users' output = 1 − bound × criticality × (1 − bound output)
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoecon.case import Product
from geoecon.draws import Draws
from geoecon.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


Array = NDArray[np.float64]
SHORT = 1e-9  # of the need: less is no shortage

# parameter of the case or the room: field of Materials
PARAMETERS: Mapping[str, str] = {
    "need_share": "need_share",
    "inventory_days": "stock_days",
    "alternative_lag_days": "lag_days",
    "alternative_ramp_days": "ramp_days",
    "alternative_ceiling": "alternative",
    "criticality": "criticality",
    "bound_output_share": "bound",
    "sticky_share": "sticky",
    "refill_days": "refill_days",
    "covered_share": "covered",
    "users_count": "users",
    "substitution_now": "substitution_now",
    "substitution_long": "substitution_long",
    "substitution_days": "substitution_days",
    "relief_days": "relief_days",
    "stock_spread": "stock_spread",
    "pool_share": "pool",
    "fungible_share": "fungible",
    "single_source_share": "single",
    "others_response": "response",
    "leak_share": "leak",
    "lump_share": "lump",
    "strategic_stock_days": "reserve_days",
    "strategic_lag_days": "reserve_lag_days",
    "strategic_release_days": "reserve_release_days",
}
SHARES = ("need_share", "criticality", "bound", "sticky", "covered", "pool", "fungible", "single", "leak", "lump",
          "cost_share")  # fmt: skip
ABOVE_NOTHING = ("cost_share", "substitution_days", "relief_days", "refill_days", "reserve_release_days")


@dataclass(frozen=True, eq=False)
class Materials:
    """What is known about G materials in D draws; every field has shape (D, G).

    `need_share`: the sender's share of what the users need in the grade they need, not of imports; `covered`: part of
    that flow whose goods a licence rule reaches; `single`: part of the users who buy from one supplier only; `users`:
    independent plants that need it. `stock_days`: days of *total* use (`of_sender` turns days of the sender's supply
    into it), log-spread `stock_spread` over firms, `pool` of it lent or traded
    between them; relief of a shortage is expected at
    hazard 1/`relief_days`. `lag_days` and `ramp_days` until alternatives reach `alternative`, a share of the need;
    `sticky`: the part of an alternative's sales that stays when the sender is back. `cost_share` of the material in
    bound output; elasticity of substitution `substitution_now` in the first days, `substitution_long` in the end,
    `substitution_days` the time between; `response` of other suppliers to the price (elasticity); `leak` of what is
    held back through third countries; `lump`: licences reach a firm in full or not at all (1) or all alike (0).
    `fungible` (1: gas in a grid, 0: certified parts): anybody can use what anybody holds, so that single suppliers and
    lumpy licences do not matter and stocks are held in common.
    `bound`: share of the user industry's output that needs the material; `criticality` 1 stops it, 0 does not.
    `reserve_days` of total use lie in a strategic stock, which is let go from `reserve_lag_days` after the flow first
    fell, in equal parts over `reserve_release_days`.
    """

    need_share: Array
    stock_days: Array
    lag_days: Array
    ramp_days: Array
    alternative: Array
    criticality: Array
    bound: Array
    sticky: Array
    refill_days: Array
    covered: Array
    users: Array
    cost_share: Array
    substitution_now: Array
    substitution_long: Array
    substitution_days: Array
    relief_days: Array
    stock_spread: Array
    pool: Array
    fungible: Array
    single: Array
    response: Array
    leak: Array
    lump: Array
    reserve_days: Array
    reserve_lag_days: Array
    reserve_release_days: Array

    def __post_init__(self) -> None:
        shape = self.need_share.shape
        faults = []
        for name, value in vars(self).items():
            if value.shape != shape or value.ndim != 2:
                faults.append(f"{name} has shape {value.shape}; allowed: (draws, materials) {shape}")
            elif np.isnan(value).any() or (name != "lag_days" and np.isinf(value).any()):
                faults.append(f"{name} holds a value that is not a number")
            elif (value < 0).any():
                faults.append(f"{name} {value.min():g}; allowed: a number from 0")
            elif name in SHARES and (value > 1).any():
                faults.append(f"{name} {value.max():g}; allowed: a share from 0 to 1")
            elif name in ABOVE_NOTHING and (value == 0).any():
                faults.append(f"{name} 0; allowed: a number above 0")
        if not faults and (self.substitution_long < self.substitution_now - 1e-12).any():
            at = np.unravel_index((self.substitution_long - self.substitution_now).argmin(), shape)
            now, long = self.substitution_now[at], self.substitution_long[at]
            faults.append(f"substitution_long {long:g} below substitution_now {now:g}; allowed: at least as large")
        if faults:
            raise InputError(faults)

    @classmethod
    def of(cls, **values: ArrayLike) -> Materials:
        """Plain numbers or lists (one a material) as materials with one draw; what is left out is the simple case.

        Defaults: the only supplier, no stock, no alternative, nothing replaces the material (Leontief), all firms
        alike, critical for all output.
        """
        simple = dict(need_share=1, stock_days=0, lag_days=np.inf, ramp_days=1, alternative=0, criticality=1, bound=1,
                      sticky=0, refill_days=60, covered=1, users=1, cost_share=0.01, substitution_now=0,
                      substitution_long=None, substitution_days=1095, relief_days=180, stock_spread=0, pool=0,
                      fungible=0, single=0, response=0, leak=0, lump=0, reserve_days=0, reserve_lag_days=30,
                      reserve_release_days=90)  # fmt: skip
        if unknown := set(values) - set(simple):
            raise InputError(f"{', '.join(sorted(unknown))}; allowed: {', '.join(simple)}")
        given = {**simple, **values}
        if given["substitution_long"] is None:
            given["substitution_long"] = given["substitution_now"]
        arrays = [np.atleast_1d(np.asarray(given[name], float)) for name in simple]
        arrays = [value[None] if value.ndim == 1 else value for value in arrays]
        return cls(**dict(zip(simple, [a.copy() for a in np.broadcast_arrays(*arrays)], strict=True)))

    @classmethod
    def from_draws(cls, draws: Draws, products: Sequence[Product], cost_share: Array, left_out: str = "") -> Materials:
        """The parameters of a case: `name.product`, else `name.hs…` by customs code, else `name` (see `values`).

        `cost_share` (draw, product). `left_out`: the id of the case, so that estimates which used its outcomes give
        way to those made without it.
        """
        found = {
            field: np.stack([values(draws, name, product, left_out) for product in products], axis=1)
            for name, field in PARAMETERS.items()
        }
        found["substitution_long"] = np.maximum(found["substitution_long"], found["substitution_now"])
        return cls(cost_share=cost_share, **found)

    def elasticity(self, days: Array) -> Array:
        """(draw,) elasticity of substitution of the material that is hardest to replace, so many days (draw,) after
        the flow first fell."""
        grown = 1 - np.exp(-days[:, None] / self.substitution_days)
        return np.asarray(
            (self.substitution_now + (self.substitution_long - self.substitution_now) * grown).min(axis=1)
        )

    def of_sender(self) -> Materials:
        """The same with stocks read as days of the sender's supply: 30 days of a share of 0.42 are 12.6 of use."""
        return replace(self, stock_days=self.stock_days * self.need_share)

    def rows(self, rows: slice | NDArray[np.int64]) -> Materials:
        """The same materials in some of the draws."""
        return replace(self, **{name: value[rows] for name, value in vars(self).items()})

    def with_(self, **fields: ArrayLike) -> Materials:
        """The same with some fields at other values (numbers or arrays)."""
        shape = self.need_share.shape
        return replace(self, **{k: np.broadcast_to(np.asarray(v, float), shape).copy() for k, v in fields.items()})


def key_of(draws: Draws, name: str, product: Product, left_out: str = "") -> str:
    """The parameter that holds for a product: its own row, the estimate without the case, the row of its customs code
    (six, four or two digits), else the general one."""
    return key_among(draws.values, name, product, left_out)


def key_among(known: Container[str], name: str, product: Product, left_out: str = "") -> str:
    """The same among names of rows."""
    codes = [f"hs{code[:digits]}" for digits in (6, 4, 2) for code in product.hs[:1]]
    for of in (product.id, f"without_{left_out}", *codes):
        if f"{name}.{of}" in known:
            return f"{name}.{of}"
    return name


def values(draws: Draws, name: str, product: Product, left_out: str = "") -> Array:
    """(draw,) of a parameter for a product."""
    return draws.get(key_of(draws, name, product, left_out))
