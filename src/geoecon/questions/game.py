"""Questions about the game of a case: what matters, the map over what nobody can see, its far future. The losses, ties
and catch-up that it is played with are those of the line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geoecon.bargaining import (
    AnswerMap,
    CentralGame,
    FarFuture,
    GameSensitivity,
    answer_map,
    central_game,
    dispute_of,
    far_future,
    game_sensitivity,
)
from geoecon.case import Case, load_case
from geoecon.draws import sample
from geoecon.line import Assessment, noted, run

if TYPE_CHECKING:
    from geoecon.catchup import Localisation
    from geoecon.triangle import Triangle


def what_matters(case: Case | str | Path, *, base: int = 128, seed: int = 0) -> GameSensitivity:
    """Sobol indices and tornado of who concedes and how long it takes, for a case."""
    return noted(load_case(case), 0, lambda one, _: game_sensitivity(_central(one), base=base, seed=seed))


def issue_map(case: Case | str | Path, *, size: int = 7) -> AnswerMap:
    """The answer of a case over the issue's value and the audience cost."""
    return noted(load_case(case), 0, lambda one, _: answer_map(_central(one), size))


def equilibrium(case: Case | str | Path, *, starts: int = 16) -> FarFuture:
    """The stationary game beyond the dates of a case: principal branch, residual, cross-check, other equilibria."""
    told = _line(case)
    drawn = sample(told.case.parameters)
    dispute = dispute_of(told.case, drawn, told.losses, *_beside(told))
    return far_future(dispute.board, dispute.stakes, dispute.calendar, starts)


def _line(case: Case | str | Path) -> Assessment:
    """The run at central values: what is asked here are differences."""
    return run(load_case(case), draws=0, until="bargaining")


def _central(case: Case | str | Path) -> CentralGame:
    told = _line(case)
    drawn = sample(told.case.parameters)
    return central_game(told.case, drawn, told.losses, *_beside(told))


def _beside(told: Assessment) -> tuple[Triangle | None, Localisation | None]:
    """The alliance and the path of catching up, each None where it has no result."""
    results = told.results
    return told.alliance if "alliance" in results else None, told.catchup if "catchup" in results else None
