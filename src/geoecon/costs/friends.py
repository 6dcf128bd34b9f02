"""Friends and enemies: to first order, what another country's productivity does to one's real income.

Kleinman, Liu & Redding: one sector, one matrix inverse. With s_ni the spending shares, T_in = s_ni X_n / (w_i L_i)
the income shares, f_n = w_n L_n / X_n and deficits fixed in the numeraire (world income),

    (I − T f + θ (I − T s)) dln w = θ (I − T s) dln z,    Σ w L dln w = 0
    dln u = f dln w − s (dln w − dln z)

the derivative of the one-sector exact-hat model, deficits included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geoecon.costs.model import Model, model_from_flows
from geoecon.draws import Array
from geoecon.errors import InputError


@dataclass(frozen=True, eq=False)
class Exposure:
    """Elasticity of row's real income (welfare) and wage (income) with respect to column's productivity."""

    regions: tuple[str, ...]
    welfare: Array  # (n, i)
    income: Array  # (n, i)

    def to_frame(self) -> pd.DataFrame:
        """Tidy: region, productivity_of, real_income, wage; the own effect included."""
        rows = [
            (n, i, self.welfare[a, b], self.income[a, b])
            for a, n in enumerate(self.regions)
            for b, i in enumerate(self.regions)
        ]
        return pd.DataFrame(rows, columns=["region", "productivity_of", "real_income", "wage"])

    def friends(self, region: str) -> pd.DataFrame:
        """The others, from the best friend (whose growth raises one's real income) to the worst enemy."""
        if region not in self.regions:
            raise InputError(f"region {region!r}; allowed: " + ", ".join(self.regions))
        frame = self.to_frame()
        mine = frame[(frame["region"] == region) & (frame["productivity_of"] != region)]
        return mine.sort_values("real_income", ascending=False).reset_index(drop=True)


def friends_and_enemies(flows: Model | Array, regions: Sequence[str] = (), elasticity: float | None = None) -> Exposure:
    """Exposure of every country to every other's productivity.

    `flows` (importer, exporter) with own sales on the diagonal, or a model, whose sectors are added up. Without
    `elasticity` the model's trade elasticities are averaged with its trade as weights.
    """
    if isinstance(flows, Model):
        model = flows
        total, names = model.border_value.sum(axis=0), model.regions
        if elasticity is None:
            abroad = model.border_value * ~np.eye(len(names), dtype=bool)
            elasticity = float((abroad.sum(axis=(1, 2)) * model.elasticity).sum() / abroad.sum())
    else:
        total, names = np.asarray(flows, dtype=float), tuple(regions)
    if elasticity is None or not elasticity > 0:
        raise InputError(f"elasticity {elasticity}; allowed: above 0")
    one = model_from_flows(total[None], names, ("all",), elasticity)
    s, theta = one.share[0], elasticity
    f = one.value_added / one.spending[:, 0]
    T = (s * one.spending / one.value_added).T  # (i, n)
    mixed = theta * (np.eye(len(names)) - T @ s)
    numeraire = np.outer(np.ones(len(names)), one.value_added / one.value_added.sum())
    wage = np.linalg.solve(np.eye(len(names)) - T * f + mixed + numeraire, mixed)
    welfare = f[:, None] * wage - s @ (wage - np.eye(len(names)))
    return Exposure(tuple(names), welfare, wage)


def friends_chart(exposure: Exposure, region: str, sources: Sequence[str] = ()) -> Any:
    """Ranked bars: whose growth helps the region, whose hurts."""
    from geoecon import charts
    from geoecon.figure import number

    frame = exposure.friends(region)
    best = frame.iloc[0]
    title = (
        f"One per cent more productivity in {best['productivity_of']} gives {region} {number(best['real_income'])} %"
    )
    bars = charts.bars(frame, "productivity_of", "real_income", x_title="elasticity of real income")
    return charts.finish(bars, title, "first-order exposure of real income, per cent for one per cent", sources)
