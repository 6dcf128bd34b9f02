"""Regimes of one's own beside the built-in ones."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from geoecon.errors import InputError
from geoecon.law.plain_rules import is_plain
from geoecon.law.read_regimes import load_regimes
from geoecon.law.regime import Regime
from geoecon.law.schema import TABLES

OWN = " (own)"  # after the id of a regime that is asked beside a built-in one of the same id
SERVED = "GEOECON_REGIMES"  # folders of regimes of one's own that the web application answers with


def with_own(folders: Iterable[str | Path]) -> dict[str, Regime]:
    """The built-in regimes with those of folders (each one regime, or a folder of such folders, or a plain table of
    rules); one of the same id takes the place of the built-in one.

    Raises InputError with the faults of every folder at once, and where two folders hold the same regime.
    """
    return load_regimes() | _read_all(folders)


def single(folder: str | Path) -> list[Path]:
    """What is read one by one: a folder of tables or a plain table itself, else the folders and plain tables in it.

    Raises InputError for a folder with neither.
    """
    path = Path(folder)
    if not path.is_dir() or (path / "regime.csv").is_file():
        return [path]
    inside = [one for one in sorted(path.iterdir()) if (one / "regime.csv").is_file() or is_plain(one)]
    if not inside or any(one.stem in TABLES for one in inside):
        raise InputError(f"{folder}: no regime.csv; allowed: a folder of tables, or a folder of such folders")
    return inside


def _read_all(folders: Iterable[str | Path]) -> dict[str, Regime]:
    found: dict[str, Regime] = {}
    faults: list[str] = []
    for folder in folders:
        try:
            for one in single(folder):
                read = load_regimes(one)
                twice = sorted(set(read) & set(found))
                faults += [f"{one.name}: regime {id_} is also in another folder; allowed: once" for id_ in twice]
                found |= read
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


def served(brought: Iterable[str] = ()) -> Mapping[str, Regime] | None:
    """The regimes that the web application answers with; None where none of one's own were given. Those that a session
    `brought` are asked beside the others and take the place of none: the strictest of all decides."""
    folders, mine = os.environ.get(SERVED, ""), tuple(brought)
    return _served(folders, mine) if folders or mine else None


@lru_cache(maxsize=8)
def _served(folders: str, brought: tuple[str, ...]) -> Mapping[str, Regime]:
    found = with_own(folders.split(os.pathsep) if folders else ())
    for regime in _read_all(brought).values():
        name = f"{regime.id}{OWN}" if regime.id in found else regime.id
        found[name] = replace(regime, id=name, cache={})
    return found


@lru_cache(maxsize=8)
def _beside(inside: Path, _stamp: int) -> Mapping[str, Regime]:
    return with_own([inside])
