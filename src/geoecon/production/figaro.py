"""Eurostat FIGARO industry-by-industry matrices as CSV, in million euro."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.figure import cite
from geoecon.production.build import assemble, numbers, opened, read_grid, region_name, split, year_of
from geoecon.production.findings import Finding
from geoecon.production.labels import capitals, no_square
from geoecon.production.matrix_totals import without_totals
from geoecon.production.table import TOLERANCE, IOTable

VALUE_ADDED = ("W2_D1", "W2_D29X39", "W2_B2A3G")  # pay, other net taxes on production, operating surplus
FLAT = ("icioirow", "icioicol", "obsvalue")  # headings of the flat file, in lower case
TAXES = ("W2_D21X31",)  # taxes less subsidies on products


def read_figaro(path: str | Path, year: int | None = None, tolerance: float = TOLERANCE) -> IOTable:
    """A FIGARO matrix or flat file (one cell a line); million euro, until `converted` has a rate and its source.

    Regions become ISO 3166 codes, FIGW1 the rest of the world (ROW). Rows W2_… below the table are no industries:
    value added is D1 + D29X39 + B2A3G, taxes on products stay apart, and what residents buy abroad (W2_OP_RES,
    W2_OP_NRES) is reported in `apart` and left out. Output is the row sum.
    """
    file = Path(path)
    grid, dated = _grid(file, year)
    frame, changed = capitals(grid)
    factors = [label for label in frame.index if label.startswith("W2_")]
    frame, totals = without_totals(frame, [label for label in frame.index if label not in factors], factors)
    rows = [label for label in frame.index if label not in factors]
    known = set(rows)
    no_square(rows, frame.columns, file.name)
    if not known <= set(frame.columns):
        missing = sorted(known - set(frame.columns))[:5]
        raise InputError(
            Fault(file.name, 1, None, f"no column for {', '.join(missing)}", "a column for every industry")
        )
    demand = [column for column in frame.columns if column not in known]
    pairs = [(region_name(region), sector) for region, sector in map(split, rows)]
    users = [(region_name(region), kind) for region, kind in map(split, demand)]
    block = {label: numbers(frame.loc[[label], rows], file.name)[0] for label in factors}
    other = [label for label in factors if label not in VALUE_ADDED + TAXES]
    apart = {label: float(numbers(frame.loc[[label]], file.name).sum()) for label in other}
    noted = [Finding("unit", "", "million euro; a conversion to USD needs a rate and its source")]
    noted += (*changed, *totals)
    noted += [Finding("apart", label, f"{value:g} million euro, neither industry nor value added, left out", value)
              for label, value in apart.items()]  # fmt: skip
    missing = [label for label in VALUE_ADDED if label not in block]
    return assemble(
        pairs, numbers(frame.loc[rows, rows], file.name), users, numbers(frame.loc[rows, demand], file.name),
        value_added=None if missing else np.sum([block[label] for label in VALUE_ADDED], axis=0),
        taxes=block.get(TAXES[0]), unit="EUR million", year=dated or year_of(year, file), name=file.name,
        tolerance=tolerance, sources=frozenset({cite("figaro")}), noted=tuple(noted), apart=apart,
    )  # fmt: skip


TIMES = ("timeperiod", "time_period", "year", "time")  # columns of years of a flat file


def _grid(file: Path, year: int | None) -> tuple[pd.DataFrame, int | None]:
    """The matrix, and its year where a column says it; a flat file is put into one.

    Raises InputError for a cell that stands twice, and for several years of which none is asked for.
    """
    with opened(file, year) as content:
        header = [cell.strip().strip('"').casefold() for cell in content.readline().decode("utf-8-sig").split(",")]
    if not set(FLAT) <= set(header):
        return read_grid(file, year), None
    with opened(file, year) as content:
        cells = pd.read_csv(content, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    cells.columns = pd.Index([str(name).strip().casefold() for name in cells.columns])
    cells, dated = _of_year(cells, file.name, year)
    row, column, value = (cells[name].str.strip() for name in FLAT)
    twice = cells[pd.DataFrame({"row": row, "column": column}).duplicated()]
    if len(twice):
        raise InputError(
            Fault(file.name, int(line) + 2, None, f"{row[line]} to {column[line]} stands twice", "each cell once")
            for line in twice.index
        )
    number = pd.to_numeric(value.where(value != "", "0"), errors="coerce")
    bad = number.index[number.isna()]
    if len(bad):
        raise InputError(Fault(file.name, int(k) + 2, FLAT[2], repr(value[k]), "a finite number") for k in bad)
    rows, columns = list(dict.fromkeys(row)), list(dict.fromkeys(column))
    grid = np.zeros((len(rows), len(columns)))
    place_row, place_column = ({label: k for k, label in enumerate(labels)} for labels in (rows, columns))
    grid[row.map(place_row).to_numpy(int), column.map(place_column).to_numpy(int)] = number.to_numpy(float)
    return pd.DataFrame(grid, index=rows, columns=columns), dated


def _of_year(cells: pd.DataFrame, name: str, year: int | None) -> tuple[pd.DataFrame, int | None]:
    column = next((told for told in TIMES if told in cells), None)
    years = sorted(set(cells[column].str.strip())) if column is not None else []
    if column is None or not all(re.fullmatch(r"\d{4}", told) for told in years):
        return cells, None
    if (year is None and len(years) > 1) or (year is not None and str(year) not in years):
        told = f"year {year}" if year else "several years"
        raise InputError(Fault(name, None, column, told, f"year= one of {', '.join(years)} (--year)"))
    wanted = str(year or years[0])
    return cells[cells[column].str.strip() == wanted], int(wanted)
