"""What each state of the dispute costs each side, USD million a month: the payoffs that the bargaining stage plays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
import xarray as xr

from geoecon.capacity import Shock as Act
from geoecon.capacity import at_stake, shocks, switched
from geoecon.case import Case
from geoecon.costs import case_shock, dispute, payments, stage
from geoecon.costs.dispute import Dispute
from geoecon.costs.hat_algebra import solve
from geoecon.costs.words import a_month, why_less
from geoecon.countries import named
from geoecon.dispute import CONTROL, REMAINING, RETALIATION, SIDES
from geoecon.dispute import LOSS_COORDS as COORDS
from geoecon.dispute import LOSS_DIMS as DIMS
from geoecon.disruption import States, by_state, rows_of
from geoecon.draws import Array, Draws, band
from geoecon.errors import MissingData
from geoecon.figure import Figure, cite
from geoecon.past_error import Measured, past_of
from geoecon.result import Result, Sample

if TYPE_CHECKING:
    import altair as alt

    from geoecon.capacity import FlowCapacity
    from geoecon.episodes import CasePrecedents

A_YEAR = {side: Measured(state=side, factor=12.0) for side in SIDES}
NOISE = 1e-3  # USD million a month: what the solver cannot tell from nothing
LEVELS = 12  # draws that every level of dependence is solved for


@dataclass(frozen=True, eq=False)
class Losses(Result):
    """Losses in USD million a month (positive is a loss). Dims: draw, control, retaliation, remaining, side.

    control: none, listed (the controlled products need licences), full (no longer a trusted state: part of the listed
    goods and other goods stop).
    retaliation: none, mirrored (the target does the same and its consumers boycott), security (and intelligence
    sharing ends). remaining: share of the initial dependence left. `monthly` is the mean month of a state's first
    year, with the price of `security`; `lasting` the month once firms have adapted, without it. Both hold every level
    of dependence for the first `LEVELS` draws, which is what the game plays; `full` (window, draw, control,
    retaliation, side) holds all draws at full dependence, first year and lasting.
    """

    monthly: xr.DataArray
    lasting: xr.DataArray
    full: xr.DataArray
    security: xr.DataArray  # (draw, retaliation, side)
    names: dict[str, str]
    period: str
    residual: float
    sources: frozenset[str] = frozenset()
    verified: bool = True

    METHOD: ClassVar[str] = (
        "An exact-hat solve (Caliendo & Parro 2015) of every state of the dispute for every draw. What the industries "
        "that need the materials lose comes from the same path of stocks, use and substitution as the disruption "
        "stage, under the flow and the remaining dependence of the state.\n"
        "A state is in force from its first day, whatever was announced when: twelve of its months are not the first "
        "year of the welfare stage, which follows the case's dates.\n"
        "A month's loss is the mean of a state's first year; what lasts, once firms have adapted, stands beside it. "
        "Instruments besides export controls belong to the states in which their side acts.\n"
        "All runs at full dependence, the first twelve of them where part of it is left.\n"
        "An end of intelligence sharing costs each side a prior of ours. Between the grid of remaining dependence, "
        "interpolate."
    )

    def to_frame(self) -> pd.DataFrame:
        """Tidy: control, retaliation, remaining, side, central, low, high, lasting (USD million a month), draws."""
        levels: list[list[object]] = [list(COORDS[name]) for name in DIMS[1:]]
        shown = {}
        for name, some, whole in zip(("first", "lasting"), (self.monthly, self.lasting), self.full, strict=True):
            bands = np.stack(band(some.values))
            bands[:, :, :, REMAINING.index(1.0)] = np.stack(band(whole.values))
            shown[name] = bands
        central, low, high = (values.ravel() for values in shown["first"])
        index = pd.MultiIndex.from_product(levels, names=list(DIMS[1:]))
        frame = pd.DataFrame({"central": central, "low": low, "high": high}, index=index)
        frame["lasting"] = shown["lasting"][0].ravel()
        frame = frame.reset_index()
        few, every = self.monthly.sizes["draw"] - 1, self.full.sizes["draw"] - 1
        return frame.assign(draws=np.where(frame["remaining"] == 1, every, few))

    def summary(self) -> pd.DataFrame:
        """The states at full dependence, USD million a month."""
        frame = self.to_frame()
        frame = frame[(frame["remaining"] == 1) & (frame["side"] != "patron")]
        frame = frame.pivot_table(index=["control", "retaliation"], columns="side", values="central", sort=False)
        frame = frame.rename(columns={side: f"{self.names.get(side, side)} (USD million a month)" for side in SIDES})
        frame.columns.name = None
        return frame.reset_index().head(12)

    def _at(self, control: str, retaliation: str, side: str) -> Array:
        place = {"control": control, "retaliation": retaliation, "side": side}
        return np.asarray(self.full.sel(place)[0].values)

    def figures(self) -> dict[str, Figure]:
        """The state in force first: listed controls without retaliation, then full controls, mirrored."""
        found = {}
        for control, retaliation in (("listed", "none"), ("full", "mirrored")):
            for side in ("target", "sender"):
                label = (
                    f"loss of {self.names.get(side, side)} if in force: {control} controls, retaliation {retaliation}"
                )
                found[f"{control}.{retaliation}.{side}"] = self.counted(
                    self._at(control, retaliation, side), A_YEAR[side], "USD million a month", self.period, label, NOISE
                )
        found["residual"] = Figure(self.residual, "largest relative error", self.period, self.sources,
                                   label="residual of the solver")  # fmt: skip
        return found

    def sentence(self) -> str:
        """What a month costs both sides if the sender's measures hold, and if all of it is cut and answered; where that
        costs the target less, why."""
        said = {key: a_month(one) for key, one in self.figures().items()}
        target, sender = (named(self.names.get(side, f"the {side}")) for side in ("target", "sender"))
        narrow, wide, answered = (
            self._at(control, retaliation, "target")[1:]
            for control, retaliation in (("listed", "none"), ("full", "none"), ("full", "mirrored"))
        )
        less = len(narrow) and np.median(answered) < np.median(narrow) >= NOISE
        why = why_less(narrow, wide, answered, target, sender) if less else ""
        return (
            f"In their first year, once the measures of {sender} are in force, {target} {said['listed.none.target']}. "
            f"Then {sender} {said['listed.none.sender']}. If {sender} also stops other goods, and {target} answers "
            f"with the same and a boycott, {target} {said['full.mirrored.target']}. "
            f"Then {sender} {said['full.mirrored.sender']}.{why}"
        )

    def samples(self) -> dict[str, Sample]:
        """What a month of the listed controls costs each side, by draw."""
        return {
            f"listed.none.{side}": Sample(
                self._at("listed", "none", side), "USD million a month", self.period,
                f"loss of {self.names.get(side, side)} if the sender's measures are in force", lead=side == "target",
                noise=NOISE, counted=A_YEAR[side], past=self.past,
            )
            for side in ("target", "sender")
        }  # fmt: skip

    def chart(self) -> alt.VConcatChart:
        from geoecon.costs import pictures

        return pictures.losses_chart(self)


def losses_for_case(
    case: Case,
    draws: Draws,
    controls: FlowCapacity | None = None,
    precedents: CasePrecedents | None = None,
) -> Losses:
    """The losses stage. Raises MissingData where the case has no input-output table."""
    economy = case_shock.economy_of(case)
    try:
        states = by_state(case, draws, controls, precedents, LEVELS + 1)
    except MissingData:  # no product names its users: nothing is lost for want of it
        states = None
    acts = shocks(case, draws)
    first, worse = _solved(case, economy, draws, states, acts, "first year")
    lasting, worst = _solved(case, economy, draws, states, acts, "lasting")
    windows = xr.concat([(first + _security(draws)).transpose(*DIMS), lasting], dim="window")
    whole = windows.sel(remaining=1.0, drop=True)
    some = windows[:, : LEVELS + 1]
    names = {side: case.name_of(code) for side, code in _codes(case).items()}
    inputs = [
        draws.parameter(name)
        for name in (
            "full_listed_share",
            "full_other_share",
            "mirrored_share",
            "boycott_cut",
            "security_cost",
        )
    ]
    papers = {cite(name) for name in ("caliendo-parro-2015", "baqaee-farhi-2019")}
    stakes = at_stake(case, draws, whole=True)  # a state of the dispute lasts as long as it is looked at
    past = past_of(case, {side: stakes.get(code, 0.0) for side, code in _codes(case).items()})
    sources = frozenset(economy.model.sources | papers | {row.source for row in inputs})
    seen = all(row.status != "memory" for row in inputs)
    period = f"by state of the dispute, from {case.start:%Y-%m}"
    return Losses(some[0], some[1], whole, _security(draws), names, period, max(worst, worse), sources, seen, past=past)


def _security(draws: Draws) -> xr.DataArray:
    """(draw, retaliation, side) USD million a month that an end of intelligence sharing costs each side."""
    cost = draws.get("security_cost")[:, None, None] * np.array([0.0, 0.0, 1.0])[None, :, None] * np.ones(len(SIDES))
    return xr.DataArray(cost, dims=("draw", "retaliation", "side"),
                        coords={name: COORDS[name] for name in ("retaliation", "side")})  # fmt: skip


def _codes(case: Case) -> dict[str, str]:
    return {side: held[0] for side in SIDES if (held := case.in_role(side))}


def _solved(
    case: Case, economy: case_shock.Economy, draws: Draws, states: States | None, acts: tuple[Act, ...], window: str
) -> tuple[xr.DataArray, float]:
    """(dims DIMS) USD million a month from an exact-hat solve of every state, NaN where `by_state` solves none; and the
    largest residual. All levels of dependence are solved together."""
    model = economy.model
    row, level = rows_of(draws.n, LEVELS + 1)
    values = np.full((draws.n, len(CONTROL), len(RETALIATION), len(REMAINING), len(SIDES)), np.nan)
    residual, start = 0.0, None
    error = stage.reconstruction(economy, draws)
    sides = {s: model.region(code) for s, side in enumerate(SIDES) if (code := _codes(case).get(side)) in model.regions}
    values[row, :, :, level] = 0.0
    for c, control in enumerate(CONTROL):
        at = row if control != "none" else np.arange(draws.n)  # without controls nothing hangs on the dependence
        drawn = draws.only(at)
        licensed = None if control == "none" or states is None else _licensed(economy, drawn, states, c, window)
        for r, retaliation in enumerate(RETALIATION):
            if retaliation == "security":  # the same trade as mirrored
                values[:, c, r] = values[:, c, r - 1]
                continue
            if control == "none" and retaliation == "none":
                continue
            here = [one for one in acts if (control != "none" if one.by in case.senders else retaliation != "none")]
            other = dispute.rows_of(dispute.acts_of(economy, here, draws, window), at)
            state = state_of(case, other, drawn, control, retaliation, licensed)
            start = solve(model, case_shock.shock_of(economy, state, drawn), start=start if r else None)
            lost = -payments.real_income(start, state.payments) * error[at] / 100 * economy.income_usd / 12
            lost = lost if control != "none" else lost[row]
            for s, region in sides.items():
                values[row, c, r, level, s] = lost[:, region]
            residual = max(residual, float(np.max(start.residual)))
    return xr.DataArray(values, dims=DIMS, coords={**COORDS, "remaining": list(REMAINING)}), residual


def state_of(
    case: Case, state: Dispute, draws: Draws, control: str, retaliation: str, licensed: Dispute | None
) -> Dispute:
    """A state of the dispute as the shock's ingredients, by draw.

    `state`: what the case's other instruments do, each in the states in which its side acts; `licensed`: what the
    licences of the state do (`_licensed`); full: the makers' other goods move at
    `full_other_share`; retaliation: the target's goods move at `mirrored_share`, and its consumers boycott. A group
    that the scenario switches off does nothing in any state.
    """
    held, answered = control != "none", retaliation != "none"
    licences, mirrored, shunned = (switched(case, name) != "off" for name in dispute.PLAYERS)
    if held and licences and licensed is not None:
        state = replace(state, lost=licensed.lost, waiting=licensed.waiting, output_lost=licensed.output_lost,
                        payments=(*state.payments, *licensed.payments))  # fmt: skip
    if control == "full" and licences:
        state = replace(state, other_cut=1 - draws.get("full_other_share"))
    if answered and mirrored:
        state = replace(state, mirrored_cut=1 - draws.get("mirrored_share"))
    if answered and shunned:
        state = replace(state, boycott=draws.get("boycott_cut"))
    return state


def _licensed(economy: case_shock.Economy, draws: Draws, states: States, control: int, window: str) -> Dispute:
    """What the licences of a state do, from `disruption.by_state`: output that the using industries lose, dearer
    imports, and the flow that waits; for every draw and level of dependence that is solved, `draws` those of them."""
    lasts = slice(-30, None) if window == "lasting" else slice(None)
    row, level = rows_of(states.flow.sizes["draw"], LEVELS + 1)
    moves = states.flow[control][:, lasts].mean("day")[row]
    left = np.asarray(REMAINING)[level]
    products = [exposure.product.id for exposure in economy.exposures]
    gone = {name: np.clip(1 - moved, 0, 1) for name, moved in dispute.by_product(moves).items()}
    none = np.zeros(draws.n)
    at = {"draw": xr.DataArray(row, dims="draw"), "remaining": xr.DataArray(level, dims="draw")}
    lost, bill = (table.sel(window=window)[:, control].isel(at) for table in (states.lost, states.bill))
    return replace(
        dispute.calm(economy, draws.n),
        lost={name: gone.get(name, none) * left for name in products},
        waiting={name: dispute.waiting_cost(draws, name) for name in products},
        output_lost=dispute.by_sector(economy, lost),
        payments=dispute.dearer_imports(economy, bill, moves),
    )
