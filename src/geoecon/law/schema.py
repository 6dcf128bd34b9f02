"""The columns of a regime's tables: how each cell is read, what it may hold, and which other row it must name."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
DAYS = (
    "valid_from",
    "valid_to",
    "known_from",
    "known_through",
    "from_latest",
    "to_latest",
    "announced",
    "promulgated",
    "effective",
    "compliance",
    "seen_on",
    "complete_from",
    "listed_from",
    "listed_to",
    "applied",
    "decided",
    "clock_from",
    "date",
    "period_from",
    "period_to",
)
NUMBERS = (
    "threshold",
    "share_lo",
    "share_mid",
    "share_hi",
    "validity_days",
    "review_days",
    "documents",
    "priority",
    "n_applied",
    "n_approved",
    "n_denied",
    "n_returned",
    "share_approved",
    "days",
    "days_mean",
    "days_p50",
    "days_p90",
    "value",
)
LISTS = (
    "item",
    "item_except",
    "group",
    "group_except",
    "aliases",
    "reasons",
    "trigger",
    "end_use",
    "applies_to",
    "exempt",
    "missing_facts",
    "complement_of",
    "exporter_exempt",
    "rules",
)
WORDS: Mapping[str, tables.Rule] = {
    "state": tables.one_of(*STATES),
    "effect": tables.one_of(*EFFECTS),
    "status": tables.one_of(*STATUS),
    "from_status": tables.one_of(*STATUS),
    "confidence": tables.one_of("high", "medium", "low"),
    "member_rule": tables.one_of("listed", "complement"),
    "operator": tables.one_of(">", ">=", "<", "<=", "="),
    "relation": tables.one_of("exact", "item_within_code", "code_within_item", "overlap"),
    "listed": tables.one_of("yes", "no", "situational", "national"),
    "after_state": tables.one_of("unknown", "in_force"),
    "target_kind": tables.one_of("rule", "item", "reach"),
    "group_of": tables.one_of("destination", "end_user_parent"),
    "working": tables.one_of("yes", "no"),
    "day_kind": tables.one_of("working", "calendar"),
}
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
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "source": ("source_id", "title"),
    "regime": ("title", "valid_from", "known_through"),
    "authority": ("authority_id", "place", "valid_from"),
    "place_group": ("system", "group", "member_rule", "valid_from"),
    "group_member": ("system", "group", "place", "valid_from"),
    "control_item": ("code", "title", "listed", "valid_from"),
    "item_param": ("item", "set", "attribute", "operator", "threshold", "if_false", "valid_from"),
    "item_hs": ("item", "nomenclature", "code", "relation", "valid_from"),
    "licence_type": ("licence_type", "kind", "valid_from"),
    "licence_rule": ("rule_id", "item", "effect", "kind", "state", "valid_from"),
    "catch_all": ("catch_id", "item", "trigger", "kind", "valid_from"),
    "reach": ("reach_id", "kind", "item", "state", "valid_from"),
    "suspension": ("suspension_id", "target_kind", "target", "state", "after_state", "valid_from"),
    "gap": ("gap_id", "item", "what", "valid_from"),
    "party_list": ("list", "title"),
    "party_listing": ("list", "party"),
    "licence_stat": ("stat_id",),
    "licence_event": ("event_id",),
    "calendar": ("place", "date", "working"),
}
UNIQUE: Mapping[str, str] = {
    "source": "source_id", "authority": "authority_id", "licence_rule": "rule_id", "catch_all": "catch_id",
    "reach": "reach_id", "suspension": "suspension_id", "gap": "gap_id", "licence_stat": "stat_id",
    "licence_event": "event_id",
}  # fmt: skip
# columns that a folder need not have
OPTIONAL = {("licence_rule", "fallback_policy"), ("licence_rule", "not_read"), ("reach", "end_use"),
            ("reach", "exporter_exempt"), ("reach", "rules"),
            ("party_list", "complete_from")}  # fmt: skip
SERIAL = (20000, 80000)  # spreadsheet serial numbers of the years 1954 to 2119
EPOCHS = (date(1899, 12, 30), date(1904, 1, 1))  # day zero of the two systems


@cache
def columns() -> Mapping[str, tuple[str, ...]]:
    """Column names of every table, in order, from `columns.csv`."""
    found: dict[str, list[str]] = {}
    for row in packaged("law/regimes", "columns.csv"):
        found.setdefault(row["table"], []).append(row["column"])
    return {table: tuple(names) for table, names in found.items()}


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


@cache
def rule_of(table: str, column: str) -> tables.Rule:
    """How a cell of this column is read."""
    if column in DAYS:
        return tables.day
    if column in NUMBERS:
        return tables.number
    if column == "kind" and table in ("licence_type", "licence_rule", "catch_all"):
        return tables.one_of(*kinds())
    if column == "fallback_kind":
        return tables.one_of(*kinds())
    if column in WORDS:
        return WORDS[column]
    if (
        column in LISTS
        and not (table == "group_member" and column == "group")
        and not (table == "place_group" and column == "group")
    ):
        return LISTED
    return tables.text
