"""What is asked of every number of a column, in one compiled pass: whether it passes a bound, whether it is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geoecon.compiled import njit

Array = NDArray[np.float64]


@njit(cache=True, nogil=True)
def tested(
    left: Array, right: Array, bounds: Array, above: bool, held: NDArray[np.bool_], failed: NDArray[np.bool_]
) -> None:
    """One condition at several bounds (k,), each a multiple of `right` (row,), or plain where that has no row.

    `held` (k, row) stays true only where the number is above the bound (or at it); `failed` (k, row) becomes true where
    both sides are known and it is not.
    """
    many = len(right) > 0
    for k in range(len(bounds)):
        for r in range(len(left)):
            other = right[r] if many else 1.0
            bound = other * bounds[k, 0] * bounds[k, 1]
            holds = left[r] > bound if above else left[r] >= bound
            unknown = (left[r] != left[r]) | (other != other)
            held[k, r] &= holds
            failed[k, r] |= not (holds | unknown)


@njit(cache=True, nogil=True)
def known(column: Array, bits: NDArray[np.uint8]) -> int:
    """How many numbers are known; `bits` (row / 8, rounded up) gets one bit for each, the lowest first."""
    rows, count = len(column), 0
    for byte in range(len(bits)):
        first, told = 8 * byte, 0
        for bit in range(min(8, rows - first)):
            number = column[first + bit]
            there = 1 if number == number else 0
            told |= there << bit
            count += there
        bits[byte] = told
    return count
