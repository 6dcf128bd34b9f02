"""Flows: any table of trade, read and checked."""

from geoecon.flows.cell_marks import told as marks_told
from geoecon.flows.convert import convert
from geoecon.flows.copied import plain_text
from geoecon.flows.coverage import UNREAD, Coverage, CoverageWarning, Item
from geoecon.flows.decimals import number_text
from geoecon.flows.decimals import sign_of as decimal_sign
from geoecon.flows.encodings import encoding_of
from geoecon.flows.fetch import fetch
from geoecon.flows.flows import COLUMNS, Flows, summed, unspecified_product
from geoecon.flows.merged import filled as merged_over
from geoecon.flows.multiples import MULTIPLES
from geoecon.flows.options import FileReading, Reading, TableReading
from geoecon.flows.plain import OTHERS as OTHER_FILES
from geoecon.flows.plain import plain_csv, stored
from geoecon.flows.products import is_unspecified
from geoecon.flows.read import read_flows
from geoecon.flows.sample import ATTRIBUTION, raw_materials, sample, sample_of, sample_years, thirty_years
from geoecon.flows.sheets import pages
from geoecon.flows.spoilt import columns_hidden, hidden_in
from geoecon.flows.units import Unit, unit, words

__all__ = [
    "ATTRIBUTION",
    "COLUMNS",
    "MULTIPLES",
    "OTHER_FILES",
    "UNREAD",
    "Coverage",
    "CoverageWarning",
    "FileReading",
    "Flows",
    "Item",
    "Reading",
    "TableReading",
    "Unit",
    "columns_hidden",
    "convert",
    "decimal_sign",
    "encoding_of",
    "fetch",
    "hidden_in",
    "is_unspecified",
    "marks_told",
    "merged_over",
    "number_text",
    "pages",
    "plain_csv",
    "plain_text",
    "raw_materials",
    "read_flows",
    "sample",
    "sample_of",
    "sample_years",
    "stored",
    "summed",
    "thirty_years",
    "unit",
    "unspecified_product",
    "words",
]
