"""What to write for a period that cannot be read: fiscal years, weeks, numbers of days, years of other calendars."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from geoecon.dates import SHORT_MONTHS
from geoecon.flows.periods import period_text

FISCAL = (  # 2019-20, 2019/2020, FY2020, 2019年度, 2019-20(Apr-Mar)
    r"^(fy|fiscal year|financial year)\W*\d{2,4}(\W+\d{2,4})?$|^\d{4}(/\d{2,4}|\s*[-–]\s*\d{4}|-\d{2})\s*(\(\D*\))?$"
    r"|^\d{4}\s*年度$"
)
FIRST = 1940  # no code of products is older
BUDDHIST = 543  # Thai years beyond ours


def strange_years(periods: Iterable[str], today: date, wanted: str | None = None) -> dict[str, str]:
    """Periods of a year beyond next year, or before any code of products, and what they may be.

    `wanted` "year" says that four digits are a year.
    """
    found = {}
    for period in periods:
        year = int(period[:4]) if period[:4].isdigit() else today.year
        if FIRST <= year <= today.year + 1 or wanted == "year":
            continue
        may = []
        if period.isdigit() and re.match(r"^\d\d(0[1-9]|1[0-2])$", period):
            may.append(f"{SHORT_MONTHS[int(period[2:]) - 1].capitalize()} 20{period[:2]}")
        if FIRST <= year - BUDDHIST <= today.year + 1:
            may.append(f"the Buddhist year of {year - BUDDHIST}")
        told = f": {' or '.join(may)}?" if may else ""
        found[period] = f"{period!r} is no year with trade by product{told}"
    return found


def fiscal(text: str) -> str:
    """What to write for a text that is a fiscal year, whose months the table does not say; empty for others."""
    plain = text.strip().casefold()
    if not re.match(FISCAL, plain) or period_text(text) is not None:
        return ""
    found = re.findall(r"\d{4}", plain)
    first = int(found[0]) if found else 2019
    return f"a fiscal year by its first and last month, as {first}-04/{first + 1}-03"


def instead(text: str) -> str:
    """What to write for a fiscal year (its months the table does not say), a week or the number of a day; empty for
    others.
    """
    plain = text.strip().casefold()
    if re.match(r"^\d{4}-?w\d{2}$|^(w|wk|week|kw|cw) ?\d{1,2}[ /-]\d{4}$", plain):
        return "weeks added up to months, as 2019-07: a week is no period of trade here"
    if re.match(r"^\d{4}-\d\d-\d\d[t ]\d\d:\d\d.*(z|[+-]\d\d:?\d\d)$", plain):
        return "the day or month at the place of the statistics: an instant with its zone is no period"
    if re.match(r"^[2-5]\d{4}(\.0)?$", plain):
        day = date(1899, 12, 30) + timedelta(int(plain[:5]))
        return f"the day it stands for: the number of a day in a workbook, {day} in the 1900 system"
    return fiscal(text)
