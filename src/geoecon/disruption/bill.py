"""A bill of materials as it was opened: the rows of a paste, a file, a sheet or a frame, as text with their lines."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw

from geoecon.cells import csv_rows
from geoecon.disruption.part_headings import REQUIRED, named
from geoecon.errors import Fault, InputError
from geoecon.flows import columns_hidden, encoding_of, hidden_in, marks_told, merged_over, pages, plain_text, stored
from geoecon.tables import given

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

    from geoecon.kinds import Cell, Rows


NAME = "bill of materials"
WORKBOOKS = (".xlsx", ".xls", ".xlsb", ".xlsm")
FILES = (*WORKBOOKS, ".csv", ".tsv", ".txt", ".parquet", ".json", ".jsonl", ".ndjson")
RECORDS = (".jsonl", ".ndjson")  # a record a line
HEADINGS = 40  # lines in which the heading is looked for
Lines = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Bill:
    """Lines of cells as text, each with its line; `name` is that of the file, `notes` say how it was opened."""

    name: str
    rows: Lines
    notes: tuple[str, ...] = ()


def opened(source: Rows, encoding: str | None = None, sheet: str | None = None) -> Bill:
    """The rows of a frame (pandas, Polars, DuckDB), of a file (CSV, text, Excel, Parquet, JSON) or of pasted text.

    Raises InputError for what cannot be opened, and where several sheets hold parts and none is asked for.
    """
    if isinstance(source, str) and "\n" not in source and Path(source).suffix.lower() in FILES:
        source = Path(source)  # one line that ends so is the name of a file, not a list
    if isinstance(source, Path):
        kind = source.suffix.lower()
        text = kind not in (*WORKBOOKS, ".parquet", ".json", *RECORDS)
    else:
        kind, text = "", False
    faults = [f"encoding {encoding!r}; allowed: for a text file alone"] if encoding is not None and not text else []
    faults += [f"sheet {sheet!r}; allowed: for a workbook alone"] if sheet is not None and kind not in WORKBOOKS else []
    if faults:
        raise InputError(faults)
    if isinstance(source, str):
        paste, left = plain_text(_unquoted(source))
        return _upright(Bill(NAME, _of_text(paste, NAME), tuple(left)))
    if not isinstance(source, Path):
        return Bill(NAME, _of_frame(source))
    if kind in WORKBOOKS:
        return _upright(_of_workbook(source, sheet))
    if not text:
        return Bill(source.name, _of_frame(stored(source, "a part")))
    if zipfile.is_zipfile(source):
        return _of_archive(source, encoding, sheet)
    told, notes = _decoded(source, encoding)
    told, left = plain_text(told)
    return _upright(Bill(source.name, _of_text(told, source.name), (*notes, *left)))


def _of_archive(path: Path, encoding: str | None, sheet: str | None) -> Bill:
    """The one list in a zip. Raises InputError where there are several, or none."""
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        inside = [name for name in archive.namelist() if Path(name).suffix.lower() in FILES and "__MACOSX" not in name]
        if len(inside) != 1:
            told = ", ".join(inside[:8]) or "no table"
            raise InputError(Fault(path.name, None, None, told, "one table of parts in the archive"))
        return opened(Path(archive.extract(inside[0], folder)), encoding, sheet)


def _unquoted(text: str) -> str:
    """A paste without the marks of a mail that is answered."""
    lines = [line for line in text.splitlines() if line.strip()]
    return re.sub(r"(?m)^> ?", "", text) if lines and all(line.startswith(">") for line in lines) else text


def _upright(bill: Bill) -> Bill:
    """A list whose parts stand side by side, with the names of its fields in the first column, turned upright."""
    width = max((len(cells) for _, cells in bill.rows), default=0)
    if width < 2 or _named(bill.rows) > 2 or len(bill.rows) > HEADINGS:
        return bill
    turned = [(k + 1, [cells[k] if k < len(cells) else "" for _, cells in bill.rows]) for k in range(width)]
    if _named(turned[:1]) < len(REQUIRED) - 1:
        return bill
    note = "parts stand side by side: each column is read as a line, column 2 as line 2"
    return Bill(bill.name, turned, (*bill.notes, note))


def _of_frame(source: IntoFrame) -> Lines:
    frame = nw.from_native(source)
    table = (frame.collect() if isinstance(frame, nw.LazyFrame) else frame).to_pandas()
    table = table.drop(columns="line", errors="ignore")
    body = [[_text(cell) for cell in row] for row in table.itertuples(index=False)]
    return list(enumerate([[str(name) for name in table.columns], *body], 1))


def _of_workbook(path: Path, wanted: str | None) -> Bill:
    """The sheet that is asked for or holds parts; hidden sheets only where they are asked for."""
    found: dict[str, Lines] = {}
    filled_in: dict[str, int] = {}
    for name, rows in pages(path).items():
        written = [[_text(cell) for cell in row] for row in rows]
        ranks = [_named([(k, cells)]) for k, cells in enumerate(written[:HEADINGS])]
        heading = ranks.index(max(ranks)) if ranks else 0
        filled_in[name] = merged_over(path, name, rows, heading)
        found[name] = [(k, [_text(cell) for cell in row]) for k, row in enumerate(rows, 1)]
    filled = {name: rows for name, rows in found.items() if any(any(cells) for _, cells in rows)}
    lines, out_of_sight = hidden_in(path)
    if not filled:
        raise InputError(Fault(path.name, None, None, "the workbook is empty", "a table of parts"))
    if wanted is not None and wanted not in filled:
        raise InputError(Fault(path.name, None, None, f"no sheet {wanted!r} with cells", ", ".join(filled)))
    whole = [name for name, rows in filled.items() if _is_bill(rows)]
    seen = [name for name in whole if name not in out_of_sight] or whole
    if wanted is None and len(seen) > 1:
        told = " and ".join(map(repr, seen))
        allowed = f"one of them: sheet={seen[0]!r} (--sheet)"
        raise InputError(Fault(path.name, None, None, f"sheets {told} hold parts", allowed))
    name = wanted or next(iter(seen or filled))
    others = [f"{other!r}{' (hidden)' if other in out_of_sight else ''}" for other in filled if other != name]
    notes = [f"sheet {name!r} read, not {', '.join(others)}"] if others else []
    gone = [line for line, cells in filled[name] if line in lines.get(name, ()) and any(cells)]
    if gone:
        told = f"line {gone[0]} is" if len(gone) == 1 else f"{len(gone)} lines ({few(gone)}) are"
        notes.append(f"{told} hidden in the workbook and counted")
    notes += marks_told(path, name, {line for line, cells in filled[name] if any(cells)})
    if filled_in[name]:
        notes.append(f"{filled_in[name]} cells of names stand for the lines they are merged over")
    covered = columns_hidden(path).get(name, frozenset())
    letters = [_letter(k) for k in sorted(covered) if any(k < len(row) and row[k] for _, row in filled[name])]
    if letters:
        are = "is" if len(letters) == 1 else "are"
        notes.append(
            f"column {', '.join(letters[:8])} of the sheet {are} hidden in the workbook and taken as the others"
        )
    return Bill(path.name, filled[name], tuple(notes))


def _letter(column: int) -> str:
    """A column as a workbook names it: A, B, …, AA."""
    return (_letter(column // 26 - 1) if column > 25 else "") + chr(65 + column % 26)


def few(lines: Sequence[int]) -> str:
    """The first lines of a list, for a message."""
    return ", ".join(map(str, lines[:5])) + (", …" if len(lines) > 5 else "")


def _is_bill(rows: Lines) -> bool:
    """Whether a line names the part and most of what else is needed."""
    for _, cells in rows[:HEADINGS]:
        fields = {found.field for cell in cells if cell and (found := named(cell)) is not None}
        if "part" in fields and len(fields & {*REQUIRED, "stock_days"}) >= len(REQUIRED) - 1:
            return True
    return False


def _of_text(text: str, name: str) -> Lines:
    """Lines of a text; the delimiter is that of its heading, a tab before all others."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise InputError(f"{name}: no rows; allowed: at least one part")
    text = text.removeprefix("\ufeff")
    usual = next((d for d in "\t;|" if sum(line.count(d) > 0 for line in lines[:20]) > len(lines[:20]) / 2), ",")
    ways = {sign: _named(_apart(text, sign)) for sign in dict.fromkeys((usual, *"\t;|,^"))}
    delimiter = max(ways, key=lambda sign: ways[sign])  # the first of those by which most of a heading is known
    if not ways[delimiter] and _named(aligned := _aligned(text)) >= len(REQUIRED) - 1:
        return aligned
    read = csv_rows(io.StringIO(text, newline=""), name, delimiter)
    if read and len(read[0][1]) >= 1 and re.fullmatch(r"sep=.?", "".join(read[0][1]).strip(), re.IGNORECASE):
        read = read[1:]
    return [(line, [_bare(cell) for cell in row]) for line, row in read]


def _bare(cell: str) -> str:
    """A cell without blanks, signs without width and the ="…" in which Excel keeps text."""
    return re.sub(r'^="(.*)"$', r"\1", cell.strip().strip("\u200b\u200e\u200f\u2060\ufeff").strip())


def _apart(text: str, delimiter: str) -> Lines:
    """The first lines of a text by a delimiter; none where they are not readable so."""
    try:
        return list(enumerate(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), HEADINGS)))
    except csv.Error:
        return []


def _named(rows: Lines) -> int:
    """How many fields the best line of a heading names."""
    return max((len({one.field for cell in cells if cell.strip() and (one := named(cell.strip())) is not None})
                for _, cells in rows[:HEADINGS] if len(cells) > 2), default=0)  # fmt: skip


def _aligned(text: str) -> Lines:
    """The lines of a text whose columns stand apart by two blanks and more, where all have as many."""
    rows = [(k, re.split(r" {2,}", line.strip())) for k, line in enumerate(text.splitlines(), 1) if line.strip()]
    return rows if len({len(cells) for _, cells in rows}) == 1 else []


def _decoded(file: Path, encoding: str | None) -> tuple[str, list[str]]:
    """The text of a file of parts and, in words, its encoding: told by the bytes, as flows are, or as given.

    Raises InputError where the bytes say none, or another than the one given.
    """
    try:
        told, notes = encoding_of(file, file.name, encoding, lambda cell: named(cell) is not None)
        return file.read_bytes().decode(told).removeprefix("\ufeff"), notes
    except UnicodeDecodeError as error:
        fault = Fault(file.name, None, None, f"not {error.encoding} at byte {error.start}", "encoding= of the file")
        raise InputError(fault) from None
    except OSError as error:
        raise InputError(f"{error}; allowed: a CSV file or a workbook") from None


def _text(cell: Cell) -> str:
    """A cell as text; a number is written so that its decimal sign is not in doubt (never three decimals)."""
    if not given(cell):
        return ""
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e18:
            return str(int(cell))
        return repr(cell) if "e" in repr(cell) else f"{cell!r}0"
    return str(cell).strip()
