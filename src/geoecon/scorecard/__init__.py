"""Evidence: each forecast against the outcome it was made blind to. The only room that reads what happened."""

from geoecon.scorecard.ahead import unit_of
from geoecon.scorecard.assemble import for_case, gather, score
from geoecon.scorecard.card import SCORED, Scorecard, seen, verdict
from geoecon.scorecard.derived import store_fills
from geoecon.scorecard.metrics import WORDS, in_words
from geoecon.scorecard.outcomes import RULES as OUTCOME_COLUMNS
from geoecon.scorecard.outcomes import examine, read_outcomes
from geoecon.scorecard.past_bands import past_bands
from geoecon.scorecard.scores import brier, covered, crps, crps_censored, interval, interval_score, probability_of, rank

__all__ = [
    "OUTCOME_COLUMNS",
    "SCORED",
    "WORDS",
    "Scorecard",
    "brier",
    "covered",
    "crps",
    "crps_censored",
    "examine",
    "for_case",
    "gather",
    "in_words",
    "interval",
    "interval_score",
    "past_bands",
    "probability_of",
    "rank",
    "read_outcomes",
    "score",
    "seen",
    "store_fills",
    "unit_of",
    "verdict",
]
