"""Episodes: the record of thousands of real cut-offs, and what followed them."""

from geoecon.episodes.around import around
from geoecon.episodes.depth import Depth, depth, left_by_duty
from geoecon.episodes.find import cut_offs
from geoecon.episodes.forecast import chances, forecast
from geoecon.episodes.nearest import LEVELS
from geoecon.episodes.outcome import Outcome
from geoecon.episodes.precedents import Precedents
from geoecon.episodes.record import Record, shipped
from geoecon.episodes.rolling import Rolling, bars, rolling
from geoecon.episodes.stage import CasePrecedents, for_case
from geoecon.episodes.told_before import told_before
from geoecon.episodes.verb import precedents

__all__ = [
    "LEVELS",
    "CasePrecedents",
    "Depth",
    "Outcome",
    "Precedents",
    "Record",
    "Rolling",
    "around",
    "bars",
    "chances",
    "cut_offs",
    "depth",
    "for_case",
    "forecast",
    "left_by_duty",
    "precedents",
    "rolling",
    "shipped",
    "told_before",
]
