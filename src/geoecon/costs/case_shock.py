"""What a case's dispute changes in the world economy, as an exact-hat shock for every draw. Data in, no case by name.

A controlled product is a share v of the flow of its maker's sector from sender to target. Of it a share L no longer
moves and the rest waits for licences. The flow of the sector falls by v L, a wedge (1 − v L)^(−1/θ) of which the
licensed exporters keep `licence_rent`, the rest being burnt; what moves waits at review time × carrying cost. The
industries of the target that need the products lose the share of their output that the disruption stage found, over
the same window: one technology, no second one here. It idles their own labour and capital (a loss of productivity by
that share, to the power of their value-added share); the inputs that they do not buy are free for others. A boycott
moves the target's final users away from the sender's goods: a wedge of which `boycott_waste` is burnt and the rest
only distorts, since what is not spent there is spent elsewhere. Licences, retaliation and boycott can each be left
out (`Dispute.only`), so that a loss can be attributed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geoecon.capacity import shocks, usd_million_before
from geoecon.case import Case, Product
from geoecon.costs import thetas
from geoecon.costs.economies import model_of
from geoecon.costs.model import Model
from geoecon.costs.shocks import Shock
from geoecon.draws import Array, Draws
from geoecon.errors import MissingData

YEAR = 365.0


@dataclass(frozen=True, eq=False)
class Exposure:
    """One controlled product in the economy: maker's sector in the sender, using sectors in the target.

    `flow_share` of the maker's sector flow sender → target; `need` and `from_sender` in USD million a year;
    `dependence` of the target on the sender.
    """

    product: Product
    maker: int | None
    users: tuple[int, ...]
    flow_share: float
    need: float
    from_sender: float

    @property
    def dependence(self) -> float:
        return self.from_sender / self.need if self.need > 0 else 0.0


@dataclass(frozen=True, eq=False)
class Economy:
    """The case's table as a model, and where sender, target and the products stand in it."""

    model: Model
    final_use: Array  # (j,) share of the sender's sales to the target that goes to final users
    goods: Any  # (j,) sectors that a control on goods can reach
    sender: int
    target: int
    exposures: tuple[Exposure, ...]


def economy_of(case: Case) -> Economy:
    """The case's economy with elasticities. Raises MissingData where the case has no table or a side is not in it."""
    from geoecon import production

    table = production.economy(case)
    for side in (case.sender, case.target):
        if side not in table.regions:
            raise MissingData(f"economy.csv: no region {side}")
    model = model_of(table)
    sender, target = model.region(case.sender), model.region(case.target)
    J = len(model.sectors)
    sold = table.Z[table.of(case.sender), table.of(case.target)].sum(axis=1)
    final = np.maximum(table.Y[table.of(case.sender), target], 0)
    total = sold + final
    services = set(thetas.sector_map().query("like == 'services'")["economy_sector"])
    goods = np.array([sector not in services for sector in model.sectors])
    exposures = tuple(e for e in (_exposure(case, model, product) for product in case.products) if e.need > 0)
    return Economy(model, np.divide(final, total, out=np.zeros(J), where=total > 0), goods, sender, target, exposures)


def _exposure(case: Case, model: Model, product: Product) -> Exposure:
    own = _value(case, product.id, case.sender)
    need = max(_value(case, product.id, "WLD"), own)
    maker = next((model.sector(s) for r, s in product.makers if r == case.sender and s in model.sectors), None)
    users = tuple(model.sector(s) for r, s in product.users if r == case.target and s in model.sectors)
    flow = 0.0
    if maker is not None:
        flow = float(model.border_value[maker, model.region(case.target), model.region(case.sender)])
    return Exposure(product, maker, users, min(own / flow, 0.9) if flow > 0 else 0.0, need, own)


def _value(case: Case, product: str, exporter: str) -> float:
    """USD million that the target imported in the last full calendar year before the dispute; 0 where unknown."""
    flows = case.flows
    rows = flows[(flows["product"] == product) & (flows["exporter"] == exporter) & (flows["importer"] == case.target)]
    return usd_million_before(rows, case.start) or 0.0


PLAYERS = ("licences", "retaliation", "boycott")


@dataclass(frozen=True, eq=False)
class Instrument:
    """One instrument besides export controls in the model: seller → buyer in some sectors."""

    switch: str
    seller: int
    buyer: int
    sectors: tuple[int, ...]
    cut: Array  # (draw,) share of the flow that does not move
    duty: Array  # (draw,) ad-valorem, raised by the buyer's side
    final_only: bool


@dataclass(frozen=True, eq=False)
class Dispute:
    """How hard the dispute bites, by draw: shares (draw,) for every product, and the rest."""

    lost: Mapping[str, Array]  # share of the sender's deliveries that does not come
    waiting: Mapping[str, Array]  # cost of waiting, share of value
    output_lost: Mapping[int, Array]  # share of output that the target's sector loses for want of a material
    other_cut: Array  # share of the makers' other goods for the target that does not move
    mirrored_cut: Array  # share of the target's goods (of its using sectors) for the sender that does not move
    boycott: Array  # share of the sender's sales to the target that is lost, borne by final users' goods
    instruments: tuple[Instrument, ...] = ()  # import bans, duties, stops of tours, boycotts of named goods

    def only(self, players: Collection[str]) -> Dispute:
        """The dispute with some of `PLAYERS` alone: the sender's licences, the target's retaliation, the boycott."""
        none = np.zeros_like(self.boycott)
        found = self
        if "licences" not in players:
            nothing = dict.fromkeys(self.lost, none)
            found = replace(found, lost=nothing, waiting=nothing, output_lost={}, other_cut=none)
        if "retaliation" not in players:
            found = replace(found, mirrored_cut=none)
        if "boycott" not in players:
            found = replace(found, boycott=none)
        return replace(found, instruments=tuple(one for one in self.instruments if one.switch in players))


def calm(economy: Economy, n: int) -> Dispute:
    """Nothing happens, for n draws."""
    none = np.zeros(n)
    nothing = dict.fromkeys([exposure.product.id for exposure in economy.exposures], none)
    return Dispute(nothing, nothing, {}, none, none, none)


def shock_of(economy: Economy, dispute: Dispute, draws: Draws) -> Shock:
    """The exact-hat shock (draw, …) of a dispute; elasticities vary with the draw."""
    model = economy.model
    n, (N, J) = draws.n, model.shape
    theta = model.elasticity * draws.get("elasticity_scale")[:, None]
    s, t = economy.sender, economy.target
    cost, tariff, tax = (np.ones((n, J, N, N)) for _ in range(3))
    cut, wait, makers = np.zeros((n, J)), np.zeros((n, J)), np.zeros(J, dtype=bool)
    users = np.zeros(J, dtype=bool)
    for exposure in economy.exposures:
        users[list(exposure.users)] = True
        if exposure.maker is not None:
            makers[exposure.maker] = True
            lost = dispute.lost[exposure.product.id]
            cut[:, exposure.maker] += exposure.flow_share * lost
            wait[:, exposure.maker] += exposure.flow_share * (1 - lost) * dispute.waiting[exposure.product.id]
    kept = (1 - np.minimum(cut, 0.95)) * (1 - dispute.other_cut[:, None] * makers)
    rent, waste = draws.get("licence_rent")[:, None], draws.get("boycott_waste")[:, None]
    wedge = kept ** (-1 / theta)
    mirror = (1 - dispute.mirrored_cut[:, None] * users) ** (-1 / theta)
    shunned = np.minimum(dispute.boycott[:, None] * economy.final_use / _mean_final(economy), 0.95)
    shun = (1 - shunned) ** (-1 / theta)
    cost[:, :, t, s] = wedge ** (1 - rent) * (1 + wait) * shun**waste
    tax[:, :, t, s] = wedge**rent
    tariff[:, :, t, s] = shun ** (1 - waste)
    cost[:, :, s, t] = mirror ** (1 - rent)
    tax[:, :, s, t] = mirror**rent
    for one in dispute.instruments:
        place = (slice(None), list(one.sectors), one.buyer, one.seller)
        part = economy.final_use[list(one.sectors)] if one.final_only and one.seller == s and one.buyer == t else 1.0
        shut = (1 - np.minimum(one.cut[:, None] * part, 0.95)) ** (-1 / theta[:, list(one.sectors)])
        burnt = waste if one.switch == "boycott" else 1 - rent
        # a general boycott of the same goods is not counted twice
        cost[place] = np.maximum(cost[place], shut**burnt)
        tariff[place] = np.maximum(tariff[place], shut ** (1 - burnt)) * (1 + one.duty[:, None])
    productivity = np.ones((n, N, J))
    for user, part in dispute.output_lost.items():
        productivity[:, t, user] = (1 - part) ** model.value_added_share[t, user]
    return Shock(cost, model.tariff * tariff, model.export_tax * tax, productivity, model.deficit, theta)


def _mean_final(economy: Economy) -> float:
    """Share of final users in all the sender's sales to the target, so that the boycott's share is of all trade."""
    flow = economy.model.border_value[:, economy.target, economy.sender]
    return max(float((flow * economy.final_use).sum() / flow.sum()), 1e-9)


def instruments_of(economy: Economy, case: Case, draws: Draws, days: slice) -> tuple[Instrument, ...]:
    """`capacity.shocks` of a case as shares of the model's flows, means over some days."""
    model, found = economy.model, []
    for one in shocks(case, draws):
        if one.seller not in model.regions or one.buyer not in model.regions or one.seller == one.buyer:
            continue  # a service bought at home by visitors is in the home flow, which no wedge can reach
        sectors = tuple(model.sector(name) for name in one.sectors if name in model.sectors)
        duty = np.zeros(draws.n) if one.duty is None else _mean(one.duty, days, draws.n)
        cut = _mean(one.cut, days, draws.n) if one.duty is None else np.zeros(draws.n)
        if sectors:
            found.append(Instrument(one.switch, model.region(one.seller), model.region(one.buyer), sectors, cut, duty,
                                    one.use == "final"))  # fmt: skip
    return tuple(found)


def _mean(path: Array, days: slice, n: int) -> Array:
    return np.asarray(np.broadcast_to(path[:, days].mean(axis=1), (n,)), float)


def first_year(
    economy: Economy, draws: Draws, controls: Any = None, disruption: Any = None, boycott: bool = True
) -> Dispute:
    """The dispute as in its first twelve months: deliveries that the controls stop, output lost, a boycott."""
    return _dispute(economy, draws, controls, slice(0, int(YEAR)), _lost_output(economy, disruption, "first year"),
                    draws.get("boycott_cut") * boycott)  # fmt: skip


def lasting(
    economy: Economy, draws: Draws, controls: Any = None, disruption: Any = None, boycott: bool = True
) -> Dispute:
    """The dispute once firms have adapted: deliveries that stay lost, output lost for good."""
    return _dispute(economy, draws, controls, slice(-int(YEAR), None), _lost_output(economy, disruption, "lasting"),
                    draws.get("boycott_cut") * draws.get("boycott_persistence") * boycott)  # fmt: skip


def _dispute(
    economy: Economy, draws: Draws, controls: Any, days: slice, output_lost: Mapping[int, Array], boycott: Array
) -> Dispute:
    names = [exposure.product.id for exposure in economy.exposures]
    return replace(
        calm(economy, draws.n),
        lost={name: _lost(controls, name, draws, days) for name in names},
        waiting={name: waiting_cost(draws, name) * _held(controls, name, days) for name in names},
        output_lost=output_lost,
        boycott=boycott,
    )


def _lost_output(economy: Economy, disruption: Any, window: str) -> dict[int, Array]:
    """Sector of the target: share of its output lost over a window, (draw,), as the disruption stage found it."""
    if disruption is None:
        return {}
    return by_sector(economy, disruption.industry_losses.sel(window=window))


def by_sector(economy: Economy, lost: Any) -> dict[int, Array]:
    """Number of the target's sector: its column of `lost`, a DataArray whose industries are named region/sector."""
    model, found = economy.model, {}
    for name in lost.coords["industry"].values:
        region, _, sector = str(name).partition("/")
        if region == model.regions[economy.target]:
            found[model.sectors.index(sector)] = np.asarray(lost.sel(industry=name).values, float)
    return found


def waiting_cost(draws: Draws, product: str) -> Array:
    """Cost of waiting for a licence as a share of value: days of review at the yearly carrying cost."""
    days = draws.get("review_days", of=product) if draws.has("review_days", of=product) else np.full(draws.n, 90.0)
    return np.asarray(days / YEAR * draws.get("carrying_cost"))


def _lost(controls: Any, product: str, draws: Draws, days: slice) -> Array:
    """(draw,) share of the base flow that does not move, a mean over days, as the controls stage found it."""
    if controls is None:
        return np.zeros(draws.n)
    share = _share(controls, product, days)
    return np.zeros(draws.n) if share is None else np.asarray(np.clip(1 - share.mean(axis=1), 0, 1))


def _share(controls: Any, product: str, days: slice) -> Array | None:
    """(draw, day) share of the base flow that can move, or None where the controls do not name the product."""
    if product not in controls.share.coords["product"].values:
        return None
    return np.asarray(controls.share.sel(product=product).transpose("draw", "day").values[:, days], dtype=float)


def _held(controls: Any, product: str, days: slice) -> Any:
    """(draw,) 1 where a control holds the product on any of the days, else 0: nothing waits without one."""
    share = None if controls is None else _share(controls, product, days)
    return 0.0 if share is None else (share.min(axis=1) < 1 - 1e-9).astype(float)


def repeated(dispute: Dispute, times: int) -> Dispute:
    """Its central draw for a grid of another parameter."""

    def wide(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: wide(item) for key, item in value.items()}
        return np.repeat(value[:1], times)

    few = {name: wide(value) for name, value in vars(dispute).items() if name != "instruments"}
    kept = tuple(replace(one, cut=wide(one.cut), duty=wide(one.duty)) for one in dispute.instruments)
    return Dispute(**few, instruments=kept)
