"""convert: flows of any kind as one sorted Parquet or CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geoecon import tables
from geoecon.errors import InputError
from geoecon.files import file_aside, not_over, notes_beside
from geoecon.flows import engine
from geoecon.flows.flows import COLUMNS, MARKS, Flows
from geoecon.flows.read import read_flows

if TYPE_CHECKING:
    from typing import Unpack

    from geoecon.flows.options import FileReading
    from geoecon.kinds import Rows


PLAIN = {"importer (CIF)", False}  # marks that say nothing out of the common
ENDINGS = (".parquet", ".csv")


def convert(source: Rows | Flows, out: str | Path, **options: Unpack[FileReading]) -> Flows:
    """Reads flows (options as in `read_flows`), writes them to `out` and returns them as read back.

    Parquet says what it holds; CSV has the columns period, exporter, importer, product, value_usd, tonnes (and whose
    report a row is, and whether its weight is an estimate, where that is known), its notes stand in `NAME.notes.txt`
    beside it. Nothing is written where the source has a fault or the ending is another; an existing file stays until
    the new one is complete.
    """
    path = Path(out)
    if path.suffix.lower() not in ENDINGS:
        raise InputError(f"out {path.name}; allowed: a file ending in " + ", ".join(ENDINGS))
    if isinstance(source, str | Path):
        not_over(path, source)
    flows = read_flows(source, **options)
    if not len(engine.collect(flows.frame.head(1))):
        named = ", ".join(flows.coverage.sources[:3]) or "source"
        raise InputError(f"{named}: no row of trade between two countries remains: {flows.coverage}; allowed: a table "
                         "with at least one, or another choice of rows (report=, only=)")  # fmt: skip
    if path.suffix.lower() == ".parquet":
        return read_flows(flows.write(path), quiet=True)
    table = flows.to_frame()
    table = table[[*COLUMNS, *(name for name in MARKS if name in table and set(table[name].dropna()) - PLAIN)]]
    numbers = {name: table[name].map(_written, na_action="ignore") for name in ("value_usd", "tonnes")}
    with file_aside(path) as part:
        tables.to_csv(table.assign(**numbers), part)
    notes_beside(path, flows.coverage.said)
    return read_flows(path, quiet=True, scope=flows.scope, decimal=".", classification=flows.hs or None)


def _written(value: float) -> str:
    """A number with all its digits, in a way that no thousands can be read into: 1.2340, never 1.234."""
    text = str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    return text + "0" if "e" not in text and len(text.partition(".")[2]) == 3 else text
