"""One part of a bill of materials: how long its stock lasts, when its replacement comes, the last day to order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from geoecon import tables
from geoecon.disruption.part_gaps import LEAD
from geoecon.draws import BAND, triangular
from geoecon.errors import InputError

if TYPE_CHECKING:
    from geoecon.figure import Array


NUMBERS = ("stock", "use_per_day", "lead_time_days")
DIGITS = 9  # of a day; further ones are those of a division
FAR = 36_500  # days; later is no date that a stock is counted to


def part_run(
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
    leads = [np.full_like(stock, np.nan) if blind else _days(_drawn(row, LEAD, unit[2], banded)) for row, _ in out]
    lasts, gone, mean = _run(stock, use, leads, [share for _, share in out])
    days = np.where(lasts < mean, np.floor(gone), np.inf)
    chance = float(np.isfinite(days[1:] if banded else days[:1]).mean())
    verdict = "sure" if chance >= 0.995 else "safe" if chance <= 0.005 else "possible"
    if blind and np.isfinite(lasts[0]):  # a stock that is not used up needs no lead time
        days, chance, verdict, banded = np.full_like(days, np.nan), float("nan"), "unknown", False
    low, high = np.quantile(days[1:], BAND, method="inverted_cdf") if banded else (np.nan, np.nan)
    held = float(gone[0] if np.isfinite(days[0]) else lasts[0])
    ends = float(np.floor(held)) if held < FAR else np.nan
    lead = float("nan") if blind else round(float(longest[LEAD]), DIGITS)
    comes = float(np.ceil(lead)) if lead < FAR else np.nan
    known = lasts[0] < FAR and mean[0] < FAR
    times = [(float(one[0]), share) for one, (_, share) in zip(leads, out, strict=True)]
    order = _last_order(float(stock[0] / use[0]), times) if known else np.nan
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


def _days(days: Array) -> Array:
    """Days without the last digits of a division: 0.3 at 0.1 a day lasts three days, not two and a day."""
    return np.round(days, DIGITS)


def _run(
    stock: Array, use: Array, leads: Sequence[Array], missing: Sequence[float]
) -> tuple[Array, Array, Array]:  # fmt: skip
    """Days the stock lasts with no replacement; the day it is gone as each supplier's share is replaced after its lead
    time; and the mean lead time by what is missing: the stock holds out to the last replacement if it lasts as long."""
    total = float(sum(missing))
    rate = use * total
    lasts = _days(np.divide(stock, rate, out=np.full_like(rate, np.inf), where=rate > 0))
    if len(leads) == 1 or total <= 0:
        return lasts, lasts, leads[0]
    mean: Array = _days(np.asarray(missing) @ np.stack(leads) / total)
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
        here = _days(np.divide(left, rate, out=np.full_like(rate, np.inf), where=rate > 0))
        gone = np.where(np.isinf(gone) & (here < time - since), since + here, gone)
        left, since, share = left - rate * (time - since), time, still
    return lasts, gone, mean


def _last_order(held: float, missing: Sequence[tuple[float, float]]) -> float:
    """The last day to order, from the start (below 0: before it), so that the stock lasts to every replacement.

    `held` is the stock in days of the whole use, `missing` lead time and share of each supplier. What is replaced
    before the start takes nothing from the stock.
    """
    longest = sorted(missing, reverse=True)
    day = np.nan
    for n in range(1, len(longest) + 1):
        share = sum(part for _, part in longest[:n])
        mean = sum(lead * part for lead, part in longest[:n]) / share
        day = float(np.floor(round(held / share, DIGITS)) - np.ceil(round(mean, DIGITS)))
        if n == len(longest) or held / share - mean <= -longest[n][0]:
            break
    return day


def due(order: date, start: date) -> bool:
    """Whether the last day to order has passed: today, or on a start that has been before."""
    return order < min(start, date.today())


def in_time(order: date | None, start: date) -> bool:
    """Whether an order before the start can still come in time: then a shortage is sure only if none is made."""
    return order is not None and order < start and not due(order, start)


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
