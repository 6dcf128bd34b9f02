"""One opened table before its codes are resolved, and how the user wants it read."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.flows import comtrade, formats
from geoecon.flows.engine import embedded

Frame = Any
BACI_NAME = re.compile(r"BACI_(HS\d\d)_Y(\d{4})_V(\d{6}[a-z]?)", re.IGNORECASE)
Lines = Callable[[], Iterator[tuple[int, Mapping[str, str]]]]


@dataclass(frozen=True)
class Raw:
    """One opened table: text period, exporter, importer, product as written; value_usd and tonnes as numbers.

    A number that is not finite or below zero is NaN here, a period that is none is missing; `lines` finds them again.
    """

    name: str
    rows: Frame
    format: str
    hs: str = ""
    vintage: str = ""
    notes: tuple[str, ...] = ()
    lines: Lines | None = None
    decimal: str = "."
    fields: tuple[str, ...] = ("period", "exporter", "importer", "product", "value_usd", "tonnes")
    reported: pd.DataFrame | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    listed: frozenset[str] | None = None  # codes of a product table that came along
    meta: Mapping[str, Any] | None = None  # a file of ours describes itself
    concept: str = "as in the source"
    plain: Any = None  # the same six columns without any conversion, where the file's own types allow it


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
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="geoecon-")))


def _identity(name: str) -> tuple[str, str]:
    """HS revision and vintage as a BACI file name says them; empty where it does not."""
    found = BACI_NAME.search(name)
    if found:
        return found[1].upper(), found[3]
    loose = re.search(r"HS(\d\d)(?!\d)", name, re.IGNORECASE)
    return (f"HS{loose[1]}" if loose and "baci" in name.lower() else "", "")


def made(
    name: str, rows: Frame, layout: formats.Layout, decimal: str, notes: Iterable[str], lines: Lines | None
) -> Raw:
    hs, vintage = _identity(name)
    names = ("t", "i", "j", "k", "v", "q") if layout.format == "baci" else Raw.fields
    return Raw(name, rows, layout.format, hs, vintage, (*notes, *layout.renamed), lines, decimal, names)


def typed(relation: Any, layout: formats.Layout, decimal: str) -> Any:
    """A DuckDB relation projected to our six columns; numbers checked in the same expression."""
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    fields = ("t", "i", "j", "k", "v", "q") if layout.format == "baci" else Raw.fields
    place = [quoted(layout.columns[f]) if f in layout.columns else None for f in fields]
    period, exporter, importer, product, value, tonnes = place
    thousand = " * 1000" if layout.format == "baci" else ""
    whole = layout.format == "baci" and "VARCHAR" not in kinds[layout.columns["k"]]
    code = f"lpad({product}::VARCHAR, 6, '0')" if whole else f"trim({product}::VARCHAR)"
    sides = [
        f"trim({c}::VARCHAR)"
        if "INT" in kinds[layout.columns[f]]
        else rf"regexp_replace(trim({c}::VARCHAR), '^([0-9]+)\.0$', '\1')"
        for c, f in ((exporter, fields[1]), (importer, fields[2]))
    ]
    return relation.project(
        f"{formats.period_sql(f'{period}::VARCHAR')} AS period, {sides[0]} AS exporter, "
        f"{sides[1]} AS importer, {code} AS product, "
        f"({_number(value, layout.columns[fields[4]], kinds, decimal)}){thousand} AS value_usd, "
        + (f"({_number(tonnes, layout.columns[fields[5]], kinds, decimal)})" if tonnes else "NULL::DOUBLE")
        + " AS tonnes"
    )


def _number(column: str | None, heading: str, kinds: Mapping[str, str], decimal: str) -> str:
    if "VARCHAR" in kinds[heading]:
        return formats.number_sql(str(column), decimal)
    return f"CASE WHEN {column} < 0 OR isinf({column}::DOUBLE) THEN 'NaN'::DOUBLE ELSE {column}::DOUBLE END"


def quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def of_relation(name: str, relation: Any, request: Request) -> Raw:
    layout = formats.recognise(tuple(relation.columns), name, request.columns)
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    if layout.format == "comtrade":
        return of_comtrade(name, relation.df(), layout, ".", (), request, None)
    notes = []
    if layout.format == "baci" and "VARCHAR" not in kinds[layout.columns["k"]]:
        notes.append("product codes stored as numbers: written with six digits, as BACI codes always have")
    columns = relation.columns

    def lines() -> Iterator[tuple[int, Mapping[str, str]]]:
        text = relation.project(", ".join(f"{quoted(c)}::VARCHAR AS {quoted(c)}" for c in columns))
        number = 1
        for batch in text.to_arrow_reader(100_000):
            for cells in batch.to_pylist():
                number += 1
                yield number, {field: cells[heading] or "" for field, heading in layout.columns.items()}

    found = made(name, nw.from_native(typed(relation, layout, ".")), layout, ".", notes, lines)
    return replace(found, plain=_plain(relation, layout, kinds))


def _plain(relation: Any, layout: formats.Layout, kinds: Mapping[str, str]) -> Any:
    """The six columns in the file's own codes and unit; None where a number is text or a column lacks."""
    fields = ("t", "i", "j", "k", "v", "q") if layout.format == "baci" else Raw.fields
    if any(f not in layout.columns for f in fields) or "VARCHAR" not in kinds[layout.columns[fields[3]]]:
        return None
    if any("VARCHAR" in kinds[layout.columns[f]] for f in fields[4:]):
        return None
    names = [quoted(layout.columns[f]) for f in fields]
    return relation.project(", ".join(f"{n} AS {ours}" for n, ours in zip(names, Raw.fields, strict=True)))


def of_comtrade(
    name: str, frame: pd.DataFrame, layout: formats.Layout, decimal: str, repairs: Iterable[str], request: Request,
    lines: Lines | None,
) -> Raw:  # fmt: skip
    """Comtrade records as rows by the report that was asked for."""
    from geoecon.flows.checks import comtrade_table

    if layout.format != "comtrade":
        raise InputError(Fault(name, None, None, f"{layout.format} columns", "Comtrade columns such as reporterCode"))
    if request.limit is not None and len(frame) >= request.limit:
        comtrade.checked({"data": frame.to_dict("records")}, name, limit=request.limit)
    found, notes = comtrade_table(frame, layout, name, decimal)
    if request.limit is None and len(frame) in comtrade.LIMITS:
        notes.append(f"exactly {len(frame):,} records, a record limit of the service: the answer may be incomplete")
    told = comtrade.reported(found)
    notes += comtrade.gaps(told)
    rows = comtrade.flows(found, request.report, request.exports)
    gaps = comtrade.unallocated(found)
    for row in gaps[gaps["difference"].abs() > 0.5].to_dict("records"):
        notes.append(
            f"{row['product']}, {row['reporter']} {row['period']} {row['flow']}: {row['difference']:,.0f} USD of the "
            f"World row is unallocated ({row['difference'] / row['world']:.2%}); shares are of the allocated"
        )
    fields = ["period", "exporter", "importer", "product", "value_usd", "tonnes", "reported_by"]
    hs = comtrade.revisions(frame, layout.columns, name)
    fob = f"exporter reports (FOB, {request.exports} exports)"
    concept = {"importer": "importer reports (CIF)", "exporter": fob, "mirror": f"importer reports (CIF), else {fob}"}
    lazy = nw.from_native(embedded().from_arrow(_with_types(rows[fields])))
    return Raw(
        name,
        lazy,
        "comtrade",
        hs,
        "",
        (*repairs, *notes),
        lines,
        decimal,
        reported=told,
        concept=concept[request.report],
    )


def _with_types(rows: pd.DataFrame) -> Any:
    import pyarrow as pa

    kinds = {"value_usd": pa.float64(), "tonnes": pa.float64()}
    names = [str(column) for column in rows]
    return pa.table({c: pa.array(rows[c], kinds.get(c, pa.string()), from_pandas=True) for c in names})
