"""Result tables as files: complete or not there at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from geoecon import tables
from geoecon.errors import InputError
from geoecon.files import file_aside, notes_beside
from geoecon.indicators.complete import Found


def passed(parts: Iterable[Found], path: Path, notes: Iterable[str] = ()) -> Iterator[Found]:
    """The parts as they come, each written into one Parquet file beside the target, moved over it when all are.

    `notes` stand in the file's metadata.
    """
    from geoecon.indicators.pages import Writer

    writing = None
    with file_aside(path) as part, part.open("wb") as file, ThreadPoolExecutor(1) as beside:
        writer = Writer(file)
        for found in parts:  # written while the next part is measured
            if writing is not None:
                writing.result()
            writing = beside.submit(writer.add, {name: c for name, c in found.items() if name != "rank_cost"})
            yield found
        if writing is not None:
            writing.result()
        if not writer.rows:
            raise InputError("no triple to write; allowed: a selection with trade")
        writer.close(_metadata(notes))


def _metadata(notes: Iterable[str]) -> dict[str, str]:
    return {"geoecon": json.dumps({"notes": list(notes)}, ensure_ascii=False)}


def write_table(table: pd.DataFrame, path: Path, notes: Iterable[str] = ()) -> Path:
    """A result table as CSV, JSON or Parquet by the ending of the path; missing is empty (null in JSON).

    `notes` stand in the metadata of a Parquet file, beside any other in `NAME.notes.txt`.
    """
    notes = list(notes)
    with file_aside(path) as part:
        if path.suffix.lower() == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            made = pa.Table.from_pandas(table, preserve_index=False)
            pq.write_table(made.replace_schema_metadata({**(made.schema.metadata or {}), **_metadata(notes)}), part)
        elif path.suffix.lower() == ".json":
            part.write_text(table.to_json(orient="records", double_precision=15), encoding="utf-8")
        elif path.suffix.lower() == ".csv":
            tables.to_csv(table, part)
        else:
            raise InputError(f"out {path.name}; allowed: a file ending in .parquet, .csv or .json")
    if path.suffix.lower() != ".parquet":
        notes_beside(path, notes)
    return path
