"""A figure: a number that knows its unit, period, sources, and whether anyone has seen them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

STATUS = ("seen", "computed", "memory")  # read in the source; derived from such; not read


@dataclass(frozen=True)
class Figure:
    """A value with unit, period and sources; `low` and `high` bound its 80 % band where there is one.

    `sources` are citations in words, so that a figure can be printed anywhere; `verified` is false where
    one of them rests on memory.
    """

    value: float | None  # None: unknown, never zero
    unit: str
    period: str
    sources: frozenset[str] = frozenset()
    verified: bool = True
    low: float | None = None
    high: float | None = None
    label: str = ""

    def __str__(self) -> str:
        text = number(self.value)
        if self.low is not None and self.high is not None:
            text += f" ({number(self.low)} to {number(self.high)})"
        text = f"{text} {self.unit}".rstrip()
        return text if self.verified else text + " [unverified]"

    def with_band(self, low: float, high: float) -> Figure:
        return replace(self, low=low, high=high)

    def footnote(self) -> str:
        """The sources in words, as they stand under a table or chart."""
        cited = "; ".join(sorted(self.sources)) or "no source recorded"
        mark = "" if self.verified else " Unverified: at least one figure behind it was not seen in its source."
        return f"{self.period}. {cited}.{mark}".lstrip(". ")


def derived(value: float | None, unit: str, period: str, *inputs: Figure, label: str = "") -> Figure:
    """A computed figure: all its inputs' sources, verified only if every input is."""
    sources = frozenset[str]().union(*(figure.sources for figure in inputs))
    return Figure(value, unit, period, sources, all(figure.verified for figure in inputs), label=label)


def number(value: float | None) -> str:
    """At most three significant digits, a thin space between thousands, a true minus sign."""
    if value is None or value != value:
        return "unknown"
    if value in (float("inf"), float("-inf")):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    text = f"{value:.3g}"
    if "e" in text:
        size = abs(value)
        text = f"{float(text):.0f}" if size >= 1 else text
    text = f"{float(text):,.0f}".replace(",", "\u2009") if abs(float(text)) >= 1000 else text
    return text.replace("-", "−")


@cache
def own_sources() -> dict[str, dict[str, str]]:
    """The papers and data sets behind the models: every `sources.csv` inside the package, cases apart."""
    found: dict[str, dict[str, str]] = {}
    root = files("geoecon")
    for room in sorted(root.iterdir(), key=lambda entry: entry.name):
        table = room / "sources.csv"
        if room.is_dir() and room.name != "cases" and table.is_file():
            with table.open(encoding="utf-8") as lines:
                found |= {row["source_id"]: row for row in csv.DictReader(lines)}
    return found


def cite(source_id: str) -> str:
    """The citation of a paper or data set of ours. Raises KeyError for an id that no `sources.csv` holds."""
    return own_sources()[source_id]["citation"]
