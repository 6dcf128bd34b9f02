"""read_flows: any source of trade flows as one type, checked, with ISO3 codes and a coverage report."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import narwhals as nw
import pandas as pd

from geoecon import countries
from geoecon.errors import InputError
from geoecon.flows import coverage, engine, products, resolve
from geoecon.flows.coverage import CoverageWarning, Item
from geoecon.flows.flows import COLUMNS, Flows, described, summed
from geoecon.flows.raw import Raw, Request
from geoecon.flows.sources import opened

Frame = Any
WORLD_SIZE = 50  # a table with as many importers is taken for the world's trade
DUPLICATES = ("stop", "sum", "drop")


def read_flows(
    source: Any,
    *,
    report: str = "importer",
    exports: str = "gross",
    duplicates: str = "stop",
    correspondence: Mapping[str, Iterable[str]] | None = None,
    hs: str | None = None,
    vintage: str | None = None,
    scope: str | None = None,
    limit: int | None = None,
    columns: Mapping[str, str] | None = None,
    unknown: str = "stop",
    decimal: str | None = None,
    table: str | None = None,
    sheet: str | None = None,
    on: str | None = None,
    quiet: bool = False,
) -> Flows:
    """Trade flows from CEPII BACI, UN Comtrade or a tidy table, as `Flows`.

    `source` is "sample", a file (CSV, TSV, gzip, zip, Parquet, JSON, XLSX, DuckDB), a folder, a glob, a list of such,
    or a pandas, Polars, Arrow, DuckDB or Spark table. For Comtrade `report` says whose report counts (importer,
    exporter, mirror: the importer's, filled up with the exporter's) and `exports` whether re-exports are in.
    `duplicates` says what to do with a key that stands twice (stop, sum, drop exact copies), `correspondence` groups
    products over HS revisions, `scope` "world" or "part" says whether the table holds everybody's trade, `limit` is
    the record limit of the query that gave a Comtrade reply, `columns` maps our names to the file's headings. `unknown`
    country codes stop the read or are set "aside" and reported; `decimal` says which sign a file uses where its
    numbers can be read two ways.

    A CoverageWarning tells what was set aside or repaired (`quiet` leaves it to `.coverage`). Raises InputError with
    every fault, its file and line.
    """
    if duplicates not in DUPLICATES:
        raise InputError(f"duplicates {duplicates!r}; allowed: " + ", ".join(DUPLICATES))
    if unknown not in ("stop", "aside"):
        raise InputError(f"unknown {unknown!r}; allowed: stop, aside")
    if isinstance(source, Flows):
        return source.on(on)
    if isinstance(source, str) and source == "sample":
        from geoecon.flows.sample import sample

        return sample().on(on)
    raws = opened(source, Request(report, exports, limit, columns, table, sheet, decimal))
    _one_set(raws, regrouped=correspondence is not None)
    if all(raw.meta is not None for raw in raws) and len(raws) == 1:
        found = described(raws[0].rows, raws[0].meta or {})
    else:
        found = _assembled(raws, duplicates, scope, unknown)
    found = _stated(found, raws, hs, vintage, scope)
    if correspondence is not None:
        found = found.regroup(correspondence)
    if not quiet and any(item.what not in QUIET for item in found.coverage.items):
        warnings.warn(f"{', '.join(raw.name for raw in raws[:3])}: {found.coverage}", CoverageWarning, stacklevel=2)
    return found.on(on)


QUIET = ("code with a note", "value zero", "product codes against the product table")


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


def _assembled(raws: list[Raw], duplicates: str, scope: str | None, unknown: str) -> Flows:
    for raw in raws:
        if raw.meta is not None:
            raise InputError(f"{raw.name} was written by geoecon; allowed: read alone, or with others after select()")
    rows = nw.concat([raw.rows for raw in raws], how="vertical") if len(raws) > 1 else raws[0].rows
    counted = coverage.pairs(rows)
    places, bad_places = resolve.places_of(counted)
    if unknown == "aside":
        places |= {text: countries.Place(text or "(empty)", "unknown") for text in bad_places}
        bad_places = {}
    codes, bad_products = resolve.products_of(rows)
    repeated = resolve.repeated(raws)
    refused = {} if duplicates == "sum" else repeated
    if duplicates == "drop":
        refused = {key: told for key, told in repeated.items() if "different" in told}
    if counted["bad"].sum() or counted["period"].isna().any() or bad_places or bad_products or refused:
        resolve.stop(raws, bad_places, bad_products, refused)
    vague = [raw for raw, (_, kind, _) in codes.items() if kind == "unspecified"]
    unspecified = coverage.pairs(rows.filter(nw.col("product").is_in(vague))) if vague else counted.iloc[:0]
    report = coverage.measure(counted, unspecified, places, [raw.name for raw in raws])
    notes = [*_notes(raws, places, codes), *_huge(counted)]
    if repeated:
        done = "added up" if duplicates == "sum" else "kept once"
        notes.append(Item("flows that stand more than once", 0, 0.0, f"{len(repeated)} flows {done}, as asked for"))
    report = replace(report, items=(*report.items, *notes))
    frame = resolve.labelled(rows, places, codes).filter(nw.col("exporter") != nw.col("importer"))
    extra = ["reported_by"] if all(raw.format == "comtrade" for raw in raws) else []
    frame = frame.select(*COLUMNS, *extra)
    if duplicates == "sum":
        frame = summed(frame)
    elif duplicates == "drop":
        frame = summed(frame.unique(subset=[*resolve.KEY])) if not extra else frame.unique(subset=[*resolve.KEY])
    elif resolve.merges(places, codes):
        before, frame = frame, summed(frame)
        told = resolve.merged(before)
        report = replace(report, items=(*report.items, told)) if told else report
    importers = {place.iso3 for place in places.values() if place.kind == "country"}
    world = scope or ("world" if any(raw.format == "baci" for raw in raws) or len(importers) >= WORLD_SIZE else "part")
    tables = [raw.reported for raw in raws if raw.reported is not None]
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
        codes=None
        if repeated or len(raws) > 1 or resolve.merges(places, codes)
        else resolve.native(raws[0], places, codes, counted),
        vague=bool(vague),
        spans=tuple(sorted(set(counted["period"]))),
        exporters=tuple(sorted({places[text].iso3 for text in counted["exporter"]})),
        imports={} if repeated else coverage.imports(counted, places),
    )


_SOURCE = {"baci": "CEPII, BACI (Gaulier & Zignago 2010)", "comtrade": "UN Comtrade"}


def _notes(
    raws: list[Raw], places: Mapping[str, countries.Place], codes: Mapping[str, tuple[str, str, bool]]
) -> list[Item]:
    items = [Item("reading", 0, 0.0, f"{raw.name}: {note}") for raw in raws for note in raw.notes]
    changed = [raw for raw, (_, _, was) in codes.items() if was]
    if changed:
        example = f"{len(changed)} spellings, such as {changed[0]!r} read as {codes[changed[0]][0]}"
        items.append(Item("product codes written in another form", 0, 0.0, example))
    lengths = {len(code) for code, kind, _ in codes.values() if code.isdigit() and kind == "product"}
    if len(lengths) > 1:
        told = f"codes of {', '.join(map(str, sorted(lengths)))} digits: a short code may contain the longer ones"
        items.append(Item("products of several lengths", 0, 0.0, told))
    for raw in raws:
        if raw.listed is not None:
            unknown = [code for code, kind, _ in codes.values() if code not in raw.listed and kind == "product"]
            items.append(Item("product codes against the product table", 0, 0.0, f"{len(unknown)} codes unmatched"))
            break
    return [*items, *coverage.places(places)]


def _huge(counted: pd.DataFrame) -> list[Item]:
    """Values that 64-bit floats hold only to the nearest whole number."""
    count = int(counted["huge"].sum())
    told = f"values from 2^53 are held to the nearest float: the largest as {counted['largest'].max():.0f}"
    return [Item("values beyond exact whole numbers", count, 0.0, told)] if count else []


def _stated(found: Flows, raws: list[Raw], hs: str | None, vintage: str | None, scope: str | None) -> Flows:
    """What the user states overrules what the files say."""
    if hs is not None:
        revision = products.revision(hs)
        if not revision:
            raise InputError(f"hs {hs!r}; allowed: an HS revision as HS17 or H5")
        if found.hs and found.hs != revision:
            raise InputError(f"hs {hs!r} against {found.hs} of {raws[0].name}; allowed: the file's own revision")
        found = replace(found, hs=revision)
    if scope is not None and scope not in ("world", "part"):
        raise InputError(f"scope {scope!r}; allowed: world, part")
    return replace(found, vintage=vintage or found.vintage, scope=scope or found.scope)
