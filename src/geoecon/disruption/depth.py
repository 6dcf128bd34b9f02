"""How deep a shortage can go: no deeper than the inputs that are there, shared out evenly, let every industry work.

Rationing in proportion to orders has no floor of its own. Industries that are short order less, households do not, so
that households and whoever is not short take a growing part of what is left; where suppliers need each other all runs
down to nothing, though the material that is short binds a few industries by a part. How deep shortages go hangs on
that rule alone (Pichler & Farmer 2022), for which Han et al. 2025 guarantee every customer a least supply. Here it is
its share of old deliveries: an industry then works at the worst of its own ceiling and of what its inputs allow, the
greatest fixed point of x = min(ceiling, F(shares of x)). Where nothing replaces anything F is the worst of the inputs
that can hold it up (Leontief; the downstream cascade of Diem et al. 2022), and no industry is below the lowest ceiling:
at that level all together have what they need. With an elasticity F is the mean of a power by shares of cost: ordinary
inputs are replaced no worse than the materials that are short (`technology`). Orders then fall with their buyers'
output. No course in which some region falls by a hundredth on some day runs below that; smaller falls are no run-down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoecon.dates import YEAR
from geoecon.disruption.economy import FREE, Array, Economy

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoecon.disruption.conduct import Conduct
    from geoecon.disruption.shocks import Index, Shocks
    from geoecon.disruption.together import Courses

HALF = YEAR // 2  # a bound holds for half a year, with the shortages of the half before, on their way through stocks
MARKED = 0.01  # of a region's output: a fall that is looked at
TOLERANCE = 1e-7  # of base output
LIMIT = 500
LEAST, MOST = 1e-3, 0.95  # elasticity of substitution, share of an input: what is less counts as this


def held(
    economy: Economy, shocks: Shocks, course: Courses, conduct: Conduct, keep: list[int],
    elasticity: Callable[[Array], Array] | None = None,
) -> Courses:  # fmt: skip
    """`course` with no region's output or value added lower than the standing state of the shortages of that half-year
    and the one before. Scenarios in which nothing is short, and those that stay above it, are left as they are.

    `elasticity` of substitution between inputs (B,) by the days since the shortage began (B,); None: none."""
    R, S = economy.size
    output, added, kept, first = course.output, course.value_added, course.kept, course.first
    began = (
        np.zeros(shocks.scenarios) if not len(shocks.ceiling_at) else (shocks.ceiling < 1).any(axis=1).argmax(axis=0)
    )
    for start in range(0, shocks.days, HALF):
        days = slice(start, start + HALF)
        least = {"output": output[days].min(axis=0), "added": added[days].min(axis=0), "kept": kept[days].min(axis=0)}
        standing = Standing(economy, shocks, conduct, slice(max(0, start - HALF), start + HALF),
                            None if elasticity is None else elasticity(np.maximum(start - began, 0.0)))  # fmt: skip
        some, left = _deeper(standing, keep, least)
        if not len(some):
            continue
        if output is course.output:  # most runs need no other course
            output, added, kept, first = (one.copy(order="K") for one in (output, added, kept, first))
        made, worth = economy.output[:, None] * left, economy.value_added[:, None] * left
        output[days, :, some] = np.maximum(output[days, :, some], made.reshape(S, R, -1).sum(axis=0))
        added[days, :, some] = np.maximum(added[days, :, some], worth.reshape(S, R, -1).sum(axis=0))
        kept[days, :, some] = np.maximum(kept[days, :, some], made[keep])
        if some[0] == 0:
            first[days] = np.maximum(first[days], made[:, 0])
    return replace(course, output=output, value_added=added, kept=kept, first=first)


def _deeper(standing: Standing, keep: list[int], least: dict[str, Array]) -> tuple[Index, Array]:
    """(scenarios whose `least` of a day is below the standing state, that state)."""
    economy = standing.economy
    R, S = economy.size
    base = economy.output.reshape(S, R).sum(axis=0)[:, None]
    fallen = ((least["output"] < (1 - MARKED) * base) & (base > 0)).any(axis=0)
    some = np.flatnonzero(_short(standing.shocks, standing.days) & fallen)
    left = standing.own(some)
    for step in (standing.inputs, standing.orders):
        for _ in range(LIMIT):
            below = _below(economy, keep, {name: one[..., some] for name, one in least.items()}, left)
            some, left = some[below], left[:, below]  # the state is found from above: who is above a step is above it
            new = step(left, some)
            settled = not len(some) or np.abs(new - left).max() < TOLERANCE
            left = new
            if settled:
                break
    return some, left


def _short(shocks: Shocks, days: slice) -> NDArray[np.bool_]:
    """(B,) scenarios in which an industry cannot make what it made."""
    short = np.zeros(shocks.scenarios, bool)
    if len(shocks.ceiling_at):
        short |= (shocks.ceiling[days] < 1).any(axis=(0, 1))
    if len(shocks.loss_at):
        short |= (shocks.loss[days] > 0).any(axis=(0, 1))
    return short


def _below(economy: Economy, keep: list[int], least: dict[str, Array], left: Array) -> NDArray[np.bool_]:
    """(B,) scenarios that are somewhere below `left` (n, B), the share of its base that each industry makes."""
    R, S = economy.size
    made, worth = economy.output[:, None] * left, economy.value_added[:, None] * left
    return np.asarray(
        (least["output"] < made.reshape(S, R, -1).sum(axis=0)).any(axis=0)
        | (least["added"] < worth.reshape(S, R, -1).sum(axis=0)).any(axis=0)
        | (least["kept"] < made[keep]).any(axis=0)
    )


@dataclass(frozen=True, eq=False)
class Standing:
    """The state in which the worst shortages of some days would stand for good, found by steps from above; (n, B) are
    shares of the base that industries make, `some` the scenarios that stand in them."""

    economy: Economy
    shocks: Shocks
    conduct: Conduct
    days: slice
    elasticity: Array | None = None  # (B,) of substitution between inputs; None: none

    @cached_property
    def binds(self) -> NDArray[np.bool_]:
        """(S, n) inputs that can hold an industry up."""
        economy = self.economy
        return (economy.criticality > FREE) & economy.needed & np.isfinite(economy.inventory)[:, None]

    @cached_property
    def flow(self) -> Array:
        """(e,) base flow of the capped edges."""
        R, i, j = len(self.economy.regions), self.shocks.seller, self.shocks.buyer
        return np.asarray(self.economy.shares[i // R, i % R, j] * self.economy.base_orders[i // R, j])

    def held_back(self, some: Index) -> Array:
        """(e, B) share of its base flow that an edge may not carry."""
        return np.asarray(1 - np.minimum(self.shocks.cap[self.days][..., some].min(axis=0), 1))

    def own(self, some: Index) -> Array:
        """Own ceilings and lost capacity."""
        shocks, left = self.shocks, np.ones((self.economy.n, len(some)))
        if len(shocks.ceiling_at):
            left[shocks.ceiling_at] = np.minimum(shocks.ceiling[self.days][..., some].min(axis=0), 1)
        if len(shocks.loss_at):
            left[shocks.loss_at] *= 1 - shocks.loss[self.days][..., some].max(axis=0)
        return left

    def inputs(self, left: Array, some: Index) -> Array:
        """Each industry at its worst input that can hold it up, of which every supplier gives all the same share of
        what they bought; less what a cap keeps from a buyer, but for a material, whose lack its ceiling is."""
        economy, shocks = self.economy, self.shocks
        R, S = economy.size
        by = left.reshape(S, R, -1)
        lost: dict[int, Array] = {}
        apart = ~np.isin(shocks.buyer, shocks.ceiling_at)
        if apart.any():
            back = self.held_back(some)
            for e in np.flatnonzero(apart & (self.flow > 0)):
                p, j = int(shocks.seller[e]) // R, int(shocks.buyer[e])
                missing = lost.setdefault(p, np.zeros((economy.n, len(some))))
                missing[j] += economy.shares[p, shocks.seller[e] % R, j] * back[e]
        got = np.ones((S, economy.n, len(some)))
        for p in range(S):
            if p in lost or (by[p] < 1).any():
                input_ = 1 - economy.shares[p].T @ (1 - by[p]) - lost.get(p, 0.0)
                got[p] = np.where(self.binds[p][:, None], np.clip(input_, 0, 1), 1.0)
        made = got.min(axis=0)
        if self.elasticity is not None:
            made = self.mixed(got, made, self.elasticity[some])
        return np.asarray(np.minimum(left, made))

    def mixed(self, got: Array, least: Array, elasticity: Array) -> Array:
        """Output from inputs that replace each other with an elasticity: the mean of a power, by shares of cost."""
        power = 1 - 1 / np.clip(elasticity, LEAST, MOST)
        logs, floor = np.log(np.maximum(got, LEAST)), np.log(np.maximum(least, LEAST))
        parts = self.economy.coefficients / np.maximum(self.economy.coefficients.sum(axis=0), 1.0)
        total = (1 - parts.sum(axis=0))[:, None] * np.exp(-power * floor)
        for part, log in zip(parts, logs, strict=True):
            total += part[:, None] * np.exp(power * (log - floor))
        return np.asarray(np.clip(np.exp(floor + np.log(total) / power), least, 1))

    def orders(self, left: Array, some: Index) -> Array:
        """Each industry sells what its buyers still make with it, and loses orders that caps and final users no longer
        place, with the stocks that buyers hold no more."""
        economy, shocks = self.economy, self.shocks
        asked = (economy.sales + economy.final_total)[:, None]
        fewer = (economy.shares * economy.base_orders[:, None]).reshape(economy.n, -1) @ (1 - left)
        once = 1 + (self.conduct.days / self.conduct.restoration_days).max(axis=0)[some]
        if len(shocks.seller):
            np.add.at(fewer, shocks.seller, self.flow[:, None] * self.held_back(some) * once)
        if len(shocks.demand_at):
            fewer[shocks.demand_at] -= np.minimum(shocks.demand[self.days][..., some].min(axis=0), 0) * once
        unsold = np.divide(fewer, asked, out=np.zeros_like(fewer), where=asked > 0)
        return np.asarray(np.minimum(left, np.clip(1 - unsold, 0, 1)))
