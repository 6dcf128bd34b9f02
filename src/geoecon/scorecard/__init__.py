"""Evidence: each forecast against the outcome it was made blind to. The only room that reads what happened."""

from geoecon.scorecard.assemble import for_case, gather, score
from geoecon.scorecard.card import SCORED, Scorecard, seen, verdict
from geoecon.scorecard.derived import store_fills
from geoecon.scorecard.metrics import WORDS, in_words
from geoecon.scorecard.outcomes import RULES as OUTCOME_COLUMNS
from geoecon.scorecard.outcomes import read_outcomes
from geoecon.scorecard.past_error import (
    Discrepancy,
    discrepancy,
    errors_of,
    past_bands,
    past_errors,
    scales_of,
    with_past_error,
)
from geoecon.scorecard.scale import NAMES as CLASS_NAMES
from geoecon.scorecard.scale import class_of
from geoecon.scorecard.scores import brier, covered, crps, crps_censored, interval, interval_score, probability_of, rank

__all__ = [
    "CLASS_NAMES",
    "OUTCOME_COLUMNS",
    "SCORED",
    "WORDS",
    "Discrepancy",
    "Scorecard",
    "brier",
    "class_of",
    "covered",
    "crps",
    "crps_censored",
    "discrepancy",
    "errors_of",
    "for_case",
    "gather",
    "in_words",
    "interval",
    "interval_score",
    "past_bands",
    "past_errors",
    "probability_of",
    "rank",
    "read_outcomes",
    "scales_of",
    "score",
    "seen",
    "store_fills",
    "verdict",
    "with_past_error",
]
