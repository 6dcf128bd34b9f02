"""What changed in the law: between two days, or between two versions of the tables; and which shipments it touches."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from geoecon.errors import InputError
from geoecon.figure import Figure
from geoecon.law import watch
from geoecon.law.answer import NOT_LEGAL_ADVICE
from geoecon.law.read_regimes import load_regimes
from geoecon.law.regime import Regime
from geoecon.law.schema import Row, ids
from geoecon.result import Result

if TYPE_CHECKING:
    import pandas as pd

EDGES = (("valid_from", "begins"), ("valid_to", "ends"))
TOLD = ("licence_rule", "catch_all", "reach", "suspension", "control_item", "gap", "group_member")
KEYS: Mapping[str, tuple[str, ...]] = {  # of tables without an id
    "control_item": ("code",), "group_member": ("system", "group", "place", "valid_from"),
    "party_list": ("list",), "party_listing": ("list", "party_id"),
}  # fmt: skip
IGNORED = ("line", "note", "confidence")


SHOWN = 12  # rows of a printed table


@dataclass(frozen=True)
class LawChanges(Result):
    """Rows (day or empty, regime, table, row, what, source); `touched` are shipments whose answer changes."""

    first: str
    second: str
    rows: tuple[tuple[str, str, str, str, str, str], ...]
    touched: pd.DataFrame | None = None  # table of shipments with both answers; None where none were given
    notes: tuple[str, ...] = ()  # columns of the shipments that were not read

    METHOD: ClassVar[str] = (
        "Between two days: every row whose validity, listing or suspension begins or ends, and the watch list.\n"
        "Between two versions: rows by their id, cell by cell. Shipments are answered twice. " + NOT_LEGAL_ADVICE
    )

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(row[5] for row in self.rows if row[5])

    def to_frame(self) -> pd.DataFrame:
        import pandas as pd

        if self.touched is not None:
            return self.touched
        return pd.DataFrame(self.rows, columns=["day", "regime", "table", "row", "what", "source"])

    def summary(self) -> pd.DataFrame:
        """The rows that matter first: rules, then what suspends or reaches, then lists, of each regime in turn; places
        of one group together."""
        import pandas as pd

        frame = self.to_frame()
        if self.touched is not None:
            return frame.head(SHOWN)
        together: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for row in self.rows:
            many = row[2] in ("group_member", "party_listing")
            key = (*row[:3], row[3].split()[0], row[4].split()[0]) if many else row
            together.setdefault(key, []).append(row)
        told: list[tuple[str, ...]] = [rows[0] if len(rows) == 1 else
                (*rows[0][:3], f"{key[3]} ({len(rows)} rows)", f"{rows[0][4]}, and {len(rows) - 1} others", rows[0][5])
                for key, rows in together.items()]  # fmt: skip
        rank = {table: at for at, table in enumerate(("watch", *TOLD))}
        turns: Counter[tuple[str, str]] = Counter()
        order = []
        for line in told:
            turns[line[1], line[2]] += 1
            order.append((rank.get(line[2], len(rank)), turns[line[1], line[2]]))
        told = [line for _, line in sorted(zip(order, told, strict=True), key=lambda pair: pair[0])]
        return pd.DataFrame(told[:SHOWN], columns=list(frame.columns))

    def figures(self) -> dict[str, Figure]:
        period = f"{self.first} to {self.second}"
        return {"changes": Figure(float(len(self.rows)), "rows", period, self.sources, label="rows that changed")}

    def sentence(self) -> str:
        count = len(self.rows)
        text = f"From {self.first} to {self.second} {count} row{'s' * (count != 1)} of the law changed"
        if self.touched is not None:
            same = int((self.touched["before"] == self.touched["after"]).sum()) if len(self.touched) else 0
            text += f"; {len(self.touched) - same} of the shipments given are answered differently"
            text += f", {same} alike by another row or kind" if same else ""
        every = len(self.to_frame())
        if every > SHOWN:
            how = "" if self.touched is not None else " that matter first, places of one group together,"
            text += f"; the table shows {SHOWN}{how} of {every}, --json and to_frame() hold all"
        return f"{text}. {NOT_LEGAL_ADVICE}"


def law_diff(
    first: date | str | Path, second: date | str | Path, *, regimes: Mapping[str, Regime] | None = None,
    shipments: pd.DataFrame | str | Path | None = None, ignore: Sequence[str] = (),
    columns: Mapping[str, str] | None = None, encoding: str | None = None, sheet: str | None = None,
) -> LawChanges:  # fmt: skip
    """What changed between two days (of `regimes`, all built-in ones if None), or between two folders of tables (or
    a built-in regime by name and a folder).

    `shipments` are answered under both; those whose answer differs come back. `ignore`, `columns`, `encoding` and
    `sheet` as for `screen`. Raises InputError where one is a day and the other is not, or where a folder cannot be
    read.
    """
    days = [_day(what) for what in (first, second)]
    if shipments is not None:
        from geoecon.law.shipment_files import read_shipments

        shipments = read_shipments(shipments, columns, encoding, sheet)
    if days[0] is not None and days[1] is not None:
        every = load_regimes() if regimes is None else dict(regimes)
        if days[1] <= days[0]:
            raise InputError(f"days {days[0]} and {days[1]}; allowed: the earlier one first")
        rows = sorted(row for regime in every.values() for row in _between(regime, days[0], days[1]))
        touched = () if shipments is None else _touched(shipments, (every, days[0]), (every, days[1]), ignore)
        return LawChanges(str(days[0]), str(days[1]), tuple(rows), *touched)
    if days[0] is not None or days[1] is not None:
        raise InputError(f"{first} and {second}; allowed: two days as YYYY-MM-DD, or two folders of tables")
    old, new = (load_regimes(what) for what in (first, second) if not isinstance(what, date))
    rows = [row for id_ in sorted({*old, *new}) for row in _versions(id_, old.get(id_), new.get(id_))]
    touched = ()
    if shipments is not None:
        base = load_regimes()
        touched = _touched(shipments, (base | old, None), (base | new, None), ignore)
    return LawChanges(str(first), str(second), tuple(rows), *touched)


def _day(what: date | str | Path) -> date | None:
    if isinstance(what, date):
        return what
    if re.fullmatch(r"\d{4}-\d\d-\d\d", str(what)) is None:
        return None
    try:
        return date.fromisoformat(str(what))
    except ValueError:
        raise InputError(f"day {str(what)!r}; allowed: a day of the calendar as YYYY-MM-DD") from None


def _between(regime: Regime, first: date, second: date) -> Iterable[tuple[str, str, str, str, str, str]]:
    for table in TOLD:
        for row in regime.rows[table]:
            for column, word in EDGES:
                edge = row.get(column)
                if edge is not None and first < edge <= second and not (table == "control_item" and word == "begins"
                                                                        and row["listed"] == "no"):  # fmt: skip
                    yield (edge.isoformat(), regime.id, table, _name(table, row), f"{word}: {_words(table, row)}",
                           regime.citation(row["source_id"]))  # fmt: skip
    for change in watch.changes(regime.id, first, second):
        yield (change.day.isoformat(), regime.id, "watch", change.id, change.what, change.source)


def _name(table: str, row: Row) -> str:
    return " ".join(str(row[column]) for column in _keys()[table] if row.get(column))


@cache
def _keys() -> Mapping[str, tuple[str, ...]]:
    """The columns by which a row of each table is known again."""
    return {**{table: (column,) for table, column in ids().items() if table != "authority"}, **KEYS}


def _words(table: str, row: Row) -> str:
    items = ";".join(row["item"]) if row.get("item") else ""
    if table in ("licence_rule", "catch_all"):
        place = row.get("place") or ";".join(row.get("group") or row.get("applies_to") or ())
        return f"{row['kind']} for {items} to {place or '*'} ({row['clause'] or ''})"
    if table == "suspension":
        return f"{row['target']} {row['state'].replace('_', ' ')}"
    if table == "group_member":
        return f"{row['place']} in {row['system']}:{row['group']}"
    return str(row.get("what") or row.get("title") or items)


def _versions(id_: str, old: Regime | None, new: Regime | None) -> Iterable[tuple[str, str, str, str, str, str]]:
    for table in _keys():
        before = {_name(table, row): row for row in (old.rows[table] if old else ())}
        after = {_name(table, row): row for row in (new.rows[table] if new else ())}
        for name in dict.fromkeys((*before, *after)):
            one, two = before.get(name), after.get(name)
            source = str((two or one or {}).get("source_id") or "")
            if one is None or two is None:
                yield ("", id_, table, name, "added" if one is None else "removed", source)
                continue
            cells = [f"{column}: {one.get(column)} -> {two.get(column)}" for column in two
                     if column not in IGNORED and one.get(column) != two.get(column)]  # fmt: skip
            if cells:
                yield ("", id_, table, name, "; ".join(cells), source)


Version = tuple[Mapping[str, Regime], date | None]


def _touched(
    table: pd.DataFrame, one: Version, two: Version, ignore: Sequence[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Shipments whose verdict, kind of licence or deciding row differs; a day overrules the shipments' own."""
    from geoecon.law import shipment_table
    from geoecon.law.shipments import screen

    column = shipment_table.columns(table)["date"]
    answers = []
    for regimes, day in (one, two):
        asked = table if day is None else table.assign(**{column: day.isoformat()})
        found = screen(asked, regimes=regimes, ignore=ignore)
        answers.append((found.column("kind"), found.column("ground"), found.column("verdict")))
    differs = (answers[0][0] != answers[1][0]) | (answers[0][1] != answers[1][1]) | (answers[0][2] != answers[1][2])
    result = table.assign(before=answers[0][2], after=answers[1][2], ground_before=answers[0][1],
                          ground_after=answers[1][1])  # fmt: skip
    kept: pd.DataFrame = result[differs].reset_index(drop=True)
    return kept, found.notes
