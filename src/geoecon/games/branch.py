"""Follows the branch of equilibria from precision 0, and looks for others beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from geoecon.errors import InputError, NotConverged
from geoecon.games.arrays import Array, StochasticGame, stochastic_game
from geoecon.games.system import MOST_STEPS, TOLERANCE, Equilibrium, System

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from numpy.typing import ArrayLike

    from geoecon.games.arrays import Names


SMALLEST = 1e-7  # arc length below which the follower gives up
CORRECTIONS = 7  # Newton steps of a corrector
ON_THE_WAY, AT_THE_END = 1e-6, 1e-12  # residuals that end a corrector; near the end as long as it still helps
DISTINCT = 1e-4  # by how much a probability must differ for two solutions to count as two
CURVED = 0.05  # largest first correction, as a share of the step: longer ones may lead to another branch
CLOSE = 0.02  # arc length at which a change of the determinant's sign is taken for a branch point, no longer a jump


@dataclass
class Point:
    """A point of the branch: y, V, precision; and, for a tangent, a direction of the same shape."""

    y: Array
    V: Array
    precision: float

    def plus(self, other: Point, width: float) -> Point:
        return Point(self.y + width * other.y, self.V + width * other.V, self.precision + width * other.precision)

    def dot(self, other: Point, states: int) -> float:
        """Inner product in which a game of many states counts no more than one of few."""
        inner = float(self.y @ other.y) + float((self.V * other.V).sum())
        return inner / states + self.precision * other.precision


def solve_game(
    game: StochasticGame, precision: float, *, search: int = 0, seed: int = 0, most_steps: int = MOST_STEPS
) -> Equilibrium:
    """Logit equilibrium on the principal branch at `precision` (lambda).

    search: number of random starts from which other equilibria at the same precision are looked for. Raises
    InputError for a precision below zero, NotConverged with precision reached and residual where the path stops.
    """
    if not np.isfinite(precision) or precision < 0:
        raise InputError(f"precision {precision}; allowed: a finite number from 0")
    unit = unit_of(game)
    small = in_units_of(game, unit)
    system = System(small)
    y, V = system.start()
    point, steps, turns, crossed = follow(system, Point(y, V, 0.0), float(precision) * unit, most_steps, unit)
    residual = system.evaluate(point.y, point.V, point.precision)
    solved = Equilibrium(
        small, point.precision, system.strategies(), point.V, residual, steps, turns, tuple(crossed), notes=game.notes
    )
    if search:
        solved = replace(solved, others=others(solved, search, seed), searched=search)
    return given_back(solved, game, unit)


def unit_of(game: StochasticGame) -> float:
    """The power of two next to the largest pay-off: what a path of equilibria may be measured in."""
    largest = max(float(np.abs(table).max()) for table in game.payoffs)
    return float(2.0 ** np.round(np.log2(largest))) if 0 < largest < np.inf else 1.0


def in_units_of(game: StochasticGame, unit: float) -> StochasticGame:
    """The same game with pay-offs counted in `unit`; precision counts in its inverse."""
    return replace(game, payoffs=tuple(table / unit for table in game.payoffs))


def given_back(solved: Equilibrium, game: StochasticGame, unit: float) -> Equilibrium:
    """An equilibrium of a game counted in `unit` as one of the game as it was given."""
    return replace(
        solved,
        game=game,
        precision=solved.precision / unit,
        values=solved.values * unit,
        branch_points=tuple(p / unit for p in solved.branch_points),
        others=tuple(given_back(other, game, unit) for other in solved.others),
    )


class Followed(Protocol):
    """A system of equations in (y, V) and one precision whose solution is followed as the precision grows."""

    sign: float
    shape: tuple[int, int]

    def evaluate(self, y: Array, V: Array, precision: float, /) -> float: ...

    def solve(self, along: bool = False) -> list[tuple[Array, Array]]: ...


def follow(
    system: Followed, point: Point, goal: float, most: int, unit: float = 1.0
) -> tuple[Point, int, int, list[float]]:
    """From a solution to the first one at precision `goal`: the point, steps, folds, precisions of branch points.

    unit: what the pay-offs of the system are counted in, so that messages name precision as the user knows it.
    """
    states = system.shape[0]
    residual = system.evaluate(point.y, point.V, point.precision)
    if goal == point.precision:
        return point, 0, 0, []
    tangent, sign = _tangent(system, None, states)
    width, turns, crossed = 0.5, 0, []
    before: tuple[float, Point] | None = None
    tries = 0
    for steps in range(1, most + 1):
        while True:
            tries += 1
            rest = goal - point.precision
            last = tangent.precision > 0 and width * tangent.precision >= rest
            step = rest / tangent.precision if last else width
            guess = _predict(point, tangent, before, step)
            if last:
                guess.precision = goal
            found, rounds, residual = _correct(system, guess, tangent, last, step, states)
            if found is not None:
                after, new_sign = _tangent(system, tangent, states)
                # a new sign without a fold: a branch point was passed, or the step jumped to another branch
                passed = new_sign * sign < 0 and after.precision * tangent.precision > 0
                if not passed or step <= CLOSE:
                    break
            width = step / 2
            if width < SMALLEST or tries > 4 * most:
                raise NotConverged(f"path stopped at precision {point.precision / unit:.6g}", residual, steps,
                                   f"precision {goal / unit:g} was asked")  # fmt: skip
        if passed:
            crossed.append(_branch_point(system, point, found, sign))
            system.evaluate(found.y, found.V, found.precision)
        turns += after.precision * tangent.precision < 0
        before, point, tangent, sign = (step, tangent), found, after, new_sign
        if last:
            return point, steps, int(turns), crossed
        width = step * (2.0 if rounds <= 2 else 1.4 if rounds == 3 else 0.8)
    raise NotConverged(f"path stopped at precision {point.precision / unit:.6g}", residual, most,
                       f"precision {goal / unit:g} was asked")  # fmt: skip


def _predict(point: Point, tangent: Point, before: tuple[float, Point] | None, step: float) -> Point:
    """The next point by the tangent and, from the tangent before, its bend."""
    guess = point.plus(tangent, step)
    if before is None:
        return guess
    width, old = before
    bend = step * step / (2 * width)
    return guess.plus(tangent, bend).plus(old, -bend)


def _tangent(system: Followed, before: Point | None, states: int) -> tuple[Point, float]:
    """Unit tangent at the point evaluated last, in the direction of travel; and the sign of the determinant."""
    (dy, dV) = system.solve(along=True)[1]
    found = Point(dy, dV, 1.0)
    length = np.sqrt(found.dot(found, states))
    if before is not None and found.dot(before, states) < 0:
        length = -length
    return Point(dy / length, dV / length, 1.0 / length), system.sign


def _correct(
    system: Followed, guess: Point, tangent: Point, fixed: bool, step: float, states: int
) -> tuple[Point | None, int, float]:
    """Newton steps back to the branch, at right angles to the tangent, or at fixed precision on the last step."""
    point, earlier, residual = guess, np.inf, np.inf
    for rounds in range(CORRECTIONS):
        residual = system.evaluate(point.y, point.V, point.precision)
        if residual < (AT_THE_END if fixed else ON_THE_WAY):
            return point, rounds, residual
        if not residual < 0.5 * earlier:
            return point if residual < _attainable(point.precision) else None, rounds, residual
        earlier = residual
        (ay, aV), (by, bV) = system.solve(along=True)
        newton, along = Point(ay, aV, 0.0), Point(by, bV, 1.0)
        if fixed:
            change = newton
        else:
            drift = point.plus(guess, -1.0).plus(newton, 1.0)
            slope = tangent.dot(along, states)
            change = newton.plus(along, -tangent.dot(drift, states) / slope)
        if rounds == 0 and np.sqrt(change.dot(change, states)) > CURVED * abs(step):
            return None, rounds, residual
        point = point.plus(change, 1.0)
    return None, CORRECTIONS, residual


def _attainable(precision: float) -> float:
    """Smallest residual worth asking for: log odds of large precision times pay-off are known to so many digits."""
    return float(max(TOLERANCE, 4 * np.finfo(float).eps * precision))


def _branch_point(system: Followed, left: Point, right: Point, sign: float) -> float:
    """Precision between two points at which the determinant changes its sign, by bisection."""
    low, high = 0.0, 1.0
    precision = left.precision
    for _ in range(20):
        middle = (low + high) / 2
        precision = left.precision + middle * (right.precision - left.precision)
        y, V = left.y + middle * (right.y - left.y), left.V + middle * (right.V - left.V)
        if _newton(system, y, V, precision, 6) is None:
            break
        system.solve()
        low, high = (middle, high) if system.sign * sign > 0 else (low, middle)
    return float(precision)


def others(solved: Equilibrium, starts: int, seed: int) -> tuple[Equilibrium, ...]:
    """`other_equilibria` of a game whose pay-offs are of the order of one."""
    system = System(solved.game)
    rng = np.random.default_rng(seed)
    known = [np.concatenate([mixed for state in solved.strategies for mixed in state])]
    found: list[Equilibrium] = []
    for _ in range(starts):
        width = (1 + solved.precision) ** rng.random()  # from near random play to near pure
        y = np.concatenate([_random_odds(rng, len(mixed), width) for state in solved.strategies for mixed in state])
        V = solved.values * (1 + 0.1 * rng.standard_normal(solved.values.shape))
        landed = _newton(system, y, V, solved.precision)
        if landed is None:
            continue
        V, residual = landed
        if all(np.abs(system.sigma - seen).max() > DISTINCT for seen in known):
            known.append(system.sigma.copy())
            found.append(Equilibrium(solved.game, solved.precision, system.strategies(), V, residual))
    return tuple(found)


def _random_odds(rng: np.random.Generator, actions: int, width: float) -> Array:
    y = rng.standard_normal(actions) * width
    return np.asarray(y - y[0])


def _newton(system: Followed, y: Array, V: Array, precision: float, most: int = 60) -> tuple[Array, float] | None:
    """Newton steps with halving from any point; None where they lead nowhere."""
    residual = system.evaluate(y, V, precision)
    for _ in range(most):
        if residual < TOLERANCE / 10:
            return V, residual
        if not np.isfinite(residual):
            return None
        ((dy, dV),) = system.solve()
        share = 1.0
        while share > 1e-3:
            trial = system.evaluate(y + share * dy, V + share * dV, precision)
            if trial < residual * (1 - 0.1 * share):
                break
            share /= 2
        else:
            return None
        y, V, residual = y + share * dy, V + share * dV, trial
    return None


def quantal_response(
    payoffs: Sequence[ArrayLike],
    transitions: Sequence[ArrayLike],
    discount: ArrayLike,
    precision: float,
    **names: Unpack[Names],
) -> Equilibrium:
    """`solve_game` on arrays: see `stochastic_game` for their shapes."""
    return solve_game(stochastic_game(payoffs, transitions, discount, **names), precision)
