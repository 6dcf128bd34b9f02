"""The welfare stage: from a case to its result, two solves for every draw and two sweeps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from geoecon.capacity import at_stake, switched
from geoecon.case import Case
from geoecon.costs import case_shock, measures
from geoecon.costs.attribution import attribute
from geoecon.costs.change import TERMS, WelfareChange
from geoecon.costs.counterfactual import Counterfactual
from geoecon.costs.hat_algebra import solve
from geoecon.costs.model import Model
from geoecon.costs.reconcile import reconciled
from geoecon.draws import Array, Draws, Parameter
from geoecon.errors import MissingData
from geoecon.figure import cite
from geoecon.past_error import past_of

if TYPE_CHECKING:
    from geoecon.capacity import FlowCapacity
    from geoecon.disruption import DisruptionPath

FIRST_YEAR, LAST_YEAR = slice(0, 365), slice(-365, None)
SCALES = np.array([0.25, 0.5, 0.75, 1.0, 1.5, 2.0])


def for_case(
    case: Case, draws: Draws, controls: FlowCapacity | None = None, disruption: DisruptionPath | None = None
) -> WelfareChange:
    """The welfare stage: two solves for every draw, those that attribute the first year's loss, and two sweeps.

    Raises MissingData where the case has no input-output table, NotConverged with the residual.
    """
    economy = case_shock.economy_of(case)
    named = case_shock.instruments_of(economy, case, draws, FIRST_YEAR)
    if not economy.exposures and not named:
        raise MissingData("trade.csv: flows of the controlled products to the target before the dispute")
    model = economy.model
    boycott = boycotts(case, controls)
    dispute = case_shock.first_year(economy, draws, controls, disruption, boycott)
    dispute = replace(dispute, instruments=named)
    first = solve(model, case_shock.shock_of(economy, dispute, draws))
    stays = case_shock.lasting(economy, draws, controls, disruption, boycott)
    stays = replace(stays, instruments=case_shock.instruments_of(economy, case, draws, LAST_YEAR))
    solved = solve(model, case_shock.shock_of(economy, stays, draws))
    split = measures.decompose(solved).by_country()
    regions = {"region": list(model.regions)}
    values = np.stack([split[term] for term in TERMS], axis=-1)

    def by_region(array: Array) -> xr.DataArray:
        return xr.DataArray(array, dims=("draw", "region"), coords=regions)

    pair = ("draw", "exporter", "importer")
    patron = next((state.code for state in case.states if state.role == "patron"), None)
    inputs = _inputs(draws, [exposure.product.id for exposure in economy.exposures])
    found = WelfareChange(
        past=past_of(case, at_stake(case, draws)),
        real_income=by_region(measures.real_income(solved)),
        arithmetic=by_region(split["arithmetic"]),
        terms=xr.DataArray(values, dims=("draw", "region", "term"), coords={**regions, "term": list(TERMS)}),
        real_wage=by_region(measures.real_wage(solved)),
        trade=xr.DataArray(measures.trade_change(first), dims=pair,
                           coords={"exporter": list(model.regions), "importer": list(model.regions)}),
        first_year=by_region(measures.real_income(first)),
        attribution=xr.DataArray(attribute(economy, dispute, draws), dims=("draw", "player", "region"),
                                 coords={"player": list(case_shock.PLAYERS), **regions}),
        by_elasticity=sweep_elasticity(economy, draws, dispute),
        by_substitution=sweep_substitution(economy, draws, dispute, disruption),
        income=xr.DataArray(income_usd(case, model), dims="region", coords=regions),
        residual=float(max(np.max(solved.residual), np.max(first.residual))),
        passes=int(max(np.max(solved.passes), np.max(first.passes))),
        sender=case.sender, target=case.target, patron=patron,
        period=f"lasting change from {case.start:%Y-%m}; base table {model.period}",
        names={region: case.name_of(region) for region in model.regions},
        short_run=short_run(disruption, model),
        sources=_sources(model, inputs), notes=model.notes,
        verified=all(row.status != "memory" for row in inputs),
    )  # fmt: skip
    return found if disruption is None else replace(found, reconciliation=reconciled(disruption, found))


PARAMETERS = ("elasticity_scale", "carrying_cost", "licence_rent", "boycott_cut", "boycott_waste",
              "boycott_persistence", "review_days")  # fmt: skip


def _inputs(draws: Draws, products: list[str]) -> list[Parameter]:
    """The rows of every parameter behind the result, those of the single products included."""
    return [draws.parameter(name, of=of) for name in PARAMETERS for of in products if draws.has(name, of=of)]


def _sources(model: Model, inputs: list[Parameter]) -> frozenset[str]:
    papers = {cite(name) for name in ("caliendo-parro-2015", "baqaee-farhi-2019", "bachmann-2022")}
    return frozenset(model.sources | papers | {row.source for row in inputs})


def income_usd(case: Case, model: Model) -> Array:
    """(n,) USD million a year before the dispute: the case's macro table where it has the state, else the table's."""
    found = model.income.copy()
    if not case.has("macro"):
        return found
    macro = case.table("macro")
    gdp = macro[(macro["series"] == "gdp_usd") & (macro["year"] < case.start.year)]
    for n, region in enumerate(model.regions):
        mine = gdp[gdp["state"] == region].sort_values("year")
        if len(mine):
            found[n] = float(mine["value"].iloc[-1]) / 1e6
    return found


def boycotts(case: Case, controls: Any = None) -> bool:
    """Whether consumers boycott: where nobody knows of a control there is no dispute to boycott for, unless the
    scenario leaves the licences out or asks for the boycott as it came."""
    if switched(case, "boycott") != "known":
        return switched(case, "boycott") == "observed"
    held = controls is None or bool((controls.share.values < 1 - 1e-9).any())
    return held or switched(case, "licences") == "off"


def sweep_substitution(
    economy: case_shock.Economy, draws: Draws, dispute: case_shock.Dispute, disruption: Any
) -> xr.DataArray:
    """(sigma, region) exact change of the first year, central values, for a grid of the material's substitution in the
    first days; empty without a disruption."""
    regions = list(economy.model.regions)
    if disruption is None:
        return xr.DataArray(np.zeros((0, len(regions))), dims=("sigma", "region"), coords={"region": regions})
    grid = disruption.by_substitution
    wide = case_shock.repeated(dispute.only({"licences"}), grid.sizes["sigma"])
    wide = replace(wide, output_lost=case_shock.by_sector(economy, grid))
    shock = case_shock.shock_of(economy, wide, _repeated(draws, grid.sizes["sigma"]))
    values = measures.real_income(solve(economy.model, shock))
    return xr.DataArray(values, dims=("sigma", "region"), coords={"sigma": grid["sigma"].values, "region": regions})


def sweep_elasticity(economy: case_shock.Economy, draws: Draws, dispute: case_shock.Dispute) -> xr.DataArray:
    """(scale, region) exact change of the first year for a grid of factors on all trade elasticities."""
    grid = _repeated(draws, len(SCALES))
    grid = Draws({**grid.values, "elasticity_scale": SCALES.copy()}, draws.parameters, draws.seed)
    solved = solve(economy.model, case_shock.shock_of(economy, case_shock.repeated(dispute, len(SCALES)), grid))
    coords = {"scale": SCALES, "region": list(economy.model.regions)}
    return xr.DataArray(measures.real_income(solved), dims=("scale", "region"), coords=coords)


def _repeated(draws: Draws, times: int) -> Draws:
    """Central values for a grid of another parameter."""
    values = {name: np.repeat(value[:1], times) for name, value in draws.values.items()}
    return Draws(values, draws.parameters, draws.seed)


def short_run(disruption: Any, model: Model) -> xr.DataArray | None:
    """(draw, region) value added lost over the disruption's horizon, per cent of a year's value added."""
    if disruption is None or getattr(disruption, "lost_value_added", None) is None:
        return None
    lost = disruption.lost_value_added
    base = xr.DataArray(model.value_added, dims="region", coords={"region": list(model.regions)})
    share: xr.DataArray = (100 * lost / base).transpose("draw", "region")
    return share


def case_counterfactual(case: Case, draws: Draws, controls: Any = None, disruption: Any = None) -> Counterfactual:
    """The first year at central values with all its detail: terms by partner and sector, trade by pair."""
    economy = case_shock.economy_of(case)
    boycott = boycotts(case, controls)
    dispute = case_shock.first_year(economy, draws, controls, disruption, boycott)
    named = case_shock.instruments_of(economy, case, draws, FIRST_YEAR)
    dispute = case_shock.repeated(replace(dispute, instruments=named), 1)
    shock = case_shock.shock_of(economy, dispute, draws.only(slice(0, 1)))
    return Counterfactual(solve(economy.model, shock[0]), None, _sources(economy.model, []))
