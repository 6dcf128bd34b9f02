"""Rules between the rows of a case's tables: what they contradict, lack or leave out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from geoecon import countries, tables
from geoecon.case.odd import odd
from geoecon.case.priors import default_parameters
from geoecon.case.switches import COUNTED, bounds
from geoecon.case.twice import contradicted
from geoecon.errors import Fault

if TYPE_CHECKING:
    import pandas as pd

CUSTOMS = re.compile(r"hs(\d\d|\d{4}|\d{6})")  # rows that hold for all goods of a heading


def between_rows(found: Mapping[str, pd.DataFrame], declared: set[str], settings: Mapping[str, Any]) -> list[Fault]:
    """Faults that no single cell shows. `declared` are the codes that the case explains itself."""
    return [*_places(found, declared), *_order(found), *_bases(found, settings), *_markets(found, settings),
            *_of_nothing(found, declared, settings), *odd(found, settings, declared)]  # fmt: skip


def _rows(found: Mapping[str, pd.DataFrame], name: str) -> list[dict[str, Any]]:
    """The rows of a table that the case may have."""
    return tables.records(found[name]) if name in found else []


def _places(found: Mapping[str, pd.DataFrame], declared: set[str]) -> list[Fault]:
    faults = []
    columns = {"trade": ("exporter", "importer"), "measures": ("exporter", "importer"), "macro": ("state",),
               "licences": ("buyer",)}  # fmt: skip
    for name, places in columns.items():
        for column in places if name in found else ():
            table = found[name]
            for line, code in zip(table["line"], table[column], strict=True):
                if code not in declared and not countries.is_known(code):
                    allowed = "an ISO 3166 alpha-3 code, WLD, or a code of case.toml"
                    faults.append(Fault(f"{name}.csv", line, column, f"unknown country {code!r}", allowed))
    return faults


def _bases(found: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> list[Fault]:
    """A [[demand]] row whose flow has no size would take nothing without a word."""
    if "parameters" not in found:
        return []
    names = set(found["parameters"]["name"])
    faults = []
    for row in settings.get("demand", []):
        base = f"boycott_base_usd_million.{row.get('id')}" if isinstance(row, Mapping) else ""
        if base and base not in names:
            allowed = "USD million a year that the instrument can reach, with low, central, high and source"
            faults.append(Fault("parameters.csv", None, base, "row is missing", allowed))
    return faults


def _of_nothing(found: Mapping[str, pd.DataFrame], declared: set[str], settings: Mapping[str, Any]) -> list[Fault]:
    """Rows of parameters for a product, state, firm or sector that the case lacks: nothing would read them."""
    goods, firms, demand = ([row for row in settings.get(name, ()) if isinstance(row, Mapping)]
                            for name in ("products", "firms", "demand"))  # fmt: skip
    mine = [str(row.get("id")) for row in (*goods, *firms, *demand)]
    pairs = [pair for row in goods for key in ("users", "makers") for pair in row.get(key, ())]
    known = {*mine, *declared, *(str(part) for pair in pairs for part in pair)}
    known |= {part for name in default_parameters() for part in name.split(".")[1:]}
    faults = []
    for row in _rows(found, "parameters"):
        absent = [part for part in row["name"].split(".")[1:] if part not in known and not CUSTOMS.fullmatch(part)]
        if absent:
            allowed = "an id of case.toml: " + ", ".join(dict.fromkeys([*mine, *sorted(declared)]))
            faults.append(Fault("parameters.csv", row["line"], "name", f"{row['name']}: the case has no {absent[0]!r}",
                                allowed + "; or hs and the first digits of a code"))  # fmt: skip
    return faults


def _order(found: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Ends before beginnings, and low above central above high."""
    faults = []
    for row in _rows(found, "measures"):
        if row["valid_to"] is not None and row["valid_to"] <= row["valid_from"]:
            allowed = f"a day after valid_from {row['valid_from']}"
            faults.append(Fault("measures.csv", row["line"], "valid_to", str(row["valid_to"]), allowed))
    for row in _rows(found, "parameters"):
        if not row["low"] <= row["central"] <= row["high"]:
            values = f"{row['name']}: {row['low']:g}, {row['central']:g}, {row['high']:g}"
            faults.append(Fault("parameters.csv", row["line"], "low, central, high", values, "low <= central <= high"))
        elif fault := _share(row) or _whole(row) or _below(row):
            faults.append(fault)
    for row in _rows(found, "trade"):
        if row["exporter"] == row["importer"]:
            faults.append(
                Fault("trade.csv", row["line"], "importer", row["importer"], "another state than the exporter")
            )
    for row in _rows(found, "macro"):
        if row["series"].startswith("gdp") and not row["value"] > 0:
            faults.append(Fault("macro.csv", row["line"], "value", f"{row['series']}: {row['value']:g}", "above 0"))
    return faults + _counted(found) + _contradicted(found)


def _markets(found: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> list[Fault]:
    """Markets that a product names and series.csv has no price of, or two on one day."""
    priced = {row["series"] for row in _rows(found, "series") if tables.given(row["value"])}
    allowed = "a series with values: " + (", ".join(sorted(one for one in priced if "price" in one)) or "none is there")
    named = [(row["id"], name) for row in settings["products"] for name in row.get("prices", ())]
    faults = [
        Fault("case.toml", None, f"prices of {product}", f"{name!r} has no price in series.csv", allowed)
        for product, name in named
        if name not in priced
    ]
    if "series" not in found:
        return faults
    table = found["series"]
    prices = table["series"].isin([name for _, name in named]) | table["series"].str.startswith("price")
    return faults + contradicted(table[prices], "series.csv")


def _share(row: Mapping[str, Any]) -> Fault | None:
    """A share outside 0 to 1, such as 6 where six per cent are meant."""
    prior = default_parameters().get(row["name"].split(".")[0])
    if prior is None or bounds(prior) != (0, 1) or (row["low"] >= 0 and row["high"] <= 1):
        return None
    values = f"{row['name']}: {row['low']:g}, {row['central']:g}, {row['high']:g} {row['unit']}"
    return Fault("parameters.csv", row["line"], "low, central, high", values, "a share from 0 to 1 (6 % is 0.06)")


def _whole(row: Mapping[str, Any]) -> Fault | None:
    """A fraction where things are counted, such as 2.5 plants."""
    if row["unit"] not in COUNTED or all(float(row[name]).is_integer() for name in ("low", "central", "high")):
        return None
    values = f"{row['name']}: {row['low']:g}, {row['central']:g}, {row['high']:g} {row['unit']}"
    return Fault("parameters.csv", row["line"], "low, central, high", values, "whole numbers, for it is a count")


def _below(row: Mapping[str, Any]) -> Fault | None:
    """A number below the least that its parameter may be, such as a stock of -5 days."""
    prior = default_parameters().get(row["name"].split(".")[0])
    if prior is None or row["low"] >= (least := bounds(prior)[0]):
        return None
    values = f"{row['name']}: {row['low']:g}, {row['central']:g}, {row['high']:g} {row['unit']}"
    return Fault("parameters.csv", row["line"], "low, central, high", values, f"numbers from {least:g}")


def _contradicted(found: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Measures of one kind on one flow from one day on that say different things."""
    first: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    faults = []
    for row in _rows(found, "measures"):
        key = tuple(row[name] for name in ("regime", "exporter", "importer", "product", "kind", "valid_from", "state"))
        other = first.setdefault(key, row)
        for name in ("cap_share", "duty_rate", "valid_to"):
            told = [one[name] if tables.given(one.get(name)) else None for one in (other, row)]
            if told[0] != told[1]:
                allowed = f"one of them: line {other['line']} says {'nothing' if told[0] is None else told[0]}"
                faults.append(Fault("measures.csv", row["line"], name, "nothing" if told[1] is None else str(told[1]),
                                    allowed + " of the same kind, flow and day"))  # fmt: skip
    return faults


def _counted(found: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Licence counts that do not add up, say nothing, or were known before their day."""
    faults = []
    for row in _rows(found, "licences"):
        parts = {name: row[name] for name in ("granted", "refused", "pending") if tables.given(row[name])}
        told = ", ".join(f"{name} {value:g}" for name, value in parts.items())
        total = row["applied"] if tables.given(row["applied"]) else None
        share = row["granted_share"] if tables.given(row["granted_share"]) else None
        line = row["line"]
        if total is not None and sum(parts.values()) > total:
            faults.append(Fault("licences.csv", line, "applied", f"{total:g}", f"at least {told} together"))
        if share is None and not (total and "granted" in parts):
            allowed = "granted and applied (above 0), or granted_share"
            faults.append(Fault("licences.csv", line, "granted", told or "nothing", allowed))
        if share is not None and total and "granted" in parts and abs(parts["granted"] / total - share) > 0.01:
            allowed = f"{parts['granted'] / total:.3f}, granted over applied, or empty"
            faults.append(Fault("licences.csv", line, "granted_share", f"{share:g}", allowed))
        if row["known_from"] < row["day"]:
            faults.append(Fault("licences.csv", line, "known_from", str(row["known_from"]), f"from {row['day']} on"))
    return faults
