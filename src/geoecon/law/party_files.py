"""Party lists as their offices publish them: formats in `party_formats.csv`, lists in `party_sources.csv`."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon.cells import csv_rows
from geoecon.errors import Fault, InputError
from geoecon.law import party_texts
from geoecon.law.names import key_of
from geoecon.law.party_texts import Record
from geoecon.law.schema import WORKBOOKS
from geoecon.tables import packaged

if TYPE_CHECKING:
    from geoecon.kinds import Cell


HEADS = ("needs", "name", "aliases", "place", "reason")  # columns of the formats that hold heads
HEAD = 12  # first lines among which the header may stand
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{2})/(\d{2})/(\d{4})|(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class Entry:
    """One party on one list: what identifies it there, its names, and the days where they are given."""

    list: str
    id: str
    names: tuple[str, ...]
    place: str = ""
    start: date | None = None
    end: date | None = None
    reason: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.list, self.id or key_of(self.names[0])


@dataclass(frozen=True)
class PartyFile:
    """A published file: the day it is of, its format, its entries."""

    name: str
    day: date
    format: str
    entries: tuple[Entry, ...]
    whole: bool = True  # the whole list; an announcement only adds names
    notes: tuple[str, ...] = ()  # how the file was read where that is not plain

    @property
    def lists(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry.list for entry in self.entries))


@cache
def sources() -> Sequence[Mapping[str, str]]:
    """What a source is called in files, with regime, list, title and policy."""
    return _rows("party_sources.csv")


@cache
def _rows(name: str) -> list[dict[str, str]]:
    return packaged("law/regimes", name)


def read_parties(path: str | Path, day: date, list_name: str | None = None, *, whole: bool | None = None,
                 encoding: str | None = None) -> PartyFile:  # fmt: skip
    """The entries of a published list: the US consolidated list (CSV, TSV, JSON), the lists of the EU, the UK, Japan
    and China, or a plain table with a column name.

    `day` is the day the file is of. `list_name` names the list where the file does not. A plain table adds names; with
    `whole` it is all of its list, so that who is not in it is not listed. `encoding` is what a text file is written in,
    where that cannot be told. Raises InputError with every row that cannot
    be read, with the formats that are known where the file has none of them, and for a day to come.
    """
    file = Path(path)
    if day > date.today():
        raise InputError(f"the file is said to be of {day}; allowed: a day up to today")
    records, notes = _records(file, encoding)
    heads = {str(head).strip() for _, record in records[:50] for head in record}
    empty = Fault(file.name, None, None, "no entry", "a list with at least one name")
    if not records:
        raise InputError(empty)
    form = next((row for row in _rows("party_formats.csv") if set(row["needs"].split("+")) <= heads), None)
    if form is None:
        known = "; ".join(f"{row['format']} ({row['needs'].replace('+', ', ')})" for row in _rows("party_formats.csv"))
        shown = ", ".join(sorted(heads))[:200] or "nothing"
        raise InputError(Fault(file.name, 1, None, f"columns {shown}", f"the columns of one of: {known}"))
    faults: list[str | Fault] = []
    found: dict[tuple[str, str], Entry] = {}
    for line, record in records:
        entry = _entry(form, record, file.name, line, list_name, faults)
        if entry is not None:  # further names of the same party stand in lines of their own
            first = found.get(entry.key)
            names = (*first.names, *entry.names) if first else entry.names
            kept = first or entry
            found[entry.key] = Entry(kept.list, kept.id, tuple(dict.fromkeys(names)), kept.place or entry.place,
                                     kept.start or entry.start, kept.end or entry.end, kept.reason)  # fmt: skip
    if faults:
        raise InputError(faults)
    if not found:
        raise InputError(empty)
    return PartyFile(file.name, day, form["format"], tuple(found.values()),
                     form["whole"] == "yes" if whole is None else whole, notes)  # fmt: skip


def _records(file: Path, encoding: str | None) -> tuple[list[tuple[int, Record]], tuple[str, ...]]:
    """(line, cells by head) of a file in any of the shapes, and what is to be said of its encoding."""
    if not file.is_file():
        raise InputError(Fault(str(file), None, None, "file is missing", "a published party list"))
    ending = file.suffix.lower()
    if ending in WORKBOOKS:
        return _workbook(file), ()
    heads = {cell for row in _rows("party_formats.csv") for column in HEADS for cell in row[column].split(";")}
    text, notes = party_texts.decoded(
        file, {part for cell in heads for part in cell.split("+") if len(part) > 1}, encoding
    )
    return _of_text(file, ending, text), notes


def _of_text(file: Path, ending: str, text: str) -> list[tuple[int, Record]]:
    if ending == ".xml" or text.lstrip().startswith("<"):
        return party_texts.xml(file, text)
    if ending in (".json", ".jsonl") or text.lstrip()[:1] in ("[", "{"):
        return _json(file, text)
    announced = party_texts.announcement(text)
    if announced:
        return announced
    lines = text.splitlines()[:HEAD]
    separator = max("\t;,|", key=lambda sign: max((line.count(sign) for line in lines), default=0))
    return _table([row for _, row in csv_rows(io.StringIO(text, newline=""), file.name, separator)])


def _table(rows: Sequence[Sequence[Any]]) -> list[tuple[int, Record]]:
    """Rows below the header: the first line that holds what some format needs, else the first."""
    needs = [set(row["needs"].split("+")) for row in _rows("party_formats.csv")]
    start = next((number for number, row in enumerate(rows[:HEAD])
                  if any(need <= _by_head([str(cell) for cell in row], row).keys() for need in needs)), 0)  # fmt: skip
    heads = [str(cell).strip() for cell in rows[start]] if rows else []
    return [(number, _by_head(heads, row)) for number, row in enumerate(rows[start + 1 :], start + 2)
            if any(str(cell).strip() for cell in row)]  # fmt: skip


def _by_head(heads: Sequence[str], row: Sequence[Any]) -> Record:
    """Cells by head; a head in two languages, one a line, names its cell by both."""
    found: dict[str, Any] = {}
    for head, cell in zip(heads, row, strict=False):
        for part in (head.strip(), *(line.strip() for line in head.splitlines() if "\n" in head)):
            found.setdefault(part, cell)
    return found


def _workbook(file: Path) -> list[tuple[int, Record]]:
    from python_calamine import CalamineWorkbook

    try:
        return _table(CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python())
    except Exception as error:
        raise InputError(Fault(file.name, None, None, str(error), "a workbook with a header line")) from None


def _json(file: Path, text: str) -> list[tuple[int, Record]]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(Fault(file.name, error.lineno, None, error.msg, "JSON")) from None
    found = found.get("results", found.get("entries")) if isinstance(found, dict) else found
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise InputError(Fault(file.name, None, None, "no list of objects", "a JSON array, or an object with results"))
    return list(enumerate(found, 1))


def _entry(
    form: Mapping[str, str], record: Record, name: str, line: int, list_name: str | None, faults: list[str | Fault]
) -> Entry | None:
    """One line as an entry; a line without a name is none."""
    names = [*_names(form, record), *_parts(_cell(record, form["aliases"]), form["separator"] or ";")]
    if not names:
        return None
    written = list_name or form["list"] or str(record.get(form["list_column"]) or "")
    found = next((row["list"] for row in sources() if written.startswith(row["begins"])), written)
    if not found:
        faults.append(
            Fault(name, line, form["list_column"] or None, "no list is named", "--list, such as us-entity-list")
        )
        return None
    start, end = (_day(_cell(record, form[column]), name, line, column, faults) for column in ("start", "end"))
    return Entry(found, _text(_cell(record, form["id"])), tuple(dict.fromkeys(names)), _place(record, form["place"]),
                 start, end, _text(_cell(record, form["reason"])))  # fmt: skip


def _names(form: Mapping[str, str], record: Record) -> list[str]:
    if form["name"] == "Name 6":  # the British lists write a name over six columns
        parts = [_text(record.get(f"Name {number}")) for number in (1, 2, 3, 4, 5)]
        whole = " ".join(part for part in (*parts, _text(record.get("Name 6"))) if part)
        return [whole] if whole else []
    return [text] if (text := _text(record.get(form["name"]))) else []


def _cell(record: Record, columns: str) -> Cell:
    return next((record[column] for column in columns.split(";") if column and record.get(column)), None)


def _text(value: Cell) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(str(value).split())


def _parts(value: Cell, separator: str) -> list[str]:
    parts = value if isinstance(value, list) else re.split(f"[{re.escape(separator)}\\n]", str(value or ""))
    return [text for part in parts if (text := _text(part))]


def _place(record: Record, columns: str) -> str:
    """Countries of an entry, apart by ;. Of an address the code at its end counts."""
    value = _cell(record, columns)
    if isinstance(value, list):
        value = ";".join(str(part.get("country") or "") if isinstance(part, dict) else str(part) for part in value)
    found = [match[1] if (match := re.search(r"(?:^|, )([A-Z]{2})$", part.strip())) else part.strip()
             for part in str(value or "").split(";")]  # fmt: skip
    return ";".join(dict.fromkeys(part for part in found if part))


def _day(value: Cell, name: str, line: int, column: str, faults: list[str | Fault]) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = DAY.match(str(value).strip())
    try:
        if found is None:
            raise ValueError
        parts = [int(part) for part in found.groups() if part]
        return date(*parts) if parts[0] > 31 else date(parts[2], parts[1], parts[0])
    except ValueError:
        faults.append(Fault(name, line, column, repr(str(value)), "a day as YYYY-MM-DD, DD/MM/YYYY or YYYYMMDD"))
        return None
