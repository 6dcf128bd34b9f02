"""What can flow: the share of the base flow that moves under dated rules, by draw and day.

K(t) = 1 − c + c [w_free + w_ind G(t − t0)]: c the covered share of the customs code, w the routes, G the time to a
licence; around it transit, orders ahead, fear stocks, replaced customers, third-country plants, and stated caps.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from geoecon.capacity import phases as phases_of
from geoecon.capacity.flow import FlowCapacity
from geoecon.capacity.flow_base import traded
from geoecon.capacity.granted import as_counted, counts
from geoecon.capacity.hurdle import with_hurdle
from geoecon.capacity.instruments import profiles, switched
from geoecon.capacity.phases import Phase, is_free
from geoecon.capacity.pictures import regimes_of_case
from geoecon.capacity.review import Office, expiry_coverage
from geoecon.capacity.seen import as_seen
from geoecon.case import Case, Product
from geoecon.draws import Draws
from geoecon.errors import InputError, MissingData
from geoecon.figure import cite
from geoecon.law import LicenceStates, strictness
from geoecon.past_error import past_of

Array = NDArray[np.float64]
Layers = tuple[Array, ...]  # share, free, stockpiling, flow, abroad, licensed, each (draw, day)
STANDARD_REVIEW = 90.0  # days that an individual licence takes where no rule says it
BASE_YEAR = timedelta(days=365)  # whose flow is the base
VALIDITY = 182.0  # days of an individual licence where its type states none
FEAR_HOLD, FEAR_UNWIND = 45, 180  # days that added stocks are kept, and then take to run down
REPLACE_RAMP = 90  # days in which a qualified substitute takes over
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
    layers = [_product(case, draws, filing, product.id, *found[product.id][:2]) for product in case.products]
    if len(case.senders) > 1:
        layers = [_joined(case, draws, product, layer) for product, layer in zip(case.products, layers, strict=True)]
    layers = [_as_seen(case, product, layer) for product, layer in zip(case.products, layers, strict=True)]
    coords = {"day": np.arange(case.horizon_days), "product": [product.id for product in case.products]}
    share, free, stockpiling, flow, abroad, licensed = (
        xr.DataArray(np.stack(parts, axis=2), dims=("draw", "day", "product"), coords=coords)
        for parts in zip(*layers, strict=True)
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
        states_named=(case.senders_name, case.name_of(case.target)),
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
            if alone.has("measures") and phases_of.measures(alone, product):
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
        own = phases_of.of_measures(phases_of.measures(alone, product), _horizon(case))
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
    through, blocked, tight = _covered(draws, _office(draws, product, filing), product, law, case.start, days)
    if tight:
        through = as_counted(case, draws, product, through)
    transit = draws.get("transit_days", product)
    arrived = _later(through, transit)
    cap = _later(_caps(draws, product, caps, case.start, days), transit)
    free = np.minimum(_later(1 - _overcompliance(draws, product, tight, case.start, days), transit), cap)
    share = np.minimum((1 - covered_share) * free + covered_share * arrived, cap)
    pulled, stockpiling = np.zeros_like(share), np.zeros_like(share)
    replaced = np.zeros_like(share)
    abroad = np.zeros_like(share)
    for announced, effect in tight:
        early = (days >= (announced - case.start).days) & (days < (effect - case.start).days)
        pulled += covered_share * (_surge(draws, product) * draws.get("pull_forward_share", product))[:, None] * early
    if tight:
        told = days[None, :] - (tight[0][0] - case.start).days
        stockpiling = (1 - covered_share) * _fear(draws, product, told)
        replaced = _replaced(draws, product, told, blocked)
        lag = draws.get("third_country_lag_days", product)[:, None]
        ramp = np.clip((told - lag) / ABROAD_RAMP, 0, 1)
        abroad = covered_share * draws.get("third_country_share", product)[:, None] * ramp
    kept = (1 - covered_share) * free + covered_share * arrived * (1 - replaced)
    moved = np.minimum(share, kept) + pulled + stockpiling
    flow = np.maximum(0.0, moved) * (1 + draws.get("demand_drift", product)[:, None])
    return share + pulled, free, stockpiling, flow, abroad, through


def _overcompliance(draws: Draws, product: str, tight: list[tuple[date, date]], start: date, days: Array) -> Array:
    """(draw, day) share of the goods that need no licence which sellers hold back all the same, until the reach of a
    new rule is clear."""
    held = np.zeros((draws.n, len(days)))
    share, length = draws.get("overcompliance_share", product)[:, None], draws.get("overcompliance_days", product)
    for _, effect in tight:
        since = days[None, :] - (effect - start).days
        held = np.maximum(held, share * ((since >= 0) & (since < length[:, None])))
    return held


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


def _covered(
    draws: Draws, office: Office, product: str, law: list[Phase], start: date, days: Array
) -> tuple[Array, Array, list[tuple[date, date]]]:
    """(share of the covered flow that moves, share without a licence, (announced, effect) of every tightening)."""
    n = draws.n
    through, blocked = np.ones((n, len(days))), np.zeros((n, len(days)))
    tight: list[tuple[date, date]] = []
    strictest = 0
    since: dict[str, date | None] = {"light": None, "heavy": None}  # start of the running spell of licences
    for index, phase in enumerate(law):
        end = (law[index + 1].start - start).days if index + 1 < len(law) else len(days)
        first = max(0, (phase.start - start).days)
        level = {}
        for side, kind in (("light", phase.light), ("heavy", phase.heavy)):
            since[side] = None if is_free(kind) else since[side] or phase.start
            level[side] = _level(draws, office, product, kind, phase, since[side], start, days)
        if end <= first:
            continue
        ready = np.ones(n)
        for parameter in phase.ready:
            ready = ready * draws.get(parameter, product)
        mixed = ready[:, None] * level["light"] + (1 - ready[:, None]) * level["heavy"]
        through[:, first:end] = mixed[:, first:end]
        blocked[:, first:end] = 1 - mixed[:, first:end]
        heavy = 0 if is_free(phase.heavy) else strictness(phase.heavy)
        if heavy > strictest and phase.start >= start:
            tight.append((max(phase.announced or phase.start, start), phase.start))
        strictest = heavy
    return through, blocked, tight


def _level(
    draws: Draws, office: Office, product: str, kind: str, phase: Phase, since: date | None, start: date, days: Array
) -> Array:
    """Share of the covered flow that moves by day under one kind of licence, (draw, day)."""
    if is_free(kind) or since is None or since < start - BASE_YEAR:
        return np.ones((draws.n, len(days)))  # the base flow moved under this rule already
    if kind == "prohibited":
        return np.zeros((draws.n, len(days)))
    median = review_median(draws, product, phase.review_days)
    age = days - (since - start).days
    licensed = replace(office, median=median).licensed(age)
    filed = (1 - draws.get("chill_share", product)) * (1 - draws.get("withheld_share", product))
    licensed = licensed * filed[:, None]
    validity = phase.validity_days or VALIDITY
    covered = expiry_coverage(validity, median, draws.get("renewal_early_days"))
    return np.asarray(np.where(age[None, :] < validity + median[:, None], licensed, licensed * covered[:, None]), float)


def first_licence(draws: Draws, product: str, law: list[Phase], start: date) -> Array | None:
    """Days from the effect of the first rule with individual licences to the first of them, (draw,): the fastest of
    many applications, its median in the central run and a sample in the others. None where no such rule begins."""
    from scipy.special import ndtri

    phase = next((phase for phase in law if phase.heavy == "individual" and phase.start >= start), None)
    if phase is None:
        return None
    median, spread = review_median(draws, product, phase.review_days), draws.get("review_spread", product)
    number = draws.get("applications_per_item", product)
    chance = np.random.default_rng([draws.seed, zlib.crc32(product.encode())]).random(draws.n)
    chance[0] = 0.5
    fastest = ndtri(1 - (1 - chance) ** (1 / np.maximum(1.0, number)))
    return np.asarray(draws.get("preparation_days", product) + median * np.exp(spread * fastest), float)


def review_median(draws: Draws, product: str, published: float | None) -> Array:
    """Median review in calendar days, (draw,): the case's own prior, or the published limit times the office's
    factor. Raises InputError where there is neither."""
    if draws.has("review_days", product):
        return draws.get("review_days", product)
    if published is None:
        raise InputError(
            f"review time of {product} is unknown; allowed: review_days in parameters.csv or in measures.csv"
        )
    return published * draws.get("review_factor")


def _caps(draws: Draws, product: str, caps: list[Phase], start: date, days: Array) -> Array:
    """The cap that measures state, (draw, day): 1 where none does. A halt whose end nobody knows lasts `halt_days`."""
    cap = np.ones((draws.n, len(days)))
    for index, phase in enumerate(caps):
        first = max(0, (phase.start - start).days)
        end = (caps[index + 1].start - start).days if index + 1 < len(caps) else len(days)
        if end <= first:
            continue
        cap[:, first:end] = 1.0 if phase.cap is None else phase.cap
        if phase.export_tax is not None:  # buyers turn to other suppliers as far as these are as good
            kept = (1 + phase.export_tax) ** -draws.get("supplier_elasticity", product)
            cap[:, first:end] = np.minimum(cap[:, first:end], kept[:, None])
        if phase.firm_stop:
            kept = 1 - draws.get("instrument_cut", product if draws.has(f"instrument_cut.{product}") else "firm_stop")
            cap[:, first:end] = np.minimum(cap[:, first:end], kept[:, None])
        if phase.halt_cap is not None and phase.halt_since is not None:
            over = (phase.halt_since - start).days + draws.get("halt_days", product)
            halted = days[None, first:end] < over[:, None]
            cap[:, first:end] = np.where(halted, np.minimum(cap[:, first:end], phase.halt_cap), cap[:, first:end])
    return cap


def _surge(draws: Draws, product: str) -> Array:
    """What suppliers can make beyond the base flow, (draw,)."""
    return draws.get("surge_share", product)


def _fear(draws: Draws, product: str, told: Array) -> Array:
    """Fear orders of the goods that the rule does not touch, as a share of their base flow: stocks are filled as
    fast as suppliers can make them, kept, and in part run down. (draw, day)"""
    get = draws.get
    surge = _surge(draws, product)[:, None]
    stock = get("fear_stock_days", product)[:, None]
    fill = np.clip(stock - surge * np.clip(told, 0, None), 0, surge) * (told >= 0)  # days of use added on each day
    filled = stock / np.maximum(surge, 1e-9)
    back = (told >= filled + FEAR_HOLD) & (told < filled + FEAR_HOLD + FEAR_UNWIND)
    rundown = stock * get("fear_return_share", product)[:, None] / FEAR_UNWIND * back
    return np.asarray(fill - rundown, float)


def _replaced(draws: Draws, product: str, told: Array, blocked: Array) -> Array:
    """Share of the covered customers that a qualified substitute has taken, (draw, day): those without a licence
    when it is qualified, and some of the others; they stay (sticky switching)."""
    get = draws.get
    known = draws.has("alternative_lag_days", product)
    lag = get("alternative_lag_days", product) if known else get("replace_lag_days")
    progress = np.clip((told - lag[:, None]) / REPLACE_RAMP, 0, 1)
    step = np.diff(progress, axis=1, prepend=progress[:, :1])
    threatened = blocked > 0
    taken = np.where(threatened, blocked + (1 - blocked) * get("replace_share", product)[:, None], 0.0)
    return np.asarray(np.cumsum(step * taken, axis=1) * get("sticky_share", product)[:, None], float)
