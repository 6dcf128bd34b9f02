"""Caps on single flows, compiled: what of an order goes to others at once, and what waits for its supplier.

numba keeps what `kernel` calls here with the code of that file: where this file changes, change that one too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoecon.compiled import FAST, njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoecon.kinds import Ints
    from geoecon.kinds import Reals as Array

    Capped = tuple[Ints, Ints, Ints, Ints, Array, Array]  # first of a group, input, buyer, seller, share, base flow


@njit(cache=True)
def _bind(
    lo: int, hi: int, b: int, capped: Capped, cap: Array, v: Array, hole: Array, quick: float, order: float,
    bound: NDArray[np.bool_],
) -> bool:  # fmt: skip
    """Marks the flows lo … hi − 1 whose orders exceed their caps; whether there are more of them than before."""
    _, _, _, seller, share, flow = capped
    more = False
    for e in range(lo, hi):
        wanted = order * share[e] * v[seller[e], b] + hole[e, b] * quick
        if not bound[e - lo] and cap[e, b] != 1.0 and wanted > cap[e, b] * flow[e]:
            bound[e - lo] = more = True
    return more


@njit(cache=True)
def cap_orders(
    capped: Capped, cap: Array, switch: Array, shares: Array, a: Array, c0: Array, quick: Array, x: Array, v: Array,
    orders: Array, D: Array, hole: Array, delta: Array,
) -> None:  # fmt: skip
    """Caps on single edges, after the pass: no order above cap × base flow.

    Edges are sorted by (input, buyer); `groups` marks where an (input, buyer) begins. Of what exceeds a cap, the share
    `switch` goes to the other suppliers at once; they also go on with their base flow if it is needed. The rest is not
    asked of them: it is a `hole` (e, B) in the stock, which only the capped supplier fills when it may. Overwrites the
    orders (group, B), D, hole and delta (e, B), the order less what the weights would give. A cap of one is no cap.
    `quick` (S, B): one over the days in which stocks are refilled.
    """
    B, R = v.shape[1], shares.shape[1]
    groups, inputs, buyer, seller, share, flow = capped
    for k in range(len(groups) - 1):
        lo, hi = groups[k], groups[k + 1]
        p, j = inputs[lo], buyer[lo]
        bound = np.zeros(hi - lo, np.bool_)
        for b in range(B):
            acts = False
            for e in range(lo, hi):
                delta[e, b] = 0.0
                acts = acts or cap[e, b] != 1.0 or hole[e, b] > 0.0
            if not acts:
                continue
            c = orders[k, b]
            total = missing = 0.0
            for r in range(R):
                total += shares[p, r, j] * v[p * R + r, b]
            if total < 1e-9:
                continue
            gap = max(c * total - a[p, j] * x[j, b], 0.0) / quick[p, b]  # of the stock
            for e in range(lo, hi):
                missing += hole[e, b]
            part = min(1.0, gap / missing) if missing > 0.0 else 0.0
            for e in range(lo, hi):
                hole[e, b] *= part
            easy = c - missing * part * quick[p, b] / total
            eased, bound[:] = easy, False
            while _bind(lo, hi, b, capped, cap, v, hole, quick[p, b], eased, bound):
                rest, left = total, c * total
                surplus = moved = 0.0
                for e in range(lo, hi):
                    if bound[e - lo]:
                        weight = share[e] * v[seller[e], b]
                        rest -= weight
                        left -= cap[e, b] * flow[e]
                        surplus += max(easy * weight - cap[e, b] * flow[e], 0.0) * switch[e, b]
                        moved += (1.0 - cap[e, b]) * flow[e] * switch[e, b]
                eased = easy
                if rest > 1e-9:  # the others go on with their base flow, and with what can be moved to them
                    eased = max(easy + surplus / rest, min(left / rest, c0[p, j] + moved / rest))
            for e in range(lo, hi):
                weight = share[e] * v[seller[e], b]
                order = cap[e, b] * flow[e] if bound[e - lo] else eased * weight + hole[e, b] * quick[p, b]
                delta[e, b] = order - eased * weight
                if bound[e - lo]:
                    kept, back = max(easy * weight - order, 0.0), max(order - easy * weight, 0.0)
                    hole[e, b] += kept * (1.0 - switch[e, b]) - back
                else:
                    hole[e, b] -= hole[e, b] * quick[p, b]
                hole[e, b] = max(hole[e, b], 0.0)
            if eased != c:
                orders[k, b] = eased
                for r in range(R):
                    D[p * R + r, b] += shares[p, r, j] * (eased - c)


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True)
def limit(
    capped: Capped, cap: Array, switch: Array, shares: Array, a: Array, c0: Array, restore: Array, x: Array, v: Array,
    C: Array, D: Array, hole: Array, delta: Array,
) -> None:  # fmt: skip
    """`cap_orders` on orders above the base, C (S, n, B)."""
    groups, inputs, buyer = capped[:3]
    orders = np.empty((len(groups) - 1, x.shape[1]))
    for k in range(len(groups) - 1):
        p, j = inputs[groups[k]], buyer[groups[k]]
        orders[k] = C[p, j] + c0[p, j]
    cap_orders(capped, cap, switch, shares, a, c0, restore, x, v, orders, D, hole, delta)
    for k in range(len(groups) - 1):
        p, j = inputs[groups[k]], buyer[groups[k]]
        C[p, j] = orders[k] - c0[p, j]
