"""Results in a notebook: message or sentence, picture, and a small table; never two hundred rows, never a script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from geoecon.errors import MissingData
from geoecon.views import vega
from geoecon.views.content import ROWS, Table, table_of
from geoecon.views.page import render

if TYPE_CHECKING:
    from geoecon.charts import Picture
    from geoecon.law import Licence
    from geoecon.result import Result
    from geoecon.views.report import Report


def mimebundle(result: Result) -> dict[str, str]:
    """What Jupyter and marimo show of a result, as HTML and as text."""
    table = result.summary().head(ROWS).to_string(index=False)
    return {"text/html": html(result), "text/plain": "\n\n".join([said(result)[0], table, *assumed(result)])}


def html(result: Result) -> str:
    """A fragment without scripts, so that it shows everywhere: message or sentence, the picture, the table."""
    drawn, told = picture(result)
    lines, notes = said(result), [f"Note: {note}." for note in assumed(result)]
    small: Table = table_of(result.summary())
    return render("notebook.html", title=lines[0] if len(lines) > 1 else "", sentences=[*(lines[1:] or lines), *notes],
                  drawn=drawn, said=told, table=small)  # fmt: skip


def said(result: Result) -> list[str]:
    """An assessment (or what holds one) says its message, anything else its sentence."""
    report = _report(result)
    if report is None:
        return [str(result.sentence())]
    message = getattr(result, "message", report.message)
    return [message.title, message.lead, message.second, f"How far to trust this: {message.trust}"]


def assumed(result: Result) -> tuple[str, ...]:
    """What must be known of the scenario that a result was made under."""
    report = _report(result)
    return getattr(result, "assumed", ()) if report is None else report.assessment.notes


def picture(result: Result) -> tuple[str, str]:
    """(SVG in base64, what it shows); nothing where a result has no picture or nothing draws it."""
    from geoecon.law import Licence

    report = _report(result)
    if report is not None:
        shown = report.picture
        return ("", "") if shown is None else (b64encode(shown.file().encode()).decode(), shown.said)
    if isinstance(result, Licence):
        shown = verdict(result)
        return b64encode(shown.file().encode()).decode(), shown.said
    try:
        spec = vega.specification(result.chart())
        title, unit = vega.title(spec)
        return b64encode(drawn_svg(spec)).decode(), f"{title}; {unit}"
    except (NotImplementedError, AttributeError, MissingData, ImportError):
        return "", ""


def verdict(answer: Licence) -> Picture:
    """What a licence's answer is among the six verdicts, and until when it is known."""
    from geoecon import charts, dates

    key = next((key for key, (_, words, _) in charts.VERDICTS.items() if words == answer.verdict), "unknown")
    read = dates.in_words(answer.known_through) if answer.known_through else ""
    note = (
        (f"Presumed: last read on {read}, no change looked for since." if answer.presumed else f"Read through {read}.")
        if read
        else ""
    )
    title = f"{answer.verdict[:1].upper()}{answer.verdict[1:]}"
    return charts.scale(key, title=title, said=f"{title}. {note}".strip(), note=note, sources=answer.sources)


def _report(result: Result) -> Report | None:
    from geoecon.line import Assessment
    from geoecon.views.report import Report

    assessment = getattr(result, "assessment", result)
    return Report(assessment) if isinstance(assessment, Assessment) else None


def drawn_svg(spec: Mapping[str, Any]) -> bytes:
    """A chart as SVG on white, without a browser."""
    import vl_convert

    white = {**spec, "background": "white", "config": {**spec.get("config", {}), "background": "white"}}
    return str(vl_convert.vegalite_to_svg(white, vl_version=vega.LITE)).encode()
