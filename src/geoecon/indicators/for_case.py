"""The trade stage of a case: what the target buys from the sender, before the dispute and since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pandas as pd

from geoecon.case import Case, Itself
from geoecon.draws import Draws
from geoecon.errors import MissingData
from geoecon.indicators import indicators
from geoecon.indicators import panel as panels
from geoecon.indicators.dependence import Array, Dependence, closed_border, notes_of
from geoecon.indicators.measure import Options
from geoecon.indicators.of_panel import measured

PUBLISHED_AFTER = timedelta(days=15)  # customs figures of a month come out in the middle of the next
BASE_MONTHS = 12


def for_case(case: Case, draws: Draws) -> Dependence:
    """Dependence of the target on the sender for every product of the case that its panel covers; where the sender
    refuses to buy, its own dependence on the target.

    The base is the last twelve months known when the dispute began (or the last published year); years and windows
    known at the cut-off follow. Raises MissingData where no product has a base.
    """
    when = (Itself(case.flows), case.cutoff, case.start, case.buyer, tuple(product.id for product in case.products))
    base, every = _windows(*when)
    if not base:
        raise MissingData(f"trade.csv: imports of {case.buyer} of any product of the case before {case.start}")
    elasticity = {p: float(draws.get("supplier_elasticity", p)[0]) for p in base}
    table = _table(*when, tuple(elasticity.items()))
    alarms = _alarms(Itself(table), case.seller)
    names = {product.id: product.name for product in case.products}
    missing = [f"{p.name}: no imports of {case.buyer} by origin before {case.start}" for p in case.products
               if p.id not in base]  # fmt: skip
    return Dependence(
        table=table,
        importer=case.buyer,
        exporter=case.seller,
        base=dict(base),
        loss={p: _loss(w, case.seller, draws) for p, w in base.items()},
        days_at_risk={p: _at_risk(draws, p) for p in base if _knows_cover(draws, p)},
        alarms=alarms,
        presets=("ec2021",),
        vintage=f"panel of the case, as known on {min(case.cutoff, date.today())}",
        notes=(*notes_of(alarms, names), *missing),
        sources=frozenset().union(*(w.sources for w in every)),
        verified=all(w.verified for w in every),
        names=names | {case.sender: case.senders_name, case.target: case.name_of(case.target)},
    )


@lru_cache(maxsize=16)
def _windows(
    flows: Itself, cutoff: date, start: date, buyer: str, products: tuple[str, ...]
) -> tuple[Mapping[str, panels.Window], tuple[panels.Window, ...]]:
    """Each good's base, and all windows known at the cut-off; made once for all the scenarios of a case."""
    panel = known(flows.frame, cutoff)
    rows, before = panels.records(panel, buyer), panels.records(known(panel, start), buyer)
    base = {p: w for p in products if (w := base_window(before.get(p, [])))}
    path = [w for p in base for period in _spans(rows[p]) if (w := panels.window(rows[p], period))]
    return base, tuple({(w.product, w.period): w for w in [*path, *base.values()]}.values())


@lru_cache(maxsize=16)
def _table(
    flows: Itself, cutoff: date, start: date, buyer: str, products: tuple[str, ...],
    elasticity: tuple[tuple[str, float], ...],
) -> pd.DataFrame:  # fmt: skip
    """All windows measured."""
    every = _windows(flows, cutoff, start, buyer, products)[1]
    return measured(every, Options(elasticity=dict(elasticity), world=False))


@lru_cache(maxsize=16)
def _alarms(table: Itself, exporter: str) -> pd.DataFrame:
    """Closed borders towards one supplier."""
    return closed_border(table.frame[table.frame["exporter"] == exporter])


def known(panel: pd.DataFrame, cutoff: date) -> pd.DataFrame:
    """Rows whose period was over, and its figures out, on the cut-off day."""
    out = panel["period"].map(lambda period: _end(period) + PUBLISHED_AFTER <= cutoff if cutoff < date.max else True)
    return panel[out.astype(bool)]


@lru_cache(maxsize=4096)
def _end(period: str) -> date:
    return pd.Period(panels.last_month(period), "M").end_time.date()


def base_window(before: panels.Rows) -> panels.Window | None:
    """The last twelve months known before the dispute, else the last year, else the last published window."""
    periods = {str(row["period"]) for row in before}
    months = sorted(p for p in periods if len(p) == 7 and "Q" not in p)
    candidates = []
    if months:
        first = str(pd.Period(months[-1], "M") - (BASE_MONTHS - 1))
        candidates.append(f"{first}/{months[-1]}")
    candidates += sorted((p for p in periods if len(p) == 4), reverse=True)
    candidates += sorted((p for p in periods if "/" in p), key=panels.last_month, reverse=True)
    return next((w for period in candidates if (w := panels.window(before, period)) is not None), None)


def _spans(rows: panels.Rows) -> Iterable[str]:
    """Every calendar year and every published window that the rows touch."""
    periods = {str(row["period"]) for row in rows}
    return sorted({p[:4] for p in periods} | {p for p in periods if "/" in p})


def _loss(window: panels.Window, exporter: str, draws: Draws) -> Array:
    """Log-loss of a cut-off (draw,); NaN for a sole supplier."""
    share = float(window.amount.get(exporter, 0.0)) / window.total
    return np.asarray(indicators.loss(share, draws.get("supplier_elasticity", window.product)), dtype=float)


def _knows_cover(draws: Draws, product: str) -> bool:
    return draws.has("inventory_days", product) and draws.has("review_days", product)


def _at_risk(draws: Draws, product: str) -> Array:
    """Days without cover (draw,): licence time beyond the stock, never below zero."""
    return np.maximum(draws.get("review_days", product) - draws.get("inventory_days", product), 0.0)
