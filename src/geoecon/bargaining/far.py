"""The far future of a dispute as an equilibrium of its own: its branch from the reference rates on, and others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geoecon.bargaining import response, stationary
from geoecon.bargaining.course import Calendar, losses_over_time
from geoecon.bargaining.game import EXITS, PLAYERS, Board
from geoecon.bargaining.numbers import board_arrays, game_numbers, no_values, payoff_of_moves, turnover_numbers
from geoecon.bargaining.payoffs import Array, Stakes
from geoecon.errors import NotConverged
from geoecon.games import Point, follow, gmres

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


class StationaryDispute:
    """The stationary game of one draw for the path follower of branch.py; its points have no log odds, only values."""

    def __init__(self, board: Board, stakes: Stakes, calendar: Calendar):
        one = stakes.rows(np.array([0]))
        self.board, self.stakes, self.table = board, one, board_arrays(board)
        self.loss = losses_over_time(one, Calendar(1, calendar.remaining[:1, -2:]), 1)[0, -1]
        self.goal = float(one.precision[0])
        self.rates = turnover_numbers(one, 0)
        self.payoff = payoff_of_moves(board, one, 0)
        self.size = len(board.states)
        self.shape = (self.size, len(PLAYERS))
        self.V, self.slope = no_values(board), no_values(board)
        self.sigma, self.scratch = np.empty(len(board.moves)), np.empty(len(board.moves))
        self.live, self.sign, self.leave = np.arange(4), 1.0, np.empty(len(board.states))
        self.at(self.goal)
        self.scale = 1 / float(one.clock.sum() + one.lapse[0] + one.turnover.sum())

    def at(self, precision: float) -> None:
        self.game = game_numbers(self.board, self.stakes, 0, precision)

    def evaluate(self, _y: Array, V: Array, precision: float) -> float:
        """Largest slope at a point, in payoff units a month; prepares `solve`."""
        self.at(precision)
        self.V[: self.size] = V
        response.slope(self.V, self.live, self.loss, self.table, self.game, self.sigma, self.scratch, self.slope,
                       self.leave)  # fmt: skip
        stationary.add_turnover(self.V, *self.rates, self.board.per_pair, self.slope)
        return float(np.abs(self.slope[: self.size]).max())

    def _change(self, dV: Array | None, dL: float) -> Array:
        """Change of the scaled slope with the values or with the precision."""
        moved, out = no_values(self.board), no_values(self.board)
        if dV is not None:
            moved[: self.size] = dV.reshape(self.shape)
        stationary.slope_change(self.V, moved, dL, self.payoff, self.table, self.game, self.rates, self.sigma, out)
        return np.asarray(self.scale * out[: self.size].ravel())

    def solve(self, along: bool = False) -> list[tuple[Array, Array]]:
        """Newton step and, with `along`, the derivative of the solution in precision."""
        sides = [self.scale * self.slope[: self.size].ravel()]
        if along:
            sides.append(self._change(None, 1.0))
        found = []
        for side in sides:
            x = gmres(lambda dV: -self._change(dV, 0.0), side, 400)
            if x is None:
                raise NotConverged("linear system of the far future", float("nan"), 400)
            found.append((np.zeros(0), x.reshape(self.shape)))
        return found

    def settled(self, guess: Array) -> Array | None:
        """Where the damped, mixed iteration at the goal ends from a guess; None where it does not settle."""
        V, game = no_values(self.board), game_numbers(self.board, self.stakes, 0, self.goal)
        V[: self.size] = guess
        turns = stationary.settle(V, self.loss, self.table, game, self.rates, SETTLED, MOST)
        return V[: self.size].copy() if turns < MOST else None


def far_future(board: Board, stakes: Stakes, calendar: Calendar, starts: int = 16, seed: int = 0) -> FarFuture:
    """The far future of the first draw: branch, damped cross-check and a search from random values."""
    system = StationaryDispute(board, stakes, calendar)
    goal = system.goal
    V = np.zeros(system.shape)
    for _ in range(3):
        system.evaluate(np.zeros(0), V, 0.0)
        V = V + system.solve()[0][1]
    point, steps, turns, _ = follow(system, Point(np.zeros(0), V, 0.0), goal, 500)
    residual = system.evaluate(point.y, point.V, goal)
    spread = float(np.abs(point.V).max()) + 1
    rng = np.random.default_rng(seed)
    guesses = [np.zeros(system.shape), *(spread * rng.standard_normal(system.shape) for _ in range(starts))]
    landed = [system.settled(guess) for guess in guesses]
    seen = [point.V]
    for values in landed[1:]:
        if values is not None and all(np.abs(values - known).max() > 1e-3 * spread for known in seen):
            seen.append(values)
    gap = float("inf") if landed[0] is None else float(np.abs(landed[0] - point.V).max())
    values = np.concatenate([point.V, np.zeros((len(EXITS), len(PLAYERS)))])
    return FarFuture(values, goal, residual, steps, turns, gap, len(seen) - 1, starts)
