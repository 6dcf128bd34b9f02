"""Finds the faults of a table again, line by line, once an expression has told that there are some."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NoReturn

from geoecon.errors import Fault, InputError
from geoecon.flows import day_order, decimals, period_hints, periods, products

LABELLED = "^([A-Za-z0-9_]{1,24}): .*$"  # a code with its label, as SDMX-CSV writes it
NAMED = (  # a code with the words of its product behind it
    "^([0-9]{4}|[0-9]{6}|[0-9]{8}|[0-9]{10}|[0-9]{4}([.][0-9]{2,4})+)( ?[–—-] ?| )[^0-9 –—-].*$",
    "^([0-9]{2}) ?[–—-] ?[^0-9 –—-].*$",
)
KEPT = r"^'([0-9]+)'?$"  # digits that an apostrophe keeps as they are
KEY = ("period", "exporter", "importer", "product")
PLACE_ALLOWED = "an ISO 3166 code, a Comtrade number or an English name"


def unlabelled(text: str) -> str:
    """SQL of a code without the label that SDMX-CSV writes behind it: CN: China."""
    return f"regexp_replace({text}, '{LABELLED}', '\\1')"


def kept(text: str) -> str:
    """SQL of a code without the apostrophes that keep its zeros: '156, '105'."""
    return f"regexp_replace({text}, '{KEPT.replace(chr(39), chr(39) * 2)}', '\\1')"


def product(text: str) -> str:
    """SQL of the code of a product without the words behind it: `280530 - Rare-earth metals`, `CN: China`."""
    for pattern in NAMED:
        text = f"regexp_replace({text}, '{pattern}', '\\1')"
    return unlabelled(text)


def _code(cell: str) -> str:
    """The same in Python."""
    for pattern in (*NAMED, LABELLED):
        cell = re.sub(pattern, r"\1", cell)
    return cell


def raise_faults(
    name: str,
    lines: Iterable[tuple[int, Mapping[str, str]]],
    decimal: str,
    bad_places: Mapping[str, str],
    bad_products: Mapping[str, str],
    repeated: Mapping[tuple[str, ...], str],
    headings: Mapping[str, str],
    bad_periods: Mapping[str, str] | None = None,
) -> NoReturn:
    """Raises one InputError with every fault of the table and its physical line.

    `lines` are cells by field, `headings` what the file calls the fields.
    """
    faults: list[Fault] = []
    keys: dict[tuple[str, ...], list[int]] = {}
    days: set[str] = set()
    for line, cells in lines:
        days |= {cells["period"]} if "/" in cells["period"] else set()
        found = _row(name, line, cells, decimal, bad_places, bad_products, bad_periods or {})
        faults += [replace(fault, column=headings.get(fault.column or "", fault.column)) for fault in found]
        if repeated:
            key = key_of(cells)
            if key in repeated:
                keys.setdefault(key, []).append(line)
    if day_order.order_of(days)[0]:
        faults = [fault for fault in faults if fault.allowed != day_order.ASK]
    allowed = "each flow once, or duplicates='sum' or 'drop' (--duplicates)"
    for key, places in keys.items():
        where = "lines " + " and ".join(map(str, places)) if len(places) > 1 else f"line {places[0]} and another table"
        times = f"{' '.join(key)} stands {max(len(places), 2)} times, {repeated[key]}"
        faults.append(Fault(name, None, None, f"{where}: {times}", allowed))
    if not faults:
        faults += [Fault(name, None, "product", f"{code!r}: {told}", products.ALLOWED)
                   for code, told in bad_products.items()]  # fmt: skip
        faults += [Fault(name, None, None, told, PLACE_ALLOWED) for told in bad_places.values()]
        faults += [Fault(name, None, "period", told, periods.ALLOWED) for told in (bad_periods or {}).values()]
        faults += [Fault(name, None, None, f"{' '.join(key)} stands more than once, {told}", allowed)
                   for key, told in repeated.items()]  # fmt: skip
    faults = list(dict.fromkeys(faults))  # a line of a wide table is several rows
    if not faults:
        faults.append(Fault(name, None, None, "numbers or codes that cannot be used", decimals.ALLOWED))
    raise InputError(faults)


def key_of(cells: Mapping[str, str]) -> tuple[str, ...]:
    """Period, exporter, importer and product of a row as written."""
    period = periods.period_text(cells["period"], _parts(cells), slashed=True) or ""
    return (period, *(_plain(cells.get(field, "")) for field in KEY[1:]))


def _parts(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells of columns for the quarter and the month, which belong to the period."""
    return {kind: cells[kind] for kind in periods.PARTS if kind in cells}


def _plain(cell: str) -> str:
    text = re.sub(LABELLED, r"\1", re.sub(KEPT, r"\1", cell.strip()))
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def _row(
    name: str, line: int, cells: Mapping[str, str], decimal: str,
    bad_places: Mapping[str, str], bad_products: Mapping[str, str], bad_periods: Mapping[str, str],
) -> Iterable[Fault]:  # fmt: skip
    parts = _parts(cells)
    period = periods.period_text(cells["period"], parts)
    if period is not None and period in bad_periods:
        yield Fault(name, line, "period", bad_periods[period], f"{periods.ALLOWED}, or frequency='year' (--frequency "
                    "year) if four digits are a year")  # fmt: skip
    if period is None:
        text = cells["period"].strip()
        told = (repr(text) if text else "empty") + "".join(f" with {k} {part.strip()!r}" for k, part in parts.items())
        every = "" if text else ", in every line: a pivot table writes it once for several"
        slashed = day_order.ASK if periods.period_text(text, slashed=True) is not None else ""
        yield Fault(name, line, "period", told, slashed or period_hints.instead(text) or periods.ALLOWED + every)
    for side in ("exporter", "importer"):
        place = _plain(cells.get(side, ""))
        if place in bad_places:
            wrong, _, allowed = bad_places[place].partition("; allowed: ")
            yield Fault(name, line, side, wrong, allowed or PLACE_ALLOWED)
    product = _code(cells["product"].strip())
    if product in bad_products:
        yield Fault(name, line, "product", f"{product!r}: {bad_products[product]}", products.ALLOWED)
    for field in ("value_usd", "tonnes"):
        fault = decimals.fault(cells.get(field, ""), decimal)
        if fault:
            yield Fault(name, line, field, fault, decimals.ALLOWED)
