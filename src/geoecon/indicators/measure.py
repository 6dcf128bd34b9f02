"""What a scan may be told, and the indicators as joins that any engine runs (a cluster keeps the rows)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals as nw
import pandas as pd

from geoecon import countries
from geoecon.errors import InputError
from geoecon.flows import engine
from geoecon.indicators import indicators, presets

Frame = Any
MARKET = indicators.MARKET
TRIPLE = ["period", "importer", "exporter", "product"]


@dataclass(frozen=True)
class Options:
    """What the user may set. `elasticity` and `domestic_share` are one number or a mapping by product; `risk` maps an
    exporter to a risk or distance of 0 to 1; `given` are columns that the user brings, each a table with some of the
    keys period, importer, exporter, product, sector and a column of its name."""

    elasticity: float | Mapping[str, float] = 4.0
    domestic_share: float | Mapping[str, float] = 0.0
    risk: Mapping[str, float] | None = None
    preset: tuple[str, ...] = ("ec2021",)
    bloc: str | None = None
    members: bool = False  # the bloc's members one by one instead of the bloc as one reporter
    world: bool = True
    leftover: tuple[str, ...] = ()
    years: int = 1  # periods that are looked at together
    given: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    sectors: Mapping[str, str] = field(default_factory=dict)  # beginning of a product code -> sector of a table

    def checked(self) -> Options:
        """Raises InputError for an elasticity of one or less and shares outside 0 to 1."""
        for value in numbers(self.elasticity):
            indicators.check_elasticity(value)
        for value in numbers(self.domestic_share):
            if not 0 <= value < 1:
                raise InputError(f"domestic share {value:g}; allowed: from 0 to below 1")
        return replace(self, preset=presets.names(self.preset))


def numbers(given: float | Mapping[str, float]) -> Iterable[float]:
    return given.values() if isinstance(given, Mapping) else (given,)


def with_parameter(frame: Frame, name: str, given: float | Mapping[str, float], default: float) -> Frame:
    """A column with one number, or one by product (the default where the mapping has none)."""
    if not isinstance(given, Mapping):
        return frame.with_columns(nw.lit(float(given)).alias(name))
    table = pd.DataFrame({"product": list(given), name: [float(value) for value in given.values()]})
    joined = frame.join(engine.beside(frame, table), on=["product"], how="left")
    return joined.with_columns(nw.col(name).fill_null(default))


def as_bloc(rows: Frame, bloc: str | None, members: bool, year: int | None = None) -> tuple[Frame, Frame | None]:
    """Rows with the bloc as one reporter (or its members as they are), and trade inside the bloc by market.

    Trade between members is no import of the bloc: it leaves the rows and comes back as `intra`.
    """
    if bloc is None:
        return rows, None
    inside = sorted(countries.members(bloc, year))
    within = nw.col("importer").is_in(inside) & nw.col("exporter").is_in(inside)
    one = rows if members else rows.with_columns(
        importer=nw.when(nw.col("importer").is_in(inside)).then(nw.lit(bloc)).otherwise(nw.col("importer")),
        exporter=nw.when(nw.col("exporter").is_in(inside)).then(nw.lit(bloc)).otherwise(nw.col("exporter")),
        within=within,
    )  # fmt: skip
    one = one.with_columns(within=within) if members else one
    intra = one.filter(nw.col("within")).group_by(*MARKET).agg(nw.col("value_usd").sum().alias("intra"))
    outside = one.filter(~nw.col("within")).drop("within")
    if not members:
        keys = ["period", "exporter", "importer", "product"]
        outside = outside.group_by(*keys).agg(nw.col("value_usd").sum(), nw.col("tonnes").sum())
    return outside, intra


def triples(rows: Frame, wanted: Frame, options: Options, intra: Frame | None = None) -> Frame:
    """The wanted triples with all indicators that the engine computes. Lazy; columns as in indicators.csv."""
    found = indicators.joined(rows, wanted, intra=intra, leftover=options.leftover)
    found = with_parameter(found, "elasticity", options.elasticity, 4.0)
    found = with_parameter(found, "domestic", options.domestic_share, 0.0)
    found = indicators.with_cost(indicators.with_indicators(found))
    return found.with_columns(
        world_top_share=indicators.ratio(nw.col("world_largest"), nw.col("world")),
        supplier_is_world_top=nw.when(nw.col("world") > 0).then(
            nw.when(nw.col("sales") >= nw.col("world_largest") * (1 - 1e-12)).then(1.0).otherwise(0.0)
        ),
    )
