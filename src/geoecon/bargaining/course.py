"""The course of a dispute: equilibrium values from the horizon back, probabilities of its endings forward."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from geoecon.bargaining.backward import backward
from geoecon.bargaining.forward import forward
from geoecon.bargaining.game import ENGAGED, EXITS, PATRON, PLAYERS, PRESSING, TYPES, Board, Ints, State
from geoecon.bargaining.numbers import (
    board_arrays,
    engaged_states,
    game_numbers,
    no_values,
    patron_places,
    turnover_numbers,
)
from geoecon.bargaining.payoffs import REMAINING, Array, Stakes
from geoecon.bargaining.stationary import reference_values
from geoecon.errors import InputError, NotConverged
from geoecon.hazards import Pressing

STEPS = 1  # a month; sixteenths of every step change probabilities of a case by less than 1e-3 (a test says so)
AFTER = 24  # months that are played beyond the horizon; after them everybody follows the reference rates
WIDER = 3  # times as long are the steps beyond the horizon, where nothing changes any more
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

    remaining (draw, month) from month 0 to the horizon: share of the initial dependence that is left. pressing: whom
    the patron presses from when; nobody sees it coming, and while it lasts everybody takes it to last.
    """

    months: int
    remaining: Array
    elections: tuple[Election, ...] = ()
    engaged_from: float | None = None
    pressing: tuple[Pressing, ...] = ()

    def extended(self, months: int) -> Calendar:
        """The same calendar some months longer; dependence stays where it was."""
        last = np.repeat(self.remaining[:, -1:], months, axis=1)
        return replace(self, months=self.months + months, remaining=np.concatenate([self.remaining, last], axis=1))


@dataclass(frozen=True)
class Course:
    """probability (draw, month, exit) of having ended that way by the month; values (draw, player) at the start;
    patron (draw, month, place) probability of the patron's places (ENGAGED, PRESSING) while the dispute is open."""

    probability: Array
    values: Array
    patron: Array


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
    longer = calendar if far is not None else calendar.extended(after)
    live, events, chances = _timetable(longer, start, steps, n)
    loss = losses_over_time(stakes, longer, steps)
    exits, values = np.zeros((n, calendar.months + 1, len(EXITS))), np.zeros((n, len(PLAYERS)))
    patron, place = np.zeros((n, calendar.months + 1, len(ENGAGED) + len(PRESSING))), patron_places(board)
    first, table, engage_to = board.index(start), board_arrays(board), engaged_states(board)
    end = calendar.months * steps
    beyond = 0 if events[end:].any() else (len(live) - end) // WIDER  # wider steps
    still = (live[end:][:beyond], np.zeros_like(events[:beyond]), np.zeros((beyond, 2)), engage_to)
    pressed = pressed_at(calendar, steps)
    workers = min(n, os.cpu_count() or 1)

    def play(worker: int) -> None:
        policy = np.empty((end, len(board.moves)), dtype=np.float32)
        nodes = end if beyond else len(live)
        for k in range(worker, n, workers):
            timing = (live[:nodes], events[:nodes], chances[k, :nodes], engage_to)
            game = game_numbers(board, stakes, k)
            calm = no_values(board)
            for kind in np.unique(pressed):  # each as if it lasted; its choices hold while it does
                mine = np.flatnonzero(pressed == kind)
                now = game if kind == 0 else game_numbers(board, stakes, k, pressed=int(kind))
                if far is None:
                    _reference_play(board, stakes, k, loss[k, -1], int(kind), calm)
                V = calm.copy() if far is None else far[k].copy()
                chosen = policy if len(mine) == len(pressed) else np.empty_like(policy)
                if beyond:
                    backward(V, WIDER / steps, *still, loss[k, -2 * beyond - 1 :], table, now, chosen[:0], 0)
                backward(V, 1 / steps, *timing, loss[k], table, now, chosen, int(mine[0]))
                policy[mine] = chosen[mine]
                if mine[0] == 0:
                    values[k] = V[first]
            forward(first, 1 / steps, steps, *timing, table, game, policy, place, exits[k], patron[k])

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(play, range(workers)))
    values[:, PATRON] /= stakes.patron_scale
    return Course(exits, values, patron)


def pressed_at(calendar: Calendar, steps: int) -> Ints:
    """Who is pressed in each step up to the horizon: 0 nobody, 1 the sender, 2 the target, 3 both."""
    found = np.zeros(calendar.months * steps, dtype=np.int64)
    for one in calendar.pressing:
        begin, end = round(one.month * steps), round(min(one.until, calendar.months) * steps)
        found[begin:end] |= 1 << PLAYERS.index(one.side)
    return found


def _reference_play(board: Board, stakes: Stakes, draw: int, loss: Array, pressed: int, V: Array) -> None:
    """Values, (state or exit, player), where everybody follows the reference rates for ever; in place."""
    calm = game_numbers(board, stakes, draw, 0.0, pressed)
    turns = reference_values(V, loss, board_arrays(board), calm, turnover_numbers(stakes, draw), TOLERANCE, MOST)
    if turns >= MOST:
        raise NotConverged("values of reference play beyond the horizon", float("nan"), MOST)


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


def _timetable(calendar: Calendar, start: State, steps: int, n: int) -> tuple[Ints, Ints, Array]:
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
