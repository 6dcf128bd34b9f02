"""What people see: report, brief, exports, comparison and the local web application."""

from geoecon.views.bundle import write_bundle
from geoecon.views.content import NAMES, Table, content, piece, roles, table_of
from geoecon.views.difference import Difference, diff, parameters
from geoecon.views.explanation import Explanation, explain
from geoecon.views.exports import export, write_chart, write_workbook
from geoecon.views.footnotes import Notes
from geoecon.views.notebook import displayed, mimebundle
from geoecon.views.page import asset, environment, render
from geoecon.views.pdf import write_pdf
from geoecon.views.report import report_html, write_report
from geoecon.views.whatif import Counterfactual, counterfactuals, grid, what_if
from geoecon.views.words import plain, short, slug, strict_json, visible

__all__ = [
    "NAMES",
    "Counterfactual",
    "Difference",
    "Explanation",
    "Notes",
    "Table",
    "asset",
    "content",
    "counterfactuals",
    "diff",
    "displayed",
    "environment",
    "explain",
    "export",
    "grid",
    "mimebundle",
    "parameters",
    "piece",
    "plain",
    "render",
    "report_html",
    "roles",
    "short",
    "slug",
    "strict_json",
    "table_of",
    "visible",
    "what_if",
    "write_bundle",
    "write_chart",
    "write_pdf",
    "write_report",
    "write_workbook",
]
