"""What the user brings or asks for and that fits nothing is said: stocks, production, a table, a bloc."""

import warnings

import pandas as pd
import pytest

import geoecon as ge
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
