"""Rules of every picture: years on a time axis, legends in full colour, holes and breaks shown, titles said once."""

from __future__ import annotations

import json
import re
from datetime import date

import pandas as pd
import pytest

from geoecon import charts
from geoecon.message import Findings
from geoecon.views import blocks, headline, vega
from geoecon.views.events import second_screen
from geoecon.views.notebook import drawn_svg

FIRST, LAST = date(2019, 3, 1), date(2021, 6, 1)
SAID = {"title": "A finding", "said": "A finding in words."}
MONTHS = charts.months((day.date(), 5.0) for day in pd.date_range(FIRST, LAST, freq="MS"))


def series(values=MONTHS, breaks=()):
    return charts.Series("Gas from Japan", "USD million a month", values, breaks)


def happened(one):
    spells = [(FIRST, date(2020, 2, 1), "general", "eased"), (date(2020, 2, 1), None, "case", "each contract")]
    more = {"heading": "What a shipment needed", "turn": date(2020, 2, 1)}
    return charts.timeline(FIRST, LAST, spells, [(date(2020, 2, 1), "rule")], [one], **SAID, **more)


def parts_out():
    part = {"name": "gas", "verdict": "sure", "out": date(2020, 2, 1), "back": date(2021, 1, 10)}
    late = part | {"name": "film", "back_low": date(2020, 12, 1), "back_high": date(2021, 5, 1)}
    return charts.gantt([part, late], start=FIRST, stop="stop", **SAID)


PICTURES = {
    "timeline": lambda: happened(series()),
    "gantt": parts_out,
    "ribbon": lambda: charts.ribbon(
        [(FIRST, date(2020, 2, 1), "general", "eased"), (date(2020, 2, 1), LAST, "case", "each")], through=LAST, **SAID
    ),
    "lanes": lambda: charts.lanes([charts.Step("Dispute", "a deal", [k / 40 for k in range(28)], LAST)], FIRST, **SAID),
    "trend": lambda: charts.trend([(2019, 1.0), (2020, 2.0), (2021, 3.0)], unit="%", **SAID),
}


def texts(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def drawn(picture):
    return {"wide": picture.wide, "narrow": picture.narrow}


def encodings(spec):
    """Every channel of a specification, wherever it stands."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key == "encoding":
                yield from value.items()
            yield from encodings(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from encodings(value)


@pytest.fixture(scope="module")
def pictures(assessment):
    """Every picture of a report, by its title."""
    found = Findings(assessment)
    made = [headline(found), second_screen(found)[1], *(block.picture for block in blocks(found))]
    return [one for one in made if one is not None]


@pytest.mark.parametrize("name", PICTURES)
def test_every_time_axis_shows_its_years(name):
    for width, svg in drawn(PICTURES[name]()).items():
        years = {year for text in texts(svg) for year in re.findall(r"\b20\d\d\b", text)}
        wanted = {"2021"} if name == "trend" else {"2020", "2021"}
        assert wanted <= years, (width, years)


def test_a_month_that_opens_an_axis_or_a_year_carries_its_year():
    found = [text for text in texts(PICTURES["gantt"]().wide) if re.match(r"(Jan|Feb|Mar|Apr|May|Jul|Oct)\b", text)]
    assert re.fullmatch(r"[A-Z][a-z]{2} 20\d\d", found[0])
    assert all(re.search(r"20\d\d$", text) for text in found if text.startswith("Jan"))


def test_every_time_axis_of_a_stage_shows_its_years(stages):
    seen = 0
    for name, result in stages.items():
        for _, channel in encodings(json.loads(json.dumps(vega.specification(result.chart())))):
            if isinstance(channel, dict) and channel.get("type") == "temporal" and "axis" in channel:
                seen += 1
                assert channel["axis"] is None or "%Y" in channel["axis"]["format"], name
    assert seen >= 4


def test_legends_stand_in_full_colour(pictures):
    """A square of a legend is solid, and its colour is that of a mark."""
    seen = 0
    for picture in [*pictures, PICTURES["gantt"]()]:
        for width, svg in drawn(picture).items():
            squares = re.findall(r'<rect [^>]*width="12" height="12"[^>]*/>', svg)
            marks = svg
            for square in squares:
                marks = marks.replace(square, "")
            for square in squares:
                seen += 1
                colour = re.search(r'fill="([^"]+)"', square)[1]
                assert "opacity" not in square and colour in marks, (picture.title, width, colour)
    assert seen > 10


def test_legends_of_the_stages_stand_in_full_colour(stages):
    for result in stages.values():
        legend = vega.specification(result.chart())["config"]["legend"]
        assert legend["symbolOpacity"] == 1 and legend["symbolStrokeWidth"] >= 3


def test_a_break_of_a_series_is_a_break():
    whole = charts.trend([(2018, 4.0), (2019, 3.0), (2020, 9.0), (2021, 8.0)], unit="%", **SAID)
    cut = charts.trend([(2018, 4.0), (2019, 3.0), (2020, 9.0), (2021, 8.0)], unit="%", breaks=[2020], **SAID)
    for one, two in zip(drawn(whole).values(), drawn(cut).values(), strict=True):
        assert one.count('fill="none"') == 1 and two.count('fill="none"') == 2 and "stroke-dasharray" in two
    marked = happened(series(breaks=(date(2020, 7, 1),)))
    for svg in drawn(marked).values():
        assert svg.count("stroke-dasharray") == 1 and "another source" in " ".join(texts(svg))
    assert not any("stroke-dasharray" in svg for svg in drawn(happened(series())).values())


def test_a_change_of_source_within_the_monthly_trade_of_a_case_is_marked(assessment):
    from geoecon.views import events

    found = Findings(assessment)
    trade = found.case.table("trade").copy()
    shown = events.series(found, date(2018, 7, 1), date(2020, 6, 1))[0]
    assert shown.breaks == ()
    trade.loc[trade["period"].astype(str) >= "2019-10", "source_id"] += "-other"

    class Changed:
        case = type("Case", (), {"has": lambda self, name: True, "table": lambda self, name: trade})()

        def __getattr__(self, name):
            return getattr(found, name)

    assert events.series(Changed(), date(2018, 7, 1), date(2020, 6, 1))[0].breaks == (date(2019, 10, 1),)


def test_no_line_runs_over_a_missing_year():
    gap = charts.trend([(2014, 1.0), (2015, 2.0), (2018, 3.0), (2019, 4.0)], unit="%", **SAID)
    assert all(svg.count('fill="none"') == 2 for svg in drawn(gap).values())
    held = [one for one in MONTHS if one[0].year != 2020]
    whole, less = (drawn(happened(series(values)))["wide"].count("<rect") for values in (MONTHS, tuple(held)))
    assert whole - less == 12  # a month without a value has no bar


@pytest.mark.parametrize("axis", ["years", "dates"])
def test_no_line_of_a_stage_runs_over_a_missing_year(axis):
    years = [2010, 2011, 2012, 2016, 2017]
    frame = pd.DataFrame({"x": years * 2, "y": range(10), "of": ["a"] * 5 + ["b"] * 5})
    whole = frame[frame["x"] != 2012].replace({"x": {2016: 2012, 2017: 2013}})
    counts = []
    for one in (frame, whole):
        shown = one.assign(x=pd.to_datetime(one["x"].astype(str))) if axis == "dates" else one
        chart = charts.finish(charts.path(shown, "x", "y", color="of"), "A finding", "unit", {"source"})
        svg = drawn_svg(vega.specification(chart)).decode()
        counts.append(
            len(re.findall(r'<path aria-label="[^"]*" role="graphics-symbol" aria-roledescription="line', svg))
        )
    assert counts == [4, 2]


def test_a_title_is_not_repeated_in_its_picture(pictures):
    assert len(pictures) >= 7
    for picture in pictures:
        for svg in drawn(picture).values():
            assert picture.title not in " ".join(texts(svg))
    assert len({picture.title for picture in pictures}) == len(pictures)


def test_a_title_of_a_stage_stands_once(stages):
    for name, result in stages.items():
        spec = vega.specification(result.chart())
        shown = " ".join(texts(drawn_svg(spec).decode()))
        title = vega.title(spec)[0]
        assert shown.count(title) <= 1, name
