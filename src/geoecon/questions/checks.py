"""What a case lacks, most important first, and how far the line runs with what is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from geoecon import dates, scorecard, tables
from geoecon.capacity import unread
from geoecon.case import Case, cases, default_parameters, load_case
from geoecon.draws import sample
from geoecon.errors import InputError, MissingData
from geoecon.figure import Figure
from geoecon.line import STAGES, examine, known, stages
from geoecon.result import Result

SHOWN = 12


@dataclass(frozen=True)
class Gap:
    """Something that a case lacks: where, what it means, what fills it. `rank` 1 is the most important."""

    rank: int
    file: str
    what: str
    consequence: str
    remedy: str


@dataclass(frozen=True)
class Check(Result):
    """The gaps of a case in order of importance, the stages that run, and those that do not with the reason."""

    case: str
    gaps: tuple[Gap, ...]
    runs: tuple[str, ...]
    stopped: dict[str, str]

    METHOD: ClassVar[str] = (
        "The checker reads every file and refuses what it cannot use. The line then runs once with central values:\n"
        "a stage that lacks data is named with what it lacks. Gaps are ordered by what they cost: a stage that cannot\n"
        "run, a forecast that knows no measure, assumptions on which this case says nothing although others do,\n"
        "figures from memory, and what the evidence page will lack."
    )

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame([vars(gap) for gap in self.gaps], columns=["rank", "file", "what", "consequence", "remedy"])

    def summary(self) -> pd.DataFrame:
        return self.to_frame()[["rank", "file", "what", "remedy", "consequence"]].head(SHOWN)

    def lines(self) -> list[tuple[str, str]]:
        first = [(f"{gap.rank}", f"{gap.file}: {gap.what}. Mend: {gap.remedy}. Till then: {gap.consequence}.")
                 for gap in self.gaps[:SHOWN]]  # fmt: skip
        more = len(self.gaps) - len(first)
        return [*first, ("", f"and {more} more (--json has all)")] if more else first

    def figures(self) -> dict[str, Figure]:
        return {
            "stages": Figure(float(len(self.runs)), f"of {len(self.runs) + len(self.stopped)} stages run", self.case),
            "gaps": Figure(float(len(self.gaps)), "gaps", self.case),
        }

    def sentence(self) -> str:
        total = len(self.runs) + len(self.stopped)
        first = f" First: {self.gaps[0].file}: {self.gaps[0].what}; {self.gaps[0].remedy}." if self.gaps else ""
        if not self.stopped:
            return f"All {total} stages run on {self.case}.{first}"
        lacking = ", ".join(self.stopped)
        return f"{len(self.runs)} of {total} stages run on {self.case}; not {lacking}.{first}"


def check(case: str | Path | Case) -> Check:
    """What a case lacks. Raises InputError with every fault where a file cannot be read at all."""
    read = load_case(case)
    examine(known(read))
    runs, stopped = attempt(read)
    found = [
        *_stages(stopped),
        *_measures(read),
        *_priors(read),
        *_alliance(read),
        *_later(read),
        *_evidence(read),
        *_memory(read),
    ]
    gaps = tuple(Gap(rank, *gap) for rank, gap in enumerate(found, 1))
    return Check(read.id, gaps, runs, stopped)


def attempt(case: Case) -> tuple[tuple[str, ...], dict[str, str]]:
    """(stages that run with central values, stages that do not with the reason)."""
    case = known(case)
    runs: list[str] = []
    started: list[str] = []
    stopped: dict[str, str] = {}
    line = stages(case, sample(case.parameters), before=started.append)
    try:
        for stage, found in line:
            if isinstance(found, Result):
                runs.append(stage.name)
            else:
                stopped[stage.name] = str(found)
    except InputError as error:
        broken, *after = list(STAGES)[list(STAGES).index(started[-1]) :]
        stopped |= {broken: str(error)} | dict.fromkeys(after, f"the line stops at {broken}")
    return tuple(runs), stopped


Draft = tuple[str, str, str, str]


def _stages(stopped: dict[str, str]) -> Iterator[Draft]:
    for stage, reason in stopped.items():
        if reason.startswith(("the stage ", "the line stops")):
            continue  # it follows from another
        file, _, what = reason.partition(": ")
        where = file if file.endswith((".csv", ".toml")) else "case folder"
        lacking = (what or "no row") if where == file else reason
        yield where, lacking, f"the stage {stage} cannot run", f"add {what or 'rows to ' + where}"


def _measures(case: Case) -> Iterator[Draft]:
    """Cut-offs on which no measure of a sender against the target is known, and measures that no stage can use."""
    idle = unread(case)
    for line, measure, why in idle[:5]:
        yield (f"measures.csv line {line}", f"{measure}: {why}", "no stage reads it",
               "its good as a product of case.toml, a kind of instrument, or the size of its flow")  # fmt: skip
    if len(idle) > 5:
        yield "measures.csv", f"{len(idle) - 5} more rows of the same kind", "no stage reads them", "the same"
    for day in case.cutoffs:
        table = case.at(day).known("measures", "known_from") if case.has("measures") else pd.DataFrame()
        wanted = {case.target, "WLD", "ALL", "*"}
        bites = [
            row
            for row in tables.records(table)
            if row["kind"] != "none"
            and ((row["exporter"] in case.senders and row["importer"] in wanted) or row["importer"] in case.senders)
        ]
        told = [row for row in case.settings.get("demand", []) if _known(row) <= day]
        items = [product.id for product in case.products if product.item]
        if not bites and not told and not items:
            yield ("measures.csv", f"no measure of {case.sender} against {case.target} is known on {day}",
                   "a blind forecast from that day says that nothing happens",
                   "a row with known_from up to that day, or --scenario measures=observed for a forecast under the "
                   "measures as they came")  # fmt: skip


def _known(row: dict[str, Any]) -> date:
    return date.fromisoformat(str(row.get("known_from", row["start"])))


@cache
def usual_priors() -> tuple[str, ...]:
    """Assumptions that built-in cases state for themselves, the most usual first."""
    counted: dict[str, int] = {}
    for name in cases():
        names = {str(full).split(".")[0] for full in load_case(name).table("parameters")["name"]}
        for prior in names & set(default_parameters()):
            counted[prior] = counted.get(prior, 0) + 1
    return tuple(sorted((name for name, n in counted.items() if n > 1), key=lambda name: (-counted[name], name)))


def _priors(case: Case) -> Iterator[Draft]:
    own = set(case.tables["parameters"]["name"])
    for name in usual_priors():
        lacking = [product.id for product in case.products if not {name, f"{name}.{product.id}"} & own]
        if lacking:
            prior = default_parameters()[name]
            yield ("parameters.csv", f"nothing on {name} of {', '.join(lacking)} ({prior.meaning})",
                   f"the general prior is used: {prior.low:g} to {prior.high:g} {prior.unit}",
                   f"a row {name}.{lacking[0]} with low, central, high and its source")  # fmt: skip


READ = ("defence_tie", "leader_type", "election", "press")  # variables of alliance.csv that stages read


def _alliance(case: Case) -> Iterator[Draft]:
    """Rows of alliance.csv that nothing is computed from."""
    if case.has("alliance"):
        found = case.table("alliance")["variable"]
        if idle := sorted(set(found) - set(READ)):
            yield ("alliance.csv", f"{int(found.isin(idle).sum())} rows on {', '.join(idle)}",
                   "no stage reads them; the alliance is computed from records that ship (states, pacts, votes)",
                   "a defence_tie of a pair for another figure than the records have")  # fmt: skip


def _later(case: Case) -> Iterator[Draft]:
    last = max(case.cutoffs)
    for row in tables.records(case.tables["parameters"]):
        hidden = [day for day in case.cutoffs if dates.first_day(row["as_of"]) <= day < dates.last_day(row["as_of"])]
        if hidden and len(row["as_of"]) < 10:
            yield ("parameters.csv", f"{row['name']} of {row['as_of']} is hidden on {hidden[0]}",
                   "a month or year counts as known when it is over", "as_of as a day")  # fmt: skip
    for row in tables.records(case.tables["parameters"]):
        if dates.last_day(row["as_of"]) > last:
            yield ("parameters.csv", f"{row['name']} of {row['as_of']} rests on later knowledge",
                   "no blind forecast reads it", "an earlier row of the name with what was known then")  # fmt: skip


def _evidence(case: Case) -> Iterator[Draft]:
    try:
        outcomes = scorecard.read_outcomes(case)
    except MissingData:
        yield ("outcomes.csv", "the file is missing", "no forecast can be held against what happened",
               "a row for each thing that happened, kind unknown for what is not known yet")  # fmt: skip
    else:
        usable = outcomes["metric"].isin(list(scorecard.WORDS)) & (outcomes["kind"] != "unknown")
        if not usable.any():
            yield ("outcomes.csv", "no outcome in a metric that a stage predicts",
                   "nothing can be scored", "metrics: " + ", ".join(scorecard.WORDS))  # fmt: skip
    if not case.has("forecasts"):
        yield ("forecasts.csv", "no forecast of others", "ours stands alone", "what was predicted at the time")
    if not case.has("claims"):
        yield "claims.csv", "no claims", "nothing that people say is judged", "claim, verdict, correct fact"


def _memory(case: Case) -> Iterator[Draft]:
    for name, table in case.tables.items():
        if "status" in table and len(table):
            share = float((table["status"] == "memory").mean())
            if share > 0.25:
                yield (f"{name}.csv", f"{100 * share:.0f} % of the rows are from memory",
                       "figures made from them are marked unverified", "read the sources, then say seen")  # fmt: skip
