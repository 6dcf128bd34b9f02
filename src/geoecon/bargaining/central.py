"""The game of a case at its central values, to be played under many rows of its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from geoecon.bargaining.dispute import dispute_of, ties_of
from geoecon.bargaining.mechanism import GameForecast, forecast_of
from geoecon.bargaining.payoffs import PARAMETERS, Array, Ties
from geoecon.bargaining.posterior import ESTIMATED, ROW
from geoecon.case import Case
from geoecon.dispute import salience_levels
from geoecon.draws import Draws, Parameter
from geoecon.errors import InputError, MissingData

if TYPE_CHECKING:
    from geoecon.bargaining.dispute import DependenceLeft, LossesByState
    from geoecon.triangle import Triangle


@dataclass(frozen=True)
class CentralGame:
    """A case with its losses, ties and catch-up at their central values, to be played under many parameter rows.

    What coded disputes taught together stays at its mode, unless a value is given or ROW names rows of the posterior.
    """

    case: Case
    parameters: Mapping[str, Parameter]
    losses: LossesByState
    ties: Ties
    catchup: DependenceLeft | None

    def play(self, values: Mapping[str, Array], nodes: int = 1) -> GameForecast:
        """The forecast for rows of parameter values; parameters not named stay central. One row a draw."""
        n = len(next(iter(values.values())))
        rows = {name: np.full(n, parameter.central) for name, parameter in self.parameters.items()}
        spread = {}
        for name, column in {**rows, **values}.items():
            spread[name] = np.repeat(np.asarray(column, dtype=float), nodes)
        if nodes > 1 and "salience" not in values:
            row = self.parameters["salience"]
            levels = salience_levels(row, nodes)
            spread["salience"] = np.tile(levels, n)
        spread.setdefault(ROW, np.zeros(n * nodes))
        ties = self.ties.rows(np.zeros(n * nodes, dtype=int))
        held = {name: self.parameters[name].fixed(0.0) for name in values if name in self.parameters}
        draws = Draws(spread, {**self.parameters, **held}, 0)
        dispute = dispute_of(self.case, draws, self.losses, ties, self.catchup, nodes=1)
        played = dispute.play()
        mean = replace(
            played,
            probability=played.probability.reshape(n, nodes, *played.probability.shape[1:]).mean(axis=1),
            values=played.values.reshape(n, nodes, -1).mean(axis=1),
            patron=played.patron.reshape(n, nodes, *played.patron.shape[1:]).mean(axis=1),
        )
        return forecast_of(self.case, dispute, mean)


def central_game(
    case: Case,
    draws: Draws,
    losses: LossesByState,
    alliance: Triangle | Ties | None = None,
    catchup: DependenceLeft | None = None,
) -> CentralGame:
    """The game of a case at its central values, for `game_sensitivity`, `tornado` and `answer_map`."""
    first, ties, path = central_inputs(case, draws, losses, alliance, catchup)
    return CentralGame(case, draws.parameters, first, ties, path)


def central_inputs(
    case: Case,
    draws: Draws,
    losses: LossesByState | None,
    alliance: Triangle | Ties | None,
    catchup: DependenceLeft | None,
) -> tuple[Any, Ties, Any]:
    """Losses, ties and catch-up at their central values. Raises MissingData without losses."""
    if losses is None:
        raise MissingData("losses by state of the dispute")
    first = SimpleNamespace(monthly=losses.monthly.isel(draw=[0]), sources=getattr(losses, "sources", frozenset()))
    path = None if catchup is None else SimpleNamespace(remaining=catchup.remaining.isel(draw=[0]))
    return first, ties_of(case, draws.n, alliance).rows(np.array([0])), path


def answers(forecast: GameForecast) -> dict[str, Array]:
    """The two answers whose causes are asked for: who concedes, and how long it takes (mean months within horizon)."""
    still = forecast.probability.sel(ending="open").values
    return {
        "target_concedes": forecast.by("target_concedes", forecast.months),
        "sender_concedes": forecast.by("sender_concedes", forecast.months),
        "length": still[:, 1:].sum(axis=1),
    }


def names_of(parameters: Mapping[str, Parameter], chosen: Sequence[str] | None = None) -> tuple[str, ...]:
    """Uncertain parameters of the game that are not estimated together, or those chosen.

    Raises InputError for an unknown one.
    """
    if chosen is not None:
        unknown = [name for name in chosen if name not in parameters]
        if unknown:
            raise InputError(f"parameter {', '.join(unknown)}; allowed: {', '.join(sorted(PARAMETERS))}")
        return tuple(chosen)
    known = [parameters[name] for name in PARAMETERS if name in parameters and name not in ESTIMATED]
    return tuple(row.name for row in known if row.low < row.high)
