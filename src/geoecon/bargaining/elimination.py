"""Newton steps of the logit equilibrium of a stochastic game, one state eliminated after the other.

Unknowns: y, log odds of every action against the first of its player, and V, values. With Q_i(s, a) the payoff of an
action against the others' play, equations and their derivatives are

(E1)  F_y = y - log reference odds - L (Q(a) - Q(first)) = 0
(E2)  F_V = V_i - sum_a sigma_i(a) Q_i(a) = 0
(E3)  dQ = M J dy + h,  h = discount x (expected dV after the action);  J = d sigma / d y
(E4)  K dy = L D h - F_y + (D Q) dL,  K = I - L D M J      a small matrix in every state; D takes the first away
(E5)  dV = G dy + sigma h - F_V                            so (I - C R) dV = r with h = R dV: players x states unknowns

McKelvey & Palfrey 1995 for the logit map, Eibelshäuser & Poensgen 2019 for its Markov form.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True)  # type: ignore[untyped-decorator]
def invert(A: Any, n: int, out: Any) -> float:
    """Inverse of the leading n x n block by Gauss-Jordan with row exchange; returns the sign of the determinant.

    A pivot of zero is replaced by a tiny one: the caller's residual tells whether the step was any good.
    """
    sign = 1.0
    for r in range(n):
        for c in range(n):
            out[r, c] = 1.0 if r == c else 0.0
    for c in range(n):
        best = c
        for r in range(c + 1, n):
            if abs(A[r, c]) > abs(A[best, c]):
                best = r
        if best != c:
            sign = -sign
            for k in range(n):
                A[c, k], A[best, k] = A[best, k], A[c, k]
                out[c, k], out[best, k] = out[best, k], out[c, k]
        pivot = A[c, c]
        if abs(pivot) < 1e-13:
            pivot = 1e-13 if pivot >= 0 else -1e-13
            sign *= 0.0
        sign *= 1.0 if pivot > 0 else -1.0
        for k in range(n):
            A[c, k] /= pivot
            out[c, k] /= pivot
        for r in range(n):
            factor = A[r, c]
            if r == c or factor == 0.0:
                continue
            for k in range(n):
                A[r, k] -= factor * A[c, k]
                out[r, k] -= factor * out[c, k]
    return sign


@njit(cache=True)  # type: ignore[untyped-decorator]
def logit(z: Any, first: int, last: int, sigma: Any) -> None:
    """sigma[first:last] = softmax of z[first:last]."""
    top = z[first]
    for a in range(first, last):
        top = max(top, z[a])
    total = 0.0
    for a in range(first, last):
        sigma[a] = np.exp(z[a] - top)
        total += sigma[a]
    for a in range(first, last):
        sigma[a] /= total


@njit(cache=True)  # type: ignore[untyped-decorator]
def expectations(s: int, flat: Any, V: Any, sigma: Any, Q: Any, M: Any, val: Any) -> None:
    """Payoffs of own actions Q, their derivatives M by the others' play, and mean transitions val, in state s."""
    count, row, profile, pay, link, to, slot, chance, near, _, _, _, discount = flat
    N = count.shape[1]
    base, joint = row[s], profile[s]
    width = near[s + 1] - near[s]
    size = row[s + 1] - base
    digits, own = np.zeros(N, np.int64), np.zeros(N, np.int64)
    p, w, apart = np.empty(N), np.empty(N), np.empty(N)
    Q[base : row[s + 1]] = 0.0
    M[:size, :size] = 0.0
    for a in range(size):
        for k in range(width):
            val[a, k] = 0.0
    for m in range(joint, profile[s + 1]):
        at = 0
        for i in range(N):
            own[i] = at + digits[i]
            p[i] = sigma[base + own[i]]
            at += count[s, i]
        for i in range(N):
            w[i] = 0.0
        for t in range(link[m], link[m + 1]):
            for i in range(N):
                w[i] += chance[t] * V[to[t], i]
        for i in range(N):
            w[i] = pay[m, i] + discount[i] * w[i]
            apart[i] = 1.0
            for j in range(N):
                if j != i:
                    apart[i] *= p[j]
            Q[base + own[i]] += apart[i] * w[i]
            for j in range(N):
                if j != i:
                    rest = 1.0
                    for k in range(N):
                        if k != i and k != j:
                            rest *= p[k]
                    M[own[i], own[j]] += rest * w[i]
        for t in range(link[m], link[m + 1]):
            for i in range(N):
                val[own[i], slot[t]] += discount[i] * apart[i] * chance[t]
        for i in range(N - 1, -1, -1):
            digits[i] += 1
            if digits[i] < count[s, i]:
                break
            digits[i] = 0


@njit(cache=True)  # type: ignore[untyped-decorator]
def linearise(flat: Any, y: Any, V: Any, lam: float, sigma: Any, Q: Any, Fy: Any, FV: Any, C: Any, E: Any, Z: Any,
              values: Any) -> float:  # fmt: skip
    """Residuals and the blocks of (E4), (E5) for every state; returns the sign of the product of the det K.

    C (S, N, widest): dV = C h + E - F_V. E (S, N, 2): its right sides for -F_y and for dL = 1. Z (A, widest + 2):
    dy = Z h + those two right sides. values: mean transitions of own actions over the distinct successors.
    """
    count, row, near, weight = flat[0], flat[1], flat[8], flat[10]
    S, N = count.shape
    widest = C.shape[2]
    M, J = np.zeros((widest, widest)), np.zeros((widest, widest))
    K, inverse = np.zeros((widest, widest)), np.zeros((widest, widest))
    MJ, G = np.zeros((widest, widest)), np.zeros((N, widest))
    first = np.zeros(widest, np.int64)
    sign, place = 1.0, 0
    for s in range(S):
        base, size, width = row[s], row[s + 1] - row[s], near[s + 1] - near[s]
        at = base
        for i in range(N):
            logit(y, at, at + count[s, i], sigma)
            for a in range(count[s, i]):
                first[at - base + a] = at - base
            at += count[s, i]
        val = values[place : place + size * width].reshape(size, width)
        place += size * width
        expectations(s, flat, V, sigma, Q, M, val)
        for a in range(size):
            for b in range(size):
                J[a, b] = 0.0
                if first[a] == first[b]:
                    J[a, b] = sigma[base + a] * ((1.0 if a == b else 0.0) - sigma[base + b])
        for a in range(size):
            for b in range(size):
                total = 0.0
                for k in range(size):
                    total += M[a, k] * J[k, b]
                MJ[a, b] = total
        for a in range(size):
            f = first[a]
            Fy[base + a] = y[base + a] - y[base + f]
            Fy[base + a] -= weight[base + a] - weight[base + f] + lam * (Q[base + a] - Q[base + f])
            for b in range(size):
                K[a, b] = (1.0 if a == b else 0.0) - (lam * (MJ[a, b] - MJ[f, b]) if a != f else 0.0)
            if a == f:
                Fy[base + a] = y[base + a]
        sign *= invert(K, size, inverse)
        at = 0
        for i in range(N):
            mean = 0.0
            for a in range(at, at + count[s, i]):
                mean += sigma[base + a] * Q[base + a]
            FV[s, i] = V[s, i] - mean
            for b in range(size):
                total = 0.0
                for a in range(at, at + count[s, i]):
                    total += J[a, b] * Q[base + a] + sigma[base + a] * MJ[a, b]
                G[i, b] = total
            at += count[s, i]
        for b in range(size):
            for q in range(size):  # column q: h of action q enters with + lam in its own row, - lam where it is first
                total = 0.0
                if first[q] != q:
                    total = lam * inverse[b, q]
                else:
                    for r in range(size):
                        if first[r] == q and r != q:
                            total -= lam * inverse[b, r]
                Z[base + b, q] = total
            newton, along = 0.0, 0.0
            for r in range(size):
                newton -= inverse[b, r] * Fy[base + r]
                if first[r] != r:
                    along += inverse[b, r] * (Q[base + r] - Q[base + first[r]])
            Z[base + b, widest], Z[base + b, widest + 1] = newton, along
        at = 0
        for i in range(N):
            for q in range(size):
                total = 0.0
                for b in range(size):
                    total += G[i, b] * Z[base + b, q]
                C[s, i, q] = total
            for side in range(2):
                total = 0.0
                for b in range(size):
                    total += G[i, b] * Z[base + b, widest + side]
                E[s, i, side] = total
            for a in range(at, at + count[s, i]):
                C[s, i, a] += sigma[base + a]
            at += count[s, i]
    return sign


@njit(cache=True)  # type: ignore[untyped-decorator]
def expected_change(flat: Any, values: Any, dV: Any, h: Any) -> None:
    """h = R dV: the discounted expected change after every own action."""
    row, near, reach, owner = flat[1], flat[8], flat[9], flat[11]
    place = 0
    for s in range(len(row) - 1):
        width = near[s + 1] - near[s]
        for a in range(row[s], row[s + 1]):
            i, total = owner[a], 0.0
            for k in range(width):
                total += values[place + k] * dV[reach[near[s] + k], i]
            h[a] = total
            place += width


@njit(cache=True)  # type: ignore[untyped-decorator]
def reduced_product(flat: Any, C: Any, values: Any, dV: Any, h: Any, out: Any) -> None:
    """out = (I - C R) dV."""
    row = flat[1]
    expected_change(flat, values, dV, h)
    for s in range(C.shape[0]):
        for i in range(C.shape[1]):
            total = 0.0
            for a in range(row[s + 1] - row[s]):
                total += C[s, i, a] * h[row[s] + a]
            out[s, i] = dV[s, i] - total


@njit(cache=True)  # type: ignore[untyped-decorator]
def reduced_matrix(flat: Any, C: Any, values: Any, out: Any) -> None:
    """out = I - C R as a matrix, unknowns ordered state by state."""
    row, near, reach, owner = flat[1], flat[8], flat[9], flat[11]
    S, N = C.shape[0], C.shape[1]
    out[:] = 0.0
    for k in range(S * N):
        out[k, k] = 1.0
    place = 0
    for s in range(S):
        width = near[s + 1] - near[s]
        for a in range(row[s], row[s + 1]):
            j = owner[a]
            for i in range(N):
                c = C[s, i, a - row[s]]
                for k in range(width):
                    out[s * N + i, reach[near[s] + k] * N + j] -= c * values[place + k]
            place += width
