"""How a dispute ends: who gives way, when, and what would change that; and a solver of any finite stochastic game."""

from geoecon.bargaining.arrays import StochasticGame, normal_form, stochastic_game
from geoecon.bargaining.branch import damped, other_equilibria, quantal_response, resolve, solve_game
from geoecon.bargaining.central import CentralGame, central_game
from geoecon.bargaining.dispute import Dispute, dispute_of
from geoecon.bargaining.estimation import Estimate, estimate
from geoecon.bargaining.far import FarFuture, far_future
from geoecon.bargaining.files import read_game
from geoecon.bargaining.forecast import DisputeForecast, for_case
from geoecon.bargaining.importance import AnswerMap, Sensitivity, answer_map, sensitivity, sobol, tornado
from geoecon.bargaining.system import Equilibrium
from geoecon.bargaining.variants import Counterfactuals, counterfactuals
from geoecon.bargaining.verbs import equilibrium, issue_map, learn, solve, what_if, what_matters

__all__ = [
    "AnswerMap",
    "CentralGame",
    "Counterfactuals",
    "Dispute",
    "DisputeForecast",
    "Equilibrium",
    "Estimate",
    "FarFuture",
    "Sensitivity",
    "StochasticGame",
    "answer_map",
    "central_game",
    "counterfactuals",
    "damped",
    "dispute_of",
    "equilibrium",
    "estimate",
    "far_future",
    "for_case",
    "issue_map",
    "learn",
    "normal_form",
    "other_equilibria",
    "quantal_response",
    "read_game",
    "resolve",
    "sensitivity",
    "sobol",
    "solve",
    "solve_game",
    "stochastic_game",
    "tornado",
    "what_if",
    "what_matters",
]
