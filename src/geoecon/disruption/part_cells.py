"""A number of a bill of materials with its unit and its time: from its cell, the column beside it or its heading."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from geoecon import tables
from geoecon.dates import TIMES
from geoecon.disruption.part_gaps import LEAD
from geoecon.disruption.part_headings import BANDS, UNITS, Column, inside, plain
from geoecon.disruption.part_leads import CELL_TIMES, UNKNOWN, plain_time
from geoecon.disruption.part_marks import halved, unmarked
from geoecon.disruption.part_times import dated, time_of, timeless
from geoecon.disruption.part_units import MULTIPLES, heading_unit, is_unit, no_unit, unit_of
from geoecon.errors import Fault
from geoecon.flows import number_text

LONG = 36_500  # days; a longer lead time is a date or an error
GAPS = UNKNOWN | {"", "-", "–", "?", "tbd", "tba", "tbc", "n/a", "na", "n.a.", "none", "unknown"}  # of a lead time
CELL = re.compile(r"^([-+]?[\d][\d.,'\s\u00a0\u202f]*|[-+]?\.\d+)\s*(.*)$")
SCIENTIFIC = re.compile(r"^([-+]?[\d.,]+)[eE]([-+]?\d{1,3})$")  # as a spreadsheet shows a wide number
METRES = re.compile(r"\d ?(?:km|cm|mm)\b|\d ?m ?(?:/|per|pro)\b", re.IGNORECASE)  # so that m beside it is no month
NO_UNIT = re.compile(r"^(_|x\d|e[-+]?\d)")  # what is left of a number of another kind is no unit
RANGE = re.compile(r"^([\d.,]+)\s*(?:-|–|to|bis)\s*([\d.,]+)\s*(.*)$")


@dataclass
class Reading:
    """What is known of the table while its rows are read."""

    name: str
    decimal: str
    fields: Mapping[str, tuple[Column, ...]]
    added: frozenset[str] = frozenset()  # fields whose columns are added up
    multiplied: frozenset[str] = frozenset()  # and those of which two are multiplied
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    gaps: dict[int, Fault] = field(default_factory=dict)  # lead times that are not given
    marks: list[str] = field(default_factory=list)  # cells with the mark of a footnote
    unitless: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # (field, unit taken for it) -> lines
    differing: dict[str, list[Fault]] = field(default_factory=dict)  # field -> where its columns disagree

    def fault(self, line: int, heading: str, found: str, allowed: str) -> Fault:
        fault = Fault(self.name, line, heading, found, allowed)
        self.faults.setdefault(line, []).append(fault)
        return fault

    def beside(self, field: str, cells: Sequence[str]) -> str:
        """What the column of a field holds in this row; empty where there is none."""
        column = self.fields.get(field, (None,))[0]
        return cells[column.place] if column is not None and column.place < len(cells) else ""


@dataclass(frozen=True)
class Amount:
    """A number in its unit (kind, size): low and high of a range, and half of what its last digit counts."""

    value: float
    kind: str
    size: float
    step: float
    low: float | None = None
    high: float | None = None
    unit: str = ""  # in words

    def coarse(self) -> int:
        """Power of ten of what the number is rounded by: of two columns the finer is read."""
        return math.floor(math.log10(self.step * self.size)) if self.step else -99

    def agrees(self, other: Amount) -> bool:
        """Within one hundredth, or what the coarser of both is rounded by."""
        mine, theirs = self.value * self.size, other.value * other.size
        room = max(0.01 * max(mine, theirs), self.step * self.size, other.step * other.size)
        return (self.kind == other.kind or not (self.kind and other.kind)) and abs(mine - theirs) <= room * (1 + 1e-9)


def number_in(cell: str) -> str:
    """The number of a cell without its unit; empty where it begins with none."""
    found = CELL.match(cell)
    return found[1].strip() if found and not RANGE.match(cell) else ""


def base(field: str) -> str:
    """The field of which another is an end: use_per_day of use_per_day_high."""
    return field.removesuffix("_low").removesuffix("_high")


def amount(line: int, cells: Sequence[str], field: str, reading: Reading) -> Amount | None:
    """The number of a field in a row. Columns of one field agree, or are added where that is asked; faults are noted
    and give None."""
    columns = reading.fields[field]
    read: list[tuple[Column, Amount]] = []
    empty: list[Column] = []
    for column in columns:
        written = halved(tables.unguarded(cells[column.place])) if column.place < len(cells) else ""
        cell, mark = unmarked(written)
        reading.marks += [written] if mark else []
        if not cell or (cell.casefold() in GAPS and (field == LEAD or len(columns) > 1)):
            empty.append(column)
            continue
        found = _amount(line, cell, column, field, cells, reading)
        if found is None:
            return None
        read.append((column, found))
    if not read or (empty and field in reading.added | reading.multiplied):
        _missing(line, cells, field, empty[0], reading)
        return None
    if field in reading.added:
        return _sum(line, read, reading)
    if field in reading.multiplied:
        return _product([one for _, one in read])
    for column, other in read[1:]:
        if not read[0][1].agrees(other):
            differ(line, field, [(one, cells[one.place]) for one in (read[0][0], column)], reading)
            return None
    return min((one for _, one in read), key=Amount.coarse)


def differ(line: int, field: str, told: Sequence[tuple[Column, str]], reading: Reading) -> None:
    """Notes that two columns say other things of one field in a row."""
    names = list(dict.fromkeys(column.heading for column in reading.fields[field]))
    ways = [f"{field}={name!r}" for name in names[:4]]
    if field in ("stock", LEAD, "use_per_day") and len(names) > 1:
        ways.append(f"{field}={' + '.join(names)!r} where they add up")
    allowed = f"columns {', '.join(ways)} (--columns)" if len(names) > 1 else "each heading once"
    words = ", ".join(f"{cell} in {column.heading!r}" for column, cell in told)
    found = f"{base(field).replace('_', ' ')} differs: {words}"
    reading.differing.setdefault(field, []).append(reading.fault(line, told[0][0].heading, found, allowed))


def _missing(line: int, cells: Sequence[str], field: str, column: Column, reading: Reading) -> None:
    """An empty cell: an end of a band may lack, a lead time that lacks is unknown, anything else is a fault."""
    if field in BANDS or field == "share":
        return
    cell = cells[column.place] if column.place < len(cells) else ""
    found = repr(cell) if cell else "empty"
    if field == LEAD:
        reading.gaps[line] = Fault(reading.name, line, column.heading, found, _allowed(field))
    else:
        reading.fault(line, column.heading, found, _allowed(field))


def _sum(line: int, read: Sequence[tuple[Column, Amount]], reading: Reading) -> Amount | None:
    """Columns added up in the unit of the first."""
    first = read[0][1]
    whole = sum(column.days for column, _ in read)
    over_time = all(dated(column.heading) for column, _ in read)  # demand of January and of February: both, over both
    parts = [column.days / whole if over_time else 1.0 for column, _ in read]
    kinds = {one.kind for _, one in read}
    if len(kinds) > 1:
        told = " and ".join(sorted(kind or "no unit" for kind in kinds))
        reading.fault(line, read[0][0].heading, f"columns in {told} cannot be added", "one unit")
        return None
    sums = []
    for name in ("value", "low", "high"):
        sides = [getattr(one, name) if getattr(one, name) is not None else one.value for _, one in read]
        sums.append(sum(side * one.size * part for side, (_, one), part in zip(sides, read, parts, strict=True)))
    sums = [side / first.size for side in sums]
    banded = any(one.low is not None for _, one in read)
    low, high = (sums[1], sums[2]) if banded else (None, None)
    return replace(first, value=sums[0], low=low, high=high)


def _product(read: Sequence[Amount]) -> Amount:
    """What one takes, times how many there are in a time."""
    each, *many = read
    times = math.prod(one.value * one.size for one in many)
    low, high = (None if end is None else end * times for end in (each.low, each.high))
    return replace(each, value=each.value * times, step=each.step * times, low=low, high=high)


def _allowed(field: str) -> str:
    return "a finite number from 0" + (", with days, weeks or months" if field == LEAD else "")


def _amount(
    line: int, cell: str, column: Column, field: str, cells: Sequence[str], reading: Reading
) -> Amount | None:  # fmt: skip
    """The number of a cell: alone or a range such as 6-8 weeks."""
    allowed, heading = _allowed(field), column.heading
    timed, written = base(field) == LEAD or field == "stock_days", cell
    if timed:
        cell, wrong = plain_time(cell)
        if wrong is not None:
            reading.fault(line, heading, *wrong)
            return None
    ranged, match = RANGE.match(cell), CELL.match(cell)
    if match is None:
        reading.fault(line, heading, repr(written), allowed)
        return None
    texts = [ranged[1], ranged[2]] if ranged else [match[1]]
    words = (ranged[3] if ranged else match[2]).strip().casefold().rstrip(".")
    wide = SCIENTIFIC.match(cell)
    power = f"e{wide[2]}" if wide else ""
    if wide:
        texts, words = [wide[1]], ""
    numbers = [text if text.isdigit() else number_text(text.strip(), reading.decimal) for text in texts]
    try:
        values = [float(text + power) for text in numbers]
    except ValueError:
        values = [-1.0]
        if reading.decimal == "." and any("," in text for text in texts):
            allowed += "; its comma is no decimal point: decimal ., (commas between thousands) or , (a decimal comma)"
    if words.startswith("%"):
        reading.fault(line, heading, repr(cell), "a quantity, not a share")
        return None
    if NO_UNIT.match(words) or min(values) < 0 or max(values) == float("inf") or values != sorted(values):
        reading.fault(line, heading, repr(cell), allowed)
        return None
    step = 0.0 if wide else 0.5 * 10.0 ** -len(numbers[0].partition(".")[2])
    told = (_time if timed else _unit)(line, cell, words, column, field, cells, reading)
    if told is None:
        return None
    factor, kind, size, unit = told
    low, high = (values[0] * factor, values[1] * factor) if ranged else (None, None)
    found = Amount(sum(values) / len(values) * factor, kind, size, step * factor, low, high, unit)
    if base(field) == LEAD and max(found.value, found.high or 0) > LONG:
        reading.fault(line, heading, f"{cell} is more than a hundred years", f"{allowed}; is it a date?")
        return None
    return found


def _time(
    line: int, cell: str, words: str, column: Column, field: str, cells: Sequence[str], reading: Reading
) -> tuple[float, str, float, str] | None:  # fmt: skip
    """(days of one, no unit) of a lead time or a cover: of its cell, of the column beside it, of its heading."""
    of_column = reading.beside(UNITS[LEAD], cells) if base(field) == LEAD else ""
    told = CELL_TIMES.get(words) if words else None
    if words and told is None:
        allowed = f"one number and one time in words, such as 45 days or 8 weeks; {words!r} is none"
        reading.fault(line, column.heading, repr(cell), allowed)
        return None
    days = time_of(of_column) if of_column else None
    return _one_time(line, cell, told, days, of_column, column, reading)


def _one_time(
    line: int, cell: str, own: float | None, beside: float | None, of_column: str, column: Column, reading: Reading
) -> tuple[float, str, float, str] | None:  # fmt: skip
    """The time that cell, column and heading say; a fault where they say two."""
    said = [own, beside, None if timeless(column.heading) else column.days]
    if of_column and beside is None:
        reading.fault(line, column.heading, f"{of_column!r} is no time that we know", "days, weeks, months or years")
        return None
    if beside is not None and any(other is not None and other != beside for other in said):
        told = f"{cell} beside {of_column!r}"
        reading.fault(line, column.heading, told, "one time: that of the cell, of its heading or of the column beside")
        return None
    return next((days for days in said if days is not None), column.days), "", 1.0, ""


def _unit(
    line: int, cell: str, words: str, column: Column, field: str, cells: Sequence[str], reading: Reading
) -> tuple[float, str, float, str] | None:  # fmt: skip
    """(1 / days, kind, size, unit in words) of a stock or a use: of its cell, the columns beside it, its heading, the
    row."""
    name, heading = base(field), column.heading
    own, own_time = _split(words)
    if own == "m" and METRES.search(" ".join(cells)):
        own = "metre"
    if own in TIMES:
        reading.fault(line, heading, repr(cell),
                      "a quantity; a stock in weeks under a heading such as days of cover")  # fmt: skip
        return None
    many, own = (MULTIPLES[own], "") if own in MULTIPLES else (1.0, own)  # 1.2k is a number
    beside, beside_time = _split(reading.beside(UNITS[name], cells).strip().casefold().rstrip("."))
    of_row = reading.beside("unit", cells).strip().casefold().rstrip(".")
    of_heading = heading_unit(inside(heading), plain(heading))
    unit = own or beside or of_heading or of_row
    kind, size = unit_of(unit)
    if many * size != many * size:  # mil: a thousand in Spanish, a million in English
        reading.fault(line, heading, repr(cell), no_unit(words or unit))
        return None
    known = {unit_of(text)[0] for text in (beside, of_row, of_heading)}
    if own and not is_unit(own) and kind not in known:
        reading.fault(line, heading, repr(cell), no_unit(own))
        return None
    if beside and any(text and unit_of(text) != unit_of(beside) for text in (own, of_heading)):
        other = own or of_heading
        reading.fault(line, heading, f"{other!r} and {beside!r} beside it", "one unit for a number")
        return None
    times = [text for text in (own_time, beside_time) if text is not None]
    if any(text not in TIMES for text in times) or (times and name == "stock"):
        reading.fault(line, heading, repr(cell), "a unit per day, week or month")
        return None
    if name == "stock":
        return many, kind, size, unit
    of_column = reading.beside("use_period", cells)
    days = time_of(of_column) if of_column else TIMES[beside_time] if beside_time else None
    told = _one_time(line, cell, TIMES[own_time] if own_time else None, days, of_column or (beside_time or ""), column,
                     reading)  # fmt: skip
    return None if told is None else (many / told[0], kind, size, unit)


def _split(words: str) -> tuple[str, str | None]:
    """A unit and the time behind it: kg/day, pcs per week."""
    unit, *times = re.split(r"\s*(?:/|\bper\b|\bpro\b|\bpar\b)\s*", words)
    return unit.strip(), times[0].strip() if times else None
