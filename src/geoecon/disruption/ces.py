"""A CES technology for many uses of a material at once, compiled to vectors: bound output and the shadow price.

Logarithm and exponential are written out, for a call to the system's would keep a loop from becoming one of vectors;
both are right to the last digit or the one before it (tests/disruption/test_ces.py), with the coefficients of Sun's
fdlibm and of Taylor. Their steps must stand as they are written, so these two may not be rearranged (`EXACT`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoecon.compiled import njit

if TYPE_CHECKING:
    from geoecon.figure import Array

EXACT = {"contract"}
LEONTIEF = 1e-3  # σ below which nothing replaces the material
LEAST = 1e-12  # of use
FAR = 30.0  # of a logarithm: one is nothing beside e^30
FARTHER = 300.0  # nor beside any share of e^300
LN2_HIGH, LN2_LOW, LOG2_E = 6.93147180369123816490e-01, 1.90821492927058770002e-10, 1.4426950408889634
ROUND = 6755399441055744.0  # 1.5 × 2^52: added and taken away, it rounds
ROOT_HALF, ONE = 0x3FE6A09E << 32, 0x3FF00000 << 32  # bits of √½ and of 1


@njit(fastmath=EXACT, error_model="numpy", cache=True, nogil=True, inline="always", _nrt=False)
def log(x: float) -> float:
    """ln x of a normal number above 0."""
    bits = np.float64(x).view(np.int64) + (ONE - ROOT_HALF)
    e = np.float64((bits >> 52) - 1023)
    f = np.int64((bits & 0x000FFFFFFFFFFFFF) + ROOT_HALF).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    even = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (
        1.818357216161805012e-01 + w * 1.479819860510658591e-01)))  # fmt: skip
    half = 0.5 * f * f
    found: float = e * LN2_HIGH + (f - (half - (s * (half + odd + even) + e * LN2_LOW)))
    return found


@njit(fastmath=EXACT, error_model="numpy", cache=True, nogil=True, inline="always", _nrt=False)
def exp(x: float) -> float:
    """e^x of x from −700 to 700; the value at the nearer end beyond."""
    x = min(max(x, -700.0), 700.0)
    t = x * LOG2_E + ROUND
    k = t - ROUND
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    low = (1.0 + r) + r2 * (0.5 + r * (1.0 / 6.0))
    middle = (1.0 / 24.0 + r * (1.0 / 120.0)) + r2 * (1.0 / 720.0 + r * (1.0 / 5040.0))
    high = (1.0 / 40320.0 + r * (1.0 / 362880.0)) + r2 * (1.0 / 3628800.0 + r * (1.0 / 39916800.0))
    p = low + r4 * (middle + r4 * (high + r4 * (1.0 / 479001600.0 + r * (1.0 / 6227020800.0))))
    found: float = p * np.int64((np.float64(t).view(np.int64) + 1023) << 52).view(np.float64)
    return found


@njit(fastmath=EXACT, error_model="numpy", cache=True, nogil=True, inline="always", _nrt=False)
def log_output(log_m: float, a: float, log_a: float, r: float) -> float:
    """ln Y of the CES at ln m ≤ 0 with r = 1 − 1/σ; r = 0 is Cobb and Douglas."""
    z = r * log_m
    near = log(1.0 + a * (exp(min(z, FARTHER)) - 1.0))  # to 1e-16 / |r|; log1p and expm1 take three times as long
    far = z + log_a
    found: float = (far if z > FARTHER else near) / r if r != 0.0 else a * log_m
    return found


@njit(fastmath=EXACT, error_model="numpy", cache=True, nogil=True, _nrt=False)
def power(sigma: float) -> float:
    """r = 1 − 1/σ of an elasticity σ at least LEONTIEF, 0 around σ = 1."""
    return 1.0 - 1.0 / sigma if abs(sigma - 1.0) >= 1e-6 else 0.0


@njit(fastmath=EXACT, error_model="numpy", cache=True, nogil=True, _nrt=False)
def outputs(m: Array, n: int, a: float, sigma: float, out: Array) -> None:
    """Bound output at the first n uses m, 0 to 1."""
    log_a, r = np.log(a), power(sigma)
    for k in range(n):
        out[k] = exp(log_output(log(max(m[k], LEAST)), a, log_a, r))


@njit(fastmath=EXACT, error_model="numpy", cache=True, nogil=True, _nrt=False)
def log_premiums(m: Array, n: int, a: float, sigma: float, out: Array) -> None:
    """ln(P − 1) at the first n uses m below 1, P = (Y/m)^(1/σ) the marginal product of the material over its base
    price."""
    log_a, r = np.log(a), power(sigma)
    for k in range(n):
        log_m = log(max(m[k], LEAST))
        p = (log_output(log_m, a, log_a, r) - log_m) / sigma
        small = p * (1.0 + p * (1.0 / 2.0 + p * (1.0 / 6.0 + p * (1.0 / 24.0))))  # e^p − 1
        large = exp(min(p, FAR)) - 1.0
        less = log(max(large if p > 1e-3 else small, 1e-300))
        out[k] = p if p > FAR else less


@njit(fastmath=EXACT, error_model="numpy", cache=True, nogil=True, _nrt=False)
def elasticities(start: int, now: float, long: float, tau: float, sigma: Array) -> None:
    """σ by day; the flow first fell on day `start`, −1 for never."""
    for t in range(len(sigma)):
        since = max(np.float64(t - start), 0.0) if start >= 0 else 0.0
        sigma[t] = max(now + (long - now) * (1.0 - exp(-since / tau)), LEONTIEF)


@njit(fastmath=EXACT, error_model="numpy", cache=True, nogil=True, _nrt=False)
def places(sigma: Array, low: float, log_range: float, knots: int, place: Array) -> None:
    """Where each σ lies among so many knots from `low` on, evenly in its logarithm."""
    for t in range(len(sigma)):
        place[t] = (knots - 1) * log(sigma[t] / low) / log_range if log_range > 0.0 else 0.0


@njit(fastmath=EXACT, error_model="numpy", cache=True, nogil=True, _nrt=False)
def each_output(m: Array, a: Array, sigma: Array, out: Array) -> None:
    """Bound output at each use m, 0 to 1, of a technology of its own; all arrays (n,)."""
    for k in range(len(m)):
        if sigma[k] < LEONTIEF:
            out[k] = m[k]
        else:
            out[k] = exp(log_output(log(max(m[k], LEAST)), a[k], np.log(a[k]), power(sigma[k])))
