"""T89, T91, T92, T93: whatever stands in the data, the page shows it as text and stays whole."""

from __future__ import annotations

import csv
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from fakes import Result, assessment

from geoecon.views import Report, exports

TRAPS = Path(__file__).parent / "traps"
SCRIPT = "hydrogen fluoride </script><script>alert(1)</script>"
PLANTED = ("</script><script>alert(1)</script>", "<img src=x onerror=alert(2)>", "<!-- <script> text & more")


def rows_of(name):
    with (TRAPS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def hostile():
    """A real run whose claims, names of states and goods, and sources are those of the traps."""
    import geoecon as ge

    claims = pd.DataFrame(rows_of("89_script_in_a_cell/claims.csv")).assign(status="seen", line=[2, 3])
    right = [row["product_name"] for row in rows_of("92_right_to_left_names.csv")]
    long = [row["product_name"] for row in rows_of("91_long_and_odd_names/trade.csv")]
    case = ge.load_case("japan-korea-2019")
    goods = [replace(good, name=name) for good, name in zip(case.products, (SCRIPT, right[0], long[-1]), strict=True)]
    states = [replace(state, name=f"{PLANTED[0]} {state.name}") for state in case.states]
    tables = {**case.tables, "claims": claims}
    case = replace(case, tables=tables, title=PLANTED[1], products=tuple(goods), states=tuple(states))
    made = ge.run(case, draws=24, seed=2)
    odd = Result("extra", (SCRIPT, *right, *long), frozenset({"javascript:alert(4)", 'a" onmouseover="alert(3)'}))
    return replace(made, results={**made.results, "extra": odd})


@pytest.fixture(scope="module")
def report(hostile, tmp_path_factory):
    from geoecon.views.written import write

    return write(hostile, tmp_path_factory.mktemp("hostile") / "made") / "report.html"


@pytest.mark.parametrize("name", ["report.html", "figures.html"])
def test_planted_markup_is_text_in_the_page(report, watched, name):
    file = report.parent / name
    text = file.read_text("utf-8")
    outside = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
    names = re.sub(r'"[^"]*"', '""', outside)  # of attributes: what stands between quotation marks is text
    assert "<script" not in outside and not re.search(r"<[^>]*\son\w+=", names)
    assert 'href="javascript' not in text
    watched.page.goto(file.as_uri())
    shown = watched.page.inner_text("body")
    assert PLANTED[0] in shown and "alert(2)" in shown + watched.page.title()
    assert watched.dialogs == [] and watched.errors == [] and watched.outside() == []


def test_long_names_do_not_move_the_page(report, watched):
    for name in ("report.html", "figures.html"):
        watched.page.goto((report.parent / name).as_uri())
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= 1000
        ids = watched.page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
        assert len(set(ids)) == len(ids) and all(len(one.encode()) <= 120 for one in ids)


def test_pictures_hold_names_as_text(report, watched):
    watched.page.goto(report.as_uri())
    assert watched.page.locator("svg script, svg a, svg foreignObject").count() == 0
    texts = watched.page.evaluate("[...document.querySelectorAll('svg text')].map(one => one.textContent)")
    assert any("</script>" in one for one in texts) and not any("\u202e" in one for one in texts)


def test_names_are_whole_and_their_bytes_unchanged_in_csv(report):
    with (report.parent / "tables" / "extra.csv").open(encoding="utf-8", newline="") as lines:
        names = [row["product"] for row in csv.DictReader(lines)]
    for trap in ("92_right_to_left_names.csv", "91_long_and_odd_names/trade.csv"):
        assert {row["product_name"] for row in rows_of(trap)} <= set(names)


def test_office_files_hold_names_as_text(hostile, tmp_path):
    import docx
    import openpyxl
    import pptx

    folder = tmp_path
    exports.export(Report(hostile), folder)
    words = "\n".join(one.text for one in docx.Document(folder / "brief.docx").paragraphs)
    assert "</script>" in words and "\u202e" not in words
    slides = pptx.Presentation(folder / "slides.pptx").slides
    told = "\n".join(s.text_frame.text for slide in slides for s in slide.shapes if s.has_text_frame)
    assert "</script>" in told
    for file in ("brief.docx", "slides.pptx"):
        with zipfile.ZipFile(folder / file) as packed:
            links = [n for n in packed.namelist() if n.endswith(".rels") and b'TargetMode="External"' in packed.read(n)]
        assert links == [], file
    for sheet in openpyxl.load_workbook(folder / "tables.xlsx"):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b", "d"}
    bib = (folder / "cite.bib").read_text("utf-8")
    assert bib.count("{") == bib.count("}")


def test_a_standalone_picture_is_one_clean_file(hostile):
    from xml.etree import ElementTree

    for shown in exports.drawn(Report(hostile)).values():
        tree = ElementTree.fromstring(shown.file())
        tags = {one.tag.rpartition("}")[2] for one in tree.iter()}
        assert tags <= {"svg", "g", "rect", "text", "path", "line", "circle", "defs", "pattern"}


def test_a_formula_in_a_name_is_no_formula_in_a_table(tmp_path):
    made = assessment()
    results = {"trade": Result("trade", ("=HYPERLINK(1)", "@SUM(1)", "-5", "plain"))}
    exports.export(Report(replace(made, results=results)), tmp_path)
    text = (tmp_path / "tables" / "trade.csv").read_text("utf-8")
    assert "'=HYPERLINK(1)" in text and "'@SUM(1)" in text and "\n-5," in text
    import openpyxl

    sheet = openpyxl.load_workbook(tmp_path / "tables.xlsx")["trade"]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds and sheet["A2"].value == "=HYPERLINK(1)"
