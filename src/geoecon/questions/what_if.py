"""What if: the case under other assumptions, as changes on paired draws. It asks the line and rebuilds nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from geoecon.bargaining import GAME_RUNS
from geoecon.case import Case, load_case
from geoecon.figure import Figure
from geoecon.line import DRAWS, Assessment, Memo, known, run
from geoecon.questions.outcome import Outcome, Row, in_short, said, sentence, size
from geoecon.questions.paired import Pairs, leads, results_of, risk_of, row_of
from geoecon.questions.scenarios import Scenario, scenarios
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

AS_IT_STANDS = "as it stands"
FIRST = 4  # outcomes that a terminal of 80 columns shows


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
        "The base is the run itself. The line is solved again as it stands and under each scenario on the same draws:\n"
        "the parameters of the run's first 40, each with a precedent of its own, which the ranks of those 40 give.\n"
        "A change is the median of the changes draw by draw, so that it is due to the scenario.\n"
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
            cells = {heads[key]: said(row.cells.get(key), row.fault, self.base.cells.get(key)) for key in heads}
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
    chosen = case.case if isinstance(case, Assessment) else known(load_case(case))
    for key, value in changes.items():
        chosen.with_scenario(**{key: value})  # an unknown key is the caller's fault and no row
    told = case if isinstance(case, Assessment) else run(chosen, draws=draws, seed=seed, memo=memo)
    asked = [*scenarios(told.case), *(Scenario(f"{key} = {value}", {key: value}) for key, value in changes.items())]
    pairs = Pairs(memo, told)
    before = leads({**results_of(pairs.base), **told.results})
    rows = []
    for one in asked:
        if progress:
            progress(one.label)
        rows.append(row_of(one, before, pairs))
        memo.only_first(pairs.place)
    rows.sort(key=lambda row: -row.effect)
    cells = {key: Outcome(pairs.figure(key, one), None) for key, one in before.items()}
    every = [told.results.get(name, answer) for name, answer in pairs.base.items()]
    first = Row(AS_IT_STANDS, {}, cells, "", *risk_of(every))
    columns = {key: one.label for key, one in before.items()}
    return WhatIf(told.case.title, columns, (first, *rows), pairs.few, told.draws, told.sources,
                  assumed=told.notes)  # fmt: skip
