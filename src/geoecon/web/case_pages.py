"""The pages of disputes: their list, a case with its sliders, two of its scenarios beside each other."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from geoecon.errors import InputError
from geoecon.line import DRAWS, STAGES
from geoecon.views import render
from geoecon.web import assumptions, uploads
from geoecon.web.asked import ASKED, made
from geoecon.web.cards import disputes
from geoecon.web.shown import MEDIA, download, page, uploaded
from geoecon.web.state import state_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from starlette.datastructures import FormData


COMPARED = 100  # runs of a comparison where nobody asks for another number


def disputes_page(request: Request) -> Response:
    """Every case that can be opened, a place to bring one, and saved scenarios."""
    state = state_of(request)
    saved = [
        (name, case, assumptions.link(case, json.loads(scenario)), json.loads(scenario))
        for name, case, scenario in state.saved.list()
    ]
    return page(request, "web/disputes.html", cases=disputes(state), uploaded=state.session.cases, saved=saved)


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


async def upload_case(request: Request) -> Response:
    """A zipped case folder: checked, kept for this session, and opened."""
    state = state_of(request)
    content, name = await uploaded(request, uploads.ZIPPED)
    case = await state.aside(lambda: uploads.keep_case(uploads.unpack_case(content, name), state.session.folder))
    return RedirectResponse(f"/case/{state.session.keep(case)}", status_code=303)


async def open_scenario(request: Request) -> Response:
    """A scenario file: opened as the link that it stands for."""
    state = state_of(request)
    content, _ = await uploaded(request, uploads.TEXT)
    key, given, draws, seed = assumptions.from_file(content)
    scenario = assumptions.checked(state.case(key), given)
    return RedirectResponse(assumptions.link(key, scenario, draws=draws, seed=seed), status_code=303)


def scenario_file(request: Request, key: str) -> Response:
    draws, seed, cutoff, given = asked(request.query_params)
    scenario = assumptions.checked(state_of(request).case(key, cutoff), given)
    return download(assumptions.as_file(key, scenario, draws, seed).encode(), "application/json", "scenario.json")


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


async def forget(request: Request) -> Response:
    form = await request.form()
    state_of(request).saved.delete(str(form.get("name", "")))
    return RedirectResponse("/disputes", status_code=303)


def compare_page(request: Request) -> Response:
    state = state_of(request)
    titles = state.titles()
    key = request.query_params.get("case") or next(iter(titles))
    sides = {side: request.query_params.get(side, "") for side in ("a", "b")}
    front_sliders, more = assumptions.sliders(state.case(key))
    keys: list[DataclassInstance] = [*assumptions.choices(state.case(key)), *front_sliders, *more]
    draws = assumptions.whole(request.query_params.get("draws", COMPARED), "draws", assumptions.DRAWS)
    return page(request, "web/compare.html", cases=titles, chosen=key, sides=sides, keys=keys, draws=draws)


def compared(request: Request, job: str) -> Response:
    """The comparison of a finished job as a fragment."""
    found = state_of(request).job(job).last("difference")
    if found is None:
        raise InputError("this job has no comparison")
    return HTMLResponse(render("web/compared.html", found=found))


def job_file(request: Request, job: str) -> Response:
    """The file that a job has made."""
    state = state_of(request)
    found, made = state.job(job), state.job(job).last("file")
    path = state.files / found.key / made["name"] if made else None
    if path is None or not path.is_file():
        raise InputError("this job has no file")
    return download(path.read_bytes(), MEDIA[path.suffix[1:]], path.name)


def interface(request: Request) -> Response:
    """The JSON interface, described from its own OpenAPI document."""
    from geoecon.web import api

    document = api.interface().openapi()
    return page(
        request, "web/interface.html", document=document, schemas=document.get("components", {}).get("schemas", {})
    )


def _texts(form: FormData) -> list[tuple[str, str]]:
    return [(str(name), value) for name, value in form.items() if isinstance(value, str)]
