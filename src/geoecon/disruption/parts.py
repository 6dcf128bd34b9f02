"""A bill of materials as people have it: units, weeks, totals, columns that say one thing twice, cells no numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from geoecon import tables
from geoecon.disruption.bill import Lines, few, opened
from geoecon.disruption.part_cells import GAPS, Reading, amount, base, number_in
from geoecon.disruption.part_columns import Heading, heading_of
from geoecon.disruption.part_gaps import LEAD
from geoecon.disruption.part_headings import NUMBERS, REQUIRED, UNITS, WORDS
from geoecon.disruption.part_lines import explained
from geoecon.disruption.part_marks import halved, settled
from geoecon.disruption.part_preview import preview
from geoecon.disruption.part_row import in_one_unit
from geoecon.disruption.part_titles import title_faults, without_totals
from geoecon.errors import Fault, InputError
from geoecon.flows import decimal_sign, number_text

if TYPE_CHECKING:
    from geoecon.kinds import Rows


SPOILT = 0.25  # of the rows may be set aside; where more cannot be used, the read stops
LACKING = {"supplier": "not named", LEAD: float("nan")}  # in a list without that column
NO_NUMBERS = (*WORDS, "unit", "use_period", *UNITS.values())


@dataclass(frozen=True)
class Parts:
    """The rows that can be used, in the columns of `shortage_clock`, and what was read and set aside, in words."""

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    reading: Mapping[str, str] = field(default_factory=dict)  # our name -> the heading that was taken for it
    untold: Mapping[str, str] = field(default_factory=dict)  # part that cannot be judged -> why
    aside: pd.DataFrame = field(default_factory=pd.DataFrame)  # rows that were left out: line, reason, cells as written


def read_parts(
    source: Rows, columns: Mapping[str, str | None] | None = None, decimal: str | None = None,
    encoding: str | None = None, sheet: str | None = None,
) -> Parts:  # fmt: skip
    """A bill of materials from a frame, a file (CSV, text, Excel, Parquet, JSON), or text pasted from a spreadsheet.

    Headings are read by their words (`Part No.`, `On hand (kg)`, `Weekly usage`, `Lead time (weeks)`); `columns` maps
    our names to others: `A + B` adds two up, `none` says that there is no such column. Two columns of one number must
    agree within one hundredth or their last digit. Units and times may stand in cells, in headings or in columns beside
    the numbers; `decimal` settles numbers that read two ways. Lines that cannot be used are set aside and told, up to
    one in four; total rows too. `encoding` is that of a text file whose bytes do not tell it, `sheet` that of a
    workbook. Raises InputError for more, for a column that lacks, for columns that differ, and where numbers can be
    read two ways.
    """
    bill = opened(source, encoding, sheet)
    heading = heading_of(bill, columns or {})
    if not heading.body:
        raise InputError(f"{bill.name}: no rows; allowed: at least one part")
    body, out, texts = without_totals(heading)
    body, lines = explained(body, heading)
    faults = title_faults([*heading.above, *texts], heading, bill.name)
    if faults:
        raise InputError(faults)
    numbers = _numbers(body, heading)
    sign = decimal_sign(numbers, bill.name, decimal)
    reading = Reading(bill.name, sign, heading.fields, heading.added, heading.multiplied)
    made = [(line, LACKING | _row(line, row, heading, reading)) for line, row in body]
    _check_lines(made, reading)
    bad = [fault for line in sorted(reading.faults) for fault in reading.faults[line]]
    untold, left = _untold(made, heading, reading)
    if not {LEAD, f"{LEAD}_low"} & set(heading.fields):
        untold = {str(row["part"]): "no lead time in the list" for _, row in made if row.get("part")} | untold
    good = [row | {"line": line} for line, row in made if row.get("part") not in left and row.get("part")]
    spoilt = sum(line in reading.faults and row.get("part") in left for line, row in made)
    if spoilt > max(1, SPOILT * len(made)) or not any(line not in reading.faults for line, _ in made):
        raise InputError([*_together(bad, reading, len(made)), *reading.gaps.values()])
    kept = {row["line"] for row in good}
    unused = [f"{'lead time not read' if fault.row in kept else 'row left out'}: {fault}" for fault in bad] + [
        f"lead time not known: {f}" for f in reading.gaps.values()
    ]
    notes = [*bill.notes, *preview(heading), *lines, *(f"line {line} {why}" for line, why in out.items()), *unused[:10]]
    notes += [f"and {len(unused) - 10} more cells that cannot be used"] if len(unused) > 10 else []
    notes += [f"{name.replace('_', ' ')} says no unit in line {few(lines)}: taken in {unit}, as the other"
              for (name, unit), lines in reading.unitless.items()]  # fmt: skip
    notes += [*settled(numbers, sign, decimal), *_twins(good)]
    notes += [f"marks of footnotes are left out, as in {reading.marks[0]!r}"] if reading.marks else []
    frame = pd.DataFrame(good)
    frame = frame.drop(columns=[name for name in frame if name not in REQUIRED and frame[name].isna().all()])
    joined = dict.fromkeys(heading.added, " + ") | dict.fromkeys(heading.multiplied, " × ")
    taken = {name: joined[name].join(c.heading for c in found) if name in joined else found[0].heading
             for name, found in heading.fields.items()}  # fmt: skip
    gone = out | {line: "; ".join(str(f) for f in reading.faults.get(line, ())) or "another row of the part is left out"
                  for line, _ in made if line not in kept}  # fmt: skip
    return Parts(frame, tuple(notes), taken, untold, _aside(heading, gone))


def parts_headings(source: Rows) -> Mapping[str, str]:
    """Which heading of a bill of materials is read as what: heading -> our name, also where others lack."""
    try:
        found = heading_of(opened(source), {}, whole=False)
    except InputError:
        return {}
    return {column.heading: name for name, columns in found.fields.items() for column in columns}


def _numbers(body: Lines, heading: Heading) -> list[tuple[int, str, str]]:
    """Line, heading and number of each cell that holds one."""
    places = [column.place for name, columns in heading.fields.items() if name not in NO_NUMBERS for column in columns]
    return [(line, heading.header[k], number_in(halved(row[k]))) for line, row in body for k in places if k < len(row)]


def _together(bad: Sequence[Fault], reading: Reading, rows: int) -> list[Fault]:
    """The faults, those of columns that differ in most rows as one."""
    whole = [found for found in reading.differing.values() if len(found) > SPOILT * rows]
    shown = [replace(found[0], found=found[0].found + (f"; so in {len(found)} of {rows} rows" if rows > 1 else ""))
             for found in whole]  # fmt: skip
    many = {id(fault) for found in whole for fault in found}
    return [*shown, *(fault for fault in bad if id(fault) not in many)]


def _check_lines(made: Sequence[tuple[int, dict[str, Any]]], reading: Reading) -> None:
    """Lines of one part say one stock and one use; their suppliers serve its use once. Faults stand at the first."""
    of_part: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for line, row in made:
        if row.get("part") and line not in reading.faults:
            of_part.setdefault(row["part"], []).append((line, row))
    for part, rows in of_part.items():
        fault = _lines_fault(part, rows, reading.name)
        if fault is not None:
            reading.faults |= {line: [fault] if line == rows[0][0] else [] for line, _ in rows}


def _lines_fault(part: str, rows: Sequence[tuple[int, dict[str, Any]]], name: str) -> Fault | None:
    lines = " and ".join(str(line) for line, _ in rows)
    given = [row.get("share") for _, row in rows]
    total = sum(1.0 if share is None else share for share in given)
    if total > 1 + 1e-9 and any(share is not None for share in given):
        return Fault(name, None, part, f"shares sum to {total:g} in lines {lines}", "at most 1")
    if total > 1 + 1e-9:
        allowed = "one line for a part, or a column share: what part of its use each supplier serves, the stock whole"
        return Fault(name, None, part, f"stands in lines {lines}, each with a supplier of all its use",
                     f"{allowed} in each")  # fmt: skip
    first = rows[0][1]
    for number in ("stock", "use_per_day"):
        other = next(((line, row) for line, row in rows[1:]
                      if abs(row[number] - first[number]) > 1e-6 * abs(first[number])), None)  # fmt: skip
        if other is not None:
            told = f"{number.replace('_', ' ')} {first[number]:g} in line {rows[0][0]}"
            told += f", {other[1][number]:g} in line {other[0]}"
            return Fault(name, None, part, told, "the whole stock and use of the part in each of its lines")
    return None


def _twins(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Parts whose names differ in case or blanks alone: they are counted apart, and that is said."""
    seen: dict[str, str] = {}
    found: dict[str, str] = {}
    for row in rows:
        key = "".join(str(row["part"]).casefold().split())
        if seen.setdefault(key, row["part"]) != row["part"]:
            found[key] = f"{seen[key]!r} and {row['part']!r}"
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return [f"counted as different parts: {'; '.join(list(found.values())[:3])}{more}"] if found else []


def _untold(
    made: Sequence[tuple[int, dict[str, Any]]], heading: Heading, reading: Reading
) -> tuple[dict[str, str], set[str]]:  # fmt: skip
    """Parts that cannot be judged -> why; and those of them of which not even the day of the last stock is known.

    A part with a lead time that is missing or cannot be read keeps its row; where any other cell is at fault, all
    rows of the part are left out."""
    names = {column.heading: name for name, columns in heading.fields.items() for column in columns}
    words = {"use_per_day": "use", "stock_days": "stock"}
    untold: dict[str, str] = {}
    left: set[str] = set()
    for line, row in made:
        faults = reading.faults.get(line, [])
        part = str(row.get("part") or f"the part in line {line}")
        for fault in [*faults, *([reading.gaps[line]] if line in reading.gaps else [])]:
            name = base(names.get(fault.column or "", "row"))
            differs = any(fault is one for found in reading.differing.values() for one in found)
            missing = fault is reading.gaps.get(line) or fault.found == "empty"
            lacks = "missing" if missing else "differs" if differs else "cannot be read"
            told = f"{words.get(name, name.removesuffix('_days').replace('_', ' '))} {lacks}"
            if part not in left:
                untold[part] = told if fault.column != part or name != "row" else "its lines differ"
        if any(names.get(fault.column or "") != LEAD for fault in faults):
            left.add(part)
        elif faults:
            row[LEAD] = float("nan")
    return untold, left


def _row(line: int, cells: list[str], heading: Heading, reading: Reading) -> dict[str, Any]:
    row: dict[str, Any] = {}
    amounts = {}
    for name, columns in heading.fields.items():
        written = [(column, cells[column.place]) for column in columns if column.place < len(cells)]
        formulas = [(column, cell) for column, cell in written
                    if cell[:1] in tables.STARTS and cell and tables.FORMULA.search(cell)]  # fmt: skip
        for column, cell in formulas:
            reading.fault(line, column.heading, f"formula {cell!r}", "a value, not a spreadsheet formula")
        if formulas or (name in NO_NUMBERS and name not in WORDS):
            continue
        cell = tables.unguarded(cells[columns[0].place]) if columns[0].place < len(cells) else ""
        if name in WORDS:
            row[name] = cell
            if not cell:
                reading.fault(line, columns[0].heading, "empty", "text")
        elif name == "share":
            row[name] = _share(line, cell, columns[0].heading, reading)
        elif name == "stock_days" and "stock" in heading.fields and cell.casefold() in GAPS:
            continue  # a cover that only checks the stock
        else:
            found = amount(line, cells, name, reading)
            if found is not None:
                amounts[name] = found
            elif name in REQUIRED or name == "stock_days":
                row[name] = float("nan")
    row |= in_one_unit(line, amounts, reading)
    for name in heading.spanned():
        ends = [row.get(f"{name}_{side}") for side in ("low", "high")]
        given = [end for end in ends if end is not None]
        row[name] = sum(given) / 2 if len(given) == 2 else float("nan")
        if len(given) < 2 and line not in reading.faults:
            reading.fault(line, heading.fields[f"{name}_low"][0].heading, "empty", "both ends, or a middle")
    if "stock_days" in heading.fields:
        _cover(line, cells, row, heading, reading)
    _in_order(line, row, heading, reading)
    return row


def _in_order(line: int, row: Mapping[str, Any], heading: Heading, reading: Reading) -> None:
    """A number stands between its lowest and its highest."""
    for name in NUMBERS:
        told = [row[key] for key in (f"{name}_low", name, f"{name}_high") if tables.measured(row.get(key)) is not None]
        if told != sorted(told):
            found = next(iter(heading.fields.get(name, heading.fields.get("stock_days", ())))).heading
            reading.fault(line, found, ", ".join(f"{value:g}" for value in told), "low ≤ central ≤ high")


def _cover(line: int, cells: Sequence[str], row: dict[str, Any], heading: Heading, reading: Reading) -> None:
    """Days of cover stand for the stock and the use where these lack; else all three must agree."""
    days, ends = row.pop("stock_days", None), {side: row.pop(f"stock_days_{side}", None) for side in ("low", "high")}
    if "stock" not in heading.fields or "use_per_day" not in heading.fields:
        row |= {"stock": days, "use_per_day": 1.0}
        row |= {f"stock_{side}": value for side, value in ends.items() if value is not None}
        return
    stock, use = row.get("stock"), row.get("use_per_day")
    if days is None or not stock or not use or line in reading.faults:
        return
    column = heading.fields["stock_days"][0]
    text = number_in(cells[column.place])
    step = column.days * 10.0 ** -len(number_text(text, reading.decimal).partition(".")[2])
    if abs(stock / use - days) > max(0.01 * days, step) * (1 + 1e-9):
        told = f"{cells[column.place]} ({days:g} days) beside {stock / use:.4g} days by stock and use"
        allowed = f"columns stock_days={column.heading!r}, or stock_days=none (--columns)"
        fault = Fault(reading.name, line, column.heading, told, allowed)
        reading.faults.setdefault(line, []).append(fault)
        reading.differing.setdefault("stock_days", []).append(fault)


def _share(line: int, cell: str, heading: str, reading: Reading) -> float | None:
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


def _aside(heading: Heading, gone: Mapping[int, str]) -> pd.DataFrame:
    """The rows that were left out, as written, each with its line and the reason."""
    names = [head or f"column {k + 1}" for k, head in enumerate(heading.header)]
    names = [name if name not in names[:k] else f"{name} {k + 1}" for k, name in enumerate(names)]
    rows = [{"line": line, "reason": gone[line], **dict(zip(names, cells, strict=False))}
            for line, cells in heading.body if line in gone]  # fmt: skip
    return pd.DataFrame(rows, columns=["line", "reason", *names])
