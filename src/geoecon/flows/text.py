"""A text table or a sheet as text columns: the engine takes every regular row, what is odd is judged line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

from geoecon.errors import Fault, InputError
from geoecon.flows import dialect, edges, engine, layouts, no_money, totals, wide
from geoecon.flows.coverage import UNSCALED
from geoecon.flows.layouts import Layout
from geoecon.flows.raw import Raw, Request, Written, cells_of, quoted
from geoecon.flows.units import mentions

if TYPE_CHECKING:
    from geoecon.kinds import Relation


Rows = Iterable[tuple[int, Sequence[Any]]]
Left = tuple[tuple[str, Any], ...]
MANY = 1000  # rows that may be totals, notes and the like
KEYS = ("period", "exporter", "importer", "reporter", "partner", "product")


@dataclass(frozen=True)
class Source:
    """A table as it was opened: its header, and its rows (physical line, cells as text) as often as one asks.

    `read` is the text file that the engine can read itself; None for a sheet, whose rows are in memory.
    """

    name: str
    header: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[int, list[str]]]]
    titles: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    read: dialect.Dialect | None = None
    line: int = 1  # of the header


def written(source: Source, request: Request) -> Written:
    """The rows of a source that count. Raises InputError with every row that is neither data nor a remark."""
    long = wide.shape(source.header, request.columns, request.frequency)
    header = source.header if long is None else long.header
    layout = layouts.recognise(header, source.name, request.columns, source.header, source.line)
    layout, way = layouts.titled(layout, source.titles)
    regular, rejected = (None, True) if source.read is None else _regular(source.read, request)
    odd = _Odd.of(source.header, layout)
    inside: edges.Rows = []
    notes: list[str] = [*source.repairs, *way]
    titles = list(source.titles)
    gone: set[int] = set()
    sums: edges.Rows = []
    if rejected or (regular is not None and odd.few(regular)):
        rest, first, last = _rest(source, odd, whole=regular is None)
        inside, said, found, below, sums = _judged(source, rest, first, last, layout, request)
        titles, notes = [*titles, *said, *below], [*notes, *(f"line below the header: {told}" for told in said), *found]
        gone = {line for line, _ in rest} - {line for line, _ in inside}
        regular = None if regular is None else regular.filter(f"NOT ({odd.sql})")
    relation = _together(regular, source.header, inside)
    if world := totals.of_market(sums, relation, layout):
        inside, sums, gone = [*inside, *world], [], gone - {line for line, _ in world}
        relation = _together(regular, source.header, inside)
    if not relation.limit(1).fetchall():
        raise InputError(Fault(source.name, None, None, "no data rows below the header", "at least one data row"))
    rows = _counted(source, gone, {line: cells for line, cells in inside})
    left = [_together(None, source.header, sums)] if sums else []
    if long is not None:
        relation, notes = wide.narrowed(relation, long), [*notes, *long.words()]
        left = [wide.narrowed(part, long) for part in left]
        rows = wide.lines(rows, source.header, long)

    def lines() -> Iterator[tuple[int, Mapping[str, str]]]:
        return cells_of(rows(), header, layout)

    money = edges.said_unit(titles)
    if long is not None and long.thousands and money is None and not request.unit:
        told = "no line says the unit, and Trade Map counts in thousands"
        raise InputError(Fault(source.name, None, long.columns[0].heading, told,
                               "unit='thousand USD' (--unit 'thousand USD'), or 'USD' where they are"))  # fmt: skip
    if long is not None and money is None and not request.unit:
        other = no_money.line(source.titles, titles)
        if other is not None and not any(mentions(column.heading) for column in long.columns):
            raise InputError(no_money.fault(source.name, long.columns[0].heading, other))
    if not request.unit and layout.name == "tidy" and not layout.role("unit"):
        no_money.other_money(source.titles, titles, layout.columns["value_usd"], source.name, money)
    if long is None and not request.unit and layout.name == "tidy" and not layout.role("unit"):
        beside = [heading for heading in header if heading != layout.columns["value_usd"]]
        no_money.long_table(source.titles, titles, layout.columns, beside, source.name, money=money)
    return Written(source.name, relation, layout, lines, tuple(notes), money,
                   edges.said_weight(titles), each=1 if long is None else long.each,
                   left=tuple((f"{totals.TOTAL}, {UNSCALED}", part) for part in left))  # fmt: skip


def counted(relation: Relation, rows: Callable[[], Rows], layout: Layout) -> tuple[Relation, Callable[[], Rows], Left]:
    """A table with types without the rows that call themselves a total, as in a text; their rows and why they go."""
    header, kinds = list(relation.columns), dict(zip(relation.columns, map(str, relation.types), strict=True))
    odd = _Odd.of(header, layout)
    if layout.baci or not any(kinds[h] == "VARCHAR" for h in odd.keys):
        return relation, rows, ()
    cells = ", ".join(f"trim(coalesce({quoted(h)}::VARCHAR, ''))" for h in header)
    nothing = ", ".join(f"'{cell}'" for cell in ("", *edges.NOTHING))
    said = f"x NOT IN ({nothing}) AND NOT regexp_matches(x, '{_sql(edges.NUMBER.pattern)}')"
    words = f"list_filter([{cells}], lambda x: {said})"
    named = f"list_filter({words}, lambda x: NOT regexp_matches(lower(rtrim(x, ':')), '{_sql(edges.TOTALS.pattern)}'))"
    empty = f"len(list_filter([{cells}], lambda x: x IN ({nothing}))) >= 1"
    total = f"({odd.sql}) AND {empty} AND len({words}) > 0 AND len({named}) = 0"
    gone = relation.filter(total)
    found = gone.limit(2).fetchall()
    if not found:
        return relation, rows, ()
    others = relation.filter(f"NOT coalesce({total}, false)")
    sums = [(0, ["" if cell is None else str(cell) for cell in row]) for row in found]
    world = totals.of_market(sums, others, layout)

    def kept() -> Iterator[tuple[int, Sequence[Any]]]:
        for line, row in rows():
            if not edges.is_total(["" if cell is None else str(cell) for cell in row], len(header)):
                yield line, row
            elif world:
                yield line, world[0][1]

    if world:
        filled = [f"nullif('{_sql(cell)}', '')::{kinds[h]} AS {quoted(h)}" if cell != sums[0][1][k] else quoted(h)
                 for k, (h, cell) in enumerate(zip(header, world[0][1], strict=True))]  # fmt: skip
        return others.union(gone.project(", ".join(filled))), kept, ()
    return others, kept, ((f"{totals.TOTAL}, {UNSCALED}", gone),)


def _sql(pattern: str) -> str:
    """A pattern of ours as the engine has it."""
    plain = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), pattern)
    return plain.replace(chr(39), chr(39) * 2)


@dataclass(frozen=True)
class _Odd:
    """The rows that may be no data: a key is empty or is its own heading, or the period has no year."""

    keys: Mapping[str, int]
    period: str | None

    @classmethod
    def of(cls, header: Sequence[str], layout: Layout) -> _Odd:
        keys = {h: header.index(h) for f in KEYS if (h := layout.columns.get(f)) and h in header}
        period = layout.columns.get("period")
        return cls(keys, period if period in keys else None)

    @property
    def sql(self) -> str:
        nothing = ", ".join(f"'{cell}'" for cell in ("", *edges.NOTHING))
        tests = [f"coalesce(trim({quoted(h)}::VARCHAR), '') IN ({nothing}, '{h.strip().replace(chr(39), chr(39) * 2)}')"
                 for h in self.keys]  # fmt: skip
        if self.period is not None:
            tests.append(f"NOT regexp_matches({quoted(self.period)}::VARCHAR, '[0-9]{{4}}')")
        return " OR ".join(tests) or "false"

    def few(self, relation: Relation) -> bool:
        """Whether there are such rows, and not so many that they are the table."""
        return 0 < len(relation.filter(self.sql).limit(MANY + 1).fetchall()) <= MANY

    def __call__(self, cells: Sequence[str]) -> bool:
        if any(cells[k].strip() in ("", *edges.NOTHING, h.strip()) for h, k in self.keys.items()):
            return True
        return self.period is not None and not re.search("[0-9]{4}", cells[self.keys[self.period]])


def _regular(read: dialect.Dialect, request: Request) -> tuple[Any, bool]:
    """The lines with as many fields as the header, and whether there are others; None where the engine cannot.

    The engine passes over a line sep=; by itself.
    """
    import duckdb

    connection, number = engine.embedded(), len(list(request.folder.iterdir()))
    width = len(read.header) + read.spare
    rejects = f"rejects_{abs(hash(str(request.folder)))}_{number}"
    options = {
        "all_varchar": "true", "header": "false", "auto_detect": "false", "strict_mode": "true", "quote": "'\"'",
        "escape": "'\"'", "delim": f"'{read.delimiter}'", "skip": str(read.skipped + 1 - read.separator),
        "columns": "{" + ", ".join(f"'c{k}': 'VARCHAR'" for k in range(width)) + "}",
        "store_rejects": "true", "rejects_table": f"'{rejects}'", "rejects_scan": f"'{rejects}_scans'",
    }  # fmt: skip
    text = [f"regexp_replace(c{k}, '^=\"(.*)\"$', '\\1') AS {quoted(h)}" if read.formulas else f"c{k} AS {quoted(h)}"
            for k, h in enumerate(read.header)]  # fmt: skip
    place = str(read.path).replace("'", "''")
    told = ", ".join(f"{name}={value}" for name, value in options.items())
    target = request.folder / f"text-{number}.parquet"
    try:
        connection.execute(f"COPY (SELECT {', '.join(text)} FROM read_csv('{place}', {told})) TO '{target}' "
                           "(FORMAT parquet, COMPRESSION snappy)")  # fmt: skip
        odd = connection.execute(f"SELECT count(*) FROM {rejects}").fetchall()[0][0]
        connection.execute(f"DROP TABLE {rejects}; DROP TABLE {rejects}_scans")
    except duckdb.Error:
        return None, True
    return connection.read_parquet(str(target)), bool(odd)


def _rest(source: Source, odd: _Odd, *, whole: bool) -> tuple[edges.Rows, int, int]:
    """The lines that are not regular, and the first and last line that is; all of them where `whole`."""
    width = len(source.header)
    spare = source.read.spare if source.read is not None else 0
    rest: edges.Rows = []
    first = last = 0
    for line, cells in source.rows():
        if whole or len(cells) != width + spare or odd(cells):
            rest.append((line, cells))
        else:
            first, last = first or line, line
    return rest, first or (rest[-1][0] + 1 if rest else 0), last


def _judged(
    source: Source, rest: edges.Rows, first: int, last: int, layout: Layout, request: Request
) -> tuple[edges.Rows, list[str], list[str], list[str], edges.Rows]:  # fmt: skip
    """The odd rows that are data, the units that stand below the header, what was set aside in words, notes below,
    totals.
    """
    header = source.header
    places = [header.index(h) for f in ("value_usd", "period") if (h := layout.columns.get(f)) in header]
    said: list[str] = []
    if len(places) == 2:
        above = [row for row in rest if row[0] < first]
        above, said = edges.units_below(header, above, *places)
        rest = [*above, *(row for row in rest if row[0] > first)]
    try:
        rows, notes, below, sums = edges.trimmed(rest, header, source.name, last)
    except InputError as error:
        raise InputError(_faults(source, error, layout, request)) from None
    return rows, said, notes, below, sums


def _faults(source: Source, error: InputError, layout: Layout, request: Request) -> list[Any]:
    """The rows of another width, and the faults of the others beside them."""
    from geoecon.flows.checks import raise_faults

    plain = "numbers or codes that cannot be used"
    rows = ((line, cells) for line, cells in source.rows() if len(cells) == len(source.header))
    if not set(layout.columns.values()) <= set(source.header):
        return list(error.faults)
    try:
        cells = cells_of(rows, source.header, layout)
        raise_faults(source.name, cells, request.decimal or ".", {}, {}, {}, layout.headings())
    except InputError as others:
        found = [fault for fault in (*others.faults, *error.faults) if plain not in str(fault)]
        return sorted(found, key=lambda fault: getattr(fault, "row", 0) or 0)


def _together(regular: Relation | None, header: Sequence[str], inside: edges.Rows) -> Relation:
    """The regular rows and those that were judged to be data, as one relation."""
    import pyarrow as pa

    if regular is not None and not inside:
        return regular
    columns = {heading: pa.array([None if c[k] is None else str(c[k]) for _, c in inside], pa.string())
               for k, heading in enumerate(header)}  # fmt: skip
    judged = engine.embedded().from_arrow(pa.table(columns))
    return judged if regular is None else regular.union(judged)


def _counted(
    source: Source, gone: set[int], inside: Mapping[int, list[str]]
) -> Callable[[], Iterator[tuple[int, list[str]]]]:  # fmt: skip
    """The rows that count, each with its line."""
    width = len(source.header)

    def rows() -> Iterator[tuple[int, list[str]]]:
        for line, cells in source.rows():
            if line not in gone:
                yield line, inside.get(line) or cells[:width]

    return rows


def staged(raw: Raw, request: Request) -> Raw:
    """The rows of a text worked out once and kept as Parquet until they are used."""
    native = nw.to_native(raw.rows)
    place = request.folder / f"staged-{len(list(request.folder.iterdir()))}.parquet"
    native.write_parquet(str(place), compression="snappy")
    return replace(raw, rows=nw.from_native(engine.embedded().read_parquet(str(place))))
