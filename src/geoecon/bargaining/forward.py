"""Probabilities of the positions and endings of the dispute, from the first day on under the choices made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoecon.bargaining.response import FAST, parts_of
from geoecon.compiled import njit

if TYPE_CHECKING:
    from geoecon.bargaining.numbers import BoardArrays, GameNumbers
    from geoecon.figure import Array
    from geoecon.kinds import Ints, Reals


@njit(fastmath=FAST, cache=True)
def flow_of(p: Array, pairs: Ints, board: BoardArrays, game: GameNumbers, choice: Array, out: Array) -> None:
    """Change of the probabilities p[state or exit] a month, under the given choices; exits stay."""
    per, group, after, _, lapse_to, _ = board
    clock, lapse, fade = game[3], game[4], game[5]
    out[:] = 0.0
    faded = p.shape[0] - 1  # the last exit
    for pair in pairs:
        for x in range(pair * per, (pair + 1) * per):
            here = p[x]
            out[faded] += fade * here
            out[lapse_to[x]] += lapse * here
            left = (lapse + fade) * here
            for j in range(3):
                ringing = clock[j] * here
                for m in range(group[3 * x + j] + 1, group[3 * x + j + 1]):
                    moved = ringing * choice[m]
                    out[after[m]] += moved
                    left += moved
            out[x] -= left


@njit(fastmath=FAST, cache=True)
def elect(p: Array, side: int, chance: float, per: int) -> None:
    """An election of this side: the probability of both its leaders, dealt out anew."""
    step = 2 if side == 0 else 1
    for pair in range(4):
        if pair & step:
            continue
        for x in range(per):
            both = p[pair * per + x] + p[(pair + step) * per + x]
            p[pair * per + x] = (1 - chance) * both
            p[(pair + step) * per + x] = chance * both


@njit(fastmath=FAST, cache=True, nogil=True)
def forward(
    start: int, step: float, every: int, live: Ints, events: Ints, chances: Array, engage_to: Ints,
    board: BoardArrays, game: GameNumbers, policy: Reals, place: Ints, exits: Array, patron: Array,
) -> None:  # fmt: skip
    """Plays the choices policy[t, move] from state `start` on; other arguments as those of `backward`.

    exits[month, exit] receives the probability of having ended so, patron[month, place[state]] that of each place of
    the patron in the open dispute, month 0 included; a month has `every` steps.
    """
    per, states = board[0], engage_to.shape[0]
    p = np.zeros(states + exits.shape[1])
    p[start] = 1.0
    k = np.zeros((3, len(p)))
    exits[0] = p[states:]
    patron[0, place[start]] = 1.0
    for t in range(policy.shape[0]):
        pairs = np.flatnonzero(live[t])
        for side in range(2):
            if events[t, side]:
                elect(p, side, chances[t, side], per)
        if events[t, 2]:
            for x in range(states):
                if engage_to[x] != x:
                    p[engage_to[x]] += p[x]
                    p[x] = 0.0
        parts = parts_of(step, pairs, board, game, policy[t])
        for _ in range(parts):
            h = step / parts  # the choices stand still within a step, so the series of the exponential applies
            flow_of(p, pairs, board, game, policy[t], k[0])
            flow_of(k[0], pairs, board, game, policy[t], k[1])
            flow_of(k[1], pairs, board, game, policy[t], k[2])
            p += h * (k[0] + h / 2 * (k[1] + h / 3 * k[2]))
        if (t + 1) % every == 0:
            month = (t + 1) // every
            exits[month] = p[states:]
            for x in range(states):
                patron[month, place[x]] += p[x]
