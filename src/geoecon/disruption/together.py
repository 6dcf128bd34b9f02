"""Many scenarios of a case through all days: a few at a time, in single precision, while their arrays stay in cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoecon.disruption import kernel
from geoecon.disruption.blas import single_thread
from geoecon.disruption.conduct import Conduct
from geoecon.disruption.day import WEIGHTING, at_base, limits
from geoecon.disruption.economy import CRITICAL, IMPORTANT, Array, Economy
from geoecon.disruption.progress import bar
from geoecon.disruption.shocks import Edges, Index, Shocks

Single = NDArray[np.float32]
FEW = 64  # scenarios whose stocks and orders stay in cache
LANES = 16  # of single precision in a register


@dataclass(frozen=True, eq=False)
class Courses:
    """What happened in B scenarios: sums by region and day, and output of the industries that were asked for."""

    output: Array  # (T, R, B) a day
    value_added: Array  # (T, R, B)
    unmet: Array  # (R, B) final demand not met over all days, by consuming region
    kept: Array  # (T, k, B) output of industries `keep`
    first: Array  # (T, n) output by industry in the first scenario


def together(
    economy: Economy, shocks: Shocks, conduct: Conduct, keep: list[int], progress: Callable[[float], None] | None = None
) -> Courses:
    """As `simulate.run` day by day, to 1e-7 of what changes. Scenarios in which nothing happens stay at the base."""
    T, B = shocks.days, shocks.scenarios
    R, S = economy.size
    held = economy.output.reshape(S, R).sum(axis=0), economy.base_value_added, economy.output[keep]
    output, added, kept = (_at(base, T, B) for base in held)
    found = Courses(output, added, np.zeros((R, B)), kept, np.tile(economy.output, (T, 1)))
    acting, single = np.flatnonzero(shocks.acting()), _Single(economy)
    with bar(progress, "draws simulated") as tell, single_thread():
        for rows in np.array_split(acting, -(-len(acting) // FEW)) if len(acting) else ():
            single.days(shocks, conduct, keep, rows, found)
            tell((int(np.searchsorted(acting, rows[-1])) + 1) / len(acting))
    return found


def _single(values: Array) -> Single:
    return np.array(values, np.float32, order="C")


def _at(base: Array, days: int, scenarios: int) -> Array:
    """(day, industry or region, scenario) of the base; what belongs to a scenario lies together."""
    found = np.empty((scenarios, days, len(base)))
    found[:] = base
    return np.moveaxis(found, 0, 2)


class _Single:
    """The economy's arrays as `kernel.course` wants them."""

    def __init__(self, economy: Economy):
        self.economy = economy
        shares = economy.shares.astype(np.float32)
        self.fixed = (
            economy.output, economy.released, economy.sales, economy.final_total, economy.added_share,
            np.ascontiguousarray(economy.consumers), shares, np.ascontiguousarray(shares.transpose(0, 2, 1)),
            _single(economy.coefficients), _single(economy.base_orders), _single(limits(economy)),
            np.ascontiguousarray(economy.criticality),
        )  # fmt: skip

    def days(self, shocks: Shocks, conduct: Conduct, keep: list[int], rows: Index, found: Courses) -> None:
        """Fills `found` for some scenarios; the last stands several times, so that they fill whole registers."""
        economy, act, few = self.economy, self.economy.behaviour, len(rows)
        filled = np.append(rows, np.repeat(rows[-1], -few % LANES))
        hit, how = shocks.only(filled), conduct.only(filled)
        T, B, R = hit.days, len(filled), len(economy.regions)
        edges = Edges(economy, hit)
        cap, switch = (np.ascontiguousarray(one[:, edges.order]) if len(edges.order) else hit.cap
                       for one in (hit.cap, hit.switch))  # fmt: skip
        refill = 1 / how.restoration_days
        acts = (
            how.overproduction_max, how.overproduction_days, 1 / how.switching_days, 1 / how.return_days, refill,
            _single(how.days), _single(refill), _single(how.counted), _single(how.ease),
            _single(at_base(economy, how, CRITICAL)), _single(at_base(economy, how, IMPORTANT)),
        )  # fmt: skip
        loss, ceiling, demand = map(np.ascontiguousarray, (hit.loss, hit.ceiling, hit.demand))  # one form to compile
        hits = hit.loss_at, loss, hit.ceiling_at, ceiling, hit.demand_at, demand
        output, added, unmet = np.zeros((T, R, B)), np.zeros((T, R, B)), np.zeros((R, B))
        kept, first = np.empty((T, len(keep), B)), np.empty((T, economy.n))
        kernel.course(
            WEIGHTING[act.weights], act.goal == "optimal", act.important_weight, self.fixed, acts, hits, edges.capped,
            cap, switch, np.asarray(keep, np.int64), (output, added, unmet, kept, first),
        )  # fmt: skip
        found.output[..., rows] += output[..., :few]
        found.value_added[..., rows] += added[..., :few]
        found.unmet[:, rows], found.kept[..., rows] = unmet[:, :few], kept[..., :few]
        if rows[0] == 0:
            found.first[:] = first
