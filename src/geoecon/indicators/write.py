"""Result tables as files: complete or not there at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from geoecon.errors import InputError
from geoecon.files import file_aside
from geoecon.indicators import complete
from geoecon.indicators.complete import Found

TEXT = ["period", "importer", "exporter", "product", "top_supplier", "reason"]


def passed(parts: Iterable[Found], path: Path) -> Iterator[Found]:
    """The parts as they come, each written into one Parquet file beside the target, moved over it when all are."""
    import pyarrow.parquet as pq

    writer, rows, writing = None, 0, None
    with file_aside(path) as part, ThreadPoolExecutor(1) as beside:  # encodes while the next part is measured
        for found in parts:
            batch = complete.batch({name: column for name, column in found.items() if name != "rank_cost"})
            writer = writer or pq.ParquetWriter(part, batch.schema, compression="lz4", use_dictionary=TEXT)
            if writing is not None:
                writing.result()
            writing = beside.submit(writer.write_batch, batch)
            rows += len(batch)
            yield found
        if writing is None or writer is None or not rows:
            raise InputError("no triple to write; allowed: a selection with trade")
        writing.result()
        writer.close()


def write_table(table: pd.DataFrame, path: Path) -> Path:
    """A result table as CSV, JSON or Parquet by the ending of the path; missing is empty (null in JSON)."""
    with file_aside(path) as part:
        if path.suffix == ".parquet":
            table.to_parquet(part, index=False)
        elif path.suffix == ".json":
            part.write_text(table.to_json(orient="records", double_precision=15), encoding="utf-8")
        elif path.suffix == ".csv":
            table.to_csv(part, index=False)
        else:
            raise InputError(f"out {path.name}; allowed: a file ending in .parquet, .csv or .json")
    return path
