"""Trade: flows in, dependence out."""

from geoecon.trade.dependence import Dependence, closed_border
from geoecon.trade.for_case import for_case

__all__ = ["Dependence", "closed_border", "for_case"]
