"""scan: every (supplier, importer, product) by what a cut-off would cost, with all indicators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from geoecon import countries
from geoecon.errors import InputError
from geoecon.files import not_over
from geoecon.flows import COLUMNS, Flows, Reading, engine, read_flows, unspecified_product
from geoecon.indicators import brought, complete, costliest, measure, others, presets, risk, sides, stream, write
from geoecon.indicators.complete import Found
from geoecon.indicators.measure import Options
from geoecon.indicators.result import Scan
from geoecon.indicators.stream import Question

if TYPE_CHECKING:
    from typing import Unpack

    from geoecon.kinds import Cell, Frame, Rows


TOP = 100  # shown where nothing else is asked for and no importer is named
MANY = 100_000  # rows without trade that are listed
FEW = 500  # products that are taken out of a file rather than reading all of it


class ScanOptions(Reading, total=False):
    """The options of `scan` and of the reader behind it, as `dependence` hands them on."""

    preset: str | Iterable[str]
    bloc: str | None
    members: bool
    elasticity: float | Mapping[str, float]
    domestic_share: float | Mapping[str, float]
    production: pd.DataFrame | str | Path | None
    stocks: pd.DataFrame | str | Path | None
    table: brought.Sales | None
    concordance: pd.DataFrame | str | Path | Mapping[str, str] | None
    spending: Mapping[str, float] | None
    distance: Mapping[str, float] | None
    on: str | None


def scan(
    flows: Rows | Flows,
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
    production: pd.DataFrame | str | Path | None = None,
    stocks: pd.DataFrame | str | Path | None = None,
    table: brought.Sales | None = None,
    concordance: pd.DataFrame | str | Path | Mapping[str, str] | None = None,
    spending: Mapping[str, float] | None = None,
    distance: Mapping[str, float] | None = None,
    out: str | Path | None = None,
    on: str | None = None,
    **reading: Unpack[Reading],
) -> Scan:
    """All indicators for every supplier, importer and product of a period, ranked by the cost of a cut-off.

    `flows` is anything that `read_flows` takes, or "sample". Without an importer every importer is scanned: the 100
    costliest triples are returned, and all of them go to `out` as Parquet if it is given. `preset` is one or several
    of ec2021, geodep, pc2021, crm2023, merics. `period` is the last one unless named; a preset that asks for
    persistence also looks at the two before. `bloc` (EU, ASEAN, …) counts as one reporter, or as its `members`.
    `elasticity` (between suppliers) and `domestic_share` are numbers or mappings by product.

    What trade alone cannot tell comes from tables of the user, as CSV or pandas: `production` (country, product,
    production in USD, and recycling as a share) gives net import reliance and supply risk; `stocks` (country, product,
    days, or stock_usd and use_usd a year) gives days of cover; `table`, an input-output table of `geoecon.production`,
    gives look-through reliance, by product where `concordance` (product or its beginning, sector) names its sectors;
    `spending` (importer, USD) is what loss of access is a share of, all imports of the table unless given; `distance`
    (exporter → 0 to 1) weights concentration and is the World Bank's governance risk unless given. What is not given
    stays empty, and `lacking` of the result says why. `on` names the engine: duckdb, pandas, polars,
    spark://HOST:PORT.

    Further arguments are those of `read_flows`. Raises InputError for unknown countries, presets and periods. Sole
    suppliers have no finite cost; they are ranked as if a millionth of the imports came from elsewhere.
    """
    if top is not None and top < 1:
        raise InputError(f"top {top}; allowed: a count from 1")
    if out is not None and isinstance(flows, str | Path):
        not_over(out, flows)
    asked, bloc = bloc, None if bloc is None else countries.group(bloc)
    known = read_flows(flows, on=on, **reading)
    options = Options(
        elasticity, domestic_share, None, presets.names(preset), bloc, members, world=known.scope == "world",
        leftover=complete.unnamed(known.sellers()),
    ).checked()  # fmt: skip
    periods = _periods(known, period, options.preset)
    importer, exporter = sides.checked((importer, exporter), asked, bloc, known, None if members else periods[-1])
    risks = distance if distance is not None else risk.governance(periods[-1])
    given, sectors, read_as = brought.columns(production, stocks, table, concordance, risks)
    options = replace(options, risk=risks, years=len(periods), given=given, sectors=sectors)
    world = _translated(known, options, periods, product)
    if world.intra is not None:
        options = replace(options, given={**given, "intra": engine.collect(world.intra)})
    spent = _spending(known, world, options, periods, spending)
    question = Question(options, importer, exporter, world.places, world.scale, spent)
    every = importer is None and top is None and out is not None
    question = replace(question, written=every)
    top = TOP if importer is None and top is None else top
    if top is not None and len(periods) == 1 and not every:
        wanted = _wanted(world, importer, exporter)
        rows = costliest.of_products(world.rows, costliest.products(world.rows, wanted, options, top))
        table_of_them = rows.select(*COLUMNS).collect("pyarrow").to_native()
        parts = stream.measured([table_of_them], replace(question, top=top))
    else:
        parts = _parts(known, world, question, periods, all_of_it=product is None)
    lacking = brought.lacking(options)
    beside = measure.told_of(bloc, periods, known.select(period=periods, product=product).frame)
    beside = (*beside, *brought.told_of(table), *read_as)
    said = (*known.coverage.said, *beside, *(f"{name}: {why}" for name, why in lacking.items()))
    parts = write.passed(parts, Path(out), said, complete.sure(options)) if every and out is not None else parts
    found = stream.together(parts, question, top)
    if bloc is None and known.coverage.item("value missing"):
        found = complete.partly(found, engine.collect(_valueless(known, importer, periods, product)))
    if bloc is None and exporter is None:
        found = _with_empty(found, known, importer, periods[-1], product, top)
    result = Scan(found, importer, exporter, options.preset, periods, bloc, members,
                  known.label, known.coverage, known.sources, dict(known.product_names),
                  lacking | brought.unmet(found, options), beside)  # fmt: skip
    if out is not None and not every:
        write.write_table(result.table, Path(out), (result.choices(), *result.notes))
    return result


def _with_empty(
    table: pd.DataFrame, flows: Flows, importer: str | None, period: str, product: str | Iterable[str] | None,
    top: int | None,
) -> pd.DataFrame:  # fmt: skip
    """Adds a row for every market whose imports are zero or not known: no share, no concentration, and the reason."""
    room = len(table) + MANY if top is None else top - len(table)
    if not room or not any(flows.coverage.item(what) for what in ("value zero", "value missing")):
        return table
    rows = flows.select(importer=importer, period=period, product=product).frame
    market = rows.group_by("period", "importer", "product")
    sums = market.agg(
        nw.col("value_usd").sum().alias("imports"), nw.col("value_usd").count().alias("n"), nw.len().alias("all")
    )
    empty = engine.collect(sums.filter(nw.col("imports").fill_null(0.0) == 0))
    if not len(empty):
        return table
    known = empty["n"] == empty["all"]
    reason = known.map({True: complete.NO_IMPORTS, False: complete.WITHHELD})
    value = empty["imports"].where(known)
    empty = empty.assign(exporter=None, imports=value, value_usd=value, reason=reason).drop(columns=["n", "all"])
    order = ["importer", "product"]
    return pd.concat([table, empty.sort_values(order).head(room)], ignore_index=True)


def _valueless(flows: Flows, importer: str | None, periods: list[str], product: str | Iterable[str] | None) -> Frame:
    """Who sells to whom without a value."""
    rows = flows.select(importer=importer, period=periods, product=product).frame
    return rows.filter(nw.col("value_usd").is_null()).select(*measure.TRIPLE)


@dataclass(frozen=True)
class World:
    """All rows that a scan looks at, in ISO3 codes or, where `places` is given, still in the file's own."""

    rows: Frame
    intra: Frame | None = None
    places: Mapping[Any, str] | None = None
    leftover: tuple[Any, ...] = ()
    scale: float = 1.0  # makes USD of the values
    file: tuple[str, Mapping[str, str]] | None = None  # that holds just these rows

    def code(self, iso3: str | None) -> Cell:
        """The code of a country in these rows; one that no row has where the file does not know it."""
        if self.places is None or iso3 is None:
            return iso3
        nobody: Any = "" if any(isinstance(code, str) for code in self.places) else -1
        found: Cell = next((code for code, place in self.places.items() if place == iso3), nobody)
        return found


def _translated(flows: Flows, options: Options, periods: list[str], product: str | Iterable[str] | None) -> World:
    """The rows of the scan; codes stay as the file has them where one period is asked for and no bloc or product."""
    native = flows.codes
    if native is None or options.bloc is not None or product is not None or len(periods) > 1:
        rows, intra = _reporters(flows.select(period=periods, product=product), options, periods)
        return World(rows, intra, leftover=options.leftover)
    rows = native.frame.filter(nw.col("exporter") != nw.col("importer")) if native.domestic else native.frame
    if len(native.periods) > 1:
        when = next(code for code, text in native.periods.items() if text == periods[0])
        rows = rows.filter(nw.col("period") == when)
    rows = rows.with_columns(period=nw.lit(periods[0]))
    rows = rows.filter(~unspecified_product()) if flows.vague else rows
    left = tuple(code for code, place in native.places.items() if place in options.leftover)
    file = None if native.domestic or flows.vague or len(native.periods) > 1 else native.file
    return World(rows, None, native.places, left, native.scale, file)


def _periods(flows: Flows, period: str | Iterable[str] | None, wanted: tuple[str, ...]) -> list[str]:
    """The periods to read: the one asked for (or the last), and two years before where a preset wants persistence."""
    known = flows.periods()
    if not known:
        raise InputError(f"no rows to scan: {flows.coverage}; allowed: a table with trade between two countries")
    if period is not None and not isinstance(period, str):
        asked = sorted(period)
    else:
        last = period or flows.level()[-1]
        lasting = any(c.indicator == "persistence" for name in wanted for c in presets.criteria(name))
        before = [p for p in known if len(p) == len(last) and p < last][-2:]
        asked = [*(before if lasting else []), last]
    lacking = [p for p in asked if p not in known]
    if lacking:
        raise InputError(f"period {', '.join(lacking)}; allowed: " + ", ".join(known[-12:]))
    return asked


def _reporters(flows: Flows, options: Options, periods: list[str]) -> tuple[Frame, Frame | None]:
    rows = flows.frame.select(*COLUMNS)
    rows = rows.filter(~unspecified_product()) if flows.vague else rows
    return measure.as_bloc(rows, options.bloc, options.members, periods)


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


def _parts(flows: Flows, world: World, question: Question, periods: list[str], *, all_of_it: bool) -> Iterator[Found]:
    """Every wanted triple: a sorted file of ours as it stands, other rows by ranges of products."""
    wanted, rows = _wanted(world, question.importer, question.exporter), world.rows
    one = question.importer is not None or question.exporter is not None
    codes = list(engine.collect(wanted.select("product").unique())["product"]) if one else []
    if (
        flows.file
        and question.options.bloc is None
        and all_of_it
        and len(periods) == 1
        and (not one or len(codes) > FEW)
    ):
        return stream.measured(stream.of_file(flows.file, periods[0]), question)
    if question.importer is not None and question.options.bloc is None and len(periods) == 1 and len(codes) > FEW:
        tables, hub = others.of_importer(rows, world.code(question.importer), periods[0], world.places, world.file)
        names = None if world.places is None else {**world.places, -1: others.NAME, "~": others.NAME}
        return stream.measured(tables, replace(question, hub=hub, names=names))
    rows = costliest.of_products(rows, codes) if one else rows
    return stream.measured(stream.of_frame(rows), question, periods[-1])


def _spending(
    flows: Flows, world: World, options: Options, periods: list[str], given: Mapping[str, float] | None
) -> dict[tuple[str, str], float]:
    """(period, importer) → USD that a loss of access is a share of: as given, else all imports of the table."""
    if given is not None:
        return {(period, place): float(usd) for period in periods for place, usd in given.items()}
    if options.bloc is None:
        return {key: usd for key, usd in flows.spent().items() if key[0] in periods}
    total = engine.collect(world.rows.group_by("period", "importer").agg(nw.col("value_usd").sum()))
    return {(p, i): usd for p, i, usd in total[["period", "importer", "value_usd"]].itertuples(index=False)}
