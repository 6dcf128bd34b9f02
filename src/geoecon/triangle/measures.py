"""What can be measured about three states, as plain functions of numbers and small arrays.

No data, no names: a state is a position. c capability, d (n, n) one where two states share a defence pact.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geoecon.errors import InputError

Array = NDArray[np.float64]


def concentration(c: ArrayLike) -> float:
    """How unequal capabilities are: 0 equal, 1 all in one hand. Ray & Singer 1973."""
    s = _shares(c)
    n = len(s)
    return float(np.sqrt(max((np.sum(s**2) - 1 / n) / (1 - 1 / n), 0.0)))


def preponderance(patron: float, others: float) -> float:
    """The patron's capability over that of the two others together."""
    return float(patron / others)


def asymmetry(first: float, second: float) -> float:
    """(first − second) / (first + second), from −1 to 1; missing where both are zero."""
    total = first + second
    return float((first - second) / total) if total else float("nan")


def security_dependence(c: ArrayLike, d: ArrayLike, outside: ArrayLike | None = None) -> Array:
    """Dep (n, n): the share of i's pool (own and allied capability) that leaves if j leaves.

    `outside` (n,) is the capability of i's allies beyond the states given. After Morrow 1991.
    """
    power, ties = np.asarray(c, float), np.asarray(d, float)
    if (power < 0).any():
        raise InputError(f"capability {power.min():g}; allowed: a number from 0")
    allied = np.where(ties > 0, ties * power, 0.0)  # an unknown capability matters only where there is a pact
    pool = power + allied.sum(axis=1) + (0.0 if outside is None else np.asarray(outside, float))
    return np.asarray(np.divide(allied, pool[:, None], out=np.zeros_like(ties), where=pool[:, None] != 0))


def net_patronage(dependence: ArrayLike) -> Array:
    """N (n,): half of how much more the others depend on i than i on them. Sums to zero."""
    dep = np.asarray(dependence, float)
    return np.asarray((dep.sum(axis=0) - dep.sum(axis=1)) / 2)


def drawdown(troops: Sequence[float]) -> float:
    """δ: fall of the patron's troops below the highest of the last four years; the present year comes last.

    Zero where that highest number is under 1,000, where small changes say nothing.
    """
    top = max(troops)
    return 1 - troops[-1] / top if top >= 1000 else 0.0


def similarity(x: ArrayLike, y: ArrayLike, reach: float = 2.0) -> tuple[float, float, float]:
    """(S, π, κ) of two lists of positions; `reach` is the largest possible distance in one of them.

    S: Signorino & Ritter 1999. π: Scott's, κ: Cohen's, both after Häge 2011. NaN without common positions, and
    where chance alone would give the same (no variation).
    """
    first, second = np.asarray(x, float), np.asarray(y, float)
    if not len(first):
        return (float("nan"),) * 3
    s = 1 - 2 * float(np.abs(first - second).mean()) / reach
    apart = float(((first - second) ** 2).sum())
    pooled = (first.mean() + second.mean()) / 2
    by_pi = float(((first - pooled) ** 2 + (second - pooled) ** 2).sum())
    own = float(((first - first.mean()) ** 2 + (second - second.mean()) ** 2).sum())
    by_kappa = own + len(first) * float(first.mean() - second.mean()) ** 2
    return s, _corrected(apart, by_pi), _corrected(apart, by_kappa)


def _corrected(apart: float, chance: float) -> float:
    """Agreement beyond chance; 1 where both never vary and agree, since nothing is apart."""
    if chance > 1e-12:
        return 1 - apart / chance
    return 1.0 if apart == 0 else float("nan")


def centralisation(d: ArrayLike) -> float:
    """Degree centralisation of three states: star 1, triangle 0, one pact ½, none 0. Freeman 1979."""
    degree = np.asarray(d, float).sum(axis=1)
    return float((degree.max() - degree).sum() / 2)


def spoke_index(d: ArrayLike, hub: int) -> float:
    """1 − clustering of the hub: share of pairs of its allies without a pact of their own. Watts & Strogatz 1998.

    NaN where the hub has fewer than two allies.
    """
    ties = np.asarray(d, float)
    allies = np.flatnonzero(ties[hub])
    pairs = len(allies) * (len(allies) - 1)
    return float(1 - ties[np.ix_(allies, allies)].sum() / pairs) if pairs else float("nan")


def betweenness(d: ArrayLike, hub: int) -> float:
    """Share of shortest paths between the other states that run through the hub; states without a pact left out.

    Freeman 1979. Counts paths through powers of the adjacency matrix, level by level.
    """
    ties = np.asarray(d, float)
    kept = np.flatnonzero(ties.sum(axis=1) > 0)
    if hub not in kept or len(kept) < 3:
        return float("nan")
    ties, hub = ties[np.ix_(kept, kept)], int(np.flatnonzero(kept == hub)[0])
    n = len(kept)
    distance, paths = np.full((n, n), np.inf), np.eye(n)
    np.fill_diagonal(distance, 0.0)
    level, frontier = 0, np.eye(n)
    while frontier.any():
        level += 1
        frontier = np.where(np.isinf(distance), frontier @ ties, 0.0)
        distance[frontier > 0] = level
        paths += frontier
    through = distance[:, [hub]] + distance[[hub], :]
    on_path = (through == distance) & np.isfinite(distance)
    share = np.divide(paths[:, [hub]] * paths[[hub], :], paths, out=np.zeros((n, n)), where=on_path & (paths > 0))
    share[hub, :] = share[:, hub] = 0.0
    np.fill_diagonal(share, 0.0)
    return float(share.sum() / ((n - 1) * (n - 2)))


def spoke_exercises(with_first: float, with_second: float, between: float) -> float:
    """1 where the spokes never exercise together, 0 where as often as with the hub; NaN without any exercise."""
    mean = (with_first + with_second) / 2
    return max(0.0, 1 - between / mean) if mean else float("nan")


def trilateral_share(with_first: float, with_second: float, all_three: float) -> float:
    """Share of the hub's exercises with either spoke that had both."""
    total = with_first + with_second - all_three
    return all_three / total if total else float("nan")


def abandonment(dependence: ArrayLike, drawn: ArrayLike, divergence: ArrayLike) -> Array:
    """A = Dep·[1 − (1 − δ)(1 − g)]: what would be lost, times signs that the patron turns away. After Snyder 1984."""
    dep, δ, g = np.asarray(dependence, float), np.asarray(drawn, float), np.asarray(divergence, float)
    return np.asarray(dep * (1 - (1 - δ) * (1 - g)))


def entrapment(pact: ArrayLike, drawn: ArrayLike, divergence: ArrayLike) -> Array:
    """E = d·(1 − δ)·g: a pact that holds, with a patron of other aims. After Snyder 1984."""
    return np.asarray(np.asarray(pact, float) * (1 - np.asarray(drawn, float)) * np.asarray(divergence, float))


def friction(a_first: ArrayLike, e_first: ArrayLike, a_second: ArrayLike, e_second: ArrayLike) -> Array:
    """Half the distance between the two fears' balance of the two juniors. After Cha 1999."""
    first = np.asarray(a_first, float) - np.asarray(e_first, float)
    return np.asarray(np.abs(first - (np.asarray(a_second, float) - np.asarray(e_second, float))) / 2)


def drift(years: ArrayLike, values: ArrayLike) -> float:
    """Least-squares slope per decade; NaN with fewer than three values."""
    t, y = np.asarray(years, float), np.asarray(values, float)
    known = np.isfinite(y)
    if known.sum() < 3:
        return float("nan")
    return float(np.polyfit(t[known], y[known], 1)[0] * 10)


def _shares(c: ArrayLike) -> Array:
    values = np.asarray(c, float)
    if (values < 0).any() or not values.sum() > 0:
        raise InputError(f"capabilities {values.tolist()}; allowed: numbers from 0, not all zero")
    return np.asarray(values / values.sum())
