"""From rows of trade to the table of indicators: joins on the engine, the last touches on the small result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from geoecon import countries
from geoecon.errors import InputError
from geoecon.trade import engine, indicators, presets, risk

Frame = Any
MARKET = indicators.MARKET
TRIPLE = ["period", "importer", "exporter", "product"]
# Indicators that are true only where the table holds the trade of the whole world, not of some importers.
WORLD_ONLY = ("mx_ratio", "world_hhi", "market_share_of_sales", "asymmetry", "spof", "replaceability",
              "world_top_share", "nir", "supply_risk", "supplier_is_world_top")  # fmt: skip
NO_IMPORTS = "no imports"
LOOSE = 0.01  # a concentration whose bounds are further apart is not shown
SOLE = "no finite value: sole supplier and no domestic share"


@dataclass(frozen=True)
class Options:
    """What the user may set. `elasticity` and `domestic_share` are one number or a mapping by product; `production`
    has columns importer, product, production (USD); `risk` maps an exporter to a risk or distance of 0 to 1."""

    elasticity: float | Mapping[str, float] = 4.0
    domestic_share: float | Mapping[str, float] = 0.0
    production: pd.DataFrame | None = None
    risk: Mapping[str, float] | None = None
    preset: tuple[str, ...] = ("ec2021",)
    bloc: str | None = None
    members: bool = False  # the bloc's members one by one instead of the bloc as one reporter
    world: bool = True
    leftover: tuple[str, ...] = ()
    given: Mapping[str, Mapping[Any, float]] = field(default_factory=dict)

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


def finish(
    table: pd.DataFrame, markets: pd.DataFrame, options: Options, sold: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The collected triples with what needs names or order: main supplier, CR3, unit values, risk, flags, reasons.

    `markets` holds every row of the markets in the table: period, importer, exporter, product, value_usd, tonnes.
    """
    named = markets[~markets["exporter"].isin(options.leftover)]
    table = table.merge(_suppliers(named), on=MARKET, how="left")
    table["cr3"] = table["cr3"] / table["imports"].where(table["imports"] > 0)
    table = table.merge(_unit_values(named), on=TRIPLE, how="left")
    table = _with_risk(table, named, options)
    table = _with_production(table, options)
    if sold is not None and options.risk is not None:
        table["supply_risk"] = risk.supply_risk(table, sold, options.risk)
    if not options.world:
        table[[name for name in WORLD_ONLY if name in table]] = np.nan
        table["exports"] = np.nan
    for name, given in options.given.items():
        table[name] = [
            given.get((i, e), given.get(i, np.nan)) for i, e in zip(table["importer"], table["exporter"], strict=True)
        ]
    for name in indicators.catalogue():
        if name not in table:
            table[name] = np.nan
    table = _bounded(table)
    table = with_preset_flags(table, options)
    table["reason"] = _reasons(table)
    return table


def _bounded(table: pd.DataFrame) -> pd.DataFrame:
    """Bounds of the concentration where part of the imports names no supplier; the index itself only if they are close.

    The leftover adds between nothing (many small suppliers) and its square (one supplier). The main supplier is
    not known where the leftover is larger than the largest that is named.
    """
    left = ((table["imports"] - table["allocated"]) / table["imports"].where(table["imports"] > 0)).clip(lower=0)
    table = table.assign(
        unallocated_share=left, hhi_low=table["supplier_hhi"], hhi_high=table["supplier_hhi"] + left**2
    )
    loose = left**2 > LOOSE
    table.loc[loose, ["supplier_hhi", "effective_suppliers"]] = np.nan
    hidden = left > table["top_share"]
    table.loc[hidden, ["top_share", "cr3"]] = np.nan
    table.loc[hidden, "top_supplier"] = None
    return table


def _suppliers(named: pd.DataFrame) -> pd.DataFrame:
    """The main supplier and the three largest together, by market."""
    ordered = named[named["value_usd"] > 0].sort_values(["value_usd", "exporter"], ascending=[False, True])
    groups = ordered.groupby(MARKET, sort=False)
    three = ordered[groups.cumcount() < 3].groupby(MARKET)["value_usd"].sum()
    return pd.DataFrame({"top_supplier": groups["exporter"].first(), "cr3": three}).reset_index()


def _unit_values(named: pd.DataFrame) -> pd.DataFrame:
    """USD per kg by triple, and its ratio to that of the largest other supplier with a known one.

    No unit value where the quantity is missing or rounded to zero.
    """
    known = named[(named["tonnes"] > 0) & (named["value_usd"] > 0)].copy()
    known["unit_value"] = known["value_usd"] / known["tonnes"] / 1000
    ordered = known.sort_values(["value_usd", "exporter"], ascending=[False, True])
    groups = ordered.groupby(MARKET, sort=False)["unit_value"]
    rank = groups.cumcount()
    first, second = (
        groups.transform("first"),
        groups.transform(lambda values: values.iloc[1] if len(values) > 1 else np.nan),
    )
    ordered["unit_value_gap"] = ordered["unit_value"] / np.where(rank == 0, second, first)
    return ordered[[*TRIPLE, "unit_value", "unit_value_gap"]]


def _with_risk(table: pd.DataFrame, named: pd.DataFrame, options: Options) -> pd.DataFrame:
    """hhi_geo: Σ s² · risk; and the supply risk of the critical-raw-materials method with net import reliance."""
    if options.risk is None:
        return table
    parts = named.assign(risk=named["exporter"].map(options.risk).astype(float), square=named["value_usd"] ** 2)
    parts["weighted"] = parts["square"] * parts["risk"]
    parts["unknown"] = parts["risk"].isna() & (parts["value_usd"] > 0)
    grouped = parts.groupby(MARKET).agg(
        weighted=("weighted", "sum"), squares=("square", "sum"), unknown=("unknown", "any")
    )
    table = table.merge(grouped.drop(columns="squares").reset_index(), on=MARKET, how="left")
    table["hhi_geo"] = (table["weighted"] / table["imports"].where(table["imports"] > 0) ** 2).where(
        ~table["unknown"].astype("boolean").fillna(True)
    )
    return table.drop(columns=["weighted", "unknown"])


def _with_production(table: pd.DataFrame, options: Options) -> pd.DataFrame:
    """nir = (M − X)/(Y + M − X), where production Y is given."""
    if options.production is None:
        return table.assign(nir=np.nan)
    table = table.merge(
        options.production[["importer", "product", "production"]], on=["importer", "product"], how="left"
    )
    net = table["imports"] - table["exports"]
    use = table["production"] + net
    return table.assign(nir=(net / use).where(use > 0))


def with_preset_flags(table: pd.DataFrame, options: Options) -> pd.DataFrame:
    """Flags of every preset asked for, persistence over the periods of the table included."""
    lacking = {c.indicator for name in options.preset for c in presets.criteria(name)} - set(table.columns)
    table = table.assign(**{name: np.nan for name in lacking})
    frame = nw.from_native(table)
    yearly = nw.to_native(presets.with_flags(frame, options.preset, yearly=True))
    years = table["period"].nunique()
    for name in options.preset:
        if any(c.indicator == "persistence" for c in presets.criteria(name)):
            held = yearly.groupby(["importer", "exporter", "product"])[name].transform("sum")
            share = held.astype(float) / years if years > 1 else np.nan
            table = table.assign(persistence=share)
            frame = nw.from_native(table)
            flags = nw.to_native(presets.with_flags(frame, [name]))
            yearly = yearly.assign(persistence=share, **{name + s: flags[name + s] for s in presets.SHIFTS})
    flags = [name + suffix for name in options.preset for suffix in presets.SHIFTS]
    return pd.DataFrame(yearly).astype(dict.fromkeys(flags, "boolean"))


def _reasons(table: pd.DataFrame) -> pd.Series:
    """Why an indicator of the row is empty."""
    reason = pd.Series("", index=table.index, dtype=object)
    reason[table["cutoff_loss"].isna() & (table["value_usd"] > 0)] = SOLE
    loose = table["unallocated_share"] ** 2 > LOOSE
    bounds = zip(table.loc[loose, "hhi_low"], table.loc[loose, "hhi_high"], strict=True)
    words = [f"suppliers known in part: concentration between {low:.3f} and {high:.3f}" for low, high in bounds]
    reason[loose] = pd.Series(words, index=table.index[loose], dtype=object)
    reason[~(table["imports"] > 0)] = NO_IMPORTS
    return reason
