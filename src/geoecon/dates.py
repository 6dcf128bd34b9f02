"""Months and periods: their names and lengths, how tables write them, the days that they span, and months onwards."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geoecon.kinds import Cell

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
SHORT_MONTHS = tuple(name[:3] for name in MONTHS)
MONTH_NAMES = "|".join([*MONTHS, "sept", *SHORT_MONTHS])  # a pattern; long names first
MONTH, YEAR = 30, 365  # days: the first month and the first year of what is followed day by day
MEAN_MONTH = 30.4  # days: months of a dispute turned into days and back
PERIOD = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])(-\d{2})?|-Q[1-4])?(/\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?)?$")


def month_on(day: date, months: int) -> date:
    """The first day of the month that lies so many months after that of a day."""
    total = 12 * day.year + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def in_words(day: date) -> str:
    """A day as people write it: 4 July 2019."""
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"


def first_day(period: Cell) -> date:
    """Earliest day that a date or period of a table may mean: YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Qn, start/end, a year."""
    return _span(period)[0]


def last_day(period: Cell) -> date:
    """Latest day that it may mean: a fact of 2022 is known when the year is over."""
    return _span(period)[1]


def _span(period: Cell) -> tuple[date, date]:
    if isinstance(period, date):
        return period, period
    return _span_of(str(int(period)) if isinstance(period, float) else str(period))


@lru_cache(maxsize=16384)
def _span_of(period: str) -> tuple[date, date]:
    start, slash, end = period.partition("/")
    if slash:
        return _span_of(start)[0], _span_of(end)[1]
    if len(start) == 10:
        day = date.fromisoformat(start)
        return day, day
    year, first, months = int(start[:4]), 1, 12
    if len(start) == 7:
        quarter = start[5] == "Q"
        first, months = (3 * int(start[6]) - 2, 3) if quarter else (int(start[5:]), 1)
    begin = date(year, first, 1)
    return begin, month_on(begin, months) - timedelta(days=1)
