"""A report to take away: the page, the PDF, or everything in one zip file."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from geoecon.errors import InputError
from geoecon.views.exports import export
from geoecon.views.pdf import write_pdf
from geoecon.views.report import write_report
from geoecon.views.words import strict_json

FORMS = {"html": "text/html", "pdf": "application/pdf", "zip": "application/zip"}


def write_bundle(assessment: Any, folder: Path, form: str) -> Path:
    """`report.html`, `report.pdf` or `assessment.zip` (report, brief, charts, tables, figures) in `folder`.

    Raises InputError for another form, MissingData for a PDF without Chromium.
    """
    if form not in FORMS:
        raise InputError(f"form {form!r}; allowed: " + ", ".join(FORMS))
    from geoecon.views.written import summary

    with tempfile.TemporaryDirectory(dir=folder) as made:
        place = Path(made)
        page = write_report(assessment, place)
        if form == "pdf":
            page = write_pdf(page, place / "report.pdf")
        if form == "zip":
            export(assessment, place)
            (place / "assessment.json").write_text(strict_json(summary(assessment), indent=2) + "\n", encoding="utf-8")
            page = Path(shutil.make_archive(str(folder / "assessment"), "zip", place))
        target = folder / ("assessment.zip" if form == "zip" else page.name)
        if page != target:
            page.replace(target)
    return target
