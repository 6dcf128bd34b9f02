"""Any finite stochastic game as arrays: states, players, actions, payoffs, transitions, discount; and its checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


Array = NDArray[np.float64]
Ints = NDArray[np.int64]
SUM_TOLERANCE = 1e-9  # how far a row of probabilities may be from one


@dataclass(frozen=True)
class StochasticGame:
    """A finite stochastic game. Players may have different numbers of actions in different states, also one.

    actions[state][player] are labels; payoffs[state] has shape (player, actions of player 0, of player 1, …);
    transitions[state] has shape (actions of player 0, …, state); discount (player,) is per `period`.
    reference[state][player], where given, holds positive weights of the actions that precision 0 plays; else uniform.
    `notes` says what a reader of the values must know; unit names what one pay-off of 1 is.
    """

    states: tuple[str, ...]
    players: tuple[str, ...]
    actions: tuple[tuple[tuple[str, ...], ...], ...]
    payoffs: tuple[Array, ...]
    transitions: tuple[Array, ...]
    discount: Array
    period: str = "month"
    reference: tuple[tuple[Array, ...], ...] | None = None
    notes: tuple[str, ...] = field(default=())
    unit: str = "unit of pay-off"

    def sizes(self, state: int) -> tuple[int, ...]:
        """Number of actions of each player in a state."""
        return tuple(len(labels) for labels in self.actions[state])


class Names(TypedDict, total=False):
    """What states, players and actions of a game are called."""

    states: Sequence[str]
    players: Sequence[str]
    actions: Sequence[Sequence[Sequence[str]]]
    period: str
    reference: Sequence[Sequence[ArrayLike]]
    source: str
    unit: str


def stochastic_game(
    payoffs: Sequence[ArrayLike],
    transitions: Sequence[ArrayLike],
    discount: ArrayLike,
    *,
    states: Sequence[Any] | None = None,
    players: Sequence[Any] | None = None,
    actions: Sequence[Sequence[Sequence[Any]]] | None = None,
    period: str = "month",
    reference: Sequence[Sequence[Any]] | None = None,
    source: str = "game",
    unit: str = "unit of pay-off",
) -> StochasticGame:
    """A checked game from arrays. payoffs[s] (player, A0, A1, …), transitions[s] (A0, A1, …, state).

    discount: one number or one per player, from 0 to below 1; 1 is allowed only where every path ends in an absorbing
    state that pays nothing, and is then named in the notes. Raises InputError with every fault found: shapes, numbers
    that are not finite, probabilities outside [0, 1], rows that do not sum to one. Nothing is renormalised.
    """
    pay = tuple(np.asarray(table, dtype=float) for table in payoffs)
    move = tuple(np.asarray(table, dtype=float) for table in transitions)
    if not pay or len(pay) != len(move):
        raise InputError(f"{source}: {len(pay)} tables of payoffs, {len(move)} of transitions; allowed: one a state")
    count = pay[0].shape[0]
    names = tuple(str(name) for name in (states if states is not None else range(len(pay))))
    sides = tuple(str(name) for name in (players if players is not None else range(count)))
    _check_shapes(pay, move, names, sides, source)
    labels = actions or [[[*range(size)] for size in table.shape[1:]] for table in pay]
    named = tuple(tuple(tuple(str(label) for label in mine) for mine in state) for state in labels)
    factor = np.broadcast_to(np.asarray(discount, dtype=float), (count,)).copy()
    weights = None
    if reference is not None:
        weights = tuple(tuple(np.asarray(w, dtype=float) for w in state) for state in reference)
    game = StochasticGame(names, sides, named, pay, move, factor, period, weights)
    faults = [*_bad_numbers(game, source), *_bad_rows(game, source)]
    notes, bad = _check_discount(game, source)
    faults += bad
    if faults:
        raise InputError(faults)
    return StochasticGame(names, sides, named, pay, move, factor, period, weights, notes, unit)


def _check_shapes(
    pay: Sequence[Array], move: Sequence[Array], states: Sequence[str], players: Sequence[str], source: str
) -> None:
    faults = []
    for name, table, to in zip(states, pay, move, strict=False):
        wanted = (len(players), *table.shape[1:])
        if table.shape != wanted or table.ndim != len(players) + 1 or 0 in table.shape:
            allowed = f"(players, actions of each of the {len(players)} players), at least one action each"
            faults.append(Fault(source, None, f"payoffs of state {name}", f"shape {table.shape}", allowed))
        elif to.shape != (*table.shape[1:], len(pay)):
            allowed = f"shape {(*table.shape[1:], len(pay))}"
            faults.append(Fault(source, None, f"transitions of state {name}", f"shape {to.shape}", allowed))
    if len(states) != len(pay):
        faults.append(Fault(source, None, "states", f"{len(states)} names", f"{len(pay)}, one a table"))
    if faults:
        raise InputError(faults)


def _bad_numbers(game: StochasticGame, source: str) -> list[Fault]:
    faults = []
    for s, name in enumerate(game.states):
        for number in np.argwhere(~np.isfinite(game.payoffs[s]))[:5]:
            where = f"payoff of {game.players[number[0]]} in state {name}, moves {tuple(int(a) for a in number[1:])}"
            found = str(game.payoffs[s][tuple(number)])
            faults.append(Fault(source, None, where, found, "a finite number"))
        for i, weights in enumerate(game.reference[s] if game.reference else ()):
            if weights.shape != (game.sizes(s)[i],) or not (np.isfinite(weights) & (weights > 0)).all():
                where = f"reference of {game.players[i]} in state {name}"
                faults.append(Fault(source, None, where, str(weights), "a positive weight for every action"))
    return faults


def _bad_rows(game: StochasticGame, source: str) -> list[Fault]:
    """Rows of probabilities with an entry outside [0, 1], or that do not sum to one."""
    faults = []
    for s, name in enumerate(game.states):
        table = game.transitions[s].reshape(-1, len(game.states))
        sums = table.sum(axis=1)
        outside = ~((table >= 0) & (table <= 1))
        for row in np.flatnonzero(outside.any(axis=1) | ~(np.abs(sums - 1) <= SUM_TOLERANCE)):
            moves = tuple(game.actions[s][i][a] for i, a in enumerate(np.unravel_index(row, game.sizes(s))))
            where = f"state {name}, moves ({', '.join(moves)})"
            if outside[row].any():
                listed = " and ".join(f"{value:g}" for value in table[row][outside[row]])
                found = f"probabilities {listed} outside [0, 1] (sum {sums[row]:.10g})"
            else:
                found = f"sum of probabilities {sums[row]:.10g}"
            faults.append(Fault(source, None, where, found, "probabilities from 0 to 1 that sum to 1"))
    return faults


def _check_discount(game: StochasticGame, source: str) -> tuple[tuple[str, ...], list[Fault]]:
    """Notes on a discount of one, and faults: outside [0, 1), unless every path ends where nothing is paid."""
    factor = game.discount
    wrong = [name for name, d in zip(game.players, factor, strict=True) if not 0 <= d <= 1]
    if wrong:
        found = ", ".join(f"{d:g}" for d in factor if not 0 <= d <= 1)
        return (), [Fault(source, None, f"discount of {', '.join(wrong)}", found, f"from 0 to below 1 a {game.period}")]
    ones = [name for name, d in zip(game.players, factor, strict=True) if d == 1]
    if not ones:
        return (), []
    stuck = _never_ending(game)
    if stuck:
        found = f"1 a {game.period}, and from state {', '.join(stuck[:5])} play need never end"
        allowed = (
            f"from 0 to below 1 a {game.period}, or 1 where every path ends in an absorbing state that pays nothing"
        )
        return (), [Fault(source, None, f"discount of {', '.join(ones)}", found, allowed)]
    return (
        f"discount 1 a {game.period} for {', '.join(ones)}: every path ends in an absorbing state that pays nothing, "
        "values are expected totals",
    ), []


def over(game: StochasticGame) -> NDArray[np.bool_]:
    """Absorbing states that pay nothing: their value is zero at any discount."""
    return np.array(
        [
            bool((pay == 0).all() and (to[..., s] == 1).all())
            for s, (pay, to) in enumerate(zip(game.payoffs, game.transitions, strict=True))
        ]
    )


def _never_ending(game: StochasticGame) -> list[str]:
    """States from which no absorbing state without payoff is reached for sure, whatever is played."""
    count = len(game.states)
    sure = over(game)
    for _ in range(count):  # a state is safe when every joint move may lead to a safe one
        for s in range(count):
            if not sure[s]:
                table = game.transitions[s].reshape(-1, count)
                sure[s] = bool((table[:, sure] > 0).any(axis=1).all()) if sure.any() else False
    return [name for name, safe in zip(game.states, sure, strict=True) if not safe]


def normal_form(payoffs: ArrayLike, players: Sequence[Any] | None = None) -> StochasticGame:
    """A one-shot game: payoffs (player, A0, A1, …), or the row player's matrix of a zero-sum game of two."""
    table = np.asarray(payoffs, dtype=float)
    if table.ndim == 2:
        table = np.stack([table, -table])
    return stochastic_game([table], [np.ones((*table.shape[1:], 1))], 0.0, players=players)
