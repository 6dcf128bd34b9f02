"""Small files that once gave a wrong number, name or period without a word: the answer by hand, or the stop."""

from __future__ import annotations

import csv
import warnings

import pytest

from geoecon.errors import InputError
from geoecon.flows import read_flows
from geoecon.indicators import dependence, scan

HEAD = "period,exporter,importer,product,value_usd\n"
PLAIN = "year,exporter,importer,product,value\n2022,JPN,KOR,281111,12\n2022,CHN,KOR,281111,10\n"


@pytest.fixture
def table(tmp_path):
    def read(text, **options):
        path = tmp_path / "a.csv"
        path.write_text(text, encoding="utf-8")
        return read_flows(path, quiet=True, **options)

    return read


def dollars(flows):
    rows = flows.to_frame()
    return dict(zip(rows["exporter"], rows["value_usd"], strict=True))


STOPS = {  # text, what the message says
    "fiscal years": (HEAD + "2009-10,JPN,KOR,281111,5\n2010-11,JPN,KOR,281111,7\n", "months or fiscal years"),
    "a fiscal year": (HEAD + "2010/11,JPN,KOR,281111,5\n", "2010/11 can be months or fiscal years"),
    "fiscal years as columns": ("exporter,importer,product,2009-10,2010-11\nJPN,KOR,281111,5,7\n", "fiscal years"),
    "years as days": (HEAD + "2021-01-01,JPN,KOR,281111,5\n2022-01-01,JPN,KOR,281111,7\n", "years or months"),
    "quarters as days": (HEAD + "".join(f"2022-{m}-01,JPN,KOR,281111,5\n" for m in ("01", "04", "07")), "quarters or"),
    "billions": (HEAD + "2022,JPN,KOR,281111,1.5bn\n", "'1.5bn' is not a number"),
    "billions or a break": (HEAD + "2022,JPN,KOR,281111,1.5 b\n", "billions, or one with Eurostat's flag b"),
    "pieces": (
        "year,exporter,importer,product,value_usd,tonnes\n2022,JPN,KOR,281111,5,3pcs\n",
        "'3pcs' is not a number",
    ),
    "general and special": (
        PLAIN.replace("value\n", "value_usd,regime\n").replace("12\n", "12,general\n").replace("10\n", "10,special\n"),
        "column regime has the values 'general' and 'special'",
    ),
    "origin beside exporter": (
        HEAD.replace("\n", ",origin\n") + "2022,HKG,KOR,281111,12,CHN\n2022,JPN,KOR,281111,5,JPN\n",
        "column origin names countries that are neither exporter nor importer",
    ),
    "a currency in the title": ("Millions of Chilean pesos\n\n" + PLAIN, "million CLP"),
    "dollars of another country": ("Thousand Canadian dollars\n\n" + PLAIN, "thousand CAD"),
    "a multiple of nothing": ("Values in thousands\n\n" + PLAIN, "thousands of a currency that is not said"),
    "chapters as one code": (HEAD + "2022,JPN,KOR,28-29,60\n", "28 to 29, a range"),
    "blanks not between thousands": (HEAD + "2022,JPN,KOR,281111,12 34\n", "'12 34' is not a number"),
    "more than any trade": (HEAD + "2022,JPN,KOR,281111,1e308\n", "1e308 is more than any trade"),
    "a currency below": (PLAIN + "Note: values in million yen\n", "million JPY"),
}


@pytest.mark.parametrize("kind", STOPS)
def test_what_can_be_read_two_ways_stops(table, kind):
    text, told = STOPS[kind]
    with pytest.raises(InputError, match=told):
        table(text)


def test_the_user_settles_what_days_stand_for(table):
    text = HEAD + "2021-01-01,JPN,KOR,281111,5\n2022-01-01,JPN,KOR,281111,7\n"
    assert table(text, frequency="year").periods() == ["2021", "2022"]
    assert table(text, frequency="month").periods() == ["2021-01", "2022-01"]
    quarters = HEAD + "".join(f"2022-{m},JPN,KOR,281111,5\n" for m in ("03-31", "06-30", "12-31"))
    assert table(quarters, frequency="quarter").periods() == ["2022-Q1", "2022-Q2", "2022-Q4"]
    assert table(HEAD + "2022-01-31,JPN,KOR,281111,5\n2022-02-28,JPN,KOR,281111,5\n").periods() == [
        "2022-01",
        "2022-02",
    ]


def test_units_in_titles_and_below_are_read(table):
    assert dollars(table("Imports, MUSD\n\n" + PLAIN)) == {"JPN": 12e6, "CHN": 10e6}
    assert dollars(table(PLAIN + "Source: customs. Values in thousand US dollars\n")) == {"JPN": 12e3, "CHN": 10e3}
    assert dollars(table("Values in thousands\n\n" + PLAIN, unit="thousand USD")) == {"JPN": 12e3, "CHN": 10e3}
    short = "year,exporter,importer,product,value_usd,weight (short tons)\n2022,JPN,KOR,281111,12,100\n"
    assert table(short).to_frame()["tonnes"].tolist() == [90.718474]


@pytest.mark.parametrize(("one", "other"), [("M", "X"), ("inbound", "outbound"), ("Imp", "Exp"), ("i", "e")])
def test_a_direction_under_any_heading(table, one, other):
    text = HEAD.replace("\n", ",type\n") + f"2022,JPN,KOR,281111,12,{one}\n2022,CHN,KOR,281111,10,{other}\n"
    assert dollars(table(text)) == {"JPN": 12}


def test_names_beside_codes_are_no_second_partner(table):
    text = HEAD.replace("\n", ",country\n") + "2022,JPN,KOR,281111,12,Japan\n2022,CHN,KOR,281111,10,China\n"
    assert dollars(table(text)) == {"JPN": 12, "CHN": 10}


def test_trade_with_itself_is_set_aside_with_its_reason(tmp_path, table):
    table(HEAD + "2022,KOR,KOR,281111,3\n2022,JPN,Korea South,281111,5\n", aside=tmp_path / "aside.csv")
    rows = list(csv.DictReader((tmp_path / "aside.csv").open()))
    assert [(row["exporter"], row["reason"]) for row in rows] == [("KOR", "trade of a country with itself")]


def test_notes_on_codes_names_and_values_reach_the_reader(table):
    text = "period,exporter,importer,product,product_name,value_usd\n2022,490,410,281111,A\u202eb,5\n"
    text += "2022,392,410,281111,,:\n"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = read_flows(table(text))
    said = "\n".join(found.coverage.said)
    assert not told and "490 is TWN: Other Asia, nes (490)" in said
    assert "JPN to KOR: shares are of what is known" in said and "⟨U+202E⟩), the first in line 2" in said


def test_a_market_whose_values_are_withheld_is_not_one_without_imports(table):
    flows = table(HEAD + "2022,JPN,MNG,281111,0\n2022,JPN,MNG,370790,:\n2022,CHN,KOR,281111,5\n")
    rows = scan(flows).table.set_index(["importer", "product"])
    assert rows.loc[("MNG", "281111"), "reason"] == "no imports" and rows.loc[("MNG", "281111"), "imports"] == 0
    hidden = rows.loc[("MNG", "370790")]
    assert hidden["reason"] == "imports not known: the value is missing" and hidden["imports"] != hidden["imports"]


def test_the_main_supplier_is_named_where_none_was_asked_for(table):
    flows = table(HEAD + "2022,JPN,KOR,281111,60\n2022,CHN,KOR,281111,40\n")
    assert (
        dependence(flows, "KOR").sentence() == "Korea bought 60 % of its 281111 from its main supplier, Japan (2022)."
    )


def test_a_group_that_nobody_else_stands_for_is_a_supplier(table):
    rows = "2022,JPN,KOR,281111,60\n2022,EU,KOR,281111,40\n"
    assert dollars(table(HEAD + rows)) == {"JPN": 60, "EUU": 40}
    found = table(HEAD + rows + "2022,DEU,KOR,281111,30\n")
    assert dollars(found) == {"JPN": 60, "DEU": 30}
    assert "EU is 40 USD, its members beside it 30: the rest stands in no share and in no total" in "\n".join(
        found.coverage.said
    )
    buyer = table(
        HEAD + "2022,JPN,EU27_2020,281111,60\n2022,CHN,EU27_2020,281111,40\n2022,World,EU27_2020,281111,100\n"
    )
    assert scan(buyer).table["import_share"].tolist() == [0.6, 0.4]


def test_a_world_row_above_its_parts_is_told(table):
    rows = "2022,JPN,KOR,281111,60\n2022,World,KOR,281111,1000\n2022,CHN,KOR,281111,100\n2022,CHN,KOR,370790,100\n"
    told = "281111, KOR 2022 imports: 840 USD of the World row is unallocated (84.00%)"
    assert [told in line for line in table(HEAD + rows).coverage.said if line.startswith("World row")] == [True]


@pytest.mark.parametrize("code", ["HS281111", "H5-281111", "HS17 281111", "2811-11", "2811.11"])
def test_one_product_in_many_spellings(table, code):
    assert table(HEAD + f"2022,JPN,KOR,{code},5\n").to_frame()["product"].tolist() == ["281111"]


def test_errors_and_formulas_of_a_workbook_are_no_missing_numbers(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    for row in (HEAD.strip().split(","), [2022, "JPN", "KOR", "281111", None], [2022, "CHN", "KOR", "281111", "=1+1"],
                [2022, "USA", "KOR", "281111", None], [2022, "DEU", "KOR", "281111", 5]):  # fmt: skip
        book.active.append(row)
    for place, told in (("E2", "#DIV/0!"), ("E4", "#N/A")):
        book.active[place].value, book.active[place].data_type = told, "e"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError) as caught:
        read_flows(tmp_path / "a.xlsx")
    assert [fault.row for fault in caught.value.faults] == [2, 3]
    assert "'=1+1 (never computed)' is not a number" in str(caught.value)
    book.active["E2"].value, book.active["E3"].value = 7, 2
    book.save(tmp_path / "a.xlsx")
    found = read_flows(tmp_path / "a.xlsx", quiet=True)
    assert found.coverage.item("value missing").rows == 1 and found.to_frame()["value_usd"].sum() == 14
