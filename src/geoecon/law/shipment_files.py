"""Files of shipments and parts lists: CSV by its own separator, Excel, Parquet, JSON; text stays text, each heading
once."""

from __future__ import annotations

import csv
import itertools
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from geoecon.cells import QUOTES, swallows
from geoecon.errors import Fault, InputError
from geoecon.law import headings
from geoecon.law.schema import WORKBOOKS
from geoecon.tables import given

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

    from geoecon.kinds import Cell

SEPARATORS = ",;\t|"
JSON = (".json", ".jsonl", ".ndjson")
FILES = "a file of shipments: CSV or TSV, Excel, Parquet or JSON"
TOP = 12  # first lines among which the headings may stand
LINES = "lines"  # attribute of a table: the lines of its headings and of its rows, where they are not 1, 2, 3…


def read_shipments(
    shipments: IntoFrame | str | Path, columns: Mapping[str, str] | None = None, encoding: str | None = None,
    sheet: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """A table of shipments; a file is read by its ending. `columns` are our names with the file's headings, `encoding`
    is that of a text file, `sheet` one of a workbook. Raises InputError with what is wrong."""
    if not isinstance(shipments, str | Path):
        if encoding or sheet:
            raise InputError("encoding and sheet are of files; allowed: a path")
        table = _frame(shipments)
        return _renamed(_once(table, [str(name) for name in table.columns]), columns)
    path = Path(shipments)
    if not path.is_file():
        raise InputError(Fault(str(path), None, None, "file is missing", FILES))
    if sheet and path.suffix.lower() not in WORKBOOKS:
        raise InputError(f"sheet {sheet!r} of {path.name}; allowed: with a workbook")
    if encoding and path.suffix.lower() in (*WORKBOOKS, ".parquet"):
        raise InputError(f"encoding {encoding!r} of {path.name}; allowed: with a text file")
    table = _without_blank(_file(path, encoding, sheet))
    if not len(table):
        raise InputError(Fault(path.name, 2, None, "no row below the headings", "a line for each shipment or part"))
    return _renamed(table, columns)


def _frame(shipments: IntoFrame) -> pd.DataFrame:
    """A frame of any engine (pandas, Polars, Arrow, DuckDB, Spark) as pandas. Raises InputError for what is none."""
    if isinstance(shipments, pd.DataFrame):
        return shipments
    try:
        frame = nw.from_native(shipments)
    except TypeError:
        allowed = "a file, or a table of pandas, Polars, Arrow, DuckDB or Spark"
        raise InputError(f"shipments: {type(shipments).__name__}; allowed: {allowed}") from None
    return pd.DataFrame(frame.collect("pandas").to_native() if isinstance(frame, nw.LazyFrame) else frame.to_pandas())


def _file(path: Path, encoding: str | None, sheet: str | None) -> pd.DataFrame:
    if path.suffix.lower() == ".parquet":
        return pd.read_parquet(path)
    if path.suffix.lower() in JSON:
        return _records(path, encoding or "utf-8-sig")
    if path.suffix.lower() in WORKBOOKS:
        return _workbook(path, sheet)
    try:
        page = encoding or "utf-8-sig"
        with path.open(encoding=page, newline="") as lines:
            top = list(itertools.islice(lines, TOP))
        how: dict[str, Any] = {
            "dtype": str,
            "keep_default_na": False,
            "encoding": page,
            "skip_blank_lines": False,
        }
        rows = {sign: [next(csv.reader([line], delimiter=sign), []) for line in top] for sign in SEPARATORS}
        starts = {sign: _header(rows[sign]) for sign in SEPARATORS}
        how["sep"] = max(SEPARATORS, key=lambda sign: len((rows[sign] or [[]])[starts[sign]]))
        start = starts[how["sep"]]
        if not top or not top[start].strip():
            raise pd.errors.EmptyDataError("no headings in the first line")
        table = pd.read_csv(path, skiprows=start, **how)
        for row, cells in enumerate(table.itertuples(index=False), start + 2):
            if any(swallows(str(cell), how["sep"], len(table.columns)) for cell in cells):
                told = "a cell holds whole rows: its quote is not closed"
                raise InputError(Fault(path.name, row, None, told, QUOTES))
        heads = pd.read_csv(path, skiprows=start, header=None, nrows=1, **how).iloc[0].tolist()
        return _placed(_once(table, heads), start)
    except (csv.Error, UnicodeDecodeError, LookupError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        allowed = "a CSV file in UTF-8 with a header line, or encoding= (--encoding in a terminal)"
        raise InputError(Fault(path.name, None, None, str(error), allowed)) from None


def _records(path: Path, encoding: str) -> pd.DataFrame:
    """Records in JSON: a list of them, an object that holds one list, one object, or an object in every line."""
    try:
        text = path.read_text(encoding=encoding)
        try:
            found = json.loads(text, object_pairs_hook=_object)
        except json.JSONDecodeError:
            found = [json.loads(line, object_pairs_hook=_object) for line in text.splitlines() if line.strip()]
    except (ValueError, LookupError) as error:
        raise InputError(Fault(path.name, None, None, str(error), "records in JSON, in UTF-8")) from None
    lists = [value for value in found.values() if isinstance(value, list)] if isinstance(found, dict) else []
    rows = found if isinstance(found, list) else lists[0] if len(lists) == 1 else [found]
    faults: list[str | Fault] = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            faults.append(Fault(path.name, number, None, repr(row)[:60], "an object of headings and cells"))
            continue
        faults += [Fault(path.name, number, name, "holds more than a cell", "text, a number, true, false or null")
                   for name, cell in row.items() if isinstance(cell, list | dict)]  # fmt: skip
    if faults:
        raise InputError(faults)
    table = pd.DataFrame(rows, dtype=object)
    table = _once(table.where(table.notna(), ""), list(table.columns))
    table.attrs = {LINES: list(range(len(table) + 1))}  # records are counted from 1
    return table


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, of which no name stands twice."""
    twice = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if twice:
        raise ValueError(f"{', '.join(twice)} stands twice in one record")
    return dict(pairs)


def _workbook(path: Path, sheet: str | None) -> pd.DataFrame:
    """A sheet of a workbook, the first one if none is named; whole numbers lose their .0, empty cells are empty, days
    stay days."""
    try:
        with pd.ExcelFile(path, engine="calamine") as book:
            names = [str(name) for name in book.sheet_names]
            if sheet and sheet not in names:
                raise InputError(f"sheet {sheet!r} of {path.name}; allowed: {', '.join(names)}")
            top = pd.read_excel(book, sheet_name=sheet or 0, header=None, nrows=TOP, dtype=object)
            start = _header([row.tolist() for _, row in top.iterrows()])
            frame = pd.read_excel(book, sheet_name=sheet or 0, skiprows=start, dtype=object)
            head = top.iloc[start : start + 1]
    except InputError:
        raise
    except Exception as error:
        raise InputError(Fault(path.name, None, None, str(error), "a workbook with a header line")) from None
    if not len(frame.columns):
        raise InputError(Fault(path.name, None, None, "the first sheet is empty", "a header line and rows"))

    def cell(value: Cell) -> Cell:
        if not given(value):
            return ""
        return int(value) if isinstance(value, float) and value.is_integer() else value

    frame = _once(frame.rename(columns=str), head.iloc[0].tolist() if len(head) else [])
    return _placed(frame.map(cell) if len(frame) else frame, start)


def _header(rows: Sequence[Sequence[Cell]]) -> int:
    """The row of the headings: the first, unless a later one of the first few holds two words or more for what a
    table of shipments must say and the first holds none."""
    known = [sum(given(cell) and headings.needed(str(cell)) for cell in row) for row in rows]
    return 0 if not known or known[0] else next((at for at, count in enumerate(known) if count > 1), 0)


def _placed(table: pd.DataFrame, start: int) -> pd.DataFrame:
    """The table with the line of each row, where the headings do not stand in the first."""
    if start:
        table.attrs = {LINES: [start + 1, *range(start + 2, start + 2 + len(table))]}
    return table


def _without_blank(table: pd.DataFrame) -> pd.DataFrame:
    """The table without rows that hold nothing; the others keep their lines."""
    blank = np.arange(len(table))
    for at in range(table.shape[1]):
        if not len(blank):
            return table
        cells = table.iloc[blank, at]
        blank = blank[(cells.isna() | (cells == "")).to_numpy(bool)]
    if not len(blank):
        return table
    lines = table.attrs.get(LINES, list(range(1, len(table) + 2)))
    left = np.delete(np.arange(len(table)), blank)
    table = table.iloc[left].reset_index(drop=True)
    table.attrs = {LINES: [lines[0], *(lines[at + 1] for at in left.tolist())]}
    return table


def line_of(table: pd.DataFrame, row: int) -> int:
    """The line of the file in which a row of its table stands, -1 for the headings."""
    lines = table.attrs.get(LINES)
    return row + 2 if lines is None or row + 1 >= len(lines) else int(lines[row + 1])


def told_place(table: pd.DataFrame) -> tuple[str, ...]:
    """That the headings were found below other lines; nothing where they stand first."""
    line = line_of(table, -1)
    return (f"the headings stand in line {line}: what stands above was not read",) if line > 1 else ()


def _once(table: pd.DataFrame, headings: list[Cell]) -> pd.DataFrame:
    """The table, whose headings stand once each. Raises InputError naming every one that stands twice."""
    written = [str(name).strip() for name in headings if given(name) and str(name).strip()]
    twice = [name for name, times in Counter(name.casefold() for name in written).items() if times > 1]
    if twice:
        raise InputError([Fault("shipments", 1, name, "column stands twice", "each heading once") for name in twice])
    return table


def _renamed(table: pd.DataFrame, columns: Mapping[str, str] | None) -> pd.DataFrame:
    """The table with the user's headings under our names."""
    if not columns:
        return table
    own = {str(name).strip().casefold(): name for name in table.columns}
    faults = [
        Fault("shipments", 1, heading, "no such heading", ", ".join(map(str, table.columns)))
        for heading in columns.values() if heading.strip().casefold() not in own
    ]  # fmt: skip
    faults += [
        Fault("shipments", 1, name, "is a heading, and named for another too", "one of the two")
        for name, heading in columns.items()
        if name.casefold() in own and heading.strip().casefold() != name.casefold()
    ]
    if faults:
        raise InputError(faults)
    return table.rename(columns={own[heading.strip().casefold()]: name for name, heading in columns.items()})
