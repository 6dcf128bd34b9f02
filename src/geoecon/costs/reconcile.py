"""One loss at three horizons, in one table: what the users of the materials lose themselves, what travels on, and what
it is in equilibrium, by what causes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoecon.draws import Array, band
from geoecon.figure import number
from geoecon.production import nations

if TYPE_CHECKING:
    from geoecon.costs.change import WelfareChange
    from geoecon.disruption import DisruptionPath

HORIZONS = ("days 1 to 30", "first year", "lasting")
WINDOWS = ("first month", "first year", "lasting")
MONTH, YEAR = 30, 365


def reconciled(path: DisruptionPath, change: WelfareChange) -> pd.DataFrame:
    """The same loss of the target at three horizons: what, days 1 to 30, first year, lasting, unit.

    Each cell is the median with its 80 % band. Per cent are of the country's value added (real income in the last
    rows) of the same window, so that a row may be read across; money is what falls in the window, lasting in a year.
    """
    target = change.target
    whole = float(path.base_value_added.sel(region=target))  # a day
    direct = [path.direct.sel(window=window).values for window in WINDOWS]  # at a yearly rate
    part = np.array([MONTH / YEAR, 1.0, 1.0])
    worst = [100 * path.industry_losses.sel(window=window).values.max(axis=1) for window in WINDOWS]
    rows: list[tuple[str, str, list[Array | None]]] = [
        ("output that the worst hit users of the materials lose", "%", [*worst])
    ]
    rows.append(("their own value added", path.unit, [d * p for d, p in zip(direct, part, strict=True)]))
    rows.append(("the same, of all value added", "%", [100 * d / (whole * YEAR) for d in direct]))
    people = population(target)
    if people:
        heads = [d * p * 1e6 / people for d, p in zip(direct, part, strict=True)]
        rows.append(("the same, for each inhabitant", "USD", heads))
    added = path.value_added_share.sel(region=target).values
    travelled: list[Array | None] = [100 * (1 - added[:, :days].mean(axis=1)) for days in (MONTH, YEAR)]
    rows.append(("with what travels through the economy and with all other measures, of all value added", "%",
                 [*travelled, None]))  # fmt: skip
    for player in change.attribution.coords["player"].values:
        values = -change.attribution.sel(player=player, region=target).values
        rows.append((f"in equilibrium, {player} alone, of real income", "%", [None, values, None]))
    first, last = (-values.sel(region=target).values for values in (change.first_year, change.real_income))
    rows.append(("in equilibrium, all together, of real income", "%", [None, first, last]))
    table = [(what, *(_cell(cell) for cell in cells), unit) for what, unit, cells in rows]
    return pd.DataFrame(table, columns=[f"loss of {change.name(target)}", *HORIZONS, "unit"])


def _cell(values: Array | None) -> str:
    """Median and band in words; a dash where a horizon is not that row's."""
    if values is None:
        return "–"
    middle, low, high = (float(value) for value in band(np.where(np.abs(values) < 1e-9, 0.0, values)))
    if np.isnan(low):
        return number(middle)
    return f"{number(middle)} ({number(low)} to {number(high)})"


def population(code: str) -> float:
    """Inhabitants in 2022; 0 where unknown."""
    people: dict[Any, Any] = nations()["population_million"].to_dict()
    return float(people.get(code, 0.0)) * 1e6
