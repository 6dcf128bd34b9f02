"""Opens whatever holds flows (files, archives, folders, globs, frames) as typed text-and-number tables."""

from __future__ import annotations

import csv
import glob
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.flows import dialect, engine, foreign, genesis, headings, layouts, period_sheets, reply, sheets, text, wide
from geoecon.flows.encodings import encoding_of
from geoecon.flows.frames import of_frame, of_relation
from geoecon.flows.raw import Raw, Request, Written, cells_of, quoted
from geoecon.flows.typed import raw_of
from geoecon.tables import given

if TYPE_CHECKING:
    import pyarrow as pa

    from geoecon.kinds import Cell, Rows


COMPANION = re.compile(r"^(country_codes|product_codes|readme)", re.IGNORECASE)
SUFFIXES = (
    ".csv",
    ".tsv",
    ".txt",
    ".gz",
    ".parquet",
    ".zip",
    ".json",
    ".jsonl",
    ".ndjson",
    *sheets.WORKBOOKS,
    ".duckdb",
    ".db",
)


TEXTS = (".csv", ".tsv", ".txt", ".dat")


def opened(source: Rows, request: Request) -> list[Raw]:
    """Every table of a source. Raises InputError where a file cannot be used."""
    if isinstance(source, str | Path):
        found = [raw for name, path in _files(str(source)) for raw in _file(name, path, request)]
        if not found:
            raise InputError(f"{source}: no flows in it; allowed: files ending in " + ", ".join(SUFFIXES))
        return found
    if isinstance(source, list | tuple):
        return [raw for part in source for raw in opened(part, request)]
    return [of_frame(source, request)]


def _files(source: str) -> list[tuple[str, Path]]:
    path = Path(source)
    if path.is_dir():
        paths = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and not COMPANION.match(p.name))
    elif path.is_file():
        paths = [path]
    else:
        paths = sorted(Path(p) for p in glob.glob(source, recursive=True) if not COMPANION.match(Path(p).name))
    if not paths:
        raise InputError(f"{source}: no such file, folder or pattern; allowed: a file ending in " + ", ".join(SUFFIXES))
    return [(p.name, p) for p in paths]


def _file(name: str, path: Path, request: Request) -> list[Raw]:
    suffix = Path(name.removesuffix(".gz")).suffix.lower() if name.lower().endswith(".gz") else path.suffix.lower()
    suffix = ".zip" if suffix in TEXTS and dialect.is_archive(path) else suffix
    _fitting(name, suffix, request)
    foreign.refuse(path, name)
    if path.stat().st_size == 0:
        raise InputError(Fault(name, None, None, "file is empty", "a header line and data rows"))
    if suffix == ".zip":
        members = dialect.unzip(path, request.folder)
        listed = {
            code: text
            for n, p in members
            if n.lower().startswith("product_codes")
            for code, text in _product_table(p).items()
        }
        data = [(n, p) for n, p in members if not COMPANION.match(n)]
        if not data:
            raise InputError(Fault(name, None, None, "no data file in the archive", "BACI or tidy CSV files"))
        return [_with_names(raw, listed) for n, p in data for raw in _file(n, p, request)]
    if suffix in (".json", ".jsonl", ".ndjson"):
        return [_json(name, path, request)]
    if suffix in (".duckdb", ".db"):
        return [_database(name, path, request)]
    if suffix == ".parquet":
        raw = _parquet(name, path, request)
    elif suffix in sheets.WORKBOOKS:
        return _workbook(name, path, request)
    else:
        raw = _csv(name, path, request)
    beside = sorted(path.parent.glob("product_codes*.csv"))
    return [_with_names(raw, _product_table(beside[-1]) if beside and raw.format == "baci" else {})]


def _workbook(name: str, path: Path, request: Request) -> list[Raw]:
    """The sheet that holds flows, or each of those that have a period as their name."""
    found = sheets.pages(path)
    for sheet, rows in found.items():
        as_text = [(line, [sheets.text(cell) for cell in row]) for line, row in enumerate(rows, 1)]
        if request.sheet in (None, sheet) and (german := genesis.table(as_text, name)) is not None:
            return [_of_genesis(name, german, (), request)]
    known = headings.known_headings() | {heading.casefold() for heading in _named(request)}
    spans = period_sheets.spans(found, request.sheet, known, partial(_whole, request)) if not _dated(request) else {}
    if not spans:
        page = sheets.sheet(path, request.sheet, _named(request), partial(_whole, request), found)
        try:
            return [_of_page(name, page, request, ())]
        except InputError as error:
            alike = [repr(n) for n, rows in found.items() if any(map(any, rows))
                     and sheets.heading(rows, known) == page.header]  # fmt: skip
            if request.sheet is not None or len(alike) < 2:
                raise
            told = f"{name}: sheets {', '.join(alike[:12])} have the same headings; allowed: sheet= one of them"
            raise InputError([*error.faults, f"{told} (--sheet {alike[0]})"]) from None
    made = []
    for sheet, period in spans.items():
        page = sheets.sheet(path, sheet, _named(request), None, found)
        asked = replace(request, columns={**(request.columns or {}), "period": f"={period}"}) if period else request
        told = (
            f"sheet {sheet!r} read: {f'its name is the period of its rows, {period}' if period else 'one of several'}"
        )
        made.append(_of_page(f"{name}/{sheet}" if len(spans) > 1 else name, page, asked, (told,)))
    return made


def _of_genesis(name: str, found: genesis.Table, repairs: Sequence[str], request: Request) -> Raw:
    told = "a table of GENESIS: each direction is a row, in dollars where it has them; Germany reports"
    return raw_of(text.written(text.Source(name, genesis.HEADER, lambda: iter(found.rows), found.titles,
                                           (told, *repairs), line=found.line), request), request)  # fmt: skip


def _of_page(name: str, page: sheets.Sheet, request: Request, told: tuple[str, ...]) -> Raw:
    repairs = (*told, *page.repairs)
    table = text.Source(name, page.header, lambda: iter(page.rows), page.titles, repairs, line=page.line)
    return raw_of(text.written(table, request), request)


def _dated(request: Request) -> bool:
    """Whether the user says what the period is."""
    return "period" in (request.columns or {})


def _fitting(name: str, suffix: str, request: Request) -> None:
    """Raises InputError for a sheet of what is no workbook, or a table of what is no database."""
    for what, value, kinds in (
        ("sheet", request.sheet, (*sheets.WORKBOOKS, ".zip")),
        ("table", request.table, (".duckdb", ".db", ".zip")),
    ):
        if value is not None and suffix not in kinds:
            raise InputError(Fault(name, None, what, repr(value), f"for {'/'.join(kinds[:-1])} alone"))


def _named(request: Request) -> list[str]:
    """The headings that the user names."""
    return list((request.columns or {}).values())


def _whole(request: Request, header: Sequence[str], dated: bool = False) -> bool:
    """Whether a header is that of a table of flows; `dated`: with a period for all its rows."""
    columns = {**(request.columns or {}), "period": "=2022"} if dated else request.columns
    try:
        long = wide.shape(header, columns, request.frequency)
        layouts.recognise(header if long is None else long.header, "", columns)
    except InputError:
        return False
    return True


def _product_table(path: Path) -> dict[str, str]:
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if not {"code", "description"} <= set(table.columns):
        return {}
    return dict(zip(table["code"], table["description"], strict=True))


def _with_names(raw: Raw, names: Mapping[str, str]) -> Raw:
    return replace(raw, names={**raw.names, **names}, listed=frozenset(names)) if names else raw


def _csv(name: str, path: Path, request: Request) -> Raw:
    if genesis.begins(path):
        page, notes = encoding_of(path, name, request.encoding)
        cells = csv.reader(io.StringIO(path.read_bytes().decode(page), newline=""), delimiter=";")
        found = genesis.table([(k, [cell.strip() for cell in row]) for k, row in enumerate(cells, 1)], name)
        if found is not None:
            return _of_genesis(name, found, notes, request)
    read = dialect.dialect(path, name, request.folder, request.encoding, _named(request))
    lines = partial(dialect.rows, read)
    table = text.Source(name, read.header, lines, read.titles, read.repairs, read, read.skipped + 1)
    return text.staged(raw_of(text.written(table, request), request), request)


def _arrow(frame: pd.DataFrame) -> pa.Table:
    """Text columns."""
    import pyarrow as pa

    text = [pa.array([str(c) if given(c) else None for c in frame[column]], pa.string()) for column in frame]
    return pa.table(dict(zip(frame.columns, text, strict=True)))


def _parquet(name: str, path: Path, request: Request) -> Raw:
    import duckdb

    connection = engine.embedded()
    place = str(path).replace("'", "''")
    try:
        relation = connection.read_parquet(str(path))
        found = connection.sql(
            f"SELECT decode(value) FROM parquet_kv_metadata('{place}') WHERE decode(key) = 'geoecon'"
        ).fetchall()
        rows = relation.count("*").fetchall()[0][0]
    except duckdb.Error as error:
        raise InputError(Fault(name, None, None, str(error).splitlines()[0], "a whole Parquet file")) from None
    if not rows:
        raise InputError(Fault(name, None, None, "no data rows", "at least one data row"))
    if found:
        return Raw(name, nw.from_native(relation), None, meta={**json.loads(found[0][0]), "file": str(path)})
    return replace(of_relation(name, relation, request), path="" if request.only else str(path))


def _database(name: str, path: Path, request: Request) -> Raw:
    """One table of a DuckDB file, opened read-only."""
    import duckdb

    alias = f"db_{abs(hash(str(path.resolve())))}"
    place = str(path).replace("'", "''")
    connection = engine.embedded()
    try:
        connection.execute(f"ATTACH IF NOT EXISTS '{place}' AS {alias} (READ_ONLY)")
        sql = f"SELECT table_name FROM duckdb_tables() WHERE database_name = '{alias}' ORDER BY 1"
        tables = [row[0] for row in connection.sql(sql).fetchall()]
    except duckdb.Error as error:
        raise InputError(Fault(name, None, None, str(error).splitlines()[0], "a DuckDB database file")) from None
    if request.table is None and len(tables) != 1:
        raise InputError(f"{name}: {len(tables)} tables; allowed: table= one of " + ", ".join(tables))
    wanted = request.table or tables[0]
    if wanted not in tables:
        raise InputError(f"{name}: no table {wanted!r}; allowed: " + ", ".join(tables))
    return of_relation(f"{name}/{wanted}", connection.sql(f"SELECT * FROM {alias}.{quoted(wanted)}"), request)


def _json(name: str, path: Path, request: Request) -> Raw:
    """A reply of the Comtrade service, or the rows of any table as records."""
    rows = pd.DataFrame(reply.records(path, name, limit=request.limit)).astype(object)
    rows.columns = pd.Index(headings.apart([str(column) for column in rows.columns]))
    header = tuple(map(str, rows.columns))
    long = wide.shape(header, request.columns, request.frequency)
    layout = layouts.recognise(header if long is None else long.header, name, request.columns, header)
    kept = [[c if given(c) else None for c in row] for row in rows.itertuples(index=False)]
    numbers = {c for c in header if all(isinstance(v, int | float) and not isinstance(v, bool)
               for v in rows[c] if given(v))}  # fmt: skip
    table = _arrow(pd.DataFrame([[_cell(v, h in numbers) for v, h in zip(r, header, strict=True)] for r in kept],
                                columns=list(header), dtype=object))  # fmt: skip
    relation = engine.embedded().from_arrow(table)

    cells: Any
    relation, cells, left = text.counted(relation, partial(enumerate, kept, 1), layout)
    if long is not None:
        left = tuple((why, wide.narrowed(part, long)) for why, part in left)
        relation, cells, header = wide.narrowed(relation, long), wide.lines(cells, header, long), long.header

    def lines() -> Iterator[tuple[int, Mapping[str, str]]]:
        return cells_of(cells(), header, layout)

    amounts = {layout.columns.get(f) for f in ("value_usd", "tonnes")} - {None}
    plain = "." if amounts <= numbers else None
    if plain is None and long is None:  # a number of JSON says nothing of the decimal sign of text in another column
        cast = (f"{quoted(h)}::DOUBLE AS {quoted(h)}" if h in amounts & numbers else quoted(h) for h in header)
        relation = relation.project(", ".join(cast))
    notes, each = (() if long is None else tuple(long.words())), 1 if long is None else long.each
    return raw_of(Written(name, relation, layout, lines, notes, decimal=plain, each=each, left=left), request)


def _cell(value: Cell, number: bool) -> str | None:
    if value is None:
        return None
    return sheets.number(float(value)) if number and isinstance(value, float) else str(value)
