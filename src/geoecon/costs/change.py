"""The welfare stage of a case and its result: what the dispute costs each side, in its first year and for good."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import xarray as xr

from geoecon.case import Case
from geoecon.costs import case_shock, closed_forms, measures
from geoecon.costs.hat_algebra import Equilibrium, solve
from geoecon.costs.model import Array, Model
from geoecon.draws import Draws, band
from geoecon.errors import MissingData
from geoecon.figure import Figure, cite, number

SIGMAS = np.array([0.05, 0.1, 0.2, 0.3, 0.5, 1.0])
TERMS = ("terms_of_trade", "volume_of_trade", "technical", "transfer")


@dataclass(frozen=True, eq=False)
class WelfareChange:
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
    by_substitution: xr.DataArray  # (sigma, region): exact, if all deliveries stopped and nothing covered for them
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

    METHOD: ClassVar[str] = (
        "Exact-hat general equilibrium with input-output linkages (Caliendo & Parro 2015), one solve for every draw: "
        "unit costs, prices, shares, spending and trade balance in changes from the base table.\n"
        "Controlled deliveries that end are a quota: a wedge that meets the quantity, its rent shared between the "
        "sender's licensed exporters and waste; waiting for licences is a trade cost; a boycott takes the sender's "
        "sales to final users.\n"
        "A critical input enters as the productivity change of its closed form, Y = [a m^ρ + 1 − a]^(1/ρ), "
        "ρ = (σ − 1)/σ (Baqaee & Farhi 2019; Bachmann et al. 2022): Cobb–Douglas inputs cannot see criticality.\n"
        "Real income is exact; the arithmetic sum of terms of trade, volume of trade, technical efficiency and "
        "transfers is what papers publish, and another number.\n"
        "Limits: no unemployment, full adjustment, one period; the short run is the disruption stage's, shown beside "
        "and never added. The base is the case's table of an earlier year, so changes are in per cent."
    )

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(str(name) for name in self.real_income.coords["region"].values)

    def name(self, region: str) -> str:
        return self.names.get(region, region)

    def to_frame(self) -> pd.DataFrame:
        """Tidy: region, measure, unit, central, low, high."""
        rows = []
        shown = {"real income": self.real_income, "arithmetic total": self.arithmetic, "real wage": self.real_wage,
                 "real income, first year": self.first_year}  # fmt: skip
        shown |= {term.replace("_", " "): self.terms.sel(term=term) for term in TERMS}
        if self.short_run is not None:
            shown["short run: value added lost"] = -self.short_run
        for measure, values in shown.items():
            central, low, high = band(values.transpose("draw", "region").values)
            for at, region in enumerate(values.coords["region"].values):
                rows.append((str(region), measure, "percent", central[at], low[at], high[at]))
        return pd.DataFrame(rows, columns=["region", "measure", "unit", "central", "low", "high"])

    def summary(self) -> pd.DataFrame:
        """One row a region: both measures, the bands, USD a year; short run beside, where a stage gave it."""
        central, low, high = band(self.real_income.values)
        table = pd.DataFrame({
            "state or region": [self.name(region) for region in self.regions],
            "real income, lasting (%)": central,
            "low": low,
            "high": high,
            "first year as if it stayed (%)": self.first_year.values[0],
            "arithmetic total (%)": self.arithmetic.values[0],
            "lasting (USD million a year)": central / 100 * self.income.values,
        })  # fmt: skip
        if self.short_run is not None:
            short = self.short_run.reindex(region=list(self.regions)).values[0]
            table["short run: value added lost (% of a year)"] = -short
        order = {self.target: 0, self.sender: 1, self.patron: 2}
        table["_"] = [order.get(region, 3) for region in self.regions]
        return table.sort_values("_", kind="stable").drop(columns="_").head(12).reset_index(drop=True)

    def _figure(self, values: Array, unit: str, label: str) -> Figure:
        central, low, high = (float(value) for value in band(values))
        found = Figure(central, unit, self.period, self.sources, self.verified, label=label)
        return found if np.isnan(low) else found.with_band(low, high)

    def figures(self) -> dict[str, Figure]:
        """Headline first: the target's lasting change, then the sender's, then the others of the dispute."""
        found = {}
        for side in (self.target, self.sender, self.patron):
            if side in self.regions:
                values = self.real_income.sel(region=side).values
                label = f"lasting change of real income, {self.name(str(side))}"
                found[f"real_income.{side}"] = self._figure(values, "percent", label)
        for side in (self.target, self.sender):
            label = f"change of real income if the first year stayed, {self.name(side)}"
            found[f"first_year.{side}"] = self._figure(self.first_year.sel(region=side).values, "percent", label)
            label = f"lasting change, arithmetic total, {self.name(side)}"
            found[f"arithmetic.{side}"] = self._figure(self.arithmetic.sel(region=side).values, "percent", label)
        trade = self.trade.sel(exporter=self.sender, importer=self.target).values
        label = f"exports of {self.name(self.sender)} to {self.name(self.target)}, first year"
        found["exports"] = self._figure(trade, "percent", label)
        found["residual"] = Figure(self.residual, "largest relative error", self.period, self.sources, True,
                                   label="residual of the solver")  # fmt: skip
        return found

    def sentence(self) -> str:
        """Who loses what, from the numbers."""
        said = self.figures()
        target, sender = said[f"real_income.{self.target}"], said[f"real_income.{self.sender}"]
        first = said[f"first_year.{self.target}"]
        return (
            f"The lasting change of real income is {_spoken(target)} for {self.name(self.target)} "
            f"and {_spoken(sender)} for {self.name(self.sender)}; if the first year stayed it would be "
            f"{_spoken(first)} for {self.name(self.target)} (solver residual {self.residual:.0e})."
        )

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

    def chart(self) -> Any:
        """Ranked bars by region with the interval; beside them the substitution that moves the target's answer."""
        from geoecon.costs import pictures

        return pictures.welfare_chart(self)


def _spoken(figure: Figure) -> str:
    text = f"{number(figure.value)} %"
    if figure.low is not None and figure.high is not None:
        text += f" ({number(figure.low)} to {number(figure.high)} %)"
    return text


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
    first = solve(model, case_shock.shock_of(economy, case_shock.first_year(case, economy, draws, controls), draws))
    stays = case_shock.lasting(case, economy, draws, controls, catchup)
    solved = solve(model, case_shock.shock_of(economy, stays, draws))
    split = measures.decompose(solved).by_country()
    regions = {"region": list(model.regions)}
    values = np.stack([split[term] for term in TERMS], axis=-1)

    def by_region(array: Array) -> xr.DataArray:
        return xr.DataArray(array, dims=("draw", "region"), coords=regions)

    pair = ("draw", "exporter", "importer")
    patron = next((state.code for state in case.states if state.role == "patron"), None)
    inputs = [draws.parameter(name) for name in _parameters(draws)]
    return WelfareChange(
        real_income=by_region(measures.real_income(solved)),
        arithmetic=by_region(split["arithmetic"]),
        terms=xr.DataArray(values, dims=("draw", "region", "term"), coords={**regions, "term": list(TERMS)}),
        real_wage=by_region(measures.real_wage(solved)),
        trade=xr.DataArray(measures.trade_change(first), dims=pair,
                           coords={"exporter": list(model.regions), "importer": list(model.regions)}),
        first_year=by_region(measures.real_income(first)),
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


def _parameters(draws: Draws) -> list[str]:
    wanted = ("elasticity_scale", "input_substitution", "bound_output_share", "need_share", "alternative_ceiling",
              "listed_flow_share", "carrying_cost", "licence_rent", "boycott_cut", "boycott_waste",
              "boycott_persistence", "review_days", "inventory_days")  # fmt: skip
    return [name for name in wanted if draws.has(name)]


def _sources(model: Model, inputs: list[Any]) -> frozenset[str]:
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


def short_run(disruption: Any, model: Model) -> xr.DataArray | None:
    """(draw, region) value added lost over the disruption's horizon, per cent of a year's value added."""
    if disruption is None or getattr(disruption, "lost_value_added", None) is None:
        return None
    lost = disruption.lost_value_added
    base = xr.DataArray(model.value_added, dims="region", coords={"region": list(model.regions)})
    share: xr.DataArray = (100 * lost / base).transpose("draw", "region")
    return share


def closed_form_gains(model: Model) -> pd.DataFrame:
    """What each region would lose without any trade, per cent: the closed form, for sanity."""
    return pd.DataFrame({"region": model.regions, "loss (%)": 100 * closed_forms.autarky_loss(model)})


def solved_case(case: Case, draws: Draws, controls: Any = None) -> Equilibrium:
    """The first year's equilibrium itself, for those who want prices and flows by sector."""
    economy = case_shock.economy_of(case)
    return solve(
        economy.model,
        case_shock.shock_of(economy, case_shock.first_year(case, economy, draws, controls), draws),
    )
