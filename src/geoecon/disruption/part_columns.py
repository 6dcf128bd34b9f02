"""The heading of a bill of materials: which columns are read as what, and which are not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geoecon.disruption.bill import HEADINGS, Bill, Lines
from geoecon.disruption.part_gaps import LEAD, lacking, may_be_times, not_read
from geoecon.disruption.part_headings import (
    FIELDS,
    NUMBERS,
    SIDES,
    UNITS,
    WORDS,
    Column,
    named,
    of_period,
    on_the_way,
    plain,
    unit_column,
)  # fmt: skip
from geoecon.disruption.part_products import of_two
from geoecon.disruption.part_times import (
    TIMED,
    days_of,
    factor,
    meant,
    strange_time,
    time_of,
    timeless,
)  # fmt: skip
from geoecon.disruption.part_units import is_unit
from geoecon.errors import Fault, InputError

USES = ("use_per_day", "use_per_day_low", "use_per_day_high")
NONE = "none"  # asked for in place of a heading: this field is in no column
SINGLE = (*WORDS, "share", "unit", *UNITS.values(), "use_period")  # fields of which one column is read
_SUB = re.compile(
    r"(qty|quantity|amount|menge|units?|uom|no|name|avg|average|min|max|数量|単位|단위|수량)\.?", re.IGNORECASE
)


@dataclass(frozen=True)
class Heading:
    """What the heading says: field -> its columns; those that are not read, each with what that means for the days."""

    line: int
    header: tuple[str, ...]
    fields: Mapping[str, tuple[Column, ...]]
    body: Lines
    above: tuple[str, ...] = ()
    added: frozenset[str] = frozenset()
    multiplied: frozenset[str] = frozenset()  # a use of two columns: for one product, and products in a time
    unread: tuple[tuple[str, str], ...] = ()

    def spanned(self) -> tuple[str, ...]:
        """Fields that only have a lowest and a highest: their middle is between both."""
        both = [name for name in NUMBERS if {f"{name}_low", f"{name}_high"} <= set(self.fields)]
        return tuple(name for name in both if name not in self.fields)


def heading_of(bill: Bill, columns: Mapping[str, str | None], *, whole: bool = True) -> Heading:
    """The heading: the line in which most fields are named, with the columns that are asked for.

    Raises InputError with each heading asked for that is not there and, where it must be `whole`, with every field
    that lacks, each time that is not known, and a time on the way beside the lead time.
    """
    start = _line_of_heading(bill.rows, columns)
    line, cells = bill.rows[start]
    body = [(number, row) for number, row in bill.rows[start + 1 :] if any(row)]
    header, body = _with_line_below([cell.strip() for cell in cells], body)
    asked, added, multiplied = _asked(columns, header, bill.name, line)
    fields = _fields(header, body, asked)
    if "use_per_day" not in fields and "stock_days" not in fields and "use_per_day" not in asked:
        two = of_two(header, {column.place for found in fields.values() for column in found})
        if two:
            fields, multiplied = fields | {"use_per_day": two}, multiplied | {"use_per_day"}
    extra = [head for head in header if head and on_the_way(head)] if LEAD not in asked else []
    unread = not_read(fields, header, body)
    doubt = extra or ([] if LEAD in asked else [head for head, _ in unread if may_be_times(head, header, body)])
    timed = {field: found[-1:] if field in multiplied else found for field, found in fields.items()}
    faults = [*lacking(fields, header, doubt, bill.name, line), *_strange(timed, bill.name, line)]
    if extra and LEAD in fields:
        one = fields[LEAD][0].heading
        both = " + ".join([one, *(head for head in extra if head != one)])
        told = f"{', '.join(map(repr, extra))} beside {one!r}: is it in the lead time?"
        allowed = f"columns {LEAD}={both!r} to add them, or {LEAD}={one!r} (--columns)"
        faults.append(Fault(bill.name, line, LEAD, told, allowed))
    if not asked.get("use_per_day"):
        faults += _factors(timed, bill.name, line)
        faults += _periods(timed, header, bill.name, line)
    if faults and whole:
        raise InputError(faults)
    above = [text for _, row in bill.rows[:start] if (text := " ".join(cell for cell in row if cell))]
    return Heading(line, tuple(header), fields, body, tuple(above), added, multiplied, unread)


def _line_of_heading(rows: Lines, columns: Mapping[str, str | None]) -> int:
    """The first of the lines in which most fields are named."""
    best, found = -1, 0
    for k, (_, cells) in enumerate(rows[:HEADINGS]):
        score = len({one.field for cell in cells if cell and (one := named(cell)) is not None})
        score += sum(heading in cells for heading in columns.values())
        if score > best:
            best, found = score, k
    return found


def _with_line_below(header: list[str], body: Lines) -> tuple[list[str], Lines]:
    """A second line of headings (qty, unit, kg) goes into the first: `Stock (kg)`."""
    if not body:
        return header, body
    below = body[0][1]
    words = [(k, cell) for k, cell in enumerate(below) if cell]
    small = all(_SUB.fullmatch(cell) or time_of(cell) is not None
                or is_unit(cell.casefold().split("/")[0].strip()) for _, cell in words)  # fmt: skip
    if not words or not small or (below and below[0]) or len(words) < 2:
        return header, body
    wide = [*header, *[""] * (len(below) - len(header))]
    joined, last = [], ""
    for k, head in enumerate(wide):
        last = head or last
        cell = below[k] if k < len(below) else ""
        joined.append(f"{last} ({cell})" if cell else head)
    return joined, body[1:]


def _asked(
    columns: Mapping[str, str | None], header: Sequence[str], name: str, line: int
) -> tuple[dict[str, tuple[Column, ...]], frozenset[str], frozenset[str]]:  # fmt: skip
    """The columns that are asked for, and the fields in which several are added up or two are multiplied."""
    times: set[str] = set()
    found: dict[str, tuple[Column, ...]] = {}
    faults: list[Fault | str] = []
    for field, wanted in columns.items():
        if field not in FIELDS:
            faults.append(f"columns {field!r}; allowed: {', '.join(FIELDS)}")
            continue
        asked = NONE if wanted is None else wanted
        heads = [asked] if asked in header else [part.strip() for part in asked.split(" + ")]
        if len(heads) == 1 and heads[0] not in header and field == "use_per_day":
            heads = [part.strip() for part in re.split(r" [*×x] ", asked)]
            times |= {field} if len(heads) > 1 else set()
        if heads == [NONE]:
            found[field] = ()
            continue
        for head in heads:
            if not head or head not in header:
                told = ", ".join(cell for cell in header if cell)
                faults.append(Fault(name, line, field, f"no heading {head!r}", f"{told}; or {NONE}"))
        if all(head and head in header for head in heads):
            found[field] = tuple(Column(header.index(head), head, days_of(head, field)) for head in heads)
    if faults:
        raise InputError(faults)
    several = frozenset(field for field, heads in found.items() if len(heads) > 1)
    return found, several - times, several & times


def _fields(
    header: Sequence[str], body: Lines, asked: Mapping[str, tuple[Column, ...]]
) -> dict[str, tuple[Column, ...]]:  # fmt: skip
    """Field -> columns: as asked, else by the words of the headings."""
    taken = {column.place for columns in asked.values() for column in columns}
    found: dict[str, list[Column]] = {}
    for field, column in _guessed(header, body, taken):
        if field not in asked:
            found.setdefault(field, []).append(column)
    if asked.get("stock_days"):
        found = {field: columns for field, columns in found.items() if field not in ("stock", "use_per_day")}
    elif asked.get("stock") or asked.get("use_per_day"):
        found.pop("stock_days", None)
    if "stock_days" in found and not {"stock", "use_per_day"} <= {*found, *(field for field in asked if asked[field])}:
        found = {field: columns for field, columns in found.items() if field not in ("stock", "use_per_day")}
    chosen = {field: _best(field, columns) for field, columns in found.items()} | dict(asked)
    for name in NUMBERS:
        ends = [f"{name}_{side}" for side in ("low", "high") if chosen.get(f"{name}_{side}")]
        if not chosen.get(name) and len(ends) == 1:
            chosen[name] = chosen.pop(ends[0])
    return {field: chosen[field] for field in FIELDS if chosen.get(field)}


def _best(field: str, columns: Sequence[Column]) -> tuple[Column, ...]:
    """All columns of a number, those that are named in passing only where there are no others; one of words."""
    ranked = sorted(columns, key=lambda column: (column.rank, column.place))
    if field in SINGLE:
        return (ranked[0],)
    return tuple(column for column in ranked if column.rank < 2) or tuple(ranked[:1])


def _guessed(header: Sequence[str], body: Lines, taken: set[int]) -> list[tuple[str, Column]]:
    """Each column that is understood with its field."""
    cells = {k: [row[k] for _, row in body[:200] if k < len(row) and row[k]] for k in range(len(header))}
    alone = [k for k, head in enumerate(header) if head and unit_column(head, cells[k], None) == "unit"]
    found: list[tuple[str, Column]] = []
    left: str | None = None
    for place, head in enumerate(header):
        if not head:
            continue
        if place in taken:
            left = next((one.field for one in [named(head)] if one is not None), left)
            continue
        unit = unit_column(head, cells[place], None if place in alone and len(alone) == 1 else left)
        if unit is not None:
            found.append((unit, Column(place, head)))
            continue
        one = named(head)
        side = SIDES.get(plain(head))
        if one is not None:
            found.append((one.field, Column(place, head, one.days, one.rank)))
            left = one.field if one.field not in WORDS else left
        elif place and side is not None:
            about = [(field, column) for field, column in found
                     if field in NUMBERS and column.place in (place - 1, place - 2)]  # fmt: skip
            if about:
                found.append((f"{about[-1][0]}_{side}", Column(place, head, about[-1][1].days)))
    return found


def _strange(fields: Mapping[str, tuple[Column, ...]], name: str, line: int) -> list[Fault]:
    """The headings whose numbers are for a time that we do not know."""
    faults = []
    for field, columns in fields.items():
        for column in columns if field in TIMED else ():
            word = strange_time(column.heading, field)
            near = meant(word, 0.6) if word else ""
            allowed = "days, weeks, months, quarters or years" + (f"; did you mean {near}?" if near else "")
            faults += [Fault(name, line, column.heading, f"{word!r} is no time that we know", allowed)] if word else []
    return faults


def _factors(fields: Mapping[str, tuple[Column, ...]], name: str, line: int) -> list[Fault]:
    """A use of one line, machine or plant of several: how many there are is asked."""
    faults = []
    for heading in {column.heading: None for field in USES for column in fields.get(field, ())}:
        if one := factor(heading):
            allowed = f"the use of all together; columns use_per_day={heading!r} where there is one alone (--columns)"
            faults.append(Fault(name, line, heading, f"{one!r}: how many there are is not said", allowed))
    return faults


def _periods(
    fields: Mapping[str, tuple[Column, ...]], header: Sequence[str], name: str, line: int
) -> list[Fault]:  # fmt: skip
    """A column that says for how long the use is, and not in words that we can read."""
    use, said = fields.get("use_per_day"), [head for head in header if of_period(head)]
    if not use or not said or "use_period" in fields or not timeless(use[0].heading):
        return []
    allowed = "a use for a time in words: Use per week, or a column of day, week and month beside it"
    return [Fault(name, line, use[0].heading, f"{said[0]!r} beside it says for how long", allowed)]
