"""What each indicator says, and the cost of a cut-off as an expression: the one number that the engine ranks by.

The indicators themselves are computed in `kernel.py`, wherever the rows come from.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import narwhals as nw

from geoecon.errors import InputError
from geoecon.tables import packaged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


MARKET = ["period", "importer", "product"]
FLOOR = 1e-6  # a supplier of everything is ranked as if 1e-6 of the imports came from elsewhere


@dataclass(frozen=True)
class Indicator:
    """What an indicator says: label, definition in words, unit, the side of its threshold that is flagged, source."""

    name: str
    label: str
    definition: str
    unit: str
    threshold: float | None
    source_id: str
    status: str


@cache
def catalogue() -> Mapping[str, Indicator]:
    """Every indicator with its definition and default threshold, in the order in which they are shown."""
    rows = packaged("indicators", "indicators.csv")
    return MappingProxyType({row["name"]: _indicator(**row) for row in rows})


def _indicator(threshold: str, **words: str) -> Indicator:
    return Indicator(threshold=float(threshold) if threshold else None, **words)


def ratio(above: nw.Expr, below: nw.Expr) -> nw.Expr:
    """above / below; missing where there is nothing to divide by: nothing is not zero."""
    return nw.when(below > 0).then(above / below)


def exposure() -> nw.Expr:
    """Share of use that the supplier controls: w (1 − d), where column `domestic` is the share d made at home."""
    return ratio(nw.col("value_usd"), nw.col("imports")) * (1.0 - nw.col("domestic"))


def loss_of_access(floor: float = 0.0) -> nw.Expr:
    """−ln(1 − w(1 − d))/(σ − 1): log-loss when the supplier shuts off (Clayton, Maggiori & Schreger).

    Missing for a sole supplier without a share made at home, unless `floor` bounds 1 − w from below.
    """
    left = 1.0 - exposure()
    kept = nw.when(left > floor).then(left) if floor == 0 else nw.when(left > floor).then(left).otherwise(floor)
    return -(kept.log()) / (nw.col("elasticity") - 1.0)


def rank_cost() -> nw.Expr:
    """Cost of a cut-off (USD), finite for ranking: a sole supplier counts as if `FLOOR` came from elsewhere."""
    value = nw.col("value_usd")
    return nw.when(value > 0).then(loss_of_access(FLOOR) * value).otherwise(0.0)


def check_elasticity(value: float, where: str = "elasticity") -> float:
    """The elasticity if it lies above one. Raises InputError: at one the loss has no finite value."""
    if not (math.isfinite(value) and value > 1):
        raise InputError(f"{where} {value:g}; allowed: a finite number above 1")
    return value


def loss(share: ArrayLike, elasticity: ArrayLike, domestic: ArrayLike = 0.0, floor: float = 0.0) -> NDArray[np.float64]:
    """The closed form of `loss_of_access` on plain numbers or arrays; NaN for a sole supplier without own supply."""
    import numpy as np

    exposed = np.asarray(share, dtype=float) * (1 - np.asarray(domestic, dtype=float))
    with np.errstate(divide="ignore"):
        found = -np.log(np.maximum(1 - exposed, floor)) / (np.asarray(elasticity, dtype=float) - 1)
    return np.where(np.isfinite(found), found, np.nan)
