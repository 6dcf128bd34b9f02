"""One table in columns of unusual types, at every door: the same flows, or a fault with its line and column."""

from __future__ import annotations

import datetime
import decimal
import gzip
import json

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from madeflows import COLUMNS

import geoecon as ge
from geoecon.errors import InputError
from geoecon.flows import read_flows

ROWS = [("2021", "CHN", "KOR", "010121", 1234.25, 1.5), ("2021", "JPN", "KOR", "281111", 2e9 + 0.25, None),
        ("2022", "USA", "KOR", "854231", 7.25, 0.25)]  # fmt: skip
BASE = pd.DataFrame(ROWS, columns=COLUMNS)
EXACT = [decimal.Decimal("1234.25"), decimal.Decimal("2000000000.25"), decimal.Decimal("7.25")]
KEYS = COLUMNS[:4]
ARROW, POLARS = pa.Table.from_pandas(BASE, preserve_index=False), pl.from_pandas(BASE)


def put(column, cells, kind=None):
    """The table of Arrow with another column."""
    return ARROW.set_column(COLUMNS.index(column), column, pa.array(cells, kind))


def same(found):
    frame = found.to_frame()[COLUMNS].sort_values(KEYS, ignore_index=True)
    wanted = BASE.sort_values(KEYS, ignore_index=True).astype({"tonnes": float})
    pd.testing.assert_frame_equal(frame.astype({"value_usd": float, "tonnes": float}), wanted, check_dtype=False)


PANDAS = {
    "string": BASE.astype(dict.fromkeys(KEYS, "string")),
    "arrow strings": BASE.astype(dict.fromkeys(KEYS, "string[pyarrow]")),
    "nullable": BASE.convert_dtypes(), "backed by arrow": BASE.convert_dtypes(dtype_backend="pyarrow"),
    "years Int64": BASE.astype({"period": "Int64"}), "years float": BASE.astype({"period": float}),
    "years uint16": BASE.astype({"period": "uint16"}), "categories": BASE.astype(dict.fromkeys(KEYS, "category")),
    "periods": BASE.assign(period=pd.PeriodIndex(["2021", "2021", "2022"], freq="Y")),
    "decimals": BASE.assign(value_usd=EXACT), "float16": BASE.astype({"tonnes": "float16"}),
    "sparse": BASE.assign(value_usd=pd.arrays.SparseArray(BASE["value_usd"])),
    "NA among objects": BASE.assign(tonnes=pd.Series([1.5, pd.NA, 0.25], dtype=object)),
    "NaT among objects": BASE.assign(tonnes=pd.Series([1.5, pd.NaT, 0.25], dtype=object)),
    "text": BASE.assign(value_usd=["1234.25", "2000000000.25", "7.25"]),
    "blanks": BASE.assign(exporter=[" CHN ", "\u00a0JPN", "USA\t"], product=["010121 ", " 281111", "854231"]),
    "index of a key": BASE.set_index("period"), "index of keys": BASE.set_index(["period", "exporter"]),
    "index that repeats": BASE.set_index(pd.Index([0, 0, 0])), "name of the columns": BASE.rename_axis(columns="x"),
    "columns of two levels": BASE.set_axis(pd.MultiIndex.from_tuples([("", name) for name in COLUMNS]), axis=1),
}  # fmt: skip
OTHERS = {
    "polars lazy": POLARS.lazy(), "polars categories": POLARS.with_columns(pl.col("exporter").cast(pl.Categorical)),
    "polars enum": POLARS.with_columns(pl.col("exporter").cast(pl.Enum(["CHN", "JPN", "USA"]))),
    "polars decimals": POLARS.with_columns(pl.Series("value_usd", EXACT)),
    "polars not a number": POLARS.with_columns(pl.Series("tonnes", [1.5, float("nan"), 0.25])),
    "dictionary": put("exporter", pa.array(BASE["exporter"]).dictionary_encode()),
    "decimal128": put("value_usd", EXACT, pa.decimal128(20, 2)),
    "decimal256": put("value_usd", EXACT, pa.decimal256(60, 2)),
    "half": put("tonnes", np.array([1.5, np.nan, 0.25], "float16"), pa.float16()),
    "views": put("exporter", BASE["exporter"].tolist(), pa.string_view()), "batch": ARROW.to_batches()[0],
    "reader": ARROW.to_reader(), "run lengths": put("importer", pa.RunEndEncodedArray.from_arrays([3], ["KOR"])),
}  # fmt: skip


@pytest.mark.parametrize("name", PANDAS)
def test_columns_of_pandas(name):
    same(read_flows(PANDAS[name], quiet=True))


@pytest.mark.parametrize("name", OTHERS)
def test_columns_of_polars_and_arrow(name):
    same(read_flows(OTHERS[name], quiet=True))


CASTS = ("value_usd::DECIMAL(20,2) AS value_usd", "exporter::ENUM('CHN','JPN','USA') AS exporter",
         "period::INT AS period", "period::USMALLINT AS period")  # fmt: skip


@pytest.mark.parametrize("cast", CASTS)
def test_columns_of_duckdb(cast):
    same(read_flows(duckdb.from_arrow(ARROW).project(f"* REPLACE ({cast})"), quiet=True))


@pytest.mark.parametrize("name", ["dictionary", "decimal128", "views", "half"])
def test_the_same_types_in_parquet(name, tmp_path):
    table = OTHERS[name]
    table = table.cast(pa.schema([f.with_type(pa.string()) if f.type == pa.string_view() else f for f in table.schema]))
    pq.write_table(table, tmp_path / "t.parquet")
    same(read_flows(tmp_path / "t.parquet", quiet=True))


@pytest.mark.parametrize("kind", ["float16", "float32", "float64"])
@pytest.mark.parametrize("stated", [True, False])
def test_a_not_a_number_of_a_parquet_file_is_missing_whether_or_not_it_states_its_extremes(kind, stated, tmp_path):
    """The engine took the stated extremes for all cells: no cell was not a number, and the file was refused."""
    table = put("tonnes", np.array([1.5, np.nan, 0.25], kind))
    pq.write_table(table, tmp_path / "t.parquet", write_statistics=stated)
    same(read_flows(tmp_path / "t.parquet", quiet=True))


@pytest.mark.parametrize("keys", [["period"], ["period", "exporter"]])
def test_an_index_of_keys_in_files(keys, tmp_path):
    BASE.set_index(keys).to_parquet(tmp_path / "t.parquet")
    BASE.set_index(keys).to_csv(tmp_path / "t.csv")
    BASE.set_index(keys).to_excel(tmp_path / "t.xlsx")
    (tmp_path / "t.json.gz").write_bytes(
        gzip.compress(json.dumps(BASE.to_dict("records")).replace("NaN", "null").encode())
    )
    for name in ("t.parquet", "t.csv", "t.xlsx", "t.json.gz"):
        same(read_flows(tmp_path / name, quiet=True))


ODD = {
    "boolean": pd.array([True, None, False], dtype="boolean"), "complex": np.array([1 + 1j, 2, 3]),
    "stretches of time": pd.to_timedelta([1, 2, 3], unit="D"), "lists": [[1.0], [2.0], [3.0]],
    "records": [{"a": 1}] * 3, "times": [datetime.time(1)] * 3, "too large": np.array([2**63 + 1, 2, 3], "uint64"),
    "infinite": [np.inf, 1.0, 2.0],
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_a_column_that_holds_no_numbers_is_a_fault_with_its_line(name):
    with pytest.raises(InputError) as stop:
        read_flows(BASE.assign(value_usd=ODD[name]))
    told = str(stop.value)
    assert "line 2, value_usd" in told or (name == "complex" and "allowed: numbers, text, dates" in told)


@pytest.mark.parametrize("name", ["lists", "records", "times"])
def test_the_same_by_polars_and_parquet(name, tmp_path):
    frame = POLARS.with_columns(pl.Series("value_usd", ODD[name]))
    frame.write_parquet(tmp_path / "t.parquet")
    for source in (frame, frame.lazy(), tmp_path / "t.parquet"):
        with pytest.raises(InputError, match=r"line 2, value_usd: .* is not a number"):
            read_flows(source)


@pytest.mark.parametrize("make", [lambda t: t, lambda t: t.to_pandas()])
def test_a_heading_that_stands_twice(make):
    t = ARROW.append_column("VALUE_USD", ARROW["value_usd"])
    with pytest.raises(InputError, match="stands twice"):
        read_flows(make(t))
    with pytest.raises(InputError, match="stands twice"):
        read_flows(ARROW.append_column("value_usd", ARROW["value_usd"]))


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"\x28\xb5\x2f\xfd\x04", "zstd"),
        (b"\x80\x04\x95\x10", "pickle"),
    ],
)
def test_a_file_that_is_packed_otherwise_is_named(start, told, tmp_path):
    (tmp_path / "t.csv").write_bytes(start + b"\x01" * 40)
    with pytest.raises(InputError, match=told):
        read_flows(tmp_path / "t.csv")


def test_verbs_give_the_same_by_every_door(tmp_path):
    BASE.to_csv(tmp_path / "t.csv", index=False)
    doors = (
        tmp_path / "t.csv",
        PANDAS["nullable"],
        PANDAS["NA among objects"],
        OTHERS["polars lazy"],
        OTHERS["decimal128"],
    )
    for verb in (lambda t: ge.scan(t, "KOR", period="2021", quiet=True).table,
                 lambda t: ge.leverage(t, "KOR", "JPN", quiet=True).products,
                 lambda t: ge.exposure(t, year=2022).table):  # fmt: skip
        wanted = verb(doors[0])
        for door in doors[1:]:
            pd.testing.assert_frame_equal(verb(door), wanted, check_dtype=False)


def test_a_table_of_industries_with_marks_of_nothing():
    head = ["use", "from_region", "from_sector", "to_region", "to_sector", "value_usd_million"]
    rows = [("intermediate", "CHN", "A", "KOR", "B", 40), ("final", "CHN", "A", "CHN", "h", pd.NA),
            ("final", "KOR", "B", "KOR", "h", 90)]  # fmt: skip
    table = pd.DataFrame(rows, columns=head)
    with pytest.raises(InputError, match="line 3, value_usd_million: empty"):
        ge.read_table(table)
    whole = table.assign(value_usd_million=[40, 100, 90])
    for source in (whole.convert_dtypes(), whole.convert_dtypes(dtype_backend="pyarrow"), pl.from_pandas(whole)):
        assert ge.read_table(source).x.sum() == 230
