"""One thread for each matrix product: the batch shares its inputs out over threads of its own.

Two pools of threads that wait for each other actively cost a busy machine more than the products themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

from threadpoolctl import ThreadpoolController

_lock = Lock()
_inside: list[None] = []
_held: list[Any] = []  # the limit while anybody is inside
_libraries = cache(ThreadpoolController)  # looked up once: numpy's is loaded for good


@contextmanager
def single_thread() -> Iterator[None]:
    """Matrix products inside use one thread each, where the library can be told so.

    The setting holds for the process: the first to enter remembers it, the last to leave puts it back.
    """
    with _lock:
        if not _inside:
            _held.append(_libraries().limit(limits=1, user_api="blas"))
        _inside.append(None)
    try:
        yield
    finally:
        with _lock:
            _inside.pop()
            if not _inside:
                _held.pop().restore_original_limits()
