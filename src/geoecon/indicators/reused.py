"""Memory for the columns of one part after the other: what the system gives anew it must clear first."""

from __future__ import annotations

import weakref
from collections import deque

import numpy as np
from numpy.typing import NDArray


class Reused:
    """Gives out arrays, and gives their memory out again as soon as nobody looks at them or at a part of them."""

    def __init__(self) -> None:
        self._spare: deque[NDArray[np.uint8]] = deque()

    def empty(self, columns: int, rows: int) -> NDArray[np.float64]:
        """(columns, rows) numbers, not set."""
        size = 8 * columns * rows
        memory = self._spare.pop() if self._spare else np.empty(0, dtype=np.uint8)
        if len(memory) < size:
            memory = np.empty(size, dtype=np.uint8)
        held = np.frombuffer(memory.data, dtype=np.float64, count=columns * rows)  # the base of every view
        weakref.finalize(held, self._spare.append, memory).atexit = False
        return held.reshape(columns, rows)
