"""A bar on the terminal for runs that take more than two seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

PATIENCE = 2.0  # seconds


@contextmanager
def bar(told: Callable[[float], None] | None = None, what: str = "days simulated") -> Iterator[Callable[[float], None]]:
    """A function to tell the part done. With `told` it is called; else a bar appears on stderr, if that is a terminal
    and the work has gone on for two seconds."""
    if told is not None:
        yield told
        return
    start = time.monotonic()
    shown: list[Any] = []

    def tell(part: float) -> None:
        if shown:
            shown[0].update(shown[1], completed=part)
        elif part < 1 and time.monotonic() - start > PATIENCE and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            progress = Progress(console=Console(stderr=True), transient=True)
            progress.start()
            shown.extend([progress, progress.add_task(what, total=1.0)])

    try:
        yield tell
    finally:
        if shown:
            shown[0].stop()
