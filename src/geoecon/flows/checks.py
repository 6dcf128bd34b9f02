"""Finds the faults of a table again, line by line, once an expression has told that there are some."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NoReturn

import pandas as pd

from geoecon import countries
from geoecon.errors import Fault, InputError
from geoecon.flows import comtrade, formats, products
from geoecon.flows.dialect import number_text

FIELDS = {
    "baci": {"period": "t", "exporter": "i", "importer": "j", "product": "k"},
    "tidy": {"period": "period", "exporter": "exporter", "importer": "importer", "product": "product"},
    "comtrade": {"period": "period", "exporter": "partner", "importer": "reporter", "product": "product"},
}
PLACE_ALLOWED = "an ISO 3166 code, a Comtrade number or an English name"


def raise_faults(
    name: str,
    lines: Iterable[tuple[int, Mapping[str, str]]],
    kind: str,
    decimal: str,
    bad_places: Mapping[str, str],
    bad_products: Mapping[str, str],
    repeated: Mapping[tuple[str, ...], str],
) -> NoReturn:
    """Raises one InputError with every fault of the table and its physical line."""
    faults: list[Fault] = []
    keys: dict[tuple[str, ...], list[int]] = {}
    for line, cells in lines:
        faults.extend(_row(name, line, cells, kind, decimal, bad_places, bad_products))
        key = tuple(cells.get(field, "").strip() for field in FIELDS[kind].values())
        if repeated and key in repeated:
            keys.setdefault(key, []).append(line)
    for key, places in keys.items():
        where = "lines " + " and ".join(map(str, places)) if len(places) > 1 else f"line {places[0]} and another table"
        allowed = "each flow once, or duplicates='sum' or 'drop'"
        faults.append(
            Fault(
                name,
                None,
                None,
                f"{where}: {' '.join(key)} stands {max(len(places), 2)} times, {repeated[key]}",
                allowed,
            )
        )
    if not faults:
        faults.append(Fault(name, None, None, "numbers or codes that cannot be used", formats.NUMBER_ALLOWED))
    raise InputError(faults)


def _row(
    name: str, line: int, cells: Mapping[str, str], kind: str, decimal: str,
    bad_places: Mapping[str, str], bad_products: Mapping[str, str],
) -> Iterable[Fault]:  # fmt: skip
    if "" in cells:
        yield Fault(name, line, None, cells[""], "as many fields as the header has")
        return
    columns = FIELDS[kind]
    period = cells[columns["period"]].strip()
    if not re.match(formats.PERIOD, period):
        yield Fault(name, line, columns["period"], repr(period), formats.PERIOD_ALLOWED)
    for side in ("exporter", "importer"):
        place = cells[columns[side]].strip()
        if place in bad_places:
            wrong, _, allowed = bad_places[place].partition("; allowed: ")
            yield Fault(name, line, columns[side], wrong, allowed or PLACE_ALLOWED)
    product = cells[columns["product"]].strip()
    if product in bad_products:
        yield Fault(name, line, columns["product"], f"{product!r}: {bad_products[product]}", products.ALLOWED)
    for field in formats.NUMBERS[kind]:
        fault = formats.number_fault(cells.get(field, ""), decimal)
        if fault:
            yield Fault(name, line, field, fault, formats.NUMBER_ALLOWED)


def comtrade_table(
    frame: pd.DataFrame, layout: formats.Layout, name: str, decimal: str
) -> tuple[pd.DataFrame, list[str]]:
    """Comtrade records checked and with ISO3 codes; notes say what was set aside. Raises InputError with all faults."""
    found, notes = comtrade.table(frame, layout.columns, name)
    faults: list[Fault] = []
    for column in ("value", "weight"):
        if column not in found:
            continue
        text = found[column].map(lambda cell: "" if cell is None or cell != cell else str(cell))
        for number, cell in enumerate(text, 1):
            wrong = formats.number_fault(cell, decimal)
            if wrong:
                faults.append(Fault(name, None, column, f"record {number}: {wrong}", formats.NUMBER_ALLOWED))
        plain = text.map(lambda cell: number_text(cell, decimal))
        found[column] = pd.to_numeric(plain.where(~plain.str.upper().isin(formats.MISSING)), errors="coerce")
    for column in ("reporter", "partner"):
        text = found[column].map(lambda cell: str(cell).strip().removesuffix(".0"))
        places = countries.resolve_all(sorted(set(text)))
        for place in places.values():
            if isinstance(place, InputError):
                faults.append(Fault(name, None, column, str(place), "a Comtrade code"))
        if not faults:
            found[column] = text.map(
                {raw: place.iso3 for raw, place in places.items() if isinstance(place, countries.Place)}
            )
    found["period"] = found["period"].map(lambda cell: _period(str(cell).strip().removesuffix(".0")))
    if found["period"].isna().any():
        faults.append(Fault(name, None, "period", "a record without a period", comtrade.PERIODS))
    found["product"] = found["product"].map(lambda cell: str(cell).strip())
    whole = found["product"].isin(products.TOTALS)
    if whole.any() and not whole.all():
        notes.append(f"{int(whole.sum())} rows of all products together: set aside")
        found = found[~whole]
    lengths = found["product"].str.len()
    if lengths.nunique() > 1:
        longest = 6 if (lengths == 6).any() else int(lengths.max())
        notes.append(f"{int((lengths != longest).sum())} rows of other than {longest} digits repeat them: set aside")
        found = found[lengths == longest]
    if faults:
        raise InputError(faults)
    return found.reset_index(drop=True), notes


def _period(text: str) -> str | None:
    if re.fullmatch(r"\d{4}", text):
        return text
    if re.fullmatch(r"\d{4}-?(0[1-9]|1[0-2])", text):
        return f"{text[:4]}-{text[-2:]}"
    return None
