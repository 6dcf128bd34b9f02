"""The desks: licence, shortage clock, dependence, and a question in words. Every answer has an address of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from geoecon import charts
from geoecon.errors import InputError
from geoecon.law import law_watch
from geoecon.line import DRAWS
from geoecon.message import phrases as say
from geoecon.views import render, short
from geoecon.web import assumptions, uploads
from geoecon.web.asked import licence_names, licence_question, made, table_of
from geoecon.web.explorer import SORTS
from geoecon.web.front import QUESTIONS, names
from geoecon.web.licence_card import TITLES, in_words
from geoecon.web.parts_clock import COLUMNS, calendar, chosen, pasted, workbook
from geoecon.web.reader_words import in_words_of_page, readings
from geoecon.web.shown import MEDIA, download, field, page
from geoecon.web.state import State, state_of

if TYPE_CHECKING:
    from geoecon.kinds import Shown


SAMPLE = """part\tstock\tuse_per_day\tsupplier\tlead_time_days\tlead_time_days_low\tlead_time_days_high
etching gas\t900\t30\tSupplier A\t180\t120\t240
photoresist\t120\t2\tSupplier B\t45\t30\t90
film\t40\t1\tSupplier C\t30\t\t"""
LEFT_OUT = {"product": "", "supplier": "", "importer": "", "cut": "100", "known_by": ""}  # as on the command line
EXAMPLE = LEFT_OUT | {"product": "natural graphite", "supplier": "China", "importer": "Korea", "cut": "60"}
EXAMPLES = files("geoecon.web") / "examples.csv"  # items that the licence desk offers as a start
GALLERY = {
    "none": "Nothing to apply for on that day.",
    "general": "The exporter must hold the general licence.",
    "case": "An application for each contract, with a published limit.",
    "refused": "Do not ship: applications are denied as policy.",
    "prohibited": "No licence can be had.",
    "unknown": "Nobody has looked since the day named; the last known answer stands beside.",
}


async def answered(
    request: Request, template: str, verb: str, arguments: Mapping[str, Any], **values: Shown
) -> Response:
    """A page with a verb's answer, or with the faults of the question and the form as it was."""
    try:
        found, faults = await state_of(request).call(verb, arguments), []
    except InputError as error:
        found, faults = None, [str(fault) for fault in error.faults]
    return page(request, template, 200 if found else 422, found=found, faults=faults, **values)


async def licence_desk(request: Request) -> Response:
    """The desk; with a question in the address also its answer card."""
    query, watched = licence_names(request), law_watch()
    more: dict[str, Any] = {
        "asked": query,
        "today": date.today().isoformat(),
        "countries": names(),
        "items": EXAMPLES.read_text(encoding="utf-8").split("\n")[1:-1],
        "coming": [
            (watched.when(one), say.day(one.day), *map(in_words, (one.what, one.source))) for one in watched.changes
        ],
        "gallery": [(key, charts.VERDICTS[key][0], TITLES[key], text) for key, text in GALLERY.items()],
        "brought": state_of(request).session.rules,
    }
    if not query.get("item"):
        return page(request, "web/licence.html", found=None, faults=[], **more)
    return await answered(request, "web/licence.html", "licence", licence_question(request), **more)


async def bring_rules(request: Request) -> Response:
    """Rules of one's own: a zip of folders of tables, the tables of one regime, or plain tables of rules. Checked as
    `geoecon check` does, kept for this session, asked beside the built-in ones. Where they have faults nothing is kept.
    """
    state, form = state_of(request), await request.form()
    sent = [one for one in form.getlist("file") if not isinstance(one, str) and one.filename]
    content = [(str(one.filename), await one.read(uploads.ZIPPED + 1)) for one in sent]
    path, names = await state.aside(lambda: uploads.keep_regimes(content, state.session.folder))
    called = ", ".join(short(name, 40) for name, _ in content)
    try:
        found = await state.call("check_rules", {"path": str(path)}, names={str(path): called, **names})
    except InputError:
        await state.aside(lambda: shutil.rmtree(path, ignore_errors=True))
        raise
    key = state.session.keep_rules(path, called, tuple(found["told"]))
    return RedirectResponse(f"/licence?rules={key}#own", status_code=303)


async def licence_answer(request: Request) -> Response:
    """The answer card alone."""
    found = await state_of(request).call("licence", licence_question(request))
    return HTMLResponse(render("web/licence_answer.html", found=found))


async def licence_line(request: Request) -> Response:
    """The verdict of a question in a line, for the start page."""
    query = dict(request.query_params)
    found = await state_of(request).call("licence", licence_question(request))
    head = f"{found['verdict']['sign']} {found['headline']}"
    return line(f"/licence?{urlencode(query)}", head, found["sentence"], f"v-{found['verdict_key']}")


def line(address: str, head: str, told: str, tone: str = "") -> HTMLResponse:
    """An answer in a line that leads to its page."""
    return HTMLResponse(render("web/line.html", address=address, head=head, told=told, tone=tone))


async def dependence(request: Request) -> Response:
    """The explorer over the bundled trade, or over a table that this session brought."""
    query = dict(request.query_params)
    more: dict[str, Any] = {
        "asked": query,
        "sorts": SORTS,
        "years": ["2024", *map(str, range(2023, 1994, -1))],
        "countries": names(),
        "tables": state_of(request).session.tables,
    }
    own = table_of(request, query.get("table", ""))
    arguments = {
        "country": query.get("country", "Korea"),
        "supplier": query.get("supplier", ""),
        "year": query.get("year", "") if own else year(query.get("year", "2024")),
        "sort": query.get("sort", "replace"),
        "product": query.get("product", ""),
    }
    return await answered(request, "web/dependence.html", "explore", arguments | own, **more)


async def dependence_line(request: Request) -> Response:
    """The first finding of a country in a line, for the start page."""
    country = request.query_params.get("country", "Korea")
    found = await state_of(request).call("explore", {"country": country})
    return line(f"/dependence?{urlencode({'country': country})}", found["title"], found["lead"])


async def precedents(request: Request) -> Response:
    """What followed similar cut-offs."""
    query = dict(request.query_params)
    asked = EXAMPLE if not query else {name: query.get(name, usual) for name, usual in LEFT_OUT.items()}
    return await answered(request, "web/precedents.html", "precedents", asked, asked=asked, countries=names())


def year(text: str) -> str:
    """A year of the bundled trade; none or the last is the scan's own default. Raises InputError for anything else."""
    if text and not (text.isascii() and text.isdigit() and 1995 <= int(text) <= 2024):
        raise InputError(f"year {text[:20]!r}; allowed: 1995 to 2024")
    return "" if text == "2024" else text


def clock_page(request: Request) -> Response:
    return page(
        request,
        "web/clock.html",
        found=None,
        faults=[],
        sample=SAMPLE,
        blank=SAMPLE.replace("\t", ","),
        start=date.today().isoformat(),
        stopped="",
        decimal="",
        job="",
        cells=[],
        columns=COLUMNS,
        chosen={},
        sheet="",
        encodings=uploads.ENCODINGS,
    )


async def clock(request: Request) -> Response:
    """A parts list, pasted or as a file: the dates, what to do, and how it was read."""
    state, form = state_of(request), await request.form()
    text, sent = str(form.get("parts", "")), form.get("file")
    if len(text.encode()) > uploads.TEXT:
        raise InputError(f"the table has {len(text.encode()):,} bytes; allowed: at most {uploads.TEXT:,}")
    path, ours, theirs = None, "\0", ""
    if sent is not None and not isinstance(sent, str) and sent.filename:
        content = await sent.read(uploads.FLOWS + 1)
        theirs = sent.filename
        encoding = field(form, "encoding")
        path = await state.aside(lambda: uploads.keep_table(content, theirs, state.session.folder, encoding))
        ours = path.name
    from geoecon.disruption import parts_headings  # with the whole room: no page needs it before something is pasted

    heads = (pasted(text) or [[]])[0]
    read = dict(parts_headings(f"{text}\n")) if text and path is None else {}
    seen = "\t".join(heads).strip()
    if field(form, "heads", seen, longest=uploads.TEXT) != seen:
        heads = []  # another table was pasted since the page asked
    asked = {head: field(form, f"as-{place}") for place, head in enumerate(heads) if f"as-{place}" in form}
    told = {head: name for head, name in (read | asked).items() if name}
    decimal = field(form, "decimal_now") or field(form, "decimal")
    start, stopped = field(form, "start"), field(form, "stopped", longest=20_000)
    arguments: dict[str, Any] = {
        "text": text,
        "start": start,
        "stopped": stopped.splitlines(),
        "path": str(path or ""),
        "decimal": decimal,
        "sheet": field(form, "sheet"),
    }
    more: dict[str, Any] = {
        "decimal": decimal,
        "sample": text or SAMPLE,
        "blank": SAMPLE.replace("\t", ","),
        "start": start,
        "stopped": stopped,
        "cells": pasted(text) if path is None else [],
        "columns": COLUMNS,
        "chosen": told if asked else read,
        "sheet": arguments["sheet"],
        "encodings": uploads.ENCODINGS,
    }
    try:
        arguments["columns"] = chosen(told, read) if asked else {}
        job = await state.called("clock", arguments)
        found, faults = job.last("result"), []
    except InputError as error:
        spoken = [str(fault) for fault in error.faults]
        more["readings"] = readings(" ".join(spoken))
        job, found, faults = None, None, [in_words_of_page(fault).replace(ours, theirs) for fault in spoken]
    finally:
        if path is not None:
            path.unlink(missing_ok=True)
    if request.headers.get("hx-request") and found is None:
        return HTMLResponse(render("web/faults.html", faults=faults))
    return page(
        request, "web/clock.html", 200 if found else 422, found=found, faults=faults, job=job.key if job else "", **more
    )


def clock_workbook(request: Request, job: str) -> Response:
    """The dates of a clock that this server told, as a sheet."""
    return download(workbook(_parts(state_of(request), job)), MEDIA["xlsx"], "parts.xlsx")


def clock_calendar(request: Request, job: str) -> Response:
    """The same as calendar entries."""
    return download(calendar(_parts(state_of(request), job)).encode(), "text/calendar; charset=utf-8", "parts.ics")


def _parts(state: State, job: str) -> list[dict[str, Any]]:
    found = state.job(job).last("result")
    if not found or "parts" not in found:
        raise InputError("this job has no parts; allowed: the job of a shortage clock")
    parts: list[dict[str, Any]] = json.loads(json.dumps(found["parts"]))
    return parts


async def ask(request: Request) -> Response:
    """A question in words, or by who withholds what from whom."""
    query = request.query_params
    words, table = query.get("question", "").strip(), query.get("table", "")
    more: dict[str, Any] = {"tables": state_of(request).session.tables, "table": table}
    if not words and query.get("sender"):
        words = f"{query['sender']} stops {query.get('product', '')} to {query.get('target', '')}"
    if words and query.get("from"):
        words += f" from {query['from']}"
    if not words:
        return page(request, "web/ask.html", found=None, faults=[], question="", examples=QUESTIONS, **more)
    draws = assumptions.whole(query.get("draws", DRAWS), "draws", assumptions.DRAWS)
    arguments = {"question": words, "draws": draws} | table_of(request, table)
    return await answered(request, "web/ask.html", "ask", arguments, question=words, draws=draws, **more)


async def ask_case(request: Request) -> Response:
    """The case behind a question, made into a folder of this session and opened with its sliders."""
    form = await request.form()
    words, table = field(form, "question"), field(form, "table")
    key = await made(request, words, table)
    return RedirectResponse(f"/case/{quote(key)}", status_code=303)
