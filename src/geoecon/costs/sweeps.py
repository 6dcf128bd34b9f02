"""The first year's change of real income along one assumption: substitution of the materials, trade elasticities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from geoecon.costs import dispute, measures, payments
from geoecon.costs.case_shock import Economy, shock_of
from geoecon.costs.hat_algebra import solve
from geoecon.draws import Draws

if TYPE_CHECKING:
    from geoecon.disruption import DisruptionPath
    from geoecon.disruption import Sweeps as MaterialSweeps

SCALES = np.array([0.25, 0.5, 0.75, 1.0, 1.5, 2.0])  # of all trade elasticities


@dataclass(frozen=True, eq=False)
class Sweeps:
    """Per cent of real income by region in the first year, exact, at central values, with one assumption at other
    values. Solved when it is asked for: pictures alone show it."""

    economy: Economy
    draws: Draws  # the central values
    whole: dispute.Dispute  # of them
    materials: MaterialSweeps | None

    @classmethod
    def of(cls, economy: Economy, draws: Draws, whole: dispute.Dispute, disruption: DisruptionPath | None) -> Sweeps:
        central = dispute.rows_of(whole, np.zeros(1, int))
        return cls(economy, draws.only(slice(0, 1)), central, None if disruption is None else disruption.sweeps)

    @cached_property
    def by_substitution(self) -> xr.DataArray:
        """(sigma, region) by the materials' substitution in the first days, licences alone; empty without a
        disruption."""
        regions = list(self.economy.model.regions)
        if self.materials is None:
            return xr.DataArray(np.zeros((0, len(regions))), dims=("sigma", "region"), coords={"region": regions})
        grid = self.materials.by_substitution
        wide = dispute.rows_of(self.whole.only({"licences"}), np.zeros(grid.sizes["sigma"], int))
        wide = replace(wide, output_lost=dispute.by_sector(self.economy, grid), payments=())  # the bill is of one σ
        shock = shock_of(self.economy, wide, _repeated(self.draws, grid.sizes["sigma"]))
        values = measures.real_income(solve(self.economy.model, shock))
        return xr.DataArray(values, dims=("sigma", "region"), coords={"sigma": grid["sigma"].values, "region": regions})

    @cached_property
    def by_elasticity(self) -> xr.DataArray:
        """(scale, region) for a grid of factors on all trade elasticities."""
        grid = _repeated(self.draws, len(SCALES)).more({"elasticity_scale": SCALES.copy()}, {})
        wide = dispute.rows_of(self.whole, np.zeros(len(SCALES), int))
        solved = solve(self.economy.model, shock_of(self.economy, wide, grid))
        coords = {"scale": SCALES, "region": list(self.economy.model.regions)}
        return xr.DataArray(payments.real_income(solved, wide.payments), dims=("scale", "region"), coords=coords)


def _repeated(draws: Draws, times: int) -> Draws:
    """Central values for a grid of another parameter."""
    return draws.only(np.zeros(times, int))
