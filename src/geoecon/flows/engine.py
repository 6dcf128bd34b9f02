"""Where the expressions run: DuckDB inside the process (default), the user's own frames, or a Spark cluster."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, cast

import narwhals as nw
import pandas as pd

from geoecon.errors import InputError

if TYPE_CHECKING:
    import duckdb
    from narwhals.typing import IntoFrame
    from pyspark.sql import SparkSession

    from geoecon.kinds import Frame


MEMORY = "256MB"  # DuckDB spills to disk beyond it


@cache
def embedded(memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """The DuckDB connection of this process, with a memory limit and a folder to spill into."""
    import duckdb

    folder = tempfile.mkdtemp(prefix="geoecon-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    connection = duckdb.connect(config={"memory_limit": memory, "temp_directory": folder})
    connection.execute("SET preserve_insertion_order = false")
    return connection


@contextmanager
def memory(limit: str) -> Iterator[None]:
    """More memory for the embedded engine and one thread, while whole products of many years are brought out of it.

    A union of files reads ahead in all of them at once, and so many times over as there are threads.
    """
    embedded().execute(f"SET memory_limit = '{limit}'; SET threads = 1")
    try:
        yield
    finally:
        embedded().execute(f"SET memory_limit = '{MEMORY}'; RESET threads")


def lazy(frame: IntoFrame) -> Frame:
    """A narwhals LazyFrame over a DuckDB relation, a pandas, Polars or Arrow table, or a Spark frame.

    Arrow tables move into DuckDB; everything else stays where it is. Raises InputError for other types.
    """
    if isinstance(frame, nw.LazyFrame):
        return frame
    try:
        wrapped = nw.from_native(frame) if not isinstance(frame, nw.DataFrame) else frame
    except TypeError:
        kinds = "a pandas, Polars, Arrow, DuckDB or Spark table"
        raise InputError(f"flows of type {type(frame).__name__}; allowed: {kinds}") from None
    if isinstance(wrapped, nw.DataFrame) and wrapped.implementation.is_pyarrow():
        return nw.from_native(embedded().from_arrow(wrapped.to_native()))
    return wrapped.lazy()


def beside(like: Frame, table: pd.DataFrame) -> Frame:
    """A small pandas table as a lazy frame on the same engine as `like`, to be joined with it."""
    import pyarrow as pa

    implementation = like.implementation
    if implementation.is_duckdb():
        return nw.from_native(embedded().from_arrow(pa.Table.from_pandas(table, preserve_index=False)))
    if implementation.is_pyspark():
        session = nw.to_native(like).sparkSession
        return cast("Frame", nw.from_native(session.createDataFrame(table)))
    if implementation.is_polars():
        import polars

        return cast("Frame", nw.from_native(polars.from_pandas(table).lazy()))
    return nw.from_native(table).lazy()


def local(frame: Frame) -> Frame:
    """The rows of a lazy frame brought into the embedded engine: for the small part that a result needs."""
    return nw.from_native(embedded().from_arrow(frame.collect("pyarrow").to_native()))


def collect(frame: Frame) -> pd.DataFrame:
    """The rows of a lazy frame as pandas."""
    return pd.DataFrame(frame.collect().to_pandas())


@cache
def spark(address: str) -> SparkSession:
    """A Spark session for `spark://host:port` or `local[n]`. Needs PySpark (extra `spark`) and a Java runtime."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputError(f"engine {address!r} needs PySpark; install geoecon[spark]") from None
    builder = SparkSession.builder.master(address).appName("geoecon")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.sql.ansi.enabled": "false",
        "spark.sql.shuffle.partitions": "2" if address.startswith("local") else "32",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def is_spark(name: str) -> bool:
    """Whether an engine is a Spark address (or `spark`, for two local threads)."""
    return name == "spark" or name.startswith(("spark://", "local"))


def spark_file(name: str, path: str) -> Frame:
    """A Parquet file read by Spark itself."""
    made: Frame = nw.from_native(spark("local[2]" if name == "spark" else name).read.parquet(path))
    return made


def on(frame: Frame, engine: str | None) -> Frame:
    """The frame moved to the engine that was asked for: None or "duckdb" embedded, else a Spark address."""
    if engine in (None, "auto"):
        return frame
    if engine == "duckdb":
        if frame.implementation.is_duckdb():
            return frame
        return nw.from_native(embedded().from_arrow(frame.collect("pyarrow").to_native()))
    if engine == "pandas":
        return frame.collect("pandas").lazy()
    if engine == "polars":
        return frame.collect("polars").lazy()
    if is_spark(engine):
        address = "local[2]" if engine == "spark" else engine
        if frame.implementation.is_pyspark():
            return frame
        return cast("Frame", nw.from_native(spark(address).createDataFrame(collect(frame))))
    raise InputError(f"engine {engine!r}; allowed: duckdb, pandas, polars, spark://HOST:PORT, local[N]")
