"""The disruption stage of a case: materials first, then the economy, for every draw; and the losses by state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoecon.capacity import at_stake, refused_sales, shocks
from geoecon.case import Case, Firm
from geoecon.disruption import horizons, markets
from geoecon.disruption.conduct import Conduct
from geoecon.disruption.courses import Economic, courses
from geoecon.disruption.firms import firm_stops
from geoecon.disruption.kept import Kept, kept
from geoecon.disruption.material_path import MaterialPath, joint_ceiling
from geoecon.disruption.path import DisruptionPath
from geoecon.disruption.prices import prices
from geoecon.disruption.setting import Setting
from geoecon.disruption.shocks import Shocks
from geoecon.disruption.together import Single
from geoecon.draws import Draws
from geoecon.errors import InputError
from geoecon.past_error import past_of

if TYPE_CHECKING:
    import xarray as xr

    from geoecon.capacity import FlowCapacity
    from geoecon.catchup import Localisation
    from geoecon.episodes import CasePrecedents

Array = NDArray[np.float64]
NOISE = 1e-9  # of value added: the rounding of a day's sums
AT_BASE = 1 - 1e-6  # cap on a flow that stays at its base; one would be no cap


def for_case(
    case: Case,
    draws: Draws,
    controls: FlowCapacity,
    catchup: Localisation | None = None,
    precedents: CasePrecedents | None = None,
) -> DisruptionPath:
    """The disruption of a case under the flow that its controls let through.

    `controls.share` (draw, day, product) from `case.start`; `catchup.remaining` (draw, month, product) adds home
    supply; `precedents` what others delivered in cut-offs like it, where the case states none. Raises MissingData where
    the case has no economy.csv or names no users; InputError for a product that the controls do not cover.
    """

    found = Setting(case, draws, precedents)
    days = case.horizon_days
    share = aligned(controls.share, found.products, days, draws.n)
    left = None if catchup is None else by_day(catchup.remaining, found.products, days, draws.n)
    free = aligned(controls.free, found.products, days, draws.n) if hasattr(controls, "free") else None
    materials = found.materials_under(share)
    path = kept(found, share, materials, left, free)
    firms = firm_stops(found, materials, share, left, free)
    sweeps = horizons.Sweeps.of(share, materials, found.users, left, free)
    shocks = case_shocks(found, path, days, left)
    users = list(dict.fromkeys(industry for industries in found.users for industry in industries))
    keep = [found.economy.index(*industry) for industry in users]
    del share, left, free  # the sweeps keep what pictures need of them
    course = courses(found.economy, shocks, Conduct.drawn(found.economy, draws), keep, materials)
    return _result(found, path, sweeps, course, users, firms)


def aligned(share: xr.DataArray, products: list[str], days: int, draws: int) -> Array:
    """(draw, day, product) of the horizon: a shorter path stays at its last day. Raises InputError for gaps."""
    absent = [name for name in products if name not in share["product"].values]
    if absent:
        raise InputError(f"controls.share lacks {', '.join(absent)}; allowed: every product with users")
    values = np.asarray(share.sel(product=products).transpose("draw", "day", "product").values, float)
    if len(values) not in (1, draws):
        raise InputError(f"controls.share has {len(values)} draws; allowed: {draws}")
    values = np.broadcast_to(values, (draws, *values.shape[1:]))
    if values.shape[1] < days:
        values = np.concatenate([values, np.repeat(values[:, -1:], days - values.shape[1], axis=1)], axis=1)
    return np.ascontiguousarray(values[:, :days])


def by_day(remaining: xr.DataArray, products: list[str], days: int, draws: int) -> Array:
    """Remaining dependence by month as (draw, day, product); products that it lacks keep theirs."""
    known = [name for name in products if name in remaining["product"].values]
    values = np.asarray(remaining.sel(product=known).transpose("draw", "month", "product").values, float)
    month = np.minimum((np.arange(days) / (365 / 12)).astype(int), values.shape[1] - 1)
    found = np.ones((draws, days, len(products)))
    found[:, :, [products.index(name) for name in known]] = np.clip(values[:, month], 0, 1)
    return found


def case_shocks(found: Setting, path: MaterialPath | Kept, days: int, left: Array | None = None) -> Shocks:
    """Ceilings on the users, caps on the makers' edges for lost sales, and the case's boycotts, per draw.

    What the sender no longer sells is ordered from others abroad, as in the record of cut-offs, which counts imports:
    makers in the users' own country sell more by what home supply grows (`left` as in `for_case`), and no more.
    """
    economy, D = found.economy, found.draws.n
    ceilings = joint_ceiling(path.ceiling, found.users)
    at = np.array([economy.index(*industry) for industry in ceilings], np.int64)
    ceiling = np.stack([value.T for value in ceilings.values()], axis=1)  # (T, k, D)
    ceiling = np.where(ceiling >= 1 - NOISE, np.inf, ceiling)
    seller = np.array([i for i, _ in found.edges], np.int64)
    buyer = np.array([j for _, j in found.edges], np.int64)
    cap = np.ones((days, len(seller), D))
    for e, flows in enumerate(found.edges.values()):
        for g, part in flows:
            cap[:, e] -= part * np.clip(1 - path.sales[:, :, g].T, 0, 1)
    cap = np.clip(cap, 0, 1)
    # what the material layer has already turned into a ceiling is not short a second time
    demand_at, demand, others = instruments(found, days)
    at_home = home_edges(found, cap, left)
    more = [pair for pair in others if pair not in found.edges]
    for e, pair in enumerate(found.edges):
        cap[:, e] *= others.get(pair, 1.0)
    more += [pair for pair in at_home if pair not in others]
    caps = at_home | others
    cap = np.concatenate([cap, *(caps[pair][:, None] for pair in more)], axis=1)
    seller = np.concatenate([seller, np.array([i for i, _ in more], np.int64)])
    buyer = np.concatenate([buyer, np.array([j for _, j in more], np.int64)])
    return Shocks(days, D, ceiling_at=at, ceiling=ceiling, demand_at=demand_at, demand=demand, seller=seller,
                  buyer=buyer, cap=cap, switch=np.ones_like(cap))  # fmt: skip


def home_edges(found: Setting, cap: Array, left: Array | None) -> dict[tuple[int, int], Array]:
    """{(maker in the users' own country, user): cap (T, D) on its base sales} while a sender's edge is held below its
    base (`cap` (T, edge, D) of `found.edges`): they rise by what home supply has grown by."""
    economy, R = found.economy, len(found.economy.regions)
    grown: dict[tuple[int, int], Array] = {}
    held: dict[tuple[int, int], NDArray[np.bool_]] = {}
    for e, ((i, j), flows) in enumerate(found.edges.items()):
        pair = (i - i % R + j % R, j)
        sold = economy.shares[i // R, j % R, j] * economy.base_orders[i // R, j]
        if pair in found.edges or sold <= 0:
            continue
        lost = economy.shares[i // R, i % R, j] * economy.base_orders[i // R, j]
        more = sum(part * lost / sold * (0.0 if left is None else 1 - left[:, :, g].T) for g, part in flows)
        grown[pair] = grown.get(pair, 0.0) + more
        below = cap[:, e] < 1
        held[pair] = held[pair] | below if pair in held else below
    return {pair: np.where(held[pair], AT_BASE + more, 1.0) for pair, more in grown.items()}


def instruments(found: Setting, days: int) -> tuple[NDArray[np.int64], Array, dict[tuple[int, int], Array]]:
    """(industries, change of final demand (T, k, D) a day, {edge: cap (T, D)}) of the case's instruments besides export
    controls (`capacity.shocks`): what buyers in one state no longer take from industries of another.

    A share `goes_elsewhere` of what the seller loses finds other buyers.
    """
    economy, D = found.economy, found.draws.n
    R = len(economy.regions)
    hit: dict[int, Array] = {}
    caps: dict[tuple[int, int], Array] = {}
    for one in shocks(found.case, found.draws):
        cut = _days(one.cut, D, days)
        resold = np.zeros_like(cut) if one.goes_elsewhere is None else _days(one.goes_elsewhere, D, days)
        buyer = economy.regions.index(one.buyer)
        for sector in one.sectors:
            i = economy.index(one.seller, sector)
            lost = np.zeros((days, D))
            if one.use in ("final", "all"):
                lost -= cut * (1 - resold) * economy.final[i, buyer]
            for j in range(buyer, economy.n, R) if one.use in ("intermediate", "all") else ():
                flow = economy.shares[i // R, i % R, j] * economy.base_orders[i // R, j]
                if flow > 0 and economy.index(one.seller, sector) != j:
                    caps[i, j] = caps.get((i, j), 1.0) * np.clip(1 - cut, 0, 1)
                    lost += cut * resold * flow
            hit[i] = hit.get(i, 0) + lost
    at = np.array(list(hit), np.int64)
    return at, np.stack(list(hit.values()), axis=1) if hit else np.zeros((0, 0, 0)), caps


def _days(values: Array, draws: int, days: int) -> Array:
    """(day, draw) of (draw, day), the last day held on."""
    found = np.broadcast_to(values, (draws, values.shape[1]))[:, :days].T
    return np.concatenate([found, np.repeat(found[-1:], days - len(found), axis=0)])


def _gained(found: Setting, path: Kept, lost: Array) -> tuple[str, ...]:
    """Says whose gain it is where the target gains in runs in which its users lose nothing: its own makers, as home
    supply grows, and those who sell to others abroad that deliver in the sender's place. `lost` (draw, region)."""
    regions, case = list(found.economy.regions), found.case
    if case.target not in regions or shocks(case, found.draws):
        return ()
    gain = -lost[1:, regions.index(case.target)]
    least = NOISE * float(found.economy.base_value_added[regions.index(case.target)]) * path.ceiling.shape[1]
    gain = gain[(path.ceiling[1:] >= 1 - NOISE).all(axis=(1, 2)) & (gain > least)]
    if len(gain) * 10 < found.draws.n - 1 or not len(gain):  # no figure that is told shows it
        return ()
    low, middle, high = np.quantile(gain, [0.1, 0.5, 0.9])
    sender, target = case.name_of(case.sender), case.name_of(case.target)
    runs = f"{len(gain)} of {found.draws.n - 1} runs"
    return (f"{target} gains in {runs} in which its users lose nothing: its own makers deliver more as home supply "
            f"grows, and others who sell in place of {sender} buy from it. In the middle it gains {found.economy.unit} "
            f"{middle:,.1f} of value added over the horizon ({low:,.1f} to {high:,.1f})",)  # fmt: skip


def _result(
    found: Setting, path: Kept, sweeps: horizons.Sweeps, course: Economic, users: list[tuple[str, str]],
    firms: tuple[list[Firm], Array],
) -> DisruptionPath:  # fmt: skip
    import xarray as xr

    economy, case = found.economy, found.case
    R, S = len(economy.regions), len(economy.sectors)
    product = {"product": found.products}
    base_output = economy.output.reshape(S, R).T
    central_output = course.first.reshape(-1, S, R).transpose(0, 2, 1)
    share = np.divide(central_output, base_output, out=np.ones_like(central_output), where=base_output > 0)
    names = {p.id: p.name for p in case.products} | {s.code: s.name for s in case.states}
    names |= {firm.id: firm.name for firm in firms[0]}
    place, sector = {"region": list(economy.regions)}, {"sector": list(economy.sectors)}
    base = economy.base_value_added

    def array(values: Array | Single, dims: tuple[str, ...], unit: str, **coords: list[Any]) -> xr.DataArray:
        return xr.DataArray(values, dims=dims, coords=coords, attrs={"unit": unit})

    by_region, by_product = ("draw", "day", "region"), ("draw", "day", "product")
    windows = {"window": list(horizons.WINDOWS)}
    direct = horizons.direct(path.industries, economy, case.target)
    by_industry = np.stack([path.industries[user] for user in users], axis=2)
    industry = {"industry": [f"{r}/{s}" for r, s in users]}
    told = prices(case, found.draws, path.paid, path.sold, found.products)
    return DisruptionPath(
        past=past_of(case, at_stake(found.case, found.draws)),
        stock=array(path.days["stock"], by_product, "days of total use", **product),
        use=array(path.days["use"], by_product, "share of need", **product),
        bound_output=array(path.days["output"], by_product, "share of base", **product),
        price=array(path.days["price"], by_product, "times the base", **product),
        stopped=array(path.days["stopped"], by_product, "share of firms", **product),
        ceiling=array(path.ceiling, by_product, "share of base", **product),
        sales=array(path.sales, by_product, "share of base", **product),
        firm_stop=array(firms[1], ("draw", "firm"), "days", firm=[firm.id for firm in firms[0]]),
        first_stop=array(path.first_stop, ("draw", "product"), "days", **product),
        falls=array(path.falls, ("draw", "product"), "share of base", **product),
        dearest_month=array(path.dearest, ("draw", "product"), "times the base", **product),
        losses=array(path.losses, ("draw", "window", "product"), "share of the users' output", **windows, **product),
        industry_losses=array(by_industry, ("draw", "window", "industry"), "share of output", **windows, **industry),
        sweeps=sweeps,
        direct=array(direct, ("draw", "window"), f"{economy.unit} a year", **windows),
        bill=array(path.bill, ("draw", "window", "product"), "USD million a year", **windows, **product),
        traded=array(markets.traded(found.materials), ("draw", "product"), "share of users", **product),
        output=array(share, ("day", "region", "sector"), "share of base", **place, **sector),
        output_change=array(course.output, by_region, "share of base", **place),
        users=array(course.users, ("draw", "day", "industry"), "share of base", **industry),
        value_added_change=array(course.added, by_region, "share of base", **place),
        lost_value_added=array(course.lost, ("draw", "region"), economy.unit, **place),
        base_value_added=array(base, ("region",), f"{economy.unit} a day", **place),
        base_output=array(base_output, ("region", "sector"), f"{economy.unit} a day", **place, **sector),
        unmet=array(course.unmet, ("draw", "region"), economy.unit, **place),
        base_sales=array(
            np.array([found.sales[name] for name in found.products]),
            ("product",),
            "USD million a year",
            **product,
        ),
        start=case.start,
        sender=case.sender,
        target=case.target,
        names=names,
        unit=economy.unit,
        verified=found.verified,
        sources=found.sources | {price.source for price in told},
        notes=(*found.notes, *_gained(found, path, course.lost)),
        prices=told,
        refused_sales=refused_sales(case, found.draws),
    )
