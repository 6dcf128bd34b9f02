"""The rows and the heading of a bill of materials: which column holds what, by the words of its heading."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.flows import encoding_of, pages
from geoecon.tables import csv_rows, given

if TYPE_CHECKING:
    from geoecon.kinds import Cell


NAME = "bill of materials"
WORKBOOKS = (".xlsx", ".xls", ".xlsb", ".xlsm")
REQUIRED = ("part", "stock", "use_per_day", "supplier", "lead_time_days")
NUMBERS = ("stock", "use_per_day", "lead_time_days")
SIDES = {"min": "low", "low": "low", "lowest": "low", "best": "low", "minimum": "low", "max": "high", "high": "high",
         "highest": "high", "worst": "high", "maximum": "high"}  # fmt: skip
BANDS = tuple(f"{name}_{side}" for name in NUMBERS for side in ("low", "high"))
TIMES: Mapping[str, float] = {
    "d": 1, "day": 1, "days": 1, "tag": 1, "tage": 1, "tagen": 1, "jour": 1, "jours": 1, "día": 1, "días": 1, "日": 1,
    "일": 1, "working days": 1.4, "business days": 1.4, "w": 7, "wk": 7, "wks": 7, "week": 7, "weeks": 7, "woche": 7,
    "wochen": 7, "semaine": 7, "semaines": 7, "semana": 7, "semanas": 7, "週間": 7, "週": 7, "주": 7, "m": 30.4375,
    "mo": 30.4375, "mos": 30.4375, "month": 30.4375, "months": 30.4375, "monat": 30.4375, "monate": 30.4375,
    "mois": 30.4375, "mes": 30.4375, "meses": 30.4375, "か月": 30.4375, "ヶ月": 30.4375, "月": 30.4375, "개월": 30.4375,
    "y": 365.25, "yr": 365.25, "year": 365.25, "years": 365.25, "jahr": 365.25, "jahre": 365.25,
}  # fmt: skip


def rows_of(source: pd.DataFrame | str | Path) -> list[tuple[int, list[str]]]:
    """Rows of cells as text with their line; the delimiter of text is that of its heading, a tab before all others."""
    if isinstance(source, pd.DataFrame):
        text = source.drop(columns="line", errors="ignore")
        body = [[_text(cell) for cell in row] for row in text.itertuples(index=False)]
        return list(enumerate([[str(name) for name in text.columns], *body], 1))
    if isinstance(source, Path):
        if source.suffix.lower() in WORKBOOKS:
            sheets = [rows for rows in pages(source).values() if any(c is not None for row in rows for c in row)]
            if not sheets:
                raise InputError(Fault(source.name, None, None, "the workbook is empty", "a table of parts"))
            return [(k, [_text(cell) for cell in row]) for k, row in enumerate(sheets[0], 1)]
        source, _ = text_of(source)
    lines = [line for line in source.splitlines() if line.strip()]
    if not lines:
        raise InputError(f"{NAME}: no rows; allowed: at least one part")
    delimiter = next((d for d in "\t;|" if sum(line.count(d) > 0 for line in lines[:20]) > len(lines[:20]) / 2), ",")
    read = csv_rows(io.StringIO(source, newline=""), NAME, delimiter)
    return [(line, [cell.strip() for cell in row]) for line, row in read]


def text_of(file: Path, encoding: str | None = None) -> tuple[str, list[str]]:
    """The text of a file of parts and, in words, its encoding: told by the bytes, as flows are, or as given.

    Raises InputError where the bytes say none, or another than the one given.
    """
    try:
        told, notes = encoding_of(file, file.name, encoding)
        return file.read_bytes().decode(told).removeprefix("\ufeff"), notes
    except UnicodeDecodeError as error:
        fault = Fault(file.name, None, None, f"not {error.encoding} at byte {error.start}", "encoding= of the file")
        raise InputError(fault) from None
    except OSError as error:
        raise InputError(f"{error}; allowed: a CSV file or a workbook") from None


def _text(cell: Cell) -> str:
    if not given(cell):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell!r}0"  # never three decimals
    return str(cell).strip()


@cache
def _headings() -> Mapping[str, tuple[str, float]]:
    """Words of a heading -> (field, days that the number is for)."""
    with (files("geoecon") / "disruption" / "parts.csv").open(encoding="utf-8") as lines:
        known = {_plain(row["heading"]): (row["field"], float(row["days"] or 1)) for row in csv.DictReader(lines)}
    return known | {_plain(name): (name, 1.0) for name in (*REQUIRED, *BANDS, "share", "stock_days")}


def _plain(heading: str) -> str:
    """A heading without what stands in brackets, punctuation and case."""
    bare = re.sub(r"[\(\[].*?[\)\]]", " ", heading)
    return " ".join(re.sub(r"[_.:*#,/-]+", " ", bare).casefold().split())


WORDS = (  # words of a heading that nobody listed -> field, the first that fits
    ("unit", r"^(base |order )?(uom|units?|unit of measure|um|einheit|unité|unidad|単位|单位|단위)$"),
    ("share", r"\bshare\b|%|percent|anteil"),
    ("stock_days", r"\b(days?|weeks?|months?|wks?) (of )?(on hand|cover\w*|supply|stock|inventory)"
     r"|\bcover(age)?\b|\bd(oh|os|oi)\b|reichweite"),
    ("lead_time_days", r"\blead ?time\b|\bl ?t\b|deliver|replenish|lieferzeit|wiederbeschaffung|\bdélai|plazo"
     r"|リードタイム|納期|리드타임|납기|交期|交货"),
    ("use_per_day", r"\buse[ds]?\b|usage|consum|demand|requirement|burn|verbrauch|bedarf|consommation"
     r"|使用量|消費|消耗|用量|사용량|소비|소요"),
    ("stock", r"\bstock\b|\bon ?hand\b|\bqoh\b|\bsoh\b|inventory|bestand|\blager|existencia|在庫|库存|재고"),
    ("supplier", r"supplier|vendor|manufacturer|\bmaker\b|^source$|lieferant|fournisseur|proveedor"
     r"|仕入先|供应商|공급|업체"),
    ("part", r"^(part|item|material|component|sku|article|teil|artikel)\b|部品|부품|零件|物料"),
)  # fmt: skip
OTHER = r"safety|\bmin(imum)?\b|\bmax(imum)?\b|reorder|date|price|cost|value|on order|open order|blocked"
OTHER += r"|description|remark|note"
PERIODS = (  # words of time in a heading -> days
    (r"\b(day|daily|days|d|tag|tage|jour|jours|día|días)\b|日|일", 1.0),
    (r"\b(week|weekly|weeks|w|wk|wks|wkly|woche|wochen|semaine|semaines|semana|semanas)\b|週|周|주", 7.0),
    (r"\b(month|monthly|months|mo|mos|mth|mths|mthly|monat|monate|mois|mes|meses)\b|月|월", 30.4375),
    (r"\b(quarter|quarters|quarterly|qtr|qtrs)\b", 91.3125),
    (r"\b(year|yearly|years|annual|annually|annum|yr|yrs|jahr|jahre|año|años|an|ans)\b|\bp\.? ?a\b|年|연", 365.25),
)  # fmt: skip


RATE = (  # what a use may be told by that is no time we can count with
    r"\b(per|a|each) (shift|hour|h|hr|unit|piece|pc|batch|run|car|vehicle|product|assembly|build|lot|order|set)\b"
    r"|\bhourly\b|\bbi ?(weekly|monthly)\b|fortnight|semi ?annual|half ?year|\d+ ?h\b"
)
MONTH = r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
ADJECTIVES = r"\b(daily|weekly|monthly|quarterly|annual|annually|yearly)\b|(?:\bper |/ ?|\bpro |\bpar )([a-zäéí]+)"
COMMON = ("days", "weeks", "months", "years", "quarters", "day", "week", "month", "year", "quarter", "daily", "weekly",
          "monthly", "quarterly", "yearly", "annual", "annually", "tage", "woche", "wochen", "monat")  # fmt: skip
ALIKE = ("early", "manual", "manually", "stage", "delays", "yeast", "mouth", "wear")  # near to a time and none
_BESIDE = (  # what brackets add to a lead time beside its unit
    "avg average mean median typical normal standard std quoted supplier vendor min max minimum maximum"
    " est estimated estimate calendar contract current incl including excl total latest worst best case"
    " confirmed planned actual new order reorder transport shipping door to lt lead time of a the by"
    " in from"
)
BESIDE = frozenset(_BESIDE.split())
COUNTED = r"\b(\d{1,3})[ -]?(days?|d|weeks?|wks?|w|months?|mths?|mos?|m|years?|yrs?|tage|wochen|monate)\b"


def _field(heading: str) -> tuple[str, float] | None:
    """The field that a heading names, with the days its numbers are for; what brackets add (weeks) counts."""
    heading = unicodedata.normalize("NFKC", heading)
    inside = " ".join(re.findall(r"[\(\[](.*?)[\)\]]", heading))
    for text in (f"{_plain(heading)} {_plain(inside)}".strip(), _plain(heading)):
        if text in _headings():
            name, days = _headings()[text]
            return name, days if days != 1 else days_of(heading, name)
    plain = _plain(heading)
    found = next((name for name, words in WORDS if re.search(words, plain)), None)
    if found is None or (re.search(OTHER, plain) and found in ("stock", "use_per_day", "part")):
        return None
    if found == "use_per_day" and re.search(RATE, f"{plain} {_plain(inside)}"):
        return None
    return found, days_of(heading, found)


def days_of(heading: str, name: str) -> float:
    """Days that the numbers below a heading are for, by its words: a use per week, a lead time in months."""
    if name not in ("use_per_day", "lead_time_days", "stock_days"):
        return 1.0
    text = unicodedata.normalize("NFKC", heading).casefold().replace("_", " ")
    if re.search(r"(working|business) days?", text):
        return 1.4
    inside = re.findall(r"[\(\[](.*?)[\)\]]", text)
    told = re.search(ADJECTIVES, text)
    counted = re.search(COUNTED, text) if name == "use_per_day" and told is None else None
    if counted is not None:  # usage of the last 3 months
        return int(counted[1]) * _period(counted[2])
    if name == "use_per_day" and told is None and re.search(r"\b(19|20)\d\d\b", text):
        return 30.4375 if re.search(MONTH, text) else 365.25  # demand Jun 2025, demand 2025
    adjective = (told[1] or told[2],) if told is not None and name == "use_per_day" else ()
    for part in (*adjective, *inside, text):
        for words, days in PERIODS:
            if re.search(words, part):
                return days
    return 1.0


def timeless(heading: str) -> bool:
    """Whether a heading says no time that a use could be for."""
    text = unicodedata.normalize("NFKC", heading).casefold().replace("_", " ")
    return not any(re.search(words, text) for words in (*(words for words, _ in PERIODS), r"\d{4}"))


def strange_time(heading: str, name: str) -> str | None:
    """A word of a heading that seems a time and is none that we count in: `weks`, `per wek`, `(hours)`; else None."""
    text = unicodedata.normalize("NFKC", heading).casefold().replace("_", " ")
    inside = re.findall(r"[\(\[](.*?)[\)\]]", text)
    words: list[str] = re.findall(r"[^\W\d]{3,}", text)
    near = [word for word in words if word not in ALIKE and timeless(word) and _meant(word, 0.8)]
    if near:
        return near[0]
    if name == "use_per_day":
        said: list[str] = re.findall(r"\b(?:per|pro|par|each) +([^\W\d]+)", text)
        said += [word for part in inside for word in re.findall(r"/ ?([^\W\d]+)", part)]
    else:
        said = [word for part in inside for word in re.findall(r"[^\W\d]+", part) if word not in BESIDE]
        said += re.findall(r"\b(?:hours?|hrs?|shifts?|minutes?|fortnights?)\b", text)
    return said[0] if said and timeless(heading) else None


def _meant(word: str, least: float) -> str:
    """The word of time that a misspelt one comes nearest to; empty where none is near."""
    return next(iter(get_close_matches(word, COMMON, 1, least)), "")


def _strange(rows: tuple[int, list[str]], found: Mapping[str, tuple[int, float]]) -> list[Fault]:
    """The headings whose numbers are for a time that we do not know."""
    line, cells = rows
    faults = []
    for name, (place, _) in found.items():
        if name in ("use_per_day", "lead_time_days", "stock_days"):
            word = strange_time(cells[place], name)
            meant = _meant(word, 0.6) if word else ""
            allowed = "days, weeks, months, quarters or years" + (f"; did you mean {meant}?" if meant else "")
            faults += [Fault(NAME, line, cells[place], f"{word!r} is no time that we know", allowed)] if word else []
    return faults


def _period(word: str) -> float:
    """Days of a word of time; `m` is a month where a number stands before it."""
    return next((days for words, days in PERIODS if re.search(words, "month" if word == "m" else word)), 1.0)


def heading_of(
    rows: Sequence[tuple[int, list[str]]], columns: Mapping[str, str]
) -> tuple[int, dict[str, tuple[int, float]]]:  # fmt: skip
    """The line of the heading and field -> (column, days): the first of the lines in which most fields are named."""
    best: tuple[int, int, dict[str, tuple[int, float]]] = (-1, 0, {})
    for k, (_, cells) in enumerate(rows[:20]):
        found: dict[str, tuple[int, float]] = {}
        for name, heading in columns.items():
            if heading in cells:
                found[name] = (cells.index(heading), days_of(heading, name))
        for place, cell in enumerate(cells):
            named = _field(cell) if cell else None
            if named is not None and named[0] not in found and place not in [p for p, _ in found.values()]:
                found[named[0]] = (place, named[1])
            elif place and (side := SIDES.get(_plain(cell))) is not None:
                about = [name for name in NUMBERS if name in found and found[name][0] in (place - 1, place - 2)]
                if about and f"{about[-1]}_{side}" not in found:
                    found[f"{about[-1]}_{side}"] = (place, found[about[-1]][1])
        if len(found) > best[0]:
            best = (len(found), k, found)
    _, start, found = best
    lacking = [name for name in REQUIRED if name not in found]
    if "stock_days" in found:
        lacking = [name for name in lacking if name not in ("stock", "use_per_day")]
    strange = _strange(rows[start], found) if found else []
    if lacking or strange:
        header = ", ".join(cell for cell in rows[start][1] if cell)
        missing = [
            Fault(
                NAME, rows[start][0], name, "column is missing", f"a heading such as {_example(name)}; here: {header}"
            )
            for name in lacking
        ]
        raise InputError([*missing, *strange])
    return start, found


def _example(name: str) -> str:
    words = [heading for heading, (field_name, _) in _headings().items() if field_name == name and heading.isascii()]
    return ", ".join([name, *words[1:4]])


def preview(
    header: Sequence[str], found: Mapping[str, tuple[int, float]], start: int
) -> str:  # fmt: skip
    """What was read as what, in words."""
    words = {7.0: "a week", 30.4375: "a month", 91.3125: "a quarter", 365.25: "a year"}
    told = []
    for name, (place, days) in found.items():
        per = ""
        if name.startswith("use") and (days != 1.0 or timeless(header[place])):
            per = f" (for {words.get(days, f'{days:g} days')})" if days != 1.0 else " (no time is said: for a day)"
        elif days == 1.0 and name == "lead_time_days" and timeless(header[place]):
            per = " (no unit is said: in days, where a cell has none)"
        elif days in words and name.startswith(("lead", "stock_days")):
            per = f" (in {words[days].removeprefix('a ')}s)"
        told.append(f"{name.replace('_', ' ')} = {header[place]!r}{per}")
    above = f"; {start} lines above the heading left out" if start else ""
    return "read as " + ", ".join(told) + above
