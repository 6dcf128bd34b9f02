"""Two columns of one number (USD and thousand USD, kg and t): they agree within a hundredth, or the read stops."""

from __future__ import annotations

import re
from collections.abc import Mapping

from geoecon.errors import InputError
from geoecon.flows import decimals
from geoecon.flows.headings import field_of
from geoecon.flows.layouts import OPEN, Layout, measured
from geoecon.flows.raw import Request, Written, quoted
from geoecon.flows.units import Unit, unit, words

ROUNDING = 0.01
BASES = re.compile(r"\b(cif|fob|fas|customs|import|imports|export|exports|gross|net)\b")  # which number is meant


def agreed(
    written: Written, layout: Layout, kinds: Mapping[str, str], decimal: str, request: Request
) -> list[str]:  # fmt: skip
    """What to say of columns beside those that the `layout` reads that are a second value or weight.

    Raises InputError where one says another number in some row, in one currency or where no currency is said, and
    nobody chose between the two.
    """
    notes, faults = [], []
    ignored = {heading.strip().casefold() for heading in request.ignore}
    for field in ("value_usd", "tonnes") if layout.name in OPEN else ():
        own = layout.columns.get(field)
        if own is None or own not in kinds or (request.columns or {}).get(field):
            continue
        for other in (h for h in _rivals(layout, field, own) if h.strip().casefold() not in ignored):
            told = _compared(written, field, own, other, kinds, decimal)
            if told is None:
                continue
            if not told:
                notes.append(f"column {other} says the same as {own}")
                continue
            faults.append(f"{written.name}: columns {own} and {other} are two {NAMES[field]}s that differ: {told}; "
                          f"allowed: columns={{{field!r}: one of them}} (--columns '{field}={own}')")  # fmt: skip
    if faults:
        raise InputError(faults)
    return notes


NAMES = {"value_usd": "value", "tonnes": "weight"}


def amounts(layout: Layout, field: str) -> list[str]:
    """The headings beyond those that are read that say a value (or weight) too."""
    found = []
    for heading in layout.unread:
        said, named = unit(heading), field_of(heading.strip().casefold()) == field
        money = field == "value_usd"
        if named if said is None else said.money is money and (named or measured(heading)):
            found.append(heading)
    return found


def _rivals(layout: Layout, field: str, own: str) -> list[str]:
    found = []
    for heading in amounts(layout, field):
        said = unit(heading)
        if said is None and unit(own) is not None:
            continue  # a value beside value_usd may be in any currency
        basis, mine = (frozenset(BASES.findall(h.casefold().replace("_", " "))) for h in (heading, own))
        if basis != mine and (field == "tonnes" or not mine):
            continue  # value_usd beside cif_value, net beside gross weight
        found.append(heading)
    return found


def _compared(
    written: Written, field: str, own: str, other: str, kinds: Mapping[str, str], decimal: str
) -> str | None:  # fmt: skip
    """The first row in which the two differ, in words; empty where none does, None where they cannot be compared."""
    units = [_unit(heading, field) for heading in (own, other)]
    if units[0] is not None and units[1] is not None and units[0].code != units[1].code:
        return None
    factors = [one.factor if one is not None else 1.0 for one in units]
    if any(factor != factor for factor in factors):
        return None
    a, b = (_number(quoted(h), kinds[h], decimal) for h in (own, other))
    x, y = f"({a}) * {factors[0]!r}::DOUBLE", f"({b}) * {factors[1]!r}::DOUBLE"
    half = 0.5 * max(factors)
    keys = [quoted(h) for f, h in _keys(written.layout) if h in kinds]
    rounding = f"greatest({ROUNDING} * greatest(abs({x}), abs({y})), {half!r}::DOUBLE)"
    both = f"NOT {decimals.not_a_number(a)} AND NOT {decimals.not_a_number(b)}"
    test = f"{both} AND abs({x} - {y}) > {rounding}"
    rows = written.relation.filter(test)
    number = len(rows)
    if not number:
        return ""
    first = rows.project(", ".join([*keys, quoted(own), quoted(other)])).order("ALL").limit(1).fetchall()[0]
    where = " ".join(str(cell) for cell in first[:-2])
    told = " and ".join(f"{cell} {words(one) if one is not None and one.money else heading}"
                        for cell, one, heading in zip(first[-2:], units, (own, other), strict=True))  # fmt: skip
    return f"{told} for {where}" + (f", and {number - 1:,} rows more" if number > 1 else "")


def _keys(layout: Layout) -> list[tuple[str, str]]:
    keys = ("period", "exporter", "importer", "reporter", "partner", "product")
    return [(f, h) for f, h in layout.columns.items() if f in keys]


def _unit(heading: str, field: str) -> Unit | None:
    return unit(heading) or (Unit("t", 1.0) if field == "tonnes" else None)


def _number(column: str, kind: str, decimal: str) -> str:
    return decimals.number_sql(column, decimal) if kind == "VARCHAR" else f"{column}::DOUBLE"
