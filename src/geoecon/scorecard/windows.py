"""What stands after @ in an outcome: the span that is measured and the span that it is held against."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from geoecon import dates, tables
from geoecon.dates import MEAN_MONTH

HALF = re.compile(r"(\d{4})-H([12])")


@dataclass(frozen=True)
class Window:
    """Both spans, first and last day included."""

    before: tuple[date, date]
    during: tuple[date, date]

    @property
    def months(self) -> float:
        """Length of the span measured."""
        return ((self.during[1] - self.during[0]).days + 1) / MEAN_MONTH


def window(when: str, on_month: bool = False) -> Window | None:
    """The spans of "2017", "2017-04", "2018-Q1", "2016/2018", "2017-03/2017-06", "2016-H1/2018-H1"; None for others.

    Two whole years, or the same half or quarter of two years, are held against each other; any other span against the
    same days a year before, or, `on_month`, against the month before.
    """
    first, slash, second = when.partition("/")
    spans = [_span(first), _span(second) if slash else None]
    if spans[0] is None or (slash and spans[1] is None):
        return None
    start, end = spans[0], spans[1] or spans[0]
    if slash and (len(first) == 4 or "H" in first or "Q" in first) and first[4:] == second[4:]:
        return Window(start, end)
    during = (start[0], end[1])
    if on_month:
        last = during[0] - timedelta(days=1)
        return Window((last.replace(day=1), last), during)
    return Window((_year_before(during[0]), _year_before(during[1])), during)


def _span(text: str) -> tuple[date, date] | None:
    half = HALF.fullmatch(text)
    if half:
        year, number = int(half[1]), int(half[2])
        return (date(year, 1, 1), date(year, 6, 30)) if number == 1 else (date(year, 7, 1), date(year, 12, 31))
    try:
        return dates.first_day(tables.period.read(text)), dates.last_day(tables.period.read(text))
    except (ValueError, IndexError):
        return None


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
