"""How a dispute ends: who gives way, when, and what would change that."""

from geoecon.bargaining.central import CentralGame, central_game
from geoecon.bargaining.dispute import Dispute, dispute_of
from geoecon.bargaining.estimation import Estimate, estimate
from geoecon.bargaining.examining import examine
from geoecon.bargaining.far import FarFuture, far_future
from geoecon.bargaining.forecast import EndingForecast
from geoecon.bargaining.headline import DisputeForecast, for_case
from geoecon.bargaining.importance import AnswerMap, GameSensitivity, answer_map, game_sensitivity, sobol, tornado
from geoecon.bargaining.lanes import Tracks, tracks_for_case
from geoecon.bargaining.mechanism import GAME_RUNS, GameForecast, game_for_case, game_for_questions
from geoecon.bargaining.verbs import learn, solve

__all__ = [
    "GAME_RUNS",
    "AnswerMap",
    "CentralGame",
    "Dispute",
    "DisputeForecast",
    "EndingForecast",
    "Estimate",
    "FarFuture",
    "GameForecast",
    "GameSensitivity",
    "Tracks",
    "answer_map",
    "central_game",
    "dispute_of",
    "estimate",
    "examine",
    "far_future",
    "for_case",
    "game_for_case",
    "game_for_questions",
    "game_sensitivity",
    "learn",
    "sobol",
    "solve",
    "tornado",
    "tracks_for_case",
]
