"""Rows in tables of whole products, each measured by the kernel: the memory of a scan is that of a few tables."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import starmap
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from geoecon.flows import engine
from geoecon.indicators import complete, others
from geoecon.indicators.complete import Found, Words
from geoecon.indicators.measure import TRIPLE, Options
from geoecon.indicators.reused import Reused

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from geoecon.indicators import kernel
    from geoecon.kinds import Cell, Frame

    Job = tuple[str, kernel.Rows]  # period, rows


KEYS = ["period", "exporter", "importer", "product"]
COLUMNS = [*KEYS, "value_usd", "tonnes"]
BATCH = 122_880  # rows that are read at a time from a file of ours, which are those of one group in it
PIECE = 64_000  # and measured at a time
WRITTEN = 122_880  # where they are written, too, which takes as long
CHUNK = 1_500_000  # and from anything else
THREADS = max(1, min(2, os.cpu_count() or 1))


@dataclass(frozen=True)
class Question:
    """What is asked of the rows: options, the side or sides that are wanted, ISO3 codes of the table's own codes."""

    options: Options
    importer: str | None = None
    exporter: str | None = None
    names: Mapping[Cell, str] | None = None
    scale: float = 1.0  # makes USD of the table's values
    spending: Mapping[tuple[str, str], float] = field(default_factory=dict)  # (period, importer) -> USD
    pair: tuple[str, ...] = ()  # two countries, of which each is wanted as supplier of the other
    zeros: bool = False  # rows without trade too
    top: int | None = None  # the costliest so many of each part are enough
    written: bool = False  # every part goes to a file
    hub: others.Hub | None = None  # of all trade, where everybody else's rows are added up


def of_file(path: str, period: str) -> Iterator[pa.Table]:
    """A sorted Parquet file of ours as Arrow tables that hold all rows of each of their products."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    waiting: pa.Table | None = None
    file = pq.ParquetFile(path, read_dictionary=KEYS, memory_map=False, pre_buffer=False)
    for read in file.iter_batches(BATCH, columns=COLUMNS, use_threads=False):
        table = _of_period(pa.Table.from_batches([read]), period)
        if not len(table):
            continue
        table = table if waiting is None else pa.concat_tables([waiting, table]).unify_dictionaries().combine_chunks()
        codes = table["product"].combine_chunks().indices.to_numpy(zero_copy_only=False)
        cut = int(np.flatnonzero(codes != codes[-1])[-1]) + 1 if codes[-1] != codes[0] else 0
        waiting = table.slice(cut)
        if cut:
            yield table.slice(0, cut)
    if waiting is not None and len(waiting):
        yield waiting


def _of_period(table: pa.Table, period: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    column = table["period"].combine_chunks()
    if column.dictionary.to_pylist() == [period]:
        return table
    return table.filter(pc.equal(column.cast(pa.string()), period))


def of_frame(rows: Frame) -> Iterator[pa.Table]:
    """The rows of a lazy frame as Arrow tables of ranges of products."""
    counted = engine.collect(rows.group_by("product").agg(nw.len().alias("n")))
    counted = counted.sort_values("product", ignore_index=True)
    for _, part in counted.groupby((counted["n"].cumsum() - 1) // CHUNK):
        ends = nw.lit(part["product"].iloc[0]), nw.lit(part["product"].iloc[-1])
        within = rows if len(part) == len(counted) else rows.filter(nw.col("product").is_between(*ends))
        yield within.select(*COLUMNS).collect("pyarrow").to_native()


def measured(tables: Iterable[pa.Table], question: Question, period: str | None = None) -> Iterator[Found]:
    """The columns of the wanted rows, table by table, two at a time; every period of a table, or one of them.

    Flags that need several periods are set where `period` names the one that is wanted of several.
    """
    reused = Reused()

    def answered(told: str, rows: kernel.Rows) -> Found:
        return _answered(rows, told, question, reused)

    jobs = _jobs(tables, question, together=question.options.years > 1)
    alone = question.hub is not None or question.written  # few rows, or a thread is busy with the file
    for parts in (starmap(answered, job) for job in jobs) if alone else _beside(jobs, answered):
        yield from parts if question.options.years == 1 else lasting(parts, question.options, period)


def _beside(jobs: Iterable[list[Job]], answered: Callable[[str, kernel.Rows], Found]) -> Iterator[Iterator[Found]]:
    """The answers of so many jobs at a time as there are threads; the kernel and Arrow let go of the lock."""
    with ThreadPoolExecutor(THREADS) as pool:
        running: deque[list[Future[Found]]] = deque()
        for job in jobs:
            running.append([pool.submit(answered, *part) for part in job])
            if len(running) >= THREADS:
                yield (one.result() for one in running.popleft())
        while running:
            yield (one.result() for one in running.popleft())


def _jobs(tables: Iterable[pa.Table], question: Question, *, together: bool) -> Iterator[list[Job]]:
    """(period, rows) one by one, or those of a table together."""
    from geoecon.indicators import kernel

    places: dict[Cell, int] = {}
    for table in tables:
        rows = [(told, kernel.rows(part, places, question.names, question.scale)) for told, part in _periods(table)]
        pieces = [(told, piece) for told, part in rows for piece in part.pieces(WRITTEN if question.written else PIECE)]
        yield from [pieces] if together else ([piece] for piece in pieces)


def _periods(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    import pyarrow.compute as pc

    column = table["period"].combine_chunks()
    words = getattr(column, "dictionary", column)
    if len(words) > 1:
        column = column.cast(words.type)
        words = pc.unique(column)
    for period in words.to_pylist():
        yield period, table if len(words) == 1 else table.filter(pc.equal(column, period))


def _answered(rows: kernel.Rows, period: str, question: Question, reused: Reused) -> Found:
    from geoecon.indicators import kernel

    options = question.options
    spent = {place: question.spending.get((period, place), np.nan) for place in rows.places}
    columns, top = kernel.indicators(
        rows, options.elasticity, options.domestic_share, options.leftover, options.risk, spent, reused
    )
    if question.hub is not None:
        columns["spof"] = question.hub.of(rows.products, rows.product, rows.places, rows.exporter)
    wanted = rows.named(options.leftover, zeros=question.zeros)
    for side, code in (("importer", question.importer), ("exporter", question.exporter)):
        if code is not None:
            there = np.array([place == code for place in rows.places], dtype=bool)
            wanted &= there[getattr(rows, side)]
    if question.pair:
        two = np.array([place in question.pair for place in rows.places], dtype=bool)
        wanted &= two[rows.importer] & two[rows.exporter]
    if question.top is not None:
        wanted = _costliest(columns["rank_cost"], wanted, question.top)
    one = np.zeros(len(rows.value), dtype=np.int32)
    found: Found = {
        "period": Words(one, [period]),
        "importer": Words(rows.importer, rows.places),
        "exporter": Words(rows.exporter, rows.places),
        "product": Words(rows.product, rows.products),
        "value_usd": rows.value,
        "tonnes": rows.tonnes,
        **columns,
        "top_supplier": Words(top, rows.places),
    }
    return complete.completed(_kept(found, wanted), options)


def _costliest(cost: NDArray[np.float64], wanted: NDArray[np.bool_], top: int) -> NDArray[np.bool_]:
    """Those of the wanted rows that cost as much as the first `top`, equal ones included."""
    asked = cost[wanted]
    return wanted if len(asked) <= top else wanted & (cost >= np.partition(asked, -top)[-top])


def _kept(found: Found, wanted: NDArray[np.bool_]) -> Found:
    if wanted.all():
        return found
    place = np.flatnonzero(wanted)
    return {n: Words(c.codes[place], c.words) if isinstance(c, Words) else c[place] for n, c in found.items()}


def lasting(parts: Iterable[Found], options: Options, period: str | None) -> Iterator[Found]:
    """The part of one period out of those of several, with the flags that need all of them."""
    table = pd.concat([complete.frame(part) for part in parts], ignore_index=True)
    table = complete.persistent(table, options)
    yield complete.again(table if period is None else table[table["period"] == period])


def together(parts: Iterable[Found], question: Question, top: int | None = None) -> pd.DataFrame:
    """All parts as one ranked table, or the costliest rows of them."""
    tables, held, best, bound = [], [], np.zeros(0), -np.inf
    for part in parts:
        if top is None:
            tables.append(complete.frame(part))
            continue
        kept = _kept(part, _costliest(part["rank_cost"], part["rank_cost"] >= bound, top))
        held += [kept] if len(kept["rank_cost"]) else []
        best = np.sort(np.concatenate([best, kept["rank_cost"]]))[-top:]
        bound = best[0] if len(best) == top else -np.inf
    within = [(part, part["rank_cost"] >= bound) for part in held]
    tables += [complete.frame(_kept(part, there)) for part, there in within if there.any()]
    return ranked(pd.concat(tables or [complete.frame(nothing(question))], ignore_index=True), top)


def nothing(question: Question) -> Found:
    """The columns without a row."""
    from geoecon.indicators.kernel import COLUMNS as MEASURED

    none = Words(np.zeros(0, dtype=np.int32), [])
    numbers = dict.fromkeys(("value_usd", "tonnes", *MEASURED), np.zeros(0))
    return complete.completed({**dict.fromkeys((*TRIPLE, "top_supplier"), none), **numbers}, question.options)


def ranked(table: pd.DataFrame, top: int | None = None) -> pd.DataFrame:
    """Rows by the cost of a cut-off, the costliest first."""
    order = ["rank_cost", "value_usd", "product", "importer", "exporter"]
    table = table.sort_values(order, ascending=[False, False, True, True, True], ignore_index=True)
    return table if top is None else table.head(top)
