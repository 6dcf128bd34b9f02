"""Two spellings of one country or product in one table: parts of it add up, a flow told twice stops the read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from geoecon import tables
from geoecon.countries import Place
from geoecon.errors import InputError
from geoecon.flows import checks, engine
from geoecon.flows.coverage import Item, dollars
from geoecon.flows.raw import Raw
from geoecon.flows.resolve import DROPPED, KEY, labelled

if TYPE_CHECKING:
    from geoecon.kinds import Frame


Codes = Mapping[str, tuple[str, str, bool]]
TEXTS = ["exporter", "importer", "product"]
ALLOWED = "each flow once, duplicates='sum' (--duplicates sum) where they are parts"


def merges(places: Mapping[str, Place], codes: Codes) -> bool:
    """Whether two spellings stand for one country or one product."""
    targets = [place.iso3 for place in places.values() if place.kind not in DROPPED]
    return len(targets) > len(set(targets)) or len(codes) > len({code for code, _, _ in codes.values()})


def merged(
    rows: Frame, places: Mapping[str, Place], codes: Codes, raws: Sequence[Raw], duplicates: str
) -> tuple[Item | None, bool]:
    """What is added up because two spellings or codes stand for one country or product (None where nothing is), and
    whether copies are to be dropped.

    `rows` are as written. What names a part of its country (Northern Ireland) or no country adds up; two names of
    the same are added with `duplicates` sum, and copies of one number kept once with drop. Raises InputError for
    others, with both readings.
    """
    written = rows.with_columns(**{f"written_{side}": nw.col(side) for side in TEXTS})
    frame = labelled(written, places, codes).filter(nw.col("exporter") != nw.col("importer"))
    twice = frame.group_by(*KEY).agg(nw.len().alias("times")).filter(nw.col("times") > 1)
    keys = engine.collect(twice.select(*KEY).head(1000))
    if not len(keys):
        return None, False
    columns = [*KEY, *(f"written_{side}" for side in TEXTS), "value_usd"]
    found = engine.collect(frame.join(engine.beside(rows, keys), on=KEY, how="inner").select(*columns))
    found = found.sort_values(columns[:-1], ignore_index=True).astype(dict.fromkeys(columns[:-1], str))
    parts = _parts(places)
    whole = ~(found["written_exporter"].isin(parts) | found["written_importer"].isin(parts))
    again = found[whole & found[whole].duplicated(KEY, keep=False).reindex(found.index, fill_value=False)]
    several = {str(key): group for key, group in again.groupby(KEY) if _doubtful(group)}
    same = [key for key, group in several.items() if _equal(group["value_usd"])]
    if several and not (duplicates == "sum" or (duplicates == "drop" and len(same) == len(several))):
        raise InputError([_fault(group, raws) for group in list(several.values())[:20]])
    more = " or more" if len(keys) == 1000 else ""
    first = " ".join(map(str, keys.sort_values(KEY)[KEY].iloc[0]))
    if several and duplicates == "drop":
        told = f"{len(several)}{more} flows told twice in two spellings, kept once as asked for, such as {first}"
        return Item("flows that stand more than once", 0, 0.0, told), True
    told = f"{len(keys)}{more} flows stand under several spellings, such as {first}"
    return Item("flows added up under one code", len(found), float(found["value_usd"].sum()), told), False


def _parts(places: Mapping[str, Place]) -> set[str]:
    """The names of parts of a country, and of no country: what stands beside another of the same code adds up."""
    return {text for text, place in places.items() if place.kind == "unspecified" or ", part of " in place.note}


def joined(found: pd.DataFrame, written: pd.Series, places: Mapping[str, Place]) -> tuple[pd.DataFrame, list[str]]:
    """Reports with a row for each partner where parts of one stand beside each other, and what to say of it.

    `found` has partners in ISO3 codes, `written` as the file has them. Other spellings of one partner stay as they are.
    """
    names = written.drop_duplicates()
    several = {place.iso3 for text, place in places.items() if text in set(names) and place.kind != "aggregate"}
    several = {code for code in several if (found.loc[names.index, "partner"] == code).sum() > 1}
    if not several:
        return found, []
    skip = ("value_usd", "tonnes", "product_name", "hs_revision", "estimated", "flag")
    keys = [column for column in found.columns if column not in skip]
    rows = found[found["partner"].isin(several)]
    rows = rows[rows.duplicated(keys, keep=False)].assign(written=written)
    if not len(rows):
        return found, []
    rows["whole"] = ~rows["written"].isin(_parts(places))
    by = rows.groupby(keys, dropna=False)
    odd = (by["whole"].transform("sum") > 1) | (by["written"].transform("nunique") < by["written"].transform("size"))
    rows = rows[~odd]
    if not len(rows):
        return found, []
    lacking = rows["tonnes"].isna() & (rows["value_usd"] > 0)
    tonnes = rows["tonnes"].mask(lacking.groupby([rows[k] for k in keys], dropna=False).transform("any"))
    by = rows.assign(tonnes=tonnes).groupby(keys, dropna=False, sort=False)
    sums = by[["value_usd", "tonnes"]].sum(min_count=1).reset_index()
    first = by.head(1).drop(columns=["value_usd", "tonnes", "written", "whole"]).reset_index(drop=True)
    first = first.assign(value_usd=sums["value_usd"], tonnes=sums["tonnes"])
    told = f"{len(rows)} rows of parts of one partner ({', '.join(sorted(set(rows['written']))[:4])}) added up"
    return pd.concat([found.drop(rows.index), first[found.columns]], ignore_index=True), [told]


def _doubtful(group: pd.DataFrame) -> bool:
    """Whether rows of one flow may be one told twice: under two names of a country, or with one value. Two-letter codes
    (EL and GR, of Eurostat and of ISO) and spellings of a product stand in different rows of one trade."""
    sides = [set(group[f"written_{side}"]) for side in TEXTS[:2]]
    named = [texts for texts in sides if len(texts) > 1 and not all(len(t) == 2 and t.isalpha() for t in texts)]
    return bool(named) or _equal(group["value_usd"])


def _equal(values: pd.Series) -> bool:
    return bool(values.notna().all() and values.min() == values.max())


def _fault(group: pd.DataFrame, raws: Sequence[Raw]) -> str:
    """What to say of one flow under two spellings, with the lines where it stands."""
    first, last = group.iloc[0], group.iloc[-1]
    sides = [side for side in TEXTS if first[f"written_{side}"] != last[f"written_{side}"]] or TEXTS
    said = [" ".join(row[f"written_{side}"] for side in sides) for row in tables.records(group)]
    values = [float(value) for value in group["value_usd"]]
    place = f"{raws[0].name}{_lines(group, raws)}: {' '.join(first[k] for k in KEY)}"
    if _equal(group["value_usd"]):
        told = f"{place} stands under two spellings with the same value {dollars(values[0])}: {' and '.join(said)}"
        return f"{told}; allowed: {ALLOWED}, 'drop' where they are copies"
    each = " and ".join(f"{text} ({dollars(value)})" for text, value in zip(said, values, strict=True))
    told = f"{place} stands as {each}: one flow told twice, or parts of it ({dollars(sum(values))} together)"
    return f"{told}; allowed: {ALLOWED}"


def _lines(group: pd.DataFrame, raws: Sequence[Raw]) -> str:
    """The lines of a flow in the one table; nothing where nobody knows."""
    columns = ["period", *(f"written_{side}" for side in TEXTS)]
    wanted = set(map(tuple, group[columns].to_numpy().tolist()))
    rows = raws[0].lines() if len(raws) == 1 and raws[0].lines is not None else ()
    found = [str(line) for line, cells in rows if checks.key_of(cells) in wanted]
    return f" lines {' and '.join(found[:4])}" if len(found) > 1 else ""
