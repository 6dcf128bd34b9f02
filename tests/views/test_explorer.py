"""The dependence explorer over tables that people bring: what is not known stays not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoecon.questions import levers
from geoecon.views import render
from geoecon.web.explorer import explore

HEAD = "year,exporter,importer,hs6,value_usd\n"
ONE_BUYER = HEAD + "2022,CHN,KOR,811292,80000000\n2022,JPN,KOR,811292,20000000\n"
ONE_SELLER = ONE_BUYER + "2022,CHN,USA,811292,50000000\n2022,CHN,DEU,811292,50000000\n"
UNNAMED = HEAD + "2022,CHN,KOR,811292,8000000\n2022,World,KOR,811292,80000000\n"
MONTHS = HEAD.replace("year", "period") + "2022-01,CHN,KOR,811292,8000000\n2022-02,CHN,KOR,811292,9000000\n"
MONTHS += "2022-02,JPN,KOR,811292,2000000\n"


def opened(folder: Path, text: str, **asked: str) -> dict:
    path = folder / f"table-{abs(hash(text))}.csv"
    path.write_text(text)
    return explore("Korea", path=str(path), name="<mine>.csv", **asked)


@pytest.mark.parametrize("text", [ONE_BUYER, ONE_SELLER])
def test_what_others_sell_elsewhere_is_not_known_from_the_imports_of_one_buyer(tmp_path, text):
    found = opened(tmp_path, text)
    assert found["title"].endswith("cannot be told from this table")
    assert "does not hold what others sell elsewhere" in found["lead"]
    assert [(one["word"], one["times"]) for one in found["rows"]] == [("not known", "")]
    assert found["detail"]["stops"][0][1].startswith("cannot be told")


def test_where_the_table_holds_the_worlds_trade_the_answer_is_a_word(tmp_path):
    rest = "2022,JPN,USA,811292,900000000\n2022,USA,JPN,811292,5000000\n2022,DEU,USA,811292,5000000\n"
    found = opened(tmp_path, ONE_SELLER + rest, reading="scope=world")
    assert [one["word"] for one in found["rows"]] == ["yes"] and "can be bought elsewhere" in found["title"]


def test_the_page_says_what_the_reader_noted_and_calls_the_file_by_its_name(tmp_path):
    found = opened(tmp_path, UNNAMED)
    assert any("unallocated" in note for note in found["notes"])
    assert found["sources"] == ["user table: <mine>.csv"]
    frame = {"path": "/", "version": "", "asked": {}, "sorts": {}, "years": ["2022"], "countries": [], "tables": {}}
    page = render("web/dependence.html", found=found, **frame)
    assert "unallocated (90.00%)" in page and "table-" not in page and "<mine>" not in page


def test_a_supplier_beside_a_world_row_is_shown_with_the_part_that_names_nobody(tmp_path):
    found = opened(tmp_path, UNNAMED)
    assert "10\u00a0% (of which 90 % name no supplier) comes from China" in found["lead"]
    assert "one-sided" not in found["title"]


def test_the_loss_on_a_months_trade_is_not_one_a_year(tmp_path):
    told = dict(opened(tmp_path, MONTHS)["detail"]["stops"])
    assert "in 2022-02" in told["Loss for Korea"] and "a year" not in told["Loss for Korea"]
    year = dict(opened(tmp_path, ONE_BUYER)["detail"]["stops"])
    assert "a year" in year["Loss for Korea"]


def test_the_loss_of_a_stop_is_the_figure_of_levers_and_exposure():
    """Korea's lithium hydroxide: 830 million here, 980 million with `levers`: the same rule on all purchases."""
    shown = explore("Korea", supplier="China", product="282520")["chosen"]
    rows = levers("CHN", "KOR").table
    assert shown["loss"] == pytest.approx(rows.loc[rows["product"].astype(str) == "282520", "costs_them_usd"].iloc[0])


def test_a_good_without_a_name_is_called_by_its_customs_list(tmp_path):
    found = opened(tmp_path, ONE_BUYER.replace("811292", "850131"))
    assert found["rows"][0]["name"] == "HS 850131"
