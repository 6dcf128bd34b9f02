"""Tables of a web page under the name of a workbook (.xls), as customs offices hand them out."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from geoecon.flows.encodings import encoding_of


def is_page(path: Path) -> bool:
    """Whether a file begins as a web page does."""
    with path.open("rb") as file:
        start = file.read(4096).replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return start.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<style", b"<div", b"<body"))


class _Tables(HTMLParser):
    """The cells of every table that holds no other, row by row; a cell over several columns fills the first."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[list[list[str | None]]] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.found.append([])
        elif tag == "tr" and self.found:
            self.found[-1].append([])
        elif tag in ("td", "th") and self.found:
            rows = self.found[-1] or [[]]
            self.found[-1] = rows
            rows[-1].append("")
            span = dict(attrs).get("colspan") or "1"
            rows[-1] += [None] * (int(span) - 1 if span.isdigit() else 0)
            self.open, self.cell = True, len(rows[-1]) - (int(span) if span.isdigit() else 1)
        elif tag == "br" and self.open:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.open = False

    def handle_data(self, data: str) -> None:
        if self.open and self.found and self.found[-1]:
            row = self.found[-1][-1]
            row[self.cell] = " ".join(((row[self.cell] or "") + data).split())


def tables(path: Path) -> dict[str, list[list[str | None]]]:
    """Every table of a page by its number, as rows of cells; what is empty is None."""
    content = path.read_bytes()
    said = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", content[:4096], re.IGNORECASE)
    page = encoding_of(path, path.name, said[1].decode() if said else None)[0]
    reader = _Tables()
    reader.feed(content.decode(page))
    rows = [[[cell or None for cell in row] for row in table] for table in reader.found]
    return {f"table {k}": table for k, table in enumerate(rows, 1) if table}
