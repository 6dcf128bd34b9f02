"""Pages of A4 that a Word file fills: set again by Chromium in the fonts, sizes, margins and spaces of the file."""

from __future__ import annotations

import base64
import html
import re
from pathlib import Path

from geoecon import views


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def pages_of_word(path: Path, place: Path) -> int:
    """How many pages the document takes, printed."""
    from docx import Document
    from docx.table import Table

    document = Document(str(path))
    page = document.sections[0]
    margins = " ".join(
        f"{one.cm:.2f}cm" for one in (page.top_margin, page.right_margin, page.bottom_margin, page.left_margin)
    )
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21.0, 29.7)
    body = [_table(one) if isinstance(one, Table) else _paragraph(one) for one in document.iter_inner_content()]
    look = (
        f"@page{{size:A4;margin:{margins}}}body{{margin:0}}p{{line-height:1.2}}table{{width:100%}}td{{padding:0 5.4pt}}"
    )
    source = place / f"{path.stem}-printed.html"
    source.write_text(f"<!doctype html><meta charset=utf-8><style>{look}</style>{''.join(body)}", "utf-8")
    return pages(views.write_pdf(source, place / f"{path.stem}.pdf").read_bytes())


def _inherited(style, part: str, name: str):
    """A value of the style, or of the one that it is based on."""
    while style is not None:
        value = getattr(getattr(style, part), name)
        if value is not None:
            return value
        style = style.base_style
    return None


def _paragraph(one) -> str:
    style = one.style
    size = _inherited(style, "font", "size").pt
    before, after = (
        (value.pt if (value := _inherited(style, "paragraph_format", name)) is not None else 0.0)
        for name in ("space_before", "space_after")
    )
    inside = "".join(f"<b>{html.escape(run.text)}</b>" if run.bold else html.escape(run.text) for run in one.runs)
    for picture in one._p.xpath(".//pic:pic"):
        blob = one.part.related_parts[picture.xpath(".//a:blip/@r:embed")[0]].blob
        wide, high = (int(picture.xpath(f".//a:ext/@{side}")[0]) / 12700 for side in ("cx", "cy"))
        inside += f'<img width="{wide / 0.75:.0f}" height="{high / 0.75:.0f}" '
        inside += f'src="data:image/png;base64,{base64.b64encode(blob).decode()}">'
    font = _inherited(style, "font", "name") or "serif"
    look = f"font:{size:g}pt '{font}',serif;margin:{before:g}pt 0 {after:g}pt;line-height:1.2"
    return f'<p style="{look}">{inside}</p>'


def _table(one) -> str:
    def cell(each) -> str:
        return f"<td>{''.join(map(_paragraph, each.paragraphs))}</td>"

    rows = ["<tr>" + "".join(map(cell, row.cells)) + "</tr>" for row in one.rows]
    return f"<table>{''.join(rows)}</table>"
