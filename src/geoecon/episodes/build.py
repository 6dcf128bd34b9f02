"""From a table of trade to the record of cut-offs: product by product, then what needs all products."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon.episodes import detect, policy

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from geoecon.figure import Array
    from geoecon.kinds import Ints


# codes of joint or former reporters that hide a change of code: the country that carries the flow on
SAME = {"ZA1": "ZAF", "BLX": "BEL", "SCG": "SRB", "SDN2011": "SDN"}
BROKEN = {"250390", "283030", "811230"}  # HS92 codes whose series break with a change of the nomenclature
PRECIOUS = "71"  # chapter: trade of stores of value, not of inputs
KINDS = ("bilateral", "mixed", "supplier-wide", "no cut-off")
SLUMP = (2009,)  # a fall of demand everywhere
CLEAN_USD = 2e6
SAMPLED = 0.1  # of the exposed flows that did not fall so far, and all of those under a known measure
OUTCOMES = {"S": "supplier", "M": "imports", "R": "replaced", "P": "price", "H": "concentration"}
BASE_YEARS = (2005, 2015)  # prices at which imports of different products are added
NUMBERS = [
    "kind", "cut", "share", "rest", "world_rest", "world_share", "base", "total", "hhi", "hhi_others", "n_alternatives",
    "value_usd", "reexport", "odd_now", "real_2", "real_1", "real_0",
    *(f"{name}{h}" for h in detect.HORIZONS for name in "SMRUH"), *(f"back{n}" for n in detect.BACK_YEARS),
]  # fmt: skip
COLUMNS = [
    "product", "supplier", "importer", "year", "kind", "share", "cut", "world_share", "hhi", "hhi_others",
    "n_alternatives", "rest", "value_usd",
    *(f"{word}_{h}" for word in OUTCOMES.values() for h in detect.HORIZONS), *(f"back_{n}" for n in detect.BACK_YEARS),
    "policy",
]  # fmt: skip
FOUND = ["what", "product", "year", "supplier", "importer", "policy", *NUMBERS]


def of_product(
    product: str, year: Ints, exporter: Ints, importer: Ints, usd: Array, tonnes: Array, names: NDArray[np.object_],
    first: int, years: int,
) -> pd.DataFrame:  # fmt: skip
    """What one product gives: rows `cut` (a cut-off each), `real` (an importer's real imports at base prices), `price`
    (log median).

    `exporter` and `importer` are numbers into `names`; `first` and `years` span the whole table.
    """
    goods = detect.trade(year, exporter, importer, usd, tonnes, first, years, len(names))
    cut = pd.DataFrame(detect.cut_offs(goods))
    for side in ("supplier", "importer"):
        cut[side] = names[cut[side].to_numpy(int)]
    cut["year"] = first + cut.pop("t").astype(int)
    cut["product"] = product
    cut["policy"] = policy.marks(cut, policy.measures())
    drawn = np.random.default_rng(zlib.crc32(product.encode())).random(len(cut)) < SAMPLED
    cut = cut[(cut["kind"] != detect.UNCUT) | drawn | (cut["policy"] != "")]
    real = goods.over(goods.importer, goods.real) * at_base(product, goods.median, first)
    t, j = np.nonzero(real)
    parts = [cut.assign(what="cut")]  # the real imports of all products are added up by `added`
    parts.append(pd.DataFrame({"what": "real", "year": first + t, "importer": names[j], "base": real[t, j]}))
    parts.append(pd.DataFrame({"what": "price", "year": first + np.arange(years), "base": goods.median}))
    return pd.concat(parts, ignore_index=True).assign(product=product).reindex(columns=FOUND)


def at_base(product: str, median: Array, first: int) -> float:
    """The product's price in the base years (in all where there is none of them); nothing for a store of value."""
    if product.startswith(PRECIOUS):
        return 0.0
    year = first + np.arange(len(median))
    within = (year >= BASE_YEARS[0]) & (year <= BASE_YEARS[1])
    known = median[within] if within.any() else median
    return float(np.exp(np.nanmean(known))) if np.isfinite(known).any() else 0.0


def added(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The parts in one, the real imports of each importer and year added up: they are most of the rows."""
    kept, real = [], []
    for part in parts:
        mine = part["what"] == "real"
        kept.append(part[~mine])
        real.append(part.loc[mine, ["importer", "year", "base"]])
    total = pd.concat(real).groupby(["importer", "year"], as_index=False)["base"].sum().assign(what="real")
    return pd.DataFrame(pd.concat([*kept, total.reindex(columns=FOUND)], ignore_index=True))


def of_table(table: pa.Table, first: int, years: int) -> Iterator[pd.DataFrame]:
    """The same of every product of an Arrow table that holds all rows of each."""
    import pyarrow as pa

    sides = {}
    for name in ("exporter", "importer", "product", "period"):
        column = table[name].combine_chunks()
        column = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        sides[name] = (column.indices.to_numpy(zero_copy_only=False), np.array(column.dictionary.to_pylist(), object))
    names, place = np.unique(
        np.array([SAME.get(n, n) for n in [*sides["exporter"][1], *sides["importer"][1]]], object), return_inverse=True
    )
    sold = place[: len(sides["exporter"][1])][sides["exporter"][0]]
    bought = place[len(sides["exporter"][1]) :][sides["importer"][0]]
    year = np.array([int(word) for word in sides["period"][1]])[sides["period"][0]]
    usd, tonnes = (table[name].to_numpy().astype(float) for name in ("value_usd", "tonnes"))
    code, products = sides["product"]
    order = np.argsort(code, kind="stable")
    ends = np.cumsum(np.bincount(code, minlength=len(products)))
    for number, product in enumerate(products):
        rows = order[ends[number - 1] if number else 0 : ends[number]]
        if product not in BROKEN and len(rows):
            yield of_product(
                str(product), year[rows], sold[rows], bought[rows], usd[rows], tonnes[rows], names, first, years
            )


def finish(found: pd.DataFrame) -> pd.DataFrame:
    """Cut-offs with real prices P and the change of the importer's other imports; the parts need all products."""
    prices = found[found["what"] == "price"].pivot(index="year", columns="product", values="base")
    level = prices.diff().median(axis=1).cumsum().fillna(0.0)  # general level, log
    within = prices.loc[BASE_YEARS[0] : BASE_YEARS[1]]
    at_base = np.exp((within if len(within) else prices).mean())
    weight = at_base.where(~at_base.index.str.startswith(PRECIOUS), 0.0)
    real = found[found["what"] == "real"]
    total = real["base"].groupby([real["importer"], real["year"]]).sum()
    cut = found[found["what"] == "cut"].drop(columns="what").reset_index(drop=True)
    all_other = [
        total.reindex(pd.MultiIndex.from_arrays([cut["importer"], cut["year"] - back])).fillna(0.0).to_numpy()
        - (cut[f"real_{back}"] * cut["product"].map(weight)).to_numpy()
        for back in (2, 1, 0)
    ]
    cut["other_imports"] = np.log((all_other[2] + 1e3) / ((all_other[0] + all_other[1]) / 2 + 1e3))
    before = (cut["year"].sub(1).map(level) + cut["year"].sub(2).map(level)) / 2
    for h in detect.HORIZONS:
        cut[f"P{h}"] = cut.pop(f"U{h}") - ((cut["year"] + h).map(level) - before)
    cut["kind"] = np.array(KINDS, object)[cut["kind"].to_numpy(int)]
    named = {f"{letter}{h}": f"{word}_{h}" for letter, word in OUTCOMES.items() for h in detect.HORIZONS}
    named |= {f"back{n}": f"back_{n}" for n in detect.BACK_YEARS}
    return cut.rename(columns=named)


def clean(cut: pd.DataFrame, smallest: float = CLEAN_USD) -> pd.DataFrame:
    """The cut-offs whose figures can be believed, without the columns that say so; why each filter: docs/precedents.

    No hub that sells on half of what it buys, no importer whose other imports moved by more than a factor 1.65 (its
    reports stop or it is in a crisis of its own), no slump of world trade, tonnes reported, no store of value.
    """
    keep = (
        (cut["value_usd"] >= smallest)
        & (cut["reexport"] < 0.5)
        & (cut["other_imports"].abs() < 0.5)
        & (cut["world_rest"] > 0.7)
        & (cut["odd_now"] == 0)
        & ~cut["product"].str.startswith(PRECIOUS)
        & ~cut["year"].isin(SLUMP)
    )
    order = ["product", "year", "supplier", "importer"]
    return cut.loc[keep, COLUMNS].sort_values(order, ignore_index=True)
