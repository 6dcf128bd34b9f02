"""What a scenario may say: a parameter held at a value, or a switch; keys and values that are none, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from geoecon.case.priors import default_parameters, parameter_of_row
from geoecon.case.switches import SWITCHES, allowed_keys, refuses
from geoecon.dispute import day_of

ENGAGED = "patron_engaged_from"


def chosen(
    settings: Mapping[str, Any], parameters: Iterable[Mapping[str, Any]], changes: Mapping[str, str | float]
) -> tuple[dict[str, str | float], list[str]]:
    """(values by key, faults) of the changes to a case with these settings and rows of parameters.csv."""
    rows = dict(default_parameters()) | {row["name"]: parameter_of_row(row) for row in parameters}
    of = [str(row.get(key)) for table, key in (("products", "id"), ("firms", "id"), ("states", "code"))
          for row in settings.get(table, ()) if isinstance(row, Mapping)]  # fmt: skip
    known = {*rows, *(f"{name}.{key}" for name in rows if "." not in name for key in of), *SWITCHES}
    values: dict[str, str | float] = {}
    faults = []
    for key, value in changes.items():
        if key not in known:
            faults.append(f"scenario key {key!r} is unknown; allowed: {allowed_keys(key, known, of[0] if of else '')}")
            continue
        if key in SWITCHES:
            allowed = SWITCHES[key].refuses(value) or (_outside(settings, str(value)) if key == ENGAGED else None)
        else:
            allowed = refuses(rows[key if key in rows else key.split(".")[0]], value)
        if allowed:
            faults.append(f"scenario {key} = {value!r}; allowed: {allowed}")
        else:
            values[key] = value if key in SWITCHES else float(value)
    return values, faults


def _outside(settings: Mapping[str, Any], day: str) -> str | None:
    """What is allowed, where a day on which the patron engages is none or lies outside the dispute."""
    try:
        start = date.fromisoformat(str(settings["case"]["start"]))
        last = day_of(start, int(settings["horizon"]["bargaining_months"]))
    except (KeyError, ValueError, TypeError, OverflowError):
        return None  # named as a fault of its own
    if day in SWITCHES[ENGAGED].words or day == start.isoformat()[:7]:
        return None
    try:
        first = date.fromisoformat(day if len(day) == 10 else f"{day}-01")
    except ValueError:
        first = date.min
    return None if start <= first < last else f"never, or a date from {start} to before {last}"
