"""What each state of the dispute costs the industries that need the materials: the same path, under the flow of the
state and the dependence that is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoecon.capacity import under_licences
from geoecon.dispute import CONTROL, REMAINING
from geoecon.disruption import horizons, markets
from geoecon.disruption.kept import FEW
from geoecon.disruption.material_path import material_path
from geoecon.disruption.setting import Setting

if TYPE_CHECKING:
    import xarray as xr

    from geoecon.capacity import FlowCapacity
    from geoecon.case import Case
    from geoecon.draws import Draws
    from geoecon.episodes import CasePrecedents
    from geoecon.kinds import Ints

Array = NDArray[np.float64]
DAYS = 365  # a state is judged by its first year, and by what lasts


@dataclass(frozen=True, eq=False)
class States:
    """By state: `lost` share of each user industry's output (draw, control, remaining, window, industry), `bill` what
    the target's purchases cost more (draw, control, remaining, window, product), USD million a year, and the `flow`
    behind both (control, draw, day, product), share of the base."""

    lost: xr.DataArray
    bill: xr.DataArray
    flow: xr.DataArray


def by_state(
    case: Case,
    draws: Draws,
    controls: FlowCapacity | None = None,
    precedents: CasePrecedents | None = None,
    few: int | None = None,
) -> States:
    """What each state of the dispute costs the users of the materials, over the windows of one path.

    Control "listed": the listed materials move as the rules let them (`controls.share`); without it, or where it lets
    everything through, as individual licences from day 0 would. "full": of that flow `full_listed_share` goes on.
    Remaining dependence, one of REMAINING, scales the sender's share of the users' need: all of it in every draw, the
    levels below in the first `few` (NaN in the others). Raises MissingData where the case has no economy.csv.
    """
    import xarray as xr

    found = Setting(case, draws, precedents)
    industries = list(dict.fromkeys(industry for users in found.users for industry in users))
    flows = [flow_in_state(found, control, controls) for control in CONTROL]
    free = _free(found, controls)
    row, level = rows_of(draws.n, few)
    left = np.asarray(REMAINING)[level][:, None]
    shape = (draws.n, len(CONTROL), len(REMAINING), len(horizons.WINDOWS))
    values, bills = (np.full((*shape, len(names)), np.nan) for names in (industries, found.products))
    for c, control in enumerate(CONTROL):
        if control == "none":
            values[row, c, level], bills[row, c, level] = 0.0, 0.0
            continue
        known = found.materials_under(flows[c])
        for few_rows in np.array_split(np.arange(len(row)), -(-len(row) // FEW)):
            at, part = row[few_rows], left[few_rows]
            materials = known.rows(at)
            materials = replace(materials, need_share=materials.need_share * part)
            flow = _at_rest(flows[c], at, part)
            loose = None if free is None or control != "listed" else _at_rest(free, at, part)
            path = material_path(flow, materials, free=loose)
            lost = horizons.of_industries(path, flow, materials, found.users)
            values[at, c, level[few_rows]] = np.stack([lost[industry] for industry in industries], axis=-1)
            dearer = markets.import_bill(path, materials, found.need[at], found.imported[at])
            bills[at, c, level[few_rows]] = dearer
    coords = {"control": list(CONTROL), "remaining": list(REMAINING), "window": list(horizons.WINDOWS)}
    dims = ("draw", "control", "remaining", "window")
    named = {"industry": ["/".join(industry) for industry in industries]}
    goods = {"product": list(found.products)}
    lost_share = xr.DataArray(values, dims=(*dims, "industry"), coords=coords | named,
                              attrs={"unit": "share of the industry's output"})  # fmt: skip
    bill = xr.DataArray(bills, dims=(*dims, "product"), coords=coords | goods, attrs={"unit": "USD million a year"})
    moving = xr.DataArray(np.stack(flows), dims=("control", "draw", "day", "product"),
                          coords={"control": list(CONTROL)} | goods)  # fmt: skip
    return States(lost_share, bill, moving)


def rows_of(n: int, few: int | None) -> tuple[Ints, Ints]:
    """(draw, level) of all that is solved together: every draw at REMAINING[0], then the first `few` at each of the
    others."""
    few = n if few is None else min(few, n)
    rest = len(REMAINING) - 1
    draw = np.concatenate([np.arange(n), np.tile(np.arange(few), rest)])
    return draw, np.concatenate([np.zeros(n, int), np.repeat(np.arange(rest) + 1, few)])


def _at_rest(path: Array, row: Ints, left: Array) -> Array:
    """Some rows of (draw, day, product); where no dependence is left, the flow moves as before."""
    return np.where(left[:, :, None] > 0, path[row], 1.0)


def flow_in_state(found: Setting, control: str, controls: FlowCapacity | None = None) -> Array:
    """(draw, day, product) share of the base flow under a control level from day 0."""
    if control == "none":
        return np.ones((found.draws.n, DAYS, len(found.products)))
    if control == "full":
        kept = np.stack([found.draws.get("full_listed_share", name) for name in found.products], axis=1)
        return np.asarray(kept[:, None] * flow_in_state(found, "listed", controls), dtype=float)
    if (share := _given(found, controls, "share")) is not None and (share < 1).any():
        return share
    return under_licences(found.case, found.draws, found.products, DAYS)


def _free(found: Setting, controls: FlowCapacity | None) -> Array | None:
    """(draw, day, product) of the goods that need no licence, where the controls hold the flow."""
    share = _given(found, controls, "share")
    return _given(found, controls, "free") if share is not None and (share < 1).any() else None


def _given(found: Setting, controls: FlowCapacity | None, name: str) -> Array | None:
    """(draw, day, product) of a path of the controls, a year of it; its last day goes on where it is shorter."""
    if controls is None or not hasattr(controls, name):
        return None
    values = (
        getattr(controls, name)
        .sel(product=list(found.products))
        .transpose("draw", "day", "product")
        .values[: found.draws.n]
    )
    return np.asarray(values[:, np.minimum(np.arange(DAYS), values.shape[1] - 1)], dtype=float)
