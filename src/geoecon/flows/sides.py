"""A table of exporters and importers, its cells read: one direction of trade alone, each flow once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from geoecon.errors import InputError
from geoecon.flows import splits
from geoecon.flows.layouts import SPLITS, Layout
from geoecon.flows.meaning import DIRECTIONS
from geoecon.flows.raw import COLUMNS, Request, lazy

if TYPE_CHECKING:
    from geoecon.kinds import Relation


KEYS = ("period", "exporter", "importer", "product")


def once(
    rows: Relation, layout: Layout, request: Request, name: str
) -> tuple[Any, list[str], tuple[tuple[str, Any], ...]]:  # fmt: skip
    """The six columns of a table of exporters and importers: imports alone, each flow once."""
    notes: list[str] = []
    aside: list[tuple[str, Any]] = []
    if layout.role("flow") or layout.role("indicator"):
        whole = rows
        rows, notes = _one_way(rows, layout, request, name)
        if notes:
            kept = "X" if request.report == "exporter" else "M"
            aside.append(("another direction of trade", lazy(whole.filter(f"flow <> '{kept}'"))))
    parted = {c: str(layout.role(c)) for c in SPLITS if c in rows.columns}
    if parted:
        frame = rows.df()
        once, told = splits.whole(frame, KEYS, parted, name, known=layout.name != "tidy")
        repeats = frame[~frame.index.isin(once.attrs.get("kept", frame.index))]
        if len(repeats):
            aside.append(("a part of a total", lazy(_relation(repeats[list(COLUMNS)]))))
        rows, notes = _relation(once[list(COLUMNS)]), [*notes, *told]
    return rows.project(", ".join(COLUMNS)), notes, tuple(aside)


def _one_way(rows: Relation, layout: Layout, request: Request, name: str) -> tuple[Any, list[str]]:
    """The imports of a table that has a column for the flow. Raises InputError where that says exports alone."""
    found = {flow: (n, usd) for flow, n, usd in rows.aggregate(
        "flow, count(*) AS n, coalesce(sum(value_usd), 0) AS usd", "flow").fetchall()}  # fmt: skip
    heading = layout.role("flow") or layout.role("indicator")
    kept = "X" if request.report == "exporter" else "M"
    if set(found) <= {"", "M"} and kept == "M":
        return rows, []
    if kept not in found:
        told = " and ".join(DIRECTIONS.get(flow, "rows without a flow") for flow in sorted(found))
        raise InputError(
            f"{name}: column {heading} says {told}, and the headings exporter and importer: who sold is not told; "
            "allowed: report='exporter' (--report exporter) if the columns are right as headed, or "
            "columns={'reporter': "
            f"{layout.side('importer')!r}, 'partner': {layout.side('exporter')!r}}} if one side only reports"
        )
    notes = []
    for flow, (count, usd) in sorted(found.items()):
        if flow == kept:
            continue
        what = DIRECTIONS.get(flow, "no flow")
        part = ", part of the imports" if flow == "RM" else ", part of the exports" if flow == "RX" else ""
        notes.append(f"column {heading}: {count:,} rows of {what}{part}, {usd:,.0f} USD, set aside")
    return rows.filter(f"flow = '{kept}'"), notes


def _relation(frame: pd.DataFrame) -> Relation:
    from geoecon.flows.comtrade import arrow
    from geoecon.flows.engine import embedded

    return embedded().from_arrow(arrow(frame))
