"""What others deliver after a cut: where a case has no figures of its own, from cut-offs that happened."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geoecon.case import Case
from geoecon.disruption.materials import YEAR, Array, Materials, key_of
from geoecon.draws import Draws
from geoecon.episodes import CasePrecedents

OWN = ("alternative_ceiling", "alternative_lag_days", "alternative_ramp_days")


def by_precedent(materials: Materials, case: Case, draws: Draws, products: list[str],
                 precedents: CasePrecedents | None) -> Materials:  # fmt: skip
    """The materials with others' deliveries of each draw those of one precedent, goods with figures of their own apart.

    Their answer to the price is in what they delivered then, so that `response` is none for these goods.
    """
    fields = {name: getattr(materials, name).copy() for name in ("alternative", "lag_days", "ramp_days", "response")}
    for g, name in enumerate(products):
        if not from_precedents(case, draws, name, precedents):
            continue
        assert precedents is not None
        paths = precedents.paths(name).head(draws.n)
        early, late = (np.clip(paths[f"replaced_{h}"].to_numpy(float), 0, 1) for h in (0, 1))
        ceiling, lag, ramp = deliveries(early, late)
        fields["alternative"][:, g] = np.clip(ceiling * materials.need_share[:, g] * paths["cut"], 0, 1)
        fields["lag_days"][:, g], fields["ramp_days"][:, g], fields["response"][:, g] = lag, ramp, 0.0
    return replace(materials, **fields)


def from_precedents(case: Case, draws: Draws, name: str, precedents: CasePrecedents | None) -> bool:
    """Whether others' deliveries of a good come from precedents: it has some, and nobody states figures for it."""
    if precedents is None or name not in precedents.of or precedents.n < max(draws.n - 1, 1):
        return False
    product = case.product(name)
    return not any(key in case.scenario or key_of(draws, key, product, case.id) != key for key in OWN)


def deliveries(early: Array, late: Array) -> tuple[Array, Array, Array]:
    """(ceiling, lag, ramp in days) of a rise in a straight line whose mean over the first year is `early` and that
    stands at `late`, or at `early` where that is more: shares of the loss, each (draw,)."""
    ceiling = np.maximum(early, late)
    part = np.divide(early, ceiling, out=np.ones_like(early), where=ceiling > 0)
    lag = np.where(part < 0.5, YEAR * (1 - np.sqrt(2 * np.minimum(part, 0.5))), 0.0)
    ramp = np.where(part < 0.5, YEAR, np.maximum(2 * YEAR * (1 - part), 1.0))
    return ceiling, lag, ramp
