"""The pages for people: cases and sliders, licence desk, dependence scan, shortage clock, comparison."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from geoecon import __version__
from geoecon.errors import InputError
from geoecon.line import DRAWS, STAGES
from geoecon.views import Table, gallery, render
from geoecon.web import assumptions, uploads
from geoecon.web.asked import ASKED, made
from geoecon.web.cards import disputes
from geoecon.web.state import state_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from starlette.datastructures import FormData

    from geoecon.kinds import Shown


# what the page of questions offers as a start
QUESTIONS = (
    "China stops graphite to Korea",
    "Indonesia stops nickel ore to China",
    "Russia stops natural gas to Germany",
)
COMPARED = 100  # runs of a comparison where nobody asks for another number
router = APIRouter(include_in_schema=False)
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


def page(request: Request, template: str, status: int = 200, **values: Shown) -> HTMLResponse:
    """A page of this server."""
    values = {"version": __version__, "path": request.url.path, **values}
    return HTMLResponse(render(template, **values), status_code=status)


@router.get("/")
def front(request: Request) -> Response:
    """The five questions and one in words."""
    state = state_of(request)
    return page(
        request,
        "web/front.html",
        disputes=disputes(state),
        regimes=regimes(),
        today=date.today().isoformat(),
        countries=names(),
        questions=QUESTIONS,
    )


@router.get("/disputes")
def disputes_page(request: Request) -> Response:
    """Every case that can be opened, a place to bring one, and saved scenarios."""
    state = state_of(request)
    saved = [
        (name, case, assumptions.link(case, json.loads(scenario)), json.loads(scenario))
        for name, case, scenario in state.saved.list()
    ]
    return page(request, "web/disputes.html", cases=disputes(state), uploaded=state.session.cases, saved=saved)


@router.get("/case/{key}/map.svg")
def case_map(request: Request, key: str) -> Response:
    """A small map of who withholds from whom."""
    drawn = gallery.thumbnail(state_of(request).head(key))
    return Response(drawn.file(narrow=True), media_type="image/svg+xml")


@cache
def names() -> list[str]:
    """Countries in words, for the pickers."""
    from geoecon import charts, countries

    return sorted(countries.name(code) for code in charts.places() if countries.is_known(code))


@cache
def regimes() -> int:
    from geoecon import law

    return len(law.load_regimes())


@router.get("/case/{key}")
async def case_page(request: Request, key: str) -> Response:
    """Sliders and the places of the stages; the page's script asks for the results."""
    state = state_of(request)
    if key.startswith(ASKED) and key not in state.session.cases:  # a link from another session
        await made(request, key.removeprefix(ASKED).replace("_", " "))
    return await state.aside(lambda: _case_page(request, key))


def _case_page(request: Request, key: str) -> Response:
    state = state_of(request)
    draws, seed, cutoff, given = asked(request.query_params)
    case = state.case(key, cutoff)
    scenario = assumptions.checked(case, given)
    case = case.with_scenario(**scenario)
    front_sliders, more = assumptions.sliders(case)
    return page(
        request,
        "web/case.html",
        case=case,
        key=key,
        scenario=scenario,
        draws=draws,
        seed=seed,
        front=front_sliders,
        more=more,
        choices=assumptions.choices(case),
        stages=[(name, stage.title) for name, stage in STAGES.items()],
    )


def asked(query: Mapping[str, str]) -> tuple[int, int, str | None, dict[str, str]]:
    """(draws, seed, cutoff, scenario) of a link."""
    draws = assumptions.whole(query.get("draws", DRAWS), "draws", assumptions.DRAWS)
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
    return download(assumptions.as_file(key, scenario, draws, seed).encode(), "application/json", "scenario.json")


@router.get("/case/{key}/folder.zip")
def case_folder(request: Request, key: str) -> Response:
    """A case of this session as a zip of its files, to take along and to better."""
    case = state_of(request).session.cases.get(key)
    if case is None:
        raise InputError(f"case {key[:60]!r}; allowed: one that was made or brought in this session")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for file in sorted(path for path in case.folder.rglob("*") if path.is_file()):
            made.write(file, f"{case.id}/{file.relative_to(case.folder)}")
    return download(packed.getvalue(), MEDIA["zip"], "case.zip")


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
    return HTMLResponse(render("web/said.html", said="Saved. It stands under Disputes."))


@router.post("/saved/delete")
async def forget(request: Request) -> Response:
    form = await request.form()
    state_of(request).saved.delete(str(form.get("name", "")))
    return RedirectResponse("/disputes", status_code=303)


@router.get("/compare")
def compare_page(request: Request) -> Response:
    state = state_of(request)
    key = request.query_params.get("case", "")
    sides = {side: request.query_params.get(side, "") for side in ("a", "b")}
    titles = state.titles()
    key = key if key in titles else next(iter(titles))
    front_sliders, more = assumptions.sliders(state.case(key))
    keys: list[DataclassInstance] = [*assumptions.choices(state.case(key)), *front_sliders, *more]
    draws = assumptions.whole(request.query_params.get("draws", COMPARED), "draws", assumptions.DRAWS)
    return page(request, "web/compare.html", cases=titles, chosen=key, sides=sides, keys=keys, draws=draws)


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
    return download(path.read_bytes(), MEDIA[path.suffix[1:]], path.name)


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


def _texts(form: FormData) -> list[tuple[str, str]]:
    return [(str(name), value) for name, value in form.items() if isinstance(value, str)]


def download(content: bytes, kind: str, name: str) -> Response:
    """A file under this name."""
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
