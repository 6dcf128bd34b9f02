"""Groups of countries and their members by day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache

from geoecon.countries.codes import is_country, is_known, name
from geoecon.dates import first_day, last_day
from geoecon.errors import InputError
from geoecon.tables import packaged

NO_UNION = ("countries-baci", "countries-former", "countries-regions")  # joint reports and parts of the world


@cache
def _members() -> tuple[dict[str, str], ...]:
    return tuple(packaged("countries", "members.csv"))


def groups() -> tuple[str, ...]:
    """Codes of the groups of states whose members we know: no joint reports, no parts of the world."""
    return tuple(sorted({row["group"] for row in _members() if row["source_id"] not in NO_UNION}))


def is_group(code: str) -> bool:
    """Whether the code is that of a group whose members we know, or names some one by one: "JPN+KOR"."""
    return code in groups() or bool(_together(code))


def group(text: str) -> str:
    """The code of a group under any spelling of its code or name (Five Eyes, EU-27, NAFTA). Raises InputError."""
    if is_group(text):
        return text
    spelt = {_bare(row["name"]): row["group"] for row in packaged("countries", "group_names.csv")}
    spelt |= {_bare(code): code for code in groups()}
    if _bare(text) not in spelt:
        raise InputError(f"unknown group {text!r}; allowed: {', '.join(groups())}, or states one by one: JPN+KOR")
    return spelt[_bare(text)]


def _bare(text: str) -> str:
    """A name by its letters, digits and plus signs: OPEC+ is not OPEC."""
    return "".join(c for c in text.casefold() if c.isalnum() or c == "+")


def _together(code: str) -> tuple[str, ...]:
    """The states and groups that a code names one by one; none where it does not."""
    named = tuple(code.split("+"))
    known = all(one in groups() or (is_known(one) and is_country(one)) for one in named)
    return named if len(named) > 1 and known else ()


def members(group: str, when: int | str | date | None = None) -> frozenset[str]:
    """ISO3 codes of a group's members on a day, or on the last day of a year, quarter or month (today's without one).

    So the United Kingdom is in the Union up to 2020-01 and not in annual figures of 2020, as the Union's own statistics
    count; Croatia is in from 2013-07. Raises InputError for an unknown group.
    """
    if together := _together(group):
        return frozenset[str]().union(*(members(one, when) if one in groups() else {one} for one in together))
    if group not in groups():
        raise InputError(f"unknown group {group!r}; allowed: " + ", ".join(groups()))
    on = "9998" if when is None else last_day(str(when) if isinstance(when, int) else when).isoformat()
    rows = (row for row in _members() if row["group"] == group)
    return frozenset(row["iso3"] for row in rows if row["valid_from"] <= on <= _end(row["valid_to"]))


def moves(group: str, periods: Iterable[str]) -> list[str]:
    """What to say of members that came or went inside a period (year, quarter, month): it has those of its last day."""
    told = []
    for period in periods:
        first, last = first_day(period).isoformat(), last_day(period).isoformat()
        rows = [row for one in _together(group) or (group,) for row in _members() if row["group"] == one]
        came = [(row["valid_from"], row["iso3"], "joined", "a member") for row in rows
                if first < row["valid_from"] <= last]  # fmt: skip
        went = [
            (end, row["iso3"], "left", "no member") for row in rows if first <= (end := _end(row["valid_to"])) < last
        ]
        told += [f"{group} of {period} has its members of {last}: {name(code)} {what} on {day} and counts as {kind} "
                 f"in all of {period}" for day, code, what, kind in sorted(came + went)]  # fmt: skip
    return told


def strangers(group: str, present: Mapping[str, Collection[str]]) -> list[str]:
    """What to say of a group of which nobody stands in the rows of a period; `present` has the countries of each."""
    told = []
    for period, there in present.items():
        mine = members(group, period.rpartition("/")[2])
        if not mine:
            first = min((row["valid_from"] for row in _members() if row["group"] == group), default="unknown")
            told.append(f"{group} has no members in {period} (its first joined {first}): it joins nobody")
        elif not mine & set(there):
            told.append(f"none of the members of {group} stands in the rows of {period}: it joins nobody")
    return told


def _end(text: str) -> str:
    """The last day that a partial date may mean; far away where it is empty."""
    return last_day(text).isoformat() if text else "9999"


def parts(code: str) -> frozenset[str]:
    """ISO3 codes of the countries behind a joint report, a former state, a group or a part of the world.

    Empty where we do not know them.
    """
    same = {"EUU": "EU"}.get(code, code)  # as Comtrade and Eurostat write the Union
    return frozenset(row["iso3"] for row in _members() if row["group"] == same)
