"""What a file says of itself in one more place: a total, a second value, a second sheet, a year that cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from geoecon.errors import InputError
from geoecon.flows import convert, read_flows

H = "year,exporter,importer,hs6,value_usd"
ROWS = "2022,CHN,KOR,281111,300\n2022,JPN,KOR,281111,100\n"


def read(folder, text, name="t.csv", **options):
    (folder / name).write_text(text, encoding="utf-8")
    return read_flows(folder / name, quiet=True, **options)


def usd(flows):
    table = flows.to_frame()
    return {f"{p} {e}": v for p, e, v in zip(table["period"], table["exporter"], table["value_usd"], strict=True)}


TOTALS = {
    "Grand Total,,,,999": {"2022 CHN": 300, "2022 JPN": 100, "2022 ROW": 599},
    "2022,Total,KOR,281111,999": {"2022 CHN": 300, "2022 JPN": 100, "2022 ROW": 599},
    "Total,,,,400": {"2022 CHN": 300, "2022 JPN": 100},
}


@pytest.mark.parametrize("line", TOTALS)
def test_a_total_of_one_market_counts_alike_in_every_spelling_and_door(tmp_path, line):
    assert usd(read(tmp_path, f"{H}\n{ROWS}{line}\n")) == TOTALS[line]
    table = pd.read_csv(tmp_path / "t.csv", dtype=str, keep_default_na=False)
    table.assign(value_usd=table["value_usd"].astype(float)).to_excel(tmp_path / "t.xlsx", index=False)
    (tmp_path / "t.json").write_text(json.dumps(table.to_dict("records")))
    for source in (table, tmp_path / "t.xlsx", tmp_path / "t.json"):
        assert usd(read_flows(source, quiet=True)) == TOTALS[line]


@pytest.mark.parametrize(("total", "said"), [("402", False), ("999", True), ("300", False)])
def test_a_total_of_several_markets_is_held_against_the_rows(tmp_path, total, said):
    flows = read(tmp_path, f"{H}\n{ROWS}2022,CHN,DEU,810000,1\n2022,JPN,DEU,810000,1\nTotal,,,,{total}\n")
    told = str(flows.coverage)
    assert ("is the sum of no rows of the table, which add up to 402" in told) is said
    assert "a total, its number as the file has it: 1 rows: set aside" in told and "0 USD" not in told


def test_a_value_beyond_whole_numbers_is_told_without_a_sum(tmp_path):
    flows = read(tmp_path, f"{H}\n2022,CHN,KOR,281111,9007199254740993\n")
    assert "values beyond exact whole numbers: 1 rows: values from" in str(flows.coverage)


@pytest.mark.parametrize(
    ("heads", "cells", "told"),
    [
        ("value_usd,value (thousand USD)", ("200000,210", "100000,100"), "200000 USD and 210 thousand USD"),
        ("value,trade_value", ("110,100", "50,45"), "110 value and 100 trade_value"),
        ("cif_value_usd,fob_value_usd", ("110,100", "50,45"), "two values that differ"),
        ("value_usd,weight (kg),weight (t)", ("110,1000,1", "50,500,5"), "two weights that differ"),
        ("value_usd,value (thousand USD)", ("200000,200", "100499,100"), None),
        ("value_usd,value (EUR)", ("110,100", "50,45"), None),
        ("value_usd,value", ("110,143000", "50,65000"), None),  # in a currency that nobody says
        ("value_usd,gross weight (kg),net weight (kg)", ("110,1000,900", "50,500,400"), None),
    ],
)
def test_two_columns_of_one_number_agree_or_stop(tmp_path, heads, cells, told):
    text = f"year,exporter,importer,hs6,{heads}\n2022,CHN,KOR,281111,{cells[0]}\n2022,JPN,KOR,281111,{cells[1]}\n"
    if told is None:
        flows = read(tmp_path, text)
        assert flows.to_frame()["tonnes"].dropna().tolist() == ([0.9, 0.4] if "net" in heads else [])
        return
    with pytest.raises(InputError, match=told):
        read(tmp_path, text)
    field, own = ("tonnes", "weight (kg)") if "weights" in told else ("value_usd", heads.partition(",")[0])
    assert len(read(tmp_path, text, columns={field: own}).to_frame()) == 2


def test_a_weight_whose_unit_stands_in_its_row(tmp_path):
    head = "year,exporter,importer,hs6,value_usd,Quantity,Quantity unit\n"
    flows = read(tmp_path, head + "2022,CHN,KOR,281111,100,20,kg\n2022,JPN,KOR,281111,50,5000,pieces\n")
    assert flows.to_frame().set_index("exporter")["tonnes"].dropna().to_dict() == {"CHN": 0.02}
    assert "without a unit of weight in some rows" in str(flows.coverage)
    head = "year,exporter,importer,hs6,value_usd,Quantity (kg per unit)\n"
    assert len(read(tmp_path, head + ROWS.replace("\n", ",3\n")).to_frame()) == 2


@pytest.mark.parametrize(
    ("cell", "told"),
    [("2201", "Jan 2022"), ("2565", "the Buddhist year of 2022"), ("1012", "Dec 2010"), ("9999", "no year with trade")],
)
def test_a_year_that_cannot_be_stops(tmp_path, cell, told):
    text = f"period,exporter,importer,hs6,value_usd\n{cell},CHN,KOR,281111,5\n"
    with pytest.raises(InputError, match=rf"t.csv line 2, period: .*{told}"):
        read(tmp_path, text)
    assert read(tmp_path, text, frequency="year").periods() == [cell]


ERAS = {"111年": "2022", "民國111年3月": "2022-03", "令和4年": "2022", "平成元年": "1989"}


@pytest.mark.parametrize(("cell", "period"), ERAS.items())
def test_years_of_taiwan_and_japan(tmp_path, cell, period):
    assert read(tmp_path, f"{H}\n{ROWS.replace('2022', cell)}").periods() == [period]
    with pytest.raises(InputError, match="'11年'"):
        read(tmp_path, f"{H}\n{ROWS.replace('2022', '11年')}")


WIDE = {
    "Jan,Feb,Total": ("100,110,210", {"2022-01 CHN": 100, "2022-02 CHN": 110}),
    "1月,2月": ("100,110", {"2022-01 CHN": 100, "2022-02 CHN": 110}),
    "Q1,Q2": ("100,110", {"2022-Q1 CHN": 100, "2022-Q2 CHN": 110}),
    "Jan (thousand USD),Feb (thousand USD)": ("100,110", {"2022-01 CHN": 1e5, "2022-02 CHN": 1.1e5}),
}


@pytest.mark.parametrize("heads", WIDE)
def test_months_and_quarters_beside_a_column_of_years(tmp_path, heads):
    cells, wanted = WIDE[heads]
    assert usd(read(tmp_path, f"year,exporter,importer,hs6,{heads}\n2022,CHN,KOR,281111,{cells}\n")) == wanted


def test_headings_that_are_dates(tmp_path):
    heads = ["exporter", "importer", "hs6", pd.Timestamp("2022-01-01"), pd.Timestamp("2022-02-01")]
    table = pd.DataFrame([["CHN", "KOR", "281111", 100.0, 110.0]], columns=heads)
    table.to_excel(tmp_path / "t.xlsx", index=False)
    for source in (table, tmp_path / "t.xlsx"):
        assert usd(read_flows(source, quiet=True)) == {"2022-01 CHN": 100, "2022-02 CHN": 110}
    years = "exporter,importer,hs6,2021-01-01,2022-01-01\nCHN,KOR,281111,100,110\n"
    with pytest.raises(InputError, match="can be years or months"):
        read(tmp_path, years)
    assert read(tmp_path, years, frequency="year").periods() == ["2021", "2022"]


def test_two_sheets_of_flows_stop_and_notes_are_named(tmp_path):
    table = pd.DataFrame([["2022", "CHN", "KOR", "281111", 5.0]], columns=H.split(","))
    with pd.ExcelWriter(tmp_path / "t.xlsx") as book:
        for name, year in (("new", "2022"), ("old", "2021")):
            table.assign(year=year).to_excel(book, sheet_name=name, index=False)
        pd.DataFrame([["Source: office"]]).to_excel(book, sheet_name="Notes", index=False, header=False)
    with pytest.raises(InputError, match=r"sheets 'new', 'old' are tables of their own; allowed: sheet= one of them"):
        read_flows(tmp_path / "t.xlsx")
    assert read_flows(tmp_path / "t.xlsx", sheet="old", quiet=True).periods() == ["2021"]
    with pytest.raises(InputError, match="sheet="):
        convert(tmp_path / "t.xlsx", tmp_path / "o.csv")
    assert not (tmp_path / "o.csv").exists()


def test_code_and_name_of_one_country_are_one_column(tmp_path):
    text = ("기간,국가코드,국가명,HS코드,수출 중량,수출 금액,수입 중량,수입 금액,무역수지\n"
            "2022,CN,중국,281111,10,5,100,1000,-995\n2022,JP,일본,281111,10,5,100,500,-495\n")  # fmt: skip
    assert usd(read(tmp_path, text)) == {"2022 CHN": 1000, "2022 JPN": 500}
    text = "year,reporter,country,flow,hs6,value_usd\n2022,CN,China,M,281111,5\n2022,JP,Japan,M,281111,5\n"
    with pytest.raises(InputError, match="name the same country in every row"):
        read(tmp_path, text)


def test_what_is_missing_is_told_in_the_headings_of_the_file(tmp_path):
    with pytest.raises(InputError, match=r"for reporter; .*imports_usd, exports_usd;.*--columns reporter==GBR"):
        read(tmp_path, "year,country,hs6,imports_usd,exports_usd\n2022,CHN,281111,100,5\n")


def test_a_reply_under_another_name_and_one_page_of_several(tmp_path):
    row = {"MonthId": 202201, "FlowTypeId": 1, "CommodityId": 28111100, "CountryId": 720, "Value": 100, "NetMass": 10}
    found = read(tmp_path, json.dumps({"@odata.context": "x", "value": [row]}), "r.json", unit={"GBP": 1.25})
    assert usd(found) == {"2022-01 CHN": 125.0}
    with pytest.raises(InputError, match="one page of several"):
        read(tmp_path, json.dumps({"@odata.nextLink": "y", "value": [row]}), "r.json")


def test_sdmx_with_labels_and_numbers_behind_an_apostrophe(tmp_path):
    head = ("DATAFLOW,freq: Frequency,reporter: Reporter,partner: Partner,product: Product,flow: Flow,"
            "TIME_PERIOD: Time,OBS_VALUE,UNIT_MEASURE: Unit,UNIT_MULT: Multiplier\n")  # fmt: skip
    row = "X,A: Annual,KR: Korea,{},281111: Acid,1: IMPORT,2022,{},USD: US dollar,3: Thousands\n"
    flows = read(tmp_path, head + row.format("CN: China", 100) + row.format("JP: Japan", 50))
    assert usd(flows) == {"2022 CHN": 1e5, "2022 JPN": 5e4}
    head = "REPORTER,Reporter,PARTNER,Partner,FLOW,Flow,PRODUCT,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE\n"
    flows = read(tmp_path, head + "KOR,Korea,CHN,China,M,Imports,281111,2022,100,USD\n")
    assert usd(flows) == {"2022 CHN": 100}
    text = "year,exporter,importer,hs6,value_usd\n2022,'156,KOR,281111,5\n"
    assert usd(read(tmp_path, text)) == {"2022 CHN": 5}


def test_numbers_of_states_that_were_none_are_no_guess(tmp_path):
    text = "year,exporter,importer,hs6,value_usd\n2022,720,400,281111,100\n2022,732,400,281111,50\n"
    with pytest.raises(InputError, match=r"720 is Democratic Yemen to the UN, .* China to Eurostat"):
        read(tmp_path, text)
    assert usd(read(tmp_path, text, numbers="geonom")) == {"2022 CHN": 100, "2022 JPN": 50}


def test_errors_in_the_cells_of_an_old_workbook():
    with pytest.raises(InputError, match=r"errors.xls line 3, value_usd: '#DIV/0!' is not a number"):
        read_flows(Path(__file__).parent / "traps" / "error-cells-xls" / "errors.xls")


def test_a_web_page_under_the_name_of_a_workbook(tmp_path):
    page = (
        '<html><meta charset="euc-kr"><table><tr><td colspan=5>수출입 실적 (단위: 천달러)</td></tr></table><table>'
        "<tr><th>연도</th><th>국가명</th><th>HS코드</th><th>수입금액</th><th>수출금액</th></tr>"
        "<tr><td>2022</td><td>중국</td><td>281111</td><td>1,000.5</td><td>5</td></tr>"
        "<tr><td>2022</td><td>일본</td><td>281111</td><td>500</td><td>4</td></tr></table></html>"
    )
    (tmp_path / "t.xls").write_bytes(page.encode("cp949"))
    assert usd(read_flows(tmp_path / "t.xls", columns={"reporter": "=KOR"}, quiet=True)) == {
        "2022 CHN": 1000500.0,
        "2022 JPN": 500000.0,
    }
