"""The priors that the rooms bring along, and a row of parameters as one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from geoecon import tables
from geoecon.case.columns import FILES
from geoecon.draws import Parameter
from geoecon.figure import cite


@cache
def default_parameters() -> Mapping[str, Parameter]:
    """The priors that the rooms bring along: every `defaults.csv` inside the package."""
    found: dict[str, Parameter] = {}
    for room in sorted(files("geoecon").iterdir(), key=lambda entry: entry.name):
        table = room / "defaults.csv"
        if room.is_dir() and table.is_file():
            content = table.read_text(encoding="utf-8")
            frame = tables.parse_table(content, FILES["parameters.csv"], f"{room.name}/defaults.csv")
            frame["source"] = frame["source_id"].map(cite)
            found |= {row["name"]: parameter_of_row(row) for row in tables.records(frame)}
    return MappingProxyType(found)


def parameter_of_row(row: Mapping[str, Any]) -> Parameter:
    return Parameter(
        row["name"],
        row["low"],
        row["central"],
        row["high"],
        row["unit"],
        row["source"],
        row["as_of"],
        row["status"],
        row.get("meaning") or "",
    )
