"""A figure: a number that knows its unit, period, sources, and whether anyone has seen them."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # numpy is loaded where draws are, so that one question about the law is answered at once
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]


def __getattr__(name: str) -> object:
    if name != "Array":
        raise AttributeError(name)
    import numpy as np
    from numpy.typing import NDArray

    return NDArray[np.float64]


STATUS = ("seen", "computed", "memory")  # read in the source; derived from such; not read
BAND = (0.1, 0.9)


BELOW = "below what the solver can tell from nothing"


@dataclass(frozen=True)
class Figure:
    """A value with unit, period and sources; `low` and `high` bound its 80 % band where there is one.

    `sources` are citations in words, so that a figure can be printed anywhere; `verified` is false where
    one of them rests on memory. Where the band is that with past error, `draws_low` and `draws_high` are those of
    the draws alone. `runs` says what a band cannot: "in all runs", "in 93 of 100 runs".
    """

    value: float | None  # None: unknown, never zero
    unit: str
    period: str
    sources: frozenset[str] = frozenset()
    verified: bool = True
    low: float | None = None
    high: float | None = None
    label: str = ""
    runs: str = ""
    draws_low: float | None = None
    draws_high: float | None = None

    @property
    def with_past_error(self) -> bool:
        """Whether the band holds what such forecasts have been wrong by, not the draws alone."""
        return self.draws_low is not None

    @classmethod
    def of(
        cls,
        draws: ArrayLike,
        unit: str,
        period: str,
        sources: frozenset[str] = frozenset(),
        verified: bool = True,
        label: str = "",
        widened: ArrayLike | None = None,
    ) -> Figure:
        """The median of draws (draw,) and its 80 % band; row 0, the run at central values, is in neither.

        `widened` are the same draws with past error: then middle and band are theirs, and that of the draws is kept.

        One row alone is a value without band. Where at least eight in ten draws are one value there is no band but a
        count: "in all runs". Unknown where a draw is missing.
        """
        import numpy as np

        rows = np.atleast_1d(np.asarray(draws, dtype=float))
        middle, low, high = (float(part) for part in band(rows))
        if widened is not None and all(map(math.isfinite, (middle, low, high))):
            wide = cls.of(widened, unit, period, sources, verified, label)
            return replace(wide, draws_low=low, draws_high=high)
        found = cls(None if math.isnan(middle) else middle, unit, period, sources, verified, label=label)
        if math.isnan(low) or math.isnan(high):
            return found
        if not same(low, high):
            return replace(found, low=low, high=high)
        return replace(found, runs=in_runs(int(np.sum([same(value, middle) for value in rows[1:]])), len(rows) - 1))

    @classmethod
    def chance(
        cls,
        happens: ArrayLike,
        period: str,
        sources: frozenset[str] = frozenset(),
        verified: bool = True,
        label: str = "",
    ) -> Figure:
        """How often something happens: `happens` (draw,) 0 or 1 in each run, row 0 the run at central values."""
        import numpy as np

        rows = np.atleast_1d(np.asarray(happens, dtype=float))
        drawn = rows[1:] if len(rows) > 1 else rows
        share = float(drawn.mean())
        runs = in_runs(round(share * len(drawn)), len(drawn)) if len(rows) > 1 else ""
        return cls(None if math.isnan(share) else share, "share of runs", period, sources, verified, label=label,
                   runs=runs)  # fmt: skip

    @property
    def measurable(self) -> bool:
        """Whether it is more than what the solver can tell from nothing."""
        return self.runs != BELOW

    def __str__(self) -> str:
        if not self.measurable:
            return "nothing measurable" if self.verified else "nothing measurable [unverified]"
        text = number(self.value)
        if self.low is not None and self.high is not None:
            text += f" ({number(self.low)} to {number(self.high)})"
        text = f"{text} {self.unit}".rstrip()
        if self.runs and self.unit != "share of runs":
            text += f" {self.runs}"
        return text if self.verified else text + " [unverified]"

    def with_band(self, low: float, high: float) -> Figure:
        return replace(self, low=low, high=high)

    def within(self, least: float, most: float) -> Figure:
        """The figure with middle and band between bounds that it cannot pass."""
        value, low, high = (None if end is None else min(max(end, least), most)
                            for end in (self.value, self.low, self.high))  # fmt: skip
        return replace(self, value=value, low=low, high=high)

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


def band(values: ArrayLike, axis: int = 0) -> tuple[Array, Array, Array]:
    """(middle, low, high): the median and the 10 % and 90 % quantiles of all rows but the first along the draw axis.

    Row 0, the run at central values, serves differences only. Where it is alone it is the middle, and low and high are
    NaN: no band is not a narrow band.
    """
    import numpy as np

    rows: Array = np.moveaxis(np.asarray(values, dtype=float), axis, 0)
    if len(rows) == 1:
        return rows[0], np.full_like(rows[0], np.nan), np.full_like(rows[0], np.nan)
    low, middle, high = quantiles(rows[1:], (BAND[0], 0.5, BAND[1]))
    return middle, low, high


def middle(values: ArrayLike, axis: int = 0) -> Array:
    """The median of all rows but the first along the draw axis, or the one row."""
    return band(values, axis)[0]


def interval(rows: ArrayLike) -> tuple[Array, Array]:
    """The 10 % and 90 % quantiles of rows (draw, …)."""
    low, high = quantiles(rows, BAND)
    return low, high


def quantiles(rows: ArrayLike, shares: tuple[float, ...]) -> Array:
    """Quantiles (share, …) of rows (draw, …); where draws are infinite, of the draws as they are."""
    import numpy as np

    values = np.asarray(rows, dtype=float)
    with np.errstate(invalid="ignore"):  # between two infinite draws lies none
        between: Array = np.quantile(values, shares, axis=0)
    if np.isfinite(values).all():
        return between
    drawn = np.quantile(values, shares, axis=0, method="inverted_cdf")
    found: Array = np.where(np.isfinite(values).all(axis=0), between, drawn)
    return found


def same(a: float, b: float) -> bool:
    """Equal but for rounding; two infinite values of one sign are equal."""
    if a == b:
        return True
    return bool(math.isfinite(a) and math.isfinite(b) and abs(a - b) <= 1e-12 + 1e-9 * max(abs(a), abs(b)))


def in_runs(count: int, of: int) -> str:
    """ "in all 200 runs", "in none of 200 runs", "in 93 of 100 runs", "in the one run"."""
    if of == 1:
        return "in the one run" if count else "not in the one run"
    return f"in all {of} runs" if count == of else f"in {count or 'none'} of {of} runs"


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
