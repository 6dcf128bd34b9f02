"""A table of trade that somebody brought, and how it is to be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon.errors import InputError
from geoecon.views import short

if TYPE_CHECKING:
    from geoecon.flows import Flows

READING = ("decimal", "encoding", "unit", "numbers", "columns", "only", "ignore", "report", "exports", "flow", "scope",
           "frequency", "digits", "classification", "duplicates", "unknown", "sheet", "limit")  # fmt: skip


def options_of(text: str) -> dict[str, Any]:
    """Options of the reader of flows from lines such as `decimal=,` and `unit=JPY=0.0067`.

    `unit`, `columns`, `only` and `ignore` may stand several times. Raises InputError for a line that is no option.
    """
    found: dict[str, Any] = {}
    for line in (line.strip() for line in text.splitlines()):
        name, equals, value = (part.strip() for part in line.partition("="))
        if line and (not equals or not value or name not in READING):
            raise InputError(f"how to read it: {line!r}; allowed: one a line, option=value, of {', '.join(READING)}")
        if name in ("columns", "only", "unit") and "=" in value:
            key, _, told = value.partition("=")
            found.setdefault(name, {})[key.strip()] = _amount(told) if name == "unit" else told.strip()
        elif name == "ignore":
            found.setdefault(name, []).append(value)
        elif name in ("digits", "limit"):
            found[name] = int(value) if value.isdigit() else 0
        elif line:
            found[name] = value
    return found


def _amount(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"unit {text.strip()!r}; allowed: USD for one, such as unit=JPY=0.0067") from None


def brought(path: str, reading: str, name: str = "") -> Flows | None:
    """A table of trade that somebody brought, read as it is to be read, its source called by the `name` of the file
    that was brought, not by ours; None without one."""
    from geoecon.flows import read_flows

    if not path:
        return None
    flows = read_flows(path, quiet=True, **options_of(reading))
    ours, theirs = Path(path).name, short(name, 60) or Path(path).name
    items = tuple(replace(item, detail=item.detail.replace(ours, theirs)) for item in flows.coverage.items)
    files = tuple(one.replace(ours, theirs) for one in flows.coverage.sources)
    return replace(
        flows,
        sources=frozenset(one.replace(ours, theirs) for one in flows.sources),
        coverage=replace(flows.coverage, items=items, sources=files),
    )
