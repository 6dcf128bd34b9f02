"""OECD inter-country input-output tables as CSV, all releases from 2016 to 2023."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.errors import Fault, InputError
from geoecon.figure import cite
from geoecon.production.build import Pair, assemble, numbers, read_grid, split, year_in, year_of
from geoecon.production.findings import Array, Finding
from geoecon.production.labels import ADDENDS, IMPORTED, no_square, plain, tidied
from geoecon.production.matrix_totals import without_totals
from geoecon.production.table import TOLERANCE, IOTable

Keys = NDArray[np.int64]

TOTALS = {"OUT", "TOTAL", "OUTPUT"}
VALUE_ADDED = {"VA", "VALU"}
TAXES = re.compile(r"^TLS$|TAX")
DISCREPANCY = re.compile(r"STAT|DISC|RES|ERR|SD$", re.IGNORECASE)
PARTS = {"CHN": re.compile(r"CN\d"), "MEX": re.compile(r"MX\d")}  # the extended tables split both


def read_icio(path: str | Path, year: int | None = None, tolerance: float = TOLERANCE) -> IOTable:
    """An OECD ICIO table from a CSV file, a zip (and a year), or a folder and a year; million USD.

    Totals (OUT, TOTAL, any row or column that others add up to) are no industry and no demand; net taxes on
    products (TLS, …TAXSUB) stay apart from value added (VA, VALU); CN1, CN2 and MX1, MX2 are joined; labels split at
    their first underscore; the sign of inventory changes is kept. A stated output that differs from the row sum is a
    finding.
    """
    file = _file(Path(path), year)
    frame, changed = tidied(read_grid(file, year))
    known = {region for region, _ in map(split, {*frame.index} & {*frame.columns})}
    other = {r: plain(r) for r in frame.index if r not in frame.columns and split(r)[0] not in known}
    parts = [r for r, words in other.items() if ADDENDS.fullmatch(words)]
    factors = [r for r in frame.index if r in TOTALS | VALUE_ADDED or r in parts or TAXES.search(r)]
    frame, totals = without_totals(frame, [r for r in frame.index if r not in factors], {*factors, *TOTALS})
    beside = [r for r in other if r in frame.index and r not in factors and "_" not in r]
    apart, lines = _apart(frame, beside, file.name)
    rows = [r for r in frame.index if r not in factors and r not in lines]
    known = set(rows)
    inside = [c for c in frame.columns if c in known]
    demand = [c for c in frame.columns if c not in known and c not in TOTALS and "_" in c]
    lost = [c for c in frame.columns if c not in known and c not in TOTALS and "_" not in c]
    no_square(rows, frame.columns, file.name)
    _complete(file.name, rows, inside, demand)
    Z = numbers(frame.loc[rows, rows], file.name)
    final = numbers(frame.loc[rows, demand], file.name)
    pairs = [_joined(split(label)) for label in rows]
    merged, Z, final, keys = _merge(pairs, Z, final)
    users = [_user(label, {region for region, _ in pairs}) for label in demand]
    names = sorted({region for label in rows if (region := split(label)[0]) not in {r for r, _ in merged}})
    noted = [Finding("regions", "", f"{', '.join(names)} joined into CHN and MEX")] if names else []
    noted += (*changed, *totals, *lines.values())
    noted += _stated(frame, rows, keys, merged, Z.sum(axis=1) + final.sum(axis=1))
    rest = frame.loc[rows, lost] if lost else pd.DataFrame(index=rows)
    x = None
    if lost:  # a discrepancy column belongs to output, not to anybody's demand
        extra = numbers(rest, file.name).sum(axis=1)
        _belongs(file.name, lost, frame.loc[rows], _sold(frame, [*rows, *demand], rows) + extra)
        x = Z.sum(axis=1) + final.sum(axis=1) + _added(extra, keys)
        noted.append(
            Finding("discrepancy", ", ".join(lost), f"{extra.sum():g} kept apart from final demand", extra.sum())
        )
    block = frame.loc[[*factors, *apart], rows]
    noted += _stated_below(block, keys, merged, x if x is not None else Z.sum(axis=1) + final.sum(axis=1))
    va = [r for r in factors if r in VALUE_ADDED] or parts
    tax = [*(r for r in factors if TAXES.search(r) and r not in parts), *apart]
    if parts:
        told = "parts of value added, left out beside it" if va != parts else "added up as value added"
        noted.append(Finding("text", ", ".join(parts), told))
    return assemble(
        merged, Z, users, final, x=x,
        value_added=_row(block, va, keys, file.name) if va else None,
        taxes=_row(block, tax, keys, file.name) if tax else None,
        unit="USD million", year=year_of(year, file), name=file.name,
        tolerance=tolerance, sources=frozenset({cite("icio")}), noted=tuple(noted),
        apart={"taxes": {r: float(numbers(block.loc[[r]], file.name).sum()) for r in tax}},
    )  # fmt: skip


def _apart(frame: pd.DataFrame, rows: list[str], name: str) -> tuple[list[str], dict[str, Finding]]:
    """Of the rows below that are neither industries nor value added those that are costs (imports from outside the
    table), and what is said of each."""
    found, costs = {}, []
    for row in rows:
        cells = frame.loc[[row]]
        if cells.isna().to_numpy().all():
            found[row] = Finding("text", "", f"a line below the table is left out: {row}")
            continue
        total = float(numbers(cells.loc[:, cells.notna().to_numpy()[0]], name).sum())
        if IMPORTED.fullmatch(plain(row)):
            costs.append(row)
            told = f"{total:g} of imports whose seller the table does not say: in no reliance"
        else:
            told = f"{total:g}, neither industry nor value added: left out"
        found[row] = Finding("apart", f"row {row}", told, total)
    return costs, found


def _sold(frame: pd.DataFrame, columns: Sequence[str], rows: Sequence[str]) -> Array:
    return np.asarray(frame.loc[[*rows], [*columns]].sum(axis=1), float)


def _belongs(name: str, lost: list[str], frame: pd.DataFrame, output: Array) -> None:
    """Raises InputError for columns that no name and no stated output (n,) shows to be a discrepancy of output."""
    stated = next((c for c in frame.columns if c in TOTALS), None)
    told = pd.to_numeric(frame[stated], errors="coerce").to_numpy(float) if stated is not None else np.full(1, np.nan)
    if np.allclose(told, output, rtol=0.005, atol=1e-9):
        return
    strange = [label for label in lost if not DISCREPANCY.match(label)]
    if strange:
        allowed = "DISC for a discrepancy, OUT for output, TII for a total, a region in front for final demand, or none"
        raise InputError(
            Fault(name, 1, c, "no industry, no final demand and no sum of others", allowed) for c in strange
        )


def _complete(name: str, rows: list[str], inside: list[str], demand: list[str]) -> None:
    """Raises InputError for industries with a row and no column or a column and no row, and without final demand."""
    sectors = {split(label)[1] for label in rows}
    faults = [
        Fault(name, 1, None, f"no {what} for {', '.join(labels[:5])}{' …' if labels[5:] else ''}", allowed)
        for what, labels, allowed in (
            (
                "column",
                sorted(set(rows) - set(inside)),
                "a column for every industry; other rows are VA, TLS, OUT, TII",
            ),
            ("row", [label for label in demand if split(label)[1] in sectors], "a row for every industry"),
        )
        if labels
    ]
    if not demand:
        faults.append(Fault(name, 1, None, "no column of final demand", "final demand of every region, as CHN_HFCE"))
    if faults:
        raise InputError(faults)


def _file(path: Path, year: int | None) -> Path:
    if not path.is_dir():
        return path
    if year is None:
        raise InputError(f"{path.name}: a folder needs a year")
    wanted = re.compile(rf"^(ICIO\d{{4}}_)?{year}(_SML|_EXT|_PRC)?\.(csv|zip)$", re.IGNORECASE)
    found = sorted(file for file in path.iterdir() if wanted.match(file.name))
    if not found:  # an archive of several years
        archives = [file for file in path.iterdir() if zipfile.is_zipfile(file) and file.suffix.lower() == ".zip"]
        found = sorted(file for file in archives if year in _years(file))
    if len(found) != 1:
        names = ", ".join(file.name for file in found) or "none"
        raise InputError(Fault(path.name, None, None, f"files of {year}: {names}", f"one file such as {year}_SML.csv"))
    return found[0]


def _years(archive: Path) -> set[int | None]:
    """The years of the tables in an archive."""
    with zipfile.ZipFile(archive) as packed:
        return {year_in(Path(name).stem) for name in packed.namelist() if name.lower().endswith(".csv")}


def _joined(pair: Pair) -> Pair:
    return next((whole for whole, part in PARTS.items() if part.fullmatch(pair[0])), pair[0]), pair[1]


def _merge(pairs: list[Pair], Z: Array, final: Array) -> tuple[list[Pair], Array, Array, Keys]:
    """Rows and columns of equal pairs added; the number of each row's pair."""
    merged = list(dict.fromkeys(pairs))
    number = {pair: k for k, pair in enumerate(merged)}
    keys = np.array([number[pair] for pair in pairs])
    if len(merged) == len(pairs):
        return merged, Z, final, keys
    sums = np.zeros((len(merged), len(pairs)))
    sums[keys, np.arange(len(pairs))] = 1.0
    return merged, sums @ Z @ sums.T, sums @ final, keys


def _user(label: str, regions: set[str]) -> Pair:
    """Region and category; the release of 2016 writes them the other way round."""
    first, second = split(label)
    return (second, first) if second in regions and first not in regions else (_joined((first, second))[0], second)


def _stated(frame: pd.DataFrame, rows: Sequence[str], keys: Keys, merged: list[Pair], sums: Array) -> list[Finding]:
    """Industries whose stated output differs from the row sum by more than rounding."""
    column = next((c for c in frame.columns if c in TOTALS), None)
    if column is None:
        return []
    stated = _added(pd.to_numeric(frame.loc[list(rows), column], errors="coerce").to_numpy(float), keys)
    gaps = stated - sums
    return [
        Finding("balance", "/".join(pair), f"stated output {s:g}, row sum {t:g} (the row sum is used)", float(g))
        for pair, s, t, g in zip(merged, stated, sums, gaps, strict=True)
        if abs(g) > 0.005 * max(abs(t), 1e-9)
    ]


def _stated_below(block: pd.DataFrame, keys: Keys, merged: list[Pair], x: Array) -> list[Finding]:
    """What the rows below the industries lack or contradict: no value added, an output that differs from `x`."""
    noted = []
    if not VALUE_ADDED & set(block.index) and not any(ADDENDS.fullmatch(plain(r)) for r in block.index):
        told = "no row VA in the file: value added is output less purchases and taxes"
        noted.append(Finding("value added", "", told))
    for row in (r for r in block.index if r in TOTALS):
        stated = _added(pd.to_numeric(block.loc[row], errors="coerce").to_numpy(float), keys)
        noted += [
            Finding("output", "/".join(pair), f"row {row} says {s:g}, output is {t:g} (which is used)", float(s - t))
            for pair, s, t in zip(merged, stated, x, strict=True)
            if not abs(s - t) <= 0.005 * max(abs(t), 1e-9)
        ]
    return noted


def _row(block: pd.DataFrame, rows: list[str], keys: Keys, name: str) -> Array:
    """Some factor rows added, by industry."""
    return _added(numbers(block.loc[rows], name).sum(axis=0), keys)


def _added(values: Array, keys: Keys) -> Array:
    return np.asarray(np.bincount(keys, weights=values), float)
