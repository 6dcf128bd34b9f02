"""Rules in one plain table: regime, item, destination, kind, valid_from, valid_to, status. For a quick case of one's
own and for tables from elsewhere; the regime that comes out is checked and answered like any other."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from geoecon import countries, tables
from geoecon.cells import csv_rows, csv_writer
from geoecon.errors import Fault, InputError
from geoecon.law import checks, schema
from geoecon.law.classify import live, past, suspended
from geoecon.law.regime import Regime
from geoecon.law.schema import WORKBOOKS, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoecon.kinds import Cell


SUSPENDS = "suspends:"
SEPARATORS = ",;\t|"


def _kind(cell: str) -> str:
    if cell not in schema.kinds() and not cell.startswith(SUSPENDS):
        raise ValueError
    return cell


RULES: Mapping[str, tables.Rule] = {
    "regime": tables.text,
    "item": tables.text,
    "destination": tables.text.optional().if_present(),
    "kind": tables.Rule(_kind, "one of " + ", ".join(schema.kinds()) + f", or {SUSPENDS}source_id"),
    "announced": tables.text.optional().if_present(),
    "promulgated": tables.text.optional().if_present(),
    "valid_from": tables.text,
    "valid_to": tables.text.optional(),
    "status": tables.one_of(*schema.STATES),
    "source": tables.text.optional().if_present(),
    "source_id": tables.text.optional().if_present(),
    "known_through": tables.text.optional().if_present(),
    "verified": tables.text.optional().if_present(),
}
DAY_COLUMNS = ("announced", "promulgated", "valid_from", "valid_to")
HORIZON = "known_through"
SHEETS = (*WORKBOOKS, ".parquet", ".json")  # endings of what is no text with a separator


def read_rules(path: str | Path, known_through: date | None = None) -> dict[str, Regime]:
    """Regimes by id from one plain table: CSV with any separator, Parquet, JSON, or the first sheet of a workbook,
    whose cells are days or texts.

    `known_through`, or a column of that name, is the last day for which the table was checked; without it the last
    day written in it: later answers are unknown. Raises InputError with every bad cell (serial numbers and 04/07/2019
    are named as such), and RuleConflict with both rows where rules of equal rank overlap.
    """
    file = Path(path)
    sheet = None
    if file.is_file():
        sheet = _sheet(file) if file.suffix.lower() in SHEETS else _separated(file)
    frame, faults = (
        tables.examine_table(file, RULES, file.name) if sheet is None else tables.examine_text(sheet, RULES, file.name)
    )
    if frame is None:
        raise InputError(faults)
    rows = tables.records(frame)
    for row in rows:
        for column in (*DAY_COLUMNS, HORIZON):
            row[column] = _read_day(row.get(column), file.name, row["line"], column, faults)
        for column in ("regime", "destination"):
            row[column] = _place(row.get(column), file.name, row["line"], column, faults)
        if row["valid_from"] and row["valid_to"] and row["valid_to"] <= row["valid_from"]:
            told = f"{row['valid_to']} is not after valid_from {row['valid_from']}"
            faults.append(Fault(file.name, row["line"], "valid_to", told, "a day after valid_from, or empty"))
    if faults:
        raise InputError(faults)
    found = {}
    for regime_id in dict.fromkeys(row["regime"] for row in rows):
        mine = [row for row in rows if row["regime"] == regime_id]
        stated = max((row[HORIZON] for row in mine if row[HORIZON] is not None), default=None)
        written = max(row[column] for row in mine for column in DAY_COLUMNS if row[column] is not None)
        built = _tables(regime_id, mine, known_through or stated or written)
        faults += [_renamed(fault, file.name) for fault in checks.check(regime_id, built)]
        found[regime_id] = Regime(regime_id, built, presumes=False)  # nobody watches what comes after
    checks.raise_any(faults)
    return found


def is_plain(name: str | Path) -> bool:
    """Whether a file of this name is a plain table of rules."""
    return Path(name).suffix.lower() in (".csv", ".tsv", *SHEETS)


def _sheet(file: Path) -> str:
    """The first sheet, a Parquet or a JSON table as CSV. Its days are those that the workbook shows, by its own system
    of 1900 or 1904; a number that is not kept as a day stays a number, and is named as a fault."""
    from geoecon.law.shipment_files import read_shipments

    frame = read_shipments(file)
    return str(
        frame.map(lambda cell: cell.date() if isinstance(cell, datetime) else cell).to_csv(
            index=False, lineterminator="\r\n"
        )
    )


def _separated(file: Path) -> str | None:
    """A text table with another separator than the comma as CSV, each row in its line; None for one with commas, and
    where the text is not UTF-8."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    head = next(iter(text.splitlines()), "")
    sign = max(SEPARATORS, key=head.count)
    if sign == "," or not head.count(sign):
        return None
    rows = csv_rows(io.StringIO(text, newline=""), file.name, sign)
    out = io.StringIO(newline="")
    csv_writer(out).writerows(cells for _, cells in rows)
    return out.getvalue()


def _renamed(fault: Fault, name: str) -> Fault:
    return Fault(name, fault.row, fault.column, fault.found, fault.allowed)


def _read_day(cell: Cell, name: str, line: int, column: str, faults: list[Fault]) -> date | None:
    if not tables.given(cell):
        return None
    try:
        day: date = tables.day.read(str(cell))
        return day
    except ValueError:
        faults.append(Fault(name, line, column, repr(cell), schema.day_advice(str(cell))))
        return None


def _place(cell: Cell, name: str, line: int, column: str, faults: list[Fault]) -> str:
    """The code of a place; every place where none is written."""
    if cell is None or cell != cell or cell in ("", "*"):
        return "*"
    cell = str(cell)
    try:
        return countries.resolve(cell).iso3
    except InputError as error:
        told = str(error).partition("allowed: ")[2] or "the code or name of a country"
        faults.append(Fault(name, line, column, repr(cell), told))
        return cell


def _tables(regime_id: str, rows: list[Row], known_through: date) -> dict[str, list[Row]]:
    """The tables of a regime that say the same as the plain rows."""
    empty = {table: dict.fromkeys(schema.columns()[table]) for table in schema.TABLES}
    for table, blank in empty.items():
        blank |= {column: () for column in blank if schema.column_of(table, column).rule is schema.LISTED}
    found: dict[str, list[Row]] = {table: [] for table in schema.TABLES}

    def add(table: str, line: int, **cells: Cell) -> None:
        shared = {"regime": regime_id, "line": line, "known_through": known_through, "confidence": "medium"}
        found[table].append({**empty[table], **shared, **cells})

    first = min(row[column] for row in rows for column in DAY_COLUMNS[:3] if row[column] is not None)
    add("source", 1, source_id="table", title="plain table of rules", status="seen")
    for row in rows:
        for name in (row.get("source_id"), row.get("source")):
            if name and name not in {entry["source_id"] for entry in found["source"]}:
                add("source", row["line"], source_id=name, title=name, status="seen")
    shared = {"source_id": "table", "status": "seen"}
    add("regime", 1, title=f"rules of {countries.name(regime_id)}", valid_from=first, **shared)
    office = f"authority of {countries.name(regime_id)}"
    add("authority", 1, authority_id=regime_id, place=regime_id, title=office, valid_from=first, **shared)
    for item in dict.fromkeys(row["item"] for row in rows):
        start = min(row["valid_from"] for row in rows if row["item"] == item)
        add("control_item", 1, code=item, title=item, listed="yes", valid_from=start, **shared)
    for row in rows:
        _add_row(row, add)
    return found


def _add_row(row: Row, add: Callable[..., None]) -> None:
    source = row.get("source_id") or row.get("source") or "table"
    seen = "memory" if row.get("verified") == "no" else "seen"
    told = row["announced"] or row["promulgated"]
    dates = {"announced": told, "valid_from": row["valid_from"], "valid_to": row["valid_to"],
             "known_from": told or row["valid_from"], "source_id": source, "status": seen}  # fmt: skip
    if not row["kind"].startswith(SUSPENDS):
        name = row.get("source_id") or "{item} {destination} {kind} {valid_from}".format(**row)
        add("licence_rule", row["line"], rule_id=name, item=(row["item"],), group_of="destination",
            place=row["destination"], end_user_class="any", end_use_class="any", effect="requirement",
            kind=row["kind"], state=row["status"], **dates)  # fmt: skip
        return
    target = row["kind"].removeprefix(SUSPENDS)
    add("suspension", row["line"], suspension_id=source, target_kind="rule", target=target, state=row["status"],
        after_state="unknown", **dates)  # fmt: skip
    if row["status"] == "suspended":  # in the text, but nothing asks for a licence while it lasts
        add("licence_rule", row["line"], rule_id=f"while {target} is suspended", item=(row["item"],),
            group_of="destination", place=row["destination"], end_user_class="any", end_use_class="any",
            effect="requirement", kind="none", priority=-1.0, state="in_force", **dates)  # fmt: skip


@dataclass(frozen=True)
class RuleState:
    """The legal state of one rule on a day, never merged into its dates."""

    rule: str
    state: str  # announced, in_force, suspended, not_enforced, stayed, rescinded, reported, ended, unknown
    in_text: bool  # whether the rule stands in the text on that day
    sources: tuple[str, ...]  # source_id of the rule and of the suspension
    note: str = ""


def rule_state(regime: Regime, rule: str, on: date) -> RuleState:
    """Announced, in force, suspended, not enforced, ended or unknown: the state of a rule on a day.

    Raises InputError for a rule that the regime does not have.
    """
    row = regime.rules.get(rule)
    if row is None:
        raise InputError(f"rule {rule!r}; allowed: " + ", ".join(list(regime.rules)[:20]))
    told = row["announced"] or row["known_from"]
    out, suspension = suspended(regime, "rule", rule, on)
    lifted = (str(suspension["source_id"]),) if suspension else ()
    sources = (str(row["source_id"]), *lifted)
    if told is not None and on < told and on < row["valid_from"]:
        return RuleState(rule, "unknown", False, sources[:1], f"not announced before {told}")
    if on < row["valid_from"]:
        note = f"not in force before {row['valid_from']}"
        if out and suspension:
            note += f"; already {suspension['state'].replace('_', ' ')}"
        return RuleState(rule, "announced", bool(row["state"] == "in_force"), sources, note)
    if not live(row, on):
        return RuleState(rule, "ended", False, sources[:1], f"until {row['valid_to'] - timedelta(days=1)}")
    if out and suspension:
        in_text = suspension["state"] != "rescinded"
        note = "in the text; older rules apply" if in_text else "taken out of the text"
        return RuleState(rule, str(suspension["state"]), in_text, sources, note)
    if out is None:
        return RuleState(rule, "unknown", True, sources, "the suspension has ended; what holds after is not known")
    if past(row, on):
        return RuleState(rule, "unknown", True, sources, f"known through {row['known_through']}")
    return RuleState(rule, str(row["state"]), True, sources)
