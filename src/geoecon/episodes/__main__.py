"""`make episodes`: the record that ships, made anew from the bundled trade."""

from dataclasses import replace
from importlib.resources import as_file, files

from geoecon.episodes.find import cut_offs
from geoecon.episodes.record import read, write_shifts

with as_file(files("geoecon") / "episodes") as folder:
    cut_offs("sample", out=folder / "episodes.parquet")
    record = replace(read(folder / "episodes.parquet"), shifts={})
    write_shifts(record, folder / "shifts.parquet")
    print(f"{len(record.table)} rows written: {folder}")
