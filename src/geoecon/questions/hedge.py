"""The target's chair: the cheapest mix of stock, second source and substitute for a wanted chance of a bounded loss."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon.case import case_of_texts
from geoecon.dates import YEAR
from geoecon.disruption import buffers_for_case
from geoecon.draws import sample
from geoecon.errors import InputError
from geoecon.figure import Figure
from geoecon.flows import Flows
from geoecon.line import known, run
from geoecon.questions import library
from geoecon.questions.ask import made_case, wording
from geoecon.questions.case_files import case_id
from geoecon.result import ROWS, Result
from geoecon.spoken import money

if TYPE_CHECKING:
    import altair as alt

SECOND = (0.0, 0.3, 0.6)  # share of the sender's part that a second source takes over
SUBSTITUTE = (0.0, 0.3)  # share of the need that a substitute covers from the first day
COLUMNS = ("stock_days", "second_source", "substitute", "cost_usd_million", "chance", "stop", "stock_usd_million",
           "second_usd_million", "substitute_usd_million")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Hedge(Result):
    """One row a mix of `table`, the cheapest first; costs in USD million a year.

    Two events, never under one word: `chance` that the users lose no more than `bound` days of their output over the
    horizon (`now` as it stands), and `stop`, the chance that some plant stops for lack of the product, as `ask` says
    it (`stop_now` as it stands).
    """

    table: pd.DataFrame
    product: str
    buyer: str
    wanted: float
    now: float
    stop_now: float
    bound: float
    origin: frozenset[str]
    notes: tuple[str, ...] = ()  # of the reader of the trade

    METHOD: ClassVar[str] = (
        "For each mix of a second source and a substitute the smallest stock is sought that keeps the users' loss\n"
        "within the bound in the wanted share of runs (the buffers verb). That some plant stops is another event: one\n"
        "of many plants may run out while the industry hardly loses output; its chance stands beside. A stock costs\n"
        "its value times the carrying cost, a second source its premium on what it delivers, a substitute a yearly\n"
        "cost of keeping it (priors)."
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
            "chance_now": Figure(self.now, "share of runs", "as it stands", self.origin, False,
                                 label=f"users lose at most {_days(self.bound)} of output"),
            "stop_now": Figure(self.stop_now, "share of runs", "as it stands", self.origin, False,
                               label="some plant stops"),
            "stop": Figure(float(best["stop"]), "share of runs", "with the cheapest mix", self.origin, False,
                           label="some plant stops"),
        }  # fmt: skip

    def sentence(self) -> str:
        best = self.table.iloc[0]
        parts = [f"{best['stock_days']:.0f} days of stock"]
        if best["second_source"]:
            parts.append(f"a second source for {best['second_source']:.0%} of what the sender delivers")
        if best["substitute"]:
            parts.append(f"a substitute for {best['substitute']:.0%} of the need")
        return (
            f"So that the users of {self.product} in {self.buyer} lose at most {_days(self.bound)} of output in "
            f"{self.wanted:.0%} of runs ({self.now:.0%} today), the cheapest mix is {' and '.join(parts)}, for "
            f"{money(float(best['cost_usd_million']))} a year. That some plant stops, however short, as `ask` counts "
            f"it, is another event: {self.stop_now:.0%} of runs today, {float(best['stop']):.0%} with the mix."
        )

    def summary(self) -> pd.DataFrame:
        """The mixes under short headings, what ranks them first."""
        heads = {
            "cost_usd_million": "USD million a year", "stock_days": "days of stock", "second_source": "second source",
            "substitute": "substitute", "stop": "some plant stops", "stock_usd_million": "of it stock",
            "second_usd_million": "second source costs", "substitute_usd_million": "substitute costs",
        }  # fmt: skip
        return self.table[list(heads)].rename(columns=heads).head(ROWS)

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


def _days(bound: float) -> str:
    return f"{bound:g} day{'' if bound == 1 else 's'}"


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
    """The cheapest mix that keeps the loss of a product's users within a bound with probability `chance`.

    The question is that of `ask`; `bound` is the loss that is borne, in days of the users' output over the horizon.
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
    found, now, stop_now = [], 0.0, 0.0
    for second in SECOND:
        for part in SUBSTITUTE:
            need = values.values[key] * (1 - second) * (1 - part)
            changed = replace(values, values={**values.values, key: need})
            kept = buffers_for_case(case, changed, told.controls, None, precedents, bound=bound, probability=chance)
            row = kept.table.iloc[0]
            if not second and not part:
                now, stop_now = float(row["chance_now"]), float(row["stop_now"])
            days = float(row["stock_days"])
            costs = (
                days / YEAR * imports * central["carrying_cost"],
                float(values.values[key][0]) * second * imports * central["second_source_premium"],
                part * imports * central["substitute_premium"],
            )
            found.append((days, second, part, sum(costs), float(row["chance"]), float(row["stop"]), *costs))
    table = _answers(pd.DataFrame(found, columns=list(COLUMNS)), chance, bound, case.horizon_days)
    order = np.argsort(table["cost_usd_million"].to_numpy(), kind="stable")
    names = ("need_share", "inventory_days", "carrying_cost", "second_source_premium", "substitute_premium")
    sources = frozenset(values.parameter(name, asked.good.id).source for name in names)
    ranked = table.iloc[order].reset_index(drop=True)
    notes = own.coverage.said if own else rows.said
    return Hedge(ranked, asked.good.name, asked.target.name, chance, now, stop_now, bound, sources, notes)


def _answers(table: pd.DataFrame, chance: float, bound: float, days: int) -> pd.DataFrame:
    """The mixes that a stock completes. Raises InputError where none is."""
    some: pd.DataFrame = table[np.isfinite(table["stock_days"])]
    if not len(some):
        raise InputError(
            f"chance {chance:g}: no mix tried holds the loss to {_days(bound)} of output with a stock up to {days} "
            "days; allowed: a lower chance, a higher bound"
        )
    return some
