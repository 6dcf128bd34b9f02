"""The disputes at a glance: a small map, the answer of the first blind forecast in one line, status, last update.

`python -m geoecon.views.gallery [DRAWS]` asks every built-in case anew and writes the lines into the package.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from geoecon import charts, dates, tables
from geoecon.case import Case, cases, load_case
from geoecon.cells import csv_writer
from geoecon.errors import MissingData
from geoecon.message import phrases as say

COLUMNS = {"case": tables.identifier, "asked_on": tables.day, "draws": tables.at_least_zero, "answer": tables.text,
           "status": tables.text, "updated": tables.day}  # fmt: skip
NAME = "answers.csv"


@cache
def answers() -> Mapping[str, Mapping[str, Any]]:
    """The lines that ship, by case: asked_on, draws, answer, status, updated."""
    with as_file(files("geoecon.views") / NAME) as path:
        return {row["case"]: row for row in tables.read_rows(path, COLUMNS, NAME)}


def status(case: Case) -> str:
    """Whether the dispute is over, by its own outcomes: over, open as far as they go, or not known."""
    from geoecon.scorecard import read_outcomes  # with all that scores: the start page needs none of it

    try:
        table = read_outcomes(case)
    except MissingData:
        return "not known"
    length = table[(table["metric"] == "length_months") & (table["of"] == "dispute")]
    seen, still = (length[length["kind"] == kind] for kind in ("observed", "censored"))
    if len(seen) and not len(still):
        months = sorted({float(value) for value in seen["value"]})
        return "over after " + " or ".join(say.length(value) for value in months)
    if len(still):
        part = "in part " if len(seen) else ""
        return f"{part}still open in {say.month(str(still.sort_values('threshold')['date'].iloc[-1]))}"
    return "open"


def badge(told: str) -> str:
    """A status in one word: over, open, or not known."""
    return "over" if told.startswith("over") else "open" if "open" in told else "not known"


def updated(case: Case) -> str:
    """The latest day through which one of its tables is known, as YYYY-MM-DD."""
    told = case.settings.get("known_through", {})
    days = [dates.last_day(str(value)) for value in told.values()]
    return (max(days) if days else case.end).isoformat()


def thumbnail(head: Mapping[str, Any]) -> charts.Picture:
    """A map with the senders and the target of a case.toml; the card around it has the title."""
    named = {role: [(str(one["code"]), str(one["name"])) for one in head["states"] if one["role"] == role]
             for role in ("sender", "target")}  # fmt: skip
    senders, target = named["sender"], named["target"][0]
    said = f"{say.listed([name for _, name in senders])} against {target[1]}."
    discs = [(code, name, 1 / len(senders)) for code, name in senders]
    return charts.world(discs, target, title="", said=said, foot="Land: Natural Earth.", shares=False)


def write(folder: Path, draws: int = 200) -> None:
    """Asks every built-in case on its first cut-off day and writes the lines."""
    from geoecon.line import run
    from geoecon.views.report import Report

    rows = []
    for name in cases():
        case = load_case(name)
        case = case.at(case.cutoffs[0])
        message = Report(run(case, draws=draws)).message
        answer = f"{message.title}. {say.sentences(message.lead)[0]}"
        rows.append((name, case.cutoff.isoformat(), draws, answer, status(case), updated(case)))
    with (folder / NAME).open("w", newline="", encoding="utf-8") as lines:
        writer = csv_writer(lines)
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    write(Path(str(files("geoecon.views"))), *map(int, sys.argv[1:]))
