"""House style: one look for every chart. A type's own chart stands beside the type and calls these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # altair is loaded where a chart of it is made: the pages draw without
    import altair as alt
    import pandas as pd
    from altair.typing import ChartType


# Okabe & Ito: safe for the colour-blind. One colour per role in every chart.
SENDER, TARGET, PATRON, OTHER = "#D55E00", "#0072B2", "#009E73", "#999999"
ROLE_COLOURS = {"sender": SENDER, "target": TARGET, "patron": PATRON}
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#999999"]
WIDTH, HEIGHT = 620, 300
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # would turn the text around them


def finish(chart: ChartType, title: str, subtitle: str, sources: Iterable[str]) -> alt.VConcatChart:
    """A chart as it leaves the house: the finding as title, measure and unit below, the sources at the foot."""
    import altair as alt

    names = sorted(sources)
    shown = "; ".join(names[:3]) + (f"; and {len(names) - 3} more" if len(names) > 3 else "")
    footer = _lines(f"Source: {shown or 'none recorded'}", 118, most=3)
    head = alt.TitleParams(
        text=_lines(title, 76),
        subtitle=_lines(subtitle, 104),
        anchor="start",
        fontSize=15,
        subtitleFontSize=12,
        subtitlePadding=4,
        offset=12,
    )
    foot = alt.TitleParams(
        text=footer, anchor="start", orient="bottom", fontSize=10, fontWeight="normal", color="#666", offset=8
    )
    if getattr(chart, "title", alt.Undefined) is None:
        chart = chart.properties(title="")
    inner = alt.vconcat(chart).properties(title=foot)
    whole: alt.VConcatChart = (
        alt.vconcat(inner)
        .properties(title=head, usermeta={"sources": names})
        .configure(font="system-ui, sans-serif", background="#ffffff")
        .configure_view(strokeWidth=0)
        .configure_axis(gridColor="#e5e5e5", domainColor="#999", tickColor="#999", labelFontSize=11, titleFontSize=12)
        .configure_range(category=COLOURS)
        .configure_legend(orient="top", title=None, labelFontSize=11, symbolOpacity=1, symbolStrokeWidth=3)
    )
    return whole


def _lines(text: str, width: int, most: int = 4) -> list[str]:
    """Text in lines of at most `width` letters; what goes beyond `most` lines ends in …"""
    import textwrap

    shown = "".join(f"⟨U+{ord(letter):04X}⟩" if letter in TURNING else letter for letter in " ".join(text.split()))
    lines = textwrap.wrap(shown, width) or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][: width - 1] + "…"]


def path(frame: pd.DataFrame, x: str, y: str, *, color: str | None = None, facet: str | None = None,
         x_title: str = "", y_title: str = "", zero: bool = False,
         colours: Mapping[str, str] | None = None) -> alt.LayerChart | alt.FacetChart:  # fmt: skip
    """A line with its 80 % band. `frame` has columns x, y and, for the band, low and high; `colours` by value.

    A missing year or month is a hole: the line ends before it and begins again after it."""
    import altair as alt
    from pandas.api.types import is_datetime64_any_dtype

    piece = _pieces(frame, x, [one for one in (color, facet) if one])
    broken = bool(piece.any())
    frame = frame.assign(piece=piece) if broken else frame
    kind = ":T" if is_datetime64_any_dtype(frame[x]) else ":Q"
    axis = _months() if kind == ":T" else alt.Axis(format="d") if _are_years(frame[x]) else alt.Undefined
    horizontal = alt.X(x + kind, title=x_title or x, axis=axis)
    scale = alt.Scale(zero=zero)
    shades = alt.Scale(domain=list(colours), range=list(colours.values())) if colours else alt.Undefined
    tint = {"color": alt.Color(color + ":N", scale=shades)} if color else {"color": alt.value(TARGET)}
    apart = {"detail": alt.Detail("piece:N")} if broken else {}
    line = alt.Chart().mark_line(point=broken or alt.Undefined)  # a year between two holes is a point
    line = line.encode(x=horizontal, y=alt.Y(y + ":Q", title=y_title or y, scale=scale), **tint, **apart)
    layers = [line]
    if {"low", "high"} <= set(frame.columns) and frame["low"].notna().any():
        layers.insert(
            0, alt.Chart().mark_area(opacity=0.2).encode(x=horizontal, y="low:Q", y2="high:Q", **tint, **apart)
        )
    chart = alt.layer(*layers, data=frame)
    if facet:
        return chart.properties(width=WIDTH // 3, height=HEIGHT // 2).facet(
            alt.Facet(facet + ":N", title=None), columns=3
        )
    return chart.properties(width=WIDTH, height=HEIGHT)


def bars(frame: pd.DataFrame, label: str, value: str, *, color: str | None = None, x_title: str = "",
         sort: str | list[str] = "-x") -> alt.LayerChart | alt.FacetChart:  # fmt: skip
    """Horizontal bars with the 80 % interval where `frame` has columns low and high."""
    import altair as alt

    order = _order(frame, label, value, sort) if isinstance(sort, str) else sort
    across = alt.Y(label + ":N", sort=order, title=None, axis=alt.Axis(labelLimit=260))
    tint = {"color": alt.Color(color + ":N")} if color else {"color": alt.value(TARGET)}
    base = alt.Chart(frame).encode(y=across)
    layers = [base.mark_bar(opacity=0.85).encode(x=alt.X(value + ":Q", title=x_title or value), **tint)]
    if {"low", "high"} <= set(frame.columns) and frame["low"].notna().any():
        layers.append(base.mark_rule(color="#333").encode(x="low:Q", x2="high:Q"))
    return alt.layer(*layers).properties(width=WIDTH, height=max(60, 26 * frame[label].nunique()))


def _months() -> alt.Axis:
    """No month without its year."""
    import altair as alt

    return alt.Axis(format="%b %Y", tickCount=6, labelOverlap="greedy")


def _pieces(frame: pd.DataFrame, x: str, groups: list[str]) -> pd.Series[Any]:
    """A number for each stretch of each line without a hole. Years and first days of months that all lie a number of
    years or months apart have holes where the step is longer than the line's usual one; other axes have none."""
    import pandas as pd
    from pandas.api.types import is_datetime64_any_dtype

    at = frame[x]
    if is_datetime64_any_dtype(at) and (at.dt.day == 1).all():
        at = 12 * at.dt.year + at.dt.month
    elif not _are_years(at):
        return pd.Series(0, index=frame.index)
    ordered = at.sort_values(kind="stable")
    lines: list[Any] = [frame[one].reindex(ordered.index) for one in groups] or [pd.Series(0, index=ordered.index)]
    steps = ordered.groupby(lines).diff()
    usual = steps.where(steps > 0).groupby(lines).transform("median")
    return (steps > usual).groupby(lines).cumsum().reindex(frame.index)


def _are_years(values: pd.Series[Any]) -> bool:
    """Whole numbers that stand for years: no comma between their digits."""
    from pandas.api.types import is_numeric_dtype

    return bool(is_numeric_dtype(values) and len(values) and values.between(1000, 2999).all())


def _order(frame: pd.DataFrame, label: str, value: str, sort: str) -> list[str] | str:
    """Labels by size. Vega-Lite cannot sort by a channel that only one of two layers has."""
    if sort not in ("x", "-x"):
        return sort
    sizes = frame.groupby(label, sort=False)[value].sum()
    return sizes.sort_values(ascending=sort == "x", kind="stable").index.tolist()


def dated_bands(
    frame: pd.DataFrame, row: str, start: str, end: str, color: str, *, order: list[str] | None = None
) -> alt.Chart:
    """What held from when to when, one line per `row`: regimes, leaders, phases."""
    import altair as alt

    scale = alt.Scale(domain=order, range=COLOURS[: len(order)]) if order else alt.Undefined
    lanes: alt.Chart = (
        alt.Chart(frame)
        .mark_bar(height=18)
        .encode(
            x=alt.X(start + ":T", title=None, axis=_months()),
            x2=end + ":T",
            y=alt.Y(row + ":N", title=None, axis=alt.Axis(labelLimit=260)),
            color=alt.Color(color + ":N", scale=scale),
            tooltip=[row + ":N", color + ":N", start + ":T", end + ":T"],
        )
        .properties(width=WIDTH, height=max(60, 30 * frame[row].nunique()))
    )
    return lanes
