"""What people see: report, brief, exports, comparison and the local web application."""

from geoecon.views.bundle import write_bundle
from geoecon.views.content import Table, content, piece, roles, table_of
from geoecon.views.difference import Difference, diff, parameters
from geoecon.views.explanation import Explanation, explain
from geoecon.views.exports import export, write_chart, write_workbook
from geoecon.views.footnotes import Notes
from geoecon.views.notebook import mimebundle
from geoecon.views.page import asset, environment, render
from geoecon.views.pdf import write_pdf
from geoecon.views.report import report_html, write_report
from geoecon.views.whatif import Counterfactual
from geoecon.views.words import plain, short, slug, strict_json, visible
from geoecon.views.written import check_free, summary, write

__all__ = [
    "Counterfactual",
    "Difference",
    "Explanation",
    "Notes",
    "Table",
    "asset",
    "check_free",
    "content",
    "diff",
    "environment",
    "explain",
    "export",
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
    "summary",
    "table_of",
    "visible",
    "write",
    "write_bundle",
    "write_chart",
    "write_pdf",
    "write_report",
    "write_workbook",
]
