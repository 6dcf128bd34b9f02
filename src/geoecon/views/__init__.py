"""What people see: report, brief, exports, comparison and the local web application."""

from geoecon.views.content import Table, content, table_of
from geoecon.views.difference import Difference, diff, parameters
from geoecon.views.explanation import Explanation, explain
from geoecon.views.exports import export, write_chart, write_workbook
from geoecon.views.notebook import displayed, mimebundle
from geoecon.views.pdf import write_pdf
from geoecon.views.report import report_html, write_report
from geoecon.views.whatif import Counterfactual, counterfactuals, grid, what_if
from geoecon.views.words import visible

__all__ = [
    "Counterfactual",
    "Difference",
    "Explanation",
    "Table",
    "content",
    "counterfactuals",
    "diff",
    "displayed",
    "explain",
    "export",
    "grid",
    "mimebundle",
    "parameters",
    "report_html",
    "table_of",
    "visible",
    "what_if",
    "write_chart",
    "write_pdf",
    "write_report",
    "write_workbook",
]
