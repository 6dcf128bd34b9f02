"""Every triple written: columns that are said to lack nothing do, however the rows are cut, and memory is given twice
only when nobody looks any more."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geoecon.flows import read_flows
from geoecon.indicators import complete, scan, stream
from geoecon.indicators.reused import Reused

ROWS = pd.DataFrame(
    [("2022", *row) for row in (("CHN", "KOR", "280530", 60.0, 1.0), ("JPN", "KOR", "280530", 40.0, np.nan),
                                ("CHN", "JPN", "280530", 5e-9, 0.0), ("KOR", "JPN", "282520", 1e17, 3.0),
                                ("DEU", "JPN", "282520", 0.0, 2.0))],
    columns=["period", "exporter", "importer", "product", "value_usd", "tonnes"],
)  # fmt: skip


def written(path, **asked):
    """The sorted table that stands in the file, and its schema, which tells what may lack something."""
    scan(out=path, **asked)
    table = pq.read_table(path).to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
    table = table.astype(dict.fromkeys(table.select_dtypes("category"), object))
    return table.sort_values(["importer", "exporter", "product"], ignore_index=True), pq.read_schema(path)


@pytest.mark.parametrize(
    "asked",
    [
        {"flows": "sample", "period": "2022"},  # with trade of unspecified partners
        {"flows": "sample", "period": "2022", "bloc": "EU"},
        {"flows": "sample", "preset": "geodep,crm2023"},  # looks at three years
        {"flows": ROWS},
        {"flows": ROWS, "scope": "part"},
    ],
    ids=["sample", "bloc", "years", "world", "part"],
)
def test_what_is_sure_lacks_nothing(tmp_path, monkeypatch, asked):
    found, schema = written(tmp_path / "sure.parquet", **asked)
    sure = [field.name for field in schema if not field.nullable]
    assert {"importer", "value_usd", "import_share"} <= set(sure) and "tonnes" not in sure
    assert not found[sure].isna().any().any()
    assert all(
        chunk.null_count == 0 for name in sure for chunk in pq.read_table(tmp_path / "sure.parquet")[name].chunks
    )
    monkeypatch.setattr(complete, "sure", lambda options: ())
    doubted, schema = written(tmp_path / "doubted.parquet", **asked)
    assert all(field.nullable for field in schema)
    pd.testing.assert_frame_equal(found, doubted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("rows", [1, 700, 20_000])
def test_every_triple_is_the_same_however_the_rows_are_cut(tmp_path, monkeypatch, rows):
    flows = read_flows("sample", quiet=True)
    whole, _ = written(tmp_path / "whole.parquet", flows=flows, period="2022")
    monkeypatch.setattr(stream, "WRITTEN", rows)
    cut, _ = written(tmp_path / "cut.parquet", flows=flows, period="2022")
    assert pq.ParquetFile(tmp_path / "cut.parquet").num_row_groups > 1
    pd.testing.assert_frame_equal(cut, whole, rtol=1e-12, atol=1e-12)


def test_memory_is_given_again_when_nobody_looks():
    memory = Reused()
    one = memory.empty(2, 5)
    view, place = one[1][2:], one.ctypes.data
    one[:] = 1.0
    buffer = pa.py_buffer(view)
    del one, view
    assert memory.empty(2, 5).ctypes.data != place  # the buffer still looks
    del buffer
    again = [memory.empty(1, 7), memory.empty(2, 4)]
    assert place in [array.ctypes.data for array in again]
    assert again[0].shape == (1, 7) and not np.shares_memory(*again)
