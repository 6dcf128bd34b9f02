"""What stands around a table: titles above that say a unit, notes and totals below, empty fields behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from geoecon.errors import Fault, InputError
from geoecon.flows.units import Unit, unit

Rows = list[tuple[int, list[str]]]
TOTAL = frozenset(
    [
        "total",
        "totals",
        "grand total",
        "sum",
        "sum total",
        "overall",
        "all",
        "insgesamt",
        "summe",
        "gesamt",
        "total général",
        "total general",
        "totale",
        "合計",
        "総計",
        "总计",
        "合计",
        "總計",
        "합계",
        "총계",
        "total imports",
        "total exports",
    ]
)
NUMBER = re.compile(r"^[-+]?[0-9][0-9.,\s'\u00a0\u202f]*$")


def said_unit(titles: Iterable[str]) -> Unit | None:
    """The unit of money that the lines above a table say; None where they say none or two."""
    found = {told for title in titles if (told := unit(title)) is not None and told.money}
    return found.pop() if len(found) == 1 else None


def trimmed(rows: Rows, width: int, name: str) -> tuple[Rows, list[str]]:
    """Rows of just `width` fields: notes and totals below the table are taken off and told, empty fields beyond cut.

    Raises InputError with every row that has another number of fields and is no note.
    """
    notes: list[str] = []
    rows = [(line, cells[:width] if len(cells) > width and not any(c.strip() for c in cells[width:]) else cells)
            for line, cells in rows]  # fmt: skip
    below: Rows = []
    while rows and _note(rows[-1][1], width):
        below.insert(0, rows.pop())
    totals: Rows = []
    while rows and _total(rows[-1][1], width):
        totals.insert(0, rows.pop())
    faults = [
        Fault(name, line, None, f"{len(cells)} fields", f"{width} fields as in the header")
        for line, cells in rows if len(cells) != width
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    if below:
        words = "; ".join(next(c.strip() for c in cells if c.strip()) for _, cells in below)
        notes.append(f"{len(below)} lines below the table set aside (from line {below[0][0]}): {words[:200]}")
    for line, cells in totals:
        words = ", ".join(c.strip() for c in cells if c.strip())
        notes.append(f"line {line} is a total and set aside: {words[:120]}")
    return rows, notes


def _note(cells: Sequence[str], width: int) -> bool:
    """One cell with words in a table of three columns and more."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return width > 2 and len(filled) == 1 and len(cells) <= width and not NUMBER.match(filled[0])


def _total(cells: Sequence[str], width: int) -> bool:
    """A row that calls itself a total and leaves its keys empty."""
    texts = [cell.strip().rstrip(":").casefold() for cell in cells if cell.strip() and not NUMBER.match(cell.strip())]
    empty = sum(not cell.strip() for cell in cells)
    return len(cells) == width and bool(texts) and all(text in TOTAL for text in texts) and empty >= 2
