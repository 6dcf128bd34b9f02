"""Eora26: tab-separated files without headings, in thousand US dollars, with a region of discrepancies."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.errors import Fault, InputError
from geoecon.figure import cite
from geoecon.production.build import Pair, assemble, year_in
from geoecon.production.findings import Array, Finding
from geoecon.production.table import TOLERANCE, IOTable

THOUSAND = 1000.0
DISCREPANCY = "ROW"  # "Statistical Discrepancies", no country


def read_eora(
    path: str | Path, year: int | None = None, price: str | None = None, tolerance: float = TOLERANCE
) -> IOTable:
    """An Eora26 year from its zip file or a folder (unpacked, or with zip files); million USD.

    The files are in thousand USD and say so nowhere. Their region ROW is a statistical discrepancy: its column counts
    in output (category "statistical discrepancy" of the seller's own region), its row stands in `taxes`, and it is
    never a region. `apart["discrepancy"]` has its sums and negative cells in thousand USD.
    """
    price = price or ("pp" if "_pp" in Path(path).name else "bp")  # basic prices unless the file says purchasers'
    file, text = _source(Path(path), year, price)
    year = year_in(Path(file).stem.replace("_", " ")) if year is None else year
    stem = f"Eora26_{year}_{price}_"
    labels, users = _labels(text("labels_T.txt")), _labels(text("labels_FD.txt"))
    T, FD, VA = (_matrix(text(stem + part + ".txt"), stem + part) for part in ("T", "FD", "VA"))
    _fits(T, (len(labels), len(labels)), stem + "T")
    _fits(FD, (len(labels), len(users)), stem + "FD")
    _fits(VA, (VA.shape[0], len(labels)), stem + "VA")
    off = np.array([region == DISCREPANCY for region, _ in labels])
    pairs = [pair for pair, out in zip(labels, off, strict=True) if not out]
    inner = [k for k, (region, _) in enumerate(users) if region != DISCREPANCY]
    outer = [k for k in range(len(users)) if k not in inner]
    lost = T[~off][:, off].sum(axis=1) + FD[~off][:, outer].sum(axis=1)
    regions = list(dict.fromkeys(region for region, _ in pairs))
    own = np.array([[lost[k] if r == region else 0.0 for region in regions] for k, (r, _) in enumerate(pairs)])
    kept = [users[k] for k in inner] + [(region, "statistical discrepancy") for region in regions]
    return assemble(
        pairs, T[~off][:, ~off] / THOUSAND, kept, np.hstack([FD[~off][:, inner], own]) / THOUSAND,
        value_added=VA[:, ~off].sum(axis=0) / THOUSAND, taxes=T[off][:, ~off].sum(axis=0) / THOUSAND,
        unit="USD million", year=year, name=file, tolerance=tolerance, sources=frozenset({cite("eora")}),
        noted=_notes(T, off, labels), apart={"discrepancy": _apart(T, off, labels)},
    )  # fmt: skip


def _source(path: Path, year: int | None, price: str) -> tuple[str, Callable[[str], str]]:
    """The file's name and a function that gives the text of a member."""
    if path.is_dir():
        if year is None:
            raise InputError(f"{path.name}: a folder needs a year")
        folder = path / str(year) if (path / str(year)).is_dir() else path
        zips = sorted(file for file in folder.glob("*.zip") if str(year) in file.name and price in file.name)
        if len(zips) != 1:
            return f"Eora26_{year}_{price}", lambda member: _decode((folder / member), member)
        path = zips[0]
    if not zipfile.is_zipfile(path):
        raise InputError(Fault(path.name, None, None, "no zip file", "an Eora26 zip such as Eora26_2017_bp.zip"))
    with zipfile.ZipFile(path) as archive:
        members = {Path(name).name: archive.read(name) for name in archive.namelist()}
    indices = path.with_name("indices.zip")
    if indices.is_file():
        with zipfile.ZipFile(indices) as archive:
            members = {Path(name).name: archive.read(name) for name in archive.namelist()} | members

    def text(member: str) -> str:
        if member not in members:
            raise InputError(Fault(path.name, None, None, f"{member} is missing", "the files of an Eora26 year"))
        return members[member].decode("utf-8")

    return path.name, text


def _decode(file: Path, member: str) -> str:
    if not file.is_file():
        raise InputError(Fault(member, None, None, "file is missing", "the files of an Eora26 year"))
    return file.read_text(encoding="utf-8")


def _labels(text: str) -> list[Pair]:
    """Region code and the last name of each line: country, code, kind, name."""
    rows = [line.split("\t") for line in text.splitlines() if line.strip()]
    return [(row[1].strip(), row[3].strip()) for row in rows]


def _matrix(text: str, name: str) -> Array:
    frame = pd.read_csv(io.StringIO(text), sep="\t", header=None, keep_default_na=False)
    if not all(kind.kind in "fiu" for kind in frame.dtypes):
        raise InputError(Fault(name + ".txt", None, None, "a cell that is no number", "numbers set apart by tabs"))
    return frame.to_numpy(float)


def _fits(block: Array, shape: tuple[int, int], name: str) -> None:
    if block.shape != shape:
        raise InputError(Fault(name + ".txt", None, None, f"{block.shape[0]} × {block.shape[1]} numbers",
                               f"{shape[0]} × {shape[1]} as in the labels"))  # fmt: skip


def _apart(T: Array, off: NDArray[np.bool_], labels: list[Pair]) -> dict[str, Any]:
    cells = [("/".join(labels[i]), "/".join(labels[j]), float(T[i, j]))
             for i, j in np.argwhere(T < 0) if off[i] or off[j]]  # fmt: skip
    return {
        "unit": "USD thousand",
        "column_sum": float(T[~off][:, off].sum()),
        "row_sum": float(T[off][:, ~off].sum()),
        "negative": cells,
    }


def _notes(T: Array, off: NDArray[np.bool_], labels: list[Pair]) -> tuple[Finding, ...]:
    found = _apart(T, off, labels)
    notes = [Finding("unit", "", "Eora is in thousand USD; divided by 1,000 to million USD")]
    if off.any():
        cells = ", ".join(f"{i} to {j} {v:g}" for i, j, v in found["negative"])
        text = (f"ROW is a statistical discrepancy, no country: column sum {found['column_sum']:g}, row sum "
                f"{found['row_sum']:g} thousand USD")  # fmt: skip
        notes.append(Finding("discrepancy", "ROW", text + (f"; negative cells {cells}" if cells else "")))
    return tuple(notes)
