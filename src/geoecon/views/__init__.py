"""What people see: report, brief, exports, comparison and the local web application."""

from geoecon.views import phrases
from geoecon.views.again import reproduce
from geoecon.views.blocks import blocks
from geoecon.views.bundle import FORMS, write_bundle
from geoecon.views.content import Table, content, name_of, piece, table_of
from geoecon.views.difference import Difference, diff
from geoecon.views.explanation import Explanation, explain
from geoecon.views.exports import export, write_workbook
from geoecon.views.findings import Findings
from geoecon.views.footnotes import Notes
from geoecon.views.levers import called, read_here
from geoecon.views.message import Message, main_lever, message
from geoecon.views.notebook import mimebundle
from geoecon.views.page import asset, environment, render, style
from geoecon.views.pdf import browser, write_pdf
from geoecon.views.report import Report, headline, report_html, write_report
from geoecon.views.terminal import terminal
from geoecon.views.words import plain, short, slug, strict_json, visible
from geoecon.views.written import check_free, parameters, summary, write

__all__ = [
    "FORMS",
    "Difference",
    "Explanation",
    "Findings",
    "Message",
    "Notes",
    "Report",
    "Table",
    "asset",
    "blocks",
    "browser",
    "called",
    "check_free",
    "content",
    "diff",
    "environment",
    "explain",
    "export",
    "headline",
    "main_lever",
    "message",
    "mimebundle",
    "name_of",
    "parameters",
    "phrases",
    "piece",
    "plain",
    "read_here",
    "render",
    "report_html",
    "reproduce",
    "short",
    "slug",
    "strict_json",
    "style",
    "summary",
    "table_of",
    "terminal",
    "visible",
    "write",
    "write_bundle",
    "write_pdf",
    "write_report",
    "write_workbook",
]
