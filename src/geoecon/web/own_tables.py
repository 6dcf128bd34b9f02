"""Tables of trade that people bring: opened in the explorer and in questions, or scanned at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from geoecon import countries, lexicon
from geoecon.errors import InputError
from geoecon.views import Table, render
from geoecon.web import assumptions, uploads
from geoecon.web.shown import field, uploaded
from geoecon.web.state import state_of


async def bring(request: Request) -> Response:
    """A table of trade: read once, kept for this session, opened in the explorer. Faults say what is wrong where."""
    state = state_of(request)
    content, name = await uploaded(request, uploads.FLOWS)
    form = await request.form()
    reading = field(form, "reading", longest=2000)
    path = await state.aside(lambda: uploads.keep_table(content, name, state.session.folder))
    try:
        holds = await state.call("readable", {"path": str(path), "reading": reading}, names={str(path): name})
    except InputError:
        path.unlink(missing_ok=True)
        raise
    here = code(field(form, "importer"), "importer")
    importer = here if here in holds["importers"] or not holds["importers"] else holds["importers"][0]
    key = state.session.keep_table(path, name, reading)
    return RedirectResponse(
        f"/dependence?{urlencode({'country': countries.name(importer), 'table': key})}", status_code=303
    )


def old_scan() -> Response:
    """The scan stands on the explorer's page."""
    return RedirectResponse("/dependence", status_code=308)


async def scan(request: Request) -> Response:
    """An uploaded file of flows: the dependences of one importer."""
    state = state_of(request)
    content, name = await uploaded(request, uploads.FLOWS)
    form = await request.form()
    path = await state.aside(lambda: uploads.keep_table(content, name, state.session.folder))
    arguments = {
        "path": str(path),
        "importer": code(field(form, "importer"), "importer"),
        "exporter": code(field(form, "exporter"), "exporter") or None,
        "top": assumptions.whole(str(form.get("top") or 20), "top", 1000),
        "reading": field(form, "reading", longest=2000),
    }
    try:
        found = await state.call("scan", arguments, names={str(path): name})
    finally:
        path.unlink(missing_ok=True)
    return HTMLResponse(render("web/result.html", found=found, table=table(found)))


def table(found: Mapping[str, Any] | None) -> Table | None:
    """The small table of a result as the fragments take it."""
    if not found:
        return None
    rows = tuple(tuple(row) for row in found["rows"])
    return Table(tuple(found["heads"]), rows, tuple(found["numeric"]), found["total"]).condensed()


def code(text: str, field: str) -> str:
    """The code of a country in words, or nothing for nothing."""
    if not text.strip():
        return ""
    try:
        return str(lexicon.state(text))
    except InputError as error:
        raise InputError(f"{field}: {error}") from None
