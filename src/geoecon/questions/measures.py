"""The line for one batch of draws, reduced to one number per draw and measure: what a worker process computes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.case import Case, case_of_texts, load_case
from geoecon.draws import Draws
from geoecon.errors import InputError
from geoecon.line import STAGES, known, stages
from geoecon.questions.targets import towards
from geoecon.result import Result

Array = NDArray[np.float64]
UNDRAWN = tuple(name for name, stage in STAGES.items() if not stage.resolved)


@dataclass(frozen=True)
class Question:
    """What a worker needs to know of a case: where it lies, what may be known, what is assumed, how far to run."""

    folder: str
    cutoff: str
    scenario: tuple[tuple[str, str | float], ...] = ()
    until: str | None = None
    target: str = ""
    texts: tuple[tuple[str, str], ...] = ()  # the files of a case that lies in no folder

    def case(self) -> Case:
        return _case(self)


@lru_cache(maxsize=4)
def _case(question: Question) -> Case:
    """The case, read once per process."""
    folder = Path(question.folder)
    case = case_of_texts(dict(question.texts), folder.name) if question.texts else load_case(folder)
    case = case.at(date.fromisoformat(question.cutoff))
    if question.target not in ("", case.target):
        case = towards(case, question.target)
    return case.with_scenario(**dict(question.scenario))


def question_of(case: Case, until: str | None = None) -> Question:
    """A case as a small message that any process can read."""
    if until is not None and until not in STAGES:
        raise InputError(f"stage {until!r}; allowed: " + ", ".join(STAGES))
    cutoff = known(case).cutoff
    scenario = tuple(sorted(case.scenario.items()))
    texts = tuple(sorted((case.texts or {}).items()))
    return Question(str(case.folder.resolve()), cutoff.isoformat(), scenario, until, case.target, texts)


def measures(question: Question, draws: Draws) -> tuple[pd.DataFrame, dict[str, str]]:
    """(one row per draw and one column "stage|metric|of" per measure, stages skipped with the reason)."""
    skipped: dict[str, str] = {}
    columns: dict[str, Array] = {}
    for stage, found in stages(question.case(), draws, until=question.until, skip=UNDRAWN):
        if isinstance(found, Result):
            columns |= _columns(stage.name, found, draws.n)
        else:
            skipped[stage.name] = str(found)
    return pd.DataFrame(columns), skipped


def _columns(stage: str, result: Result, n: int) -> dict[str, Array]:
    """What a stage predicts, and for the losses what the two sides lose a month while the listed controls hold."""
    said = result.predictions()
    found = {f"{stage}|{metric}|{of}": np.asarray(values, dtype=float) for (metric, of), values in said.items()}
    for key, one in result.samples().items():
        found.setdefault(f"{stage}|{key}|", np.asarray(one.values, dtype=float))
    for name, values in found.items():
        if values.shape != (n,):
            raise ValueError(f"{name} has shape {values.shape}, not one value per draw ({n},)")
    return found
