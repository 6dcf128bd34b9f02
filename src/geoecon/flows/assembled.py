"""Tables of flows put together: codes resolved, each flow once, and the report of what was kept and set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from geoecon import countries
from geoecon.errors import InputError
from geoecon.flows import aside as set_aside
from geoecon.flows import beyond, coverage, engine, levels, period_hints, products, resolve, spellings
from geoecon.flows.coverage import Item
from geoecon.flows.flows import COLUMNS, Flows, summed
from geoecon.flows.raw import Raw

if TYPE_CHECKING:
    from geoecon.flows.dense import Counted
    from geoecon.kinds import Frame


WORLD_SIZE = 50  # a table with as many importers is taken for the world's trade


@dataclass(frozen=True)
class Way:
    """How the tables are put together; the fields are arguments of `read_flows`."""

    duplicates: str
    scope: str | None
    unknown: str
    numbers: str
    frequency: str | None
    digits: int | None
    aside: str | Path | None


def one_set(raws: list[Raw], regrouped: bool) -> None:
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


@dataclass(frozen=True)
class _Read:
    """Rows of all tables with what their codes stand for: places and product codes by the text that is written."""

    rows: Frame
    counted: pd.DataFrame
    places: dict[str, countries.Place]
    codes: dict[str, tuple[str, str, bool]]
    guessed: list[Item]
    repeated: Mapping[tuple[str, ...], str]  # keys that stand more than once, and how their values compare
    quick: Counted | None


def assembled(raws: list[Raw], way: Way) -> Flows:
    """The flows of all tables together, each once, with the report of what was kept and set aside.

    Raises InputError with every fault.
    """
    extra = [name for name in raws[0].extra if all(name in raw.extra for raw in raws)]
    found = _coded(raws, way, extra)
    rows, counted, places, codes = found.rows, found.counted, found.places, found.codes
    totals = all(raw.layout is not None and raw.layout.shape == "reports" for raw in raws)
    copies: list[tuple[str, Frame]] = []
    if way.duplicates == "drop" and found.repeated:
        copies = [("a copy of a row that counts", resolve.copies(rows, list(found.repeated)))]
        rows = rows.unique(subset=[*resolve.KEY])
        counted = coverage.pairs([rows])
    once = levels.once(rows, codes, sorted(set(counted["period"])), digits=way.digits, frequency=way.frequency,
                       known=totals)  # fmt: skip
    if once.aside:
        rows, counted = once.rows, coverage.pairs([once.rows])
    codes, joined = resolve.undivided(codes) if way.digits is None else (codes, [])
    aside = [*(part for raw in raws for part in raw.aside), *copies]
    if way.aside is not None:
        set_aside.written(Path(way.aside), [*aside, *once.aside], rows, places, counted)
    found = replace(found, rows=rows, counted=counted, codes=codes)
    report, rest = _report(raws, found, once, [*coverage.left(aside)], joined, way, totals=totals)
    frame, report = _frame(raws, found, report, way, extra)
    sellers = {places[text].iso3 for text in counted["exporter"]}
    if len(rest):
        frame = beyond.added(frame, rest, twice=beyond.REST in sellers)
    same = not (found.repeated or len(raws) > 1 or spellings.merges(places, codes) or once.aside or len(rest))
    tables = [raw.reported for raw in raws if raw.reported is not None]
    return Flows(
        frame,
        report,
        hs="+".join(sorted({raw.hs for raw in raws if raw.hs})),
        vintage="+".join(sorted({raw.vintage for raw in raws if raw.vintage})),
        scope=way.scope or _scope(raws, places),
        concept=raws[0].concept,
        sources=frozenset(f"{_SOURCE.get(raw.format, 'user table')}: {raw.name}" for raw in raws),
        product_names={codes[k][0] if k in codes else k: name for raw in raws for k, name in raw.names.items()},
        reported=pd.concat(tables, ignore_index=True) if tables else None,
        codes=resolve.native(raws[0], places, codes, counted) if same else None,
        vague=any(kind == "unspecified" for _, kind, _ in codes.values()),
        spans=tuple(sorted(set(counted["period"]))),
        exporters=tuple(sorted(sellers | ({beyond.REST} if len(rest) else set()))),
        imports={} if found.repeated or len(rest) else coverage.imports(counted, places),
    )


def _coded(raws: list[Raw], way: Way, extra: list[str]) -> _Read:
    """The rows of all tables and what their codes stand for. Raises InputError with every fault."""
    for raw in raws:
        if raw.meta is not None:
            raise InputError(f"{raw.name} was written by geoecon; allowed: read alone, or with others after select()")
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
    spans = sorted(set(counted["period"].dropna()))
    bad_periods = period_hints.strange_years(spans, date.today(), way.frequency)
    broken = counted["bad"].sum() or counted["period"].isna().any()
    if broken or bad_places or bad_products or bad_periods or refused:
        resolve.stop(raws, bad_places, bad_products, refused, bad_periods)
    return _Read(rows, counted, places, codes, guessed, repeated, quick)


def _report(
    raws: list[Raw], found: _Read, once: levels.Once, left: list[Item], joined: list[Item], way: Way, *, totals: bool
) -> tuple[coverage.Coverage, pd.DataFrame]:  # fmt: skip
    """The report of what was read, and by market what no supplier is named for."""
    vague = [raw for raw, (_, kind, _) in found.codes.items() if kind == "unspecified"]
    unspecified = found.counted.iloc[:0] if found.quick is None else found.quick.unspecified
    if vague and (found.quick is None or once.aside):
        unspecified = coverage.pairs([found.rows.filter(nw.col("product").is_in(vague))])
    report = coverage.measure(found.counted, unspecified, found.places, [raw.name for raw in raws])
    lost = [*(item for item in once.items if item.aside), *left]
    report = coverage.completed(report, lost, sum(raw.joined for raw in raws))
    rest, unnamed = beyond.of_totals(found.rows, found.places, found.codes)
    notes = [
        *lost,
        *(item for item in once.items if not item.aside),
        *coverage.uncounted([raw.read for raw in raws], report.rows),
        *joined,
        *([] if totals else unnamed),
        *found.guessed,
        *beyond.of_groups(found.rows, found.places, found.codes),
        *_notes(raws, found.places, found.codes),
        *coverage.huge(found.counted),
    ]
    if found.repeated:
        done = "added up" if way.duplicates == "sum" else "kept once"
        told = f"{len(found.repeated)} flows {done}, as asked for"
        notes.append(Item("flows that stand more than once", 0, 0.0, told))
    return replace(report, items=(*report.items, *notes)), rest


def _frame(
    raws: list[Raw], found: _Read, report: coverage.Coverage, way: Way, extra: list[str]
) -> tuple[Frame, coverage.Coverage]:  # fmt: skip
    """The rows in ISO3 codes, each flow once, and the report with what was added up."""
    frame = resolve.labelled(found.rows, found.places, found.codes).filter(nw.col("exporter") != nw.col("importer"))
    frame = frame.select(*COLUMNS, *extra)
    told = None
    if spellings.merges(found.places, found.codes):
        told, copies = spellings.merged(found.rows, found.places, found.codes, raws, way.duplicates)
        report = replace(report, items=(*report.items, told)) if told else report
        if copies:
            return frame.unique(subset=[*resolve.KEY]), report
    return (summed(frame) if told or way.duplicates == "sum" else frame), report


def _scope(raws: list[Raw], places: Mapping[str, countries.Place]) -> str:
    """Whether a table has the world's trade or a part of it."""
    importers = {place.iso3 for place in places.values() if place.kind == "country"}
    return "world" if any(raw.format == "baci" for raw in raws) or len(importers) >= WORLD_SIZE else "part"


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
    "korea": "Korea Customs Service", "fao": "FAOSTAT", "fao-m49": "FAOSTAT", "fao-codes": "FAOSTAT",
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
