"""Tables in memory and in data bases as flows: pandas, Polars, Arrow, DuckDB relations; Spark frames stay on Spark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.flows import engine, layouts, sheets, text, values, wide
from geoecon.flows.headings import apart, harmless
from geoecon.flows.layouts import Layout, constant
from geoecon.flows.meaning import listed
from geoecon.flows.raw import Raw, Request, Written, cells_of, quoted
from geoecon.flows.typed import raw_of
from geoecon.tables import given

if TYPE_CHECKING:
    import pyarrow as pa
    from narwhals.typing import IntoFrame

    from geoecon.kinds import Cell, Frame, Relation


def of_relation(name: str, relation: Relation, request: Request) -> Raw:
    """A DuckDB relation with the types of its source."""
    header = tuple(relation.columns)
    long = wide.shape(header, request.columns, request.frequency)
    layout = layouts.recognise(header if long is None else long.header, name, request.columns, header)
    relation, rows, left = text.counted(relation, _rows(relation, header), layout)
    if long is not None:
        left = tuple((why, wide.narrowed(part, long)) for why, part in left)
        relation, rows, header = wide.narrowed(relation, long), wide.lines(rows, header, long), long.header
    relation = _plain(relation)
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    notes = [] if long is None else long.words()
    if layout.baci and "VARCHAR" not in kinds[layout.columns["product"]]:
        notes.append("product codes stored as numbers: written with six digits, as BACI codes always have")

    def lines() -> Iterator[tuple[int, Mapping[str, str]]]:
        return cells_of(rows(), header, layout)

    each = 1 if long is None else long.each
    return raw_of(Written(name, relation, layout, lines, tuple(notes), each=each, left=left), request)


def _rows(relation: Relation, columns: Sequence[str]) -> Callable[[], Iterator[tuple[int, list[Any]]]]:
    """The rows as text with their lines, the header being line 1."""

    def rows() -> Iterator[tuple[int, list[Any]]]:
        text = relation.project(", ".join(f"{quoted(c)}::VARCHAR AS {quoted(c)}" for c in columns))
        batches = text.to_arrow_reader(100_000)
        whole = (row for batch in batches for row in batch.to_pylist())
        yield from ((line, list(row.values())) for line, row in enumerate(whole, 2))

    return rows


def of_frame(source: IntoFrame, request: Request) -> Raw:
    """A table that the user brings: pandas, Polars, Arrow, a DuckDB relation, or a Spark frame (stays on Spark)."""
    source = _whole(source) if type(source).__module__.partition(".")[0] == "pyarrow" else source
    if isinstance(source, pd.DataFrame):
        named = [" ".join(str(part) for part in column if str(part)) if isinstance(column, tuple) else str(column)
                 for column in source.columns]  # fmt: skip
        source = source.set_axis(list(apart(named)), axis=1)
        layouts.once([str(column) for column in source.columns], "pandas table")
    lazy = engine.lazy(source)
    kind = lazy.implementation
    name = f"{kind.name.lower().replace('pyspark', 'spark')} table"
    if not lazy.collect_schema().names():
        raise InputError(Fault(name, None, None, "no columns", "a header row and at least one data row"))
    layouts.once([str(column) for column in lazy.collect_schema().names()], name)
    if kind.is_pyspark() or kind.is_pyspark_connect():
        return _spark(lazy, name, request)
    if kind.is_duckdb():
        staged = request.folder / f"relation-{len(list(request.folder.iterdir()))}.parquet"
        nw.to_native(lazy).write_parquet(str(staged))
        relation = engine.embedded().read_parquet(str(staged))
    else:
        relation = engine.embedded().from_arrow(_brought(lazy))
    if not relation.count("*").fetchall()[0][0]:
        raise InputError(Fault(name, None, None, "no data rows", "at least one data row"))
    return of_relation(name, relation, request)


def _brought(lazy: Frame) -> pa.Table:
    """The user's frame as Arrow; columns of mixed Python objects become text, dictionaries of words plain text."""
    import pyarrow as pa

    native = lazy.collect().to_native()
    if isinstance(native, pd.DataFrame):
        native = native.rename(columns=str)
        spans = [c for c in native.columns if isinstance(native[c].dtype, pd.PeriodDtype)]
        native = native.assign(**{c: native[c].astype(str) for c in spans})
        thin = [c for c in native.columns if isinstance(native[c].dtype, pd.SparseDtype)]
        native = native.assign(**{c: np.asarray(native[c]) for c in thin})
        mixed = [c for c in native.columns if native[c].dtype == object]
        native = native.assign(**{c: native[c].map(_object) for c in mixed})
    try:
        table = nw.from_native(native, eager_only=True).to_arrow()
    except pa.ArrowException as error:
        raise InputError(Fault("table", None, None, f"a column of no kind that a table has ({error})", "numbers, text, "
                               "dates")) from None  # fmt: skip
    return _known(table)


def _known(table: pa.Table) -> pa.Table:
    """The table in kinds that the engine knows."""
    import pyarrow as pa

    return table.cast(pa.schema([field.with_type(_kind(field.type)) for field in table.schema]))


def _kind(kind: pa.DataType) -> pa.DataType:
    """The type for a column of Arrow: those that the engine does not know, and dictionaries, as a plainer one."""
    from pyarrow import float64, string, types

    if types.is_float16(kind):
        return float64()
    return string() if types.is_dictionary(kind) or types.is_null(kind) or types.is_decimal256(kind) else kind


def _plain(relation: Relation) -> Relation:
    """The relation with its columns of lists, records, stretches of time and the like as text: none is a number."""
    odd = [quoted(c) for c, kind in zip(relation.columns, map(str, relation.types), strict=True)
           if not PLAIN.match(kind) or kind.endswith("]")]  # fmt: skip
    return relation.project(f"* REPLACE ({', '.join(f'{c}::VARCHAR AS {c}' for c in odd)})") if odd else relation


PLAIN = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT\b|INTEGER|UINTEGER|FLOAT|DOUBLE|DECIMAL|VARCHAR|BOOLEAN|DATE|TIMESTAMP"
                   r"|ENUM")  # fmt: skip


def _whole(source: IntoFrame) -> IntoFrame:
    """A table of Arrow, of a batch or a reader too. Raises InputError for headings that stand twice."""
    import pyarrow as pa

    if not isinstance(source, pa.Table | pa.RecordBatch | pa.RecordBatchReader):
        return source
    table = source if isinstance(source, pa.Table) else pa.table(source)
    layouts.once(table.column_names, "pyarrow table")
    known: IntoFrame = _known(table)
    return known


def _object(cell: Cell) -> str | None:
    if not given(cell):
        return None
    return sheets.number(float(cell)) if isinstance(cell, float) else str(cell)


def _spark(lazy: Frame, name: str, request: Request) -> Raw:
    """A Spark frame; one with columns that change what a row means is too much for it and stops."""
    layout = layouts.recognise(tuple(lazy.collect_schema().names()), name, request.columns)
    if layout.shape == "reports":
        table = engine.collect(lazy)
        return of_frame(table, request)
    for role, heading in layout.roles:
        found = _different(lazy, heading)
        if len(found) > 1 or role in ("unit", "indicator", "flow"):
            told = f"column {heading} changes what a row means"
            raise InputError(f"{name}: {told}; allowed: rows chosen and the column left out before, or a file instead")
    notes = _judged(lazy, layout, name, request)
    scale = layout.value.factor if layout.value is not None else 1.0
    text = {f: _cell(layout.columns[f]).cast(nw.String()) for f in ("period", "exporter", "importer", "product")}
    number = nw.col(layout.columns["value_usd"]).cast(nw.Float64()) * scale
    weight = nw.col(layout.columns["tonnes"]) if "tonnes" in layout.columns else nw.lit(None)
    rows = lazy.select(
        *(e.alias(n) for n, e in text.items()), number.alias("value_usd"), weight.cast(nw.Float64()).alias("tonnes")
    )
    return Raw(name, rows, layout, notes=(*layout.words(), *notes))


def _cell(heading: str) -> nw.Expr:
    return nw.lit(heading[1:]) if constant(heading) else nw.col(heading)


def _different(lazy: Frame, heading: str) -> list[str]:
    """Up to 25 different values of a column."""
    cells = engine.collect(lazy.select(nw.col(heading).cast(nw.String()).alias("cell")).unique().head(25))["cell"]
    return sorted(str(cell) for cell in cells.dropna())


def _judged(lazy: Frame, layout: Layout, name: str, request: Request) -> list[str]:
    """What to say of the columns that no heading explains. Raises InputError where their values tell rows apart: the
    rows stay where they are, so that nothing but the six columns is read."""
    ignored = {heading.strip().casefold() for heading in request.ignore}
    notes: list[str] = []
    for heading in layout.unread if layout.name == "tidy" else ():
        if heading.strip().casefold() in ignored or harmless(heading):
            continue
        found = _different(lazy, heading)
        if len(found) > 1 and (values.role_of(heading, found) or (len(found) <= values.FEW and not _coded(found))):
            told = f"column {heading} has the values {listed(found)}: it may change what a row means"
            raise InputError(f"{name}: {told}; allowed: rows chosen and the column left out before, "
                             f"ignore=[{heading!r}] if it changes nothing, or a file instead")  # fmt: skip
        notes += [f"column {heading} is not read: {listed(found)}"] if len(found) <= values.FEW else []
    return notes


def _coded(found: Sequence[str]) -> bool:
    return any(character.isdigit() for value in found for character in value)
