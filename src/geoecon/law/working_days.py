"""Working days of the countries whose offices license: public holidays, make-up days, and the tables' own rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from geoecon.errors import InputError
from geoecon.law.read_regimes import load_regimes
from geoecon.law.regime import Regime
from geoecon.tables import packaged

if TYPE_CHECKING:
    from holidays import HolidayBase


ALPHA2 = {"JPN": "JP", "KOR": "KR", "CHN": "CN", "USA": "US", "TWN": "TW", "GBR": "GB", "NLD": "NL", "DEU": "DE"}
YEARLY = ("CHN", "TWN")  # publish holidays and make-up days year by year
LONGEST = 3700  # days that a deadline may be away


@cache
def _holidays(place: str) -> HolidayBase:
    """The calendar of a place from the package holidays; its weekends and make-up days included."""
    import holidays

    code = ALPHA2.get(place, place)
    supported = holidays.list_supported_countries()
    if code not in supported:
        from geoecon.countries import table

        alpha = table("iso2")
        row = alpha[alpha["iso3"] == place]
        code = str(row["code"].iloc[0]) if len(row) else code
    if code not in supported:
        raise InputError(f"no calendar for {place}; allowed: a country that the package holidays knows")
    return holidays.country_holidays(code)


def is_working(place: str, day: date, regimes: Mapping[str, Regime] | None = None) -> bool:
    """Whether an office works on a day. Rows of a regime's calendar.csv overrule the package."""
    for regime in (load_regimes() if regimes is None else regimes).values():
        own = _own(place, regime).get(day)
        if own is not None:
            return own
    return not _closed(place, day) and bool(_holidays(place).is_working_day(day))


@cache
def _closures() -> tuple[Mapping[str, str], ...]:
    return tuple(packaged("law/regimes", "closures.csv"))


def _closed(place: str, day: date) -> bool:
    """Whether public offices are closed besides weekends and holidays: by order, or every year from one day to
    another."""
    for row in _closures():
        if row["place"] == place:
            last = row["last"] or row["first"]
            written = day.isoformat() if len(row["first"]) == 10 else day.isoformat()[5:]
            if row["first"] <= written <= last:
                return True
    return False


def announced_through(place: str) -> date | None:
    """Last day of the years whose working days are published, where a place publishes them year by year."""
    if place not in YEARLY:
        return None
    years = _holidays(place).special_public_holidays
    return date(max(years), 12, 31) if years else None


def unannounced(place: str, day: date, day_kind: str | None = "working") -> str:
    """Why a due day may still move; empty where it does not."""
    last = announced_through(place) if day_kind == "working" else None
    return "" if last is None or day <= last else f"the working days of {last.year + 1} are not published yet"


def _own(place: str, regime: Regime) -> Mapping[date, bool]:
    key = ("calendar", place)
    if key not in regime.cache:
        rows = (row for row in regime.rows["calendar"] if row["place"] == place)
        regime.cache[key] = {row["date"]: row["working"] == "yes" for row in rows}
    found: Mapping[date, bool] = regime.cache[key]
    return found


def due(
    place: str, filed: date, days: int, day_kind: str = "working", regimes: Mapping[str, Regime] | None = None
) -> date:
    """Last day of a review of so many days; the day after filing is day one.

    >>> due("CHN", date(2023, 8, 1), 45)
    datetime.date(2023, 10, 9)
    """
    if days < 0 or days > LONGEST:
        raise InputError(f"review of {days} days; allowed: 0 to {LONGEST}")
    if day_kind == "calendar":
        return filed + timedelta(days=days)
    if day_kind != "working":
        raise InputError(f"day kind {day_kind!r}; allowed: working, calendar")
    day = filed
    while days > 0:
        day += timedelta(days=1)
        days -= is_working(place, day, regimes)
    return day


def calendar_days(place: str, filed: date, days: int, regimes: Mapping[str, Regime] | None = None) -> int:
    """Calendar days that so many working days take when filed on a day."""
    return (due(place, filed, days, "working", regimes) - filed).days
