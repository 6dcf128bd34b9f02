"""Files of shipments and parts lists: CSV by its own separator, Excel, Parquet; text stays text, no heading twice."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from geoecon.cells import QUOTES, swallows
from geoecon.errors import Fault, InputError
from geoecon.law.schema import WORKBOOKS
from geoecon.tables import given

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

    from geoecon.kinds import Cell

SEPARATORS = ",;\t|"


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
        raise InputError(Fault(str(path), None, None, "file is missing", "a CSV, Excel or Parquet file of shipments"))
    if sheet and path.suffix.lower() not in WORKBOOKS:
        raise InputError(f"sheet {sheet!r} of {path.name}; allowed: with a workbook")
    if encoding and path.suffix.lower() in (*WORKBOOKS, ".parquet"):
        raise InputError(f"encoding {encoding!r} of {path.name}; allowed: with a text file")
    if path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        raise InputError(Fault(path.name, None, None, "a JSON file", "a CSV, Excel or Parquet file of shipments"))
    table = _file(path, encoding, sheet)
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
    if path.suffix.lower() in WORKBOOKS:
        return _workbook(path, sheet)
    try:
        page = encoding or "utf-8-sig"
        with path.open(encoding=page, newline="") as lines:
            first = lines.readline()
        how: dict[str, Any] = {
            "dtype": str,
            "keep_default_na": False,
            "encoding": page,
            "sep": max(SEPARATORS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), []))),
        }
        if not first.strip():
            raise pd.errors.EmptyDataError("no headings in the first line")
        table = pd.read_csv(path, **how)
        for row, cells in enumerate(table.itertuples(index=False), 2):
            if any(swallows(str(cell), how["sep"], len(table.columns)) for cell in cells):
                told = "a cell holds whole rows: its quote is not closed"
                raise InputError(Fault(path.name, row, None, told, QUOTES))
        return _once(table, pd.read_csv(path, header=None, nrows=1, **how).iloc[0].tolist())
    except (csv.Error, UnicodeDecodeError, LookupError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        allowed = "a CSV file in UTF-8 with a header line, or encoding= (--encoding in a terminal)"
        raise InputError(Fault(path.name, None, None, str(error), allowed)) from None


def _workbook(path: Path, sheet: str | None) -> pd.DataFrame:
    """A sheet of a workbook, the first one if none is named; whole numbers lose their .0, empty cells are empty, days
    stay days."""
    try:
        with pd.ExcelFile(path, engine="calamine") as book:
            names = [str(name) for name in book.sheet_names]
            if sheet and sheet not in names:
                raise InputError(f"sheet {sheet!r} of {path.name}; allowed: {', '.join(names)}")
            frame = pd.read_excel(book, sheet_name=sheet or 0, dtype=object)
            head = pd.read_excel(book, sheet_name=sheet or 0, header=None, nrows=1, dtype=object)
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
    return frame.map(cell) if len(frame) else frame


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
