"""Triangular factors of a dense block in place, and systems solved with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoecon.compiled import njit

if TYPE_CHECKING:
    from geoecon.figure import Array
    from geoecon.kinds import Ints


SMALLEST_PIVOT = 1e-13  # in place of a smaller one: the caller's residual tells whether the step was any good


@njit(fastmath={"contract", "nsz", "arcp"}, cache=True)
def factor(A: Array, n: int, swaps: Ints) -> float:
    """Triangular factors of the leading n x n block in place, rows exchanged; returns the sign of the determinant.

    As fast as LAPACK for the few hundred unknowns that occur here, and without its threads.
    """
    sign = 1.0
    for c in range(n):
        best, most = c, abs(A[c, c])
        for r in range(c + 1, n):
            if abs(A[r, c]) > most:
                best, most = r, abs(A[r, c])
        swaps[c] = best
        if best != c:
            sign = -sign
            for k in range(n):
                A[c, k], A[best, k] = A[best, k], A[c, k]
        if most < SMALLEST_PIVOT:
            A[c, c] = SMALLEST_PIVOT
            sign = 0.0
        sign = sign if A[c, c] > 0 else -sign
        pivot = A[c, c + 1 : n]
        for r in range(c + 1, n):
            share, rest = A[r, c] / A[c, c], A[r, c + 1 : n]
            A[r, c] = share
            for k in range(len(pivot)):
                rest[k] -= share * pivot[k]
    return sign


@njit(cache=True)
def solve(A: Array, n: int, swaps: Ints, x: Array) -> None:
    """x becomes the solution of K x = x, from the factors of K."""
    for c in range(n):
        x[c], x[swaps[c]] = x[swaps[c]], x[c]
    for r in range(n):
        for k in range(r):
            x[r] -= A[r, k] * x[k]
    for r in range(n - 1, -1, -1):
        for k in range(r + 1, n):
            x[r] -= A[r, k] * x[k]
        x[r] /= A[r, r]


@njit(cache=True)
def solve_transposed(A: Array, n: int, swaps: Ints, x: Array) -> None:
    """x becomes the solution of K' x = x, from the factors of K."""
    for r in range(n):
        for k in range(r):
            x[r] -= A[k, r] * x[k]
        x[r] /= A[r, r]
    for r in range(n - 1, -1, -1):
        for k in range(r + 1, n):
            x[r] -= A[k, r] * x[k]
    for c in range(n - 1, -1, -1):
        x[c], x[swaps[c]] = x[swaps[c]], x[c]
