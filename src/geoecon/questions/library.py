"""The files of the user that `geoecon data add` remembers: where each lies, what it holds, its hash. Never copied."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geoecon import production, triangle
from geoecon.errors import InputError
from geoecon.files import file_aside, own_folder
from geoecon.flows import Flows, read_flows

if TYPE_CHECKING:
    from typing import Unpack

    from geoecon.flows import TableReading

TRADE, WORLD, INCOMES = "trade", "world table", "incomes"


@dataclass(frozen=True)
class Kept:
    """A file that is remembered: kind (trade, world table, incomes, pacts, …), path, what it holds, when it was
    added, and its SHA-256."""

    kind: str
    path: str
    holds: str
    added: str
    sha256: str
    updates: bool = False  # whether its later years go on from the bundled trade
    reading: Mapping[str, Any] = field(default_factory=dict)  # options of `read_flows`
    notes: Sequence[str] = ()  # of the reader

    @property
    def state(self) -> str:
        """present, changed since it was added, or gone."""
        place = Path(self.path)
        if not place.is_file():
            return "gone"
        return "present" if digest(place) == self.sha256 else "changed since it was added"


def kept() -> tuple[Kept, ...]:
    """The remembered files, the newest first. Raises InputError where the list cannot be read."""
    place = own_folder() / "files.json"
    if not place.is_file():
        return ()
    try:
        return tuple(Kept(**row) for row in json.loads(place.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise InputError(f"{place}: not a list of files; allowed: delete it and add the files again") from None


def add(path: str | Path, *, updates: bool = False, **reading: Unpack[TableReading]) -> Kept:
    """Remembers a trade file after reading it; with `updates` its later years go on from the bundled trade.

    `reading` are options of `read_flows`, remembered with it.

    Raises InputError with every fault of a file that cannot be read.
    """
    place = Path(path).resolve()
    if not place.is_file():
        raise InputError(f"{path}: no such file; allowed: a table of trade (BACI, Comtrade, or tidy columns)")
    flows = read_flows(place, quiet=True, **reading)
    periods = flows.periods()
    holds = f"{flows.coverage.kept_rows:,} rows, {periods[0]} to {periods[-1]}, {flows.label}"
    said = flows.coverage.said
    how = {name: told for name, told in reading.items() if name != "aside"}  # rows are set aside once, now
    made = Kept(TRADE, str(place), holds, date.today().isoformat(), digest(place), updates, how, said)
    _write([made, *(one for one in kept() if one.path != made.path)])
    return made


def update(path: str | Path, **reading: Unpack[TableReading]) -> Kept:
    """A new year of what ships, by what the file holds: trade, pacts, capabilities, votes or ideal points in the United
    Nations, incomes of the World Bank, or a world input-output table.

    Trade is remembered where it lies and its later years go on from the bundled rows; the others are read once and
    kept, and go on from the bundled ones (`triangle.update_records`, `production.renew_incomes`, `renew_world`).
    Raises InputError with every fault of a file that is none of these; nothing is kept then.
    """
    place = Path(path).resolve()
    if not place.is_file():
        raise InputError(
            f"{path}: no such file; allowed: a table of trade, pacts, capabilities, votes, incomes, or a world table"
        )
    kind = triangle.kind_of(_headings(place))
    if kind is not None:
        holds = triangle.update_records(place)
    elif production.is_incomes(place):
        kind, holds = INCOMES, production.renew_incomes(place)
        production.incomes_forgotten()
    else:
        try:
            return add(place, updates=True, **reading)
        except InputError as trade:
            try:
                kind, holds = WORLD, production.renew_world(place)
            except InputError as table:
                raise InputError([*trade.faults, *table.faults]) from None
    made = Kept(kind, str(place), holds, date.today().isoformat(), digest(place))
    _write([made, *(one for one in kept() if one.path != made.path)])
    return made


def _headings(place: Path) -> list[str]:
    """The first line of a text file, cut at commas."""
    with place.open(encoding="utf-8-sig", errors="replace") as lines:
        return lines.readline().strip().split(",") if place.suffix.lower() in (".csv", ".txt") else []


def _write(rows: Iterable[Kept]) -> None:
    with file_aside(own_folder() / "files.json") as part:
        part.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


def digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def trade_files() -> tuple[Path, ...]:
    """Remembered trade files that are still there, the newest first."""
    return tuple(Path(one.path) for one in kept() if one.kind == TRADE and Path(one.path).is_file())


def updates() -> tuple[Path, ...]:
    """Those among them whose later years go on from the bundled trade."""
    return tuple(Path(one.path) for one in kept() if one.updates and Path(one.path).is_file())


def brought(flows: str | Path | Flows | None) -> Flows | None:
    """A user's trade read once; what the reader says of it stands in its `coverage.said`."""
    return None if flows is None else read_flows(flows, quiet=True)


def rows_in(
    path: Path | Flows, codes: Iterable[str], importers: Iterable[str], before: int
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Yearly rows of a file for products whose code begins with one of `codes`, bought by `importers` before a year;
    and what its reader says of it."""
    how = next((one.reading for one in kept() if not isinstance(path, Flows) and one.path == str(path)), {})
    flows = read_flows(path, quiet=True, **how)
    years = [period for period in flows.periods() if len(period) == 4 and int(period) < before]
    wanted = [code for code in codes if code.isdigit()]
    if not years or not wanted:
        return pd.DataFrame(), ()
    found = flows.select(period=years, importer=list(importers), product=wanted).to_frame()
    return found, flows.coverage.said if len(found) else ()
