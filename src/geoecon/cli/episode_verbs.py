"""Verbs about the record of cut-offs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

import geoecon as ge
from geoecon.cli.options import AS_IT_IS, Json, Reading, idle, writes_file
from geoecon.cli.words import show, terminal


def precedents(
    product: Annotated[str, Parameter(help="HS code of 6 digits")],
    *,
    supplier: Annotated[str | None, Parameter(help="who cuts off, ISO alpha-3")] = None,
    importer: Annotated[str | None, Parameter(help="who is cut off, ISO alpha-3")] = None,
    cut: Annotated[float | None, Parameter(help="fall of its deliveries, above 0 to 1; left out: all of it")] = None,
    share: Annotated[float | None, Parameter(help="its share of the imports before; left out: from the trade")] = None,
    known_by: Annotated[str | None, Parameter(help="day of the question, YYYY-MM-DD")] = None,
    k: Annotated[int, Parameter(help="how many cut-offs are compared")] = 200,
    episodes: Annotated[Path | None, Parameter(help="a record of your own, made by cut-offs")] = None,
    flows: Annotated[str | None, Parameter(help="a file of trade flows to read the share from")] = None,
    reading: Reading = AS_IT_IS,
    json: Json = False,
) -> None:
    """What followed the most similar of thousands of real cut-offs, with bands that were tested."""
    idle("beside --share, which is read from them", flows=flows is not None and share is not None)
    own = reading.of(flows)
    show(ge.precedents(product, supplier, importer, cut, known_by, k, share=share, episodes=episodes, flows=own), json)


def cut_offs(
    flows: Annotated[str, Parameter(help="a file or folder of yearly trade with tonnes, or `sample`")],
    *,
    out: Annotated[Path, writes_file("the record, a Parquet file")],
    smallest: Annotated[float, Parameter(help="flow in USD a year from which one counts")] = 2e6,
    engine: Annotated[str | None, Parameter(help="spark://… to compute on a cluster")] = None,
    reading: Reading = AS_IT_IS,
) -> None:
    """Finds every clean cut-off in a table of trade, for `precedents --episodes`."""
    record = ge.cut_offs(reading.of(flows), out=out, on=engine, smallest=smallest)
    deep = int((record.table["kind"] != "no cut-off").sum())
    print(f"{deep} cut-offs of {record.table['product'].nunique()} products written: {out}")
    for note in record.notes:
        print(terminal(f"Note: {note}"))


def record(
    forecast: Annotated[Path | None, Parameter(help="an assessment, or what a verb printed with --json")] = None,
    *,
    name: Annotated[str | None, Parameter(help="what to call it")] = None,
    outcomes: Annotated[Path | None, Parameter(help="CSV: forecast, figure, date, value, source")] = None,
    book: Annotated[Path | None, Parameter(help="another book than your own")] = None,
    json: Json = False,
) -> None:
    """Keeps a forecast with its date and inputs, or what came, in a book that nobody can better afterwards."""
    idle("without a forecast", name=name is not None and forecast is None)
    kept = ge.record(forecast, name=name, outcomes=outcomes, book=book)
    show(kept, json)
    if not json:
        print(f"Written: {kept.path}")
