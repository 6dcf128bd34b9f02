"""Beyond the last known date: the stationary game, its values by damped steps, and the derivative of its slope."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoecon.bargaining.response import FAST, slope
from geoecon.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoecon.bargaining.numbers import BoardArrays, GameNumbers
    from geoecon.figure import Array


MEMORY = 4  # steps that the mixing remembers
DAMPING = 0.5  # share of the clock rates in the damped step


@njit(fastmath=FAST, cache=True)
def add_turnover(V: Array, turnover: Array, conciliatory: Array, per: int, out: Array) -> None:
    """Beyond the dated elections leaders change at a rate: adds that flow to the slope of every state."""
    for pair in range(4):
        for side in range(2):
            step = 2 if side == 0 else 1
            base = pair & (1 if side == 0 else 2)  # the pair with this side firm
            for x in range(per):
                for i in range(3):
                    mean = (1 - conciliatory[side]) * V[base * per + x, i]
                    mean += conciliatory[side] * V[(base + step) * per + x, i]
                    out[pair * per + x, i] += turnover[side] * (mean - V[pair * per + x, i])


@njit(fastmath=FAST, cache=True, nogil=True)
def settle(
    V: Array, loss: Array, board: BoardArrays, game: GameNumbers, tail: tuple[Array, Array], tol: float, most: int
) -> int:
    """The stationary game beyond the horizon, in place; returns the number of steps taken.

    Damped steps, one rate for all states, mixed over the last MEMORY of them (Anderson 1965).
    """
    per, (turnover, conciliatory) = board[0], tail
    clock, lapse = game[3], game[4]
    size, live, leave = 4 * per, np.arange(4), np.empty(4 * per)
    sigma, scale = np.empty(board[2].shape[0]), np.empty(board[2].shape[0])
    out, last_step, last_point = np.zeros_like(V), np.zeros((size, 3)), np.zeros((size, 3))
    d_step, d_point = np.zeros((MEMORY, size, 3)), np.zeros((MEMORY, size, 3))
    damp = 1.0 / (DAMPING * clock.sum() + lapse + turnover[0])
    for turn in range(most):
        slope(V, live, loss, board, game, sigma, scale, out, leave)
        add_turnover(V, turnover, conciliatory, per, out)
        worst = np.abs(out[:size]).max()
        if worst < tol:
            return turn
        if not worst < np.inf:
            return most
        slot = (turn - 1) % MEMORY
        for x in range(size):
            for i in range(3):
                step = out[x, i] * damp
                if turn > 0:
                    d_step[slot, x, i] = step - last_step[x, i]
                    d_point[slot, x, i] = V[x, i] - last_point[x, i]
                last_step[x, i], last_point[x, i] = step, V[x, i]
                V[x, i] += step
        held = min(turn, MEMORY)
        if held > 0:
            mixed = _weights(d_step[:held], last_step)
            for h in range(held):
                for x in range(size):
                    for i in range(3):
                        V[x, i] -= mixed[h] * (d_point[h, x, i] + d_step[h, x, i])
    return most


@njit(fastmath=FAST, cache=True, nogil=True)
def reference_values(
    V: Array, loss: Array, board: BoardArrays, game: GameNumbers, tail: tuple[Array, Array], tol: float, most: int
) -> int:
    """Values where everybody follows the reference rates for ever (precision 0), in place; returns the rounds taken.

    A linear system, by stabilised biconjugate gradients (van der Vorst 1992), each row scaled by its rate of leaving.
    """
    per, (turnover, conciliatory) = board[0], tail
    size, live, leave = 4 * per, np.arange(4), np.empty(4 * per)
    sigma, scale = np.empty(board[2].shape[0]), np.empty(board[2].shape[0])
    out = np.zeros_like(V)
    V[:] = 0.0
    slope(V, live, loss, board, game, sigma, scale, out, leave)
    given = out[:size].copy()  # of a flow alone: turnover and moves lead from nothing to nothing
    scaled = np.empty((size, 3))
    for x in range(size):
        scaled[x] = 1.0 / (leave[x] + game[2] + turnover.sum())
    found, rest = np.zeros((size, 3)), given * scaled
    first, along = rest.copy(), rest.copy()
    rho, half = _dot(first.ravel(), rest.ravel()), np.empty((size, 3))
    images = np.empty((2, size, 3))
    for turn in range(most):
        if np.abs(rest / scaled).max() < tol:
            V[:size] = found
            return turn
        for part in range(2):
            V[:size] = along if part == 0 else half
            slope(V, live, loss, board, game, sigma, scale, out, leave, True)
            add_turnover(V, turnover, conciliatory, per, out)
            images[part] = (given - out[:size]) * scaled
            if part == 0:
                reach = rho / _dot(first.ravel(), images[0].ravel())
                half[:] = rest - reach * images[0]
        turned = _dot(images[1].ravel(), half.ravel()) / _dot(images[1].ravel(), images[1].ravel())
        found += reach * along + turned * half
        rest[:] = half - turned * images[1]
        new = _dot(first.ravel(), rest.ravel())
        along[:] = rest + new / rho * reach / turned * (along - turned * images[0])
        rho = new
        if not abs(rho) > 0.0:
            return most
    return most


@njit(fastmath=FAST, cache=True)
def _weights(d_step: Array, step: Array) -> NDArray[np.floating]:
    """Least-squares weights that make the mixed step smallest."""
    held = d_step.shape[0]
    gram, right = np.zeros((held, held)), np.zeros(held)
    for g in range(held):
        right[g] = _dot(d_step[g].ravel(), step.ravel())
        for h in range(g + 1):
            gram[g, h] = gram[h, g] = _dot(d_step[g].ravel(), d_step[h].ravel())
    trace = np.trace(gram)
    if not trace > 0.0:
        return np.zeros(held)
    for g in range(held):
        gram[g, g] += 1e-13 * trace
    return np.linalg.solve(gram, right)


@njit(fastmath=FAST, cache=True)
def _dot(a: Array, b: Array) -> float:
    total = 0.0
    for k in range(len(a)):
        total += a[k] * b[k]
    return total


@njit(fastmath=FAST, cache=True)
def slope_change(
    V: Array, dV: Array, dL: float, payoff: Array, board: BoardArrays, game: GameNumbers, tail: tuple[Array, Array],
    sigma: Array, out: Array,
) -> None:  # fmt: skip
    """Change of the slope (B2), elections beyond the horizon included, with dV and with dL of precision.

    V, dV, out (state or exit, player); sigma holds the choices at V, payoff (move,) what a move pays its player.
    """
    per, group, after, lump_of, lapse_to, _ = board
    _, precision, discount, clock, lapse, fade, _, lump = game
    for x in range(4 * per):
        for i in range(3):
            out[x, i] = lapse * (dV[lapse_to[x], i] - dV[x, i]) - (discount[i] + fade) * dV[x, i]
        for j in range(3):
            first, last = group[3 * x + j], group[3 * x + j + 1]
            mean = 0.0
            for m in range(first, last):
                mean += sigma[m] * (precision * dV[after[m], j] + dL * (payoff[m] + V[after[m], j]))
            for m in range(first + 1, last):
                y, k = after[m], lump_of[m]
                more = precision * dV[y, j] + dL * (payoff[m] + V[y, j]) - mean
                for i in range(3):
                    gain = lump[k, i] + V[y, i] - V[x, i]
                    out[x, i] += clock[j] * sigma[m] * (dV[y, i] - dV[x, i] + more * gain)
    add_turnover(dV, tail[0], tail[1], per, out)
