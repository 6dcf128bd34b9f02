"""The indicators of every row, product by product in one pass over rows that stand sorted by product.

All rows of a market stand together there: the totals of one product fit into a few small arrays, and nothing is joined.
The definitions are those of `indicators.py`; parity is tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geoecon.compiled import njit
from geoecon.flows import is_unspecified
from geoecon.indicators.indicators import FLOOR
from geoecon.indicators.reused import Reused

if TYPE_CHECKING:
    from geoecon.kinds import Cell

Array = NDArray[np.float64]
Codes = NDArray[np.int32]
Whole = NDArray[np.integer]
SIDES = ("exporter", "importer")
COLUMNS = (
    "imports", "exports", "import_share", "top_share", "supplier_hhi", "effective_suppliers", "extra_share", "mx_ratio",
    "world_hhi", "market_share_of_sales", "asymmetry", "spof", "replaceability", "cutoff_loss", "cutoff_cost",
    "rank_cost", "world_top_share", "supplier_is_world_top", "cr3", "unit_value", "unit_value_gap", "hhi_geo",
    "allocated", "loss_of_access",
)  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """All rows of some products in one period, sorted by product.

    starts (product + 1,): first row of each; exporter, importer (row,): numbers of `places`; value in USD, tonnes NaN
    where not known.
    """

    products: Sequence[str]
    starts: NDArray[np.int64]
    places: Sequence[str]
    exporter: Codes
    importer: Codes
    value: Array
    tonnes: Array

    def pieces(self, size: int) -> Iterator[Rows]:
        """The same rows in pieces of whole products, some `size` rows each."""
        first, parts = 0, max(1, round(len(self.value) / size))
        for part in range(1, parts + 1):
            last = int(np.searchsorted(self.starts, len(self.value) * part // parts))
            if last == first:
                continue
            a, b = self.starts[first], self.starts[last]
            yield Rows(
                self.products[first:last], self.starts[first : last + 1] - a, self.places, self.exporter[a:b],
                self.importer[a:b], self.value[a:b], self.tonnes[a:b],
            )  # fmt: skip
            first = last

    @property
    def product(self) -> Codes:
        """Number of the product by row."""
        return np.repeat(np.arange(len(self.products), dtype=np.int32), np.diff(self.starts))

    def named(self, leftover: Iterable[str] = (), *, zeros: bool = False) -> NDArray[np.bool_]:
        """Rows with a value (or also `zeros`), a supplier that is named and a product that is specified."""
        found: NDArray[np.bool_] = np.ones(len(self.value), dtype=bool) if zeros else self.value > 0
        left = np.isin(np.array(self.places, dtype=object), list(leftover))
        vague = np.array([is_unspecified(code) for code in self.products], dtype=bool)
        if left.any():
            found &= ~left[self.exporter]
        if vague.any():
            found &= ~vague[self.product]
        return found


def rows(table: pa.Table, places: dict[Cell, int], names: Mapping[Cell, str] | None = None, scale: float = 1.0) -> Rows:
    """Rows of an Arrow table of one period; `places` numbers the codes that were met, and grows.

    `names` gives the ISO3 code of a code where the table has other ones; `scale` makes USD of its values.
    """
    products, product = _coded(table["product"])
    exporter, importer = (_placed(table[side], places) for side in SIDES)
    value, tonnes = _numbers(table["value_usd"]), _numbers(table["tonnes"])
    value = value if scale == 1.0 else value * scale
    value = np.nan_to_num(value, nan=0.0) if table["value_usd"].null_count else value
    if not _grouped(product):
        order = np.argsort(product, kind="stable")
        product, exporter, importer = product[order], exporter[order], importer[order]
        value, tonnes = value[order], tonnes[order]
    starts = np.concatenate([[0], np.flatnonzero(np.diff(product)) + 1, [len(product)]]).astype(np.int64)
    listed = [products[product[first]] for first in starts[:-1]]
    iso3 = [names[code] if names is not None else str(code) for code in places]
    return Rows(listed, starts, iso3, exporter, importer, value, tonnes)


def _grouped(codes: Codes) -> bool:
    """Whether every code stands in one run."""
    heads = codes[np.concatenate([[True], codes[1:] != codes[:-1]])] if len(codes) else codes
    return len(set(heads.tolist())) == len(heads)


def _coded(column: pa.ChunkedArray) -> tuple[list[Any], Codes]:
    whole = column.combine_chunks()
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    whole = whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
    return whole.dictionary.to_pylist(), whole.indices.to_numpy(zero_copy_only=False)


def _placed(column: pa.ChunkedArray, places: dict[Any, int]) -> Codes:
    """Numbers of places (row,) that stay the same over all tables."""
    words, codes = _coded(column)
    known = np.array([places.setdefault(code, len(places)) for code in words], dtype=np.int32)
    return known.take(codes)


def _numbers(column: pa.ChunkedArray) -> Array:
    return np.asarray(column.to_numpy(), dtype=np.float64)


def indicators(
    found: Rows, elasticity: float | Mapping[str, float] = 4.0, domestic: float | Mapping[str, float] = 0.0,
    leftover: Iterable[str] = (), risk: Mapping[str, float] | None = None, spending: Mapping[str, float] | None = None,
    reused: Reused | None = None,
) -> tuple[dict[str, Array], Codes]:  # fmt: skip
    """({name: (row,)} for `COLUMNS`, number of the main supplier (row,), −1 for none)."""
    n = len(found.places)
    left = np.isin(np.array(found.places, dtype=object), list(leftover))
    order = np.argsort(np.argsort(np.array(found.places, dtype=str))).astype(np.int32)  # ties go by the code
    risks, spent = (
        np.array([(given or {}).get(place, np.nan) for place in found.places], dtype=float)
        for given in (risk, spending)
    )
    out = (reused or Reused()).empty(len(COLUMNS), len(found.value))
    top = np.empty(len(found.value), dtype=np.int32)
    _markets(
        found.starts, found.exporter, found.importer, found.value, found.tonnes, left, order, risks, spent,
        _by(found.products, elasticity, 4.0), _by(found.products, domestic, 0.0), n, out, top,
    )  # fmt: skip
    return dict(zip(COLUMNS, out, strict=True)), top


def _by(products: Sequence[str], given: float | Mapping[str, float], default: float) -> Array:
    if isinstance(given, Mapping):
        return np.array([float(given.get(code, default)) for code in products])
    return np.full(len(products), float(given))


@njit(cache=True, nogil=True)
def _markets(
    starts: Whole, i: Whole, j: Whole, v: Array, q: Array, left: NDArray[np.bool_], order: Whole, risk: Array,
    spent: Array, sigma: Array, home: Array, n: int, out: Array, top: Whole,
) -> None:  # fmt: skip
    """Fills out (indicator, row) and top (row,). starts (product + 1,), i, j places, v USD, q tonnes by row."""
    for m in range(len(starts) - 1):
        first, last = starts[m], starts[m + 1]
        sold, bought, named = np.zeros(n), np.zeros(n), np.zeros(n)
        squares, risky = np.zeros(n), np.zeros(n)
        large = np.zeros((3, n))  # the three largest suppliers of each importer
        main = np.full(n, -1, np.int32)
        size, price = np.zeros((2, n)), np.full((2, n), np.nan)  # the two largest with a unit value
        who = np.full((2, n), -1, np.int32)
        for r in range(first, last):
            s, c, value = i[r], j[r], v[r]
            sold[s] += value
            bought[c] += value
            if left[s] or not value > 0:
                continue
            named[c] += value
            squares[c] += value * value
            risky[c] += value * value * risk[s]  # missing as soon as one supplier's risk is
            if value > large[0, c] or (value == large[0, c] and order[s] < order[main[c]]):
                large[0, c], large[1, c], large[2, c], main[c] = value, large[0, c], large[1, c], s
            elif value > large[1, c]:
                large[1, c], large[2, c] = value, large[1, c]
            elif value > large[2, c]:
                large[2, c] = value
            if q[r] > 0:
                for place in range(2):
                    ahead = value == size[place, c] and (who[place, c] < 0 or order[s] < order[who[place, c]])
                    if value > size[place, c] or ahead:
                        if place == 0:
                            size[1, c], price[1, c], who[1, c] = size[0, c], price[0, c], who[0, c]
                        size[place, c], price[place, c], who[place, c] = value, value / q[r] / 1000, s
                        break
        world = sold.sum()
        whole = _of_markets(sold, bought, squares, risky, large, world, n)
        hub = (sold + bought) / world if world > 0 else np.full(n, np.nan)
        world_largest = sold.max()
        leader = world_largest / world if world > 0 else np.nan
        for r in range(first, last):
            s, c, value = i[r], j[r], v[r]
            total, sales = bought[c], sold[s]
            some = total > 0
            w = value / total if some else np.nan
            out[0, r], out[1, r], out[2, r] = total, sold[c], w
            out[3, r], out[4, r], out[5, r] = whole[0, c], whole[1, c], whole[2, c]
            out[6, r] = 1.0 if some else np.nan
            out[7, r], out[8, r] = whole[3, c], whole[4, c]
            out[9, r] = value / sales if sales > 0 else np.nan
            out[10, r] = sales / total if some else np.nan
            out[11, r] = hub[s]
            out[12, r] = (world - sales - total + value) / value if value > 0 else np.nan
            kept = 1.0 - w * (1.0 - home[m])
            rate = sigma[m] - 1.0
            loss = -np.log(kept) / rate if kept > 0 else np.nan
            out[13, r], out[14, r] = loss, loss * value
            if kept > FLOOR:
                out[15, r] = loss * value
            else:
                out[15, r] = -np.log(FLOOR) / rate * value if some and value > 0 else 0.0
            out[16, r] = leader
            out[17, r] = 1.0 if sales >= world_largest * (1 - 1e-12) else 0.0
            out[18, r] = whole[5, c]
            usd = value / q[r] / 1000 if q[r] > 0 and value > 0 and not left[s] else np.nan
            out[19, r], out[20, r] = usd, usd / (price[1, c] if who[0, c] == s else price[0, c])
            out[21, r], out[22, r] = whole[6, c], named[c]
            out[23, r] = loss * total / spent[c] if spent[c] > 0 else np.nan
            top[r] = main[c]


@njit(cache=True, nogil=True)
def _of_markets(sold: Array, bought: Array, squares: Array, risky: Array, large: Array, world: float, n: int) -> Array:
    """What all suppliers of an importer share, (7, importer); missing where the importer buys nothing."""
    whole, every = np.full((7, n), np.nan), (sold * sold).sum()
    for c in range(n):
        total, own = bought[c], sold[c]
        if not total > 0:
            continue
        whole[0, c], whole[1, c] = large[0, c] / total, squares[c] / total / total
        if squares[c] > 0:
            whole[2, c] = total * total / squares[c]
        if own > 0:
            whole[3, c] = total / own
        rest = world - own
        if rest * rest > 0:
            whole[4, c] = (every - own * own) / (rest * rest)
        whole[5, c] = (large[0, c] + large[1, c] + large[2, c]) / total
        whole[6, c] = risky[c] / (total * total)
    return whole
