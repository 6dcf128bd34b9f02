"""The target's chair: the cheapest mix of stock, second source and substitute for a wanted chance of no stop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon.case import case_of_texts
from geoecon.disruption import buffers_for_case
from geoecon.draws import sample
from geoecon.errors import InputError
from geoecon.figure import Figure
from geoecon.flows import Flows
from geoecon.line import known, run
from geoecon.questions import library
from geoecon.questions.ask import made_case, wording
from geoecon.questions.prefill import case_id
from geoecon.result import Result
from geoecon.spoken import money

if TYPE_CHECKING:
    import altair as alt

SECOND = (0.0, 0.3, 0.6)  # share of the sender's part that a second source takes over
SUBSTITUTE = (0.0, 0.3)  # share of the need that a substitute covers from the first day
COLUMNS = ("stock_days", "second_source", "substitute", "chance", "stock_usd_million", "second_usd_million",
           "substitute_usd_million", "cost_usd_million")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Hedge(Result):
    """One row a mix of `table`, the cheapest first; costs in USD million a year, `chance` that nothing stops."""

    table: pd.DataFrame
    product: str
    buyer: str
    wanted: float
    now: float
    origin: frozenset[str]
    notes: tuple[str, ...] = ()  # of the reader of the trade

    METHOD: ClassVar[str] = (
        "For each mix of a second source and a substitute the smallest stock is sought that keeps the users' loss\n"
        "within the bound in the wanted share of runs (the buffers verb). A stock costs its value times the carrying\n"
        "cost, a second source its premium on what it delivers, a substitute a yearly cost of keeping it (priors)."
    )

    @property
    def sources(self) -> frozenset[str]:
        return self.origin

    def to_frame(self) -> pd.DataFrame:
        return self.table

    def figures(self) -> dict[str, Figure]:
        best = self.table.iloc[0]
        return {
            "cost": Figure(float(best["cost_usd_million"]), "USD million a year", "central priors", self.origin, False,
                           label="cheapest mix"),
            "chance_now": Figure(self.now, "share of runs", "as it stands", self.origin, False, label="no stop today"),
        }  # fmt: skip

    def sentence(self) -> str:
        best = self.table.iloc[0]
        parts = [f"{best['stock_days']:.0f} days of stock"]
        if best["second_source"]:
            parts.append(f"a second source for {best['second_source']:.0%} of what the sender delivers")
        if best["substitute"]:
            parts.append(f"a substitute for {best['substitute']:.0%} of the need")
        return (
            f"So that {self.product} does not stop {self.buyer} in {self.wanted:.0%} of runs ({self.now:.0%} today), "
            f"the cheapest mix is {' and '.join(parts)}, for {money(float(best['cost_usd_million']))} a year."
        )

    def chart(self) -> alt.VConcatChart:
        from geoecon import charts

        top = self.table.head(10).assign(
            mix=lambda rows: [f"{s:.0f} days, second {x:.0%}, substitute {y:.0%}" for s, x, y in
                              rows[["stock_days", "second_source", "substitute"]].to_numpy(float)]
        )  # fmt: skip
        bars = charts.bars(top, "mix", "cost_usd_million", x_title="USD million a year")
        finished: alt.VConcatChart = charts.finish(
            bars, self.sentence(), "cost of each mix, USD million a year", self.origin
        )
        return finished


def hedge(
    question: str,
    target: str | None = None,
    product: str | None = None,
    *,
    chance: float = 0.9,
    bound: float = 1.0,
    start: str | date | None = None,
    flows: str | Path | Flows | None = None,
    draws: int = 100,
    seed: int = 0,
) -> Hedge:
    """The cheapest mix that keeps the users of a product running with probability `chance`, if it is withheld.

    The question is that of `ask`; `bound` is the loss that does not count as a stop, in days of the users' output.
    Raises InputError for a chance that is none and where `ask` does.
    """
    if not 0 < chance < 1:
        raise InputError(f"chance {chance:g}; allowed: above 0 and below 1")
    asked, day = wording(question, target, product, start=start)
    if asked.buying:
        raise InputError("a buyer that refuses; allowed: a question in which a seller withholds a product")
    own = library.brought(flows)
    rows, made = made_case(asked, patron=None, start=day, flows=own)
    if rows.none_in:
        raise InputError(f"{rows.note.split(':')[0]}: there is nothing to hedge; allowed: a good that is bought")
    case = known(case_of_texts(made.texts, case_id(asked)))
    values = sample(case.parameters, draws, seed)
    told = run(case, draws=draws, seed=seed, parameters=values, until="controls")
    precedents = told.precedents if "precedents" in told.results else None
    central = {
        key: float(values.get(key)[0]) for key in ("carrying_cost", "second_source_premium", "substitute_premium")
    }
    key, imports = f"need_share.{asked.good.id}", rows.value / 1e6
    found, now = [], 0.0
    for second in SECOND:
        for part in SUBSTITUTE:
            need = values.values[key] * (1 - second) * (1 - part)
            changed = replace(values, values={**values.values, key: need})
            kept = buffers_for_case(case, changed, told.controls, None, precedents, bound=bound, probability=chance)
            row = kept.table.iloc[0]
            if not second and not part:
                now = float(row["chance_now"])
            days = float(row["stock_days"])
            costs = (
                days / 365 * imports * central["carrying_cost"],
                float(values.values[key][0]) * second * imports * central["second_source_premium"],
                part * imports * central["substitute_premium"],
            )
            found.append((days, second, part, float(row["chance"]), *costs, sum(costs)))
    table = pd.DataFrame(found, columns=list(COLUMNS))
    order = np.argsort(table["cost_usd_million"].to_numpy(), kind="stable")
    names = ("need_share", "inventory_days", "carrying_cost", "second_source_premium", "substitute_premium")
    sources = frozenset(values.parameter(name, asked.good.id).source for name in names)
    ranked = table.iloc[order].reset_index(drop=True)
    return Hedge(ranked, asked.good.name, asked.target.name, chance, now, sources, own.coverage.said if own else ())
