"""Around an equilibrium: that of a changed game, a cross-check without derivatives, others at the same precision."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geoecon.errors import NotConverged
from geoecon.games.arrays import StochasticGame
from geoecon.games.branch import given_back, in_units_of, others, unit_of
from geoecon.games.system import TOLERANCE, Equilibrium, System


def resolve(game: StochasticGame, near: Equilibrium, most: int = 25) -> Equilibrium:
    """The equilibrium of a changed game next to a known one, by Newton steps at the same precision.

    For games that differ by a few per cent. Raises NotConverged; then `solve_game` follows the branch anew.
    """
    unit = unit_of(game)
    system = System(in_units_of(game, unit))
    y, V, precision = system.pack(near.strategies), near.values / unit, near.precision * unit
    residual = np.inf
    for rounds in range(most):
        residual = system.evaluate(y, V, precision)
        if residual < TOLERANCE:
            return Equilibrium(game, near.precision, system.strategies(), V * unit, residual, rounds, notes=game.notes)
        ((dy, dV),) = system.solve()
        y, V = y + dy, V + dV
    raise NotConverged(f"equilibrium next to the known one at precision {near.precision:g}", residual, most)


def damped(game: StochasticGame, precision: float, *, share: float = 0.3, most: int = 20000) -> Equilibrium:
    """Cross-check without derivatives: strategies moved a `share` of the way to their logit responses each round.

    Raises NotConverged where it cycles, as it does on many games of high precision.
    """
    unit = unit_of(game)
    system = System(in_units_of(game, unit))
    y, V = system.start()
    residual = np.inf
    for rounds in range(most):
        residual = system.evaluate(y, V, precision * unit)
        if residual < 10 * TOLERANCE:
            return Equilibrium(game, precision, system.strategies(), V * unit, residual, rounds, notes=game.notes)
        y, V = y - share * system.Fy, V - share * system.FV
        if not np.isfinite(residual):
            break
    raise NotConverged(f"damped iteration at precision {precision:g}", residual, most)


def other_equilibria(solved: Equilibrium, starts: int = 50, seed: int = 0) -> tuple[Equilibrium, ...]:
    """Other equilibria at the same precision, by Newton steps from random strategies. Finding none proves none."""
    unit = unit_of(solved.game)
    small = replace(
        solved, game=in_units_of(solved.game, unit), precision=solved.precision * unit, values=solved.values / unit
    )
    return tuple(given_back(other, solved.game, unit) for other in others(small, starts, seed))
