"""What the rows of a regime must agree on: references, orders, places, and rules that contradict each other."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from geoecon import countries
from geoecon.errors import Fault, InputError, RuleConflict
from geoecon.law.schema import REQUIRED_TABLES, Row, ids
from geoecon.tables import packaged

Tables = Mapping[str, list[Row]]

SPANS = (
    ("valid_from", "valid_to"),
    ("listed_from", "listed_to"),
    ("valid_from", "from_latest"),
    ("valid_to", "to_latest"),
    ("period_from", "period_to"),
)
AGGREGATES = ("*", "EUU", "WLD", "XKX")
TEST = re.compile(r"[A-Za-z]\w*\s*(?:=\s*[^\s<>=!].*|(?:<=|>=|<|>)\s*-?\d+(?:\.\d+)?)")
WORDED = {
    "licence_rule": {"end_user_class": "user", "end_use_class": "use"},
    "catch_all": {"trigger": "trigger", "end_use": "use"},
    "gap": {"end_use": "use"},
}  # columns of words, with their vocabulary
OVERLAP = " overlap "
# what makes two rules speak about the same shipments with the same rank
SELECTOR = (
    "item_except", "authority_place", "group_of", "system", "group", "group_except", "place",
    "end_user_class", "end_use_class", "party_list", "effect", "priority", "condition",
)  # fmt: skip


def check(name: str, found: Tables) -> list[Fault]:
    """References, orders and overlaps of a regime's tables: every fault, with file, line and both rows."""
    faults = [
        Fault(f"{name}/{table}.csv", None, None, "no row", "at least one row")
        for table in REQUIRED_TABLES if not found.get(table)
    ]  # fmt: skip
    for look in (orders, doubles, places, references, group_references, words, conditions, overlaps):
        faults.extend(look(name, found))
    return faults


def orders(name: str, found: Tables) -> Iterator[Fault]:
    """Ends before beginnings and intervals of shares that are none."""
    for table, rows in found.items():
        for row in rows:
            for start, end in SPANS:
                first, last = row.get(start), row.get(end)
                if first is not None and last is not None and last <= first:
                    yield Fault(f"{name}/{table}.csv", row["line"], end, str(last), f"a day after {start} {first}")
            low, high = row.get("share_lo"), row.get("share_hi")
            if low is not None and high is not None and not 0 <= low <= high <= 1:
                shown = f"{low:g} to {high:g}"
                yield Fault(f"{name}/{table}.csv", row["line"], "share_lo", shown, "0 <= low <= high <= 1")


def doubles(name: str, found: Tables) -> Iterator[Fault]:
    """Ids that stand twice."""
    for table, column in ids().items():
        seen: dict[str, int] = {}
        for row in found.get(table, ()):
            if row[column] is not None and row[column] in seen and not (table == "authority" and row["place"]):
                allowed = f"an id that line {seen[row[column]]} does not have"
                yield Fault(f"{name}/{table}.csv", row["line"], column, repr(row[column]), allowed)
            seen.setdefault(row[column], row["line"])


def places(name: str, found: Tables) -> Iterator[Fault]:
    """Places that no code table knows. Those of party lists are as printed there."""
    for table, rows in found.items():
        for row in rows if table != "party_listing" else ():
            for column in ("place", "authority_place"):
                place = row.get(column)
                if place and place not in AGGREGATES and not countries.is_known(place):
                    yield Fault(f"{name}/{table}.csv", row["line"], column, repr(place), "an ISO 3166 alpha-3 code")


def references(name: str, found: Tables) -> Iterator[Fault]:
    """Sources, items, licence types, lists and targets that do not exist."""
    items = {row["code"] for row in found.get("control_item", ())}
    known: dict[str, tuple[set[Any], str]] = {
        "source_id": ({row["source_id"] for row in found.get("source", ())}, "an id of source.csv"),
        "parent": (items, "a code of control_item.csv"),
        "if_false": (items, "a code of control_item.csv"),
    }
    types = {row["licence_type"] for row in found.get("licence_type", ())}, "a row of licence_type.csv"
    lists = {row["list"] for row in found.get("party_list", ())}, "a list of party_list.csv"
    by_table: dict[str, dict[str, tuple[set[Any], str]]] = {
        "licence_rule": {"licence_type": types, "fallback_type": types, "party_list": lists},
        "catch_all": {"licence_type": types},
        "party_listing": {"list": lists},
        "authority": {"parent": ({row["authority_id"] for row in found.get("authority", ())}, "an authority_id")},
    }
    for table, rows in found.items():
        columns = (known | by_table.get(table, {})) if table != "source" else {}
        for row in rows:
            for column, (allowed, words) in columns.items():
                if row.get(column) and row[column] not in allowed:
                    yield Fault(f"{name}/{table}.csv", row["line"], column, repr(row[column]), words)
            if "source_id" in columns and not row.get("source_id"):
                yield Fault(f"{name}/{table}.csv", row["line"], "source_id", "empty", "an id of source.csv")
    yield from _items(name, found, items)
    targets = {
        "rule": {row["rule_id"] for row in found.get("licence_rule", ())},
        "item": items,
        "reach": {row["reach_id"] for row in found.get("reach", ())},
    }
    for row in found.get("suspension", ()):
        if row["target_kind"] and row["target"] not in targets[row["target_kind"]]:
            needed = f"an id of a {row['target_kind']} row"
            yield Fault(f"{name}/suspension.csv", row["line"], "target", repr(row["target"]), needed)


def _items(name: str, found: Tables, items: set[str]) -> Iterator[Fault]:
    reasons = {reason for row in found.get("control_item", ()) for reason in row["reasons"]}
    reasons |= {row["group"] for row in found.get("place_group", ())}
    for table in (
        "licence_rule", "item_param", "item_hs", "catch_all", "reach", "gap", "licence_stat", "licence_event",
    ):  # fmt: skip
        for row in found.get(table, ()):
            for code in (*row["item"], *(row.get("item_except") or ())):
                fine = code[7:] in reasons if code.startswith("reason:") else code in items
                if not fine:
                    allowed = "a code of control_item.csv, or reason: and a column of the chart"
                    yield Fault(f"{name}/{table}.csv", row["line"], "item", repr(code), allowed)


def group_references(name: str, found: Tables) -> Iterator[Fault]:
    """Groups that no row of place_group.csv declares."""
    groups = {(row["system"], row["group"]) for row in found.get("place_group", ())}

    def fault(table: str, row: Row, column: str, group: str, allowed: str = "") -> Fault:
        shown = repr(f"{row['system']}:{group}" if row["system"] else group)
        return Fault(f"{name}/{table}.csv", row["line"], column, shown, "a group of place_group.csv" + allowed)

    for row in found.get("group_member", ()):
        if (row["system"], row["group"]) not in groups:
            yield fault("group_member", row, "group", row["group"])
    for row in found.get("place_group", ()):
        for group in row["complement_of"]:
            if (row["system"], group) not in groups and tuple(group.split(":", 1)) not in groups:
                yield fault("place_group", row, "complement_of", group)
    for row in found.get("licence_rule", ()):
        if row["group_except"] and not row["group"] and not row["place"]:
            yield Fault(f"{name}/licence_rule.csv", row["line"], "group_except", "without a group or place",
                        "group, or place = *, from which group_except is taken out")  # fmt: skip
        for column in ("group", "group_except"):
            for group in row[column]:
                if (row["system"], group) not in groups:
                    yield fault("licence_rule", row, column, group)
    for row in found.get("gap", ()):
        for group in row["group"]:
            if (row["system"], group) not in groups:
                yield fault("gap", row, "group", group)
    for table in ("catch_all", "reach"):
        for row in found.get(table, ()):
            for column in ("applies_to", "exempt", *(("exporter_exempt",) if table == "reach" else ())):
                for group in row.get(column) or ():
                    own = (row["system"], group) in groups or tuple(group.split(":", 1)) in groups
                    if not own and group != "*" and not countries.is_known(group):
                        yield fault(table, row, column, group, ", or a place")


def words(name: str, found: Tables) -> Iterator[Fault]:
    """Uses, users and triggers that are no word of any table and nearly one that is: a row that nobody would meet."""
    known: dict[str, set[str]] = {}
    for one in packaged("law/regimes", "words.csv"):
        known.setdefault(one["vocabulary"], {"any"}).update((one["word"], one["means"]))
    for table, columns in WORDED.items():
        for row in found.get(table, ()):
            for column, vocabulary in columns.items():
                cell = row.get(column) or ()
                for word in (cell,) if isinstance(cell, str) else cell:
                    near = difflib.get_close_matches(word, known[vocabulary], n=3, cutoff=0.8)
                    if word not in known[vocabulary] and near:
                        yield Fault(f"{name}/{table}.csv", row["line"], column, repr(word), " or ".join(near))


def conditions(name: str, found: Tables) -> Iterator[Fault]:
    """Conditions that are no comparison of a fact with a word or a number."""
    for row in found.get("licence_rule", ()):
        for clause in str(row["condition"] or "").split(";"):
            for test in clause.split("|") if row["condition"] else ():
                if not TEST.fullmatch(test.strip()):
                    allowed = "a fact, = < <= > or >=, and a word or number; apart by ; (and) or |"
                    yield Fault(f"{name}/licence_rule.csv", row["line"], "condition", repr(test), allowed)


def overlaps(name: str, found: Tables) -> Iterator[Fault]:
    """Pairs of rules that select the same shipments on the same days with equal rank and say different kinds."""
    alike: dict[tuple[Any, ...], list[Row]] = {}
    for row in found.get("licence_rule", ()):
        for item in row["item"] if row["state"] == "in_force" and row["valid_from"] else ():
            alike.setdefault((item, *(row[column] for column in SELECTOR)), []).append(row)
    told: set[tuple[int, int]] = set()
    for rows in alike.values():
        for first, second in combinations(sorted(rows, key=_order), 2):
            lines = min(first["line"], second["line"]), max(first["line"], second["line"])
            if first["kind"] != second["kind"] and _meet(first, second) and lines not in told:
                told.add(lines)
                yield _overlap(name, first, second)


def _order(row: Row) -> tuple[Any, ...]:
    return row["valid_from"], row["rule_id"]


def _meet(first: Row, second: Row) -> bool:
    return first["valid_to"] is None or first["valid_to"] > second["valid_from"]


def _overlap(name: str, first: Row, second: Row) -> Fault:
    ends = [row["valid_to"] for row in (first, second) if row["valid_to"] is not None]
    found = f"lines {first['line']} and {second['line']}{OVERLAP}{second['valid_from']} to {min(ends, default='open')}"
    one, two = (f"{row['rule_id']} (line {row['line']}) says {row['kind']}" for row in (first, second))
    allowed = f"one kind of equal rank on a day; {one}, {two}"
    return Fault(f"{name}/licence_rule.csv", second["line"], "valid_from", found, allowed)


def raise_any(faults: Sequence[Fault]) -> None:
    """Raises RuleConflict where every fault is a pair of contradicting rules, else InputError; nothing for none."""
    if faults:
        raise (RuleConflict if all(OVERLAP in fault.found for fault in faults) else InputError)(faults)
