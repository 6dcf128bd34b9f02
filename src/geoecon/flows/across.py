"""Matrices of trade: countries or codes of products as headings, alone or with a period beside each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from geoecon.errors import InputError
from geoecon.flows import periods, systems
from geoecon.flows.headings import field_of, harmless, role_named
from geoecon.flows.layouts import COUNTRY, TOTAL
from geoecon.flows.units import unit
from geoecon.flows.wide_headings import DATED, Column

CODE = re.compile(r"^(hs[ -]?)?(\d{6}|\d{8}|\d{10})$", re.IGNORECASE)
CORNER = re.compile(r"^(.+?)\s*(?:\\|/|→|->|\||\bto\b|\bby\b)\s*(.+)$", re.IGNORECASE)  # exporter \ importer
SIDES = {"exporter": "importer", "importer": "exporter", "reporter": "partner", "partner": "reporter"}
WORLD = "World"
NAMES = ("US", "UK", "EU")  # two letters that stand for a name
MEASURE = re.compile(r"%|[$€¥£₩元円원]|\(\W*\w?\W*\)")  # a heading that says what is counted: no country alone


def corner(heading: str) -> tuple[str, str]:
    """The two sides that the first heading of a square table names: its rows and its columns; empty for none."""
    found = CORNER.match(heading.strip())
    if found is None:
        return "", ""
    rows, columns = (_side(part) for part in found.groups())
    return (rows, columns) if SIDES.get(rows) == columns else ("", "")


def _side(text: str) -> str:
    plain = text.strip().casefold()
    known = field_of(plain)
    return known if known in SIDES else {"from": "exporter", "to": "importer"}.get(plain, "")


def columns_of(headings: Sequence[str], given: Iterable[str] = (), side: str = "") -> tuple[str, list[Column]]:
    """What the headings of a matrix name (exporter, importer, partner, product) and its columns; nothing for a table
    that has all fields, or headings that are neither countries nor codes.

    `given` are fields that the user says, `side` what the headings name where the corner says it. Raises InputError
    for a heading among countries that is none.
    """
    fields = {field_of(heading.strip().casefold()) for heading in headings} | set(given)
    if measured := _measured(headings, fields, side):
        return measured
    if "value_usd" in fields or any(_money(heading) for heading in headings):
        return "", []
    rest = [h for h in headings if not field_of(h.strip().casefold()) and not role_named(h) and not harmless(h)
            and h.strip().casefold() not in COUNTRY]  # fmt: skip
    codes = [heading for heading in rest if CODE.match(heading.strip())]
    if len(codes) > 1 and "product" not in fields:
        _all(rest, codes, "codes of products")
        return "product", [Column(heading, "", "value", place=heading.strip()) for heading in codes]
    sides = [SIDES[own] for own in SIDES if own in fields and SIDES[own] not in fields]
    named = side or (sides[0] if len(sides) == 1 else "")
    if not named:
        return "", []
    found = [column for heading in rest if (column := _place(heading)) is not None]
    found = found if side else _alike(found)
    if len(found) < 2 or not any(column.place != WORLD for column in found):
        return "", []
    _all(rest, [column.heading for column in found], "countries")
    dated = [column.heading for column in found if column.period]
    if dated and "period" in fields:
        own = next(h for h in headings if field_of(h.strip().casefold()) == "period")
        raise InputError(f"columns {', '.join(dated[:3])} name a period, and so does {own}; allowed: one of the two, "
                         "the other left out before")  # fmt: skip
    return named, found


def _measured(headings: Sequence[str], fields: set[str], side: str) -> tuple[str, list[Column]] | None:
    """The same for headings that all name a country and what is counted: `KOR Value (USD)`, `KOR Weight (t)`."""
    sides = [SIDES[own] for own in SIDES if own in fields and SIDES[own] not in fields]
    rest = [h for h in headings if not field_of(h.strip().casefold()) and not role_named(h) and not harmless(h)]
    found = [column for heading in rest if (column := _counted(heading)) is not None]
    places, measures = ({getattr(column, name) for column in found} for name in ("place", "measure"))
    if len(found) < len(rest) or len(places - {WORLD}) < 2 or len(measures) < 2 or not (side or len(sides) == 1):
        return None
    return side or sides[0], found


def _counted(heading: str) -> Column | None:
    """The column of a country and what is counted in it, one before the other; None for others."""
    words = heading.split()
    for k in range(len(words) - 1, 0, -1):
        for name, rest in ((words[:k], words[k:]), (words[-k:], words[:-k])):
            told = " ".join(rest)
            said, field = unit(told), field_of(told.casefold())
            place = _place(" ".join(name)) if said is not None or field in ("value_usd", "tonnes") else None
            if place is None or place.period:
                continue
            weight = field == "tonnes" if said is None else not said.money
            return Column(heading, "", told if weight else f"value ({told})" if said is not None else "value",
                          place=place.place)  # fmt: skip
    return None


def places(row: Sequence[str]) -> int:
    """How many cells of a row name countries, as the header of a matrix does; 0 for a row with a number in it."""
    cells = [cell.strip() for cell in row if cell.strip()]
    if any(cell[0].isdigit() for cell in cells):
        return 0
    return len(_alike([column for cell in cells if (column := _place(cell)) is not None]))


def _money(heading: str) -> bool:
    said = unit(heading)
    return said is not None and said.money and _place(heading) is None


def _alike(columns: list[Column]) -> list[Column]:
    """The columns without codes of two letters, unless all countries have one (`No` counts rows, `KG` is a weight), and
    without codes in small letters (`per`, `mar` and `nor` are words)."""
    columns = [column for column in columns if len(column.place) > 3 or column.place == column.place.upper()]
    named = [column for column in columns if column.place != WORLD]
    if len(named) > 2 and all(len(column.place) == 2 and unit(column.place) is None for column in named):
        return columns
    return [column for column in columns if len(column.place) != 2 or column.place in NAMES]


def _all(rest: Sequence[str], found: Sequence[str], what: str) -> None:
    """Raises InputError for headings among those of a matrix that are of another kind."""
    odd = [heading for heading in rest if heading not in found]
    if odd:
        raise InputError(f"columns {', '.join(found[:3])} are {what}, and {', '.join(odd[:8])} cannot be read as such; "
                         "allowed: a country or a code for every column, or without the column")  # fmt: skip


def _place(heading: str) -> Column | None:
    """The column of a country, with the period beside it where there is one."""
    told = {match[0] for match in DATED.finditer(heading)}
    period = periods.period_text(next(iter(told))) if len(told) == 1 else None
    name = heading.replace(next(iter(told)), " ") if period is not None else heading
    name = re.sub(r"^[\s:;,()\[\]-]+|[\s:;,(\[-]+$", "", name)
    said = re.search(r"\((.*?)\)", heading)
    if not name or (told and period is None) or MEASURE.search(heading) or (said and unit(said[1]) is not None):
        return None
    if re.match(TOTAL, name.upper()):
        return Column(heading, period or "", "value", place=WORLD)
    try:
        found = systems.place(name, "") if not name.isdigit() else None
    except InputError:
        return None
    if found is None or found.kind == "unspecified":
        return None
    return Column(heading, period or "", "value", place=WORLD if found.iso3 == "WLD" else name)
