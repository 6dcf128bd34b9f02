"""The brief as Word, the answers as slides with native charts, and the citation: opened by any office program.

Names and cells of a case stay text in all of them; the files hold no macro, link or formula from outside.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon.errors import MissingData
from geoecon.files import in_memory
from geoecon.message import phrases as say
from geoecon.tables import measured
from geoecon.views.again import reproduce
from geoecon.views.brief import plain_parts, sources_line
from geoecon.views.words import visible

if TYPE_CHECKING:
    from docx.document import Document
    from docx.opc.coreprops import CoreProperties
    from pptx.chart.data import CategoryChartData
    from pptx.presentation import Presentation
    from pptx.slide import Slide

    from geoecon.charts import Picture
    from geoecon.kinds import Cell
    from geoecon.views.report import Report

WHEN = datetime(2000, 1, 1)  # inside the files, so that the same assessment gives the same bytes
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
SERIF, SANS = "Georgia", "Arial"


def clean(text: Cell) -> str:
    """Text that XML can hold, overriding characters shown."""
    return ILLEGAL.sub("", visible(text))


def write_docx(report: Report, path: Path) -> Path:
    """The brief as a Word document with its pictures. Raises MissingData without python-docx."""
    try:
        from docx import Document
        from docx.shared import Cm, Pt
    except ImportError:
        raise MissingData("python-docx: pip install 'geoecon[office]'") from None
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(1.8)
    style = document.styles["Normal"]
    style.font.name, style.font.size = SERIF, Pt(10.5)
    style.paragraph_format.space_after = Pt(4)
    case = report.assessment.case
    document.add_heading(clean(case.title), 0)
    _paragraph(
        document, f"**As known on {say.day(case.cutoff)}.** Prepared with geoecon, {report.assessment.draws} runs."
    )
    for part in report.sections:
        document.add_heading(part.heading, 2)
        for text in part.paragraphs:
            if text:
                _paragraph(document, text)
        if part.rows:
            table = document.add_table(rows=0, cols=2)
            for label, value in part.rows:
                cells = table.add_row().cells
                cells[0].text, cells[1].text = clean(label), clean(value)
        for step in part.steps:
            document.add_paragraph(clean(step), style="List Number")
        if part.picture is not None and part.heading == "What decides it":
            document.add_picture(io.BytesIO(part.picture.png()), width=Cm(9.5))
    document.add_heading("Sources", 2)
    _paragraph(document, sources_line(report))
    _stamp(document.core_properties, report)
    with in_memory(path) as content:
        document.save(content)
    return _settled(path)


def _paragraph(document: Document, text: str) -> None:
    made = document.add_paragraph()
    for words, bold in plain_parts(text):
        made.add_run(clean(words)).bold = bold


def _stamp(properties: CoreProperties, report: Report) -> None:
    properties.title = clean(report.assessment.case.title)[:250]
    properties.author = "geoecon"
    properties.comments = clean(reproduce(report.assessment))[:250]
    properties.created = properties.modified = WHEN


def write_pptx(report: Report, path: Path) -> Path:
    """A slide for the message and one for each answered question, with charts that PowerPoint itself draws.

    Raises MissingData without python-pptx.
    """
    try:
        from pptx import Presentation
        from pptx.util import Cm
    except ImportError:
        raise MissingData("python-pptx: pip install 'geoecon[office]'") from None
    deck = Presentation()
    deck.slide_width, deck.slide_height = Cm(33.87), Cm(19.05)
    message = report.message
    first = _slide(deck, message.title, message.kicker)
    body = [
        message.lead,
        message.second,
        *[f"{tile.number}: {tile.label}" for tile in message.tiles],
        f"How far to trust this: {message.trust}",
    ]
    _text(first, 1.6, 4.2, 15.5, 13, [text for text in body if text], 16)
    if report.picture is not None:
        _chart(first, report.picture, 17.6, 4.0, 14.6, 12.5)
    for block in report.blocks:
        if block.picture is None:
            continue
        slide = _slide(deck, block.sentence.rstrip("."), block.kicker)
        _chart(slide, block.picture, 1.6, 4.2, 30.5, 12.2)
        _text(slide, 1.6, 16.8, 30.5, 1.6, [block.source], 11)
    _stamp(deck.core_properties, report)
    with in_memory(path) as content:
        deck.save(content)
    return _settled(path)


def _slide(deck: Presentation, title: str, kicker: str) -> Slide:
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    _text(slide, 1.6, 0.9, 30.5, 1.0, [kicker], 12)
    _text(slide, 1.6, 1.7, 30.5, 2.2, [title], 26, bold=True)
    return slide


def _text(
    slide: Slide, x: float, y: float, wide: float, high: float, lines: list[str], size: float, bold: bool = False
) -> None:
    from pptx.util import Cm, Pt

    frame = slide.shapes.add_textbox(Cm(x), Cm(y), Cm(wide), Cm(high)).text_frame
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = clean(line)
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, SERIF if bold else SANS
        paragraph.space_after = Pt(size / 2)


def _chart(slide: Slide, picture: Picture, x: float, y: float, wide: float, high: float) -> None:
    """A native chart of the picture's rows where they are a series; else the picture itself."""
    from pptx.util import Cm, Pt

    made = _native(picture)
    place = (Cm(x), Cm(y), Cm(wide), Cm(high))
    if made is None:
        slide.shapes.add_picture(io.BytesIO(picture.png()), Cm(x), Cm(y), height=Cm(high))
        return
    kind, data = made
    chart = slide.shapes.add_chart(kind, *place, data).chart
    chart.font.size, chart.font.name = Pt(12), SANS
    chart.has_legend = len(chart.plots[0].series if hasattr(chart.plots[0], "series") else []) > 1
    if chart.has_legend:
        chart.legend.include_in_layout = False


def _native(picture: Picture) -> tuple[Any, Any] | None:
    """(kind, data) of a chart for the shapes of rows that our pictures have."""
    from pptx.chart.data import CategoryChartData, XyChartData
    from pptx.enum.chart import XL_CHART_TYPE as KINDS

    rows = [dict(row) for row in picture.rows]
    keys = set(rows[0]) if rows else set()
    if {"x", "middle"} <= keys:
        points = XyChartData()
        for name, key in (
            ("in the middle", "middle"),
            ("one run in ten is lower", "low"),
            ("one run in ten is higher", "high"),
        ):
            series = points.add_series(name)
            for row in rows:
                series.add_data_point(float(row["x"]), float(row[key]))
        return KINDS.XY_SCATTER_LINES_NO_MARKERS, points
    for label, series, value, kind in (
        ("class", None, "runs in a hundred", KINDS.COLUMN_CLUSTERED),
        ("what", "part", "value", KINDS.BAR_STACKED),
        ("bar", "part", "value", KINDS.BAR_STACKED_100),
        ("product", "supplier", "share of imports", KINDS.BAR_STACKED_100),
        ("label", None, ("low", "middle", "high", "came"), KINDS.BAR_CLUSTERED),
    ):
        if label in keys and (series is None or series in keys):
            return kind, _table(rows, label, series, value, CategoryChartData())
    return None


def _table(
    rows: Sequence[Mapping[str, Any]], label: str, series: str | None, value: str | tuple[str, ...],
    data: CategoryChartData,
) -> CategoryChartData:  # fmt: skip
    """Rows as categories and series; a missing value stays missing."""
    data.categories = [clean(name) for name in dict.fromkeys(row[label] for row in rows)]
    if series is None:
        for key in (value,) if isinstance(value, str) else value:
            data.add_series(clean(key), [measured(row.get(key)) for row in rows])
        return data
    for part in dict.fromkeys(row[series] for row in rows):
        found = {row[label]: measured(row[str(value)]) for row in rows if row[series] == part}
        data.add_series(clean(part), [found.get(name) for name in dict.fromkeys(row[label] for row in rows)])
    return data


def _settled(path: Path) -> Path:
    """The same zip with fixed times, so that the same assessment gives the same bytes."""
    with zipfile.ZipFile(path) as packed:
        members = [(one.filename, packed.read(one)) for one in packed.infolist()]
    with in_memory(path) as content_of, zipfile.ZipFile(content_of, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in sorted(members, key=lambda one: (one[0] != "[Content_Types].xml", one[0])):
            if name.endswith(".xlsx"):
                content = _inner(content)
            packed.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return path


def _inner(content: bytes) -> bytes:
    """The workbook inside a slide's chart, its time of making fixed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as settled:
        for one in packed.infolist():
            held = packed.read(one)
            if one.filename == "docProps/core.xml":
                held = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", held)
            settled.writestr(zipfile.ZipInfo(one.filename, (2000, 1, 1, 0, 0, 0)), held, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def bibtex(report: Report) -> str:
    """The assessment and the sources behind it as BibTeX; braces and backslashes of a citation cannot break out."""
    case, version = report.assessment.case, report.assessment.version
    entries = [
        "@software{geoecon,\n  author = {{The geoecon authors}},\n"
        f"  title = {{{{geoecon {_tex(version)}: {_tex(case.title)}}}}},\n"
        f"  note = {{Facts of {case.cutoff.isoformat()}, {report.assessment.draws} runs, "
        f"seed {report.assessment.seed}}}\n}}"
    ]
    used = {"geoecon"}
    for note in report.content.sources:
        key = re.sub(r"[^A-Za-z0-9]+", "-", note.source_id or f"source-{note.number}").strip("-")
        key = key if key not in used else f"{key}-{note.number}"
        used.add(key)
        link = f",\n  url = {{{_tex(note.url)}}}" if note.url else ""
        read = f",\n  urldate = {{{_tex(note.read_on)}}}" if note.read_on else ""
        entries.append(f"@misc{{{key},\n  title = {{{{{_tex(note.citation)}}}}}{link}{read}\n}}")
    return "\n\n".join(entries) + "\n"


def _tex(text: Cell) -> str:
    plain = clean(text).replace("\\", "/").replace("{", "(").replace("}", ")").replace("\n", " ")
    return re.sub(r"([&%#$_])", r"\\\1", plain)
