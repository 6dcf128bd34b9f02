"""Rows in JSON: the reply of a service, with what it says instead of data, or a table as programs write it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geoecon.errors import Fault, InputError
from geoecon.flows.encodings import open_binary
from geoecon.flows.headings import field_of

EMPTY = "a period as YYYY for annual or YYYYMM for monthly data and existing codes"

ANSWERS = {"error", "errors", "errorObject", "statusCode", "message", "code"}  # what a service says instead of data
COUNTS = ("count", "totalcount", "recordcount", "totalrecords")


def records(
    path: Path, name: str, *, limit: int | None = None, query: str = "", empty: str = EMPTY
) -> list[dict[str, Any]]:
    """The records of an API reply in a file; `empty` says what is allowed where there are none.

    Raises InputError for what the service says instead of data.
    """
    try:
        with open_binary(path) as content:
            reply = _reply(content.read().decode("utf-8-sig"))
    except (ValueError, RecursionError, OSError, EOFError, zlib.error) as error:
        raise InputError(Fault(name, None, None, f"not readable as JSON ({error})", "a whole API reply")) from None
    return checked(reply, name, limit=limit, query=query, empty=empty)


def _reply(text: str) -> list[dict[str, Any]] | dict[str, Any]:
    """JSON whose rows are records, whether they stand in a list, line by line, or by columns as pandas writes them."""
    try:
        reply: list[dict[str, Any]] | dict[str, Any] = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith("{") for line in lines):
            raise error
        return [json.loads(line, object_pairs_hook=_once) for line in lines]
    if isinstance(reply, list) and reply and all(isinstance(row, list) for row in reply):  # headings first: US Census
        heads = [str(head) for head in reply[0]]
        if any(len(row) != len(heads) for row in reply):
            raise json.JSONDecodeError("rows of other lengths than the headings", text, 0)
        return [dict(zip(heads, row, strict=True)) for row in reply[1:]]
    if not isinstance(reply, dict) or not reply or set(reply) <= ANSWERS:
        return reply
    if set(reply) == {"columns", "index", "data"}:
        return [dict(zip(reply["columns"], row, strict=True)) for row in reply["data"]]
    while (
        len(reply) == 1
        and isinstance(inner := next(iter(reply.values())), dict)
        and any(isinstance(value, dict | list) for value in inner.values())
        and not set(inner) <= ANSWERS
    ):
        reply = inner  # {"result": {"rows": [...]}}
    columns = list(reply.values())
    if _by_row(reply):
        return columns
    if len(columns) > 2 and not any(isinstance(column, dict | list) for column in columns):
        return reply if _said(reply) else [reply]  # one record
    if all(isinstance(column, dict) and column for column in columns):
        return [{name: column.get(row) for name, column in reply.items()} for row in columns[0]]
    if all(isinstance(c, list) and not any(isinstance(v, dict) for v in c) for c in columns) and len(columns) > 1:
        if len(set(map(len, columns))) > 1:
            sizes = ", ".join(f"{name} {len(column)}" for name, column in list(reply.items())[:8])
            raise ValueError(f"columns of other lengths than the first: {sizes} cells")
        return [dict(zip(reply, row, strict=True)) for row in zip(*columns, strict=True)]
    return reply


def _by_row(reply: Mapping[str, Any]) -> bool:
    """Whether an object has a record under the number of each row, as pandas writes it with orient="index"."""
    rows = list(reply.values())
    if not all(isinstance(row, dict) and row for row in rows):
        return False
    named = [any(field_of(str(name).strip().casefold()) for name in names) for names in (rows[0], reply)]
    return named[0] and not named[1] and len({tuple(row) for row in rows}) == 1


def _said(reply: Mapping[str, Any]) -> bool:
    """Whether an object of plain values is what a service says and no record: two of its words, or one and no
    heading of a table of trade."""
    words = len(ANSWERS & set(reply))
    return words > 1 or (words == 1 and not any(field_of(str(name).strip().casefold()) for name in reply))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; a name that stands twice in it with two values has no value."""
    made = dict(pairs)
    if len(made) < len(pairs):
        for name, value in pairs:
            if made[name] != value:
                raise ValueError(f"{name} stands twice in one record: {value} and {made[name]}")
    return made


def checked(
    reply: list[dict[str, Any]] | Mapping[str, Any],
    name: str,
    *,
    limit: int | None = None,
    query: str = "",
    empty: str = EMPTY,
) -> list[dict[str, Any]]:
    """The records of a reply. An error, no records, or exactly as many as the limit are refused."""
    asked = f" to {query}" if query else ""
    if isinstance(reply, list):
        reply = {"data": reply}
    if not isinstance(reply, Mapping):
        raise InputError(Fault(name, None, None, "no object with data", "a Comtrade API reply"))
    code = reply.get("statusCode")
    told = reply.get("message") or reply.get("error") or reply.get("errorObject") or reply.get("errors")
    if isinstance(told, Mapping):
        code, told = code or told.get("code"), told.get("message") or told
    if code or (told and not reply.get("data")):
        raise InputError(
            Fault(name, None, None, f"error {code or ''} from the service: {told}".replace("  ", " "), "data")
        )
    if any("nextlink" in str(key).casefold() and value for key, value in reply.items()):
        raise InputError(f"{name}: the reply{asked} is one page of several (nextLink); allowed: the rows of all pages")
    data = reply.get("data")
    if not data:  # under another name: value, results, dataset
        lists = [v for v in reply.values() if isinstance(v, list) and v and all(isinstance(r, dict) for r in v)]
        data = lists[0] if len(lists) == 1 else data
    if not data:
        raise InputError(f"{name}: the reply{asked} has 0 records; allowed: {empty}")
    odd = next((k for k, row in enumerate(data, 1) if not isinstance(row, Mapping)), 0) if isinstance(data, list) else 1
    if odd:
        told = f"record {odd} has no columns: {str(data[odd - 1] if isinstance(data, list) else data)[:40]}"
        raise InputError(Fault(name, None, None, told, "a list of records"))
    told_count = [value for key, value in reply.items() if str(key).casefold().replace("_", "") in COUNTS]
    held = max((int(value) for value in told_count if str(value).isdecimal()), default=0)
    if held > len(data):
        cut = f"{len(data):,} {'is' if len(data) == 1 else 'are'} in the file: cut"
        allowed = "the whole reply, or several by period or partner"
        raise InputError(f"{name}: the reply{asked} says {held:,} records, {cut}; allowed: {allowed}")
    if limit is not None and len(data) >= limit:
        raise InputError(
            f"{name}: number of rows ({len(data)}) equals the limit ({limit}), answer may be incomplete; "
            "allowed: fewer rows than the limit: split the request by period or partner"
        )
    return list(data)
