"""An assessment on disk: report, brief, tables and `assessment.json` in one folder, whole or absent."""

from __future__ import annotations

import platform
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from geoecon.case import Case
from geoecon.errors import InputError, MissingData
from geoecon.figure import number
from geoecon.files import check_place, folder_aside
from geoecon.line import Assessment
from geoecon.tables import to_csv
from geoecon.views.exports import export as export_all
from geoecon.views.pdf import write_pdf
from geoecon.views.report import Report, write_pages
from geoecon.views.words import strict_json

if TYPE_CHECKING:
    from geoecon.kinds import Value
    from geoecon.questions import WhatIf


def write(
    assessment: Assessment | Report, folder: str | Path, *, what_if: WhatIf | None = None, export: bool = False
) -> Path:
    """Writes report, figures, brief, tables and `assessment.json` aside, then puts the folder in place at once.

    `what_if` is shown where it is given; a `Report` keeps what it has made, for when a what-if comes later. With
    `export` the folder also holds Word, slides and workbook, every picture as PNG, SVG, CSV and metadata, and
    report.pdf where Chromium is present.
    Raises InputError where `folder` exists and is not an assessment; an interrupted write leaves nothing behind.
    """
    folder = Path(folder)
    check_free(folder)
    report = assessment if isinstance(assessment, Report) else Report(assessment)
    report = report if what_if is None else report.beside(what_if)
    with folder_aside(folder) as place:
        made = export_all(report, place, all_forms=export)
        page = write_pages(report, place, files=made)
        if export:
            try:
                write_pdf(page, place / "report.pdf")
            except MissingData as gap:
                warnings.warn(f"no report.pdf: {gap}", stacklevel=2)
        if what_if is not None:
            to_csv(what_if.to_frame(), place / "tables" / "what_if.csv")
        text = strict_json(summary(report.assessment), indent=2)
        (place / "assessment.json").write_text(text + "\n", encoding="utf-8")
    return folder


def check_free(folder: Path) -> None:
    """Raises InputError where an assessment may not be written: a file, a folder that holds other things, a closed
    place."""
    if folder.is_file():
        raise InputError(f"{folder} is a file; allowed: a new or empty folder, or an earlier assessment")
    if folder.exists() and not (folder / "assessment.json").is_file() and any(folder.iterdir()):
        raise InputError(f"{folder} holds other files; allowed: a new or empty folder, or an earlier assessment")
    check_place(folder)


def summary(assessment: Assessment) -> dict[str, Value]:
    """What `assessment.json` holds: version, seed, hashes, what was skipped, and the headline figures."""
    headline = {
        stage: {
            name: {
                "label": figure.label or name,
                "value": figure.value,
                "low": figure.low,
                "high": figure.high,
                "runs": figure.runs,
                "unit": figure.unit,
                "draws_low": figure.draws_low,
                "draws_high": figure.draws_high,
                "period": figure.period,
                "verified": figure.verified,
                "sources": sorted(figure.sources),
            }
            for name, figure in made.items()
        }
        for stage, made in assessment.told.items()
    }
    return {
        "geoecon": assessment.version,
        "case": assessment.case.id,
        "title": assessment.case.title,
        "cutoff": assessment.case.cutoff.isoformat(),
        "scenario": dict(assessment.scenario),
        "notes": list(assessment.notes),
        "draws": assessment.draws,
        "seed": assessment.seed,
        "platform": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "parameters": parameters(assessment.case),
        "skipped": assessment.skipped,
        "sentences": assessment.said,
        "figures": headline,
        "inputs": dict(assessment.inputs),
    }


def parameters(case: Case) -> dict[str, str]:
    """Every prior in one line of text: low, central, high, unit, source."""
    return {
        name: f"{number(row.low)}, {number(row.central)}, {number(row.high)} {row.unit}; {row.source}"
        for name, row in sorted(case.parameters.items())
    }
