"""Numbers of control lists as people write them, and facts that do not belong to the goods."""

import pytest

from geoecon.errors import InputError
from geoecon.law import items, licence, list_numbers, load_regimes


@pytest.mark.parametrize(("regime", "text", "codes"), [
    ("CHN", "3C001", {"GALLIUM"}), ("CHN", "3c001.a", {"GALLIUM"}), ("CHN", "1C902", {"SAMARIUM", "MAGNET-SMCO"}),
    ("CHN", "1C108", {"GRAPHITE-SYN", "GRAPHITE-NAT"}), ("CHN", "5A002", {"LIST"}),
    ("USA", "3B001.a.4", {"3B001.SME"}), ("USA", "3B001.l", {"3B001.SME"}), ("USA", "3B001.d.12", {"3B001.SME"}),
    ("USA", "3B001.q", {"3B001.c.1.a"}), ("USA", "EAR 99", {"EAR99"}), ("USA", "ear-99", {"EAR99"}),
    ("USA", "5A992.c", {"CCL"}), ("USA", "3A001.a.1", {"CCL"}),  # parts of an entry may have other reasons of control
    ("JPN", "row 7", {"ROW7"}), ("JPN", "7(19)", {"RESIST"}), ("JPN", "別表第1の7の項", {"ROW7"}),
    ("JPN", "row 7(5)", {"ROW7"}), ("JPN", "Row 16", {"UNLISTED"}),
    ("KOR", "3C002", {"RESIST"}), ("KOR", "5A002", {"LIST"}), ("GBR", "3B001.f.1", {"LIST"}),
    ("TWN", "3B001.f.1", {"LIST"}), ("EU", "9A004", {"LIST"}), ("EU", "3A001.a.7.b", {"3A001.a.7"}),
])  # fmt: skip
def test_a_list_number_is_its_item(regime, text, codes):
    assert {choice.code for choice in items.choices(load_regimes()[regime], text)} == codes


def test_every_number_of_a_title_with_ranges():
    told = list_numbers._listed("3B001.a.4, c, f.1, k to n, p.2, r")
    assert told == ["3b001.a.4", *(f"3b001.{part}" for part in ("c", "f.1", "k", "l", "m", "n", "p.2", "r"))]


@pytest.mark.parametrize("text", ["7", "7-19", "widget", "99A99", "row"])
def test_what_is_no_number_is_none(text):
    assert list_numbers.of(load_regimes()["JPN"], text) is None


def test_a_number_without_a_row_is_never_cleared_and_says_how_it_was_read():
    answer = licence(exporter="USA", destination="CHN", item="5A992.c", on="2025-01-01")
    assert answer.kind == "unknown" and "read as CCL" in " ".join(answer.reasons)


def test_facts_that_no_rule_asks_are_refused_and_those_without_effect_are_told():
    ask = {"exporter": "USA", "destination": "CHN", "item": "EAR99", "on": "2026-05-01"}
    with pytest.raises(InputError, match="value_jpy = 5000 is asked by no rule of United States"):
        licence(**ask, value_jpy=5000)
    with pytest.raises(InputError, match="by it the goods may be 3A090"):
        licence(**ask, tpp=15832)
    assert any("not used: tpp" in reason for reason in licence(**ask, tpp=1000).reasons)
    abroad = licence(exporter="DEU", destination="CHN", item="H100", on="2025-06-01", origin="USA", tpp=16000)
    assert (abroad.regime, abroad.kind) == ("USA", "individual")  # asked by the regime that follows the goods


@pytest.mark.parametrize(
    ("exporter", "day", "code"), [("CHN", "2025-10-20", "NEXPERIA"), ("NLD", "2024-10-20", "NL-DUV")]
)
def test_no_licence_for_other_goods_names_those_that_have_rows_of_their_own(exporter, day, code):
    answer = licence(exporter=exporter, destination="CHN" if exporter != "CHN" else "DEU", item="UNLISTED", on=day)
    assert answer.kind == "none" and code in answer.reasons[-1]
