"""The line for one batch of draws, reduced to one number per draw and measure: what a worker process computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.capacity import at_stake
from geoecon.case import Case, case_of_texts, load_case
from geoecon.dispute import SIDES
from geoecon.draws import Draws
from geoecon.errors import InputError
from geoecon.figure import Figure
from geoecon.line import STAGES, known, stages
from geoecon.past_error import Measured, past_of
from geoecon.questions.targets import towards
from geoecon.result import Result, Sample
from geoecon.scorecard import in_words, unit_of

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


@dataclass(frozen=True)
class Told:
    """How the line tells a measure: all that its figure has but the draws."""

    sample: Sample
    sources: frozenset[str]
    verified: bool

    def figure(self, values: Array) -> Figure:
        """The figure of draws (draw,), as the line makes it: median and band with past error, or a chance."""
        return replace(self.sample, values=values).figure(self.sources, self.verified)


def told(question: Question, central: Draws, drawn: Draws) -> tuple[dict[str, Told], dict[str, str]]:
    """(how each measure is told, stages skipped with the reason), by one run at central values.

    A prediction that is an outcome of its stage as well is that outcome. What is at stake is that of all draws.
    """
    case = question.case()
    skipped: dict[str, str] = {}
    found: dict[str, Told] = {}
    for stage, result in stages(case, central, until=question.until, skip=UNDRAWN):
        if not isinstance(result, Result):
            skipped[stage.name] = str(result)
            continue
        known_of = result.sources, bool(getattr(result, "verified", False))
        samples: Mapping[str, Sample] = result.samples()
        for key, one in samples.items():
            past = replace(one.past, at_stake=_stake(case, drawn, one.past.at_stake)) if one.past else None
            found[f"{stage.name}|{key}|"] = Told(replace(one, past=past), *known_of)
        for metric, of in result.predictions():
            if f"{metric}.{of}" not in samples:
                found[f"{stage.name}|{metric}|{of}"] = Told(_predicted(case, metric, of), *known_of)
    return found, skipped


def _stake(case: Case, drawn: Draws, central: Mapping[str, float]) -> Mapping[str, float]:
    """What is at stake by all draws, for the states, or for the sides of a state of the dispute, of the central run."""
    sides = {side: case.in_role(side)[0] for side in SIDES if side in central}
    stakes = at_stake(case, drawn, whole=bool(sides)) if central else {}
    return {one: stakes.get(sides.get(one, one), 0.0) for one in central}


def _predicted(case: Case, metric: str, of: str) -> Sample:
    """What the evidence will score, with the error that such forecasts have had."""
    unit, period = unit_of(metric), f"{case.start} to {case.end}"
    counted = Measured(metric, unit) if unit and "probability" not in metric else None
    return Sample(np.zeros(1), unit, period, in_words(case, metric, of), counted=counted, past=past_of(case))


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
