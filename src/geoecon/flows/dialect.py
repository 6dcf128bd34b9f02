"""How a text file is written: encoding, delimiter, where its table begins; and its rows with physical line numbers."""

from __future__ import annotations

import codecs
import csv
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geoecon.errors import Fault, InputError
from geoecon.flows import across, aligned, copied, two_rows
from geoecon.flows.encodings import encoding_of, open_binary, packed
from geoecon.flows.headings import apart, known_headings

BLOCK = 1 << 20
DELIMITERS = ",;\t|^~"
MEMBERS = (".csv", ".tsv", ".txt", ".dat", ".gz", ".parquet", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm", ".xls",
           ".xlsb", ".zip")  # fmt: skip
DATED = re.compile(r"(?<![\d.,/-])(19|20)\d\d(?![\d.,/-])")
FIRST = 60  # lines in which a header is looked for


@dataclass(frozen=True)
class Dialect:
    """`repairs` says in words what differs from a plain UTF-8 table; it goes into the coverage."""

    path: Path  # what is read: the file itself, or a clean copy of it
    name: str  # what people call it
    delimiter: str
    header: tuple[str, ...]
    skipped: int = 0  # lines above the header
    spare: int = 0  # empty fields that each row has beyond the header
    titles: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    formulas: bool = False  # whether cells are written ="010121", as Excel keeps text
    separator: bool = False  # whether the first line is Excel's sep=;


def dialect(
    path: Path, name: str, folder: Path, encoding: str | None = None, headings: Sequence[str] = ()
) -> Dialect:  # fmt: skip
    """The dialect of a CSV or TSV file; a clean UTF-8 copy goes to `folder` where the file is not.

    `headings` are the user's own names of columns. Raises InputError for an empty file, a gzip that ends early, bytes
    in no encoding that can be told, and a file without a header.
    """
    page, repairs = encoding_of(path, name, encoding)
    clean = path
    if page not in ("utf-8", "utf-8-sig") or path.suffix == ".gz" or packed(path):
        clean = _copy(path, name, page, folder)
    with clean.open(encoding="utf-8-sig", newline="") as file:
        sample = file.read(BLOCK)
    clean, left = copied.clean(clean, name, folder, sample)
    if left:
        repairs = [*repairs, left]
        with clean.open(encoding="utf-8-sig", newline="") as file:
            sample = file.read(BLOCK)
    if not sample.strip():
        raise InputError(Fault(name, None, None, "file is empty", "a header line and data rows"))
    said = sample[4] if sample[:4].casefold() == "sep=" and sample[4:5] in DELIMITERS else ""
    known = known_headings() | {h.casefold() for h in headings}
    if aligned.found(sample, known, DELIMITERS):
        clean, repairs = aligned.parted(clean, name, folder, known), [*repairs, "columns apart by blanks"]
        with clean.open(encoding="utf-8", newline="") as file:
            sample = file.read(BLOCK)
    delimiter, above, start, header, width = _header(sample, said, known)
    titles = tuple(line.strip().strip(DELIMITERS + '" ') for line in sample.splitlines()[bool(said) : above])
    titles = tuple(title for title in titles if title)
    if delimiter != ",":
        repairs.append(f"delimiter {'tab' if delimiter == chr(9) else delimiter} instead of ,")
    if titles:
        repairs.append(f"{len(titles)} lines above the header set aside: {'; '.join(titles)[:160]}")
    if above < start:
        repairs.append(f"two header rows joined: {', '.join(header)[:120]}")
    spare = width - len(header)
    if spare > 0:
        repairs.append(f"each line has {spare} empty field{'s' * (spare > 1)} more than the header: left out")
    return Dialect(clean, name, delimiter, header, start, max(spare, 0), titles, tuple(repairs), '="' in sample,
                   bool(said))  # fmt: skip


def _header(sample: str, said: str, known: frozenset[str]) -> tuple[str, int, int, tuple[str, ...], int]:
    """Delimiter, number of lines above the header and above its last row, the header, and the fields of the rows below
    where all are wider.

    The header is the first of the lines that holds most of the headings that we know; the first line with text where
    no line has any.
    """
    lines = sample.splitlines(keepends=True)
    best: tuple[int, int, str, int, list[int], list[list[str]]] = (-1, 0, ",", 0, [], [])
    packed = any(re.match(r'^"?[^\t"]*,[^\t"]*\\\w+"?\t', line) for line in lines[:FIRST])  # Eurostat's TSV
    for delimiter in said or ("\t" if packed else DELIMITERS):
        rows, starts = [], []
        reader = csv.reader(lines[bool(said) : 4 * FIRST], delimiter=delimiter)
        at = int(bool(said))
        try:
            for row in reader:
                rows.append(row)
                starts.append(at)
                at = reader.line_num + bool(said)
        except csv.Error:
            pass
        for k, row in enumerate(rows[:FIRST]):
            rank = rank_of(row, known, first=k == _first(rows))
            if rank > best[:2]:
                best = (*rank, delimiter, k, starts, rows)
    _, _, delimiter, k, starts, rows = best
    header, first, table = two_rows.header(rows, k)
    header = [cell.strip().lstrip("\ufeff") for cell in header]
    above, start = (starts[first], starts[len(rows) - len(table)]) if rows else (0, 0)
    body = [row for row in table[1:-1] or table[1:] if len([c for c in row if c.strip()]) > 1]
    wider = {len(row) for row in body}
    width = min(wider) if wider and all(not any(c.strip() for c in row[len(header) :]) for row in body) else 0
    while header and not header[-1] and all(not any(c.strip() for c in row[len(header) - 1 :]) for row in body):
        header.pop()  # a comma at the end of the header
    named = [cell or f"column {k}" for k, cell in enumerate(header, 1)]
    return delimiter, above, start, apart(named), max(width, len(header))


def rank_of(row: Sequence[str], known: frozenset[str], *, first: bool) -> tuple[int, int]:
    """How much a row looks like a header: its known headings (three at least); the first row counts by its fields."""
    score = sum(cell.strip().casefold() in known for cell in row)
    score += sum(DATED.search(cell) is not None for cell in row) if score else 0  # years side by side
    score += across.places(row) if 0 < score < 3 else 0  # countries side by side
    return (score, 0) if score > 2 else (0, sum(bool(cell.strip()) for cell in row) if first else 0)


def _first(rows: Sequence[Sequence[str]]) -> int:
    return next((k for k, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)


def _copy(path: Path, name: str, encoding: str, folder: Path) -> Path:
    """A UTF-8 copy of the file. Every byte is decoded strictly: what is not of the encoding stops the read."""
    clean = folder / f"{len(list(folder.iterdir()))}-{Path(name).stem[:40]}.csv"
    decoder, place, line, first = codecs.getincrementaldecoder(encoding)(), 0, 1, True
    try:
        with open_binary(path) as source, clean.open("w", encoding="utf-8", newline="") as target:
            while block := source.read(BLOCK):
                text = decoder.decode(block)
                target.write(text.lstrip("\ufeff") if first else text)
                first, place, line = False, place + len(block), line + text.count("\n")
            target.write(decoder.decode(b"", final=True))
    except UnicodeDecodeError as error:
        told = f"byte {place + error.start} is not {encoding} ({error.reason})"
        line += block[: error.start].count(b"\n") if block else 0
        raise InputError(Fault(name, line, None, told, "encoding= the one it is written in (--encoding)")) from None
    return clean


def is_archive(path: Path) -> bool:
    """Whether a file is a zip of tables, whatever it is called, and no workbook."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return not any(name.startswith(("xl/", "[Content_Types]")) for name in archive.namelist())


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
                target = folder / f"{path.stem[:40]}-{len(list(folder.iterdir()))}-{inside.name}"
                with archive.open(member) as source, target.open("wb") as copy:
                    while block := source.read(BLOCK):
                        copy.write(block)
                found.append((Path(member.filename).name, target))
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise InputError(Fault(path.name, None, None, f"archive is damaged ({error})", "a whole zip file")) from None
    return found


def rows(read: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Every data row with the physical line on which it begins (the first line of the file is 1)."""
    with read.path.open(encoding="utf-8-sig", newline="") as file:
        for _ in range(read.skipped):
            file.readline()
        reader = csv.reader(file, delimiter=read.delimiter, strict=True)
        next(reader, None)
        start = reader.line_num + 1
        try:
            for cells in reader:
                line, start = start + read.skipped, reader.line_num + 1
                if any(cell.strip() for cell in cells):
                    yield line, [cell[2:-1] if cell[:2] == '="' and cell[-1] == '"' else cell for cell in cells]
        except csv.Error as error:
            told = f"not readable as CSV ({error})"
            raise InputError(Fault(read.name, start + read.skipped, None, told, "closed quotes")) from None
