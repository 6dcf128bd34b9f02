"""Charts of the welfare room: change by country, what it is made of, and what the answer hangs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from geoecon import charts
from geoecon.draws import band
from geoecon.figure import number

if TYPE_CHECKING:
    from geoecon.costs.change import WelfareChange


def _by_region(result: WelfareChange) -> pd.DataFrame:
    central, low, high = band(result.real_income.values)
    names = [result.name(region) for region in result.regions]
    return pd.DataFrame({"region": names, "change": central, "low": low, "high": high})


def welfare_chart(result: WelfareChange) -> Any:
    """Ranked bars with the interval above, the target's change against σ below."""
    import altair as alt

    frame = _by_region(result).sort_values("change")
    bars = charts.bars(
        frame, "region", "change", x_title="lasting change of real income (%)", sort=list(frame["region"])
    )
    sweep = result.by_substitution.to_series().rename("change").reset_index()
    sides = [side for side in (result.target, result.sender) if side in result.regions]
    sweep = sweep[sweep["region"].isin(sides)]
    sweep["region"] = [result.name(region) for region in sweep["region"]]
    line = (
        alt.Chart(sweep)
        .mark_line(point=True)
        .encode(
            x=alt.X("sigma:Q", title="substitution of the critical inputs, σ", scale=alt.Scale(type="log")),
            y=alt.Y("change:Q", title="if all deliveries stopped (%)"),
            color=alt.Color("region:N"),
        )
        .properties(width=charts.WIDTH, height=charts.HEIGHT // 2)
    )
    loser = frame.iloc[0]
    title = f"{loser['region']} changes most: {number(float(loser['change']))} % of real income for good"
    return charts.finish(
        alt.vconcat(bars, line), title,
        "lasting change of real income, exact, 80 % interval; below: if deliveries stopped and nothing replaced them",
        result.sources,
    )  # fmt: skip


def decomposition_chart(result: WelfareChange) -> Any:
    """Stacked bars of the arithmetic terms by region, with the exact change as a mark."""
    import altair as alt

    terms = result.terms.isel(draw=0).to_series().rename("percent").reset_index()
    terms["region"] = [result.name(region) for region in terms["region"]]
    terms["term"] = terms["term"].str.replace("_", " ")
    exact = _by_region(result)
    across = alt.Y("region:N", title=None)
    stacked = (
        alt.Chart(terms).mark_bar().encode(y=across, x=alt.X("percent:Q", title="per cent of income"), color="term:N")
    )
    marks = alt.Chart(exact).mark_tick(color="#000", thickness=3).encode(y=across, x="change:Q")
    worst = terms.groupby("term")["percent"].sum().abs().idxmax()
    chart = alt.layer(stacked, marks).properties(width=charts.WIDTH, height=26 * len(exact))
    return charts.finish(chart, f"Most of the change is {worst}",
                         "arithmetic terms, per cent of income; black mark: exact change", result.sources)  # fmt: skip


def losses_chart(result: Any) -> Any:
    """Bars of the month's loss by state at full dependence, both sides."""
    import altair as alt

    frame = result.to_frame()
    frame = frame[(frame["remaining"] == 1) & (frame["side"] != "patron")].copy()
    frame["state"] = frame["control"] + " controls, retaliation " + frame["retaliation"]
    frame["side"] = [result.names.get(side, side) for side in frame["side"]]
    order = list(dict.fromkeys(frame["state"]))
    across = alt.Y("state:N", sort=order, title=None, axis=alt.Axis(labelLimit=260))
    base = alt.Chart(frame).encode(y=across, yOffset="side:N")
    bars = base.mark_bar(opacity=0.85).encode(x=alt.X("central:Q", title="USD million a month"), color="side:N")
    layers = [bars]
    if frame["low"].notna().any():
        layers.append(base.mark_rule(color="#333").encode(x="low:Q", x2="high:Q"))
    chart = alt.layer(*layers).properties(width=charts.WIDTH, height=40 * len(order))
    return charts.finish(chart, result.sentence(), "loss in USD million a month at full dependence, 80 % interval",
                         result.sources)  # fmt: skip
