"""The record of cut-offs: what is known of which outcome on a day, and how far its bands must be moved to hold."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.episodes import build, detect, nearest
from geoecon.episodes.nearest import Array, Places, Shift
from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    import pyarrow as pa


DIGITS = 3  # decimals that are kept: the data are not better than that
NOTHING_LEFT = round(math.log(detect.FLOOR / (1 + detect.FLOOR)), DIGITS)  # log change of a flow that stops
# outcome: its bounds (all but `back` are clipped to them before anything is learned)
BOUNDS = {
    "supplier": (NOTHING_LEFT, 1.5),  # log change of the supplier's flow
    "imports": (NOTHING_LEFT, 1.5),  # log change of all imports
    "replaced": (-1.5, 2.5),  # others' extra deliveries for each tonne lost
    "price": (-1.5, 1.5),  # log change of the real unit value
    "concentration": (-1.0, 1.0),  # change of the Herfindahl-Hirschman index
    "back": (0.0, 1.0),  # whether the supplier is back at 80 % of its share
}
LEAST = 40  # cut-offs below which a shift is not worth keeping
LEAST_LOSS = 0.3  # of all imports: below, what was replaced of each tonne is noise
ALWAYS = 9999


@dataclass(frozen=True)
class Known:
    """The n cut-offs whose outcome is known: share and size (n, 2), outcome, votes, groups, places in the record."""

    near: Array
    values: Array
    votes: Array
    pair: Places  # number of supplier and product
    product: Places
    supplier: Places
    year: NDArray[np.int64]
    places: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.values)

    def only(self, rows: NDArray[Any]) -> Known:
        return Known(**{name: column[rows] for name, column in vars(self).items()})


@dataclass(frozen=True, eq=False)
class Record:
    """A table of cut-offs (columns: `build.COLUMNS`), where from, under which licence, and what the reader of the trade
    behind it says."""

    table: pd.DataFrame
    origin: str
    licence: str
    notes: tuple[str, ...] = ()
    shifts: Mapping[Any, Shift] = field(default_factory=dict, repr=False)  # by outcome, years, before, cut
    memo: dict[Any, Any] = field(default_factory=dict, repr=False)

    def known(self, outcome: str, years: int, before: int = ALWAYS, *, cut: bool = True) -> Known:
        """Cut-offs (or flows that were exposed and did not fall so far) with an outcome that ended before a year."""
        key = ("known", outcome, years, before, cut)
        if key not in self.memo:
            self.memo[key] = self._known(f"{outcome}_{years}", outcome, years, before, cut)
        found: Known = self.memo[key]
        return found

    def _known(self, column: str, outcome: str, years: int, before: int, cut: bool) -> Known:
        table = self.table
        values = np.clip(table[column].to_numpy(float), *BOUNDS[outcome])
        keep = np.isfinite(values) & (table["year"].to_numpy() + years < before)
        keep &= (table["kind"] == build.KINDS[detect.UNCUT]).to_numpy() != cut
        if outcome == "replaced":
            keep &= (table["share"] * table["cut"]).to_numpy() >= (LEAST_LOSS if cut else 0.02)
        event = self._numbers("product", "supplier", "year")
        votes = np.bincount(event, keep)[event]
        rows = np.flatnonzero(keep)
        return Known(
            near=table[["share", "cut"]].to_numpy(float)[rows],
            values=values[rows],
            votes=1 / votes[rows],
            pair=self._numbers("product", "supplier")[rows],
            product=self._numbers("product")[rows],
            supplier=self._numbers("supplier")[rows],
            year=table["year"].to_numpy(np.int64)[rows],
            places=rows,
        )

    def _numbers(self, *by: str) -> Places:
        """(row,) the number of each row's group."""
        if by not in self.memo:
            self.memo[by] = np.asarray(self.table.groupby(list(by)).ngroup(), dtype=np.int64)
        found: Places = self.memo[by]
        return found

    @property
    def after(self) -> int:
        """The first year of which nothing is recorded."""
        return int(self.table["year"].max()) + 1

    def pair_of(self, product: str, supplier: str | None) -> int:
        """The number of a supplier and product among `Known.pair`; -1 where the record has none."""
        if "pairs" not in self.memo:
            grouped = self.table.groupby(["product", "supplier"])
            self.memo["pairs"] = {key: place for place, key in enumerate(grouped.groups)}
        found: int = self.memo["pairs"].get((product, supplier), -1)
        return found

    def shift(self, outcome: str, years: int, before: int = ALWAYS, *, cut: bool = True,
              without_supplier: int | None = None) -> Shift:  # fmt: skip
        """How far the levels of a class are moved: learned with each cut-off's own product kept out of its class."""
        before = min(before, self.after)
        if without_supplier is None and (outcome, years, before, cut) in self.shifts:
            return self.shifts[outcome, years, before, cut]
        key = ("shift", outcome, years, before, cut, without_supplier)
        if key not in self.memo:
            known = self.known(outcome, years, before, cut=cut)
            if without_supplier is not None:
                known = known.only(known.supplier != without_supplier)
            group = nearest.nearest(known.near, known.votes, known.near, known_group=known.product,
                                    asked_group=known.product)  # fmt: skip
            own = nearest.quantiles(known.values[group.places], group.weights)
            self.memo[key] = nearest.shift(known.values, own, known.votes, BOUNDS[outcome])
        found: Shift = self.memo[key]
        return found


def a_day(known_by: str | date | None) -> date | None:
    """A day from its text. Raises InputError."""
    if known_by is None or isinstance(known_by, date):
        return known_by
    try:
        return date.fromisoformat(known_by)
    except ValueError:
        raise InputError(f"known_by {known_by!r}; allowed: a day as YYYY-MM-DD") from None


def last_year(known_by: date | None) -> int:
    """The year before which an outcome must have ended to be known on a day: a year is known on its last day."""
    if known_by is None:
        return ALWAYS
    return known_by.year + (known_by.month == 12 and known_by.day == 31)


@cache
def shipped() -> Record:
    """The record inside the package: raw materials of CEPII's BACI, 1997 to 2024, with its shifts."""
    with as_file(files("geoecon") / "episodes") as folder:
        return replace(read(folder / "episodes.parquet"), shifts=read_shifts(folder / "shifts.parquet"))


def read(path: str | Path) -> Record:
    """A record as `cut_offs` writes it. Raises InputError for another file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"{path}: {error}; allowed: a Parquet file that `geoecon cut-offs` wrote") from None
    needed = build.COLUMNS
    if lacking := [name for name in needed if name not in table.column_names]:
        raise InputError([Fault(Path(path).name, None, name, "column is missing", "a record of cut-offs")
                          for name in lacking])  # fmt: skip
    told = {key.decode(): text.decode() for key, text in (table.schema.metadata or {}).items()}
    if "digest" in told and told["digest"] != digest(table):
        raise InputError(f"{path}: was altered after it was written; allowed: a file as `geoecon cut-offs` wrote it")
    frame = pd.DataFrame(table.to_pandas())
    _within(frame, Path(path).name)
    numbers = frame.select_dtypes("float32").columns
    frame[numbers] = frame[numbers].astype(float).round(DIGITS)
    frame["policy"] = frame["policy"].astype(object).where(frame["policy"].notna(), "")
    notes = tuple(json.loads(told.get("geoecon", "{}")).get("notes", ()))
    return Record(frame, told.get("origin", "origin not recorded"), told.get("licence", "licence not recorded"), notes)


def _within(frame: pd.DataFrame, name: str) -> None:
    """Raises InputError for rows that no detector writes: shares, falls, kinds, years."""
    allowed = {
        "share": (frame["share"].between(0, 1), "a share from 0 to 1"),
        "cut": (frame["cut"] <= 1, "a fall of at most 1"),
        "kind": (frame["kind"].isin(build.KINDS), ", ".join(build.KINDS)),
        "year": (frame["year"].between(1900, 2200), "a year"),
        "product": (frame["product"].astype(str).str.fullmatch(r"\d{2,10}"), "an HS code"),
    }
    faults = [
        Fault(name, int(row) + 1, column, str(frame[column].iloc[row]), words)
        for column, (fine, words) in allowed.items() for row in np.flatnonzero(~fine.to_numpy(bool))[:5]
    ]  # fmt: skip
    if faults:
        raise InputError(faults)


def digest(table: pa.Table) -> str:
    """A fingerprint of the cells of an Arrow table, whatever order its columns have."""
    found = hashlib.sha256()
    for name in sorted(table.column_names):
        found.update(f"{name}\n".encode())
        found.update("\n".join(map(str, table[name].to_pylist())).encode())
    return found.hexdigest()


def write(record: Record, path: Path) -> None:
    """Writes a record with its origin and licence. Whole or not at all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from geoecon.files import file_aside

    frame = record.table.copy()
    numbers = frame.select_dtypes("float").columns
    frame[numbers] = frame[numbers].round(DIGITS).astype("float32")
    frame["value_usd"] = frame["value_usd"].round(-4)
    frame = frame.astype({"year": "int16", "n_alternatives": "int16", **{f"back_{n}": "float32" for n in (1, 2, 3)}})
    table = pa.Table.from_pandas(frame, preserve_index=False)
    told = {"origin": record.origin, "licence": record.licence, "digest": digest(table)}
    told |= {"geoecon": json.dumps({"notes": record.notes}, ensure_ascii=False)} if record.notes else {}
    table = table.replace_schema_metadata(told)
    with file_aside(path) as part:
        pq.write_table(table, part, compression="zstd", compression_level=19)


def read_shifts(path: Path) -> dict[Any, Shift]:
    """The shifts of every outcome and year as `write_shifts` put them down."""
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    keys = zip(*(table[name].to_pylist() for name in ("outcome", "years", "before", "cut")), strict=True)
    return {key: Shift(by, BOUNDS[key[0]]) for key, by in zip(keys, np.array(table["by"].to_pylist()), strict=True)}


def write_shifts(record: Record, path: Path) -> None:
    """The shifts of every outcome and year of a record, so that a question need not learn them again."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from geoecon.files import file_aside

    rows = []
    for outcome in BOUNDS:
        for years in detect.BACK_YEARS if outcome == "back" else detect.HORIZONS:
            for before in range(int(record.table["year"].min()), record.after + 1):
                for cut in (True, False):
                    if outcome != "back" and len(record.known(outcome, years, before, cut=cut)) >= LEAST:
                        by = record.shift(outcome, years, before, cut=cut).by
                        rows.append((outcome, years, before, cut, by.round(6)))
    names = ["outcome", "years", "before", "cut", "by"]
    table = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
    with file_aside(path) as part:
        pq.write_table(table, part, compression="zstd", compression_level=19)
