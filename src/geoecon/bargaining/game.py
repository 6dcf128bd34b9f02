"""The dispute as a game: its states, the moves each side has, and where they lead.

Time is continuous and one side moves at a time, when its clock rings (Doraszelski & Judd 2012; Arcidiacono, Bayer,
Blevins & Ellickson 2016). No answer therefore depends on the length of a period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoecon.dispute import CONTROL, RETALIATION, SIDES
from geoecon.dispute import ENDINGS as ENDINGS

Ints = NDArray[np.int64]

PLAYERS = SIDES
SENDER, TARGET, PATRON = range(3)
OFFER = ("none", "sender", "target")  # whose offer stands
COURT = ("none", "filed", "suspended")  # the case before a multilateral court
ENGAGED = ("out", "mediating", "guaranteeing")  # the patron
PRESSING = ("pressing_sender", "pressing_target")  # and, where it is free to choose, whom it presses
TYPES = ("firm", "conciliatory")  # leaders

# What the game can end in; a settlement is recorded with the side that moved first, or as a package that sender and
# patron strike over the target's head.
EXITS = ("target_concedes", "sender_concedes", "settlement_sender_first", "settlement_target_first", "package", "faded")


class State(NamedTuple):
    """One position of the dispute. The leaders come first, so that states of one pair of leaders lie together."""

    sender_leader: str = "firm"
    target_leader: str = "firm"
    control: str = "listed"
    retaliation: str = "none"
    offer: str = "none"
    court: str = "none"
    patron: str = "out"


LEVELS = {
    "sender_leader": TYPES,
    "target_leader": TYPES,
    "control": CONTROL,
    "retaliation": RETALIATION,
    "offer": OFFER,
    "court": COURT,
    "patron": ENGAGED,
}


class Move(NamedTuple):
    """A move in a state: who makes it, what it is called, and the state or exit that follows."""

    player: int
    name: str
    to: State | str


def _step(state: State, field: str, by: int, levels: tuple[str, ...]) -> State | None:
    """The state one level up or down in a field, None beyond its ends."""
    position = levels.index(getattr(state, field)) + by
    return state._replace(**{field: levels[position]}) if 0 <= position < len(levels) else None


def _side_moves(state: State, player: int) -> Iterator[Move]:
    """Moves of the sender or the target: hold, raise or lower its own pressure, and talk."""
    me, other = PLAYERS[player], PLAYERS[1 - player]
    field, levels = ("control", CONTROL) if player == SENDER else ("retaliation", RETALIATION)
    yield Move(player, "hold", state)
    for name, by in (("escalate", 1), ("ease", -1)):
        after = _step(state, field, by, levels)
        lifted = player == SENDER and name == "ease" and after is not None and after.control == "none"
        if after is not None and not lifted:  # lifting every control is to concede
            yield Move(player, name, after)
    if state.offer == other:
        yield Move(player, "accept", f"settlement_{other}_first")
        yield Move(player, "refuse", state._replace(offer="none"))
    elif state.offer == "none":
        yield Move(player, "offer", state._replace(offer=me))
    yield Move(player, "concede", f"{me}_concedes")


def _court_moves(state: State) -> Iterator[Move]:
    """The multilateral track, open to the target: to file a case, to suspend it, to resume it."""
    name, after = {
        "none": ("file", "filed"),
        "filed": ("suspend", "suspended"),
        "suspended": ("resume", "filed"),
    }[state.court]
    yield Move(TARGET, name, state._replace(court=after))


def _patron_moves(state: State, free: bool) -> Iterator[Move]:
    """Moves of the patron; `free`: also to press a side. Who presses mediates again only once it has withdrawn."""
    yield Move(PATRON, "hold", state)
    if free and state.patron != "guaranteeing":
        for side, position in zip(PLAYERS[:PATRON], PRESSING, strict=True):
            if state.patron != position:
                yield Move(PATRON, f"press_{side}", state._replace(patron=position))
    if state.patron in ("out", "guaranteeing"):
        yield Move(PATRON, "mediate", state._replace(patron="mediating"))
    if state.patron == "mediating":
        yield Move(PATRON, "guarantee", state._replace(patron="guaranteeing"))
    if state.patron != "out":
        yield Move(PATRON, "withdraw", state._replace(patron="out"))


def moves_of(state: State, patron: bool = True, court: bool = True, free: bool = False) -> list[Move]:
    """Every move that some player has in this state, ordered by player; hold is the first move of each."""
    found = [*_side_moves(state, SENDER), *_side_moves(state, TARGET)]
    if free and state.patron == "guaranteeing":  # what the patron promises is its part of the bargain
        found.append(Move(SENDER, "package", "package"))
    if court:
        found += _court_moves(state)
    found += _patron_moves(state, free) if patron else [Move(PATRON, "hold", state)]
    return found


@dataclass(frozen=True, eq=False)
class Board:
    """The positions and moves of a dispute as arrays; the same for every draw of the parameters.

    Move m of player `mover[m]` leads from `origin[m]` to `after[m]`; numbers from `len(states)` on are the exits.
    `group[3 x + j]` is the first move of player j in state x. `lapse[x]` is the state once a standing offer expires.
    """

    states: tuple[State, ...]
    moves: tuple[Move, ...]
    origin: Ints
    mover: Ints
    after: Ints
    group: Ints
    lapse: Ints

    @property
    def per_pair(self) -> int:
        """States for one pair of leaders; pair p holds the states from p times this number on."""
        return len(self.states) // len(TYPES) ** 2

    def index(self, state: State) -> int:
        return self.states.index(state)

    def classes(self, key: Callable[[Move, State], tuple[str, ...]]) -> tuple[list[tuple[str, ...]], Ints]:
        """The distinct values of `key(move, state)` and, for every move, the number of its own."""
        return _classes(self, key)


@cache
def _classes(board: Board, key: Callable[[Move, State], tuple[str, ...]]) -> tuple[list[tuple[str, ...]], Ints]:
    seen: dict[tuple[str, ...], int] = {}
    keys = (key(move, board.states[x]) for move, x in zip(board.moves, board.origin.tolist(), strict=True))
    numbers = np.array([seen.setdefault(value, len(seen)) for value in keys], dtype=np.int64)
    return list(seen), numbers


@cache
def board(controlled: bool = True, patron: bool = True, court: bool = True, free: bool = False) -> Board:
    """All positions of a dispute. `controlled`: it starts with controls in force, so that none is no open state;
    `free`: the patron chooses whom to press."""
    levels = {**LEVELS, "control": CONTROL[1:] if controlled else CONTROL}
    if free:
        levels["patron"] = (*ENGAGED, *PRESSING)
    if not patron:
        levels["patron"] = ENGAGED[:1]
    if not court:
        levels["court"] = COURT[:1]
    states = tuple(State(*values) for values in product(*levels.values()))
    number = {state: x for x, state in enumerate(states)}
    places: dict[State | str, int] = dict(number.items())
    places |= {name: len(states) + e for e, name in enumerate(EXITS)}
    moves: list[Move] = []
    origin: list[int] = []
    group = [0]
    for x, state in enumerate(states):
        found = sorted(moves_of(state, patron, court, free), key=lambda move: move.player)
        moves += found
        origin += [x] * len(found)
        counts = np.bincount([move.player for move in found], minlength=3)
        group += list(group[-1] + np.cumsum(counts))
    return Board(
        states,
        tuple(moves),
        np.array(origin),
        np.array([move.player for move in moves]),
        np.array([places[move.to] for move in moves]),
        np.array(group),
        np.array([number[state._replace(offer="none")] for state in states]),
    )
