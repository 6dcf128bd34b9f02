"""Limits of chips, facts against trade names, numbers of another state's list, and a ban beside a national licence."""

from __future__ import annotations

import pytest

import geoecon as ge
from geoecon.errors import InputError


def asked(exporter, target, item, on, **facts):
    return ge.licence(exporter=exporter, destination=target, item=item, on=on, facts=facts)


@pytest.mark.parametrize("item", ["3A090.a", "B200"])
def test_one_limit_of_two_does_not_clear_a_chip(item):
    """3A090.a is met by performance alone or by less of it with density: a low density decides nothing by itself."""
    assert asked("USA", "CHN", item, "2025-03-01", performance_density=1.5).kind == "individual"


def test_both_limits_missed_are_outside():
    answer = asked("USA", "CHN", "3A090.a", "2025-03-01", tpp=1700, performance_density=1.5)
    assert (answer.kind, answer.code) == ("none", "3A991")


def test_sets_for_other_goods_need_not_be_asked():
    """A wavelength says that a resist is one for light; the set for electron beams stays out."""
    assert asked("JPN", "KOR", "RESIST", "2019-07-10", wavelength_nm=248).kind == "none"


def test_a_fact_against_the_trade_name_is_refused():
    with pytest.raises(InputError, match=r"tpp = 1000; allowed: about 15832"):
        asked("USA", "CHN", "H100", "2025-03-01", tpp=1000)
    assert asked("USA", "CHN", "H100", "2025-03-01", tpp=15832).kind == "individual"


@pytest.mark.parametrize("exporter", ["GBR", "TWN", "DEU"])
@pytest.mark.parametrize("number", ["3A991", "5A992.c", "9A610", "3A090"])
def test_numbers_of_the_united_states_alone_are_no_entry_at_home(exporter, number):
    assert asked(exporter, "CHN", number, "2025-05-01").kind == "unknown"


def test_a_trade_name_and_its_number_are_one_question():
    by_name, by_number = (asked("TWN", "CHN", item, "2025-05-01", origin="USA") for item in ("H100", "3A090.a"))
    assert by_name.kind == by_number.kind == "individual"
    assert by_name.review_policy == by_number.review_policy == "presumption_denial"


@pytest.mark.parametrize("target", ["RUS", "BLR"])
@pytest.mark.parametrize("item", ["IMM-1970", "3B001.f.4", "NL-DUV", "METRO"])
def test_a_national_licence_does_not_lift_a_ban(item, target):
    assert asked("NLD", target, item, "2025-06-01").kind == "unknown"
    assert asked("NLD", "CHN", item, "2025-06-01").kind == "individual"


@pytest.mark.parametrize(
    ("item", "facts", "verdict"),
    [
        ("3A090.b", {"tpp": 5000, "performance_density": 1}, "refused as policy"),  # above the upper limit: .a
        ("3A090.b", {"tpp": 2000, "performance_density": 6}, "refused as policy"),
        ("3A090.b", {"tpp": 1000, "performance_density": 1}, "no licence"),
        ("4A090.a", {"tpp": 1000}, "no licence"),
        ("AI chip", {"tpp": 15832}, "refused as policy"),  # the fact decides among the items of the word
        ("9A610", {}, "refused as policy"),
    ],
)
def test_a_fact_above_a_limit_leads_up(item, facts, verdict):
    asked = {"exporter": "USA", "destination": "CHN", "item": item, "on": "2026-01-10"}
    assert ge.licence(**asked, facts=facts).verdict == verdict


@pytest.mark.parametrize(
    ("item", "kind"), [("EUV resist", "individual"), ("ArF resist", "none"), ("KrF resist", "none")]
)
def test_a_resist_is_told_by_its_light(item, kind):
    assert ge.licence(exporter="JPN", destination="KOR", item=item, on="2019-07-10").kind == kind


@pytest.mark.parametrize(
    ("exporter", "word", "code"),
    [("CHN", "镓", "GALLIUM"), ("CHN", "Dy", "DYSPROSIUM"), ("CHN", "dysprosium oxide", "DYSPROSIUM"),
     ("CHN", "natural flake graphite", "GRAPHITE-NAT"), ("CHN", "lithium ion batteries", "LI-BATTERY"),
     ("JPN", "フッ化水素", "HF"), ("KOR", "불화수소", "HF"), ("NLD", "NXT:1980Di", "IMM-1970"),
     ("NLD", "NXT:2050i", "3B001.f.4"), ("USA", "RTX 4090", "3A090.a"), ("USA", "MI308", "H20")],
)  # fmt: skip
def test_words_that_officers_use(exporter, word, code):
    answer = ge.licence(exporter=exporter, destination="VNM", item=word, on="2025-06-01")
    assert (answer.code, answer.choices) == (code, ())


@pytest.mark.parametrize(("exporter", "word"), [("CHN", "稀土"), ("CHN", "NdFeB"), ("USA", "EUV"), ("KOR", "DRAM")])
def test_words_for_several_items_are_choices(exporter, word):
    assert len(ge.licence(exporter=exporter, destination="VNM", item=word, on="2025-06-01").choices) > 1


def test_goods_that_no_list_knows_are_told_the_code_for_them():
    with pytest.raises(InputError, match="EAR99 for goods that no list names"):
        ge.licence(exporter="USA", destination="VNM", item="washing machines", on="2025-06-01")
