"""Periods as tables write them, and which of them contain others: a year and its months never add."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from geoecon.dates import MONTH_NAMES, SHORT_MONTHS
from geoecon.errors import InputError
from geoecon.flows import month_names
from geoecon.flows.day_order import ORDERS, SLASHED, order_of

PERIOD = r"^[0-9]{4}([-./]?(0[1-9]|1[0-2])|M(0[1-9]|1[0-2])|-?Q[1-4])?(\.0)?$|^[0-9]{4}年((0?[1-9]|1[0-2])月)?$"
PERIOD += r"|^[0-9]{4}-(0[1-9]|1[0-2])/[0-9]{4}-(0[1-9]|1[0-2])$"
DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ t]00:00(:00(\.0+)?)?)?$"  # belongs to its month
NAME = f"({MONTH_NAMES})[.]?"
DAYS = "([0-3]?[0-9][ .-]+)?"  # 1 July 2019 and 1-Jul-19 belong to their month
NAMED = rf"^{DAYS}{NAME}[ /-]?[0-9]{{4}}$|^[0-9]{{4}}[ /-]?{NAME}$"
SHORT = rf"^{DAYS}{NAME}[ /'’-]?[0-9]{{2}}$"  # Jan-22, as Excel writes a month: 00 to 49 are of this century
MARKED = (  # 2022*, 2022 (p), 2022-01 (provisional)
    r"^([0-9]{4}(?:-(?:0[1-9]|1[0-2]|Q[1-4]))?)\s*(?:[*]+|[¹²³]|\((?:[pPrReEbB]|[pP]relim|[pP]rel|[pP]rov[a-z]*|[rR]ev[a-z]*"
    r"|[eE]st[a-z]*|[pP]reliminary)[.]?\))$"
)
OTHER = (  # further ways of writing a period, and what is written for them
    (r"^(0[1-9]|1[0-2])[./-]([0-9]{4})$", r"\2-\1"),  # 01/2022
    (r"^(?:0?[1-9]|[12][0-9]|3[01])\.(0[1-9]|1[0-2])\.([0-9]{4})$", r"\2-\1"),  # 31.01.2022
    (r"^([1-9])[./-]([0-9]{4})$", r"\2-0\1"),  # 1/2022
    (r"^([0-9]{4})[/-]([1-9])$", r"\1-0\2"),  # 2022/1
    (r"^([0-9]{4})[/.](0[1-9]|1[0-2])[/.](?:0?[1-9]|[12][0-9]|3[01])$", r"\1-\2"),  # 2022/01/31
    (r"^([0-9]{4})[/.]([1-9])[/.](?:0?[1-9]|[12][0-9]|3[01])$", r"\1-0\2"),
    (r"^((?:19|20)[0-9]{2})(0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$", r"\1-\2"),  # 20220131
    (r"^([0-9]{4})[ -][mM](0[1-9]|1[0-2])$", r"\1-\2"),  # 2022-M01, as the IMF writes it
    (r"^([0-9]{4})[ -]?[mM]([1-9])$", r"\1-0\2"),
    (r"^([0-9]{4})[ /-]?[qQ]([1-4])$", r"\1-Q\2"),
    (r"^([1-4])[qQ][ ’/-]?((?:19|20)[0-9]{2})$", r"\2-Q\1"),  # 3Q2022
    (r"^([1-4])[qQ][ ’/-]?([0-4][0-9])$", r"20\2-Q\1"),  # 3Q22
    (r"^[qQ]([1-4])[ ’/-]([0-4][0-9])$", r"20\2-Q\1"),  # Q3'22
    (r"^[qQ]([1-4])[ /-]?([0-9]{4})$", r"\2-Q\1"),
    (r"^([0-9]{4})[ /-]?[hHsS]1$", r"\1-01/\1-06"),  # half a year
    (r"^([0-9]{4})[ /-]?[hHsS]2$", r"\1-07/\1-12"),
    (r"^[hHsS]1[ /-]?([0-9]{4})$", r"\1-01/\1-06"),
    (r"^[hHsS]2[ /-]?([0-9]{4})$", r"\1-07/\1-12"),
    (r"^([0-9]{4})年?上半年$|^([0-9]{4})년?상반기$", r"\1\2-01/\1\2-06"),
    (r"^([0-9]{4})年?下半年$|^([0-9]{4})년?하반기$", r"\1\2-07/\1\2-12"),
    (r"^([0-9]{4})年第?([1-4])季度?$", r"\1-Q\2"),
    (r"^([0-9]{4})年第?([1-4])四半期$", r"\1-Q\2"),
    (r"^([0-9]{4})年0?([1-9])[-~至～]0?([1-9])月$", r"\1-0\2/\1-0\3"),
    (r"^([0-9]{4})年0?([1-9])[-~至～](1[0-2])月$", r"\1-0\2/\1-\3"),
    (r"^([0-9]{4})년$", r"\1"),  # Korea
    (r"^([0-9]{4})년 ?(1[0-2])월$", r"\1-\2"),
    (r"^([0-9]{4})년 ?0?([1-9])월$", r"\1-0\2"),
    (r"^([0-9]{4})년 ?제?([1-4])(/4)?분기$", r"\1-Q\2"),
    (r"^([0-9]{4})-?[mM](0[1-9]|1[0-2])$", r"\1-\2"),  # 2022-M01
    (r"^[mM]?(0[1-9]|1[0-2])[mM]? ([0-9]{4})$", r"\2-\1"),
    (r"^(?:0?[1-9]|[12][0-9]|3[01])\.([1-9])\.([0-9]{4})$", r"\2-0\1"),  # 1.1.2022
    (r"^([0-9]{4})[pr]$", r"\1"),  # provisional, revised
    (MARKED, r"\1"),
    (r"^([0-9]{4})52$", r"\1"),  # Eurostat's and Comtrade's month 52 is the whole year
)
ERAS = (("民國", 1911), ("民国", 1911), ("令和", 2018), ("平成", 1988), ("昭和", 1925))  # the year before the first
ERA = "^(民國|民国|令和|平成|昭和)?([0-9]{1,3}|元)年((0?[1-9]|1[0-2])月)?$"  # without a name: three digits, Taiwan's
ALL = "^(|0|00|all|total|annual|year|whole year|_t|-)$"  # in a column of months: the year
PARTS = ("half", "quarter", "month")  # columns beside that of the year
HALVES = {"1": ("01", "06"), "2": ("07", "12")}
STARTS, ENDS = ("01-01", "04-01", "07-01", "10-01"), ("03-31", "06-30", "09-30", "12-31")  # of quarters
ALLOWED = "a period as YYYY, YYYY-MM, YYYYMM or YYYY-Qn"
PLAIN = r"^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$"  # as we write them
FREQUENCIES = {"year": r"^\d{4}$", "quarter": r"^\d{4}-Q[1-4]$", "month": r"^\d{4}-\d{2}$"}


def period_sql(column: str) -> str:
    """SQL that writes a period as YYYY, YYYY-MM or YYYY-Qn; NULL for anything else."""
    clean = f"regexp_replace(trim({column}), '\\.0$', '')"
    kanji = f"regexp_replace(regexp_replace({clean}, '^([0-9]{{4}})年([1-9])月$', '\\1-0\\2'), '[年月]', '', 'g')"
    month = f"regexp_replace({kanji}, '^([0-9]{{4}})[M./]?(0[1-9]|1[0-2])$', '\\1-\\2')"
    quarter = f"regexp_replace({month}, '^([0-9]{{4}})Q([1-4])$', '\\1-Q\\2')"
    year = f"length({column}) = 4 AND TRY_CAST({column} AS SMALLINT) BETWEEN 1000 AND 2999"
    text = f"lower(trim({column}))"
    word = f"regexp_extract({text}, '[a-z]+')"
    named = f"regexp_extract({text}, '[0-9]{{4}}') || '-' || {month_names.named_sql(word)}"
    short = f"regexp_extract({text}, '[0-9]{{2}}$')"
    century = f"CASE WHEN {short} < '50' THEN '20' ELSE '19' END || {short} || '-' || {month_names.named_sql(word)}"
    brief = SHORT.replace("'", "''")
    return (
        f"CASE WHEN {year} THEN {column} WHEN regexp_matches(trim({column}), '{PERIOD}') THEN {quarter} "
        f"WHEN regexp_matches({text}, '{DAY}') THEN left({text}, 7) "
        f"WHEN regexp_matches({text}, '{NAMED}') THEN {named} "
        f"WHEN regexp_matches({text}, '{brief}') THEN {century} {_others_sql(f'trim({column})')} "
        f"WHEN regexp_matches(trim({column}), '{ERA}') THEN {_era_sql(f'trim({column})')} "
        f"ELSE coalesce({month_names.window_sql(text)}, {month_names.period_sql(text)}) END"
    )


def _era_sql(text: str) -> str:
    """SQL of a year of Taiwan or Japan: 民國111年 and 令和4年 are 2022; NULL for fewer digits without an era."""
    name, number, month = (f"regexp_extract({text}, '{ERA}', {k})" for k in (1, 2, 4))
    cases = " ".join(f"WHEN '{era}' THEN {start}" for era, start in ERAS)
    start = f"CASE {name} {cases} WHEN '' THEN CASE WHEN length({number}) = 3 THEN 1911 END END"
    year = f"(({start}) + CASE {number} WHEN '元' THEN 1 ELSE TRY_CAST({number} AS INTEGER) END)::VARCHAR"
    return f"{year} || CASE WHEN {month} = '' THEN '' ELSE '-' || lpad({month}, 2, '0') END"


def _era(plain: str) -> str | None:
    """The same in Python."""
    found = re.match(ERA, plain)
    if found is None or (found[1] is None and len(found[2]) != 3):
        return None
    year = dict(ERAS).get(found[1] or "民國", 0) + (1 if found[2] == "元" else int(found[2]))
    return f"{year}-{int(found[4]):02d}" if found[4] else str(year)


def column_sql(text: str, parts: Mapping[str, str], span: str) -> str:
    """SQL of a period; a column of months or quarters beside the year belongs to it, a day stands for its `span`."""
    if span in ORDERS:
        return ordered_sql(text, span)
    if span:
        quarter = f" || '-Q' || ((substr(trim({text}), 6, 2)::INT + 2) // 3)::VARCHAR" if span == "quarter" else ""
        return f"left(trim({text}), 4){quarter}"
    return joined_sql(text, parts) if parts else period_sql(text)


def ordered_sql(column: str, order: str) -> str:
    """SQL of periods of which days with slashes have the day or the month first (a name of `ORDERS`)."""
    place = ORDERS[order]
    month, day, year = (f"regexp_extract(trim({column}), '{SLASHED}', {k})" for k in (place, 3 - place, 3))
    slashed = f"regexp_matches(trim({column}), '{SLASHED}')"
    whole = f"{month}::INT BETWEEN 1 AND 12 AND {day}::INT BETWEEN 1 AND 31"
    return f"CASE WHEN {slashed} AND {whole} THEN {year} || '-' || lpad({month}, 2, '0') ELSE {period_sql(column)} END"


def _others_sql(text: str) -> str:
    return " ".join(f"WHEN regexp_matches({text}, '{pattern}') THEN regexp_replace({text}, '{pattern}', '{written}')"
                    for pattern, written in OTHER)  # fmt: skip


def joined_sql(year: str, parts: Mapping[str, str]) -> str:
    """SQL of a period whose half, quarter or month stands in a column of its own (`parts`: that -> column)."""
    whole = period_sql(year)
    plain = rf"regexp_replace(trim({year}), '\.0$', '')"
    for kind, column in parts.items():
        cell = rf"lower(regexp_replace(regexp_replace(trim({column}), '\.0$', ''), '^[QMqmHShs]([0-9])', '\1'))"
        if kind == "month":
            word = month_names.named_sql(cell)
            named = f"CASE WHEN regexp_matches({cell}, '^{NAME}$') THEN {word} ELSE lpad({cell}, 2, '0') END"
            joined = f"{plain} || '-' || coalesce({month_names.month_sql(cell)}, {named})"
            known = (
                f"regexp_matches({cell}, '^(0?[1-9]|1[0-2])$|^{NAME}$') OR {month_names.month_sql(cell)} IS NOT NULL"
            )
        elif kind == "half":
            ends = " ".join(f"WHEN '{k}' THEN {plain} || '-{a}/' || {plain} || '-{b}'" for k, (a, b) in HALVES.items())
            joined, known = f"CASE {cell} {ends} END", f"regexp_matches({cell}, '^[12]$')"
        else:
            joined, known = f"{plain} || '-Q' || {cell}", f"regexp_matches({cell}, '^[1-4]$')"
        empty = f"{cell} IS NULL OR regexp_matches({cell}, '{ALL}')"
        other = f"NOT regexp_matches({plain}, '^[0-9]{{4}}$') OR {empty}"
        whole = f"CASE WHEN {other} THEN {whole} WHEN {known} THEN {joined} END"
    return whole


def period_text(cell: str, parts: Mapping[str, str] | None = None, *, slashed: bool = False) -> str | None:
    """The same in Python; `parts` are the cells of columns for the half, the quarter and the month.

    `slashed` reads days with slashes too, whose order the whole table has to prove.
    """
    plain = cell.strip()
    for kind, text in (parts or {}).items():
        part = re.sub(r"^[qmhs](\d)", r"\1", text.strip().removesuffix(".0").casefold())
        if not re.match(r"^\d{4}(\.0)?$", plain) or re.match(ALL, part):
            continue
        if kind == "quarter":
            return f"{plain[:4]}-Q{part}" if re.match("^[1-4]$", part) else None
        if kind == "half":
            return "/".join(f"{plain[:4]}-{month}" for month in HALVES[part]) if part in HALVES else None
        if re.match(f"^{NAME}$", part):
            return f"{plain[:4]}-{SHORT_MONTHS.index(part[:3]) + 1:02d}"
        number = month_names.month(part) or (int(part) if re.match(r"^(0?[1-9]|1[0-2])$", part) else 0)
        return f"{plain[:4]}-{number:02d}" if number else None
    if slashed and (found := re.match(SLASHED, plain)) is not None:
        low, high = sorted((int(found[1]), int(found[2])))
        return f"{found[3]}-{low:02d}" if 1 <= low <= 12 and high <= 31 else None
    if re.match(DAY, plain):
        return plain[:7]
    if re.match(NAMED, plain.casefold()):
        word = re.findall("[a-z]+", plain.casefold())[0]
        return f"{re.findall(r'[0-9]{4}', plain)[0]}-{SHORT_MONTHS.index(word[:3]) + 1:02d}"
    if re.match(SHORT, plain.casefold()):
        year, word = plain[-2:], re.findall("[a-z]+", plain.casefold())[0][:3]
        return f"{'20' if year < '50' else '19'}{year}-{SHORT_MONTHS.index(word) + 1:02d}"
    for pattern, written in OTHER:
        if re.match(pattern, plain):
            return re.sub(pattern, written, plain)
    if not re.match(PERIOD, plain):
        return _era(plain) or month_names.window(plain) or month_names.period(plain)
    plain = plain.removesuffix(".0")
    plain = re.sub("[年月]", "", re.sub(r"^(\d{4})年([1-9])月$", r"\1-0\2", plain))
    plain = re.sub(r"^(\d{4})[M./]?(0[1-9]|1[0-2])$", r"\1-\2", plain)
    return re.sub(r"^(\d{4})Q([1-4])$", r"\1-Q\2", plain)


def dated(texts: Iterable[str], wanted: str | None, name: str) -> tuple[str, str]:
    """What days stand for (longer spans where all are ends of them; which of `ORDERS` they have) and what to say.

    2021-01-01 and 2022-01-01 are years or Januaries, 2009-10 and 2010-11 are months or fiscal years: `wanted` settles
    it (year, quarter, month). Raises InputError where it does not and more than one period says the same.
    """
    plain = sorted({text.strip().lower() for text in texts})
    if marked := [text for text in plain if re.match(MARKED, text)]:
        kind, told = dated((text for text in plain if text not in set(marked)), wanted, name)
        return kind, "; ".join([f"marks behind periods, such as {marked[0]}, are left out", *([told] if told else [])])
    order, told = order_of(plain)
    if order:
        return order, told
    if brief := [text for text in plain if re.match(SHORT, text) and not text[0].isdigit()]:
        numbers = {text[-2:] for text in brief}
        if len(numbers) > 12 and len({text[:3] for text in brief}) < 3 and max(numbers) <= "31":
            told = f"{name}: periods such as {brief[0]} can be days or months"
            raise InputError(f"{told}; allowed: periods with the year "
                             "in full, as 2022-01")  # fmt: skip
        return "", f"{brief[0]} is read as {period_text(brief[0])}: a month and its year"
    if plain and all(re.match(DAY, text) for text in plain):
        days = {text[5:10] for text in plain}
        kind = "year" if len(days) == 1 and days <= {"01-01", "12-31"} else ""
        if len(days) > 2 and (days <= set(STARTS) or days <= set(ENDS)):
            kind = "quarter"
        if not kind or wanted == "month":
            return "", ""
        if wanted == kind:
            return kind, f"days such as {plain[0]} stand for their {kind}, as asked for"
        told = f"{name}: periods such as {plain[0]} can be {kind}s or months"
        if len(plain) > 1:
            raise InputError(f"{told}; allowed: frequency={kind!r} or 'month' (--frequency {kind})")
        return "", f"{plain[0]} is read as {plain[0][:7]}; frequency={kind!r} reads the {kind} (--frequency {kind})"
    months = [match for text in plain if (match := re.match(r"^([0-9]{2})([0-9]{2})[-/]([0-9]{2})$", text))]
    if not months or wanted == "month" or any((int(m[2]) + 1) % 100 != int(m[3]) or int(m[3]) > 12 for m in months):
        return "", ""
    first = months[0][0]
    if len(months) > 1 or "/" in first:
        raise InputError(f"{name}: periods such as {first} can be months or fiscal years; allowed: frequency='month' "
                         "(--frequency month) if they are months, or years as YYYY")  # fmt: skip
    return "", f"{first} is read as month {first[5:]} of {first[:4]}, not as a fiscal year"


def frequency(period: str) -> str:
    """year, quarter or month; `span` for a window with a start and an end."""
    return next((name for name, pattern in FREQUENCIES.items() if re.match(pattern, period)), "span")


def inside(periods: Iterable[str]) -> list[tuple[str, str]]:
    """Every period with each longer one of them that contains it: a month in its quarter, its year, a window."""
    windows = {period: _months(period) for period in periods}
    by_size = sorted(windows, key=lambda period: windows[period][1] - windows[period][0])
    if not by_size or len({end - start for start, end in windows.values()}) == 1:
        return []
    long = [period for period in by_size if windows[period][1] > windows[period][0]]
    return [
        (period, other)
        for period in by_size
        for other in long
        if windows[other][0] <= windows[period][0] and windows[period][1] <= windows[other][1] and other != period
    ]


def level(periods: Iterable[str]) -> list[str]:
    """The periods of the longest kind up to a year, in order: the years of a table of years and months."""
    sizes = {period: end - start + 1 for period in periods for start, end in [_months(period)]}
    longest = max((size for size in sizes.values() if size <= 12), default=max(sizes.values(), default=0))
    return sorted(period for period, size in sizes.items() if size == longest)


def _months(period: str) -> tuple[int, int]:
    """First and last month of a period, counted from the year 0."""
    start, _, end = period.partition("/")
    first, last = (_ends(text) for text in (start, end or start))
    return first[0], last[1]


def _ends(period: str) -> tuple[int, int]:
    year = 12 * int(period[:4])
    if frequency(period) == "month":
        return (year + int(period[5:7]) - 1,) * 2
    quarter = int(period[6]) if frequency(period) == "quarter" else 0
    return (year + 3 * quarter - 3, year + 3 * quarter - 1) if quarter else (year, year + 11)
