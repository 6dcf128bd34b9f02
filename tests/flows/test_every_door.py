"""One table through every door and every layout gives the same flows, and a bad cell the same fault everywhere."""

from __future__ import annotations

import gzip
import json

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from madeflows import COLUMNS, ISO2, NUMBERS, same, tables

from geoecon.errors import InputError
from geoecon.flows import read_flows


def comma(frame):
    """The frame as Europe's spreadsheets write it."""
    text = frame.copy()
    for column in ("value_usd", "tonnes"):
        text[column] = [
            "" if value is None or value != value else f"{value:,.4f}".translate(str.maketrans(",.", ".,"))
            for value in frame[column]
        ]
    return text


def doors(frame, folder):
    """The same table in every form, by name."""
    paths = {name: folder / name for name in ("a.csv", "b.csv", "c.tsv", "d.csv.gz", "e.xlsx", "f.parquet", "g.parquet",
                                              "h.json", "i.duckdb", "j.csv")}  # fmt: skip
    frame.to_csv(paths["a.csv"], index=False)
    comma(frame).to_csv(paths["b.csv"], index=False, sep=";")
    frame.to_csv(paths["c.tsv"], index=False, sep="\t")
    paths["d.csv.gz"].write_bytes(gzip.compress(frame.to_csv(index=False).encode("utf-16")))
    frame.to_excel(paths["e.xlsx"], index=False)
    frame.to_parquet(paths["f.parquet"], index=False)
    text = frame.astype(object).where(frame.notna(), None).map(lambda cell: None if cell is None else str(cell))
    pa.parquet = __import__("pyarrow.parquet").parquet
    pa.parquet.write_table(pa.table({c: pa.array(text[c], pa.string()) for c in text}), paths["g.parquet"])
    paths["h.json"].write_text(json.dumps(json.loads(frame.to_json(orient="records", double_precision=15))))
    with duckdb.connect(str(paths["i.duckdb"])) as connection:
        connection.execute("create table t as select * from frame")
    paths["j.csv"].write_text("Imports of Korea\n\n" + frame.to_csv(index=False) + "Source: made for a test\n")
    return {**paths, "pandas": frame, "polars": pl.from_pandas(frame), "arrow": pa.Table.from_pandas(frame),
            "text in pandas": text, "duckdb": duckdb.sql("select * from frame")}  # fmt: skip


@settings(
    max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(frame=tables())
def test_every_door_gives_the_same_flows(frame, tmp_path_factory):
    for name, source in doors(frame, tmp_path_factory.mktemp("doors")).items():
        try:
            same(read_flows(source, quiet=True), frame)
        except Exception as error:
            raise AssertionError(f"door {name}") from error


def baci(f):
    return pd.DataFrame({"t": f["period"], "i": f["exporter"].map(NUMBERS), "j": f["importer"].map(NUMBERS),
                         "k": f["product"], "v": f["value_usd"] / 1000, "q": f["tonnes"]})  # fmt: skip


def comtrade(f):
    return pd.DataFrame({
        "typeCode": "C", "freqCode": "A", "period": f["period"], "reporterCode": 410, "flowCode": "M",
        "partnerCode": f["exporter"].map(NUMBERS), "partner2Code": 0, "classificationCode": "H5",
        "cmdCode": f["product"], "customsCode": "C00", "motCode": 0, "netWgt": f["tonnes"] * 1000,
        "primaryValue": f["value_usd"],
    })  # fmt: skip


def comext(f):
    rows = pd.DataFrame({
        "DECLARANT_ISO": "KR", "PARTNER_ISO": f["exporter"].map(ISO2), "TRADE_TYPE": "E", "PRODUCT_NC": f["product"],
        "FLOW": 1, "STAT_REGIME": 4, "PERIOD": f["period"], "VALUE_IN_EUROS": f["value_usd"] / 2,
        "QUANTITY_IN_KG": f["tonnes"] * 1000,
    })  # fmt: skip
    return pd.concat([rows, rows.assign(FLOW=2, VALUE_IN_EUROS=rows["VALUE_IN_EUROS"] * 7)])


def sdmx(f):
    rows = pd.DataFrame({
        "DATAFLOW": "ESTAT:DS(1.0)", "freq": "A", "reporter": "KR", "partner": f["exporter"].map(ISO2),
        "product": f["product"], "flow": 1, "indicators": "VALUE_IN_EUROS", "TIME_PERIOD": f["period"],
        "OBS_VALUE": f["value_usd"] / 2,
    })  # fmt: skip
    weights = rows.assign(indicators="QUANTITY_IN_100KG", OBS_VALUE=f["tonnes"] * 10)
    return pd.concat([rows, weights[weights["OBS_VALUE"].notna()]])


def long_tidy(f):
    return f.assign(flow="import", unit="thousand USD", value=f["value_usd"] / 1000).drop(columns="value_usd")


def levels(f):
    """Headings and chapters above the codes, months below the years."""
    above = [
        f.assign(product=f["product"].str[:n]).groupby(COLUMNS[:4], as_index=False)["value_usd"].sum() for n in (2, 4)
    ]
    months = [
        f.assign(period=f["period"] + f"-{m:02d}", value_usd=f["value_usd"] / 12, tonnes=np.nan) for m in range(1, 13)
    ]
    return pd.concat([f, *above, *months])


LAYOUTS = {
    "baci": (baci, {}), "comtrade": (comtrade, {}), "comext": (comext, {"unit": {"EUR": 2.0}}),
    "sdmx": (sdmx, {"unit": {"EUR": 2.0}}), "unit and flow by line": (long_tidy, {}), "levels": (levels, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
@settings(
    max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(frame=tables())
def test_every_layout_gives_the_same_flows(name, frame, tmp_path_factory):
    made, options = LAYOUTS[name]
    folder, table = tmp_path_factory.mktemp("layouts"), made(frame)
    table.to_csv(folder / "a.csv", index=False)
    table.to_csv(folder / "t.tsv", index=False, sep="\t")
    json_rows = json.loads(table.to_json(orient="records", double_precision=15))
    (folder / "a.json").write_text(json.dumps({"data": json_rows}))
    # the codes of products keep their zeros as text in all of them
    for source in (folder / "a.csv", folder / "t.tsv", folder / "a.json", table.reset_index(drop=True)):
        same(read_flows(source, quiet=True, **options), frame)


BAD = {"value_usd": ("-5", "negative value -5"), "exporter": ("Atlantis", "unknown country 'Atlantis'"),
       "product": ("40690", "5 digits"), "period": ("22", "'22'")}  # fmt: skip


@pytest.mark.parametrize("column", BAD)
def test_a_bad_cell_is_the_same_fault_at_every_door(column, tmp_path):
    frame = pd.DataFrame([("2022", "CHN", "KOR", "281111", 1.25, 1.5), ("2022", "JPN", "KOR", "281111", 3.5, 2.5)],
                         columns=COLUMNS)  # fmt: skip
    cell, words = BAD[column]
    frame[column] = frame[column].astype(object)
    frame.loc[1, column] = float(cell) if column == "value_usd" else cell
    if column == "value_usd":
        frame[column] = frame[column].astype(float)
    for name, source in doors(frame, tmp_path).items():
        with pytest.raises(InputError) as stop:
            read_flows(source)
        told = str(stop.value)
        line = {"h.json": 2, "j.csv": 5}.get(name, 3)
        assert f"line {line}, {column}: " in told and words.split(" -5")[0] in told, (name, told)


def test_all_faults_of_a_table_are_told_at_every_door(tmp_path):
    rows = [("2022", "Atlantis", "KOR", "281111", 1.25, 1.5), ("22", "JPN", "KOR", "4069", 2.5, -1.5),
            ("2022", "USA", "KOR", "28-29", 2.5, 1.5)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for name, source in doors(frame, tmp_path).items():
        with pytest.raises(InputError) as stop:
            read_flows(source)
        first = {"h.json": 1, "j.csv": 4}.get(name, 2)
        told = [(fault.row - first, fault.column) for fault in stop.value.faults]
        assert told == [(0, "exporter"), (1, "period"), (1, "tonnes"), (2, "product")], name


def test_a_not_a_number_is_missing_in_every_frame():
    rows = [("2022", "CHN", "KOR", "281111", 1.25, np.nan), ("2022", "JPN", "KOR", "281111", np.nan, 2.5)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    sources = (frame, pl.DataFrame({c: frame[c].to_list() for c in frame}), duckdb.sql("select * from frame"),
               pa.table({c: pa.array(frame[c]) for c in frame}))  # fmt: skip
    for source in sources:
        same(read_flows(source, quiet=True), frame)


def test_a_heading_that_stands_twice_is_refused_in_frames_and_workbooks(tmp_path):
    import openpyxl

    table = pd.DataFrame([["2022", "CHN", "DEU", "281111", 1.0]], columns=COLUMNS[:5])
    twice = table.assign(Value_USD=[2.0])
    book = openpyxl.Workbook()
    book.active.append([*COLUMNS[:5], "value_usd"])
    book.active.append(["2022", "CHN", "DEU", "281111", 1, 2])
    book.save(tmp_path / "a.xlsx")
    for source in (twice, pl.from_pandas(twice), pd.concat([table, table], axis=1), tmp_path / "a.xlsx"):
        with pytest.raises(InputError, match="stands twice"):
            read_flows(source)


def test_a_wide_table_reads_alike_by_every_door(tmp_path):
    import openpyxl

    wide = pd.DataFrame(
        {"exporter": ["CHN", "JPN"], "importer": "DEU", "product": "811292", "2021": [1.0, 2.5], "2022": [3.0, None]}
    )
    wide.to_csv(tmp_path / "a.csv", index=False)
    wide.to_parquet(tmp_path / "a.parquet")
    wide.to_json(tmp_path / "a.json", orient="records")
    book = openpyxl.Workbook()
    book.active.append(["exporter", "importer", "product", 2021, 2022])  # years as numbers
    for row in wide.itertuples(index=False):
        book.active.append([None if cell != cell else cell for cell in row])
    book.save(tmp_path / "a.xlsx")
    numbered = wide.rename(columns={"2021": 2021, "2022": 2022})
    doors = [wide, numbered, pl.from_pandas(wide), *(tmp_path / f"a.{kind}" for kind in ("parquet", "json", "xlsx"))]
    expected = read_flows(tmp_path / "a.csv", quiet=True).to_frame()
    assert len(expected) == 4 and expected["value_usd"].sum() == 6.5
    for door in doors:
        pd.testing.assert_frame_equal(read_flows(door, quiet=True).to_frame(), expected)


@pytest.mark.parametrize("orient", ["records", "columns", "split", "list", "lines"])
def test_rows_in_json_however_they_are_laid_out(tmp_path, orient):
    table = pd.DataFrame([["2022", "CHN", "DEU", "281111", 1.5], ["2022", "JPN", "DEU", "281111", 2.0]],
                         columns=COLUMNS[:5])  # fmt: skip
    path = tmp_path / "a.json"
    if orient == "list":
        path.write_text(json.dumps(table.to_dict("list")))
    else:
        table.to_json(path, orient="records" if orient == "lines" else orient, lines=orient == "lines")
    assert read_flows(path, quiet=True).to_frame()["value_usd"].tolist() == [1.5, 2.0]


def test_months_as_periods_of_pandas():
    table = pd.DataFrame([["2022", "CHN", "DEU", "281111", 1.5]], columns=COLUMNS[:5])
    assert read_flows(table.assign(period=pd.PeriodIndex(["2022-01"], freq="M")), quiet=True).periods() == ["2022-01"]
