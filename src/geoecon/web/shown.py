"""What every page is made with: the frame, a table, a file to keep, a file that was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from geoecon import __version__
from geoecon.errors import InputError
from geoecon.views import render, short, strict_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from starlette.requests import Request

    from geoecon.kinds import Json, Shown


LONGEST = 200  # letters of what is typed into a field
OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "bib": "application/x-bibtex",
    "docx": OFFICE + "wordprocessingml.document",
    "pptx": OFFICE + "presentationml.presentation",
    "xlsx": OFFICE + "spreadsheetml.sheet",
}


class Strict(Response):
    """Strict JSON: missing and infinite numbers are null."""

    media_type = "application/json"

    def render(self, content: Json) -> bytes:
        return strict_json(content).encode()


def page(request: Request, template: str, status: int = 200, **values: Shown) -> HTMLResponse:
    """A page of this server."""
    values = {"version": __version__, "path": request.url.path, **values}
    return HTMLResponse(render(template, **values), status_code=status)


REPEATED = ("party",)  # a fact of which a question may say several: the names of a shipment's parties


def refuse_unread(given: Sequence[tuple[str, str]], known: Sequence[str] | None, longest: int = LONGEST) -> None:
    """Raises InputError with every name of an address that would be passed over: one that is not among the known ones
    (None: all are), one given twice, one with more than `longest` letters."""
    names, faults = [name for name, _ in given], []
    allowed = ", ".join(known or ()) or "none on this page"
    for name in dict.fromkeys(names):
        if known is not None and name not in known:
            faults.append(f"{short(name, 40)!r} is no name of this page; allowed: {allowed}")
        if names.count(name) > 1 and not (known is None and name in REPEATED):
            faults.append(f"{short(name, 40)!r} stands {names.count(name)} times; allowed: once")
    faults += [too_long(name, value, longest) for name, value in given if len(value) > longest]
    if faults:
        raise InputError(faults)


def too_long(name: str, value: str, longest: int) -> str:
    return f"{short(name, 40)}: {len(value):,} letters; allowed: at most {longest}"


def field(form: Mapping[str, Any], name: str, usual: str = "", longest: int = LONGEST) -> str:
    """What stands in a field of a form. Raises InputError where it is a file or too long: nothing is cut in silence."""
    value = form.get(name, usual)
    if not isinstance(value, str):
        raise InputError(f"{name}: a file; allowed: text")
    if len(value) > longest:
        raise InputError(too_long(name, value, longest))
    return value.strip()


async def uploaded(request: Request, limit: int) -> tuple[bytes, str]:
    """(content, name as given) of the form's file. Raises InputError where there is none or it is too large."""
    form = await request.form()
    sent = form.get("file")
    if sent is None or isinstance(sent, str):
        raise InputError("no file was sent; allowed: one file in the field `file`")
    content = await sent.read(limit + 1)
    if len(content) > limit:
        raise InputError(f"the file is too large; allowed: at most {limit:,} bytes. Nothing was kept.")
    return content, sent.filename or "upload"


def download(content: bytes, kind: str, name: str) -> Response:
    """A file under this name."""
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
