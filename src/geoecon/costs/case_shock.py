"""What a case's dispute changes in the world economy, as an exact-hat shock for every draw. Data in, no case by name.

A controlled product is a share v of the flow of its maker's sector from sender to target. Of it a share L no longer
moves and the rest waits for licences. The flow of the sector falls by v L, a wedge (1 − v L)^(−1/θ) of which the
licensed exporters keep `licence_rent`; the rest waits at a cost of review time × carrying cost. Where the product is
critical, the using sector of the target becomes less productive: 1 − u (1 − Y(m)), Y the CES cut of one input with
cost share a, u the share of the sector that needs it, m what the target still gets (closed_forms.critical_input).
A boycott takes a share of the sender's sales to the target's final users.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from geoecon.case import Case, Product
from geoecon.costs import closed_forms, elasticities
from geoecon.costs.model import Array, Model, model_from_table
from geoecon.costs.shocks import Shock
from geoecon.draws import Draws
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
    found = elasticities.elasticities(table.sectors)
    model = model_from_table(table, elasticities.as_mapping(found))
    sender, target = model.region(case.sender), model.region(case.target)
    J = len(model.sectors)
    sold = table.Z[table.of(case.sender), table.of(case.target)].sum(axis=1)
    final = np.maximum(table.Y[table.of(case.sender), target], 0)
    total = sold + final
    services = set(elasticities.sector_map().query("like == 'services'")["economy_sector"])
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
    flows = case.table("trade")
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
    wide_cost: Array  # trade cost on all the sender's goods to the target, share of value
    mirrored_cost: Array  # the same on the target's goods to the sender
    boycott: Array  # share of the sender's sales to the target that is lost, borne by final users' goods
    stock: Array  # share of the need that stocks cover meanwhile


def shock_of(economy: Economy, dispute: Dispute, draws: Draws, substitution: str = "input_substitution") -> Shock:
    """The exact-hat shock (draw, …) of a dispute; elasticities vary with the draw."""
    model = economy.model
    n, (N, J) = draws.n, model.shape
    theta = model.elasticity * draws.get("elasticity_scale")[:, None]
    rent = draws.get("licence_rent")
    s, t = economy.sender, economy.target
    cost = np.ones((n, J, N, N))
    tax = np.ones((n, J, N, N))
    cut, wait = np.zeros((n, J)), np.zeros((n, J))
    for exposure in economy.exposures:
        if exposure.maker is not None:
            lost = dispute.lost[exposure.product.id]
            cut[:, exposure.maker] += exposure.flow_share * lost
            wait[:, exposure.maker] += exposure.flow_share * (1 - lost) * dispute.waiting[exposure.product.id]
    wedge = (1 - np.minimum(cut, 0.95)) ** (-1 / theta)
    cost[:, :, t, s] *= wedge ** (1 - rent[:, None]) * (1 + wait + dispute.wide_cost[:, None] * economy.goods)
    tax[:, :, t, s] *= wedge ** rent[:, None]
    boycotted = np.minimum(dispute.boycott[:, None] * economy.final_use / _mean_final(economy), 0.95)
    cost[:, :, t, s] *= (1 - boycotted) ** (-1 / theta)
    cost[:, :, s, t] *= 1 + dispute.mirrored_cost[:, None] * economy.goods
    productivity = np.ones((n, N, J))
    for exposure in economy.exposures:
        left = output_left(economy, exposure, dispute, draws, substitution)
        for user in exposure.users:
            productivity[:, t, user] *= left
    return Shock(cost, model.tariff, model.export_tax * tax, productivity, model.deficit, theta)


def _mean_final(economy: Economy) -> float:
    """Share of final users in all the sender's sales to the target, so that the boycott's share is of all trade."""
    flow = economy.model.border_value[:, economy.target, economy.sender]
    return max(float((flow * economy.final_use).sum() / flow.sum()), 1e-9)


def output_left(economy: Economy, exposure: Exposure, dispute: Dispute, draws: Draws, substitution: str) -> Array:
    """(draw,) productivity of the using sector, the critical input being short: 1 − u (1 − Y(m))."""
    name = exposure.product.id
    share = draws.get("user_share", of=name)
    output = sum(float(economy.model.output[economy.target, user]) for user in exposure.users)
    if not output:
        return np.ones(draws.n)
    if draws.has("cost_share", of=name):
        cost_share = draws.get("cost_share", of=name)
    else:
        cost_share = np.minimum(exposure.need / (share * output), 1)
    short = exposure.dependence * dispute.remaining[name] * dispute.lost[name] - dispute.stock
    available = 1 - np.clip(short, 0, 1)
    left = closed_forms.critical_input(available, cost_share, draws.get(substitution, of=name))
    return np.asarray(1 - share * (1 - left))


def first_year(case: Case, economy: Economy, draws: Draws, controls: Any = None) -> Dispute:
    """The dispute as in its first twelve months: deliveries that the controls stop, stocks, a boycott."""
    one, none = np.ones(draws.n), np.zeros(draws.n)
    names = [exposure.product.id for exposure in economy.exposures]
    lost = {name: _lost(controls, name, draws, slice(0, int(YEAR))) for name in names}
    stock = draws.get("inventory_days") / YEAR if draws.has("inventory_days") else none
    return Dispute(lost, dict.fromkeys(names, one), {name: _waiting(draws, name) for name in names}, none, none,
                   draws.get("boycott_cut"), stock)  # fmt: skip


def lasting(case: Case, economy: Economy, draws: Draws, controls: Any = None, catchup: Any = None) -> Dispute:
    """The dispute once firms have adapted: deliveries that stay lost, dependence left after localisation."""
    none = np.zeros(draws.n)
    names = [exposure.product.id for exposure in economy.exposures]
    lost = {name: _lost(controls, name, draws, slice(-int(YEAR), None)) for name in names}
    left = {name: _left(catchup, name, draws) for name in names}
    boycott = draws.get("boycott_cut") * draws.get("boycott_persistence")
    return Dispute(lost, left, {name: _waiting(draws, name) for name in names}, none, none, boycott, none)


def _waiting(draws: Draws, product: str) -> Array:
    """Cost of waiting for a licence as a share of value: days of review at the yearly carrying cost."""
    days = draws.get("review_days", of=product) if draws.has("review_days", of=product) else np.full(draws.n, 90.0)
    return days / YEAR * draws.get("carrying_cost")


def _lost(controls: Any, product: str, draws: Draws, days: slice) -> Array:
    """(draw,) share of the base flow that does not move, a mean over days; from the controls stage or the prior."""
    if controls is None:
        return draws.get("lasting_cut", of=product)
    share = controls.share
    if product not in share.coords["product"].values:
        return np.zeros(draws.n)
    moved = share.sel(product=product).transpose("draw", "day").values[:, days].mean(axis=1)
    return np.asarray(np.clip(1 - moved, 0, 1))


def _left(catchup: Any, product: str, draws: Draws) -> Array:
    """(draw,) share of the initial dependence that is left at the end of the horizon."""
    if catchup is None or product not in catchup.remaining.coords["product"].values:
        return np.ones(draws.n)
    return np.asarray(catchup.remaining.sel(product=product).transpose("draw", "month").values[:, -1], dtype=float)


def repeated(dispute: Dispute, times: int) -> Dispute:
    """Its central draw for a grid of another parameter."""

    def wide(value: Any) -> Any:
        return (
            {key: wide(item) for key, item in value.items()} if isinstance(value, dict) else np.repeat(value[:1], times)
        )

    return Dispute(*(wide(dict(v) if isinstance(v, Mapping) else v) for v in vars(dispute).values()))
