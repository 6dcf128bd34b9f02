"""Who can extract what: the export tax that serves a country best, the answer that serves the other best.

Hosoe's question, by search: every grid of taxes is one batch of equilibria that share the base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon.costs import measures
from geoecon.costs.economies import Economies, model_of
from geoecon.costs.hat_algebra import Equilibrium, solve
from geoecon.costs.model import Model
from geoecon.costs.shocks import Shock
from geoecon.draws import Array
from geoecon.errors import InputError, NotConverged
from geoecon.figure import Figure, cite, number
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt


GRID = 21
ROUNDS = 4  # each narrows the interval by the grid, to about a ten-thousandth of the tax
HIGHEST = 3.0  # a tax of 300 per cent
NASH_ROUNDS = 30


@dataclass(frozen=True, eq=False)
class ExportTax(Result):
    """The tax (rate, 0.2 is twenty per cent) of `exporter` on sales to `importer` that serves the exporter best.

    `curve`: one row a tax tried, with the change of real income of every region (per cent). `bound` says that the
    best tax lies at the end of the range searched.
    """

    exporter: str
    importer: str
    sectors: tuple[str, ...]
    rate: float
    real_income: pd.Series  # (region) per cent, at the best tax
    curve: pd.DataFrame
    bound: bool
    solved: Equilibrium

    METHOD: ClassVar[str] = (
        "Every tax of a grid is one exact-hat equilibrium (Caliendo & Parro 2015), in a batch that shares the base.\n"
        "The grid narrows around the best four times; revenue stays with the exporter.\n"
        "Limits: no answer of the other side (see the contest), full adjustment, fixed deficits."
    )

    @property
    def sources(self) -> frozenset[str]:
        return self.solved.model.sources | {cite("caliendo-parro-2015"), cite("hosoe-2021")}

    def to_frame(self) -> pd.DataFrame:
        """Every tax tried: rate, region, change of real income in per cent."""
        return self.curve.melt("rate", var_name="region", value_name="real_income")

    def summary(self) -> pd.DataFrame:
        """Real income of all regions at the best tax."""
        frame = self.real_income.rename("real income at the best tax (%)").rename_axis("region").reset_index()
        return pd.DataFrame(frame.head(12))

    def figures(self) -> dict[str, Figure]:
        """The tax, then real income of both, then the residual."""
        period = self.solved.model.period
        tax = f"export tax of {self.exporter} on {self.importer} that serves it best"
        found = {"export_tax": Figure(100 * self.rate, "percent", period, self.sources, label=tax)}
        for region in (self.exporter, self.importer):
            label = f"change of real income at that tax, {region}"
            found[region] = Figure(float(self.real_income[region]), "percent", period, self.sources, label=label)
        residual = float(self.solved.residual)
        found["residual"] = Figure(residual, "largest relative error", period, self.sources, label="residual")
        return found

    def sentence(self) -> str:
        own, other = self.real_income[self.exporter], self.real_income[self.importer]
        end = " (the end of the range searched)" if self.bound else ""
        return (
            f"The export tax on {self.importer} that serves {self.exporter} best is {number(100 * self.rate)} %{end}: "
            f"real income {number(own)} % for {self.exporter}, {number(other)} % for {self.importer} "
            f"(solver residual {float(self.solved.residual):.0e})."
        )

    def chart(self) -> alt.VConcatChart:
        """Real income of both against the tax."""
        from geoecon import charts

        frame = self.curve.melt("rate", [self.exporter, self.importer], "region", "change")
        frame["tax"] = 100 * frame["rate"]
        line = charts.path(frame, "tax", "change", color="region", x_title="export tax (%)", y_title="real income (%)")
        return charts.finish(line, self.sentence(), "change of real income in per cent, exact", self.sources)


@dataclass(frozen=True, eq=False)
class TaxContest(Result):
    """Both tax each other's purchases, each best for the other's tax (Nash). rates: (first, second)."""

    regions: tuple[str, str]
    rates: tuple[float, float]
    real_income: pd.Series
    alone: ExportTax  # what the first would take without an answer
    answer: ExportTax  # the second's best answer to that
    rounds: int

    def to_frame(self) -> pd.DataFrame:
        """Real income of all regions: first alone, answered once, and at the end of the contest."""
        return pd.DataFrame({
            "first alone": self.alone.real_income,
            "answered": self.answer.real_income,
            "contest": self.real_income,
        }).rename_axis("region").reset_index()  # fmt: skip

    METHOD: ClassVar[str] = ExportTax.METHOD.replace("no answer of the other side (see the contest)", "two sides only")

    @property
    def sources(self) -> frozenset[str]:
        return self.alone.sources

    def summary(self) -> pd.DataFrame:
        """`to_frame` with units."""
        named = {name: f"{name}: real income (%)" for name in ("first alone", "answered", "contest")}
        return self.to_frame().rename(columns=named).head(12)

    def figures(self) -> dict[str, Figure]:
        """Both taxes of the contest, then real income of both."""
        found = {}
        for region, rate in zip(self.regions, self.rates, strict=True):
            label = f"export tax of {region} in the contest"
            found[f"tax.{region}"] = Figure(100 * rate, "percent", "", self.sources, label=label)
        for region in self.regions:
            label = f"change of real income in the contest, {region}"
            found[region] = Figure(float(self.real_income[region]), "percent", "", self.sources, label=label)
        return found

    def sentence(self) -> str:
        first, second = self.regions
        return (
            f"Alone, {first} would take {number(self.alone.real_income[first])} % at a tax of "
            f"{number(100 * self.alone.rate)} %; in a contest of export taxes ({number(100 * self.rates[0])} and "
            f"{number(100 * self.rates[1])} %) {first} ends at {number(self.real_income[first])} % and {second} at "
            f"{number(self.real_income[second])} % of real income."
        )

    def chart(self) -> alt.VConcatChart:
        """Real income of both: alone, answered, contest."""
        from geoecon import charts

        frame = self.to_frame().melt("region", var_name="stage", value_name="change")
        frame = frame[frame["region"].isin(self.regions)]
        frame["label"] = frame["region"] + ": " + frame["stage"]
        bars = charts.bars(
            frame, "label", "change", color="region", x_title="real income (%)", sort=list(frame["label"])
        )
        return charts.finish(bars, self.sentence(), "change of real income in per cent, exact", self.sources)


def optimal_export_tax(
    economy: Economies,
    exporter: str,
    importer: str,
    sectors: Sequence[str] = (),
    *,
    shock: Shock | None = None,
    highest: float = HIGHEST,
) -> ExportTax:
    """The export tax of `exporter` on `importer` that serves the exporter best, in an economy as `model_of` takes it.

    A search over batches: a grid from 0 to `highest`, then ever narrower ones around the best.

    `sectors` empty means all. `shock` holds what else has changed, such as the other side's tax.
    """
    model = model_of(economy)
    if exporter == importer:
        raise InputError(f"export tax of {exporter} on itself; allowed: two different regions")
    if not highest > 0:
        raise InputError(f"highest tax {highest}; allowed: above 0")
    i, n = model.region(exporter), model.region(importer)
    goods = [model.sector(name) for name in sectors or model.sectors]
    base = Shock.none(model) if shock is None else shock
    low, high = 0.0, highest
    tried: list[pd.DataFrame] = []
    for _ in range(ROUNDS):
        rates = np.linspace(low, high, GRID)
        solved = solve(model, _taxed(base, goods, n, i, rates))
        changes = measures.real_income(solved)
        frame = pd.DataFrame(changes, columns=list(model.regions))
        tried.append(frame.assign(rate=rates))
        best = int(np.argmax(changes[:, i]))
        low, high = rates[max(best - 1, 0)], rates[min(best + 1, GRID - 1)]
    curve = pd.concat(tried).drop_duplicates("rate").sort_values("rate", ignore_index=True)
    rate = float(rates[best])
    return ExportTax(
        exporter, importer, tuple(model.sectors[j] for j in goods), rate,
        pd.Series(changes[best], index=list(model.regions)), curve, bool(rate >= highest * (1 - 1e-9)), solved[best],
    )  # fmt: skip


def _taxed(base: Shock, goods: list[int], importer: int, exporter: int, rates: Array) -> Shock:
    tax = np.repeat(base.export_tax[None], len(rates), axis=0)
    tax[:, goods, importer, exporter] = 1 + rates[:, None]
    return replace(base, export_tax=tax)


def retaliatory_export_tax(
    economy: Economies,
    first: str,
    second: str,
    first_sectors: Sequence[str] = (),
    second_sectors: Sequence[str] = (),
    *,
    highest: float = HIGHEST,
) -> TaxContest:
    """Best answers in turn until neither moves. Raises NotConverged where they cycle."""
    model = model_of(economy)
    base = Shock.none(model)
    i, n = model.region(first), model.region(second)
    mine = [model.sector(name) for name in first_sectors or model.sectors]
    theirs = [model.sector(name) for name in second_sectors or model.sectors]
    alone = optimal_export_tax(model, first, second, first_sectors, highest=highest)
    held = replace(base, export_tax=_taxed(base, mine, n, i, np.array([alone.rate])).export_tax[0])
    answer = last = optimal_export_tax(model, second, first, second_sectors, shock=held, highest=highest)
    rates = (alone.rate, answer.rate)
    for rounds in range(1, NASH_ROUNDS + 1):
        held = replace(base, export_tax=_taxed(base, theirs, i, n, np.array([rates[1]])).export_tax[0])
        mover = optimal_export_tax(model, first, second, first_sectors, shock=held, highest=highest)
        held = replace(base, export_tax=_taxed(base, mine, n, i, np.array([mover.rate])).export_tax[0])
        last = optimal_export_tax(model, second, first, second_sectors, shock=held, highest=highest)
        moved = max(abs(mover.rate - rates[0]), abs(last.rate - rates[1]))
        rates = (mover.rate, last.rate)
        if moved < 1e-3:
            return TaxContest((first, second), rates, last.real_income, alone, answer, rounds)
    raise NotConverged("the contest of export taxes", moved, NASH_ROUNDS, f"{first} and {second}")


def sweep_elasticities(model: Model, shock: Shock, scales: Sequence[float]) -> pd.DataFrame:
    """Exact real income of every region with all trade elasticities times each scale: one batch, one row a scale."""
    values = np.asarray(scales, dtype=float)
    if not (values > 0).all() or not len(values):
        raise InputError(f"scales {list(scales)}; allowed: factors above 0")
    solved = solve(model, replace(shock, elasticity=model.elasticity * values[:, None]))
    frame = pd.DataFrame(measures.real_income(solved), columns=list(model.regions))
    frame.insert(0, "scale", values)
    return frame
