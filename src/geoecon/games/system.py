"""Logit quantal response equilibrium of any finite stochastic game: the branch that starts at uniform play.

McKelvey & Palfrey 1995; Markov form: Breitmoser, Tan & Zizzo 2010, Eibelshäuser & Poensgen 2019. Predictor-corrector
steps along arc length (Allgower & Georg 1990) with the exact Jacobian, states eliminated one by one (elimination.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from geoecon.games import elimination, factors
from geoecon.games.arrays import Array, StochasticGame
from geoecon.games.flat import Flat, flatten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

TINY = np.finfo(float).tiny
TOLERANCE = 1e-9  # largest residual of a solution, in log odds and payoff units
INEXACT = 1e-4  # relative residual of a linear system that is solved by products
DENSE = 450  # unknown values up to which the reduced system is factored as a matrix
MOST_STEPS = 2000


@dataclass(frozen=True)
class Equilibrium:
    """A logit equilibrium of a game. strategies[state][player] (actions,); values (state, player).

    precision is the one reached, residual the largest violation of the equations there. `turns`: how often the branch
    folded back on the way; `branch_points`: precisions near which other branches leave it; `others`: further
    equilibria at this precision that were found from `searched` random starts; `notes`: what else a reader must know.
    """

    game: StochasticGame = field(repr=False)
    precision: float
    strategies: tuple[tuple[Array, ...], ...] = field(repr=False)
    values: Array
    residual: float
    steps: int = 0
    turns: int = 0
    branch_points: tuple[float, ...] = ()
    others: tuple[Equilibrium, ...] = ()
    searched: int = 0
    notes: tuple[str, ...] = ()

    def strategy(self, state: str, player: str) -> dict[str, float]:
        """Probability of every action of a player in a state, by its label."""
        s, i = self.game.states.index(state), self.game.players.index(player)
        return dict(zip(self.game.actions[s][i], map(float, self.strategies[s][i]), strict=True))

    def regret(self) -> float:
        """The most that any player could gain in any state by one deviation, in payoff units."""
        worst = 0.0
        for _, _, gains, mixed in _payoffs(self):
            worst = max(worst, float(gains.max() - gains @ mixed))
        return worst

    def to_frame(self) -> pd.DataFrame:
        """Tidy: state, player, action, probability, payoff, value."""
        import pandas as pd

        rows = []
        for s, i, gains, mixed in _payoffs(self):
            for label, probability, payoff in zip(self.game.actions[s][i], mixed, gains, strict=True):
                rows.append((self.game.states[s], self.game.players[i], label, probability, payoff, self.values[s, i]))
        return pd.DataFrame(rows, columns=["state", "player", "action", "probability", "payoff", "value"])

    def sentence(self) -> str:
        """What was solved, how well, and what else was found."""
        largest = max(float(np.abs(table).max()) for table in self.game.payoffs)
        text = f"Precision {self.precision:g} reached in {self.steps} steps, residual {self.residual:.1e}"
        text += f"; per {self.game.unit}, the largest is {largest:g}"
        text += f", discount a {self.game.period}: {', '.join(f'{d:g}' for d in self.game.discount)}"
        text += "; this is the principal branch, the one that starts where all play at random"
        if self.branch_points:
            text += f"; other branches leave near precision {', '.join(f'{p:.4g}' for p in self.branch_points)}"
        if self.turns:
            text += f"; the branch folded back {self.turns} times"
        text += f"; {self._search()}"
        return "; ".join([text, *self.notes]) + "."

    def _search(self) -> str:
        """What is known of other equilibria at this precision."""
        if self.others:
            return f"{len(self.others)} more equilibria at this precision"
        if self.searched:
            return f"no other found at this precision from {self.searched} random starts, which proves none"
        return "others at this precision may exist and were not looked for"


def _payoffs(solved: Equilibrium) -> list[tuple[int, int, Array, Array]]:
    """(state, player, payoff of every action against the others' play, own probabilities)."""
    system = System(solved.game)
    system.evaluate(system.pack(solved.strategies), solved.values, solved.precision)
    rows = system.flat.row
    found = []
    for s, strategies in enumerate(solved.strategies):
        at = rows[s]
        for i, mixed in enumerate(strategies):
            found.append((s, i, system.Q[at : at + len(mixed)].copy(), mixed))
            at += len(mixed)
    return found


class System:
    """Equations (E1) and (E2) of a game and their linear solves; scratch arrays are kept between calls.

    A point is y (A,), log odds against the first action of a player, and V (S, N).
    """

    def __init__(self, game: StochasticGame):
        self.game, self.flat = game, flatten(game)
        flat = self.flat
        S, N = len(game.states), len(game.players)
        size = np.diff(flat.row)
        widest, actions = int(size.max()), int(flat.row[-1])
        self.shape = (S, N)
        self.args = tuple(getattr(flat, name) for name in Flat.__dataclass_fields__)
        self.sigma, self.Q, self.Fy, self.h = (np.zeros(actions) for _ in range(4))
        self.W, self.FV = np.zeros((int(flat.profile[-1]), N)), np.zeros((S, N))
        self.C, self.E = np.zeros((S, N, widest)), np.zeros((S, N, 2))
        self.K, self.swaps = np.zeros((S, widest, widest)), np.zeros((S, widest), dtype=np.int64)
        self.values = np.zeros(int(size @ np.diff(flat.near)))
        self.precision, self.sign = 0.0, 1.0

    def start(self) -> tuple[Array, Array]:
        """The point at precision 0: the reference weights, and the values of playing them."""
        y, V = self.flat.weight - self.flat.weight[self.flat.first], np.zeros(self.shape)
        self.evaluate(y, V, 0.0)
        return y, self.solve()[0][1]

    def pack(self, strategies: Sequence[Sequence[Array]]) -> Array:
        """Log odds of given strategies; an action too rare for a number keeps the smallest one."""
        logs = np.log(np.maximum(np.concatenate([mixed for state in strategies for mixed in state]), TINY))
        return np.asarray(logs - logs[self.flat.first])

    def strategies(self) -> tuple[tuple[Array, ...], ...]:
        """The strategies at the point evaluated last."""
        starts = np.unique(self.flat.first)
        each = [mixed.copy() for mixed in np.split(self.sigma, starts[1:])]
        N = self.shape[1]
        return tuple(tuple(each[s * N : (s + 1) * N]) for s in range(self.shape[0]))

    def evaluate(self, y: Array, V: Array, precision: float) -> float:
        """Residual at a point; prepares `solve`."""
        self.precision = precision
        return float(elimination.respond(
            self.args, y, V, precision, self.sigma, self.W, self.Q, self.Fy, self.FV
        ))  # fmt: skip

    def solve(self, along: bool = False) -> list[tuple[Array, Array]]:
        """Newton step at the point evaluated last and, with `along`, the derivative of the solution in precision."""
        self.sign = elimination.linearise(self.args, self.precision, self.sigma, self.W, self.Q, self.Fy, self.FV,
                                          self.K, self.swaps, self.C, self.E, self.values)  # fmt: skip
        found = []
        for number, dV in enumerate(self._reduced(2 if along else 1)):
            dy = np.empty_like(self.sigma)
            elimination.choices_after(self.args, self.precision, self.values, dV, self.Fy, self.Q, number == 1,
                                      self.K, self.swaps, self.h, dy)  # fmt: skip
            found.append((dy, dV))
        return found

    def _reduced(self, sides: int) -> list[Array]:
        """Solves (I - C R) dV = E: by factors where small, else by GMRES, with factors as the last resort."""
        n = self.shape[0] * self.shape[1]
        right = self.E.reshape(n, 2)[:, :sides]
        if n > DENSE:
            found = [gmres(self._product, side) for side in right.T]
            if all(x is not None for x in found):
                return [x.reshape(self.shape) for x in found if x is not None]
        matrix, swaps = np.empty((n, n)), np.empty(n, dtype=np.int64)
        elimination.reduced_matrix(self.args, self.C, self.values, matrix)
        self.sign *= factors.factor(matrix, n, swaps)
        right = np.ascontiguousarray(right.T)
        for side in right:
            factors.solve(matrix, n, swaps, side)
        return [side.reshape(self.shape) for side in right]

    def _product(self, x: Array) -> Array:
        out = np.empty(self.shape)
        elimination.reduced_product(self.args, self.C, self.values, x.reshape(self.shape), self.h, out)
        return out.ravel()


def gmres(product: Callable[[Array], Array], b: Array, most: int = 120) -> Array | None:
    """Solution of product(x) = b from zero (Saad & Schultz 1986), or None where `most` vectors do not suffice.

    To INEXACT of b, which costs Newton's method hardly a round (Dembo, Eisenstat & Steihaug 1982).
    """
    size = float(np.linalg.norm(b))
    if size == 0:
        return np.zeros_like(b)
    basis, H = np.empty((most + 1, len(b))), np.zeros((most + 1, most))
    basis[0] = b / size
    rotations, right = np.zeros((most, 2)), np.zeros(most + 1)
    right[0] = size
    for k in range(most):
        w = product(basis[k])
        for _ in range(2):  # twice is enough for orthogonality
            part = basis[: k + 1] @ w
            w = w - part @ basis[: k + 1]
            H[: k + 1, k] += part
        H[k + 1, k] = np.linalg.norm(w)
        basis[k + 1] = w / max(H[k + 1, k], 1e-300)
        for j in range(k):
            c, s = rotations[j]
            H[j, k], H[j + 1, k] = c * H[j, k] + s * H[j + 1, k], c * H[j + 1, k] - s * H[j, k]
        length = float(np.hypot(H[k, k], H[k + 1, k]))
        rotations[k] = H[k, k] / length, H[k + 1, k] / length
        H[k, k], H[k + 1, k] = length, 0.0
        right[k + 1], right[k] = -rotations[k, 1] * right[k], rotations[k, 0] * right[k]
        if abs(right[k + 1]) < INEXACT * size:
            return np.linalg.solve(H[: k + 1, : k + 1], right[: k + 1]) @ basis[: k + 1]
    return None
