"""A solver of any finite stochastic game; it knows no dispute."""

from geoecon.games.around import damped, other_equilibria, resolve
from geoecon.games.arrays import StochasticGame, normal_form, stochastic_game
from geoecon.games.branch import Point, follow, quantal_response, solve_game
from geoecon.games.files import read_game
from geoecon.games.system import Equilibrium, gmres

__all__ = [
    "Equilibrium",
    "Point",
    "StochasticGame",
    "damped",
    "follow",
    "gmres",
    "normal_form",
    "other_equilibria",
    "quantal_response",
    "read_game",
    "resolve",
    "solve_game",
    "stochastic_game",
]
