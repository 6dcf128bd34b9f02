"""World Input-Output Database, release of November 2016: the published workbook (xlsb), xlsx or CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.figure import cite
from geoecon.flows import pages
from geoecon.production.build import assemble, numbers, region_name, year_in
from geoecon.production.findings import Finding
from geoecon.production.table import TOLERANCE, IOTable

if TYPE_CHECKING:
    from geoecon.figure import Array


TOTAL = "TOT"
APART = ("EXP_ADJ", "PURR", "PURNR", "IntTTM")  # adjustments, purchases abroad, transport margins: no value added


def read_wiod2016(path: str | Path, year: int | None = None, tolerance: float = TOLERANCE) -> IOTable:
    """A table of WIOD's release of November 2016; million USD.

    The sheet's four columns of labels are code, description, country and number; its header lines the same. Value added
    is the row VA, taxes less subsidies TXSP; what stands below beside them is reported in `apart`.
    """
    file = Path(path)
    raw = _sheet(file, year)
    top, codes, regions = _header(raw, file.name)
    body = raw.iloc[top:].reset_index(drop=True)
    names, places = body[0].astype(str).str.strip(), body[2].astype(str).str.strip()
    inner = np.flatnonzero(((places != TOTAL) & (places != "nan") & (places != "")).to_numpy())
    pairs = [(region_name(places[k]), names[k]) for k in inner]
    columns = range(4, raw.shape[1])
    known = set(zip((places[k] for k in inner), (names[k] for k in inner), strict=True))
    industry = [c for c in columns if (regions[c], codes[c]) in known]
    demand = [c for c in columns if c not in industry and regions[c] != TOTAL and codes[c] != "GO"]
    if [(region_name(regions[c]), codes[c]) for c in industry] != pairs:
        raise InputError(Fault(file.name, None, None, "columns and rows differ", "industries in one order"))
    users = [(region_name(regions[c]), codes[c]) for c in demand]
    below = {names[k]: k for k in range(len(body)) if k not in set(inner)}
    row = {code: _values(body, k, industry, file.name) for code, k in below.items()}
    apart = {code: float(row[code].sum()) for code in APART if code in row}
    noted = [
        Finding("apart", code, f"{value:g}, neither industry nor value added", value) for code, value in apart.items()
    ]
    taxes = row.get("TXSP", np.zeros(len(pairs))) + sum((row[code] for code in apart), np.zeros(len(pairs)))
    block = body.iloc[inner]
    block.index = pd.Index([f"{r}/{s}" for r, s in pairs])
    return assemble(
        pairs, numbers(block[industry], file.name), users, numbers(block[demand], file.name),
        value_added=row.get("VA"), taxes=taxes, unit="USD million", year=year or year_in(file.stem), name=file.name,
        tolerance=tolerance, sources=frozenset({cite("wiod2016")}), noted=tuple(noted), apart=apart,
    )  # fmt: skip


def _sheet(file: Path, year: int | None) -> pd.DataFrame:
    """The raw cells."""
    if not file.is_file():
        raise InputError(Fault(file.name, None, None, "file is missing", "a WIOD table as xlsx or CSV"))
    if file.suffix.lower() == ".csv":
        return pd.read_csv(file, header=None, keep_default_na=False, dtype=object, encoding="utf-8-sig")
    if file.suffix.lower() not in (".xlsx", ".xlsb", ".xls"):
        raise InputError(Fault(file.name, None, None, file.suffix, "a workbook (xlsb, xlsx) or CSV"))
    found = pages(file)
    wanted = str(year) if year and str(year) in found else next(iter(found))
    if year and len(found) > 1 and str(year) not in found:
        raise InputError(Fault(file.name, None, None, f"no sheet {year}", ", ".join(list(found)[:20])))
    rows = found[wanted]
    wide = max(map(len, rows), default=0)
    return pd.DataFrame([[*row, *[None] * (wide - len(row))] for row in rows], dtype=object).astype(object)


def _header(raw: pd.DataFrame, name: str) -> tuple[int, dict[int, str], dict[int, str]]:
    """First line of the body, and by column its code and region."""
    text = raw.fillna("").astype(str).apply(lambda column: column.str.strip())
    lines = [
        k for k in range(min(12, len(text))) if (text.iloc[k, 4:] == TOTAL).any() and text.iloc[k, 4:].nunique() > 1
    ]
    if not lines or lines[0] < 2:
        raise InputError(Fault(name, None, None, "no header line with regions and TOT", "the layout of WIOD 2016"))
    region_line = lines[0]
    codes: dict[int, str] = {c: text.iat[region_line - 2, c] for c in range(4, raw.shape[1])}
    places: dict[int, str] = {c: text.iat[region_line, c] for c in range(4, raw.shape[1])}
    return region_line + 2, codes, places


def _values(body: pd.DataFrame, line: int, columns: list[int], name: str) -> Array:
    return np.asarray(numbers(body.iloc[[line]][columns], name)[0])
