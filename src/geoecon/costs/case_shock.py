"""What a case's dispute changes in the world economy, as an exact-hat shock for every draw. Data in, no case by name.

A controlled product is a share v of the flow of its maker's sector from sender to target. Of it a share L no longer
moves and the rest waits for licences. The flow of the sector falls by v L, a wedge (1 − v L)^(−1/θ) of which the
licensed exporters keep `licence_rent`, the rest being burnt; what moves waits at review time × carrying cost. The
industries of the target that need the products lose the share of their output that the disruption stage found, over
the same window: one technology, no second one here. It idles their own labour and capital (a loss of productivity by
that share, to the power of their value-added share); the inputs that they do not buy are free for others. So do the
sectors whose goods or services a ban, duty or boycott turns away, by the share of their output that finds no other
buyer in the first year. A boycott
moves the target's final users away from the sender's goods: a wedge of which `boycott_waste` is burnt and the rest
only distorts, since what is not spent there is spent elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoecon.capacity import imported
from geoecon.case import Case, Product
from geoecon.costs import thetas
from geoecon.costs.economies import model_of
from geoecon.costs.model import Model
from geoecon.costs.payments import balances
from geoecon.costs.shocks import Shock
from geoecon.draws import Array, Draws
from geoecon.errors import MissingData

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoecon.costs.dispute import Dispute


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
    goods: NDArray[np.bool_]  # (j,) sectors that a control on goods can reach
    sender: int
    target: int
    exposures: tuple[Exposure, ...]
    income_usd: Array  # (n,) USD million a year before the dispute
    reconstructed: bool = False  # final demand by destination is computed, not observed


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
    goods = np.array([sector not in thetas.services() for sector in model.sectors])
    exposures = tuple(e for e in (_exposure(case, model, product) for product in case.products) if e.need > 0)
    return Economy(model, np.divide(final, total, out=np.zeros(J), where=total > 0), goods, sender, target, exposures,
                   income_usd(case, model), table.apart.get("status") == "computed")  # fmt: skip


def income_usd(case: Case, model: Model) -> Array:
    """(n,) USD million a year before the dispute: the case's macro table where it has the state, else the table's."""
    found = model.income.copy()
    if not case.has("macro"):
        return found
    gdp = [row for row in case.rows("macro") if row["series"] == "gdp_usd" and row["year"] < case.start.year]
    last = {row["state"]: row["value"] for row in sorted(gdp, key=lambda row: row["year"])}
    for n, region in enumerate(model.regions):
        if region in last:
            found[n] = float(last[region]) / 1e6
    return found


def _exposure(case: Case, model: Model, product: Product) -> Exposure:
    own = imported(case, case.sender, product.id) or 0.0
    need = max(imported(case, "WLD", product.id) or 0.0, own)
    maker = next((model.sector(s) for r, s in product.makers if r == case.sender and s in model.sectors), None)
    users = tuple(model.sector(s) for r, s in product.users if r == case.target and s in model.sectors)
    flow = 0.0
    if maker is not None:
        flow = float(model.border_value[maker, model.region(case.target), model.region(case.sender)])
    return Exposure(product, maker, users, min(own / flow, 0.9) if flow > 0 else 0.0, need, own)


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
    for one in dispute.instruments:
        for sector in one.sectors:
            productivity[:, one.seller, sector] *= (1 - one.idle) ** model.value_added_share[one.seller, sector]
    return Shock(cost, model.tariff * tariff, model.export_tax * tax, productivity,
                 balances(model, dispute.payments), theta)  # fmt: skip


def _mean_final(economy: Economy) -> float:
    """Share of final users in all the sender's sales to the target, so that the boycott's share is of all trade."""
    flow = economy.model.border_value[:, economy.target, economy.sender]
    return max(float((flow * economy.final_use).sum() / flow.sum()), 1e-9)
