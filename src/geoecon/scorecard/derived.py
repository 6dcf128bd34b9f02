"""Measures that follow from a stage's result and a fact of the case: how full a store is."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoecon.case import Case
from geoecon.dates import month_on
from geoecon.errors import InputError

if TYPE_CHECKING:
    from geoecon.disruption import DisruptionPath


Array = NDArray[np.float64]


def store_fills(case: Case, disruption: DisruptionPath) -> dict[tuple[str, str], Array]:
    """("storage_fill", "REGION@YYYY-MM") in percent at the end of each month, (draw,), for the case's [[stores]].

    A store of case.toml names its product, its region, and `full_days`: the days of total use that it holds when
    full. The disruption stage gives the stock in days of use.
    """
    found: dict[tuple[str, str], Array] = {}
    for store in case.settings.get("stores", []):
        product, region, full = store.get("product"), store.get("region"), store.get("full_days")
        if not isinstance(full, int | float) or full <= 0 or not isinstance(region, str):
            raise InputError(f"case.toml stores.full_days: {full!r}; allowed: days above zero, and a region")
        if product not in disruption.stock["product"].values:
            continue
        stock = np.asarray(disruption.stock.sel(product=product).values, dtype=float)
        for day, month in _month_ends(case.start, stock.shape[1]):
            found["storage_fill", f"{region}@{month}"] = 100 * stock[:, day] / full
    return found


def _month_ends(start: date, days: int) -> list[tuple[int, str]]:
    """(day, YYYY-MM) of the last day of every month within the horizon."""
    found: list[tuple[int, str]] = []
    for month in itertools.count():
        day = (month_on(start, month + 1) - start).days - 1
        if day >= days:
            break
        found.append((day, month_on(start, month).isoformat()[:7]))
    return found
