"""Values that no cell shows to be wrong by itself: dates far outside a case, shares that add up to more than all,
words of alliance.csv, a sector that a table of the economy names once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from geoecon import countries, dates, tables
from geoecon.errors import Fault

if TYPE_CHECKING:
    import pandas as pd

BEFORE, AFTER = 200, 10  # years of records before a case starts, and after it ends
DATED = {"trade": "period", "series": "period", "production": "year", "macro": "year"}
ROUNDED = 0.01  # by how much shares that were rounded may add up to more than all
WORDS: Mapping[str, tuple[str, ...]] = {  # of alliance.csv; what is neither here nor below is free
    "leader_type": ("firm", "conciliatory"), "defence_tie": ("0", "1"),
}  # fmt: skip
NUMBERS = ("capability", "defence_pact", "election", "host_nation_support", "other_guardian_forces", "pact",
           "patron_demand", "patron_forces", "patron_step", "poll")  # fmt: skip


def odd(found: Mapping[str, pd.DataFrame], settings: Mapping[str, Any], declared: set[str]) -> list[Fault]:
    """Every such fault of the tables that were read."""
    return [*_far(found, settings), *_over(found), *_alliance(found, declared), *_once(found)]


def _rows(found: Mapping[str, pd.DataFrame], name: str) -> list[dict[str, Any]]:
    return tables.records(found[name]) if name in found else []


def _far(found: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> Iterator[Fault]:
    """Periods long before the start of the case or after its end: 2071 for 2017."""
    case = settings["case"]
    try:
        first, last = int(str(case["start"])[:4]) - BEFORE, int(str(case["end"])[:4]) + AFTER
    except (KeyError, ValueError):
        return  # named as a fault of its own
    for name, column in DATED.items():
        for row in _rows(found, name):
            said = row[column]
            year = dates.first_day(said).year if isinstance(said, str) else int(said)
            if not first <= year <= last:
                shown = said if isinstance(said, str) else f"{said:g}"
                yield Fault(f"{name}.csv", row["line"], column, shown, f"a time from {first} to {last}")


def _over(found: Mapping[str, pd.DataFrame]) -> Iterator[Fault]:
    """Shares of one buyer's imports, by one source, that add up to more than all of them."""
    sums: dict[tuple[Any, ...], float] = {}
    for row in _rows(found, "trade"):
        seller = row["exporter"]
        if tables.given(row["share"]) and countries.is_known(seller) and countries.is_country(seller):
            key = tuple(row[name] for name in ("period", "importer", "product", "hs", "source_id"))
            sums[key] = sums.get(key, 0.0) + row["share"]
            if sums[key] - row["share"] <= 1 + ROUNDED < sums[key]:
                what = f"shares of {row['product']} in {row['period']} add up to {sums[key]:.3g} with this one"
                yield Fault("trade.csv", row["line"], "share", what, "shares of one buyer's imports up to 1 together")


def _alliance(found: Mapping[str, pd.DataFrame], declared: set[str]) -> Iterator[Fault]:
    """Values of alliance.csv that are none of their variable, and states that are none."""
    for row in _rows(found, "alliance"):
        name, value = row["variable"], str(row["value"])
        if allowed := WORDS.get(name):
            if value not in allowed:
                yield Fault("alliance.csv", row["line"], "value", repr(value), ", ".join(allowed))
        elif name in NUMBERS and _no_number(value):
            yield Fault("alliance.csv", row["line"], "value", f"{name}: {value!r}", tables.number.allowed)
        for code in row["state"].split("-"):
            if code not in declared and not countries.is_known(code):
                allowed_state = "an ISO 3166 alpha-3 code, two as AAA-BBB, or a code of case.toml"
                yield Fault("alliance.csv", row["line"], "state", f"unknown country {code!r}", allowed_state)


def _no_number(cell: str) -> bool:
    try:
        tables.number.read(cell)
    except ValueError:
        return True
    return False


def _once(found: Mapping[str, pd.DataFrame]) -> Iterator[Fault]:
    """A sector of the economy that one cell names, and that is spelt like one that others name."""
    rows = _rows(found, "economy")
    named = Counter(row[f"{end}_sector"] for row in rows for end in ("from", "to"))
    often = [sector for sector, count in named.items() if count > 1]
    for row in rows:
        for end in ("from", "to"):
            sector = row[f"{end}_sector"]
            if named[sector] == 1 and (near := _slip(sector, often)):
                yield Fault("economy.csv", row["line"], f"{end}_sector", f"{sector!r}, which no other row names", near)


def _slip(sector: str, often: list[str]) -> str:
    """The sectors of which one is a misspelling: parts that differ are words, no number and no letter of a class."""
    parts = re.split(r"[\W_]+", sector.casefold())
    near = []
    for other in often:
        others = re.split(r"[\W_]+", other.casefold())
        odd = set(parts) ^ set(others)
        if len(parts) == len(others) and all(len(part) > 4 and part.isalpha() for part in odd):
            near.append(other)
    return tables.spelt_like(sector, near)
