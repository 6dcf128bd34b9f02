"""The welfare stage: from a case to its result, two solves for every draw and two sweeps."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import xarray as xr

from geoecon.case import Case
from geoecon.costs import case_shock, measures
from geoecon.costs.change import TERMS, WelfareChange
from geoecon.costs.counterfactual import Counterfactual
from geoecon.costs.hat_algebra import solve
from geoecon.costs.model import Model
from geoecon.draws import Array, Draws, Parameter
from geoecon.errors import MissingData
from geoecon.figure import cite

SIGMAS = np.array([0.05, 0.1, 0.2, 0.3, 0.5, 1.0])
SCALES = np.array([0.25, 0.5, 0.75, 1.0, 1.5, 2.0])


def for_case(
    case: Case, draws: Draws, controls: Any = None, catchup: Any = None, disruption: Any = None
) -> WelfareChange:
    """The welfare stage: two solves for every draw, and a sweep over the substitution of the critical inputs.

    Raises MissingData where the case has no input-output table, NotConverged with the residual.
    """
    economy = case_shock.economy_of(case)
    if not economy.exposures:
        raise MissingData("trade.csv: flows of the controlled products to the target before the dispute")
    model = economy.model
    first = solve(model, case_shock.shock_of(economy, case_shock.first_year(economy, draws, controls), draws))
    stays = case_shock.lasting(economy, draws, controls, catchup)
    solved = solve(model, case_shock.shock_of(economy, stays, draws))
    split = measures.decompose(solved).by_country()
    regions = {"region": list(model.regions)}
    values = np.stack([split[term] for term in TERMS], axis=-1)

    def by_region(array: Array) -> xr.DataArray:
        return xr.DataArray(array, dims=("draw", "region"), coords=regions)

    pair = ("draw", "exporter", "importer")
    patron = next((state.code for state in case.states if state.role == "patron"), None)
    inputs = _inputs(draws, [exposure.product.id for exposure in economy.exposures])
    return WelfareChange(
        real_income=by_region(measures.real_income(solved)),
        arithmetic=by_region(split["arithmetic"]),
        terms=xr.DataArray(values, dims=("draw", "region", "term"), coords={**regions, "term": list(TERMS)}),
        real_wage=by_region(measures.real_wage(solved)),
        trade=xr.DataArray(measures.trade_change(first), dims=pair,
                           coords={"exporter": list(model.regions), "importer": list(model.regions)}),
        first_year=by_region(measures.real_income(first)),
        by_elasticity=sweep_elasticity(economy, draws, controls),
        by_substitution=sweep_substitution(economy, draws),
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


PARAMETERS = ("elasticity_scale", "input_substitution", "bound_output_share", "need_share", "alternative_ceiling",
              "alternative_lag_days", "listed_flow_share", "carrying_cost", "licence_rent", "boycott_cut",
              "boycott_waste", "boycott_persistence", "review_days", "inventory_days")  # fmt: skip


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


def sweep_substitution(economy: case_shock.Economy, draws: Draws) -> xr.DataArray:
    """(sigma, region) exact change if the sender's deliveries stopped and nothing covered for them, for a grid of σ."""
    central = draws.only(slice(0, 1))
    values = {name: np.repeat(value, len(SIGMAS)) for name, value in central.values.items()}
    for name in values:
        if name == "input_substitution" or name.startswith("input_substitution."):
            values[name] = SIGMAS.copy()
    grid = Draws(values, draws.parameters, draws.seed)
    dispute = case_shock.calm(economy, 1)
    dispute = replace(dispute, lost=dict.fromkeys(dispute.lost, np.ones(1)))
    wide = case_shock.repeated(dispute, len(SIGMAS))
    solved = solve(economy.model, case_shock.shock_of(economy, wide, grid))
    coords = {"sigma": SIGMAS, "region": list(economy.model.regions)}
    return xr.DataArray(measures.real_income(solved), dims=("sigma", "region"), coords=coords)


def sweep_elasticity(economy: case_shock.Economy, draws: Draws, controls: Any) -> xr.DataArray:
    """(scale, region) exact change of the first year for a grid of factors on all trade elasticities."""
    central = draws.only(slice(0, 1))
    values = {name: np.repeat(value, len(SCALES)) for name, value in central.values.items()}
    values["elasticity_scale"] = SCALES.copy()
    grid = Draws(values, draws.parameters, draws.seed)
    dispute = case_shock.repeated(case_shock.first_year(economy, central, _first_draw(controls)), len(SCALES))
    solved = solve(economy.model, case_shock.shock_of(economy, dispute, grid))
    coords = {"scale": SCALES, "region": list(economy.model.regions)}
    return xr.DataArray(measures.real_income(solved), dims=("scale", "region"), coords=coords)


def short_run(disruption: Any, model: Model) -> xr.DataArray | None:
    """(draw, region) value added lost over the disruption's horizon, per cent of a year's value added."""
    if disruption is None or getattr(disruption, "lost_value_added", None) is None:
        return None
    lost = disruption.lost_value_added
    base = xr.DataArray(model.value_added, dims="region", coords={"region": list(model.regions)})
    share: xr.DataArray = (100 * lost / base).transpose("draw", "region")
    return share


def case_counterfactual(case: Case, draws: Draws, controls: Any = None) -> Counterfactual:
    """The first year at central values with all its detail: terms by partner and sector, trade by pair."""
    economy = case_shock.economy_of(case)
    central = draws.only(slice(0, 1))
    shock = case_shock.shock_of(economy, case_shock.first_year(economy, central, _first_draw(controls)), central)
    return Counterfactual(solve(economy.model, shock[0]), None, _sources(economy.model, []))


def _first_draw(controls: Any) -> Any:
    return None if controls is None else SimpleNamespace(share=controls.share.isel(draw=slice(0, 1)))
