"""What is said where a request cannot be answered: as JSON, as a fragment, or as a page."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from geoecon.errors import InputError, MissingData, NotConverged
from geoecon.views import render
from geoecon.web.guard import TooLargeError, faults
from geoecon.web.shown import Strict
from geoecon.web.state import BrokenError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from starlette.requests import Request

BACK = (  # where a request came from, by the beginning of its address: the page to go back to
    ("/table", "/dependence", "the dependence explorer"), ("/dependence", "/dependence", "the dependence explorer"),
    ("/licence", "/licence", "the licence desk"), ("/clock", "/clock", "the shortage clock"),
    ("/ask", "/ask", "the question"), ("/precedents", "/precedents", "the precedents"),
    ("/compare", "/compare", "the comparison"), ("/watch", "/watch", "what is watched"),
    ("/case", "/disputes", "the disputes"), ("/scenario", "/disputes", "the disputes"),
    ("/upload", "/disputes", "the disputes"), ("", "/", "the start"),
)  # fmt: skip
LOG = logging.getLogger("geoecon.serve")


def told(request: Request, status: int, said: list[str]) -> Response:
    """A message as JSON for the interface, as a fragment for htmx, else as a page."""
    if request.url.path.startswith("/api/"):
        return Strict({"message": "\n".join(said), "faults": said}, status_code=status)
    if request.headers.get("hx-request"):
        return HTMLResponse(render("web/faults.html", faults=said))  # shown in place; the browser logs no failure
    path = request.url.path
    back = next((page, name) for start, page, name in BACK if path.startswith(start))
    return HTMLResponse(render("web/refused.html", faults=said, path=back[0], back=back), status_code=status)


def bad_input(request: Request, error: Exception) -> Response:
    return told(request, 422, faults(error))


def too_large(request: Request, error: Exception) -> Response:
    return told(request, 413, [str(error)])


def not_there(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    said = "There is no such page." if status == 404 else str(getattr(error, "detail", "The request was refused."))
    return told(request, status, [said])


def broken(request: Request, error: Exception) -> Response:
    LOG.exception("%s %s", request.method, request.url.path, exc_info=error)
    return told(request, 500, ["This is a fault of ours, not of your input; the server's log has the details."])


HANDLERS: Mapping[Any, Callable[[Request, Exception], Response]] = {
    InputError: bad_input,
    NotConverged: bad_input,
    MissingData: bad_input,
    TooLargeError: too_large,
    HTTPException: not_there,
    BrokenError: broken,
    Exception: broken,
}
