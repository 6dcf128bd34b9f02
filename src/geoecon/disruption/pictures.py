"""Charts of a disruption: output with its band, stocks and ceilings by material, lost output by region and sector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon import charts
from geoecon.draws import band
from geoecon.figure import number

if TYPE_CHECKING:
    import altair as alt

    from geoecon.disruption.path import DisruptionPath
    from geoecon.disruption.shock import ShockPath

NO_STOP = 99.9  # % of base: above, no stop is seen


def _rows(path: DisruptionPath, what: str, names: list[str], every: int = 3) -> pd.DataFrame:
    frame: pd.DataFrame = path.to_frame()
    frame = frame[(frame["what"] == what) & frame["of"].isin(names)]
    days = (frame["date"] - frame["date"].min()).dt.days
    frame = frame[days % every == 0].copy()
    frame["of"] = [path.names.get(name, name) for name in frame["of"]]
    return frame


def output(path: DisruptionPath) -> alt.VConcatChart:
    frame = _rows(path, "output", path.industries)
    frame["of"] = [path.title(str(name)) for name in frame["of"]]
    frame[["central", "low", "high"]] *= 100
    worst, low, high = (values * 100 for values in band(path.worst_month()))
    i = int(np.argmin(worst))
    where = path.title(path.industries[i])
    between = "" if np.isnan(low[i]) else f", 80 % band {number(low[i])} to {number(high[i])} %"
    if worst[i] > NO_STOP:
        title = f"{where}: no stop in the central run, worst month {number(worst[i])} % of base{between}"
    else:
        title = f"{where}: {number(worst[i])} % of base output in the worst month{between}"
    chart = charts.path(frame, "date", "central", color="of", x_title="", y_title="output, % of base")
    return charts.finish(chart, title, "Output as % of base by day; shaded: 80 % band of the draws", path.sources)


def assumptions(path: DisruptionPath) -> alt.VConcatChart:
    """First-year loss of the users against the substitution of the first days, and against days of stock."""
    import altair as alt

    panels = []
    for values, axis, heading in ((path.by_substitution, "sigma", "elasticity of substitution in the first days"),
                                  (path.by_stock, "days", "days of use in stock")):  # fmt: skip
        frame = (100 * values).rename("lost").to_series().reset_index()
        frame["industry"] = [path.title(str(name)) for name in frame["industry"]]
        scale = alt.Scale(type="log") if axis == "sigma" else alt.Scale()
        panels.append(
            alt.Chart(frame)
            .mark_line(point=True)
            .encode(
                x=alt.X(f"{axis}:Q", title=heading, scale=scale),
                y=alt.Y("lost:Q", title="output lost in the first year, %"),
                color=alt.Color("industry:N", title=None),
            )
            .properties(width=charts.WIDTH // 2 - 40, height=charts.HEIGHT // 2)
        )
    ends = 100 * path.by_substitution.values.max(axis=1)
    low, high = (number(float(ends[k])) for k in (0, -1))
    stock = 100 * path.by_stock.values.max(axis=1)
    bare, held = (number(float(stock[k])) for k in (0, -1))
    title = f"Substitution decides: {low} % of output lost with none in the first days, {high} % with one of 1"
    below = f"Median of the runs; without stocks {bare} %, with a year of use {held} %"
    return charts.finish(alt.hconcat(*panels), title, below, path.sources)


def lost_by_industry(path: DisruptionPath | ShockPath) -> alt.VConcatChart:
    import altair as alt

    lost = ((1 - path.output) * path.base_output).sum("day")
    frame = lost.rename("lost").to_dataframe().reset_index()
    top = frame.iloc[int(frame["lost"].to_numpy().argmax())]
    title = f"{top['region']}/{top['sector']} loses most output: {number(float(top['lost']))} {path.unit}"
    size = float(np.abs(frame["lost"]).max()) or 1.0
    scale = alt.Scale(scheme="redblue", domain=[size, -size], type="symlog", constant=max(size / 100, 1e-6))
    chart = (
        alt.Chart(frame)
        .mark_rect()
        .encode(
            x=alt.X("region:N", title=None),
            y=alt.Y("sector:N", title=None, sort=list(path.output["sector"].values), axis=alt.Axis(labelLimit=260)),
            color=alt.Color("lost:Q", scale=scale, title=f"lost, {path.unit}"),
            tooltip=["region:N", "sector:N", alt.Tooltip("lost:Q", format=",.1f")],
        )
        .properties(width=charts.WIDTH // 2, height=20 * frame["sector"].nunique())
    )
    subtitle = f"Output lost over the horizon, {path.unit}, central run; negative: gained"
    return charts.finish(chart, title, subtitle, path.sources)


def systemic(nodes: pd.DataFrame, sources: frozenset[str]) -> alt.VConcatChart:
    frame = nodes.head(15).assign(percent=lambda t: t["index"] * 100)
    top = frame.iloc[0]
    title = f"{top['industry']} carries most systemic risk: {number(float(top['percent']))} % of all output"
    bars = charts.bars(frame, "industry", "percent", x_title="output lost, % of all")
    return charts.finish(bars, title, "Economic systemic risk index, % of all output", sources)
