"""The page of what is watched: questions and licences that are asked again, and what changed since the last time."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from geoecon.errors import InputError
from geoecon.message import phrases as say
from geoecon.views import render
from geoecon.web.shown import field, page
from geoecon.web.state import state_of

KINDS = {"question": ("question",), "licence": ("exporter", "destination", "item")}


async def watch_page(request: Request) -> Response:
    """Everything that is watched, with what was found last."""
    found = await state_of(request).call("watch", {})
    return page(request, "web/watch.html", watched=[_row(one) for one in found["watched"]], today=date.today())


async def watch(request: Request) -> Response:
    """Begins to watch a question or a licence: it is asked once and remembered."""
    form = await request.form()
    kind = str(form.get("kind", ""))
    if kind not in KINDS:
        raise InputError(f"kind {kind[:20]!r}; allowed: {', '.join(KINDS)}")
    arguments = {name: field(form, name) for name in KINDS[kind]}
    lacking = [name for name, value in arguments.items() if not value]
    if lacking:
        raise InputError([f"{name}: empty; allowed: a {name}" for name in lacking])
    name = arguments["question"] if kind == "question" else _route(arguments)
    await state_of(request).call("watch", {"add": {"kind": kind, "name": name, "arguments": arguments}})
    return RedirectResponse("/watch", status_code=303)


async def again(request: Request) -> Response:
    """Asks everything again and shows what changed."""
    found = await state_of(request).call("watch_again", {})
    return HTMLResponse(render("web/watch_again.html", found=found))


def _route(arguments: dict[str, str]) -> str:
    return f"{arguments['item']} from {arguments['exporter']} to {arguments['destination']}"


def _row(one: dict[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in one["found"].items() if value is not None}
    told = found.get("message") or "; ".join(str(value).replace("_", " ") for value in found.values())
    return {"name": one["name"], "kind": one["kind"], "told": told, "asked": say.day(date.fromisoformat(one["asked"])),
            "arguments": one["arguments"]}  # fmt: skip
