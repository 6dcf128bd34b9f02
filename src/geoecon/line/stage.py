"""The stages of the line as one table, and the one generator that runs them. Every list of stages is read from here."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date
from functools import cache
from importlib import import_module
from inspect import Parameter, signature
from typing import NamedTuple

from geoecon.case import Case
from geoecon.draws import Draws
from geoecon.errors import Fault, InputError, MissingData, NotConverged, interrupts_kept
from geoecon.result import Result

LARGE = 100  # draws from which what a stage has freed is worth giving back
AT_ONCE = 10_000  # draws of one run: some four gigabytes
Reason = MissingData | NotConverged
Solve = Callable[["Stage", Case, Draws, Mapping[str, Result], Mapping[str, Reason]], Result]

# key, and the question as a reader asks it; what no question names stands under the last
QUESTIONS: Mapping[str, str] = {
    "depends": "Who depends on whom?",
    "controls": "What did the controls change, and when?",
    "shock": "How far does the shock travel?",
    "cost": "What does it cost?",
    "triangle": "How unequal is the triangle?",
    "ending": "Who gives way, and when?",
    "outcome": "How does that compare with what happened?",
    "further": "Further",
}


class Stage(NamedTuple):
    """One stage: the room and its function, the question that it answers, and how others treat it.

    The names of the function's arguments say which stages it needs; `results` gives it all scored ones. `rank`: place
    among the answers of the first page, 0 for none; `scored`: the evidence reads its predictions; `resolved`: draws
    and what-ifs solve it again; `asked`: only a question
    runs it, no run of the line does; `examine`: the room's function that reads what only this stage reads,
    asked before anything is solved.
    """

    name: str
    room: str
    function: str = "for_case"
    question: str = "further"
    heading: str = ""
    rank: int = 0
    scored: bool = True
    resolved: bool = True
    asked: bool = False
    examine: str = ""

    @property
    def title(self) -> str:
        return self.heading or self.name.replace("_", " ").capitalize()

    @property
    def call(self) -> Callable[..., Result]:
        """The function itself; its room is loaded when it is first asked for."""
        found: Callable[..., Result] = getattr(import_module(f"geoecon.{self.room}"), self.function)
        return found


def table(*rows: Stage) -> dict[str, Stage]:
    return {stage.name: stage for stage in rows}


STAGES: Mapping[str, Stage] = table(
    Stage("trade", "indicators", question="depends", heading="Dependence", rank=5),
    Stage(
        "scan",
        "indicators",
        "scan_for_case",
        "depends",
        "What else the sender could withhold",
        scored=False,
        resolved=False,
    ),
    Stage("precedents", "episodes", question="shock", heading="What happened the last times", rank=9),
    Stage("controls", "capacity", question="controls", heading="Controls", rank=4),
    Stage("catchup", "catchup", question="shock", heading="Catching up", rank=8),
    Stage("disruption", "disruption", question="shock", heading="Disruption", rank=1),
    Stage("welfare", "costs", question="cost", heading="Welfare", rank=2),
    Stage("losses", "costs", "losses_for_case", "cost", "Losses by state of the dispute", rank=7, scored=False),
    Stage("alliance", "triangle", question="triangle", heading="Alliance", rank=6, examine="examine"),
    Stage("bargaining", "bargaining", question="ending", heading="Bargaining", rank=3, examine="examine"),
    Stage("tracks", "bargaining", "tracks_for_case", "ending", "Three tracks", rank=10, scored=False, resolved=False),
    Stage("game", "bargaining", "game_for_questions", "ending", "The game", scored=False, asked=True),
    Stage(
        "evidence", "scorecard", question="outcome", heading="Evidence", scored=False, resolved=False, examine="examine"
    ),
)


def checked(until: str | None) -> str | None:
    """The name of a stage. Raises InputError for one that there is not."""
    if until is not None and until not in STAGES:
        raise InputError(f"stage {until!r}; allowed: " + ", ".join(STAGES))
    return until


def examine(case: Case, until: str | None = None, skip: Container[str] = ()) -> None:
    """Raises InputError with every fault of what single stages read, before any of them is solved."""
    faults: list[str | Fault] = []
    for name, stage in STAGES.items():
        if stage.examine and name not in skip:
            try:
                getattr(import_module(f"geoecon.{stage.room}"), stage.examine)(case)
            except InputError as error:
                faults += error.faults
        if name == until:
            break
    if faults:
        raise InputError(list(dict.fromkeys(faults)))


def known(case: Case) -> Case:
    """The case as it stands on a day; at its first cut-off where none was chosen."""
    return case if case.cutoff < date.max else case.at(case.cutoffs[0])


def solve(stage: Stage, case: Case, draws: Draws, results: Mapping[str, Result], gaps: Mapping[str, Reason]) -> Result:
    """One stage, fed with the results that its arguments name."""
    return stage.call(**arguments(stage, case, draws, results, gaps))


def stages(
    case: Case,
    draws: Draws,
    *,
    until: str | None = None,
    skip: Container[str] = (),
    asked: bool = False,
    solve: Solve = solve,
    before: Callable[[str], None] | None = None,
) -> Iterator[tuple[Stage, Result | Reason]]:
    """Every stage in order with its result, or with the reason why it has none; nothing that is done is lost.

    A stage that lacks data or does not converge is told with the reason, and so are those that need it; the others go
    on. `until` is the last stage, `skip` are left out, `asked` adds those that only
    a question runs, `before` is told each name first and may raise to stop; `solve`
    stands in for the plain call (a memo). Raises InputError for an unknown stage, too many draws at once, or
    input that a stage refuses.
    """
    checked(until)
    if draws.n - 1 > AT_ONCE:
        allowed = f"at most {AT_ONCE:,} at once; `geoecon uncertainty` takes more, some at a time"
        raise InputError(f"draws {draws.n - 1:,}; allowed: {allowed}")
    results: dict[str, Result] = {}
    gaps: dict[str, Reason] = {}
    for name, stage in STAGES.items():
        if name in skip or (stage.asked and not asked):
            continue
        if before:
            before(name)
        try:
            with interrupts_kept():
                results[name] = solve(stage, case, draws, results, gaps)
        except (MissingData, NotConverged) as reason:
            gaps[name] = reason
        if draws.n > LARGE:
            _trim()(0)
        yield stage, results[name] if name in results else gaps[name]
        if name == until:
            return


@cache
def _trim() -> Callable[[int], int]:
    """What gives freed memory back to the system: glibc keeps it otherwise, an eighth of a run of 500 draws."""
    return getattr(ctypes.CDLL(None), "malloc_trim", int) if sys.platform == "linux" else int


def arguments(
    stage: Stage, case: Case, draws: Draws, results: Mapping[str, Result], gaps: Mapping[str, Reason]
) -> dict[str, object]:
    """The stage's arguments by name. Raises MissingData where a needed stage has no result."""
    scored = {name: result for name, result in results.items() if STAGES[name].scored}
    ready: dict[str, object] = {"case": case, "draws": draws, "results": scored}
    given: dict[str, object] = {}
    for name, argument in signature(stage.call).parameters.items():
        if name in ready:
            given[name] = ready[name]
        elif name in results:
            given[name] = results[name]
        elif name in STAGES and argument.default is Parameter.empty:
            raise MissingData(f"the stage {name} ({gaps.get(name, 'not run')})")
    return given
