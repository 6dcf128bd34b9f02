"""What others deliver after a cut: what they did in cut-offs like it, or what a case says of them, with its error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geoecon.case import Case
from geoecon.dates import YEAR
from geoecon.disruption.figures import missed, with_error
from geoecon.disruption.materials import Array, Materials, key_among, key_of
from geoecon.draws import Draws, Parameter
from geoecon.episodes import CasePrecedents, Precedents

if TYPE_CHECKING:
    import pandas as pd

# parameter of a case: field of the materials
OWN: Mapping[str, str] = {
    "alternative_ceiling": "alternative",
    "alternative_lag_days": "lag_days",
    "alternative_ramp_days": "ramp_days",
}
REPLACED = ("replaced_0", "replaced_1")


def by_precedent(materials: Materials, case: Case, draws: Draws, products: list[str],
                 precedents: CasePrecedents | None, share: Array) -> Materials:  # fmt: skip
    """The materials with others' deliveries of each draw those of one precedent of the cut that the draw has.

    `share` (draw, day, product) is the flow that may move. Where the case or the question states a ceiling, a lag or a
    ramp (what it does not state is the middle of the precedents), the middle is theirs and the band what such figures
    have been wrong by on the record (`figures`), at the rank that the draw's precedent of a whole stop has: so a draw
    keeps its error where a scenario moves the flow. The switch `second_supplier` asks for no less than the most and the
    soonest that is thought possible. The answer to the price is in what others delivered then, so that `response` is
    none for these goods.
    """
    fields = {name: getattr(materials, name).copy() for name in (*OWN.values(), "response")}
    for g, name in enumerate(products):
        if precedents is None or not from_precedents(draws, name, precedents):
            continue
        cut = fall(share[:, :, g])
        paths = precedents.paths(name, cut[1:], REPLACED).head(draws.n)
        lost = cut * materials.need_share[:, g]
        ceiling, lag, ramp = deliveries(*of_loss(paths))
        own = [stated(case, draws, key, name) for key in OWN]
        if any(own):
            some = lost[1:] * (ceiling > 0)[1:]
            middles = (median(ceiling[1:], lost[1:]) * lost, *(median(time[1:], some) for time in (lag, ramp)))
            told = [
                fields[field][:, g] if mine else np.broadcast_to(np.asarray(middle), lost.shape)
                for field, mine, middle in zip(OWN.values(), own, middles, strict=True)
            ]
            gap = np.clip(1 - share[:, :, g].min(axis=1), 0, 1) * materials.need_share[:, g]
            whole = precedents.paths(name, np.ones(draws.n - 1), REPLACED).head(draws.n)
            found = with_error(told, gap, ranks(of_loss(whole)), error(precedents.of[name]))
        else:
            found = [ceiling * lost, lag, ramp]
        for field, values in zip(OWN.values(), found, strict=True):
            fields[field][:, g] = values
        fields["response"][:, g] = 0.0
    if case.switch("second_supplier") == "early":
        for g, name in enumerate(products):
            most, soonest, _ = (row_of(case, draws, key, name) for key in OWN)
            fields["alternative"][:, g] = np.maximum(fields["alternative"][:, g], most.high)
            fields["lag_days"][:, g] = np.minimum(fields["lag_days"][:, g], soonest.low)
    fields["alternative"] = np.clip(fields["alternative"], 0, 1)
    fields["lag_days"], fields["ramp_days"] = np.maximum(fields["lag_days"], 0), np.maximum(fields["ramp_days"], 1)
    return replace(materials, **fields)


def of_loss(paths: pd.DataFrame) -> Array:
    """(2, draw) what others replaced of each tonne lost, in the first and in the second year."""
    return np.stack([np.nan_to_num(paths[column].to_numpy(float)) for column in REPLACED])


def error(asked: Precedents) -> Array:
    """(2, level) what figures told beforehand have missed, as known on the day of the question."""
    own = asked.record.pair_of(asked.product, asked.supplier)
    return missed(asked.record, asked.before, own)


def ranks(seen: Array) -> Array:
    """(2, draw) places of the draws' precedents between 0 and 1, ties as they come; the middle in row 0."""
    order = np.argsort(np.argsort(seen[:, 1:], axis=1, kind="stable"), axis=1)
    found = (order + 0.5) / order.shape[1]
    return np.concatenate([np.full((2, 1), 0.5), found], axis=1)


def from_precedents(draws: Draws, name: str, precedents: CasePrecedents | None) -> bool:
    """Whether others' deliveries of a good come from precedents: there are some, one for each draw."""
    return precedents is not None and name in precedents.of and 1 <= draws.n - 1 <= precedents.n


def stated(case: Case, draws: Draws, key: str, name: str) -> bool:
    """Whether the case or the question says something of its own about a good."""
    return key in case.scenario or key_of(draws, key, case.product(name), case.on_record) != key


def row_of(case: Case, draws: Draws, key: str, name: str) -> Parameter:
    """The row of a parameter that holds for a good."""
    return draws.parameters[key_of(draws, key, case.product(name), case.on_record)]


def own_row(case: Case, key: str, name: str) -> bool:
    """Whether the case itself says something of a good, whatever the question states."""
    return key_among(replace(case, scenario={}).parameters, key, case.product(name), case.on_record) != key


def said(case: Case, draws: Draws, products: list[str], precedents: CasePrecedents | None) -> tuple[str, ...]:
    """Of goods whose deliveries by others a question states, where they would be those of the record."""
    return tuple(
        f"Others' deliveries of {case.product(name).name} are those stated, not those of the record. Stated figures "
        "keep the error that such figures have had, so that a run can lose less than with nothing stated"
        for name in products
        if from_precedents(draws, name, precedents)
        and any(stated(case, draws, key, name) for key in OWN)
        and not any(own_row(case, key, name) for key in OWN)
    )


def fall(share: Array) -> Array:
    """(draw,) share of a year's flow that is lost from the day on which it first falls; `share` (draw, day)."""
    days, year = share.shape[1], YEAR
    start = np.where((share < 1).any(axis=1), (share < 1).argmax(axis=1), 0)
    at = np.minimum(start[:, None] + np.arange(year), days - 1)
    return np.asarray(np.clip(1 - np.take_along_axis(share, at, axis=1).mean(axis=1), 0, 1))


def deliveries(early: Array, late: Array) -> tuple[Array, Array, Array]:
    """(ceiling, lag, ramp in days) of a rise in a straight line whose mean over the first year is `early` and that
    stands at `late`, or at `early` where that is more: shares of the loss, each (draw,); the ceiling is below nothing
    where others delivered less than before."""
    ceiling = np.maximum(early, late)
    least, most = np.clip(early, 0, 1), np.clip(ceiling, 0, 1)
    part = np.divide(least, most, out=np.ones_like(early), where=most > 0)
    lag = np.where(part < 0.5, YEAR * (1 - np.sqrt(2 * np.minimum(part, 0.5))), 0.0)
    ramp = np.where(part < 0.5, YEAR, np.maximum(2 * YEAR * (1 - part), 1.0))
    return ceiling, lag, ramp


def median(values: Array, weights: Array) -> float:
    """The weighted median; of all where no weight is above nothing."""
    weights = weights if (weights > 0).any() else np.ones_like(weights)
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2 * (1 - 1e-9))])
