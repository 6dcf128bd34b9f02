"""Codes of countries and groups."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def _names() -> dict[str, str]:
    with (files("geoecon") / "countries" / "states.csv").open(encoding="utf-8") as lines:
        return {row["iso3"]: row["name"] for row in csv.DictReader(lines)}


def is_known(code: str) -> bool:
    """Whether the code is an ISO 3166 alpha-3 code or a group that we know."""
    return code in _names()


def name(code: str) -> str:
    return _names().get(code, code)
