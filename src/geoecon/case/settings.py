"""case.toml: who, what and when, with every fault by name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon.case.columns import ROLES
from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    from geoecon.kinds import Value


HORIZON = {"disruption_days": 3660, "bargaining_months": 600}  # the longest that the arrays are made for
SHAPES: Mapping[str, type] = {"case": dict, "states": list, "products": list, "horizon": dict, "codes": dict,
                                  "what_if": list}  # fmt: skip
WORDS: Mapping[type, str] = {dict: "a table", list: "a list", str: "text", int: "a whole number"}


def read_settings(path: Path) -> tuple[dict[str, Any], list[str | Fault]]:
    """case.toml and its faults."""
    if not path.is_file():
        if (path.parent / "assessment.json").is_file():
            raise InputError(f"{path.parent} is an assessment, not a case; allowed: a folder with a case.toml (two "
                             "assessments are compared by `geoecon diff`)")  # fmt: skip
        raise InputError(
            Fault(path.name, None, None, "file is missing", f"who, what and when of the case, in {path.parent}")
        )
    try:
        return settings_of(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(Fault("case.toml", None, None, str(error), "valid TOML in UTF-8")) from None


def settings_of(content: str) -> tuple[dict[str, Any], list[str | Fault]]:
    """The same from the text of a case.toml."""
    try:
        settings = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError(Fault("case.toml", None, None, str(error), "valid TOML in UTF-8")) from None
    faults: list[str | Fault] = []
    _need(faults, settings, "", case=dict, states=list, products=list, horizon=dict)
    if not faults:
        _check_case(faults, settings["case"])
        _check_states(faults, settings["states"])
        _check_products(faults, settings["products"])
        _check_buyer(faults, settings)
        _check_demand(faults, settings.get("demand", []))
        _check_firms(faults, settings.get("firms", []), settings["products"])
        _need(faults, settings["horizon"], "horizon", **dict.fromkeys(HORIZON, int))
        for key, most in HORIZON.items():
            length = settings["horizon"].get(key)
            if isinstance(length, int) and not 0 < length <= most:
                faults.append(Fault("case.toml", None, f"horizon.{key}", str(length), f"1 to {most}"))
    for key in ("scenario", "codes", "economy", "known_through", "flows"):
        if not isinstance(settings.get(key, {}), dict):
            faults.append(Fault("case.toml", None, key, repr(settings[key])[:40], f"a table [{key}]"))
    if not isinstance(settings.get("what_if", []), list):
        faults.append(Fault("case.toml", None, "what_if", repr(settings["what_if"])[:40], "tables [[what_if]]"))
    if any(not isinstance(settings.get(key, kind()), kind) for key, kind in SHAPES.items()):
        raise InputError(faults)  # nothing else can be read by it
    return _sound(settings) if faults else settings, faults


def _sound(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What has its right kind, beside the faults: the checks that follow look at this alone."""
    rows = {name: settings.get(name, []) for name in ("states", "products", "demand", "firms", "what_if")}
    kept = {name: [dict(row) for row in one if isinstance(row, Mapping)] if isinstance(one, list) else []
            for name, one in rows.items()}  # fmt: skip
    for row in kept["products"]:
        row["id"] = str(row.get("id"))
        for key in ("hs", "also", "prices"):
            row[key] = row[key] if _texts(row.get(key)) else []
        for key in ("users", "makers"):
            row[key] = row[key] if _pairs(row.get(key)) else []
    tables = {name: one if isinstance(one := settings.get(name, {}), Mapping) else {}
              for name in ("case", "horizon", "scenario", "codes", "economy", "known_through", "flows")}  # fmt: skip
    return {**settings, **kept, **tables}


def _need(faults: list[str | Fault], table: Mapping[str, Any], where: str, **kinds: type) -> bool:
    """Names the keys that a table of case.toml lacks or holds in the wrong kind; False where it is no table."""
    if not isinstance(table, Mapping):
        faults.append(Fault("case.toml", None, where, repr(table), "a table of keys and values"))
        return False
    for key, kind in kinds.items():
        if not isinstance(table.get(key), kind) or isinstance(table.get(key), bool):
            found = "missing" if key not in table else repr(table[key])
            faults.append(Fault("case.toml", None, f"{where}.{key}".lstrip("."), found, WORDS[kind]))
    return True


def _check_case(faults: list[str | Fault], table: Mapping[str, Any]) -> None:
    _need(faults, table, "case", id=str, title=str, cutoffs=list)
    days: dict[str, date] = {}
    cutoffs = table.get("cutoffs") or [None]
    named = [("start", table.get("start")), ("end", table.get("end"))]
    for key, value in named + [("cutoffs", day) for day in (cutoffs if isinstance(cutoffs, list) else [cutoffs])]:
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            faults.append(Fault("case.toml", None, f"case.{key}", repr(value), "a day as YYYY-MM-DD"))
            continue
        if key == "cutoffs" and "end" in days and day > days["end"]:
            faults.append(Fault("case.toml", None, "case.cutoffs", str(day), f"a day up to the end {days['end']}"))
        days[key] = day
    if "start" in days and "end" in days and days["end"] <= days["start"]:
        faults.append(Fault("case.toml", None, "case.end", str(days["end"]), f"a day after the start {days['start']}"))


def _check_states(faults: list[str | Fault], rows: list[Any]) -> None:
    roles, codes = [], []
    for number, row in enumerate(rows, 1):
        if _need(faults, row, f"states[{number}]", code=str, name=str, role=str):
            roles.append(row.get("role"))
            codes.append(row.get("code"))
            if row.get("role") not in ROLES:
                allowed = ", ".join(ROLES)
                faults.append(Fault("case.toml", None, f"states[{number}].role", repr(row.get("role")), allowed))
    leads = [row.get("role") for row in rows if isinstance(row, Mapping) and row.get("lead") is True]
    for role in ("sender", "target"):
        if roles.count(role) == 0 or (roles.count(role) > 1 and leads.count(role) != 1):
            allowed = f"one state in the role {role}, or several of which one has lead = true"
            faults.append(Fault("case.toml", None, "states", f"{roles.count(role)} in the role {role}", allowed))
    for code in sorted({str(code) for code in codes if codes.count(code) > 1}):
        faults.append(Fault("case.toml", None, "states.code", f"{code} stands twice", "each state once"))


def _check_buyer(faults: list[str | Fault], settings: Mapping[str, Any]) -> None:
    """The buyer of the case's goods, where the sender refuses to buy: one of the two sides."""
    sides = [row.get("code") for row in settings["states"] if isinstance(row, Mapping)
             and row.get("role") in ("sender", "target")]  # fmt: skip
    buyer = settings["case"].get("buyer")
    if buyer is not None and buyer not in sides:
        faults.append(Fault("case.toml", None, "case.buyer", repr(buyer), "the sender or the target: " + ", ".join(
            map(str, sides))))  # fmt: skip


def _check_products(faults: list[str | Fault], rows: list[Any]) -> None:
    ids = []
    for number, row in enumerate(rows, 1):
        where = f"products[{number}]"
        if not _need(faults, row, where, id=str, name=str):
            continue
        ids.append(row.get("id"))
        if not _texts(row.get("hs", [])):
            faults.append(Fault("case.toml", None, f"{where}.hs", repr(row["hs"]), 'codes as text, ["281111"]'))
        if not _texts(row.get("also", [])):
            faults.append(Fault("case.toml", None, f"{where}.also", repr(row["also"]), 'names as text, ["yttrium"]'))
        if not _texts(row.get("prices", [])):
            allowed = 'series of series.csv, ["price_gallium_rotterdam"]'
            faults.append(Fault("case.toml", None, f"{where}.prices", repr(row["prices"]), allowed))
        for key in ("users", "makers"):
            if not _pairs(row.get(key, [])):
                allowed = 'pairs of region and sector, [["KOR", "chemicals"]]'
                faults.append(Fault("case.toml", None, f"{where}.{key}", repr(row[key]), allowed))
    if not rows:
        faults.append(Fault("case.toml", None, "products", "none", "at least one product"))
    for twice in sorted({str(one) for one in ids if ids.count(one) > 1}):
        faults.append(Fault("case.toml", None, "products.id", f"{twice} stands twice", "each product once"))


def _check_firms(faults: list[str | Fault], rows: list[dict[str, Any]], products: list[Any]) -> None:
    """[[firms]]: single firms of the case, with stocks and shares of their own in parameters.csv (`name.firm`)."""
    known = {str(row.get("id")) for row in products if isinstance(row, Mapping)}
    ids = []
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        where = f"firms[{number}]"
        if not _need(faults, row, where, id=str, name=str, state=str, product=str):
            continue
        ids.append(row["id"] if isinstance(row.get("id"), str) else "")
        for key in sorted(set(row) - set(FIRM)):
            faults.append(Fault("case.toml", None, f"{where}.{key}", "unknown key", ", ".join(FIRM)))
        if row.get("product") not in known:
            allowed = ", ".join(sorted(known))
            faults.append(Fault("case.toml", None, f"{where}.product", repr(row.get("product")), allowed))
    for twice in sorted({one for one in ids if ids.count(one) > 1 or one in known}):
        faults.append(Fault("case.toml", None, "firms.id", f"{twice} stands twice", "an id of its own"))


FIRM = ("id", "name", "state", "product")
DEMAND: Mapping[str, type | tuple[type, ...]] = {
    "id": str, "name": str, "supplier": list, "consumer": str, "start": (str, date), "known_from": (str, date),
    "until": (str, date), "by": str, "kind": str, "cap_share": (int, float), "duty_rate": (int, float),
    "measures": list, "source_id": str,
}  # fmt: skip


def _check_demand(faults: list[str | Fault], rows: list[dict[str, Any]]) -> None:
    """[[demand]]: what a boycott, a tour stop or another instrument takes from a flow of the economy."""
    ids = []
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        where = f"demand[{number}]"
        if not _need(faults, row, where, id=str, supplier=list, consumer=str):
            continue
        ids.append(row.get("id"))
        if "start" not in row:
            faults.append(Fault("case.toml", None, f"{where}.start", "missing", "a day as YYYY-MM-DD"))
        for key in sorted(set(row) - set(DEMAND)):
            faults.append(Fault("case.toml", None, f"{where}.{key}", "unknown key", ", ".join(DEMAND)))
        for key in ("start", "known_from", "until"):
            try:
                date.fromisoformat(str(row.get(key, "2000-01-01")))
            except ValueError:
                faults.append(Fault("case.toml", None, f"{where}.{key}", repr(row[key]), "a day as YYYY-MM-DD"))
        if not _texts(row.get("supplier")) or len(row["supplier"]) != 2:
            allowed = 'region and sector, ["KOR", "chemicals"]'
            faults.append(Fault("case.toml", None, f"{where}.supplier", repr(row.get("supplier")), allowed))
        for key, most in (("cap_share", 1.0), ("duty_rate", 10.0)):
            value = row.get(key, 0)
            if not isinstance(value, int | float) or not 0 <= value <= most:
                faults.append(Fault("case.toml", None, f"{where}.{key}", repr(value), f"a number from 0 to {most:g}"))
    for twice in sorted({str(one) for one in ids if ids.count(one) > 1}):
        faults.append(Fault("case.toml", None, "demand.id", f"{twice} stands twice", "each id once"))


def _pairs(value: Value) -> bool:
    return isinstance(value, list) and all(_texts(pair) and len(pair) == 2 for pair in value)


def _texts(value: Value) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
