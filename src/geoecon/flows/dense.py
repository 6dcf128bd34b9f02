"""A Parquet file in numbers, as BACI is kept, counted in one pass: pairs of countries, products, keys twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geoecon.compiled import njit
from geoecon.flows import decimals, periods
from geoecon.flows.products import is_unspecified
from geoecon.flows.raw import COLUMNS, Raw

if TYPE_CHECKING:
    from geoecon.kinds import Cell


BATCH = 64_000
BUFFER = 1 << 17  # bytes of a column that are read at a time
LARGEST = 100_000  # of a country number that is looked up in an array
MOST = decimals.MOST
COUNTS = ("rows", "bad", "unpriced", "nothing", "unweighed", "weightless", "huge", "unweighed_usd", "weightless_usd",
          "value_usd", "largest")  # fmt: skip
Codes = NDArray[np.int32]
Whole = NDArray[np.integer]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Counted:
    """What `coverage.pairs` says of all rows and of those without a specified product; the products; whether any key
    (period, exporter, importer, product) stands twice."""

    pairs: pd.DataFrame
    unspecified: pd.DataFrame
    products: tuple[str, ...]
    repeats: bool


def batches(path: str, names: Sequence[str], words: Sequence[str] = ()) -> Iterator[pa.RecordBatch]:
    """Some columns of a Parquet file, piece by piece; `words` come as dictionaries.

    One thread reads: each of Arrow's own keeps memory of its own, twice as much in all.
    """
    from pyarrow.parquet import ParquetFile

    with ParquetFile(
        path, read_dictionary=list(words), memory_map=False, pre_buffer=False, buffer_size=BUFFER
    ) as source:
        for batch in source.iter_batches(BATCH, columns=list(names), use_threads=False):
            yield batch.select(list(names))
    pa.default_memory_pool().release_unused()


class Numbers:
    """Numbers of the codes of a column that stay the same over all batches: `known` maps code -> number and grows."""

    def __init__(self, *first: Cell) -> None:
        self.known: dict[Any, int] = {code: number for number, code in enumerate(first)}
        self._words: pa.Array | None = None  # the last dictionary, and the numbers of its words
        self._place: Codes = np.zeros(0, dtype=np.int32)
        self._of_code: Codes = np.zeros(0, dtype=np.int32)  # numbers of the codes that are whole numbers, -1: not met

    def __call__(self, column: pa.Array) -> Codes:
        """The number of each row's code (row,)."""
        if pa.types.is_integer(column.type):
            found = self._looked_up(column.to_numpy(zero_copy_only=False))
            if found is not None:
                return found
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        if self._words is None or not coded.dictionary.equals(self._words):
            words = coded.dictionary.to_pylist()
            for word in sorted((word for word in words if word not in self.known), key=str):  # rows in order: in order
                self.known[word] = len(self.known)
            numbers = [self.known[word] for word in words]
            self._words, self._place = coded.dictionary, np.array(numbers, dtype=np.int32)
        return np.asarray(self._place.take(coded.indices.to_numpy(zero_copy_only=False)))

    def _looked_up(self, codes: NDArray[np.integer[Any]]) -> Codes | None:
        """The same for whole numbers below `LARGEST`; None where one is not."""
        if not len(self._of_code):
            self._of_code = np.full(LARGEST, -1, dtype=np.int32)
            for code, number in self.known.items():
                if not isinstance(code, str) and 0 <= code < LARGEST:
                    self._of_code[code] = number
        found, done = np.empty(len(codes), dtype=np.int32), 0
        while (done := _look_up(codes, self._of_code, found, done)) < len(codes):
            code = int(codes[done])
            if not 0 <= code < LARGEST:
                return None
            self._of_code[code] = self.known.setdefault(code, len(self.known))
        return found


def counted(raw: Raw) -> Counted | None:
    """One pass over a file whose rows are numbers; None where a code is missing or written as none is."""
    if not raw.path or raw.plain is None or raw.layout is None:
        return None
    scale = raw.layout.value.factor if raw.layout.value is not None else 1.0
    names = [raw.layout.columns[field] for field in COLUMNS]
    numbers = [Numbers() for _ in COLUMNS[:4]]
    known = [column.known for column in numbers]
    sums, vague = _Sums(), np.zeros(0, dtype=bool)
    for batch in batches(raw.path, names, names[3:4]):
        if any(column.null_count for column in batch.columns[:4]):
            return None
        codes = [number(column) for number, column in zip(numbers, batch.columns[:4], strict=True)]
        fresh = [is_unspecified(str(code).strip()) for code in islice(known[3], len(vague), None)]
        vague = np.append(vague, np.array(fresh, dtype=bool))
        value, tonnes = (np.asarray(c.to_numpy(zero_copy_only=False), dtype=np.float64) for c in batch.columns[4:])
        sums.add(codes, value, tonnes, vague, scale, len(known[0]))
    texts = [[str(code).strip() for code in met] for met in known]
    if any(text.endswith(".0") for text in (*texts[1], *texts[2])) or max(map(len, known[1:3])) >= _Sums.PLACES:
        return None
    spans = [periods.period_text(text) for text in texts[0]]
    if any(span is None for span in spans):
        return None
    table = sums.table([str(span) for span in spans], texts[1], texts[2])
    keys = ["period", "exporter", "importer", "vague"]
    table = table.groupby(keys, as_index=False).agg({n: "max" if n == "largest" else "sum" for n in COUNTS})
    whole = table.groupby(keys[:3], as_index=False).agg({n: "max" if n == "largest" else "sum" for n in COUNTS})
    part = table[table["vague"]].drop(columns="vague").reset_index(drop=True)
    twice = bool(sums.run[2]) if sums.run[1] else _repeats(raw.path, names[:4], numbers)
    return Counted(whole, part, tuple(texts[3]), twice)


def _repeats(path: str, names: Sequence[str], numbers: Sequence[Numbers]) -> bool:
    """Whether a key stands twice in a file whose pairs of countries do not stand together: all keys, sorted."""
    parts = []
    for batch in batches(path, names, names[3:]):
        t, i, j, k = (number(column) for number, column in zip(numbers, batch.columns, strict=True))
        parts.append(np.empty(len(t), dtype=np.int64))
        _keys(t, i, j, k, parts[-1])
    keys = np.concatenate(parts)
    keys.sort()
    return bool((keys[1:] == keys[:-1]).any())


class _Sums:
    """The counts of each period, exporter, importer and sort of product.

    `run` is the pair of the last row, whether each pair's rows stand together, and whether a pair has a product twice
    in them; `last` is, by product, the pair that had it last.
    """

    PLACES = 512

    def __init__(self) -> None:
        self.where = np.full((0, 2, self.PLACES, self.PLACES), -1, dtype=np.int32)
        self.counts = np.zeros((4096, len(COUNTS)))
        self.used = 0
        self.run = np.array([-1, 1, 0], dtype=np.int64)
        self.last = np.full(0, -1, dtype=np.int32)

    def add(
        self, codes: Sequence[Codes], value: Array, tonnes: Array, vague: NDArray[np.bool_], scale: float, spans: int
    ) -> None:
        t, i, j, k = codes
        if max(int(i.max()), int(j.max())) >= self.PLACES:
            return
        if spans > len(self.where):
            more = np.full((spans - len(self.where), 2, self.PLACES, self.PLACES), -1, dtype=np.int32)
            self.where = np.concatenate([self.where, more])
        if len(vague) > len(self.last):
            self.last = np.append(self.last, np.full(len(vague), -1, dtype=np.int32))
        done = 0
        while done < len(value):
            left = slice(done, None)
            rows, self.used = _add(
                t[left], i[left], j[left], k[left], value[left], tonnes[left], vague, scale, self.where, self.counts,
                self.used, self.run, self.last,
            )  # fmt: skip
            done += rows
            if done < len(value):
                self.counts = np.concatenate([self.counts, np.zeros_like(self.counts)])

    def table(self, spans: Sequence[str], exporters: Sequence[str], importers: Sequence[str]) -> pd.DataFrame:
        t, vague, i, j = np.nonzero(self.where >= 0)
        rows = self.counts[self.where[t, vague, i, j]]
        words = {"period": np.array(spans, dtype=object)[t], "exporter": np.array(exporters, dtype=object)[i],
                 "importer": np.array(importers, dtype=object)[j], "vague": vague == 1}  # fmt: skip
        return pd.DataFrame({**words, **dict(zip(COUNTS, rows.T, strict=True))})


@njit(cache=True, nogil=True)
def _look_up(codes: Whole, number: Codes, found: Codes, done: int) -> int:
    """Fills `found` from row `done` on, to the first code that has no number yet or is beyond the list."""
    for r in range(done, len(codes)):
        if codes[r] < 0 or codes[r] >= len(number) or number[codes[r]] < 0:
            return r
        found[r] = number[codes[r]]
    return len(codes)


@njit(cache=True, nogil=True)
def _keys(t: Codes, i: Codes, j: Codes, k: Codes, keys: Whole) -> None:
    """One number for each period, product, exporter and importer."""
    for r in range(len(t)):
        keys[r] = ((np.int64(t[r]) << 20 | k[r]) << 10 | i[r]) << 10 | j[r]


@njit(cache=True, nogil=True)
def _add(
    t: Codes, i: Codes, j: Codes, k: Codes, v: Array, q: Array, vague: NDArray[np.bool_], scale: float,
    where: Codes, counts: Array, used: int, run: Whole, last: Codes,
) -> tuple[int, int]:  # fmt: skip
    """(rows done, rows of `counts` used): ends early where `counts` (pair, count) is full."""
    for r in range(len(t)):
        sort = 1 if vague[k[r]] else 0
        place = where[t[r], sort, i[r], j[r]]
        if place < 0:
            if used == len(counts):
                return r, used
            place = used
            where[t[r], sort, i[r], j[r]] = used
            used += 1
        elif place != run[0]:
            run[1] = 0
        run[0] = place
        if last[k[r]] == place:
            run[2] = 1
        last[k[r]] = place
        to = counts[place]
        usd, mass = v[r] * scale, q[r]
        to[0] += 1
        if usd < 0 or mass < 0 or usd > MOST or mass > MOST:
            to[1] += 1
            continue
        known = usd == usd
        if not known:
            to[2] += 1
            usd = 0.0
        if known and usd == 0:
            to[3] += 1
        if mass != mass:
            to[4] += 1
            to[7] += usd
        elif mass == 0:
            to[5] += 1
            to[8] += usd
        if usd > 9007199254740991.0:
            to[6] += 1
        to[9] += usd
        if usd > to[10]:
            to[10] = usd
    return len(t), used
