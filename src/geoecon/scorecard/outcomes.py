"""What happened: the only place that opens `outcomes.csv`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoecon import tables
from geoecon.case import DEMANDS, LATER, OUTCOMES, Case
from geoecon.errors import Fault, InputError, MissingData
from geoecon.scorecard.metrics import WORDS

if TYPE_CHECKING:
    from typing import Any

    from geoecon.kinds import Cell


RULES, DEMAND_RULES = LATER[OUTCOMES], LATER[DEMANDS]
OPTIONAL = ("reading", "low", "high", "sense", "threshold", "no_change", "note", "author", "target")


def read_outcomes(case: Case) -> pd.DataFrame:
    """The checked outcomes of a case, with their citations in column `source`.

    Raises MissingData where the folder has none and InputError with every fault of the file.
    """
    path = case.folder / OUTCOMES
    if case.texts is not None and OUTCOMES in case.texts:
        table = tables.parse_table(case.texts[OUTCOMES], RULES, OUTCOMES)
    elif path.is_file():
        table = tables.read_table(path, RULES, OUTCOMES)
    else:
        raise MissingData(OUTCOMES)
    for column in OPTIONAL:
        if column not in table:
            table[column] = None
    if table.empty:
        raise MissingData(OUTCOMES + ": a row for each thing that happened")
    sources = case.tables["sources"]
    citations = dict(zip(sources["source_id"], sources["citation"], strict=True))
    faults = [fault for row in tables.records(table) for fault in _faults(row, citations)]
    twice = table[table["outcome_id"].duplicated()]
    for line, name in zip(twice["line"], twice["outcome_id"], strict=True):
        faults.append(Fault(OUTCOMES, line, "outcome_id", f"{name} stands twice", "each id once"))
    if faults:
        raise InputError(faults)
    table["source"] = table["source_id"].map(citations)
    return _of_target(case, table)


def read_demands(case: Case) -> pd.DataFrame:
    """What was demanded, by whom, and whether it was met: so that who gave way is counted. Empty without the file.

    Raises InputError with every fault of the file.
    """
    path = case.folder / DEMANDS
    if case.texts is not None or not path.is_file():
        return pd.DataFrame(columns=["line", *DEMAND_RULES, "source"])
    table = tables.read_table(path, DEMAND_RULES, DEMANDS)
    sources = case.tables["sources"]
    citations = dict(zip(sources["source_id"], sources["citation"], strict=True))
    faults = [
        Fault(DEMANDS, int(row["line"]), "source_id", repr(row["source_id"]), "an id of sources.csv")
        for row in tables.records(table)
        if row["source_id"] not in citations
    ]
    if faults:
        raise InputError(faults)
    return table.assign(source=table["source_id"].map(citations))


def examine(case: Case) -> None:
    """Raises InputError with every fault of outcomes.csv and demands.csv; nothing of them is kept."""
    faults: list[str | Fault] = []
    for read in (read_outcomes, read_demands):
        try:
            read(case)
        except MissingData:
            continue
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)


def _of_target(case: Case, table: pd.DataFrame) -> pd.DataFrame:
    """The outcomes of the target looked at: those that name it, and those without a name where it leads the case."""
    first = next((row["code"] for row in case.settings["states"] if row.get("role") == "target"), case.target)
    lead = next((row["code"] for row in case.settings["states"] if row.get("lead") and row["role"] == "target"), first)
    whose = table["target"].where(table["target"].notna(), lead)
    return table[whose == case.target].reset_index(drop=True)


def _faults(row: dict[str, Any], citations: dict[str, str]) -> list[Fault]:
    """What one outcome says against its own kind."""

    def fault(column: str, found: Cell, allowed: str) -> Fault:
        return Fault(OUTCOMES, _line(row), column, f"{row['outcome_id']}: {found}", allowed)

    found = []
    kind, has_value = row["kind"], _is_number(row["value"])
    if row["source_id"] not in citations:
        found.append(fault("source_id", repr(row["source_id"]), "an id of sources.csv"))
    if kind in ("observed", "study", "event") and not has_value:
        found.append(fault("value", "empty", f"a number, because the kind is {kind}"))
    if kind in ("censored", "unknown") and has_value:
        found.append(fault("value", row["value"], f"empty, because the kind is {kind}"))
    if kind == "event" and has_value and row["value"] not in (0.0, 1.0):
        found.append(fault("value", row["value"], "1 (it happened) or 0 (it did not)"))
    if kind == "censored" and (not isinstance(row["sense"], str) or not _is_number(row["threshold"])):
        found.append(fault("sense, threshold", "empty", "at_least or at_most, and the bound"))
    if near := tables.meant(row["metric"], WORDS):
        found.append(fault("metric", repr(row["metric"]), f"{near}, {tables.UNLIKE}"))
    if _is_number(row["low"]) and _is_number(row["high"]) and row["low"] > row["high"]:
        found.append(fault("low, high", f"{row['low']}, {row['high']}", "low <= high"))
    return found


def _line(row: dict[str, Any]) -> int:
    line = row["line"]
    assert isinstance(line, int)
    return line


def _is_number(value: Cell) -> bool:
    return isinstance(value, float) and value == value
