"""Groups of countries and their members by year."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from geoecon.errors import InputError


@cache
def _members() -> tuple[dict[str, str], ...]:
    with (files("geoecon") / "countries" / "members.csv").open(encoding="utf-8") as lines:
        return tuple(csv.DictReader(lines))


def groups() -> tuple[str, ...]:
    """Codes of the groups whose members we know."""
    return tuple(sorted({row["group"] for row in _members() if row["source_id"] != "countries-baci"}))


def members(group: str, year: int | None = None) -> frozenset[str]:
    """ISO3 codes of a group's members in a year (today's without one). Raises InputError for an unknown group."""
    if group not in groups():
        raise InputError(f"unknown group {group!r}; allowed: " + ", ".join(groups()))
    on = f"{year:04d}" if year is not None else "9998"
    rows = (row for row in _members() if row["group"] == group)
    return frozenset(row["iso3"] for row in rows if row["from_year"] <= on <= (row["to_year"] or "9999"))


def parts(code: str) -> frozenset[str]:
    """ISO3 codes of the countries behind a joint report or a former state; empty where we do not know them."""
    return frozenset(row["iso3"] for row in _members() if row["group"] == code)
