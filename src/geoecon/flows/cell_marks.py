"""What an xlsx shows by letters: marks of footnotes set high behind a number or a name, and cells struck out."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from geoecon.flows import spoilt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STYLE = re.compile(rb'\bs="(\d+)"')
_SHARED = re.compile(rb"<(?:\w+:)?v[^>]*>(\d+)<")
_FULL = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>[^<]")
_ENTRY = re.compile(rb"<(?:\w+:)?si\b[^>]*>(.*?)</(?:\w+:)?si>", re.DOTALL)
_RUN = re.compile(rb"<(?:\w+:)?r>(.*?)</(?:\w+:)?r>", re.DOTALL)
_LETTERS = re.compile(rb"<(?:\w+:)?t\b[^>]*>([^<]*)<")
_HIGH = re.compile(rb'vertAlign\b[^>]*val="superscript"')
_STRUCK = re.compile(rb'<(?:\w+:)?strike\b(?![^>]*val="(?:0|false)")')
_SET = re.compile(rb"superscript|strike\b")


class Text(NamedTuple):
    """The letters of a cell: all of them, those that are not set high, and whether all are struck out."""

    whole: str
    plain: str
    out: bool


class Marks(NamedTuple):
    """What the letters of a sheet show: (row, column) from 0 -> the text without its marks; the lines struck out."""

    texts: dict[tuple[int, int], str]
    out: frozenset[int]


def marks(path: Path) -> dict[str, Marks]:
    """By sheet the texts without the marks of footnotes that are set high in them, and the lines struck out.

    `m2` and `10^3` stay: only behind a number or a word of three letters is it a mark. Nothing for other workbooks than
    xlsx.
    """
    try:
        with zipfile.ZipFile(path) as book:
            styles, shared = _struck_styles(book), _shared(book)
            pages = {name: book.read(part) for name, part in spoilt.sheets(book)}
    except (zipfile.BadZipFile, KeyError, OSError):
        return {}
    found = {}
    for name, page in pages.items():
        if not (styles or shared or _SET.search(page)):
            continue
        texts, out = {}, set()
        for place, style, text in _cells(page, shared):
            if text is not None and text.plain != text.whole:
                texts[place] = text.plain
            if style in styles or (text is not None and text.out):
                out.add(place[0] + 1)
        found[name] = Marks(texts, frozenset(out))
    return found


def told(path: Path, sheet: str, lines: set[int]) -> list[str]:
    """What to say of marks and struck lines of a sheet, of those of its lines that count."""
    seen = marks(path).get(sheet, Marks({}, frozenset()))
    places, out = [place for place in seen.texts if place[0] + 1 in lines], sorted(lines & seen.out)
    which = f"line {out[0]} is" if len(out) == 1 else f"{len(out)} lines, the first {out[0] if out else ''}, are"
    notes = [f"{which} struck out in the workbook and counted"] if out else []
    if places:
        count = f"{len(places)} {'cell' if len(places) == 1 else 'cells'}, first in line {places[0][0] + 1}"
        notes.append(f"marks of footnotes set high are left out in {count}")
    return notes


def _cells(page: bytes, shared: Sequence[Text]) -> Iterator[tuple[tuple[int, int], bytes, Text | None]]:
    """Place, number of the style and text of letters (none for a number) of each cell with something in it."""
    for cell in spoilt.CELL.finditer(page):
        place, inside = spoilt.PLACE.search(cell[1]), cell[2] or b""
        if place is None or not _FULL.search(inside):
            continue
        style, number = _STYLE.search(cell[1]), _SHARED.search(inside) if b't="s"' in cell[1] else None
        text = _text(inside) if b'"inlineStr"' in cell[1] else None
        if number is not None and int(number[1]) < len(shared):
            text = shared[int(number[1])]
        yield spoilt.at(place), style[1] if style else b"", text


def _shared(book: zipfile.ZipFile) -> list[Text]:
    """The shared texts of a workbook; none where nothing in them is set high or struck out."""
    content = book.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in book.namelist() else b""
    return [_text(entry[1]) for entry in _ENTRY.finditer(content)] if _SET.search(content) else []


def _text(entry: bytes) -> Text:
    runs = [("".join(_letters(run[1])), run[1]) for run in _RUN.finditer(entry)]
    whole = "".join(text for text, _ in runs) if runs else "".join(_letters(entry))
    plain = "".join(text for text, about in runs if not _HIGH.search(about)).strip()
    marked = plain != whole.strip() and re.search(r"\d$|[^\W\d_]{3}$", plain) is not None
    out = bool(runs) and all(_STRUCK.search(about) for text, about in runs if text.strip())
    return Text(whole, plain if marked else whole, out)


def _letters(entry: bytes) -> list[str]:
    return [unescape(found[1].decode("utf-8", "replace")) for found in _LETTERS.finditer(entry)]


def _struck_styles(book: zipfile.ZipFile) -> set[bytes]:
    """Numbers of the styles whose letters are struck out."""
    from xml.etree import ElementTree

    content = book.read("xl/styles.xml") if "xl/styles.xml" in book.namelist() else b""
    if b"strike" not in content:
        return set()
    root = ElementTree.fromstring(content)
    fonts = next((entry for entry in root if entry.tag.endswith("}fonts")), ())
    out = {k for k, font in enumerate(fonts) if any(part.tag.endswith("}strike") and part.attrib.get("val", "1") not in
           ("0", "false") for part in font)}  # fmt: skip
    styles = next((entry for entry in root if entry.tag.endswith("}cellXfs")), ())
    return {str(k).encode() for k, entry in enumerate(styles) if int(entry.attrib.get("fontId", "0")) in out}
