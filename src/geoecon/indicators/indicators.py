"""The indicators of dependence, each defined once as a narwhals expression: DuckDB, pandas, Polars and Spark run it.

Importer c, supplier s, product k. v is what c buys from s; M what it buys in all; X what it sells of k itself;
sales what s sells of k to everybody; W world trade in k. Every column is in the units of `indicators.csv`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import narwhals as nw

from geoecon.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


Frame = Any  # a narwhals LazyFrame or DataFrame: the engine decides
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
    with (files("geoecon") / "indicators" / "indicators.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return MappingProxyType({row["name"]: _indicator(**row) for row in rows})


def _indicator(threshold: str, **words: str) -> Indicator:
    return Indicator(threshold=float(threshold) if threshold else None, **words)


def ratio(above: nw.Expr, below: nw.Expr) -> nw.Expr:
    """above / below; missing where there is nothing to divide by: nothing is not zero."""
    return nw.when(below > 0).then(above / below)


# Indicators that need no more than the joined totals; the names are those of indicators.csv.
EXPRESSIONS: Mapping[str, Callable[[], nw.Expr]] = MappingProxyType(
    {
        "import_share": lambda: ratio(nw.col("value_usd"), nw.col("imports")),
        "top_share": lambda: ratio(nw.col("largest"), nw.col("imports")),
        "supplier_hhi": lambda: ratio(nw.col("squares"), nw.col("imports") * nw.col("imports")),
        "effective_suppliers": lambda: ratio(nw.col("imports") * nw.col("imports"), nw.col("squares")),
        "extra_share": lambda: ratio(nw.col("imports"), nw.col("imports") + nw.col("intra")),
        "mx_ratio": lambda: ratio(nw.col("imports"), nw.col("exports")),
        "world_hhi": lambda: ratio(
            nw.col("world_squares") - nw.col("exports") * nw.col("exports"),
            (nw.col("world") - nw.col("exports")) * (nw.col("world") - nw.col("exports")),
        ),
        "market_share_of_sales": lambda: ratio(nw.col("value_usd"), nw.col("sales")),
        "asymmetry": lambda: ratio(nw.col("sales"), nw.col("imports")),
        "spof": lambda: ratio(nw.col("sales") + nw.col("supplier_imports"), nw.col("world")),
        "replaceability": lambda: ratio(
            nw.col("world") - nw.col("sales") - nw.col("imports") + nw.col("value_usd"), nw.col("value_usd")
        ),
    }
)


def totals(rows: Frame, *, leftover: Iterable[Any] = ()) -> Frame:
    """Imports, sum of squares, largest supplier and number of suppliers by period, importer and product.

    What no supplier is named for (`leftover` exporters) counts in the imports but is nobody's share: the
    concentration is then a lower bound.
    """
    named = nw.col("value_usd")
    left = list(leftover)
    if left:
        named = nw.when(~nw.col("exporter").is_in(left)).then(nw.col("value_usd")).otherwise(0.0)
    parts = rows.with_columns(named=named).with_columns(square=nw.col("named") * nw.col("named"))
    parts = parts.with_columns(one=nw.when(nw.col("named") > 0).then(1).otherwise(0))
    return parts.group_by(*MARKET).agg(
        nw.col("value_usd").sum().alias("imports"),
        nw.col("square").sum().alias("squares"),
        nw.col("named").max().alias("largest"),
        nw.col("named").sum().alias("allocated"),
        nw.col("one").sum().alias("suppliers"),
    )


def sales(rows: Frame) -> Frame:
    """What each country sells of each product to everybody: columns period, seller, product, sold."""
    sold = rows.group_by("period", "exporter", "product").agg(nw.col("value_usd").sum().alias("sold"))
    return sold.rename({"exporter": "seller"})


def world(sold: Frame) -> Frame:
    """World trade of each product, its sum of squares over sellers, and its largest seller's sales."""
    parts = sold.with_columns(square=nw.col("sold") * nw.col("sold"))
    return parts.group_by("period", "product").agg(
        nw.col("sold").sum().alias("world"),
        nw.col("square").sum().alias("world_squares"),
        nw.col("sold").max().alias("world_largest"),
    )


def joined(rows: Frame, wanted: Frame, *, intra: Frame | None = None, leftover: Iterable[Any] = ()) -> Frame:
    """The wanted triples with every total that an indicator needs. `rows` holds all trade, `wanted` some of it."""
    sold = sales(rows)
    market = totals(rows, leftover=leftover)
    bought = market.select("period", "importer", "product", "imports")
    found = wanted.join(market, on=MARKET, how="left")
    found = _attach(found, sold, {"seller": "exporter"}, {"sold": "sales"})
    found = _attach(found, sold, {"seller": "importer"}, {"sold": "exports"})
    found = _attach(found, bought, {"importer": "exporter"}, {"imports": "supplier_imports"})
    found = found.join(world(sold), on=["period", "product"], how="left")
    found = found.with_columns(intra=nw.lit(0.0)) if intra is None else found.join(intra, on=MARKET, how="left")
    zero = [nw.col(name).fill_null(0.0) for name in ("sales", "exports", "supplier_imports", "intra")]
    return found.with_columns(*zero)


def _attach(left: Frame, right: Frame, keys: Mapping[str, str], values: Mapping[str, str]) -> Frame:
    """A left join of `right` on period, product and one country column that has another name on the left."""
    renamed = right.rename({**keys, **values})
    return left.join(renamed, on=["period", "product", *keys.values()], how="left")


def with_indicators(found: Frame, names: Iterable[str] | None = None) -> Frame:
    """The joined triples with the columns of `EXPRESSIONS` (or some of them)."""
    wanted = tuple(EXPRESSIONS) if names is None else tuple(names)
    return found.with_columns(*(EXPRESSIONS[name]().alias(name) for name in wanted))


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


def with_cost(found: Frame) -> Frame:
    """Adds `cutoff_loss` (log-loss), `cutoff_cost` (USD) and `rank_cost` (USD, finite for ranking)."""
    value = nw.col("value_usd")
    return found.with_columns(
        cutoff_loss=loss_of_access(),
        cutoff_cost=loss_of_access() * value,
        rank_cost=rank_cost(),
    )


def rank_cost() -> nw.Expr:
    """Cost of a cut-off (USD), finite for ranking: a sole supplier counts as if `FLOOR` came from elsewhere."""
    value = nw.col("value_usd")
    return nw.when(value > 0).then(loss_of_access(FLOOR) * value).otherwise(0.0)


def check_elasticity(value: float, where: str = "elasticity") -> float:
    """The elasticity if it lies above one. Raises InputError: at one the loss has no finite value."""
    if not (math.isfinite(value) and value > 1):
        raise InputError(f"{where} {value:g}; allowed: a finite number above 1")
    return value


def loss(share: ArrayLike, elasticity: ArrayLike, domestic: ArrayLike = 0.0) -> NDArray[np.float64]:
    """The closed form of `loss_of_access` on plain numbers or arrays; NaN for a sole supplier without own supply."""
    import numpy as np

    exposed = np.asarray(share, dtype=float) * (1 - np.asarray(domestic, dtype=float))
    with np.errstate(divide="ignore"):
        found = -np.log(1 - exposed) / (np.asarray(elasticity, dtype=float) - 1)
    return np.where(np.isfinite(found), found, np.nan)
