"""A report to take away: the page, the PDF, or everything in one zip file."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from geoecon.errors import InputError
from geoecon.views.exports import write_workbook
from geoecon.views.office import bibtex, write_docx, write_pptx
from geoecon.views.pdf import write_pdf
from geoecon.views.report import Report, write_report
from geoecon.views.written import write

if TYPE_CHECKING:
    from geoecon.line import Assessment


FORMS = ("html", "pdf", "zip", "docx", "pptx", "xlsx", "bib")
OFFICE = {"docx": "brief.docx", "pptx": "slides.pptx", "xlsx": "tables.xlsx", "bib": "cite.bib"}


def write_bundle(assessment: Assessment, folder: Path, form: str) -> Path:
    """`report.html`, `report.pdf`, an office file, or `assessment.zip` with everything, in `folder`.

    Raises InputError for another form, MissingData for a PDF without Chromium or an office file without its library.
    """
    if form not in FORMS:
        raise InputError(f"form {form!r}; allowed: " + ", ".join(FORMS))
    report = Report(assessment)
    if form == "bib":
        (folder / "cite.bib").write_text(bibtex(report), encoding="utf-8")
        return folder / "cite.bib"
    if form in OFFICE:
        make = {"docx": write_docx, "pptx": write_pptx, "xlsx": write_workbook}[form]
        return make(report, folder / OFFICE[form])
    if form == "zip":
        with tempfile.TemporaryDirectory(dir=folder) as made:
            write(assessment, Path(made) / "assessment", export=True)
            return Path(shutil.make_archive(str(folder / "assessment"), "zip", Path(made) / "assessment"))
    page = write_report(assessment, folder)
    return write_pdf(page, folder / "report.pdf") if form == "pdf" else page
