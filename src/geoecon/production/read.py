"""One call for any input-output table: the layout is recognised, and said."""

from __future__ import annotations

import inspect
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.flows import OTHER_FILES, Unit, encoding_of, pages, plain_csv, words
from geoecon.production import tidy
from geoecon.production.adb import is_adb, read_adb
from geoecon.production.build import NUMBER, opened, region_name, warn
from geoecon.production.eora import read_eora
from geoecon.production.figaro import FLAT, read_figaro
from geoecon.production.findings import Finding
from geoecon.production.icio import read_icio
from geoecon.production.labels import OUTPUT, one_spelling, plain
from geoecon.production.peek import WORKBOOKS, first, header, members, packed
from geoecon.production.peers import read_exiobase, read_wiod2013
from geoecon.production.table import IOTable
from geoecon.production.wiod import read_wiod2016

if TYPE_CHECKING:
    from typing import Unpack

    from narwhals.typing import IntoFrame

    from geoecon.kinds import Rows
    from geoecon.production.table import About, Beside


def read_economy(path: str | Path, year: int | None = None, around: Unit | None = None,
                 **about: Unpack[Beside]) -> IOTable:  # fmt: skip
    """A tidy table of industries, one cell a line, in the columns of `economy.csv` under any usual heading.

    `year` chooses one where it has a column of years, `around` is the unit of money that lines around the table say.
    Values become millions of their currency, which is said where it is not USD. Raises InputError for a column that is
    missing, a unit that is not said or said twice, several years, rows that are totals, and every bad cell.
    """
    file = Path(path)
    about.setdefault("name", file.name)
    cells, said, beside = tidy.rows(file, around)
    frame = _of_year(cells, file.name, year)
    inner = frame[frame["use"] == "intermediate"]
    named = [*frame["from_sector"], *inner["to_sector"], *frame["from_region"], *frame["to_region"]]
    totals = [name for name in dict.fromkeys(named) if TOTAL.fullmatch(str(name)) or region_name(str(name)) == "WLD"]
    for both in ((frame["from_sector"], inner["to_sector"]), (frame["from_region"], frame["to_region"])):
        names = set(map(str, pd.concat(both)))
        whole = sorted(filter(WHOLE.fullmatch, names))
        totals += whole if len(names) > len(whole) else []
    if totals:
        told = f"{', '.join(totals)} looks like a total of others"
        raise InputError(f"{file.name}: {told}; allowed: industries alone")
    noted = (*about.get("noted", ()), *one_spelling(frame, inner, file.name))
    for use in ("intermediate", "final"):
        if not (frame["use"] == use).any():
            raise InputError(f"{file.name}: no row of {use} use; allowed: a table with sales to industries "
                             "(intermediate) and to final users (final)")  # fmt: skip
    if beside:
        told = f"{len(beside)} rows of value added, taxes, imports or output (from line {beside[0]}) are not read"
        noted = (*noted, Finding("text", "", f"{told}: value added is output less purchases"))
    if said != "USD million":
        money = f"million {said.partition(' ')[0]}; a conversion to USD needs a rate and its source"
        noted = (*noted, Finding("unit", "", money))
    rest: dict[str, Any] = {**about, "year": year, "unit": said, "noted": noted}
    table = IOTable.from_economy(frame, **rest)
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


TOTAL = re.compile(r"((grand|sub)[ _-]?)?totals?([ _-].+)?", re.IGNORECASE)
WHOLE = re.compile(
    r"_T|TTL|sum|all([ _-](industries|sectors|activities|products|countries|economies|regions))?|whole economy",
    re.IGNORECASE,
)  # the one industry of a small table, a total beside others
PLAIN = ("economy", "icio", "figaro")  # kinds that are one table of text
TEXTS = (".csv", ".tsv", ".txt", ".gz")
TITLES = 40  # lines in which a header is looked for
LARGE = 100_000_000  # bytes: a text of more is read as it is or not at all
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


@dataclass(frozen=True)
class Written:
    """How a table is written, where it does not tell itself."""

    sheet: str | None = None
    encoding: str | None = None
    decimal: str | None = None


def read_table(
    source: str | Path | Rows, kind: str | None = None, sheet: str | None = None, encoding: str | None = None,
    decimal: str | None = None, **options: Unpack[About],
) -> IOTable:  # fmt: skip
    """An input-output table of any kind in `READERS`; without `kind` the layout is recognised by its first lines.

    `source` is a file or folder, or a frame (pandas, Polars, Arrow, DuckDB) with the columns of a tidy table; `sheet`
    one of a workbook, `encoding` and `decimal` (. , or .,) those of a text that does not tell them. Raises InputError
    where the layout is not known, with the kinds that may be named.
    """
    written = Written(sheet, encoding, decimal)
    if not isinstance(source, str | Path):
        return _plainly(source, kind, written, options)
    file = Path(source)
    if not file.exists():
        raise InputError(Fault(file.name, None, None, "file is missing", "an input-output table"))
    if (book := packed(file)) is not None:
        with TemporaryDirectory() as folder, zipfile.ZipFile(file) as archive:
            return read_table(archive.extract(book, folder), kind, sheet, encoding, decimal, **options)
    if sheet is not None and file.suffix.lower() not in WORKBOOKS:
        raise InputError(Fault(file.name, None, None, f"sheet {sheet!r} of a file that is no workbook", "without it"))
    if kind is None:
        try:
            kind = recognise(file, options.get("year"))
        except InputError:
            return _plainly(file, None, written, options)
    if kind not in READERS:
        raise InputError(Fault(file.name, None, None, f"kind {kind!r}", ", ".join(READERS)))
    other = file.suffix.lower() in OTHER_FILES
    told = kind == "economy" or encoding is not None or decimal is not None
    if kind in PLAIN and (other or (told and file.suffix.lower() in TEXTS)):
        return _plainly(file, kind, written, options)
    try:
        return _read(file, kind, options)
    except InputError as error:
        if kind not in PLAIN or file.suffix.lower() not in TEXTS or not all(NUMBER in str(f) for f in error.faults):
            raise
        return _plainly(file, kind, written, options)  # commas inside its numbers


def _read(file: Path, kind: str, options: About, around: Unit | None = None) -> IOTable:
    asked: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    said = asked.pop("unit", None)
    if said is not None:
        around = tidy.own_unit(file.name, said, around)
    if "year" in asked and "year" not in inspect.signature(READERS[kind]).parameters:
        told = f"year {asked['year']} for a table of one year"
        raise InputError(Fault(file.name, None, None, told, "a kind with years: icio, wiod, adb, eora26, figaro"))
    if kind == "economy":
        return read_economy(file, around=around, **asked)
    table = READERS[kind](file, **asked)
    if around is not None and words(around) != " ".join(reversed(table.unit.split(" "))):
        told = f"{words(around)} is said, and this layout is in {table.unit}"
        raise InputError(Fault(file.name, None, None, told, "the table as it is published, or kind='economy'"))
    return table


def _plainly(source: Path | IntoFrame, kind: str | None, written: Written, options: About) -> IOTable:
    """A table of another door (workbook, Parquet, JSON, frame), or a text in another encoding, delimiter or decimal
    sign or with lines around it, read as a plain CSV: faults keep the line of the file.

    Raises InputError where that has no known layout either.
    """
    path = source if isinstance(source, Path) else None
    other = path is None or path.suffix.lower() in OTHER_FILES
    text = path is not None and path.is_file() and path.suffix.lower() in TEXTS
    if path is not None and (not (other or text) or path.stat().st_size >= LARGE):
        return _read(path, kind or recognise(path, options.get("year")), options)
    with TemporaryDirectory() as folder:
        known = (*tidy.headings(), *(_labels(path, written.encoding) if text and path else ()))
        clean = plain_csv(source, Path(folder), known, written.sheet, tidy.is_tidy, written.encoding,
                          written.decimal)  # fmt: skip
        name = clean.path.name
        found = kind or by_header(header(clean.path, None))
        if found is None and path is not None:
            found = recognise(path, options.get("year"))  # raises, in the words of its kind of file
        if found is None:
            raise InputError(Fault(name, None, None, "layout not recognised", ALLOWED))
        try:
            table = _read(clean.path, found, options, clean.unit)
        except InputError as error:
            raise InputError([_placed(fault, clean.lines) for fault in error.faults]) from None
    return replace(table, noted=(*table.noted, *(Finding("text", "", note) for note in clean.notes)))


def _labels(path: Path, encoding: str | None) -> list[str]:
    """The labels of a matrix below lines of titles; none where the first lines hold no header that we know."""
    told, _ = encoding_of(path, path.name, encoding)
    with opened(path) as content:
        lines = [line.decode(told, errors="replace") for line in islice(content, TITLES)]
    for line in lines:
        for sign in ",;\t":
            cells = [cell.strip().strip('"') for cell in line.split(sign)]
            if len(cells) > 3 and not tidy.is_tidy(cells) and by_header(cells) is not None:
                return [cell for cell in cells if cell]
    return []


def _placed(fault: str | Fault, lines: Sequence[int]) -> str | Fault:
    """A fault of the clean copy with the line of the file."""
    if isinstance(fault, str) or fault.row is None or fault.row > len(lines):
        return fault
    return replace(fault, row=lines[fault.row - 1])


def recognise(file: Path, year: int | None = None) -> str:
    """The kind of a table file or folder. Raises InputError where no layout fits."""
    name = file.name.lower()
    inside = [name, *members(file)]
    if any("eora26" in member for member in inside):
        return "eora26"
    if name.endswith(WORKBOOKS):
        return _workbook(file)
    if any(Path(member).name in ("a.txt", "z.txt") for member in inside):
        return "exiobase"
    if file.is_dir() and any(member.endswith((".csv", ".zip")) for member in inside[1:]):
        return "icio"
    if file.is_file() and (
        name.endswith((".csv", ".csv.gz", ".tsv", ".txt")) or any(m.endswith(".csv") for m in inside)
    ):
        kind = "adb" if name.endswith((".csv", ".txt")) and is_adb(first(file)) else by_header(header(file, year))
        if kind is not None:
            return kind
    raise InputError(Fault(file.name, None, None, "layout not recognised", ALLOWED))


EXAMPLE = (
    ",".join((*tidy.FIELDS, tidy.VALUE)) + " / intermediate,CHN,steel,KOR,cars,40 / final,KOR,cars,KOR,households,90"
)
ALLOWED = (f"a known layout, one of the kinds {', '.join(READERS)}, or a table of your own with one cell a line, as "
           f"{EXAMPLE}")  # fmt: skip


def by_header(header: Sequence[str]) -> str | None:
    """The kind of a text table by its headings; None for none that we know."""
    if tidy.is_tidy(header):
        return "economy"
    if set(FLAT) <= {column.casefold() for column in header}:
        return "figaro"
    if header[0] == "rowLabels" or any(column.startswith("FIGW1") for column in header):
        return "figaro"
    ends = re.compile(r".+[^A-Za-z]+(HFCE|INVNT|GGFC)", re.IGNORECASE)
    apart = any(re.search(r"[^\W_][_|:./ -]+[^\W_]", column) for column in header[1:-1])
    if any(ends.fullmatch(column) for column in header) or (apart and re.fullmatch(OUTPUT, plain(header[-1]))):
        return "icio"
    return None


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
    allowed = "WIOD (2013, 2016) or ADB, or a table in the columns of economy.csv"
    raise InputError(Fault(file.name, None, None, "a workbook that is none of the known layouts", allowed))
