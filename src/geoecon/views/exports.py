"""Charts and tables as files: PNG, SVG, CSV with metadata and citation, one workbook, and the report as PDF."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon.cells import csv_writer
from geoecon.errors import MissingData
from geoecon.files import in_memory
from geoecon.tables import guarded
from geoecon.views.again import reproduce
from geoecon.views.words import plain, slug, strict_json, visible

if TYPE_CHECKING:
    from geoecon.charts import Picture
    from geoecon.kinds import Cell, Json
    from geoecon.views.report import Report

WHEN = datetime(2000, 1, 1)  # inside the workbook, so that the same assessment gives the same bytes
SHEET = 1_048_575  # rows of a worksheet below its heading


def export(report: Report, folder: Path | str, *, all_forms: bool = True) -> list[str]:
    """Writes below `folder` the tables as CSV and `cite.bib`; with `all_forms` also `tables.xlsx`, `brief.docx`,
    `slides.pptx` and `charts/` (each picture as SVG and PNG, its rows as CSV, what it says as JSON).

    Returns the names of the files made; what a library that is not installed would make is left out.
    """
    from geoecon.views import office

    place = Path(folder)
    (place / "tables").mkdir(parents=True, exist_ok=True)
    for stage, text in report.csv.items():
        (place / "tables" / f"{slug(stage)}.csv").write_text(text, encoding="utf-8")
    (place / "cite.bib").write_text(report.cited, encoding="utf-8")
    made = ["cite.bib"]
    if not all_forms:
        return made
    (place / "charts").mkdir(exist_ok=True)
    for name, shown in drawn(report).items():
        write_picture(report, name, shown, place / "charts")
    for make, name in (
        (write_workbook, "tables.xlsx"),
        (office.write_docx, "brief.docx"),
        (office.write_pptx, "slides.pptx"),
    ):
        with suppress(MissingData):  # the CSV files and the brief say the same
            make(report, place / name)
            made.append(name)
    return made


def drawn(report: Report) -> dict[str, Picture]:
    """Every picture of the report by name."""
    found = {"headline": report.picture, "events": report.events[1]}
    found |= {block.key: block.picture for block in report.blocks}
    return {name: shown for name, shown in found.items() if shown is not None}


def write_picture(report: Report, name: str, shown: Picture, folder: Path) -> None:
    """One picture as SVG, PNG, rows and metadata."""
    (folder / f"{name}.svg").write_text(shown.file(), encoding="utf-8")
    with suppress(MissingData):
        (folder / f"{name}.png").write_bytes(shown.png())
    (folder / f"{name}.csv").write_text(rows_csv(shown.rows), encoding="utf-8")
    case = report.assessment.case
    said = {
        "title": shown.title,
        "said": shown.said,
        "unit": shown.unit,
        "case": case.id,
        "known_by": case.cutoff,
        "scenario": dict(report.assessment.scenario),
        "runs": report.assessment.draws,
        "seed": report.assessment.seed,
        "geoecon": report.assessment.version,
        "sources": list(shown.sources),
        "made_again_by": reproduce(report.assessment),
        "citation": citation(report, shown),
    }
    (folder / f"{name}.json").write_text(strict_json(said, indent=2) + "\n", encoding="utf-8")


def citation(report: Report, shown: Picture) -> str:
    """How to cite a picture: tool, version, what, case and day, and where the data come from."""
    case, version = report.assessment.case, report.assessment.version
    told = f"geoecon {version}, “{case.title}”, facts of {case.cutoff.isoformat()}"
    return f"The geoecon authors. “{shown.title}”. {told}. Data: {'; '.join(shown.sources)}."


def rows_csv(rows: Iterable[Mapping[Any, Any]]) -> str:
    """Rows as CSV with all columns that any row has."""
    listed = [{str(key): plain(value) for key, value in row.items()} for row in rows]
    columns = list(dict.fromkeys(key for row in listed for key in row))
    return table_csv(columns, ([row.get(column) for column in columns] for row in listed))


def table_csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Plain cells as CSV: missing is empty, text that a spreadsheet would run is kept as text."""
    out = io.StringIO()
    writer = csv_writer(out)
    writer.writerow(map(guarded, heads))
    safe = _Guarded()
    writer.writerows([safe[value] if type(value) is str else value for value in row] for row in rows)
    return out.getvalue()


class _Guarded(dict[str, "Cell"]):
    """Each text as it is written, guarded once: most stand in many rows."""

    def __missing__(self, value: str) -> Cell:
        self[value] = safe = guarded(value)
        return safe


def write_workbook(report: Report, path: Path) -> Path:
    """One workbook: figures, a sheet for each stage's table, sources. No cell is taken for a formula or a link.

    Raises MissingData without xlsxwriter.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise MissingData("xlsxwriter: pip install 'geoecon[office]'") from None
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    assessment = report.assessment
    with in_memory(path) as content, xlsxwriter.Workbook(content, options) as book:
        about = {"title": visible(assessment.case.title), "comments": reproduce(assessment), "created": WHEN}
        book.set_properties(about)
        bold = book.add_format({"bold": True})
        for name, heads, rows in _sheets(report):
            sheet = book.add_worksheet(name[:31])
            sheet.write_row(0, 0, heads, bold)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows[:SHEET], 1):
                sheet.write_row(number, 0, row)
            if name in assessment.results:  # below the table, so that a program reads the table alone
                foot = min(len(rows), SHEET) + 2
                for number, source in enumerate(sorted(assessment.results[name].sources)):
                    sheet.write_string(foot + number, 0, f"Source: {source}")
    return path


def _sheets(report: Report) -> Iterable[tuple[str, Sequence[str], list[list[Any]]]]:
    assessment = report.assessment
    heads = ["stage", "figure", "value", "low", "high", "unit", "period", "verified", "sources"]
    figures = [
        [
            *(stage, figure.label or key, figure.value, figure.low, figure.high, figure.unit, figure.period),
            *("yes" if figure.verified else "unverified", "; ".join(sorted(figure.sources))),
        ]
        for stage, made in assessment.told.items()
        for key, figure in made.items()
    ]
    yield "figures", heads, [[_finite(plain(value)) for value in row] for row in figures]
    for stage, columns, rows in report.tables():
        yield stage, columns, [[_finite(value) for value in row] for row in rows]
    cited = sorted({(stage, name) for stage, result in assessment.results.items() for name in result.sources})
    yield "sources", ["stage", "source"], [list(row) for row in cited]


def _finite(value: Cell | Json) -> Cell:
    """A plain cell as a workbook can hold it: empty where unknown or infinite."""
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
