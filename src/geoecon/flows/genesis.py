"""Tables of GENESIS-Online (Federal Statistical Office of Germany) as they are downloaded, made one row a flow.

Headings stand over two rows above the measures alone (`Einfuhr: Wert`, `Tsd. EUR`), the columns of keys have none; a
year may stand once above its rows. The older flat table has a column for each measure (`A__Einfuhr:_Wert__Tsd._EUR`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from geoecon import countries
from geoecon.errors import Fault, InputError
from geoecon.flows.month_names import month

FLOWS = {"Einfuhr": "Import", "Ausfuhr": "Export"}
HEADER = ("period", "reporter", "partner", "product", "product name", "flow", "value", "unit", "net weight (t)")
_MEASURE = re.compile(r"(Einfuhr|Ausfuhr):[ _]?(Wert|Gewicht)(?:[ _]?\(US-Dollar\))?")
_CODE = re.compile(r"^(?:WA)?(\d{2,11})$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
Rows = Sequence[tuple[int, Sequence[str]]]


class _Measure(NamedTuple):
    """A column of values or weights: what it is of, and its unit."""

    place: int
    flow: str
    what: str
    unit: str
    dollars: bool


class Table(NamedTuple):
    """Rows under `HEADER` with the lines they stand in, the titles above, and the line of the headings."""

    rows: list[tuple[int, list[str]]]
    titles: tuple[str, ...]
    line: int


def begins(path: Path) -> bool:
    """Whether a file begins as a table of GENESIS does."""
    with path.open("rb") as file:
        start = file.read(64).lstrip(b'\xef\xbb\xbf"')
    return start.startswith((b"GENESIS-Tabelle:", b"Tabelle:", b"Statistik_Code"))


def table(rows: Rows, name: str) -> Table | None:
    """The flows of a table of GENESIS; None for any other table. Raises InputError where a key cannot be told."""
    if not rows or not any(cell for cell in rows[0][1]):
        return None
    first = rows[0][1][0].lstrip("\ufeff")
    if first == "Statistik_Code":
        return _flat(rows, name)
    if not re.match(r"(GENESIS-)?Tabelle:", first):
        return None
    top = next((k for k, (_, row) in enumerate(rows) if any(_MEASURE.search(cell) for cell in row)), len(rows))
    units = rows[top + 1][1] if top + 2 < len(rows) else []
    if not units or any(units[:1]) or any(re.match(r"\d+$", cell) for cell in units):
        told = "a table of GENESIS with headings over several rows, not Einfuhr or Ausfuhr above units"
        raise InputError(Fault(name, None, None, told, "the same query as a flat table (ffcsv)"))
    measures = [_measure(k, cell, units[k] if k < len(units) else "") for k, cell in enumerate(rows[top][1])]
    found = [one for one in measures if one is not None]
    ended = next((k for k, (_, row) in enumerate(rows) if row and row[0].startswith("____")), len(rows))
    width = min(one.place for one in found)
    body = _filled([row for row in rows[top + 2 : ended] if any(row[1])], width)
    last = max(one.place for one in found) + 1
    columns = [*range(width), *range(last, max((len(row) for _, row in body), default=0))]
    keys = _keys([row for _, row in body], columns, name, rows[top][0])
    titles = tuple(" ".join(filter(None, row)) for _, row in rows[:top] if any(row))
    return Table(_long(body, keys, found), titles, rows[top + 1][0])


def _measure(place: int, label: str, unit: str) -> _Measure | None:
    found = _MEASURE.search(label)
    if found is None:
        return None
    return _Measure(place, FLOWS[found[1]], found[2], unit.strip().replace("_", " "), "Dollar" in found[0])


def _filled(body: Rows, width: int) -> list[tuple[int, list[str]]]:
    """The rows of one length, each with the year, month or goods that stand once above it behind its last cell."""
    made: list[tuple[int, list[str]]] = []
    whole = max((len(row) for _, row in body), default=0)
    above: list[str] = []
    heads: dict[str, str] = {}
    for line, row in body:
        cells = [*row, *[""] * width]
        keys = cells[:width]
        if not any(cells[width:]) and len([key for key in keys if key]) == 1:
            only = next(key for key in keys if key)
            heads["year" if _YEAR.match(only) else "other"] = only
            continue
        if heads and keys[0] and not _YEAR.match(keys[0]):
            above = list(heads.values())
        made.append((line, [*cells[:whole], *[""] * (whole - len(cells)), *above]))
    return made


def _keys(rows: Sequence[Sequence[str]], columns: Sequence[int], name: str, line: int) -> dict[str, int]:
    """What each column of keys holds: period, month, product, its name, partner."""
    found: dict[str, int] = {}
    for k in columns:
        cells = [row[k] for row in rows if k < len(row) and row[k]]
        if not cells:
            continue
        tests = {
            "period": all(_YEAR.match(cell) for cell in cells),
            "month": all(month(cell) for cell in cells),
            "product": all(_CODE.match(cell) for cell in cells),
            "partner": set(cells) != {"Deutschland"} and sum(map(_country, set(cells))) > len(set(cells)) / 2,
        }
        kind = next((key for key, fits in tests.items() if fits and key not in found), "product name")
        found.setdefault(kind, k)
    if lacks := [key for key in ("period", "product", "partner") if key not in found]:
        told = f"no column of {', '.join(lacks)} in a table of GENESIS"
        raise InputError(Fault(name, line, None, told, "a query by year, country and goods, or its flat table (ffcsv)"))
    return found


def _country(text: str) -> bool:
    try:
        return countries.resolve(text).kind in ("country", "joint")
    except InputError:
        return False


def _long(body: Rows, keys: dict[str, int], measures: Sequence[_Measure]) -> list[tuple[int, list[str]]]:
    """A row for each direction: its value in dollars where there is one, and its weight."""
    made = []
    for line, row in body:
        said = {key: row[k] if k < len(row) else "" for key, k in keys.items()}
        period = f"{said['period']}-{month(said['month']):02d}" if said.get("month") else said["period"]
        code = _CODE.match(said["product"])
        for flow in dict.fromkeys(one.flow for one in measures):
            own = [one for one in measures if one.flow == flow]
            worth = sorted((one for one in own if one.what == "Wert"), key=lambda one: not one.dollars)[:1]
            weight = next((_cell(row, one.place) for one in own if one.what == "Gewicht"), "")
            made += [(line, [period, "DEU", said["partner"], code[1] if code else said["product"],
                             said.get("product name", ""), flow, _cell(row, one.place), one.unit, weight])
                     for one in worth]  # fmt: skip
    return made


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _flat(rows: Rows, name: str) -> Table | None:
    """The flat table whose columns are named by position and measure."""
    head = rows[0][1]
    place = {cell: k for k, cell in enumerate(head)}
    body = [(line, [*row]) for line, row in rows[1:] if any(row)]
    found = []
    for k, cell in enumerate(head):
        parts = cell.split("__")
        one = _measure(k, parts[1], parts[2]) if len(parts) == 3 else None
        found += [one] if one is not None else []
    if not found or "Zeit" not in place:
        return None
    keyed = {"Zeit": place["Zeit"]} | {cell: k for cell, k in place.items() if re.match(r"\d_Auspraegung_", cell)}
    keys = _keys([row for _, row in body], list(keyed.values()), name, rows[0][0])
    return Table(_long(body, keys, found), (), rows[0][0])
