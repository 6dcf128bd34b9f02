"""Asian Development Bank, multiregional input-output tables, as the bank's workbook; million USD."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.figure import cite
from geoecon.flows import encoding_of, pages
from geoecon.production.build import assemble, numbers, region_name, year_of
from geoecon.production.findings import Finding
from geoecon.production.table import TOLERANCE, IOTable

if TYPE_CHECKING:
    from geoecon.figure import Array
    from geoecon.kinds import Cell


# The bank's own codes where they are not those of ISO 3166.
REGIONS = {
    "PRC": "CHN", "TAP": "TWN", "GER": "DEU", "SPA": "ESP", "SWI": "CHE", "DEN": "DNK", "UKG": "GBR", "INO": "IDN",
    "IRE": "IRL", "NET": "NLD", "POR": "PRT", "ROM": "ROU", "BAN": "BGD", "MAL": "MYS", "PHI": "PHL", "VIE": "VNM",
    "MON": "MNG", "SRI": "LKA", "FIJ": "FJI", "BRU": "BRN", "BHU": "BTN", "CAM": "KHM", "MLD": "MDV", "NEP": "NPL",
    "SIN": "SGP",
}  # fmt: skip
TOTAL = "TOT"
VALUE_ADDED, TAXES, SUMS = "r64", "r99", ("r60", "r69")
FIRST = 4  # columns of labels: none, description, region, code


TEXTS = (".csv", ".txt")


def is_adb(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether a sheet has the bank's lines of regions and of codes c1, c2, … and F1 to F5."""
    return _regions_line(rows) is not None


def read_adb(path: str | Path, year: int | None = None, tolerance: float = TOLERANCE) -> IOTable:
    """A workbook of the bank; rows r60 to r69 are totals, taxes on products and value added, no industries.

    Raises InputError where no sheet has the layout, or several have and no year is given.
    """
    file = Path(path)
    found = {name: rows for name, rows in _pages(file).items() if is_adb(rows)}
    mine = {name: rows for name, rows in found.items() if year is None or str(year) in name or len(found) == 1}
    if len(mine) != 1:
        told = ", ".join(found) or "no sheet"
        raise InputError(Fault(file.name, None, None, told, "one sheet in the layout of the bank; name a year"))
    name, rows = next(iter(mine.items()))
    line = _regions_line(rows)
    assert line is not None
    regions, codes = [_text(c) for c in rows[line]], [_text(c) for c in rows[line + 1]]
    body = [row for row in rows[line + 2 :] if len(row) > 3 and _text(row[2]) and _text(row[3])]
    inner = [row for row in body if _text(row[2]).upper() != TOTAL]
    pairs = [(region_name(_text(row[2]), REGIONS), _text(row[3])) for row in inner]
    known = {(_text(row[2]), _text(row[3])) for row in inner}
    industry = [k for k in range(FIRST, len(codes)) if (regions[k], codes[k]) in known]
    demand = [k for k in range(FIRST, len(codes)) if k not in set(industry) and regions[k].upper() != TOTAL]
    if [(region_name(regions[k], REGIONS), codes[k]) for k in industry] != pairs:
        raise InputError(Fault(file.name, line + 1, None, "columns and rows differ", "industries in one order"))
    users = [(region_name(regions[k], REGIONS), codes[k]) for k in demand]
    below = {_text(row[3]): _block([row], industry, [_text(row[3])], file.name)[0] for row in body if row not in inner}
    labels = [f"{region}/{sector}" for region, sector in pairs]
    apart = {code: float(row.sum()) for code, row in below.items() if code not in (*SUMS, VALUE_ADDED, TAXES)}
    noted = [
        Finding("apart", code, f"{value:g}, neither industry nor value added", value) for code, value in apart.items()
    ]
    inside, outside = (_block(inner, columns, labels, file.name) for columns in (industry, demand))
    sums = inside.sum(axis=1) + outside.sum(axis=1)
    whole = [k for k in range(FIRST, len(codes)) if regions[k].upper() == TOTAL]
    stated = {f"column {codes[k] or regions[k]}": _block(inner, [k], labels, file.name)[:, 0] for k in whole[-1:]}
    stated |= {f"row {code}": below[code] for code in SUMS[1:] if code in below}
    noted += [Finding("balance", label, f"{where} says {said:g}, row sum {added:g} (the row sum is used)", said - added)
              for where, values in stated.items() for label, said, added in zip(labels, values, sums, strict=True)
              if abs(said - added) > tolerance * max(abs(added), 1e-9)]  # fmt: skip
    title = " ".join(_text(cell) for row in rows[:line] for cell in row)
    return assemble(
        pairs, inside, users, outside,
        value_added=below.get(VALUE_ADDED),
        taxes=below.get(TAXES, np.zeros(len(pairs))) + sum((below[code] for code in apart), np.zeros(len(pairs))),
        unit="USD million", year=year_of(year, file, title, name), name=file.name,
        tolerance=tolerance, sources=frozenset({cite("adb")}), noted=tuple(noted), apart=apart,
    )  # fmt: skip


def _pages(file: Path) -> Mapping[str, Sequence[Sequence[Any]]]:
    """The sheets of a workbook, or the one that was saved as text."""
    if file.suffix.lower() not in TEXTS:
        return pages(file)
    content = file.read_bytes().decode(encoding_of(file, file.name, None)[0])
    return {file.stem: list(csv.reader(io.StringIO(content, newline="")))}


def _regions_line(rows: Sequence[Sequence[Any]]) -> int | None:
    """The line of regions: the codes stand below it."""
    for k, row in enumerate(rows[:30][:-1]):
        below = [_text(cell) for cell in rows[k + 1][FIRST:]]
        final = sum(bool(re.fullmatch(r"F\d", code)) for code in below)
        inner = sum(bool(re.fullmatch(r"c\d+", code)) for code in below)
        if final and inner and any(_text(cell).upper() == TOTAL for cell in row[FIRST:]):
            return k
    return None


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _block(rows: Sequence[Sequence[Any]], columns: Sequence[int], labels: Sequence[str], name: str) -> Array:
    cells = [[row[k] if k < len(row) else None for k in columns] for row in rows]
    frame = pd.DataFrame(cells, dtype=object)
    frame.index = pd.Index(labels)
    return numbers(frame, name)
