"""Tables and charts for people: of a dependence, a scan and a leverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from geoecon import countries
from geoecon.figure import middle
from geoecon.indicators import brought, complete, indicators, presets

if TYPE_CHECKING:
    import altair as alt

    from geoecon.indicators.dependence import Dependence
    from geoecon.indicators.result import Scan

REPLACEABLE = (0.1, 10_000)  # times, the ends of the axis
NAMED = 3  # bubbles with their name
KEYS = ["period", "importer", "exporter", "product"]


def long_table(table: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """One row for each triple and indicator: value, threshold, flag, flag at 10 % below and above, vintage, reason."""
    parts = []
    for name, indicator in indicators.catalogue().items():
        if name not in table:
            continue
        value = table[name].astype(float)
        part = table[KEYS].assign(indicator=name, value=value, threshold=indicator.threshold, unit=indicator.unit)
        for suffix, shift in (("flag", 1.0), ("flag_at_90_percent", 0.9), ("flag_at_110_percent", 1.1)):
            bound = np.nan if indicator.threshold is None else indicator.threshold * shift
            part[suffix] = (
                (value > bound * (1 + presets.ROUNDING)).astype("boolean").mask(value.isna() | np.isnan(bound))
            )
        part["reason"] = _reason(name, table).where(value.isna(), "")
        parts.append(part.assign(vintage=vintage))
    return pd.concat(parts, ignore_index=True)


def _reason(name: str, table: pd.DataFrame) -> pd.Series:
    """Why the indicator is empty, by row."""
    wants = {
        **dict.fromkeys(complete.WORLD_ONLY, "needs the trade of the whole world"),
        **brought.WANTS,
        "hhi_geo": "needs a risk or distance of every supplier",
        "unit_value_gap": "no quantities of two suppliers",
    }
    if name not in wants:
        return table["reason"]
    known = "no exports" if name == "mx_ratio" else wants[name]
    return pd.Series(known if "exports" in table and table["exports"].notna().any() else wants[name], index=table.index)


def summary(found: Dependence) -> pd.DataFrame:
    """At most twelve rows: the partner's share first, the concentration beside it."""
    table = found.table
    if found.base:
        keys = pd.DataFrame([(p, w.period) for p, w in found.base.items()], columns=["product", "period"])
        table = table.merge(keys, on=["product", "period"])
    if found.exporter:
        table = table[table["exporter"] == found.exporter]
    table = table.sort_values("rank_cost", ascending=False, kind="stable").head(12)
    shown = pd.DataFrame(
        {
            "product": [found.name(p) for p in table["product"]],
            "period": table["period"],
            "supplier": table["exporter"].map(countries.name),
            "share of imports": table["import_share"].round(4),
            "main supplier": table["top_supplier"].map(countries.name, na_action="ignore"),
            "its share": table["top_share"].round(4),
            "HHI (0-1)": table["supplier_hhi"].round(4),
        }
    )
    value = pd.Series([found.base_value(p) for p in table["product"]]) / 1e6 if found.base else table["value_usd"] / 1e6
    shown["value (USD million a year)" if found.base else "value (USD million)"] = value.to_numpy().round(3)
    drawn = {product: float(middle(draws)) for product, draws in found.loss.items()}  # as its figure has it
    told = [drawn.get(p, alone) for p, alone in zip(table["product"], table["cutoff_loss"], strict=True)]
    shown["loss of access (log, of spending)"] = pd.Series(told, table.index).round(3)
    return shown.reset_index(drop=True)


def dependence_chart(found: Dependence) -> alt.VConcatChart:
    """The partner's share over time; bars where only one period is known."""
    import altair as alt

    from geoecon import charts

    table = found.table[found.table["exporter"] == found.exporter] if found.exporter else found.table
    years = table[table["period"].str.fullmatch(r"\d{4}")]
    if found.exporter and years["period"].nunique() > 1:
        lines = years.dropna(subset=["import_share"]).sort_values(["product", "period"])
        year = lines["period"].astype(int)
        lines = pd.DataFrame(
            {
                "product": lines["product"].map(found.name),
                "year": pd.to_datetime(lines["period"] + "-01-01"),
                "share": lines["import_share"],
                "piece": (year.groupby(lines["product"]).diff() != 1).cumsum(),  # no line over a missing year
            }
        )
        chart = (
            alt.Chart(lines)
            .mark_line(point=True)
            .encode(
                x=alt.X("year:T", title=None, axis=alt.Axis(format="%Y", labelOverlap="greedy")),
                y=alt.Y("share:Q", title="share of imports", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%")),
                color=alt.Color("product:N"),
                detail="piece:N",
                tooltip=["product:N", "year(year):T", alt.Tooltip("share:Q", format=".0%")],
            )
        )
        chart = chart.properties(width=charts.WIDTH, height=charts.HEIGHT)
    else:
        bars = summary(found)[["product", "supplier", "share of imports"]].rename(columns={"share of imports": "share"})
        bars["label"] = bars["product"] + " from " + bars["supplier"]
        chart = charts.bars(bars, "label", "share", x_title="share of imports")
    subtitle = f"Imports of {countries.name(found.importer)}: share of the supplier"
    return charts.finish(chart, found.sentence(), subtitle, found.sources)


def scan_chart(found: Scan) -> alt.VConcatChart:
    """Share of the supplier against how often the rest of the world could replace it; bubbles by value."""
    import altair as alt

    from geoecon import charts

    top = found.table.head(200)
    flagged = top[list(found.presets)].fillna(False).astype(bool).any(axis=1)
    dependent = "dependent by " + (found.presets[0] if len(found.presets) == 1 else "a definition")
    data = pd.DataFrame(
        {
            "share": top["import_share"],
            "replaceability": top["replaceability"],
            "height": top["replaceability"].clip(*REPLACEABLE),
            "value": top["value_usd"] / 1e6,
            "product": top["product"].map(found.name),
            "supplier": top["exporter"].map(countries.name),
            "importer": top["importer"].map(countries.name),
            "flag": np.where(flagged, dependent, "not flagged"),
        }
    ).dropna(subset=["share", "replaceability"])
    x = alt.X("share:Q", title="share of the supplier in imports", scale=alt.Scale(domain=[0, 1]))
    y = alt.Y(
        "height:Q",
        title="sales of others / imports at stake (log)",
        scale=alt.Scale(type="log", domain=REPLACEABLE),
        axis=alt.Axis(format=",~g", values=[0.1, 1, 10, 100, 1000, 10_000]),
    )
    bubbles = (
        alt.Chart(data)
        .mark_circle(opacity=0.7)
        .encode(
            x=x,
            y=y,
            size=alt.Size("value:Q", title="USD million", scale=alt.Scale(range=[20, 1200])),
            color=alt.Color("flag:N"),
            tooltip=[
                "product:N",
                "supplier:N",
                "importer:N",
                alt.Tooltip("share:Q", format=".1%"),
                alt.Tooltip("replaceability:Q", format=".1f"),
                alt.Tooltip("value:Q", format=",.1f"),
            ],
        )
    )
    chart = alt.layer(bubbles, *_labels(data, x, y)).properties(width=charts.WIDTH, height=charts.HEIGHT)
    told = (
        f"share of imports against how many times others could replace the trade, area in USD million; beyond "
        f"{REPLACEABLE[1]:,} drawn there; {found.periods[-1]}; {found.vintage}; definitions {', '.join(found.presets)}"
    )
    return charts.finish(chart, found.sentence(), told, found.sources)


def _labels(data: pd.DataFrame, x: alt.X, y: alt.Y) -> list[Any]:
    """The names of the costliest beside their bubbles, towards the middle."""
    import altair as alt

    named = data.head(NAMED).assign(name=data["product"].map(lambda text: text[:26] + "…" if len(text) > 27 else text))
    left = named["share"] > 0.6
    sides: tuple[tuple[pd.DataFrame, Literal["left", "right"], int], ...] = (
        (named[~left], "left", 18), (named[left], "right", -14),
    )  # fmt: skip
    return [
        alt.Chart(some).mark_text(align=align, dx=dx, fontSize=10).encode(x=x, y=y, text="name:N")
        for some, align, dx in sides if len(some)
    ]  # fmt: skip
