"""A row of a what-if: each outcome under a scenario beside the base, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geoecon.figure import Figure, number
from geoecon.spoken import money, percent, significant

SHARE, POINTS = "share of runs", "percentage points"
MONEY = "USD million"
LEAST = 0.5  # points or USD million a year: a smaller change is not told
HARDLY = "hardly changed"


@dataclass(frozen=True, eq=False)
class Outcome:
    """An outcome under a scenario: its figure, the change against the base, and why there is none."""

    figure: Figure | None
    change: Figure | None
    why: str = ""


@dataclass(frozen=True, eq=False)
class Row:
    """A scenario beside the base: its name, what it changes, a cell for each outcome, or why it failed."""

    label: str
    scenario: Mapping[str, str | float]
    cells: Mapping[str, Outcome]
    fault: str = ""
    chance: float | None = None  # that what is feared happens, 0 to 1
    loss: float | None = None  # of the target in the middle, as its figure tells it, in the unit of its column

    @property
    def reason(self) -> str:
        """Why nothing changes, where nothing does."""
        if self.fault:
            return f"not computed: {self.fault}"
        return "" if any(cell.change for cell in self.cells.values()) else "no outcome depends on it"

    @property
    def effect(self) -> float:
        """The largest change of an outcome, in widths of its band."""
        return max((size(cell) for cell in self.cells.values()), default=0.0)


def size(cell: Outcome | None) -> float:
    """A change in widths of the base's band; of a probability in its own size."""
    if cell is None or cell.change is None or cell.change.value is None:
        return 0.0
    if cell.change.unit == "percentage points":
        return abs(cell.change.value) / 100
    low, high = cell.change.low, cell.change.high
    width = max(abs(cell.figure.value or 0.0) if cell.figure else 0.0, abs((high or 0.0) - (low or 0.0)), 1e-12)
    return min(abs(cell.change.value) / width, 1.0)


def said(cell: Outcome | None, fault: str = "", base: Outcome | None = None) -> str:
    """A cell in words: the value and its change, or why there is none. A change run by run that nobody would tell,
    beside a middle that is not the base's, is told as that of the middle."""
    if cell is None or cell.figure is None:
        return fault or (cell.why if cell else "") or "unknown"
    text = _value(cell.figure)
    if cell.change is not None:
        told = _change(cell.figure.unit, cell.change.value or 0.0)
        then = base.figure if base is not None else None
        if told == HARDLY and then is not None and _value(then) != text:
            middle = _change(cell.figure.unit, (cell.figure.value or 0.0) - (then.value or 0.0))
            told = HARDLY if middle == HARDLY else f"{middle} in the middle"
        return f"{text} ({told})"
    return f"no change: {cell.why}" if cell.why else text


def _value(figure: Figure) -> str:
    value, unit = figure.value or 0.0, figure.unit
    if figure.value is not None and unit == SHARE:
        return percent(value)
    if figure.value is not None and unit.startswith(MONEY):
        size = money(abs(value))
        return (_signed(value, size, "") if size.startswith("USD") else size) + unit.removeprefix(MONEY)
    return f"{number(None if figure.value is None else significant(value))} {unit}"


def _change(unit: str, value: float) -> str:
    """A change with its sign and unit in two digits; one that nobody would tell is none."""
    if unit.startswith(MONEY):
        least = LEAST / 12 if unit.endswith("a month") else LEAST
        small = f"{number(significant(abs(value)))} million"
        size = money(abs(value)).removeprefix("USD ") if abs(value) >= 1 else small
        return HARDLY if abs(value) < least else _signed(value, size)
    points = unit in (SHARE, "%")
    if points and abs(value) < LEAST:
        return HARDLY
    told = f"{abs(value):.0f}" if points else number(significant(abs(value)))
    return _signed(value, told) + (" points" if points or unit == "percent" else "") if value else HARDLY


def _signed(value: float, size: str, plus: str = "+") -> str:
    return ("\u2212" if value < 0 else plus) + size


# how an outcome heads a column, in the order of the columns: who gives way first, then shortage and loss
SHORT = {
    "bargaining": "",
    "disruption.stop_chance": "a plant stops",
    "disruption.lost_value_added": "loss",
    "game": "",
    "disruption.fall_chance": "output falls",
    "losses": "loss, if in force",
    "disruption.direct_loss": "loss of the users, first year",
    "welfare": "lasting income",
}


def in_short(columns: Mapping[str, str]) -> dict[str, str]:
    """Outcomes by a short name, no two alike: those that a reader asks for first."""
    order = list(SHORT)
    found: dict[str, str] = {}
    stems = {key: next((stem for stem in order if key.startswith(stem)), "") for key in columns}
    for key in sorted(columns, key=lambda one: order.index(stems[one]) if stems[one] else len(order)):
        words = SHORT.get(stems[key]) or columns[key]
        place = columns[key].rpartition(", ")[2]
        who = f"{words}, {place}" if words == "loss" else words
        found[key] = who if who not in found.values() else columns[key]
    return found


def sentence(row: Row, columns: Mapping[str, str]) -> str:
    """A row in sentences: what changes, with the value beside each change; `columns` are short names."""
    if row.fault:
        return f"With {row.label}: not computed ({row.fault})."
    cells = {key: said(row.cells[key]) for key in columns if key in row.cells and row.cells[key].change is not None}
    moved = [f"{columns[key]}: {told}" for key, told in cells.items() if HARDLY not in told]
    if not moved:
        return f"With {row.label} nothing changes."
    first, *others = moved
    return " ".join((f"With {row.label}, {first}.", *(f"{one[:1].upper()}{one[1:]}." for one in others)))
