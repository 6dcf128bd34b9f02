"""Names of months in the languages of statistical offices, and the number of each."""

from __future__ import annotations

import re
from collections.abc import Iterable

from geoecon.dates import MONTH_NAMES, MONTHS, SHORT_MONTHS

NAMES = (  # of each month, without the ends that months share
    "janvier janv januari januar jänner enero ene janeiro gennaio gen ocak styczeń leden ledna január ianuarie tammikuu"
    " январь",
    "février févr fevrier fevr februari februar feber febrero fevereiro febbraio şubat luty únor február februarie "
    "helmikuu февраль",
    "mars maart märz mär mrz marz marzo março marco mart marzec březen március martie maaliskuu март",
    "avril avr abril abr aprile nisan kwiecień duben április aprilie huhtikuu апрель",
    "mai maj mei mayo maio maggio mag mayıs květen május toukokuu май",
    "juin juni junio junho giugno giu haziran czerwiec červen június iunie kesäkuu июнь",
    "juillet juil juli julio julho luglio lug temmuz lipiec červenec július iulie heinäkuu июль",
    "août aout augusti agosto ago augustus ağustos sierpień srpen augusztus elokuu август",
    "septembre septiembre setembro settembre sett eylül wrzesień září szeptember septembrie syyskuu сентябрь",
    "octobre oktober okt octubre outubro ottobre ott ekim październik říjen október octombrie lokakuu октябрь",
    "novembre noviembre novembro kasım listopad november noiembrie marraskuu ноябрь",
    "décembre déc decembre dezember dez diciembre dic dezembro dicembre aralık grudzień prosinec desember "
    "december decembrie joulukuu декабрь",
)
NUMBERS = {name: k for k, names in enumerate(NAMES, 1) for name in names.split()}
NUMBERS |= {name.casefold(): k for k, name in enumerate(MONTHS, 1)}
ANY = "(" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
TOLD = re.compile(rf"^(?:{ANY}[ ./-]*(?:de )?((?:19|20)\d\d)|((?:19|20)\d\d)[ ./-]*{ANY})$")
ALONE = re.compile(rf"^(?:(?:0?[1-9]|1[0-2])[ .-]+)?{ANY}$")


def month(text: str) -> int:
    """The number of a month by its name in any of these languages, a number in front left out; 0 for none."""
    found = ALONE.match(" ".join(text.casefold().split()))
    return NUMBERS[found[1]] if found else 0


def period(text: str) -> str | None:
    """A month with its year, such as `janvier 2022` or `2022 januari`, as YYYY-MM; None for anything else."""
    found = TOLD.match(" ".join(text.casefold().split()))
    if found is None:
        return None
    return f"{found[2] or found[3]}-{NUMBERS[found[1] or found[4]]:02d}"


_NAME = f"({MONTH_NAMES})[.]?"
_TO = "(?:-|–|—|to|through|/|~|until) ?"
WINDOW = (  # Jan-Mar 2021, April 2020 - March 2021, 2021 Jan-Mar
    rf"^(?:q[1-4] ?)?[(]?{_NAME} ?([0-9]{{4}})? ?{_TO}{_NAME},?[)]? ?([0-9]{{4}})$",
    rf"^([0-9]{{4}}),? ?[(]?{_NAME} ?{_TO}{_NAME}[)]?$",
)


def window(text: str) -> str | None:
    """A window of months by their English names as YYYY-MM/YYYY-MM, the whole year as YYYY; None for anything else."""
    plain = " ".join(text.casefold().split())
    if (found := re.match(WINDOW[0], plain)) is not None:
        one, year, other, last = found.groups()
    elif (found := re.match(WINDOW[1], plain)) is not None:
        last, one, other = found.groups()
        year = None
    else:
        return None
    start, end = (f"{y}-{SHORT_MONTHS.index(name[:3]) + 1:02d}" for y, name in ((year or last, one), (last, other)))
    whole = start[:4] == end[:4] and (start[5:], end[5:]) == ("01", "12")
    return last if whole else f"{start}/{end}" if start < end else None


def window_sql(text: str) -> str:
    """SQL of the same; NULL for anything else."""
    found = []
    for pattern, one, year, other, last in ((WINDOW[0], 1, 2, 3, 4), (WINDOW[1], 2, 1, 3, 1)):
        cell = f"regexp_replace({text}, ' +', ' ', 'g')"
        part = {k: f"regexp_extract({cell}, '{pattern}', {k})" for k in {one, year, other, last}}
        start, end = (
            f"coalesce(nullif({part[y]}, ''), {part[last]}) || '-' || {named_sql(part[name])}"
            for y, name in ((year, one), (last, other))
        )
        whole = f"{start} = {part[last]} || '-01' AND {end} = {part[last]} || '-12'"
        made = f"CASE WHEN {whole} THEN {part[last]} WHEN {start} < {end} THEN {start} || '/' || {end} END"
        found.append(f"CASE WHEN regexp_matches({cell}, '{pattern}') THEN {made} END")
    return f"coalesce({', '.join(found)})"


def named_sql(word: str) -> str:
    """SQL of the number of a month by its English name."""
    cases = " ".join(f"WHEN '{name}' THEN '{k:02d}'" for k, name in enumerate(SHORT_MONTHS, 1))
    return f"CASE left({word}, 3) {cases} END"


def month_sql(cell: str) -> str:
    """SQL of the two digits of a month by its name; NULL for none."""
    bare = rf"regexp_replace({cell}, '^(0?[1-9]|1[0-2])[ .-]+', '')"
    found = f"list_position({_list(NUMBERS)}, {bare})"
    return f"lpad(list_extract({list(NUMBERS.values())}, {found})::VARCHAR, 2, '0')"


def _list(names: Iterable[str]) -> str:
    return "[" + ", ".join(f"'{name}'" for name in names) + "]"


def period_sql(text: str) -> str:
    """SQL of the same as `period`; NULL for anything else."""
    rest = f"regexp_replace({text}, '(19|20)[0-9]{{2}}', '')"
    name = f"trim(regexp_replace({rest}, '^[ ./-]*(de )?|([ ./-]|de )*$', '', 'g'))"
    return f"nullif(regexp_extract({text}, '(19|20)[0-9]{{2}}'), '') || '-' || {month_sql(name)}"
