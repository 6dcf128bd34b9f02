"""The Parquet file of a whole scan: what three other readers find in it is what was written."""

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoecon.indicators.complete import Words, frame
from geoecon.indicators.pages import Writer
from geoecon.indicators.thrift import I64, struct, varint


def made(seed, rows, products, places, hidden):
    """Columns of every kind: the same for all, for a product, market or seller, by row; a share `hidden` missing."""
    rng = np.random.default_rng(seed)

    def some(count):
        return np.where(rng.random(count) < hidden, np.nan, rng.normal(size=count))

    product = np.sort(rng.integers(0, products, rows)).astype(np.int32)
    importer, exporter = (rng.integers(0, places, rows).astype(np.int32) for _ in range(2))
    main = np.where(rng.random(rows) < hidden, -1, exporter)
    words = [f"ç{k}" for k in range(places)]
    market = some(products * places)[product * places + importer]
    return {
        "period": Words(np.zeros(rows, np.int32), ["2022"]), "importer": Words(importer, words),
        "exporter": Words(exporter, words), "product": Words(product, [f"{k:06d}" for k in range(products)]),
        "value_usd": rng.lognormal(size=rows), "by row": some(rows), "one": np.full(rows, 0.25),
        "none": np.full(rows, np.nan), "by product": some(products)[product], "by market": market, "again": market,
        "by seller": some(products * places)[product * places + exporter], "top_supplier": Words(main, words),
        "flag": pd.arrays.BooleanArray(rng.random(rows) < 0.5, rng.random(rows) < hidden),
        "reason": Words((rng.random(rows) < 0.1).astype(np.int32), ["", "no, “none”"]),
    }  # fmt: skip


def write(path, parts):
    with path.open("wb") as file:
        writer = Writer(file)
        for part in parts:
            writer.add(part)
        writer.close({"geoecon": "notes"})


def held(table):
    """Plain objects, what is missing as None."""
    return [[None if value is None or value != value else value for value in column] for column in table]


def expected(parts):
    table = pd.concat([frame(part) for part in parts], ignore_index=True)
    return held([column.astype(object).where(column.notna(), None).tolist() for _, column in table.items()])


def check(path, parts):
    wanted = expected(parts)
    arrow = pq.read_table(path)
    assert held(arrow[name].to_pylist() for name in arrow.column_names) == wanted
    assert held(pl.read_parquet(path)[name].to_list() for name in arrow.column_names) == wanted
    found = duckdb.sql(f"select * from '{path}'").fetchall()
    assert held(zip(*found, strict=True)) == wanted
    assert not any(np.isnan(v) for name in ("by row", "none") for v in arrow[name].drop_null().to_pylist())
    return arrow


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.integers(1, 70), min_size=1, max_size=3), st.integers(1, 4),
       st.sampled_from([1, 3, 300]), st.sampled_from([0.0, 0.3, 1.0]))  # fmt: skip
def test_any_columns_come_back_in_three_readers(tmp_path_factory, seed, sizes, products, places, hidden):
    path = tmp_path_factory.mktemp("pages") / "scan.parquet"
    parts = [made(seed + k, rows, products, places, hidden) for k, rows in enumerate(sizes)]
    write(path, parts)
    check(path, parts)


@pytest.mark.parametrize(("products", "places"), [(2, 40), (40, 220), (1000, 220)])  # codes of one, two and four bytes
def test_wide_numbers_of_groups(tmp_path, products, places):
    path, parts = tmp_path / "scan.parquet", [made(1, 200_000, products, places, 0.1)]
    write(path, parts)
    arrow = pq.read_table(path)
    assert held(arrow[name].to_pylist() for name in arrow.column_names) == expected(parts)


def test_types_bounds_and_what_is_said_of_the_file(tmp_path):
    path, parts = tmp_path / "scan.parquet", [made(1, 500, 3, 5, 0.2), made(2, 0, 1, 1, 0.0), made(3, 400, 3, 5, 0.2)]
    write(path, parts)
    file = pq.ParquetFile(path)
    assert file.metadata.num_rows == 900 and file.num_row_groups == 2 and file.metadata.metadata[b"geoecon"] == b"notes"
    types = {str(kind) for kind in file.schema_arrow.types}
    assert types == {"dictionary<values=string, indices=int32, ordered=0>", "double", "bool"}
    bounds = file.metadata.row_group(0).column(3).statistics
    assert (bounds.min, bounds.max, bounds.null_count) == ("000000", "000002", 0)
    few = duckdb.sql(f"select count(*) from '{path}' where product = '000001'").fetchall()[0][0]
    assert few == sum((part["product"].codes == 1).sum() for part in parts)


def test_what_repeats_by_market_stands_once(tmp_path):
    part = made(1, 60_000, 10, 60, 0.0)
    order = np.lexsort([part["importer"].codes, part["product"].codes])
    part = {name: Words(c.codes[order], c.words) if isinstance(c, Words) else c[order] for name, c in part.items()}
    write(tmp_path / "scan.parquet", [part])
    group = pq.ParquetFile(tmp_path / "scan.parquet").metadata.row_group(0)
    size = {group.column(k).path_in_schema: group.column(k).total_compressed_size for k in range(group.num_columns)}
    assert size["by row"] > 60_000 * 8 > 30 * size["by market"] and size["one"] < 100 and size["none"] < 100


def test_numbers_of_thrift():
    assert varint(300) == b"\xac\x02" and varint(0) == b"\0"
    assert struct({1: -1, 2: I64(1), 17: b"ab"}) == b"\x15\x01\x16\x02\xf8\x02ab\0"
    assert struct({1: [1] * 15, 2: {}})[:3] == b"\x19\xf5\x0f"
