"""A stochastic game in flat arrays, as the kernels of the solver read it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from geoecon.compiled import njit
from geoecon.games.arrays import Array, Ints, StochasticGame, over

# the fields of `Flat` in their order: the form that kernels take
FlatArrays = tuple[Ints, Ints, Ints, Ints, Array, Ints, Ints, Ints, Array, Ints, Ints, Array, Ints, Array]


@dataclass(frozen=True)
class Flat:
    """A game as the kernels read it. S states, N players, P joint moves in all, A own actions in all.

    row (S + 1) first own action of a state; profile (S + 1) first joint move; own (P, N) the own actions of a joint
    move; first (A,) first action of the same player and state; pay (P, N);
    link (P + 1) first transition of a joint move; to, slot, chance (transitions,): the state, its place among the
    distinct successors of the state of origin, the probability; near (S + 1) first distinct successor; reach: these;
    weight (A,) log reference weights; owner (A,).
    """

    row: Ints
    profile: Ints
    own: Ints
    first: Ints
    pay: Array
    link: Ints
    to: Ints
    slot: Ints
    chance: Array
    near: Ints
    reach: Ints
    weight: Array
    owner: Ints
    discount: Array


def flatten(game: StochasticGame) -> Flat:
    """The game in flat arrays, transitions that cannot happen left out, and those of states where all is over."""
    states, players = len(game.states), len(game.players)
    sizes = [game.sizes(s) for s in range(states)]
    row = np.cumsum([0, *(sum(size) for size in sizes)])
    profile = np.cumsum([0, *(math.prod(size) for size in sizes)])
    own = np.concatenate([_own_actions(size) + start for size, start in zip(sizes, row, strict=False)])
    count = np.array(sizes).ravel()
    first = np.repeat(np.cumsum(count) - count, count)
    owner = np.repeat(np.tile(np.arange(players), states), count)
    ended = over(game)
    tables = [0 * to if ended[s] else to for s, to in enumerate(game.transitions)]
    links = np.empty(profile[-1] + 1, dtype=np.int64)
    to, slot = np.empty((2, sum(np.count_nonzero(table) for table in tables)), dtype=np.int64)
    chance, near, reach = np.empty(len(to)), np.zeros(states + 1, dtype=np.int64), []
    links[0] = 0
    for s, table in enumerate(tables):
        reach.append(_successors(table.reshape(-1, states), links[profile[s] :], to, slot, chance))
        near[s + 1] = near[s] + len(reach[-1])
    weight = np.zeros(row[-1])
    if game.reference is not None:
        weight = np.log(np.concatenate([w for state in game.reference for w in state]))
    pay = np.concatenate([table.reshape(players, -1) for table in game.payoffs], axis=1).T
    return Flat(row, profile, own, first, np.ascontiguousarray(pay), links, to, slot, chance, near,
                np.concatenate(reach), weight, owner, game.discount)  # fmt: skip


@cache
def _own_actions(sizes: tuple[int, ...]) -> Ints:
    """(joint move, player): the own actions of every joint move of a state, numbered within the state."""
    starts = np.cumsum([0, *sizes[:-1]])
    return np.asarray(np.indices(sizes).reshape(len(sizes), -1).T + starts)


@njit(cache=True)
def _successors(table: Array, links: Ints, to: Ints, slot: Ints, chance: Array) -> Ints:
    """Appends the transitions of one state, table (joint move, state), from entry links[0] on; its successors."""
    place = np.full(table.shape[1], -1)
    at = links[0]
    for m in range(table.shape[0]):
        for x in range(table.shape[1]):
            if table[m, x] != 0.0:
                to[at], chance[at], place[x] = x, table[m, x], 0
                at += 1
        links[m + 1] = at
    found = np.flatnonzero(place == 0)
    place[found] = np.arange(len(found))
    for t in range(links[0], at):
        slot[t] = place[to[t]]
    return found
