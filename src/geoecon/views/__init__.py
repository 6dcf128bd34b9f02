"""What people see: report, brief, exports, comparison. A name is loaded with its file when it is first used, so that
the first page of the web application waits for none of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoecon.loaded import lazily

if TYPE_CHECKING:
    from geoecon.views.bundle import write_bundle as write_bundle
    from geoecon.views.content import Table as Table
    from geoecon.views.content import table_of as table_of
    from geoecon.views.difference import diff as diff
    from geoecon.views.explanation import explain as explain
    from geoecon.views.exports import export as export
    from geoecon.views.notebook import mimebundle as mimebundle
    from geoecon.views.on_terminal import asked as asked
    from geoecon.views.on_terminal import terminal as terminal
    from geoecon.views.page import asset as asset
    from geoecon.views.page import environment as environment
    from geoecon.views.page import render as render
    from geoecon.views.page import style as style
    from geoecon.views.pdf import browser as browser
    from geoecon.views.pdf import write_pdf as write_pdf
    from geoecon.views.report import Report as Report
    from geoecon.views.report import headline as headline
    from geoecon.views.report import report_html as report_html
    from geoecon.views.report import write_report as write_report
    from geoecon.views.seven_questions import blocks as blocks
    from geoecon.views.words import compared as compared
    from geoecon.views.words import plain as plain
    from geoecon.views.words import short as short
    from geoecon.views.words import slug as slug
    from geoecon.views.words import strict_json as strict_json
    from geoecon.views.words import visible as visible
    from geoecon.views.written import check_free as check_free
    from geoecon.views.written import summary as summary
    from geoecon.views.written import write as write

HELD = {
    "bundle": "write_bundle",
    "content": "Table table_of",
    "difference": "diff",
    "explanation": "explain",
    "exports": "export",
    "notebook": "mimebundle",
    "on_terminal": "asked terminal",
    "page": "asset environment render style",
    "pdf": "browser write_pdf",
    "report": "Report headline report_html write_report",
    "seven_questions": "blocks",
    "words": "compared plain short slug strict_json visible",
    "written": "check_free summary write",
}  # file: its public names
FILE_OF = {name: file for file, names in HELD.items() for name in names.split()}


__getattr__ = lazily(__name__, FILE_OF)
