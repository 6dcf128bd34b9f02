"""A CES technology for many uses of a material at once, compiled to vectors: bound output and the shadow price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoecon.compiled import EXACT, exp, log, njit

if TYPE_CHECKING:
    from geoecon.figure import Array

LEONTIEF = 1e-3  # σ below which nothing replaces the material
LEAST = 1e-12  # of use
FAR = 30.0  # of a logarithm: one is nothing beside e^30
FARTHER = 300.0  # nor beside any share of e^300


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
