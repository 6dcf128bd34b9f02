"""What people see: report, brief, exports, comparison and the local web application."""

from geoecon.views.content import content
from geoecon.views.report import report_html, write_report

__all__ = ["content", "report_html", "write_report"]
