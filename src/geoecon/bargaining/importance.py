"""What matters: Sobol indices, a tornado of one parameter at a time, and a map along what disputes allow."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from geoecon.bargaining.central import CentralGame, answers, names_of
from geoecon.bargaining.payoffs import Array
from geoecon.bargaining.posterior import ROW, posterior
from geoecon.dispute import ENDINGS
from geoecon.draws import Parameter, triangular
from geoecon.errors import InputError
from geoecon.figure import Figure, number
from geoecon.result import Result
from geoecon.sobol import LEAST, design, parts
from geoecon.tables import records

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


def sobol(
    function: Callable[[Array], Mapping[str, Array]], names: Sequence[str], base: int = 64, seed: int = 0
) -> pd.DataFrame:
    """First-order and total Sobol indices of a function of independent uniform inputs on [0, 1].

    function maps rows (n, k) to named answers (n,). base (a power of two is best) times (k + 2) rows are computed:
    first order by Saltelli et al. 2010, total by Jansen 1999. Standard errors by splitting the rows into eight parts.
    """
    import pandas as pd

    if base < LEAST:
        raise InputError(f"base {base}; allowed: from {LEAST} rows")
    k = len(names)
    rows = []
    for answer, values in function(design(k, base, seed)).items():
        found = parts(values, k)
        first, total = found.means()
        for i, name in enumerate(names):
            error = [
                np.std([part.mean() for part in np.array_split(row[i], 8)]) / np.sqrt(8)
                for row in (found.first, found.total)
            ]
            rows.append((answer, name, first[i], error[0], total[i], error[1]))
    return pd.DataFrame(rows, columns=["answer", "parameter", "first", "first_se", "total", "total_se"])


@dataclass(frozen=True)
class GameSensitivity(Result):
    """`indices`: Sobol indices by answer and parameter; `swing`: each parameter alone at its low and high."""

    indices: pd.DataFrame
    swing: pd.DataFrame
    sources: frozenset[str]

    METHOD: ClassVar[str] = """Sobol indices: share of an answer's variance due to a parameter alone (first) or with
its interactions (total), over the priors, losses and ties at their central values (Saltelli et al. 2010; Jansen 1999).
Each index has a standard error; where it is large, ask for more rows before ranking neighbours. Only the parameters
with the widest swings are varied. The tornado moves one parameter from its low to its high, the others central. What
coded disputes taught together stays at its mode here; the map walks along it."""

    def to_frame(self) -> pd.DataFrame:
        return self.indices.copy()

    def summary(self) -> pd.DataFrame:
        """The twelve parameters that matter most for the target's concession."""
        mine = self.indices[self.indices["answer"] == "target_concedes"]
        return mine.sort_values("total", ascending=False).head(12).round(3).reset_index(drop=True)

    def sentence(self) -> str:
        top = self.summary().head(3)
        parts = [f"{row.parameter} ({row.total:.0%} ± {row.total_se:.0%})" for row in top.itertuples()]
        return (
            f"Most of who concedes is decided by {', '.join(parts)}: "
            "share of variance with interactions, ± one standard error."
        )

    def figures(self) -> dict[str, Figure]:
        """Total index of every parameter for the target's concession, with one standard error either way."""
        mine = self.indices[self.indices["answer"] == "target_concedes"].sort_values("total", ascending=False)
        return {
            row["parameter"]: Figure(
                row["total"], "share of variance", "over the priors", self.sources, False, label=row["parameter"]
            ).with_band(row["total"] - row["total_se"], row["total"] + row["total_se"])
            for row in records(mine)
        }

    def chart(self, answer: str = "target_concedes") -> alt.VConcatChart:
        """A tornado: the answer at the low and high of each parameter."""
        import altair as alt

        from geoecon import charts

        mine = self.swing[self.swing["answer"] == answer].copy()
        mine["width"] = (mine["at_high"] - mine["at_low"]).abs()
        mine = mine.sort_values("width", ascending=False).head(15)
        scale = 100.0 if answer != "length" else 1.0
        unit = "per cent" if answer != "length" else "months"
        mine[["at_low", "at_high", "central"]] *= scale
        order = list(mine["parameter"])
        drawn = (
            alt.Chart(mine)
            .mark_bar(color=charts.TARGET, opacity=0.85)
            .encode(
                x=alt.X("at_low:Q", title=unit, scale=alt.Scale(zero=False)),
                x2="at_high:Q",
                y=alt.Y("parameter:N", sort=order, title=None, axis=alt.Axis(labelLimit=260)),
                tooltip=["parameter:N", "at_low:Q", "at_high:Q"],
            )
            .properties(width=charts.WIDTH, height=26 * len(mine))
        )
        first = mine.iloc[0]
        ends = f"{number(first['at_low'])} to {number(first['at_high'])} {unit}"
        title = f"{first['parameter']} moves the answer most: {ends}"
        return charts.finish(drawn, title, f"{answer.replace('_', ' ')} at each parameter's low and high", self.sources)


def game_sensitivity(
    at: CentralGame, names: Sequence[str] | None = None, *, base: int = 128, most: int = 12, seed: int = 0
) -> GameSensitivity:
    """What decides length and concession. names: parameters to vary; else the `most` with the widest swing."""
    chosen = names_of(at.parameters, names)
    swing = tornado(at, chosen)
    if names is None and len(chosen) > most:
        wide = swing.assign(width=(swing["at_high"] - swing["at_low"]).abs())
        wide["width"] /= wide.groupby("answer")["width"].transform("max").clip(lower=1e-12)
        chosen = tuple(wide.groupby("parameter")["width"].max().sort_values(ascending=False).head(most).index)
    rows = {name: at.parameters[name] for name in chosen}

    def play(unit: Array) -> dict[str, Array]:
        values = {name: quantile(row, unit[:, i]) for i, (name, row) in enumerate(rows.items())}
        return answers(at.play(values))

    forecast_sources = frozenset(row.source for row in rows.values())
    return GameSensitivity(sobol(play, chosen, base, seed), swing, forecast_sources)


def quantile(row: Parameter, unit: Array) -> Array:
    """Values of a parameter at shares of its prior."""
    return triangular(unit, row.low, row.central, row.high)


def tornado(at: CentralGame, names: Sequence[str] | None = None, nodes: int = 3) -> pd.DataFrame:
    """Answers with one parameter at its low or high and the others central: answer, parameter, at_low, at_high."""
    import pandas as pd

    chosen = names_of(at.parameters, names)
    columns: dict[str, Array] = {}
    for i, name in enumerate(chosen):
        row = at.parameters[name]
        column = np.full(2 * len(chosen) + 1, row.central)
        column[1 + 2 * i], column[2 + 2 * i] = row.low, row.high
        columns[name] = column
    found = answers(at.play(columns, 1 if "salience" in chosen else nodes))
    rows = [
        (answer, name, values[1 + 2 * i], values[2 + 2 * i], values[0])
        for answer, values in found.items()
        for i, name in enumerate(chosen)
    ]
    return pd.DataFrame(rows, columns=["answer", "parameter", "at_low", "at_high", "central"])


@dataclass(frozen=True)
class AnswerMap(Result):
    """Who gives way along what coded disputes allow: rows of the joint posterior in the order of the issue's worth."""

    frame: pd.DataFrame  # posterior_row, issue_value, audience_cost, choice_precision, ending columns, length
    names: Mapping[str, str]
    sources: frozenset[str]

    METHOD: ClassVar[str] = """The worth of the issue cannot be told: from a hundredth to tens of per cent of a month's
GDP the coded disputes are as likely, if precision, audience cost and the rates follow. Moving it alone leaves what the
disputes allow by a hundred log units, so the map walks along the joint posterior instead."""

    def to_frame(self) -> pd.DataFrame:
        return self.frame.copy()

    def thirds(self) -> list[pd.DataFrame]:
        """The rows with the least, a middling and the most worth of the issue."""
        edges = [round(k * len(self.frame) / 3) for k in range(4)]
        return [self.frame.iloc[a:b] for a, b in itertools.pairwise(edges)]

    def sentence(self) -> str:
        target = self.names.get("target", "the target")
        low, _, high = (third["target_concedes"].median() for third in self.thirds())
        spread = self.frame["target_concedes"].quantile([0.1, 0.9]).tolist()
        verdict = "hardly moves it" if abs(high - low) < (spread[1] - spread[0]) / 2 else "moves it"
        gives_way = f"{target} gives way with {low:.0%} where it is worth least and {high:.0%} where it is worth most"
        rows = f"eight rows in ten lie from {spread[0]:.0%} to {spread[1]:.0%}"
        return f"Along what coded disputes allow, the worth of the issue {verdict}: {gives_way}; {rows}."

    def summary(self) -> pd.DataFrame:
        """Medians in three classes of the issue's worth: probabilities in per cent, length in months."""
        import pandas as pd

        rows = []
        for third in self.thirds():
            row = {
                "worth of the issue": f"{number(third['issue_value'].min())} to {number(third['issue_value'].max())}"
            }
            row |= {name: f"{100 * third[name].median():.0f}" for name in ENDINGS}
            rows.append(row | {"length": f"{third['length'].median():.0f}"})
        return pd.DataFrame(rows)

    def figures(self) -> dict[str, Figure]:
        """P(target gives way) over the rows, per cent."""
        values = 100 * self.frame["target_concedes"].to_numpy()
        label = "target gives way, over the joint posterior"
        return {"target_concedes": Figure.of(np.concatenate([values[:1], values]), "%", "by the horizon", self.sources,
                                             False, label)}  # fmt: skip

    def chart(self, ending: str = "target_concedes") -> alt.VConcatChart:
        import altair as alt

        from geoecon import charts

        shown = self.frame.assign(share=100 * self.frame[ending])
        drawn = (
            alt.Chart(shown)
            .mark_circle(color=charts.TARGET, opacity=0.8, size=50)
            .encode(
                x=alt.X("issue_value:Q", title="worth of the issue, % of a month's GDP", scale=alt.Scale(type="log"),
                        axis=alt.Axis(format=".2~g", tickCount=5)),
                y=alt.Y("share:Q", title="per cent", scale=alt.Scale(zero=True)),
                tooltip=["issue_value:Q", "audience_cost:Q", alt.Tooltip("share:Q", format=".0f")],
            )
            .properties(width=charts.WIDTH, height=charts.HEIGHT)
        )  # fmt: skip
        low, high = shown["share"].min(), shown["share"].max()
        title = f"From {low:.0f} to {high:.0f} % along what the coded disputes allow"
        return charts.finish(
            drawn, title, f"P({ending.replace('_', ' ')}), one dot a row of the posterior", self.sources
        )


def answer_map(at: CentralGame, size: int = 7, nodes: int = 3) -> AnswerMap:
    """The answers for size x size rows of the joint posterior, from the least worth of the issue to the most."""
    import pandas as pd

    found = posterior()
    order = np.argsort(found.values["issue_value"], kind="stable")
    rows = order[np.unique(np.linspace(0, len(order) - 1, size * size).astype(int))]
    forecast = at.play({ROW: rows.astype(float)}, nodes)
    columns = {ending: forecast.by(ending, forecast.months) for ending in forecast.probability.ending.values}
    shared = {name: found.values[name][rows] for name in ("issue_value", "audience_cost", "choice_precision")}
    frame = pd.DataFrame({ROW: rows, **shared, **columns, "length": answers(forecast)["length"]})
    return AnswerMap(frame, forecast.names, forecast.sources)
