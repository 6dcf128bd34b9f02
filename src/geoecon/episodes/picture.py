"""The strip of precedents: a dot for each cut-off, the tested band, the middle of the case on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon import charts, countries

if TYPE_CHECKING:
    import altair as alt

    from geoecon.episodes.precedents import Precedents

SHOWN = (("imports", 0), ("imports", 1), ("imports", 2), ("price", 1))
WORDS = {
    ("imports", 0): "imports, year of the cut",
    ("imports", 1): "imports, a year later",
    ("imports", 2): "imports, two years later",
    ("price", 1): "real price, a year later",
}


def strip(asked: Precedents) -> alt.VConcatChart:
    """One row an outcome: dots are what happened after the most similar cut-offs, red ones under known measures."""
    import altair as alt

    near = asked.neighbours()
    dots, bands = [], []
    for name, years in SHOWN:
        outcome = asked.outcome(name, years)
        low, high = outcome.band
        bands.append({"outcome": WORDS[name, years], "low": low, "middle": outcome.median, "high": high})
        dots.append(
            pd.DataFrame(
                {
                    "outcome": WORDS[name, years],
                    "change": 100 * np.expm1(near[f"{name}_{years}"].clip(-2.5, 1.5)),
                    "who": near["supplier"].map(countries.name) + " to " + near["importer"].map(countries.name),
                    "year": near["year"].astype(str),
                    "product": near["product"],
                    "kind": np.where(near["policy"] != "", "ban, sanction or war", "other cut-off"),
                }
            )
        )
    order = [WORDS[key] for key in SHOWN]
    across = alt.Y("outcome:N", sort=order, title=None, axis=alt.Axis(labelLimit=220))
    tint = alt.Color(
        "kind:N", scale=alt.Scale(domain=["other cut-off", "ban, sanction or war"], range=[charts.OTHER, charts.SENDER])
    )
    points = (
        alt.Chart(pd.concat(dots).dropna(subset=["change"]))
        .mark_tick(thickness=1.5, size=18, opacity=0.6)
        .encode(
            x=alt.X("change:Q", title="change against before (%)"),
            y=across,
            color=tint,
            tooltip=["who", "year", "product", "change"],
        )
    )
    frame = pd.DataFrame(bands)
    band = (
        alt.Chart(frame)
        .mark_rule(strokeWidth=6, opacity=0.35, color=charts.TARGET)
        .encode(x="low:Q", x2="high:Q", y=across)
    )
    middle = (
        alt.Chart(frame)
        .mark_point(shape="diamond", filled=True, size=90, color=charts.TARGET)
        .encode(x="middle:Q", y=across)
    )
    picture = alt.layer(points, band, middle).properties(width=charts.WIDTH, height=180)
    subtitle = "what followed the most similar cut-offs; the bar holds eight outcomes in ten, the diamond is the middle"
    return charts.finish(picture, asked.sentence().split(". ")[0] + ".", subtitle, asked.sources)
