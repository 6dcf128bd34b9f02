"""Which column of a bill of materials holds what, by the words of its heading and, for units, by its cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from geoecon.disruption.part_times import RATE, dated, days_of, time_of
from geoecon.tables import packaged

REQUIRED = ("part", "stock", "use_per_day", "supplier", "lead_time_days")
NUMBERS = ("stock", "use_per_day", "lead_time_days")
SIDES = {"min": "low", "low": "low", "lowest": "low", "best": "low", "minimum": "low", "max": "high", "high": "high",
         "highest": "high", "worst": "high", "maximum": "high"}  # fmt: skip
BANDS = tuple(f"{name}_{side}" for name in NUMBERS for side in ("low", "high"))
WORDS = ("part", "supplier")  # fields that hold words
UNITS = {"stock": "stock_unit", "use_per_day": "use_unit", "lead_time_days": "lead_time_unit"}
FIELDS = (*REQUIRED, *BANDS, "share", "stock_days", "unit", *UNITS.values(), "use_period")


class Column(NamedTuple):
    """A column that was read: where it stands, its heading, the days its numbers are for; a lower rank goes first."""

    place: int
    heading: str
    days: float = 1.0
    rank: int = 0


class Named(NamedTuple):
    """What a heading says that its column holds; of several columns of words the lowest rank is read."""

    field: str
    days: float
    rank: int


_NO_NUMBER = (
    r"\b(dates?|datum|prices?|costs?|value|wert|prix|precio|remarks?|comments?|notes?|types?|class|category|group"
    r"|status|location|place|bin|codes?|id|trend|change|growth|variance|variab\w*|deviation|sd|sigma|std dev"
    r"|reliab\w*|accuracy|turns?|turnover|policy|method|owner|planner|buyer|yoy|profile|reason|source|rank|priority"
    r"|flag|ago|age|aging|ageing|since|overdue|late|currency|usd|eur|krw|jpy|cny|otd|where used)\b"
    r"|lager(ort|platz|nummer|nr|typ|gruppe|bereich)\w*|description|warehouse$|仓库|倉庫|창고|库位|保管場所|日付|価格|金額|가격|금액|价格|金额"
)
_NO_SUPPLIER = (
    r"\b(country|land|address|e?mail|phone|contact|rating|score|risk|part|item|material|sku|article|catalog(ue)?|city"
    r"|region|site|plant|status|type|class|group|since|count|stock|price|cost|currency|percent|pct|otd|second|2nd"
    r"|alternat\w*|backup|other|date|terms?|notes?|remarks?|comments?|unit|uom|share|lead|managed)\b|%"
)
_NO_PART = (
    r"\b(of|class|group|family|type|category|status|weight|size|rev|revision|per|used|price|cost|value|lead|stock|count"
    r"|date|share|level|remarks?|notes?|comments?|unit|uom)\b|%"
)
_WEAK = frozenset((
    "product", "name", "description", "品名", "item description", "part description", "material description",
    "quantity", "qty", "manufacturer", "maker", "source", "hersteller", "fabricant",
))  # fmt: skip
_LOW = r"\b(min|minimum|low|lowest|shortest|best case|optimistic)\b"
_HIGH = r"\b(max|maximum|high|highest|longest|worst case|pessimistic|peak)\b"
_ON_THE_WAY = (
    r"\b(transit|transport\w*|shipping|shipment|freight|customs|clearance|inspection|goods receipt|gr|wareneingang\w*"
    r"|quality (check|control)|qc|handling|processing|order entry|internal|approval|receiving|putaway)\b"
)
_CLAUSE = r"\b(excl|excluding|without|w/o|net of|less|incl|including|ohne|abzüglich|inkl|zzgl|hors)\b\.?[\w ]*"
_UNIT = r"\b(uom|u ?/? ?m|units?|unit of measure|um|einheit|unité|unidad|me)\b|単位|单位|단위"
_TIME_UNIT = r"\b(period|per|time unit|frequency|interval|basis|zeitraum|zeiteinheit|bucket|cadence)\b|期間|기간"


@cache
def _listed() -> Mapping[str, tuple[str, float]]:
    """Words of a heading -> (field, days that the number is for)."""
    known = {
        plain(row["heading"]): (row["field"], float(row["days"] or 1)) for row in packaged("disruption", "parts.csv")
    }
    return known | {plain(name): (name, 1.0) for name in (*REQUIRED, *BANDS, "share", "stock_days")}


@cache
def _words() -> Mapping[str, str]:
    """Field -> what the words of a heading that nobody listed must hold; of the numbers the first that fits counts."""
    found: dict[str, list[str]] = {}
    for row in packaged("disruption", "part_words.csv"):
        found.setdefault(row["field"], []).append(row["words"])
    return {field: "|".join(words) for field, words in found.items()}


def _number(text: str, *fields: str) -> str | None:
    """The field of a number that words name, of all or of some."""
    return next((field for field, words in _words().items() if field not in (*WORDS, "country")
                 and field in (fields or _words()) and re.search(words, text)), None)  # fmt: skip


@cache
def _meanings() -> tuple[tuple[str, str], ...]:
    """Words of a heading that is not read -> what that means for the days."""
    return tuple((row["heading"], row["means"]) for row in packaged("disruption", "part_columns.csv"))


def example(name: str) -> str:
    """Headings that are read as a field, for a message."""
    words = [heading for heading, (field, _) in _listed().items() if field == name and heading.isascii()]
    return ", ".join([name, *words[1:4]])


@lru_cache(4096)
def plain(heading: str) -> str:
    """A heading without what stands in brackets, punctuation and case."""
    bare = re.sub(r"[\(\[].*?[\)\]]", " ", unicodedata.normalize("NFKC", heading))
    return " ".join(re.sub(r"[_.:*#,/-]+", " ", bare).casefold().split())


@lru_cache(4096)
def inside(heading: str) -> str:
    """What stands in the brackets of a heading."""
    return " ".join(re.findall(r"[\(\[](.*?)[\)\]]", unicodedata.normalize("NFKC", heading)))


def _whole(heading: str) -> str:
    return f"{plain(heading)} {plain(inside(heading))}".strip()


def meaning(heading: str) -> str:
    """What it means for the days that a column is not read; empty where it would not change them."""
    text = re.sub(_CLAUSE, " ", _whole(unicodedata.normalize("NFKC", heading)))
    return next((means for words, means in _meanings() if re.search(words, text)), "")


def on_the_way(heading: str) -> bool:
    """Whether a column holds a time that comes to the lead time: transit, customs, goods receipt."""
    text = re.sub(_CLAUSE, " ", _whole(unicodedata.normalize("NFKC", heading)))
    timed = re.search(r"\b(time|days?|weeks?|wks?|months?|duration|d|lead)\b|zeit|dauer", text)
    used = _number(text, "use_per_day", "stock")
    return bool(timed and used is None and re.search(_ON_THE_WAY, text))


def named(heading: str) -> Named | None:
    """The field that a heading names, with the days its numbers are for; what brackets add (weeks) counts."""
    heading = unicodedata.normalize("NFKC", heading)
    whole, bare = _whole(heading), plain(heading)
    if whole in _listed():
        return _of_list(heading, whole)
    if meaning(heading) or on_the_way(heading):
        return None
    told = re.sub(_CLAUSE, " ", whole)
    name = _number(told)
    if bare in _listed() and not re.search(_NO_NUMBER, plain(inside(heading))):
        name, _, rank = _of_list(heading, bare)
    elif name is not None and not re.search(_NO_NUMBER, told):
        rank = 1
    else:
        return _of_words(whole)
    if name in WORDS:
        return Named(name, 1.0, rank)
    if name == "use_per_day" and re.search(RATE, whole):
        return None
    if name == "stock" and (time_of(inside(heading)) is not None or re.search(_IN_TIME, whole)):
        return Named("stock_days", days_of(heading, "stock_days"), rank)
    low, high = (re.search(words, told) is not None for words in (_LOW, _HIGH))
    if low != high and name in NUMBERS:
        return None if name == "stock" else Named(f"{name}_{'low' if low else 'high'}", days_of(heading, name), rank)
    return Named(name, days_of(heading, name), rank)


_TIMES = r"(days|weeks|wks|months|mths|tagen?|wochen|monaten?|jours|semaines|mois|días|semanas|meses)"
_IN_TIME = (  # a stock told in time: stock in weeks, days in stock, stock (months of use), 在庫日数
    rf"\bin {_TIMES}$|^{_TIMES} (in|of|on)\b|\b{_TIMES} (of )?(use|usage|demand|consumption|supply|cover\w*|sales)\b"
    r"|[日天周週]数|일수|주수|ヶ?月数"
)


def _of_list(heading: str, text: str) -> Named:
    name, days = _listed()[text]
    return Named(name, days if days != 1 else days_of(heading, name), 2 * (text in _WEAK))


def _of_words(whole: str) -> Named | None:
    """A column of words: the supplier or the part; a number of the supplier only where there is no name."""
    words = _words()
    if re.search(words["supplier"], whole) and not re.search(_NO_SUPPLIER, whole):
        return Named("supplier", 1.0, 2 if re.search(r"\b(no|nr|number|code|id)\b|nummer", whole) else 1)
    if re.search(words["country"], whole):
        return Named("supplier", 1.0, 3)  # where nobody is named, a country stands for its suppliers
    if re.search(words["part"], whole) and not re.search(_NO_PART, whole):
        return Named("part", 1.0, 2 if "description" in whole else 1)
    return None


def beside(heading: str, read: Column | None) -> str:
    """What it means that a column of suppliers, or of countries, is not read beside the one like it that is."""
    one = named(heading)
    if read is None or one is None or one.field != "supplier" or (one.rank < 2) != (read.rank < 2) or one.rank == 2:
        return ""
    return f"suppliers are told by {read.heading!r}; columns supplier={heading!r} (--columns) counts by it instead"


def rated(heading: str) -> bool:
    """Whether a heading is that of a use for something that is no time we count in: a shift, an hour, a piece."""
    whole = _whole(unicodedata.normalize("NFKC", heading))
    return bool(_number(whole, "use_per_day") and re.search(RATE, whole))


def of_period(heading: str) -> bool:
    """Whether a column says for how long the numbers beside it are."""
    return re.search(r"\b(period|interval|bucket|horizon|zeitraum)\b|期間|기간", _whole(heading)) is not None


def unit_column(heading: str, cells: Sequence[str], left: str | None) -> str | None:
    """Which units or times a column of words holds, one beside each number; None for every other column.

    `left` is the field of the number to its left, which a column headed `UoM` alone may belong to.
    """
    whole = _whole(unicodedata.normalize("NFKC", heading))
    unit, timed = re.search(_UNIT, whole), re.search(_TIME_UNIT, whole)
    if not (unit or timed) or not cells or any(cell[:1].isdigit() for cell in cells):
        return None
    times = all(time_of(cell) is not None for cell in cells)
    name = _number(whole, *UNITS) or left
    metres = unit and not timed and name != "lead_time_days" and any(cell.strip().casefold() == "m" for cell in cells)
    if times and not metres:
        return {"lead_time_days": "lead_time_unit", "use_per_day": "use_period"}.get(name or "")
    return (UNITS.get(name, "unit") if name else "unit") if unit else None


_OTHER_DAY = r"\b\d{1,2}[./-]\d{1,2}[./-]|\b\d{4}[-./]\d{1,2}|\bopening\b|\bas (?:of|at)\b|anfangsbestand|期初|기초"
_FUTURE = r"\b(projected|planned|forecast\w*|expected|future|incl\w*\.? [\w ]*(?:order|transit))\b"


def other_day(stocks: Sequence[str], lead: str) -> list[str]:
    """What headings say of a stock of another day or of one that is to come, and of a least lead time, in words."""
    notes = []
    for heading in stocks:
        text, why = heading.casefold(), ""
        if re.search(_OTHER_DAY, text) or dated(heading):
            why = "names a day of its own: what is used between it and the start is not taken off"
        elif found := re.search(_FUTURE, text):
            why = f"says {found[0]!r}: stock that is not there yet is counted as if it were"
        notes += [f"{heading!r} is taken as the stock of the start; it {why}"] if why else []
    if re.search(r"\b(min|minimum|shortest|fastest)\b", lead.casefold()):
        notes.append(f"{lead!r} is the least: the replacement may come later")
    return notes
