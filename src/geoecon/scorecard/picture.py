"""The scorecard as one chart: bands, what came, and what others had said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon import charts

if TYPE_CHECKING:
    import altair as alt

    from geoecon.scorecard.card import Scorecard


def draw(card: Scorecard) -> alt.VConcatChart:
    """One panel per unit: the 80 % band with past error, within it that of the draws alone, our central value, the
    outcome, published forecasts as crosses."""
    import altair as alt

    measured = card.measured()
    panels = [_panel(card, str(unit), rows) for unit, rows in measured.groupby("unit", sort=True)]
    if not panels:
        empty = pd.DataFrame({"text": [card.sentence()]})
        panels = [alt.Chart(empty).mark_text(align="left").encode(x=alt.value(0), text="text:N").properties(width=620)]
    chart = alt.vconcat(*panels).resolve_scale(x="independent", color="shared", shape="shared")
    when = f"forecast of {card.cutoff}" if card.blind else "not a blind forecast"
    bands = "light: 80 % band with what past forecasts were wrong by; dark: of the draws alone"
    return charts.finish(chart, card.sentence(), f"{bands}; {when}", card.sources)


def _panel(card: Scorecard, unit: str, rows: pd.DataFrame) -> alt.LayerChart | alt.FacetChart:
    import altair as alt

    finite = rows.replace([np.inf, -np.inf], np.nan)
    honest = {f"past_{end}": finite[f"past_{end}"].fillna(finite[end]) for end in ("low", "high")}
    finite = finite.assign(**honest, past_middle=finite["past_middle"].fillna(finite["central"]))
    points = [
        finite.assign(what="our forecast", value=finite["past_middle"]),
        finite.assign(what="observed", value=finite["observed"]),
    ]
    theirs = card.published[card.published["label"].isin(rows["label"])]
    points.append(theirs.assign(what="published forecasts")[["label", "what", "value"]])
    marks = pd.concat([frame[["label", "what", "value"]] for frame in points]).dropna()
    across = alt.Y("label:N", sort=rows["label"].tolist(), title=None, axis=alt.Axis(labelLimit=360))
    order = ["our forecast", "observed", "published forecasts"]
    tint = alt.Color("what:N", scale=alt.Scale(domain=order, range=[charts.TARGET, "#000000", charts.OTHER]))
    shape = alt.Shape("what:N", scale=alt.Scale(domain=order, range=["circle", "diamond", "cross"]))
    past = alt.Chart(finite).mark_rule(strokeWidth=12, opacity=0.2, color=charts.TARGET)
    drawn = alt.Chart(finite).mark_rule(strokeWidth=5, opacity=0.5, color=charts.TARGET)
    dots = alt.Chart(marks).mark_point(filled=True, size=70)
    return alt.layer(
        past.encode(x=alt.X("past_low:Q", title=str(unit)), x2="past_high:Q", y=across),
        drawn.encode(x="low:Q", x2="high:Q", y=across),
        dots.encode(x="value:Q", y=across, color=tint, shape=shape, tooltip=["label:N", "what:N", "value:Q"]),
    ).properties(width=charts.WIDTH - 200, height=max(40, 26 * rows["label"].nunique()))
