"""What if: the case under other assumptions, as changes on paired draws. It asks the line and rebuilds nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from geoecon.bargaining import GAME_RUNS
from geoecon.case import Case, load_case
from geoecon.draws import sample
from geoecon.errors import InputError
from geoecon.figure import Array, Figure
from geoecon.line import DRAWS, STAGES, Answer, Assessment, Memo, refuse_unread, run
from geoecon.questions.outcome import POINTS, SHARE, Outcome, Row, in_short, said, sentence, size
from geoecon.questions.scenarios import Scenario, scenarios
from geoecon.result import Result, Sample

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

AS_IT_STANDS = "as it stands"
PAIRED = 40  # of the run's own draws that scenarios go through, so that they cost less than the run
SKIPPED = tuple(name for name, stage in STAGES.items() if not stage.resolved)
FIRST = 4  # outcomes that a terminal of 80 columns shows
UNREAD = "nothing in it depends on this"
SAME = "solved again, the same in every run"


@dataclass(frozen=True, eq=False)
class WhatIf(Result):
    """The case as it stands and under other assumptions, the largest effect first."""

    title: str
    columns: Mapping[str, str]  # outcome: what it says
    rows: tuple[Row, ...]
    draws: int  # the first of the run's, on which scenarios are solved
    runs: int
    sources: frozenset[str]

    METHOD: ClassVar[str] = (
        "The base is the run itself. Each scenario goes through the same line on the same draws (the first 40 of the\n"
        "run's), and a change is the median of the changes draw by draw, so that it is due to the scenario.\n"
        "Values are the base's, moved by as much as in those draws (losses in proportion, chances in odds). The game\n"
        "is played on the first 12 draws. A run keeps the precedent of what others delivered as long as its cut stays\n"
        "what it is, and nearly always where it moves a little; after a much smaller or larger cut it is another. A\n"
        "stage that reads nothing of what a scenario changes is not solved again: its cell says so."
    )

    def on(self) -> str:
        """On how many runs what was solved."""
        if not self.draws:
            return "Solved at central values."
        if self.draws < self.runs:
            first = (
                f"The first row: all {self.runs} runs; the others: moved by what the first {self.draws} of them show"
            )
        else:
            first = f"All rows: the same {self.runs} runs"
        paired = "; changes are the median of the changes run by run, so a value and its change need not add up"
        played = any(key.startswith("game.") for key in self.columns) and self.draws > GAME_RUNS
        return first + (f"; the game, its first row too: the first {GAME_RUNS}" if played else "") + paired + "."

    def caveats(self) -> tuple[str, ...]:
        return (*super().caveats(), self.on())

    @property
    def base(self) -> Row:
        return self.rows[0]

    def to_frame(self) -> pd.DataFrame:
        """Tidy: scenario, outcome, label, value, low, high, unit, change, change_low, change_high, why."""
        import pandas as pd

        rows: list[tuple[object, ...]] = []
        for row in self.rows:
            for key, cell in row.cells.items():
                one, moved = cell.figure or Figure(None, "", ""), cell.change or Figure(None, "", "")
                rows.append((row.label, key, self.columns[key], one.value, one.low, one.high, one.unit,
                             moved.value, moved.low, moved.high, moved.unit, cell.why))  # fmt: skip
            if row.fault:
                rows.append((row.label, "", "", *[None] * 3, "", *[None] * 3, "", row.fault))
        names = ["scenario", "outcome", "label", "value", "low", "high", "unit", "change", "change_low", "change_high",
                 "change_unit", "why"]  # fmt: skip
        return pd.DataFrame(rows, columns=names)

    def summary(self) -> pd.DataFrame:
        """One row a scenario: the value of each outcome and its change, who gives way first; a row that moves nothing
        says why once."""
        import pandas as pd

        heads = in_short(self.columns)
        rows: list[dict[str, str]] = []
        for row in self.rows:
            cells = {heads[key]: said(row.cells.get(key), row.fault) for key in heads}
            if row is not self.base and not row.fault:
                seen = [row.cells[key] for key in list(heads)[:FIRST] if key in row.cells]
                still = all(one.change is None for one in seen)
                quiet = {head: "" if still else "no change" for head, text in cells.items() if text[:9] == "no change"}
                cells |= quiet
                if still:
                    why = [one.why for one in seen if one.why]
                    cells[next(iter(cells))] = f"no change: {max(why, key=why.count)}" if why else "no change"
            rows.append({"scenario": row.label} | cells)
        return pd.DataFrame(rows)

    def figures(self) -> dict[str, Figure]:
        return {
            f"{row.label}|{key}": figure
            for row in self.rows
            for key, cell in row.cells.items()
            if (figure := cell.figure if row is self.base else cell.change) is not None
        }

    def sentences(self) -> list[str]:
        """One a scenario, the largest effect first."""
        heads = in_short(self.columns)
        return [sentence(row, heads) for row in self.rows[1:]] or ["This case names no other assumptions."]

    def sentence(self) -> str:
        return self.sentences()[0]

    def chart(self) -> alt.VConcatChart:
        """The change of the first outcome that moves, by scenario."""
        import pandas as pd

        from geoecon import charts

        moved = {key: [row for row in self.rows[1:] if size(row.cells.get(key)) > 0] for key in self.columns}
        key = next((key for key, rows in moved.items() if rows), next(iter(self.columns)))
        changes = [(row.label, change) for row in moved[key] if (change := row.cells[key].change) is not None]
        frame = pd.DataFrame(
            [(label, one.value, one.low, one.high) for label, one in changes],
            columns=["scenario", "change", "low", "high"],
        )
        unit = changes[0][1].unit if changes else ""
        drawn = charts.bars(frame, "scenario", "change", x_title=unit)
        title = f"{changes[0][0]} moves it most" if changes else "No scenario moves it"
        finished: alt.VConcatChart = charts.finish(drawn, title, f"Change of {self.columns[key]}, {unit}", self.sources)
        return finished


def what_if(
    case: Case | str | Path | Assessment,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    memo: Memo[None] | None = None,
    progress: Callable[[str], None] | None = None,
    **changes: str | float,
) -> WhatIf:
    """The case as it stands and under its own what-ifs (`[[what_if]]` of case.toml, else the usual ones).

    Every `k=v` is one more. With an Assessment its results are the base; `memo` keeps stages that do not change.
    A scenario that fails keeps its row, with the reason. Raises InputError for an unknown key.
    """
    memo = memo or Memo()
    if isinstance(case, Assessment):
        told = case
    else:
        loaded = case if isinstance(case, Case) else load_case(case)
        told = run(loaded, draws=draws, seed=seed, memo=memo)
    asked = [*scenarios(told.case), *(Scenario(f"{key} = {value}", {key: value}) for key, value in changes.items())]
    for key, value in changes.items():
        told.case.with_scenario(**{key: value})  # an unknown key is the caller's fault and no row
    pairs = _Pairs(memo, told)
    before = leads({**results_of(pairs.base), **told.results})
    rows = []
    for one in asked:
        if progress:
            progress(one.label)
        rows.append(_row(one, before, pairs))
    rows.sort(key=lambda row: -row.effect)
    cells = {key: Outcome(pairs.figure(key, one), None) for key, one in before.items()}
    first = Row(AS_IT_STANDS, {}, cells, "", *risk_of({**results_of(pairs.base), **told.results}))
    columns = {key: one.label for key, one in before.items()}
    return WhatIf(told.case.title, columns, (first, *rows), pairs.few, told.draws, told.sources,
                  assumed=told.notes)  # fmt: skip


def leads(results: Mapping[str, Result]) -> dict[str, Sample]:
    """The outcomes that a what-if shows: {"stage.key": sample}."""
    return {
        f"{stage}.{key}": one
        for stage, result in results.items()
        for key, one in result.samples().items()
        if one.lead and STAGES[stage].resolved
    }


class _Pairs:
    """The line on a run's own draws, for the case as it stands and for any scenario of it."""

    def __init__(self, memo: Memo[None], told: Assessment):
        self.memo, self.told, self.few = memo, told, min(PAIRED, told.draws)
        self.base = self.answers(told.case)

    def answers(self, case: Case) -> dict[str, Answer[None]]:
        """Every stage that is solved again, and the reads checked. Raises InputError for a key that none reads."""
        drawn = sample(case.parameters, self.told.draws, self.told.seed)
        place = str(case.folder)  # as the run's, whose stages are then kept
        if self.few < self.told.draws:
            drawn, place = drawn.only(slice(0, self.few + 1)), f"{place}, first {self.few}"
        found = self.memo.solve(case, place, drawn, skip=SKIPPED, asked=True)
        refuse_unread(case, {read for answer in found.values() for read in answer.reads})
        return found

    def figure(self, key: str, whole: Sample) -> Figure:
        """The base's own figure of an outcome."""
        stage = key.partition(".")[0]
        result = self.told.results.get(stage) or self.base[stage].result
        return whole.figure(result.sources if result is not None else frozenset(), False)


def _row(one: Scenario, before: Mapping[str, Sample], pairs: _Pairs) -> Row:
    try:
        answers = pairs.answers(pairs.told.case.with_scenario(**one.changes))
    except InputError as fault:
        return Row(one.label, one.changes, {}, str(fault))
    cells = {key: _cell(key, answers, before[key], pairs) for key in before}
    touched = any(answers[name].token != pairs.base[name].token for name in _risky(pairs.base))
    whole = risk_of(pairs.told.results)
    if not touched:
        return Row(one.label, one.changes, cells, "", *whole)
    chance, loss = risk_of(results_of(answers))
    base = risk_of(results_of(pairs.base))
    return Row(one.label, one.changes, cells, "", None if chance is None else _likely(chance, base[0], whole[0]),
               None if loss is None else _level(loss, base[1], whole[1]))  # fmt: skip


def _level(after: float, paired: float | None, whole: float | None) -> float:
    """The value in all runs: the base's, moved by as much as the scenario moves it in the paired runs; in proportion
    where all have one sign, and nothing at most where none is a gain, so that a loss stays a loss."""
    if paired is None or whole is None:
        return after
    if after * paired > 0 and whole * paired > 0:
        return after * whole / paired
    moved = whole + (after - paired)
    return max(moved, 0.0) if min(after, paired, whole) >= 0 else moved


def _likely(after: float, paired: float | None, whole: float | None) -> float:
    """The same of a probability, in odds; what is so in all of the paired runs, or in none, is said as such."""
    if paired is None or whole is None or not all(0 < one < 1 for one in (after, paired, whole)):
        return after
    odds = after / (1 - after) * (1 - paired) / paired * whole / (1 - whole)
    return odds / (1 + odds)


def _risky(answers: Mapping[str, Answer[None]]) -> list[str]:
    """Stages that say how likely and how large the loss is."""
    return [name for name, one in results_of(answers).items() if any(s.role for s in one.samples().values())]


def results_of(answers: Mapping[str, Answer[None]]) -> dict[str, Result]:
    return {name: answer.result for name, answer in answers.items() if answer.result is not None}


def risk_of(results: Mapping[str, Result]) -> tuple[float | None, float | None]:
    """Chance of what is feared, and the loss of the target in the middle, as its figure tells it."""
    samples = [one for result in results.values() for one in result.samples().values()]
    happens = next((one.values for one in samples if one.role == "chance"), None)
    lost = next((one for one in samples if one.role == "loss"), None)
    rows = slice(1, None) if happens is not None and len(happens) > 1 else slice(None)
    chance = None if happens is None else float(np.mean(happens[rows]))
    return chance, None if lost is None else lost.figure(frozenset(), False).value


def _cell(key: str, answers: Mapping[str, Answer[None]], whole: Sample, pairs: _Pairs) -> Outcome:
    stage, _, name = key.partition(".")
    now, then = answers[stage], pairs.base[stage]
    base = pairs.figure(key, whole)
    if now.result is None or then.result is None:
        return Outcome(None, None, str(now.reason or then.reason))
    if now.token == then.token:
        return Outcome(base, None, UNREAD)
    after, earlier = now.result.samples().get(name), then.result.samples().get(name)
    if after is None or earlier is None:
        return Outcome(None, None, "not known under this assumption")
    with np.errstate(invalid="ignore"):
        moved = np.asarray(after.values, dtype=float) - earlier.values
    if np.all(np.abs(moved) <= whole.noise):
        return Outcome(base, None, SAME)
    shown = _shown(after.figure(base.sources, False), earlier.figure(base.sources, False), base)
    change = _change(whole, moved, base, shown)
    if change.value is None or base.value is None:
        return Outcome(None, None, "no finite difference")
    return Outcome(shown, change)


def _shown(after: Figure, paired: Figure, base: Figure) -> Figure:
    """The figure under a scenario at the level of all runs, where the scenario was solved on the first of them alone.

    What is the same in every run keeps its value.
    """
    if after.value is None or after.low == after.high is not None:
        return after
    if after.unit == SHARE:
        return replace(after, value=_likely(after.value, paired.value, base.value))
    value = _level(after.value, paired.value, base.value)
    if after.low is None or after.high is None:
        return replace(after, value=value)
    low, high = _level(after.low, paired.low, base.low), _level(after.high, paired.high, base.high)
    return replace(after, value=value, low=min(low, value), high=max(high, value))


def _change(whole: Sample, moved: Array, base: Figure, shown: Figure) -> Figure:
    """The change of a probability in percentage points, of anything else the median change with its band."""
    if whole.event:
        points = None if shown.value is None or base.value is None else 100 * (shown.value - base.value)
        return Figure(points, POINTS, base.period, base.sources, False, label=base.label)
    return Figure.of(moved, whole.unit, base.period, base.sources, False, base.label)
