"""Where the sender refuses to buy, the target is the seller: every door says so and leads with the same figure."""

import pytest

import geoecon as ge
from geoecon.views.block_loss import how_far
from geoecon.views.block_trade import what_changed, who_depends
from geoecon.views.brief import steps
from geoecon.views.report import Report


@pytest.fixture(scope="module")
def answer():
    return ge.ask("China bans imports of Australian barley", start="2026-03-01", draws=20)


def test_the_one_who_refuses_is_the_buyer_and_its_imports_fall(answer):
    report = Report(answer.assessment)
    assert who_depends(report.found)[0].startswith("China bought a quarter of its barley from Australia")
    told = what_changed(report.found)[0]
    fall = answer.imports.value
    assert told.startswith("Imports of barley from Australia by China were forecast to fall by") and fall < -30
    assert report.found.cut_told("barley", report.found.cut[0][1])[1] == fall
    assert f"China buys about {round(-fall)}" in report.message.lead.replace("\xa0", " ")
    advice = " ".join(steps(report.found))
    assert "other buyers than China" in advice and "second source" not in advice
    assert "run out" not in report.message.text


def test_run_leads_with_the_sales_that_ask_leads_with_and_names_value_added(answer):
    report = Report(answer.assessment)
    lost = answer.sales_lost.value
    assert report.found.sales_lost[0] == pytest.approx(1e6 * lost) and lost > 100
    assert "loses sales of barley worth USD" in report.message.title.replace("\xa0", " ")
    first, second = report.message.tiles[:2]
    assert first.label.startswith("sales of Australia to China lost") and "value added" in second.label
    assert "of value added" in report.message.lead and "of value added" in how_far(report.found)[0]
    assert answer.assessment.figures()["disruption.sales_lost.AUS"].value == lost
