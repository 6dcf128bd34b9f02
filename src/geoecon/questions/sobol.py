"""Sensitivity: how much of a measure's variance each assumption explains, alone and with the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon import sobol, tables
from geoecon.case import Case, load_case
from geoecon.draws import Draws, Parameter
from geoecon.errors import InputError
from geoecon.figure import Figure, number
from geoecon.questions.batch import uncertainty
from geoecon.questions.measures import measures, question_of
from geoecon.questions.result import headlines, varies
from geoecon.result import Result

if TYPE_CHECKING:
    from pathlib import Path

    import altair as alt
    from scipy.stats._distn_infrastructure import rv_continuous_frozen as rv_frozen

    from geoecon.questions.measures import Question
    from geoecon.questions.result import Ensemble


Array = NDArray[np.float64]
BATCH = 256


@dataclass(frozen=True)
class Sensitivity(Result):
    """Sobol indices: measure, parameter, first, total, each with the 80 % interval of a bootstrap.

    `reach` is the share of a measure's variance over all parameters that is left when only the studied ones vary:
    near one, nothing that matters was left out by the screen.
    """

    case: str
    cutoff: date
    n: int
    table: pd.DataFrame
    reach: Mapping[str, float]
    sources: frozenset[str]

    METHOD: ClassVar[str] = (
        "First-order index: variance explained by one assumption alone; total: with all its interactions (Sobol 2001;\n"
        "estimators of Saltelli et al. 2010 and Jansen 1999, scrambled Sobol points). Rows without a value are left\n"
        "out and counted; a measure that is infinite in some rows (never short of stock) is judged by its ranks. The\n"
        "assumptions studied are those that a screen of draws finds for each measure; the rest stay central.\n"
        "Limits: independent priors; the intervals are of the sampling, not of the model."
    )

    def to_frame(self) -> pd.DataFrame:
        return self.table

    def of(self, measure: str) -> pd.DataFrame:
        mine = self.table[self.table["measure"] == measure]
        return mine.sort_values("total", ascending=False, kind="stable")

    def summary(self) -> pd.DataFrame:
        top = self.table.sort_values(["measure", "total"], ascending=[True, False], kind="stable")
        first = top.groupby("measure", sort=False).head(1).head(12)
        reached = [number(self.reach.get(name, float("nan"))) for name in first["measure"]]
        words = first["measure"].str.replace("|", ", ", regex=False)
        if first["total"].isna().all():
            return pd.DataFrame({"measure": words, "variance reached": reached}).reset_index(drop=True)
        return pd.DataFrame(
            {
                "measure": words,
                "moved most by": first["parameter"].where(first["total"].notna(), "unknown"),
                "share of variance alone": [number(value) for value in first["first"]],
                "with interactions": [number(value) for value in first["total"]],
                "variance reached": reached,
            }
        ).reset_index(drop=True)

    def figures(self) -> dict[str, Figure]:
        period = f"{self.n} points, cut-off {self.cutoff}"
        found = {}
        for row in tables.records(self.table):
            label = f"{row['parameter']} on {row['measure']}"
            name = f"{row['measure']}|{row['parameter']}"
            found[name] = Figure(row["total"], "share of variance", period, self.sources, label=label)
        return found

    def sentence(self) -> str:
        if self.table.empty:
            return "No measure varies with any assumption."
        known = self.table.dropna(subset=["total"])
        if known.empty:
            return "No index is known: too few runs give every measure."
        top = known.loc[known.groupby("measure")["total"].idxmax()]
        counted = top["parameter"].value_counts()
        return (
            f"{counted.index[0]} moves {counted.iloc[0]} of {len(top)} measures more than any other assumption, "
            f"with {number(float(top[top['parameter'] == counted.index[0]]['total'].max()))} of the variance at most."
        )

    def chart(self) -> alt.VConcatChart:
        from geoecon import charts

        name = str(self.table["measure"].iloc[0])
        top = self.of(name).head(12).rename(columns={"total": "share"})
        picture = charts.bars(top[["parameter", "share"]], "parameter", "share", x_title="total index")
        title = f"{top['parameter'].iloc[0]} moves {name.split('|', 1)[1].replace('|', ', ')} most"
        title = title if top["share"].notna().any() else self.sentence()
        return charts.finish(picture, title, f"total Sobol index, {self.n} points", self.sources)


def indices(
    function: Callable[[Array], Array], priors: Mapping[str, Any], n: int, seed: int = 0, resamples: int = 100
) -> pd.DataFrame:
    """First-order and total Sobol indices of a vector function over independent priors.

    `function` takes (parameters, points) and gives (measures, points); `priors` are frozen scipy distributions by
    name; `n`, a power of two, makes n (parameters + 2) points. Columns output, parameter, first, first_low,
    first_high, total, total_low, total_high (80 % of a bootstrap), missing (share of rows without a value, left out),
    ranked (values infinite in some row: the indices are of the ranks). An output without variance has indices of zero,
    one with too few complete rows has none.
    """
    if n < 2 or n & (n - 1):
        raise InputError(f"n {n}; allowed: a power of two from 2")
    k = len(priors)
    unit = sobol.design(k, n, seed)
    points = np.stack([np.asarray(one.ppf(unit[:, i])) for i, one in enumerate(priors.values())])
    rows = []
    for output, values in enumerate(np.asarray(function(points), dtype=float)):
        found = sobol.parts(values, k)
        first, total = found.means()
        ends = [np.quantile(drawn, (0.1, 0.9), axis=0) for drawn in found.resampled(resamples, seed)]
        for i, name in enumerate(priors):
            rows.append((output, name, first[i], ends[0][0, i], ends[0][1, i], total[i], ends[1][0, i], ends[1][1, i],
                         found.missing, found.ranked))  # fmt: skip
    columns = ["output", "parameter", "first", "first_low", "first_high", "total", "total_low", "total_high", "missing",
               "ranked"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def prior(parameter: Parameter) -> rv_frozen:
    """The triangular prior of a parameter as a scipy distribution."""
    from scipy.stats import triang

    width = parameter.high - parameter.low
    return triang((parameter.central - parameter.low) / width, loc=parameter.low, scale=width)


def sensitivity(
    case: Case | str | Path,
    n: int = 64,
    *,
    top: int = 4,
    screen: int = 200,
    seed: int = 0,
    until: str | None = None,
    parameters: Sequence[str] | None = None,
    of: Sequence[str] | None = None,
) -> Sensitivity:
    """Sobol indices of the line's headlines.

    `parameters` are the assumptions to study; without them a screen of `screen` draws picks, for each measure, the
    `top` that it moves with. `of` names measures ("stage|metric|of"); without it one of each kind, the last dated
    one. `n` is a power of two: the line runs for n (parameters + 2) points. Raises InputError for an unknown
    parameter or measure.
    """
    question = question_of(load_case(case), until)
    case = question.case()
    drawn = uncertainty(case, screen, seed=seed, until=until)
    chosen = _measures_of(drawn.table, of)
    names = list(parameters) if parameters else _screened(drawn, chosen, top)
    varying = {name: row for name, row in case.parameters.items() if row.low < row.high}
    unknown = [name for name in names if name not in varying]
    if unknown:
        raise InputError(f"parameter {unknown[0]!r} is unknown or fixed; allowed: " + ", ".join(sorted(varying)[:40]))
    if not chosen or not names:
        raise InputError(f"until {until or 'the end'}: no measure moves with an assumption; allowed: a later stage")
    points: list[Array] = []

    def function(x: Array) -> Array:
        values = _evaluated(question, case, names, x, chosen, seed)
        points.append(values)
        return values

    table = indices(function, {name: prior(varying[name]) for name in names}, n, seed)
    table.insert(0, "measure", [chosen[k] for k in table.pop("output")])
    spread = [_variance(row[: 2 * n]) for row in np.concatenate(points, axis=1)]
    whole = [_variance(drawn.table[name].to_numpy(float)[1:]) for name in chosen]
    reach = {name: a / b if b > 0 else float("nan") for name, a, b in zip(chosen, spread, whole, strict=True)}
    sources = frozenset(case.parameters[name].source for name in names)
    return Sensitivity(case.id, case.cutoff, n, table, reach, sources, assumed=drawn.assumed)


def _measures_of(table: pd.DataFrame, of: Sequence[str] | None) -> list[str]:
    unknown = [name for name in of or () if name not in table]
    if unknown:
        raise InputError(f"measure {unknown[0]!r}; allowed: " + "; ".join(map(str, table.columns)))
    return [name for name in of or headlines(table.columns) if varies(table[name].to_numpy(float)[1:])]


def _screened(drawn: Ensemble, chosen: Sequence[str], top: int) -> list[str]:
    picked: dict[str, None] = {}
    for name in chosen:
        picked |= dict.fromkeys(drawn.screen(name).head(top).index)
    return list(picked)


def _evaluated(
    question: Question, case: Case, names: Sequence[str], x: Array, chosen: Sequence[str], seed: int
) -> Array:
    """Measures (measure, point) with the named parameters at x (parameter, point) and all others central."""
    parts = []
    for first in range(0, x.shape[1], BATCH):
        block = x[:, first : first + BATCH]
        rows = block.shape[1] + 1
        values = {name: np.full(rows, row.central) for name, row in case.parameters.items()}
        for name, column in zip(names, block, strict=True):
            values[name] = np.concatenate([[case.parameters[name].central], column])
        table, _ = measures(question, Draws(values, dict(case.parameters), seed))
        parts.append(table[list(chosen)].to_numpy(float)[1:].T)
    return np.concatenate(parts, axis=1)


def _variance(values: Array) -> float:
    """Of the values that are there; unknown where one is infinite."""
    known = values[~np.isnan(values)]
    return float(known.var()) if len(known) and np.isfinite(known).all() else float("nan")
