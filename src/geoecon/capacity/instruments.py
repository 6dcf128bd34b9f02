"""Instruments besides export controls: import bans, duties, inspections, tour stops, boycotts, as dated shocks.

A case names them as rows of `measures.csv` whose goods flow the other way (or are services), and as `[[demand]]` rows
of `case.toml`. Each becomes a share of a flow of the economy that does not move, by draw and day. Who acts (`by`) is
kept apart from whose sales are hit: a stop of tours by the sender is the sender's weapon, not the target's answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geoecon.capacity.flow_base import economy_flow, table_of
from geoecon.capacity.instrument_rows import TAXES, Row, rows, switch_of
from geoecon.case import Case
from geoecon.draws import Draws
from geoecon.episodes import left_by_duty
from geoecon.production import IOTable

Array = NDArray[np.float64]
LASTING = ("import_ban", "duty", "export_tax")  # in force until somebody lifts them


@dataclass(frozen=True, eq=False)
class Shock:
    """One instrument: `cut` (draw, day) is the share of the base flow of the seller's `sectors` to the buyer that does
    not move, `duty` the same as an extra ad-valorem rate, `goes_elsewhere` (draw, day) the share of what is lost that
    finds another buyer. `by` acts; `switch` names the group that a what-if turns off."""

    id: str
    by: str
    switch: str
    seller: str
    buyer: str
    sectors: tuple[str, ...]
    use: str
    cut: Array
    duty: Array | None = None
    goes_elsewhere: Array | None = None
    source: str = ""
    status: str = "memory"
    instrument: str = "boycott"
    product: str = ""
    flow_cut: Array | None = None  # (draw, day) share of the good's own flow; `cut` is of the whole industry's
    base_usd_million: Array | None = None  # (draw,) a year
    note: str = ""


def shocks(case: Case, draws: Draws) -> tuple[Shock, ...]:
    """Every instrument of a case that its economy can feel, as known at the cut-off or, where the switch of its group
    says `observed`, as it came. Groups switched off are left out.

    Rows on one flow share it: together they never take more than the flow. Raises InputError for a `[[demand]]` row
    that lacks its base.
    """
    table = table_of(case)
    found = [shock for row in rows(case, table) if (shock := _shock(case, draws, row, table)) is not None]
    return _within_the_flow(found)


def profiles(case: Case, draws: Draws) -> list[tuple[Row, Array]]:
    """Every instrument that counts, with the share of its own flow that does not move (draw, day); those too whose
    size in money nobody knows, since visitors and sales are counted in heads and pieces."""
    return [(row, _of_flow(case, draws, row)) for row in rows(case, table_of(case), sized=False)]


def _shock(case: Case, draws: Draws, row: Row, table: IOTable | None) -> Shock | None:
    duty = None
    of_flow = _of_flow(case, draws, row)
    if row.instrument in TAXES:
        if row.duty is None:
            return None
        duty = _profile(case, draws, row) * (1 - _leak(draws, row)) * row.duty
    base = base_usd_million(draws, row)
    if base is None:
        return None
    whole = economy_flow(table, row.flow)
    part = np.ones(draws.n) if whole is None else np.minimum(base / max(whole, 1e-9), 1.0)
    capped = whole is not None and bool((base > whole).any())
    of = row.flow.product if draws.has(f"resold_share.{row.flow.product}") else None if row.goods else "services"
    return Shock(
        row.id, row.by, switch_of(case, row), row.flow.seller, row.flow.buyer, row.flow.sectors, row.flow.use,
        cut=np.clip(of_flow * part[:, None], 0, 1),
        duty=None if duty is None else duty * part[:, None],
        goes_elsewhere=draws.get("resold_share", of)[:, None] * _found_buyers(case, draws, row),
        source=row.source, status=row.status, instrument=row.instrument, product=row.flow.product,
        flow_cut=of_flow, base_usd_million=base,
        note=f"{row.id}: larger than the industry's sales in the table, counted up to them" if capped else "",
    )  # fmt: skip


def _found_buyers(case: Case, draws: Draws, row: Row) -> Array:
    """(draw, day) how far the seller has got in finding other buyers, 0 at the start of the instrument to 1."""
    since = np.arange(case.horizon_days)[None, :] - (row.start - case.start).days
    lag = draws.get("resold_lag_days", row.flow.product)[:, None]
    return np.asarray(np.clip((since + 1) / np.maximum(lag, 1.0), 0, 1))


def _of_flow(case: Case, draws: Draws, row: Row) -> Array:
    """Share of the good's own flow that does not move, (draw, day); a duty moves it by the suppliers' elasticity.

    What goes round an instrument goes round a duty as round a ban, so that no duty stops more than a ban of all would.
    """
    kept = 1 - _leak(draws, row)
    if row.instrument not in TAXES:
        return np.asarray(_profile(case, draws, row) * kept)
    elasticity = draws.get("supplier_elasticity", row.flow.product)[:, None]
    return np.asarray((1 - left_by_duty(_profile(case, draws, row) * (row.duty or 0.0), elasticity)) * kept)


def _leak(draws: Draws, row: Row) -> Array | float:
    """(draw, 1) share of the good's flow that goes round the instrument."""
    return draws.get("leak_share", row.flow.product)[:, None] if row.goods and not row.demand else 0.0


def _profile(case: Case, draws: Draws, row: Row) -> Array:
    """How far the instrument is in force, (draw, day): the share that it would stop if nothing went round it."""
    days = np.arange(case.horizon_days)[None, :]
    first = (row.start - case.start).days
    if row.demand:
        length = draws.get("boycott_days", row.id)
        depth = draws.get("boycott_share", row.id)
    else:
        length = draws.get("instrument_days", row.flow.product)
        key = row.flow.product if draws.has(f"instrument_cut.{row.flow.product}") else row.instrument
        depth = np.ones(draws.n) if row.instrument in TAXES else draws.get("instrument_cut", key)
    if row.cap is not None:
        depth = np.full(draws.n, 1 - row.cap)
    if row.end is not None:
        length = np.full(draws.n, float((row.end - row.start).days))
    elif not row.demand and row.instrument in LASTING and not row.reported:
        length = np.full(draws.n, np.inf)
    rise = draws.get("instrument_rise_days", row.flow.product)[:, None]
    since = days - first
    height = np.where(rise > 0, np.clip((since + 1) / np.maximum(rise, 1e-9), 0, 1), 1.0)
    on = (since >= 0) & (since < length[:, None])
    return np.asarray(on * height * depth[:, None], float)


def base_usd_million(draws: Draws, row: Row) -> Array | None:
    """USD million a year of the flow before the dispute, (draw,): the case's parameter, else its trade table."""
    for name in ("boycott_base_usd_million", "base_usd_million"):
        if f"{name}.{row.flow.product}" in draws.values:
            return draws.get(name, row.flow.product)
    if row.flow.usd_million is None:
        return None
    return np.full(draws.n, row.flow.usd_million)


def _within_the_flow(found: list[Shock]) -> tuple[Shock, ...]:
    """Shocks on one flow of the economy scaled down on the days on which together they would take more than it."""
    total: dict[tuple[str, str, tuple[str, ...]], Array] = {}
    for shock in found:
        key = (shock.seller, shock.buyer, shock.sectors)
        total[key] = total.get(key, 0) + shock.cut
    out = []
    for shock in found:
        most = np.maximum(total[(shock.seller, shock.buyer, shock.sectors)], 1.0)
        over = bool((most > 1).any())
        note = f"{shock.id}: several rows on one flow, together held to all of it"
        out.append(replace(shock, cut=shock.cut / most, note=note) if over else shock)
    return tuple(out)
