"""Rows of built-in tables kept as they were read, beside Python's own bytecode and by its rules (PEP 552).

They stand for the hash of the table and of all that says how it is read: where a cell or a rule is another, or the kept
rows are not whole, the table is read anew. `read_regimes.keep_all` keeps all of them; the installer calls it. They are
texts, numbers and days in the folder of the table itself; nothing else is ever loaded.
"""

from __future__ import annotations

import contextlib
import io
import pickle
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib.util import source_hash
from pathlib import Path
from typing import TYPE_CHECKING

from geoecon.errors import InputError
from geoecon.files import file_aside
from geoecon.law.schema import Row

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

ROOM = Path(__file__).parent
RULES = (
    *(ROOM / name for name in ("schema.py", "read_tables.py", "regimes/columns.csv", "regimes/kinds.csv")),
    *(ROOM.parent / name for name in ("tables.py", "cells.py", "dates.py", "dispute.py", "figure.py")),
)
HASH = 8  # bytes of a hash


def kept(file: Traversable, read: Callable[[], list[Row]], *, write: bool | None = None) -> list[Row]:
    """The rows that `read` gives of a table, from where they are kept if nothing has changed since.

    Rows read anew are kept where Python may write bytecode (or `write` says so) and the place can be written.
    """
    place = _place(file)
    if place is None:
        return read()
    stamp = source_hash(file.read_bytes()) + _rules()
    with contextlib.suppress(OSError, pickle.UnpicklingError):
        held = place.read_bytes()
        body = memoryview(held)[3 * HASH :]
        if held[: 2 * HASH] == stamp and held[2 * HASH : 3 * HASH] == source_hash(body):
            return _Rows(io.BytesIO(body)).rows()
    rows = read()
    if not (sys.dont_write_bytecode or sys.pycache_prefix) if write is None else write:
        dumped = pickle.dumps(rows, protocol=5)
        with contextlib.suppress(InputError), file_aside(place) as part:
            part.write_bytes(stamp + source_hash(dumped) + dumped)
    return rows


def _place(file: Traversable) -> Path | None:
    """Where the rows of a table are kept; nowhere for one that is no file, or without bytecode to stand beside."""
    if not isinstance(file, Path) or not file.is_file() or sys.implementation.cache_tag is None:
        return None
    return file.parent / "__pycache__" / f"{file.stem}.{sys.implementation.cache_tag}.rows"


class _Rows(pickle.Unpickler):
    """Loads texts, numbers and days. Raises UnpicklingError for anything that would be imported or called."""

    def rows(self) -> list[Row]:
        found: list[Row] = self.load()
        return found

    def find_class(self, module: str, name: str) -> type[date]:
        if (module, name) != ("datetime", "date"):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return date


@cache
def _rules() -> bytes:
    return source_hash(b"".join(file.read_bytes() for file in RULES))
