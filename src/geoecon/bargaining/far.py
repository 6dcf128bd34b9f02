"""The far future of a dispute as an equilibrium of its own: its branch from the reference rates on, and others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geoecon.bargaining import clock
from geoecon.bargaining.branch import Point, follow
from geoecon.bargaining.course import GAME, Calendar, arrays, losses_over_time
from geoecon.bargaining.game import EXITS, PLAYERS, Board
from geoecon.bargaining.payoffs import Array, Stakes
from geoecon.bargaining.system import gmres
from geoecon.errors import NotConverged

SETTLED, MOST = 1e-6, 1000  # slope and steps of the damped iteration


@dataclass(frozen=True)
class FarFuture:
    """The stationary game beyond the last known date, of one draw.

    values (state or exit, player); precision reached and residual (largest slope left, payoff units a month) on the
    branch that starts from the reference rates at precision 0; damped_gap: largest difference to the damped
    iteration, infinite where that does not settle; others: further equilibria found from `starts` random starts.
    """

    values: Array
    precision: float
    residual: float
    steps: int
    turns: int
    damped_gap: float
    others: int
    starts: int

    def sentence(self) -> str:
        found = f"{self.others} other equilibria" if self.others else "no other equilibrium"
        return (
            f"Precision {self.precision:g} reached on the principal branch in {self.steps} steps "
            f"({self.turns} folds), residual {self.residual:.1e}; damped iteration differs by {self.damped_gap:.1e}; "
            f"{found} found from {self.starts} random starts."
        )


class ClockSystem:
    """The stationary game of one draw for the path follower of branch.py; its points have no log odds, only values."""

    def __init__(self, board: Board, stakes: Stakes, calendar: Calendar):
        one = stakes.rows(np.array([0]))
        last = losses_over_time(one, Calendar(1, calendar.remaining[:1, -2:]), 1)[0, -1]
        self.board, self.table = board, arrays(board)
        self.loss = np.ascontiguousarray(last[..., None])
        parts = [np.ascontiguousarray(np.moveaxis(getattr(one, name), 0, -1)) for name in GAME]
        self.precision = float(parts[0][0])
        self.game = tuple(parts)
        self.rates = tuple(np.ascontiguousarray(np.moveaxis(part, 0, -1)) for part in (one.turnover, one.conciliatory))
        self.size = len(board.states)
        self.shape = (self.size, len(PLAYERS))
        self.sigma = np.zeros((len(board.moves), 1))
        self.V, self.slope, self.out = (self._column() for _ in range(3))
        self.scale = 1 / float(self.game[2].sum() + self.game[3][0] + self.rates[0].sum())
        self.work = np.empty((clock.WORK, 1))
        self.sign = 1.0

    def _column(self) -> Array:
        return np.zeros((self.size + len(EXITS), len(PLAYERS), 1))

    def at(self, precision: float) -> None:
        self.game[0][:] = precision

    def evaluate(self, y: Array, V: Array, precision: float) -> float:
        """Largest slope at a point, in payoff units a month; prepares `solve`."""
        self.at(precision)
        self.V[: self.size, :, 0] = V
        clock.slope(self.V, np.arange(4), self.loss, self.table, self.game, self.sigma, self.slope, self.work)
        clock.add_turnover(self.V, *self.rates, self.board.per_pair, self.slope)
        return float(np.abs(self.slope[: self.size]).max())

    def _change(self, dV: Array | None, dL: float) -> Array:
        """Change of the scaled slope with the values or with the precision."""
        column = self._column()
        if dV is not None:
            column[: self.size, :, 0] = dV.reshape(self.shape)
        clock.slope_change(self.V, column, dL, self.table, self.game, self.rates, self.sigma, self.out)
        return self.scale * self.out[: self.size, :, 0].ravel()

    def solve(self, along: bool = False) -> list[tuple[Array, Array]]:
        """Newton step and, with `along`, the derivative of the solution in precision."""
        sides = [self.scale * self.slope[: self.size, :, 0].ravel()]
        if along:
            sides.append(self._change(None, 1.0))
        found = []
        for side in sides:
            x = gmres(lambda dV: -self._change(dV, 0.0), side, 1e-9, 400)
            if x is None:
                raise NotConverged("linear system of the far future", float("nan"), 400)
            found.append((np.zeros(0), x.reshape(self.shape)))
        return found


def far_future(board: Board, stakes: Stakes, calendar: Calendar, starts: int = 16, seed: int = 0) -> FarFuture:
    """The far future of the first draw: branch, damped cross-check and a search from random values."""
    system = ClockSystem(board, stakes, calendar)
    goal = system.precision
    V = np.zeros(system.shape)
    for _ in range(3):
        system.evaluate(np.zeros(0), V, 0.0)
        V = V + system.solve()[0][1]
    point, steps, turns, _ = follow(system, Point(np.zeros(0), V, 0.0), goal, 500)
    residual = system.evaluate(point.y, point.V, goal)
    spread = float(np.abs(point.V).max()) + 1
    rng = np.random.default_rng(seed)
    guesses = [np.zeros(system.shape), *(spread * rng.standard_normal(system.shape) for _ in range(starts))]
    landed = [_settled(system, guess) for guess in guesses]
    seen = [point.V]
    for values in landed[1:]:
        if values is not None and all(np.abs(values - known).max() > 1e-3 * spread for known in seen):
            seen.append(values)
    gap = float("inf") if landed[0] is None else float(np.abs(landed[0] - point.V).max())
    values = np.concatenate([point.V, np.zeros((len(EXITS), len(PLAYERS)))])
    return FarFuture(values, goal, residual, steps, turns, gap, len(seen) - 1, starts)


def _settled(system: ClockSystem, guess: Array) -> Array | None:
    """Where the damped, mixed iteration ends from a guess; None where it does not settle."""
    column = system._column()
    column[: system.size, :, 0] = guess
    turns = clock.settle(column, system.loss, system.table, system.game, system.rates, system.sigma, SETTLED, MOST)
    return column[: system.size, :, 0].copy() if turns < MOST else None
