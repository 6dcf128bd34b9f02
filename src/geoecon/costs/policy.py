"""Who can extract what: the export tax that serves a country best, the answer that serves the other best.

Hosoe's question, by search: every grid of taxes is one batch of equilibria that share the base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from geoecon.costs import measures
from geoecon.costs.hat_algebra import Equilibrium, solve
from geoecon.costs.model import Model
from geoecon.costs.shocks import Shock
from geoecon.draws import Array
from geoecon.errors import InputError, NotConverged

GRID = 21
ROUNDS = 4  # each narrows the interval by the grid, to about a ten-thousandth of the tax
HIGHEST = 3.0  # a tax of 300 per cent
NASH_ROUNDS = 30


@dataclass(frozen=True, eq=False)
class ExportTax:
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

    def sentence(self) -> str:
        from geoecon.figure import number

        own, other = self.real_income[self.exporter], self.real_income[self.importer]
        end = " (the end of the range searched)" if self.bound else ""
        return (
            f"The export tax on {self.importer} that serves {self.exporter} best is {number(100 * self.rate)} %{end}: "
            f"real income {number(own)} % for {self.exporter}, {number(other)} % for {self.importer} "
            f"(solver residual {float(self.solved.residual):.0e})."
        )

    def chart(self, sources: Sequence[str] = ()) -> Any:
        """Real income of both against the tax."""
        from geoecon import charts

        frame = self.curve.melt("rate", [self.exporter, self.importer], "region", "change")
        frame["tax"] = 100 * frame["rate"]
        line = charts.path(frame, "tax", "change", color="region", x_title="export tax (%)", y_title="real income (%)")
        return charts.finish(line, self.sentence(), "change of real income in per cent, exact", sources)


@dataclass(frozen=True, eq=False)
class TaxContest:
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


def optimal_export_tax(
    model: Model,
    exporter: str,
    importer: str,
    sectors: Sequence[str] = (),
    *,
    shock: Shock | None = None,
    highest: float = HIGHEST,
) -> ExportTax:
    """Search over batches: a grid from 0 to `highest`, then ever narrower ones around the best.

    `sectors` empty means all. `shock` holds what else has changed, such as the other side's tax.
    """
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
    model: Model,
    first: str,
    second: str,
    first_sectors: Sequence[str] = (),
    second_sectors: Sequence[str] = (),
    *,
    highest: float = HIGHEST,
) -> TaxContest:
    """Best answers in turn until neither moves. Raises NotConverged where they cycle."""
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


def sweep_chart(frame: pd.DataFrame, regions: Sequence[str], sources: Sequence[str] = ()) -> Any:
    """Elasticities against the change of real income."""
    from geoecon import charts

    long = frame.melt("scale", list(regions), "region", "change")
    worst = long.sort_values("change").iloc[0]
    line = charts.path(long, "scale", "change", color="region", x_title="factor on all trade elasticities",
                       y_title="real income (%)")  # fmt: skip
    title = f"{worst['region']} loses most at {worst['scale']:g} times the elasticities"
    return charts.finish(line, title, "change of real income in per cent, exact", sources)
