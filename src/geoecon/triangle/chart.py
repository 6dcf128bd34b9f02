"""Charts of the triangle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from geoecon import charts, countries
from geoecon.figure import number

PLACES = {0: (0.0, 1.0), 1: (-0.9, -0.55), 2: (0.9, -0.55)}  # patron on top
PANELS = {
    "security_dependence": "dependence on the patron",
    "abandonment": "fear of abandonment",
    "entrapment": "fear of entrapment",
    "cap_asymmetry": "asymmetry",
    "gdp_asymmetry": "asymmetry",
    "trade_asymmetry": "asymmetry",
}


def over_time(triangle: Any, since: int | None) -> Any:
    """Small multiples by year: what each depends on, fears, and how unequal the two are."""
    frame = _lines(triangle)
    frame = frame[frame["year"] >= (since or int(frame["year"].min()))]
    chart = charts.path(frame, "year", "value", color="line", facet="panel", x_title="", y_title="index")
    first, last = _ends(triangle)
    p, s, t = (countries.name(state) for state in triangle.states)
    title = f"{s} over {t}: asymmetry of capability {first} to {last}"
    if not first:
        title = f"{p}, {s} and {t}: dependence and fears by year"
    sources = [cite_short for cite_short in triangle.sources]
    return charts.finish(chart, title, f"Indices from 0 to 1 (asymmetry −1 to 1), {frame['year'].min()} to "
                         f"{frame['year'].max()}; they describe and do not predict", sources)  # fmt: skip


def _lines(triangle: Any) -> pd.DataFrame:
    p, s, t = triangle.states
    asked = {
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
    frame = triangle.history.copy()
    keys = list(zip(frame["measure"], frame["who"], strict=True))
    frame["line"] = [asked.get(key) for key in keys]
    frame["panel"] = frame["measure"].map(PANELS)
    return pd.DataFrame(frame[frame["line"].notna()])


def _ends(triangle: Any) -> tuple[str, str]:
    _, s, t = triangle.states
    mine = triangle.history[(triangle.history["measure"] == "cap_asymmetry") & (triangle.history["who"] == f"{s}>{t}")]
    if len(mine) < 2:
        return "", ""
    first, last = mine.iloc[0], mine.iloc[-1]
    return f"{number(first['value'])} in {first['year']}", f"{number(last['value'])} in {last['year']}"


def diagram(triangle: Any, measure: str) -> Any:
    """Three states and six arrows; width is the value of the measure from tail to head, in the bond's year."""
    import altair as alt

    edges, nodes = _edges(triangle, measure), _nodes(triangle)
    base = alt.Chart(edges)
    scale = alt.Scale(domain=[-1.35, 1.35])
    tint = alt.Scale(domain=list(charts.ROLE_COLOURS), range=list(charts.ROLE_COLOURS.values()))
    lines = base.mark_rule(opacity=0.75, strokeCap="round").encode(
        x=alt.X("x:Q", axis=None, scale=scale),
        y=alt.Y("y:Q", axis=None, scale=scale),
        x2="x2:Q",
        y2="y2:Q",
        size=alt.Size("value:Q", scale=alt.Scale(domain=[0, 1], range=[0.5, 16]), legend=None),
        color=alt.Color("role:N", scale=tint, legend=None),
        tooltip=["from:N", "to:N", alt.Tooltip("value:Q", format=".3f")],
    )
    labels = base.mark_text(fontSize=12).encode(x="xm:Q", y="ym:Q", text=alt.Text("value:Q", format=".2f"))
    names = alt.Chart(nodes)
    dots = names.mark_circle(size=2600, opacity=1, color="white", stroke="#333", strokeWidth=1.5).encode(
        x="x:Q", y="y:Q"
    )
    text = names.mark_text(fontSize=13, fontWeight="bold").encode(x="x:Q", y="y:Q", text="code:N")
    chart = alt.layer(lines, labels, dots, text).properties(width=charts.WIDTH // 2 + 100, height=charts.HEIGHT + 60)
    shape = f"pacts {triangle.bond.architecture}"
    subtitle = f"{measure.replace('_', ' ')}, share from 0 to 1, {triangle.year}; {shape}"
    return charts.finish(chart, triangle.sentence().split(";")[0] + ".", subtitle, triangle.sources)


def _nodes(triangle: Any) -> pd.DataFrame:
    return pd.DataFrame({"code": triangle.states, "x": [PLACES[i][0] for i in range(3)],
                         "y": [PLACES[i][1] for i in range(3)]})  # fmt: skip


def _edges(triangle: Any, measure: str) -> pd.DataFrame:
    """Two parallel arrows a pair, set apart sideways; zero edges left out."""
    roles = ("patron", "sender", "target")
    rows = []
    for i in range(3):
        for j in range(3):
            if i == j:
                continue
            first, second = triangle.states[i], triangle.states[j]
            value = (
                float(triangle.bond.dependence[i, j])
                if measure == "security_dependence"
                else triangle.latest(measure, f"{first}->{second}")[0]
            )
            if value == value and value > 0:
                a, b = np.array(PLACES[i]), np.array(PLACES[j])
                along = (b - a) / np.linalg.norm(b - a)
                side = np.array([-along[1], along[0]]) * 0.08
                start, end, middle = a + side, b + side, (a + b) / 2 + side * 2.2
                rows.append((first, second, roles[i], value, *start, *end, *middle))
    return pd.DataFrame(rows, columns=["from", "to", "role", "value", "x", "y", "x2", "y2", "xm", "ym"])
