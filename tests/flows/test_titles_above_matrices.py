"""Matrices below titles, and countries above what is counted in each: value and weight."""

import warnings

import openpyxl
import pytest

import geoecon as ge
from geoecon.errors import InputError

SQUARE = "Exporter,KOR,CHN,Total\nJPN,1,2,3\nUSA,4,5,9\n"
SAID = {"period": "=2019", "product": "=281111"}


def read(source, **asked):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ge.read_flows(source, **asked)


def flows(tmp_path, text, **asked):
    path = tmp_path / "t.csv"
    path.write_text(text)
    rows = read(path, **asked).to_frame().to_dict("records")
    return {(row["exporter"], row["importer"]): (row["value_usd"], row["tonnes"]) for row in rows}


@pytest.mark.parametrize(
    "title",
    ["Exports by destination 2019 (thousand USD)\n", "Exports by destination 2019 (thousand USD),,,\n",
     "Exports by destination 2019,,,\n(thousand USD),,,\n,,,\n"],
)  # fmt: skip
def test_a_square_table_below_titles(tmp_path, title):
    found = flows(tmp_path, title + SQUARE, columns=SAID)
    assert {pair: value for pair, (value, _) in found.items()} == {
        ("JPN", "KOR"): 1000, ("JPN", "CHN"): 2000, ("USA", "KOR"): 4000, ("USA", "CHN"): 5000}  # fmt: skip


def test_a_square_table_below_a_title_in_a_workbook(tmp_path):
    made = openpyxl.Workbook()
    for row in (["Exports by destination, thousand USD"], ["Exporter", "KOR", "CHN"], ["JPN", 1, 2], ["USA", 4, 5]):
        made.active.append(row)
    made.save(tmp_path / "t.xlsx")
    assert read(tmp_path / "t.xlsx", columns=SAID).to_frame()["value_usd"].sum() == 12_000


def test_a_title_that_says_shares_still_stops(tmp_path):
    with pytest.raises(InputError, match=r"a line beside the table says .Share of exports by destination"):
        flows(tmp_path, "Share of exports by destination (%),,,\n" + SQUARE, columns=SAID)


@pytest.mark.parametrize(
    "head",
    ["Exporter,KOR,,CHN,\n,Value (USD),Weight (t),Value (USD),Weight (t)",
     "Exporter,Korea Rep.,,China,\n,Value USD,Net weight t,Value USD,Net weight t",
     "Exporter,South Korea value (USD),South Korea weight (t),China value (USD),China weight (t)"],
)  # fmt: skip
def test_countries_above_value_and_weight(tmp_path, head):
    found = flows(tmp_path, head + "\nJPN,10,1,20,2\nUSA,30,3,40,4\n", columns=SAID)
    assert found == {("JPN", "KOR"): (10, 1), ("JPN", "CHN"): (20, 2), ("USA", "KOR"): (30, 3), ("USA", "CHN"): (40, 4)}


def test_value_and_weight_above_countries(tmp_path):
    text = "Exporter,Value USD,,Weight t,\n,KOR,CHN,KOR,CHN\nJPN,10,20,1,2\nUSA,30,40,3,4\n"
    found = flows(tmp_path, text, columns=SAID)
    assert found == {("JPN", "KOR"): (10, 1), ("JPN", "CHN"): (20, 2), ("USA", "KOR"): (30, 3), ("USA", "CHN"): (40, 4)}


def test_a_row_of_data_with_two_countries_and_a_known_word_is_no_header(tmp_path):
    text = "When,Who,Whom,What,Kind,Sum\n2019,China,Japan,281111,Value,100\n2019,USA,Japan,281111,Value,50\n"
    names = {"period": "When", "exporter": "Who", "importer": "Whom", "product": "What", "value_usd": "Sum"}
    found = flows(tmp_path, text, columns=names, ignore=["Kind"])
    assert found[("CHN", "JPN")][0] == 100 and len(found) == 2
