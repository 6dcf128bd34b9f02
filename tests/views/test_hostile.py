"""T89, T91, T92, T93: whatever stands in the data, the page shows it as text and stays whole."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from fakes import Result, assessment

from geoecon import views
from geoecon.views import exports

TRAPS = Path(__file__).parent / "traps"
SCRIPT = "hydrogen fluoride </script><script>alert(1)</script>"
PLANTED = ("</script><script>alert(1)</script>", "<img src=x onerror=alert(2)>", "<!-- <script> text & more")


def rows_of(name):
    with (TRAPS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def hostile():
    """An assessment whose claims, names and sources are those of the trap."""
    claims = pd.DataFrame(rows_of("89_script_in_a_cell/claims.csv")).assign(status="seen", line=[2, 3])
    made = assessment()
    names = tuple(row["product_name"] for row in rows_of("92_right_to_left_names.csv"))
    long = tuple(row["product_name"] for row in rows_of("91_long_and_odd_names/trade.csv"))
    results = {}
    results["trade"] = Result(
        "trade", (SCRIPT, *names, *long), frozenset({"javascript:alert(4)", 'a" onmouseover="alert(3)'})
    )
    tables = {**made.case.tables, "claims": claims}
    return replace(made, results=results, case=replace(made.case, tables=tables, title=PLANTED[1]))


@pytest.fixture(scope="module")
def report(hostile, tmp_path_factory):
    return views.write_report(hostile, tmp_path_factory.mktemp("hostile"))


def test_planted_markup_is_text_in_the_page(report, watched):
    file = report
    text = file.read_text("utf-8")
    outside = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
    assert "<script" not in outside and not re.search(r"<[^>]*\son\w+=", outside)
    assert 'href="javascript' not in text
    watched.open(file)
    shown = watched.page.inner_text("body")
    assert all(planted in shown for planted in PLANTED)
    assert SCRIPT in shown and "javascript:alert(4)" in shown
    assert watched.dialogs == [] and watched.errors == [] and watched.outside() == []


def test_the_json_in_the_page_reads_back(report):
    file = report
    block = re.search(r'<script type="application/json" id="spec-chart-trade">(.*?)</script>', file.read_text("utf-8"))
    assert block is not None and "<" not in block.group(1) and "\\u003c/script" in block.group(1)
    names = {row["product"] for table in json.loads(block.group(1))["datasets"].values() for row in table}
    assert SCRIPT in names and max(map(len, names)) == 617


def test_long_names_do_not_move_the_page(report, watched):
    file = report
    watched.open(file)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 1000
    ids = watched.page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(set(ids)) == len(ids) and all(len(one.encode()) <= 120 for one in ids)


def test_names_are_whole_and_their_bytes_unchanged_in_csv(hostile, tmp_path):
    exports.write_chart(hostile, "trade", tmp_path, pictures=())
    with (tmp_path / "trade.csv").open(encoding="utf-8", newline="") as lines:
        names = [row["product"] for row in csv.DictReader(lines)]
    for trap in ("92_right_to_left_names.csv", "91_long_and_odd_names/trade.csv"):
        assert {row["product_name"] for row in rows_of(trap)} <= set(names)
    assert all(len(path.name.encode()) <= 120 for path in tmp_path.iterdir())


def test_each_name_stands_in_its_own_isolate(report, watched):
    file = report
    watched.open(file)
    cells = watched.page.locator("#depends tbody tr td:first-child bdi")
    assert cells.count() >= 8
    assert "⟨U+202E⟩" in watched.page.inner_text("#depends table")
    order = watched.page.evaluate(
        "[...document.querySelectorAll('#depends tbody tr')].every(row => {"
        " const left = [...row.cells].map(cell => cell.getBoundingClientRect().left);"
        " return left.every((x, k) => k === 0 || x > left[k - 1]); })"
    )
    assert order


def test_a_tooltip_shows_text(report, watched):
    file = report
    watched.open(file)
    watched.page.locator("#chart-trade svg .mark-rect path").first.hover(force=True)
    watched.page.wait_for_timeout(300)
    assert watched.dialogs == [] and watched.errors == []
    assert watched.page.locator("#vg-tooltip-element script, #vg-tooltip-element img").count() == 0


def test_a_formula_in_a_name_is_no_formula_in_a_table(tmp_path):
    made = assessment()
    results = {"trade": Result("trade", ("=HYPERLINK(1)", "@SUM(1)", "-5", "plain"))}
    made = replace(made, results=results)
    folder = views.export(made, tmp_path, pictures=())
    text = (folder / "tables" / "trade.csv").read_text("utf-8")
    assert "'=HYPERLINK(1)" in text and "'@SUM(1)" in text and "\n-5," in text
    import openpyxl

    sheet = openpyxl.load_workbook(folder / "tables" / "tables.xlsx")["trade"]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds and sheet["A2"].value == "=HYPERLINK(1)"


def test_a_page_from_the_small_file_draws_without_a_network(tmp_path, watched):
    """T93."""
    rows = rows_of("93_offline_report.csv")

    class Small(Result):
        def to_frame(self):
            values = [float(row["value_usd"]) for row in rows]
            return pd.DataFrame({"product": [row["period"] for row in rows], "central": values})

    made = replace(assessment(), results={"trade": Small("trade")})
    file = views.write_report(made, tmp_path)
    watched.page.context.set_offline(True)
    watched.open(file)
    assert watched.page.locator(".drawing svg").count() == 1
    assert watched.outside() == [] and watched.errors == [] and file.stat().st_size < 5_000_000
    assert file.read_bytes() == views.write_report(made, tmp_path / "again").read_bytes()
