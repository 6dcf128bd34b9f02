"""How disputes end, as competing risks: threat, measures and four endings, learned from coded disputes; no case."""

from geoecon.hazards.coded import ENDINGS, ISSUES, Coded, issue_in_words, read_disputes, shipped
from geoecon.hazards.forecast import (
    Endings,
    FirstDay,
    Pressing,
    forecast,
    issue_numbers,
    kinds_of,
    lift_of,
    shipped_hazards,
)
from geoecon.hazards.model import Hazards, fit_disputes, read_hazards
from geoecon.hazards.scores import score_table
from geoecon.hazards.similar import similar_disputes
from geoecon.hazards.tracks import coded_steps, passages
from geoecon.hazards.verbs import (
    Agreement,
    Learned,
    Scores,
    compare_coders,
    fit,
    score_disputes,
    score_tracks,
    scores_told,
    shipped_scores,
)

__all__ = [
    "ENDINGS",
    "ISSUES",
    "Agreement",
    "Coded",
    "Endings",
    "FirstDay",
    "Hazards",
    "Learned",
    "Pressing",
    "Scores",
    "coded_steps",
    "compare_coders",
    "fit",
    "fit_disputes",
    "forecast",
    "issue_in_words",
    "issue_numbers",
    "kinds_of",
    "lift_of",
    "passages",
    "read_disputes",
    "read_hazards",
    "score_disputes",
    "score_table",
    "score_tracks",
    "scores_told",
    "shipped",
    "shipped_hazards",
    "shipped_scores",
    "similar_disputes",
]
