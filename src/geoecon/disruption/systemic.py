"""Which node matters: the economic systemic risk index of every industry, by batches.

Diem, Borsos, Reisch, Kertesz & Thurner 2022: an industry stops; the loss runs down to its buyers through a generalised
Leontief production function and up to its suppliers through lost sales, until nothing moves. h is output left.

    down: h_i = min( min over critical p of 1 − Σ_j w_ji σ_j (1 − h_j),
                     1 − Σ over other p of share_p Σ_j w_ji σ_j (1 − h_j) )
    up:   h_l = 1 − Σ_i sales_li (1 − h_i)
    index = Σ_j x_j (1 − min(down, up)) / Σ_j x_j

w: share of supplier j in input p of buyer i; σ_j = min(1, x_j / Σ output left of j's sector): a small supplier among
many that still deliver is replaced, the last one is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon.disruption.blas import single_thread
from geoecon.disruption.economy import CRITICAL, Array, Economy
from geoecon.disruption.progress import bar
from geoecon.errors import InputError, NotConverged
from geoecon.figure import cite

if TYPE_CHECKING:
    import altair as alt


TOLERANCE = 1e-10
LIMIT = 10_000


@dataclass(frozen=True, eq=False)
class Systemic:
    """Index of each industry that was stopped, and what runs down and up, all in shares of total output."""

    industries: tuple[str, ...]
    index: Array
    downstream: Array
    upstream: Array
    own: Array
    sources: frozenset[str] = frozenset()

    def chart(self) -> alt.VConcatChart:
        """The industries with the largest index."""
        from geoecon.disruption import pictures

        return pictures.systemic(self.to_frame(), self.sources)

    def to_frame(self) -> pd.DataFrame:
        """Industries by index, the riskiest first."""
        frame = pd.DataFrame(
            {
                "industry": self.industries,
                "index": self.index,
                "downstream": self.downstream,
                "upstream": self.upstream,
                "own_share": self.own,
            }
        )
        frame["multiple"] = np.divide(self.index, self.own, out=np.full(len(frame), np.nan), where=self.own > 0)
        frame = frame.sort_values("index", ascending=False, kind="stable").reset_index(drop=True)
        frame.insert(0, "rank", range(1, len(frame) + 1))
        return frame


def systemic_risk(
    economy: Economy,
    industries: Sequence[int] | None = None,
    *,
    loss: float = 1.0,
    replaceable: bool = True,
    batch: int = 128,
) -> Systemic:
    """The index of each of `industries` (our numbers; None: all) when it loses `loss` of its output.

    `replaceable` false sets σ to one: no supplier can be replaced. Raises InputError for a loss outside 0 to 1,
    NotConverged where the cascade does not settle.
    """
    if not 0 < loss <= 1:
        raise InputError(f"loss {loss:g}; allowed: above 0, at most 1")
    chosen = np.arange(economy.n) if industries is None else np.asarray(industries, np.int64)
    total = economy.output.sum()
    parts = []
    with single_thread(), bar(what="industries stopped") as tell:
        for first in range(0, len(chosen), batch):
            some = chosen[first : first + batch]
            left = np.ones((economy.n, len(some)))
            left[some, range(len(some))] = 1 - loss
            down = _downstream(economy, left, replaceable)
            up = _upstream(economy, left)
            both = np.minimum(down, up)
            parts.append(np.stack([economy.output @ (1 - h) / total for h in (both, down, up)]))
            tell(min(1.0, (first + batch) / len(chosen)))
    index, downstream, upstream = np.concatenate(parts, axis=1) if parts else np.zeros((3, 0))
    names = tuple(economy.labels[i] for i in chosen)
    sources = economy.sources | {cite("disruption-diem-2022")}
    return Systemic(names, index, downstream, upstream, economy.output[chosen] / total, sources)


def _downstream(economy: Economy, left: Array, replaceable: bool) -> Array:
    S, R, n = economy.shares.shape
    B = left.shape[1]
    critical = economy.criticality == CRITICAL
    others = np.where(critical, 0, economy.base_orders)
    whole = others.sum(axis=0)
    weight = np.divide(others, whole, out=np.zeros_like(others), where=whole > 0)
    x = economy.output[:, None]
    h = left
    for _ in range(LIMIT):
        missing = (1 - h).reshape(S, R, B)
        if replaceable:
            alive = (x * h).reshape(S, R, B).sum(axis=1)
            sigma = np.minimum(
                np.divide(x.reshape(S, R, 1), alive[:, None], out=np.ones((S, R, B)), where=alive[:, None] > 0), 1
            )
            missing = missing * sigma
        worst, lost = np.zeros((n, B)), np.zeros((n, B))
        for p in range(S):
            short = economy.shares[p].T @ missing[p]
            np.maximum(worst, np.where(critical[p][:, None], short, 0), out=worst)
            lost += weight[p][:, None] * short
        new = np.minimum(np.minimum(left, 1 - np.maximum(worst, lost)), h)
        change = np.abs(new - h).max()
        h = np.asarray(np.clip(new, 0, 1))
        if change < TOLERANCE:
            return np.asarray(h)
    raise NotConverged("systemic risk, downstream", float(change), LIMIT)


def _upstream(economy: Economy, left: Array) -> Array:
    n = economy.n
    asked = economy.sales + economy.final_total
    flows = (economy.shares * economy.base_orders[:, None]).reshape(n, n)
    sales = np.divide(flows, asked[:, None], out=np.zeros_like(flows), where=asked[:, None] > 0)
    h = left
    for _ in range(LIMIT):
        new = np.minimum(left, 1 - sales @ (1 - h))
        change = np.abs(new - h).max()
        h = np.clip(new, 0, 1)
        if change < TOLERANCE:
            return h
    raise NotConverged("systemic risk, upstream", float(change), LIMIT)
