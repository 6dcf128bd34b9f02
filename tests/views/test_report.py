"""The report in a browser: message first, nothing clipped, nothing leaves, everybody can read it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import measured
import pytest
from fakes import assessment

import geoecon as ge
from geoecon import views
from geoecon.views.report import LIMIT, Report
from geoecon.views.written import write


@pytest.fixture(scope="module")
def real():
    return ge.run(ge.load_case("japan-korea-2019"), draws=40, seed=3)


@pytest.fixture(scope="module")
def report(tmp_path_factory, real):
    return write(real, tmp_path_factory.mktemp("report") / "made") / "report.html"


def markup(file: Path) -> str:
    """The page without its program and style."""
    return re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", file.read_text("utf-8"), flags=re.DOTALL)


def test_the_first_screen_has_one_message_one_picture_three_numbers_one_warning(report, watched):
    watched.page.set_viewport_size({"width": 1440, "height": 900})
    watched.page.goto(report.as_uri())
    page = watched.page
    assert page.locator("h1").count() == 1 and page.locator("#answer .nums > div").count() == 3
    assert page.locator("#answer figure svg:visible").count() == 1 and page.locator("#answer .trust").count() == 1
    for part in ("h1", "#answer figure", "#answer .nums", "#answer .trust"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] < 900, part
    assert watched.outside() == [] and watched.errors == []


def test_seven_questions_each_with_sentence_and_how_we_know(report, watched):
    watched.page.goto(report.as_uri())
    assert watched.page.locator(".q[id]:not(#whatif)").count() == 7
    assert watched.page.locator(".q details[open]").count() == 0
    assert watched.page.locator(".q figure svg:visible").count() >= 6
    titles = watched.page.evaluate("[...document.querySelectorAll('.q h3')].map(one => one.innerText)")
    drawn = watched.page.evaluate("[...document.querySelectorAll('.q svg text')].map(one => one.textContent)")
    assert not set(titles) & set(drawn)  # the finding is not repeated in the picture


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_clipped(report, browser, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    for file in (report, report.parent / "figures.html"):
        page.goto(file.as_uri())
        assert page.evaluate(measured.CLIPPED) == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_of_axe(report, browser, scheme):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    for file in (report, report.parent / "figures.html"):
        page.goto(file.as_uri())
        found = Axe().run(page).response["violations"]
        serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
        assert serious == []
    context.close()


def test_what_came_is_a_switch_that_needs_no_program(report, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert not page.locator(".camelist").is_visible()
    page.locator("#view-came").check(force=True)
    assert page.locator(".camelist").is_visible() and "Imports of hydrogen fluoride" in page.inner_text(".camelist")
    context.close()


def test_the_page_names_no_other_host_and_brings_little_script(report):
    text = markup(report)
    assert not re.search(r"\b(src|action|poster|data)=[\"']?https?:", text)
    assert "@import" not in text and "url(http" not in text
    scripts = re.findall(r"<script\b[^>]*>(.*?)</script>", report.read_text("utf-8"), re.DOTALL)
    assert sum(map(len, scripts)) < 450_000  # half of what drew the charts before: 897 700
    assert sum(map(len, scripts)) < 10_000


def test_it_is_small_and_the_same_twice(report, tmp_path, real):
    assert report.stat().st_size < LIMIT
    again = write(real, tmp_path / "again")
    for name in ("report.html", "figures.html", "brief.md", "cite.bib"):
        assert (again / name).read_bytes() == (report.parent / name).read_bytes(), name


def test_six_pages_of_paper_at_most_and_two_of_brief(report, tmp_path):
    made = views.write_pdf(report, tmp_path / "report.pdf").read_bytes()
    pages = len(re.findall(rb"/Type\s*/Page\b", made))
    assert 2 <= pages <= 6
    assert len((report.parent / "brief.md").read_text("utf-8").split()) < 900  # two pages


def test_print_shows_what_is_closed_and_hides_what_is_pressed(report, watched):
    watched.page.goto(report.as_uri())
    watched.page.emulate_media(media="print")
    assert not watched.page.locator(".tools").first.is_visible() and not watched.page.locator("nav").is_visible()
    breaks = watched.page.evaluate(
        "[...document.querySelectorAll('figure')].map(one => getComputedStyle(one).breakInside)"
    )
    assert set(breaks) == {"avoid"}


def test_a_picture_can_be_taken(report, watched):
    watched.page.goto(report.as_uri())
    for kind, start in (("CSV", b"supplier,product"), ("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with watched.page.expect_download() as taken:
            watched.page.locator("#picture-depends .take a", has_text=kind).click()
        assert Path(taken.value.path()).read_bytes().startswith(start)
    assert watched.errors == []


def test_the_first_paint_is_quick_on_a_slow_machine(report, browser):
    context = browser.new_context()
    page = context.new_page()
    slow = context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(report.as_uri())
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length > 0")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert paint < 5000  # the bar of half a second stands in bench/, on a quiet machine
    context.close()


def test_keyboard_reaches_the_answer(report, watched):
    watched.page.goto(report.as_uri())
    watched.page.keyboard.press("Tab")
    assert watched.page.evaluate("document.activeElement.textContent") == "Skip to the answer"
    watched.page.keyboard.press("Enter")
    assert watched.page.evaluate("location.hash") == "#answer"


def test_a_figure_is_one_click_from_its_sources(report, watched):
    watched.page.goto((report.parent / "figures.html").as_uri())
    watched.page.locator(".notes a").first.click()
    assert len(watched.page.locator("li:target").inner_text()) > 10


def test_a_result_of_any_kind_gets_a_page(tmp_path, watched):
    """Results that keep the protocol and nothing more: their sentences stand where no numbers are known."""
    file = views.write_report(assessment(), tmp_path)
    watched.page.goto(file.as_uri())
    assert "In controls, 40\u00a0%" in watched.page.inner_text("#controls")
    assert watched.errors == []


def test_a_stage_that_did_not_run_is_named(tmp_path, watched):
    made = assessment()
    results = {stage: made.results[stage] for stage in ("trade", "controls")}
    made = replace(made, results=results, gaps={"disruption": ge.MissingData("economy.csv")})
    watched.page.goto(views.write_report(made, tmp_path).as_uri())
    assert "economy.csv" in watched.page.inner_text("#shock")
    assert "This run stopped before this question." in watched.page.inner_text("#ending")


def test_the_buttons_lead_to_files_that_are_there(report):
    links = re.findall(r'class="btn[^"]*" href="([^"]+)"', markup(report))
    assert {"brief.md", "cite.bib"} <= set(links)
    assert all((report.parent / name).is_file() for name in links)


def test_a_picture_at_the_top_is_not_drawn_again_below(real):
    """Where no parameter decides, the first screen shows the picture of a question: it stands there alone."""
    made = Report(real)
    made.__dict__["picture"] = made.blocks[2].picture
    text = views.report_html(made)
    label = made.picture.wide.split('aria-label="')[1].split('"')[0]
    assert text.count(f'aria-label="{label}"') == 2  # wide and narrow, once
    assert text.count("stands at the top of the page") == 1


def test_a_stage_that_no_question_names_stands_under_further(real):
    made = replace(real, results={**real.results, "extra": assessment().results["trade"]})
    assert "In trade, 40\u00a0%" in views.report_html(Report(made))
    [told] = [part for part in Report(made).sections if part.heading == "Further"]
    assert told.paragraphs[0].startswith("Extra: In trade, 40 %") and len(told.paragraphs) == 1
    assert "Further" not in [part.heading for part in Report(real).sections]
