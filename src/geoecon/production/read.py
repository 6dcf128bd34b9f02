"""One call for any input-output table: the layout is recognised, and said."""

from __future__ import annotations

import inspect
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd

from geoecon import tables
from geoecon.case import FILES
from geoecon.errors import Fault, InputError
from geoecon.flows import pages, plain_csv, unit
from geoecon.production.adb import is_adb, read_adb
from geoecon.production.build import opened, warn
from geoecon.production.eora import read_eora
from geoecon.production.figaro import FLAT, read_figaro
from geoecon.production.findings import Finding
from geoecon.production.icio import read_icio
from geoecon.production.peers import read_exiobase, read_wiod2013
from geoecon.production.table import IOTable
from geoecon.production.wiod import read_wiod2016

if TYPE_CHECKING:
    from typing import Unpack

    from geoecon.production.table import About, Beside


def read_economy(path: str | Path, year: int | None = None, **about: Unpack[Beside]) -> IOTable:
    """A tidy table with the columns of `economy.csv`, million USD; `year` chooses one where it has a column of years.

    Raises InputError for a column of units that says anything else, several years, and rows that are totals.
    """
    file = Path(path)
    frame = _of_year(tables.read_table(file, FILES["economy.csv"]), file.name, year)
    faults = [f"{file.name}: column {column} says {told!r}; allowed: million USD"
              for column in frame.columns if column.casefold() in UNITS
              for told in dict.fromkeys(frame[column].dropna()) if (found := unit(told)) is None
              or (found.code, found.factor) != ("USD", 1e6)]  # fmt: skip
    totals = [name for name in dict.fromkeys(frame["from_sector"]) if TOTAL.match(str(name))]
    if totals:
        faults.append(f"{file.name}: {', '.join(totals)} looks like a total of others; allowed: industries alone")
    if faults:
        raise InputError(faults)
    about.setdefault("name", file.name)
    table = IOTable.from_economy(frame, year=year, **about)
    warn(table, ("balance", "negative", "value added", "absent"))
    return table


def _of_year(frame: pd.DataFrame, name: str, year: int | None) -> pd.DataFrame:
    """The rows of one year where a column says years. Raises InputError where there are several and none is named."""
    column = next((c for c in frame.columns if c.casefold() in ("year", "period", "time")), None)
    if column is None:
        if year is not None:
            raise InputError(Fault(name, None, None, f"year {year} for a table without a column of years", "no year"))
        return frame
    years = sorted({str(told) for told in frame[column].dropna()})
    if (year is None and len(years) > 1) or (year is not None and str(year) not in years):
        raise InputError(Fault(name, None, column, f"{'year ' + str(year) if year else 'several years'}",
                               f"year= one of {', '.join(years)} (--year)"))  # fmt: skip
    return frame[frame[column] == str(year)].reset_index(drop=True) if year is not None else frame


TOTAL = re.compile(r"^((grand|sub)[ -]?)?totals?( output| intermediate.*)?$", re.IGNORECASE)
UNITS = ("unit", "units", "currency", "unit of measure", "unit_measure")
LARGE = 100_000_000  # bytes: a text of more is read as it is or not at all
WORKBOOKS = (".xlsx", ".xls", ".xlsb", ".xlsm")
READERS: dict[str, Callable[..., IOTable]] = {
    "economy": read_economy,
    "adb": read_adb,
    "icio": read_icio,
    "figaro": read_figaro,
    "eora26": read_eora,
    "wiod2013": read_wiod2013,
    "wiod2016": read_wiod2016,
    "exiobase": read_exiobase,
}


def read_table(path: str | Path, kind: str | None = None, **options: Unpack[About]) -> IOTable:
    """An input-output table of any kind in `READERS`; without `kind` the layout is recognised by its first lines.

    Raises InputError where it is not, with the kinds that may be named.
    """
    file = Path(path)
    if not file.exists():
        raise InputError(Fault(file.name, None, None, "file is missing", "an input-output table"))
    if kind is None:
        try:
            kind = recognise(file, options.get("year"))
        except InputError:
            return _plainly(file, options)
    if kind not in READERS:
        raise InputError(Fault(file.name, None, None, f"kind {kind!r}", ", ".join(READERS)))
    asked = {name: value for name, value in options.items() if value is not None}
    if "year" in asked and "year" not in inspect.signature(READERS[kind]).parameters:
        told = f"year {asked['year']} for a table of one year"
        raise InputError(Fault(file.name, None, None, told, "a kind with years: icio, wiod, adb, eora26, figaro"))
    return READERS[kind](file, **asked)


def _plainly(file: Path, options: About) -> IOTable:
    """A table in a text of another encoding, delimiter or decimal sign, or with lines around it, read as a plain CSV.

    Raises InputError where that has no known layout either.
    """
    text = file.is_file() and file.suffix.lower() in (".csv", ".tsv", ".txt") and file.stat().st_size < LARGE
    if not text:
        recognise(file, options.get("year"))
    with TemporaryDirectory() as folder:
        clean, notes = plain_csv(file, Path(folder), tuple(FILES["economy.csv"]))
        if not notes:
            recognise(file, options.get("year"))
        table = read_table(clean, recognise(clean), **options)
    return replace(table, name=file.name, noted=(*table.noted, *(Finding("text", "", note) for note in notes)))


def recognise(file: Path, year: int | None = None) -> str:
    """The kind of a table file or folder. Raises InputError where no layout fits."""
    name = file.name.lower()
    members = [name, *(_members(file))]
    if any("eora26" in member for member in members):
        return "eora26"
    if name.endswith(WORKBOOKS):
        return _workbook(file)
    if any(Path(member).name in ("a.txt", "z.txt") for member in members):
        return "exiobase"
    if file.is_dir() and any(member.endswith((".csv", ".zip")) for member in members[1:]):
        return "icio"
    if file.is_file() and (
        name.endswith((".csv", ".csv.gz", ".tsv", ".txt")) or any(m.endswith(".csv") for m in members)
    ):
        header = [column.strip().strip('"') for column in _first_line(file, year).split(",")]
        if set(FILES["economy.csv"]) <= set(header):
            return "economy"
        if set(FLAT) <= {column.casefold() for column in header}:
            return "figaro"
        if header[0] == "rowLabels" or any(column.startswith("FIGW1") for column in header):
            return "figaro"
        if any(column.endswith(("_HFCE", "_INVNT", "_GGFC")) for column in header) or header[-1] in ("OUT", "TOTAL"):
            return "icio"
    allowed = "a known layout, or one of the kinds " + ", ".join(READERS)
    raise InputError(Fault(file.name, None, None, "layout not recognised", allowed))


def _workbook(file: Path) -> str:
    """The kind of a workbook, by its name or its sheets. Raises InputError where it is none that we know."""
    name = file.name.lower()
    if "nov16" in name:
        return "wiod2016"
    if re.match(r"wiot\d\d", name):
        return "wiod2013"
    for rows in pages(file).values():
        if is_adb(rows):
            return "adb"
        if any(str(cell).strip() == "TOT" for row in rows[:12] for cell in row[4:]):
            return "wiod2016"
    allowed = "WIOD (2013, 2016) or ADB, or the table saved as CSV in the columns of economy.csv"
    raise InputError(Fault(file.name, None, None, "a workbook that is none of the known layouts", allowed))


def _members(file: Path) -> list[str]:
    """Names inside a folder or zip, in lower case."""
    if file.is_dir():
        return [found.name.lower() for found in file.rglob("*")]
    if file.suffix.lower() in WORKBOOKS or not zipfile.is_zipfile(file):
        return []
    with zipfile.ZipFile(file) as archive:
        return [member.lower() for member in archive.namelist()]


def _first_line(file: Path, year: int | None) -> str:
    with opened(file, year) as content:
        return content.readline().decode("utf-8-sig", errors="replace").strip()
