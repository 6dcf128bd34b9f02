"""Result tables as files: complete or not there at all."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd

from geoecon import tables
from geoecon.errors import InputError
from geoecon.files import file_aside, notes_beside
from geoecon.indicators import complete
from geoecon.indicators.complete import Found

TEXT = ["period", "importer", "exporter", "product", "top_supplier", "reason"]
# Numbers that the rows of a market share are packed; those that are another in each row, and words, which stand as
# numbers of a few bits, take longer to pack than they save.
PACKED = ("imports", "exports", "top_share", "supplier_hhi", "effective_suppliers", "extra_share", "mx_ratio",
          "world_hhi", "world_top_share", "supplier_is_world_top", "cr3", "hhi_geo", "nir", "supply_risk", "fir",
          "cover_days", "unallocated_share", "hhi_low", "hhi_high")  # fmt: skip
STORED: dict[str, Any] = {  # least and greatest of a group of rows tell where a product stands, not where a number does
    "use_dictionary": TEXT, "write_statistics": ["product"], "write_batch_size": 65_536,
}  # fmt: skip


def passed(
    parts: Iterable[Found], path: Path, notes: Iterable[str] = (), sure: Collection[str] = ()
) -> Iterator[Found]:
    """The parts as they come, each written into one Parquet file beside the target, moved over it when all are.

    `notes` stand in the file's metadata; the `sure` columns lack nothing.
    """
    import pyarrow.parquet as pq

    writer, rows, writing = None, 0, None
    with file_aside(path) as part, ThreadPoolExecutor(1) as beside:  # encodes while the next part is measured
        for found in parts:
            batch = complete.batch({name: column for name, column in found.items() if name != "rank_cost"}, sure)
            packed = {name: "lz4" if name in PACKED else "none" for name in batch.schema.names}
            writer = writer or pq.ParquetWriter(part, batch.schema, compression=packed, **STORED)
            if writing is not None:
                writing.result()
            writing = beside.submit(writer.write_batch, batch)
            rows += len(batch)
            yield found
        if writing is None or writer is None or not rows:
            raise InputError("no triple to write; allowed: a selection with trade")
        writing.result()
        writer.add_key_value_metadata(_metadata(notes))
        writer.close()


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
