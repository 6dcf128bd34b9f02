"""Any table as a plain CSV: UTF-8, commas, a decimal point, nothing above the header or below the rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.flows import decimals, dialect, edges, engine, reply, sheets
from geoecon.tables import given

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

    from geoecon.flows.units import Unit

TYPED = re.compile(r"e[-+]?\d+$")  # a number of a workbook or a frame: its sign is the point
NUMERIC = re.compile(r"^[-+]?[0-9][0-9.,\s'\u00a0\u202f]*([eE][-+]?\d+)?$")
OTHERS = (*sheets.WORKBOOKS, ".parquet", ".json", ".jsonl", ".ndjson")


@dataclass(frozen=True)
class Plain:
    """A clean copy of a table: where it is, what had to be changed in words, the physical line of each of its rows
    (the header first) and the unit of money that lines around the table say.
    """

    path: Path
    notes: tuple[str, ...]
    lines: tuple[int, ...]
    unit: Unit | None = None


@dataclass(frozen=True)
class _Rows:
    header: Sequence[str]
    rows: list[tuple[int, list[str]]]
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def plain_csv(
    source: Path | IntoFrame, folder: Path, headings: Sequence[str] = (), sheet: str | None = None,
    whole: Callable[[Sequence[str]], bool] | None = None, encoding: str | None = None, decimal: str | None = None,
    codes: Collection[str] = (),
) -> Plain:  # fmt: skip
    """A clean copy of a file (text, workbook, Parquet, JSON) or of a frame in `folder`, under its own name.

    `headings` are those by which the header is known, `whole` tells whether a header is that of such a table,
    `encoding` and `decimal` (. , or .,) settle what bytes and cells do not, `codes` are headings (in small letters) of
    columns whose digits are no numbers. Raises InputError where the encoding, the
    decimal sign or the sheet cannot be told.
    """
    name = source.name if isinstance(source, Path) else "table"
    if decimal not in (None, *decimals.SIGNS):
        raise InputError(f"decimal {decimal!r}; allowed: " + " ".join(decimals.SIGNS))
    found = _rows_of(source, folder, headings, sheet, whole, encoding)
    rows, notes, below, _ = edges.trimmed(found.rows, found.header, name)
    coded = [heading.strip().casefold() in codes for heading in found.header]
    cells = ((line, heading, cell.strip().removeprefix("-")) for line, row in rows for heading, cell, text
             in zip(found.header, row, coded, strict=True) if not text and NUMERIC.match(cell.strip()))  # fmt: skip
    sign = decimal or decimals.sign_of(cells, name)
    target = folder / "plain" / name.removesuffix(".gz")
    target.parent.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(found.header)
        for _, row in rows:
            writer.writerow([_number(cell.strip(), sign) if not text and NUMERIC.match(cell.strip()) else cell
                             for cell, text in zip(row, coded, strict=True)])  # fmt: skip
    changed = {",": ["decimal comma"], ".,": ["comma between thousands"]}.get(sign, [])
    above = rows[0][0] - 1 if rows else 1
    return Plain(target, (*found.notes, *notes, *changed), (above, *(line for line, _ in rows)),
                 edges.said_unit([*found.titles, *below]))  # fmt: skip


def _rows_of(
    source: Path | IntoFrame, folder: Path, headings: Sequence[str], sheet: str | None,
    whole: Callable[[Sequence[str]], bool] | None, encoding: str | None,
) -> _Rows:  # fmt: skip
    if not isinstance(source, Path):
        return _of_frame(source if isinstance(source, pd.DataFrame) else engine.collect(engine.lazy(source)))
    kind = source.suffix.lower()
    if kind in sheets.WORKBOOKS:
        page = sheets.sheet(source, sheet, headings, whole)
        return _Rows(page.header, page.rows, page.titles, page.repairs)
    if kind in OTHERS:
        return _of_frame(stored(source), first=2 if kind == ".parquet" else 1)
    read = dialect.dialect(source, source.name, folder, encoding, headings)
    return _Rows(read.header, list(dialect.rows(read)), read.titles, read.repairs)


def stored(path: Path, what: str = "a row") -> pd.DataFrame:
    """A table that keeps its kinds: Parquet, or JSON (records in a list, line by line, by columns, or one alone).

    `what` names one record in a message. Raises InputError for what is no such table.
    """
    if path.suffix.lower() != ".parquet":
        found = pd.DataFrame(reply.records(path, path.name, empty=f"a list of records, each {what}"))
        return found.astype(object)
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pd.DataFrame(pq.read_table(path).to_pandas())
    except (pa.ArrowException, OSError) as error:
        told = str(error).splitlines()[0]
        raise InputError(Fault(path.name, None, None, told, "a whole Parquet file")) from None


def _of_frame(frame: pd.DataFrame, first: int = 2) -> _Rows:
    """The rows of a frame as text; its index is a column where it has names of its own, as in a matrix."""
    from pandas import RangeIndex

    if not isinstance(frame.index, RangeIndex):
        frame = frame.reset_index()
    cells = [[sheets.text(cell) if given(cell) else "" for cell in row]
             for row in frame.itertuples(index=False, name=None)]  # fmt: skip
    return _Rows([str(name) for name in frame.columns], list(enumerate(cells, first)))


def _number(cell: str, sign: str) -> str:
    if TYPED.search(cell):
        return cell
    minus = "-" if cell.startswith("-") else ""
    return minus + decimals.number_text(cell.removeprefix("-"), sign)
