"""The shortage clock: from a bill of materials (stock, use, supplier, lead time) to the first day without a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.disruption.part_gaps import LEAD
from geoecon.disruption.part_run import NUMBERS, due, in_time, part_run
from geoecon.disruption.parts import read_parts
from geoecon.errors import Fault, InputError
from geoecon.figure import Figure, number
from geoecon.files import file_aside
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt

    from geoecon.kinds import Rows


DRAWS = 2000
SAID = {"unknown": "cannot be told"}
VERDICTS = ("sure", "possible", "unknown", "safe")


@dataclass(frozen=True, eq=False)
class ShortageClock(Result):
    """One row a part: `first_shortage` date (None: none), its band, how sure a shortage is, and for how long.

    `verdict` is sure, possible, safe or unknown (no lead time); `stock_ends` is the day the stock is gone while the
    suppliers are out, `replacement` the day a new order comes, `order_by` the last day to order in time.
    """

    table: pd.DataFrame  # the most important first
    start: date
    stopped: tuple[str, ...]
    notes: tuple[str, ...] = ()  # what was read as what, and what was left out
    reading: Mapping[str, str] = field(default_factory=dict)  # our name -> the heading that was taken for it
    untold: Mapping[str, str] = field(default_factory=dict)  # part that cannot be judged -> why; not all have a row

    SHOWN: ClassVar[int] = 40  # rows of the small table
    METHOD: ClassVar[str] = (
        "From the start the named suppliers deliver nothing (or the share given); the others go on.\n"
        "Stock lasts stock / (use × missing share) days; a replacement ordered on the first day arrives after the "
        "part's lead time, with several suppliers each share after its own. A part is short where the stock ends "
        "before that; the last day to order is the day the stock ends less the lead time (of several the mean "
        "by share of those replaced after the start). Without a lead time the day the stock ends is told.\n"
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

    def counts(self) -> dict[str, int]:
        """How many parts there are of each verdict; parts without a row are unknown."""
        found = {key: int((self.table["verdict"] == key).sum()) for key in VERDICTS}
        left = len(set(self.untold) - set(self.table["part"]))
        return found | {"unknown": found["unknown"] + left}

    def gap(self) -> str:
        """Which parts cannot be told and why, in a sentence; empty where all can."""
        why: dict[str, list[str]] = {}
        for part, reason in self.untold.items():
            why.setdefault(reason, []).append(part)
        told = [
            f"{reason} ({', '.join(parts[:3])}" + (f" and {len(parts) - 3} more)" if len(parts) > 3 else ")")
            for reason, parts in why.items()
        ]
        return f"Cannot be told: {'; '.join(told)}." if told else ""

    def sentence(self) -> str:
        counts = self.counts()
        words = {key: f"{number} {SAID.get(key, key)}" for key, number in counts.items() if number}
        told = ", ".join(words[key] for key in ("sure", "possible", "safe", "unknown") if key in words)
        beside = f" ({told})" if counts["possible"] or counts["unknown"] else ""
        short = [row for row in tables.records(self.table) if np.isfinite(row["days"])]
        head = f"{len(short) or 'None'} of {sum(counts.values())} parts"
        head += f" {'run' if len(short) > 1 else 'is known to run' if beside and not short else 'runs'} short{beside}"
        head += f"; the first is {short[0]['part']} on {short[0]['first_shortage']}." if short else "."
        blind = [
            row for row in tables.records(self.table) if row["verdict"] == "unknown" and tables.given(row["stock_ends"])
        ]
        gone = f"The stock of {blind[0]['part']} is gone on {blind[0]['stock_ends']}." if blind else ""
        return " ".join(part for part in (head, self._if_not_ordered(short), self.gap(), gone) if part)

    def _unless(self, row: Mapping[str, Any]) -> str:
        order = row["order_by"]
        short = row["verdict"] in ("sure", "possible")
        return (
            ", if nothing is ordered before"
            if short and order and in_time(date.fromisoformat(order), self.start)
            else ""
        )

    def _if_not_ordered(self, short: Sequence[Mapping[str, Any]]) -> str:
        """What an order before the start would still mend, in a sentence; empty where none would."""
        days = [date.fromisoformat(row["order_by"]) for row in short if tables.given(row["order_by"])]
        open_ = sorted(day for day in days if in_time(day, self.start))
        if not open_:
            return ""
        who = "That holds" if len(open_) == len(short) else f"For {len(open_)} of them that holds"
        first = "" if len(open_) == 1 else "the first "
        return f"{who} only if nothing is ordered before the stop: order {first}by {open_[0]}."

    def caveats(self) -> tuple[str, ...]:
        more = sum(self.counts().values()) - self.SHOWN
        return (*super().caveats(), *((f"{more} more parts are not shown here; --json has all",) if more > 0 else ()))

    def summary(self) -> pd.DataFrame:
        """A small table: each part with its dates, also the parts of which nothing can be told."""
        rows = []
        for row in tables.records(self.table):
            row |= {key: value if tables.given(value) else None for key, value in row.items()}
            lasts, order = row["stock_lasts_days"], row["order_by"]
            chance = f", {100 * row['probability']:.0f} %" if row["verdict"] == "possible" else ""
            why = self.untold.get(row["part"], "")
            rows.append({
                "part": row["part"],
                "shortage": f"cannot be told: {why}" if why else row["verdict"] + chance + self._unless(row),
                "stock_days": f"{np.floor(lasts):,.0f}" if lasts is not None and np.isfinite(lasts) else "not used up",
                "stock_ends": row["stock_ends"], "replacement": row["replacement"],
                "order_by": f"{order}, too late" if order and due(date.fromisoformat(order), self.start) else order,
                "supplier": row["supplier"], "earliest": row["earliest"], "latest": row["latest"],
            })  # fmt: skip
        known = set(self.table["part"])
        left = [{"part": part, "shortage": f"cannot be told: {why}"} for part, why in self.untold.items()]
        place = sum(row["shortage"] != "safe" for row in rows)
        rows[place:place] = [row for row in left if row["part"] not in known]
        made = pd.DataFrame(rows)
        made = made.drop(columns=[key for key in ("earliest", "latest") if made[key].isna().all()])
        return made.astype(object).where(lambda frame: frame.notna(), None)

    def chart(self) -> alt.VConcatChart:
        """Days until each part is short, the most pressing first."""
        from geoecon import charts

        frame = self.table[np.isfinite(self.table["days"])].head(25).copy()
        bars = charts.bars(frame, "part", "days", x_title="days until the first shortage", sort="x")
        return charts.finish(bars, self.sentence(), f"Days from {self.start.isoformat()}", self.sources)


def _day(start: object) -> date:
    """A day, or a text as YYYY-MM-DD. Raises InputError for anything else, an instant too: its day hangs on a zone."""
    if isinstance(start, date) and not isinstance(start, datetime):
        return start
    try:
        if isinstance(start, str):
            return date.fromisoformat(start.strip())
    except ValueError:
        pass
    raise InputError(
        f"start {start!r}; allowed: a day as datetime.date, such as date(2026, 11, 1), or as text: 2026-11-01"
    )


def shortage_clock(
    table: Rows,
    *,
    start: date,
    stopped: Mapping[str, float] | None = None,
    seed: int = 0,
    columns: Mapping[str, str | None] | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    aside: Path | None = None,
) -> ShortageClock:
    """The first day without each part when suppliers stop.

    `table`: columns part, stock, use_per_day, supplier, lead_time_days under these or other usual headings, as a frame
    (pandas, Polars, DuckDB), a file (CSV, Excel, Parquet, JSON) or text pasted from a spreadsheet; `read_parts` says
    what is understood. Without a column of suppliers every part stops, without lead times only `stock_ends` is told.
    Optional stock_low, stock_high and so on for a band, and `share` of the part's use that the
    supplier serves (default all; a part may stand in several rows, one a supplier, with the same stock and use; each
    supplier's share is replaced after its own lead time). `columns` maps our names to other headings (`A + B` adds two
    up, `none`: there is none), `decimal` is the decimal sign where the numbers can be read two ways, `encoding` that of
    a text file, `sheet` that of a workbook. `stopped` {supplier: share that still comes}; default: all of them,
    nothing. `aside` is a CSV for the rows that were left out, each with the reason. Raises InputError with the bad
    cells, for an unknown supplier, and for columns or lines of a part that differ.
    """
    read = read_parts(table, columns, decimal, encoding, sheet)
    start = _day(start)
    frame, notes = read.frame, list(read.notes)
    firsts: dict[str, str] = {}
    for name in frame["supplier"]:
        if (first := firsts.setdefault(_folded(name), name)) != name and (
            told := f"supplier {name!r} is taken for {first!r}"
        ) not in notes:
            notes.append(told)
    frame = frame.assign(supplier=[firsts[_folded(name)] for name in frame["supplier"]])
    known = list(firsts.values())
    stopped = {name: 0.0 for name in known} if stopped is None else {
        firsts.get(_folded(name), name): share for name, share in stopped.items()}  # fmt: skip
    faults: list[str | Fault] = [
        f"supplier {name!r} is not in the table; allowed: {', '.join(known[:20])}{', …' if len(known) > 20 else ''}"
        for name in stopped
        if name not in known
    ]
    faults += [f"supplier {name!r}: share {v:g}; allowed: 0 to 1" for name, v in stopped.items() if not 0 <= v <= 1]
    if faults:
        raise InputError(faults)
    shares = frame["share"].fillna(1.0) if "share" in frame else pd.Series(1.0, index=frame.index)
    of_part: dict[str, list[dict[str, Any]]] = {}
    for row in tables.records(frame.assign(share=shares.astype(float))):
        of_part.setdefault(str(row["part"]), []).append(row)
    unit = np.random.default_rng(seed).random((len(NUMBERS), DRAWS))  # the same for each part, whatever stands beside
    rows = [part_run(part, mine, stopped, unit, start) for part, mine in of_part.items()]
    rows.sort(key=_pressing)
    judged = {row["part"] for row in rows if row["verdict"] != "unknown"}
    untold = {part: why for part, why in read.untold.items() if part not in judged}
    notes += [f"{part}: the shares of its suppliers add up to {number(100 * whole)} %; the rest is taken to go on"
              for part, mine in list(of_part.items())[:20] if (whole := sum(row["share"] for row in mine)) < 0.995
              and "share" in frame]  # fmt: skip
    several = [part for part, mine in of_part.items() if len({row[LEAD] for row in mine if row[LEAD] == row[LEAD]}) > 1]
    if several:
        told = f"{several[0]}" + (f" and {len(several) - 1} more parts" if len(several) > 1 else "")
        notes.append(f"{told}: suppliers with other lead times; the share of each is replaced after its own")
    if aside is not None:
        with file_aside(aside) as place:
            tables.to_csv(read.aside, place)
        notes.append(f"{len(read.aside)} rows left out are in {aside.name}")
    return ShortageClock(pd.DataFrame(rows), start, tuple(stopped), tuple(notes), read.reading, untold)


def _folded(name: str) -> str:
    """A supplier's name without case and blanks."""
    return " ".join(name.split()).casefold()


def _pressing(row: Mapping[str, Any]) -> tuple[float, int, float, str]:
    """The order of the table: by the day of the shortage, then what may be short or is not known, then by the stock."""
    days = row["days"] if np.isfinite(row["days"]) else np.inf
    return days, VERDICTS.index(row["verdict"]), row["stock_lasts_days"], row["part"]
