"""The exact-hat system as one fixed point in (ln P, X, ln w), found by Anderson acceleration. Compiled; no labels here.

Arrays: n importer or country, i exporter, j and k sectors. Trade blocks lie as [j, i, n]: a row is one exporter.
During a solve three blocks are fixed (equations W1-W6 of `hat_algebra`):

    landed  = pi (kappa / A_i)^-theta        weight of a source in the price that n pays
    border  = landed / tariff'               the same at the border, before the importer's tariff
    factory = border / export tax'           the same at the exporter's gate, before its export tax

With q = c^-theta and t = P^-theta nothing else is needed: no share matrix, no power of a matrix, no linear solve.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import prange

from geoecon.compiled import EXACT, FAST, exp, log, njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoecon.figure import Array
    from geoecon.kinds import Ints


@njit(cache=True, fastmath=FAST, _nrt=False)
def weighted_rows(block: Array, weight: Array, out: Array) -> None:
    """out[n] = sum over rows r of weight[r] block[r, n]"""
    rows, columns = block.shape
    out[:] = 0.0
    whole = rows - rows % 4
    for r in range(0, whole, 4):
        w0, w1, w2, w3 = weight[r], weight[r + 1], weight[r + 2], weight[r + 3]
        for n in range(columns):
            out[n] += w0 * block[r, n] + w1 * block[r + 1, n] + w2 * block[r + 2, n] + w3 * block[r + 3, n]
    for r in range(whole, rows):
        w0 = weight[r]
        for n in range(columns):
            out[n] += w0 * block[r, n]


@njit(cache=True, fastmath=FAST, _nrt=False)
def row_sums(block: Array, weight: Array, out: Array) -> None:
    """out[r] = sum over columns n of block[r, n] weight[n]"""
    rows, columns = block.shape
    whole = rows - rows % 4
    for r in range(0, whole, 4):
        s0 = s1 = s2 = s3 = 0.0
        for n in range(columns):
            x = weight[n]
            s0 += block[r, n] * x
            s1 += block[r + 1, n] * x
            s2 += block[r + 2, n] * x
            s3 += block[r + 3, n] * x
        out[r], out[r + 1], out[r + 2], out[r + 3] = s0, s1, s2, s3
    for r in range(whole, rows):
        s0 = 0.0
        for n in range(columns):
            s0 += block[r, n] * weight[n]
        out[r] = s0


@njit(cache=True, fastmath=EXACT, _nrt=False)
def exponentials(x: Array) -> None:
    """e^x in place."""
    for p in range(len(x)):
        x[p] = exp(x[p])


@njit(cache=True, fastmath=EXACT, _nrt=False)
def log_prices(t: Array, theta: Array) -> None:
    """ln P [n, j] in place of P^-theta."""
    for n in range(t.shape[0]):
        for j in range(t.shape[1]):
            t[n, j] = -log(t[n, j]) / theta[j]


@njit(cache=True, fastmath=FAST, _nrt=False)
def joint_step(
    z: Array, out: Array, B: Array, G: Array, alpha: Array, theta: Array, VA: Array, D: Array, landed: Array,
    border: Array, factory: Array, traded: NDArray[np.bool_], taxed: bool, step: float, work: Array,
) -> None:  # fmt: skip
    """One pass through all equations: reads (ln P, X, ln w) from `z`, writes what they imply to `out`."""
    N, J = B.shape
    NJ = N * J
    lnP, X, lnw = z[:NJ].reshape(N, J), z[NJ : 2 * NJ].reshape(N, J), z[2 * NJ :]
    lnP_new, X_new, lnw_new = out[:NJ].reshape(N, J), out[NJ : 2 * NJ].reshape(N, J), out[2 * NJ :]
    q, E = work[0, :NJ].reshape(J, N), work[1, :NJ].reshape(J, N)
    inputs, t, at_border, y = work[2, :J], work[3, :N], work[4, :N], work[5, :N]
    gate, spent, earned, revenue = work[6, :N], work[7, :N], work[8, :N], work[9, :N]
    for n in range(N):
        weighted_rows(G[n], lnP[n], inputs)
        for j in range(J):  # (W1) q = c^-theta
            q[j, n] = -theta[j] * (B[n, j] * lnw[n] + (1.0 - B[n, j]) * inputs[j])
        spent[n] = earned[n] = revenue[n] = 0.0
    exponentials(work[0, :NJ])
    for j in range(J):
        if traded[j]:
            weighted_rows(landed[j], q[j], t)  # (W2) t = P^-theta
            weighted_rows(border[j], q[j], at_border)
            for n in range(N):
                y[n] = X[n, j] / t[n]
                paid = y[n] * at_border[n]
                spent[n] += paid
                revenue[n] += X[n, j] - paid
            row_sums(factory[j], y, gate)
            for i in range(N):
                E[j, i] = q[j, i] * gate[i]
                earned[i] += E[j, i]
            if taxed:
                row_sums(border[j], y, at_border)
                for i in range(N):
                    tax = q[j, i] * at_border[i] - E[j, i]
                    earned[i] += tax
                    revenue[i] += tax
        else:
            for n in range(N):
                t[n] = landed[j, n, n] * q[j, n]
                E[j, n] = X[n, j]
                spent[n] += X[n, j]
                earned[n] += X[n, j]
        for n in range(N):
            lnP_new[n, j] = t[n]
    log_prices(lnP_new, theta)
    new_world = 0.0
    for n in range(N):
        wage_bill = np.exp(lnw[n]) * VA[n]
        for j in range(J):
            inputs[j] = (1.0 - B[n, j]) * E[j, n]
        row_sums(G[n], inputs, X_new[n])  # (W4) spending
        income = wage_bill + revenue[n] + D[n]
        for j in range(J):
            X_new[n, j] += alpha[n, j] * income
        lnw_new[n] = lnw[n] + step * (earned[n] - spent[n] + D[n]) / wage_bill  # (W5) trade balance
        new_world += np.exp(lnw_new[n]) * VA[n]
    shift = np.log(new_world / VA.sum())  # numeraire: world value added
    for n in range(N):
        lnw_new[n] -= shift


@njit(cache=True, fastmath=FAST)
def accelerate(
    z: Array, scale: Array, B: Array, G: Array, alpha: Array, theta: Array, VA: Array, D: Array, landed: Array,
    border: Array, factory: Array, traded: NDArray[np.bool_], taxed: bool, step: float, memory: int, tol: float,
    limit: int,
) -> tuple[int, float, int]:  # fmt: skip
    """Anderson acceleration of `joint_step` from `z`, which ends as the solution.

    Returns (passes, residual, position of the largest residual). Walker & Ni 2011, type II, on scaled residuals.
    """
    N, J = B.shape
    size = z.size
    work = np.empty((10, N * J + N + J))
    image, image_before = np.empty(size), np.empty(size)
    gap, gap_before = np.empty(size), np.empty(size)
    gap_steps, image_steps = np.empty((memory, size)), np.empty((memory, size))
    gram, normal = np.zeros((memory, memory)), np.empty((memory, memory))
    unit, weight = np.empty(memory), np.empty(memory)
    kept = 0
    slot = -1
    residual, worst = np.inf, 0
    for passes in range(1, limit + 1):
        joint_step(z, image, B, G, alpha, theta, VA, D, landed, border, factory, traded, taxed, step, work)
        residual, worst = 0.0, 0
        for p in range(size):
            gap[p] = (image[p] - z[p]) * scale[p]
            if not abs(gap[p]) <= residual:
                residual, worst = abs(gap[p]), p
        if residual < tol or not np.isfinite(residual):
            return passes, residual, worst
        if passes > 1:
            slot = (slot + 1) % memory
            kept = min(kept + 1, memory)
            for p in range(size):
                gap_steps[slot, p] = gap[p] - gap_before[p]
                image_steps[slot, p] = image[p] - image_before[p]
            newest = gap_steps[slot]
            for a in range(kept):
                row, product = gap_steps[a], 0.0
                for p in range(size):
                    product += row[p] * newest[p]
                gram[a, slot] = gram[slot, a] = product
        for p in range(size):
            gap_before[p], image_before[p] = gap[p], image[p]
            z[p] = image[p]
        if kept:
            mixing(gram, gap_steps, gap, kept, normal, unit, weight)
            for a in range(kept):
                w, row = weight[a], image_steps[a]
                for p in range(size):
                    z[p] -= w * row[p]
            for p in range(N * J, 2 * N * J):  # spending stays positive
                if not z[p] > 0.0:
                    z[p] = max(image[p], 1e-300)
    return limit, residual, worst


@njit(cache=True, fastmath=FAST, _nrt=False)
def mixing(
    gram: Array, gap_steps: Array, gap: Array, kept: int, normal: Array, unit: Array, weight: Array
) -> None:  # fmt: skip
    """Weights of the earlier steps that make the residual smallest: normal equations with a unit diagonal, by Gauss's
    elimination with the largest pivot of a column. `normal`, `unit` are worked in."""
    for a in range(kept):
        unit[a] = 1.0 / np.sqrt(max(gram[a, a], 1e-300))
    for a in range(kept):
        product = 0.0
        for p in range(len(gap)):
            product += gap_steps[a, p] * gap[p]
        weight[a] = product * unit[a]
        for b in range(kept):
            normal[a, b] = gram[a, b] * unit[a] * unit[b]
        normal[a, a] += 1e-13
    for c in range(kept):
        top = c
        for a in range(c + 1, kept):
            if abs(normal[a, c]) > abs(normal[top, c]):
                top = a
        if top != c:
            for b in range(c, kept):
                normal[c, b], normal[top, b] = normal[top, b], normal[c, b]
            weight[c], weight[top] = weight[top], weight[c]
        for a in range(c + 1, kept):
            part = normal[a, c] / normal[c, c]
            for b in range(c + 1, kept):
                normal[a, b] -= part * normal[c, b]
            weight[a] -= part * weight[c]
    for c in range(kept - 1, -1, -1):
        for b in range(c + 1, kept):
            weight[c] -= normal[c, b] * weight[b]
        weight[c] /= normal[c, c]
    for a in range(kept):
        weight[a] *= unit[a]


@njit(cache=True, fastmath=FAST, _nrt=False)
def fix_blocks(
    share: Array, theta: Array, cost: Array, tariff: Array, export_tax: Array, productivity: Array, landed: Array,
    border: Array, factory: Array, traded: NDArray[np.bool_], taxed: bool,
) -> None:  # fmt: skip
    """Fills landed, border, factory [j, i, n] of one scenario.

    share, cost, tariff, export_tax [j, n, i]; productivity [n, j].
    """
    J, N, _ = share.shape
    for j in range(J):
        for i in range(N):
            boost = productivity[i, j] ** theta[j] if productivity[i, j] != 1.0 else 1.0
            first, last = (0, N) if traded[j] else (i, i + 1)
            for n in range(first, last):
                weight = share[j, n, i] * boost
                if cost[j, n, i] != 1.0:
                    weight *= cost[j, n, i] ** -theta[j]
                landed[j, i, n] = weight
                border[j, i, n] = weight / tariff[j, n, i]
                if taxed:
                    factory[j, i, n] = border[j, i, n] / export_tax[j, n, i]


@njit(cache=True, fastmath=FAST)
def solve_one(
    z: Array, scale: Array, B: Array, G: Array, alpha: Array, theta: Array, VA: Array, D: Array, share: Array,
    cost: Array, tariff: Array, export_tax: Array, productivity: Array, traded: NDArray[np.bool_], taxed: bool,
    step: float, memory: int, tol: float, limit: int,
) -> tuple[int, float, int]:  # fmt: skip
    """One scenario from its start z: (passes, residual, position of the largest residual)."""
    J, N, _ = share.shape
    landed, border = np.zeros((J, N, N)), np.zeros((J, N, N))
    factory = np.zeros((J, N, N)) if taxed else border
    fix_blocks(share, theta, cost, tariff, export_tax, productivity, landed, border, factory, traded, taxed)
    found: tuple[int, float, int] = accelerate(z, scale, B, G, alpha, theta, VA, D, landed, border, factory, traded,
                                               taxed, step, memory, tol, limit)  # fmt: skip
    return found


@njit(cache=True, parallel=True, fastmath=FAST)
def solve_many(
    z: Array, scale: Array, B: Array, G: Array, alpha: Array, theta: Array, VA: Array, D: Array, share: Array,
    cost: Array, tariff: Array, export_tax: Array, productivity: Array, traded: NDArray[np.bool_], taxed: bool,
    step: float, memory: int, tol: float, limit: int,
) -> tuple[Ints, Array, Ints]:  # fmt: skip
    """Every scenario s from its start z[s], a scenario a thread. Arrays of leading length 1 are shared by all."""
    S = z.shape[0]
    passes, worst, residual = np.zeros(S, np.int64), np.zeros(S, np.int64), np.zeros(S)
    for s in prange(S):
        at = np.int64(s)
        passes[s], residual[s], worst[s] = solve_one(
            z[s], scale, B, G, alpha, theta[at % len(theta)], VA, D[at % len(D)], share, cost[at % len(cost)],
            tariff[at % len(tariff)], export_tax[at % len(export_tax)], productivity[at % len(productivity)], traded,
            taxed, step, memory, tol, limit)  # fmt: skip
    return passes, residual, worst
