"""The options of `read_flows`, as other verbs hand them on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypedDict


class Reading(TypedDict, total=False):
    """How a file of trade is read; `read_flows` says what each option does."""

    report: str
    exports: str
    duplicates: str
    correspondence: Mapping[str, Iterable[str]] | None
    classification: str | None
    vintage: str | None
    scope: str | None
    limit: int | None
    columns: Mapping[str, str] | None
    unknown: str
    decimal: str | None
    encoding: str | None
    unit: str | float | Mapping[str, float] | None
    only: Mapping[str, str] | None
    ignore: Sequence[str]
    numbers: str | None
    flow: str | None
    frequency: str | None
    digits: int | None
    sheet: str | None
    aside: str | Path | None


class TableReading(Reading, total=False):
    """The same, and which table of a database."""

    table: str | None


class FileReading(TableReading, total=False):
    """All options of `read_flows`."""

    on: str | None
    quiet: bool
