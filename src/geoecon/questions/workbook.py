"""A case as one workbook: a sheet for each table, what the checker says beside the cells, and back again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from geoecon.case import FILES, LATER, cases, load_case, pack_folder, read_case
from geoecon.cells import csv_writer
from geoecon.errors import Fault, InputError, MissingData
from geoecon.files import file_aside, folder_aside, in_memory
from geoecon.tables import guarded

if TYPE_CHECKING:
    from types import ModuleType

    from openpyxl.cell.cell import Cell as WrittenCell
    from openpyxl.worksheet.worksheet import Worksheet

    from geoecon.kinds import Cell


SETTINGS = "case.toml"
CHECKS = "checks"
NEEDS = "the office extra: pip install 'geoecon[office]'"


def pack(folder: str | Path, out: str | Path | None = None) -> Path:
    """One checked file with sums to send: `geoecon run FILE.zip` runs it.

    Raises InputError with every fault of the case, or where the folder is none; then nothing is written.
    """
    place = _folder(folder)
    read_case(place)
    return pack_folder(place, Path(out) if out is not None else Path(f"{place.resolve().name}.zip"))


def to_xlsx(folder: str | Path, out: str | Path | None = None) -> Path:
    """The tables of a case as a workbook, every cell as text; a faulty cell carries the checker's words as a note.

    Raises InputError where the folder is none, MissingData without the extra `office`.
    """
    openpyxl = _openpyxl()
    place = _folder(folder)
    path = Path(out) if out is not None else Path(f"{place.resolve().name}.xlsx")
    if path.suffix.casefold() != ".xlsx":
        raise InputError(f"{path.name}: a workbook; allowed: a name that ends in .xlsx")
    faults = _faults(place)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SETTINGS
    for number, line in enumerate((place / SETTINGS).read_text(encoding="utf-8").splitlines(), 1):
        _text(sheet.cell(number, 1), line)
    for name in (*FILES, *LATER):
        if (place / name).is_file():
            _sheet(book.create_sheet(name.removesuffix(".csv")), place / name, faults, openpyxl)
    said = book.create_sheet(CHECKS)
    for number, row in enumerate([("file", "line", "column", "what stands there", "allowed"), *_told(faults)], 1):
        for column, value in enumerate(row, 1):
            _text(said.cell(number, column), str(value))
    with file_aside(path) as part, in_memory(part) as content:
        book.save(content)
    return path


def from_xlsx(path: str | Path, out: str | Path | None = None) -> Path:
    """The case folder of a workbook that `to_xlsx` wrote and somebody edited. The folder is checked as any other: with
    faults it is written all the same where `out` is new, and the faults are raised, so that work is not lost.

    Raises InputError for no workbook, a missing sheet or formula cells, MissingData without the extra `office`.
    """
    openpyxl = _openpyxl()
    source = Path(path)
    folder = Path(out) if out is not None else source.with_suffix("")
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise InputError(f"{folder} is there already; allowed: a new or empty folder")
    try:
        book = openpyxl.load_workbook(source)
    except Exception as error:  # openpyxl raises many kinds for a file that is no workbook
        raise InputError(f"{source.name}: {error}; allowed: a workbook made by `geoecon case to-xlsx`") from None
    known = {SETTINGS, CHECKS, *(name.removesuffix(".csv") for name in (*FILES, *LATER))}
    faults: list[str | Fault] = [
        Fault(source.name, None, sheet, "unknown sheet", ", ".join(sorted(known)))
        for sheet in book.sheetnames
        if sheet not in known
    ]
    if SETTINGS not in book.sheetnames:
        faults.append(Fault(source.name, None, SETTINGS, "sheet is missing", "the settings of the case, a line a row"))
    faults += [fault for sheet in book for fault in _formulas(source.name, sheet)]
    if faults:
        raise InputError(faults)
    with folder_aside(folder) as place:
        for sheet in book:
            if sheet.title == SETTINGS:
                lines = [_cell(row[0].value) if row else "" for row in sheet.iter_rows(max_col=1)]
                (place / SETTINGS).write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
            elif sheet.title != CHECKS:
                (place / f"{sheet.title}.csv").write_text(_csv(sheet), encoding="utf-8")
    read_case(folder)
    return folder


def _folder(folder: str | Path) -> Path:
    """A case folder, or that of a built-in case by its name."""
    place = load_case(str(folder)).folder if str(folder) in cases() else Path(folder)
    if not (place / SETTINGS).is_file():
        raise InputError(f"{folder} holds no case.toml; allowed: a case folder, or {', '.join(cases())}")
    return place


def _openpyxl() -> ModuleType:
    try:
        import openpyxl
    except ImportError as error:
        raise MissingData(NEEDS) from error
    found: ModuleType = openpyxl
    return found


def _faults(place: Path) -> list[Fault]:
    try:
        read_case(place)
    except InputError as error:
        return [fault if isinstance(fault, Fault) else Fault(SETTINGS, None, None, fault, "") for fault in error.faults]
    return []


def _told(faults: list[Fault]) -> Iterator[tuple[object, ...]]:
    for fault in faults:
        yield fault.file, fault.row or "", fault.column or "", fault.found, fault.allowed


def _text(cell: WrittenCell, value: str) -> None:
    """A cell that stays text: nothing in it is run or turned into a number."""
    cell.value = value
    cell.data_type = "s"
    cell.number_format = "@"


def _sheet(sheet: Worksheet, path: Path, faults: list[Fault], openpyxl: ModuleType) -> None:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    heads = [head.strip() for head in rows[0]] if rows else []
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            _text(sheet.cell(number, column), value)
    sheet.freeze_panes = "A2"
    for fault in faults:
        if fault.file == path.name and fault.row:
            column = heads.index(fault.column) + 1 if fault.column in heads else 1
            note = openpyxl.comments.Comment(f"{fault.found}; allowed: {fault.allowed}", "geoecon check")
            cell = sheet.cell(fault.row, column)
            cell.comment = note
            cell.fill = openpyxl.styles.PatternFill("solid", fgColor="FFF2CC")


def _formulas(file: str, sheet: Worksheet) -> Iterator[Fault]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                yield Fault(file, cell.row, f"{sheet.title}!{cell.coordinate}", f"formula {cell.value}", "its value")


def _csv(sheet: Worksheet) -> str:
    out = io.StringIO()
    writer = csv_writer(out)
    for row in sheet.iter_rows(values_only=True):
        cells = [_cell(value) for value in row]
        if any(cells):
            writer.writerow([guarded(cell) for cell in cells])
    return out.getvalue()


def _cell(value: Cell) -> str:
    """A cell as our tables write it: whole numbers without a point, days as YYYY-MM-DD."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
