"""What an xlsx shows by a format (`0 "weeks"`, `#,##0 "€"`, `0%`, `000000`, `yyyy`): part of the cell as read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from geoecon.flows import spoilt

if TYPE_CHECKING:
    from geoecon.kinds import Cell

STYLE = re.compile(rb'\bs="(\d+)"')
SHOWN = re.compile(r'"([^"]*)"|\[\$([^\]-]+)(?:-[0-9A-Fa-f]*)?\]')
SCALED = re.compile(r"[0#?],+(?![0#?,])")  # thousands are left out of what is shown
ZEROS = re.compile(r"0{2,}")  # a code with its zeros in front: 010121
YEAR = re.compile(r"[yY]{4}(?:\\?年|\"年\")?")  # a day of which the year alone is shown
PERCENT = (9, 10)  # built-in formats


def beside(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """By sheet, (row, column) from 0 -> the words or % that the format shows beside the number; dollars are not told.

    Nothing for other workbooks than xlsx.
    """
    try:
        with zipfile.ZipFile(path) as book:
            known = _styles(book)
            return {name: dict(_cells(book.read(part), known)) for name, part in spoilt.sheets(book)} if known else {}
    except (zipfile.BadZipFile, KeyError, OSError):
        return {}


def joined(value: Cell, told: str) -> Cell:
    """A number with what stands beside it, as people see it: `20 weeks`, `60 %`, `2022年`, `010121`; of a day its year
    where that alone is shown; other cells as they are.
    """
    if isinstance(value, date):
        return str(value.year) if told == "yyyy" else value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if told == "yyyy" or ZEROS.fullmatch(told):
        return f"{int(value):0{len(told)}d}" if told != "yyyy" and float(value).is_integer() and value >= 0 else value
    shown = round(100 * value, 10) if told == "%" else value
    gap = " " if told.isascii() or told[0] in "€£¥₩₹" else ""
    return f"{int(shown) if float(shown).is_integer() else shown!r}{gap}{told}"


def _styles(book: zipfile.ZipFile) -> Mapping[bytes, str]:
    """Number of a style -> what its format shows beside a number."""
    from xml.etree import ElementTree

    if "xl/styles.xml" not in book.namelist():
        return {}
    root = ElementTree.fromstring(book.read("xl/styles.xml"))
    formats = {int(entry.attrib["numFmtId"]): told for entry in root.iter() if entry.tag.endswith("}numFmt")
               and (told := _shown(entry.attrib.get("formatCode", "")))}  # fmt: skip
    formats |= dict.fromkeys(PERCENT, "%")
    cells = next((entry for entry in root if entry.tag.endswith("}cellXfs")), ())
    return {str(k).encode(): formats[number] for k, entry in enumerate(cells)
            if (number := int(entry.attrib.get("numFmtId", "0"))) in formats}  # fmt: skip


def _shown(code: str) -> str:
    first = code.split(";")[0]
    if ZEROS.fullmatch(first) or YEAR.fullmatch(first):
        return first if ZEROS.fullmatch(first) else "yyyy"
    if SCALED.search(first):
        return ""
    words = " ".join(a or b for a, b in SHOWN.findall(first)).strip()
    if "%" in SHOWN.sub("", first):
        return "%"
    return "" if not any(letter.isalpha() or letter in "€£¥₩₹" for letter in words) else words


def _cells(page: bytes, known: Mapping[bytes, str]) -> Iterator[tuple[tuple[int, int], str]]:
    if not any(b's="' + style + b'"' in page for style in known):
        return
    for cell in spoilt.CELL.finditer(page):
        place, style = spoilt.PLACE.search(cell[1]), STYLE.search(cell[1])
        if place is not None and style is not None and style[1] in known:
            yield spoilt.at(place), known[style[1]]
