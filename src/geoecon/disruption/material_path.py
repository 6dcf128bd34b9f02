"""The days of the materials: stocks, use and deliveries of each user, by path and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geoecon.dates import MONTH
from geoecon.disruption import ces, technology
from geoecon.disruption.materials import ABOVE_NOTHING, SHORT, Array, Materials
from geoecon.disruption.reserves import with_reserves
from geoecon.errors import InputError


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
    share: Array, materials: Materials, remaining: Array | None = None, free: Array | None = None,
    luck: Array | None = None,
) -> MaterialPath:  # fmt: skip
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
        luck=luck_of(D, G) if luck is None else luck,
    )


def luck_of(draws: int, materials: int) -> Array:
    """(D, G) uniform numbers behind the first stops, one half in draw 0."""
    luck = np.random.default_rng(21).random((draws, materials))
    luck[0] = 0.5
    return luck


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
    output = np.empty(shape)
    use = np.clip(1 - missing + replaced, 0, 1)
    sides = (np.ascontiguousarray(np.broadcast_to(one, shape)) for one in (use, m.cost_share, m.substitution_long))
    used, a, sigma = (one.reshape(-1) for one in sides)
    ces.each_output(used, a, sigma, output.reshape(-1))
    lost = m.bound * (m.criticality * (1 - output) + m.cost_share * premium * replaced)
    return output, np.asarray(np.broadcast_to(lost, shape))


def joint_ceiling(ceiling: Array, users: Sequence[Sequence[tuple[str, str]]]) -> dict[tuple[str, str], Array]:
    """Ceiling (D, T) on the output of each user industry: the lowest of its materials' ceilings."""
    found: dict[tuple[str, str], Array] = {}
    for g, industries in enumerate(users):
        for industry in industries:
            found[industry] = np.minimum(found.get(industry, np.inf), ceiling[:, :, g])
    return found
