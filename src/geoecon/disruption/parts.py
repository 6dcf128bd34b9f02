"""A bill of materials as people have it: units, weeks, totals, and cells that are no numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from geoecon import tables
from geoecon.disruption.bill import BANDS, NAME, TIMES, WORKBOOKS, heading_of, rows_of, text_of, timeless
from geoecon.errors import Fault, InputError
from geoecon.flows import decimal_sign, number_text

TOTAL = frozenset(
    ("total", "totals", "grand total", "sum", "subtotal", "sub-total", "summe", "gesamt", "合計", "总计", "합계")
)
SPOILT = 0.25  # of the rows may be set aside; where more cannot be used, the read stops
MASS: Mapping[str, float] = {"mg": 1e-6, "g": 1e-3, "kg": 1.0, "kgs": 1.0, "t": 1e3, "to": 1e3, "ton": 1e3, "tons": 1e3,
                             "tonne": 1e3, "tonnes": 1e3, "lb": 0.45359237, "lbs": 0.45359237}  # fmt: skip
VOLUME: Mapping[str, float] = {
    "ml": 1e-3,
    "l": 1.0,
    "liter": 1.0,
    "litre": 1.0,
    "liters": 1.0,
    "litres": 1.0,
    "m3": 1e3,
}
MANY: Mapping[str, float] = {"k": 1e3, "tsd": 1e3, "thousand": 1e3, "thousands": 1e3, "'000": 1e3, "000": 1e3,
                             "000s": 1e3, "kpcs": 1e3, "k pcs": 1e3, "dozen": 12.0, "dozens": 12.0, "gross": 144.0,
                             "mio": 1e6, "million": 1e6, "millions": 1e6}  # fmt: skip
PIECES = ("pcs", "pc", "pieces", "piece", "ea", "each", "units", "unit", "st", "stk", "stück", "個", "件", "개", "ea.")
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


@dataclass
class _Reading:
    """What is known of the table while its rows are read."""

    decimal: str
    faults: dict[int, list[Fault]] = field(default_factory=dict)

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
    good = [row | {"line": line} for line, row in made if line not in reading.faults]
    bad = [fault for line in reading.faults for fault in reading.faults[line]]
    if len(reading.faults) > SPOILT * len(made):
        raise InputError(bad)
    notes = [*said, _preview(header, found, start), *notes]
    notes += [f"row left out: {fault}" for fault in bad[:10]]
    notes += [f"and {len(bad) - 10} more cells that cannot be used"] if len(bad) > 10 else []
    frame = pd.DataFrame(good)
    frame = frame.dropna(axis=1, how="all") if len(frame) else frame
    return Parts(frame, tuple(notes), {name: header[place] for name, (place, _) in found.items()})


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
            units[name] = _unit(cell.strip().casefold().rstrip("."))
        elif name == "share":
            row[name] = _share(line, cell, header[place], reading)
        else:
            low, value, high, unit = _amount(line, cell, header[place], name, days, reading)
            row[name], units[name] = value, unit
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
    if not cell and name in BANDS:
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
        unit, size = _unit(parts[0]), 1.0
        if len(parts) > 1 and parts[1] in TIMES:
            days = TIMES[parts[1]]
        elif len(parts) > 1:
            reading.fault(line, heading, repr(cell), "a unit per day, week or month")
        factor = size / days if name.startswith("use") else size
    scaled = [value * factor for value in values]
    if len(scaled) == 1:
        return None, scaled[0], None, unit
    return scaled[0], sum(scaled) / 2, scaled[1], unit


def _unit(words: str) -> tuple[str, float]:
    """(kind, size): mass in kg, volume in litres, pieces; other words are kinds of their own."""
    if words in MASS:
        return "mass", MASS[words]
    if words in VOLUME:
        return "volume", VOLUME[words]
    if words in MANY:
        return "pieces", MANY[words]
    return ("pieces", 1.0) if words in PIECES else (words, 1.0)


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
            own = units[name] if units[name][0] else _unit("" if said in TIMES else said)
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


def _preview(
    header: Sequence[str], found: Mapping[str, tuple[int, float]], start: int
) -> str:  # fmt: skip
    """What was read as what, in words."""
    words = {7.0: "a week", 30.4375: "a month", 91.3125: "a quarter", 365.25: "a year"}
    told = []
    for name, (place, days) in found.items():
        per = ""
        if name.startswith("use") and (days != 1.0 or timeless(header[place])):
            per = f" (for {words.get(days, f'{days:g} days')})" if days != 1.0 else " (no time is said: for a day)"
        elif days in words and name.startswith(("lead", "stock_days")):
            per = f" (in {words[days].removeprefix('a ')}s)"
        told.append(f"{name.replace('_', ' ')} = {header[place]!r}{per}")
    above = f"; {start} lines above the heading left out" if start else ""
    return "read as " + ", ".join(told) + above
