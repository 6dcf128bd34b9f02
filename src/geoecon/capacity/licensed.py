"""What the law lets through by day: the covered flow under the licences of each phase, and caps that are stated."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from geoecon.capacity.phase import Phase, is_free
from geoecon.capacity.review import Office, expiry_coverage
from geoecon.draws import Draws
from geoecon.episodes import left_by_duty
from geoecon.errors import InputError
from geoecon.law import strictness

Array = NDArray[np.float64]
BASE_YEAR = timedelta(days=365)  # whose flow is the base
VALIDITY = 182.0  # days of an individual licence where its type states none


def covered(
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
        kinds = {"light": phase.light, "heavy": phase.heavy}
        since = {side: None if is_free(kind) else since[side] or phase.start for side, kind in kinds.items()}
        if end <= first:
            continue
        spells = {side: (kind, since[side]) for side, kind in kinds.items()}
        level = {
            (kind, begun): _level(draws, office, product, kind, phase, begun, start, days[first:end])
            for kind, begun in set(spells.values())
        }
        ready = np.ones(n)
        for parameter in phase.ready:
            ready = ready * draws.get(parameter, product)
        mixed = ready[:, None] * level[spells["light"]] + (1 - ready[:, None]) * level[spells["heavy"]]
        through[:, first:end] = mixed
        blocked[:, first:end] = 1 - mixed
        strict = 0 if is_free(phase.heavy) else strictness(phase.heavy)
        if strict > strictest and phase.start >= start:
            tight.append((max(phase.announced or phase.start, start), phase.start))
        strictest = strict
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


def capped(draws: Draws, product: str, caps: list[Phase], start: date, days: Array) -> Array:
    """The cap that measures state, (draw, day): 1 where none does. A halt whose end nobody knows lasts `halt_days`."""
    cap = np.ones((draws.n, len(days)))
    for index, phase in enumerate(caps):
        first = max(0, (phase.start - start).days)
        end = (caps[index + 1].start - start).days if index + 1 < len(caps) else len(days)
        if end <= first:
            continue
        cap[:, first:end] = 1.0 if phase.cap is None else phase.cap
        if phase.export_tax is not None:  # buyers turn to other suppliers as far as these are as good
            kept = left_by_duty(phase.export_tax, draws.get("supplier_elasticity", product))
            cap[:, first:end] = np.minimum(cap[:, first:end], kept[:, None])
        if phase.firm_stop:
            kept = 1 - draws.get("instrument_cut", product if draws.has(f"instrument_cut.{product}") else "firm_stop")
            cap[:, first:end] = np.minimum(cap[:, first:end], kept[:, None])
        if phase.halt_cap is not None and phase.halt_since is not None:
            over = (phase.halt_since - start).days + draws.get("halt_days", product)
            halted = days[None, first:end] < over[:, None]
            cap[:, first:end] = np.where(halted, np.minimum(cap[:, first:end], phase.halt_cap), cap[:, first:end])
    return cap
