"""dependence: how much one importer depends on one supplier, or on all of its suppliers, product by product."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeGuard

import pandas as pd

from geoecon import countries
from geoecon.errors import InputError
from geoecon.flows import read_flows
from geoecon.indicators import panel as panels
from geoecon.indicators.complete import EMPTY
from geoecon.indicators.dependence import Dependence, closed_border, notes_of
from geoecon.indicators.measure import Options
from geoecon.indicators.of_panel import measured
from geoecon.indicators.scan import scan

if TYPE_CHECKING:
    from typing import Unpack

    from geoecon.flows import Flows
    from geoecon.indicators.scan import ScanOptions
    from geoecon.kinds import Rows


SERVED = ("preset", "elasticity", "domestic_share")  # options of a panel
READING = frozenset(inspect.signature(read_flows).parameters) - {"source", "on"}


def dependence(
    flows: Rows | Flows,
    importer: str,
    exporter: str | None = None,
    *,
    product: str | Iterable[str] | None = None,
    period: str | Iterable[str] | None = None,
    **options: Unpack[ScanOptions],
) -> Dependence:
    """Every indicator of an importer's dependence on a supplier, over the periods of a table.

    `flows` is a sourced panel of a case (months, years and published windows side by side, with a row for all
    origins), or anything that `read_flows` takes. `period` is one or several (2018, 2019-05, 2019-01/2019-05); all of
    the table's without one. Further options are those of `scan`
    and `read_flows`. Raises InputError for an importer that buys nothing.
    """
    if is_panel(flows):
        found = _of_panel(flows, importer, exporter, product, period, {**options})
    else:
        found = _of_flows(flows, importer, exporter, product, period, {**options})
    if not len(found.table):
        raise InputError(f"importer {importer}: no imports in this selection; allowed: an importer of the table")
    return found


def is_panel(flows: Rows | Flows) -> TypeGuard[pd.DataFrame]:
    """Whether a table in our own codes mixes periods of several lengths or holds the total over all origins.

    A supplier under another code or name (W00, China) makes it a table like any other, for the reader.
    """
    if not isinstance(flows, pd.DataFrame) or not {"period", "exporter", "product", "value_usd"} <= set(flows.columns):
        return False
    if not all(countries.is_known(str(code)) for code in flows["exporter"].dropna().unique()):
        return False
    lengths = flows["period"].astype(str).str.len().nunique()
    return bool((flows["exporter"] == panels.WORLD).any() or lengths > 1)


def _wanted(given: str | Iterable[str] | None) -> list[str] | None:
    return None if given is None else [given] if isinstance(given, str) else list(given)


def _of_panel(
    panel: pd.DataFrame,
    importer: str,
    exporter: str | None,
    product: str | Iterable[str] | None,
    period: str | Iterable[str] | None,
    options: dict[str, Any],
) -> Dependence:
    idle = sorted(name for name, value in options.items() if name not in SERVED and value not in (None, False))
    if idle:
        told = f"{', '.join(idle)} for a panel (years and months side by side, or a row WLD)"
        raise InputError(f"{told}; allowed: {', '.join(SERVED)}, or a table of one kind of period without WLD")
    rows = panels.records(panel, importer)
    spans = _wanted(period)
    windows = []
    for one in _wanted(product) or list(rows):
        own = {str(row["period"]) for row in rows.get(one, [])}
        for span in spans or sorted({p[:4] for p in own} | {p for p in own if len(p) > 7}):
            found = panels.window(rows.get(one, []), span)
            if found is not None:
                windows.append(found)
    table = measured(windows, Options(world=False, **_known(options)))
    alarms = closed_border(table[table["exporter"] == exporter] if exporter else table)
    return Dependence(
        table,
        importer,
        exporter,
        alarms=alarms,
        notes=tuple(notes_of(alarms, {})),
        sources=frozenset[str]().union(*(w.sources for w in windows)),
        verified=all(w.verified for w in windows),
    )


def _known(options: dict[str, Any]) -> dict[str, Any]:
    from geoecon.indicators import presets

    named = {"preset": presets.names(options["preset"])} if "preset" in options else {}
    return {k: v for k, v in options.items() if k in SERVED[1:]} | named


def _of_flows(
    flows: Rows | Flows,
    importer: str,
    exporter: str | None,
    product: str | Iterable[str] | None,
    period: str | Iterable[str] | None,
    options: dict[str, Any],
) -> Dependence:
    reading = {name: options.pop(name) for name in [*options] if name in READING}
    known = read_flows(flows, **reading)
    spans = _wanted(period) or known.periods()
    tables = [scan(known, importer, period=span, product=product, **options) for span in spans]
    table = pd.concat([one.table for one in tables], ignore_index=True)
    if exporter is not None:
        table = pd.concat([table, _hidden(table, exporter)], ignore_index=True)
    alarms = closed_border(table[table["exporter"] == exporter] if exporter else table)
    return Dependence(
        table if exporter is None else table[(table["exporter"] == exporter) | table["reason"].isin(EMPTY)],
        importer,
        exporter,
        alarms=alarms,
        presets=tables[0].presets,
        vintage=known.label,
        notes=(tables[0].choices(), *known.coverage.said, *notes_of(alarms, known.product_names)),
        sources=known.sources,
        names=known.product_names,
    )


def _hidden(table: pd.DataFrame, exporter: str) -> pd.DataFrame:
    """Rows that say why the supplier has no share in a market where a joint report hides it."""
    rows = []
    for (period, importer, product), market in table.groupby(["period", "importer", "product"]):
        if exporter in set(market["exporter"]):
            continue
        for code in market["exporter"]:
            if code and countries.kind(code) == "joint" and exporter in countries.parts(code):
                why = f"{countries.name(exporter)} is reported within {countries.name(code)} ({code})"
                rows.append({"period": period, "importer": importer, "exporter": exporter, "product": product,
                             "imports": market["imports"].iloc[0], "reason": why})  # fmt: skip
    return pd.DataFrame(rows, columns=[c for c in table.columns if c in (rows[0] if rows else {})])
