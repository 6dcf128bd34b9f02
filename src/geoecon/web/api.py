"""The JSON interface: the same verbs as the command line. Its OpenAPI document is `/api/openapi.json`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from geoecon import __version__
from geoecon.errors import InputError
from geoecon.views import short, strict_json
from geoecon.web import assumptions
from geoecon.web.asked import licence_question
from geoecon.web.refusals import HANDLERS, told
from geoecon.web.shown import Strict, refuse_unread
from geoecon.web.state import state_of

if TYPE_CHECKING:
    from geoecon.case import Case

SEVERAL, FREE = "stopped", "/api/licence"  # a name that may stand several times; where every name is a fact


def only_known(request: Request) -> None:
    """Raises InputError for a name in the address that the interface would pass over."""
    route = request.scope["route"]
    known = None if route.path == FREE else [one.alias for one in route.dependant.query_params]
    given = [(name, value) for name, value in request.query_params.multi_items() if name != SEVERAL or not known]
    refuse_unread(given, known, longest=2000)


router = APIRouter(prefix="/api", dependencies=[Depends(only_known)])
HEARTBEAT = ": still here\n\n"


Draws = Annotated[
    int,
    BeforeValidator(partial(assumptions.whole, name="draws", most=assumptions.DRAWS)),
    Field(ge=0, le=assumptions.DRAWS, description="samples of the parameters; 0: central values alone"),
]
Seed = Annotated[int, BeforeValidator(partial(assumptions.whole, name="seed")), Field(ge=0, le=2**31)]


class Run(BaseModel):
    """A case under a scenario."""

    model_config = ConfigDict(extra="forbid")
    case: str = Field(max_length=120, description="key of a case, as `/api/cases` lists them")
    scenario: dict[str, str | float] = Field(default_factory=dict, description="assumptions: parameter or switch")
    draws: Draws = 0
    seed: Seed = 0
    cutoff: str | None = Field(None, max_length=10, description="facts known by this day, one of the case's")
    page: bool = Field(False, description="also the page's answer as HTML, first from few runs")


class Report(Run):
    """A case under a scenario, as a file."""

    form: str = Field(
        "html",
        pattern="^(html|pdf|zip|docx|pptx|xlsx|bib)$",
        description="report page, PDF, Word, slides, workbook, citation, or everything in one zip file",
    )


class Compare(BaseModel):
    """Two scenarios of a case."""

    model_config = ConfigDict(extra="forbid")
    case: str = Field(max_length=120)
    a: dict[str, str | float] = Field(default_factory=dict)
    b: dict[str, str | float] = Field(default_factory=dict)
    draws: Draws = 0
    seed: Seed = 0


@router.get("/cases", summary="Cases that can be opened", response_class=Strict)
def cases(request: Request) -> Response:
    return Strict(state_of(request).titles())


@router.get("/cases/{key}", summary="A case: states, products, assumptions with their ranges", response_class=Strict)
def case(request: Request, key: str) -> Response:
    found = state_of(request).case(key)
    front, more = assumptions.sliders(found)
    return Strict(
        {
            "case": found.id,
            "title": found.title,
            "question": found.question,
            "states": [vars(state) for state in found.states],
            "products": [vars(product) for product in found.products],
            "cutoffs": [str(day) for day in found.cutoffs],
            "parameters": [vars(one) for one in [*front, *more]],
            "switches": [vars(one) for one in assumptions.choices(found)],
        }
    )


def _assumed(case: Case, given: Mapping[str, str | float]) -> dict[str, str | float]:
    """A scenario as a program sends it; a blank, which a form may leave, is no value here."""
    if blank := [f"scenario {key} is blank; allowed: a value" for key, one in given.items() if not str(one).strip()]:
        raise InputError(blank)
    return assumptions.checked(case, given)


@router.post("/run", summary="Solve every stage; answers with a job at once", response_class=Strict, status_code=202)
def run(request: Request, wanted: Run) -> Response:
    state = state_of(request)
    scenario = _assumed(state.case(wanted.case, wanted.cutoff), wanted.scenario)
    job = state.solve(wanted.case, scenario, wanted.draws, wanted.seed, wanted.cutoff, page=wanted.page)
    link = assumptions.link(wanted.case, scenario, draws=wanted.draws, seed=wanted.seed, cutoff=wanted.cutoff)
    return Strict(job.state() | {"link": link}, status_code=202)


@router.post("/report", summary="Make a report; answers with a job at once", response_class=Strict, status_code=202)
def report(request: Request, wanted: Report) -> Response:
    state = state_of(request)
    scenario = _assumed(state.case(wanted.case, wanted.cutoff), wanted.scenario)
    task = wanted.model_dump() | {"kind": "report", "case": state.where(wanted.case), "scenario": scenario}
    return Strict(state.desk.submit(task, folder=state.files).state(), status_code=202)


@router.post("/diff", summary="Compare two scenarios; answers with a job", response_class=Strict, status_code=202)
def compare(request: Request, wanted: Compare) -> Response:
    state = state_of(request)
    known = state.case(wanted.case)
    both = {"a": _assumed(known, wanted.a), "b": _assumed(known, wanted.b)}
    task = wanted.model_dump() | {"kind": "compare", "case": state.where(wanted.case)} | both
    return Strict(state.desk.submit(task, share=True).state(), status_code=202)


@router.get("/jobs/{job}", summary="A job, with the results it has so far", response_class=Strict)
def job(request: Request, job: str) -> Response:
    found = state_of(request).job(job)
    results = {
        data["stage"]: {"sentence": data["sentence"], "figures": data["figures"]}
        for event, data in found.events
        if event == "piece"
    }
    skipped = {data["stage"]: data["reason"] for event, data in found.events if event == "missing"}
    fault = found.last("fault") or found.last("broken")
    more = {"difference": found.last("difference"), "file": found.last("file"), **(found.last("notes") or {})}
    return Strict(found.state() | {"results": results, "skipped": skipped, "fault": fault} | more)


@router.get("/jobs/{job}/events", summary="A job's events as they come (server-sent events)")
async def events(request: Request, job: str, start: int = Query(0, ge=0)) -> StreamingResponse:
    """Each event has a number; a browser that reconnects says the last it saw and gets the rest."""
    state = state_of(request)
    found = state.job(job)
    last = request.headers.get("last-event-id", "")
    first = int(last) + 1 if last.isdigit() else start

    async def stream() -> AsyncIterator[str]:
        async for event in state.desk.follow(found, first):
            if event is None:
                yield HEARTBEAT
                continue
            number, name, data = event
            yield f"id: {number}\nevent: {name}\ndata: {strict_json(data)}\n\n"
        yield f"id: {len(found.events)}\nevent: end\ndata: {strict_json(found.state())}\n\n"

    return StreamingResponse(stream(), media_type="text/event-stream", headers={"cache-control": "no-store"})


@router.post("/jobs/{job}/cancel", summary="Stop a job", response_class=Strict)
def cancel(request: Request, job: str) -> Response:
    state = state_of(request)
    found = state.job(job)
    state.desk.cancel(found)
    return Strict(found.state())


@router.get("/licence", summary="The licence that a shipment needs on a day. Not legal advice", response_class=Strict)
async def licence(
    request: Request,
    exporter: str = Query(max_length=40, description="exporting state, ISO alpha-3"),
    destination: str = Query(max_length=40, description="importing state, ISO alpha-3"),
    item: str = Query(max_length=200, description="item by code or name"),
    on: str = Query("", max_length=10, description="day, YYYY-MM-DD; today if not given"),
) -> Response:
    """Every other name in the address is a fact of the shipment (`end_use`, `party`, …); one that no rule asks is
    refused. `rules` is the key of rules that this session brought."""
    arguments = licence_question(request) | {"exporter": exporter, "destination": destination, "item": item, "on": on}
    return Strict(await state_of(request).call("licence", arguments))


@router.post("/clock", summary="Shortage clock: date of first shortage of each part", response_class=Strict)
async def clock(
    request: Request,
    start: str = Query(max_length=10, description="day on which the suppliers stop, YYYY-MM-DD"),
    stopped: Annotated[list[str] | None, Query(max_length=200, description="suppliers that stop; none: all")] = None,
    decimal: str = Query("", max_length=2, description="the decimal sign: . or , or ., (commas between thousands)"),
    columns: Annotated[
        list[str] | None, Query(max_length=200, description="our name=its heading, A + B or none")
    ] = None,
    sheet: str = Query("", max_length=100, description="sheet of a workbook"),
) -> Response:
    """The body is the table as text (tab, comma or semicolon separated, as it is copied from a spreadsheet), or the
    bytes of a workbook."""
    from geoecon.web.uploads import TEXT, keep_table, workbook_of

    state, content = state_of(request), await request.body()
    asked = dict(one.partition("=")[::2] for one in columns or [])
    arguments = {"text": "", "start": start, "stopped": stopped or [], "decimal": decimal, "columns": asked}
    if workbook_of(content):
        path = await state.aside(lambda: keep_table(content, "parts", state.session.folder))
        try:
            return Strict(await state.call("clock", arguments | {"path": str(path), "sheet": sheet}))
        except InputError as error:
            raise InputError([str(fault).replace(path.name, "the workbook") for fault in error.faults]) from None
        finally:
            path.unlink(missing_ok=True)
    if sheet:
        raise InputError(f"sheet {sheet!r}; allowed: for a workbook alone")
    if len(content) > TEXT:
        raise InputError(f"the table has {len(content):,} bytes; allowed: at most {TEXT:,}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"the table is not UTF-8 at byte {error.start}; allowed: UTF-8 text") from None
    return Strict(await state.call("clock", arguments | {"text": text}))


@router.post("/scan", summary="Dependence scan of uploaded flows (CSV or Parquet in the body)", response_class=Strict)
async def scan(
    request: Request,
    importer: str = Query(max_length=40),
    exporter: str | None = Query(None, max_length=40),
    top: int = Query(20, ge=1, le=1000),
    reading: str = Query("", max_length=2000, description="options of the reader, one a line, such as decimal=,"),
) -> Response:
    from geoecon.web.uploads import keep_table

    state = state_of(request)
    content = await request.body()
    path = await state.aside(lambda: keep_table(content, "upload", state.session.folder))
    arguments = {"path": str(path), "importer": importer, "exporter": exporter, "top": top, "reading": reading}
    try:
        return Strict(await state.call("scan", arguments, names={str(path): "upload"}))
    finally:
        path.unlink(missing_ok=True)


def bad_request(request: Request, error: Exception) -> Response:
    """Every place of a request that is not as its description says."""
    assert isinstance(error, RequestValidationError)
    return told(request, 422, [_in_words(request, one) for one in error.errors()][:20])


def _in_words(request: Request, one: Mapping[str, Any]) -> str:
    """A fault in the form of all others: where, what stands there, what is allowed."""
    place, limits = " ".join(map(str, one["loc"][1:])) or "body", one.get("ctx") or {}
    if isinstance(limits.get("error"), InputError):
        return str(limits["error"])
    stands = f"{place} = {short(repr(one.get('input')), 60)}"
    match one["type"]:
        case "extra_forbidden":
            (body,) = request.scope["route"].dependant.body_params
            return f"{place}: unknown; allowed: {', '.join(body.field_info.annotation.model_fields)}"
        case "missing":
            return f"{place}: missing; allowed: what /api/openapi.json says of it"
        case "json_invalid":
            return f"the body is no JSON at letter {place}; allowed: one JSON object"
        case "model_attributes_type" if place == "body":
            return "the body is no JSON object; allowed: one JSON object, sent as application/json"
        case "string_too_long":
            return f"{stands}; allowed: at most {limits['max_length']} letters"
        case "greater_than_equal" | "less_than_equal":
            return f"{stands}; allowed: a number " + " ".join(
                {"ge": f"from {limit}", "le": f"up to {limit}"}[name] for name, limit in limits.items())  # fmt: skip
        case _:
            return f"{stands}: {one['msg']}; allowed: what /api/openapi.json says of it"


@cache
def interface() -> FastAPI:
    """The application behind `/api/`."""
    handlers: dict[Any, Any] = {**HANDLERS, RequestValidationError: bad_request}
    made = FastAPI(
        title="geoecon", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
        summary="The JSON interface behind the pages. Not legal advice.",
        exception_handlers=handlers,
    )  # fmt: skip
    made.include_router(router)
    return made
