"""The case of a question in words: made, and kept under the words, so that its link makes it again."""

from __future__ import annotations

import re
from secrets import token_hex
from typing import Any

from starlette.requests import Request

from geoecon.case import read_case
from geoecon.web.state import state_of

RULES = "rules"  # of the address: the key of rules that this session brought
ASKED = "asked-"  # before the words of a question in the key of its case


def table_of(request: Request, key: str) -> dict[str, str]:
    """The arguments that name a table of this session; none for the bundled trade."""
    if not key:
        return {}
    own = state_of(request).session.table_of(key)
    return {"path": str(own.path), "reading": own.reading, "name": own.name}


LICENCE = ("exporter", "destination", "item", "on")
SHORT = {"from": "exporter", "to": "destination"}  # as the command line names them


def licence_names(request: Request) -> dict[str, str]:
    """What a licence is asked by, under the names of the page; `from` and `to` are read as well."""
    query = request.query_params
    return {long if (long := SHORT.get(name, name)) not in query else name: value for name, value in query.items()}


def licence_question(request: Request) -> dict[str, Any]:
    """The licence question of an address: four known names and the rules that this session brought; the rest are
    facts. Raises InputError for rules of another session."""
    query = licence_names(request)
    asked: dict[str, Any] = {name: query.get(name, "").strip() for name in LICENCE}
    asked["facts"] = {name: value for name, value in query.items() if name not in (*LICENCE, RULES) and value}
    if parties := [name.strip() for name in request.query_params.getlist("party") if name.strip()]:
        asked["facts"]["party"] = "; ".join(parties)
    key = query.get(RULES, "")
    return asked | ({"rules": key, "path": str(state_of(request).session.rules_of(key).path)} if key else {})


async def made(request: Request, words: str, table: str = "") -> str:
    """Makes the case of a question and keeps it under its words, so that its link makes it again elsewhere."""
    state = state_of(request)
    folder = state.session.folder / f"case-{token_hex(4)}"
    await state.call("make", {"question": words, "folder": str(folder)} | table_of(request, table))
    case = await state.aside(lambda: read_case(folder))
    return state.session.keep(case, "" if table else ASKED + re.sub(r"[\s/_]+", "_", words))
