"""The application: pages and JSON interface behind one guard, and `serve` that starts it on this machine."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from geoecon import __version__
from geoecon.errors import InputError, MissingData, NotConverged
from geoecon.views import asset, render, style
from geoecon.web import api, desks, own_tables, pages, watch_page
from geoecon.web.guard import Guard, Message, Receive, Scope, Send
from geoecon.web.jobs import Desk
from geoecon.web.sessions import Saved, Sessions
from geoecon.web.state import BrokenError, Server, folders
from geoecon.web.work import faults

if TYPE_CHECKING:
    from starlette.types import ASGIApp


LOG = logging.getLogger("geoecon.serve")
COOKIE = "geoecon"
ASSETS = ("page.js", "web.js", "htmx-2.0.11.min.js", "icon.svg")


def create_app(
    *cases: Path, workers: int = 2, scenarios: Path = Path("geoecon-scenarios.sqlite"), limit: int | None = None
) -> FastAPI:
    """The application. `cases` are case folders beside the built-in ones; `scenarios` the file of saved scenarios.

    Raises InputError where a case folder has faults.
    """
    found = folders(cases)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        app.state.server = Server(Desk(workers), Sessions(), Saved(scenarios), found)
        app.state.server.desk.loop = asyncio.get_running_loop()
        yield
        await asyncio.to_thread(app.state.server.close)

    app = FastAPI(
        title="geoecon", version=__version__, lifespan=life, docs_url=None, redoc_url=None,
        openapi_url="/api/openapi.json", summary="The JSON interface behind the pages. Not legal advice.",
    )  # fmt: skip
    app.include_router(api.router)
    app.include_router(pages.router)
    for rooms in (desks, own_tables, watch_page):
        app.include_router(rooms.router)
    app.add_api_route("/assets/{name}", asset_file, include_in_schema=False)
    for kind in (InputError, NotConverged, MissingData):
        app.add_exception_handler(kind, bad_input)
    app.add_exception_handler(RequestValidationError, bad_request)
    app.add_exception_handler(HTTPException, not_there)
    app.add_exception_handler(BrokenError, broken)
    app.add_exception_handler(Exception, broken)
    app.add_middleware(WithSession, owner=app)
    app.add_middleware(Guard, **({"limit": limit} if limit else {}))
    return app


class WithSession:
    """ASGI middleware: finds the session of the cookie, or makes one; it never leaves this machine."""

    def __init__(self, app: ASGIApp, owner: FastAPI):
        self.app, self.owner = app, owner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/assets/"):
            await self.app(scope, receive, send)
            return
        key = HTTPConnection(scope).cookies.get(COOKIE)
        session = self.owner.state.server.sessions.of(key)
        scope.setdefault("state", {})["session"] = session
        cookie = f"{COOKIE}={session.key}; HttpOnly; SameSite=strict; Path=/".encode()

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and session.key != key:
                message = {**message, "headers": [*message.get("headers", ()), (b"set-cookie", cookie)]}
            await send(message)

        await self.app(scope, receive, with_cookie)


def asset_file(name: str) -> Response:
    """Scripts, styles and the icon; nothing else."""
    if name == "geoecon.css":
        return Response(style("page.css", "web.css"), media_type="text/css")
    if name not in ASSETS:
        raise HTTPException(404)
    kind = mimetypes.guess_type(name)[0] or "text/plain"
    return Response(asset(name), media_type="text/javascript" if name.endswith(".js") else kind)


def told(request: Request, status: int, said: list[str]) -> Response:
    """A message as JSON for the interface, as a fragment for htmx, else as a page."""
    if request.url.path.startswith("/api/"):
        return api.Strict({"message": "\n".join(said), "faults": said}, status_code=status)
    if request.headers.get("hx-request"):
        return HTMLResponse(render("web/faults.html", faults=said))  # shown in place; the browser logs no failure
    return HTMLResponse(render("web/refused.html", faults=said, path=request.url.path), status_code=status)


def bad_input(request: Request, error: Exception) -> Response:
    return told(request, 422, faults(error))


def bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    places = [(" ".join(map(str, one["loc"][1:])) or "body", one["msg"]) for one in error.errors()]
    return told(request, 422, [f"{place}: {message}" for place, message in places][:20])


def not_there(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    said = "There is no such page." if status == 404 else str(getattr(error, "detail", "The request was refused."))
    return told(request, status, [said])


def broken(request: Request, error: Exception) -> Response:
    LOG.exception("%s %s", request.method, request.url.path, exc_info=error)
    return told(request, 500, ["This is a fault of ours, not of your input; the server's log has the details."])


def serve(
    *cases: Path, port: int = 8765, workers: int = 2, scenarios: Path = Path("geoecon-scenarios.sqlite"),
    opens: bool = False,
) -> None:  # fmt: skip
    """Starts the application on this machine alone (127.0.0.1) and answers until it is interrupted.

    Raises MissingData without the extra `web`, InputError for a port outside 1 to 65535 or a faulty case folder.
    """
    if not 1 <= port <= 65535:
        raise InputError(f"port {port}; allowed: 1 to 65535")
    import uvicorn

    app = create_app(*cases, workers=workers, scenarios=scenarios)
    address = f"http://127.0.0.1:{port}/"
    if opens:
        import threading
        import webbrowser

        threading.Timer(1.5, webbrowser.open, (address,)).start()
    settings: dict[str, Any] = {"log_level": "warning", "server_header": False, "timeout_graceful_shutdown": 3}
    print(f"geoecon is at {address} (this machine only); end with Ctrl-C")
    uvicorn.run(app, host="127.0.0.1", port=port, **settings)
