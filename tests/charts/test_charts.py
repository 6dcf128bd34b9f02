"""House style: snapshots of the specifications, all stages' charts titled and sourced, colours safe, drawn by Vega.

`UPDATE_SNAPSHOTS=1 pytest tests/charts` writes the snapshots anew.
"""

from __future__ import annotations

import json
import os
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from geoecon import charts
from geoecon.views import vega
from geoecon.views.notebook import drawn_svg

SNAPSHOTS = Path(__file__).parent / "snapshots"
SOURCES = {"Ministry of trade 2019, table 3", "Customs, monthly"}


def banded() -> pd.DataFrame:
    days = pd.date_range("2019-07-01", periods=4)
    return pd.DataFrame(
        {"date": days, "central": [1.0, 0.8, 0.7, 0.9], "low": [1.0, 0.6, 0.5, 0.8], "high": [1.0, 0.9, 0.9, 1.0],
         "of": ["Korea", "Korea", "Japan", "Japan"]}
    )  # fmt: skip


def bands() -> pd.DataFrame:
    return pd.DataFrame(
        {"rule": ["HF", "HF"], "from": pd.to_datetime(["2019-07-04", "2023-03-23"]),
         "to": pd.to_datetime(["2023-03-23", "2024-01-01"]), "licence": ["individual", "bulk"]}
    )  # fmt: skip


EXAMPLES = {
    "path": lambda: charts.path(banded(), "date", "central", y_title="share of base"),
    "path-by-colour": lambda: charts.path(banded(), "date", "central", color="of"),
    "path-small-multiples": lambda: charts.path(banded(), "date", "central", facet="of"),
    "path-by-year": lambda: charts.path(pd.DataFrame({"year": [2018, 2019], "y": [1.0, 2.0]}), "year", "y"),
    "bars": lambda: charts.bars(banded().assign(of=list("abcd")), "of", "central", x_title="share"),
    "dated-bands": lambda: charts.dated_bands(bands(), "rule", "from", "to", "licence", order=["bulk", "individual"]),
}


def finished(name):
    return vega.specification(charts.finish(EXAMPLES[name](), "A finding in words", "measure, unit", SOURCES))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_specification_is_the_one_we_know(name):
    made = json.loads(json.dumps(finished(name)))
    made.pop("$schema")
    file = SNAPSHOTS / f"{name}.json"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOTS.mkdir(exist_ok=True)
        file.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", "utf-8")
    assert made == json.loads(file.read_text("utf-8"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_chart_is_drawn_with_title_unit_and_source(name):
    svg = drawn_svg(finished(name)).decode()
    for text in ("A finding in words", "measure, unit", "Source: Customs, monthly; Ministry of trade 2019, table 3"):
        assert text in svg
    assert "NaN" not in svg and "Infinity" not in svg


def test_two_calls_give_the_same_specification():
    for name in EXAMPLES:
        assert finished(name) == finished(name)


def test_long_titles_and_sources_are_set_in_lines():
    spec = vega.specification(charts.finish(EXAMPLES["bars"](), "word " * 60, "unit " * 60, {"source " * 100}))
    parts = [spec["title"]["text"], spec["title"]["subtitle"], spec["vconcat"][0]["title"]["text"]]
    assert all(isinstance(lines, list) and 1 < len(lines) <= 4 for lines in parts)
    assert all(len(line) <= 120 for lines in parts for line in lines)
    assert spec["vconcat"][0]["title"]["text"][-1].endswith("…")
    assert spec["usermeta"]["sources"] == ["source " * 100]


def test_a_turning_character_in_a_title_is_shown():
    spec = vega.specification(charts.finish(EXAMPLES["bars"](), "Sample \u202e)drawkcab(", "unit", SOURCES))
    assert vega.title(spec) == ("Sample ⟨U+202E⟩)drawkcab(", "unit")


def seen_by(colour: str, kind: str) -> tuple[float, ...]:
    """A colour in linear RGB as a dichromat sees it (Viénot, Brettel & Mollon 1999, simplified for two kinds)."""
    red, green, blue = (
        ((int(colour[at : at + 2], 16) / 255 + 0.055) / 1.055) ** 2.4 if int(colour[at : at + 2], 16) > 10
        else int(colour[at : at + 2], 16) / 255 / 12.92
        for at in (1, 3, 5)
    )  # fmt: skip
    if kind == "normal":
        return red, green, blue
    mixed = 0.11238 * red + 0.88762 * green if kind == "protan" else 0.29275 * red + 0.70725 * green
    return mixed, mixed, blue


@pytest.mark.parametrize("kind", ["normal", "protan", "deutan"])
def test_the_colours_of_the_roles_differ_for_the_colour_blind(kind):
    roles = [charts.SENDER, charts.TARGET, charts.PATRON]
    for one, two in combinations(roles, 2):
        apart = sum((a - b) ** 2 for a, b in zip(seen_by(one, kind), seen_by(two, kind), strict=True)) ** 0.5
        assert apart > 0.1, (one, two)


def test_states_get_the_colour_of_their_role_and_others_keep_theirs():
    frame = pd.DataFrame({"state": ["Japan", "Korea", "Taiwan"], "x": [1, 2, 3]})
    chart = charts.finish(charts.bars(frame, "state", "x", color="state"), "t", "u", SOURCES)
    roles = {"Japan": charts.SENDER, "Korea": charts.TARGET}
    text = json.dumps(vega.specification(chart, roles)["vconcat"])
    scale = json.loads(text[text.index('"scale": {"domain": ["Japan"') + 9 :].split("}")[0] + "}")
    assert scale["domain"] == ["Japan", "Korea", "Taiwan"]
    assert scale["range"][:2] == [charts.SENDER, charts.TARGET] and scale["range"][2] not in roles.values()


@pytest.mark.parametrize("stage", ["trade", "controls", "catchup", "disruption", "welfare", "losses", "alliance"])
def test_every_stage_has_a_finding_a_unit_a_source_and_draws(stages, stage):
    spec = vega.specification(stages[stage].chart())
    title, unit = vega.title(spec)
    assert len(title) > 15 and len(unit) > 5 and spec["usermeta"]["sources"]
    svg = drawn_svg(spec).decode()
    assert "Source: " in svg and "NaN" not in svg
    assert len(json.dumps(spec)) < 400_000


@pytest.mark.parametrize("stage", ["bargaining", "evidence"])
def test_the_last_stages_draw(stages, stage):
    svg = drawn_svg(vega.specification(stages[stage].chart())).decode()
    assert "Source: " in svg and "NaN" not in svg


def test_results_keep_the_protocol(stages):
    for stage, result in stages.items():
        assert len(result.summary()) <= 12, stage
        assert result.figures() and result.sentence().endswith((".", "!")) and result.METHOD and result.sources
        for figure in result.figures().values():
            assert figure.sources and figure.period, (stage, figure.label)
