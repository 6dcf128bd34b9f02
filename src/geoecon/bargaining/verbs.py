"""The room's public verbs: a case by name or path, plain arguments, the stages before this one run on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from geoecon.bargaining.central import central_game
from geoecon.bargaining.dispute import dispute_of
from geoecon.bargaining.estimation import Estimate, estimate
from geoecon.bargaining.far import FarFuture, far_future
from geoecon.bargaining.importance import AnswerMap, Sensitivity, answer_map, sensitivity
from geoecon.bargaining.variants import Counterfactuals, counterfactuals, upstream
from geoecon.case import Case, load_case
from geoecon.draws import Draws, sample
from geoecon.errors import Fault, InputError
from geoecon.games import Equilibrium, read_game, solve_game


def _prepared(case: Case | str | Path, draws: int, seed: int, changes: dict[str, Any]) -> tuple[Case, Draws, Any]:
    """The case as known at its first cut-off unless it has one set, its draws, and the results bargaining needs."""
    loaded = case if isinstance(case, Case) else load_case(case)
    if not isinstance(case, Case) and loaded.cutoffs:
        loaded = loaded.at(loaded.cutoffs[0])
    changed = loaded.with_scenario(**changes)
    drawn = sample(changed.parameters, draws, seed)
    return changed, drawn, upstream(changed, drawn)


def what_if(
    case: Case | str | Path, *, draws: int = 0, seed: int = 0, month: int | None = None, **changes: str | float
) -> Counterfactuals:
    """The usual counterfactuals of a case, and every `k=v` as one more."""
    loaded, drawn, inputs = _prepared(case, draws, seed, {})
    return counterfactuals(loaded, drawn, **inputs, month=month, changes=changes)


def what_matters(case: Case | str | Path, *, base: int = 128, seed: int = 0) -> Sensitivity:
    """Sobol indices and tornado of who concedes and how long it takes, for a case."""
    loaded, drawn, inputs = _prepared(case, 0, seed, {})
    return sensitivity(central_game(loaded, drawn, **inputs), base=base, seed=seed)


def issue_map(case: Case | str | Path, *, size: int = 7) -> AnswerMap:
    """The answer of a case over the issue's value and the audience cost."""
    loaded, drawn, inputs = _prepared(case, 0, 0, {})
    return answer_map(central_game(loaded, drawn, **inputs), size)


def equilibrium(case: Case | str | Path, *, starts: int = 16) -> FarFuture:
    """The stationary game beyond the dates of a case: principal branch, residual, cross-check, other equilibria."""
    loaded, drawn, inputs = _prepared(case, 0, 0, {})
    dispute = dispute_of(loaded, drawn, **inputs)
    return far_future(dispute.board, dispute.stakes, dispute.calendar, starts)


def solve(
    game: str | Path, precision: float, *, search: int = 20, discount: float | None = None, seed: int = 0
) -> Equilibrium:
    """Logit equilibrium of a game from a file, and others at the same precision from `search` random starts."""
    return solve_game(read_game(game, discount=discount), precision, search=search, seed=seed)


def learn(disputes: str | Path, *, size: int = 200, seed: int = 0) -> Estimate:
    """`estimate` on a CSV of coded disputes."""
    path = Path(disputes)
    if not path.is_file():
        raise InputError(Fault(str(path), None, None, "file is missing", "a CSV file of coded disputes"))
    return estimate(pd.read_csv(path), size=size, seed=seed)
