"""What matters: Sobol indices, a tornado of one parameter at a time, and a map over two that nobody can see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from geoecon.bargaining.central import CentralGame, answers, names_of
from geoecon.bargaining.payoffs import Array
from geoecon.draws import Parameter, triangular
from geoecon.errors import InputError
from geoecon.figure import Figure, number
from geoecon.result import Result
from geoecon.tables import records

if TYPE_CHECKING:
    import pandas as pd


def sobol(
    function: Callable[[Array], Mapping[str, Array]], names: Sequence[str], base: int = 64, seed: int = 0
) -> pd.DataFrame:
    """First-order and total Sobol indices of a function of independent uniform inputs on [0, 1].

    function maps rows (n, k) to named answers (n,). base (a power of two is best) times (k + 2) rows are computed:
    first order by Saltelli et al. 2010, total by Jansen 1999. Standard errors by splitting the rows into eight parts.
    """
    import pandas as pd
    from scipy.stats import qmc

    if base < 16:
        raise InputError(f"base {base}; allowed: from 16 rows")
    k = len(names)
    points = qmc.Sobol(2 * k, rng=np.random.default_rng(seed)).random(base)
    a, b = points[:, :k], points[:, k:]
    mixed = np.stack([np.where(np.arange(k) == i, b, a) for i in range(k)])
    found = function(np.concatenate([a, b, mixed.reshape(-1, k)]))
    rows = []
    for answer, values in found.items():
        fa, fb, fm = values[:base], values[base : 2 * base], values[2 * base :].reshape(k, base)
        mean, variance = np.concatenate([fa, fb]).mean(), np.concatenate([fa, fb]).var()
        fa, fb, fm = fa - mean, fb - mean, fm - mean  # a constant has no variance, yet would add to the error
        first = fb * (fm - fa) / variance if variance > 0 else 0 * fm
        total = (fa - fm) ** 2 / (2 * variance) if variance > 0 else 0 * fm
        for i, name in enumerate(names):
            error = [np.std([part.mean() for part in np.array_split(x[i], 8)]) / np.sqrt(8) for x in (first, total)]
            rows.append((answer, name, first[i].mean(), error[0], total[i].mean(), error[1]))
    return pd.DataFrame(rows, columns=["answer", "parameter", "first", "first_se", "total", "total_se"])


@dataclass(frozen=True)
class Sensitivity(Result):
    """`indices`: Sobol indices by answer and parameter; `swing`: each parameter alone at its low and high."""

    indices: pd.DataFrame
    swing: pd.DataFrame
    sources: frozenset[str]

    METHOD: ClassVar[str] = """Sobol indices: share of an answer's variance due to a parameter alone (first) or with
its interactions (total), over the priors, losses and ties at their central values (Saltelli et al. 2010; Jansen 1999).
Each index has a standard error; where it is large, ask for more rows before ranking neighbours. Only the parameters
with the widest swings are varied. The tornado moves one parameter from its low to its high, the others central. The
issue's value rules; at the sizes estimated on coded disputes the audience cost hardly matters, whatever theory says."""

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

    def chart(self, answer: str = "target_concedes") -> Any:
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


def sensitivity(
    at: CentralGame, names: Sequence[str] | None = None, *, base: int = 128, most: int = 12, seed: int = 0
) -> Sensitivity:
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
    return Sensitivity(sobol(play, chosen, base, seed), swing, forecast_sources)


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
    """P(ending) and length over the issue's value and the audience cost, which cannot be observed."""

    frame: pd.DataFrame  # issue_value, audience_cost, ending columns, length
    names: Mapping[str, str]
    sources: frozenset[str]

    def to_frame(self) -> pd.DataFrame:
        return self.frame.copy()

    def sentence(self) -> str:
        target = self.names.get("target", "the target")
        least, most = self.frame["target_concedes"].min(), self.frame["target_concedes"].max()
        issue, audience = (self._alone(name) for name in ("issue_value", "audience_cost"))
        return (
            f"Over the map the probability that {target} concedes runs from {least:.0%} to {most:.0%}: by the issue's "
            f"value alone from {issue[0]:.0%} to {issue[1]:.0%}, by the audience cost alone from {audience[0]:.0%} to "
            f"{audience[1]:.0%}. Neither can be observed, so no one number can be read off."
        )

    def summary(self) -> pd.DataFrame:
        """P(target concedes) in per cent: the issue's worth down, the audience cost across (% of a month's GDP)."""
        wide = self.frame.pivot(index="issue_value", columns="audience_cost", values="target_concedes")
        wide = (100 * wide).round(0).astype(int)
        wide.columns = [f"audience cost {number(float(cost))}" for cost in wide.columns.tolist()]
        wide.insert(0, "worth of the issue", [number(worth) for worth in wide.index])
        return wide.reset_index(drop=True)

    def figures(self) -> dict[str, Figure]:
        """The least and the most of P(target concedes) on the map, per cent."""
        column = 100 * self.frame["target_concedes"]
        ends = {"least_target_concedes": column.min(), "most_target_concedes": column.max()}
        return {
            name: Figure(float(value), "%", "by the horizon", self.sources, False, label=name.replace("_", " "))
            for name, value in ends.items()
        }

    def _alone(self, name: str) -> tuple[float, float]:
        """Least and most of P(target concedes) along one axis, with the other in the middle."""
        other = "audience_cost" if name == "issue_value" else "issue_value"
        levels = sorted(set(self.frame[other]))
        row = self.frame[self.frame[other] == levels[len(levels) // 2]]["target_concedes"]
        return float(row.min()), float(row.max())

    def chart(self, ending: str = "target_concedes") -> Any:
        import altair as alt

        from geoecon import charts

        shown = self.frame.assign(share=100 * self.frame[ending])
        drawn = (
            alt.Chart(shown)
            .mark_rect()
            .encode(
                x=alt.X("issue_value:O", title="worth of the issue, % of a month's GDP", axis=alt.Axis(format=".2g")),
                y=alt.Y("audience_cost:O", sort="descending", title="audience cost, % of a month's GDP",
                        axis=alt.Axis(format=".2g")),
                color=alt.Color("share:Q", title="per cent", scale=alt.Scale(scheme="blues", domain=[0, 100])),
                tooltip=["issue_value:Q", "audience_cost:Q", alt.Tooltip("share:Q", format=".0f")],
            )
            .properties(width=charts.WIDTH, height=charts.HEIGHT)
        )  # fmt: skip
        low, high = shown["share"].min(), shown["share"].max()
        title = f"From {low:.0f} to {high:.0f} %, by two things that nobody can observe"
        return charts.finish(drawn, title, f"P({ending.replace('_', ' ')}), per cent", self.sources)


def answer_map(at: CentralGame, size: int = 7, nodes: int = 3, span: float = 8.0) -> AnswerMap:
    """The answers on a grid of issue value (both sides, same factor) and audience cost, `span` times wide."""
    import pandas as pd

    issue, audience = at.parameters["issue_value_target"], at.parameters["audience_cost"]
    other = at.parameters["issue_value_sender"]
    factor = np.geomspace(1 / np.sqrt(span), np.sqrt(span), size)
    grid_issue, grid_audience = (x.ravel() for x in np.meshgrid(factor, factor, indexing="ij"))
    values = {
        "issue_value_target": grid_issue * issue.central,
        "issue_value_sender": grid_issue * other.central,
        "audience_cost": grid_audience * audience.central,
    }
    forecast = at.play(values, nodes)
    columns = {ending: forecast.by(ending, forecast.months) for ending in forecast.probability.ending.values}
    frame = pd.DataFrame(
        {
            "issue_value": values["issue_value_target"],
            "audience_cost": values["audience_cost"],
            **columns,
            "length": answers(forecast)["length"],
        }
    )
    return AnswerMap(frame, forecast.names, forecast.sources)
