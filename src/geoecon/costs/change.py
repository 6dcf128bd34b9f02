"""The result of the welfare stage: what the dispute costs each side, in its first year and for good."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import pandas as pd
import xarray as xr

from geoecon.costs.sweeps import Sweeps
from geoecon.countries import named
from geoecon.draws import Array
from geoecon.figure import Figure
from geoecon.past_error import Measured
from geoecon.result import Result, Sample
from geoecon.spoken import NOTHING, loses

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType


TERMS = ("terms_of_trade", "volume_of_trade", "technical", "transfer")


@dataclass(frozen=True, eq=False)
class WelfareChange(Result):
    """Change of real income by region, per cent of the base, in two ways that differ, and what it is made of.

    Dims: draw, region; trade (draw, exporter, importer). `first_year`: the year's controls, stocks and boycott as if
    they stayed; the others: what lasts, after adaptation. Both are long-run equilibria: workers have moved.
    """

    real_income: xr.DataArray  # exact: income over the price of final goods
    arithmetic: xr.DataArray  # sum of the terms below, base weights
    terms: xr.DataArray  # (draw, region, term)
    real_wage: xr.DataArray
    trade: xr.DataArray  # (draw, exporter, importer) exports at the border, first year
    first_year: xr.DataArray
    attribution: xr.DataArray  # (draw, player, region): first year, exact, by licences, retaliation and boycott
    sweeps: Sweeps
    income: xr.DataArray  # (region,) USD million a year
    residual: float
    passes: int
    sender: str
    target: str
    patron: str | None
    period: str
    names: dict[str, str]
    short_run: xr.DataArray | None = None  # (draw, region) value added lost over the horizon, per cent of a year
    sources: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    verified: bool = True
    labels: dict[str, str] = field(default_factory=dict)
    reconciliation: pd.DataFrame | None = None  # the same loss at three horizons (`costs.reconciled`)

    METHOD: ClassVar[str] = (
        "Exact-hat general equilibrium with input-output linkages (Caliendo & Parro 2015), one solve for every draw: "
        "unit costs, prices, shares, spending and trade balance in changes from the base table.\n"
        "Controlled deliveries that end are a quota: a wedge that meets the quantity, its rent shared between the "
        "sender's licensed exporters and waste; waiting for licences is a trade cost; a boycott takes the sender's "
        "sales to final users.\n"
        "A critical input enters as the output that its users lose over the same window in the disruption stage, a CES "
        "whose elasticity rises with time (Baqaee & Farhi 2019): Cobb–Douglas inputs cannot see criticality.\n"
        "Licences, retaliation and boycott: Shapley values over solves with each of them on or off; a boycott counts "
        "where the case knows of one.\n"
        "Visitors who stay away move the balance of trade (what they spent was never their host's consumption); dearer "
        "imports of a traded material are income that goes to those who sell it.\n"
        "Real income is exact; the arithmetic sum of terms of trade, volume of trade, technical efficiency and "
        "transfers is what papers publish, and another number.\n"
        "Limits: no unemployment, full adjustment, one period; the short run is the disruption stage's, shown beside "
        "and never added. The base is the case's table of an earlier year, so changes are in per cent. Where final "
        "demand by destination was computed (the world table), its error, a quarter, is in the band."
    )

    @property
    def by_elasticity(self) -> xr.DataArray:
        """(scale, region) exact change of the first year, central values, all trade elasticities times scale."""
        return self.sweeps.by_elasticity

    @property
    def by_substitution(self) -> xr.DataArray:
        """(sigma, region) exact change of the first year, licences alone, by σ of the materials in the first days."""
        return self.sweeps.by_substitution

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(str(name) for name in self.real_income.coords["region"].values)

    def name(self, region: str) -> str:
        return self.names.get(region, region)

    def to_frame(self) -> pd.DataFrame:
        """Tidy: region, measure, unit, central, low, high, told as the figures are (with past error where counted)."""
        shown = {"real income": self.real_income, "arithmetic total": self.arithmetic, "real wage": self.real_wage,
                 "real income, first year": self.first_year}  # fmt: skip
        shown |= {term.replace("_", " "): self.terms.sel(term=term) for term in TERMS}
        if self.short_run is not None:
            shown["short run: change of value added"] = -self.short_run
        rows = []
        for measure, values in shown.items():
            for region in map(str, values.coords["region"].values):
                told = self._counted(values.sel(region=region).values, region, measure)
                rows.append((region, measure, "percent", told.value, told.low, told.high))
        table = pd.DataFrame(rows, columns=["region", "measure", "unit", "central", "low", "high"])
        return table.astype({"central": float, "low": float, "high": float})

    def summary(self) -> pd.DataFrame:
        """The same loss at three horizons, where the disruption stage gave its path; else the regions."""
        return self.by_region() if self.reconciliation is None else self.reconciliation

    def by_region(self) -> pd.DataFrame:
        """One row a region: both measures, the bands, USD a year; short run beside, where a stage gave it."""
        told = self.to_frame()

        def of(measure: str, column: str = "central") -> Array:
            mine = told[told["measure"] == measure].set_index("region")
            return mine[column].reindex(list(self.regions)).to_numpy(float)

        table = pd.DataFrame({
            "state or region": [self.name(region) for region in self.regions],
            "real income, lasting (%)": of("real income"),
            "low": of("real income", "low"),
            "high": of("real income", "high"),
            "first year as if it stayed (%)": of("real income, first year"),
            "arithmetic total (%)": of("arithmetic total"),
            "lasting (USD million a year)": of("real income") / 100 * self.income.values,
        })  # fmt: skip
        if self.short_run is not None:
            table["short run: change of value added (% of a year)"] = of("short run: change of value added")
        order = {self.target: 0, self.sender: 1, self.patron: 2}
        table["_"] = [order.get(region, 3) for region in self.regions]
        return table.sort_values("_", kind="stable").drop(columns="_").head(12).reset_index(drop=True)

    def measured(self, region: str) -> Measured:
        """A region's change of real income, its error in multiples of what is at stake."""
        return Measured(state=region, factor=float(self.income.sel(region=region)) / 100, loss=-1)

    def _counted(self, values: Array, region: str, label: str) -> Figure:
        return Sample(values, "percent", self.period, label, noise=100 * self.residual, counted=self.measured(region),
                      past=self.past).figure(self.sources, self.verified)  # fmt: skip

    def figures(self) -> dict[str, Figure]:
        """Headline first: the target's lasting change, then the sender's, then the others of the dispute."""
        found = {}
        for side in (self.target, self.sender, self.patron):
            if side in self.regions:
                values = self.real_income.sel(region=side).values
                label = f"lasting change of real income, {self.name(str(side))}"
                found[f"real_income.{side}"] = self._counted(values, str(side), label)
        for side in (self.target, self.sender):
            label = f"change of real income if the first year stayed, {self.name(side)}"
            found[f"first_year.{side}"] = self._counted(self.first_year.sel(region=side).values, side, label)
            label = f"lasting change, arithmetic total, {self.name(side)}"
            found[f"arithmetic.{side}"] = self._counted(self.arithmetic.sel(region=side).values, side, label)
        trade = self.trade.sel(exporter=self.sender, importer=self.target).values
        label = (
            f"all exports of {self.name(self.sender)} to {self.name(self.target)}, first year, by the measures alone"
        )
        # the record of past error is one of single goods: it says nothing of what else moves a country's exports
        found["exports"] = Sample(trade, "percent", self.period, label).figure(self.sources, self.verified)
        found["residual"] = Figure(self.residual, "largest relative error", self.period, self.sources, True,
                                   label="residual of the solver")  # fmt: skip
        return found

    def sentence(self) -> str:
        """Who loses what, from the numbers."""
        said = self.figures()
        target, sender = named(self.name(self.target)), named(self.name(self.sender))
        lasting = {side: self._a_year(said[f"real_income.{side}"], side) for side in (self.target, self.sender)}
        first = self._a_year(said[f"first_year.{self.target}"], self.target)
        return (
            "What people can buy, by a second model, of trade alone: "
            f"in the long run {target} {lasting[self.target]}, "
            f"{sender} {lasting[self.sender]}; as long as the first year lasts {target} {first}."
        )

    def _a_year(self, change: Figure, region: str) -> str:
        """A change of real income in per cent as the money that a side loses or gains in a year."""
        if not change.measurable or change.value is None:
            return f"loses {NOTHING}"
        million = float(self.income.sel(region=region)) / 100
        least, most = (None if end is None else -million * end for end in (change.high, change.low))
        return loses(-million * change.value, least, most, " a year")

    def samples(self) -> dict[str, Sample]:
        """The target's lasting change of real income, by draw."""
        label = f"lasting change of real income, {self.name(self.target)}"
        values = self.real_income.sel(region=self.target).values
        return {f"real_income.{self.target}": Sample(values, "percent", self.period, label, lead=True,
                                                     noise=100 * self.residual, past=self.past,
                                                     counted=self.measured(self.target))}  # fmt: skip

    def predictions(self) -> dict[tuple[str, str], Array]:
        """What the evidence stage can score: the first year's pattern, which observed studies are calibrated to."""
        found: dict[tuple[str, str], Array] = {}
        for region in self.regions:
            found["welfare_change", region] = self.first_year.sel(region=region).values
        pair = self.trade.sel(exporter=self.sender, importer=self.target).values
        found["exports_change_1y", f"{self.sender}>{self.target}"] = pair
        back = self.trade.sel(exporter=self.target, importer=self.sender).values
        found["exports_change_1y", f"{self.target}>{self.sender}"] = back
        return found

    def chart(self) -> alt.VConcatChart:
        """Ranked bars by region with the interval; beside them the substitution that moves the target's answer."""
        from geoecon.costs import pictures

        return pictures.welfare_chart(self)

    def charts(self) -> dict[str, ChartType]:
        """Every picture of the stage: change, decomposition, substitution, elasticity."""
        from geoecon.costs import pictures

        return pictures.welfare_charts(self)
