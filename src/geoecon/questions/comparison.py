"""Cases side by side: dependence, stocks, review time, cost, asymmetry, forecast, outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon import countries, spoken, tables
from geoecon.case import Case, load_case
from geoecon.dispute import ENDINGS, ending_in_words
from geoecon.errors import InputError, MissingData
from geoecon.figure import Figure
from geoecon.line import Assessment, run
from geoecon.result import Result
from geoecon.scorecard import read_outcomes

if TYPE_CHECKING:
    import altair as alt

    from geoecon.figure import Array

MARK = " *"  # behind what nobody has checked
# unit: how its size is said, and what follows the band
SIZES: Mapping[str, tuple[Callable[[float], str], str]] = {
    "share of imports": (spoken.percent, " of imports"),
    "%": (spoken.whole, " %"),
}


@dataclass(frozen=True)
class Comparison(Result):
    """`figures_of`: for each case, its figures by row name; a figure without value is unknown, not zero."""

    figures_of: dict[str, dict[str, Figure]]
    titles: dict[str, str]
    why: dict[str, dict[str, str]] = field(default_factory=dict)  # for each case, why a figure is unknown
    targets: dict[str, str] = field(default_factory=dict)  # for each case, whom it hits, by name

    METHOD: ClassVar[str] = (
        "Each case runs through the same line, blind at its first cut-off, and gives the same rows. Dependence: the\n"
        "largest share of a controlled product that the target buys from the sender before the start. Stocks and\n"
        "review: the priors. Cost: from the losses while the listed controls hold. Asymmetry: the target's loss over\n"
        "the sender's, where it is known that the sender loses. Stocks and review are those of the case's first good.\n"
        "Endings: the bargaining stage, after as many months in all: the shortest horizon of the cases compared.\n"
        "Outcome: what the case records as known."
    )

    def to_frame(self) -> pd.DataFrame:
        """One row per case and measure."""
        rows = [
            (case, name, figure.value, figure.low, figure.high, figure.unit, figure.verified)
            for case, found in self.figures_of.items()
            for name, figure in found.items()
        ]
        return pd.DataFrame(rows, columns=["case", "measure", "central", "low", "high", "unit", "verified"])

    def summary(self) -> pd.DataFrame:
        """Measures down, cases across."""
        names = list(dict.fromkeys(name for found in self.figures_of.values() for name in found))
        table = {"measure": names}
        for case, found in self.figures_of.items():
            why = self.why.get(case, {})
            table[case] = [_cell(found.get(name), why.get(name, "")) for name in names]
        return pd.DataFrame(table)

    def caveats(self) -> tuple[str, ...]:
        """Which rows hold what nobody has checked against a document."""
        names = list(dict.fromkeys(name for found in self.figures_of.values() for name in found))
        marked = [name for name in names if any(MARK in _cell(found.get(name)) for found in self.figures_of.values())]
        return (f"{MARK.strip()} rests on assumptions that nobody has checked against a document.",) if marked else ()

    def figures(self) -> dict[str, Figure]:
        return {f"{case}.{name}": figure for case, found in self.figures_of.items() for name, figure in found.items()}

    @property
    def sources(self) -> frozenset[str]:
        return frozenset().union(*(figure.sources for figure in self.figures().values()))

    def sentence(self) -> str:
        known = {
            case: found["loss of the target"].value
            for case, found in self.figures_of.items()
            if found["loss of the target"].value is not None
        }
        if len(known) < 2:
            return f"{len(self.figures_of)} cases compared. The losses of fewer than two are known."
        ordered = sorted(known, key=lambda case: known[case] or 0.0, reverse=True)
        (first, most), (last, least) = (
            (case, self._costs(case, known[case] or 0.0)) for case in (ordered[0], ordered[-1])
        )
        return (
            f"{self.titles[first]}: if in force, the measures {most} in the middle, the most of {len(known)} cases. "
            f"{self.titles[last]}: they {least}, the least."
        )

    def _costs(self, case: str, loss: float) -> str:
        who = countries.named(self.targets.get(case, "")) or "the other side"
        return f"cost {who} {spoken.cost(loss, each=' a month')}"

    def chart(self) -> alt.VConcatChart:
        """The target's dependence before each dispute."""
        from geoecon import charts

        rows = [(case, found["dependence"].value) for case, found in self.figures_of.items()]
        table = pd.DataFrame(rows, columns=["case", "share"]).dropna()
        picture = charts.bars(table, "case", "share", x_title="share of imports")
        top = table.sort_values("share")["case"].iloc[-1] if len(table) else "no case"
        return charts.finish(
            picture, f"Dependence was highest in {top}", "largest share of a controlled product", self.sources
        )


def compare(cases: Sequence[str | Path | Case], *, draws: int = 0, seed: int = 0) -> Comparison:
    """The named cases side by side. Raises InputError for fewer than two."""
    if len(cases) < 2:
        raise InputError(f"{len(cases)} case to compare; allowed: two or more")
    known = [load_case(one) for one in cases]
    month = min(case.horizon_months for case in known)
    figures: dict[str, dict[str, Figure]] = {}
    titles, targets = dict[str, str](), dict[str, str]()
    why: dict[str, dict[str, str]] = {}
    for case in known:
        name = case.id if case.id not in figures else f"{case.id} ({len(figures) + 1})"
        figures[name], why[name] = rows_of(run(case, draws=draws, seed=seed), month)
        titles[name], targets[name] = case.title, case.name_of(case.target)
    return Comparison(figures, titles, why, targets)


def rows_of(assessment: Assessment, month: int) -> tuple[dict[str, Figure], dict[str, str]]:
    """The figures by which cases are compared, endings by that month; and why the line could not give a figure."""
    found: dict[str, Figure] = {}
    why: dict[str, str] = {}
    endings = {f"{ending_in_words(ending)}, after {month} months": _ending(ending, month) for ending in ENDINGS}
    for name, make in {**ROWS, **endings, "outcome": _outcome}.items():
        try:
            found[name] = make(assessment)
        except (MissingData, LookupError) as missing:
            found[name] = Figure(None, "", "", label=name)
            why[name] = str(missing.args[0]) if isinstance(missing, MissingData) and missing.args else "no such row"
    return found, why


def _largest(assessment: Assessment) -> Figure:
    said: dict[str, Figure] = assessment.trade.figures()
    shares = {name: figure for name, figure in said.items() if name.startswith("share.") and figure.value is not None}
    if not shares:
        raise MissingData("a share of the sender")
    most = max(shares, key=lambda name: shares[name].value or 0.0)
    named = {product.id: product.name for product in assessment.case.products}
    good = next((named[part] for part in most.split(".") if part in named), "")
    return replace(shares[most], unit=f"share of imports of {good}" if good else shares[most].unit)


def _prior(name: str) -> Callable[[Assessment], Figure]:
    def make(assessment: Assessment) -> Figure:
        case, known = assessment.case, assessment.case.parameters
        first = case.products[0]
        figure = (known[f"{name}.{first.id}"] if f"{name}.{first.id}" in known else known[name]).figure()
        if figure.low == figure.high:  # held at one value: no band
            figure = replace(figure, low=None, high=None)
        return replace(figure, unit=f"{figure.unit.removeprefix('calendar ')}, {first.name}")

    return make


def _loss(side: str) -> Callable[[Assessment], Figure]:
    def make(assessment: Assessment) -> Figure:
        return assessment.losses.figures()[f"listed.none.{side}"]

    return make


def _asymmetry(assessment: Assessment) -> Figure:
    listed = assessment.losses.full.sel(control="listed", retaliation="none")[0]
    sender = np.asarray(listed.sel(side="sender").values, float)
    target = np.asarray(listed.sel(side="target").values, float)
    gains = int((sender <= 0).sum())
    if gains:
        raise MissingData(f"the sender loses nothing or gains in {gains} of {len(sender)} runs, so there is no ratio")
    return _banded(target / sender, "the target's loss over the sender's", assessment)


def _banded(values: Array, unit: str, assessment: Assessment) -> Figure:
    return Figure.of(values, unit, f"cut-off {assessment.case.cutoff}", assessment.losses.sources, False)


def _ending(ending: str, month: int) -> Callable[[Assessment], Figure]:
    def make(assessment: Assessment) -> Figure:
        """How likely this ending is by that month."""
        return replace(
            _banded(100 * assessment.bargaining.by(ending, month), "%", assessment),
            period=f"from {assessment.case.start}",
            sources=assessment.bargaining.sources,
        )

    return make


def _outcome(assessment: Assessment) -> Figure:
    """How long the dispute took, or how long it has been open, as the case records it."""
    outcomes = read_outcomes(assessment.case)
    for row in tables.records(outcomes[outcomes["metric"] == "length_months"]):
        if row["kind"] in ("observed", "study"):
            return Figure(row["value"], "months to the end", row["date"], frozenset({row["source"]}))
        if row["kind"] == "censored":
            return Figure(row["threshold"], "months and still open", row["date"], frozenset({row["source"]}))
    raise MissingData("an outcome")


ROWS: dict[str, Callable[[Assessment], Figure]] = {
    "dependence": _largest,
    "stocks": _prior("inventory_days"),
    "review time": _prior("review_days"),
    "loss of the target": _loss("target"),
    "loss of the sender": _loss("sender"),
    "asymmetry": _asymmetry,
}


def _cell(figure: Figure | None, why: str = "") -> str:
    """A figure in words: shares as per cent, money in two digits; why there is none."""
    if figure is None or figure.value is None:
        return f"unknown: {why}" if why else "unknown"
    if not figure.measurable:
        return spoken.NOTHING
    text = str(figure).removesuffix(" [unverified]")
    if figure.unit.startswith("USD million"):
        text = spoken.cost(figure.value, figure.low, figure.high, figure.unit.removeprefix("USD million"))
    for start, (size, rest) in SIZES.items():
        if figure.unit.startswith(start):
            ends = None if figure.low is None or figure.high is None else (size(figure.low), size(figure.high))
            band = f" ({ends[0]} to {ends[1]})" if ends and ends[0] != ends[1] else ""
            text = size(figure.value) + band + rest + figure.unit.removeprefix(start)
    return text if figure.verified else f"{text}{MARK}"
