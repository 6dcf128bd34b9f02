"""read_flows: any source of trade flows as one type, checked, with ISO3 codes and a coverage report."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from geoecon import countries
from geoecon.errors import InputError
from geoecon.flows import aside as set_aside
from geoecon.flows import beyond, coverage, engine, levels, products, resolve, systems, units
from geoecon.flows.coverage import CoverageWarning, Item
from geoecon.flows.flows import COLUMNS, Flows, described, summed
from geoecon.flows.raw import Raw, Request
from geoecon.flows.sources import opened

if TYPE_CHECKING:
    from geoecon.flows.dense import Counted
    from geoecon.kinds import Frame, Rows


WORLD_SIZE = 50  # a table with as many importers is taken for the world's trade
DUPLICATES = ("stop", "sum", "drop")


def read_flows(
    source: Rows | Flows,
    *,
    report: str = "importer",
    exports: str = "gross",
    duplicates: str = "stop",
    correspondence: Mapping[str, Iterable[str]] | None = None,
    classification: str | None = None,
    vintage: str | None = None,
    scope: str | None = None,
    limit: int | None = None,
    columns: Mapping[str, str] | None = None,
    unknown: str = "stop",
    decimal: str | None = None,
    encoding: str | None = None,
    unit: str | float | Mapping[str, float] | None = None,
    only: Mapping[str, str] | None = None,
    ignore: Sequence[str] = (),
    numbers: str | None = None,
    flow: str | None = None,
    frequency: str | None = None,
    digits: int | None = None,
    table: str | None = None,
    sheet: str | None = None,
    aside: str | Path | None = None,
    on: str | None = None,
    quiet: bool = False,
) -> Flows:
    """Trade flows from CEPII BACI, UN Comtrade, Eurostat, a customs office or a tidy table, as `Flows`.

    `source` is "sample", a file (CSV, TSV, gzip, zip, Parquet, JSON, Excel, DuckDB), a folder, a glob, a list of such,
    or a pandas, Polars, Arrow, DuckDB or Spark table. Whose trade counts: `report` says whose report (importer,
    exporter, mirror: the importer's, filled up with the exporter's), `exports` whether re-exports are in (gross,
    domestic), `flow` what the rows are where no column says it (imports, exports), `scope` "world" or "part" whether
    the table holds everybody's trade, `limit` the record limit of the query behind a Comtrade reply.

    How it is written: `columns` maps our names to the file's headings, or to what every row has ({"reporter": "=GBR"}),
    `decimal` (. , or .,) and `encoding` settle what cells and bytes do not, `unit` is USD for one ("thousand USD", a
    number, or {"million JPY": USD for one}), `numbers` the system of country numbers (comtrade, iso, japan, china,
    census, fao, geonom, brazil), `classification` that of the products (HS17, SITC, …), `table` and `sheet` one of
    several.

    Which rows: `only` maps a heading to the value that is wanted, `ignore` lists headings that change nothing,
    `frequency` (year, quarter, month) and `digits` (of
    product codes) keep one level where a table has totals and parts; left out, what contains others of the same flow
    counts once. `duplicates` says what to do with a key that stands twice (stop, sum, drop exact copies), `unknown`
    country codes stop the read or are set "aside", `correspondence` groups products over HS revisions. `aside` is a
    file for the rows that were set aside, each with the reason.

    A CoverageWarning tells what was set aside or repaired (`quiet` leaves it to `.coverage`). Raises InputError with
    every fault, its file and line, and where a column that changes the meaning of a row cannot be understood.
    """
    if duplicates not in DUPLICATES:
        raise InputError(f"duplicates {duplicates!r}; allowed: " + ", ".join(DUPLICATES))
    if unknown not in ("stop", "aside"):
        raise InputError(f"unknown {unknown!r}; allowed: stop, aside")
    if flow not in (None, "imports", "exports"):
        raise InputError(f"flow {flow!r}; allowed: imports, exports")
    if isinstance(source, Flows):
        return source.on(on)
    if isinstance(source, str) and source == "sample":
        from geoecon.flows.sample import sample

        return sample().on(on)
    request = Request(
        report, exports, limit, columns, table, sheet, decimal, encoding, units.factors(unit), only or {},
        (ignore,) if isinstance(ignore, str) else tuple(ignore), flow,
        systems.checked(numbers), unknown, products.revision(classification or ""), frequency,
    )  # fmt: skip
    raws = opened(source, request)
    _one_set(raws, regrouped=correspondence is not None)
    if all(raw.meta is not None for raw in raws) and len(raws) == 1:
        found = described(raws[0].rows, raws[0].meta or {})
    else:
        found = _assembled(raws, _Way(duplicates, scope, unknown, request.numbers, frequency, digits, aside))
    found = _stated(found, raws, classification, vintage, scope)
    if correspondence is not None:
        found = found.regroup(correspondence)
    if not quiet and found.coverage.said:
        warnings.warn(f"{', '.join(raw.name for raw in raws[:3])}: {found.coverage}", CoverageWarning, stacklevel=2)
    return found.on(on)


@dataclass(frozen=True)
class _Way:
    """How the tables are put together; the fields are arguments of `read_flows`."""

    duplicates: str
    scope: str | None
    unknown: str
    numbers: str
    frequency: str | None
    digits: int | None
    aside: str | Path | None


def _one_set(raws: list[Raw], regrouped: bool) -> None:
    """Refuses files that must not stand in one series: two HS revisions, two vintages of one year."""
    for one in raws:
        for other in raws:
            if one.hs and other.hs and one.hs < other.hs and not regrouped:
                raise InputError(
                    f"{one.hs} and {other.hs} in one series: {one.name} and {other.name}; allowed: one HS revision, or "
                    "correspondence= a table of old and new codes"
                )
    vintages: dict[tuple[str, str], Raw] = {}
    for raw in raws:
        if not raw.vintage or len(raws) == 1:
            continue
        for period in engine.collect(raw.rows.select("period").unique())["period"]:
            first = vintages.setdefault((str(period), raw.hs), raw)
            if first.vintage != raw.vintage:
                raise InputError(
                    f"{period} in two vintages: {first.name} ({first.vintage}) and {raw.name} ({raw.vintage}); "
                    "allowed: one vintage of a year"
                )


def _assembled(raws: list[Raw], way: _Way) -> Flows:
    for raw in raws:
        if raw.meta is not None:
            raise InputError(f"{raw.name} was written by geoecon; allowed: read alone, or with others after select()")
    extra = [name for name in raws[0].extra if all(name in raw.extra for raw in raws)]
    parts = [raw.rows.select(*COLUMNS, *extra) for raw in raws]
    rows = nw.concat(parts, how="vertical") if len(parts) > 1 else parts[0]
    quick = _quick(raws)
    counted = coverage.pairs(parts) if quick is None else quick.pairs
    places, bad_places, guessed = resolve.places_of(counted, raws, way.numbers)
    if way.unknown == "aside":
        places |= {text: countries.Place(text or "(empty)", "unknown") for text in bad_places}
        bad_places = {}
    texts = resolve.product_texts(rows) if quick is None else quick.products
    codes, bad_products = resolve.products_of(texts, raws[0].classified, national=_national(counted, places))
    groups = {text for text, place in places.items() if place.kind == "aggregate"}
    twice = resolve.repeated(raws) if quick is None or quick.repeats else {}
    repeated = {key: told for key, told in twice.items() if not groups & set(key[1:3])}
    refused = {} if way.duplicates == "sum" else repeated
    if way.duplicates == "drop":
        refused = {key: told for key, told in repeated.items() if "different" in told}
    if counted["bad"].sum() or counted["period"].isna().any() or bad_places or bad_products or refused:
        resolve.stop(raws, bad_places, bad_products, refused)
    totals = all(raw.layout is not None and raw.layout.shape == "reports" for raw in raws)
    copies: list[tuple[str, Frame]] = []
    if way.duplicates == "drop" and repeated:
        copies = [("a copy of a row that counts", resolve.copies(rows, list(repeated)))]
        rows = rows.unique(subset=[*resolve.KEY])
        counted = coverage.pairs([rows])
    once = levels.once(rows, codes, sorted(set(counted["period"])), digits=way.digits, frequency=way.frequency,
                       known=totals)  # fmt: skip
    if once.aside:
        rows, counted = once.rows, coverage.pairs([once.rows])
    codes, joined = resolve.undivided(codes) if way.digits is None else (codes, [])
    if way.aside is not None:
        set_aside.written(
            Path(way.aside), [*(p for raw in raws for p in raw.aside), *copies, *once.aside], rows, places, counted
        )
    vague = [raw for raw, (_, kind, _) in codes.items() if kind == "unspecified"]
    unspecified = counted.iloc[:0] if quick is None else quick.unspecified
    if vague and (quick is None or once.aside):
        unspecified = coverage.pairs([rows.filter(nw.col("product").is_in(vague))])
    report = coverage.measure(counted, unspecified, places, [raw.name for raw in raws])
    lost = [
        *(item for item in once.items if item.aside),
        *coverage.left([*(p for r in raws for p in r.aside), *copies]),
    ]
    report = coverage.completed(report, lost, sum(raw.joined for raw in raws))
    rest, unnamed = beyond.of_totals(rows, places, codes)
    notes = [
        *lost,
        *(item for item in once.items if not item.aside),
        *coverage.uncounted([raw.read for raw in raws], report.rows),
        *joined,
        *([] if totals else unnamed),
        *guessed,
        *_notes(raws, places, codes),
        *coverage.huge(counted),
    ]
    if repeated:
        done = "added up" if way.duplicates == "sum" else "kept once"
        notes.append(Item("flows that stand more than once", 0, 0.0, f"{len(repeated)} flows {done}, as asked for"))
    report = replace(report, items=(*report.items, *notes))
    frame = resolve.labelled(rows, places, codes).filter(nw.col("exporter") != nw.col("importer"))
    frame = frame.select(*COLUMNS, *extra)
    merges = resolve.merges(places, codes)
    if way.duplicates == "sum":
        frame = summed(frame)
    elif way.duplicates == "drop":
        frame = frame.unique(subset=[*resolve.KEY]) if extra else summed(frame.unique(subset=[*resolve.KEY]))
    elif merges:
        told = resolve.merged(frame)
        report = replace(report, items=(*report.items, told)) if told else report
        frame = summed(frame) if told or not extra else frame
    sellers = {places[text].iso3 for text in counted["exporter"]}
    if len(rest):
        frame = beyond.added(frame, rest, twice=beyond.REST in sellers)
    importers = {place.iso3 for place in places.values() if place.kind == "country"}
    world = way.scope or ("world" if any(r.format == "baci" for r in raws) or len(importers) >= WORLD_SIZE else "part")
    tables = [raw.reported for raw in raws if raw.reported is not None]
    same = not (repeated or len(raws) > 1 or merges or once.aside or len(rest))
    return Flows(
        frame,
        report,
        hs="+".join(sorted({raw.hs for raw in raws if raw.hs})),
        vintage="+".join(sorted({raw.vintage for raw in raws if raw.vintage})),
        scope=world,
        concept=raws[0].concept,
        sources=frozenset(f"{_SOURCE.get(raw.format, 'user table')}: {raw.name}" for raw in raws),
        product_names={codes[k][0] if k in codes else k: name for raw in raws for k, name in raw.names.items()},
        reported=pd.concat(tables, ignore_index=True) if tables else None,
        codes=resolve.native(raws[0], places, codes, counted) if same else None,
        vague=bool(vague),
        spans=tuple(sorted(set(counted["period"]))),
        exporters=tuple(sorted(sellers | ({beyond.REST} if len(rest) else set()))),
        imports={} if repeated or len(rest) else coverage.imports(counted, places),
    )


def _quick(raws: list[Raw]) -> Counted | None:
    """What one pass over a file of numbers counts; None for any other source, which needs no compiled loop."""
    if len(raws) != 1 or not raws[0].path or raws[0].plain is None:
        return None
    from geoecon.flows import dense

    return dense.counted(raws[0])


_SOURCE = {
    "baci": "CEPII, BACI (Gaulier & Zignago 2010)", "comtrade": "UN Comtrade", "comtrade-older": "UN Comtrade",
    "comext": "Eurostat, Comext", "eurostat-sdmx": "Eurostat", "census-imports": "US Census Bureau",
    "census-exports": "US Census Bureau", "japan": "Trade Statistics of Japan", "china": "China Customs",
    "korea": "Korea Customs Service", "fao": "FAOSTAT", "fao-m49": "FAOSTAT",
}  # fmt: skip


def _national(counted: pd.DataFrame, places: Mapping[str, countries.Place]) -> int:
    """The digits of the statistical codes of the one country whose trade all rows are; 0 where it has no own."""
    for side in ("exporter", "importer"):
        home = {places[text].iso3 for text in set(counted[side]) if text in places}
        if len(home) == 1 and (digits := products.STATISTICAL.get(home.pop(), 0)):
            return digits
    return 0


def _notes(
    raws: list[Raw], places: Mapping[str, countries.Place], codes: Mapping[str, tuple[str, str, bool]]
) -> list[Item]:
    items = [Item("reading", 0, 0.0, f"{raw.name}: {note}") for raw in raws for note in raw.notes]
    changed = [raw for raw, (_, _, was) in codes.items() if was]
    if changed:
        example = f"{len(changed)} spellings, such as {changed[0]!r} read as {codes[changed[0]][0]}"
        items.append(Item("product codes written in another form", 0, 0.0, example))
    for raw in raws:
        if raw.listed is not None:
            unknown = [code for code, kind, _ in codes.values() if code not in raw.listed and kind == "product"]
            items.append(Item("product codes against the product table", 0, 0.0, f"{len(unknown)} codes unmatched"))
            break
    return [*items, *coverage.places(places)]


def _stated(found: Flows, raws: list[Raw], classification: str | None, vintage: str | None, scope: str | None) -> Flows:
    """What the user states overrules what the files say."""
    if classification is not None:
        revision = products.revision(classification)
        if not revision:
            raise InputError(f"classification {classification!r}; allowed: an HS revision as HS17 or H5, SITC, BEC")
        if found.hs and found.hs != revision:
            told = f"classification {classification!r} against {found.hs} of {raws[0].name}"
            raise InputError(f"{told}; allowed: the file's own revision")
        found = replace(found, hs=revision)
    if scope is not None and scope not in ("world", "part"):
        raise InputError(f"scope {scope!r}; allowed: world, part")
    return replace(found, vintage=vintage or found.vintage, scope=scope or found.scope)
