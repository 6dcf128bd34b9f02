"""Published definitions of a dependent product: thresholds over the indicators, with what moves the counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.errors import InputError
from geoecon.tables import packaged

SHIFTS = {"": 1.0, "_lower": 0.9, "_higher": 1.1}  # the threshold itself, and 10 % below and above
ROUNDING = 1e-12  # of a bound: sums of the same numbers in another order differ by less


@dataclass(frozen=True)
class Criterion:
    """One condition of a preset. An importer that exports nothing fails no test of imports over exports."""

    indicator: str
    side: str  # above, or at_least
    threshold: float
    status: str
    note: str

    def bound(self, shift: float) -> float:
        """The threshold times `shift`; counts, which are no measures, are never shifted."""
        counts = self.indicator in ("persistence", "supplier_is_world_top")
        return self.threshold - 1e-9 if counts else self.threshold * shift

    @property
    def rounded(self) -> float:
        """What a bound is multiplied by: equal to rounding counts as equal, in whatever order it was summed."""
        return 1 + ROUNDING if self.side == "above" else 1 - ROUNDING


@cache
def presets() -> Mapping[str, tuple[Criterion, ...]]:
    """Every preset with its criteria, all of which must hold."""
    rows = packaged("indicators", "presets.csv")
    found: dict[str, tuple[Criterion, ...]] = {}
    for row in rows:
        one = Criterion(row["indicator"], row["side"], float(row["threshold"]), row["status"], row["note"])
        found[row["preset"]] = (*found.get(row["preset"], ()), one)
    return MappingProxyType(found)


def criteria(preset: str) -> tuple[Criterion, ...]:
    """The criteria of one preset. Raises InputError naming the ones that exist."""
    if preset not in presets():
        raise InputError(f"preset {preset!r}; allowed: " + ", ".join(presets()))
    return presets()[preset]


def names(preset: str | Iterable[str]) -> tuple[str, ...]:
    """One or several presets as a checked tuple."""
    wanted = tuple(preset.split(",")) if isinstance(preset, str) else tuple(preset)
    for one in wanted:
        criteria(one.strip())
    return tuple(one.strip() for one in wanted)


def evaluate(columns: Mapping[str, Any], preset: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    """`PRESET`, `PRESET_lower`, `PRESET_higher` on plain arrays: whether each holds (row,), and whether that is known.

    Persistence counts where it is among the columns.
    """
    from geoecon.indicators import row_tests

    found: dict[str, tuple[Any, Any]] = {}
    for name in names(preset):
        tests = [c for c in criteria(name) if c.indicator != "persistence" or "persistence" in columns]
        sides = [_sides(c, columns) for c in tests]
        held = np.ones((len(SHIFTS), len(sides[0][0])), dtype=bool)
        failed = np.zeros_like(held)
        for c, (left, right) in zip(tests, sides, strict=True):
            bounds = np.array([(c.bound(shift), c.rounded) for shift in SHIFTS.values()])
            row_tests.tested(left, right, bounds, c.side == "above", held, failed)
        for suffix, yes, no in zip(SHIFTS, held, failed, strict=True):
            found[name + suffix] = yes, yes | no
    return found


def _sides(criterion: Criterion, columns: Mapping[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is compared with the threshold, and what the threshold is a multiple of (no row for 1)."""
    if criterion.indicator == "mx_ratio":
        imports = np.ascontiguousarray(columns["imports"], dtype=float)
        some = imports if imports.min(initial=1.0) > 0 else np.where(imports > 0, imports, np.nan)
        return some, np.ascontiguousarray(columns["exports"], dtype=float)
    return np.ascontiguousarray(columns[criterion.indicator], dtype=float), np.zeros(0)


def side_by_side(table: pd.DataFrame, preset: Iterable[str]) -> pd.DataFrame:
    """Products by importer and period under several presets, and `changes_side` where they disagree."""
    wanted = names(preset)
    keys = ["period", "importer", "product"]
    flags = table.groupby(keys)[list(wanted)].max().astype("boolean")
    told = flags.notna().sum(axis=1)
    yes = flags.fillna(False).sum(axis=1)
    return flags.assign(changes_side=(yes > 0) & (yes < told)).reset_index()


def describe(preset: str | Iterable[str]) -> str:
    """The definitions in words, thresholds included."""
    told = []
    for name in names(preset):
        tests = [f"{c.indicator} {'>' if c.side == 'above' else '≥'} {c.threshold:.3g}" for c in criteria(name)]
        told.append(f"{name}: " + " and ".join(tests))
    return "; ".join(told)
