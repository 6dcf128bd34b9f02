"""What every page is made with: the frame, a table, a file to keep, a file that was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from geoecon import __version__
from geoecon.errors import InputError
from geoecon.views import render, strict_json

if TYPE_CHECKING:
    from starlette.requests import Request

    from geoecon.kinds import Json, Shown


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
