"""A large text table read by the engine itself: as text columns, without the totals and headers inside it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import narwhals as nw

from geoecon.flows import dialect, edges, engine
from geoecon.flows.layouts import Layout
from geoecon.flows.raw import Raw, Request, Written, quoted

MANY = 1000  # rows that may be totals and the like in a large text


def without_edges(written: Written, read: dialect.Dialect) -> Written | None:
    """A large text without its totals, repeated headers and lines of units; None where other rows have no year too."""
    heading = written.layout.columns.get("period")
    value = written.layout.columns.get("value_usd")
    if heading is None or value is None or written.lines is None:
        return None
    dated = f"coalesce(regexp_matches({quoted(heading)}, '[0-9]{{4}}'), false)"
    few = written.relation.filter(f"NOT {dated}").limit(MANY + 1).fetchall()
    if not few or len(few) > MANY:
        return None
    header = list(written.relation.columns)
    rest = [
        (line, cells) for line, cells in dialect.rows(read) if not re.search(r"\d{4}", cells[header.index(heading)])
    ]
    below, said = edges.units_below(header, rest, header.index(value), header.index(heading))
    left, notes = edges.trimmed(below, header, written.name)
    if left:
        return None
    title = edges.said_unit([*read.titles, *said])
    told = (*written.repairs, *(f"line below the header: {text}" for text in said), *notes)
    return replace(written, relation=written.relation.filter(dated), title=title, repairs=told)


def relation_of(read: dialect.Dialect) -> Any:
    """A large text file as text columns. A line with another number of fields is an error of the engine."""
    spare = [f"\x00{k}" for k in range(read.spare)]
    options: dict[str, Any] = {
        "all_varchar": True, "header": True, "delimiter": read.delimiter, "quotechar": '"', "escapechar": '"',
        "auto_detect": False, "columns": dict.fromkeys([*read.header, *spare], "VARCHAR"), "strict_mode": True,
    }  # fmt: skip
    if read.skipped:
        options["skiprows"] = read.skipped
    relation = engine.embedded().read_csv(str(read.path), **options)
    text = [f"regexp_replace({quoted(h)}, '^=\"(.*)\"$', '\\1') AS {quoted(h)}" if read.formulas else quoted(h)
            for h in read.header]  # fmt: skip
    return relation.project(", ".join(text))


def commas(relation: Any, layout: Layout) -> bool:
    """Whether the first numbers of a table have commas."""
    headings = [quoted(layout.columns[f]) for f in ("value_usd", "tonnes") if f in layout.columns]
    test = " OR ".join(f"contains({h}, ',')" for h in headings)
    return bool(relation.limit(2000).filter(test).limit(1).fetchall())


def staged(raw: Raw, request: Request) -> Raw:
    """The rows of a large text file read once and kept as Parquet until they are used."""
    native = nw.to_native(raw.rows)
    place = request.folder / f"staged-{len(list(request.folder.iterdir()))}.parquet"
    native.write_parquet(str(place), compression="snappy")
    return replace(raw, rows=nw.from_native(engine.embedded().read_parquet(str(place))))
