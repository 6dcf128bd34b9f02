"""What a case's dispute changes in the world economy, as an exact-hat shock for every draw. Data in, no case by name.

A controlled product is a share v of the flow of its maker's sector from sender to target. Of it a share L no longer
moves and the rest waits for licences. The flow of the sector falls by v L, a wedge (1 − v L)^(−1/θ) of which the
licensed exporters keep `licence_rent`, the rest being burnt; what moves waits at review time × carrying cost. Where
the product is critical, the using sector of the target becomes less productive: 1 − u (1 − Y(m)), Y the CES cut of one
input with cost share a, u the share of the sector that needs it, m what the target still gets (closed_forms).
A boycott moves the target's final users away from the sender's goods: a wedge of which `boycott_waste` is burnt and
the rest only distorts, since what is not spent there is spent elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geoecon.case import Case, Product
from geoecon.costs import closed_forms, thetas
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
    rows = rows[rows["value_usd"].notna()]
    year = rows[rows["period"].str.fullmatch(r"\d{4}") & (rows["period"] < str(case.start.year))]
    if len(year):
        return float(year.sort_values("period")["value_usd"].iloc[-1]) / 1e6
    before = f"{case.start:%Y-%m}"
    months = rows[rows["period"].str.fullmatch(r"\d{4}-\d{2}") & (rows["period"] < before)].sort_values("period")
    months = months.drop_duplicates("period").tail(12)
    return float(months["value_usd"].sum()) / 1e6 * (12 / len(months)) if len(months) else 0.0


@dataclass(frozen=True, eq=False)
class Dispute:
    """How hard the dispute bites, by draw: shares (draw,) for every product, and the rest."""

    lost: Mapping[str, Array]  # share of the sender's deliveries that does not come
    remaining: Mapping[str, Array]  # share of the initial dependence that is left
    waiting: Mapping[str, Array]  # cost of waiting, share of value
    other_cut: Array  # share of the makers' other goods for the target that does not move
    mirrored_cut: Array  # share of the target's goods (of its using sectors) for the sender that does not move
    boycott: Array  # share of the sender's sales to the target that is lost, borne by final users' goods
    cover: Mapping[str, Array]  # share of the need that stocks and alternatives cover meanwhile


def calm(economy: Economy, n: int) -> Dispute:
    """Nothing happens, for n draws."""
    none, one = np.zeros(n), np.ones(n)
    names = [exposure.product.id for exposure in economy.exposures]
    nothing = dict.fromkeys(names, none)
    return Dispute(nothing, dict.fromkeys(names, one), nothing, none, none, none, nothing)


def shock_of(economy: Economy, dispute: Dispute, draws: Draws, substitution: str = "input_substitution") -> Shock:
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
    productivity = np.ones((n, N, J))
    for exposure in economy.exposures:
        left = output_left(economy, exposure, dispute, draws, substitution)
        for user in exposure.users:
            productivity[:, t, user] *= left
    return Shock(cost, model.tariff * tariff, model.export_tax * tax, productivity, model.deficit, theta)


def _mean_final(economy: Economy) -> float:
    """Share of final users in all the sender's sales to the target, so that the boycott's share is of all trade."""
    flow = economy.model.border_value[:, economy.target, economy.sender]
    return max(float((flow * economy.final_use).sum() / flow.sum()), 1e-9)


def output_left(economy: Economy, exposure: Exposure, dispute: Dispute, draws: Draws, substitution: str) -> Array:
    """(draw,) productivity of the using sector, the critical input being short: 1 − u (1 − Y(m))."""
    name = exposure.product.id
    share = draws.get("bound_output_share", of=name)
    output = sum(float(economy.model.output[economy.target, user]) for user in exposure.users)
    if not output:
        return np.ones(draws.n)
    if draws.has("cost_share", of=name):
        cost_share = draws.get("cost_share", of=name)
    else:
        cost_share = np.minimum(exposure.need / (share * output), 1)
    left = closed_forms.critical_input(
        available_input(dispute, name, draws), cost_share, draws.get(substitution, of=name)
    )
    return np.asarray(1 - share * (1 - left))


def available_input(dispute: Dispute, product: str, draws: Draws) -> Array:
    """(draw,) share of the need that the target gets: its dependence, what is lost of it, alternatives, stocks."""
    short = draws.get("need_share", of=product) * dispute.remaining[product] * dispute.lost[product]
    return np.asarray(1 - np.clip(short - dispute.cover[product], 0, 1))


def replacements(draws: Draws, product: str, year: bool = False) -> Array:
    """(draw,) share of the need that alternatives cover in the end, or in the first year's mean, after a lag."""
    ceiling = draws.get("alternative_ceiling", of=product)
    if not year:
        return ceiling
    return np.asarray(ceiling * np.clip(1 - draws.get("alternative_lag_days", of=product) / YEAR, 0, 1))


def first_year(economy: Economy, draws: Draws, controls: Any = None) -> Dispute:
    """The dispute as in its first twelve months: deliveries that the controls stop, stocks, a boycott."""
    names = [exposure.product.id for exposure in economy.exposures]
    days = slice(0, int(YEAR))
    return replace(
        calm(economy, draws.n),
        lost={name: _lost(controls, name, draws, days) for name in names},
        waiting={name: waiting_cost(draws, name) * _held(controls, name, days) for name in names},
        boycott=draws.get("boycott_cut") * _disputed(controls, names),
        cover={
            name: draws.get("inventory_days", of=name) / YEAR + replacements(draws, name, year=True) for name in names
        },
    )


def lasting(economy: Economy, draws: Draws, controls: Any = None, catchup: Any = None) -> Dispute:
    """The dispute once firms have adapted: deliveries that stay lost, dependence left after localisation."""
    names = [exposure.product.id for exposure in economy.exposures]
    days = slice(-int(YEAR), None)
    return replace(
        calm(economy, draws.n),
        lost={name: _lost(controls, name, draws, days) for name in names},
        remaining={name: _left(catchup, name, draws) for name in names},
        waiting={name: waiting_cost(draws, name) * _held(controls, name, days) for name in names},
        boycott=draws.get("boycott_cut") * draws.get("boycott_persistence") * _disputed(controls, names),
        cover={name: replacements(draws, name) for name in names},
    )


def waiting_cost(draws: Draws, product: str) -> Array:
    """Cost of waiting for a licence as a share of value: days of review at the yearly carrying cost."""
    days = draws.get("review_days", of=product) if draws.has("review_days", of=product) else np.full(draws.n, 90.0)
    return np.asarray(days / YEAR * draws.get("carrying_cost"))


def _lost(controls: Any, product: str, draws: Draws, days: slice) -> Array:
    """(draw,) share of the base flow that does not move, a mean over days; from the controls stage or the prior."""
    if controls is None:
        return np.asarray(1 - draws.get("listed_flow_share", of=product))
    share = _share(controls, product, days)
    return np.zeros(draws.n) if share is None else np.asarray(np.clip(1 - share.mean(axis=1), 0, 1))


def _share(controls: Any, product: str, days: slice) -> Array | None:
    """(draw, day) share of the base flow that can move, or None where the controls do not name the product."""
    if product not in controls.share.coords["product"].values:
        return None
    return np.asarray(controls.share.sel(product=product).transpose("draw", "day").values[:, days], dtype=float)


def _held(controls: Any, product: str, days: slice) -> Any:
    """(draw,) 1 where a control holds the product on any of the days, else 0: nothing waits without one."""
    if controls is None:
        return 1.0
    share = _share(controls, product, days)
    return 0.0 if share is None else (share.min(axis=1) < 1 - 1e-9).astype(float)


def _disputed(controls: Any, names: Sequence[str]) -> Any:
    """(draw,) 1 where any product is held on any day, else 0: nobody boycotts without a dispute."""
    return 1.0 if controls is None else np.maximum.reduce([_held(controls, name, slice(None)) for name in names])


def _left(catchup: Any, product: str, draws: Draws) -> Array:
    """(draw,) share of the initial dependence that is left at the end of the horizon."""
    if catchup is None or product not in catchup.remaining.coords["product"].values:
        return np.ones(draws.n)
    return np.asarray(catchup.remaining.sel(product=product).transpose("draw", "month").values[:, -1], dtype=float)


def repeated(dispute: Dispute, times: int) -> Dispute:
    """Its central draw for a grid of another parameter."""

    def wide(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: wide(item) for key, item in value.items()}
        return np.repeat(value[:1], times)

    return Dispute(*(wide(value) for value in vars(dispute).values()))
