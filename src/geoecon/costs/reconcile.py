"""One loss at three horizons, in one table: what the users of the materials lose themselves, what travels on, and what
it is in equilibrium, by what causes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoecon.dates import MONTH, YEAR
from geoecon.disruption import NOISE
from geoecon.draws import Array
from geoecon.past_error import Measured
from geoecon.production import nations
from geoecon.result import Result, Sample

if TYPE_CHECKING:
    import xarray as xr

    from geoecon.costs.change import WelfareChange
    from geoecon.disruption import DisruptionPath

HORIZONS = ("days 1 to 30", "first year", "lasting")
WINDOWS = ("first month", "first year", "lasting")


def reconciled(path: DisruptionPath, change: WelfareChange) -> pd.DataFrame:
    """The same loss of the target at three horizons: what, days 1 to 30, first year, lasting, unit.

    Each cell is told as the figures are: the median with its 80 % band, with what such forecasts have been wrong by.
    Per cent are of the country's value added (real income in the last rows) of the same window, so that a row may be
    read across; money is what falls in the window, lasting in a year.
    """
    target = change.target
    whole = float(path.base_value_added.sel(region=target)) * YEAR
    direct = [path.direct.sel(window=window).values for window in WINDOWS]  # at a yearly rate
    part = np.array([MONTH / YEAR, 1.0, 1.0])
    worst = [100 * path.industry_losses.sel(window=window).values.max(axis=1) for window in WINDOWS]

    def of_all(values: Array) -> Sample:
        return _loss(path, 100 * values / whole, Measured(state=target, factor=whole / 100), 100 * NOISE)

    def in_window(unit: float) -> list[Sample | None]:
        return [_loss(path, d * p / unit, Measured(state=target, factor=unit / p), NOISE * whole / unit)
                for d, p in zip(direct, part, strict=True)]  # fmt: skip

    def of_income(values: xr.DataArray) -> Sample:
        counted = replace(change.measured(target), factor=-change.measured(target).factor, loss=1)
        return _loss(change, -values.sel(region=target).values, counted, 100 * change.residual)

    output = Measured("worst_output_month", factor=-1.0, shift=100.0)
    rows: list[tuple[str, str, list[Sample | None]]] = [
        (
            "output that the worst hit users of the materials lose",
            "%",
            [_loss(path, w, output, 100 * NOISE) for w in worst],
        ),
        ("their own value added", path.unit, in_window(1.0)),
        ("the same, of all value added", "%", [of_all(d) for d in direct]),
    ]
    people = population(target)
    if people:
        rows.append(("the same, for each inhabitant", "USD", in_window(people / 1e6)))
    at = list(path.value_added_change["region"].values).index(target)
    windows = (slice(MONTH), slice(YEAR), slice(-MONTH, None))
    travelled: list[Sample | None] = [of_all(-path.added(days)[:, at] * whole) for days in windows]
    rows.append(("with what travels through the economy and with all other measures, of all value added", "%",
                 travelled))  # fmt: skip
    for player in change.attribution.coords["player"].values:
        values = of_income(change.attribution.sel(player=player))
        name = "the sender's measures" if player == "licences" else player
        rows.append((f"in equilibrium, {name} alone, of real income", "%", [None, values, None]))
    both = [of_income(change.first_year), of_income(change.real_income)]
    rows.append(("in equilibrium, all together, of real income", "%", [None, *both]))
    table = [(what, *map(_cell, cells), unit) for what, unit, cells in rows]
    return pd.DataFrame(table, columns=[f"loss of {change.name(target)}", *HORIZONS, "unit"])


def _loss(told: Result, values: Array, counted: Measured, noise: float) -> Sample:
    """A loss by draw, against the record that a result answers to."""
    return Sample(values, "", "", "", noise=noise, counted=counted, past=told.past)


def _cell(sample: Sample | None) -> str:
    """Median and band in words; a dash where a horizon is not that row's."""
    if sample is None:
        return "–"
    found = sample.figure(frozenset(), True)
    return f"nothing, {found.runs}" if found.value == 0 and found.runs and found.measurable else str(found)


def population(code: str) -> float:
    """Inhabitants in 2022; 0 where unknown."""
    people: dict[Any, Any] = nations()["population_million"].to_dict()
    return float(people.get(code, 0.0)) * 1e6
