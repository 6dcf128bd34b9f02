"""The columns of a regime's tables: how each cell is read, what it may hold, and which other row it must name."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from geoecon import countries, tables
from geoecon.errors import Fault
from geoecon.figure import STATUS

Row = dict[str, Any]

STATES = ("announced", "in_force", "suspended", "not_enforced", "stayed", "rescinded", "reported")
LIFTED = ("suspended", "not_enforced", "stayed", "rescinded")  # states of a suspension that take a row out of force
EFFECTS = ("requirement", "exception", "override")
DAYS = frozenset(
    ["valid_from", "valid_to", "known_from", "known_through", "from_latest", "to_latest", "announced", "promulgated", "effective", "compliance", "seen_on", "listed_from", "listed_to", "applied", "decided", "clock_from", "date", "period_from", "period_to"]
)
NUMBERS = frozenset(
    ["threshold", "share_lo", "share_mid", "share_hi", "validity_days", "review_days", "documents", "priority", "n_applied", "n_approved", "n_denied", "n_returned", "share_approved", "days", "days_mean", "days_p50", "days_p90", "value"]
)
LISTS = frozenset(
    ["item", "item_except", "group", "group_except", "aliases", "reasons", "trigger", "end_use", "applies_to", "exempt", "missing_facts", "complement_of"]
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
TABLES = ["source", "regime", "authority", "place_group", "group_member", "control_item", "item_param", "item_hs", "licence_type", "licence_rule", "catch_all", "reach", "party_list", "party_listing", "suspension", "licence_stat", "licence_event", "calendar"]
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
    "party_list": ("list", "title"),
    "party_listing": ("list", "party"),
    "licence_stat": ("stat_id",),
    "licence_event": ("event_id",),
    "calendar": ("place", "date", "working"),
}
UNIQUE: Mapping[str, str] = {
    "source": "source_id", "authority": "authority_id", "licence_rule": "rule_id", "catch_all": "catch_id",
    "reach": "reach_id", "suspension": "suspension_id", "licence_stat": "stat_id", "licence_event": "event_id",
}  # fmt: skip
NO_SOURCE = ("source",)
SERIAL = (20000, 80000)  # spreadsheet serial numbers of the years 1954 to 2119


@cache
def columns() -> Mapping[str, tuple[str, ...]]:
    """Column names of every table, in order, from `columns.csv`."""
    found: dict[str, list[str]] = {}
    with (files("geoecon") / "controls" / "regimes" / "columns.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["table"], []).append(row["column"])
    return {table: tuple(names) for table, names in found.items()}


@cache
def kinds() -> Mapping[str, Row]:
    """Kinds of licence with their family and strictness, from `kinds.csv`."""
    with (files("geoecon") / "controls" / "regimes" / "kinds.csv").open(encoding="utf-8") as lines:
        return {row["kind"]: row | {"strictness": int(row["strictness"])} for row in csv.DictReader(lines)}


def strictness(kind: str) -> int:
    return int(kinds()[kind]["strictness"])


def is_kind(kind: str, wanted: str) -> bool:
    """Whether a kind is the wanted one or belongs to the wanted family ("bulk" is any bulk licence)."""
    return kind == wanted or (kind in kinds() and kinds()[kind]["family"] == wanted)


def day_advice(cell: str) -> str:
    """What a cell that is not an ISO day may have been meant to be."""
    from datetime import date, timedelta

    if cell.isdigit() and SERIAL[0] <= int(cell) <= SERIAL[1]:
        first, second = (start + timedelta(days=int(cell)) for start in (date(1899, 12, 30), date(1904, 1, 1)))
        return f"a day as YYYY-MM-DD (a serial number? {first} in the 1900 system, {second} in the 1904 system)"
    parts = cell.split("/")
    if len(parts) == 3 and all(part.isdigit() for part in parts) and len(parts[2]) == 4:
        first_number, second_number, year = map(int, parts)
        readings = []
        for day, month in ((first_number, second_number), (second_number, first_number)):
            try:
                readings.append(date(year, month, day).isoformat())
            except ValueError:
                continue
        return (
            f"a day as YYYY-MM-DD (is it {' or '.join(dict.fromkeys(readings))}?)" if readings else tables.day.allowed
        )
    return tables.day.allowed


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


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
        return tables.Rule(_list, "names separated by ;")
    return tables.text


def read(name: str, table: str, content: str, faults: list[Fault]) -> list[Row]:
    """Rows of one table, every cell read by its rule; each distinct cell is read once. Faults are collected."""
    wanted = columns()[table]
    lines = csv.reader(content.lstrip("\ufeff").splitlines(), strict=True)
    header = [cell.strip() for cell in next(lines, [])]
    missing = [column for column in wanted if column not in header]
    for column in missing:
        faults.append(Fault(name, 1, column, "column is missing", "columns " + ", ".join(wanted)))
    for column in {column for column in header if header.count(column) > 1}:
        faults.append(Fault(name, 1, column, "column stands twice", "each column once"))
    if missing:
        return []
    rows: list[list[str]] = []
    numbers: list[int] = []
    try:
        for cells in lines:
            if len(cells) == len(header):
                rows.append(cells)
                numbers.append(lines.line_num)
            elif any(cell.strip() for cell in cells):
                faults.append(Fault(name, lines.line_num, None, f"{len(cells)} fields", f"{len(header)} fields"))
    except csv.Error as error:
        faults.append(Fault(name, lines.line_num, None, f"not readable as CSV ({error})", "closed quotes"))
    read_columns: list[Iterable[Any]] = [numbers]
    for column, cells in zip(header, zip(*rows, strict=True) if rows else [()] * len(header), strict=True):
        read_columns.append(_column(name, table, column, cells, numbers, faults))
    keys = ("line", *header)
    return [dict(zip(keys, values, strict=True)) for values in zip(*read_columns, strict=True)]


def _column(
    name: str, table: str, column: str, cells: tuple[str, ...], numbers: list[int], faults: list[Fault]
) -> list[Any]:
    rule, needed = rule_of(table, column), column in REQUIRED[table]
    empty: Any = () if rule.allowed == "names separated by ;" else None
    known: dict[str, Any] = {"": empty}
    bad: dict[str, str] = {}
    for cell in set(cells):
        text = cell.strip()
        if tables.FORMULA.search(text) and column not in NUMBERS:
            bad[cell] = "a value, not a spreadsheet formula"
        elif not text:
            known[cell] = empty
        else:
            try:
                known[cell] = rule.read(text)
            except ValueError:
                bad[cell] = day_advice(text) if column in DAYS else rule.allowed
    if bad or (needed and any(not cell.strip() for cell in cells)):
        for line, cell in zip(numbers, cells, strict=True):
            if cell in bad:
                faults.append(Fault(name, line, column, repr(cell), bad[cell]))
            elif needed and not cell.strip():
                faults.append(Fault(name, line, column, "empty", rule.allowed))
    return [known.get(cell) for cell in cells]


# --- what one row must agree on with others -----------------------------------------------------------------


def check(name: str, found: Mapping[str, list[Row]]) -> list[Fault]:
    """References, orders and overlaps of a regime's tables: every fault, with file, line and both rows."""
    faults: list[Fault] = []
    for look in (_orders, _doubles, _places, _references, overlaps):
        faults.extend(look(name, found))
    return faults


def _orders(name: str, found: Mapping[str, list[Row]]) -> Iterable[Fault]:
    for table, rows in found.items():
        for row in rows:
            for start, end in (("valid_from", "valid_to"), ("listed_from", "listed_to"), ("valid_from", "from_latest"),
                               ("valid_to", "to_latest"), ("period_from", "period_to")):  # fmt: skip
                first, last = row.get(start), row.get(end)
                if first is not None and last is not None and last <= first:
                    yield Fault(f"{name}/{table}.csv", row["line"], end, str(last), f"a day after {start} {first}")
            low, high = row.get("share_lo"), row.get("share_hi")
            if low is not None and high is not None and not 0 <= low <= high <= 1:
                yield Fault(
                    f"{name}/{table}.csv", row["line"], "share_lo", f"{low:g} to {high:g}", "0 <= low <= high <= 1"
                )


def _doubles(name: str, found: Mapping[str, list[Row]]) -> Iterable[Fault]:
    for table, column in UNIQUE.items():
        seen: dict[str, int] = {}
        for row in found.get(table, ()):
            key = row[column]
            if key in seen and not (table == "authority" and row["place"]):
                allowed = f"an id that line {seen[key]} does not have"
                yield Fault(f"{name}/{table}.csv", row["line"], column, repr(key), allowed)
            seen.setdefault(key, row["line"])


PLACE_COLUMNS = ("place", "authority_place")
AGGREGATES = ("*", "EUU", "WLD", "XKX")


def _places(name: str, found: Mapping[str, list[Row]]) -> Iterable[Fault]:
    for table, rows in found.items():
        if table == "party_listing":
            continue  # as printed in the list
        for row in rows:
            for column in PLACE_COLUMNS:
                place = row.get(column)
                if place and place not in AGGREGATES and not countries.is_known(place):
                    yield Fault(f"{name}/{table}.csv", row["line"], column, repr(place), "an ISO 3166 alpha-3 code")


def _references(name: str, found: Mapping[str, list[Row]]) -> Iterable[Fault]:
    sources = {row["source_id"] for row in found.get("source", ())}
    groups = {(row["system"], row["group"]) for row in found.get("place_group", ())}
    items = {row["code"] for row in found.get("control_item", ())}
    types = {row["licence_type"] for row in found.get("licence_type", ())}
    lists = {row["list"] for row in found.get("party_list", ())}
    rules = {row["rule_id"] for row in found.get("licence_rule", ())}
    reaches = {row["reach_id"] for row in found.get("reach", ())}
    reasons = {reason for row in found.get("control_item", ()) for reason in row["reasons"]}

    def wrong(table: str, row: Row, column: str, value: str, allowed: str) -> Fault:
        return Fault(f"{name}/{table}.csv", row["line"], column, repr(value), allowed)

    for table, rows in found.items():
        for row in rows:
            if table not in NO_SOURCE and row["source_id"] not in sources:
                yield wrong(table, row, "source_id", str(row["source_id"]), "an id of source.csv")
            for column, known in (("licence_type", types), ("fallback_type", types)):
                if row.get(column) and row[column] not in known:
                    yield wrong(table, row, column, row[column], "a row of licence_type.csv")
            for column in ("item", "item_except"):
                for code in row.get(column) or ():
                    reason = code.removeprefix("reason:")
                    if code not in items and (
                        reason == code or (reason not in reasons and (_column_of(groups, reason)))
                    ):
                        yield wrong(
                            table, row, column, code, "a code of control_item.csv, or reason: and a chart column"
                        )
            for column in ("group", "group_except"):
                for group in (row.get(column) or ()) if table == "licence_rule" else ():
                    if (row["system"], group) not in groups:
                        yield wrong(table, row, column, f"{row['system']}:{group}", "a group of place_group.csv")
            if table == "group_member" and (row["system"], row["group"]) not in groups:
                yield wrong(table, row, "group", f"{row['system']}:{row['group']}", "a group of place_group.csv")
            for group in row.get("complement_of") or ():
                pair = tuple(group.split(":", 1)) if ":" in group and (row["system"], group) not in groups else None
                if (row["system"], group) not in groups and pair not in groups:
                    yield wrong(table, row, "complement_of", group, "a group of place_group.csv")
            for group in (*(row.get("applies_to") or ()), *(row.get("exempt") or ())):
                known_group = (row["system"], group) in groups or group == "*" or countries.is_known(group)
                if not known_group:
                    yield wrong(table, row, "applies_to or exempt", group, "a group of place_group.csv or a place")
            if table == "control_item" and row["parent"] and row["parent"] not in items:
                yield wrong(table, row, "parent", row["parent"], "a code of control_item.csv")
            if table == "item_param" and row["if_false"] not in items:
                yield wrong(table, row, "if_false", row["if_false"], "a code of control_item.csv")
            if table == "party_listing" and row["list"] not in lists:
                yield wrong(table, row, "list", row["list"], "a list of party_list.csv")
            if table == "licence_rule" and row["party_list"] and row["party_list"] not in lists:
                yield wrong(table, row, "party_list", row["party_list"], "a list of party_list.csv")
            if table == "suspension":
                known_target = {"rule": rules, "item": items, "reach": reaches}[row["target_kind"]]
                if row["target"] not in known_target:
                    yield wrong(table, row, "target", row["target"], f"an id of a {row['target_kind']} row")


def _column_of(groups: set[tuple[str, str]], reason: str) -> bool:
    """Whether no system of groups has a column of this name."""
    return all(group != reason for _, group in groups)


SELECTOR = ("item", "item_except", "authority_place", "group_of", "system", "group", "group_except", "place",
            "end_user_class", "end_use_class", "party_list", "effect", "priority", "condition")  # fmt: skip


def overlaps(name: str, found: Mapping[str, list[Row]]) -> Iterable[Fault]:
    """Pairs of rules that select the same shipments on the same days with equal rank and say different kinds."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in found.get("licence_rule", ()):
        if row["state"] == "in_force":
            groups.setdefault(tuple(row[column] for column in SELECTOR), []).append(row)
    for rows in groups.values():
        ordered = sorted(rows, key=lambda row: (row["valid_from"], row["rule_id"]))
        for index, first in enumerate(ordered):
            for second in ordered[index + 1 :]:
                if first["valid_to"] is not None and first["valid_to"] <= second["valid_from"]:
                    continue
                if first["kind"] == second["kind"]:
                    continue
                ends = [row["valid_to"] for row in (first, second) if row["valid_to"] is not None]
                until = str(min(ends)) if ends else "open"
                yield Fault(
                    f"{name}/licence_rule.csv",
                    second["line"],
                    "valid_from",
                    f"{first['rule_id']} ({first['kind']}, line {first['line']}) and {second['rule_id']} "
                    f"({second['kind']}, line {second['line']}) overlap {second['valid_from']} to {until}",
                    "one kind for the same shipments on a day, or another priority",
                )


def tables_of(folder: Path | Any, name: str) -> tuple[dict[str, list[Row]], list[Fault]]:
    """All tables of a regime folder, from CSV or Parquet, and their faults."""
    faults: list[Fault] = []
    found: dict[str, list[Row]] = {}
    for table in TABLES:
        for ending, text in (("csv", _csv_text), ("parquet", _parquet_text)):
            file = folder / f"{table}.{ending}"
            if file.is_file():
                found[table] = read(f"{name}/{table}.{ending}", table, text(file, faults, name), faults)
                break
        else:
            found[table] = []
            if table in REQUIRED_TABLES:
                allowed = "a table with columns " + ", ".join(columns()[table])
                faults.append(Fault(f"{name}/{table}.csv", None, None, "file is missing", allowed))
    return found, faults


def _csv_text(file: Any, faults: list[Fault], name: str) -> str:
    try:
        return str(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        faults.append(Fault(f"{name}/{file.name}", None, None, f"not UTF-8 at byte {error.start}", "UTF-8 text"))
        return ",".join(columns()[file.name.removesuffix(".csv")]) + "\n"


def _parquet_text(file: Any, faults: list[Fault], name: str) -> str:
    """A Parquet table as the text that the same checks read; days and numbers keep their written form."""
    import pandas as pd

    frame = pd.read_parquet(file)
    for column in frame.columns:
        if pd.api.types.is_datetime64_any_dtype(frame[column]):
            frame[column] = frame[column].dt.strftime("%Y-%m-%d")
    return str(frame.to_csv(index=False))


Reader = Callable[[str], Any]
