"""Every triple of a sorted file of ours, product by product in one pass: the same figures as the expressions.

A file of ours is sorted by period and product, so that all rows of a market stand together: the totals of one product
fit into a few small arrays, and nothing is joined. Parity with `indicators.py` is tested.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba as nb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geoecon.trade import presets
from geoecon.trade.products import is_unspecified

Array = NDArray[np.float64]
KEYS = ["period", "exporter", "importer", "product"]
BATCH = 100_000
THREADS = max(1, min(2, os.cpu_count() or 1))
OUT = (
    "imports", "exports", "import_share", "top_share", "supplier_hhi", "effective_suppliers", "extra_share", "mx_ratio",
    "world_hhi", "market_share_of_sales", "asymmetry", "spof", "replaceability", "cutoff_loss", "cutoff_cost",
    "world_top_share", "supplier_is_world_top",
)  # fmt: skip


@nb.njit(cache=True, nogil=True)
def _markets(starts, i, j, v, left, sigma, home, n, out):  # type: ignore[no-untyped-def]
    """Fills out (indicator, row). starts (market + 1,): first row of each product; i, j (row,) places; v USD."""
    for m in range(len(starts) - 1):
        first, last = starts[m], starts[m + 1]
        sold, bought = np.zeros(n), np.zeros(n)
        squares, largest = np.zeros(n), np.zeros(n)
        for r in range(first, last):
            value = v[r]
            sold[i[r]] += value
            bought[j[r]] += value
            if not left[i[r]]:
                squares[j[r]] += value * value
                largest[j[r]] = max(largest[j[r]], value)
        world, world_squares, world_largest = sold.sum(), (sold * sold).sum(), sold.max()
        for r in range(first, last):
            s, c, value = i[r], j[r], v[r]
            total, own, sales = bought[c], sold[c], sold[s]
            rest = world - own
            w = value / total if total > 0 else np.nan
            out[0, r], out[1, r], out[2, r] = total, own, w
            out[3, r] = largest[c] / total if total > 0 else np.nan
            out[4, r] = squares[c] / (total * total) if total > 0 else np.nan
            out[5, r] = total * total / squares[c] if squares[c] > 0 else np.nan
            out[6, r] = 1.0 if total > 0 else np.nan
            out[7, r] = total / own if own > 0 else np.nan
            out[8, r] = (world_squares - own * own) / (rest * rest) if rest * rest > 0 else np.nan
            out[9, r] = value / sales if sales > 0 else np.nan
            out[10, r] = sales / total if total > 0 else np.nan
            out[11, r] = (sales + bought[s]) / world if world > 0 else np.nan
            out[12, r] = (world - sales - total + value) / value if value > 0 else np.nan
            kept = 1.0 - w * (1.0 - home[m])
            out[13, r] = -np.log(kept) / (sigma[m] - 1.0) if kept > 0 else np.nan
            out[14, r] = out[13, r] * value
            out[15, r] = world_largest / world if world > 0 else np.nan
            out[16, r] = 1.0 if sales >= world_largest * (1 - 1e-12) else 0.0


def batches(
    path: str, period: str, elasticity: float | Mapping[str, float], domestic: float | Mapping[str, float],
    leftover: tuple[str, ...], names: tuple[str, ...], world: bool,
) -> Iterator[pa.RecordBatch]:  # fmt: skip
    """Record batches with keys, value, tonnes, the indicators of `OUT` and the flags of the presets."""
    places: dict[str, int] = {}

    def measured(table: pa.Table, i: Any, j: Any) -> pa.RecordBatch:
        return _measured(table, i, j, list(places), elasticity, domestic, leftover, names, world)

    pool_before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())  # gives memory back between batches: half the peak
    try:
        with ThreadPoolExecutor(THREADS) as pool:  # the kernel and Arrow let go of the lock
            running: deque[Any] = deque()
            for table in _whole_products(path, period):
                sides = (_placed(table[side], places) for side in ("exporter", "importer"))
                running.append(pool.submit(measured, table, *sides))
                if len(running) > THREADS:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
    finally:
        pa.set_memory_pool(pool_before)


def _whole_products(path: str, period: str) -> Iterator[pa.Table]:
    """The file in tables that hold all rows of each of their products."""
    waiting: pa.Table | None = None
    file = pq.ParquetFile(path, read_dictionary=KEYS, memory_map=False, pre_buffer=False)
    for batch in file.iter_batches(BATCH, columns=[*KEYS, "value_usd", "tonnes"]):
        table = _of_period(pa.Table.from_batches([batch]), period)
        if not len(table):
            continue
        table = table if waiting is None else pa.concat_tables([waiting, table]).unify_dictionaries().combine_chunks()
        codes = _codes(table["product"])
        cut = int(np.flatnonzero(codes != codes[-1])[-1]) + 1 if codes[-1] != codes[0] else 0
        waiting = table.slice(cut)
        if cut:
            yield table.slice(0, cut)
    if waiting is not None and len(waiting):
        yield waiting


def _of_period(table: pa.Table, period: str) -> pa.Table:
    column = table["period"].combine_chunks()
    words = column.dictionary.to_pylist()
    if words == [period]:
        return table
    import pyarrow.compute as pc

    return table.filter(pc.equal(column.cast(pa.string()), period))


def _codes(column: pa.ChunkedArray) -> Any:
    return column.combine_chunks().indices.to_numpy(zero_copy_only=False)


def _placed(column: pa.ChunkedArray, places: dict[str, int]) -> Any:
    """Numbers of places (row,) that stay the same over all batches."""
    whole = column.combine_chunks()
    known = np.array([places.setdefault(code, len(places)) for code in whole.dictionary.to_pylist()], dtype=np.int32)
    return known[whole.indices.to_numpy(zero_copy_only=False)]


def _measured(
    table: pa.Table, i: Any, j: Any, places: list[str], elasticity: float | Mapping[str, float],
    domestic: float | Mapping[str, float], leftover: tuple[str, ...], names: tuple[str, ...], world: bool,
) -> pa.RecordBatch:  # fmt: skip
    product = _codes(table["product"])
    starts = np.concatenate([[0], np.flatnonzero(np.diff(product)) + 1, [len(product)]]).astype(np.int64)
    words = table["product"].combine_chunks().dictionary.to_pylist()
    listed = [words[product[k]] for k in starts[:-1]]
    v = np.nan_to_num(table["value_usd"].to_numpy(), nan=0.0)
    left = np.array([code in leftover for code in places])
    out = np.empty((len(OUT), len(v)))
    _markets(starts, i, j, v, left, _by(listed, elasticity, 4.0), _by(listed, domestic, 0.0), len(places), out)
    found = dict(zip(OUT, out, strict=True))
    flags = presets.evaluate(found, names)
    vague = np.array([is_unspecified(code) for code in listed])
    keep = (v > 0) & ~left[i] & ~np.repeat(vague, np.diff(starts))
    data: dict[str, Any] = {name: table[name].combine_chunks() for name in [*KEYS, "value_usd", "tonnes"]}
    data |= {name: pa.array(values, from_pandas=True) for name, values in found.items() if world or name not in WORLD}
    data |= {name: pa.array(values, from_pandas=True) for name, values in flags.items()}
    batch = pa.RecordBatch.from_pydict(data)
    return batch if keep.all() else batch.filter(pa.array(keep))


WORLD = ("exports", "mx_ratio", "world_hhi", "market_share_of_sales", "asymmetry", "spof", "replaceability",
         "world_top_share", "supplier_is_world_top")  # fmt: skip


def _by(products: list[str], given: float | Mapping[str, float], default: float) -> Array:
    if isinstance(given, Mapping):
        return np.array([float(given.get(code, default)) for code in products])
    return np.full(len(products), float(given))
