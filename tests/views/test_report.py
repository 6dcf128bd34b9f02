"""The report in a browser: everything draws, nothing leaves, everybody can read it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import Result, assessment

from geoecon import views
from geoecon.errors import MissingData
from geoecon.views import vega
from geoecon.views.report import LIMIT
from geoecon.views.whatif import Counterfactual


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    made = assessment()
    others = [Counterfactual("as the case has it", {}, {"trade": Result("trade").figures()["share"]})]
    return views.write_report(made, folder, counterfactuals=others)


def markup(file: Path) -> str:
    """The page without the blocks of the program."""
    return re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", file.read_text("utf-8"), flags=re.DOTALL)


def test_every_chart_draws_and_nothing_leaves(report, watched):
    watched.open(report)
    assert watched.page.evaluate("document.documentElement.dataset.ready") == "yes"
    assert watched.page.locator(".drawing svg").count() == 9
    assert watched.outside() == [] and watched.errors == []


def test_the_page_names_no_other_host(report):
    text = markup(report)
    assert not re.search(r"\b(src|action|poster|data)=[\"']?https?:", text)
    assert "@import" not in text and "url(" not in text
    links = re.findall(r"<a[^>]*href=\"https?://[^>]*>", text)
    assert all('class="outside"' in link for link in links)  # only in the list of sources


def test_it_is_small_and_the_same_twice(report, tmp_path):
    assert report.stat().st_size < LIMIT
    views.write_report(assessment(), tmp_path / "a")
    again = views.write_report(assessment(), tmp_path / "b")
    assert again.read_bytes() == (tmp_path / "a" / "report.html").read_bytes()
    assert (tmp_path / "a" / "brief.md").read_bytes() == (tmp_path / "b" / "brief.md").read_bytes()


def test_the_library_is_the_one_of_the_installed_versions():
    import altair
    import vl_convert

    assert altair.SCHEMA_VERSION.startswith(f"v{vega.LITE}")
    assert (
        f"vega-{vl_convert.get_vega_version()}-lite-{vega.LITE}-embed-{vl_convert.get_vega_embed_version()}.min.js"
    ) == vega.LIBRARY
    assert vega.specification(Result("trade").chart())["$schema"].endswith(f"/vega-lite/{altair.SCHEMA_VERSION}.json")


def test_three_sentences_seven_figures_seven_questions(report, watched):
    watched.open(report)
    page = watched.page
    assert page.locator("#answer p.answer").count() == 3
    assert "Where the model was wrong" in page.locator("#answer .wrong").inner_text()
    assert page.locator("#answer .strip li").count() == 7
    assert page.locator("main > section > h2").count() == 1 + 7 + 3
    assert page.locator(".claims tbody tr").count() == 20 - 1


def test_a_figure_is_one_click_from_its_source(report, watched):
    watched.open(report)
    watched.page.locator("#answer .strip .figure a").first.click()
    row = watched.page.locator("tr:target")
    assert "A table of the ministry" not in row.inner_text()
    row.locator(".notes a").first.click()
    assert "A table of the ministry, 2019" in watched.page.locator("li:target").inner_text()


def test_an_unverified_figure_carries_its_mark(report, watched):
    watched.open(report)
    row = watched.page.locator("#figures tr", has_text="not known").first
    assert "unverified" in row.inner_text() and "unknown" in row.inner_text()


def test_a_chart_can_be_taken(report, watched):
    watched.open(report)
    with watched.page.expect_download() as taken:
        watched.page.locator("[data-take=csv]").first.click()
    assert "hydrogen fluoride" in Path(taken.value.path()).read_text("utf-8")
    with watched.page.expect_download() as taken:
        watched.page.locator("[data-take=png]").first.click()
    assert Path(taken.value.path()).read_bytes().startswith(b"\x89PNG")


def test_a_phone_does_not_scroll_sideways(report, browser):
    for width in (360, 1000):
        context = browser.new_context(viewport={"width": width, "height": 700})
        page = context.new_page()
        page.goto(report.resolve().as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_of_axe(report, browser, scheme):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(report.resolve().as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    found = Axe().run(page).response["violations"]
    serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
    assert serious == []
    context.close()


def test_keyboard_reaches_answer_figures_and_sources(report, watched):
    watched.open(report)
    watched.page.keyboard.press("Tab")
    assert watched.page.evaluate("document.activeElement.textContent") == "Skip to the answer"
    watched.page.keyboard.press("Enter")
    assert watched.page.evaluate("location.hash") == "#answer"


def test_a_stage_that_did_not_run_is_named(tmp_path, watched):
    made = assessment()
    results = {stage: made.results[stage] for stage in ("trade", "controls")}
    made = replace(
        made, results=results, gaps={"disruption": MissingData("economy.csv"), "evidence": MissingData("outcomes.csv")}
    )
    file = views.write_report(made, tmp_path)
    watched.open(file)
    assert "Not run: Disruption lacks economy.csv." in watched.page.inner_text("#shock")
    assert "This run stopped before this question." in watched.page.inner_text("#ending")
    assert watched.errors == []


def test_the_brief_says_the_same(report):
    text = (report.parent / "brief.md").read_text("utf-8")
    assert text.count("\n## ") == 1 + 1 + 7 + 1 + 1 + 1
    for number in set(re.findall(r"\[\^(\d+)\](?!:)", text)):
        assert f"\n[^{number}]: " in text


def test_specifications_are_strict_json(report):
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    blocks = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', report.read_text("utf-8"))
    assert len(blocks) == 10
    for block in blocks:
        assert "<" not in block
        json.loads(block, parse_constant=refuse)
