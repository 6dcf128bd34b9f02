"""What a reader of workbooks does not tell of an xlsx: errors, formulas never computed, hidden rows and sheets."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from posixpath import normpath

CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]+)<|<(?:\w+:)?is\b")
ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d{1,7})"')
COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)/?>")
FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*>([^<]*)<|<(?:\w+:)?f\b")


def cells(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """By sheet, (row, column) from 0 -> `#DIV/0!` or `=A1+B1 (never computed)`; nothing for other kinds of workbooks.

    The readers of workbooks give such cells as empty, so that a fault would pass for a missing number.
    """
    try:
        with zipfile.ZipFile(path) as book:
            return {name: dict(_spoilt(book.read(part))) for name, part in sheets(book)}
    except (zipfile.BadZipFile, KeyError, OSError):
        return {}


def hidden_in(path: Path) -> tuple[dict[str, frozenset[int]], frozenset[str]]:
    """By sheet the lines that are hidden (filtered, folded), and the hidden sheets; none for other workbooks."""
    from xml.etree import ElementTree

    try:
        with zipfile.ZipFile(path) as book:
            lines = {name: frozenset(int(found[1]) for found in ROW.finditer(book.read(part)))
                     for name, part in sheets(book)}  # fmt: skip
            listed = ElementTree.fromstring(book.read("xl/workbook.xml")).iter() if lines else ()
            states = {entry.attrib.get("name", ""): entry.attrib.get("state", "visible") for entry in listed
                      if entry.tag.endswith("}sheet")}  # fmt: skip
    except (zipfile.BadZipFile, KeyError, OSError):
        return {}, frozenset()
    return lines, frozenset(name for name, state in states.items() if state != "visible")


def columns_hidden(path: Path) -> dict[str, frozenset[int]]:
    """By sheet the columns (from 0) that are hidden; none for other workbooks than xlsx."""
    try:
        with zipfile.ZipFile(path) as book:
            return {name: frozenset(_hidden_columns(book.read(part))) for name, part in sheets(book)}
    except (zipfile.BadZipFile, KeyError, OSError):
        return {}


def _hidden_columns(page: bytes) -> Iterator[int]:
    for found in COLUMN.finditer(page.partition(b"<sheetData")[0]):
        about = dict(re.findall(rb'(\w+)="([^"]*)"', found[1]))
        if about.get(b"hidden") in (b"1", b"true"):
            yield from range(int(about[b"min"]) - 1, min(int(about[b"max"]), 16_384))


def sheets(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet, and where it stands in the archive."""
    from xml.etree import ElementTree

    names = set(book.namelist())
    if "xl/workbook.xml" not in names:
        return
    links = {}
    for link in ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels")):
        target = link.attrib.get("Target", "")
        links[link.attrib.get("Id", "")] = target[1:] if target.startswith("/") else normpath(f"xl/{target}")
    for entry in ElementTree.fromstring(book.read("xl/workbook.xml")).iter():
        if entry.tag.endswith("}sheet"):
            linked = next((value for key, value in entry.attrib.items() if key.endswith("}id")), "")
            if links.get(linked) in names:
                yield entry.attrib["name"], links[linked]


def _spoilt(page: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    if b't="e"' not in page and b"<f" not in page and b":f" not in page:
        return
    for cell in CELL.finditer(page):
        about, inside = cell[1], cell[2] or b""
        place = PLACE.search(about)
        if place is None:
            continue
        value, formula = VALUE.search(inside), FORMULA.search(inside)
        if b't="e"' in about and value is not None:
            yield at(place), (value[1] or b"#error").decode("utf-8", "replace")
        elif formula is not None and value is None and b't="str"' not in about:
            yield at(place), f"={(formula[1] or b'').decode('utf-8', 'replace')} (never computed)"


def at(place: re.Match[bytes]) -> tuple[int, int]:
    """Row and column from 0 of a place such as B7."""
    column = 0
    for letter in place[1].decode():
        column = column * 26 + ord(letter) - 64
    return int(place[2]) - 1, column - 1
