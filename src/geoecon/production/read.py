"""One call for any input-output table: the layout is recognised, and said."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geoecon import tables
from geoecon.errors import Fault, InputError
from geoecon.production.build import warn
from geoecon.production.eora import read_eora
from geoecon.production.figaro import read_figaro
from geoecon.production.icio import read_icio
from geoecon.production.peers import read_exiobase, read_wiod2013
from geoecon.production.table import ECONOMY_RULES, IOTable
from geoecon.production.wiod import read_wiod2016


def read_economy(path: str | Path, **about: Any) -> IOTable:
    """A tidy table with the columns of `economy.csv`, million USD."""
    file = Path(path)
    frame = tables.read_table(file, ECONOMY_RULES)
    table = IOTable.from_economy(frame, **({"name": file.name} | about))
    warn(table, ("balance", "negative", "value added", "absent"))
    return table


READERS: dict[str, Callable[..., IOTable]] = {
    "economy": read_economy,
    "icio": read_icio,
    "figaro": read_figaro,
    "eora26": read_eora,
    "wiod2013": read_wiod2013,
    "wiod2016": read_wiod2016,
    "exiobase": read_exiobase,
}


def read_table(path: str | Path, kind: str | None = None, **options: Any) -> IOTable:
    """An input-output table of any kind in `READERS`; without `kind` the layout is recognised by its first lines.

    Raises InputError where it is not, with the kinds that may be named.
    """
    file = Path(path)
    if not file.exists():
        raise InputError(Fault(file.name, None, None, "file is missing", "an input-output table"))
    kind = kind or recognise(file)
    if kind not in READERS:
        raise InputError(Fault(file.name, None, None, f"kind {kind!r}", ", ".join(READERS)))
    return READERS[kind](file, **options)


def recognise(file: Path) -> str:
    """The kind of a table file. Raises InputError where no layout fits."""
    name = file.name.lower()
    if "eora26" in name or (file.is_dir() and any("eora26" in f.name.lower() for f in file.rglob("*"))):
        return "eora26"
    if name.endswith(".xlsx"):
        return "wiod2016" if name[:4] == "wiot" and "nov16" in name else "wiod2013"
    if name.endswith(".csv"):
        header = _first_line(file).split(",")
        if set(ECONOMY_RULES) <= {column.strip() for column in header}:
            return "economy"
        if header[0] == "rowLabels" or any(column.startswith("FIGW1") for column in header):
            return "figaro"
        if any(column.endswith(("_HFCE", "_INVNT", "_GGFC")) for column in header) or header[-1] in ("OUT", "TOTAL"):
            return "icio"
    if file.is_dir() or zipfile.is_zipfile(file):
        members = [f.name for f in file.rglob("*")] if file.is_dir() else zipfile.ZipFile(file).namelist()
        if any(Path(member).name in ("A.txt", "Z.txt") for member in members):
            return "exiobase"
        if any(member.lower().endswith("_sml.csv") or "icio" in member.lower() for member in members):
            return "icio"
    allowed = "a known layout, or one of the kinds " + ", ".join(READERS)
    raise InputError(Fault(file.name, None, None, "layout not recognised", allowed))


def _first_line(file: Path) -> str:
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        return next(lines, "").strip()
