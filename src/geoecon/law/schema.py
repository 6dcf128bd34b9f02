"""The columns of a regime's tables: how each cell is read, what it may hold, and which other row it must name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from geoecon import tables
from geoecon.dispute import STATES_OF_LAW
from geoecon.figure import STATUS
from geoecon.tables import packaged

Row = dict[str, Any]

UNREAD = "unread"  # state of a row that may hold: nobody read whether it does
STATES = (*STATES_OF_LAW, UNREAD)
WORKBOOKS = (".xlsx", ".xls", ".xlsb", ".xlsm", ".ods")  # endings of workbooks
UNKNOWN = "unknown"  # beside the kinds of licence: the tables do not reach
SHORT = "Not legal advice."
LIFTED = ("suspended", "not_enforced", "stayed", "rescinded")  # states of a suspension that take a row out of force
EFFECTS = ("requirement", "exception", "override")
# tables of a regime: those it must have, and the cells that may not be empty
TABLES = (
    "source",
    "regime",
    "authority",
    "place_group",
    "group_member",
    "control_item",
    "item_param",
    "item_hs",
    "licence_type",
    "licence_rule",
    "catch_all",
    "reach",
    "party_list",
    "party_listing",
    "suspension",
    "gap",
    "licence_stat",
    "licence_event",
    "calendar",
)
REQUIRED_TABLES = ("source", "regime", "authority", "control_item", "licence_rule")
SERIAL = (20000, 80000)  # spreadsheet serial numbers of the years 1954 to 2119
EPOCHS = (date(1899, 12, 30), date(1904, 1, 1))  # day zero of the two systems


@dataclass(frozen=True)
class Column:
    """A column of a regime's table: how its cells are read, and what `cell` asks of them: `needed` (never empty),
    `once` (needed, each value on one row), `absent` (a folder need not have the column)."""

    rule: tables.Rule
    cell: str

    @property
    def needed(self) -> bool:
        return self.cell in ("needed", "once")


@cache
def columns() -> Mapping[str, Mapping[str, Column]]:
    """The columns of every table, in order, from `columns.csv`."""
    rules = {"": tables.text, "day": tables.day, "number": tables.number, "list": LISTED,
             "kind": tables.one_of(*kinds()), "state": tables.one_of(*STATES), "effect": tables.one_of(*EFFECTS),
             "status": tables.one_of(*STATUS)}  # fmt: skip
    found: dict[str, dict[str, Column]] = {}
    for row in packaged("law/regimes", "columns.csv"):
        rule = rules.get(row["reads"]) or tables.one_of(*_list(row["reads"]))
        found.setdefault(row["table"], {})[row["column"]] = Column(rule, row["cell"])
    return found


@cache
def ids() -> Mapping[str, str]:
    """The column of each table whose values stand on one row alone, where it has one."""
    return {table: name for table, of in columns().items() for name, column in of.items() if column.cell == "once"}


@cache
def kinds() -> Mapping[str, Row]:
    """Kinds of licence with their family and strictness, from `kinds.csv`."""
    return {row["kind"]: row | {"strictness": int(row["strictness"])} for row in packaged("law/regimes", "kinds.csv")}


def strictness(kind: str) -> int:
    return int(kinds()[kind]["strictness"])


def is_kind(kind: str, wanted: str) -> bool:
    """Whether a kind is the wanted one or belongs to the wanted family ("bulk" is any bulk licence)."""
    return kind == wanted or (kind in kinds() and kinds()[kind]["family"] == wanted)


def day_advice(cell: str) -> str:
    """What a cell that is not an ISO day may have been meant to be: a serial number, or a day in another order."""
    text = cell.strip()
    serial = re.fullmatch(r"(\d{5})(\.0*)?", text)
    if serial and SERIAL[0] <= int(serial[1]) <= SERIAL[1]:
        first, second = (start + timedelta(days=int(serial[1])) for start in EPOCHS)
        return f"a day as YYYY-MM-DD (a serial number? {first} in the 1900 system, {second} in the 1904 system)"
    compact = re.fullmatch(r"(\d{4})[./ ]?(\d{1,2})[./ ]?(\d{1,2})", text)
    compact = compact or re.fullmatch(r"(\d{4})[年년] ?(\d{1,2})[月월] ?(\d{1,2})[日일]", text)
    other = re.fullmatch(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})", text)
    orders = []
    if compact:
        orders = [(compact[1], compact[2], compact[3])]
    elif other:
        orders = [(other[3], other[2], other[1]), (other[3], other[1], other[2])]
    readings = dict.fromkeys(day for order in orders if (day := _reading(*order)))
    return f"a day as YYYY-MM-DD (is it {' or '.join(readings)}?)" if readings else tables.day.allowed


def _reading(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


LISTED = tables.Rule(_list, "names separated by ;")


def column_of(table: str, name: str) -> Column:
    """A column of a table; one that no table of a regime has is text."""
    return columns()[table].get(name) or Column(tables.text, "")
