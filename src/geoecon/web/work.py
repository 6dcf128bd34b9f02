"""What a worker process does: it solves with a warm memo and sends each stage's part of the page as it comes.

A task is a plain dict with a `kind` of TASKS; every answer is (event, data) with plain data. Faults of the input come
back as the event `fault`; anything else that goes wrong is a fault of ours and comes as `broken`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon.case import Case, load_case
from geoecon.draws import sample
from geoecon.errors import InputError, MissingData, NotConverged
from geoecon.line import STAGES, Answer, Memo, known, refuse_unread, run, unmoved
from geoecon.tables import records
from geoecon.views import compared, plain
from geoecon.web.guard import faults

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.synchronize import Event

    from geoecon.figure import Figure
    from geoecon.line import Assessment
    from geoecon.result import Result


Tell = Callable[[str, Any], None]


class CancelledError(Exception):
    """The user no longer waits for this."""


def work(connection: Connection, cancel: Event) -> None:
    """The loop of a worker: takes (job, task), sends (job, event, data) until the event `end`."""
    warm()
    while True:
        try:
            job, task = connection.recv()
        except (EOFError, KeyboardInterrupt, OSError):
            return

        def tell(event: str, data: Mapping[str, Any], job: str = job) -> None:
            connection.send((job, event, data))

        try:
            TASKS[task["kind"]](task, tell, cancel)
        except CancelledError:
            tell("cancelled", {})
        except (InputError, NotConverged, MissingData) as error:
            tell("fault", {"message": str(error), "faults": faults(error)})
        except KeyboardInterrupt:
            return
        except Exception as error:  # a bug: the page gets one line, the server's log the trace
            tell("broken", {"message": f"{type(error).__name__}: a fault of ours", "trace": traceback.format_exc()})
        tell("end", {})


def warm() -> None:
    """Loads what the first question would wait for: the rules, and the rooms of the line."""
    from importlib import import_module

    from geoecon import law
    from geoecon.line import STAGES

    law.load_regimes()
    for stage in STAGES.values():
        import_module(f"geoecon.{stage.room}")


@dataclass(frozen=True)
class Part:
    """A stage as the interface shows it: its sentence and figures."""

    figures: Mapping[str, Any]
    sentence: str


Answers = dict[str, Answer[Part]]


def view(_stage: str, result: Result, _case: Case) -> Part:
    """What is told of a stage, made in the worker so that the server keeps answering."""
    return Part({key: described(figure) for key, figure in result.figures().items()}, result.sentence())


def described(figure: Figure) -> dict[str, Any]:
    """A figure as JSON; where it has no value the key `reason` says so."""
    found: dict[str, Any] = plain({**vars(figure), "sources": sorted(figure.sources)})
    if found["value"] is None:
        infinite = figure.value is not None and figure.value == figure.value
        found["reason"] = "no finite value" if infinite else "unknown"
    return found


@cache
def _memo() -> Memo[Part]:
    return Memo(view)


@cache
def _case(where: str) -> Case:
    return load_case(where)


def chosen(task: Mapping[str, Any]) -> Case:
    """The case of a task under its scenario."""
    case = _case(str(task["case"]))
    if task.get("cutoff"):
        case = next(case.at(day) for day in case.cutoffs if day.isoformat() == task["cutoff"])
    return case.with_scenario(**task.get("scenario", {}))


def solve(task: Mapping[str, Any], tell: Tell, cancel: Event) -> None:
    """Every stage, each told as it comes: `stage` before, `piece` or `missing` after; and the page's answer twice,
    first from few runs and marked as being refined, then from all; last the notes of a scenario, as that which moves
    no figure.
    """
    from geoecon.web import answering

    def before(stage: str) -> None:
        if cancel.is_set():
            raise CancelledError
        tell("stage", {"stage": stage, "number": list(STAGES).index(stage) + 1, "of": len(STAGES)})

    def after(stage: str, answer: Answer[Part]) -> None:
        part = answer.view
        if part is None:
            tell("missing", {"stage": stage, "reason": answer.skipped})
            return
        tell("piece", {"stage": stage, "sentence": part.sentence, "figures": part.figures, "fresh": answer.fresh})

    case, draws, seed = known(chosen(task)), int(task.get("draws", 0)), int(task.get("seed", 0))
    identity = str(task["case"])
    if task.get("page") and draws > answering.QUICK:
        quick = _memo().solve(
            case,
            identity,
            sample(case.parameters, answering.QUICK, seed),
            until="disruption",
            skip=("scan",),
            before=before,
        )
        tell(
            "answer",
            answering.answer(
                case,
                quick,
                answering.QUICK,
                seed,
                _base(case, identity, answering.QUICK, seed, quick, before),
                final=False,
            ),
        )
    drawn = sample(case.parameters, draws, seed)
    answers = _memo().solve(case, identity, drawn, tell=after, before=before)
    refuse_unread(case, {read for answer in answers.values() for read in answer.reads})
    if task.get("page"):
        tell(
            "answer",
            answering.answer(
                case, answers, draws, seed, _base(case, identity, draws, seed, answers, before), final=True
            ),
        )
    if case.scenario:

        def told(one: Case, n: int) -> dict[str, Result]:
            mine = one is case and n == draws
            drawn = sample(one.parameters, n, seed)
            found = answers if mine else _memo().solve(one, identity, drawn, skip=("scan",), before=before)
            return {name: made.result for name, made in found.items() if made.result is not None and name != "scan"}

        tell("notes", {"notes": [*case.notes, *unmoved(case, draws, told)]})


def _base(case: Case, identity: str, draws: int, seed: int, mine: Answers, before: Callable[[str], None]) -> Answers:
    """The answers of the case as it is, with the same runs: what the page's numbers were."""
    if not case.scenario:
        return mine
    plain_case = replace(case, scenario={})
    until = "disruption" if "losses" not in mine else None
    return _memo().solve(
        plain_case,
        identity,
        sample(plain_case.parameters, draws, seed),
        until=until,
        skip=("scan",),
        before=before,
    )


def assess(task: Mapping[str, Any], tell: Tell, cancel: Event) -> Assessment:
    """A whole assessment through the public function, with progress."""

    def before(stage: str) -> None:
        if cancel.is_set():
            raise CancelledError
        tell("stage", {"stage": stage, "number": list(STAGES).index(stage) + 1, "of": len(STAGES)})

    return run(chosen(task), draws=task.get("draws", 0), seed=task.get("seed", 0), progress=before)


def report(task: Mapping[str, Any], tell: Tell, cancel: Event) -> None:
    """The self-contained report (and, on wish, PDF and pictures) of a scenario as one file."""
    from geoecon.views import write_bundle

    made = assess(task, tell, cancel)
    tell("file", {"name": write_bundle(made, Path(task["folder"]), task["form"]).name})


def compare(task: Mapping[str, Any], tell: Tell, cancel: Event) -> None:
    """Two scenarios of a case: what differs, headline by headline."""
    from geoecon.views import diff

    both = [assess({**task, "scenario": task[side]}, tell, cancel) for side in ("a", "b")]
    found = diff(*both)
    rows = [_as_told(row) for row in records(found.to_frame())]
    tell("difference", {"sentence": found.sentence(), "rows": rows})


def _as_told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a comparison in the words of a page: shares in per cent, what nobody could measure by its bound."""
    name, unit = str(row["name"]), str(row["unit"] or "")
    shown: dict[str, Any] = plain(row) | {"label": name.partition(": ")[2] or name, "quiet": _quiet(name)}
    if row["kind"] == "headline":
        sides = [compared(row[side], unit) for side in ("a", "b")]
        shown |= {"a": sides[0][0], "b": sides[1][0], "unit": sides[0][1], "same": sides[0] == sides[1]}
    return shown


def _quiet(name: str) -> bool:
    """Figures about the solver and the scores, not about the dispute."""
    return "residual" in name or name.startswith("evidence")


def call(task: Mapping[str, Any], tell: Tell, _cancel: Event) -> None:
    """One public function on an uploaded or pasted input: `scan`, `dependence`, `clock` or `licence`."""
    from geoecon.web import verbs

    tell("result", plain(getattr(verbs, task["verb"])(**task["arguments"])))


TASKS: Mapping[str, Callable[[Mapping[str, Any], Tell, Event], None]] = {
    "solve": solve,
    "report": report,
    "compare": compare,
    "call": call,
}
