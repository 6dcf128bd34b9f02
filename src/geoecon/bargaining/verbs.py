"""The room's public verbs that need no case: a game or coded disputes from a file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geoecon.bargaining.estimation import Estimate, estimate
from geoecon.errors import Fault, InputError
from geoecon.games import Equilibrium, read_game, solve_game
from geoecon.hazards import shipped


def solve(
    game: str | Path, precision: float, *, search: int = 20, discount: float | None = None, seed: int = 0
) -> Equilibrium:
    """Logit equilibrium of a game from a file, and others at the same precision from `search` random starts."""
    return solve_game(read_game(game, discount=discount), precision, search=search, seed=seed)


def learn(disputes: str | Path | None = None, *, size: int = 200, thin: int = 1, seed: int = 0) -> Estimate:
    """`estimate` on a CSV of coded disputes, or on those that come with the package."""
    if disputes is None:
        table = shipped().table
        return estimate(table.assign(imposed=table["imposed"].astype(int)), size=size, thin=thin, seed=seed)
    path = Path(disputes)
    if not path.is_file():
        raise InputError(Fault(str(path), None, None, "file is missing", "a CSV file of coded disputes"))
    return estimate(pd.read_csv(path), size=size, thin=thin, seed=seed)
