"""Losses of each side by state of the dispute: what a month of each control level costs, given retaliation and the
dependence that is left.

Every draw goes through the material layer exactly. The economy answers with a table: value added lost by region per
unit of each shock, computed at several sizes by one batch of the full model and interpolated between them. Shocks of
different kinds are added; `tests/disruption` holds the sum against full runs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoecon.dispute import CONTROL, LOSS_COORDS, LOSS_DIMS, REMAINING, RETALIATION, SIDES
from geoecon.disruption.materials import joint_ceiling, material_path
from geoecon.disruption.setting import Setting, base_sales
from geoecon.disruption.shocks import Shocks
from geoecon.disruption.simulate import run
from geoecon.errors import MissingData

if TYPE_CHECKING:
    import xarray as xr

    from geoecon.case import Case
    from geoecon.draws import Draws

Array = NDArray[np.float64]
DAYS = 365  # a state is judged by its first year
SIZES = (0.0, 0.03, 0.1, 0.25, 0.5, 1.0)  # at which the economy's answer is computed


@dataclass(frozen=True, eq=False)
class Answer:
    """Value added lost by region in the first year, USD million, at `SIZES` times a full shock of one kind."""

    lost: Array  # (size, region)

    def at(self, size: Array) -> Array:
        """(…, region) at any sizes from 0 to 1."""
        columns = [np.interp(size, SIZES, self.lost[:, r]) for r in range(self.lost.shape[1])]
        return np.stack(columns, axis=-1)


def by_state(case: Case, draws: Draws, controls: Any = None) -> xr.DataArray:
    """USD million a month lost by each side, dims (draw, control, retaliation, remaining, side).

    Control "listed": the listed materials move as the rules let them (`controls.share`, the FlowCapacity of the case);
    without it, or where it lets everything through, they wait for a first review and then move at
    `listed_flow_share`. "full": of that flow `full_listed_share` goes on, and other goods of the makers' industries
    move at `full_other_share`.
    Retaliation "mirrored": the boycotts of the case, and the target's goods move to the sender at `mirrored_share`;
    "security" costs the same in trade.
    Remaining dependence scales the sender's share of the users' need. A loss is the mean of the first year.
    Raises MissingData where the case has no economy.csv.
    """
    import xarray as xr

    found = Setting(case, draws)
    answers = _answers(found)
    regions = list(found.economy.regions)
    held = {state.role: regions.index(state.code) for state in case.states if state.code in regions}
    if missing := [case.role(side) for side in SIDES[:2] if side not in held]:
        raise MissingData(f"economy.csv: no region {missing[0]}")
    sides = [held.get(side, len(regions)) for side in SIDES]  # the last column is nobody: no patron loses nothing
    values = np.zeros((draws.n, len(CONTROL), len(RETALIATION), len(REMAINING), len(SIDES)))
    for c, control in enumerate(CONTROL[1:], start=1):
        for m, remaining in enumerate(REMAINING):
            lost = _control_loss(found, answers, flow_in_state(found, control, controls), control, remaining)
            values[:, c, :, m] += _and_nobody(lost)[:, None, sides]
    values[:, :, 1:] += _and_nobody(_retaliation_loss(found, answers))[:, None, None, None, sides]
    return xr.DataArray(
        values / 12,
        dims=LOSS_DIMS,
        coords=LOSS_COORDS,
        attrs={"unit": f"{found.economy.unit} a month"},
    )  # fmt: skip


def _and_nobody(lost: Array) -> Array:
    """(draw, region) with a column of zeros behind it."""
    return np.concatenate([lost, np.zeros((len(lost), 1))], axis=1)


def flow_in_state(found: Setting, control: str, controls: Any = None) -> Array:
    """(draw, day, product) share of the base flow under a control level from day 0."""
    days = np.arange(DAYS)[None, :, None]
    if control == "none":
        return np.ones((found.draws.n, DAYS, len(found.products)))
    if control == "full":
        kept = np.stack([found.draws.get("full_listed_share", name) for name in found.products], axis=1)
        return np.asarray(kept[:, None] * flow_in_state(found, "listed", controls), dtype=float)
    if controls is not None:
        let_through = controls.share.sel(product=list(found.products)).transpose("draw", "day", "product").values
        if (let_through < 1).any():
            days_known = np.minimum(np.arange(DAYS), let_through.shape[1] - 1)
            return np.asarray(let_through[:, days_known], dtype=float)
    of = [(name, found.draws.get("listed_flow_share", name)) for name in found.products]
    long_run = np.stack([values for _, values in of], axis=1)[:, None]
    review = found.draws.get("review_days") if found.draws.has("review_days") else np.full(found.draws.n, 90.0)
    return np.where(days < review[:, None, None], 0.0, long_run)


def _control_loss(found: Setting, answers: dict[str, Answer], flow: Array, control: str, remaining: float) -> Array:
    """(draw, region) value added lost in the first year of a control level."""
    materials = replace(found.materials, need_share=found.materials.need_share * remaining)
    path = material_path(flow, materials)
    lost = np.zeros((found.draws.n, len(found.economy.regions)))
    for industry, ceiling in joint_ceiling(path.ceiling, found.users).items():
        lost += answers["/".join(industry)].at((1 - ceiling).mean(axis=1))
    unsold = np.zeros(found.draws.n)
    total = sum(base_sales(found.case, name) for name in found.products)
    for g, name in enumerate(found.products):
        part = base_sales(found.case, name) / total if total else 0.0
        unsold += part * np.clip(1 - path.sales[:, :, g], 0, 1).mean(axis=1) * remaining
    # sales that the falling dependence has already cost are lost in every state and do not belong to the control
    lost += answers["sales"].at(unsold)
    if control == "full":
        lost += answers["others"].at(1 - found.draws.get("full_other_share"))
    return lost


def _retaliation_loss(found: Setting, answers: dict[str, Answer]) -> Array:
    """(draw, region) value added lost in a year of boycott and mirrored controls."""
    lost = answers["mirror"].at(1 - found.draws.get("mirrored_share"))
    for one in found.boycotts:
        i, daily = found.boycott(one)
        region = found.economy.regions.index(one.consumer)
        of_all = daily / found.economy.final[i, region]
        year = np.minimum(found.draws.get("boycott_days", one.id), DAYS) / DAYS
        lost = lost + answers[f"demand.{one.id}"].at(of_all * year)
    return lost


def _answers(found: Setting) -> dict[str, Answer]:
    """One batch of the full model: every kind of shock at every size, for a year."""
    economy, case = found.economy, found.case
    R = len(economy.regions)
    users = list(dict.fromkeys(industry for industries in found.users for industry in industries))
    kinds = ["/".join(industry) for industry in users] + ["sales", "others", "mirror"]
    kinds += [f"demand.{one.id}" for one in found.boycotts]
    sizes = np.array(SIZES[1:])
    B = len(kinds) * len(sizes)
    column = {kind: slice(k * len(sizes), (k + 1) * len(sizes)) for k, kind in enumerate(kinds)}
    ceiling_at = np.array([economy.index(*industry) for industry in users], np.int64)
    ceiling = np.full((len(users), B), np.inf)
    for k, industry in enumerate(users):
        ceiling[k, column["/".join(industry)]] = 1 - sizes
    caps: dict[tuple[int, int], Array] = {}

    def cap(i: int, j: int, kind: str, part: float) -> None:
        flow = economy.shares[i // R, i % R, j] * economy.base_orders[i // R, j]
        if flow > 0:
            caps.setdefault((i, j), np.ones(B))[column[kind]] -= part * sizes

    for (i, j), flows in found.edges.items():
        cap(i, j, "sales", min(sum(part for _, part in flows), 1.0))
    sender, target = (economy.regions.index(side) for side in (case.sender, case.target))
    makers = {economy.index(*maker) for product in case.products for maker in product.makers}
    for i in makers:
        for j in range(target, economy.n, R):
            cap(i, j, "others", 1.0)
    for i in ceiling_at:
        for j in range(sender, economy.n, R):
            cap(int(i), j, "mirror", 1.0)
    demand_at = sorted({found.boycott(one)[0] for one in found.boycotts})
    demand = np.zeros((len(demand_at), B))
    for one in found.boycotts:
        i = found.boycott(one)[0]
        base = economy.final[i, economy.regions.index(one.consumer)]
        demand[demand_at.index(i), column[f"demand.{one.id}"]] = -base * sizes
    cap_values = np.clip(np.stack(list(caps.values())), 0, 1) if caps else np.zeros((0, B))
    still = np.ones(cap_values.shape)  # other goods are to be had elsewhere; the listed ones are ceilings
    shocks = Shocks(
        DAYS, B, ceiling_at=ceiling_at, ceiling=_every_day(ceiling), demand_at=np.array(demand_at, np.int64),
        demand=_every_day(demand), seller=np.array([i for i, _ in caps], np.int64),
        buyer=np.array([j for _, j in caps], np.int64), cap=_every_day(cap_values), switch=_every_day(still),
    )  # fmt: skip
    course = run(economy, shocks, keep=[])
    lost = (economy.base_value_added[:, None] - course.value_added).sum(axis=0)  # (R, B)
    zero = np.zeros((1, R))
    return {kind: Answer(np.concatenate([zero, lost[:, rows].T])) for kind, rows in column.items()}


def _every_day(values: Array) -> Any:
    return np.broadcast_to(values, (DAYS, *values.shape))
