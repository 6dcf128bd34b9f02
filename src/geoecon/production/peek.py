"""What stands in the file of a table before it is read: members of an archive, its first lines."""

from __future__ import annotations

import csv
import zipfile
from itertools import islice
from pathlib import Path

from geoecon.production.build import opened

WORKBOOKS = (".xlsx", ".xls", ".xlsb", ".xlsm")


def members(file: Path) -> list[str]:
    """Names inside a folder or zip, in lower case."""
    if file.is_dir():
        return [found.name.lower() for found in file.rglob("*")]
    if file.suffix.lower() in WORKBOOKS or not zipfile.is_zipfile(file):
        return []
    with zipfile.ZipFile(file) as archive:
        return [member.lower() for member in archive.namelist()]


def first(file: Path) -> list[list[str]]:
    """The first lines of a text as rows of cells."""
    with file.open(encoding="latin-1", newline="") as content:
        return list(islice(csv.reader(content), 30))


def packed(file: Path) -> str | None:
    """The one workbook in a zip without texts; None for any other file."""
    if file.suffix.lower() in WORKBOOKS or not file.is_file() or not zipfile.is_zipfile(file):
        return None
    with zipfile.ZipFile(file) as archive:
        inside = [name for name in archive.namelist() if "__MACOSX" not in name and not name.endswith("/")]
    books = [name for name in inside if name.lower().endswith(WORKBOOKS)]
    return books[0] if len(books) == 1 and not any(name.lower().endswith((".csv", ".txt")) for name in inside) else None


def header(file: Path, year: int | None) -> list[str]:
    with opened(file, year) as content:
        line = content.readline().decode("utf-8-sig", errors="replace").strip()
    return [cell.strip().strip('"') for cell in line.split(",")]
