"""Imports and exports side by side, kinds of imports, parts of a year: what a heading says binds its column."""

import pandas as pd
import pytest

import geoecon as ge
from geoecon.errors import InputError

SIDE_BY_SIDE = [
    "Reporter,Partner,Commodity,Period,Import (USD),Export (USD),Import (kg),Export (kg)\n"
    "KOR,JPN,281111,2022,1200,20,500,10\nKOR,CHN,281111,2022,2200,8,900,5\n",
    "reporter,partner,hs,year,imports,exports,import_weight_t,export_weight_t\n"
    "KOR,JPN,281111,2022,1200,20,0.5,0.01\nKOR,CHN,281111,2022,2200,8,0.9,0.005\n",
    "기간,국가코드,HS코드,수출 중량(톤),수출 금액(천달러),수입 중량(톤),수입 금액(천달러)\n"
    "2022,JP,281111,0.01,0.02,0.5,1.2\n2022,CN,281111,0.005,0.008,0.9,2.2\n",
]


@pytest.mark.parametrize("text", SIDE_BY_SIDE)
@pytest.mark.parametrize("door", ["csv", "xlsx", "frame", "json", "parquet"])
def test_imports_and_exports_side_by_side_are_both_read(tmp_path, text, door):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    source = path
    if door != "csv":
        table = pd.read_csv(path)
        source = table if door == "frame" else tmp_path / f"t.{door}"
        if door == "xlsx":
            table.to_excel(source, index=False)
        elif door == "json":
            table.to_json(source, orient="records", force_ascii=False)
        elif door == "parquet":
            table.to_parquet(source)
    for report, wanted in (("importer", {("CHN", "KOR"): (2200, 0.9), ("JPN", "KOR"): (1200, 0.5)}),
                           ("exporter", {("KOR", "CHN"): (8, 0.005), ("KOR", "JPN"): (20, 0.01)})):  # fmt: skip
        rows = ge.read_flows(source, report=report, quiet=True).to_frame()
        found = {(r.exporter, r.importer): (r.value_usd, r.tonnes) for r in rows.itertuples()}
        assert found == {key: pytest.approx(value) for key, value in wanted.items()}


def test_a_direction_that_the_table_says_is_not_overruled(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(SIDE_BY_SIDE[0])
    with pytest.raises(InputError, match=r"flow='exports', and the table says itself .* report='exporter'"):
        ge.read_flows(path, flow="exports", quiet=True)
    path.write_text("reporter,partner,hs,year,import value\nKOR,JPN,281111,2022,7\n")
    with pytest.raises(InputError, match="flow='exports'"):
        ge.read_flows(path, flow="exports", quiet=True)
    assert list(ge.read_flows(path, quiet=True).to_frame()["exporter"]) == ["JPN"]


@pytest.mark.parametrize(("flows", "stops"), [
    (("General imports", "Imports for consumption"), True), (("Imports CIF", "Imports FOB"), True),
    (("Domestic exports", "Re-exports"), True), (("Domestic exports", "Total exports"), True),
    (("Import", "imports"), False), (("Total exports", "Re-exports"), False), (("M", "X"), False),
])  # fmt: skip
def test_kinds_of_imports_never_add(tmp_path, flows, stops):
    path = tmp_path / "t.csv"
    rows = "".join(f"2022,KOR,{who},281111,{way},100\n" for who, way in zip(("CHN", "JPN"), flows, strict=True))
    path.write_text(f"year,reporter,partner,hs,flow,value_usd\n{rows}")
    if stops:
        with pytest.raises(InputError, match="of one kind"):
            ge.read_flows(path, quiet=True)
    else:
        assert len(ge.read_flows(path, quiet=True).to_frame()) == {"Import": 2}.get(flows[0], 1)


HEAD = "exporter,importer,hs,value_usd,year"


@pytest.mark.parametrize(("beside", "cells", "spans"), [
    ("half", ("H1", "H2"), ["2022-01/2022-06", "2022-07/2022-12"]),
    ("semester", ("1", "2"), ["2022-01/2022-06", "2022-07/2022-12"]),
    ("week", ("1", "2"), None), ("months covered", ("Jan-Jun", "Jan-Dec"), None),
    ("vintage", ("2023-01", "2024-01"), None), ("hs_edition", ("HS2017", "HS2022"), None),
    ("sector", ("chemicals", "total"), None),
])  # fmt: skip
def test_columns_that_change_a_row_are_understood_or_stop(tmp_path, beside, cells, spans):
    path = tmp_path / "t.csv"
    rows = "".join(
        f"{who},KOR,281111,{n},2022,{cell}\n" for who, n, cell in zip(("CHN", "JPN"), (7, 9), cells, strict=True)
    )
    path.write_text(f"{HEAD},{beside}\n{rows}")
    if spans is None:
        with pytest.raises(InputError):
            ge.read_flows(path, quiet=True)
    else:
        assert sorted(ge.read_flows(path, quiet=True).to_frame()["period"]) == spans


def test_a_year_and_a_month_of_the_census_are_its_month(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("I_COMMODITY,CTY_CODE,GEN_VAL_MO,YEAR,MONTH\n281111,5700,100,2022,03\n281111,5700,900,2022,04\n")
    assert sorted(ge.read_flows(path, quiet=True).to_frame()["period"]) == ["2022-03", "2022-04"]


def test_codes_of_nine_digits_are_right_where_another_cell_is_wrong(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Exp or Imp,Year,HS,Country,Unit1,Unit2,Quantity1-Year,Quantity2-Year,Value-Year\n"
                    '2,2022,"281111000",105,,KG,0,900,2100\n2,2022,"281111000",999,,KG,0,900,2100\n')  # fmt: skip
    with pytest.raises(InputError) as fault:
        ge.read_flows(path, unit={"JPY": 0.0067}, quiet=True)
    assert "999" in str(fault.value) and "9 digits" not in str(fault.value)


@pytest.mark.parametrize("door", ["csv", "xlsx", "frame", "json", "parquet"])
def test_what_every_row_has_can_be_said(tmp_path, door):
    table = pd.DataFrame({"Partner": ["China", "Japan"], "HS": ["281111"] * 2, "Year": [2022] * 2,
                          "Flow": ["Import"] * 2, "Value (USD)": [100, 50]})  # fmt: skip
    source = table if door == "frame" else tmp_path / f"t.{door}"
    writers = {"csv": lambda: table.to_csv(source, index=False), "xlsx": lambda: table.to_excel(source, index=False),
               "json": lambda: table.to_json(source, orient="records"), "parquet": lambda: table.to_parquet(source),
               "frame": lambda: None}  # fmt: skip
    writers[door]()
    with pytest.raises(InputError, match=r"no column for reporter.*columns=\{'reporter': '=GBR'\}"):
        ge.read_flows(source, quiet=True)
    found = ge.read_flows(source, columns={"reporter": "=GBR"}, quiet=True)
    assert set(found.to_frame()["importer"]) == {"GBR"} and "reporter GBR in every row" in str(found.coverage)
    for wrong in ({"partner": "=GBR"}, {"value_usd": "=5"}, {"reporter": "=Atlantis"}):
        with pytest.raises(InputError):
            ge.read_flows(source, columns={"reporter": "=GBR"} | wrong, quiet=True)
