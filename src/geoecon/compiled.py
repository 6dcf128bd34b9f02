"""numba's compiler with types: what is compiled keeps the signature of the function that it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

FAST = {"contract", "reassoc", "nsz", "arcp"}  # no assumption about NaN: what failed must show
Function = TypeVar("Function", bound="Callable[..., object]")


def njit(**options: bool | str | set[str]) -> Callable[[Function], Function]:
    """A decorator: machine code of a function, kept beside its file where `cache` is set. Options as numba's own."""
    compiled: Callable[[Function], Function] = numba.njit(**options)
    return compiled
