"""Critical materials: what is known about them, and what a flow leaves of their use and of their users' output by day.

For each material, in units of its users' need a day (1 is the need of a normal day):

    arrivals = other suppliers, more at a higher price + sender × share that may move + what leaks through third
               countries + qualified alternatives
    use and bound output: one CES technology (`technology`), stocks drawn by value of use
    ceiling of the users' output = 1 − bound × criticality × (1 − bound output)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoecon.case import Product
from geoecon.dates import MONTH
from geoecon.disruption import technology
from geoecon.disruption.reserves import with_reserves
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

    def of_sender(self) -> Materials:
        """The same with stocks read as days of the sender's supply: 30 days of a share of 0.42 are 12.6 of use."""
        return replace(self, stock_days=self.stock_days * self.need_share)

    def with_(self, **fields: ArrayLike) -> Materials:
        """The same with some fields at other values (numbers or arrays)."""
        shape = self.need_share.shape
        return replace(self, **{k: np.broadcast_to(np.asarray(v, float), shape).copy() for k, v in fields.items()})


def key_of(draws: Draws, name: str, product: Product, left_out: str = "") -> str:
    """The parameter that holds for a product: its own row, the estimate without the case, the row of its customs code
    (six, four or two digits), else the general one."""
    codes = [f"hs{code[:digits]}" for digits in (6, 4, 2) for code in product.hs[:1]]
    for of in (product.id, f"without_{left_out}", *codes):
        if f"{name}.{of}" in draws.values:
            return f"{name}.{of}"
    return name


def values(draws: Draws, name: str, product: Product, left_out: str = "") -> Array:
    """(draw,) of a parameter for a product."""
    return draws.get(key_of(draws, name, product, left_out))


@dataclass(frozen=True, eq=False)
class MaterialPath:
    """Arrays (D, T, G): stock in days of use at the end of the day, use over need, bound output over its base, shadow
    price over the base as others see it (mean of about the last two months), share of firms below half their need,
    ceiling on the users' output, the sender's sales and the alternatives' in units of the base flow from the sender
    (sales 1 before), what leaks in (share of need).
    `users` (D, G) independent plants; `luck` (D, G) uniform numbers, one half in draw 0."""

    stock: Array
    use: Array
    output: Array
    price: Array
    stopped: Array
    ceiling: Array
    sales: Array
    alternatives: Array
    leaked: Array
    users: Array
    luck: Array

    @property
    def loss(self) -> Array:
        """(D, T, G) share of the users' output lost."""
        return np.asarray(1 - self.ceiling)

    @property
    def days_short(self) -> NDArray[np.int64]:
        """(D, G) days on which the need is not served in full."""
        return np.asarray((self.use < 1 - SHORT).sum(axis=1))

    def stop_chance(self) -> Array:
        """(D, T, G) chance that some plant has stopped by the end of the day: 1 − (1 − share of firms)^plants."""
        worst = np.maximum.accumulate(self.stopped, axis=1)
        return np.asarray(1 - (1 - np.clip(worst, 0, 1)) ** self.users[:, None])

    @property
    def first_stop(self) -> Array:
        """(D, G) day on which the first plant stops, infinite where none does."""
        hit = self.stop_chance() > self.luck[:, None]
        return np.where(hit.any(axis=1), hit.argmax(axis=1), np.inf)

    def worst_month(self, days: int | None = None) -> Array:
        """(D, G) lowest mean of bound output over 30 days within the first `days`, share of base."""
        return np.asarray(_months(self.output[:, :days]).min(axis=1))

    def day_price(self) -> Array:
        """(D, T, G) shadow price of the day itself, over the base, which `price` follows."""
        before = np.concatenate([np.ones_like(self.price[:, :1]), self.price[:, :-1]], axis=1)
        return np.asarray(np.maximum(before + (self.price - before) / technology.SMOOTH, 1.0))

    def dearest_month(self, days: int | None = None) -> Array:
        """(D, G) highest mean of the day's shadow price over 30 days within the first `days`, over the base: prices of
        a month are what is published."""
        return np.asarray(_months(self.day_price()[:, :days]).max(axis=1))


def _months(values: Array) -> Array:
    """(D, month, G) means over every 30 days of (D, T, G), over all days where there are fewer."""
    total = np.cumsum(np.concatenate([np.zeros_like(values[:, :1]), values], axis=1), axis=1)
    length = min(MONTH, values.shape[1])
    return np.asarray((total[:, length:] - total[:, :-length]) / length)


def material_path(
    share: Array, materials: Materials, remaining: Array | None = None, free: Array | None = None
) -> MaterialPath:
    """Stocks, use, bound output, price and sales by day (equations and papers: `technology`).

    `share` (D, T, G): part of the sender's base flow that can move; above one are orders pulled forward or deliveries
    made up. `free` (D, T, G): the same of the goods that no licence rule reaches (None: they move as before, as far as
    the whole flow allows). `remaining` (D, T, G): share of the initial dependence left as home supply grows, an
    alternative like any other. Lags count from the day on which the flow first falls below one. Alternatives deliver
    what is wanted beyond the sender's flow; the `sticky` part of the most they ever delivered stays with them.
    Raises InputError for shapes that do not fit or a negative share.
    """
    m = materials
    D, T, G = share.shape
    if m.need_share.shape not in ((D, G), (1, G)):
        raise InputError(
            f"share has shape {share.shape}, materials {m.need_share.shape}; allowed: (draw, day, product)"
        )
    if not np.isfinite(share).all() or (share < 0).any():
        raise InputError(f"share {np.nanmin(share):g}; allowed: a finite number from 0")
    covered_flow, free_flow = split(share, np.broadcast_to(m.covered, (D, G)), free)
    apart = 1 - m.fungible
    m = replace(m, single=m.single * apart, lump=m.lump * apart, pool=1 - (1 - m.pool) * apart)
    given = [_counted(name, np.broadcast_to(getattr(m, name), (D, G))) for name in technology.FIELDS]
    alike = np.broadcast_to(m.pool, (D, G))[..., None]
    many = technology.stocks_of_firms(np.broadcast_to(m.stock_spread, (D, G)))
    many = np.ascontiguousarray(alike + (1 - alike) * many)
    remaining = with_reserves(m, covered_flow, free_flow, remaining)
    left = np.ones((D, G, T)) if remaining is None else _by_path(remaining)
    out = np.empty((D, G, len(technology.RESULTS), T))
    technology.follow(
        _by_path(covered_flow), _by_path(free_flow), left, np.ascontiguousarray(np.stack(given, axis=-1)),
        technology.STRATA, many, out,
    )  # fmt: skip
    named = dict(zip(technology.RESULTS, np.moveaxis(out, (2, 3), (0, 2)), strict=True))
    base = np.broadcast_to(np.maximum(m.need_share, 1e-12), (D, G))[:, None]
    luck = np.random.default_rng(21).random((D, G))
    luck[0] = 0.5
    return MaterialPath(
        stock=named["stock"],
        use=named["use"],
        output=np.minimum(named["output"], 1.0),
        price=named["price"],
        stopped=named["stopped"],
        ceiling=1 - (m.bound * m.criticality)[:, None] * (1 - np.minimum(named["output"], 1.0)),
        sales=named["sales"] / base,
        alternatives=named["alternatives"] / base,
        leaked=named["leaked"],
        users=np.broadcast_to(m.users, (D, G)),
        luck=luck,
    )


def _counted(name: str, value: Array) -> Array:
    """A field as the kernel counts it, from 1e-12 to 1e12: less is nothing, except where nothing is not allowed."""
    least = technology.TINY if name in ABOVE_NOTHING else 0.0
    return np.where(value < technology.TINY, least, np.minimum(value, 1 / technology.TINY))


def _by_path(values: Array) -> Array:
    """(draw, day, product) with the days last, as the kernel wants them."""
    return np.ascontiguousarray(np.moveaxis(values, 1, 2), dtype=float)


def split(share: Array, covered: Array, free: Array | None = None) -> tuple[Array, Array]:
    """(flow of the covered goods, flow of the others), each over its own base, that make up `share`.

    Without `free` the others move as before, unless the whole flow is lower than they are: then nothing else moves.
    """
    c = np.broadcast_to(covered[:, None], share.shape)
    loose = np.maximum(1 - c, SHORT)
    others = np.minimum(share / loose, 1.0) if free is None else np.asarray(free, float)
    others = np.where(c <= SHORT, share, others)
    rest = np.where(c > SHORT, (share - (1 - c) * others) / np.where(c > SHORT, c, 1), 1.0)
    rest = np.where(np.abs(rest - 1) < SHORT, 1.0, np.maximum(rest, 0.0))
    return rest, others


def last_output(
    flow: Array, materials: Materials, remaining: Array | None = None, premium: float = 0.1
) -> tuple[Array, Array]:
    """(bound output, share of the users' output lost) for good, each (D, G): no stock is left, substitution has
    reached its long-run value, alternatives are there at `premium` over the old cost.

    `flow` (D, G) share of the base flow in the end; `remaining` (D, G) of the initial dependence.
    """
    m = materials
    shape = flow.shape
    left = np.ones(shape) if remaining is None else remaining
    held = np.clip(1 - flow, 0, 1) * (1 - m.leak)
    ready = np.maximum(m.alternative, m.need_share * (1 - left))
    missing = m.need_share * held
    replaced = np.minimum(ready, missing)
    output = np.ones(shape)
    use = np.broadcast_to(1 - missing + replaced, shape)
    a, sigma = np.broadcast_to(m.cost_share, shape), np.broadcast_to(m.substitution_long, shape)
    for at in np.ndindex(shape):
        s = sigma[at]
        output[at] = use[at] if s < technology.LEONTIEF else np.exp(technology.log_output(use[at], a[at], s))
    lost = m.bound * (m.criticality * (1 - output) + m.cost_share * premium * replaced)
    return output, np.asarray(np.broadcast_to(lost, shape))


def joint_ceiling(ceiling: Array, users: Sequence[Sequence[tuple[str, str]]]) -> dict[tuple[str, str], Array]:
    """Ceiling (D, T) on the output of each user industry: the lowest of its materials' ceilings."""
    found: dict[tuple[str, str], Array] = {}
    for g, industries in enumerate(users):
        for industry in industries:
            found[industry] = np.minimum(found.get(industry, np.inf), ceiling[:, :, g])
    return found
