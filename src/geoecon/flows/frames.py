"""Tables in memory and in data bases as flows: pandas, Polars, Arrow, DuckDB relations; Spark frames stay on Spark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.flows import engine, layouts, sheets
from geoecon.flows.decimals import LINE
from geoecon.flows.layouts import Layout
from geoecon.flows.raw import Lines, Raw, Request, Written, cells_of, quoted
from geoecon.flows.typed import raw_of

Frame = Any


def of_relation(name: str, relation: Any, request: Request) -> Raw:
    """A DuckDB relation with the types of its source."""
    layout = layouts.recognise(tuple(c for c in relation.columns if c != LINE), name, request.columns)
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    notes = []
    if layout.baci and "VARCHAR" not in kinds[layout.columns["product"]]:
        notes.append("product codes stored as numbers: written with six digits, as BACI codes always have")
    columns = [c for c in relation.columns if c != LINE]
    return raw_of(Written(name, relation, layout, _lines(relation, columns, layout), tuple(notes)), request)


def _lines(relation: Any, columns: Sequence[str], layout: Layout) -> Lines:
    def lines() -> Iterator[tuple[int, Mapping[str, str]]]:
        text = relation.project(", ".join(f"{quoted(c)}::VARCHAR AS {quoted(c)}" for c in columns))
        number = 1
        for batch in text.to_arrow_reader(100_000):
            rows = [(number + k, list(row.values())) for k, row in enumerate(batch.to_pylist(), 1)]
            number += len(rows)
            yield from cells_of(rows, columns, layout)

    return lines


def of_frame(source: Any, request: Request) -> Raw:
    """A table that the user brings: pandas, Polars, Arrow, a DuckDB relation, or a Spark frame (stays on Spark)."""
    lazy = engine.lazy(source)
    kind = lazy.implementation
    name = f"{kind.name.lower().replace('pyspark', 'spark')} table"
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


def _brought(lazy: Frame) -> Any:
    """The user's frame as Arrow; columns of mixed Python objects become text, dictionaries of words plain text."""
    import pyarrow as pa

    native = lazy.collect().to_native()
    if isinstance(native, pd.DataFrame):
        mixed = [c for c in native.columns if native[c].dtype == object]
        native = native.assign(**{c: native[c].map(_object) for c in mixed})
    table = nw.from_native(native, eager_only=True).to_arrow()
    kinds = [f.with_type(pa.string()) if pa.types.is_dictionary(f.type) or pa.types.is_null(f.type) else f
             for f in table.schema]  # fmt: skip
    table = table.cast(pa.schema(kinds))
    return table.append_column(LINE, pa.array(range(2, len(table) + 2)))


def _object(cell: Any) -> str | None:
    if cell is None or cell != cell:
        return None
    return sheets.number(float(cell)) if isinstance(cell, float) else str(cell)


def _spark(lazy: Frame, name: str, request: Request) -> Raw:
    """A Spark frame; one with columns that change what a row means is too much for it and stops."""
    layout = layouts.recognise(tuple(lazy.collect_schema().names()), name, request.columns)
    if layout.shape == "reports":
        table = engine.collect(lazy)
        return of_frame(table, request)
    for role, heading in layout.roles:
        values = engine.collect(lazy.select(nw.col(heading).cast(nw.String())).unique().head(3))[heading]
        if len(values) > 1 or role in ("unit", "indicator", "flow"):
            told = f"column {heading} changes what a row means"
            raise InputError(f"{name}: {told}; allowed: rows chosen and the column left out before, or a file instead")
    scale = layout.value.factor if layout.value is not None else 1.0
    text = {f: nw.col(layout.columns[f]).cast(nw.String()) for f in ("period", "exporter", "importer", "product")}
    number = nw.col(layout.columns["value_usd"]).cast(nw.Float64()) * scale
    weight = nw.col(layout.columns["tonnes"]) if "tonnes" in layout.columns else nw.lit(None)
    rows = lazy.select(
        *(e.alias(n) for n, e in text.items()), number.alias("value_usd"), weight.cast(nw.Float64()).alias("tonnes")
    )
    return Raw(name, rows, layout, notes=layout.words())
