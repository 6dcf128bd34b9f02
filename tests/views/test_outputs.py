"""Exports, PDF, explanation, comparison, notebook display, and the warm solver."""

from __future__ import annotations

import html
import json
import re
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import paper
import pytest
from fakes import Result, assessment

import geoecon as ge
from geoecon import views
from geoecon.draws import sample
from geoecon.errors import InputError, MissingData
from geoecon.line import Memo, Recorded
from geoecon.message import Findings
from geoecon.message import phrases as say
from geoecon.views import office, pdf
from geoecon.views.block_power import how_unequal
from geoecon.views.brief import brief
from geoecon.views.bundle import write_bundle
from geoecon.views.report import LIMIT


@pytest.fixture(scope="module")
def real():
    return ge.run(ge.load_case("japan-korea-2019"), draws=24, seed=3)


@pytest.fixture(scope="module")
def exported(tmp_path_factory, real):
    place = tmp_path_factory.mktemp("export")
    views.export(views.Report(real), place)
    return place


def test_every_picture_comes_as_picture_rows_metadata_and_citation(exported):
    charts = exported / "charts"
    assert {path.suffix for path in charts.glob("depends.*")} == {".png", ".svg", ".csv", ".json"}
    assert (charts / "depends.png").read_bytes().startswith(b"\x89PNG")
    svg = (charts / "depends.svg").read_text("utf-8")
    assert "Source: " in svg and "var(--" not in svg
    told = json.loads((charts / "depends.json").read_text("utf-8"))
    assert told["seed"] == 3 and told["unit"] == "share of imports" and told["sources"]
    assert told["title"] in told["citation"] and "geoecon run" in told["made_again_by"]
    assert len(list(charts.glob("*.png"))) >= 8


def test_office_files_are_the_same_twice(exported, real, tmp_path):
    again = views.Report(real)
    for make, name in ((office.write_docx, "brief.docx"), (office.write_pptx, "slides.pptx")):
        assert make(again, tmp_path / name).read_bytes() == (exported / name).read_bytes(), name


def test_tables_come_as_csv_and_one_workbook_with_units_and_sources(exported, real):
    import openpyxl

    assert (exported / "tables" / "welfare.csv").read_text("utf-8").splitlines()[0].startswith("region,measure,unit")
    book = openpyxl.load_workbook(exported / "tables.xlsx")
    assert book.sheetnames == ["figures", *real.results, "sources"]
    head = next(book["figures"].iter_rows(values_only=True))
    assert {"unit", "period", "sources", "low", "high"} <= set(head)
    for stage in real.results:
        assert any(str(row[0]).startswith("Source") for row in book[stage].iter_rows(values_only=True))


def test_the_word_brief_opens_again_and_says_what_the_brief_says(exported, real):
    import docx

    document = docx.Document(exported / "brief.docx")
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    message = views.Report(real).message
    assert message.title in text and message.trust in text and len(document.inline_shapes) == 1
    headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert headings[0] == "The message" and "What to do, and by when" in headings and headings[-1] == "Sources"
    with zipfile.ZipFile(exported / "brief.docx") as packed:
        assert not [name for name in packed.namelist() if "vba" in name.lower()]


def said_by(exported, report):
    """What each output says, as plain text."""
    import docx
    import pptx

    document, deck = docx.Document(exported / "brief.docx"), pptx.Presentation(exported / "slides.pptx")
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    shapes = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    told = {
        "brief": brief(report),
        "Word": "\n".join([*(one.text for one in document.paragraphs), *cells]),
        "slides": "\n".join(shapes),
        "terminal": views.terminal(report),
        "report": re.sub(r"<style.*?</style>|<script.*?</script>|<[^>]+>", " ", views.report_html(report), flags=re.S),
    }
    return {name: re.sub(r"\s+", " ", html.unescape(text)) for name, text in told.items()}


def hold_one_figure(exported, report):
    """The three numbers stand in every output, in the same words, and are the figures of the files."""
    import openpyxl

    for name, text in said_by(exported, report).items():
        for tile in report.message.tiles:
            assert re.sub(r"\s", " ", tile.number) in text, (name, tile)
        assert not re.search(r"\b(?:average|mean) (?:loss|run)\b", text), name
    rows = openpyxl.load_workbook(exported / "tables.xlsx", read_only=True)["figures"].iter_rows(values_only=True)
    heads = next(rows)
    sheet = [dict(zip(heads, row, strict=True)) for row in rows]
    written = views.summary(report.assessment)["figures"]
    for stage, figures in report.assessment.told.items():
        for key, figure in figures.items():
            same = [row for row in sheet if row["stage"] == stage and row["figure"] == (figure.label or key)]
            known = figure.value is not None and np.isfinite(figure.value)
            told = pytest.approx(figure.value, rel=1e-12) if known else None
            assert any(row["value"] == told for row in same)
            assert written[stage][key]["value"] == figure.value
    found = report.found
    figure = found.figure("disruption", f"lost_value_added.{found.code('target')}")
    if found.middle is not None:
        assert found.middle[0] == pytest.approx(1e6 * figure.value)
        assert not report.changes or report.changes[0].loss == say.loss(found.middle[0], tile=True)


def test_a_figure_is_the_same_in_every_output(exported, real):
    hold_one_figure(exported, views.Report(real))


def test_the_brief_takes_two_pages_of_paper(exported, tmp_path):
    assert paper.pages_of_word(exported / "brief.docx", tmp_path) <= 2


@pytest.mark.nightly
@pytest.mark.parametrize("key", sorted(set(ge.cases()) - {"japan-korea-2019"}))
def test_every_case_has_one_figure_in_every_output_two_pages_of_brief_and_six_of_report(key, tmp_path):
    report = views.Report(ge.run(ge.load_case(key), draws=24, seed=1))
    views.export(report, tmp_path)
    hold_one_figure(tmp_path, report)
    assert paper.pages_of_word(tmp_path / "brief.docx", tmp_path) <= 2
    page = tmp_path / "report.html"
    page.write_text(views.report_html(report), "utf-8")
    assert page.stat().st_size < LIMIT and paper.pages(views.write_pdf(page, tmp_path / "r.pdf").read_bytes()) <= 6


def test_the_slides_open_again_with_charts_of_their_own(exported, real):
    import pptx

    deck = pptx.Presentation(exported / "slides.pptx")
    report = views.Report(real)
    charts = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert len(deck.slides) == 1 + sum(block.picture is not None for block in report.blocks)
    assert len(charts) >= 6
    first = "\n".join(shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame)
    assert report.message.title in first
    plots = [plot for chart in charts for plot in chart.chart.plots]
    assert all(series.values or series.iter_values for plot in plots for series in plot.series)


def test_the_citation_is_bibtex(exported):
    text = (exported / "cite.bib").read_text("utf-8")
    assert text.startswith("@software{geoecon,") and text.count("{") == text.count("}")
    keys = re.findall(r"@\w+\{([^,]+),", text)
    assert len(keys) == len(set(keys)) > 5


def test_the_report_prints_to_pdf(tmp_path, real):
    page = views.write_report(real, tmp_path)
    content = views.write_pdf(page, tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF")


def test_without_chromium_the_pdf_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "browser", lambda: None)
    with pytest.raises(MissingData, match="Chromium"):
        views.write_pdf(tmp_path / "report.html", tmp_path / "report.pdf")


def test_a_bundle_holds_everything(tmp_path, real):
    file = write_bundle(real, tmp_path, "zip")
    names = set(zipfile.ZipFile(file).namelist())
    wanted = {"report.html", "figures.html", "brief.md", "brief.docx", "slides.pptx", "tables.xlsx", "cite.bib"}
    assert wanted | {"assessment.json", "charts/depends.png"} <= names
    page = zipfile.ZipFile(file).read("report.html").decode()
    links = set(re.findall(r'class="btn[^"]*" href="([^"]+)"', page))
    assert {"brief.docx", "slides.pptx", "tables.xlsx", "cite.bib"} <= links <= names
    assert [path.name for path in tmp_path.iterdir()] == ["assessment.zip"]
    with pytest.raises(InputError, match="allowed"):
        write_bundle(real, tmp_path, "exe")


def test_states_with_an_article_keep_it_in_every_sentence_of_a_stage(real):
    for stage in ("disruption", "welfare", "losses"):
        result = real.results[stage]
        names = dict(result.names) | dict.fromkeys(("KOR", "target"), "United States")
        told = replace(result, names=names | dict.fromkeys(("JPN", "sender"), "group of Germany and Italy")).sentence()
        assert "the United States" in told and not re.findall(r"(?<!the )(?:United States|group of Germany)", told), (
            told
        )


def test_two_without_a_patron_are_weighed_by_their_economies(real):
    found = Findings(real)
    figures = {key: one for key, one in real.told["alliance"].items() if not key.startswith("security_dependence")}

    class Alone:
        assessment = SimpleNamespace(told={"alliance": figures})

        def __getattr__(self, name):
            return getattr(found, name)

    assert re.fullmatch(r"Japan’s economy is \d\S* times as large as that of Korea\.", how_unequal(Alone())[0])


@pytest.mark.parametrize("form", ["docx", "pptx", "xlsx", "bib"])
def test_an_office_file_comes_alone(tmp_path, real, form):
    assert write_bundle(real, tmp_path, form).suffix == f".{form}"


def test_a_number_is_explained_down_to_its_rows():
    made = assessment()
    citation = made.case.table("trade").iloc[0]["source"]
    made = replace(made, results={"trade": Result("trade", sources=frozenset({citation}))})
    told = views.explain(made, "trade", "share")
    assert told.cited[0].citation == citation and told.cited[0].rows[0][0] == "trade.csv"
    assert "40" in str(told) and "s = v / Σ v" in str(told) and "rows of the case" in told.sentence()
    with pytest.raises(InputError, match="allowed: trade"):
        views.explain(made, "nothing", "share")
    with pytest.raises(InputError, match="allowed: share, other"):
        views.explain(made, "trade", "nothing")


def test_an_explanation_names_file_and_line():
    case = ge.load_case("japan-korea-2019")
    row = case.table("measures").iloc[0]
    figure = ge.Figure(1.0, "days", "2019", frozenset({row["source"]}))

    class Known(Result):
        def figures(self):
            return {"days": figure}

    told = views.explain(replace(assessment(), results={"controls": Known("controls")}), "controls", "days")
    assert ("measures.csv", told.cited[0].rows[0][1]) in told.cited[0].rows
    assert row["measure_id"] in str(told) and told.to_frame()["file"].tolist() == ["measures.csv"]


def test_two_assessments_compared():
    a = assessment()
    results = {stage: Result(stage) for stage in a.results}

    class Other(Result):
        def figures(self):
            return {"share": ge.Figure(50.0, "percent", "2019"), "other": super().figures()["other"]}

    b = replace(a, results={**results, "trade": Other("trade")}, seed=5, inputs={"case/trade.csv": "1" * 64})
    b = replace(b, case=b.case.with_scenario(inventory_days=180))
    found = views.diff(a, b)
    frame = found.to_frame()
    assert set(frame["kind"]) == {"seed", "input", "scenario", "parameter", "headline"}
    moved = frame[frame["kind"] == "headline"].iloc[0]
    assert moved["change"] == 10.0 and moved["notable"]  # 50 lies outside 35 to 44
    told = "1 figure moved, 1 beyond the band in A. What differs: stocks; the seed of the runs; the file trade.csv."
    assert found.sentence() == told and not say.faults_of(told)
    assert views.diff(a, a).sentence() == "The two assessments are the same."


def test_a_figure_without_a_band_lies_beyond_none():
    class One(Result):
        def figures(self):
            return {"day": ge.Figure(self.day, "days", "2019"), "other": super().figures()["other"]}

    a = assessment()
    first, second = One("trade"), One("trade")
    object.__setattr__(first, "day", 40.0)
    object.__setattr__(second, "day", 90.0)
    a, b = (replace(a, results={**a.results, "trade": one}) for one in (first, second))
    assert views.diff(a, b).sentence().startswith("1 figure moved, none beyond the band in A.")


def test_a_comparison_leads_with_the_chance_of_a_shortage():
    def with_chance(share):
        class Stops(Result):
            def figures(self):
                return {"stop_chance": ge.Figure(share, "share of runs", "2019", label="some plant stops")}

        return replace(assessment(), results={"disruption": Stops("disruption")})

    told = views.diff(with_chance(0.745), with_chance(0.28)).sentence()
    assert told.startswith("Some plant stops: in 74 % of the runs of A, in 28 % of those of B. 1 figure moved")


@pytest.mark.parametrize(
    ("key", "new", "moved", "notable"),
    [("share", 40.0 * (1 + 1e-12), 0, 0), ("share", 40.0 * (1 + 1e-6), 1, 0), ("residual", 60.0, 1, 0)],
)
def test_rounding_is_no_change_and_a_residual_no_finding(key, new, moved, notable):
    def told(value):
        class One(Result):
            def figures(self):
                return {key: ge.Figure(value, "percent", "2019").with_band(35.0, 44.0)}

        return replace(assessment(), results={"trade": One("trade")})

    rows = views.diff(told(40.0), told(new)).to_frame()
    assert (len(rows), rows["notable"].sum()) == (moved, notable)


def test_folders_can_be_compared_and_others_are_refused(tmp_path):
    from geoecon.views import strict_json, summary

    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "assessment.json").write_text(strict_json(summary(assessment())), "utf-8")
    assert views.diff(tmp_path / "a", str(tmp_path / "a" / "assessment.json")).rows == ()
    for wrong in ("{}", "[", "[]"):
        (tmp_path / "b.json").write_text(wrong, "utf-8")
        with pytest.raises(InputError, match="allowed"):
            views.diff(tmp_path / "a", tmp_path / "b.json")
    with pytest.raises(InputError, match="missing"):
        views.diff(tmp_path / "a", tmp_path / "none")


def test_a_notebook_shows_sentence_chart_and_few_rows():
    result = Result("trade", tuple(f"name {k}" for k in range(300)))
    shown = result._repr_mimebundle_()
    assert "In trade, 40" in shown["text/html"] and "data:image/svg+xml;base64," in shown["text/html"]
    assert shown["text/html"].count("<tr>") == 1 + 12 and "<script" not in shown["text/html"]
    assert len(shown["text/plain"].splitlines()) < 20


# The warm solver


def stage_that_reads(*names):
    calls = []

    def stage(case, draws):
        calls.append(1)
        return SimpleNamespace(
            value=sum(float(draws.get(name)[0]) for name in names), switch=case.switch("architecture")
        )

    return stage, calls


@pytest.fixture
def line(monkeypatch):
    """A line of two stages: one reads stocks, one reads review time and the first."""
    from geoecon.line import stage as runs

    first, firsts = stage_that_reads("inventory_days")
    second, seconds = stage_that_reads("review_days")
    rooms = SimpleNamespace(first=first, second=lambda case, draws, trade: second(case, draws))
    monkeypatch.setattr(
        runs, "STAGES", runs.table(runs.Stage("trade", "r", "first"), runs.Stage("controls", "r", "second"))
    )
    monkeypatch.setattr(runs, "import_module", lambda name: rooms)
    return firsts, seconds


def test_only_what_a_change_touches_is_solved_again(line):
    firsts, seconds = line
    case = ge.load_case("japan-korea-2019")
    memo = Memo()
    for scenario in ({}, {}, {"choice_precision": 2}, {"review_days": 60}, {"inventory_days": 15}, {}):
        changed = case.with_scenario(**scenario)
        found = memo.solve(changed, "case", sample(changed.parameters))
        cold = Memo().solve(changed, "case", sample(changed.parameters))
        assert {name: vars(one.result) for name, one in found.items()} == {
            name: vars(one.result) for name, one in cold.items()
        }
    # warm: 2 values of stocks; 3 combinations of review time and stocks; cold: 6 each
    assert len(firsts) == 2 + 6 and len(seconds) == 3 + 6


def test_draws_and_seed_are_part_of_the_question(line):
    memo = Memo()
    case = ge.load_case("japan-korea-2019")
    for draws, seed in ((0, 0), (5, 0), (5, 1), (5, 1)):
        memo.solve(case, "case", sample(case.parameters, draws, seed))
    assert memo.solved == 6


def test_a_recorded_mapping_writes_down_what_was_asked():
    reads = set()
    watched = Recorded({"a": np.zeros(2)}, "parameter", reads)
    assert "b" not in watched and watched.get("a") is not None and len(watched) == 1
    assert reads == {("parameter", "a"), ("parameter", "b")}
    draws = sample(ge.load_case("japan-korea-2019").parameters, 3)
    assert type(draws)(Recorded(draws.values, "parameter", reads), draws.parameters, 0).n == 4
