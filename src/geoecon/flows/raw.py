"""One opened table before its codes are resolved, and how the user wants it read."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from geoecon.errors import InputError
from geoecon.flows import reply
from geoecon.flows.coverage import UNSCALED
from geoecon.flows.layouts import Layout, constant
from geoecon.flows.periods import ALLOWED
from geoecon.flows.units import Unit

if TYPE_CHECKING:
    from geoecon.kinds import Frame, Relation


BACI_NAME = re.compile(r"BACI_(HS\d\d)_Y(\d{4})_V(\d{6}[a-z]?)", re.IGNORECASE)
Lines = Callable[[], Iterator[tuple[int, Mapping[str, str]]]]
COLUMNS = ("period", "exporter", "importer", "product", "value_usd", "tonnes")


@dataclass(frozen=True)
class Raw:
    """One opened table: text period, exporter, importer, product as written; value_usd (USD) and tonnes as numbers.

    A number that is not finite or below zero is NaN here, a period that is none is missing; `lines` finds them again.
    """

    name: str
    rows: Frame
    layout: Layout | None  # None: a file of ours, which describes itself in `meta`
    hs: str = ""
    vintage: str = ""
    notes: tuple[str, ...] = ()
    lines: Lines | None = None
    decimal: str = "."
    reported: pd.DataFrame | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    listed: frozenset[str] | None = None  # codes of a product table that came along
    meta: Mapping[str, Any] | None = None
    concept: str = "as in the source"
    path: str = ""  # of a Parquet file
    plain: Relation | None = None  # the same six columns without any conversion, where the file's own types allow it
    extra: tuple[str, ...] = ()  # columns beyond the six: reported_by, estimated
    aside: tuple[tuple[str, Frame], ...] = ()  # rows that were set aside on the way: why, and the rows
    read: int | None = None  # rows of the table as it was opened; None where nobody counted
    joined: int = 0  # rows that were put together with others: weights with values, parts into a total

    @property
    def format(self) -> str:
        return self.layout.name if self.layout is not None else "ours"

    @property
    def headings(self) -> Mapping[str, str]:
        """What the file calls our fields."""
        return self.layout.headings() if self.layout is not None else {}

    @property
    def classified(self) -> str:
        """The classification of the products: hs, sitc, bec or fao."""
        return {"S": "sitc", "B": "bec", "F": "fao"}.get(self.hs[:1].upper(), "hs")


@dataclass(frozen=True)
class Request:
    """How the user wants the source read; the fields are the arguments of `read_flows`."""

    report: str = "importer"
    exports: str = "gross"
    limit: int | None = None
    columns: Mapping[str, str] | None = None
    table: str | None = None
    sheet: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    unit: Mapping[str, float] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    flow: str | None = None
    numbers: str = ""
    unknown: str = "stop"
    classification: str = ""  # HS revision (HS17, H5), SITC, BEC or FAO
    frequency: str | None = None
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="geoecon-")))


@dataclass(frozen=True)
class Written:
    """A table as a DuckDB relation with the file's headings, and what is known of how it was written."""

    name: str
    relation: Relation
    layout: Layout
    lines: Lines | None = None
    repairs: tuple[str, ...] = ()
    title: Unit | None = None  # the unit of money that lines around the table say
    weight: Unit | None = None  # and that of weight
    decimal: str | None = None  # where it needs no proof
    each: int = 1  # rows that were made of each record of a wide table
    left: tuple[tuple[str, Relation], ...] = ()  # rows that do not count, as the file has them: why, and the rows


def obeyed(written: Written, request: Request, read: int) -> None:
    """Raises InputError for as many records as the query's limit, and for options that a table of sides cannot obey."""
    records, layout = read // written.each, written.layout
    if request.limit is not None and records >= request.limit:
        reply.checked({"data": [{}] * records}, written.name, limit=request.limit)
    told = {
        "report": request.report != "importer",
        "exports": request.exports != "gross",
        "flow": request.flow == "exports",
    }
    if layout.shape == "reports" or layout.role("flow") or layout.role("indicator") or not any(told.values()):
        return
    said = ", ".join(f"{name}={getattr(request, name)!r}" for name, given in told.items() if given)
    who = f"{layout.side('exporter')} and {layout.side('importer')}"
    raise InputError(f"{written.name}: {said} would change nothing: the columns {who} say who sold and who bought, and "
                     "no column who reported; allowed: without it, or columns={'reporter': …, 'partner': …} "
                     "(--columns 'reporter=…') if one side reports")  # fmt: skip


def identity(name: str) -> tuple[str, str]:
    """HS revision and vintage as a BACI file name says them; empty where it does not."""
    found = BACI_NAME.search(name)
    if found:
        return found[1].upper(), found[3]
    loose = re.search(r"HS(\d\d)(?!\d)", name, re.IGNORECASE)
    return (f"HS{loose[1]}" if loose and "baci" in name.lower() else "", "")


def quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def lazy(relation: Relation) -> Frame:
    return nw.from_native(relation)


def cells_of(
    rows: Iterable[tuple[int, Sequence[Any]]], header: Sequence[str], layout: Layout
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows as cells by field (exporter and importer by side) and by role."""
    places = {f: header.index(h) for f, h in layout.columns.items() if h in header}
    for side in ("exporter", "importer"):
        heading = layout.side(side)
        if heading is not None and heading in header:
            places[side] = header.index(heading)
    for role, heading in reversed([r for r in layout.roles if r[0] not in layout.columns]):
        places[role] = header.index(heading)
    fixed = {"importer": layout.fixed.get("reporter", ""), "flow": layout.fixed.get("flow", "")}
    fixed |= {f: h[1:] for f, h in layout.columns.items() if constant(h) and h not in header}
    fixed |= {s: h[1:] for s in ("exporter", "importer") if (h := layout.side(s)) and constant(h) and h not in header}
    for line, cells in rows:
        found = {f: "" if cells[k] is None else str(cells[k]) for f, k in places.items()}
        yield line, {f: text for f, text in fixed.items() if text} | found


def chosen(written: Written, only: Mapping[str, str]) -> Written:
    """The rows that the user chose by column and value. Raises InputError for a column or value that is not there."""
    relation, columns = written.relation, list(written.relation.columns)
    tests: list[str] = []
    where = {column.strip().casefold(): column for column in columns}
    for heading, value in only.items():
        column = where.get(heading.strip().casefold())
        if column is None:
            raise InputError(f"{written.name}: no column {heading!r}; allowed: " + ", ".join(where.values()))
        test = f"lower(trim({quoted(column)}::VARCHAR)) = '{value.strip().casefold().replace(chr(39), chr(39) * 2)}'"
        kept = relation.filter(test)
        if not kept.limit(1).fetchall():
            there = relation.project(f"{quoted(column)}::VARCHAR AS v").distinct().limit(12).fetchall()
            told = ", ".join(repr(v) for (v,) in there)
            raise InputError(f"{written.name}: no row with {heading} {value!r}; allowed: {told}")
        relation = kept
        tests.append(f"coalesce({test}, false)")
    if not only:
        return written
    wanted = {where[h.strip().casefold()]: v.strip().casefold() for h, v in only.items()}
    known = {f: h for f, h in [*written.layout.columns.items(), *written.layout.roles] if h in wanted}

    def lines() -> Iterator[tuple[int, Mapping[str, str]]]:
        assert written.lines is not None
        for line, cells in written.lines():
            if all(cells.get(f, "").strip().casefold() == wanted[h] for f, h in known.items()):
                yield line, cells

    told = ", ".join(f"{heading} {value}" for heading, value in only.items())
    notes = (*written.repairs, f"only rows with {told}, as asked for")
    others = written.relation.filter(f"NOT ({' AND '.join(tests)})")
    return replace(written, relation=relation, lines=lines if written.lines else None, repairs=notes,
                   left=(*written.left, (f"not asked for by only=, {UNSCALED}", others)))  # fmt: skip


def day_sql(heading: str, kinds: Mapping[str, str]) -> str:
    """SQL of a period as text. Raises InputError for instants with a time zone."""
    column = quoted(heading)
    if "TIME ZONE" in kinds[heading]:
        raise InputError(f"column {heading} holds instants with a time zone, whose day depends on the place; allowed: "
                         f"days or months without a zone ({ALLOWED})")  # fmt: skip
    dated = kinds[heading].startswith(("DATE", "TIMESTAMP"))
    return f"strftime({column}, '%Y-%m-%d')" if dated else f"{column}::VARCHAR"


def plain_of(relation: Relation, layout: Layout, kinds: Mapping[str, str]) -> Relation | None:
    """The six columns in the file's own codes and unit; None where a number is text or a column lacks."""
    if "tonnes" not in layout.columns or layout.shape != "sides" or "VARCHAR" not in kinds[layout.columns["product"]]:
        return None
    if any("VARCHAR" in kinds[layout.columns[f]] for f in ("value_usd", "tonnes")):
        return None
    return relation.project(", ".join(f"{quoted(layout.columns[f])} AS {f}" for f in COLUMNS))
