"""The shortage clock: from a bill of materials (stock, use, supplier, lead time) to the first day without a part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.disruption.bill import NAME
from geoecon.disruption.parts import read_parts
from geoecon.draws import BAND, triangular
from geoecon.errors import Fault, InputError
from geoecon.figure import Figure
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt

    from geoecon.figure import Array


NUMBERS = ("stock", "use_per_day", "lead_time_days")
DRAWS = 2000


@dataclass(frozen=True, eq=False)
class ShortageClock(Result):
    """One row a part: `first_shortage` date (None: none), its band, how sure a shortage is, and for how long."""

    table: pd.DataFrame  # the most important first
    start: date
    stopped: tuple[str, ...]
    notes: tuple[str, ...] = ()  # what was read as what, and what was left out
    reading: Mapping[str, str] = field(default_factory=dict)  # our name -> the heading that was taken for it

    METHOD: ClassVar[str] = (
        "From the start the named suppliers deliver nothing (or the share given); the others go on.\n"
        "Stock lasts stock / (use × missing share) days; a replacement ordered on the first day arrives after the "
        "part's lead time. A part is short where the stock ends before that.\n"
        "Bands: 10 % and 90 % quantiles with stock, use and lead time drawn between the low and high that are given."
    )

    @property
    def sources(self) -> frozenset[str]:
        return frozenset({"the uploaded bill of materials"})

    def to_frame(self) -> pd.DataFrame:
        return self.table

    def figures(self) -> dict[str, Figure]:
        return {
            f"days_to_shortage.{row['part']}": Figure(
                float(row["days"]),
                "days",
                self.start.isoformat(),
                self.sources,
                label=f"first shortage of {row['part']}",
            )
            for _, row in self.table[np.isfinite(self.table["days"])].head(5).iterrows()
        }

    def sentence(self) -> str:
        short = self.table[np.isfinite(self.table["days"])]
        if short.empty:
            return f"None of {len(self.table)} parts runs short."
        first = short.iloc[0]
        count = f"{len(short)} of {len(self.table)} parts run short"
        return f"{count}; the first is {first['part']} on {first['first_shortage']}."

    def chart(self) -> alt.VConcatChart:
        """Days until each part is short, the most pressing first."""
        from geoecon import charts

        frame = self.table[np.isfinite(self.table["days"])].head(25).copy()
        bars = charts.bars(frame, "part", "days", x_title="days until the first shortage", sort="x")
        return charts.finish(bars, self.sentence(), f"Days from {self.start.isoformat()}", self.sources)


def shortage_clock(
    table: pd.DataFrame | str | Path,
    *,
    start: date,
    stopped: Mapping[str, float] | None = None,
    seed: int = 0,
    columns: Mapping[str, str] | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
) -> ShortageClock:
    """The first day without each part when suppliers stop.

    `table`: columns part, stock, use_per_day, supplier, lead_time_days under these or other usual headings, as a frame,
    a file (CSV, Excel) or text pasted from a spreadsheet; `read_parts` says what is understood. Optional stock_low,
    stock_high and so on for a band, and `share` of the part's use that the supplier serves (default all; a part may
    stand in several rows, one a supplier, with the same stock and use). `columns` maps our names to other headings,
    `decimal` is the decimal sign where the numbers can be read two ways, `encoding` that of a text file. `stopped`
    {supplier: share that still comes};
    default: all of them, nothing. Raises InputError with the bad cells, for an unknown supplier, and for shares of a
    part that exceed one.
    """
    read = read_parts(table, columns, decimal, encoding)
    frame = read.frame
    known = list(dict.fromkeys(frame["supplier"]))
    stopped = dict.fromkeys(known, 0.0) if stopped is None else dict(stopped)
    faults: list[str | Fault] = [
        f"supplier {name!r} is not in the table; allowed: {', '.join(known)}" for name in stopped if name not in known
    ]
    faults += [f"supplier {name!r}: share {v:g}; allowed: 0 to 1" for name, v in stopped.items() if not 0 <= v <= 1]
    shares = frame["share"].fillna(1.0) if "share" in frame else pd.Series(1.0, index=frame.index)
    for part, total in shares.groupby(frame["part"]).sum().items():
        if total > 1 + 1e-9:
            faults.append(_too_much(frame[frame["part"] == part], str(part), float(total)))
    if faults:
        raise InputError(faults)
    rng = np.random.default_rng(seed)
    rows = []
    for part, mine in frame.assign(share=shares.astype(float)).groupby("part", sort=False):
        rows.append(_part(str(part), mine, stopped, rng.random((len(NUMBERS), DRAWS)), start))
    found = pd.DataFrame(rows).sort_values(["days", "part"], kind="stable").reset_index(drop=True)
    return ShortageClock(found, start, tuple(stopped), read.notes, read.reading)


def _too_much(mine: pd.DataFrame, part: str, total: float) -> Fault:
    """The lines of a part whose suppliers serve more than all of its use together."""
    lines = " and ".join(map(str, mine["line"]))
    if "share" in mine and mine["share"].notna().any():
        return Fault(NAME, None, part, f"shares sum to {total:g} in lines {lines}", "at most 1")
    told = f"stands in lines {lines}, each with a supplier of all its use"
    allowed = (
        "one line for a part, or a column share: what part of its use each supplier serves, the stock in each whole"
    )
    return Fault(NAME, None, part, told, allowed)


def _part(part: str, mine: pd.DataFrame, stopped: Mapping[str, float], unit: Array, start: date) -> dict[str, Any]:
    """Central run and band of one part; with several suppliers the first row's stock and use count."""
    values = {name: _drawn(mine.iloc[0], name, u) for name, u in zip(NUMBERS, unit, strict=True)}
    lost = sum(row["share"] * (1 - stopped.get(row["supplier"], 1.0)) for row in tables.records(mine))
    missing = values["use_per_day"] * lost
    lasts = np.divide(values["stock"], missing, out=np.full_like(missing, np.inf), where=missing > 0)
    lead = values["lead_time_days"]
    days = np.where(lasts < lead, np.floor(lasts), np.inf)
    banded = any(np.ptp(value) > 0 for value in values.values())
    low, high = np.quantile(days[1:], BAND, method="inverted_cdf") if banded else (np.nan, np.nan)
    return {
        "part": part,
        "supplier": ", ".join(dict.fromkeys(mine["supplier"])),
        "first_shortage": _date(start, days[0]),
        "earliest": _date(start, low),
        "latest": _date(start, high),
        "probability": float(np.isfinite(days[1:] if banded else days[:1]).mean()),
        "days": float(days[0]),
        "days_short": float(max(np.ceil(lead[0] - lasts[0]), 0)) if np.isfinite(lasts[0]) else 0.0,
        "stock_lasts_days": float(lasts[0]),
        "lead_time_days": float(lead[0]),
        **dict(zip(("lead_time_days_low", "lead_time_days_high"), _ends(mine.iloc[0], "lead_time_days"), strict=True)),
    }


def _drawn(row: pd.Series[Any], name: str, unit: Array) -> Array:
    """Central value, then draws between low and high where the table gives them."""
    central = float(row[name])
    low, high = _ends(row, name)
    if not low <= central <= high:
        raise InputError(f"{row['part']}: {name} {low:g}, {central:g}, {high:g}; allowed: low ≤ central ≤ high")
    return np.concatenate([[central], triangular(unit, low, central, high)])


def _ends(row: pd.Series[Any], name: str) -> tuple[float, float]:
    """The low and the high that a row gives; the central value where it gives none."""
    low, high = (row.get(f"{name}_{side}") for side in ("low", "high"))
    low, high = (float(row[name] if value is None else value) for value in map(tables.measured, (low, high)))
    return low, high


def _date(start: date, days: float) -> str | None:
    try:
        return (start + timedelta(days=int(days))).isoformat() if np.isfinite(days) else None
    except OverflowError:
        raise InputError(f"start {start}: {days:g} days later the calendar ends; allowed: an earlier start") from None
