"""numba's compiler with types: what is compiled keeps the signature of the function that it is made of.

Logarithm and exponential are written out, for a call to the system's would keep a loop from becoming one of vectors;
both are right to the last digit or the one before it (tests/core/test_compiled.py), with the coefficients of Sun's
fdlibm and of Taylor. Their steps must stand as they are written: a function that holds them is compiled `EXACT`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numba
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

FAST = {"contract", "reassoc", "nsz", "arcp"}  # no assumption about NaN: what failed must show
EXACT = {"contract"}
LN2_HIGH, LN2_LOW, LOG2_E = 6.93147180369123816490e-01, 1.90821492927058770002e-10, 1.4426950408889634
ROUND = 6755399441055744.0  # 1.5 × 2^52: added and taken away, it rounds
ROOT_HALF, ONE = 0x3FE6A09E << 32, 0x3FF00000 << 32  # bits of √½ and of 1
Function = TypeVar("Function", bound="Callable[..., object]")


def njit(**options: bool | str | set[str]) -> Callable[[Function], Function]:
    """A decorator: machine code of a function, kept beside its file where `cache` is set. Options as numba's own."""
    compiled: Callable[[Function], Function] = numba.njit(**options)
    return compiled


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
