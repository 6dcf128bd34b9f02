"""Cells that an xlsx merges over lines: a name or a year merged so stands for each of them, a number does not."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from geoecon.flows import spoilt

MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([^":]+):([^"]+)"')
CORNER = re.compile(rb"([A-Z]{1,3})(\d{1,7})$")
YEARS = (1900, 2100)


def filled(path: Path, sheet: str, rows: Sequence[list[Any]], start: int) -> int:
    """Fills names, days and years of one column that are merged over lines below row `start` (from 0) into each line.

    The number of cells that were filled; 0 for other workbooks than xlsx. Amounts stay in their first line alone.
    """
    count = 0
    for (top, left), (bottom, right) in _ranges(path).get(sheet, ()):
        if left != right or top <= start or left >= len(rows[top] if top < len(rows) else ()):
            continue
        told = rows[top][left]
        if not (isinstance(told, str | date) or (_whole(told) and YEARS[0] <= told <= YEARS[1])):
            continue
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row) and row[left] is None:
                row[left] = told
                count += 1
    return count


def _whole(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()


def _ranges(path: Path) -> dict[str, list[tuple[tuple[int, int], tuple[int, int]]]]:
    """By sheet the first and last cell (row, column from 0) of each merged block."""
    try:
        with zipfile.ZipFile(path) as book:
            pages = {name: book.read(part) for name, part in spoilt.sheets(book)}
    except (zipfile.BadZipFile, KeyError, OSError):
        return {}
    found: dict[str, list[tuple[tuple[int, int], tuple[int, int]]]] = {}
    for name, page in pages.items():
        for block in MERGED.finditer(page):
            first, last = CORNER.match(block[1]), CORNER.match(block[2])
            if first is not None and last is not None:
                found.setdefault(name, []).append((spoilt.at(first), spoilt.at(last)))
    return found
