"""One importer among all: everybody else's purchases are added up to one row a supplier and product beforehand.

What a row of the importer needs of the rest of the world are sums by supplier and product, and what each supplier buys
itself: the pass keeps both, and the kernel then sees a tenth of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geoecon.compiled import njit
from geoecon.flows import dense

if TYPE_CHECKING:
    from geoecon.kinds import Cell, Frame


File = tuple[str, Mapping[str, str]]
Array = NDArray[np.float64]
Codes = NDArray[np.int32]
COLUMNS = ["exporter", "importer", "product", "value_usd", "tonnes"]
SLICE = 25_000  # rows that the kernel sees at once
ROOM = (256, 6_144)  # places and products of the sums at first: more than a year of BACI has
NOBODY = "nobody"  # the other side of what is added up on a cluster
NAME = "others"  # of the importer that stands for everybody else


@dataclass(frozen=True)
class Hub:
    """(sales + purchases) of a country over world trade, by country and product: `share` (place, product)."""

    products: Mapping[str, int]
    places: Mapping[str, int]
    share: Array

    def of(self, products: pa.Array, product: Codes, places: pa.Array, place: Codes) -> Array:
        """By row, from the numbers of the rows' own lists of products and places."""
        rows = np.array([self.products[code] for code in products], dtype=np.int64)
        columns = np.array([self.places.get(code, -1) for code in places], dtype=np.int64)
        return self.share[columns[place], rows[product]]


def of_importer(
    rows: Frame, importer: Cell, period: str, names: Mapping[Cell, str] | None, file: File | None = None
) -> tuple[Iterator[pa.Table], Hub]:
    """The importer's rows and one row for every other supplier's sales to all others, of the products it buys.

    They come in tables of whole products. `rows` are of one period; `names` gives ISO3 codes where the table has
    others; `file` is a Parquet file that holds just these rows (path, our name -> its heading).
    """
    product_of, place_of = dense.Numbers(), dense.Numbers(importer)
    products, places = product_of.known, place_of.known
    sold, bought = np.zeros(ROOM), np.zeros(ROOM)
    own: list[tuple[Codes, Codes, Array, Array]] = []
    cluster = file is None and rows.implementation.is_pyspark()
    for batch in _summed(rows, importer) if cluster else _batches(rows, file):
        i, j, k = place_of(batch.column(0)), place_of(batch.column(1)), product_of(batch.column(2))
        v = _numbers(batch.column(3))
        sold, bought = (_grown(total, len(places), len(products)) for total in (sold, bought))
        _add(i, j, k, v, sold, bought)
        mine = np.flatnonzero(j == 0)
        own.append((i[mine], k[mine], v[mine], _numbers(batch.column(4).take(pa.array(mine)))))
    if NOBODY in places:
        sold[places[NOBODY]] = bought[places[NOBODY]] = 0.0
    e, k, v, q = (np.concatenate(parts) for parts in zip(*own, strict=True)) if own else _nothing()
    sold, share = sold[: len(places), : len(products)], bought[: len(places), : len(products)]
    world = sold.sum(axis=0) + np.bincount(k, np.nan_to_num(v), minlength=len(products))
    share += sold  # in place: these are the largest arrays
    np.add.at(share, (e, k), np.nan_to_num(v))
    with np.errstate(divide="ignore", invalid="ignore"):
        share /= np.where(world > 0, world, np.nan)
    order = np.argsort(k, kind="stable")
    made = _tables(sold, (e[order], k[order], v[order], q[order]), list(products), list(places), period)
    iso3 = {names[code] if names is not None else code: number for code, number in places.items()}
    return made, Hub(products, iso3, share)


def _tables(
    sold: Array, own: tuple[Codes, Codes, Array, Array], products: list[Any], places: list[Any], period: str
) -> Iterator[pa.Table]:
    """The importer's rows (exporter, product, USD, tonnes) with the sales of all to others, so many products at a
    time that the kernel sees about `SLICE` rows."""
    exporter, product, value, tonnes = own
    met = np.unique(product)
    sizes = np.bincount(product, minlength=len(products))[met] + (sold[:, met] > 0).sum(axis=0)
    codes = [*places, "~" if isinstance(places[0], str) else -1]
    for part in np.split(met, np.flatnonzero(np.diff(np.cumsum(sizes) // SLICE)) + 1):
        if not len(part):
            continue
        mine = slice(*np.searchsorted(product, (part[0], part[-1] + 1)))
        column, seller = np.nonzero(sold[:, part].T)
        n, rest = mine.stop - mine.start, part[column].astype(np.int32)
        both = np.concatenate([product[mine], rest])
        order = np.argsort(both, kind="stable")
        buyer = np.repeat(np.array([0, len(places)], dtype=np.int32), [n, len(rest)])
        yield pa.table({
            "period": _words(np.zeros(len(order)), [period]),
            "exporter": _words(np.concatenate([exporter[mine], seller.astype(np.int32)])[order], codes),
            "importer": _words(buyer[order], codes),
            "product": _words(np.searchsorted(part, both[order]).astype(np.int32), [products[p] for p in part]),
            "value_usd": np.concatenate([value[mine], sold[seller, rest]])[order],
            "tonnes": np.concatenate([tonnes[mine], np.full(len(rest), np.nan)])[order],
        })  # fmt: skip


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


def _grown(total: Array, places: int, products: int) -> Array:
    """The sums with room for so many places and products."""
    rows, columns = total.shape
    if places <= rows and products <= columns:
        return total
    larger = np.zeros([2 * size if size > have else have for size, have in ((places, rows), (products, columns))])
    larger[:rows, :columns] = total
    return larger


@njit(cache=True, nogil=True)
def _add(i: Codes, j: Codes, k: Codes, v: Array, sold: Array, bought: Array) -> None:
    """Adds sales to all but place 0 (the importer) and purchases, both by place and product."""
    seller, buyer = np.int64(-1), np.int64(-1)
    sales, purchases = sold[0], bought[0]
    for r in range(len(i)):
        if v[r] != v[r]:
            continue
        if i[r] != seller:
            seller = np.int64(i[r])
            sales = sold[seller]
        if j[r] != buyer:
            buyer = np.int64(j[r])
            purchases = bought[buyer]
        product = np.uint32(k[r])
        purchases[product] += v[r]
        if buyer != 0:
            sales[product] += v[r]


def _nothing() -> tuple[Codes, Codes, Array, Array]:
    return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0), np.zeros(0)


def _words(codes: Codes | Array, words: list[Any]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.asarray(codes, dtype=np.int32)), pa.array(words))
