"""One importer among all: everybody else's purchases are added up to one row a supplier and product beforehand.

What a row of the importer needs of the rest of the world are sums by supplier and product, and what each supplier buys
itself: the pass keeps both, and the kernel then sees a tenth of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numba as nb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geoecon.flows import dense

if TYPE_CHECKING:
    from geoecon.kinds import Cell, Frame


File = tuple[str, Mapping[str, str]]
Array = NDArray[np.float64]
Codes = NDArray[np.int32]
COLUMNS = ["exporter", "importer", "product", "value_usd", "tonnes"]
SLICE = 100_000  # rows that the kernel sees at once
NOBODY = "nobody"  # the other side of what is added up on a cluster
NAME = "others"  # of the importer that stands for everybody else


@dataclass(frozen=True)
class Hub:
    """(sales + purchases) of a country over world trade, by product and country: `share` (product, place)."""

    products: Mapping[str, int]
    places: Mapping[str, int]
    share: Array

    def of(self, products: pa.Array, product: Codes, places: pa.Array, place: Codes) -> Array:
        """By row, from the numbers of the rows' own lists of products and places."""
        rows = np.array([self.products[code] for code in products], dtype=np.int64)
        columns = np.array([self.places.get(code, -1) for code in places], dtype=np.int64)
        return self.share[rows[product], columns[place]]


def of_importer(
    rows: Frame, importer: Cell, period: str, names: Mapping[Any, str] | None, file: File | None = None
) -> tuple[pa.Table, Hub]:
    """The importer's rows and one row for every other supplier's sales to all others, of the products it buys.

    `rows` are of one period; `names` gives ISO3 codes where the table has others; `file` is a Parquet file that holds
    just these rows (path, our name -> its heading).
    """
    whole: Any = not isinstance(importer, str)
    product_of, place_of = dense.Numbers(), dense.Numbers(importer)
    products, places = product_of.known, place_of.known
    sold, bought = np.zeros((64, 64)), np.zeros((64, 64))
    own: list[tuple[Codes, Codes, Array, Array]] = []
    cluster = file is None and rows.implementation.is_pyspark()
    for batch in _summed(rows, importer) if cluster else _batches(rows, file):
        i, j, k = place_of(batch.column(0)), place_of(batch.column(1)), product_of(batch.column(2))
        v = _numbers(batch.column(3))
        sold, bought = (_grown(total, len(products), len(places)) for total in (sold, bought))
        _add(i, j, k, v, sold, bought)
        mine = np.flatnonzero(j == 0)
        own.append((i[mine], k[mine], v[mine], _numbers(batch.column(4).take(pa.array(mine)))))
    if NOBODY in places:
        sold[:, places[NOBODY]] = bought[:, places[NOBODY]] = 0.0
    e, k, v, q = (np.concatenate(parts) for parts in zip(*own, strict=True)) if own else _nothing()
    mine = np.zeros(len(products), dtype=bool)
    mine[k] = True
    sold, bought = sold[: len(products), : len(places)], bought[: len(products), : len(places)]
    world = sold.sum(axis=1) + np.bincount(k, np.nan_to_num(v), minlength=len(products))
    share = bought  # in place: these are the largest arrays
    share += sold
    np.add.at(share, (k, e), np.nan_to_num(v))
    with np.errstate(divide="ignore", invalid="ignore"):
        share /= np.where(world > 0, world, np.nan)[:, None]
    ok, oe = (part.astype(np.int32) for part in np.nonzero((sold > 0) & mine[:, None]))
    product = np.concatenate([k, ok])
    order = np.argsort(product, kind="stable").astype(np.int32)
    buyer = np.concatenate([np.zeros(len(k), np.int32), np.full(len(ok), len(places), np.int32)])
    value, tonnes = np.concatenate([v, sold[ok, oe]])[order], np.concatenate([q, np.full(len(ok), np.nan)])[order]
    del sold, ok
    codes = [*places, -1 if whole else "~"]
    listed = list(products)
    table = pa.table({
        "period": _words(np.zeros(len(order)), [period]),
        "exporter": _words(np.concatenate([e, oe])[order], codes),
        "importer": _words(buyer[order], codes),
        "product": _words(product[order], listed),
        "value_usd": value,
        "tonnes": tonnes,
    })  # fmt: skip
    iso3 = {names[code] if names is not None else code: number for code, number in places.items()}
    return table, Hub(products, iso3, share)


def slices(table: pa.Table) -> Iterator[pa.Table]:
    """Parts of a table sorted by product, each with all rows of its products: the kernel's memory is that of one."""
    words: Any = table["product"].chunk(0)
    codes = words.indices.to_numpy(zero_copy_only=False)
    ends = np.append(np.flatnonzero(np.diff(codes)) + 1, len(codes))
    start = 0
    while start < len(codes):
        end = int(ends[min(int(np.searchsorted(ends, start + SLICE)), len(ends) - 1)])
        yield table.slice(start, end - start)
        start = end


def _summed(rows: Frame, importer: Cell) -> Iterator[pa.RecordBatch]:
    """What a cluster sends back: the importer's rows, and everybody else's added up by supplier and by buyer.

    Sales come with a buyer and purchases with a seller that no country is, so that nothing counts twice.
    """
    mine, value = nw.col("importer") == importer, nw.col("value_usd").sum()
    rest = rows.filter(~mine)
    sold = rest.group_by("exporter", "product").agg(value).with_columns(importer=nw.lit(NOBODY))
    bought = rest.group_by("importer", "product").agg(value).with_columns(exporter=nw.lit(NOBODY))
    for part in (rows.filter(mine), *(p.with_columns(tonnes=nw.lit(None, nw.Float64)) for p in (sold, bought))):
        yield from part.select(*COLUMNS).collect("pyarrow").to_native().to_batches()


def _batches(rows: Frame, file: File | None) -> Iterator[pa.RecordBatch]:
    if file is not None:
        names = [file[1][name] for name in COLUMNS]
        yield from dense.batches(file[0], names, names[2:3])
        return
    if rows.implementation.is_duckdb():
        yield from nw.to_native(rows.select(*COLUMNS)).to_arrow_reader(dense.BATCH)
        return
    yield from rows.select(*COLUMNS).collect("pyarrow").to_native().to_batches(dense.BATCH)


def _numbers(column: pa.Array) -> Array:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _grown(total: Array, products: int, places: int) -> Array:
    """The sums with room for so many products and places."""
    rows, columns = total.shape
    if products <= rows and places <= columns:
        return total
    wanted = [2 * size if size > have else have for size, have in ((products, rows), (places, columns))]
    larger = np.zeros(wanted)
    larger[:rows, :columns] = total
    return larger


@nb.njit(cache=True, nogil=True)
def _add(i, j, k, v, sold, bought):  # type: ignore[no-untyped-def]
    """Adds sales to all but place 0 (the importer) and purchases, both by product and place."""
    for r in range(len(i)):
        if v[r] != v[r]:
            continue
        bought[k[r], j[r]] += v[r]
        if j[r] != 0:
            sold[k[r], i[r]] += v[r]


def _nothing() -> tuple[Codes, Codes, Array, Array]:
    return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0), np.zeros(0)


def _words(codes: Codes | Array, words: list[Any]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.asarray(codes, dtype=np.int32)), pa.array(words))
