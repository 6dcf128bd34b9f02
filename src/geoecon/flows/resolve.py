"""Codes as a source writes them: which country and product each stands for, and what cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from geoecon import countries
from geoecon.errors import InputError
from geoecon.flows import engine, formats, products
from geoecon.flows.checks import raise_faults
from geoecon.flows.coverage import Item
from geoecon.flows.flows import Native
from geoecon.flows.raw import Raw

Frame = Any
KEY = ["period", "exporter", "importer", "product"]
DROPPED = ("aggregate", "unknown")  # kinds of places whose trade is not kept


def places_of(counted: pd.DataFrame) -> tuple[dict[str, countries.Place], dict[str, str]]:
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


def products_of(rows: Frame) -> tuple[dict[str, tuple[str, str, bool]], dict[str, str]]:
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


def repeated(raws: list[Raw]) -> dict[tuple[str, ...], str]:
    """Keys as written that stand more than once in one table or in several, and how their values compare."""
    rows = nw.concat([raw.rows.select(*KEY) for raw in raws], how="vertical") if len(raws) > 1 else _keys(raws[0])
    twice = rows.group_by(*KEY).agg(nw.len().alias("times")).filter(nw.col("times") > 1)
    keys = engine.collect(twice.select(*KEY).head(1000))
    if not len(keys):
        return {}
    keys = keys.astype(str)
    rows = nw.concat([raw.rows.select(*KEY, "value_usd") for raw in raws], how="vertical")
    found = engine.collect(rows.join(engine.beside(rows, keys), on=KEY, how="inner"))
    told = {}
    for key, values in found.groupby(KEY)["value_usd"]:
        low, high = values.min(), values.max()
        told[tuple(map(str, key))] = "same value" if low == high else f"different values {low:g} and {high:g}"
    return told


def _keys(raw: Raw) -> Frame:
    """The keys of a table, in the file's own numbers where it has them: those are quicker to count."""
    whole = raw.plain is not None and all("INT" in str(raw.plain.types[k]) for k in range(3))
    return (nw.from_native(raw.plain) if whole else raw.rows).select(*KEY)


def stop(
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


def labelled(rows: Frame, places: Mapping[str, countries.Place], codes: Mapping[str, tuple[str, str, bool]]) -> Frame:
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


def merges(places: Mapping[str, countries.Place], codes: Mapping[str, tuple[str, str, bool]]) -> bool:
    """Whether two spellings stand for one country or one product."""
    targets = [place.iso3 for place in places.values() if place.kind not in DROPPED]
    return len(targets) > len(set(targets)) or len(codes) > len({code for code, _, _ in codes.values()})


def merged(rows: Frame) -> Item | None:
    """What was added up because two spellings or codes stand for one country or product; None where nothing was."""
    found = engine.collect(rows.group_by(*KEY).agg(nw.len().alias("times")).filter(nw.col("times") > 1).head(1000))
    if not len(found):
        return None
    first = " ".join(map(str, found.sort_values(KEY)[KEY].iloc[0]))
    told = (
        f"{len(found)}{' or more' if len(found) == 1000 else ''} flows stand under several spellings, such as {first}"
    )
    return Item("flows added up under one code", int(found["times"].sum()), 0.0, told)


def native(
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
        1000.0 if raw.format == "baci" else 1.0,
        bool((counted["exporter"] == counted["importer"]).any()),
    )
