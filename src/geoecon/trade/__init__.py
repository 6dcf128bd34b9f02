"""Trade: flows in, dependence out."""

from geoecon.trade.convert import convert
from geoecon.trade.coverage import Coverage, CoverageWarning, Item
from geoecon.trade.dependence import Dependence, closed_border
from geoecon.trade.fetch import fetch
from geoecon.trade.flows import Flows
from geoecon.trade.for_case import for_case
from geoecon.trade.leverage import Leverage, leverage
from geoecon.trade.network import network
from geoecon.trade.of_flows import dependence
from geoecon.trade.read import read_flows
from geoecon.trade.result import Scan
from geoecon.trade.scan import scan
from geoecon.trade.scan_case import scan_for_case

__all__ = [
    "Coverage",
    "CoverageWarning",
    "Dependence",
    "Flows",
    "Item",
    "Leverage",
    "Scan",
    "closed_border",
    "convert",
    "dependence",
    "fetch",
    "for_case",
    "leverage",
    "network",
    "read_flows",
    "scan",
    "scan_for_case",
]
