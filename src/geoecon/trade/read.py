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
from geoecon.trade import coverage, engine, formats, products
from geoecon.trade.checks import raise_faults
from geoecon.trade.coverage import CoverageWarning, Item
from geoecon.trade.flows import COLUMNS, Flows, Native, described, summed
from geoecon.trade.raw import Raw, Request
from geoecon.trade.sources import opened

Frame = Any
KEY = ["period", "exporter", "importer", "product"]
WORLD_SIZE = 50  # a table with as many importers is taken for the world's trade
DUPLICATES = ("stop", "sum", "drop")
DROPPED = ("aggregate", "unknown")  # kinds of places whose trade is not kept


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
        from geoecon.trade.sample import sample

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
        if not raw.vintage:
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
    places, bad_places = _places(counted)
    if unknown == "aside":
        places |= {text: countries.Place(text or "(empty)", "unknown") for text in bad_places}
        bad_places = {}
    codes, bad_products = _products(rows)
    repeated = _repeated(raws)
    refused = {} if duplicates == "sum" else repeated
    if duplicates == "drop":
        refused = {key: told for key, told in repeated.items() if "different" in told}
    if counted["bad"].sum() or counted["period"].isna().any() or bad_places or bad_products or refused:
        _raise(raws, bad_places, bad_products, refused)
    vague = [raw for raw, (_, kind, _) in codes.items() if kind == "unspecified"]
    unspecified = coverage.pairs(rows.filter(nw.col("product").is_in(vague))) if vague else counted.iloc[:0]
    report = coverage.measure(counted, unspecified, places, [raw.name for raw in raws])
    notes = [*_notes(raws, places, codes), *_huge(counted)]
    if repeated:
        done = "added up" if duplicates == "sum" else "kept once"
        notes.append(Item("flows that stand more than once", 0, 0.0, f"{len(repeated)} flows {done}, as asked for"))
    report = replace(report, items=(*report.items, *notes))
    frame = _labelled(rows, places, codes).filter(nw.col("exporter") != nw.col("importer"))
    extra = ["reported_by"] if all(raw.format == "comtrade" for raw in raws) else []
    frame = frame.select(*COLUMNS, *extra)
    if duplicates == "sum":
        frame = summed(frame)
    elif duplicates == "drop":
        frame = summed(frame.unique(subset=[*KEY])) if not extra else frame.unique(subset=[*KEY])
    elif _merges(places, codes):
        frame = summed(frame)
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
        codes=None if repeated or len(raws) > 1 or _merges(places, codes) else _native(raws[0], places, codes, counted),
        vague=bool(vague),
        spans=tuple(sorted(set(counted["period"]))),
        exporters=tuple(sorted({places[text].iso3 for text in counted["exporter"]})),
    )


_SOURCE = {"baci": "CEPII, BACI (Gaulier & Zignago 2010)", "comtrade": "UN Comtrade"}


def _places(counted: pd.DataFrame) -> tuple[dict[str, countries.Place], dict[str, str]]:
    """Every code or name of the rows -> place, and -> what is wrong with it."""
    good: dict[str, countries.Place] = {}
    bad: dict[str, str] = {}
    seen: dict[str, set[int]] = {}
    for side in ("exporter", "importer"):
        for text, period in counted[[side, "period"]].drop_duplicates().fillna("").itertuples(index=False):
            year = str(period)[:4]
            seen.setdefault(str(text), set()).add(int(year) if year.isdigit() else 0)
    for text, years in seen.items():
        try:
            outside = [countries.resolve(text, year) for year in sorted(years) if year]
            told = next((place for place in outside if place.outside), None)
            good[text] = told or (outside[0] if outside else countries.resolve(text))
        except InputError as error:
            bad[text] = str(error) if text else "empty"
    return good, bad


def _products(rows: Frame) -> tuple[dict[str, tuple[str, str, bool]], dict[str, str]]:
    """Every product as written -> (code, kind, changed), and -> what is wrong with it."""
    good: dict[str, tuple[str, str, bool]] = {}
    bad: dict[str, str] = {}
    for text in engine.collect(rows.select("product").unique())["product"].fillna(""):
        code = products.normalise(str(text))
        if code.problem:
            bad[str(text)] = code.problem
        else:
            kind = "unspecified" if products.is_unspecified(code.text) else "product"
            good[str(text)] = (code.text, kind, code.changed)
    return good, bad


def _repeated(raws: list[Raw]) -> dict[tuple[str, ...], str]:
    """Keys as written that stand more than once in one table or in several, and how their values compare."""
    rows = nw.concat([raw.rows.select(*KEY) for raw in raws], how="vertical")
    twice = rows.group_by(*KEY).agg(nw.len().alias("times")).filter(nw.col("times") > 1)
    keys = engine.collect(twice.select(*KEY).head(1000))
    if not len(keys):
        return {}
    rows = nw.concat([raw.rows.select(*KEY, "value_usd") for raw in raws], how="vertical")
    found = engine.collect(rows.join(engine.beside(rows, keys), on=KEY, how="inner"))
    told = {}
    for key, values in found.groupby(KEY)["value_usd"]:
        low, high = values.min(), values.max()
        told[tuple(map(str, key))] = "same value" if low == high else f"different values {low:g} and {high:g}"
    return told


def _raise(
    raws: list[Raw], bad_places: Mapping[str, str], bad_products: Mapping[str, str],
    told: Mapping[tuple[str, ...], str],
) -> None:  # fmt: skip
    """Goes through the tables again to say where the faults stand."""
    faults: list[Any] = []
    for raw in raws:
        if raw.lines is None:
            faults += [f"{raw.name}: {problem}" for problem in bad_places.values()]
            faults += [f"{raw.name}: product {code!r}: {problem}" for code, problem in bad_products.items()]
            faults += [f"{raw.name}: {' '.join(key)} stands more than once, {words}" for key, words in told.items()]
            faults = faults or [f"{raw.name}: a value below zero or not finite; allowed: {formats.NUMBER_ALLOWED}"]
            continue
        try:
            raise_faults(raw.name, raw.lines(), raw.format, raw.decimal, bad_places, bad_products, told)
        except InputError as error:
            plain = "numbers or codes that cannot be used"
            faults += [fault for fault in error.faults if plain not in str(fault)]
    raise InputError(faults or [f"{raws[0].name}: numbers or codes that cannot be used"])


def _labelled(rows: Frame, places: Mapping[str, countries.Place], codes: Mapping[str, tuple[str, str, bool]]) -> Frame:
    """Rows with ISO3 codes and kept product codes; aggregates are left out."""
    if any(place.iso3 != text or place.kind in DROPPED for text, place in places.items()):
        kept = [(text, place.iso3) for text, place in places.items() if place.kind not in DROPPED]
        for side in ("exporter", "importer"):
            table = pd.DataFrame(kept, columns=[side, f"{side}_iso3"], dtype=str)
            rows = rows.join(engine.beside(rows, table), on=[side], how="inner")
        rows = rows.with_columns(exporter=nw.col("exporter_iso3"), importer=nw.col("importer_iso3"))
        rows = rows.drop("exporter_iso3", "importer_iso3")
    if not any(changed for _, _, changed in codes.values()):
        return rows
    table = pd.DataFrame([(raw, code) for raw, (code, _, _) in codes.items()], columns=["product", "code"])
    rows = rows.join(engine.beside(rows, table), on=["product"], how="inner")
    return rows.with_columns(product=nw.col("code")).drop("code")


def _merges(places: Mapping[str, countries.Place], codes: Mapping[str, tuple[str, str, bool]]) -> bool:
    """Whether two spellings stand for one country or one product."""
    targets = [place.iso3 for place in places.values() if place.kind not in DROPPED]
    return len(targets) > len(set(targets)) or len(codes) > len({code for code, _, _ in codes.values()})


def _native(
    raw: Raw, places: Mapping[str, countries.Place], codes: Mapping[str, tuple[str, str, bool]], counted: pd.DataFrame
) -> Native | None:
    """The rows before translation, where every code stands for one place and product codes need no change."""
    if raw.plain is None or any(code != text for text, (code, _, _) in codes.items()):
        return None
    kinds = dict(zip(raw.plain.columns, map(str, raw.plain.types), strict=True))
    sides = [kinds[side] for side in ("exporter", "importer")]
    if sides[0] != sides[1] or any(place.kind in DROPPED for place in places.values()):
        return None
    key: Any = str if "VARCHAR" in sides[0] else int
    when: Any = str if "VARCHAR" in kinds["period"] else int
    if when is int and not all(str(period).isdigit() for period in counted["period"]):
        return None
    return Native(
        nw.from_native(raw.plain),
        {key(text): place.iso3 for text, place in places.items()},
        {when(period): str(period) for period in set(counted["period"])},
    )


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
