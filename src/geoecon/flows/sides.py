"""A table of exporters and importers, its cells read: one direction of trade alone, each flow once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from geoecon.errors import InputError
from geoecon.flows import splits
from geoecon.flows.layouts import SPLITS, Layout
from geoecon.flows.meaning import DIRECTIONS, PART
from geoecon.flows.raw import COLUMNS, Request, lazy

if TYPE_CHECKING:
    from geoecon.kinds import Relation


KEYS = ("period", "exporter", "importer", "product")


def once(
    rows: Relation, layout: Layout, request: Request, name: str
) -> tuple[Any, list[str], tuple[tuple[str, Any], ...], int]:  # fmt: skip
    """The six columns of a table of exporters and importers: imports alone, each flow once; notes, rows set aside with
    why, and how many were put together with others.
    """
    notes: list[str] = []
    joined = 0
    aside: list[tuple[str, Any]] = []
    if layout.role("flow") or layout.role("indicator"):
        whole = rows
        rows, others = _one_way(rows, layout, request, name)
        aside += [(why, lazy(whole.filter(f"flow = '{flow}'"))) for flow, why in others.items()]
    parted = {c: str(layout.role(c)) for c in SPLITS if c in rows.columns}
    if parted:
        frame = rows.df()
        once, told = splits.whole(frame, KEYS, parted, name, known=layout.name != "tidy")
        kept = once.attrs.get("kept", frame.index)
        repeats, joined = frame[~frame.index.isin(kept)], len(kept) - len(once)
        if len(repeats):
            aside.append(("a part of a total", lazy(_relation(repeats[list(COLUMNS)]))))
        rows, notes = _relation(once[list(COLUMNS)]), [*notes, *told]
    return rows.project(", ".join(COLUMNS)), notes, tuple(aside), joined


def _one_way(rows: Relation, layout: Layout, request: Request, name: str) -> tuple[Any, dict[str, str]]:
    """The imports of a table that has a column for the flow; every other flow and why it does not count.

    Raises InputError where that says exports alone.
    """
    found = {flow for (flow,) in rows.project("flow").distinct().fetchall()}
    heading = layout.role("flow") or layout.role("indicator")
    kept = "X" if request.report == "exporter" else "M"
    if found <= {"", "M"} and kept == "M":
        return rows, {}
    if kept not in found:
        told = " and ".join(DIRECTIONS.get(flow, "rows without a flow") for flow in sorted(found))
        raise InputError(
            f"{name}: column {heading} says {told}, and the headings exporter and importer: who sold is not told; "
            "allowed: report='exporter' (--report exporter) if the columns are right as headed, or "
            "columns={'reporter': "
            f"{layout.side('importer')!r}, 'partner': {layout.side('exporter')!r}}} if one side only reports"
        )
    others = {flow: f"column {heading} says {DIRECTIONS.get(flow, 'no flow')}{PART.get(flow, '')}"
              for flow in sorted(found - {kept})}  # fmt: skip
    return rows.filter(f"flow = '{kept}'"), others


def _relation(frame: pd.DataFrame) -> Relation:
    from geoecon.flows.comtrade import arrow
    from geoecon.flows.engine import embedded

    return embedded().from_arrow(arrow(frame))
