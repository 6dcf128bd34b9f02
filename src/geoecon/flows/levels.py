"""Totals and their parts in one table: short codes above long ones, a year beside its months. They never add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from geoecon.errors import InputError
from geoecon.flows import engine, periods, products
from geoecon.flows.coverage import Item, dollars, worth

if TYPE_CHECKING:
    from geoecon.kinds import Frame


SIDES = ["exporter", "importer"]
ROUNDING = 0.005


@dataclass(frozen=True)
class Once:
    """Rows in which every dollar stands once, what was set aside (why, rows), and what to say of it."""

    rows: Frame
    aside: tuple[tuple[str, Frame], ...] = ()
    items: tuple[Item, ...] = ()


def once(
    rows: Frame, codes: Mapping[str, tuple[str, str, bool]], spans: Sequence[str], *,
    digits: int | None = None, frequency: str | None = None, known: bool = False,
) -> Once:  # fmt: skip
    """The rows without those that contain others of the same flow.

    `codes` maps products as written to (code, kind, changed); `spans` are the periods. `digits` and `frequency` (year,
    quarter, month) keep one level alone; `known` says that the layout has totals. Raises
    InputError where months stand beside a year that has not all of them.
    """
    rows, aside, items = _periods(rows, spans, frequency)
    rows, more, told = _codes(rows, codes, digits, known)
    return Once(rows, (*aside, *more), (*items, *told))


def _periods(
    rows: Frame, spans: Sequence[str], wanted: str | None
) -> tuple[Frame, list[tuple[str, Frame]], list[Item]]:
    kinds: dict[str, list[str]] = {}
    for span in spans:
        kinds.setdefault(periods.frequency(span), []).append(span)
    told = ", ".join(f"{len(found)} {name}{'s' * (len(found) > 1)}" for name, found in sorted(kinds.items()))
    if wanted is not None:
        if wanted not in kinds:
            raise InputError(f"frequency {wanted!r}; allowed for this table: " + ", ".join(sorted(kinds)))
        other = [span for name, found in kinds.items() if name != wanted for span in found]
        if not other:
            return rows, [], []
        left = rows.filter(nw.col("period").is_in(other))
        what = f"periods other than one {wanted}, as asked for"
        return (
            rows.filter(nw.col("period").is_in(kinds[wanted])),
            [(what, left)],
            [Item(what, *worth(left), told, aside=True)],
        )
    pairs = periods.inside(spans)
    if not pairs:
        said = f"{told}: {periods.level(spans)[-1]} is the last of the longest and answers where none is named; one "
        note = [Item("periods of several lengths", 0, 0.0, f"{said}frequency by frequency= (--frequency)")]
        return rows, [], note if len(kinds) > 1 else []
    table = pd.DataFrame(pairs, columns=["period", "above"])
    parts = rows.join(engine.beside(rows, table), on=["period"], how="inner")
    known, there = rows.filter(~nw.col("value_usd").is_null()), ~nw.col("value_usd").is_null()
    market = known.select("period", "importer", "product").unique().rename({"period": "above"})
    parts = parts.join(market, on=["above", "importer", "product"], how="inner")
    whole = known.select("period", *SIDES, "product").unique().rename({"period": "above"})
    covered = parts.join(whole, on=["above", *SIDES, "product"], how="inner")
    lost = parts.filter(there).join(whole, on=["above", *SIDES, "product"], how="anti")
    first = engine.collect(lost.select("period", *SIDES, "product", "above").head(1))
    if len(first):
        row = first.iloc[0]
        raise InputError(
            f"two frequencies: {told}; {row['exporter']} to {row['importer']} {row['product']} stands in "
            f"{row['period']} and not in {row['above']}; allowed: frequency='year', 'quarter' or 'month' (--frequency)"
        )
    keys = covered.select("period", *SIDES, "product").unique()
    left = rows.join(keys, on=["period", *SIDES, "product"], how="inner")
    kept = rows.join(keys, on=["period", *SIDES, "product"], how="anti")
    what = "parts of a longer period, set aside"
    detail = f"two frequencies: {told}; the longer one counts; the other by frequency= (--frequency)"
    return kept, [(what, left)], [Item(what, *worth(left), detail, aside=True)]


def _codes(
    rows: Frame, codes: Mapping[str, tuple[str, str, bool]], digits: int | None, known: bool
) -> tuple[Frame, list[tuple[str, Frame]], list[Item]]:
    table = pd.DataFrame(
        [(raw, code, len(code)) for raw, (code, _, _) in codes.items() if code.isdigit()],
        columns=["product", "code", "size"],
    )
    sizes = sorted(table["size"].unique()) if len(table) else []
    rows, aside, items = _wholes(rows, codes, coded=bool(sizes))
    rows, named, beside = _names(rows, codes, list(table["product"]))
    aside, items = [*aside, *named], [*items, *beside]
    if digits is not None:
        if digits not in sizes:
            raise InputError(f"digits {digits}; allowed for this table: " + ", ".join(map(str, sizes)))
        other = list(table[table["size"] != digits]["product"])
        if other:
            left = rows.filter(nw.col("product").is_in(other))
            what = f"codes of other than {digits} digits, as asked for"
            aside.append((what, left))
            items.append(Item(what, *worth(left), aside=True))
            rows = rows.filter(~nw.col("product").is_in(other))
        return rows, aside, items
    if len(sizes) < 2:
        return rows, aside, items
    coded = rows.join(engine.beside(rows, table), on=["product"], how="left")
    above = coded.head(0)
    keep = coded
    for size in sizes[:-1]:
        longer = coded.filter(nw.col("size") > size).with_columns(code=nw.col("code").str.slice(0, int(size)))
        parents = longer.select("period", *SIDES, "code").unique()
        keys = ["period", *SIDES, "code"]
        found = keep.join(parents, on=keys, how="inner")
        above = found if size == sizes[0] else nw.concat([above, found.select(*coded.collect_schema().names())])
        keep = keep.join(parents, on=keys, how="anti")
    above, keep, told = _nested(above, keep, [int(s) for s in sizes], known)
    count, usd = worth(above)
    lengths = ", ".join(map(str, sizes))
    if not count:
        detail = f"codes of {lengths} digits: a short code may contain the longer ones of other partners or periods"
        return rows, aside, [*items, Item("products of several lengths", 0, 0.0, detail)]
    detail = f"codes of {lengths} digits in one table: a short code counts only where no longer one of the same flow "
    detail += f"stands below it; one level by digits= (--digits){told}"
    what = "totals of longer product codes, set aside"
    names = list(rows.collect_schema().names())
    return (
        keep.select(*names),
        [*aside, (what, above.select(*names))],
        [*items, Item(what, count, usd, detail, aside=True)],
    )


def _wholes(
    rows: Frame, codes: Mapping[str, tuple[str, str, bool]], *, coded: bool
) -> tuple[Frame, list[tuple[str, Frame]], list[Item]]:  # fmt: skip
    """The rows without those of all products together, and without sections of the HS beside codes (`coded`)."""
    totals = [raw for raw, (code, _, _) in codes.items() if products.is_total(code)]
    sections = [raw for raw, (code, _, _) in codes.items() if coded and products.is_section(code)]
    aside: list[tuple[str, Frame]] = []
    items: list[Item] = []
    for what, found in (
        ("sections of the HS, sums of chapters, set aside", sections), ("all products together, set aside", totals),
    ):  # fmt: skip
        if found and len(found) < len(codes):
            left = rows.filter(nw.col("product").is_in(found))
            aside.append((what, left))
            items.append(Item(what, *worth(left), ", ".join(found[:4]), aside=True))
            rows = rows.filter(~nw.col("product").is_in(found))
    return rows, aside, items


def _names(
    rows: Frame, codes: Mapping[str, tuple[str, str, bool]], coded: Sequence[str]
) -> tuple[Frame, list[tuple[str, Frame]], list[Item]]:  # fmt: skip
    """The rows without names of products that come to what the codes beside them do in every flow: two views of it.

    Other names beside codes of the same flow are told of, for they may be sums of some of them.
    """
    names = [raw for raw, (code, kind, _) in codes.items() if kind == "product" and not code.isdigit()]
    names = [raw for raw in names if not products.is_total(codes[raw][0])]
    if not names or not coded:
        return rows, [], []
    value, keys = nw.col("value_usd"), ["period", *SIDES]
    tests = {"named": nw.col("product").is_in(names), "coded": nw.col("product").is_in(coded)}
    sums = [nw.when(test).then(value).otherwise(0.0).alias(name) for name, test in tests.items()]
    sums.append(nw.when(tests["coded"]).then(1).otherwise(0).alias("count"))
    found = engine.collect(rows.select(*keys, *sums).group_by(*keys).agg(*(nw.col(k).sum() for k in (*tests, "count"))))
    found = found[(found["named"] > 0) & (found["coded"] > 0)]
    if not len(found):
        return rows, [], []
    same = ((found["named"] - found["coded"]).abs() <= ROUNDING * found["coded"]).all()
    if same and found["count"].max() > 1:
        left = rows.filter(nw.col("product").is_in(names))
        what = "names of products that are sums of the codes beside them, set aside"
        return rows.filter(~nw.col("product").is_in(names)), [(what, left)], [
            Item(what, *worth(left), ", ".join(names[:4]), aside=True)
        ]  # fmt: skip
    told = f"{', '.join(names[:4])} beside codes in {len(found)} flows: a name may be the sum of some of the codes"
    return rows, [], [Item("names of products beside codes", 0, 0.0, told)]


def _nested(above: Frame, keep: Frame, sizes: Sequence[int], known: bool) -> tuple[Frame, Frame, str]:
    """Short codes that are the totals of longer ones, the other rows, and in words where the two do not add up.

    A code that stands in several spellings is no total. Raises InputError where most do not add up and the layout does
    not say that they are totals (`known`): then they may be trade beside the longer codes.
    """
    keys = ["period", *SIDES, "code"]
    tables = []
    for size in sizes[:-1]:
        rows = above.filter(nw.col("size") == size).group_by(*keys)
        whole = rows.agg(nw.col("value_usd").sum().alias("whole"), nw.len().alias("n"))
        under = keep.filter(nw.col("size") > size).with_columns(code=nw.col("code").str.slice(0, size))
        parts = under.group_by(*keys).agg(nw.col("value_usd").sum().alias("parts"))
        tables.append(engine.collect(whole.join(parts, on=keys, how="left").select(*keys, "whole", "n", "parts")))
    found = pd.concat(tables, ignore_index=True)
    spelled, found = found[found["n"] > 1], found[found["n"] == 1]
    if len(spelled):
        mess = engine.beside(above, spelled[keys].reset_index(drop=True))
        keep = nw.concat([keep, above.join(mess, on=keys, how="inner").select(*keep.collect_schema().names())])
        above = above.join(mess, on=keys, how="anti")
    wide = found[(found["whole"] - found["parts"]).abs() > ROUNDING * found["whole"].abs()]
    words = [f"{r['exporter']} to {r['importer']} {r['code']}: {dollars(r['whole'])}, its parts "
             f"{dollars(r['parts'])} USD"
             for r in wide.head(3).to_dict("records")]  # fmt: skip
    if len(wide) > len(found) / 2 and not known:
        allowed = "; allowed: digits= one of " + ", ".join(map(str, sizes)) + " (--digits)"
        told = f"product codes of {', '.join(map(str, sizes))} digits, and short ones are not the sum of longer ones: "
        raise InputError(told + "; ".join(words) + allowed)
    return above, keep, f"; not all add up: {'; '.join(words)}" if words else ""
