"""What pymrio reads: WIOD 2013, EXIOBASE 1 to 3 and any system of its own format. pymrio is an extra."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from geoecon.errors import Fault, InputError
from geoecon.figure import cite
from geoecon.production.build import assemble, region_name
from geoecon.production.findings import Finding
from geoecon.production.table import IOTable

if TYPE_CHECKING:
    from typing import Unpack

    from pymrio import IOSystem

    from geoecon.production.table import Dated


# EXIOBASE's rest-of-world groups; its WF is the rest of Africa, not Wallis and Futuna.
EXIOBASE_GROUPS = {"WA": "WWA", "WL": "WWL", "WE": "WWE", "WF": "WWF", "WM": "WWM"}


def _pymrio() -> ModuleType:
    try:
        import pymrio
    except ImportError:
        raise InputError("this table is read by pymrio, which is not installed: pip install 'geoecon[io]'") from None
    found: ModuleType = pymrio
    return found


def from_pymrio(
    system: IOSystem,
    unit: str | None = None,
    groups: Mapping[str, str] | None = None,
    translate: bool = True,
    **about: Unpack[Dated],
) -> IOTable:
    """An IOTable from a pymrio IOSystem with Z and Y. Output is the row sum, value added output less purchases.

    `unit` overrules what the system says of itself. Regions become ISO 3166 codes where they have one (`translate`).
    Raises InputError for a system in several units or without Z.
    """
    if system.Z is None or system.Y is None:
        raise InputError("the pymrio system has no Z and Y; calc_all() it first")
    named = region_name if translate else (lambda code, _=None: code)
    pairs = [(named(str(region), groups), str(sector)) for region, sector in system.Z.index]
    users = [(named(str(region), groups), str(kind)) for region, kind in system.Y.columns]
    order = system.Z.columns.get_indexer(system.Z.index)
    if (order < 0).any():
        raise InputError("the pymrio system has other industries in its columns than in its rows")
    said = sorted({str(value) for value in np.ravel(system.unit.to_numpy())}) if system.unit is not None else []
    if unit is None and len(said) > 1:
        raise InputError("the pymrio system is in several units: " + ", ".join(said) + "; allowed: one monetary unit")
    noted = (Finding("unit", "", f"the parser calls it {', '.join(said) or 'nothing'}, read as {unit or said[0]}"),)
    merged = list(dict.fromkeys(pairs))
    if len(merged) != len(pairs):
        raise InputError("two regions of the pymrio system became one; pass translate=False")
    about = {"name": "pymrio system", **about}
    return assemble(
        pairs, system.Z.to_numpy(float)[:, order], users, system.Y.reindex(system.Z.index).to_numpy(float),
        unit=unit or said[0], **(about | {"noted": (*noted, *about.get("noted", ()))}),
    )  # fmt: skip


def _parsed(file: Path, layout: str, parse: Callable[[], IOSystem]) -> IOSystem:
    """What the parser makes of a file. Raises InputError for whatever it says of one that is not in its layout."""
    try:
        return parse()
    except InputError:
        raise
    except Exception as error:  # the parser takes a layout for granted: any kind of error means that it is another
        told = f"{type(error).__name__}: {' '.join(str(error).split())[:120]}".rstrip(": ")
        allowed = "the file as it is published, or kind= another (--kind)"
        raise InputError(Fault(file.name, None, None, f"not in the layout of {layout} ({told})", allowed)) from None


def read_exiobase(path: str | Path) -> IOTable:
    """An EXIOBASE 3 system (folder or zip); million euro. Groups WA, WL, WE, WF, WM become WWA … WWM."""
    system = _parsed(Path(path), "EXIOBASE 3", lambda: _pymrio().parse_exiobase3(str(path)))
    if system.Z is None:
        system.calc_all()
    return from_pymrio(
        system, unit="EUR million", groups=EXIOBASE_GROUPS, name=Path(path).name, sources=frozenset({cite("exiobase")})
    )


def read_wiod2013(path: str | Path, year: int | None = None) -> IOTable:
    """A table of WIOD's release of November 2013 (xlsx, or a folder and a year); million USD."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses the environmental accounts, which we do not read
        system = _parsed(Path(path), "WIOD 2013", lambda: _pymrio().parse_wiod(str(path), year=year))
    return from_pymrio(
        system, unit="USD million", year=int(year) if year else None, name=Path(path).name,
        sources=frozenset({cite("wiod2013")}),
    )  # fmt: skip
