"""The board of a dispute and the numbers of one draw as plain tuples, the form that the kernels read."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from geoecon.bargaining.game import ENGAGED, EXITS, PRESSING, SENDER, TARGET, Board, Ints
from geoecon.bargaining.payoffs import Array, Stakes, loss_index, lump_key, reference_key
from geoecon.dispute import RETALIATION

BOTH = 3  # sides pressed

Mask = NDArray[np.bool_]
Places = NDArray[np.uint32]
BoardArrays = tuple[int, Places, Places, Places, Places, Places]  # as `board_arrays` gives them
GameNumbers = tuple[Array, float, Array, Array, float, float, Array, Array]  # as `game_numbers` gives them


@cache
def board_arrays(board: Board) -> BoardArrays:
    """(states a pair of leaders, group, after, lump class, state once an offer lapses, control x retaliation).

    Places are unsigned, so that the kernels need not look for negative ones.
    """
    places = [loss_index(state) for state in board.states]
    loss_of = np.array([control * len(RETALIATION) + retaliation for control, retaliation in places])
    arrays = (board.group, board.after, board.classes(lump_key)[1], board.lapse, loss_of)
    group, after, lump, lapse, loss = (array.astype(np.uint32) for array in arrays)
    return board.per_pair, group, after, lump, lapse, loss


def payoff_of_moves(board: Board, stakes: Stakes, draw: int) -> Array:
    """(move,): what a move pays at once to the player that makes it."""
    return np.asarray(stakes.lump[draw][board.classes(lump_key)[1], board.mover])


@cache
def press_masks(board: Board) -> tuple[Mask, Mask, Mask]:
    """Which moves give way for the sender, for the target, and which meet an offer."""
    names = np.array([move.name for move in board.moves])
    gives_way = [(names == "concede") & (board.mover == side) for side in (SENDER, TARGET)]
    return gives_way[0], gives_way[1], names == "accept"


def game_numbers(
    board: Board, stakes: Stakes, draw: int, precision: float | None = None, pressed: int = 0
) -> GameNumbers:
    """(log weight of every move, precision, discount, clock, lapse, fade, flow, lump) of a draw.

    precision: instead of the draw's own. The log weight holds what does not depend on values: reference, payoff, and
    what pressing adds: 1 the sender is pressed, 2 the target, 3 both, when an offer is met sooner instead.
    """
    goal = float(stakes.precision[draw]) if precision is None else precision
    reference = stakes.reference[draw][board.classes(reference_key)[1]]
    if pressed:
        added = stakes.press_both[draw] if pressed == BOTH else stakes.press_effect[draw]
        reference = reference + added * press_masks(board)[pressed - 1]
    return (
        reference + goal * payoff_of_moves(board, stakes, draw),
        goal,
        stakes.discount[draw],
        stakes.clock[draw],
        float(stakes.lapse[draw]),
        float(stakes.fade[draw]),
        np.ascontiguousarray(stakes.flow[draw]),
        np.ascontiguousarray(stakes.lump[draw]),
    )


def turnover_numbers(stakes: Stakes, draw: int) -> tuple[Array, Array]:
    """(rate of change of leaders, chance of a conciliatory successor), both (sender, target), of a draw."""
    return stakes.turnover[draw], stakes.conciliatory[draw]


def no_values(board: Board) -> Array:
    """Zeros of shape (state or exit, player)."""
    return np.zeros((len(board.states) + len(EXITS), 3))


@cache
def patron_places(board: Board) -> Ints:
    """For every state the number of the patron's place, in the order ENGAGED, PRESSING."""
    order = (*ENGAGED, *PRESSING)
    return np.array([order.index(state.patron) for state in board.states])


@cache
def engaged_states(board: Board) -> Ints:
    """For every state the one that follows when the patron steps in."""
    if not any(state.patron == "mediating" for state in board.states):
        return np.arange(len(board.states))
    number = {state: x for x, state in enumerate(board.states)}
    return np.array(
        [number[state._replace(patron="mediating")] if state.patron == "out" else x for state, x in number.items()]
    )
