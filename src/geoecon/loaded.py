"""Public names of a package, each loaded with its file when it is first used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, file_of: Mapping[str, str]) -> Callable[[str], Callable[..., Any]]:
    """The `__getattr__` of a package whose public names stand in `file_of`. It raises AttributeError for others."""

    def find(name: str) -> Callable[..., Any]:
        if name not in file_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: Callable[..., Any] = getattr(import_module(f"{package}.{file_of[name]}"), name)
        setattr(sys.modules[package], name, value)  # asked for once
        return value

    return find
