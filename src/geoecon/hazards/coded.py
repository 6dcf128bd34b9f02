"""Coded disputes: checked rows, what is known of each on its first day, votes of campaigns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon import tables
from geoecon.errors import Fault, InputError

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

ENDINGS = ("target_concedes", "sender_concedes", "settlement", "faded")
OUTCOMES = ("concede_T", "concede_S", "settle", "stalemate")  # the same in TIES words; a row may also be `open`
# Categories of TIES 4.1 by number; what belongs to each is written in docs/coding.md.
ISSUES = {
    1: "political influence",
    2: "military behaviour",
    3: "regime",
    4: "citizens or property",
    5: "territory",
    6: "strategic material",
    7: "alignment",
    8: "human rights",
    9: "proliferation",
    10: "non-state actors",
    11: "drugs",
    12: "environment",
    13: "trade practices",
    14: "economic reform",
    15: "other",
}
OTHER = 15


def issue_in_words(number: int) -> str:
    """An issue inside a sentence."""
    return "something that no category holds" if number == OTHER else ISSUES[number]


AT_ONCE = 0.1  # months: what is imposed within three days of the threat starts imposed


def _issue(cell: str) -> int:
    number = int(cell)
    if number not in ISSUES:
        raise ValueError
    return number


_flag = tables.one_of("0", "1")
RULES: dict[str, tables.Rule] = {
    "source_id": tables.text,
    "campaign": tables.text,
    "sender": tables.text,
    "target": tables.text,
    "start": tables.partial_day,
    "months": tables.at_least_zero.optional(),
    "threat": _flag,
    "imposed": _flag,
    "imposed_after": tables.at_least_zero.optional().if_present(),
    "issue": tables.Rule(_issue, "a whole number from 1 to 15: " + ", ".join(f"{k} {v}" for k, v in ISSUES.items())),
    "outcome": tables.one_of(*OUTCOMES, "open").optional(),
    "dep_T_on_S": tables.at_least_zero.optional(),
    "dep_S_on_T": tables.at_least_zero.optional(),
}


@dataclass(frozen=True)
class Coded:
    """Disputes that can be learned from, one row each.

    dependence (dispute, 2): share of the target's total trade that is with the sender, and of the sender's with the
    target, a year before the start; issue (dispute,) number of ISSUES; threat (dispute,): starts with a threat, not
    with measures; imposed (dispute,): measures came; imposed_after, months (dispute,) from the first day, NaN where
    unknown; outcome (dispute,) place in ENDINGS, -1 last seen open; vote (dispute,): campaigns count one each.
    """

    table: pd.DataFrame
    dependence: Array
    issue: Ints
    threat: NDArray[np.bool_]
    imposed: NDArray[np.bool_]
    imposed_after: Array
    months: Array
    outcome: Ints
    campaign: NDArray[np.object_]
    vote: Array
    unused: int = 0  # rows without outcome or without dependence both ways

    def __len__(self) -> int:
        return len(self.outcome)

    def rows(self, chosen: NDArray[np.bool_]) -> Coded:
        """Some of the disputes; votes stay as they are."""
        parts = {name: getattr(self, name)[chosen] for name in self.__dataclass_fields__ if name not in WHOLE}
        return replace(self, table=self.table[chosen].reset_index(drop=True), **parts)

    @property
    def year(self) -> Ints:
        return np.array([int(str(day)[:4]) for day in self.table["start"]])


WHOLE = ("table", "unused")


def read_disputes(path: str | Path) -> Coded:
    """Coded disputes of a CSV file, columns as in RULES.

    Raises InputError with every fault: a cell that does not fit its column, measures before the first day or after the
    end, no row that can be used. Rows without outcome or dependence both ways are counted in `unused`.
    """
    file = Path(path)
    return checked(tables.read_table(file, RULES), file.name)


@cache
def shipped() -> Coded:
    """The disputes that come with the package: TIES 4.1, 1945 to 2005, with trade of the year before."""
    with as_file(files("geoecon.hazards") / "disputes.csv") as path:
        return read_disputes(path)


def checked(table: pd.DataFrame, name: str = "disputes") -> Coded:
    """`read_disputes` on a table whose cells are checked already."""
    if "imposed_after" not in table:
        table = table.assign(imposed_after=None)
    faults = []
    for row in tables.records(table):
        after, months = (None if pd.isna(row[name]) else row[name] for name in ("imposed_after", "months"))
        if after is not None and row["imposed"] == "0":
            faults.append(Fault(name, row["line"], "imposed_after", f"{after:g}", "empty where imposed is 0"))
        elif after is not None and months is not None and after > months + 1:
            allowed = f"at most the {months:g} months that the dispute lasted"
            faults.append(Fault(name, row["line"], "imposed_after", f"{after:g}", allowed))
        if row["threat"] == "0" and row["imposed"] == "0":
            faults.append(Fault(name, row["line"], "threat, imposed", "0, 0", "a threat, measures or both"))
    if faults:
        raise InputError(faults)
    whole = table[table["outcome"].notna() & table["dep_T_on_S"].notna() & table["dep_S_on_T"].notna()]
    if not len(whole):
        raise InputError(f"{name}: no row with an outcome and dependence both ways (dep_T_on_S, dep_S_on_T)")
    return _arrays(whole.reset_index(drop=True), len(table) - len(whole))


def _arrays(rows: pd.DataFrame, unused: int) -> Coded:
    imposed, after = (rows["imposed"] == "1").to_numpy(), rows["imposed_after"].to_numpy(dtype=float)
    at_once = imposed & (after <= AT_ONCE)
    threat = (rows["threat"] == "1").to_numpy() & ~at_once
    return Coded(
        rows,
        rows[["dep_T_on_S", "dep_S_on_T"]].to_numpy(dtype=float),
        rows["issue"].to_numpy(dtype=np.int64),
        threat,
        imposed,
        np.where(imposed & ~threat, 0.0, after),
        rows["months"].to_numpy(dtype=float),
        np.array([OUTCOMES.index(o) if o in OUTCOMES else -1 for o in rows["outcome"]]),
        rows["campaign"].to_numpy(dtype=object),
        1 / rows.groupby("campaign")["campaign"].transform("size").to_numpy(dtype=float),
        unused,
    )
