"""Times and shares that a question names: from when, how long, how much is withheld, at what rate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from geoecon.dates import MONTHS
from geoecon.errors import InputError
from geoecon.questions.lengths import UNITS, WHOLE, Amounts, length, refuse_unread_length, spelt, without

PARTS: Mapping[str, int] = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "twelfth": 12, "twentieth": 20,
}  # fmt: skip
COUNTS = ("a", "an", *UNITS)
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_YEAR = r"(?:19|20)\d{2}"
_DATE = (
    rf"({_YEAR}-\d{{2}}-\d{{2}}|{_YEAR}-\d{{2}}|(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?{_MONTH},? {_YEAR}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}|{_YEAR}|today|tomorrow|next month|next year|now)"
)
_SHARE = rf"half|(?:(?:{'|'.join(COUNTS)})[ -])(?:{'|'.join(PARTS)})s?|all(?= *(?:$|[,.?!]|for\b|from\b))"
_PERCENT = r"(?:%|per ?cent\b)"
_NUMBER = r"(\d+(?:[.,]\d{1,2}(?!\d)|\.\d+)?)"
_BARE = r"(0?\.\d+)(?=\s*(?:$|[,;?!]|(?:to|for|from|on|of|in|and)\b))"  # "by 0.3"
RATES = re.compile(r"\btariffs?\b|\bdut(?:y|ies)\b|\btax(?:es|ed)?\b|\blev(?:y|ies)\b|\bsurcharges?\b", re.I)


def amounts(text: str) -> Amounts:
    """Reads them. Raises InputError for a day that is none, an end before the start, a range, or two sizes."""
    found = Amounts(text)
    length(found)
    _dates(found)
    _size(found)
    refuse_unread_length(found.rest)
    found.rest = " ".join(found.rest.split())
    return found


def _dates(found: Amounts) -> None:
    whole = re.search(rf"\b(?:during|throughout|all through) ({_YEAR})\b", found.rest, re.I)
    if whole:
        found.start, found.days = date(int(whole[1]), 1, 1), 365.0
        found.rest = without(found.rest, whole)
    late = re.search(rf"\b(?:by|before|no later than) (?:the )?(?:end of )?{_DATE}(?![\w-])", found.rest, re.I)
    if late:
        raise InputError(f"{late[0]!r} is no first day; allowed: from {late[1]}, or until {late[1]} for an end")
    day = rf"(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?)?"
    found.rest = re.sub(
        rf"\b((?:from|between) {day}) ((?:to|until|till|and|through) (?:{day},? ({_YEAR})))", r"\1 \3 \2", found.rest,
        flags=re.I,
    )  # fmt: skip
    until = r"(?:and|to|until|till|through|[-–])"
    between = re.search(rf"\b(?:between|from) {_DATE} ?{until} ?{_DATE}(?![\w-])", found.rest, re.I)
    if between:
        found.start, last = a_day(between[1]), a_day(between[2])
        found.days = float((last - found.start).days)
        found.rest = without(found.rest, between)
        if found.days <= 0:
            raise InputError(f"{between[0]}, which ends before the start; allowed: the earlier day first")
    first = r"\b(?:from|starting(?: on| in)?|as of|beginning(?: on| in)?|since|after|on|in)"
    begins = re.search(rf"{first} {_DATE}(?: on| onwards?)?(?![\w-])", found.rest, re.I)
    if begins or (begins := re.search(r"(?<!the )\b(next month|next year|tomorrow)\b(?!['’])", found.rest, re.I)):
        found.start = a_day(begins[1])
        found.rest = without(found.rest, begins)
    last_day = r"\b(?:until|till|up to|through|ending(?: on| in)?) (?:the )?(?:(end|middle|start|beginning) of )?"
    ends = re.search(rf"{last_day}{_DATE}(?![\w-])", found.rest, re.I)
    if ends:
        last = a_day(ends[2])
        if ends[1] and ends[1].lower() in ("end", "middle"):
            last = _within(last, ends[2], 1.0 if ends[1].lower() == "end" else 0.5)
        found.days = float((last - (found.start or date.today())).days)
        found.rest = without(found.rest, ends)
        if found.days <= 0:
            raise InputError(f"until {ends[2]}, which is before the start; allowed: a later day")


def _within(first: date, text: str, part: float) -> date:
    """A day within the year or month that a text names: its middle or its end."""
    whole = 365 if re.fullmatch(_YEAR, text) else 30
    return first + timedelta(days=whole * part)


def _size(found: Amounts) -> None:
    found.rest = re.sub(rf"\b{WHOLE}(?= ?{_PERCENT})", lambda match: f"{spelt(match[0]):g}", found.rest, flags=re.I)
    found.rest = re.sub(rf"\bup to (?=(?:about )?(?:{_NUMBER} ?{_PERCENT}|(?:{_SHARE})\b))", "", found.rest, flags=re.I)
    rated = RATES.search(found.rest)
    if none := re.search(r"\b(?:down )?to (?:zero|nil|nothing|none)\b", found.rest, re.I):
        if rated:
            raise InputError(f"a rate {none[0]} takes a measure back; allowed: a rate above 0, as a tariff of 25 %")
        found.cut = 1.0
        found.rest = without(found.rest, none)
    changes = re.search(rf"\bfrom {_NUMBER} ?{_PERCENT}? to {_NUMBER} ?{_PERCENT}", found.rest, re.I)
    if changes:
        _changed(found, changes, bool(rated))
        return
    span = re.search(rf"{_NUMBER} ?{_PERCENT}? ?(?:[-–]|to|or|and) ?{_NUMBER} ?{_PERCENT}", found.rest, re.I)
    if span or (span := re.search(rf"[-−–] ?{_NUMBER} ?{_PERCENT}", found.rest, re.I)):
        raise InputError(f"{span[0]}; allowed: one size above 0, as in by 40 %")
    size = rf"\b(by|to|of|at|only)? ?(?:about |just |only )?(?:{_NUMBER} ?{_PERCENT}|({_SHARE})\b(?! quarter))"
    share = re.search(size, found.rest, re.I) or re.search(rf"\b(by|to|of|at) {_BARE}", found.rest, re.I)
    if share:
        number = float(share[2].replace(",", ".")) if share[2] else 0.0
        value = number / (1 if re.search(r"\.\d+$", share[0]) else 100)
        if not share[2]:
            value = _part(share[3])
        if rated:
            found.duty = value
        else:
            word = (share[1] or "").lower()
            kept = word in ("to", "at", "only") or "only" in share[0].lower()
            kept |= word == "of" and "quota" in found.rest.lower()
            found.cut = 1 - value if kept else value
        found.rest = without(found.rest, share)
        if more := re.search(size, found.rest, re.I):
            raise InputError(f"two sizes ({share[0].strip()}, {more[0].strip()}); allowed: one, as in by 40 %")
    elif re.search(r"\bhalv(?:e|es|ed|ing)\b", found.rest, re.I):
        found.cut = 0.5


def _part(text: str) -> float:
    """A fraction in words: "two-fifths", "a sixth", "half", "all"."""
    *count, part = text.lower().replace("-", " ").split()
    if part == "all":
        return 1.0
    number = COUNTS.index(count[0]) if count else 1
    return max(1, number - 1 if count else 1) / PARTS[part.removesuffix("s")]


def _changed(found: Amounts, match: re.Match[str], rated: bool) -> None:
    """ "From 50 % to 30 %": the share of the flow that goes, or what a rate becomes. Raises InputError for less of a
    measure."""
    before, after = (float(match[k].replace(",", ".")) for k in (1, 2))
    if (after <= before) if rated else (after >= before):
        raise InputError(f"{match[0]} takes a measure back; allowed: a rate that rises, or a flow that falls")
    if rated:
        found.duty = after / 100
    else:
        found.cut = 1 - after / before
    found.rest = without(found.rest, match)


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
