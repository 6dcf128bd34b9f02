"""scan: every (supplier, importer, product) by what a cut-off would cost, with all indicators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from geoecon import countries
from geoecon.errors import InputError
from geoecon.trade import engine, indicators, measure, presets, risk
from geoecon.trade.flows import COLUMNS, Flows, unspecified_product
from geoecon.trade.measure import MARKET, TRIPLE, Options
from geoecon.trade.read import read_flows
from geoecon.trade.result import Scan
from geoecon.trade.write import write_batches, write_table

Frame = Any
GROUP = 250_000
CHUNK = 1_500_000  # rows that are joined at a time where every triple is written
TOP = 100  # shown where nothing else is asked for and no importer is named


def scan(
    flows: Any,
    importer: str | None = None,
    exporter: str | None = None,
    *,
    preset: str | Iterable[str] = "ec2021",
    top: int | None = None,
    period: str | Iterable[str] | None = None,
    product: str | Iterable[str] | None = None,
    bloc: str | None = None,
    members: bool = False,
    elasticity: float | Mapping[str, float] = 4.0,
    domestic_share: float | Mapping[str, float] = 0.0,
    production: pd.DataFrame | None = None,
    distance: Mapping[str, float] | None = None,
    out: str | Path | None = None,
    on: str | None = None,
) -> Scan:
    """All indicators for every supplier, importer and product of a period, ranked by the cost of a cut-off.

    `flows` is anything that `read_flows` takes, or "sample". Without an importer every importer is scanned: the 100
    costliest triples are returned, and all of them go to `out` as Parquet if it is given. `preset` is one or several
    of ec2021, geodep, pc2021, crm2023, merics. `period` is the last one unless named; a preset that asks for
    persistence also looks at the two before. `bloc` (EU, ASEAN, …) counts as one reporter, or as its `members`.
    `elasticity` (between suppliers) and `domestic_share` are numbers or mappings by product; `production` (importer,
    product, production in USD) gives net import reliance; `distance` (exporter → 0 to 1) weights concentration and is
    the World Bank's governance risk unless given. `on` names the engine: duckdb, pandas, polars, spark://HOST:PORT.

    Raises InputError for unknown countries, presets and periods. Sole suppliers have no finite cost; they are ranked
    as if a millionth of the imports came from elsewhere.
    """
    known = read_flows(flows, on=on)
    options = Options(
        elasticity, domestic_share, production, None, presets.names(preset), bloc, members,
        world=known.scope == "world",
    ).checked()  # fmt: skip
    periods = _periods(known, period, options.preset)
    options = replace(options, risk=distance if distance is not None else risk.governance(periods[-1]))
    _check(importer, exporter, bloc)
    options = replace(options, leftover=_leftover(known.sellers()))
    world = _translated(known, options, periods, product)
    wanted = _wanted(world, importer, exporter)
    if importer is None and top is None and out is None:
        top = TOP
    if out is not None and top is None and importer is None:
        if known.file and bloc is None and product is None and len(periods) == 1:
            _write_sorted(known, options, periods[0], Path(out))
        else:
            rows, intra = _reporters(known.select(period=periods, product=product), options, periods[-1])
            plain = World(rows, intra, leftover=options.leftover)
            _write_all(rows, _wanted(plain, importer, exporter), options, intra, Path(out))
        top, out = TOP, None
    if top is not None and len(periods) == 1:
        found = _costliest(world.rows, wanted, options, top)
        intra = None if world.intra is None else engine.local(_of_products(world.intra, found))
        world = replace(world, rows=engine.local(_of_products(world.rows, found)), intra=intra)
        wanted = engine.beside(world.rows, found[[*TRIPLE, "value_usd", "tonnes"]])
    elif importer is not None and known.codes is None:
        world = replace(world, rows=_bought(world.rows, wanted))
    table = _table(world, wanted, options)
    table = table[table["period"] == periods[-1]].reset_index(drop=True)
    table = table if top is None else table.head(top)
    result = Scan(table, importer, exporter, options.preset, periods, bloc, members, known.label, known.coverage,
                  known.sources, dict(known.product_names))  # fmt: skip
    if out is not None:
        write_table(result.table, Path(out))
    return result


@dataclass(frozen=True)
class World:
    """All rows that a scan looks at, in ISO3 codes or, where `places` is given, still in the file's own."""

    rows: Frame
    intra: Frame | None = None
    places: Mapping[Any, str] | None = None
    leftover: tuple[Any, ...] = ()

    def code(self, iso3: str | None) -> Any:
        """The code of a country in these rows; one that no row has where the file does not know it."""
        if self.places is None or iso3 is None:
            return iso3
        nobody: Any = "" if any(isinstance(code, str) for code in self.places) else -1
        return next((code for code, place in self.places.items() if place == iso3), nobody)

    def translate(self, table: pd.DataFrame, *sides: str) -> pd.DataFrame:
        """The table with ISO3 codes."""
        if self.places is None:
            return table
        return table.assign(**{side: table[side].map(dict(self.places)).astype(str) for side in sides})


def _translated(flows: Flows, options: Options, periods: list[str], product: Any) -> World:
    """The rows of the scan; codes stay as the file has them where one period is asked for and no bloc or product."""
    native = flows.codes
    if native is None or options.bloc is not None or product is not None or len(periods) > 1:
        rows, intra = _reporters(flows.select(period=periods, product=product), options, periods[-1])
        return World(rows, intra, leftover=options.leftover)
    rows = native.frame.filter(nw.col("exporter") != nw.col("importer"))
    if len(native.periods) > 1:
        when = next(code for code, text in native.periods.items() if text == periods[0])
        rows = rows.filter(nw.col("period") == when)
    rows = rows.with_columns(period=nw.lit(periods[0]))
    rows = rows.filter(~unspecified_product()) if flows.vague else rows
    left = tuple(code for code, place in native.places.items() if place in options.leftover)
    return World(rows, None, native.places, left)


def _periods(flows: Flows, period: str | Iterable[str] | None, wanted: tuple[str, ...]) -> list[str]:
    """The periods to read: the one asked for (or the last), and two years before where a preset wants persistence."""
    known = flows.periods()
    if not known:
        raise InputError(f"no rows to scan: {flows.coverage}; allowed: a table with trade between two countries")
    if period is not None and not isinstance(period, str):
        asked = sorted(period)
    else:
        last = period or known[-1]
        lasting = any(c.indicator == "persistence" for name in wanted for c in presets.criteria(name))
        before = [p for p in known if len(p) == len(last) and p < last][-2:]
        asked = [*(before if lasting else []), last]
    lacking = [p for p in asked if p not in known]
    if lacking:
        raise InputError(f"period {', '.join(lacking)}; allowed: " + ", ".join(known[-12:]))
    return asked


def _reporters(flows: Flows, options: Options, period: str) -> tuple[Frame, Frame | None]:
    rows = flows.frame.select(*COLUMNS)
    rows = rows.filter(~unspecified_product()) if flows.vague else rows
    return measure.as_bloc(rows, options.bloc, options.members, int(period[:4]))


def _check(importer: str | None, exporter: str | None, bloc: str | None) -> None:
    if bloc is not None:
        countries.members(bloc)
    for side, code in (("importer", importer), ("exporter", exporter)):
        if code is not None and code != bloc and not countries.is_known(code):
            place = countries.resolve(code)
            raise InputError(f"{side} {code!r}; allowed: the ISO 3166 code {place.iso3}")


def _leftover(exporters: Iterable[str]) -> tuple[str, ...]:
    """Exporters that name no supplier."""
    vague = ("unspecified", "aggregate")
    return tuple(sorted(c for c in exporters if countries.is_known(c) and countries.kind(c) in vague))


def _wanted(world: World, importer: str | None, exporter: str | None) -> Frame:
    """Rows with a value, a named supplier, and the importer and exporter that were asked for."""
    found = world.rows.filter(nw.col("value_usd") > 0)
    if world.leftover:
        found = found.filter(~nw.col("exporter").is_in(list(world.leftover)))
    if importer is not None:
        found = found.filter(nw.col("importer") == world.code(importer))
    if exporter is not None:
        found = found.filter(nw.col("exporter") == world.code(exporter))
    return found


def _bought(rows: Frame, wanted: Frame) -> Frame:
    """World rows of the products that are wanted."""
    return rows.join(wanted.select("product").unique(), on=["product"], how="semi")


def _of_products(rows: Frame, found: pd.DataFrame) -> Frame:
    codes = found["product"].unique()
    if len(codes) <= 2000:
        return rows.filter(nw.col("product").is_in(list(codes)))
    return rows.join(engine.beside(rows, pd.DataFrame({"product": codes})), on=["product"], how="semi")


def _bound(options: Options) -> float:
    """The largest cost of a cut-off for each dollar of trade: ln(1/FLOOR)/(σ − 1) with the smallest σ."""
    smallest = min(measure.numbers(options.elasticity), default=4.0)
    if isinstance(options.elasticity, Mapping):
        smallest = min(smallest, 4.0)
    return float(-np.log(indicators.FLOOR) / (smallest - 1))


def _ranked(rows: Frame, wanted: Frame, options: Options, n: int) -> pd.DataFrame:
    """The n costliest of the wanted triples: totals of their markets only, one join, one sort."""
    market = wanted.select(*MARKET).unique()
    total = rows.join(market, on=MARKET, how="semi").group_by(*MARKET).agg(nw.col("value_usd").sum().alias("imports"))
    found = wanted.join(total, on=MARKET, how="inner")
    found = measure.with_parameter(found, "elasticity", options.elasticity, 4.0)
    found = indicators.with_cost(measure.with_parameter(found, "domestic", options.domestic_share, 0.0))
    order = ["rank_cost", "value_usd", "product", "importer", "exporter"]
    ranked = found.select(*TRIPLE, "value_usd", "tonnes", "rank_cost").sort(
        order, descending=[True, True, False, False, False]
    )
    return engine.collect(ranked.head(n))


def _costliest(rows: Frame, wanted: Frame, options: Options, n: int) -> pd.DataFrame:
    """The n costliest triples, exactly, without ranking every row.

    A cut-off costs at most `_bound` times the trade, so that the n-th cost among the largest flows bounds the trade
    of all that can enter: if the smallest of the largest flows lies below, the answer is exact; else the rest that
    lies above is ranked too.
    """
    size = max(100 * n, 10_000)
    largest = engine.collect(wanted.sort("value_usd", descending=True).head(size).select(*COLUMNS))
    found = _ranked(rows, engine.beside(rows, largest), options, n)
    if len(largest) < size:
        return found
    least = float(found["rank_cost"].iloc[-1]) / _bound(options)
    if float(largest["value_usd"].iloc[-1]) <= least:
        return found
    return _ranked(rows, wanted.filter(nw.col("value_usd") >= least * (1 - 1e-9)), options, n)


def _table(world: World, wanted: Frame, options: Options) -> pd.DataFrame:
    """All indicators of the wanted triples, ranked, in ISO3 codes."""
    native = replace(options, leftover=world.leftover)
    found = engine.collect(measure.triples(world.rows, wanted, native, world.intra))
    if not len(found):
        found = found.assign(**{name: np.nan for name in indicators.EXPRESSIONS})
    keys = engine.beside(world.rows, found[MARKET].drop_duplicates())
    markets = world.translate(engine.collect(world.rows.join(keys, on=MARKET, how="semi")), "exporter", "importer")
    sold = None
    if "crm2023" in options.preset:
        sold = world.translate(engine.collect(indicators.sales(_of_products(world.rows, found))), "seller")
    table = measure.finish(world.translate(found, "exporter", "importer"), markets, options, sold)
    order = ["rank_cost", "value_usd", "product", "importer", "exporter"]
    return table.sort_values(order, ascending=[False, False, True, True, True], ignore_index=True)


def _write_all(rows: Frame, wanted: Frame, options: Options, intra: Frame | None, path: Path) -> None:
    """Every triple with the indicators that the engine computes, as Parquet; nothing half-written stays."""

    def between(frame: Frame, low: str, high: str) -> Frame:
        return frame.filter((nw.col("product") >= low) & (nw.col("product") <= high))

    def part(low: str, high: str) -> Frame:
        inside = None if intra is None else between(intra, low, high)
        return _every(between(rows, low, high), between(wanted, low, high), inside, options)

    write_batches((batch for span in _chunks(rows) for batch in _batches(part(*span))), path)


def _batches(frame: Frame) -> Iterator[Any]:
    """The rows of a lazy frame as Arrow record batches."""
    if frame.implementation.is_duckdb():
        yield from nw.to_native(frame).to_arrow_reader(GROUP)
    else:
        yield from frame.collect("pyarrow").to_native().to_batches(GROUP)


def _write_sorted(flows: Flows, options: Options, period: str, path: Path) -> None:
    """Every triple of a sorted file of ours, by the kernel."""
    from geoecon.trade import kernel

    parts = kernel.batches(flows.file, period, options.elasticity, options.domestic_share, options.leftover,
                           _whole(options.preset), options.world)  # fmt: skip
    write_batches(parts, path)


def _every(rows: Frame, wanted: Frame, intra: Frame | None, options: Options) -> Frame:
    """The wanted triples with the engine's indicators and the flags of the presets that need no others."""
    known = _whole(options.preset)
    lazy = presets.with_flags(measure.triples(rows, wanted, options, intra), known, yearly=True)
    keep = [*TRIPLE, "value_usd", "tonnes", "imports", "exports", *indicators.EXPRESSIONS, "cutoff_loss", "cutoff_cost"]
    return lazy.select(*keep, "world_top_share", *(p + s for p in known for s in presets.SHIFTS))


def _chunks(rows: Frame) -> list[tuple[str, str]]:
    """Ranges of products of about `CHUNK` rows each: every indicator is within one product."""
    counted = engine.collect(rows.group_by("product").agg(nw.len().alias("n"))).sort_values(
        "product", ignore_index=True
    )
    step = (counted["n"].cumsum() - 1) // CHUNK
    return [(str(part["product"].iloc[0]), str(part["product"].iloc[-1])) for _, part in counted.groupby(step)]


def _whole(names: tuple[str, ...]) -> tuple[str, ...]:
    """Presets that need no more than the engine's columns."""
    have = {*indicators.EXPRESSIONS, "supplier_is_world_top", "world_top_share", "persistence"}
    return tuple(n for n in names if all(c.indicator in have for c in presets.criteria(n)))
