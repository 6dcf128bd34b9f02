"""The line for one batch of draws, reduced to one number per draw and measure: what a worker process computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.case import Case, load_case
from geoecon.draws import Draws
from geoecon.errors import InputError, MissingData
from geoecon.line import STAGES, arguments

Array = NDArray[np.float64]
SKIPPED_STAGES = ("scan", "evidence")  # no draw moves the first; the other reads outcomes


@dataclass(frozen=True)
class Question:
    """What a worker needs to know of a case: where it lies, what may be known, what is assumed, how far to run."""

    folder: str
    cutoff: str
    scenario: tuple[tuple[str, str | float], ...] = ()
    until: str | None = None

    def case(self) -> Case:
        return _case(self)


@lru_cache(maxsize=4)
def _case(question: Question) -> Case:
    """The case, read once per process."""
    case = load_case(Path(question.folder)).at(date.fromisoformat(question.cutoff))
    return case.with_scenario(**dict(question.scenario))


def question_of(case: Case, until: str | None = None) -> Question:
    """A case as a small message that any process can read."""
    if until is not None and until not in STAGES:
        raise InputError(f"stage {until!r}; allowed: " + ", ".join(STAGES))
    cutoff = case.cutoff if case.cutoff in case.cutoffs else case.cutoffs[0]
    return Question(str(case.folder.resolve()), cutoff.isoformat(), tuple(sorted(case.scenario.items())), until)


def measures(question: Question, draws: Draws) -> tuple[pd.DataFrame, dict[str, str]]:
    """(one row per draw and one column "stage|metric|of" per measure, stages skipped with the reason)."""
    case = question.case()
    done: dict[str, Any] = {}
    skipped: dict[str, str] = {}
    columns: dict[str, Array] = {}
    for stage, (room, function) in STAGES.items():
        if stage in SKIPPED_STAGES:
            continue
        call = getattr(import_module(f"geoecon.{room}"), function)
        try:
            done[stage] = call(**arguments(call, case, draws, done, skipped))
        except MissingData as gap:
            skipped[stage] = str(gap)
        else:
            columns |= _columns(stage, done[stage], draws.n)
        if stage == question.until:
            break
    return pd.DataFrame(columns), skipped


def _columns(stage: str, result: Any, n: int) -> dict[str, Array]:
    """What a stage predicts, and for the losses what the two sides lose a month while the listed controls hold."""
    said: Mapping[tuple[str, str], Any] = result.predictions()
    found = {f"{stage}|{metric}|{of}": np.asarray(values, dtype=float) for (metric, of), values in said.items()}
    if stage == "losses":
        now = result.monthly.sel(control="listed", retaliation="none", remaining=1.0)
        for side in ("sender", "target"):
            found[f"{stage}|usd_million_a_month|{side}"] = np.asarray(now.sel(side=side).values, dtype=float)
    for name, values in found.items():
        if values.shape != (n,):
            raise ValueError(f"{name} has shape {values.shape}, not one value per draw ({n},)")
    return found
