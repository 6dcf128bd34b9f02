"""Countries, codes and periods as headings, alone or in two header rows; fiscal years; tables of GENESIS."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
from madeflows import through

from geoecon.errors import InputError
from geoecon.flows import read_flows


def write(tmp_path, text, name="m.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def values(source, **options):
    found = read_flows(source, quiet=True, **options)
    return {
        (row["period"], row["exporter"], row["importer"], row["product"]): row["value_usd"]
        for row in found.to_frame().to_dict("records")
    }


SQUARE = {("2020", "JPN", "KOR", "281111"): 10, ("2020", "JPN", "CHN", "281111"): 20,
          ("2020", "DEU", "KOR", "281111"): 1, ("2020", "DEU", "CHN", "281111"): 2}  # fmt: skip
REST = {"period": "=2020", "product": "=281111"}


@pytest.mark.parametrize(
    "head",
    ["Exporter,KOR,CHN", "exporter \\ importer,KOR,CHN", "from/to,South Korea,China", "Exporter → Importer,kor,CHN"],
)  # fmt: skip
def test_a_square_table(head, tmp_path):
    assert values(write(tmp_path, f"{head}\nJPN,10,20\nGermany,1,2\n"), columns=REST) == SQUARE


@pytest.mark.parametrize("door", ["csv", "json", "frame", "parquet", "xlsx"])
def test_partners_across_by_every_door(door, tmp_path):
    rows = [{"Reporter": "KOR", "Year": 2020, "HS": "281111", "China": 10.5, "Korea, Dem. Rep.": 1.0, "World": 11.5}]
    table = pd.DataFrame(rows)
    found = values(through(door, table, tmp_path), flow="imports")
    assert found == {("2020", "CHN", "KOR", "281111"): 10.5, ("2020", "PRK", "KOR", "281111"): 1.0}


def test_codes_of_products_across(tmp_path):
    found = values(write(tmp_path, "Year,Exporter,Importer,281111,HS 282520\n2020,CHN,KOR,100,200\n"))
    assert found == {("2020", "CHN", "KOR", "281111"): 100, ("2020", "CHN", "KOR", "282520"): 200}


def test_a_heading_among_countries_that_is_none_stops(tmp_path):
    with pytest.raises(InputError, match="KOR, CHN are countries, and Chian cannot be read"):
        read_flows(write(tmp_path, "Exporter,KOR,CHN,Chian\nJPN,10,20,3\n"), columns=REST)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Partner,HS code,2019,,2020,\n,,Value (USD),Weight (t),Value (USD),Weight (t)\nCHN,281111,100,5,200,6\n",
         {"2019": (100, 5), "2020": (200, 6)}),
        ("Partner,HS code,2019,2019,2020,2020\nPartner,HS code,Value (USD),Weight (t),Value (USD),Weight (t)\n"
         "CHN,281111,100,5,200,6\n", {"2019": (100, 5), "2020": (200, 6)}),
        ("Partner,HS code,Year,Value,Weight\n,,,thousand USD,kg\nCHN,281111,2019,100,5\n", {"2019": (100000, 0.005)}),
        ("Partner,HS code,Year,Imports,,Exports,\n,,,Value (USD),Weight (t),Value (USD),Weight (t)\n"
         "CHN,281111,2019,100,5,7,1\n", {"2019": (100, 5)}),
    ],
)  # fmt: skip
def test_two_header_rows(text, wanted, tmp_path):
    flow = None if "Imports" in text else "imports"
    found = read_flows(write(tmp_path, text), columns={"reporter": "=KOR"}, flow=flow, quiet=True)
    rows = found.to_frame().set_index("period")
    assert {period: tuple(row) for period, row in rows[["value_usd", "tonnes"]].iterrows()} == wanted
    assert any("two header rows joined" in note for note in found.coverage.said)


def test_countries_above_years(tmp_path):
    text = "Importer,South Korea,,China,\nExporter,2019,2020,2019,2020\nJapan,10,20,30,40\n"
    found = values(write(tmp_path, text), columns={"product": "=281111"})
    assert found == {("2019", "JPN", "KOR", "281111"): 10, ("2020", "JPN", "KOR", "281111"): 20,
                     ("2019", "JPN", "CHN", "281111"): 30, ("2020", "JPN", "CHN", "281111"): 40}  # fmt: skip


def test_two_header_rows_of_a_workbook_with_merged_cells_and_a_total(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Imports of Korea, thousand USD"], ["Partner", "HS code", 2019, None, 2020, None],
                [None, None, "Value", "Weight (t)", "Value", "Weight (t)"], ["China", "281111", 100, 5, 200, 6],
                ["Japan", "281111", 300, 6, 400, 8], ["Total", None, 400, 11, 600, 14]):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("C2:D2")
    book.save(tmp_path / "m.xlsx")
    found = values(tmp_path / "m.xlsx", columns={"reporter": "=KOR"}, flow="imports")
    assert sum(found.values()) == 1_000_000 and found["2020", "JPN", "KOR", "281111"] == 400_000


def test_columns_of_pandas_in_two_levels():
    names = [("Exporter", ""), ("HS", ""), ("2019", "Value (USD)"), ("2020", "Value (USD)")]
    table = pd.DataFrame([["CHN", "281111", 100, 200]], columns=pd.MultiIndex.from_tuples(names))
    found = values(table, columns={"importer": "=KOR"})
    assert found == {("2019", "CHN", "KOR", "281111"): 100, ("2020", "CHN", "KOR", "281111"): 200}


@pytest.mark.parametrize("first", ["", "Year,"])
def test_a_title_above_a_header_is_no_header(first, tmp_path):
    """Not even where a column has no heading, as the numbers of rows that pandas writes."""
    head = f"{first or ',Year,'}Exporter,Importer,Product,Value,Weight (t)\n"
    row = f"{'' if first else '0,'}2020,CHN,KOR,281111,5,1\n"
    text = f"Table 1,,,,,Unit: USD\n{head}{row}"
    assert values(write(tmp_path, text)) == {("2020", "CHN", "KOR", "281111"): 5}


@pytest.mark.parametrize("year", ["2019-20", "FY2019", "FY 2019-20", "2019/20", "2019-2020", "2019-20(Apr-Mar)"])
def test_a_fiscal_year_is_named_with_the_way_out(year, tmp_path):
    head = "Year,Exporter,Importer,Product,Value\n"
    with pytest.raises(InputError, match="first and last month, as 2019-04/2020-03"):
        read_flows(write(tmp_path, f"{head}{year},CHN,IND,281111,100\n"))
    found = values(write(tmp_path, f"{head}2019-04/2020-03,CHN,IND,281111,100\n"))
    assert found == {("2019-04/2020-03", "CHN", "IND", "281111"): 100}


def test_fiscal_years_as_headings(tmp_path):
    with pytest.raises(InputError, match=r"2018-19, 2019-20 are fiscal years"):
        read_flows(write(tmp_path, "Exporter,Importer,Product,2018-19,2019-20\nCHN,IND,281111,100,7\n"))
    text = "Exporter,Importer,Product,2018-04/2019-03,2019-04/2020-03\nCHN,IND,281111,100,7\n"
    found = values(write(tmp_path, text))
    assert {key[0]: value for key, value in found.items()} == {"2018-04/2019-03": 100, "2019-04/2020-03": 7}


FLAT = (
    "statistics_code;time_code;time_label;time;1_variable_code;1_variable_label;1_variable_attribute_code;"
    "1_variable_attribute_label;2_variable_code;2_variable_label;2_variable_attribute_code;2_variable_attribute_label;"
    "value;value_unit;value_variable_code;value_variable_label\n"
    "51000;JAHR;Jahr;2020;STLAH;Länder;S720;China;WAM6;Waren;WA281111;Säure;100;Tsd. EUR;WERTE;Einfuhr: Wert\n"
    "51000;JAHR;Jahr;2020;STLAH;Länder;S732;Vereinigte Staaten;WAM6;Waren;WA281111;Säure;30;t;GEW;Einfuhr: Gewicht\n"
    "51000;JAHR;Jahr;2020;STLAH;Länder;S732;Vereinigte Staaten;WAM6;Waren;WA281111;Säure;300;Tsd. EUR;W;Einfuhr: Wert\n"
)


def test_genesis(tmp_path):
    found = read_flows(write(tmp_path, FLAT), unit={"EUR": 1.5}, quiet=True).to_frame().set_index("exporter")
    assert found["value_usd"].to_dict() == {"CHN": 150_000, "USA": 450_000} and found.loc["USA", "tonnes"] == 30
    with pytest.raises(InputError, match=r"GENESIS with headings over several rows.*flat table"):
        read_flows(write(tmp_path, "GENESIS-Tabelle: 51000-0014\n;;Einfuhr: Wert\n2020;China;100\n"))


@pytest.mark.parametrize(
    "text",
    [
        "No,Reporter,Year,HS,China,Japan\n1,KOR,2020,281111,10,20\n2,KOR,2021,281111,11,21\n",  # no Norway
        "Year,Reporter,HS,KG,MT\n2020,KOR,281111,500,5\n",  # neither Kyrgyzstan nor Malta
        "Year,HS,Importer,BE,RE\n2020,281111,KOR,500,5\n",
        "Year,HS,Importer,China (%),Japan (%)\n2020,281111,KOR,60,40\n",
        "Year,HS,Importer,China (t),Japan (t)\n2020,281111,KOR,60,40\n",
        "Year,HS,Importer,China,Japan\n,,,t,t\n2020,281111,KOR,60,40\n",
        "Year,HS,Importer,China €,Japan €\n2020,281111,KOR,60,40\n",
        "Share of imports (%),,,,\nYear,HS,Importer,CHN,JPN\n2020,281111,KOR,60,40\n",
        "Imports in tonnes,,,,\nYear,HS,Importer,CHN,JPN\n2020,281111,KOR,60,40\n",
        "Year,HS,Importer,CHN,JPN\n2020,281111,KOR,60,40\nshares in percent,,,,\n",
    ],
)
def test_a_matrix_whose_headings_or_lines_say_no_money_stops(tmp_path, text):
    (tmp_path / "m.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_flows(tmp_path / "m.csv", flow="imports")


@pytest.mark.parametrize("headings", ['China,"Korea, Rep.",US', "CN,KR,US", "CHN,KOR,USA"])
def test_a_matrix_of_names_or_of_codes_of_one_length_is_read(tmp_path, headings):
    text = f"Year,HS,Importer,{headings}\n2020,281111,JPN,60,40,3\n"
    (tmp_path / "m.csv").write_text(text, encoding="utf-8")
    frame = read_flows(tmp_path / "m.csv", flow="imports").to_frame()
    assert dict(zip(frame["exporter"], frame["value_usd"], strict=True)) == {"CHN": 60, "KOR": 40, "USA": 3}


@pytest.mark.parametrize("grades", ["5N 6N", ">99% >95%", "C1 C2", "Type-1 Type-2"])
def test_grades_with_a_digit_decide_only_where_a_flow_stands_twice(tmp_path, grades):
    first, second = grades.split()
    head = "exporter,importer,hs,year,value,Grade\n"
    (tmp_path / "a.csv").write_text(f"{head}CHN,KOR,281111,2020,5,{first}\nJPN,KOR,281111,2020,6,{second}\n")
    assert read_flows(tmp_path / "a.csv").to_frame()["value_usd"].sum() == 11


def test_editions_of_one_flow_are_asked(tmp_path):
    rows = "CHN,KOR,281111,2020,5,A1\nCHN,KOR,281111,2020,6,B2\n"
    (tmp_path / "a.csv").write_text("exporter,importer,hs,year,value,Edition\n" + rows)
    with pytest.raises(InputError, match="column Edition has the values 'A1' and 'B2'"):
        read_flows(tmp_path / "a.csv")


def test_a_spare_column_of_a_fiscal_year_in_a_whole_table_is_not_read(tmp_path):
    (tmp_path / "a.csv").write_text("Year,Exporter,Importer,Product,Value,FY 2020\n2019,CHN,IND,281111,100,1\n")
    assert read_flows(tmp_path / "a.csv").to_frame()["value_usd"].tolist() == [100]


def test_a_first_row_of_words_is_no_second_header(tmp_path):
    rows = "Exporter,Importer,,Value\nChina,South Korea,a,\nJapan,South Korea,b,6\n"
    (tmp_path / "a.csv").write_text(rows)
    try:
        frame = read_flows(tmp_path / "a.csv", columns={"period": "=2020", "product": "=281111"}).to_frame()
    except InputError as refused:
        assert "Exporter China" not in str(refused)
    else:
        assert set(frame["exporter"]) <= {"CHN", "JPN"}
