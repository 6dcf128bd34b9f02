"""The shortage clock: from a bill of materials (stock, use, supplier, lead time) to the first day without a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.disruption.part_cells import LEAD
from geoecon.disruption.parts import read_parts
from geoecon.draws import BAND, triangular
from geoecon.errors import Fault, InputError
from geoecon.figure import Figure
from geoecon.files import file_aside
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt

    from geoecon.figure import Array
    from geoecon.kinds import Rows


NUMBERS = ("stock", "use_per_day", "lead_time_days")
DRAWS = 2000
FAR = 36_500  # days; later is no date that a stock is counted to
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
        "before that; the last day to order is the day the stock ends less the lead time (of several the mean, by "
        "share). Without a lead time the day the stock ends is told, and no more.\n"
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
        return " ".join(part for part in (head, self.gap(), gone) if part)

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
                "part": row["part"], "shortage": f"cannot be told: {why}" if why else row["verdict"] + chance,
                "stock_days": f"{lasts:,.0f}" if lasts is not None and np.isfinite(lasts) else "not used up",
                "stock_ends": row["stock_ends"], "replacement": row["replacement"],
                "order_by": f"{order}, too late" if order and order < self.start.isoformat() else order,
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
    what is understood. Optional stock_low, stock_high and so on for a band, and `share` of the part's use that the
    supplier serves (default all; a part may stand in several rows, one a supplier, with the same stock and use; each
    supplier's share is replaced after its own lead time). `columns` maps our names to other headings (`A + B` adds two
    up, `none`: there is none), `decimal` is the decimal sign where the numbers can be read two ways, `encoding` that of
    a text file, `sheet` that of a workbook. `stopped` {supplier: share that still comes}; default: all of them,
    nothing. `aside` is a CSV for the rows that were left out, each with the reason. Raises InputError with the bad
    cells, for an unknown supplier, and for columns or lines of a part that differ.
    """
    read = read_parts(table, columns, decimal, encoding, sheet)
    frame = read.frame
    known = list(dict.fromkeys(frame["supplier"]))
    stopped = dict.fromkeys(known, 0.0) if stopped is None else dict(stopped)
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
    rows = [_part(part, mine, stopped, unit, start) for part, mine in of_part.items()]
    rows.sort(key=_pressing)
    judged = {row["part"] for row in rows if row["verdict"] != "unknown"}
    untold = {part: why for part, why in read.untold.items() if part not in judged}
    notes = list(read.notes)
    several = [part for part, mine in of_part.items() if len({row[LEAD] for row in mine if row[LEAD] == row[LEAD]}) > 1]
    if several:
        told = f"{several[0]}" + (f" and {len(several) - 1} more parts" if len(several) > 1 else "")
        notes.append(f"{told}: suppliers with other lead times; the share of each is replaced after its own")
    if aside is not None:
        with file_aside(aside) as place:
            tables.to_csv(read.aside, place)
        notes.append(f"{len(read.aside)} rows left out are in {aside.name}")
    return ShortageClock(pd.DataFrame(rows), start, tuple(stopped), tuple(notes), read.reading, untold)


def _pressing(row: Mapping[str, Any]) -> tuple[float, int, float, str]:
    """The order of the table: by the day of the shortage, then what may be short or is not known, then by the stock."""
    days = row["days"] if np.isfinite(row["days"]) else np.inf
    return days, VERDICTS.index(row["verdict"]), row["stock_lasts_days"], row["part"]


def _part(
    part: str, mine: Sequence[Mapping[str, Any]], stopped: Mapping[str, float], unit: Array, start: date
) -> dict[str, Any]:  # fmt: skip
    """Central run and band of one part: the share of each supplier that stops is missing for its own lead time."""
    missing = [(row, row["share"] * (1 - stopped.get(row["supplier"], 1.0))) for row in mine]
    out = [(row, share) for row, share in missing if share > 0] or missing[:1]
    blind = any(tables.measured(row[LEAD]) is None for row, _ in out)
    longest = out[0][0] if blind else max((row for row, _ in out), key=lambda row: row[LEAD])
    banded = any(
        _ends(row, name) != (row[name], row[name]) for row, _ in out for name in NUMBERS if row[name] == row[name]
    )
    stock, use = (_drawn(mine[0], name, unit[k], banded) for k, name in enumerate(NUMBERS[:2]))
    leads = [np.full_like(stock, np.nan) if blind else _drawn(row, LEAD, unit[2], banded) for row, _ in out]
    lasts, gone, mean = _run(stock, use, leads, [share for _, share in out])
    days = np.where(lasts < mean, np.floor(gone), np.inf)
    chance = float(np.isfinite(days[1:] if banded else days[:1]).mean())
    verdict = "sure" if chance >= 0.995 else "safe" if chance <= 0.005 else "possible"
    if blind and np.isfinite(lasts[0]):  # a stock that is not used up needs no lead time
        days, chance, verdict, banded = np.full_like(days, np.nan), float("nan"), "unknown", False
    low, high = np.quantile(days[1:], BAND, method="inverted_cdf") if banded else (np.nan, np.nan)
    held = float(gone[0] if np.isfinite(days[0]) else lasts[0])
    ends = float(np.floor(held)) if held < FAR else np.nan
    lead = float("nan") if blind else float(longest[LEAD])
    comes = float(np.ceil(lead)) if lead < FAR else np.nan
    order = float(np.floor(lasts[0]) - np.ceil(mean[0])) if lasts[0] < FAR and mean[0] < FAR else np.nan
    return {
        "part": part,
        "supplier": ", ".join(dict.fromkeys(row["supplier"] for row in mine)),
        "verdict": verdict,
        "first_shortage": _date(start, float(days[0])),
        "earliest": _date(start, float(low)),
        "latest": _date(start, float(high)),
        "probability": chance,
        "days": float(days[0]),
        "days_short": _days_short(lead, held),
        "stock_lasts_days": held,
        "stock_ends": _date(start, ends),
        "replacement": _date(start, comes),
        "order_by": _date(start, order),
        "lead_time_days": lead,
        **dict(zip(("lead_time_days_low", "lead_time_days_high"), _ends(longest, LEAD), strict=True)),
    }


def _run(
    stock: Array, use: Array, leads: Sequence[Array], missing: Sequence[float]
) -> tuple[Array, Array, Array]:  # fmt: skip
    """Days the stock lasts with no replacement; the day it is gone as each supplier's share is replaced after its lead
    time; and the mean lead time by what is missing: the stock holds out to the last replacement if it lasts as long."""
    total = float(sum(missing))
    rate = use * total
    lasts = np.divide(stock, rate, out=np.full_like(rate, np.inf), where=rate > 0)
    if len(leads) == 1 or total <= 0:
        return lasts, lasts, leads[0]
    mean: Array = np.asarray(missing) @ np.stack(leads) / total
    order = np.argsort(np.stack(leads), axis=0)
    times = np.take_along_axis(np.stack(leads), order, axis=0)
    shares = np.broadcast_to(np.asarray(missing)[:, None], order.shape)
    open_share = total - np.cumsum(np.take_along_axis(shares, order, axis=0), axis=0)
    left, gone, since, share = (
        stock.copy(),
        np.full_like(stock, np.inf),
        np.zeros_like(stock),
        np.full_like(stock, total),
    )
    for time, still in zip(times, open_share, strict=True):
        rate = use * share
        here = np.divide(left, rate, out=np.full_like(rate, np.inf), where=rate > 0)
        gone = np.where(np.isinf(gone) & (here < time - since), since + here, gone)
        left, since, share = left - rate * (time - since), time, still
    return lasts, gone, mean


def _days_short(lead: float, lasts: float) -> float:
    """Days from the end of the stock to the replacement; not a number where the lead time is not known."""
    return 0.0 if not np.isfinite(lasts) else float(max(np.ceil(lead - lasts), 0)) if lead == lead else float("nan")


def _drawn(row: Mapping[str, Any], name: str, unit: Array, banded: bool) -> Array:
    """Central value, then draws between low and high where the table gives them."""
    central = float(row[name])
    if not banded:
        return np.array([central])
    low, high = _ends(row, name)
    return np.concatenate([[central], triangular(unit, low, central, high)])


def _ends(row: Mapping[str, Any], name: str) -> tuple[float, float]:
    """The low and the high that a row gives; the central value where it gives none."""
    low, high = (row.get(f"{name}_{side}") for side in ("low", "high"))
    low, high = (float(row[name] if value is None else value) for value in map(tables.measured, (low, high)))
    return low, high


def _date(start: date, days: float) -> str | None:
    try:
        return (start + timedelta(days=int(days))).isoformat() if np.isfinite(days) else None
    except OverflowError:
        raise InputError(f"start {start}: {days:g} days later the calendar ends; allowed: an earlier start") from None
