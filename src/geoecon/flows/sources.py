"""Opens whatever holds flows (files, archives, folders, globs, frames) as typed text-and-number tables."""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.flows import comtrade, dialect, edges, engine, large, layouts, sheets
from geoecon.flows.decimals import LINE
from geoecon.flows.frames import of_frame, of_relation
from geoecon.flows.layouts import Layout
from geoecon.flows.raw import Raw, Request, Written, cells_of, quoted
from geoecon.flows.typed import raw_of

Frame = Any
SMALL = 8_000_000  # bytes: below, a text file is read row by row; above, by DuckDB
COMPANION = re.compile(r"^(country_codes|product_codes|readme)", re.IGNORECASE)
SUFFIXES = (".csv", ".tsv", ".txt", ".gz", ".parquet", ".zip", ".json", *sheets.WORKBOOKS, ".duckdb", ".db")


def opened(source: Any, request: Request) -> list[Raw]:
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
    if suffix == ".json":
        return [_json(name, path, request)]
    if suffix in (".duckdb", ".db"):
        return [_database(name, path, request)]
    if suffix == ".parquet":
        raw = _parquet(name, path, request)
    elif suffix in sheets.WORKBOOKS:
        page = sheets.sheet(path, request.sheet, _named(request))
        raw = _text(name, page.header, page.rows, page.titles, page.repairs, request)
    else:
        raw = _csv(name, path, request)
    beside = sorted(path.parent.glob("product_codes*.csv"))
    return [_with_names(raw, _product_table(beside[-1]) if beside and raw.format == "baci" else {})]


def _named(request: Request) -> list[str]:
    """The headings that the user names."""
    return list((request.columns or {}).values())


def _product_table(path: Path) -> dict[str, str]:
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if not {"code", "description"} <= set(table.columns):
        return {}
    return dict(zip(table["code"], table["description"], strict=True))


def _with_names(raw: Raw, names: Mapping[str, str]) -> Raw:
    return replace(raw, names={**raw.names, **names}, listed=frozenset(names)) if names else raw


def _csv(name: str, path: Path, request: Request) -> Raw:
    read = dialect.dialect(path, name, request.folder, request.encoding, _named(request))
    if not read.path.stat().st_size > SMALL:
        return _text(name, read.header, list(dialect.rows(read)), read.titles, read.repairs, request)
    layout = layouts.recognise(read.header, name, request.columns)

    def lines() -> Iterator[tuple[int, Mapping[str, str]]]:
        width = len(read.header)
        return cells_of(((n, c[:width]) for n, c in dialect.rows(read) if len(c) >= width), read.header, layout)

    import duckdb

    try:
        relation = large.relation_of(read)
        if not relation.limit(1).fetchall():
            raise InputError(Fault(name, None, None, "no data rows below the header", "at least one data row"))
        plain = "." if layout.baci and not large.commas(relation, layout) else None
        written = Written(name, relation, layout, lines, read.repairs, edges.said_unit(read.titles), plain)
        try:
            raw = large.staged(raw_of(written, request), request)
            if raw.rows.filter(nw.col("period").is_null()).head(1).collect().to_native().num_rows:
                raise InputError(f"{name}: rows without a period; allowed: a period in each")
        except InputError:
            again = large.without_edges(written, read)
            if again is None:
                return large.staged(raw_of(written, request), request)  # the faults, each with its line
            raw = large.staged(raw_of(again, request), request)
        return raw
    except duckdb.Error:  # the slow way names every fault with its line, or reads what the engine would not
        return _text(name, read.header, list(dialect.rows(read)), read.titles, read.repairs, request)


def _text(
    name: str, header: tuple[str, ...], rows: edges.Rows, titles: Sequence[str], repairs: Sequence[str],
    request: Request,
) -> Raw:  # fmt: skip
    """A small text table or a sheet."""
    layout = layouts.recognise(header, name, request.columns)
    if not rows:
        raise InputError(Fault(name, None, None, "no data rows below the header", "at least one data row"))
    places = [header.index(h) for f in ("value_usd", "period") if (h := layout.columns.get(f))]
    if len(places) == 2:
        rows, said = edges.units_below(header, rows, *places)
        titles, repairs = [*titles, *said], [*repairs, *(f"line below the header: {told}" for told in said)]
    rows, notes = _body(name, header, rows, layout, request)
    if not rows:
        raise InputError(Fault(name, None, None, "no data rows below the header", "at least one data row"))
    frame = pd.DataFrame([cells for _, cells in rows], columns=list(header), dtype=object)

    def lines() -> Iterator[tuple[int, Mapping[str, str]]]:
        return cells_of(rows, header, layout)

    relation = engine.embedded().from_arrow(_arrow(frame, [line for line, _ in rows]))
    written = Written(name, relation, layout, lines, (*repairs, *notes), edges.said_unit(titles))
    return raw_of(written, request)


def _body(
    name: str, header: tuple[str, ...], rows: edges.Rows, layout: Layout, request: Request
) -> tuple[edges.Rows, list[str]]:  # fmt: skip
    """The rows without what stands below the table. Raises InputError with the faults of rows of another width too."""
    try:
        return edges.trimmed(rows, header, name)
    except InputError as error:
        from geoecon.flows.checks import raise_faults

        wide = [(line, cells) for line, cells in rows if len(cells) == len(header)]
        try:
            raise_faults(name, cells_of(wide, header, layout), request.decimal or ".", {}, {}, {}, layout.headings())
        except InputError as others:
            plain = "numbers or codes that cannot be used"
            faults = [f for f in (*others.faults, *error.faults) if plain not in str(f)]
            raise InputError(sorted(faults, key=lambda f: getattr(f, "row", 0) or 0)) from None


def _arrow(frame: pd.DataFrame, lines: Sequence[int] | None = None) -> Any:
    """Text columns, and the physical line of each row under `LINE`."""
    import pyarrow as pa

    text = [pa.array([None if c is None or c != c else str(c) for c in frame[column]], pa.string()) for column in frame]
    table = pa.table(dict(zip(frame.columns, text, strict=True)))
    return table if lines is None else table.append_column(LINE, pa.array(lines))


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
    rows = pd.DataFrame(comtrade.records(path, name, limit=request.limit)).astype(object)
    header = tuple(map(str, rows.columns))
    layout = layouts.recognise(header, name, request.columns)
    kept = [[None if c is None or c != c else c for c in row] for row in rows.itertuples(index=False)]
    numbers = {c for c in header if all(isinstance(v, int | float) and not isinstance(v, bool)
               for v in rows[c] if v is not None and v == v)}  # fmt: skip
    table = _arrow(pd.DataFrame([[_cell(v, h in numbers) for v, h in zip(r, header, strict=True)] for r in kept],
                                columns=list(header), dtype=object), range(1, len(kept) + 1))  # fmt: skip

    def lines() -> Iterator[tuple[int, Mapping[str, str]]]:
        return cells_of(enumerate(kept, 1), header, layout)

    plain = "." if {layout.columns.get(f) for f in ("value_usd", "tonnes")} - {None} <= numbers else None
    return raw_of(Written(name, engine.embedded().from_arrow(table), layout, lines, decimal=plain), request)


def _cell(value: Any, number: bool) -> str | None:
    if value is None:
        return None
    return sheets.number(float(value)) if number and isinstance(value, float) else str(value)
