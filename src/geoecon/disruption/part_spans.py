"""Stretches of the calendar in a heading: a quarter, half a year, a month, a week, a fiscal year, and how many days."""

from __future__ import annotations

import re
from calendar import monthrange
from functools import lru_cache

from geoecon.dates import MONTH_NAMES, SHORT_MONTHS

_NAME = rf"({MONTH_NAMES})(?![a-z])\.?"
_YEAR = r"(?:[ /.'’-]*((?:19|20)\d\d|\d\d)(?!\d))?"
_MONTH = re.compile(rf"(?<![a-z]){_NAME}{_YEAR}|(?<!\d)((?:19|20)\d\d)[-./ ]?(0[1-9]|1[0-2])(?!\d)"
                    r"|(?<![\d/.-])(0?[1-9]|1[0-2])[-./]((?:19|20)\d\d)(?!\d)")  # fmt: skip
_QUARTER = re.compile(r"(?<![a-z])q ?([1-4])(?![a-z])|(?<![a-z0-9])([1-4])(?:st|nd|rd|th|\.)? ?(?:q|quarter|quartal)"
                      r"(?![a-z])|\b(?:quarter|quartal|trimestre|trim) ?([1-4])\b|第([1-4])四?[半季]")  # fmt: skip
_HALF = re.compile(r"(?<![a-z])[hs] ?([12])(?![a-z0-9])|\b(first|second|1st|2nd|1\.|2\.) ?(?:half|halbjahr)\b"
                   r"|(?<=\d{4})[hs]([12])\b")  # fmt: skip
_WEEK = re.compile(r"(?<![a-z])(?:cw|kw|wk|w|week|woche|sem) ?\d{1,2}(?: ?[-–] ?(?:cw|kw|wk|w|week)? ?\d{1,2})?(?!\d)")
_FISCAL = re.compile(
    r"\b(?:fy|cy|gj)[ ']*(?:\d{2,4})?\b|\b(fiscal|financial|calendar) year|geschäftsjahr|\b(ltm|ttm)\b"
)
OPEN = r"\b(ytd|mtd|qtd|wtd|to[ -]date|cumul\w*|kumul\w*|so far|rolling)\b"  # a stretch whose end nobody knows
YEAR, MONTH_DAYS = 365.25, 30.4375


@lru_cache(4096)
def days_of_span(text: str) -> float | None:
    """Days of the stretch that a heading in small letters names (`q4 2025` 92, `2025-10` 31, `jan-mar`); else None.

    Without a year a quarter and a month have their mean length. Months named side by side are a stretch from the first
    to the last only where a dash or `to` joins them.
    """
    year = _year(text)
    if (found := _QUARTER.search(text)) is not None:
        first = 3 * int(next(part for part in found.groups() if part)) - 2
        return _days(year, first, 3)
    if (found := _HALF.search(text)) is not None:
        second = next(part for part in found.groups() if part)[0] in "2s"
        return _days(year, 7 if second else 1, 6)
    if (found := _WEEK.search(text)) is not None:
        ends = [int(number) for number in re.findall(r"\d+", found[0])]
        return 7.0 * (ends[-1] - ends[0] + 1) if ends[-1] >= ends[0] else None
    if _FISCAL.search(text):
        return YEAR
    return _of_months(text, year)


def several_spans(text: str) -> str | None:
    """Quarters, halves, years or months side by side whose length together is not told: `q1-q3`, `2023-2025`."""
    full = [found[0] for found in re.finditer(r"(?<!\d)(?:19|20)\d\d(?![\d])", text)]
    for found in ([one[0] for one in _QUARTER.finditer(text)], [one[0] for one in _HALF.finditer(text)]):
        if len(set(found)) > 1 or (len(found) == 1 and re.search(re.escape(found[0]) + r" ?[-–+&] ?\d(?!\d)", text)):
            return " and ".join(found) if len(found) > 1 else text
    months = list(_MONTH.finditer(text))
    if (len(set(full)) > 1 and not months) or (len(months) > 1 and days_of_span(text) is None):
        return " and ".join(full if not months else [one[0].strip() for one in months])
    return None


def _of_months(text: str, year: int | None) -> float | None:
    found = list(_MONTH.finditer(text))
    if not found:
        return YEAR if re.search(r"\b(19|20)\d\d\b", text) else None
    marks = [_mark(match, year) for match in found]
    if len(found) == 1:
        return _days(marks[0][0], marks[0][1], 1)
    between = text[found[0].end() : found[1].start()].strip()
    if len(found) > 2 or not (between in ("-", "–", "—", "to", "bis", "through", "until", "~")
                              or found[0][0].endswith("-")):  # fmt: skip
        return None
    (one, first), (two, last) = marks
    many = (last - first) % 12 + 1 if one is None or two is None or one == two else 12 * (two - one) + last - first + 1
    return _days(one, first, many) if many > 0 else None


def _mark(match: re.Match[str], year: int | None) -> tuple[int | None, int]:
    """Year (None where it is not said) and number of a month."""
    name, beside, year_first, month, before, year_last = match.groups()
    if name:
        said = int(beside) + (2000 if len(beside) == 2 else 0) if beside else year
        return said, SHORT_MONTHS.index(name[:3]) + 1
    return int(year_first or year_last), int(month or before)


def _year(text: str) -> int | None:
    """The year of a heading, in full or as two digits behind a quarter, a half or a dash."""
    if (full := re.search(r"(?<!\d)((?:19|20)\d\d)(?!\d{3})", text)) is not None:
        return int(full[1])
    short = re.search(r"(?:[qhs][1-4][ /.'’-]*|[1-4][qhs][ /.'’-]*)(\d\d)(?!\d)", text)
    return 2000 + int(short[1]) if short is not None else None


def _days(year: int | None, first: int, months: int) -> float:
    if year is None:
        return MONTH_DAYS * months
    ends = [divmod(first - 1 + k, 12) for k in range(months)]
    return float(sum(monthrange(year + more, month + 1)[1] for more, month in ends))
