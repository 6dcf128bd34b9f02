"""Every page's address as a row: where its function stands, and which names may stand after the question mark.

A file of pages is loaded when one of them is first asked for, so that the start page waits for none.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib import import_module
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING

from starlette.routing import Route

from geoecon.web.shown import LONGEST, refuse_unread

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from starlette.requests import Request
    from starlette.responses import Response

FREE = None  # what may stand in the address hangs on the question: the page's function refuses the rest
VIEW = ("country", "supplier", "year", "sort", "product", "table")
CUT = ("product", "supplier", "importer", "cut", "known_by")
QUESTION = ("question", "sender", "target", "product", "from", "draws", "table")


@dataclass(frozen=True)
class Page:
    """An address, the function behind it (file:function) and the names of its query, each at most once."""

    path: str
    function: str
    asks: tuple[str, ...] | None = ()
    method: str = "GET"
    longest: int = LONGEST  # letters of a value

    def load(self) -> Callable[..., Any]:
        file, _, name = self.function.partition(":")
        found: Callable[..., Any] = getattr(import_module(f"geoecon.web.{file}"), name)
        return found

    async def answer(self, request: Request) -> Response:
        """Asks the function, in a thread where it would block. Raises InputError for names that it does not know."""
        refuse_unread(request.query_params.multi_items(), self.asks, self.longest)
        called = await asyncio.to_thread(self.load)
        if iscoroutinefunction(called):
            made: Response = await called(request, **request.path_params)
            return made
        return await asyncio.to_thread(called, request, **request.path_params)

    def route(self) -> Route:
        return Route(self.path, self.answer, methods=[self.method])


PAGES = (
    Page("/", "front:front"),
    Page("/case/{key}/map.svg", "front:case_map"),
    Page("/disputes", "case_pages:disputes_page"),
    Page("/case/{key}", "case_pages:case_page", FREE),
    Page("/case", "case_pages:upload_case", method="POST"),
    Page("/scenario", "case_pages:open_scenario", method="POST"),
    Page("/case/{key}/scenario.json", "case_pages:scenario_file", FREE),
    Page("/case/{key}/folder.zip", "case_pages:case_folder"),
    Page("/saved", "case_pages:save", method="POST"),
    Page("/saved/delete", "case_pages:forget", method="POST"),
    Page("/compare", "case_pages:compare_page", ("case", "a", "b", "draws"), longest=4000),
    Page("/jobs/{job}/compared", "case_pages:compared"),
    Page("/jobs/{job}/file", "case_pages:job_file"),
    Page("/api", "case_pages:interface"),
    Page("/licence", "desks:licence_desk", FREE),
    Page("/licence/rules", "desks:bring_rules", method="POST"),
    Page("/licence/answer", "desks:licence_answer", FREE),
    Page("/licence/line", "desks:licence_line", FREE),
    Page("/dependence", "desks:dependence", VIEW),
    Page("/dependence/line", "desks:dependence_line", ("country",)),
    Page("/precedents", "desks:precedents", CUT),
    Page("/clock", "desks:clock_page"),
    Page("/clock", "desks:clock", method="POST"),
    Page("/clock/{job}.xlsx", "desks:clock_workbook"),
    Page("/clock/{job}.ics", "desks:clock_calendar"),
    Page("/ask", "desks:ask", QUESTION),
    Page("/ask/case", "desks:ask_case", method="POST"),
    Page("/table", "own_tables:bring", method="POST"),
    Page("/scan", "own_tables:old_scan"),
    Page("/scan", "own_tables:scan", method="POST"),
    Page("/watch", "watch_page:watch_page"),
    Page("/watch", "watch_page:watch", method="POST"),
    Page("/watch/again", "watch_page:again", method="POST"),
)
