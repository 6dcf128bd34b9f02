"""Regimes read and checked: the built-in ones, folders of tables, and plain tables of rules."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from geoecon.errors import Fault, InputError
from geoecon.law import checks, party_store, read_tables
from geoecon.law.party_files import PartyFile
from geoecon.law.plain_rules import is_plain, read_rules
from geoecon.law.regime import Regime

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


BUILT_IN = ("jpn", "kor", "chn", "usa", "eu", "nld", "twn", "gbr")


def read_regime(folder: str | Path) -> Regime:
    """A regime from a folder of tables (CSV or Parquet), checked. Raises InputError with every fault, or
    RuleConflict naming both rows where two rules of equal rank contradict each other."""
    path = Path(folder)
    if is_plain(path) and path.is_file():
        raise InputError(
            f"{path.name} is a plain table of rules: load_regimes and read_rules read it; allowed here: a folder of "
            "tables, for which save the sheet as CSV with days as YYYY-MM-DD"
        )
    if not path.is_dir():
        raise InputError(f"no regime folder {str(folder)!r}; allowed: a folder with licence_rule.csv and the others")
    return _read(path, path.name)


def _read(folder: Traversable, name: str) -> Regime:
    rows, faults = read_tables.tables_of(folder, name)
    if all(fault.column and (fault.row or 0) > 1 for fault in faults):  # of cells alone: no table or row is lacking
        told = {(fault.file, fault.row, fault.column) for fault in faults}
        faults += [one for one in checks.check(name, rows) if (one.file, one.row, one.column) not in told]
    checks.raise_any(faults)
    return Regime(rows["regime"][0]["regime"], rows)


def _folder(name: str) -> Traversable:
    return files("geoecon") / "law" / "regimes" / name


@cache
def _built_in(name: str) -> Regime:
    rows = read_tables.Tables(_folder(name), name, party_store.join)
    return Regime(rows["regime"][0]["regime"], rows)


def update_parties(new: PartyFile) -> party_store.Comparison:
    """`party_store.update`; built-in regimes are read anew, since their lists have changed."""
    faults: list[Fault] = []
    own = (read_tables.table_of(_folder(name), name, "party_listing", faults) for name in BUILT_IN)
    found = party_store.update(new, [row for rows in own for row in rows])
    forget()
    return found


def forget() -> None:
    """Built-in regimes are read anew when next asked for."""
    _built_in.cache_clear()


def keep_all() -> None:
    """Keeps the rows of all built-in tables as they are read (`kept_rows`), so that no first question has to."""
    for name in BUILT_IN:
        known = read_tables.Tables(_folder(name), name)
        for table in known:
            known.kept(table, write=True)


def load_regimes(*names: str | Path) -> dict[str, Regime]:
    """Regimes by id. Without names all built-in ones; a name may be a built-in regime (a folder of that name in the
    working directory does not replace it: write ./eu), a folder of tables, or a plain table of rules (CSV or a
    workbook).

    >>> sorted(load_regimes("jpn", "kor"))
    ['JPN', 'KOR']
    """
    found: dict[str, Regime] = {}
    for name in names or BUILT_IN:
        if is_plain(name):
            found |= read_rules(name)
            continue
        known = isinstance(name, str) and name.lower() in BUILT_IN
        regime = _built_in(str(name).lower()) if known else read_regime(name)
        found[regime.id] = regime
    return found


def regimes_of(place: str, regimes: Mapping[str, Regime] | None = None) -> list[Regime]:
    """Every regime that binds exporters of a place; none where no table covers it."""
    every = load_regimes() if regimes is None else regimes
    return [regime for regime in every.values() if place in regime.places]


def regime_of(place: str, regimes: Mapping[str, Regime] | None = None) -> Regime | None:
    """The first regime that binds exporters of a place; None where no table covers it."""
    return next(iter(regimes_of(place, regimes)), None)
