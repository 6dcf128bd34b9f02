"""Whom the office singles out: the share of applications that it leaves undecided, where a case says nothing of it.

Under announced licences a good is either singled out, and then nearly all of it stops, or trade goes on: Japan's
hydrogen fluoride in 2019 fell by nine tenths, its photoresist not at all. A triangle has no room for two humps.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geoecon.case import Case
from geoecon.draws import Draws, Parameter, triangular
from geoecon.episodes import Depth, depth

Array = NDArray[np.float64]
NAME = "withheld_share"


def with_hurdle(case: Case, draws: Draws) -> Draws:
    """The draws with a value of `withheld_share.<good>` for every good on which neither case nor scenario says one.

    Each draw keeps its rank: the uppermost part, as large as the chance of being singled out, gets the deep component
    of `episodes.depth` (learned from other cases, known by the cut-off), the rest the room's prior. The ranks of the
    goods are turned against each other, so that an office need not single out all or none.
    """
    if draws.n == 1:
        return draws
    own = {str(name) for name in case.tables["parameters"]["name"]}
    values: dict[str, Array] = {}
    rows: dict[str, Parameter] = {}
    known_by = None if case.cutoff == date.max else case.cutoff
    for place, product in enumerate(case.products):
        key = f"{NAME}.{product.id}"
        if any(name in own or name in case.scenario for name in (NAME, key)):
            continue
        prior = draws.parameter(NAME)
        ranks = (_rank(draws.get(NAME)[1:], prior) + place / len(case.products)) % 1
        code = product.hs[0] if product.hs else None
        hurdle = depth(known_by, "licence", leave_out=case.on_record, supplier=case.sender, product=code)
        values[key] = np.concatenate([[prior.central], _withheld(ranks, prior, hurdle)])
        rows[key] = replace(prior, name=key, source=f"{prior.source}; {hurdle.source}")
    return draws.more(values, rows)


def _withheld(ranks: Array, prior: Parameter, hurdle: Depth) -> Array:
    """Shares (draw,) by rank: the room's prior below the hurdle, the deep component above it."""
    from scipy.special import betaincinv

    let = 1 - hurdle.chance
    within = np.clip(ranks / let, 0, 1)
    above = np.clip((ranks - let) / hurdle.chance, 0, 1)
    out = ranks >= let
    return np.where(out, betaincinv(*hurdle.near_all, above), triangular(within, prior.low, prior.central, prior.high))


def _rank(values: Array, prior: Parameter) -> Array:
    """Where each value stands in its triangular prior, 0 to 1."""
    low, mode, high = prior.low, prior.central, prior.high
    with np.errstate(divide="ignore", invalid="ignore"):
        left = (values - low) ** 2 / ((high - low) * (mode - low))
        right = 1 - (high - values) ** 2 / ((high - low) * (high - mode))
    return np.asarray(np.where(values < mode, left, right), dtype=float)
