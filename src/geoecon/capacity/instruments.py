"""Instruments besides export controls: import bans, duties, inspections, tour stops, boycotts, as dated shocks.

A case names them as rows of `measures.csv` whose goods flow the other way (or are services), and as `[[demand]]` rows
of `case.toml`. Each becomes a share of a flow of the economy that does not move, by draw and day. Who acts (`by`) is
kept apart from whose sales are hit: a stop of tours by the sender is the sender's weapon, not the target's answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoecon import tables
from geoecon.capacity.flow_base import Flow, base_flow, economy_flow, instruments, table_of
from geoecon.case import Case
from geoecon.draws import Draws
from geoecon.law import schema
from geoecon.production import IOTable

if TYPE_CHECKING:
    from geoecon.kinds import Cell


Array = NDArray[np.float64]
BINDING = ("in_force", "reported")
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


def switched(case: Case, name: str) -> str:
    """ "known", "observed" or "off": how a group of measures (licences, retaliation, boycott) counts in this run."""
    how = str(case.switch(name) or case.switch("measures") or "known")
    return "off" if how == "none" else how


@dataclass(frozen=True)
class Row:
    """A measure or `[[demand]]` row as read: who sells what to whom, who acts, how, from when to when."""

    id: str
    instrument: str
    official: bool
    goods: bool
    by: str
    flow: Flow
    start: date
    end: date | None
    reported: bool
    cap: float | None
    duty: float | None
    known_from: date
    source: str
    status: str
    demand: bool = False


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


def rows(case: Case, table: IOTable | None, sized: bool = True) -> list[Row]:
    """The instruments that count in this run; `sized`: those alone of whose flow anything is known."""
    kept = []
    for row in (*_demand_rows(case), *_measure_rows(case, table, sized)):
        how = switched(case, switch_of(case, row))
        if how == "off" or (how != "observed" and row.known_from > case.cutoff):
            continue
        hidden = how != "observed" and row.end is not None and row.end > case.cutoff
        kept.append(replace(row, end=None) if hidden else row)
    return kept


def switch_of(case: Case, row: Row) -> str:
    """The group of an instrument: official acts of the senders, of the other side, or private acts."""
    if not row.official:
        return "boycott"
    return "licences" if row.by in case.senders else "retaliation"


def _demand_rows(case: Case) -> list[Row]:
    found = []
    for entry in case.settings.get("demand", []):
        seller, sector = entry["supplier"]
        buyer = entry["consumer"]
        by = entry.get("by") or _acts(case, seller, buyer)
        kind = entry.get("kind") or ("tourism" if by in case.senders and seller == buyer else "boycott")
        about = instruments()[kind]
        own = entry.get("kind") is not None or by in case.senders
        source = str(entry.get("source_id", ""))
        found.append(
            Row(
                entry["id"], about["instrument"], about["official"] == "yes" if own else False,
                seller != buyer, by, Flow(seller, buyer, entry["id"], (sector,), "final" if seller == buyer else "all"),
                day(entry["start"]), day(entry["until"]) if "until" in entry else None, True,
                entry.get("cap_share"), entry.get("duty_rate"), day(entry.get("known_from", entry["start"])),
                source, "memory", demand=True,
            )
        )  # fmt: skip
    return found


def _acts(case: Case, seller: str, buyer: str) -> str:
    """Who acts where a row does not say: not the one whose sales are hit."""
    if seller == case.target:
        return case.sender
    return case.target if seller in case.senders else buyer


def _measure_rows(case: Case, table: IOTable | None, sized: bool = True) -> list[Row]:
    """Rows of measures.csv that are no export control of the senders' goods."""
    if not case.has("measures"):
        return []
    named = {str(entry["id"]) for entry in case.settings.get("demand", [])}
    linked = {str(key) for entry in case.settings.get("demand", []) for key in entry.get("measures", [])}
    same = {(row.instrument, row.flow.seller, row.by) for row in _demand_rows(case)}
    found = []
    for row in tables.records(case.table("measures")):
        about = instruments().get(row["kind"])
        export = row["exporter"] in case.senders and row["importer"] not in case.senders
        if about is None or row["state"] not in BINDING or (export and about["instrument"] != "transit"):
            continue
        told = about["goods"] == "no" and (about["instrument"], row["exporter"], _actor(case, row)) in same
        if told or row["product"] in named or row["measure_id"] in linked:
            continue  # a [[demand]] row says the same of this flow
        flow = base_flow(case, row, table)
        if flow is None and sized:
            continue
        flow = flow or Flow(str(row["exporter"]), str(row["importer"]), str(row["product"]), ())
        by = _actor(case, row)
        found.append(
            Row(
                row["measure_id"], about["instrument"], about["official"] == "yes", about["goods"] == "yes", by, flow,
                row["valid_from"], row["valid_to"] if tables.given(row["valid_to"]) else None,
                row["state"] == "reported",
                float(row["cap_share"]) if tables.given(row["cap_share"]) else None,
                float(row["duty_rate"]) if tables.given(row.get("duty_rate")) else None, row["known_from"],
                str(row["source"]), str(row["status"]),
            )
        )  # fmt: skip
    return found


def _actor(case: Case, row: Mapping[str, Any]) -> str:
    """The state whose rule it is: the regime's, else the buyer's."""
    named = str(row["regime"]).upper()
    codes = {state.code for state in case.states}
    return named if named in codes else str(row["importer"])


def _shock(case: Case, draws: Draws, row: Row, table: IOTable | None) -> Shock | None:
    duty = None
    of_flow = _of_flow(case, draws, row)
    if row.instrument in ("duty", "export_tax"):
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
    if row.instrument not in ("duty", "export_tax"):
        return np.asarray(_profile(case, draws, row) * kept)
    elasticity = draws.get("supplier_elasticity", row.flow.product)[:, None]
    return np.asarray((1 - (1 + _profile(case, draws, row) * (row.duty or 0.0)) ** -elasticity) * kept)


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
        depth = np.ones(draws.n) if row.instrument in ("duty", "export_tax") else draws.get("instrument_cut", key)
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


def unread(case: Case) -> list[tuple[int, str, str]]:
    """(line, measure, why) of the rows of measures.csv that no stage can use, for `geoecon check`."""
    if not case.has("measures"):
        return []
    used = {row.id for row in _measure_rows(case, table_of(case))}
    same = {(row.instrument, row.flow.seller, row.by) for row in _demand_rows(case)}
    named = {str(entry["id"]) for entry in case.settings.get("demand", [])}
    linked = {str(key) for entry in case.settings.get("demand", []) for key in entry.get("measures", [])}
    mine = {product.id for product in case.products}
    found = []
    for row in tables.records(case.table("measures")):
        about = instruments().get(row["kind"])
        if row["measure_id"] in used | linked or row["product"] in named | mine or row["kind"] == "none":
            continue
        if about is not None and (about["instrument"], row["exporter"], _actor(case, row)) in same:
            continue
        if about is None and row["kind"] in schema.kinds():
            why = f"its good {row['product']} is none of the case's products"
        elif about is None:
            why = f"the kind {row['kind']!r} is neither a kind of licence nor an instrument"
        elif about["instrument"] in ("duty", "export_tax") and not tables.given(row.get("duty_rate")):
            why = "a duty without a rate (column duty_rate)"
        else:
            why = "no base: neither trade rows of this flow nor a parameter base_usd_million." + str(row["product"])
        found.append((int(row["line"]), str(row["measure_id"]), why))
    return found


def day(value: Cell) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
