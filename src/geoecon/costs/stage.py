"""The welfare stage: from a case to its result, two solves for every draw."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from geoecon.capacity import at_stake
from geoecon.case import Case
from geoecon.costs import case_shock, dispute, measures, payments
from geoecon.costs.attribution import attribute
from geoecon.costs.change import TERMS, WelfareChange
from geoecon.costs.counterfactual import Counterfactual
from geoecon.costs.hat_algebra import solve
from geoecon.costs.model import Model
from geoecon.costs.reconcile import reconciled
from geoecon.costs.sweeps import Sweeps
from geoecon.draws import Array, Draws, Parameter
from geoecon.errors import MissingData
from geoecon.figure import cite
from geoecon.past_error import past_of

if TYPE_CHECKING:
    from geoecon.capacity import FlowCapacity
    from geoecon.disruption import DisruptionPath

RECONSTRUCTED = 0.25  # standard deviation of the error of computed final demand, share of the change of income


def for_case(
    case: Case, draws: Draws, controls: FlowCapacity | None = None, disruption: DisruptionPath | None = None
) -> WelfareChange:
    """The welfare stage: two solves for every draw, and those that attribute the first year's loss.

    Raises MissingData where the case has no input-output table, NotConverged with the residual.
    """
    economy = case_shock.economy_of(case)
    model = economy.model
    this_year = dispute.of_case(case, economy, draws, controls, disruption, "first year")
    if not economy.exposures and not (this_year.instruments or this_year.payments):
        raise MissingData("trade.csv: flows of the controlled products to the target before the dispute")
    first = solve(model, case_shock.shock_of(economy, this_year, draws))
    stays = dispute.of_case(case, economy, draws, controls, disruption, "lasting")
    solved = solve(model, case_shock.shock_of(economy, stays, draws))
    split = measures.decompose(solved).by_country()
    regions = {"region": list(model.regions)}
    error = reconstruction(economy, draws)
    split["transfer"] = split["transfer"] + payments.added_back(model, stays.payments)
    split["arithmetic"] = np.asarray(sum(split[term] for term in TERMS))
    values = np.stack([split[term] * error for term in TERMS], axis=-1)

    def by_region(array: Array) -> xr.DataArray:
        return xr.DataArray(array, dims=("draw", "region"), coords=regions)

    pair = ("draw", "exporter", "importer")
    patron = next(iter(case.patrons), None)
    inputs = _inputs(draws, [exposure.product.id for exposure in economy.exposures])
    found = WelfareChange(
        past=past_of(case, at_stake(case, draws)),
        real_income=by_region(payments.real_income(solved, stays.payments) * error),
        arithmetic=by_region(split["arithmetic"] * error),
        terms=xr.DataArray(values, dims=("draw", "region", "term"), coords={**regions, "term": list(TERMS)}),
        real_wage=by_region(measures.real_wage(solved) * error),
        trade=xr.DataArray(measures.trade_change(first), dims=pair,
                           coords={"exporter": list(model.regions), "importer": list(model.regions)}),
        first_year=by_region(payments.real_income(first, this_year.payments) * error),
        attribution=xr.DataArray(attribute(economy, this_year, draws) * error[:, None],
                                 dims=("draw", "player", "region"),
                                 coords={"player": list(dispute.PLAYERS), **regions}),
        sweeps=Sweeps.of(economy, draws, this_year, disruption),
        income=xr.DataArray(economy.income_usd, dims="region", coords=regions),
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


def reconstruction(economy: case_shock.Economy, draws: Draws) -> Array:
    """(draw, n) factor on a change of income for the error of a final demand by destination that was computed.

    Where the truth is known (WIOD 2011) the median error is 14 % for a shock to all goods and 22 % for one to a sector:
    a standard deviation of a quarter. 1 for draw 0, and where the table has final demand from its makers.
    """
    shape = (draws.n, len(economy.model.regions))
    if not economy.reconstructed:
        return np.ones(shape)
    error = 1 + RECONSTRUCTED * np.random.default_rng([draws.seed, 15]).standard_normal(shape)
    error[0] = 1.0
    return np.asarray(np.maximum(error, 0.0))


PARAMETERS = ("elasticity_scale", "carrying_cost", "licence_rent", "boycott_cut", "boycott_waste",
              "boycott_persistence", "review_days")  # fmt: skip


def _inputs(draws: Draws, products: list[str]) -> list[Parameter]:
    """The rows of every parameter behind the result, those of the single products included."""
    return [draws.parameter(name, of=of) for name in PARAMETERS for of in products if draws.has(name, of=of)]


def _sources(model: Model, inputs: list[Parameter]) -> frozenset[str]:
    papers = {cite(name) for name in ("caliendo-parro-2015", "baqaee-farhi-2019", "bachmann-2022")}
    return frozenset(model.sources | papers | {row.source for row in inputs})


def short_run(disruption: DisruptionPath | None, model: Model) -> xr.DataArray | None:
    """(draw, region) value added lost over the disruption's horizon, per cent of a year's value added."""
    if disruption is None or getattr(disruption, "lost_value_added", None) is None:
        return None
    lost = disruption.lost_value_added
    base = xr.DataArray(model.value_added, dims="region", coords={"region": list(model.regions)})
    share: xr.DataArray = (100 * lost / base).transpose("draw", "region")
    return share


def case_counterfactual(
    case: Case, draws: Draws, controls: FlowCapacity | None = None, disruption: DisruptionPath | None = None
) -> Counterfactual:
    """The first year at central values with all its detail: terms by partner and sector, trade by pair."""
    economy = case_shock.economy_of(case)
    whole = dispute.rows_of(dispute.of_case(case, economy, draws, controls, disruption, "first year"), np.zeros(1, int))
    shock = case_shock.shock_of(economy, whole, draws.only(slice(0, 1)))
    return Counterfactual(solve(economy.model, shock[0]), None, _sources(economy.model, []))
