"""Charts of the triangle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon import charts, countries
from geoecon.figure import number

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType

    from geoecon.triangle.result import Triangle


PLACES = {0: (0.0, 1.0), 1: (-0.9, -0.55), 2: (0.9, -0.55)}  # patron on top
PANELS = {
    "security_dependence": "dependence on the patron",
    "abandonment": "fear of abandonment",
    "entrapment": "fear of entrapment",
    "cap_asymmetry": "asymmetry",
    "gdp_asymmetry": "asymmetry",
    "trade_asymmetry": "asymmetry",
}


def over_time(triangle: Triangle, since: int | None) -> alt.VConcatChart:
    """Small multiples by year: what each depends on, both fears, and how unequal the two are."""
    import altair as alt

    frame = _lines(triangle)
    frame = frame[frame["year"] >= (since or int(frame["year"].min()))]
    years = f"{frame['year'].min()} to {frame['year'].max()}"
    frame = frame.assign(year=pd.to_datetime(frame["year"].astype(str)))
    tint = alt.Color(
        "line:N", scale=alt.Scale(domain=list(_colours(triangle)), range=list(_colours(triangle).values()))
    )
    chart = (
        alt.Chart(frame)
        .mark_line()
        .encode(x=alt.X("year:T", title=None, axis=alt.Axis(format="%Y")), y=alt.Y("value:Q", title="index"),
                color=tint, tooltip=["line:N", "year(year):T", alt.Tooltip("value:Q", format=".3f")])
        .properties(width=charts.WIDTH // 2 - 20, height=charts.HEIGHT // 2)
        .facet(alt.Facet("panel:N", title=None, sort=list(dict.fromkeys(PANELS.values()))), columns=2)
    )  # fmt: skip
    subtitle = f"Indices from 0 to 1, asymmetry from −1 to 1, {years}; they describe and do not predict"
    return charts.finish(chart, _title(triangle), subtitle, triangle.sources)


def _title(triangle: Triangle) -> str:
    """The change of the asymmetry of capability, or what there is."""
    _, s, t = triangle.states
    mine = triangle.history[(triangle.history["measure"] == "cap_asymmetry") & (triangle.history["who"] == f"{s}>{t}")]
    first, second = countries.name(s), countries.name(t)
    if len(mine) < 2:
        return f"{first} and {second}: dependence on the patron and fears by year"
    old, new = mine.iloc[0], mine.iloc[-1]
    change = "fell" if abs(new["value"]) < abs(old["value"]) else "rose"
    values = f"{number(old['value'])} in {old['year']} to {number(new['value'])} in {new['year']}"
    return f"The asymmetry of capability, {first} over {second}, {change}: {values}"


def _colours(triangle: Triangle) -> dict[str, str]:
    """The two states in the colours of their roles, the asymmetries in greys and others."""
    lines = list(dict.fromkeys(_asked(triangle).values()))
    return dict(zip(lines, [charts.SENDER, charts.TARGET, "#333333", "#CC79A7", "#E69F00"], strict=True))


def _asked(triangle: Triangle) -> dict[tuple[str, str], str]:
    """(measure, who): the line's name."""
    p, s, t = triangle.states
    return {
        ("security_dependence", f"{s}->{p}"): s,
        ("security_dependence", f"{t}->{p}"): t,
        ("abandonment", s): s,
        ("abandonment", t): t,
        ("entrapment", s): s,
        ("entrapment", t): t,
        ("cap_asymmetry", f"{s}>{t}"): f"capability, {s} over {t}",
        ("gdp_asymmetry", f"{s}>{t}"): f"output, {s} over {t}",
        ("trade_asymmetry", f"{t}>{s}"): f"trade, {t} leans on {s}",
    }


def _lines(triangle: Triangle) -> pd.DataFrame:
    frame = triangle.history.copy()
    asked = _asked(triangle)
    keys = list(zip(frame["measure"], frame["who"], strict=True))
    frame["line"] = [asked.get(key) for key in keys]
    frame["panel"] = frame["measure"].map(PANELS)
    return pd.DataFrame(frame[frame["line"].notna()])


def diagram(triangle: Triangle, measure: str, years: tuple[int, ...] = ()) -> alt.VConcatChart:
    """Three states and up to six lines; width is the value of the measure from tail to head."""
    import altair as alt

    what = measure.replace("_", " ")
    chart: ChartType
    if not years:
        chart = _triangle(_edges(triangle, measure, None), triangle.states, charts.WIDTH, charts.HEIGHT + 60)
        title = triangle.sentence().split(";")[0].rstrip(".") + "."
        when = f"{triangle.year}; pacts {triangle.bond.architecture}"
    else:
        side = charts.WIDTH // min(len(years), 3) - 20
        small = [_triangle(_edges(triangle, measure, y), triangle.states, side, side, str(y)) for y in years]
        chart = alt.concat(*small, columns=3)
        title, when = _title(triangle), f"{years[0]} to {years[-1]}"
    subtitle = f"Width of a line: {what} of the state at its tail, 0 to 1, {when}"
    return charts.finish(chart, title, subtitle, triangle.sources)


def _triangle(
    edges: pd.DataFrame, states: tuple[str, ...], width: int, height: int, name: str = ""
) -> alt.LayerChart | alt.FacetChart:
    import altair as alt

    scale, text = alt.Scale(domain=[-1.35, 1.35]), max(9, width // 45)
    tint = alt.Scale(domain=list(charts.ROLE_COLOURS), range=list(charts.ROLE_COLOURS.values()))
    base = alt.Chart(edges)
    lines = base.mark_rule(opacity=0.75, strokeCap="round").encode(
        x=alt.X("x:Q", axis=None, scale=scale),
        y=alt.Y("y:Q", axis=None, scale=scale),
        x2="x2:Q",
        y2="y2:Q",
        size=alt.Size("value:Q", scale=alt.Scale(domain=[0, 1], range=[0.5, width / 40]), legend=None),
        color=alt.Color("role:N", scale=tint, legend=None),
        tooltip=["from:N", "to:N", alt.Tooltip("value:Q", format=".3f")],
    )
    labels = base.mark_text(fontSize=text).encode(x="xm:Q", y="ym:Q", text=alt.Text("value:Q", format=".2f"))
    names = alt.Chart(
        pd.DataFrame({"code": states, "x": [PLACES[i][0] for i in range(3)], "y": [PLACES[i][1] for i in range(3)]})
    )
    dots = names.mark_circle(size=width * 4.2, opacity=1, color="white", stroke="#333", strokeWidth=1.5)
    codes = names.mark_text(fontSize=text + 1, fontWeight="bold").encode(x="x:Q", y="y:Q", text="code:N")
    chart = alt.layer(lines, labels, dots.encode(x="x:Q", y="y:Q"), codes).properties(width=width, height=height)
    return chart.properties(title=name) if name else chart


def _edges(triangle: Triangle, measure: str, year: int | None) -> pd.DataFrame:
    """Two parallel lines a pair, set apart sideways; zero and unknown ones left out."""
    roles = ("patron", "sender", "target")
    rows = []
    for i in range(3):
        for j in range(3):
            value = _weight(triangle, measure, i, j, year) if i != j else 0.0
            if value > 0:
                a, b = np.array(PLACES[i]), np.array(PLACES[j])
                along = (b - a) / np.linalg.norm(b - a)
                side = np.array([-along[1], along[0]]) * 0.08
                start, end, middle = a + side, b + side, (a + b) / 2 + side * 3.2
                rows.append((triangle.states[i], triangle.states[j], roles[i], value, *start, *end, *middle))
    return pd.DataFrame(rows, columns=["from", "to", "role", "value", "x", "y", "x2", "y2", "xm", "ym"])


def _weight(triangle: Triangle, measure: str, i: int, j: int, year: int | None) -> float:
    if year is None and measure == "security_dependence":
        return float(triangle.bond.dependence[i, j])
    who = f"{triangle.states[i]}->{triangle.states[j]}"
    if year is None:
        return float(triangle.latest(measure, who)[0])
    mine = triangle.history[(triangle.history["measure"] == measure) & (triangle.history["who"] == who)]
    mine = mine[mine["year"] == year]
    return float(mine["value"].iloc[0]) if len(mine) else float("nan")
