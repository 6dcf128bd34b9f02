"""Charts and tables as files: PNG, SVG, CSV with metadata and citation, one workbook, and the report as PDF."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from geoecon.errors import MissingData
from geoecon.tables import guarded
from geoecon.views import vega
from geoecon.views.content import name_of, roles
from geoecon.views.whatif import reproduce
from geoecon.views.words import plain, slug, strict_json

SCALE = 2  # pixels of a PNG for one of the chart
SHEET = 1_048_575  # rows of a worksheet below its heading


def export(assessment: Any, folder: Path | str, *, pictures: Sequence[str] = ("png", "svg")) -> Path:
    """Writes `charts/` (per stage: picture files, rows as CSV, metadata with citation as JSON) and `tables/`
    (per stage CSV, and `tables.xlsx` where xlsxwriter is installed) below `folder`; returns it."""
    place = Path(folder)
    (place / "charts").mkdir(parents=True, exist_ok=True)
    (place / "tables").mkdir(exist_ok=True)
    for stage, result in assessment.results.items():
        write_chart(assessment, stage, place / "charts", pictures)
        (place / "tables" / f"{slug(stage)}.csv").write_text(table_csv(result.to_frame()), encoding="utf-8")
    with suppress(MissingData):  # the CSV files say the same
        write_workbook(assessment, place / "tables" / "tables.xlsx")
    return place


def write_chart(assessment: Any, stage: str, folder: Path, pictures: Sequence[str] = ("png", "svg")) -> None:
    """One stage's chart as pictures, rows and metadata."""
    spec = vega.specification(assessment.results[stage].chart(), roles(assessment.case))
    name = slug(stage)
    for kind in pictures:
        (folder / f"{name}.{kind}").write_bytes(picture(spec, kind))
    (folder / f"{name}.csv").write_text(rows_csv(vega.rows(spec)), encoding="utf-8")
    described = metadata(assessment, stage, spec)
    (folder / f"{name}.json").write_text(strict_json(described, indent=2) + "\n", encoding="utf-8")


def picture(spec: Mapping[str, Any], kind: str) -> bytes:
    """A chart as PNG or SVG, without a browser. Raises KeyError for another kind."""
    import vl_convert

    white = {**spec, "background": "white"}
    config = dict(white.get("config", {}))
    white["config"] = {**config, "background": "white"}
    version = vega.LITE
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(white, vl_version=version)).encode()
    return bytes({"png": vl_convert.vegalite_to_png}[kind](white, vl_version=version, scale=SCALE))


def metadata(assessment: Any, stage: str, spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a chart says, from what, and how to cite it; the specification at the end."""
    result = assessment.results[stage]
    title, unit = vega.title(dict(spec))
    return {
        "title": title,
        "measure": unit,
        "stage": stage,
        "case": assessment.case.id,
        "known_by": assessment.case.cutoff,
        "scenario": dict(assessment.scenario),
        "draws": assessment.draws,
        "seed": assessment.seed,
        "geoecon": assessment.version,
        "sources": sorted(result.sources),
        "method": str(result.METHOD).strip(),
        "citation": citation(assessment, stage, title),
        "made_again_by": reproduce(assessment),
        "specification": spec,
    }


def citation(assessment: Any, stage: str, title: str) -> str:
    """How to cite a chart or table: tool, version, what, case and cut-off, and where the data come from."""
    sources = "; ".join(sorted(assessment.results[stage].sources))
    case = assessment.case
    told = f"geoecon {assessment.version}, {name_of(stage).lower()} of “{case.title}”"
    return f"The geoecon authors. “{title}”. {told}, facts known by {case.cutoff.isoformat()}. Data: {sources}."


def table_csv(frame: Any) -> str:
    """A frame as CSV: missing is empty, text that a spreadsheet would run is kept as text."""
    return rows_csv(frame.to_dict("records"), [str(column) for column in frame.columns])


def rows_csv(rows: Iterable[Mapping[Any, Any]], heads: Sequence[str] | None = None) -> str:
    """Rows as CSV with these columns, or all columns that any row has."""
    listed = [{str(key): value for key, value in row.items()} for row in rows]
    columns = list(heads or dict.fromkeys(key for row in listed for key in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(guarded, columns))
    writer.writerows([guarded(plain(row.get(column))) for column in columns] for row in listed)
    return out.getvalue()


def write_workbook(assessment: Any, path: Path) -> Path:
    """One workbook: figures, a sheet for each stage's table, sources. No cell is taken for a formula or a link.

    Raises MissingData without xlsxwriter.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise MissingData("xlsxwriter: pip install 'geoecon[office]'") from None
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"title": assessment.case.title, "comments": reproduce(assessment)})
        bold = book.add_format({"bold": True})
        for name, heads, rows in _sheets(assessment):
            sheet = book.add_worksheet(name[:31])
            sheet.write_row(0, 0, heads, bold)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows[:SHEET], 1):
                sheet.write_row(number, 0, row)
    return path


def _sheets(assessment: Any) -> Iterable[tuple[str, list[str], list[list[Any]]]]:
    heads = ["stage", "figure", "value", "low", "high", "unit", "period", "verified", "sources"]
    figures = [
        [
            *(stage, figure.label or key, figure.value, figure.low, figure.high, figure.unit, figure.period),
            *("yes" if figure.verified else "unverified", "; ".join(sorted(figure.sources))),
        ]
        for stage, result in assessment.results.items()
        for key, figure in result.figures().items()
    ]
    yield "figures", heads, [[_finite(value) for value in row] for row in figures]
    for stage, result in assessment.results.items():
        frame = result.to_frame()
        rows = [[_finite(value) for value in row] for row in frame.itertuples(index=False, name=None)]
        yield stage, [str(column) for column in frame.columns], rows
    cited = sorted({(stage, name) for stage, result in assessment.results.items() for name in result.sources})
    yield "sources", ["stage", "source"], [list(row) for row in cited]


def _finite(value: Any) -> Any:
    """A cell that a workbook can hold: empty where unknown or infinite."""
    found = plain(value)
    return found if found is None or isinstance(found, bool | int | float | str) else str(found)
