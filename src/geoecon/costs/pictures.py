"""Charts of the welfare room: change by country, what it is made of, and what the answer hangs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoecon import charts
from geoecon.costs.words import decimal
from geoecon.figure import number

if TYPE_CHECKING:
    import altair as alt
    import xarray as xr
    from altair.typing import ChartType

    from geoecon.costs import Losses
    from geoecon.costs.change import WelfareChange


def _by_region(result: WelfareChange) -> pd.DataFrame:
    told = result.to_frame()
    told = told[told["measure"] == "real income"].rename(columns={"central": "change"})
    return told.assign(region=told["region"].map(result.name))[["region", "change", "low", "high"]]


def welfare_chart(result: WelfareChange) -> alt.VConcatChart:
    """Ranked bars with the interval above, the target's change against σ below."""
    import altair as alt

    frame = _by_region(result).sort_values("change")
    below = "lasting change of real income, exact, 80 % interval"
    order = list(frame["region"])
    bars = charts.bars(frame, "region", "change", x_title="lasting change of real income (%)", sort=order)
    loser = frame.iloc[0]
    title = f"{loser['region']} changes most: {decimal(float(loser['change']))} % of real income for good"
    if not result.by_substitution.sizes["sigma"]:
        return charts.finish(bars, title, below, result.sources)
    below += "; below: first year, licences alone, by substitution of the materials in the first days"
    return charts.finish(alt.vconcat(bars, _substitution(result, charts.HEIGHT // 2)), title, below, result.sources)


def _long(values: xr.DataArray, axis: str, result: WelfareChange) -> pd.DataFrame:
    """Both sides of the dispute along an axis."""
    frame = values.to_series().rename("change").reset_index()
    frame = frame[frame["region"].isin([result.target, result.sender])].copy()
    frame["region"] = [result.name(region) for region in frame["region"]]
    return pd.DataFrame(frame[[axis, "region", "change"]])


def _sides(result: WelfareChange, field: str) -> alt.Color:
    """The colours of target and sender, the same in every chart."""
    import altair as alt

    names = [result.name(result.target), result.name(result.sender)]
    return alt.Color(field + ":N", scale=alt.Scale(domain=names, range=[charts.TARGET, charts.SENDER]))


def _log(values: xr.DataArray) -> alt.Scale:
    import altair as alt

    axis = values.coords[values.dims[0]].values
    return alt.Scale(type="log", domain=[float(axis.min()), float(axis.max())], nice=False)


def _substitution(result: WelfareChange, height: int) -> alt.Chart:
    import altair as alt

    lines: alt.Chart = (
        alt.Chart(_long(result.by_substitution, "sigma", result))
        .mark_line(point=True)
        .encode(
            x=alt.X(
                "sigma:Q",
                title="substitution of the materials in the first days",
                scale=_log(result.by_substitution),
            ),
            y=alt.Y("change:Q", title="first year, licences alone (%)"),
            color=_sides(result, "region"),
        )
        .properties(width=charts.WIDTH, height=height)
    )
    return lines


def welfare_charts(result: WelfareChange) -> dict[str, ChartType]:
    """Change by region, its terms, and what the answer hangs on."""
    import altair as alt

    found: dict[str, ChartType] = {}
    if result.by_substitution.sizes["sigma"]:
        target = result.by_substitution.sel(region=result.target).values
        by_sigma = (
            f"Substitution of the materials moves {result.name(result.target)}'s change of real income from "
            f"{number(float(target[0]))} to {number(float(target[-1]))} %"
        )
        found["substitution"] = charts.finish(
            _substitution(result, charts.HEIGHT), by_sigma, "change of real income in per cent, first year, licences "
            "alone", result.sources,
        )  # fmt: skip
    frame = _long(result.by_elasticity, "scale", result)
    mine = frame[frame["region"] == result.name(result.target)]["change"]
    by_theta = (
        f"Trade elasticities move {result.name(result.target)}'s first year from {number(float(mine.iloc[0]))} to "
        f"{number(float(mine.iloc[-1]))} %"
    )
    line = (
        alt.Chart(frame)
        .mark_line(point=True)
        .encode(
            x=alt.X("scale:Q", title="factor on all trade elasticities", scale=_log(result.by_elasticity)),
            y=alt.Y("change:Q", title="real income, first year (%)"),
            color=_sides(result, "region"),
        )
        .properties(width=charts.WIDTH, height=charts.HEIGHT)
    )
    beside = {} if result.short_run is None else {"horizons": horizons_chart(result)}
    return beside | found | {
        "change": welfare_chart(result),
        "decomposition": decomposition_chart(result),
        "elasticity": charts.finish(line, by_theta, "change of real income in per cent, exact", result.sources),
    }  # fmt: skip


def horizons_chart(result: WelfareChange) -> alt.VConcatChart:
    """Short run and long run side by side for both sides of the dispute: two measures, never added."""
    import altair as alt

    frame = result.to_frame()
    names = {
        "short run: change of value added": "short run: value added over the horizon",
        "real income, first year": "long run, if the first year stayed",
        "real income": "long run, lasting",
    }
    frame = frame[frame["measure"].isin(list(names)) & frame["region"].isin([result.target, result.sender])].copy()
    frame["horizon"] = [names[measure] for measure in frame["measure"]]
    frame["state"] = [result.name(region) for region in frame["region"]]
    across = alt.Y("horizon:N", sort=list(names.values()), title=None, axis=alt.Axis(labelLimit=260))
    base = alt.Chart(frame).encode(y=across)
    bars = base.mark_bar(opacity=0.85).encode(
        x=alt.X("central:Q", title="per cent of a year"), color=_sides(result, "state")
    )
    rules = base.mark_rule(color="#333").encode(x="low:Q", x2="high:Q")
    layers = [bars, rules] if frame["low"].notna().any() else [bars]
    chart = (
        alt.layer(*layers)
        .properties(width=charts.WIDTH // 2, height=90)
        .facet(column=alt.Column("state:N", title=None))
    )
    mine = frame[frame["region"] == result.target].set_index("measure")["central"]
    short, lasting = (decimal(float(mine[name])) for name in ("short run: change of value added", "real income"))
    title = (
        f"{result.name(result.target)}: {short} % of a year's value added at first, {lasting} % of real income for good"
    )
    return charts.finish(
        chart, title, "per cent of a year's value added or real income; never to be added", result.sources
    )


def decomposition_chart(result: WelfareChange) -> alt.VConcatChart:
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
    largest = terms.groupby("term")["percent"].sum().abs().idxmax()
    worst = "technical efficiency" if largest == "technical" else largest
    chart = alt.layer(stacked, marks).properties(width=charts.WIDTH, height=26 * len(exact))
    return charts.finish(chart, f"Most of the change is {worst}",
                         "arithmetic terms, per cent of income; black mark: exact change", result.sources)  # fmt: skip


def losses_chart(result: Losses) -> alt.VConcatChart:
    """Bars of the month's loss by state at full dependence, both sides."""
    import altair as alt

    frame = result.to_frame()
    frame = frame[(frame["remaining"] == 1) & (frame["side"] != "patron")].copy()
    frame["state"] = frame["control"].replace("none", "no") + " controls, " + frame["retaliation"].replace("none", "no")
    frame["state"] += " retaliation"
    frame["side"] = [result.names.get(side, side) for side in frame["side"]]
    order = list(dict.fromkeys(frame["state"]))
    across = alt.Y("state:N", sort=order, title=None, axis=alt.Axis(labelLimit=260))
    roles = {result.names.get(role, role): charts.ROLE_COLOURS[role] for role in ("target", "sender")}
    colour = alt.Color("side:N", scale=alt.Scale(domain=list(roles), range=list(roles.values())))
    base = alt.Chart(frame).encode(y=across, yOffset="side:N")
    bars = base.mark_bar(opacity=0.85).encode(x=alt.X("central:Q", title="USD million a month"), color=colour)
    layers = [bars]
    if frame["low"].notna().any():
        layers.append(base.mark_rule(color="#333").encode(x="low:Q", x2="high:Q"))
    chart = alt.layer(*layers).properties(width=charts.WIDTH, height=40 * len(order))
    return charts.finish(chart, result.sentence(), "loss in USD million a month at full dependence, 80 % interval",
                         result.sources)  # fmt: skip
