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
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon.costs.economies import Economies, model_of
from geoecon.costs.model import model_from_flows
from geoecon.draws import Array
from geoecon.errors import InputError
from geoecon.figure import Figure, cite, number
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True, eq=False)
class Exposure(Result):
    """Elasticity of row's real income (welfare) and wage (income) with respect to column's productivity."""

    regions: tuple[str, ...]
    welfare: Array  # (n, i)
    income: Array  # (n, i)
    sources: frozenset[str] = frozenset()

    def to_frame(self) -> pd.DataFrame:
        """Tidy: region, productivity_of, real_income, wage; the own effect included."""
        rows = [
            (n, i, self.welfare[a, b], self.income[a, b])
            for a, n in enumerate(self.regions)
            for b, i in enumerate(self.regions)
        ]
        return pd.DataFrame(rows, columns=["region", "productivity_of", "real_income", "wage"])

    METHOD: ClassVar[str] = (
        "Kleinman, Liu & Redding: the first-order response of real income to productivity abroad in the one-sector "
        "constant-elasticity model, one matrix inverse.\n"
        "Sectors are added up; deficits stay fixed in world income.\n"
        "Limits: first order, no input linkages; equals the derivative of the one-sector exact-hat model."
    )

    def summary(self) -> pd.DataFrame:
        """Best friend and worst enemy of every region, elasticities of real income."""
        rows = []
        for region in self.regions[:12]:
            order = self.friends(region)
            best, worst = order.iloc[0], order.iloc[-1]
            rows.append(
                (region, best["productivity_of"], best["real_income"], worst["productivity_of"], worst["real_income"])
            )
        columns = [
            "region",
            "best friend",
            "its growth gives (% for 1 %)",
            "least friend",
            "its growth gives (% for 1 %) ",
        ]
        return pd.DataFrame(rows, columns=columns)

    def figures(self) -> dict[str, Figure]:
        """What the best friend's growth gives, by region."""
        found = {}
        for region in self.regions:
            best = self.friends(region).iloc[0]
            label = f"real income of {region} for one per cent more productivity in {best['productivity_of']}"
            found[region] = Figure(float(best["real_income"]), "percent", "", self.sources, label=label)
        return found

    def sentence(self) -> str:
        """The strongest tie of all."""
        others = self.to_frame()
        others = others[others["region"] != others["productivity_of"]]
        ranked = others.sort_values("real_income")
        top, last = ranked.iloc[-1], ranked.iloc[0]
        return (
            f"Of all pairs, productivity of {top['productivity_of']} helps {top['region']} most "
            f"({number(top['real_income'])} % for 1 %) and that of {last['productivity_of']} gives {last['region']} "
            f"least ({number(last['real_income'])} %)."
        )

    def chart(self) -> alt.VConcatChart:
        """Every pair as a tile: row's real income, column's productivity."""
        import altair as alt

        from geoecon import charts

        others = self.to_frame()
        others = others[others["region"] != others["productivity_of"]]
        size = max(120, 28 * len(self.regions))
        tiles = alt.Chart(others).mark_rect().encode(
            x=alt.X("productivity_of:N", title="productivity of"), y=alt.Y("region:N", title="real income of"),
            color=alt.Color("real_income:Q", scale=alt.Scale(scheme="blueorange", domainMid=0), title="% for 1 %"),
            tooltip=["region", "productivity_of", "real_income"],
        ).properties(width=size, height=size)  # fmt: skip
        return charts.finish(tiles, self.sentence(), "first-order exposure, per cent for one per cent", self.sources)

    def friends(self, region: str) -> pd.DataFrame:
        """The others, from the best friend (whose growth raises one's real income) to the worst enemy."""
        if region not in self.regions:
            raise InputError(f"region {region!r}; allowed: " + ", ".join(self.regions))
        frame = self.to_frame()
        mine = frame[(frame["region"] == region) & (frame["productivity_of"] != region)]
        return mine.sort_values("real_income", ascending=False).reset_index(drop=True)


def friends_and_enemies(
    flows: Array | Economies, regions: Sequence[str] = (), elasticity: float | None = None
) -> Exposure:
    """Exposure of every country to every other's productivity.

    `flows`: an array (importer, exporter) with own sales on the diagonal, or an economy as `model_of` takes it, whose
    sectors are added up. Without `elasticity` the model's trade elasticities are averaged with its trade as weights.
    """
    sources = frozenset({cite("kleinman-liu-redding-2024")})
    if not isinstance(flows, np.ndarray):
        model = model_of(flows)
        sources |= model.sources
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
    return Exposure(tuple(names), welfare, wage, sources)
