"""Regimes of one's own beside the built-in ones."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from geoecon.errors import InputError
from geoecon.law.read_regimes import load_regimes
from geoecon.law.regime import Regime

SERVED = "GEOECON_REGIMES"  # folders of regimes of one's own that the web application answers with


def with_own(folders: Iterable[str | Path]) -> dict[str, Regime]:
    """The built-in regimes with those of folders (each one regime, or a folder of such folders, or a plain table of
    rules); one of the same id takes the place of the built-in one.

    Raises InputError with the faults of every folder at once.
    """
    found = load_regimes()
    faults: list[str] = []
    for name in folders:
        path = Path(name)
        inside = sorted(p for p in path.iterdir() if (p / "regime.csv").is_file()) if path.is_dir() else []
        if path.is_dir() and not (path / "regime.csv").is_file() and not inside:
            faults.append(f"{name}: no regime.csv; allowed: a folder of tables, or a folder of such folders")
            continue
        for one in inside if inside and not (path / "regime.csv").is_file() else [path]:
            try:
                found |= load_regimes(one)
            except InputError as error:
                faults += [str(fault) for fault in error.faults]
    if faults:
        raise InputError(faults)
    return found


def beside(folder: Path) -> Mapping[str, Regime]:
    """The built-in regimes with those in the folder `regimes` of a case, where there is one. Raises InputError with the
    faults of its tables."""
    inside = folder / "regimes"
    if not inside.is_dir():
        return load_regimes()
    stamp = max((file.stat().st_mtime_ns for file in inside.rglob("*")), default=0)
    return _beside(inside, stamp)


def serve(folders: Iterable[str | Path]) -> None:
    """Has the web application of this process, and of those that it starts, answer with the regimes of the folders
    beside the built-in ones. Raises InputError with the faults of their tables."""
    paths = [str(Path(folder).resolve()) for folder in folders]
    with_own(paths)
    os.environ[SERVED] = os.pathsep.join(paths)


def served() -> Mapping[str, Regime] | None:
    """The regimes that the web application answers with; None where none of one's own were given."""
    folders = os.environ.get(SERVED, "")
    return _served(folders) if folders else None


@lru_cache(maxsize=2)
def _served(folders: str) -> Mapping[str, Regime]:
    return with_own(folders.split(os.pathsep))


@lru_cache(maxsize=8)
def _beside(inside: Path, _stamp: int) -> Mapping[str, Regime]:
    return with_own([inside])
