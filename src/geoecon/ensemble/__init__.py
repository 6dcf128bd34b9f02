"""Uncertainty: the whole line per draw, on one machine or a cluster, and which assumption drives what."""

from geoecon.ensemble.batch import uncertainty
from geoecon.ensemble.line import Question, measures, question_of
from geoecon.ensemble.result import Ensemble
from geoecon.ensemble.sobol import Sensitivity, indices, prior, sensitivity

__all__ = [
    "Ensemble",
    "Question",
    "Sensitivity",
    "indices",
    "measures",
    "prior",
    "question_of",
    "sensitivity",
    "uncertainty",
]
