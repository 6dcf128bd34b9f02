"""What a dispute stops, by draw and window: what the controls keep back, output lost for want of it, boycotts, acts.

Licences, retaliation and boycott can each be left out (`Dispute.only`), so that a loss can be attributed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from geoecon.capacity import Shock as Act
from geoecon.capacity import shocks, switched
from geoecon.case import Case
from geoecon.costs.case_shock import Economy
from geoecon.costs.model import Model
from geoecon.costs.payments import Payment, of_imports, of_visitors
from geoecon.dates import YEAR
from geoecon.draws import Array, Draws

if TYPE_CHECKING:
    import xarray as xr

    from geoecon.capacity import FlowCapacity
    from geoecon.disruption import DisruptionPath
    from geoecon.kinds import Ints


WINDOWS = {"first year": slice(0, 365), "lasting": slice(-365, None)}  # days of a path
PLAYERS = ("licences", "retaliation", "boycott")


@dataclass(frozen=True, eq=False)
class Instrument:
    """One instrument besides export controls in the model: seller → buyer in some sectors."""

    switch: str
    seller: int
    buyer: int
    sectors: tuple[int, ...]
    cut: Array  # (draw,) share of the flow that does not move
    duty: Array  # (draw,) ad-valorem, raised by the buyer's side
    final_only: bool
    idle: Array  # (draw,) share of the output of the seller's sectors that finds no buyer while none has adapted


@dataclass(frozen=True, eq=False)
class Dispute:
    """How hard the dispute bites, by draw: shares (draw,) for every product, and the rest."""

    lost: Mapping[str, Array]  # share of the sender's deliveries that does not come
    waiting: Mapping[str, Array]  # cost of waiting, share of value
    output_lost: Mapping[int, Array]  # share of output that the target's sector loses for want of a material
    other_cut: Array  # share of the makers' other goods for the target that does not move
    mirrored_cut: Array  # share of the target's goods (of its using sectors) for the sender that does not move
    boycott: Array  # share of the sender's sales to the target that is lost, borne by final users' goods
    instruments: tuple[Instrument, ...] = ()  # import bans, duties, boycotts of named goods
    payments: tuple[Payment, ...] = ()  # visitors who stay away, dearer imports

    def only(self, players: Collection[str]) -> Dispute:
        """The dispute with some of `PLAYERS` alone: the sender's licences, the target's retaliation, the boycott."""
        none = np.zeros_like(self.boycott)
        found = self
        if "licences" not in players:
            nothing = dict.fromkeys(self.lost, none)
            found = replace(found, lost=nothing, waiting=nothing, output_lost={}, other_cut=none)
        if "retaliation" not in players:
            found = replace(found, mirrored_cut=none)
        if "boycott" not in players:
            found = replace(found, boycott=none)
        return replace(found, instruments=tuple(one for one in self.instruments if one.switch in players),
                       payments=tuple(one for one in self.payments if one.switch in players))  # fmt: skip


def calm(economy: Economy, n: int) -> Dispute:
    """Nothing happens, for n draws."""
    none = np.zeros(n)
    nothing = dict.fromkeys([exposure.product.id for exposure in economy.exposures], none)
    return Dispute(nothing, nothing, {}, none, none, none)


def acts_of(economy: Economy, acts: Iterable[Act], draws: Draws, window: str) -> Dispute:
    """Instruments besides export controls (`capacity.shocks`), means over a window: shares of the model's flows, what
    visitors no longer spend, and in the first year the seller's labour and capital that stand idle for it."""
    days = WINDOWS[window]
    model = economy.model
    found: list[Instrument] = []
    paid: list[Payment] = []
    for one in acts:
        if one.seller not in model.regions or one.buyer not in model.regions:
            continue
        sectors = tuple(model.sector(name) for name in one.sectors if name in model.sectors)
        if not sectors:
            continue
        places = (model.region(one.seller), model.region(one.buyer), sectors)
        unsold = _mean(one.cut * (1 - _elsewhere(one)), days, draws.n)
        idle = unsold * _sold_share(model, *places, one.use) if window == "first year" else np.zeros(draws.n)
        duty = np.zeros(draws.n) if one.duty is None else _mean(one.duty, days, draws.n)
        cut = _mean(one.cut, days, draws.n) if one.duty is None else np.zeros(draws.n)
        if one.seller == one.buyer:  # a service bought by visitors is in the home flow, which no wedge can reach
            visits = of_visitors(model, one, unsold)
            paid += [visits] if visits else []
            cut = duty = np.zeros(draws.n)
        found.append(Instrument(one.switch, *places, cut, duty, one.use == "final", idle))
    return replace(calm(economy, draws.n), instruments=tuple(found), payments=tuple(paid))


def _elsewhere(act: Act) -> Array | float:
    """(draw, 1 or day) share of what is lost that finds another buyer."""
    return 0.0 if act.goes_elsewhere is None else np.reshape(act.goes_elsewhere, (len(act.goes_elsewhere), -1))


def _sold_share(model: Model, seller: int, buyer: int, sectors: tuple[int, ...], use: str) -> float:
    """Share of the seller's output of some sectors that the flow of an instrument takes: all that the buyer buys, or
    what its final users do."""
    at = list(sectors)
    flow = model.border_value[at, buyer, seller]
    if use == "final" and seller == buyer:
        flow = model.final_share[buyer, at] * model.income[buyer] * model.share[at, buyer, seller]
    return float(min(flow.sum() / max(model.output[seller, at].sum(), 1e-12), 1.0))


def _mean(path: Array, days: slice, n: int) -> Array:
    return np.asarray(np.broadcast_to(path[:, days].mean(axis=1), (n,)), float)


def of_case(
    case: Case,
    economy: Economy,
    draws: Draws,
    controls: FlowCapacity | None,
    disruption: DisruptionPath | None,
    window: str,
) -> Dispute:
    """The dispute over a window, "first year" or "lasting" (once firms have adapted).

    Deliveries that the controls stop, output lost and dearer imports as the disruption stage found them, a boycott, and
    the case's other instruments.
    """
    days = WINDOWS[window]
    stays = draws.get("boycott_persistence") if window == "lasting" else 1.0
    names = [exposure.product.id for exposure in economy.exposures]
    acts = shocks(case, draws)
    other = acts_of(economy, acts, draws, window)
    dearer: tuple[Payment, ...] = ()
    if disruption is not None:
        kept = disruption.sales[:, days].mean("day")
        dearer = dearer_imports(economy, disruption.bill.sel(window=window), kept)
    return replace(
        other,
        lost={name: _lost(controls, name, draws, days) for name in names},
        waiting={name: waiting_cost(draws, name) * _held(controls, name, days) for name in names},
        output_lost={} if disruption is None else by_sector(economy, disruption.industry_losses.sel(window=window)),
        boycott=draws.get("boycott_cut") * stays * boycotts(case, acts, controls),
        payments=(*other.payments, *dearer),
    )


def boycotts(case: Case, acts: Iterable[Act], controls: FlowCapacity | None = None) -> bool:
    """Whether consumers boycott at large: where the scenario asks for it; else where the case says how much (a middle
    above nothing), or knows of a boycott by its cut-off, and there is a control to answer."""
    how = switched(case, "boycott")
    if how != "known":
        return how == "observed"
    said = "boycott_cut" in case.scenario
    if not said and case.has("parameters"):
        own = case.known("parameters", "as_of")
        said = bool((own.loc[own["name"] == "boycott_cut", "central"] > 0).any())  # a middle of nothing: there is none
    known = any(one.switch == "boycott" for one in acts)
    held = controls is None or bool((controls.share.values < 1 - 1e-9).any())
    return (said or known) and (held or switched(case, "licences") == "off")


def dearer_imports(economy: Economy, bill: xr.DataArray, kept: xr.DataArray) -> tuple[Payment, ...]:
    """What the target's purchases of each material cost more, as income that goes to those who sell it.

    `bill` DataArray (draw, product) USD million a year; `kept` (draw, product) share of its flow that the sender sells.
    """
    found = []
    scale = economy.model.income[economy.target] / economy.income_usd[economy.target]
    more, sold = by_product(bill), by_product(kept)
    for exposure in economy.exposures:
        if (name := exposure.product.id) in more:
            found.append(of_imports(economy.model, economy.target, exposure.maker, more[name] * scale, economy.sender,
                                    sold[name]))  # fmt: skip
    return tuple(found)


def by_sector(economy: Economy, lost: xr.DataArray) -> dict[int, Array]:
    """Number of the target's sector: its column of `lost`, a DataArray whose industries are named region/sector."""
    model, found = economy.model, {}
    values = np.asarray(lost.transpose(..., "industry").values, float)
    for i, name in enumerate(lost.coords["industry"].values):
        region, _, sector = str(name).partition("/")
        if region == model.regions[economy.target]:
            found[model.sectors.index(sector)] = values[..., i]
    return found


def by_product(values: xr.DataArray) -> dict[str, Array]:
    """(draw,) of each product of a DataArray (draw, product)."""
    columns = values.transpose("draw", "product").values
    return {str(name): columns[:, i] for i, name in enumerate(values.coords["product"].values)}


def waiting_cost(draws: Draws, product: str) -> Array:
    """Cost of waiting for a licence as a share of value: days of review at the yearly carrying cost."""
    days = draws.get("review_days", of=product) if draws.has("review_days", of=product) else np.full(draws.n, 90.0)
    return np.asarray(days / YEAR * draws.get("carrying_cost"))


def _lost(controls: FlowCapacity | None, product: str, draws: Draws, days: slice) -> Array:
    """(draw,) share of the base flow that does not move, a mean over days, as the controls stage found it."""
    if controls is None:
        return np.zeros(draws.n)
    share = _share(controls, product, days)
    return np.zeros(draws.n) if share is None else np.asarray(np.clip(1 - share.mean(axis=1), 0, 1))


def _share(controls: FlowCapacity, product: str, days: slice) -> Array | None:
    """(draw, day) share of the base flow that can move, or None where the controls do not name the product."""
    if product not in controls.share.coords["product"].values:
        return None
    return np.asarray(controls.share.sel(product=product).transpose("draw", "day").values[:, days], dtype=float)


def _held(controls: FlowCapacity | None, product: str, days: slice) -> Array | float:
    """(draw,) 1 where a control holds the product on any of the days, else 0: nothing waits without one."""
    share = None if controls is None else _share(controls, product, days)
    return 0.0 if share is None else (share.min(axis=1) < 1 - 1e-9).astype(float)


def rows_of(dispute: Dispute, rows: Ints) -> Dispute:
    """Some of its draws, in any order and as often as asked."""
    few: dict[str, Any] = {
        name: {key: item[rows] for key, item in value.items()} if isinstance(value, Mapping) else value[rows]
        for name, value in vars(dispute).items()
        if name not in ("instruments", "payments")
    }
    kept = tuple(
        replace(one, cut=one.cut[rows], duty=one.duty[rows], idle=one.idle[rows]) for one in dispute.instruments
    )
    return Dispute(**few, instruments=kept, payments=tuple(one.rows(rows) for one in dispute.payments))
