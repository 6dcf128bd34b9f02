"""Times and shares that a question names: from when, how long, how much is withheld, at what rate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from geoecon.errors import InputError

NUMBERS: Mapping[str, float] = {
    "one": 1, "a": 1, "an": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "eighteen": 18, "twenty": 20, "half a": 0.5, "half": 0.5,
}  # fmt: skip
FRACTIONS: Mapping[str, float] = {
    "half": 0.5, "a half": 0.5, "a third": 1 / 3, "one third": 1 / 3, "two thirds": 2 / 3, "a quarter": 0.25,
    "one quarter": 0.25, "three quarters": 0.75, "a fifth": 0.2, "four fifths": 0.8, "a tenth": 0.1, "nine tenths": 0.9,
}  # fmt: skip
DAYS = {"day": 1.0, "week": 7.0, "month": 365 / 12, "year": 365.0}
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
_COUNT = rf"(\d+(?:\.\d+)?|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_YEAR = r"(?:19|20)\d{2}"
_DATE = (
    rf"({_YEAR}-\d{{2}}-\d{{2}}|{_YEAR}-\d{{2}}|(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?{_MONTH},? {_YEAR}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}|{_YEAR}|today|tomorrow|next month|next year|now)"
)
_SHARE = "|".join(sorted(FRACTIONS, key=len, reverse=True)).replace(" ", "[ -]")
_PERCENT = r"(?:%|per ?cent\b)"
RATES = re.compile(r"\btariffs?\b|\bdut(?:y|ies)\b|\btax(?:es|ed)?\b|\blev(?:y|ies)\b|\bsurcharges?\b", re.I)


@dataclass
class Amounts:
    """What a question says in numbers: first day, days it lasts, share withheld, rate; `rest` is the text without."""

    rest: str
    start: date | None = None
    days: float | None = None
    cut: float | None = None
    duty: float | None = None


def amounts(text: str) -> Amounts:
    """Reads them. Raises InputError for a day that is none, or an end before the start."""
    found = Amounts(text)
    _length(found)
    _dates(found)
    _size(found)
    found.rest = " ".join(found.rest.split())
    return found


def _length(found: Amounts) -> None:
    unit = r"(day|week|month|year)"
    lasts = re.search(rf"\b(?:for|lasting|over|during) (?:the next |the coming |about |some |at least )?{_COUNT}[ -]"
                      rf"{unit}s?\b", found.rest, re.I)  # fmt: skip
    lasts = lasts or re.search(rf"\b{_COUNT}[ -]{unit}(?:s|s['’]|['’]s)?\b(?=[ -])", found.rest, re.I)
    if lasts:
        found.days = _count(lasts[1]) * DAYS[lasts[2].lower()]
        found.rest = _without(found.rest, lasts)


def _dates(found: Amounts) -> None:
    whole = re.search(rf"\b(?:during|throughout|all through) ({_YEAR})\b", found.rest, re.I)
    if whole:
        found.start, found.days = date(int(whole[1]), 1, 1), 365.0
        found.rest = _without(found.rest, whole)
    between = re.search(rf"\bbetween {_DATE} and {_DATE}(?![\w-])", found.rest, re.I)
    if between:
        found.start, last = a_day(between[1]), a_day(between[2])
        found.days = float((last - found.start).days)
        found.rest = _without(found.rest, between)
        if found.days <= 0:
            raise InputError(f"between {between[1]} and {between[2]}; allowed: the earlier day first")
    first = r"\b(?:from|starting(?: on| in)?|as of|beginning(?: on| in)?|since|on|in)"
    begins = re.search(rf"{first} {_DATE}(?: on| onwards?)?(?![\w-])", found.rest, re.I)
    if begins:
        found.start = a_day(begins[1])
        found.rest = _without(found.rest, begins)
    ends = re.search(rf"\b(?:until|till|up to|through) (?:the )?(?:(end|middle|start|beginning) of )?{_DATE}(?![\w-])",
                     found.rest, re.I)  # fmt: skip
    if ends:
        last = a_day(ends[2])
        if ends[1] and ends[1].lower() in ("end", "middle"):
            last = _within(last, ends[2], 1.0 if ends[1].lower() == "end" else 0.5)
        found.days = float((last - (found.start or date.today())).days)
        found.rest = _without(found.rest, ends)
        if found.days <= 0:
            raise InputError(f"until {ends[2]}, which is before the start; allowed: a later day")


def _within(first: date, text: str, part: float) -> date:
    """A day within the year or month that a text names: its middle or its end."""
    whole = 365 if re.fullmatch(_YEAR, text) else 30
    return first + timedelta(days=whole * part)


def _size(found: Amounts) -> None:
    changes = re.search(rf"\bfrom \d+(?:\.\d+)? ?{_PERCENT}? (?=to \d+(?:\.\d+)? ?{_PERCENT})", found.rest, re.I)
    if changes:  # "from 10 % to 25 %": what it becomes
        found.rest = _without(found.rest, changes)
    share = re.search(rf"\b(by|to|of|at|only)? ?(?:about |just |only )?(?:(\d+(?:\.\d+)?) ?{_PERCENT}|({_SHARE})\b)",
                      found.rest, re.I)  # fmt: skip
    if share:
        value = float(share[2]) / 100 if share[2] else FRACTIONS[share[3].lower().replace("-", " ")]
        if RATES.search(found.rest):
            found.duty = value
        else:
            word = (share[1] or "").lower()
            kept = word in ("to", "at", "only") or "only" in share[0].lower()
            kept |= word == "of" and "quota" in found.rest.lower()
            found.cut = 1 - value if kept else value
        found.rest = _without(found.rest, share)
    elif re.search(r"\bhalv(?:e|es|ed|ing)\b", found.rest, re.I):
        found.cut = 0.5


def _without(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " + text[match.end() :]


def _count(text: str) -> float:
    return NUMBERS[text.lower()] if text.lower() in NUMBERS else float(text)


def a_day(text: str) -> date:
    """The first day of a date, month or year in digits or words. Raises InputError for a day that is none."""
    today = date.today()
    plain = " ".join(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|,|\bof\b", " ", text.lower()).split())
    soon = {
        "today": today, "now": today, "tomorrow": today + timedelta(days=1),
        "next month": (today.replace(day=1) + timedelta(days=32)).replace(day=1),
        "next year": date(today.year + 1, 1, 1),
    }  # fmt: skip
    try:
        if plain in soon:
            return soon[plain]
        if re.fullmatch(r"\d{4}(?:-\d{2}){0,2}", plain):
            return date.fromisoformat(plain + "-01-01"[: 10 - len(plain)] if len(plain) < 10 else plain)
        words = plain.split()
        month = next(word for word in words if word in MONTHS)
        numbers = [int(word) for word in words if word != month]
        day = [number for number in numbers if number < 100]
        return date(max(numbers), MONTHS.index(month) + 1, day[0] if day else 1)
    except (ValueError, StopIteration):
        raise InputError(f"day {text!r}; allowed: a day as YYYY-MM-DD, a month as YYYY-MM, or a year") from None
