"""A bill of materials as people have it: units, weeks, totals, and cells that are no numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from geoecon import tables
from geoecon.disruption.bill import BANDS, NAME, REQUIRED, TIMES, WORKBOOKS, heading_of, preview, rows_of, text_of
from geoecon.disruption.part_units import is_unit, no_unit, unit_of
from geoecon.errors import Fault, InputError
from geoecon.flows import decimal_sign, number_text

TOTAL = frozenset(
    ("total", "totals", "grand total", "sum", "subtotal", "sub-total", "summe", "gesamt", "合計", "总计", "합계")
)
SPOILT = 0.25  # of the rows may be set aside; where more cannot be used, the read stops
GAPS = frozenset(("", "-", "–", "?", "tbd", "tba", "tbc", "n/a", "na", "n.a.", "none", "unknown"))  # of a lead time
LEAD = "lead_time_days"
CELL = re.compile(r"^([-+]?[\d][\d.,'\s\u00a0\u202f]*|[-+]?\.\d+)\s*(.*)$")
SCIENTIFIC = re.compile(r"^([-+]?[\d.,]+)[eE]([-+]?\d{1,3})$")  # as a spreadsheet shows a wide number
NO_UNIT = re.compile(r"^(_|x\d|e[-+]?\d)")  # what is left of a number of another kind is no unit
RANGE = re.compile(r"^([\d.,]+)\s*(?:-|–|to|bis)\s*([\d.,]+)\s*(.*)$")


@dataclass(frozen=True)
class Parts:
    """The rows that can be used, in the columns of `shortage_clock`, and what was read and set aside, in words."""

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    reading: Mapping[str, str] = field(default_factory=dict)  # our name -> the heading that was taken for it
    untold: Mapping[str, str] = field(default_factory=dict)  # part that cannot be judged -> why


@dataclass
class _Reading:
    """What is known of the table while its rows are read."""

    decimal: str
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    gaps: dict[int, Fault] = field(default_factory=dict)  # lead times that are not given

    def fault(self, line: int, heading: str, found: str, allowed: str) -> None:
        self.faults.setdefault(line, []).append(Fault(NAME, line, heading, found, allowed))


def read_parts(
    source: pd.DataFrame | str | Path, columns: Mapping[str, str] | None = None, decimal: str | None = None,
    encoding: str | None = None,
) -> Parts:  # fmt: skip
    """A bill of materials from a frame, a file (CSV, text, Excel), or text pasted from a spreadsheet.

    Headings are read by their words (`Part No.`, `On hand (kg)`, `Weekly usage`, `Lead time (weeks)`); `columns` maps
    our names to others. Numbers may have units, blanks and thousands; `decimal` settles what they do not. Rows that
    cannot be used are set aside and told, up to one in four; total rows too. `encoding` is that of a text file whose
    bytes do not tell it. Raises InputError for more, for a column
    that lacks, and where numbers can be read two ways.
    """
    said: list[str] = []
    if isinstance(source, Path) and source.suffix.lower() not in WORKBOOKS:
        source, said = text_of(source, encoding)
    elif encoding is not None:
        raise InputError(f"encoding {encoding!r}; allowed: for a text file alone")
    rows = rows_of(source)
    start, found = heading_of(rows, columns or {})
    header = [str(cell).strip() for cell in rows[start][1]]
    body = [(line, cells) for line, cells in rows[start + 1 :] if any(cell.strip() for cell in cells)]
    if not body:
        raise InputError(f"{NAME}: no rows; allowed: at least one part")
    body, notes = _without_totals(body, found)
    places = [k for name, (k, _) in found.items() if name not in ("part", "supplier", "unit")]
    cells = [(line, header[k], _number_in(row[k])) for line, row in body for k in places if k < len(row)]
    reading = _Reading(decimal_sign(cells, NAME, decimal))
    made = [(line, _row(line, row, header, found, reading)) for line, row in body]
    bad = [fault for line in reading.faults for fault in reading.faults[line]]
    untold, left = _untold(made, header, found, reading)
    good = [row | {"line": line} for line, row in made if row.get("part") not in left and line not in reading.faults]
    if len(reading.faults) > SPOILT * len(made) or not good:
        raise InputError([*bad, *reading.gaps.values()])
    notes = [*said, preview(header, found, start), *notes]
    unused = [f"row left out: {fault}" for fault in bad] + [f"lead time not known: {f}" for f in reading.gaps.values()]
    notes += unused[:10]
    notes += [f"and {len(unused) - 10} more cells that cannot be used"] if len(unused) > 10 else []
    frame = pd.DataFrame(good)
    frame = frame.drop(columns=[name for name in frame if name not in REQUIRED and frame[name].isna().all()])
    return Parts(frame, tuple(notes), {name: header[place] for name, (place, _) in found.items()}, untold)


def _untold(
    made: list[tuple[int, dict[str, Any]]], header: Sequence[str], found: Mapping[str, tuple[int, float]],
    reading: _Reading,
) -> tuple[dict[str, str], set[str]]:  # fmt: skip
    """Parts that cannot be judged -> why; and those of them of which not even the day of the last stock is known.

    A part with a lead time that is missing or cannot be read keeps its row; where any other cell is at fault, all
    rows of the part are left out."""
    names = {header[place]: name for name, (place, _) in found.items()}
    words = {"use_per_day": "use", "stock_days": "stock"}
    untold: dict[str, str] = {}
    left: set[str] = set()
    for line, row in made:
        faults = reading.faults.get(line, [])
        part = str(row.get("part") or f"the part in line {line}")
        for fault in [*faults, *([reading.gaps[line]] if line in reading.gaps else [])]:
            name = names.get(fault.column or "", "row").removesuffix("_low").removesuffix("_high")
            lacks = "missing" if fault in reading.gaps.values() or fault.found == "empty" else "cannot be read"
            told = f"{words.get(name, name.removesuffix('_days').replace('_', ' '))} {lacks}"
            if part not in left:
                untold[part] = told
        if any(names.get(fault.column or "") != LEAD for fault in faults):
            left.add(part)
        elif faults:
            row[LEAD] = float("nan")
    seen: set[str] = set()
    for _, row in made:  # the lead time of a part is that of its first row
        part = str(row.get("part") or "")
        if part not in left and part not in seen and row.get(LEAD) == row.get(LEAD):
            untold.pop(part, None)
        seen.add(part)
    return untold, left


def parts_headings(source: pd.DataFrame | str | Path) -> Mapping[str, str]:
    """Which heading of a bill of materials is read as what: our name -> heading; empty where it cannot be read."""
    try:
        rows = rows_of(source)
        start, found = heading_of(rows, {})
    except InputError:
        return {}
    return {name: str(rows[start][1][place]).strip() for name, (place, _) in found.items()}


def _without_totals(
    body: list[tuple[int, list[str]]], found: Mapping[str, tuple[int, float]]
) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """The rows without those that call themselves totals and those with a single cell, and what these were."""
    place = found["part"][0]
    total = [line for line, cells in body if place < len(cells) and cells[place].rstrip(":").casefold() in TOTAL]
    single = [line for line, cells in body if sum(bool(cell) for cell in cells) == 1 and len(cells) > 1]
    notes = [f"line {line} is a total and left out" for line in total]
    notes += [f"line {line} is a note and left out" for line in single if line not in total]
    left = {*total, *single}
    return [(line, cells) for line, cells in body if line not in left], notes


def _number_in(cell: str) -> str:
    """The number of a cell without its unit; empty where it begins with none."""
    found = CELL.match(cell)
    return found[1].strip() if found and not RANGE.match(cell) else ""


def _row(
    line: int, cells: list[str], header: Sequence[str], found: Mapping[str, tuple[int, float]], reading: _Reading
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    units: dict[str, tuple[str, float]] = {}
    for name, (place, days) in found.items():
        cell = tables.unguarded(cells[place]) if place < len(cells) else ""
        if cell[:1] in tables.STARTS and tables.FORMULA.search(cell):
            reading.fault(line, header[place], f"formula {cell!r}", "a value, not a spreadsheet formula")
        elif name in ("part", "supplier"):
            row[name] = cell
            if not cell:
                reading.fault(line, header[place], "empty", "text")
        elif name == "unit":
            units[name] = unit_of(cell.strip().casefold().rstrip("."))
        elif name == "share":
            row[name] = _share(line, cell, header[place], reading)
        else:
            low, value, high, unit = _amount(line, cell, header[place], name, days, reading)
            row[name], units[name] = value, unit
            _known_unit(line, cell, unit[0], cells, header[place], found, reading)
            if low is not None:
                row |= {f"{name}_low": low, f"{name}_high": high}
    if "stock_days" in row:
        row |= {"stock": row.pop("stock_days"), "use_per_day": 1.0}
        row |= {
            f"stock_{side}": row.pop(f"stock_days_{side}") for side in ("low", "high") if f"stock_days_{side}" in row
        }
    _one_unit(line, row, units, header, found, reading)
    return row


def _share(line: int, cell: str, heading: str, reading: _Reading) -> float | None:
    text = number_text(cell.rstrip("% "), reading.decimal)
    if not cell:
        return None
    try:
        value = float(text) / (100 if cell.rstrip().endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        reading.fault(line, heading, repr(cell), "a share from 0 to 1")
    return value


def _amount(
    line: int, cell: str, heading: str, name: str, days: float, reading: _Reading
) -> tuple[float | None, float, float | None, tuple[str, float]]:
    """Low, value, high (a range such as 6-8 weeks) and the unit (kind, size) of a cell; faults are noted."""
    allowed = "a finite number from 0" + (", with days, weeks or months" if name == "lead_time_days" else "")
    if (not cell and name in BANDS) or (name == LEAD and cell.casefold() in GAPS):
        if name == LEAD:
            reading.gaps[line] = Fault(NAME, line, heading, repr(cell) if cell else "empty", allowed)
        return None, float("nan"), None, ("", 1.0)
    ranged = RANGE.match(cell)
    plain = CELL.match(cell)
    if plain is None:
        reading.fault(line, heading, repr(cell) if cell else "empty", allowed)
        return None, float("nan"), None, ("", 1.0)
    texts = [ranged[1], ranged[2]] if ranged else [plain[1]]
    words = (ranged[3] if ranged else plain[2]).strip().casefold().rstrip(".")
    wide = SCIENTIFIC.match(cell)
    if wide:
        texts, words = [wide[1]], ""
    try:
        power = f"e{wide[2]}" if wide else ""
        values = [float(number_text(text.strip(), reading.decimal) + power) for text in texts]
    except ValueError:
        values = [-1.0]
        if reading.decimal == "." and any("," in text for text in texts):
            allowed += "; its comma is no decimal point: decimal ., (commas between thousands) or , (a decimal comma)"
    if NO_UNIT.match(words):
        values = [-1.0]
    if words.startswith("%"):
        reading.fault(line, heading, repr(cell), "a quantity, not a share")
    if min(values) < 0 or max(values) == float("inf") or values != sorted(values):
        reading.fault(line, heading, repr(cell), allowed)
        return None, float("nan"), None, ("", 1.0)
    if name.startswith("lead_time") or name == "stock_days":
        factor = TIMES.get(words, days) if words else days
        if words and words not in TIMES:
            reading.fault(line, heading, repr(cell), "days, weeks or months")
        unit = ("", 1.0)
    else:
        parts = re.split(r"\s*(?:/|per|pro|par)\s*", words)
        if parts[0] in TIMES:
            reading.fault(
                line, heading, repr(cell), "a quantity; a stock in weeks under a heading such as days of cover"
            )
        unit, size = unit_of(parts[0]), 1.0
        if len(parts) > 1 and parts[1] in TIMES:
            days = TIMES[parts[1]]
        elif len(parts) > 1:
            reading.fault(line, heading, repr(cell), "a unit per day, week or month")
        factor = size / days if name.startswith("use") else size
    scaled = [value * factor for value in values]
    if len(scaled) == 1:
        return None, scaled[0], None, unit
    return scaled[0], sum(scaled) / 2, scaled[1], unit


def _known_unit(
    line: int, cell: str, kind: str, cells: list[str], heading: str, found: Mapping[str, tuple[int, float]],
    reading: _Reading,
) -> None:  # fmt: skip
    """Words behind a number are a unit that is known, or that of the row or the heading; else the row is at fault."""
    if any(fault.column == heading for fault in reading.faults.get(line, [])):
        return
    place = found["unit"][0] if "unit" in found else -1
    of_row = cells[place] if 0 <= place < len(cells) else ""
    inside = re.split(r"[\s/]+", " ".join(re.findall(r"[\(\[](.*?)[\)\]]", heading)))
    if not is_unit(kind) and kind not in {
        unit_of(words.strip().casefold().rstrip("."))[0] for words in (of_row, *inside)
    }:
        reading.fault(line, heading, repr(cell), no_unit(kind))


def _one_unit(
    line: int, row: dict[str, Any], units: Mapping[str, tuple[str, float]], header: Sequence[str],
    found: Mapping[str, tuple[int, float]], reading: _Reading,
) -> None:  # fmt: skip
    """Stock and use in one unit: kg and t are made one, kg and pieces cannot be."""
    kinds = {}
    for name in units:
        if name.startswith(("stock", "use")) and name != "stock_days":
            inside = re.findall(r"[\(\[](.*?)[\)\]]", header[found[name][0]])
            said = re.split(r"\s*(?:/|per)\s*", inside[0].strip().casefold())[0] if inside else ""
            own = units[name] if units[name][0] else unit_of("" if said in TIMES else said)
            kinds[name] = own if own[0] else units.get("unit", own)
    named = {kind for kind, _ in kinds.values() if kind}
    if len(named) > 1:
        told = " and ".join(sorted(named))
        reading.fault(line, header[found["stock"][0]], f"stock and use in {told}", "one unit for a part")
        return
    bare = [name for name, (kind, _) in kinds.items() if not kind]
    if bare and any(size != 1.0 for _, size in kinds.values()):
        told = f"{bare[0].replace('_', ' ')} without a unit, the other with one"
        reading.fault(line, header[found[bare[0]][0]], told, "a unit for both")
        return
    for name, (_, size) in kinds.items():
        for key in (name, f"{name}_low", f"{name}_high"):
            if row.get(key) is not None and size != 1.0:
                row[key] = row[key] * size
