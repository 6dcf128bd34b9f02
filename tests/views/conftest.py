"""One browser for the room's tests, and a page that remembers its requests, errors and dialogs."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import chromium
import pytest


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium.program(), args=chromium.FLAGS)
        yield started
        started.close()


@dataclass
class Watched:
    """A page, and all that went wrong or out."""

    page: Any
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def open(self, file: Path) -> None:
        """Opens a file and waits until its charts are drawn."""
        self.page.goto(file.resolve().as_uri())
        self.page.wait_for_selector("html[data-ready]", state="attached")

    def outside(self, own: str = "file:") -> list[str]:
        return [url for url in self.requests if not url.startswith((own, "data:", "blob:"))]


@pytest.fixture
def watched(browser: Any) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    context.set_default_timeout(240_000)  # for a busy machine
    page = context.new_page()
    seen = Watched(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on(
        "console", lambda message: seen.errors.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: seen.errors.append(str(error)))

    def dialog(box: Any) -> None:
        seen.dialogs.append(box.message)
        box.dismiss()

    page.on("dialog", dialog)
    yield seen
    context.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server with two workers."""
    import uvicorn

    from geoecon.web import create_app

    os.environ["GEOECON_DATA"] = str(tmp_path_factory.mktemp("data"))  # what is watched stays out of the user's own
    app = create_app(workers=2, scenarios=tmp_path_factory.mktemp("saved") / "scenarios.sqlite")
    running = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    thread.join(15)
