"""Indicators: who depends on whom, for what; scan, leverage, dependence of a case."""

from geoecon.indicators.dependence import Dependence, closed_border, of_what
from geoecon.indicators.for_case import PUBLISHED_AFTER, for_case
from geoecon.indicators.indicators import FLOOR, loss
from geoecon.indicators.leverage import Leverage, leverage
from geoecon.indicators.network import network
from geoecon.indicators.of_flows import dependence
from geoecon.indicators.result import Scan
from geoecon.indicators.scan import scan
from geoecon.indicators.scan_case import scan_for_case
from geoecon.indicators.write import write_table

__all__ = [
    "FLOOR",
    "PUBLISHED_AFTER",
    "Dependence",
    "Leverage",
    "Scan",
    "closed_border",
    "dependence",
    "for_case",
    "leverage",
    "loss",
    "network",
    "of_what",
    "scan",
    "scan_for_case",
    "write_table",
]
