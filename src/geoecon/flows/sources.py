"""Opens whatever holds flows (files, archives, folders, globs, frames) as typed text-and-number tables."""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.flows import comtrade, dialect, engine, formats
from geoecon.flows.raw import Raw, Request, made, of_comtrade, of_relation, quoted, typed

Frame = Any
SMALL = 8_000_000  # bytes: below, a text file is read row by row; above, by DuckDB
COMPANION = re.compile(r"^(country_codes|product_codes|readme)", re.IGNORECASE)
SUFFIXES = (".csv", ".tsv", ".txt", ".gz", ".parquet", ".zip", ".json", ".xlsx", ".duckdb", ".db")


def opened(source: Any, request: Request) -> list[Raw]:
    """Every table of a source. Raises InputError where a file cannot be used."""
    if isinstance(source, str | Path):
        found = [raw for name, path in _files(str(source)) for raw in _file(name, path, request)]
        if not found:
            raise InputError(f"{source}: no flows in it; allowed: files ending in " + ", ".join(SUFFIXES))
        return found
    if isinstance(source, list | tuple):
        return [raw for part in source for raw in opened(part, request)]
    return [_frame(source, request)]


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
        return [_comtrade_json(name, path, request)]
    if suffix in (".duckdb", ".db"):
        return [_database(name, path, request)]
    if suffix == ".parquet":
        raw = _parquet(name, path, request)
    elif suffix == ".xlsx":
        header, rows = dialect.sheet_rows(path, request.sheet)
        raw = _text(name, tuple(header), list(rows), ".", (), request)
    else:
        raw = _csv(name, path, request)
    beside = sorted(path.parent.glob("product_codes*.csv"))
    return [_with_names(raw, _product_table(beside[-1]) if beside and raw.format == "baci" else {})]


def _product_table(path: Path) -> dict[str, str]:
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if not {"code", "description"} <= set(table.columns):
        return {}
    return dict(zip(table["code"], table["description"], strict=True))


def _with_names(raw: Raw, names: Mapping[str, str]) -> Raw:
    return replace(raw, names={**raw.names, **names}, listed=frozenset(names)) if names else raw


def _csv(name: str, path: Path, request: Request) -> Raw:
    read = dialect.dialect(path, name, request.folder, request.decimal)
    if not read.path.stat().st_size > SMALL:
        return _text(name, read.header, list(dialect.rows(read)), read.decimal, read.repairs, request)
    layout = formats.recognise(read.header, name, request.columns)

    def lines() -> Iterator[tuple[int, Mapping[str, str]]]:
        return _cells(name, dialect.rows(read), read.header, layout)

    import duckdb

    try:
        relation = engine.embedded().read_csv(
            str(read.path), all_varchar=True, header=True, delimiter=read.delimiter, quotechar='"', escapechar='"',
            auto_detect=False, columns=dict.fromkeys(read.header, "VARCHAR"), strict_mode=True,
        )  # fmt: skip
        if layout.format == "comtrade":
            frame = relation.df()
            return of_comtrade(name, frame, layout, read.decimal, read.repairs, request, lines)
        staged = request.folder / f"{abs(hash(name))}.parquet"
        typed(relation, layout, read.decimal).write_parquet(str(staged), compression="snappy")
    except duckdb.Error:  # the slow way names every fault with its line, or reads what the engine would not
        return _text(name, read.header, list(dialect.rows(read)), read.decimal, read.repairs, request)
    rows = nw.from_native(engine.embedded().read_parquet(str(staged)))
    return made(name, rows, layout, read.decimal, read.repairs, lines)


def _cells(
    name: str, rows: Iterable[tuple[int, list[str]]], header: tuple[str, ...], layout: formats.Layout
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows as cells by field. Raises InputError with every row of another width at the end."""
    places = {field: header.index(heading) for field, heading in layout.columns.items()}
    wrong: list[tuple[int, list[str]]] = []
    for line, cells in rows:
        if len(cells) != len(header):
            wrong.append((line, cells))
            yield line, {"": f"{len(cells)} fields"}
            continue
        yield line, {field: cells[place] for field, place in places.items()}


def _text(
    name: str, header: tuple[str, ...], rows: list[tuple[int, list[str]]], decimal: str,
    repairs: tuple[str, ...], request: Request,
) -> Raw:  # fmt: skip
    """A small text table or a sheet."""
    layout = formats.recognise(header, name, request.columns)
    if not rows:
        raise InputError(Fault(name, None, None, "no data rows below the header", "at least one data row"))
    good = [cells for _, cells in rows if len(cells) == len(header)]
    frame = pd.DataFrame(good, columns=list(header), dtype=object)

    def lines() -> Iterator[tuple[int, Mapping[str, str]]]:
        return _cells(name, rows, header, layout)

    if len(good) < len(rows):
        from geoecon.flows.checks import raise_faults

        raise_faults(name, lines(), layout.format, decimal, {}, {}, {})
    if layout.format == "comtrade":
        return of_comtrade(name, frame, layout, decimal, repairs, request, lines)
    names = {}
    if "product_name" in layout.columns:
        names = dict(zip(frame[layout.columns["product"]], frame[layout.columns["product_name"]], strict=True))
    hs = ""
    if "hs_revision" in layout.columns:
        hs = comtrade.revisions(frame, {"classification": layout.columns["hs_revision"]}, name)
    relation = engine.embedded().from_arrow(_arrow(frame))
    raw = made(name, nw.from_native(typed(relation, layout, decimal)), layout, decimal, repairs, lines)
    return replace(raw, names=names, hs=raw.hs or hs)


def _arrow(frame: pd.DataFrame) -> Any:
    import pyarrow as pa

    text = [pa.array([None if c is None or c != c else str(c) for c in frame[column]], pa.string()) for column in frame]
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
        return Raw(name, nw.from_native(relation), "ours", meta={**json.loads(found[0][0]), "file": str(path)})
    return of_relation(name, relation, request)


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


def _comtrade_json(name: str, path: Path, request: Request) -> Raw:
    rows = pd.DataFrame(comtrade.records(path, name, limit=request.limit)).astype(object)
    text = rows.where(rows.notna(), None)
    layout = formats.recognise(tuple(map(str, text.columns)), name, request.columns)
    return of_comtrade(name, text, layout, ".", (), request, None)


def _frame(source: Any, request: Request) -> Raw:
    """A table that the user brings: pandas, Polars, Arrow, a DuckDB relation, or a Spark frame (stays on Spark)."""
    lazy = engine.lazy(source)
    kind = lazy.implementation
    name = f"{kind.name.lower().replace('pyspark', 'spark')} table"
    if kind.is_pyspark() or kind.is_pyspark_connect():
        layout = formats.recognise(tuple(lazy.collect_schema().names()), name, request.columns)
        if layout.format == "comtrade":
            return of_comtrade(name, engine.collect(lazy).astype(object), layout, ".", (), request, None)
        return made(name, _spark_typed(lazy, layout), layout, ".", (), None)
    if kind.is_duckdb():
        staged = request.folder / f"relation-{abs(id(source))}.parquet"
        nw.to_native(lazy).write_parquet(str(staged))
        relation = engine.embedded().read_parquet(str(staged))
    else:
        relation = engine.embedded().from_arrow(_brought(lazy))
    if not relation.count("*").fetchall()[0][0]:
        raise InputError(Fault(name, None, None, "no data rows", "at least one data row"))
    return of_relation(name, relation, request)


def _brought(lazy: Frame) -> Any:
    """The user's frame as Arrow; columns of mixed Python objects become text."""
    native = lazy.collect().to_native()
    if isinstance(native, pd.DataFrame):
        mixed = [c for c in native.columns if native[c].dtype == object]
        native = native.assign(
            **{c: native[c].map(lambda cell: None if cell is None or cell != cell else str(cell)) for c in mixed}
        )
    return nw.from_native(native, eager_only=True).to_arrow()


def _spark_typed(lazy: Frame, layout: formats.Layout) -> Frame:
    fields = ("t", "i", "j", "k", "v", "q") if layout.format == "baci" else Raw.fields
    scale = 1000.0 if layout.format == "baci" else 1.0
    text = {
        ours: nw.col(layout.columns[f]).cast(nw.String())
        for ours, f in zip(("period", "exporter", "importer", "product"), fields[:4], strict=True)
    }
    number = nw.col(layout.columns[fields[4]]).cast(nw.Float64()) * scale
    weight = (
        nw.col(layout.columns[fields[5]]).cast(nw.Float64())
        if fields[5] in layout.columns
        else nw.lit(None).cast(nw.Float64())
    )
    return lazy.select(*(e.alias(n) for n, e in text.items()), number.alias("value_usd"), weight.alias("tonnes"))
