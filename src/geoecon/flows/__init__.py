"""Flows: any table of trade, read and checked."""

from geoecon.flows.convert import convert
from geoecon.flows.coverage import Coverage, CoverageWarning, Item
from geoecon.flows.fetch import fetch
from geoecon.flows.flows import COLUMNS, Flows, unspecified_product
from geoecon.flows.products import is_unspecified
from geoecon.flows.read import read_flows
from geoecon.flows.sample import raw_materials, sample, thirty_years

__all__ = [
    "COLUMNS",
    "Coverage",
    "CoverageWarning",
    "Flows",
    "Item",
    "convert",
    "fetch",
    "is_unspecified",
    "raw_materials",
    "read_flows",
    "sample",
    "thirty_years",
    "unspecified_product",
]
