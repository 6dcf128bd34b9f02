"""Choices of the sides and the slope of their values at one moment of the dispute, for one draw of the parameters.

With V_i the value to player i in state x (dot: along backward time), clock rates c_j, choice probabilities p_j(m) and
the state y(m) that move m leads to:

(B1)  p_j(m) = q_m exp(L (g_jm + V_j(y(m)))) / sum over the moves of j        logit with reference weights q
(B2)  dV_i = flow_i - d_i V_i + sum_j c_j sum_m p_j(m) (g_im + V_i(y(m)) - V_i)
             + lapse (V_i(without offer) - V_i) - fade V_i

`board` and `game` are the tuples of `numbers.py`. Values have shape (state or exit, player), choices (move,).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoecon.compiled import njit

if TYPE_CHECKING:
    from geoecon.bargaining.numbers import BoardArrays, GameNumbers
    from geoecon.figure import Array
    from geoecon.kinds import Ints


REACH = 1.2  # largest product of step and rate of leaving a state
FAST = {"nsz", "arcp", "contract", "reassoc", "afn"}


@njit(fastmath=FAST, cache=True)
def exponentials(z: Array, scale: Array) -> None:
    """exp(z) in place for numbers not above zero, to 1e-11, written so that the compiler vectorises it.

    exp(z) = 2^w 2^f with w the whole part of z / ln 2; 2^f by its series around one half; 2^w by setting exponent
    bits in the scratch array `scale`.
    """
    bits = scale.view(np.int64)
    for m in range(z.shape[0]):
        t = max(z[m] * 1.4426950408889634, -1000.0)
        whole = np.floor(t)
        bits[m] = np.int64(np.int32(whole) + 1023) << 52
        y = (t - whole - 0.5) * 0.6931471805599453
        p = 1 / 720 + y * (1 / 5040 + y * (1 / 40320 + y / 362880))
        z[m] = 1.4142135623730951 * (1 + y * (1 + y * (1 / 2 + y * (1 / 6 + y * (1 / 24 + y * (1 / 120 + y * p))))))
    for m in range(z.shape[0]):
        z[m] *= scale[m]


@njit(fastmath=FAST, cache=True)
def weigh(
    first_state: int, last_state: int, V: Array, board: BoardArrays, game: GameNumbers, sigma: Array, scale: Array
) -> None:
    """(B1) but for its denominator: weights of the moves of a range of states, the likeliest of a player one."""
    group, after = board[1], board[2]
    log_weight, precision = game[0], game[1]
    for x in range(first_state, last_state):
        for j in range(3):
            first, last = group[3 * x + j], group[3 * x + j + 1]
            top = -1e300
            for m in range(first, last):
                sigma[m] = log_weight[m] + precision * V[after[m], j]
                top = max(top, sigma[m])
            for m in range(first, last):
                sigma[m] -= top
    first, last = group[3 * first_state], group[3 * last_state]
    exponentials(sigma[first:last], scale[first:last])


@njit(fastmath=FAST, cache=True)
def slope(
    V: Array, live: Ints, loss: Array, board: BoardArrays, game: GameNumbers, sigma: Array, scale: Array, out: Array,
    leave: Array, known: bool = False,
) -> None:  # fmt: skip
    """(B2) in every state of the live pairs of leaders: writes out[state, player], the choices sigma and leave[state].

    leave: the rate at which the state is left, discounting apart; known: sigma holds the choices already.
    """
    per, group, after, lump_of, lapse_to, loss_of = board
    _, _, discount, clock, lapse, fade, flow, lump = game
    for pair in live:
        if not known:
            weigh(pair * per, (pair + 1) * per, V, board, game, sigma, scale)
        for x in range(pair * per, (pair + 1) * per):
            s, t, p = V[x, 0], V[x, 1], V[x, 2]
            k, bare, at = loss_of[x], lapse_to[x], x - pair * per
            ds = flow[at, 0] - loss[k, 0] + lapse * (V[bare, 0] - s) - (discount[0] + fade) * s
            dt = flow[at, 1] - loss[k, 1] + lapse * (V[bare, 1] - t) - (discount[1] + fade) * t
            dp = flow[at, 2] - loss[k, 2] + lapse * (V[bare, 2] - p) - (discount[2] + fade) * p
            gone = fade + (lapse if bare != x else 0.0)
            for j in range(3):
                first, last = group[3 * x + j], group[3 * x + j + 1]
                total = 0.0
                for m in range(first, last):
                    total += sigma[m]
                share = 1.0 / total
                sigma[first] *= share
                gone += clock[j] * (1.0 - sigma[first])
                for m in range(first + 1, last):  # the first move is to hold and changes nothing
                    sigma[m] *= share
                    rate, y, paid = clock[j] * sigma[m], after[m], lump_of[m]
                    ds += rate * (V[y, 0] - s)
                    dt += rate * (V[y, 1] - t)
                    dp += rate * (V[y, 2] - p)
                    if paid > 0:  # class 0: nothing is paid
                        ds += rate * lump[paid, 0]
                        dt += rate * lump[paid, 1]
                        dp += rate * lump[paid, 2]
            out[x, 0], out[x, 1], out[x, 2] = ds, dt, dp
            leave[x] = gone


@njit(fastmath=FAST, cache=True)
def parts_of(step: float, pairs: Ints, board: BoardArrays, game: GameNumbers, choice: Array) -> int:
    """Into how many parts a step must fall so that no state is left faster than the steps can follow."""
    per, group = board[0], board[1]
    clock, lapse, fade = game[3], game[4], game[5]
    fastest = 0.0
    for pair in pairs:
        for x in range(pair * per, (pair + 1) * per):
            rate = lapse + fade
            for j in range(3):
                rate += clock[j] * (1.0 - choice[group[3 * x + j]])
            fastest = max(fastest, rate)
    return 1 + int(step * fastest / REACH)
