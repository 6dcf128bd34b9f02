"""Small tables from CSV files: every cell checked, all faults in one message, physical line numbers kept."""

from __future__ import annotations

import csv
import difflib
import io
import math
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from geoecon.cells import Lines
from geoecon.dates import PERIOD
from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

    from geoecon.kinds import Cell

FORMULA = re.compile(r"^\s*[=@\t\r]|^\s*[+\-]\S*[A-Za-z_]\w*[(!|]")
UNSEEN = r"[\s\u00ad\u200b-\u200f\u2060\ufeff]*"  # blanks, and signs of no width
RUN = re.compile(  # what a spreadsheet would run; one of East Asia takes signs of full width too
    rf"^{UNSEEN}([=@\uff1d\uff20]|[+\-\uff0b\uff0d](?!\s*(\d[\d.,\s]*|\.\d+)([eE][+-]?\d+)?\s*%?$).)|^\s*[\t\r]"
)
LIKE = 0.85  # of two spellings
UNLIKE = "or a name that is not so near to it"
NAMED = {";": "semicolons", "\t": "tabs", "|": "bars"}
Rows = list[dict[str, Any]]
STARTS = frozenset("=@+-\t\r")  # of a formula, once blanks are gone


@dataclass(frozen=True)
class Rule:
    """What a column may hold: how a cell is read, in words what is allowed, whether it may be empty."""

    read: Callable[[str], Any]
    allowed: str
    required: bool = True
    column_required: bool = True

    def optional(self) -> Rule:
        """The same rule where the cell may be empty (read as missing, never as zero)."""
        return Rule(self.read, self.allowed + ", or empty", required=False, column_required=self.column_required)

    def if_present(self) -> Rule:
        """The same rule where the whole column may be absent."""
        return Rule(self.read, self.allowed, self.required, column_required=False)


def _number(cell: str) -> float:
    value = float(cell)
    if not math.isfinite(value) or "_" in cell:
        raise ValueError
    return value


def _at_least_zero(cell: str) -> float:
    value = _number(cell)
    if value < 0:
        raise ValueError
    return value


def _share(cell: str) -> float:
    value = _number(cell)
    if not 0 <= value <= 1:
        raise ValueError
    return value


def _day(cell: str) -> date:
    if len(cell) != 10 or cell[4] != "-" or cell[7] != "-":  # no other form of ISO 8601 has both there
        raise ValueError
    return date.fromisoformat(cell)


def _partial_day(cell: str) -> str:
    if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?", cell):
        raise ValueError
    if len(cell) == 10:
        date.fromisoformat(cell)
    return cell


def _period(cell: str) -> str:
    if not PERIOD.fullmatch(cell):
        raise ValueError
    return cell


def _identifier(cell: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,79}", cell):
        raise ValueError
    return cell


def given(value: Cell) -> bool:
    """Whether a cell of a read table holds something: missing is None, pandas' NA, or not a number in its columns."""
    return value is not None and type(value).__name__ != "NAType" and value == value


def measured(value: str | float | None) -> float | None:
    """The number that a cell of a read table holds, or None."""
    return None if value is None or value != value else float(value)


text = Rule(str, "text")
number = Rule(_number, "a finite number with a decimal point")
at_least_zero = Rule(_at_least_zero, "a finite number from 0")
share = Rule(_share, "a share from 0 to 1")
day = Rule(_day, "a day as YYYY-MM-DD")
partial_day = Rule(_partial_day, "a date as YYYY, YYYY-MM or YYYY-MM-DD")
period = Rule(_period, "a period as YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Qn or start/end")
identifier = Rule(_identifier, "letters, digits, and . _ : + - (at most 80)")


def one_of(*values: str) -> Rule:
    """A rule that allows these words and nothing else."""

    def read(cell: str) -> str:
        if cell not in values:
            raise ValueError
        return cell

    return Rule(read, "one of " + ", ".join(values))


def guarded(value: Cell) -> Cell:
    """A cell as it is written to CSV: text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and RUN.search(value) else value


def unguarded(cell: str) -> str:
    """A cell of our own export without the apostrophe that guards it."""
    return cell[1:] if cell[:1] == "'" and RUN.search(cell[1:]) else cell


def to_csv(frame: pd.DataFrame, path: Path | IO[str], float_format: str | None = None) -> None:
    """A frame as CSV without its index; text and headings are guarded, missing is empty."""
    text = [name for name, kind in frame.dtypes.items() if str(kind).startswith(("object", "str", "cat"))]
    safe = frame.assign(**{str(name): frame[name].map(guarded) for name in text})
    safe = safe.set_axis([guarded(str(name)) for name in frame.columns], axis=1)
    with path.open("w", encoding="utf-8", newline="") if isinstance(path, Path) else nullcontext(path) as out:
        lines: Any = Lines(out)
        safe.to_csv(lines, index=False, lineterminator="\r\n", float_format=float_format)


def packaged(room: str, file: str) -> list[dict[str, str]]:
    """The rows of a table that comes with a room (`law/regimes`), cells as text; it is sound by the tests."""
    with (files("geoecon") / room / file).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def read_table(path: Path, rules: Mapping[str, Rule], name: str | None = None) -> pd.DataFrame:
    """A checked table, with its physical line number in column `line`.

    Columns without a rule are kept as text. Empty cells are None. Raises InputError with every fault.
    """
    return parse_table(content(path, rules, name or path.name), rules, name or path.name)


def read_rows(path: Path, rules: Mapping[str, Rule], name: str | None = None) -> list[dict[str, Any]]:
    """`read_table` as plain dicts."""
    return _sound(*_parsed(content(path, rules, name or path.name), rules, name or path.name))[1]


def examine_table(path: Path, rules: Mapping[str, Rule], name: str) -> tuple[pd.DataFrame | None, list[Fault]]:
    """`read_table` for a reader that has more to check: the rows with every fault, a cell at fault as None; no table
    (None) where a column is missing or the text is no CSV. Raises InputError where there is no such file."""
    return examine_text(content(path, rules, name), rules, name)


def examine_text(content: str, rules: Mapping[str, Rule], name: str) -> tuple[pd.DataFrame | None, list[Fault]]:
    """`examine_table` on text that is already in memory."""
    header, rows, faults = _parsed(content, rules, name)
    whole = all(fault.row is not None and fault.row > 1 for fault in faults)
    return _frame(header, rows) if whole else None, faults


def content(path: Path, rules: Mapping[str, Rule], name: str) -> str:
    """The text of a table. Raises InputError where there is no such file, or one that is not UTF-8."""
    if not path.is_file():
        raise InputError(Fault(name, None, None, "file is missing", "a CSV file with columns " + ", ".join(rules)))
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(Fault(name, None, None, f"not UTF-8 at byte {error.start}", "UTF-8 text")) from None


def parse_table(content: str, rules: Mapping[str, Rule], name: str) -> pd.DataFrame:
    """`read_table` on text that is already in memory."""
    return _frame(*_sound(*_parsed(content, rules, name)))


def _frame(header: list[str], rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=["line", *header])


def _sound(header: list[str], rows: Rows, faults: list[Fault]) -> tuple[list[str], Rows]:
    if faults:
        raise InputError(faults)
    return header, rows


def _parsed(content: str, rules: Mapping[str, Rule], name: str) -> tuple[list[str], Rows, list[Fault]]:
    lines = csv.reader(io.StringIO(content, newline=""), strict=True)
    faults: list[Fault] = []
    try:
        header = [column.strip() for column in next(lines, [])]
    except csv.Error as error:
        return [], [], [Fault(name, 1, None, f"not readable as CSV ({error})", "closed quotes")]
    if not header:
        return [], [], [Fault(name, 1, None, "file is empty", "a header line: " + ", ".join(rules))]
    if len(header) == 1 and (mark := next((mark for mark in ";\t|" if mark in header[0]), "")):
        what = f"columns apart by {NAMED[mark]}"
        return [], [], [Fault(name, 1, None, what, "commas between columns, and a point in numbers")]
    for column, rule in rules.items():
        if column not in header and rule.column_required:
            faults.append(Fault(name, 1, column, "column is missing", rule.allowed))
    for column in sorted({column for column in header if header.count(column) > 1}):
        faults.append(Fault(name, 1, column, "column stands twice", "each column once"))
    faults += _misspelt(header, rules, name)
    rows: list[dict[str, Any]] = []
    start = lines.line_num + 1
    known: dict[tuple[str, str], Any] = {}  # (column, cell) read so far: most stand in many rows
    try:
        for cells in lines:
            line, start = start, lines.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                faults.append(Fault(name, line, None, f"{len(cells)} fields", f"{len(header)} fields as in the header"))
                continue
            rows.append({"line": line} | _row(cells, header, rules, name, line, faults, known))
    except csv.Error as error:
        faults.append(Fault(name, lines.line_num, None, f"not readable as CSV ({error})", "closed quotes"))
    return header, rows, faults


def meant(said: str, known: Iterable[str]) -> str:
    """The known names that another one is spelt like, joined by "or"; empty where it is one of them, or like none.

    What stands under such a name would be lost without a word.
    """
    names = list(known)
    plain = re.sub(r"[^a-z0-9.]+", "_", said.lower()).strip("_")
    return "" if said in names else spelt_like(plain, names)


def spelt_like(said: str, known: Iterable[str]) -> str:
    """The same of words as people write them."""
    return " or ".join(sorted(difflib.get_close_matches(said, list(known), n=2, cutoff=LIKE)))


def _misspelt(header: list[str], rules: Mapping[str, Rule], name: str) -> list[Fault]:
    """Columns nearly named as one that may be absent: kept as text, their cells would be lost without a word."""
    absent = [column for column, rule in rules.items() if column not in header and not rule.column_required]
    near = {column: meant(column, absent) for column in header if absent and column not in rules}
    return [Fault(name, 1, one, "column is not known", f"{like}, {UNLIKE}") for one, like in near.items() if like]


def _row(
    cells: list[str], header: list[str], rules: Mapping[str, Rule], name: str, line: int, faults: list[Fault],
    known: dict[tuple[str, str], Any],
) -> dict[str, Any]:  # fmt: skip
    values: dict[str, Any] = {}
    for column, raw in zip(header, cells, strict=True):
        if (column, raw) in known:
            values[column] = known[column, raw]
            continue
        cell = raw.strip()
        rule = rules.get(column, text.optional())
        values[column] = None
        cell, own = unguarded(cell), cell[:1] == "'"
        if not own and cell[:1] in STARTS and FORMULA.search(cell):
            faults.append(Fault(name, line, column, f"formula {cell!r}", "a value, not a spreadsheet formula"))
        elif cell:
            try:
                values[column] = known[column, raw] = rule.read(cell)
            except ValueError:
                faults.append(Fault(name, line, column, repr(cell), rule.allowed))
        elif rule.required:
            faults.append(Fault(name, line, column, "empty", rule.allowed))
    return values


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a small frame as plain dicts of plain values."""
    heads, parts = [str(name) for name in frame.columns], (part.tolist() for _, part in frame.items())
    plain = ([one.item() if hasattr(one, "item") else one for one in part] for part in parts)
    return [dict(zip(heads, row, strict=True)) for row in zip(*plain, strict=True)]
