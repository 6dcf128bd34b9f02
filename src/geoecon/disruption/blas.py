"""One thread for each matrix product: the batch shares its inputs out over threads of its own.

Two pools of threads that wait for each other actively cost a busy machine more than the products themselves.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

_lock = Lock()
_inside: list[None] = []
_before: list[int] = []
NAMES = ("scipy_openblas_{}_num_threads64_", "openblas_{}_num_threads64_", "openblas_{}_num_threads")


@cache
def _openblas() -> tuple[Any, Any] | None:
    """(get, set) of the number of threads in the OpenBLAS that numpy ships with; None for any other library."""
    root = Path(np.__file__).parent
    for folder in (root.parent / "numpy.libs", root / ".dylibs"):
        for file in sorted(folder.glob("*openblas*")):
            try:
                library = ctypes.CDLL(str(file))
            except OSError:
                continue
            for name in NAMES:
                get, put = (getattr(library, name.format(verb), None) for verb in ("get", "set"))
                if get is not None and put is not None:
                    get.restype = ctypes.c_int
                    put.argtypes = [ctypes.c_int]
                    return get, put
    return None


@contextmanager
def single_thread() -> Iterator[None]:
    """Matrix products inside use one thread each, where the library can be told so.

    The setting holds for the process: the first to enter remembers it, the last to leave puts it back.
    """
    found = _openblas()
    if found is None:
        yield
        return
    get, put = found
    with _lock:
        if not _inside:
            _before.append(int(get()))
            put(1)
        _inside.append(None)
    try:
        yield
    finally:
        with _lock:
            _inside.pop()
            if not _inside:
                put(_before.pop())
