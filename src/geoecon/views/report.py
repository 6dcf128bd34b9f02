"""The report: one self-contained page, and the brief of two pages beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from geoecon.views import vega
from geoecon.views.brief import brief
from geoecon.views.content import Content, content
from geoecon.views.page import asset, inline_script, policy, render
from geoecon.views.whatif import Counterfactual, reproduce

LIMIT = 3_000_000  # bytes


def write_report(assessment: Any, folder: Path | str, *, counterfactuals: Sequence[Counterfactual] = ()) -> Path:
    """Writes `report.html` and `brief.md` into `folder` and returns the report's path.

    `counterfactuals` is the table of other scenarios; without it the page leaves it out. The same assessment gives the
    same bytes.
    """
    arranged = content(assessment)
    page = report_html(arranged, counterfactuals=counterfactuals)
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    (place / "report.html").write_text(page, encoding="utf-8")
    (place / "brief.md").write_text(brief(arranged, counterfactuals), encoding="utf-8")
    return place / "report.html"


def report_html(arranged: Content, *, counterfactuals: Sequence[Counterfactual] = ()) -> str:
    """The page as text. Scripts: the Vega libraries and ours, allowed by their hashes; no request leaves it."""
    scripts = (vega.library(), asset("page.js"))
    specs: Mapping[str, Any] = {part.anchor: part.spec for part in arranged.pieces}
    return render(
        "report.html",
        page=arranged,
        assessment=arranged.assessment,
        case=arranged.assessment.case,
        grid=None,
        counterfactuals=counterfactuals,
        specs=specs,
        style=asset("page.css"),
        policy=policy(*scripts),
        scripts=[inline_script(code) for code in scripts],
        reproduce=reproduce(arranged.assessment),
    )
