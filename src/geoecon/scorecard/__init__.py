"""Evidence: each forecast against the outcome it was made blind to. The only room that reads what happened."""

from geoecon.scorecard.assemble import for_case, gather, score
from geoecon.scorecard.card import Scorecard
from geoecon.scorecard.metrics import ENDINGS, WORDS, in_words
from geoecon.scorecard.outcomes import read_outcomes
from geoecon.scorecard.scores import brier, covered, crps, crps_censored, interval, probability_of, rank

__all__ = [
    "ENDINGS",
    "WORDS",
    "Scorecard",
    "brier",
    "covered",
    "crps",
    "crps_censored",
    "for_case",
    "gather",
    "in_words",
    "interval",
    "probability_of",
    "rank",
    "read_outcomes",
    "score",
]
