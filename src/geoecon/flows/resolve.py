"""Codes as a source writes them: which country and product each stands for, and what cannot be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from geoecon import countries
from geoecon.errors import InputError
from geoecon.flows import composites, engine, products, systems
from geoecon.flows.checks import raise_faults
from geoecon.flows.coverage import Item, dollars
from geoecon.flows.flows import Native
from geoecon.flows.raw import Raw

if TYPE_CHECKING:
    from geoecon.kinds import Frame


KEY = ["period", "exporter", "importer", "product"]
ROUNDING = 0.005  # by which a joint report may differ from the sum of its members
DROPPED = ("aggregate", "unknown")  # kinds of places whose trade is not kept


def places_of(
    counted: pd.DataFrame, raws: Sequence[Raw], numbers: str = ""
) -> tuple[dict[str, countries.Place], dict[str, str], list[Item]]:
    """Every code or name of the rows -> place, and -> what is wrong with it; what was guessed of bare numbers.

    `numbers` is the system of country numbers that the user names, else that of the layout, else it is guessed where
    the numbers allow one reading only.
    """
    good: dict[str, countries.Place] = {}
    bad: dict[str, str] = {}
    seen: dict[tuple[str, str], set[int]] = {}
    systems_of = {"exporter": numbers, "importer": numbers}
    items: list[Item] = []
    tidy = not numbers and all(raw.layout is not None and not raw.layout.system for raw in raws)
    years = {int(period[:4]) for period in counted["period"].dropna().astype(str) if period[:4].isdigit()}
    for side, other in (("exporter", "importer"), ("importer", "exporter")) if tidy else ():
        texts = {str(text) for text in counted[side].dropna().unique()}
        systems_of[side], told = systems.guessed(texts, set(map(str, counted[other].dropna().unique())), years)
        if told:
            items.append(Item("country numbers", 0, 0.0, f"{side}: {told}"))
    if not tidy and not numbers:
        named = {raw.layout.system for raw in raws if raw.layout is not None and raw.layout.shape == "sides"}
        systems_of = dict.fromkeys(systems_of, named.pop() if len(named) == 1 else "")
    for side in ("exporter", "importer"):
        for text, period in counted[[side, "period"]].drop_duplicates().fillna("").itertuples(index=False):
            year = str(period)[:4]
            seen.setdefault((str(text), systems_of[side]), set()).add(int(year) if year.isdigit() else 0)
    for (text, system), years in seen.items():
        try:
            outside = [systems.place(text, system, year) for year in sorted(years) if year]
            told_of = next((place for place in outside if place.outside), None)
            if told_of is not None and told_of.iso3 != outside[0].iso3:  # one name of two states after another
                told_of = replace(outside[0], outside=f"{told_of.outside}: counted as {outside[0].iso3} in all periods")
            good[text] = told_of or (outside[0] if outside else systems.place(text, system))
        except InputError as error:
            bad[text] = str(error) if text else "empty"
    for side, system in systems_of.items() if bad else ():
        texts = {text for text, _ in seen if text in set(counted[side].dropna().astype(str))}
        bad |= systems.doubted(texts & set(good), texts & set(bad)) if system not in systems.OFFICES else {}
    items += composites.set_apart(raws, good)
    for text, place in good.items():
        if place.iso3 == "ROW":  # what no other row names: counted in the total, nobody's share
            good[text] = countries.Place("ROW", "unspecified", place.note)
    _joint(counted, good)
    return good, bad, [*items, *_groups(counted, good)]


def _joint(counted: pd.DataFrame, places: dict[str, countries.Place]) -> None:
    """A joint report that is the sum of its members beside it, wherever it stands, is an aggregate."""
    for side, other in (("exporter", "importer"), ("importer", "exporter")):
        for text in counted[side].dropna().unique():
            place = places.get(text)
            if place is None or place.kind != "joint":
                continue
            parts = countries.parts(place.iso3)
            members = [t for t in counted[side].unique() if t in places and places[t].iso3 in parts]
            own = counted[counted[side] == text].groupby(["period", other])["value_usd"].sum()
            sums = counted[counted[side].isin(members)].groupby(["period", other])["value_usd"].sum().reindex(own.index)
            if own.sum() > 0 and ((own - sums).abs() <= ROUNDING * own).all():
                places[text] = countries.Place(place.iso3, "aggregate", f"the sum of {', '.join(members)} beside it")


def _groups(counted: pd.DataFrame, places: dict[str, countries.Place]) -> list[Item]:
    """A group of countries of which no member and no other group with a common member stands beside it is kept as one:
    set aside, its trade would be lost, and the others' shares too large. What a group has beyond its members is said.
    """
    items: list[Item] = []
    for side, other in (("exporter", "importer"), ("importer", "exporter")):
        there = [text for text in counted[side].dropna().unique() if text in places]
        inside = {text: members for text in there if (members := _members(places[text]))}
        for text, group in inside.items():
            own = [one for one in there if places[one].iso3 in group]
            across = {places[one].iso3 for one in counted[other][counted[side] == text].dropna() if one in places}
            beside = [one for one, members in inside.items() if one != text and group & members]
            if not own and not beside and not across & group:
                why = "a group of countries, none of which stands beside it: kept as one"
                places[text] = countries.Place(places[text].iso3, "joint", why)
            whole, parts = (float(counted["value_usd"][counted[side].isin(which)].sum()) for which in ([text], own))
            if own and whole > parts * (1 + ROUNDING):
                told = f"{text} is {dollars(whole)} USD, its members beside it {dollars(parts)}"
                told += ": the rest stands in no share and in no total"
                items.append(Item("group of countries", 0, 0.0, told))
    return items


def _members(place: countries.Place) -> frozenset[str]:
    """The members of a group that overlaps them; nothing for other places."""
    return countries.parts(place.iso3) if place.kind == "aggregate" else frozenset()


def product_texts(rows: Frame) -> list[str]:
    """Every product as written."""
    return [str(text) for text in engine.collect(rows.select("product").unique())["product"].fillna("")]


def products_of(
    texts: Iterable[str], classification: str = "hs", *, national: int = 0
) -> tuple[dict[str, tuple[str, str, bool]], dict[str, str]]:
    """Every product as written -> (code, kind, changed), and -> what is wrong with it."""
    good: dict[str, tuple[str, str, bool]] = {}
    bad: dict[str, str] = {}
    for text in texts:
        code = products.normalise(text, classification, national=national)
        if code.problem:
            bad[text] = code.problem
        else:
            kind = "unspecified" if products.is_unspecified(code.text) else "product"
            good[text] = (code.text, kind, code.changed)
    if any(code.isdigit() for code, kind, _ in good.values() if kind == "product"):
        for text in [text for text, (code, _, _) in good.items() if products.word_before(code)]:
            bad[text] = "a word and the digits of a code, beside codes without one"
            del good[text]
    return good, bad


def undivided(codes: Mapping[str, tuple[str, str, bool]]) -> tuple[dict[str, tuple[str, str, bool]], list[Item]]:
    """The codes with 25041000 as 250410 where both stand in the table and no other code below 250410 does."""
    there = {code for code, _, _ in codes.values() if code.isdigit()}
    below = Counter(code[:6] for code in there if len(code) > 6)
    short = {
        code: code[:6] for code in there
        if len(code) > 6 and not code[6:].strip("0") and code[:6] in there and below[code[:6]] == 1
    }  # fmt: skip
    made = {raw: (short[c], kind, True) if c in short else (c, kind, was) for raw, (c, kind, was) in codes.items()}
    told = ", ".join(f"{code} is {own}, which has no other part here" for code, own in sorted(short.items())[:8])
    return made, [Item("product codes of two lengths for one product", 0, 0.0, told)] if short else []


def repeated(raws: list[Raw]) -> dict[tuple[str, ...], str]:
    """Keys as written that stand more than once in one table or in several, and how their values compare.

    Tables of different periods share no key: one at a time needs the memory of one.
    """
    if len(raws) > 1 and _apart(raws):
        return {key: told for raw in raws for key, told in repeated([raw]).items()}
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


def copies(rows: Frame, keys: Sequence[tuple[str, ...]]) -> Frame:
    """The rows of these keys beyond the first of each."""
    table = pd.DataFrame(keys, columns=KEY, dtype=str)
    found = engine.collect(rows.join(engine.beside(rows, table), on=KEY, how="inner"))
    again = found[found.duplicated(KEY)]
    return nw.from_native(again.reset_index(drop=True)).lazy()


def _apart(raws: list[Raw]) -> bool:
    """Whether no period stands in two of the tables."""
    periods = [set(engine.collect(raw.rows.select("period").unique())["period"]) for raw in raws]
    return len(set().union(*periods)) == sum(map(len, periods))


def _keys(raw: Raw) -> Frame:
    """The keys of a table, in the file's own numbers where it has them: those are quicker to count."""
    whole = raw.plain is not None and all("INT" in str(raw.plain.types[k]) for k in range(3))
    return (nw.from_native(raw.plain) if whole and raw.plain is not None else raw.rows).select(*KEY)


def stop(
    raws: list[Raw], bad_places: Mapping[str, str], bad_products: Mapping[str, str],
    told: Mapping[tuple[str, ...], str], bad_periods: Mapping[str, str],
) -> None:  # fmt: skip
    """Goes through the tables again to say where the faults stand."""
    faults: list[Any] = []
    for raw in raws:
        try:
            lines = raw.lines() if raw.lines is not None else ()
            raise_faults(raw.name, lines, raw.decimal, bad_places, bad_products, told, raw.headings, bad_periods)
        except InputError as error:
            plain = "numbers or codes that cannot be used"
            faults += [fault for fault in error.faults if plain not in str(fault) or len(raws) == 1]
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
        raw.layout.value.factor if raw.layout is not None and raw.layout.value is not None else 1.0,
        bool((counted["exporter"] == counted["importer"]).any()),
        (raw.path, dict(raw.layout.columns)) if raw.path and raw.layout is not None else None,
    )
