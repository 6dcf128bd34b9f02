"""The course of a dispute: equilibrium values from the horizon back, probabilities of its endings forward."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from geoecon.bargaining import clock
from geoecon.bargaining.game import EXITS, PLAYERS, RETALIATION, TYPES, Board, Ints, State
from geoecon.bargaining.payoffs import REMAINING, Array, Stakes, loss_index, lump_key, reference_key
from geoecon.errors import InputError, NotConverged

BATCH = 16  # draws that the kernels treat together
STEPS = 2  # a month; halving the step changes probabilities by less than 1e-4 (a test says so)
AFTER = 24  # months that are played beyond the horizon; after them everybody follows the reference rates
TOLERANCE = 1e-4  # payoff units a month, for the values of that
MOST = 500


@dataclass(frozen=True)
class Election:
    """A known date: in `month` after the start `side` gets a leader, conciliatory with `chance` (draw,)."""

    month: float
    side: int
    chance: Array


@dataclass(frozen=True)
class Calendar:
    """What is known of the coming months: elections, the month the patron is made to step in, remaining dependence.

    remaining (draw, month) from month 0 to the horizon: share of the initial dependence that is left.
    """

    months: int
    remaining: Array
    elections: tuple[Election, ...] = ()
    engaged_from: float | None = None

    def extended(self, months: int) -> Calendar:
        """The same calendar some months longer; dependence stays where it was."""
        last = np.repeat(self.remaining[:, -1:], months, axis=1)
        return replace(self, months=self.months + months, remaining=np.concatenate([self.remaining, last], axis=1))


@dataclass(frozen=True)
class Course:
    """probability (draw, month, exit) of having ended that way by the month; values (draw, player) at the start."""

    probability: Array
    values: Array


def course(
    board: Board,
    stakes: Stakes,
    calendar: Calendar,
    start: State,
    *,
    far: Array | None = None,
    steps: int = STEPS,
    after: int = AFTER,
) -> Course:
    """Plays the game of every draw: one answer, since each choice faces values that are known from later on.

    Play runs `after` months beyond the horizon, then everybody follows the reference rates; `far`
    (draw, state or exit, player) gives the values at the horizon instead. `steps` a month.
    """
    n = len(stakes.precision)
    width = min(BATCH, n)
    batches = -(-n // width)
    rows = np.arange(batches * width) % n  # the last batch is filled up with the first draws

    def batched(values: Array) -> Array:
        """(draw, ...) as (batch, ..., draw within the batch)."""
        parted = values[rows].reshape(batches, width, *values.shape[1:])
        return np.ascontiguousarray(np.moveaxis(parted, 1, -1))

    longer = calendar if far is not None else calendar.extended(after)
    live, events, chances = _timetable(board, longer, start, steps, n)
    loss, chance = batched(losses_over_time(stakes, longer, steps)), batched(chances)
    games = [batched(getattr(stakes, name)) for name in GAME]
    rates = [batched(stakes.turnover), batched(stakes.conciliatory)]
    ends = len(board.states) + len(EXITS)
    V = np.zeros((batches, ends, len(PLAYERS), width)) if far is None else batched(far)
    exits = np.zeros((batches, longer.months + 1, len(EXITS), width))
    values = np.zeros((batches, len(PLAYERS), width))
    first, table, engage_to = board.index(start), arrays(board), _engaged(board)
    most = MOST if far is None else 0

    def play(k: int) -> int:
        game, rate = tuple(part[k] for part in games), (rates[0][k], rates[1][k])
        timing = (live, events, chance[k], engage_to, loss[k])
        return int(clock.play(first, V[k], rate, 1 / steps, steps, *timing, table, game, exits[k], values[k],
                              TOLERANCE, most))  # fmt: skip

    with ThreadPoolExecutor(min(batches, os.cpu_count() or 1)) as pool:
        turns = max(pool.map(play, range(batches)))
    if turns >= MOST:
        raise NotConverged("values of reference play beyond the horizon", float("nan"), MOST)
    return Course(_unbatched(exits, n)[:, : calendar.months + 1], _unbatched(values, n))


GAME = ("precision", "discount", "clock", "lapse", "fade", "flow", "lump", "reference")


def _unbatched(values: Array, n: int) -> Array:
    """(batch, ..., width) as (draw, ...)."""
    moved = np.moveaxis(values, -1, 1)
    return np.asarray(moved.reshape((len(moved) * moved.shape[1], *moved.shape[2:]))[:n], dtype=np.float64)


@cache
def arrays(board: Board) -> tuple[object, ...]:
    """The board as the kernels read it: states per pair of leaders, groups, targets, classes, lapses, losses."""
    lumps, references = board.classes(lump_key)[1], board.classes(reference_key)[1]
    places = [loss_index(state) for state in board.states]
    loss_of = np.array([control * len(RETALIATION) + retaliation for control, retaliation in places])
    return (board.per_pair, board.group, board.after, lumps, references, board.lapse, loss_of)


@cache
def _engaged(board: Board) -> Ints:
    """For every state the one that follows when the patron steps in."""
    if not any(state.patron == "mediating" for state in board.states):
        return np.arange(len(board.states))
    number = {state: x for x, state in enumerate(board.states)}
    return np.array(
        [number[state._replace(patron="mediating")] if state.patron == "out" else x for state, x in number.items()]
    )


def losses_over_time(stakes: Stakes, calendar: Calendar, steps: int) -> Array:
    """Losses at every half step, (draw, half step, control x retaliation, player), as dependence falls."""
    when = np.arange(2 * steps * calendar.months + 1) / (2 * steps)
    month = np.minimum(when.astype(int), calendar.months - 1)
    share = when - month
    left = calendar.remaining[:, month] * (1 - share) + calendar.remaining[:, month + 1] * share
    grid = np.array(REMAINING[::-1])  # ascending, for the search
    below = np.clip(np.searchsorted(grid, left, side="right") - 1, 0, len(grid) - 2)
    weight = np.clip((left - grid[below]) / (grid[below + 1] - grid[below]), 0, 1)[..., None, None, None]
    table = np.moveaxis(stakes.losses, 3, 1)[:, ::-1]  # (draw, remaining ascending, control, retaliation, player)
    draw = np.arange(len(table))[:, None]
    found = (1 - weight) * table[draw, below] + weight * table[draw, below + 1]
    return np.asarray(found.reshape((*found.shape[:2], -1, found.shape[-1])), dtype=np.float64)


def _timetable(board: Board, calendar: Calendar, start: State, steps: int, n: int) -> tuple[Ints, Ints, Array]:
    """Which pairs of leaders are possible in each step, what happens at its beginning, and with what chance."""
    nodes = calendar.months * steps
    events = np.zeros((nodes, len(PLAYERS)), dtype=np.int64)
    chances = np.zeros((n, nodes, 2))
    for election in calendar.elections:
        node = round(election.month * steps)
        if election.month <= 0:
            raise InputError(f"election of the {PLAYERS[election.side]} {election.month:g} months after the start; "
                             "allowed: a date after the start of the dispute")  # fmt: skip
        if node < nodes:
            events[node, election.side] = 1
            chances[:, node, election.side] = election.chance
    if calendar.engaged_from is not None and 0 <= calendar.engaged_from < calendar.months:
        events[round(calendar.engaged_from * steps), 2] = 1
    leaders = {(TYPES.index(start.sender_leader), TYPES.index(start.target_leader))}
    live = np.zeros((nodes, len(TYPES) ** 2), dtype=np.int64)
    for node in range(nodes):
        if events[node, 0]:
            leaders = {(kind, target) for kind in range(2) for _, target in leaders}
        if events[node, 1]:
            leaders = {(sender, kind) for kind in range(2) for sender, _ in leaders}
        live[node, [2 * sender + target for sender, target in leaders]] = 1
    return live, events, chances
