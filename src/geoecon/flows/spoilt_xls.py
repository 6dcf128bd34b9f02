"""Errors in the cells of an xls, which readers of workbooks give as empty: the records of the file itself tell them.

Formats: [MS-CFB] for the sectors of the file, [MS-XLS] for the records BoundSheet8, BoolErr and Formula.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END = 0xFFFFFFF0  # no sector from here on
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
SHEET, ERROR, FORMULA, LAST = 0x0085, 0x0205, 0x0006, 0x000A


def cells(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """By sheet, (row, column) from 0 -> `#DIV/0!`; nothing for other files and for one that is damaged."""
    with path.open("rb") as file:
        if file.read(8) != MAGIC:
            return {}
        content = MAGIC + file.read()
    try:
        stream = _stream(content)
        return {name: dict(_errors(stream, start)) for name, start in _sheets(stream)}
    except (struct.error, IndexError):
        return {}


def _stream(content: bytes) -> bytes:
    """The stream of the workbook inside the compound file."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    first, extra = struct.unpack_from("<I", content, 48)[0], struct.unpack_from("<I", content, 68)[0]

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    tables = list(struct.unpack_from("<109I", content, 76))
    while extra < END:
        more = struct.unpack(f"<{size // 4}I", sector(extra))
        tables, extra = tables + list(more[:-1]), more[-1]
    chain = [n for table in tables if table < END for n in struct.unpack(f"<{size // 4}I", sector(table))]

    def whole(start: int) -> bytes:
        parts: list[bytes] = []
        while start < END and len(parts) <= len(chain):
            parts.append(sector(start))
            start = chain[start]
        return b"".join(parts)

    entries = whole(first)
    for at in range(0, len(entries), 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        if entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace") in ("Workbook", "Book"):
            start, total = struct.unpack_from("<II", entries, at + 116)
            return whole(start)[:total] if total >= 4096 else b""
    return b""


def _records(stream: bytes, at: int = 0) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == LAST:
            return
        at += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, body in _records(stream):
        if kind == SHEET:
            wide = bool(body[7] & 1)
            name = body[8 : 8 + body[6] * (1 + wide)]
            yield name.decode("utf-16-le" if wide else "latin-1"), struct.unpack_from("<I", body)[0]


def _errors(stream: bytes, start: int) -> Iterator[tuple[tuple[int, int], str]]:
    for kind, body in _records(stream, start):
        if kind == ERROR and body[7]:
            yield struct.unpack_from("<HH", body), ERRORS.get(body[6], "#error")
        elif kind == FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            yield struct.unpack_from("<HH", body), ERRORS.get(body[8], "#error")
