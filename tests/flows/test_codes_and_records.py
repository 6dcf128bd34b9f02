"""Spellings of one product code are one product; JSON that is no whole list of records is refused in words."""

from __future__ import annotations

import json

import pandas as pd
import polars as pl
import pytest

import geoecon as ge
from geoecon.errors import InputError
from geoecon.flows.products import normalise

HEAD = "period,exporter,importer,product,value_usd\n"


@pytest.mark.parametrize(
    "spelt",
    ["８５４２３１", "８５４２．３１", "٨٥٤٢٣١", "HS2022 854231", "HS 2022 8542.31", "HS6:854231", "SH 8542.31",
     "HSN 854231", "HS85 42 31", "HS22 854231", "KN 8542 31", "HTS 8542.31", "hs code: 854231"],
)  # fmt: skip
def test_a_code_in_other_digits_or_behind_the_name_of_its_system_is_the_same_product(tmp_path, spelt):
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD}2022,JPN,KOR,854231,1\n2022,CHN,KOR,{spelt},3\n", encoding="utf-8")
    found = ge.read_flows(path).to_frame()
    assert set(found["product"]) == {"854231"}
    assert found["value_usd"].sum() == 4


@pytest.mark.parametrize(
    ("spelt", "code"),
    [("CN8 85423110", "85423110"), ("NC8 85423110", "85423110"), ("KN 8542 31 10", "85423110"),
     ("TARIC 8542311000", "8542311000"), ("HTS 8542.31.0000", "8542310000"), ("HS 2002 10", "200210"),
     ("HS 2012", "2012"), ("HS4 8542", "8542"), ("HS10 8542311000", "8542311000")],
)  # fmt: skip
def test_editions_and_lengths_are_no_digits_of_the_code(spelt, code):
    assert normalise(spelt).text == code


def test_a_year_that_is_a_heading_as_well_is_asked():
    assert "edition" in normalise("HS 2002 8542").problem


@pytest.mark.parametrize("spelt", ["No. 8542.31", "ex 8542", "SITC 7764"])
def test_a_word_and_digits_beside_bare_codes_stop(tmp_path, spelt):
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD}2022,JPN,KOR,854231,1\n2022,CHN,KOR,{spelt},3\n")
    with pytest.raises(InputError, match="beside codes without one"):
        ge.read_flows(path)


def test_names_with_numbers_stay_names(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD}2022,JPN,KOR,Grade 2205,1\n2022,CHN,KOR,KN95 masks,3\n")
    assert set(ge.read_flows(path).to_frame()["product"]) == {"Grade 2205", "KN95 masks"}


ROW = {"reporterCode": 702, "flowCode": "M", "partnerCode": 156, "cmdCode": "854231", "period": "2019",
       "primaryValue": 800}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (json.dumps({"data": [ROW, 5]}), "record 2 has no columns: 5"),
        (json.dumps([ROW, None]), "record 2 has no columns"),
        (json.dumps({"data": "none"}), "no column"),
        (json.dumps({"count": 100000, "data": [ROW]}), "says 100,000 records, 1 is in the file"),
        ('{"data":[{"period":"2020","primaryValue":5,"primaryValue":7}]}', "primaryValue stands twice"),
        ('{"error":{"code":"429","message":"Rate limit is exceeded"}}', "error 429 from the service: Rate limit"),
        ('{"a":[1,2],"b":[1],"c":[2]}', "other lengths"),
        ('{"columns":["a","b"],"index":[0],"data":[[1]]}', "not readable as JSON"),
    ],
)
def test_json_that_is_no_whole_list_of_records_is_refused(tmp_path, text, told):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(InputError, match=told):
        ge.read_flows(path)


@pytest.mark.parametrize("frame", [pd.DataFrame(), pl.DataFrame(), pd.DataFrame({"period": [1j], "x": [2j]})])
def test_frames_that_hold_no_table_are_refused(frame):
    with pytest.raises(InputError):
        ge.read_flows(frame)


UNITS = "period,exporter,importer,product,{},x\n2020,CHN,DEU,811292,10,{}\n2020,JPN,DEU,811292,100,{}\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [("USD SA", "USD NSA"), ("gross USD", "net USD"), ("current USD", "constant USD"), ("USD_IMP", "USD_EXP"),
     ("TMG_CIF_USD", "TXG_FOB_USD"), ("value in USD", "value of exports in USD")],
)  # fmt: skip
def test_two_cells_of_one_unit_with_other_words_are_two_meanings(tmp_path, one, other):
    path = tmp_path / "a.csv"
    path.write_text(UNITS.format("value", one, other) + f"2020,USA,DEU,811292,5,{one}\n")
    with pytest.raises(InputError, match="column x has the values"):
        ge.read_flows(path)


@pytest.mark.parametrize(("one", "other"), [("USD", "US$"), ("USD", "thousand USD"), ("US dollars", "value in USD")])
def test_two_spellings_of_units_are_units(tmp_path, one, other):
    path = tmp_path / "a.csv"
    path.write_text(UNITS.format("value", one, other) + f"2020,USA,DEU,811292,5,{one}\n")
    assert ge.read_flows(path).to_frame()["value_usd"].sum() == (100_015 if "thousand" in other else 115)


@pytest.mark.parametrize("heading", ["unit", "x"])
@pytest.mark.parametrize("value", ["value_usd", "value"])
def test_a_row_of_kilograms_is_no_money_whatever_the_heading_of_the_values(tmp_path, value, heading):
    path = tmp_path / "a.csv"
    path.write_text(UNITS.replace(",x", f",{heading}").format(value, "kg", "USD") + "2020,USA,DEU,811292,5,USD\n")
    assert ge.read_flows(path).to_frame()["value_usd"].sum() == 105


@pytest.mark.parametrize("heading", ["transport cost", "customs_duty", "transport charges", "customs fee"])
def test_a_column_of_costs_is_no_column_of_modes_or_procedures(tmp_path, heading):
    path = tmp_path / "a.csv"
    rows = "2020,CHN,DEU,854231,110,30\n2020,CHN,DEU,854231,150,0\n2020,JPN,DEU,854231,50,5\n"
    path.write_text(f"period,exporter,importer,product,value_usd,{heading}\n{rows}")
    with pytest.raises(InputError, match="stands 2 times"):
        ge.read_flows(path)
