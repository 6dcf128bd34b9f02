"""The application: pages and JSON interface behind one guard, and `serve` that starts it on this machine."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route

from geoecon.errors import InputError
from geoecon.views import asset, style
from geoecon.web.guard import Guard, Message, Receive, Scope, Send
from geoecon.web.jobs import Desk
from geoecon.web.refusals import HANDLERS
from geoecon.web.routes import PAGES
from geoecon.web.sessions import Saved, Sessions
from geoecon.web.state import Server, folders

if TYPE_CHECKING:
    from starlette.types import ASGIApp


COOKIE = "geoecon"
PAUSE = 2.0  # seconds after the start in which the first page has the processor for itself
SETTINGS: Mapping[str, Any] = {
    "log_level": "warning", "server_header": False, "timeout_graceful_shutdown": 3, "ws": "none", "http": "h11",
}  # fmt: skip
ASSETS = ("page.js", "web.js", "htmx-2.0.11.min.js", "icon.svg")


def create_app(
    *cases: Path, workers: int = 2, scenarios: Path = Path("geoecon-scenarios.sqlite"), limit: int | None = None
) -> Starlette:
    """The application. `cases` are case folders beside the built-in ones; `scenarios` the file of saved scenarios.

    Raises InputError where a case folder has faults.
    """
    found = folders(cases)

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        app.state.server = Server(Desk(workers), Sessions(), Saved(scenarios), found)
        app.state.server.desk.loop = asyncio.get_running_loop()
        rest = asyncio.create_task(_warmed())
        yield
        rest.cancel()
        await asyncio.to_thread(app.state.server.close)

    return Starlette(
        routes=[*(one.route() for one in PAGES), Route("/assets/{name}", asset_file)],
        exception_handlers=HANDLERS,
        middleware=[
            Middleware(Guard, **({"limit": limit} if limit else {})),
            Middleware(WithSession),
            Middleware(WithInterface),
        ],
        lifespan=life,
    )


async def _warmed() -> None:
    """Loads the files of the other pages while the first is read."""
    await asyncio.sleep(PAUSE)
    for load in (*(one.load for one in PAGES), _interface):
        await asyncio.to_thread(load)


class WithSession:
    """ASGI middleware: finds the session of the cookie, or makes one; it never leaves this machine."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/assets/"):
            await self.app(scope, receive, send)
            return
        key = HTTPConnection(scope).cookies.get(COOKIE)
        server = scope["app"].state.server
        session = server.sessions.of(key)
        scope.setdefault("state", {}).update(server=server, session=session)
        cookie = f"{COOKIE}={session.key}; HttpOnly; SameSite=strict; Path=/".encode()

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and session.key != key:
                message = {**message, "headers": [*message.get("headers", ()), (b"set-cookie", cookie)]}
            await send(message)

        await self.app(scope, receive, with_cookie)


class WithInterface:
    """ASGI middleware: what is asked of `/api/` goes to the JSON interface, which is loaded then."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/"):
            await (await asyncio.to_thread(_interface))(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _interface() -> ASGIApp:
    from geoecon.web.api import interface

    return interface()


def asset_file(request: Request) -> Response:
    """Scripts, styles and the icon; nothing else."""
    name = request.path_params["name"]
    if name == "geoecon.css":
        return Response(style("page.css", "web.css"), media_type="text/css")
    if name not in ASSETS:
        raise HTTPException(404)
    kind = mimetypes.guess_type(name)[0] or "text/plain"
    return Response(asset(name), media_type="text/javascript" if name.endswith(".js") else kind)


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
    print(f"geoecon is at {address} (this machine only); end with Ctrl-C")
    uvicorn.run(app, host="127.0.0.1", port=port, **SETTINGS)
