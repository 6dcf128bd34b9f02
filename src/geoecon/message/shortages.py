"""The numbers of an assessment, by run: what falls short, and how far imports fall."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoecon.capacity import shuns
from geoecon.message.sides import Sides

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
LEAST = 20  # runs that carry a chance, a middle or a curve


@dataclass(frozen=True)
class Shortages(Sides):
    """What runs short. Arrays run over the runs, without the one at mid values."""

    @cached_property
    def predictions(self) -> dict[tuple[str, str], Array]:
        """Everything that the stages forecast, by (metric, of); runs only."""
        found: dict[tuple[str, str], Array] = {}
        for stage, result in self.assessment.results.items():
            if stage == "precedents":  # a forecast of its own, beside the line's
                continue
            for key, values in result.predictions().items():
                found[key] = runs_of(values)
        return found

    @cached_property
    def shortage(self) -> Mask | None:
        """(run, product) whether the material runs short; None without the stage or without runs."""
        days = [values for (metric, _), values in self.predictions.items() if metric == "first_shortage_day"]
        return np.isfinite(np.stack(days, axis=1)) if days and self.runs >= LEAST else None

    @cached_property
    def short(self) -> Mask | None:
        """(run,) whether at least one material runs short."""
        return None if self.shortage is None else np.asarray(self.shortage.any(axis=1))

    @cached_property
    def chance(self) -> float | None:
        return None if self.short is None else float(self.short.mean())

    @cached_property
    def by_product(self) -> list[tuple[str, float]]:
        """Chance of a shortage by product, the likeliest first."""
        if self.shortage is None:
            return []
        names = [
            self.products.get(of, of.replace("_", " "))
            for metric, of in self.predictions
            if metric == "first_shortage_day"
        ]
        return sorted(zip(names, map(float, self.shortage.mean(axis=0)), strict=True), key=lambda one: -one[1])

    @cached_property
    def cut(self) -> list[tuple[str, Array]]:
        """By product: change of imports from the sender in the first year (run,), share of the year before."""
        return [
            (of, values / 100)
            for (metric, of), values in self.predictions.items()
            if metric == "imports_change_12m" and of in self.products
        ]

    @property
    def shunned(self) -> bool:
        """Whether the sender, as known on the day of the forecast, stays away from what the target sells it."""
        return shuns(self.case)

    @property
    def refused(self) -> dict[str, str]:
        """Product by measure, of what the senders no longer buy."""
        return {row.id: row.flow.product for row, _ in getattr(self.result("controls"), "refused", ())}

    def cut_told(self, key: str, values: Array) -> tuple[float, float, float]:
        """(low, middle, high) of a product's first year, per cent, as its figure tells it; else of the runs."""
        keys = (f"imports_change.{key}", *(f"refused_change.{one}" for one in self.refused if self.refused[one] == key))
        figure = next(filter(None, (self.figure("controls", one) for one in keys)), None)
        if figure is not None and figure.low is not None and figure.value is not None and figure.high is not None:
            return float(figure.low), float(figure.value), float(figure.high)
        low, middle, high = (100 * float(np.quantile(values, share)) for share in (0.1, 0.5, 0.9))
        return low, middle, high


def runs_of(values: ArrayLike) -> Array:
    """The runs of an array by draw, without the one at mid values."""
    found = np.asarray(values, dtype=float)
    return found[1:] if found.ndim and len(found) > 1 else found
