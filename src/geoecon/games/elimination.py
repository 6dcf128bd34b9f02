"""Newton steps of the logit equilibrium of a stochastic game, one state eliminated after the other.

Unknowns: y, log odds of every action against the first of its player, and V, values. With Q_i(s, a) the payoff of an
action against the others' play, equations and their derivatives are

(E1)  F_y = y - log reference odds - L (Q(a) - Q(first)) = 0
(E2)  F_V = V_i - sum_a sigma_i(a) Q_i(a) = 0
(E3)  dQ = M J dy + h,  h = discount x (expected dV after the action);  J = d sigma / d y
(E4)  K dy = L D h - F_y + (D Q) dL,  K = I - L D M J      a small matrix in every state; D takes the first away
(E5)  dV = G dy + sigma h - F_V                            so (I - C R) dV = r with h = R dV: players x states unknowns

McKelvey & Palfrey 1995 for the logit map, Eibelshäuser & Poensgen 2019 for its Markov form. The first action of a
player has no unknown: K, dy and the columns of G run over the others, the `free` ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoecon.compiled import njit
from geoecon.games.factors import factor, solve, solve_transposed

if TYPE_CHECKING:
    from geoecon.figure import Array
    from geoecon.games.flat import FlatArrays
    from geoecon.kinds import Ints


@njit(cache=True)
def respond(
    flat: FlatArrays, y: Array, V: Array, lam: float, sigma: Array, W: Array, Q: Array, Fy: Array, FV: Array
) -> float:
    """(E1), (E2): choices sigma, payoffs W (joint move, player) and Q, what is missing; returns the most missing."""
    row, profile, own, first, pay, link, to, _, chance, _, _, weight, owner, discount = flat
    N = V.shape[1]
    worst = 0.0
    for s in range(V.shape[0]):
        for a in range(row[s], row[s + 1]):
            if first[a] == a:
                logit(y, a, row[s + 1], first, sigma)
            Q[a] = 0.0
        for m in range(profile[s], profile[s + 1]):
            for i in range(N):
                W[m, i] = 0.0
            for t in range(link[m], link[m + 1]):
                for i in range(N):
                    W[m, i] += chance[t] * V[to[t], i]
            for i in range(N):
                W[m, i] = pay[m, i] + discount[i] * W[m, i]
                apart = 1.0
                for j in range(N):
                    if j != i:
                        apart *= sigma[own[m, j]]
                Q[own[m, i]] += apart * W[m, i]
        for i in range(N):
            FV[s, i] = V[s, i]
        for a in range(row[s], row[s + 1]):
            f = first[a]
            FV[s, owner[a]] -= sigma[a] * Q[a]
            Fy[a] = y[a] - y[f] - (weight[a] - weight[f]) - lam * (Q[a] - Q[f]) if a != f else y[a]
            worst = max(worst, abs(Fy[a]))
            if not np.isfinite(Fy[a]):
                return np.inf
        for i in range(N):
            worst = max(worst, abs(FV[s, i]))
    return worst


@njit(cache=True)
def logit(y: Array, start: int, end: int, first: Ints, sigma: Array) -> None:
    """Choice probabilities of the player whose first action is `start`; its state ends before `end`."""
    top, total, last = y[start], 0.0, start
    while last < end and first[last] == start:
        top = max(top, y[last])
        last += 1
    for a in range(start, last):
        sigma[a] = np.exp(y[a] - top)
        total += sigma[a]
    for a in range(start, last):
        sigma[a] /= total


@njit(cache=True)
def linearise(
    flat: FlatArrays, lam: float, sigma: Array, W: Array, Q: Array, Fy: Array, FV: Array, K: Array, swaps: Ints,
    C: Array, E: Array, values: Array,
) -> float:  # fmt: skip
    """The blocks of (E4), (E5) for every state at the point of `respond`; returns the sign of the product of det K.

    K (S, widest, widest) and swaps (S, widest): factors of K. C (S, N, widest): dV = C h + E. E (S, N, 2): right sides
    of the Newton step and of dL = 1. values: mean transitions of own actions over the distinct successors.
    """
    row, first, near, owner = flat[0], flat[3], flat[9], flat[12]
    S, N, widest = C.shape
    M, MJ, G = np.empty((widest, widest)), np.empty((widest, widest)), np.empty((N, widest))
    x, free = np.empty(widest), np.empty(widest, np.int64)
    sign, place = 1.0, 0
    for s in range(S):
        base, size, width = row[s], row[s + 1] - row[s], near[s + 1] - near[s]
        mean_transitions(s, flat, sigma, W, M, values[place : place + size * width].reshape(size, width))
        place += size * width
        choices_moved(base, size, owner, sigma, Q, M, MJ, G)
        n = 0
        for a in range(size):
            if first[base + a] != base + a:
                free[n] = a
                n += 1
        for r in range(n):
            a, f = free[r], first[base + free[r]] - base
            for c in range(n):
                K[s, r, c] = (1.0 if r == c else 0.0) - lam * (MJ[a, free[c]] - MJ[f, free[c]])
        sign *= factor(K[s], n, swaps[s])
        for i in range(N):
            for q in range(size):
                C[s, i, q] = sigma[base + q] if owner[base + q] == i else 0.0
            for r in range(n):
                x[r] = G[i, free[r]]
            solve_transposed(K[s], n, swaps[s], x)
            E[s, i, 0], E[s, i, 1] = -FV[s, i], 0.0
            for r in range(n):
                a, f = base + free[r], first[base + free[r]]
                C[s, i, a - base] += lam * x[r]
                C[s, i, f - base] -= lam * x[r]
                E[s, i, 0] -= x[r] * Fy[a]
                E[s, i, 1] += x[r] * (Q[a] - Q[f])
    return sign


@njit(cache=True)
def mean_transitions(s: int, flat: FlatArrays, sigma: Array, W: Array, M: Array, values: Array) -> None:
    """In state s: M, derivatives of own payoffs by the others' play, and the mean transitions after own actions."""
    row, profile, own, link, slot, chance, discount = flat[0], flat[1], flat[2], flat[5], flat[7], flat[8], flat[13]
    N, base = own.shape[1], row[s]
    size = row[s + 1] - base
    M[:size, :size] = 0.0
    values[:] = 0.0
    for m in range(profile[s], profile[s + 1]):
        for i in range(N):
            a, apart = own[m, i] - base, 1.0
            for j in range(N):
                if j == i:
                    continue
                rest = 1.0
                for k in range(N):
                    if k != i and k != j:
                        rest *= sigma[own[m, k]]
                M[a, own[m, j] - base] += rest * W[m, i]
                apart *= sigma[own[m, j]]
            apart *= discount[i]
            for t in range(link[m], link[m + 1]):
                values[a, slot[t]] += apart * chance[t]


@njit(cache=True)
def choices_moved(base: int, size: int, owner: Ints, sigma: Array, Q: Array, M: Array, MJ: Array, G: Array) -> None:
    """M J and G of (E4), (E5) in the state that starts at action `base`; J is softmax's own derivative."""
    N = G.shape[0]
    earned, mean = np.zeros(N), np.empty(N)
    G[:] = 0.0
    for a in range(size):
        earned[owner[base + a]] += sigma[base + a] * Q[base + a]
    for a in range(size):
        mean[:] = 0.0
        for b in range(size):
            mean[owner[base + b]] += sigma[base + b] * M[a, b]
        for b in range(size):
            MJ[a, b] = sigma[base + b] * (M[a, b] - mean[owner[base + b]])
            G[owner[base + a], b] += sigma[base + a] * MJ[a, b]
    for b in range(size):
        j = owner[base + b]
        G[j, b] += sigma[base + b] * (Q[base + b] - earned[j])


@njit(cache=True)
def expected_change(flat: FlatArrays, values: Array, dV: Array, h: Array) -> None:
    """h = R dV: the discounted expected change after every own action."""
    row, near, reach, owner = flat[0], flat[9], flat[10], flat[12]
    place = 0
    for s in range(len(row) - 1):
        width = near[s + 1] - near[s]
        for a in range(row[s], row[s + 1]):
            i, total = owner[a], 0.0
            for k in range(width):
                total += values[place + k] * dV[reach[near[s] + k], i]
            h[a] = total
            place += width


@njit(cache=True)
def choices_after(
    flat: FlatArrays, lam: float, values: Array, dV: Array, Fy: Array, Q: Array, along: bool, K: Array, swaps: Ints,
    h: Array, dy: Array,
) -> None:  # fmt: skip
    """(E4) for a change of values: dy of the Newton step or, `along`, of dL = 1."""
    row, first = flat[0], flat[3]
    expected_change(flat, values, dV, h)
    x, free = np.empty(K.shape[1]), np.empty(K.shape[1], np.int64)
    for s in range(len(row) - 1):
        n = 0
        for a in range(row[s], row[s + 1]):
            f = first[a]
            dy[a] = 0.0
            if a != f:
                free[n], x[n] = a, lam * (h[a] - h[f]) + (Q[a] - Q[f] if along else -Fy[a])
                n += 1
        solve(K[s], n, swaps[s], x)
        for r in range(n):
            dy[free[r]] = x[r]


@njit(cache=True)
def reduced_product(flat: FlatArrays, C: Array, values: Array, dV: Array, h: Array, out: Array) -> None:
    """out = (I - C R) dV."""
    row = flat[0]
    expected_change(flat, values, dV, h)
    for s in range(C.shape[0]):
        for i in range(C.shape[1]):
            total = 0.0
            for a in range(row[s + 1] - row[s]):
                total += C[s, i, a] * h[row[s] + a]
            out[s, i] = dV[s, i] - total


@njit(cache=True)
def reduced_matrix(flat: FlatArrays, C: Array, values: Array, out: Array) -> None:
    """out = I - C R as a matrix, unknowns ordered state by state."""
    row, near, reach, owner = flat[0], flat[9], flat[10], flat[12]
    S, N = C.shape[0], C.shape[1]
    out[:] = 0.0
    for k in range(S * N):
        out[k, k] = 1.0
    place = 0
    for s in range(S):
        width = near[s + 1] - near[s]
        for a in range(row[s], row[s + 1]):
            for i in range(N):
                c, into = C[s, i, a - row[s]], out[s * N + i]
                for k in range(width):
                    into[reach[near[s] + k] * N + owner[a]] -= c * values[place + k]
            place += width
