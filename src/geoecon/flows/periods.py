"""Periods as tables write them, and which of them contain others: a year and its months never add."""

from __future__ import annotations

import re

PERIOD = r"^[0-9]{4}([-./]?(0[1-9]|1[0-2])|M(0[1-9]|1[0-2])|-?Q[1-4])?(\.0)?$|^[0-9]{4}年((0?[1-9]|1[0-2])月)?$"
PERIOD += r"|^[0-9]{4}-(0[1-9]|1[0-2])/[0-9]{4}-(0[1-9]|1[0-2])$"
ALLOWED = "a period as YYYY, YYYY-MM, YYYYMM or YYYY-Qn"
FREQUENCIES = {"year": r"^\d{4}$", "quarter": r"^\d{4}-Q[1-4]$", "month": r"^\d{4}-\d{2}$"}


def period_sql(column: str) -> str:
    """SQL that writes a period as YYYY, YYYY-MM or YYYY-Qn; NULL for anything else."""
    clean = f"regexp_replace(trim({column}), '\\.0$', '')"
    kanji = f"regexp_replace(regexp_replace({clean}, '^([0-9]{{4}})年([1-9])月$', '\\1-0\\2'), '[年月]', '', 'g')"
    month = f"regexp_replace({kanji}, '^([0-9]{{4}})[M./]?(0[1-9]|1[0-2])$', '\\1-\\2')"
    quarter = f"regexp_replace({month}, '^([0-9]{{4}})Q([1-4])$', '\\1-Q\\2')"
    year = f"length({column}) = 4 AND TRY_CAST({column} AS SMALLINT) BETWEEN 1000 AND 2999"
    return f"CASE WHEN {year} THEN {column} WHEN regexp_matches(trim({column}), '{PERIOD}') THEN {quarter} END"


def period_text(cell: str) -> str | None:
    """The same in Python."""
    plain = cell.strip()
    if not re.match(PERIOD, plain):
        return None
    plain = plain.removesuffix(".0")
    plain = re.sub("[年月]", "", re.sub(r"^(\d{4})年([1-9])月$", r"\1-0\2", plain))
    plain = re.sub(r"^(\d{4})[M./]?(0[1-9]|1[0-2])$", r"\1-\2", plain)
    return re.sub(r"^(\d{4})Q([1-4])$", r"\1-Q\2", plain)


def frequency(period: str) -> str:
    """year, quarter or month; `span` for a window with a start and an end."""
    return next((name for name, pattern in FREQUENCIES.items() if re.match(pattern, period)), "span")


def longer(period: str) -> tuple[str, ...]:
    """The quarter and the year that contain a month, the year of a quarter; none for a year or a window."""
    kind = frequency(period)
    if kind == "month":
        return (f"{period[:4]}-Q{(int(period[5:]) + 2) // 3}", period[:4])
    return (period[:4],) if kind == "quarter" else ()
