"""Rows of cells of a text table, each with its line; a quote that is not closed swallows no row, and none is broken in
writing."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING

from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    from _csv import Writer


def csv_rows(lines: Iterable[str], name: str, delimiter: str = ",") -> list[tuple[int, list[str]]]:
    """Rows of cells with the line on which each begins, by a reader that is lenient with quotes.

    Raises InputError where a cell is larger than any cell is, or holds whole rows: a quote is not closed.
    """
    reader = csv.reader(lines, delimiter=delimiter)
    found: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for row in reader:
            if any(swallows(cell, delimiter, len(found[0][1]) if found else len(row)) for cell in row):
                raise InputError(Fault(name, start, None, "a cell holds whole rows: its quote is not closed", QUOTES))
            found.append((start, row))
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputError(Fault(name, start, None, f"not readable as CSV ({error})", QUOTES)) from None
    return found


QUOTES = 'closed quotes; a quote inside a quoted cell is written twice ("")'


def swallows(cell: str, delimiter: str, width: int) -> bool:
    """Whether a cell of several lines holds lines with as many delimiters as a row of `width` cells (at least half)."""
    wanted = max(1, (width - 1) // 2)
    return "\n" in cell and any(line.count(delimiter) >= wanted for line in cell.split("\n")[1:])


class Lines:
    """A text file for a writer of CSV that ends its rows with CR and LF, and so quotes a cell that holds either: what
    is written ends with LF."""

    def __init__(self, out: IO[str]) -> None:
        self.out = out

    def write(self, row: str) -> int:
        return self.out.write(row.removesuffix("\r\n") + "\n")


def csv_writer(out: IO[str]) -> Writer:
    """A writer of CSV that quotes a carriage return as it does a line feed: unquoted, either begins a new row."""
    return csv.writer(Lines(out))
