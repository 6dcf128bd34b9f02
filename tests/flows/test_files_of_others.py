"""Words for no country, groups with some members, months as Excel writes them, units that are not known."""

from __future__ import annotations

import pytest
import xlsxwriter

from geoecon.errors import InputError
from geoecon.flows import read_flows

HEAD = "period,exporter,importer,product,value_usd\n"
ROWS = "2022,CHN,KOR,281111,100\n2022,JPN,KOR,281111,300\n"


@pytest.fixture
def table(tmp_path):
    def written(text):
        (tmp_path / "t.csv").write_text(text)
        return read_flows(tmp_path / "t.csv", quiet=True)

    return written


def usd(flows):
    return dict(flows.frame.to_native().df().groupby("exporter")["value_usd"].sum())


def told(flows):
    return "\n".join(flows.coverage.said)


@pytest.mark.parametrize("word", [
    "Others", "Other countries", "All other", "Rest of Asia", "Remaining countries", "Autres pays", "Übrige Länder",
    "其他",    "その他", "Resto",
])  # fmt: skip
def test_others_are_no_country_and_in_the_total(table, word):
    flows = table(f"{HEAD}{ROWS}2022,{word},KOR,281111,600\n")
    assert usd(flows) == {"CHN": 100, "JPN": 300, "ROW": 600}
    assert f"{word}: no country, so in the total and in nobody's share" in told(flows)


def test_of_overlapping_groups_the_largest_rest_counts(table):
    rows = "2022,ASEAN,KOR,281111,300\n2022,Viet Nam,KOR,281111,100\n2022,Japan,KOR,281111,500\n"
    told_of = (
        "281111, KOR 2022: {} USD of groups beyond their members are in no share; counted, a supplier's share is {} %"
    )
    for more, rest, percent in (("", 200, 75), ("2022,Asia,KOR,281111,1000\n", 400, 60)):
        flows = table(HEAD + rows + more)
        assert usd(flows) == {"VNM": 100, "JPN": 500} and told_of.format(rest, percent) in told(flows)
    assert usd(table(f"{HEAD}{rows}2022,World,KOR,281111,900\n")) == {"VNM": 100, "JPN": 500, "ROW": 300}


@pytest.mark.parametrize(("written", "read"), [
    ("Jan-22", "2022-01"), ("Sept 21", "2021-09"), ("May'98", "1998-05"), ("Dec-2022", "2022-12"),
])  # fmt: skip
def test_months_as_excel_writes_them(table, written, read):
    assert table(f"{HEAD}{written},CHN,KOR,281111,100\n").spans == (read,)
    wide = table(f"exporter,importer,product,{written}\nCHN,KOR,281111,100\n")
    assert wide.spans == (read,)


def test_days_without_a_year_are_no_months(table):
    with pytest.raises(InputError, match="can be days or months"):
        table(HEAD + "".join(f"Jan-{k:02d},CHN,KOR,281111,100\n" for k in range(1, 20)))


def test_a_sentence_with_commas_below_a_table_is_a_note(table):
    flows = table(f"{HEAD}{ROWS}The figures for Japan, China and others are revised\n")
    assert usd(flows) == {"CHN": 100, "JPN": 300} and "The figures for Japan" in told(flows)


@pytest.mark.parametrize(("heading", "factor"), [
    ("Value (bln USD)", 1e9), ("Value (bil. USD)", 1e9), ("Value (Mds USD)", 1e9), ("value_usd_bil", 1e9),
    ("Value (USD, x1000)", 1e3), ("Value (thd USD)", 1e3), ("Value (tys. USD)", 1e3), ("value_usd_th", 1e3),
    ("Value (ten thousand USD)", 1e4), ("Valor (mil USD)", 1e3), ("Value (USD, CIF)", 1), ("Value (USD total)", 1),
])  # fmt: skip
def test_multiples_in_a_heading(table, heading, factor):
    quoted = f'"{heading}"'
    assert usd(table(f"period,exporter,importer,product,{quoted}\n2022,CHN,KOR,281111,100\n")) == {"CHN": 100 * factor}


@pytest.mark.parametrize("heading", [
    "Value (B USD)", "Value (USD B)", "Value (USD Mil)", "Value (mil. USD)", "Value (g USD)", "Value (xyz USD)",
    "Value in constant USD", "Real value (USD)", "Value (USD; log)", "Tariff value USD", "value_usd (cumulative)",
])  # fmt: skip
def test_a_value_that_nobody_knows_the_size_of_stops(table, heading):
    with pytest.raises(InputError):
        table(f"period,exporter,importer,product,{heading}\n2022,CHN,KOR,281111,100\n")


def test_a_unit_on_another_sheet_and_hidden_columns(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        page, notes = book.add_worksheet("Data"), book.add_worksheet("Read me")
        for k, row in enumerate([HEAD.strip().split(","), *(line.split(",") for line in ROWS.split())]):
            page.write_row(k, 0, row)
        notes.write(0, 0, "All values in thousand USD")
        page.set_column(4, 4, None, None, {"hidden": True})
    flows = read_flows(tmp_path / "t.xlsx", quiet=True)
    assert usd(flows) == {"CHN": 100_000, "JPN": 300_000}
    assert "All values in thousand USD" in told(flows) and "column value_usd is hidden in the workbook" in told(flows)


def test_a_year_to_date_is_named_and_canadian_dollars_are_asked_for(table):
    head = "I_COMMODITY,CTY_CODE,CTY_NAME,GEN_VAL_MO,GEN_VAL_YR,YEAR,MONTH\n"
    flows = table(f"{head}281111,5700,CHINA,50,150,2022,02\n")
    assert usd(flows) == {"CHN": 50} and "GEN_VAL_YR (year to date)" in told(flows)
    head = "REF_DATE,GEO,Trade,Basis,Principal trading partners,HS,UOM,SCALAR_FACTOR,VALUE\n"
    row = "2022-01,Canada,Import,{},China,281111,Dollars,thousands,100\n"
    with pytest.raises(InputError, match=r"such as unit=.'CAD'"):
        table(head + row.format("Customs"))
    with pytest.raises(InputError, match="column Basis"):
        table(head + row.format("Customs") + row.format("Balance of payments"))


@pytest.mark.parametrize("shown", ['#,##0 "€"', '#,##0.0 "tonnes"', "0%", "#,##0 [$€-407]"])
def test_what_the_format_of_a_cell_shows_is_part_of_it(tmp_path, shown):
    for code, good in ((shown, 0), ('"$"#,##0', 0.5), ('#,##0,"k"', 0.5), ("0.00", 0.5), ('0.0 "million USD"', 5e5)):
        with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
            page, style = book.add_worksheet(), book.add_format({"num_format": code})
            page.write_row(0, 0, HEAD.strip().split(","))
            page.write_row(1, 0, ["2022", "CHN", "KOR", "281111"])
            page.write(1, 4, 0.5, style)
        if good:
            assert usd(read_flows(tmp_path / "t.xlsx", quiet=True)) == {"CHN": good}
        else:
            with pytest.raises(InputError, match="is not a number"):
                read_flows(tmp_path / "t.xlsx", quiet=True)
