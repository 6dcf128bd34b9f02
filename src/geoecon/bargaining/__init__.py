"""How a dispute ends: who gives way, when, and what would change that."""

from geoecon.bargaining.central import CentralGame, central_game
from geoecon.bargaining.dispute import Dispute, dispute_of
from geoecon.bargaining.estimation import Estimate, estimate
from geoecon.bargaining.far import FarFuture, far_future
from geoecon.bargaining.forecast import EndingForecast
from geoecon.bargaining.headline import DisputeForecast, for_case
from geoecon.bargaining.importance import AnswerMap, Sensitivity, answer_map, sensitivity, sobol, tornado
from geoecon.bargaining.mechanism import GameForecast, game_for_case
from geoecon.bargaining.variants import Counterfactuals, counterfactuals
from geoecon.bargaining.verbs import equilibrium, issue_map, learn, solve, what_if, what_matters

__all__ = [
    "AnswerMap",
    "CentralGame",
    "Counterfactuals",
    "Dispute",
    "DisputeForecast",
    "EndingForecast",
    "Estimate",
    "FarFuture",
    "GameForecast",
    "Sensitivity",
    "answer_map",
    "central_game",
    "counterfactuals",
    "dispute_of",
    "equilibrium",
    "estimate",
    "far_future",
    "for_case",
    "game_for_case",
    "issue_map",
    "learn",
    "sensitivity",
    "sobol",
    "solve",
    "tornado",
    "what_if",
    "what_matters",
]
