"""Every built-in case run blind at each of its cut-offs, and held against what came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from geoecon.case import Case, cases, load_case
from geoecon.errors import InputError, MissingData
from geoecon.line import STAGES, Memo, run
from geoecon.questions import calibrated
from geoecon.questions.trials import CONDITIONS, DRAWS, Evidence, Trial
from geoecon.scorecard import Scorecard

QUARTERLY_DRAWS = 20
UNSCORED = tuple(name for name, stage in STAGES.items() if not stage.scored and name != "evidence")


def evidence(
    case: str | Path | Case = "all",
    *,
    draws: int | None = None,
    seed: int = 0,
    conditions: Sequence[str] = tuple(CONDITIONS),
    quarterly: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Evidence:
    """Blind forecasts of one case, or of all built-in cases, at every cut-off, held against the outcomes.

    `quarterly` adds the first day of each quarter, as long as outcomes lie ahead, to the declared days. Without `draws`
    a forecast has 200, of many quarters 20, whose ends of a band are coarser.
    Raises InputError for an unknown case or condition. A case without outcomes.csv is named in `failed`.
    """
    unknown = [condition for condition in conditions if condition not in CONDITIONS]
    if unknown:
        raise InputError(f"condition {unknown[0]!r}; allowed: " + ", ".join(CONDITIONS))
    chosen = [load_case(one) for one in (cases() if case == "all" else [case])]
    draws = draws if draws is not None else QUARTERLY_DRAWS if quarterly else DRAWS
    trials, failed = [], {}
    for one in chosen:
        one = calibrated.every_quarter(one) if quarterly else one
        for day in one.cutoffs:
            memo: Memo[None] = Memo()  # stages that read no measure are solved once for both conditions
            for condition in conditions:
                told = one.at(day) if condition == "known" else _told(one.at(day), condition)
                name = f"{one.id}, {day}, {condition}"
                if progress:
                    progress(name)
                try:
                    card, lacked = _tried(told, draws, seed, memo)
                except MissingData as gap:
                    failed[name] = str(gap)
                    continue
                trials.append(Trial(one.id, one.title, str(day), condition, card, lacked))
    return Evidence(tuple(trials), failed, draws)


def _tried(case: Case, draws: int, seed: int, memo: Memo[None]) -> tuple[Scorecard, dict[str, str]]:
    """(scorecard, stages lacking with the reason). Where a solver fails, what the others said is scored."""
    done = run(case, draws=draws, seed=seed, memo=memo, skip=UNSCORED)
    if "evidence" not in done.results:
        raise MissingData(done.skipped["evidence"])
    return done.evidence, {name: why for name, why in done.skipped.items() if name != "evidence"}


def _told(case: Case, condition: str) -> Case:
    """The case with its measures as they came; nothing else that is known later."""
    return replace(case, scenario={**case.scenario, "measures": condition})
