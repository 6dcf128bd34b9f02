"""What the user brings or asks for and that fits nothing is said: stocks, production, a table, a bloc."""

import warnings

import pandas as pd
import pytest

import geoecon as ge
from geoecon.errors import InputError
from geoecon.production import IOTable

ROWS = "Year,Exporter,Importer,Product,Value_USD\n2019,China,South Korea,281111,100\n2019,Japan,South Korea,281111,50\n"


def scanned(tmp_path, **asked):
    path = tmp_path / "flows.csv"
    path.write_text(ROWS)
    reading = {"scope": asked.pop("scope")} if "scope" in asked else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ge.scan(ge.read_flows(path, **reading), importer=asked.pop("importer", "KOR"), **asked)


def table(product):
    return pd.DataFrame({"country": ["KOR", "CHN"], "product": product, "days": 30.0})


def test_stocks_of_another_product_are_said(tmp_path):
    notes = " ".join(scanned(tmp_path, stocks=table("280530")).notes)
    assert "cover_days: nothing of stocks= fits the rows shown; it has country CHN, KOR; product 280530" in notes
    assert "nothing of stocks" not in " ".join(scanned(tmp_path, stocks=table("281111")).notes)


def test_production_beside_a_part_of_the_trade_is_said(tmp_path):
    made = pd.DataFrame({"country": ["KOR", "CHN"], "product": "281111", "production": 30.0, "recycling": 0.1})
    assert "nir: needs all trade of the world" in " ".join(scanned(tmp_path, production=made, scope="part").notes)
    notes = " ".join(scanned(tmp_path, production=made.assign(product="280530"), scope="world").notes)
    assert "nir: nothing of production= fits the rows shown" in notes


def test_a_table_of_other_countries_is_said(tmp_path):
    head = ["use", "from_region", "from_sector", "to_region", "to_sector", "value_usd_million"]
    rows = [("intermediate", "DEU", "A", "FRA", "A", 1.0), ("final", "DEU", "A", "DEU", "h", 5.0),
            ("final", "FRA", "A", "FRA", "h", 5.0)]  # fmt: skip
    sales = IOTable.from_economy(pd.DataFrame(rows, columns=head))
    assert "fir: nothing of table= fits the rows shown; it has importer or supplier DEU, FRA" in " ".join(
        scanned(tmp_path, table=sales).notes
    )


@pytest.mark.parametrize(
    "head", ["Country,HS code,Days of stock", "Importer,Product,Stock days", "country,product,days"]
)
def test_small_tables_under_other_headings(tmp_path, head):
    path = tmp_path / "stocks.csv"
    path.write_text(head + "\nSouth Korea,2811.11,30\n")
    assert scanned(tmp_path, stocks=path).to_frame()["cover_days"].tolist() == [30, 30]
    frame = pd.read_csv(path, dtype=str)
    assert scanned(tmp_path, stocks=frame).to_frame()["cover_days"].tolist() == [30, 30]


@pytest.mark.parametrize(
    ("text", "days"),
    [("country;product;days\nKOR;281111;30\n", 30), ("Land;HS-Code;Tage\nSüdkorea;281111;30,5\n", 30.5),
     ("Country;HS code;Days of stock\nSouth Korea;2811.11;30,5\n", 30.5),
     ("Country,HS code,Stock\nKOR,281111,6 weeks\n", 42),
     ("country\tproduct\tdays\nKOR\t281111\t30 days\n", 30),
     ("Strategic stocks\n\nCountry,HS code,Days of stock\nKOR,281111,30\nSource: own\n", 30)],
)  # fmt: skip
def test_small_tables_are_read_as_people_keep_them(text, days, tmp_path):
    path = tmp_path / "stocks.csv"
    path.write_bytes(text.encode("cp1252"))
    found = scanned(tmp_path, stocks=path)
    assert found.to_frame()["cover_days"].tolist() == [days, days]
    assert ";" not in text or "stocks.csv: delimiter ; instead of ," in found.notes


def test_small_tables_in_workbooks_and_shares_in_percent(tmp_path):
    pd.DataFrame({"Country": ["Korea, Rep."], "HS code": ["281111"], "Days of stock": [30]}).to_excel(
        tmp_path / "s.xlsx", index=False
    )
    assert scanned(tmp_path, stocks=tmp_path / "s.xlsx").to_frame()["cover_days"].tolist() == [30, 30]
    (tmp_path / "p.csv").write_text("Country;HS code;Production;Recycling\nKOR;281111;1.234,5;10 %\n")
    made = scanned(tmp_path, production=tmp_path / "p.csv", scope="world").to_frame()["nir"]
    assert made.tolist() == pytest.approx([150 / 1384.5] * 2)


def test_a_bare_stock_is_no_number_of_days_and_faults_have_the_line_of_the_file(tmp_path):
    path = tmp_path / "stocks.csv"
    path.write_text("Country,HS code,Stock\nKOR,281111,30\n")
    with pytest.raises(InputError, match="no column days or stock_usd"):
        scanned(tmp_path, stocks=path)
    path.write_text("Stocks\n\ncountry,product,days\nKOR,281111,30\nKOR,281112,many\n")
    with pytest.raises(InputError, match="line 5, days: 'many'"):
        scanned(tmp_path, stocks=path)
