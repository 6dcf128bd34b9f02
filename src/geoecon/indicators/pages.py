"""A wide Parquet file whose numbers repeat: what is the same for a whole market stands once, its rows only point there.

A general writer looks every number up to find the repeats; here the market of each row is known. Any reader of Parquet
reads the file (parquet-format 2.11: data pages of version 1, PLAIN and RLE_DICTIONARY; the footer in Thrift's compact
protocol).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any

import numba as nb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.indicators.complete import Found, Words
from geoecon.indicators.thrift import I64, struct, varint

if TYPE_CHECKING:
    import pyarrow as pa

Codes = NDArray[np.integer[Any]]
Known = NDArray[np.bool_] | bool  # which rows hold something: some, or all, or none
Body = tuple[bytes | memoryview, ...]  # what is written one after the other
MAGIC = b"PAR1"
BOOLEAN, DOUBLE, BYTE_ARRAY = 0, 5, 6  # physical types
PLAIN, RLE, RLE_DICTIONARY = 0, 3, 8  # encodings
DATA_PAGE, DICTIONARY_PAGE = 0, 2
UNCOMPRESSED, OPTIONAL, UTF8 = 0, 1, 0
TYPES = {"words": BYTE_ARRAY, "flags": BOOLEAN, "numbers": DOUBLE}


@dataclass(frozen=True)
class Page:
    """One column of a group of rows: its values or, with a dictionary of `count` values, their numbers there."""

    body: Body
    values: Body = ()
    count: int = 0
    bounds: Mapping[int, Any] | None = None  # Statistics


@dataclass(frozen=True)
class Group:
    """Rows that share what is said of their group: its number by row, the first row of each group and by row, and the
    numbers as a page."""

    code: Codes
    first: NDArray[np.int32]
    head: NDArray[np.uint32]
    page: Page


class Writer:
    """Writes groups of rows of the same columns to a binary file; `close` writes the footer."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.kinds, self.groups, self.rows = file, dict[str, str](), list[dict[int, Any]](), 0
        self.at = self.file.write(MAGIC)

    def add(self, found: Found) -> None:
        """Writes one group of rows."""
        self.kinds = self.kinds or {name: _kind(column) for name, column in found.items()}
        rows = len(found["value_usd"])
        if not rows:
            return
        pages = _pages(found)
        chunks = [self._chunk(name, kind, pages[name], rows) for name, kind in self.kinds.items()]
        self.groups.append({1: chunks, 2: I64(sum(chunk[3][7] for chunk in chunks)), 3: I64(rows)})
        self.rows += rows

    def _chunk(self, name: str, kind: str, page: Page, rows: int) -> dict[int, Any]:
        start, told, encoding = self.at, {}, PLAIN
        if page.count:
            self._page(DICTIONARY_PAGE, page.values, {7: {1: page.count, 2: PLAIN}})
            told, encoding = {11: I64(start)}, RLE_DICTIONARY
        data = self.at
        self._page(DATA_PAGE, page.body, {5: {1: rows, 2: encoding, 3: RLE, 4: RLE}})
        size = I64(self.at - start)
        about = {1: TYPES[kind], 2: [PLAIN, RLE, RLE_DICTIONARY], 3: [name.encode()], 4: UNCOMPRESSED, 5: I64(rows),
                 6: size, 7: size, 9: I64(data), **told}  # fmt: skip
        return {2: I64(start), 3: about | ({12: page.bounds} if page.bounds else {})}

    def _page(self, kind: int, body: Body, header: dict[int, Any]) -> None:
        size = sum(map(len, body))
        for part in (struct({1: kind, 2: size, 3: size, **header}), *body):
            self.at += self.file.write(part)

    def close(self, metadata: Mapping[str, str]) -> None:
        """The footer: columns, where their pages stand, and what is said of the file."""
        columns: list[dict[int, Any]] = [{4: b"schema", 5: len(self.kinds)}]
        for name, kind in self.kinds.items():
            text = {6: UTF8, 10: {1: {}}} if kind == "words" else {}
            columns.append({1: TYPES[kind], 3: OPTIONAL, 4: name.encode(), **text})
        arrow = base64.b64encode(_schema(self.kinds).serialize().to_pybytes()).decode()
        told = [{1: k.encode(), 2: v.encode()} for k, v in {"ARROW:schema": arrow, **metadata}.items()]
        footer = struct({1: 2, 2: columns, 3: I64(self.rows), 4: self.groups, 5: told, 6: b"geoecon",
                         7: [{1: {}}] * len(self.kinds)})  # fmt: skip
        self.file.write(footer + len(footer).to_bytes(4, "little") + MAGIC)


def _kind(column: Any) -> str:  # noqa: ANN401 - numbers, flags or Words
    if isinstance(column, Words):
        return "words"
    return "flags" if isinstance(column, pd.arrays.BooleanArray) else "numbers"


def _schema(kinds: Mapping[str, str]) -> pa.Schema:
    """The types that Arrow gives the columns when it reads the file."""
    import pyarrow as pa

    types = {"words": pa.dictionary(pa.int32(), pa.string()), "flags": pa.bool_(), "numbers": pa.float64()}
    return pa.schema([(name, types[kind]) for name, kind in kinds.items()])


def _pages(found: Found) -> dict[str, Page]:
    """Every column as a page; one array under several names is made one only once."""
    product, whole = found["product"], Words(np.zeros(len(found["value_usd"]), np.int32), [""])
    groups = [
        _group(whole, whole),
        _group(product, whole),
        *(_group(product, found[s]) for s in ("importer", "exporter")),
    ]
    done: dict[int, Page] = {}
    for column in found.values():
        if id(column) not in done:
            kind = _kind(column)
            done[id(column)] = (
                _words(column) if kind == "words" else _flags(column) if kind == "flags" else _numbers(column, groups)
            )
    return {name: done[id(column)] for name, column in found.items()}


def _group(one: Words, other: Words) -> Group:
    code, first, head = _numbered(one.codes, other.codes, len(one.words), len(other.words))
    code = _narrow(code, len(first))
    return Group(code, first, head, Page((_levels(True, len(code)), *_coded(code))))


def _words(column: Words) -> Page:
    """Text by the numbers of its words, with the least and the greatest as bounds."""
    codes, texts = np.asarray(column.codes), [str(word).encode() for word in column.words]
    there = _used(codes, len(texts))
    known: Known = codes >= 0 if there[-1] else True
    kept = codes if known is True else codes[known]
    words = b"".join(len(text).to_bytes(4, "little") + text for text in texts)
    seen = [texts[k] for k in np.flatnonzero(there[:-1])]
    bounds = {3: I64(len(codes) - len(kept)), **({5: max(seen), 6: min(seen)} if seen else {})}
    return Page((_levels(known, len(codes)), *_coded(_narrow(kept, len(texts)))), (words,), len(texts), bounds)


def _flags(column: pd.arrays.BooleanArray) -> Page:
    held, lacking = column.to_numpy(bool, na_value=False), column.isna()
    known: Known = ~lacking if lacking.any() else True
    bits = np.packbits(held if known is True else held[known], bitorder="little")
    return Page((_levels(known, len(held)), bits.tobytes()))


def _numbers(column: NDArray[np.float64], groups: list[Group]) -> Page:
    """Numbers once for each group where they are the same in all its rows, else row by row; not a number is null."""
    column = np.ascontiguousarray(column, dtype=np.float64)
    for group in groups:
        if _same(column.view(np.int64), group.head):
            return _shared(column[group.first], group)
    known = _known(column)
    return Page((_levels(known, len(column)), _raw(column if known is True else column[known])))


def _shared(values: NDArray[np.float64], group: Group) -> Page:
    rows, known = len(group.code), _known(values)
    if known is False:
        return Page((_levels(False, rows),))
    if known is True:
        return replace(group.page, values=(_raw(values),), count=len(values))
    there = known[group.code]
    return Page((_levels(there, rows), *_coded(group.code[there])), (_raw(values),), len(values))


def _raw(values: NDArray[Any]) -> memoryview:
    return np.ascontiguousarray(values).data.cast("B")


def _known(column: NDArray[np.float64]) -> Known:
    lacking = _lacking(column)
    return True if not lacking else False if lacking == len(column) else ~np.isnan(column)


def _levels(known: Known, rows: int) -> bytes:
    """Definition levels, 1 where a row holds something: one run where all do or none does, else bits."""
    if isinstance(known, bool):
        runs = varint(rows << 1) + bytes([known])
    else:
        runs = varint(-(-rows // 8) << 1 | 1) + np.packbits(known, bitorder="little").tobytes()
    return len(runs).to_bytes(4, "little") + runs


def _coded(codes: Codes) -> Body:
    """Numbers of dictionary entries as runs of one number, or in whole bytes (bits of that width) where that is less.

    First comes their width in bits.
    """
    width = codes.itemsize
    runs = np.empty(len(codes) * width, dtype=np.uint8)
    used = _runs(codes, width, runs)
    if used:
        return bytes([8 * width]), _raw(runs[:used])
    eights = -(-len(codes) // 8)
    return bytes([8 * width]) + varint(eights << 1 | 1), _raw(codes), bytes((8 * eights - len(codes)) * width)


def _narrow(codes: Codes, count: int) -> Codes:
    return codes.astype("<u1" if count <= 1 << 8 else "<u2" if count <= 1 << 16 else "<u4")


@nb.njit(cache=True, nogil=True)
def _numbered(a, b, n, m):  # type: ignore[no-untyped-def]
    """Number of each pair of codes (row,) in order of appearance, the first row of each pair, and the same by row.

    −1 is a code too.
    """
    seen = np.full((n + 1, m + 1), -1, np.int32)
    code, head, first, count = np.empty(len(a), np.int32), np.empty(len(a), np.uint32), np.empty(len(a), np.int32), 0
    for r in range(len(a)):
        k = seen[a[r] + 1, b[r] + 1]
        if k < 0:
            seen[a[r] + 1, b[r] + 1] = k = count
            first[count] = r
            count += 1
        code[r], head[r] = k, first[k]
    return code, first[:count], head


@nb.njit(cache=True, nogil=True)
def _same(bits, head):  # type: ignore[no-untyped-def]
    """Whether every row has the bits of the first row of its group; looked at by the thousand."""
    for start in range(0, len(head), 1024):
        other = np.int64(0)
        for r in range(start, min(start + 1024, len(head))):
            other |= bits[r] ^ bits[head[r]]
        if other:
            return False
    return True


@nb.njit(cache=True, nogil=True)
def _lacking(column):  # type: ignore[no-untyped-def]
    """How many are not a number."""
    count = 0
    for value in column:
        count += value != value
    return count


@nb.njit(cache=True, nogil=True)
def _used(codes, n):  # type: ignore[no-untyped-def]
    """Which of n words occur, and last whether a row has none (−1)."""
    there = np.zeros(n + 1, np.bool_)
    for code in codes:
        there[code] = True
    return there


@nb.njit(cache=True, nogil=True)
def _runs(codes, width, out):  # type: ignore[no-untyped-def]
    """Writes runs (length, number) to out (byte,) and gives the bytes used; 0 where they do not fit."""
    at, r = 0, 0
    while r < len(codes):
        code, length = codes[r], 1
        while r + length < len(codes) and codes[r + length] == code:
            length += 1
        r += length
        head = length << 1
        if at + 5 + width > len(out):
            return 0
        while head > 127:
            out[at] = head & 127 | 128
            at, head = at + 1, head >> 7
        out[at] = head
        at += 1
        for byte in range(width):
            out[at] = code >> (8 * byte) & 255
            at += 1
    return at
