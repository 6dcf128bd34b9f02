"""Eurostat FIGARO industry-by-industry matrices as CSV, in million euro."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from geoecon.errors import Fault, InputError
from geoecon.figure import cite
from geoecon.production.build import assemble, numbers, read_grid, region_name, split, year_in
from geoecon.production.table import TOLERANCE, Finding, IOTable

VALUE_ADDED = ("W2_D1", "W2_D29X39", "W2_B2A3G")  # pay, other net taxes on production, operating surplus
TAXES = ("W2_D21X31",)  # taxes less subsidies on products


def read_figaro(path: str | Path, tolerance: float = TOLERANCE) -> IOTable:
    """A FIGARO matrix; million euro, and nothing is called dollars before `converted` has a rate and its source.

    Regions become ISO 3166 codes, FIGW1 the rest of the world (ROW). Rows W2_… below the table are no industries:
    value added is D1 + D29X39 + B2A3G, taxes on products stay apart, and what residents buy abroad (W2_OP_RES,
    W2_OP_NRES) is reported in `apart` and left out. Output is the row sum.
    """
    file = Path(path)
    frame = read_grid(file)
    factors = [label for label in frame.index if label.startswith("W2_")]
    rows = [label for label in frame.index if label not in factors]
    known = set(rows)
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
    noted += [Finding("apart", label, f"{value:g} million euro, neither industry nor value added, left out", value)
              for label, value in apart.items()]  # fmt: skip
    missing = [label for label in VALUE_ADDED if label not in block]
    return assemble(
        pairs, numbers(frame.loc[rows, rows], file.name), users, numbers(frame.loc[rows, demand], file.name),
        value_added=None if missing else np.sum([block[label] for label in VALUE_ADDED], axis=0),
        taxes=block.get(TAXES[0]), unit="EUR million", year=year_in(file.stem), name=file.name,
        tolerance=tolerance, sources=frozenset({cite("figaro")}), noted=tuple(noted), apart=apart,
    )  # fmt: skip
