"""How long a licence is valid: its first invalid day."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from geoecon import tables
from geoecon.dates import month_on
from geoecon.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


WHOLE = tables.Rule(lambda cell: int(cell) if int(cell) >= 0 else int("none"), "a whole number from 0")


def expires(issued: date, validity: int, unit: str = "days") -> date:
    """First day on which a licence is no longer valid: half open, like every date here.

    Days are added. Years and months keep the day of the month; where that month lacks it, the first day of the next
    month is the first invalid one: three years from 2020-02-29 end on 2023-03-01.

    >>> expires(date(2024, 2, 29), 182), expires(date(2020, 2, 29), 3, "years")
    (datetime.date(2024, 8, 29), datetime.date(2023, 3, 1))
    """
    if validity < 0 or unit not in ("days", "months", "years"):
        raise InputError(f"validity of {validity} {unit}; allowed: from 0 days, months or years")
    if unit == "days":
        return issued + timedelta(days=validity)
    first = month_on(issued, validity * (12 if unit == "years" else 1))
    if issued.day <= calendar.monthrange(first.year, first.month)[1]:
        return first.replace(day=issued.day)
    return month_on(first, 1)


def read_licences(path: str | Path) -> pd.DataFrame:
    """Licences with their first invalid day: columns licence, issued, validity, unit, expires.

    Raises InputError with every bad cell; 2023-02-29 is not a date.
    """
    rules = {
        "licence": tables.identifier, "issued": tables.day, "validity": WHOLE,
        "unit": tables.one_of("days", "months", "years"),
    }  # fmt: skip
    frame = tables.read_table(Path(path), rules)
    frame["expires"] = [
        expires(row["issued"], int(row["validity"]), row["unit"]) for row in tables.records(frame)
    ]  # fmt: skip
    return frame.drop(columns="line")
