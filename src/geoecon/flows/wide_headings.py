"""Headings of a wide table: the period, month or day that one names, and what stands under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geoecon.dates import SHORT_MONTHS
from geoecon.flows import periods
from geoecon.flows.headings import field_of, role_named
from geoecon.flows.layouts import MEASURES
from geoecon.flows.meaning import direction
from geoecon.flows.units import unit

PERIOD, FLOW, UNIT = "period", "flow", "unit"
MONTH = rf"{periods.NAME}[ /_-]?(?:19|20)\d\d|(?:19|20)\d\d[ /_-]?{periods.NAME}"
WINDOW = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])/(?:19|20)\d\d-(?:0[1-9]|1[0-2])"  # a fiscal year
DATED = re.compile(
    rf"(?<!\d)(?:{WINDOW}|{MONTH}|(?:19|20)\d\d(?:(?:[-./M_]|-M)?(?:0[1-9]|1[0-2])|-?[QHS][1-4])?)(?!\d)(?![-./]\d)",
    re.IGNORECASE,
)
BRIEF = re.compile(rf"(?<![a-z]){periods.NAME}[ '’-]\d\d(?![\d-])", re.IGNORECASE)  # Jan-22
BESIDE = r"share|growth|change|%|percent|rank|index|\bcagr\b|\byoy\b|\bhs|sitc|naics|isic|gdp|population"
BESIDE += r"|\b(average|mean|sum|total)\b.*(19|20)\d\d.*(19|20)\d\d"  # of the years beside it
BASE = (
    r"price|balance|unit value|constant|real|deflat|\bbase|\bper\b|average|cumul|forecast|target|plan"  # other values
)
FILLING = r"\[yr\d{4}\]|\b(yr|year|in|of|for|the|period|month|p|e|r|prov|provisional|preliminary|revised)\b"
FILLING += r"|^[xy](?=$|\b)|[\s_:;,()\[\]-]+"


Key = tuple[str, str, str]


@dataclass(frozen=True)
class Column:
    """What stands under one heading of a wide table."""

    heading: str
    period: str  # empty where the headings name directions alone
    measure: str  # the heading without its period, with a unit if it says one
    flow: str = ""
    unit: str = ""  # of the value, where the periods of a table differ in it
    place: str = ""  # the country or product that a heading of a matrix names

    @property
    def key(self) -> Key:
        """What is made one row: period, flow and place."""
        return self.period, self.flow, self.place


def days_of(headings: Sequence[str], frequency: str | None) -> dict[str, str]:
    """Headings that are a date, as a workbook and a frame give the first of a month, and the period they stand for."""
    found = {h: period for h in headings if re.match(periods.DAY, h.lower()) and (period := periods.period_text(h))}
    if len(found) < 2:
        return {}
    kind = periods.dated(found, frequency, "columns")[0]
    if kind == "year":
        return {heading: period[:4] for heading, period in found.items()}
    quarters = {h: f"{period[:4]}-Q{(int(period[5:7]) + 2) // 3}" for h, period in found.items()}
    return quarters if kind == "quarter" else found


PART = re.compile(
    rf"^(?:(?P<name>{periods.NAME})|(?P<number>1[0-2]|0?[1-9])[月월]|m(?:onth)?[ _-]?(?P<month>1[0-2]|0?[1-9])"
    r"|q(?:uarter)?[ _-]?(?P<quarter>[1-4])|(?P<fourth>[1-4])분기)(?![^\W_]|[-/'’]?\d)",
    re.IGNORECASE,
)  # the month or quarter of a year that stands in a column of its own


def parts_of(headings: Sequence[str]) -> tuple[str, list[Column]]:
    """Months or quarters that stand as columns beside one of years: what they are (month, quarter) and the columns.

    Nothing where the table has a value of its own, a column of months, or fewer than two of them.
    """
    years = [heading for heading in headings if field_of(heading.strip().casefold()) == PERIOD]
    others = {role_named(heading) for heading in headings} & set(periods.PARTS)
    if len(years) != 1 or others or any(field_of(h.strip().casefold()) == "value_usd" for h in headings):
        return "", []
    found: dict[str, list[Column]] = {}
    for heading in headings:
        said = PART.match(heading.strip())
        if said is None:
            continue
        number = said["number"] or said["month"]
        number = str(SHORT_MONTHS.index(said["name"][:3].casefold()) + 1) if said["name"] else number
        part = said["quarter"] or said["fourth"] or f"{int(number):02d}"
        told = _measured(heading, said[0], part)
        if told is not None:
            found.setdefault("month" if number else "quarter", []).append(told)
    return next(iter(found.items())) if len(found) == 1 and len(next(iter(found.values()))) > 1 else ("", [])


def column_of(heading: str, day: str | None = None) -> Column | None:
    """The period that a heading names with nothing else but words of value, weight and direction; a `day` stands for
    one that is known.
    """
    if day is not None:
        return Column(heading, day, "value")
    found = {match[0] for match in DATED.finditer(re.sub(r"\[YR\d{4}\]", "", heading))}
    found = found or {match[0] for match in BRIEF.finditer(heading)}
    if len(found) != 1:
        return None
    told = found.pop()
    period = periods.period_text(told.replace("_", "-"))
    return _measured(heading, told, period) if period is not None else None


def _measured(heading: str, told: str, period: str) -> Column | None:
    """A column of the value or weight of one period; None where its heading says something else."""
    rest = heading.replace(told, " ").strip()
    plain = " ".join(re.sub(FILLING, " ", rest.casefold()).split())
    if plain in ("", "x", "y"):
        return Column(heading, period, "value")
    if re.search(f"{BESIDE}|{BASE}", plain) or (
        unit(rest) is None and not any(word in plain for word in (*MEASURES, "export"))
    ):
        return None
    flow = direction(plain.split()[0] if re.search("import|export", plain) else "", {}, "")
    said = unit(rest)
    money, weight = (said is not None and said.money is kind for kind in (True, False))
    named = " ".join(rest.split())
    if weight:
        return Column(heading, period, named, flow)
    if not money and re.search(r"weight|mass|quantit|qty|poids|gewicht|peso|重量|数量|중량", plain):
        return Column(heading, period, named, flow)
    return Column(heading, period, f"value ({named})" if money else "value", flow)
