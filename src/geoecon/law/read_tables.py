"""The tables of a regime folder, from CSV or Parquet: every cell read by its rule, every fault collected."""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon import tables
from geoecon.errors import Fault, InputError
from geoecon.law.kept_rows import kept
from geoecon.law.schema import LISTED, REQUIRED_TABLES, TABLES, Row, column_of, columns, day_advice

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from geoecon.kinds import Cell


Cells = tuple[list[str], Sequence[tuple[str, ...]], list[int]]  # (header, texts by column, physical line of each row)


def tables_of(folder: Path | Traversable, name: str) -> tuple[dict[str, list[Row]], list[Fault]]:
    """All tables of a regime folder and their faults."""
    faults: list[Fault] = []
    return {table: table_of(folder, name, table, faults) for table in TABLES}, faults


@contextmanager
def no_collection() -> Iterator[None]:
    """Rows and answers hold no cycles: looking for some among all that are made would take a sixth of the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


@no_collection()
def table_of(folder: Path | Traversable, name: str, table: str, faults: list[Fault]) -> list[Row]:
    """The rows of one table of a regime folder; what is wrong with it goes to `faults`."""
    for ending, cells in (("csv", _csv), ("parquet", _parquet)):
        file = folder / f"{table}.{ending}"
        if file.is_file():
            label = f"{name}/{table}.{ending}"
            return rows_of(label, table, *cells(file, label, faults), faults)
    if table in REQUIRED_TABLES:
        allowed = "a table with columns " + ", ".join(columns()[table])
        faults.append(Fault(f"{name}/{table}.csv", None, None, "file is missing", allowed))
    return []


class Tables(Mapping[str, list[Row]]):
    """The tables of a built-in regime, each read when it is first asked for. The package's tests check them."""

    def __init__(self, folder: Traversable, name: str, join: Callable[[str, str, list[Row]], list[Row]] | None = None):
        self.folder, self.name, self.join = folder, name, join  # `join` adds rows from elsewhere
        self.read: dict[str, list[Row]] = {}

    def __getitem__(self, table: str) -> list[Row]:
        if table not in self.read:
            if table not in TABLES:
                raise KeyError(table)
            with no_collection():
                rows = self.kept(table)
            self.read[table] = self.join(self.name.upper(), table, rows) if self.join else rows
        return self.read[table]

    def kept(self, table: str, *, write: bool | None = None) -> list[Row]:
        """The rows of a table alone, kept for the next time (`kept_rows`)."""
        return kept(self.folder / f"{table}.csv", partial(self._anew, table), write=write)

    def _anew(self, table: str) -> list[Row]:
        faults: list[Fault] = []
        rows = table_of(self.folder, self.name, table, faults)
        if faults:
            raise InputError(faults)
        return rows

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)


def _csv(file: Traversable, name: str, faults: list[Fault]) -> Cells:
    try:
        content = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.append(Fault(name, None, None, f"not UTF-8 at byte {error.start}", "UTF-8 text"))
        return [], [], []
    lines = csv.reader(io.StringIO(content, newline=""), strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    numbers: list[int] = []
    try:
        header = [cell.strip() for cell in next(lines, [])]
        for cells in lines:
            if len(cells) == len(header):
                rows.append(cells)
                numbers.append(lines.line_num)
            elif any(cell.strip() for cell in cells):
                faults.append(Fault(name, lines.line_num, None, f"{len(cells)} fields", f"{len(header)} fields"))
    except csv.Error as error:
        faults.append(Fault(name, lines.line_num, None, f"not readable as CSV ({error})", "closed quotes"))
    return header, list(zip(*rows, strict=True)) or [()] * len(header), numbers


def _parquet(file: Traversable, name: str, faults: list[Fault]) -> Cells:
    """A Parquet table as the texts that the same checks read; a row counts as the line it would have in a CSV."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        table = ParquetFile(file).read()
    except (ArrowException, OSError) as error:
        faults.append(Fault(name, None, None, str(error), "a Parquet table"))
        return [], [], []
    texts = [tuple(_text(value) for value in column.to_pylist()) for column in table.columns]
    return list(table.column_names), texts, list(range(2, table.num_rows + 2))


def _text(value: Cell) -> str:
    if not tables.given(value):
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def rows_of(
    name: str, table: str, header: list[str], by_column: Sequence[tuple[str, ...]], numbers: list[int],
    faults: list[Fault],
) -> list[Row]:  # fmt: skip
    """Rows of one table from the texts of its columns; each distinct cell is read once."""
    missing = [column for column, about in columns()[table].items() if column not in header and about.cell != "absent"]
    for column in missing:
        allowed = "columns " + ", ".join(columns()[table])
        faults.append(Fault(name, 1, column, "column is missing", allowed))
    for column in {column for column in header if header.count(column) > 1}:
        faults.append(Fault(name, 1, column, "column stands twice", "each column once"))
    if missing:
        return []
    read: list[list[Any]] = [numbers]
    read += [
        _column(name, table, column, cells, numbers, faults) for column, cells in zip(header, by_column, strict=True)
    ]
    left = [column for column in columns()[table] if column not in header]
    read += [[() if column_of(table, column).rule is LISTED else None] * len(numbers) for column in left]
    keys = ("line", *header, *left)
    return [dict(zip(keys, values, strict=True)) for values in zip(*read, strict=True)]


def _column(
    name: str, table: str, column: str, cells: tuple[str, ...], numbers: list[int], faults: list[Fault]
) -> list[Any]:
    about = column_of(table, column)
    rule, needed = about.rule, about.needed
    empty: Any = () if rule is LISTED else None
    known: dict[str, Any] = {"": empty}
    bad: dict[str, str] = {}
    distinct = set(cells)
    if len(distinct) == 1 and "" in distinct and not needed:
        return [empty] * len(cells)
    if rule is tables.text and tables.STARTS.isdisjoint("".join([cell.lstrip()[:1] for cell in distinct])):
        known |= {cell: cell.strip() or empty for cell in distinct}
        distinct = {cell for cell in distinct if known[cell] == empty}
    for cell in distinct:
        text = cell.strip()
        if text[:1] in tables.STARTS and tables.FORMULA.search(text) and rule is not tables.number:
            bad[cell] = "a value, not a spreadsheet formula"
        elif not text:
            known[cell] = empty
        else:
            try:
                known[cell] = rule.read(text)
            except ValueError:
                bad[cell] = day_advice(text) if rule is tables.day else rule.allowed
    if bad or (needed and any(not cell.strip() for cell in distinct)):
        for line, cell in zip(numbers, cells, strict=True):
            if cell in bad:
                faults.append(Fault(name, line, column, repr(cell), bad[cell]))
            elif needed and not cell.strip():
                faults.append(Fault(name, line, column, "empty", rule.allowed))
    return [known.get(cell, empty) for cell in cells]
