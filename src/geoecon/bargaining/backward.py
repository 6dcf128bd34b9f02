"""Values of the dated game, from the horizon back to the first day through the elections that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoecon.bargaining.response import FAST, slope
from geoecon.compiled import njit

if TYPE_CHECKING:
    from geoecon.bargaining.numbers import BoardArrays, GameNumbers
    from geoecon.figure import Array
    from geoecon.kinds import Ints, Reals


@njit(fastmath=FAST, cache=True)
def mix(V: Array, side: int, chance: float, per: int) -> None:
    """Values before an election of this side: the chance-weighted values under its two possible leaders."""
    for pair in range(4):
        if ((pair >> 1) if side == 0 else (pair & 1)) == 1:
            continue
        twin = pair + (2 if side == 0 else 1)
        for x in range(per):
            for i in range(3):
                mean = (1 - chance) * V[pair * per + x, i] + chance * V[twin * per + x, i]
                V[pair * per + x, i] = V[twin * per + x, i] = mean


@njit(fastmath=FAST, cache=True)
def engage(V: Array, engage_to: Ints) -> None:
    """The patron steps in on a date: a state with the patron out is worth what it is worth with the patron in."""
    for x in range(engage_to.shape[0]):
        if engage_to[x] != x:
            V[x] = V[engage_to[x]]


@njit(fastmath=FAST, cache=True)
def advance(base: Array, at: Array, slopes: Array, leave: Array, discount: Array, width: float, live: Ints, per: int,
            out: Array) -> None:  # fmt: skip
    """out = base after `width`, with inflow and rate of leaving as they are at `at`, where `slopes` were taken.

    Leaving is integrated exactly (Hochbruck & Ostermann 2010), so that steps need not follow the fastest rate:
    out = base + f(z) width (slopes + rate (at - base)), z = rate x width, f(z) = (1 - exp(-z)) / z by its Padé form.
    """
    for pair in live:
        for x in range(pair * per, (pair + 1) * per):
            for i in range(3):
                rate = leave[x] + discount[i]
                z = rate * width
                share = width / (1.0 + z * (0.5 + z / 12.0))
                out[x, i] = base[x, i] + share * (slopes[x, i] + rate * (at[x, i] - base[x, i]))


@njit(fastmath=FAST, cache=True, nogil=True)
def backward(
    V: Array, step: float, live: Ints, events: Ints, chances: Array, engage_to: Ints, loss: Array, board: BoardArrays,
    game: GameNumbers, policy: Reals, stop: int,
) -> None:  # fmt: skip
    """Values from the horizon back to node `stop`, in place, by exponential midpoint steps; keeps the choices.

    Node t lies t x step months after the start. live[t, pair] marks the pairs of leaders possible in the step from
    t to t + 1; events[t] = (sender elects, target elects, patron engages) at node t; loss[2 t] at the node,
    loss[2 t + 1] half a step later; policy[t, move] receives the choices in the middle of its first steps.
    """
    per, moves = board[0], board[2].shape[0]
    sigma, scale = np.zeros(moves), np.empty(moves)
    k, middle, leave = np.zeros_like(V), V.copy(), np.zeros(V.shape[0])
    discount = game[2]
    for t in range(live.shape[0] - 1, stop - 1, -1):
        pairs = np.flatnonzero(live[t])
        slope(V, pairs, loss[2 * t + 2], board, game, sigma, scale, k, leave)
        advance(V, V, k, leave, discount, 0.5 * step, pairs, per, middle)
        slope(middle, pairs, loss[2 * t + 1], board, game, sigma, scale, k, leave)
        advance(V, middle, k, leave, discount, step, pairs, per, V)
        if t < policy.shape[0]:
            for pair in pairs:
                first, last = board[1][3 * pair * per], board[1][3 * (pair + 1) * per]
                policy[t, first:last] = sigma[first:last]
        if events[t, 2]:
            engage(V, engage_to)
        for side in range(2):
            if events[t, side]:
                mix(V, side, chances[t, side], per)
