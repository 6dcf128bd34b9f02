"""One scenario on the paired draws of a run: what changes, draw by draw, and why a cell does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from geoecon.case import Case
from geoecon.draws import sample
from geoecon.errors import InputError
from geoecon.figure import Array, Figure
from geoecon.line import STAGES, Answer, Assessment, Memo, refuse_unread
from geoecon.questions.outcome import POINTS, SHARE, Outcome, Row
from geoecon.questions.scenarios import Scenario
from geoecon.result import Result, Sample

PAIRED = 40  # of the run's own draws that scenarios go through, so that they cost less than the run

SKIPPED = tuple(name for name, stage in STAGES.items() if not stage.resolved)

UNREAD = "nothing in it depends on this"

SAME = "solved again, the same in every run"


def leads(results: Mapping[str, Result]) -> dict[str, Sample]:
    """The outcomes that a what-if shows: {"stage.key": sample}."""
    return {
        f"{stage}.{key}": one
        for stage, result in results.items()
        for key, one in result.samples().items()
        if one.lead and STAGES[stage].resolved
    }


class Pairs:
    """The line on a run's own draws, for the case as it stands and for any scenario of it."""

    def __init__(self, memo: Memo[None], told: Assessment):
        self.memo, self.told, self.few = memo, told, min(PAIRED, told.draws)
        first = "" if self.few == told.draws else f", first {self.few}"
        self.place = f"{told.case.folder}{first}"  # without fewer draws the run's, whose stages are then kept
        self.base = self.answers(told.case)
        self.shown: dict[str, Figure] = {}

    def answers(self, case: Case) -> dict[str, Answer[None]]:
        """Every stage that is solved again, and the reads checked. Raises InputError for a key that none reads."""
        drawn = sample(case.parameters, self.told.draws, self.told.seed)
        if self.few < self.told.draws:
            drawn = drawn.only(slice(0, self.few + 1))
        found = self.memo.solve(case, self.place, drawn, skip=SKIPPED, asked=True)
        refuse_unread(case, {read for answer in found.values() for read in answer.reads})
        return found

    @cached_property
    def risk(self) -> tuple[float | None, float | None]:
        """What is feared and lost in the paired runs, as the case stands."""
        return risk_of(self.base.values())

    @cached_property
    def whole_risk(self) -> tuple[float | None, float | None]:
        """The same in all runs."""
        return risk_of(self.told.results.values())

    def figure(self, key: str, whole: Sample) -> Figure:
        """The base's own figure of an outcome."""
        if key not in self.shown:
            stage = key.partition(".")[0]
            result = self.told.results.get(stage) or self.base[stage].result
            self.shown[key] = whole.figure(result.sources if result is not None else frozenset(), False)
        return self.shown[key]


def row_of(one: Scenario, before: Mapping[str, Sample], pairs: Pairs) -> Row:
    try:
        answers = pairs.answers(pairs.told.case.with_scenario(**one.changes))
    except InputError as fault:
        return Row(one.label, one.changes, {}, str(fault))
    cells = {key: _cell(key, answers, before[key], pairs) for key in before}
    touched = any(answers[name].token != pairs.base[name].token for name in _risky(pairs.base))
    whole, base = pairs.whole_risk, pairs.risk
    if not touched:
        return Row(one.label, one.changes, cells, "", *whole)
    chance, loss = risk_of(answers.values())
    return Row(one.label, one.changes, cells, "", None if chance is None else likely(chance, base[0], whole[0]),
               None if loss is None else level(loss, base[1], whole[1]))  # fmt: skip


def level(after: float, paired: float | None, whole: float | None) -> float:
    """The value in all runs: the base's, moved by as much as the scenario moves it in the paired runs; in proportion
    where all have one sign, and nothing at most where none is a gain, so that a loss stays a loss."""
    if paired is None or whole is None:
        return after
    if after * paired > 0 and whole * paired > 0:
        return after * whole / paired
    moved = whole + (after - paired)
    return max(moved, 0.0) if min(after, paired, whole) >= 0 else moved


def likely(after: float, paired: float | None, whole: float | None) -> float:
    """The same of a probability, in odds; what is so in all of the paired runs, or in none, is said as such."""
    if paired is None or whole is None or not all(0 < one < 1 for one in (after, paired, whole)):
        return after
    odds = after / (1 - after) * (1 - paired) / paired * whole / (1 - whole)
    return odds / (1 + odds)


def _risky(answers: Mapping[str, Answer[None]]) -> list[str]:
    """Stages that say how likely and how large the loss is."""
    return [name for name, one in answers.items() if any(sample.role for sample in one.samples().values())]


def results_of(answers: Mapping[str, Answer[None]]) -> dict[str, Result]:
    return {name: answer.result for name, answer in answers.items() if answer.result is not None}


def risk_of(results: Iterable[Result | Answer[None]]) -> tuple[float | None, float | None]:
    """Chance of what is feared, and the loss of the target in the middle, as its figure tells it."""
    samples = [one for result in results for one in result.samples().values()]
    happens = next((one.values for one in samples if one.role == "chance"), None)
    lost = next((one for one in samples if one.role == "loss"), None)
    rows = slice(1, None) if happens is not None and len(happens) > 1 else slice(None)
    chance = None if happens is None else float(np.mean(happens[rows]))
    return chance, None if lost is None else lost.figure(frozenset(), False).value


def _cell(key: str, answers: Mapping[str, Answer[None]], whole: Sample, pairs: Pairs) -> Outcome:
    stage, _, name = key.partition(".")
    now, then = answers[stage], pairs.base[stage]
    base = pairs.figure(key, whole)
    if now.result is None or then.result is None:
        return Outcome(None, None, str(now.reason or then.reason))
    if now.token == then.token:
        return Outcome(base, None, UNREAD)
    after, earlier = now.samples().get(name), then.samples().get(name)
    if after is None or earlier is None:
        return Outcome(None, None, "not known under this assumption")
    with np.errstate(invalid="ignore"):
        moved = np.asarray(after.values, dtype=float) - earlier.values
    if np.all(np.abs(moved) <= whole.noise):
        return Outcome(base, None, SAME)
    shown = as_shown(after.figure(base.sources, False), earlier.figure(base.sources, False), base)
    change = _change(whole, moved, base, shown)
    if change.value is None or base.value is None:
        return Outcome(None, None, "no finite difference")
    return Outcome(shown, change)


def as_shown(after: Figure, paired: Figure, base: Figure) -> Figure:
    """The figure under a scenario at the level of all runs, where the scenario was solved on the first of them alone.

    What is the same in every run keeps its value.
    """
    if after.value is None or after.low == after.high is not None:
        return after
    if after.unit == SHARE:
        return replace(after, value=likely(after.value, paired.value, base.value))
    value = level(after.value, paired.value, base.value)
    if after.low is None or after.high is None:
        return replace(after, value=value)
    low, high = level(after.low, paired.low, base.low), level(after.high, paired.high, base.high)
    return replace(after, value=value, low=min(low, value), high=max(high, value))


def _change(whole: Sample, moved: Array, base: Figure, shown: Figure) -> Figure:
    """The change of a probability in percentage points, of anything else the median change with its band."""
    if whole.event:
        points = None if shown.value is None or base.value is None else 100 * (shown.value - base.value)
        return Figure(points, POINTS, base.period, base.sources, False, label=base.label)
    return Figure.of(moved, whole.unit, base.period, base.sources, False, base.label)
