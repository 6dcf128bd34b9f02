"""cut_offs: the record of cut-offs from any table of yearly trade, in one process or on a cluster."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from geoecon import flows as trade
from geoecon.episodes import build
from geoecon.episodes.record import Record, write
from geoecon.errors import InputError
from geoecon.figure import cite
from geoecon.flows import engine

if TYPE_CHECKING:
    from pyspark.sql import DataFrame as SparkFrame

    from geoecon.kinds import Frame, Rows


CHUNK = 1_500_000  # rows of whole products that are read at a time
BATCH = 250_000  # rows that are sorted into their parts at a time
MEMORY = "1GB"  # for the engine that reads them: what many files need to be gone through
LEAST_YEARS = 3
LICENCE = "Etalab Open Licence 2.0; attribution: CEPII, BACI"
COLUMNS = ["period", "exporter", "importer", "product", "value_usd", "tonnes"]


def cut_offs(flows: Rows, *, out: str | Path | None = None, on: str | None = None,
                  smallest: float = build.CLEAN_USD) -> Record:  # fmt: skip
    """Every clean cut-off of a table of trade by year: anything that `read_flows` takes, or "sample".

    `smallest` is the flow in USD a year from which one counts; `on` names an engine (spark://HOST:PORT); `out` is a
    Parquet file for `precedents(episodes=…)`. 109 million rows in ten
    files took 230 s of processor time and 1.5 GB (`bench/episodes.py FOLDER`).

    Raises InputError for a table without tonnes, with months, or with fewer than three years.
    """
    bundled = isinstance(flows, str) and flows == "sample"
    known = trade.thirty_years().on(on) if bundled else trade.read_flows(flows, on=on)
    years = known.periods()
    if any(len(year) != 4 for year in years) or len(years) < LEAST_YEARS:
        raise InputError(f"periods {', '.join(years[:6])}; allowed: at least three whole years (2015, 2016, 2017)")
    first, span = int(min(years)), int(max(years)) - int(min(years)) + 1
    rows = known.frame.select(*COLUMNS)
    if rows.implementation.is_pyspark():
        found = _on_spark(rows, first, span)
    else:
        with engine.memory(MEMORY):
            found = build.added(build.added(build.of_table(table, first, span)) for table in _tables(rows))
    if not (found["what"] == "cut").any():
        raise InputError("no flow of the table was exposed (a fifth of the imports, in tonnes, for two years); "
                         "allowed: a table of the world's trade with tonnes")  # fmt: skip
    origin = cite("episodes-baci") if bundled else f"cut-offs computed by geoecon from {known.label}"
    notes = () if bundled else known.coverage.said
    licence = LICENCE if bundled else "as the trade table"
    record = Record(build.clean(build.finish(found), smallest), origin, licence, notes)
    if out is not None:
        write(record, Path(out))
    return record


def _tables(rows: Frame) -> Iterator[Any]:
    """The rows as Arrow tables that hold all rows of each of their products.

    What DuckDB reads is gone through once and laid by, so many products a file: a look into every file for each of a
    hundred parts would take an hour.
    """
    counted = rows.group_by("product").agg(nw.len().alias("n")).collect().to_pandas().sort_values("product")
    counted["part"] = (counted["n"].cumsum() - 1) // CHUNK
    if counted["part"].nunique() == 1:
        yield rows.collect("pyarrow").to_native()
    elif rows.implementation.is_duckdb():
        yield from _laid_by(rows, counted)
    else:
        for _, part in counted.groupby("part"):
            ends = nw.lit(part["product"].iloc[0]), nw.lit(part["product"].iloc[-1])
            yield rows.filter(nw.col("product").is_between(*ends)).collect("pyarrow").to_native()


def _laid_by(rows: Frame, counted: pd.DataFrame) -> Iterator[Any]:
    """The parts of `counted` (product, part), each written once into a folder that goes when they are read.

    Rows come in batches that are sorted by part here: the engine's own writer of parts keeps rows of all of them.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    products, parts = pa.array(counted["product"], pa.string()), counted["part"].to_numpy()
    with tempfile.TemporaryDirectory(prefix="geoecon-") as folder, ExitStack() as open_files:
        writers: dict[int, Any] = {}
        for batch in nw.to_native(rows).to_arrow_reader(BATCH):
            place = pc.index_in(batch.column("product").cast(pa.string()), products)
            part = parts[place.to_numpy(zero_copy_only=False)]
            order = np.argsort(part, kind="stable")
            numbers, starts = np.unique(part[order], return_index=True)
            ordered = batch.take(pa.array(order))
            for number, start, end in zip(numbers, starts, [*starts[1:], len(part)], strict=True):
                if number not in writers:
                    path = f"{folder}/{number}"
                    writers[number] = open_files.enter_context(pa.ipc.new_stream(path, ordered.schema))
                writers[number].write_batch(ordered.slice(start, end - start))
        open_files.close()
        for number in sorted(writers):
            with pa.OSFile(f"{folder}/{number}") as file:
                yield pa.ipc.open_stream(file).read_all()


def _on_spark(rows: Frame, first: int, span: int) -> pd.DataFrame:
    """The same, a product at a time on the workers of a cluster."""
    texts = {"what", "product", "supplier", "importer", "policy"}
    schema = ", ".join(f"{name} {'string' if name in texts else 'double'}" for name in build.FOUND)

    def one(part: pd.DataFrame) -> pd.DataFrame:
        import pyarrow as pa

        parts = list(build.of_table(pa.Table.from_pandas(part, preserve_index=False), first, span))
        told = pd.concat(parts) if parts else pd.DataFrame(columns=build.FOUND)
        return told.astype({name: object if name in texts else float for name in build.FOUND})

    held: SparkFrame = nw.to_native(rows)
    found = pd.DataFrame(held.groupBy("product").applyInPandas(one, schema=schema).toPandas())
    return found.astype({"year": np.int64})
