"""The pages for people: cases and sliders, licence desk, dependence scan, shortage clock, comparison."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from geoecon.errors import InputError
from geoecon.line import STAGES
from geoecon.views import Table, render
from geoecon.web import assumptions, uploads
from geoecon.web.state import state_of

router = APIRouter(include_in_schema=False)
SAMPLE = """part\tstock\tuse_per_day\tsupplier\tlead_time_days\tlead_time_days_low\tlead_time_days_high
etching gas\t900\t30\tSupplier A\t180\t120\t240
photoresist\t120\t2\tSupplier B\t45\t30\t90
film\t40\t1\tSupplier C\t30\t\t"""
MEDIA = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "zip": "application/zip"}


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of this server."""
    return HTMLResponse(render(template, path=request.url.path, **values), status_code=status)


@router.get("/")
def front(request: Request) -> Response:
    state = state_of(request)
    saved = [
        (name, case, assumptions.link(case, json.loads(scenario)), json.loads(scenario))
        for name, case, scenario in state.saved.list()
    ]
    return page(request, "web/front.html", cases=state.titles(), uploaded=state.session.cases, saved=saved)


@router.get("/case/{key}")
def case_page(request: Request, key: str) -> Response:
    """Sliders and the places of the stages; the page's script asks for the results."""
    state = state_of(request)
    draws, seed, cutoff, given = asked(request.query_params)
    case = state.case(key, cutoff)
    scenario = assumptions.checked(case, given)
    case = case.with_scenario(**scenario)
    front_sliders, more = assumptions.sliders(case)
    return page(
        request, "web/case.html", case=case, key=key, scenario=scenario, draws=draws, seed=seed,
        front=front_sliders, more=more, choices=assumptions.choices(case),
        stages=[(name, stage.title) for name, stage in STAGES.items()],
    )  # fmt: skip


def asked(query: Mapping[str, str]) -> tuple[int, int, str | None, dict[str, str]]:
    """(draws, seed, cutoff, scenario) of a link."""
    draws = assumptions.whole(query.get("draws", 0), "draws", assumptions.DRAWS)
    seed = assumptions.whole(query.get("seed", 0), "seed")
    return draws, seed, query.get("cutoff"), assumptions.without(query, ("draws", "seed", "cutoff"))


@router.post("/case")
async def upload_case(request: Request) -> Response:
    """A zipped case folder: checked, kept for this session, and opened."""
    state = state_of(request)
    content, name = await uploaded(request, uploads.ZIPPED)
    case = await state.aside(lambda: uploads.keep_case(uploads.unpack_case(content, name), state.session.folder))
    return RedirectResponse(f"/case/{state.session.keep(case)}", status_code=303)


@router.post("/scenario")
async def open_scenario(request: Request) -> Response:
    """A scenario file: opened as the link that it stands for."""
    state = state_of(request)
    content, _ = await uploaded(request, uploads.TEXT)
    key, given, draws, seed = assumptions.from_file(content)
    scenario = assumptions.checked(state.case(key), given)
    return RedirectResponse(assumptions.link(key, scenario, draws=draws, seed=seed), status_code=303)


@router.get("/case/{key}/scenario.json")
def scenario_file(request: Request, key: str) -> Response:
    draws, seed, cutoff, given = asked(request.query_params)
    scenario = assumptions.checked(state_of(request).case(key, cutoff), given)
    return _download(assumptions.as_file(key, scenario, draws, seed).encode(), "application/json", "scenario.json")


@router.post("/saved")
async def save(request: Request) -> Response:
    """Keeps a scenario under a name."""
    state = state_of(request)
    form = await request.form()
    key, given = str(form.get("case", "")), dict(_texts(form))
    scenario = assumptions.checked(
        state.case(key), assumptions.without(given, ("case", "name", "draws", "seed", "cutoff"))
    )
    state.saved.save(str(form.get("name", "")), key, scenario)
    return HTMLResponse(render("web/said.html", said="Saved. It stands on the first page."))


@router.post("/saved/delete")
async def forget(request: Request) -> Response:
    form = await request.form()
    state_of(request).saved.delete(str(form.get("name", "")))
    return RedirectResponse("/", status_code=303)


@router.get("/licence")
def licence_desk(request: Request) -> Response:
    return page(request, "web/licence.html", asked=dict(request.query_params))


@router.get("/licence/answer")
async def licence_answer(request: Request) -> Response:
    query = request.query_params
    known = ("exporter", "destination", "item", "on")
    facts = {name: value for name, value in query.items() if name not in known and value}
    arguments = {name: query.get(name, "").strip()[:200] for name in known}
    found = await state_of(request).call("licence", arguments | {"facts": facts})
    history = found.get("history")
    return HTMLResponse(render("web/licence_answer.html", found=found, table=table(history), history=history))


@router.get("/scan")
def scan_page(request: Request) -> Response:
    return page(request, "web/scan.html")


@router.post("/scan")
async def scan(request: Request) -> Response:
    """An uploaded file of flows: the dependences of one importer."""
    state = state_of(request)
    content, name = await uploaded(request, uploads.FLOWS)
    form = await request.form()
    path = await state.aside(lambda: uploads.keep_flows(content, name, state.session.folder))
    arguments = {
        "path": str(path),
        "importer": str(form.get("importer", "")).strip()[:40],
        "exporter": str(form.get("exporter", "")).strip()[:40] or None,
        "top": assumptions.whole(form.get("top") or 20, "top", 1000),
    }
    try:
        found = await state.call("scan", arguments, names={str(path): name})
    finally:
        path.unlink(missing_ok=True)
    return HTMLResponse(render("web/result.html", found=found, table=table(found), anchor="scan"))


@router.get("/clock")
def clock_page(request: Request) -> Response:
    return page(request, "web/clock.html", sample=SAMPLE, today=date.today().isoformat())


@router.post("/clock")
async def clock(request: Request) -> Response:
    """A pasted bill of materials: the date of first shortage of each part."""
    form = await request.form()
    text = str(form.get("parts", ""))
    if len(text.encode()) > uploads.TEXT:
        raise InputError(f"the table has {len(text.encode()):,} bytes; allowed: at most {uploads.TEXT:,}")
    stopped = str(form.get("stopped", ""))[:4000].splitlines()
    arguments = {"text": text, "start": str(form.get("start", ""))[:10], "stopped": stopped}
    found = await state_of(request).call("clock", arguments)
    return HTMLResponse(render("web/result.html", found=found, table=table(found), anchor="clock"))


@router.get("/compare")
def compare_page(request: Request) -> Response:
    state = state_of(request)
    key = request.query_params.get("case", "")
    sides = {side: request.query_params.get(side, "") for side in ("a", "b")}
    return page(request, "web/compare.html", cases=state.titles(), chosen=key, sides=sides)


@router.get("/jobs/{job}/compared")
def compared(request: Request, job: str) -> Response:
    """The comparison of a finished job as a fragment."""
    found = state_of(request).job(job).last("difference")
    if found is None:
        raise InputError("this job has no comparison")
    return HTMLResponse(render("web/compared.html", found=found))


@router.get("/jobs/{job}/file")
def job_file(request: Request, job: str) -> Response:
    """The file that a job has made."""
    state = state_of(request)
    found, made = state.job(job), state.job(job).last("file")
    path = state.files / found.key / made["name"] if made else None
    if path is None or not path.is_file():
        raise InputError("this job has no file")
    return _download(path.read_bytes(), MEDIA[path.suffix[1:]], path.name)


@router.get("/api")
def interface(request: Request) -> Response:
    """The JSON interface, described from its own OpenAPI document."""
    document = request.app.openapi()
    return page(
        request, "web/interface.html", document=document, schemas=document.get("components", {}).get("schemas", {})
    )


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


def table(found: Mapping[str, Any] | None) -> Table | None:
    """The small table of a result as the fragments take it."""
    if not found:
        return None
    rows = tuple(tuple(row) for row in found["rows"])
    return Table(tuple(found["heads"]), rows, tuple(found["numeric"]), found["total"]).condensed()


def _texts(form: Any) -> list[tuple[str, str]]:
    return [(str(name), value) for name, value in form.items() if isinstance(value, str)]


def _download(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
