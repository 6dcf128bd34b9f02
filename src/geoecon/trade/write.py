"""Result tables as files: complete or not there at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from geoecon.errors import InputError

TEXT = ["period", "importer", "exporter", "product"]


def write_batches(batches: Iterable[Any], path: Path) -> Path:
    """Record batches into one Parquet file beside the target, moved over it when complete."""
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    part, writer = path.with_name(f".{path.name}.part"), None
    try:
        for batch in batches:
            writer = writer or pq.ParquetWriter(part, batch.schema, compression="snappy", use_dictionary=TEXT)
            writer.write_batch(batch)
        if writer is None:
            raise InputError("no triple to write; allowed: a selection with trade")
        writer.close()
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return path


def write_table(table: pd.DataFrame, path: Path) -> Path:
    """A result table as CSV, JSON or Parquet by the ending of the path; missing is empty (null in JSON)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        if path.suffix == ".parquet":
            table.to_parquet(part, index=False)
        elif path.suffix == ".json":
            part.write_text(table.to_json(orient="records", double_precision=15), encoding="utf-8")
        elif path.suffix == ".csv":
            table.to_csv(part, index=False)
        else:
            raise InputError(f"out {path.name}; allowed: a file ending in .parquet, .csv or .json")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return path
