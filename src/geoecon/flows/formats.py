"""Which layout a table has, told from its headings, and what each column may hold."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from geoecon.errors import Fault, InputError
from geoecon.flows.dialect import number_text

REQUIRED = {
    "baci": ("t", "i", "j", "k", "v"),
    "comtrade": ("period", "reporter", "partner", "flow", "product", "value"),
    "tidy": ("period", "exporter", "importer", "product", "value_usd"),
}
NUMBERS = {"baci": ("v", "q"), "comtrade": ("value", "weight"), "tidy": ("value_usd", "tonnes")}
MISSING = ("", "NA", "N/A", "NAN", "NULL", "NONE", "..", ":", "-", "#N/A")
NUMBER = r"^\+?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
PERIOD = r"^[0-9]{4}(-?(0[1-9]|1[0-2])|-Q[1-4])?(\.0)?$|^[0-9]{4}-(0[1-9]|1[0-2])/[0-9]{4}-(0[1-9]|1[0-2])$"
NUMBER_ALLOWED = "a finite number from 0 with a decimal point, or empty"
PERIOD_ALLOWED = "a period as YYYY, YYYY-MM, YYYYMM or YYYY-Qn"


@dataclass(frozen=True)
class Layout:
    """A recognised table: its format and where each of our fields stands (field -> heading as written)."""

    format: str
    columns: Mapping[str, str]
    renamed: tuple[str, ...]  # headings taken for ours, in words


@cache
def _headings() -> Mapping[str, Mapping[str, str]]:
    with (files("geoecon") / "flows" / "headings.csv").open(encoding="utf-8") as lines:
        found: dict[str, dict[str, str]] = {}
        for row in csv.DictReader(lines):
            found.setdefault(row["format"], {})[row["heading"]] = row["field"]
        return found


@cache
def known_headings() -> frozenset[str]:
    """Every heading that stands for one of our fields, in any layout."""
    return frozenset(heading for known in _headings().values() for heading in known)


def recognise(header: Sequence[str], name: str, renames: Mapping[str, str] | None = None) -> Layout:
    """The layout whose required columns are all there. Raises InputError naming what the nearest one lacks.

    `renames` maps our field names to headings of the file.
    """
    doubled = {column for column in header if list(header).count(column) > 1}
    if doubled:
        raise InputError(Fault(name, 1, ", ".join(sorted(doubled)), "column stands twice", "each column once"))
    nearest: tuple[int, str, list[str]] = (-1, "", [])
    for kind, known in _headings().items():
        columns: dict[str, str] = {}
        for heading, field in known.items():  # in the order of preference
            for written in header:
                if written.strip().casefold() == heading and field not in columns and written not in columns.values():
                    columns[field] = written
        columns |= {field: written for field, written in (renames or {}).items() if written in header}
        lacking = [field for field in REQUIRED[kind] if field not in columns]
        if not lacking:
            ours = set(known)
            odd = [f"heading {w!r} read as {f}" for f, w in columns.items() if kind == "tidy" and w.casefold() != f]
            odd += _unused(header, columns) if kind == "tidy" else []
            return Layout(kind, columns, tuple(odd)) if ours else Layout(kind, columns, ())
        found = len(REQUIRED[kind]) - len(lacking)
        if found > nearest[0] or (found == nearest[0] and kind == "tidy"):
            nearest = (found, kind, lacking)
    shown = ", ".join(header[:12])
    told = f"one of them, the header has {shown}"
    allowed = (
        f"{told}; for {nearest[1]} the columns {', '.join(REQUIRED[nearest[1]])}, or columns={{our name: heading}}"
    )
    raise InputError(Fault(name, 1, None, f"no column for {', '.join(nearest[2])}", allowed))


def _unused(header: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """The headings that nobody reads, in words: a weight in kg is no weight in tonnes."""
    left = [heading for heading in header if heading not in columns.values() and heading.strip()]
    return [f"columns that are not read: {', '.join(left[:12])}"] if left else []


def number_fault(cell: str, decimal: str) -> str | None:
    """What is wrong with a number cell in words; None where it is good or missing."""
    text = number_text(cell, decimal)
    if text.upper() in MISSING:
        return None
    if re.match(NUMBER, text):
        return None if math.isfinite(float(text)) else f"{cell.strip()} is not finite"
    if text.startswith("-") and re.match(NUMBER, text[1:]):
        return f"negative value {cell.strip()}"
    return f"{cell.strip()!r} is not a number"


def structure_faults(rows: Iterable[tuple[int, list[str]]], width: int, name: str) -> list[Fault]:
    """Rows with another number of fields than the header."""
    return [
        Fault(name, line, None, f"{len(cells)} fields", f"{width} fields as in the header")
        for line, cells in rows
        if len(cells) != width
    ]


def period_sql(column: str) -> str:
    """SQL that writes a period as YYYY, YYYY-MM or YYYY-Qn; NULL for anything else."""
    clean = f"regexp_replace(trim({column}), '\\.0$', '')"
    month = f"regexp_replace({clean}, '^([0-9]{{4}})(0[1-9]|1[0-2])$', '\\1-\\2')"
    return f"CASE WHEN regexp_matches(trim({column}), '{PERIOD}') THEN {month} END"


def number_sql(column: str, decimal: str) -> str:
    """SQL of a number column: NULL where missing, NaN where it is not a finite number from zero."""
    clean = f"regexp_replace(trim({column}), '[\u00a0\u202f\u2009 ''\u2019]', '', 'g')"
    if decimal == ",":
        points = f"contains({clean}, ',') OR regexp_matches({clean}, '^[0-9]{{1,3}}(\\.[0-9]{{3}})+$')"
        clean = f"CASE WHEN {points} THEN replace(replace({clean}, '.', ''), ',', '.') ELSE {clean} END"
    elif decimal == ".,":
        groups = "^[0-9]{1,3}(,[0-9]{3})+(\\.[0-9]+)?$"
        clean = f"CASE WHEN regexp_matches({clean}, '{groups}') THEN replace({clean}, ',', '') ELSE {clean} END"
    missing = ", ".join(f"'{word}'" for word in MISSING)
    value = f"coalesce(TRY_CAST({clean} AS DOUBLE), 'NaN'::DOUBLE)"
    finite = f"CASE WHEN isinf({value}) THEN 'NaN'::DOUBLE ELSE {value} END"
    return (
        f"CASE WHEN {column} IS NULL OR upper({clean}) IN ({missing}) THEN NULL "
        f"WHEN regexp_matches({clean}, '{NUMBER}') THEN {finite} ELSE 'NaN'::DOUBLE END"
    )
