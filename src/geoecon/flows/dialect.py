"""How a text file is written (encoding, delimiter, decimal sign), and its rows with physical line numbers."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from geoecon.errors import Fault, InputError

BLOCK = 1 << 20
DELIMITERS = ",;\t|"
BLANKS = "\u00a0\u202f\u2009 '\u2019"  # between thousands
COMMA_NUMBER = re.compile(rf"^\d{{1,3}}(?:[{BLANKS}.]?\d{{3}})*,\d+$|^\d+,\d+$")
THOUSANDS = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$")
POINT_THOUSANDS = re.compile(r"^\d{1,3}(\.\d{3})+$")
MEMBERS = (".csv", ".tsv", ".txt", ".gz", ".parquet")  # endings of data in an archive
POINT_NUMBER = re.compile(r"^\d+\.\d+$")


@dataclass(frozen=True)
class Dialect:
    """`repairs` says in words what differs from UTF-8 with commas and decimal points; it goes into the coverage."""

    path: Path  # what is read: the file itself, or a clean copy of it
    name: str  # what people call it
    delimiter: str
    decimal: str
    header: tuple[str, ...]
    repairs: tuple[str, ...] = ()


def open_binary(path: Path) -> BinaryIO:
    """The file, unpacked if it is a gzip."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def dialect(path: Path, name: str, folder: Path, decimal: str | None = None) -> Dialect:
    """The dialect of a CSV or TSV file; a clean UTF-8 copy goes to `folder` where the file is not.

    Raises InputError for an empty file, a gzip that ends early, and a file without a header.
    """
    encoding, repairs = _encoding(path, name)
    told = _separator(path, encoding)
    with open_binary(path) as file:
        text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
        sample = text.read(BLOCK)[len(told) :]
    if not sample.strip():
        raise InputError(Fault(name, None, None, "file is empty", "a header line and data rows"))
    delimiter = told[4] if told else _delimiter(sample)
    rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row][:2000]
    header = tuple(cell.strip().lstrip("\ufeff") for cell in rows[0])
    cells = [cell.strip() for row in rows[1:-1] or rows[1:] for cell in row]
    decimal = decimal or _decimal(cells, name)
    if delimiter != ",":
        repairs.append(f"delimiter {'tab' if delimiter == chr(9) else delimiter} instead of ,")
    if decimal != ".":
        repairs.append("decimal comma" if decimal == "," else "comma between thousands")
    clean = path
    if told or encoding not in ("utf-8", "utf-8-sig") or path.suffix == ".gz" or _packed(path):
        clean = _copy(path, name, encoding, folder, len(told))
    return Dialect(clean, name, delimiter, decimal, header, tuple(repairs))


def _separator(path: Path, encoding: str) -> str:
    """The line `sep=;` with which Excel may begin a file; empty without one."""
    with open_binary(path) as file:
        first = file.read(64).decode(encoding, errors="ignore").lstrip("\ufeff")
    found = re.match(r"sep=([,;\t|])\r?\n", first, re.IGNORECASE)
    return found[0] if found else ""


def _packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _encoding(path: Path, name: str) -> tuple[str, list[str]]:
    """UTF-8, UTF-16 or UTF-32 by mark or zero bytes, else the code page in which the header says something."""
    with path.open("rb") as file:
        start = file.read(64)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32", ["encoding UTF-32"]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", ["encoding UTF-16"]
    if not _packed(path) and len(start) > 8:
        for side, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            if not any(start[side::2]) and all(start[1 - side :: 2]):
                return encoding, [f"encoding {encoding.upper()} without a mark"]
    decoder, place = codecs.getincrementaldecoder("utf-8")(), 0
    try:
        with open_binary(path) as blocks:
            head = blocks.read(3)
            decoder.decode(head)
            place = len(head)
            while block := blocks.read(BLOCK):
                decoder.decode(block)
                place += len(block)
            decoder.decode(b"", final=True)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(Fault(name, None, None, f"gzip ends early or is damaged ({error})", "a whole file")) from None
    except UnicodeDecodeError as error:
        with open_binary(path) as blocks:
            whole = blocks.read(place + BLOCK)
        at = _first_bad(whole)
        page, words = _code_page(whole)
        return page, [f"encoding {words} (byte {at} is 0x{whole[at]:02X}: {error.reason})"]
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", ["byte order mark in front"]
    return "utf-8", []


PAGES = {"cp1252": "Windows-1252", "shift_jis": "Shift JIS", "cp949": "EUC-KR (cp949)", "gb18030": "GB 18030"}


def _code_page(whole: bytes) -> tuple[str, str]:
    """The code page in which the first line has the most headings that we know; Windows-1252 where none has any."""
    from geoecon.flows.formats import known_headings

    first = next((line for line in whole.splitlines() if line.strip()), b"")

    def known(page: str) -> int:
        cells = re.split(r"[,;\t|]", first.decode(page, errors="replace"))
        return sum(cell.strip().strip('"').casefold() in known_headings() for cell in cells)

    page = max(PAGES, key=known)
    return page, PAGES[page]


def _first_bad(whole: bytes) -> int:
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return len(whole) - 1


def _delimiter(sample: str) -> str:
    first = next(line for line in sample.splitlines() if line.strip())
    return max(DELIMITERS, key=first.count)


def _decimal(cells: list[str], name: str) -> str:
    """The decimal sign. Raises InputError where every number with a comma could be one of thousands too."""
    numbers = [cell for cell in cells if COMMA_NUMBER.match(cell) or THOUSANDS.match(cell)]
    if numbers and all(THOUSANDS.match(cell) for cell in numbers):
        if any("." in cell or cell.count(",") > 1 for cell in numbers):
            return ".,"
        told = f"{numbers[0]} can be a decimal comma or thousands"
        raise InputError(Fault(name, None, None, told, "decimal=',' or decimal='.', or numbers without thousands"))
    commas = sum(bool(COMMA_NUMBER.match(cell)) for cell in cells)
    points = sum(bool(POINT_NUMBER.match(cell)) for cell in cells)
    return "," if commas > points else "."


def _copy(path: Path, name: str, encoding: str, folder: Path, skipped: int = 0) -> Path:
    clean = folder / f"{abs(hash((str(path), name)))}.csv"
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace" if encoding in PAGES else "strict")
    with open_binary(path) as source, clean.open("w", encoding="utf-8", newline="") as target:
        while block := source.read(BLOCK):
            text = decoder.decode(block)
            text, skipped = text.lstrip("\ufeff")[skipped:] if skipped else text, 0
            target.write(text)
        target.write(decoder.decode(b"", final=True))
    return clean


def unzip(path: Path, folder: Path) -> list[tuple[str, Path]]:
    """The members of an archive that may be data, unpacked into `folder`: (name, path). Checks every checksum."""
    found: list[tuple[str, Path]] = []
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                inside = Path(member.filename)
                hidden = inside.name.startswith(".") or "__MACOSX" in inside.parts
                if member.is_dir() or hidden or inside.suffix.lower() not in MEMBERS:
                    continue
                target = folder / f"{abs(hash(str(path)))}-{len(found)}-{inside.name}"
                with archive.open(member) as source, target.open("wb") as copy:
                    while block := source.read(BLOCK):
                        copy.write(block)
                found.append((Path(member.filename).name, target))
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise InputError(Fault(path.name, None, None, f"archive is damaged ({error})", "a whole zip file")) from None
    return found


def rows(read: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Every data row with the physical line on which it begins (the header is line 1)."""
    with read.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=read.delimiter, strict=True)
        next(reader, None)
        start = reader.line_num + 1
        try:
            for cells in reader:
                line, start = start, reader.line_num + 1
                if any(cell.strip() for cell in cells):
                    yield line, cells
        except csv.Error as error:
            raise InputError(
                Fault(read.name, reader.line_num, None, f"not readable as CSV ({error})", "closed quotes")
            ) from None


def number_text(cell: str, decimal: str) -> str:
    """A number as written, with a decimal point and without blanks between thousands."""
    plain = cell.strip()
    for blank in BLANKS:
        plain = plain.replace(blank, "")
    if decimal == ",":
        return plain.replace(".", "").replace(",", ".") if "," in plain or POINT_THOUSANDS.match(plain) else plain
    return plain.replace(",", "") if decimal == ".," and THOUSANDS.match(plain) else plain


def sheet_rows(path: Path, sheet: str | None = None) -> tuple[list[Any], Iterator[tuple[int, list[str]]]]:
    """Header and rows of an XLSX sheet as people paste it: titles above and empty columns beside are skipped."""
    try:
        import openpyxl
    except ImportError:
        raise InputError(f"{path.name}: reading XLSX needs openpyxl; install geoecon[office]") from None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise InputError(Fault(path.name, None, None, f"not readable as XLSX ({error})", "an Excel workbook")) from None
    page = book[sheet] if sheet else book.worksheets[0]
    lines = [(number, list(cells)) for number, cells in enumerate(page.iter_rows(values_only=True), 1)]
    wide = max((sum(cell is not None for cell in cells) for _, cells in lines[:50]), default=0)
    if not wide:
        raise InputError(Fault(path.name, None, None, "sheet is empty", "a header line and data rows"))
    start = next(
        k for k, (_, cells) in enumerate(lines) if sum(isinstance(cell, str) for cell in cells) >= min(4, wide)
    )
    columns = [k for k, cell in enumerate(lines[start][1]) if cell is not None]
    header = [str(lines[start][1][k]).strip() for k in columns]

    def body() -> Iterator[tuple[int, list[str]]]:
        for number, cells in lines[start + 1 :]:
            wanted = [cells[k] if k < len(cells) else None for k in columns]
            if any(cell is not None for cell in wanted):
                yield number, [_cell(cell) for cell in wanted]

    return header, body()


def _cell(value: Any) -> str:
    """A cell as text: whole numbers without .0, dates as YYYY-MM (or the year for 1 January at midnight of a year)."""
    if value is None:
        return ""
    if hasattr(value, "strftime"):
        return str(value.strftime("%Y-%m"))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
