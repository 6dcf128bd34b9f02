"""What can flow: the share of the base flow that moves under dated rules, by draw and day.

K(t) = 1 − c + c [w_free + w_ind G(t − t0)]: c the covered share of the customs code, w the routes, G the time to a
licence; around it transit, orders ahead, fear stocks, replaced customers, third-country plants, and stated caps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geoecon.capacity import phases as phases_of
from geoecon.capacity.flow import FlowCapacity
from geoecon.capacity.flow_base import traded
from geoecon.capacity.granted import as_counted, counts
from geoecon.capacity.hurdle import with_hurdle
from geoecon.capacity.instrument_rows import switched
from geoecon.capacity.instruments import profiles
from geoecon.capacity.licensed import capped, covered, first_licence
from geoecon.capacity.own_measures import measures, of_measures
from geoecon.capacity.phase import Phase
from geoecon.capacity.pictures import regimes_of_case
from geoecon.capacity.reactions import fear, overcompliance, replaced_by, surge_of
from geoecon.capacity.review import Office
from geoecon.capacity.seen import as_seen
from geoecon.case import Case, Product
from geoecon.countries import named
from geoecon.draws import Draws
from geoecon.errors import MissingData
from geoecon.figure import cite
from geoecon.law import LicenceStates
from geoecon.past_error import past_of

Array = NDArray[np.float64]
Layers = tuple[Array, ...]  # LAYERS, each (draw, day)
LAYERS = ("share", "free", "stockpiling", "flow", "abroad", "licensed")
READ = ("share", "free", "stockpiling", "flow")  # by other stages and sums; the others are kept in single precision
STANDARD_REVIEW = 90.0  # days that an individual licence takes where no rule says it
ABROAD_RAMP = 120
PAPERS = ("ctl-priors", "ctl-meti-guide", "ctl-fenton", "ctl-cset")


def for_case(case: Case, draws: Draws) -> FlowCapacity:
    """Flow capacity of every product of a case, over its disruption horizon.

    Rules known after the cut-off are hidden unless the switch `measures` is "observed"; "none" frees every flow.
    Raises MissingData where a product has neither an item of a built-in regime nor measures, and InputError for
    a measure that names no kind and no cap.
    """
    import xarray as xr

    draws = with_hurdle(case, draws)
    found = {product.id: _rules(case, product) for product in case.products}
    filing = sum(any(phase.heavy == "individual" for phase in law) for law, _, _ in found.values())
    shape = (draws.n, case.horizon_days, len(case.products))
    whole = [np.empty(shape, np.float64 if name in READ else np.float32) for name in LAYERS]
    for g, product in enumerate(case.products):
        layers = _product(case, draws, filing, product.id, *found[product.id][:2])
        layers = _joined(case, draws, product, layers) if len(case.senders) > 1 else layers
        for values, layer in zip(whole, _as_seen(case, product, layers), strict=True):
            values[:, :, g] = layer
    coords = {"day": np.arange(case.horizon_days), "product": [product.id for product in case.products]}
    share, free, stockpiling, flow, abroad, licensed = (
        xr.DataArray(values, dims=("draw", "day", "product"), coords=coords) for values in whole
    )
    sources = {phase.source for law, caps, _ in found.values() for phase in (*law, *caps) if phase.source}
    return FlowCapacity(
        past=past_of(case),
        share=share,
        free=free,
        stockpiling=stockpiling,
        flow=flow,
        abroad=abroad,
        licensed=licensed,
        states={name: states for name, (_, _, states) in found.items() if states is not None},
        regimes=_regimes(case),
        phases={name: law for name, (law, _, _) in found.items()},
        caps={name: caps for name, (_, caps, _) in found.items()},
        start=case.start,
        sender=case.sender,
        target=case.target,
        names={product.id: product.name for product in case.products},
        states_named=(named(case.senders_name), named(case.name_of(case.target))),
        first_licence={
            name: days
            for name, (law, _, _) in found.items()
            if (days := first_licence(draws, name, law, case.start)) is not None
        },
        counts={product.id: told for product in case.products if (told := counts(case, product.id))},
        sources=frozenset(sources) | frozenset(cite(paper) for paper in PAPERS),
        refused=tuple((row, cut) for row, cut in profiles(case, draws) if row.by in case.senders),
    )


def _rules(case: Case, product: Product) -> tuple[list[Phase], list[Phase], LicenceStates | None]:
    """The phases of a product; none where another sender of the case rules it and the one that leads does not."""
    try:
        return phases_of.of_case(case, product)
    except MissingData:
        for code in case.senders[1:]:
            alone = case.alone(code)
            if alone.has("measures") and measures(alone, product):
                return [], [], None
        raise


def _joined(case: Case, draws: Draws, product: Product, lead: Layers) -> Layers:
    """The layers of several senders, each weighed by what it sold before."""
    before = {code: traded(case, code, case.target, product.id)[0] or 0.0 for code in case.senders}
    total = sum(before.values())
    if not total:
        return lead
    parts = [(before[case.sender] / total, lead)]
    for code in case.senders[1:]:
        alone = case.alone(code)
        own = of_measures(measures(alone, product), _horizon(case))
        caps = own if any(phase.caps for phase in own) else []
        parts.append((before[code] / total, _product(alone, draws, 0, product.id, own, caps)))
    return tuple(np.sum([weight * layer[k] for weight, layer in parts], axis=0) for k in range(len(lead)))


def _as_seen(case: Case, product: Product, layers: Layers) -> Layers:
    share, free, stockpiling, flow, abroad, licensed = layers
    share, flow = as_seen(case, product.id, share, flow)
    return share, free, stockpiling, flow, abroad, licensed


def _horizon(case: Case) -> date | None:
    return None if switched(case, "licences") == "observed" else case.cutoff


def _regimes(case: Case) -> Mapping[str, LicenceStates]:
    """Licence histories of both countries; none where the switch frees every flow or no built-in regime covers them."""
    if switched(case, "licences") == "off" or not any(product.item for product in case.products):
        return {}
    try:
        return regimes_of_case(case)
    except MissingData:
        return {}


def _office(draws: Draws, product: str, filing: int) -> Office:
    """The licensing office of a draw: the same for every material unless the case has a row for one of them.

    `filing` materials put their applications on its desk at once. The median is set by the phase.
    """

    def get(name: str) -> Array:
        return draws.get(name, product)

    return Office(
        median=np.ones(draws.n),
        spread=get("review_spread"),
        approval=get("approval_share"),
        refile=get("refile_share"),
        refile_days=get("refile_days"),
        preparation=get("preparation_days"),
        backlog=filing * get("applications_per_item") / get("office_decisions_per_day"),
    )


def _product(case: Case, draws: Draws, filing: int, product: str, law: list[Phase], caps: list[Phase]) -> Layers:
    """The layers of one product, each (draw, day)."""
    days = np.arange(case.horizon_days, dtype=float)
    covered_share = draws.get("covered_share", product)[:, None]
    through, blocked, tight = covered(draws, _office(draws, product, filing), product, law, case.start, days)
    if tight:
        through = as_counted(case, draws, product, through)
    transit = draws.get("transit_days", product)
    arrived = _later(through, transit)
    cap = _later(capped(draws, product, caps, case.start, days), transit)
    free = np.minimum(_later(1 - overcompliance(draws, product, tight, case.start, days), transit), cap)
    share = np.minimum((1 - covered_share) * free + covered_share * arrived, cap)
    pulled, stockpiling = np.zeros_like(share), np.zeros_like(share)
    replaced = np.zeros_like(share)
    abroad = np.zeros_like(share)
    for announced, effect in tight:
        early = (days >= (announced - case.start).days) & (days < (effect - case.start).days)
        pulled += covered_share * (surge_of(draws, product) * draws.get("pull_forward_share", product))[:, None] * early
    if tight:
        told = days[None, :] - (tight[0][0] - case.start).days
        stockpiling = (1 - covered_share) * fear(draws, product, told)
        replaced = replaced_by(draws, product, told, blocked)
        lag = draws.get("third_country_lag_days", product)[:, None]
        ramp = np.clip((told - lag) / ABROAD_RAMP, 0, 1)
        abroad = covered_share * draws.get("third_country_share", product)[:, None] * ramp
    kept = (1 - covered_share) * free + covered_share * arrived * (1 - replaced)
    moved = np.minimum(share, kept) + pulled + stockpiling
    flow = np.maximum(0.0, moved) * (1 + draws.get("demand_drift", product)[:, None])
    return share + pulled, free, stockpiling, flow, abroad, through


def under_licences(case: Case, draws: Draws, products: list[str], days: int) -> Array:
    """(draw, day, product) of the base flow if every product needed individual licences from day 0 on: what a rule
    would let through that nobody has made yet."""
    law = [Phase(case.start, "individual", "individual", review_days=STANDARD_REVIEW)]
    horizon = replace(case, horizon_days=days)
    return np.stack([_product(horizon, draws, len(products), name, law, [])[0] for name in products], axis=2)


def _later(values: Array, lag: Array) -> Array:
    """Each row moved `lag` days later; the base flow (1) arrives before. Fractions of a day are interpolated."""
    days = np.arange(values.shape[1], dtype=float)
    at = days[None, :] - lag[:, None]
    low = np.floor(at).astype(int)
    part = at - low
    rows = np.arange(len(values))[:, None]
    first = np.where(low >= 0, values[rows, np.clip(low, 0, None)], 1.0)
    second = np.where(low + 1 >= 0, values[rows, np.clip(low + 1, 0, values.shape[1] - 1)], 1.0)
    return np.asarray(first * (1 - part) + second * part, float)
