"""Verbs about data that belong to no case, and about what was written."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

import geoecon as ge
from geoecon.cli.options import (
    AS_IT_IS,
    Json,
    Reading,
    TableWords,
    Words,
    a_day,
    idle,
    pairs,
    shares,
    table_reading,
    writes_file,
)
from geoecon.cli.words import once_noted, show
from geoecon.errors import InputError


def shortage_clock(
    bill: Annotated[Path, Parameter(help="CSV, Excel, Parquet or JSON: part, stock, use per day, supplier, lead time")],
    *,
    start: Annotated[str | None, Parameter(help="the day on which suppliers stop, YYYY-MM-DD; default today")] = None,
    stopped: Annotated[Words, Parameter(help="supplier=share that still comes; repeat it")] = None,
    columns: Annotated[Words, Parameter(negative="", help="our name=its heading, A + B, or none; repeat it")] = None,
    decimal: Annotated[str | None, Parameter(help="the decimal sign: . or , or ., (commas between thousands)")] = None,
    encoding: Annotated[str | None, Parameter(help="of a text file, such as cp932")] = None,
    sheet: Annotated[str | None, Parameter(help="of a workbook")] = None,
    aside: Annotated[Path | None, writes_file("CSV for rows left out, each with the reason")] = None,
    json: Json = False,
) -> None:
    """The first day without each part of a bill of materials, with a band."""
    day = a_day("--start", start) if start else date.today()
    if not start:
        print(f"geoecon: note: --start not given: suppliers stop today, {day}", file=sys.stderr)
    headings = pairs("--columns", columns)
    how: dict[str, Any] = {
        "columns": headings,
        "decimal": decimal,
        "encoding": encoding,
        "sheet": sheet,
        "aside": aside,
    }
    show(ge.shortage_clock(bill, start=day, stopped=shares("--stopped", stopped), **how), json)


def alliance(
    patron: str,
    first: str,
    second: str,
    *,
    since: Annotated[int, Parameter(name="--from", help="first year")] = 1950,
    json: Json = False,
) -> None:
    """How unequal a triangle of a patron and two allies is, year by year."""
    show(ge.alliance(patron, first, second, since=since), json)


def scan(
    flows: Annotated[str, Parameter(help="a file of trade flows, or `sample` for the bundled raw materials")],
    *,
    importer: str | None = None,
    exporter: str | None = None,
    preset: Annotated[Words, Parameter(help="ec2021, geodep, pc2021, crm2023 or merics; repeat it")] = None,
    top: int | None = 20,
    period: str | None = None,
    bloc: str | None = None,
    production: Annotated[Path | None, Parameter(help="CSV: country, product, production, recycling")] = None,
    stocks: Annotated[Path | None, Parameter(help="CSV: country, product, days")] = None,
    table: Annotated[Path | None, Parameter(help="an input-output table, for reliance through suppliers")] = None,
    concordance: Annotated[Path | None, Parameter(help="CSV: product or its beginning, sector of the table")] = None,
    engine: Annotated[str | None, Parameter(help="spark://… to compute on a cluster")] = None,
    year: Annotated[int | None, Parameter(help="of the input-output table, where a file holds several")] = None,
    table_as: TableWords = None,
    out: Annotated[Path | None, writes_file("write every row to this CSV, JSON or Parquet file")] = None,
    reading: Reading = AS_IT_IS,
    json: Json = False,
) -> None:
    """What a country cannot replace: all indicators for every supplier and product, ranked by what a cut-off costs."""
    given = reading.beside(flows, "a file of trade flows in place of sample")
    names = tuple(preset or ["ec2021"])
    brought: dict[str, Any] = {"production": production, "stocks": stocks, "concordance": concordance}
    options = table_reading(table_as)
    if year is not None and table is None:
        raise InputError("--year without --table; allowed: the year of an input-output table (--period for flows)")
    if year is not None and "year" in options:
        raise InputError(f"--year {year} and --table-as year={options['year']}; allowed: one of them")
    without = {"concordance": concordance is not None, "table-as": bool(options)}
    idle("without --table", **{name: given and table is None for name, given in without.items()})
    options |= {"year": year} if year is not None else {}
    brought["table"] = ge.read_table(table, **options) if table else None
    with once_noted():
        source = reading.of(flows) if "table" in given else flows  # two tables are called table
        found = ge.scan(
            source, importer, exporter, preset=names, top=top, period=period, bloc=bloc, out=out, on=engine, **brought,
            **({} if "table" in given else given),
        )  # fmt: skip
    show(found, json)


def leverage(
    flows: str, one: str, other: str, *, period: str | None = None, reading: Reading = AS_IT_IS, json: Json = False
) -> None:
    """Who could hurt whom more, product by product and in all."""
    given = reading.beside(flows, "a file of trade flows in place of sample")
    with once_noted():
        found = ge.leverage(flows, one, other, period=period, **given)
    show(found, json)


def reliance(
    table: Annotated[Path, Parameter(help="an input-output table: OECD, WIOD, EXIOBASE, Eora, FIGARO or tidy")],
    *,
    user: str,
    supplier: str,
    sector: Annotated[str | None, Parameter(help="the supplier's sector; all if not given")] = None,
    year: Annotated[int | None, Parameter(help="where a file or folder holds several years")] = None,
    kind: Annotated[str | None, Parameter(help="the layout, where the file does not tell it")] = None,
    sheet: Annotated[str | None, Parameter(help="one of a workbook with several tables")] = None,
    encoding: Annotated[str | None, Parameter(help="of a text that does not tell it, such as cp932")] = None,
    decimal: Annotated[str | None, Parameter(help="., or , or both (.,): where the numbers do not tell it")] = None,
    unit: Annotated[str | None, Parameter(help="of its values, where the table does not say it: 'million EUR'")] = None,
    json: Json = False,
) -> None:
    """How far a country's output leans on a supplier, at face value and through all its suppliers."""
    said: dict[str, Any] = {"unit": unit} if unit is not None else {}
    read = ge.read_table(table, kind, sheet, encoding, decimal, year=year, **said)
    show(ge.reliance(read, user, supplier, sector), json)


def convert(
    source: Path, out: Annotated[Path, writes_file("a CSV or Parquet file")], *, reading: Reading = AS_IT_IS
) -> None:
    """Any readable trade file as one tidy CSV or Parquet file."""
    ge.convert(source, out, **reading.beside(source, "a file in place of sample"))
    print(f"Written: {out}")


def fetch(
    name: Annotated[str, Parameter(help="baci, comtrade or icio")],
    *,
    into: Path = Path(),
    choice: Annotated[Words, Parameter(help="baci: hs=HS17, vintage=202501; icio: edition=…; repeat it")] = None,
    query: Annotated[Words, Parameter(help="comtrade: reporterCode=410 and so on; repeat it")] = None,
    base: Annotated[str | None, Parameter(help="another server with the same files")] = None,
) -> None:
    """Downloads public trade data, after saying what, from whom and under which licence."""
    choices = pairs("--choice", choice)
    print(f"Written: {ge.fetch(name, into, base=base, query=pairs('--query', query), **choices)}")


def diff(a: Path, b: Path, *, json: Json = False) -> None:
    """What changed between two assessments, and why."""
    show(ge.diff(a, b), json)


def serve(
    *case: Path,
    port: int = 8765,
    open: Annotated[bool, Parameter(negative="")] = False,
    regimes: Annotated[
        list[Path] | None,
        Parameter(negative="", help="a folder of regime tables of your own for the licence desk; repeat it"),
    ] = None,
) -> None:
    """The local web application, on this machine alone."""
    if regimes:
        from geoecon.law import serve_regimes

        serve_regimes(regimes)
    ge.serve(*case, port=port, opens=open)
