"""How a dispute ends: who gives way, when, and what would change that."""

from geoecon.bargaining.dispute import Dispute, dispute_of
from geoecon.bargaining.forecast import DisputeForecast, for_case

__all__ = ["Dispute", "DisputeForecast", "dispute_of", "for_case"]
