"""How long a measure lasts, in digits or words: "for six months", "a year and a half", "thirty-six months"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from geoecon.errors import InputError

UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TENS = ("ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
TEENS = ("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
HALVES = {"½": 0.5, "¼": 0.25, "¾": 0.75, "a half": 0.5, "half": 0.5, "a quarter": 0.25, "three quarters": 0.75}
SOME = {"a couple of": 2.0, "a dozen": 12.0, "half a": 0.5, "a half": 0.5, "half": 0.5, "a": 1.0, "an": 1.0}
DAYS = {"day": 1.0, "week": 7.0, "fortnight": 14.0, "month": 365 / 12, "quarter": 365 / 4, "year": 365.0,
        "decade": 3650.0}  # fmt: skip
_BELOW = rf"(?:(?:{'|'.join(TENS[1:])})(?:[ -](?:{'|'.join(UNITS)}))?|{'|'.join([*TEENS, TENS[0], *UNITS])})"
WHOLE = rf"(?:(?:(?:a|{'|'.join(UNITS)}) )?hundred(?:(?: and)? {_BELOW})?|{_BELOW})\b"  # up to 999
_DIGITS = r"\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:\.\d+)?"
_HALF = rf"(?:{'|'.join(HALVES)})"
_SOME = "|".join(sorted(SOME, key=len, reverse=True))
_COUNT = rf"(?:(?:{_DIGITS}|{WHOLE})(?: ?[½¼¾]| and {_HALF})?|[½¼¾]|(?:{_SOME})\b)"
_UNIT = r"(?:day|week|fortnight|month|year|decade)"
_ONE = rf"({_COUNT})[ -]?({_UNIT})(?:s['’]?|['’]s)?(?![^\W_])(?: and ({_HALF})(?![\w-]| (?:a |an )?{_UNIT}))?"
_LENGTH = rf"(?<![\w.,-]){_ONE}(?:,? and {_ONE})?"
LONGEST = 36500.0  # days from today to a start
_FOR = r"\b(?:for|lasting|over|during)(?: (?:the next|the coming|about|some|at least|another|a whole))?"
_QUARTERS = (
    rf"{_FOR} (?P<n>{_COUNT}) quarters?\b(?! of)|(?:{_FOR} )?(?P<of>{_COUNT}) quarters? of (?:an?|the|one) year\b"
)
_BROKEN = rf"(?:\b(?:hundred|thousand|million|point|dozen|and|or|to|{_BELOW})|[-–])[ -]*$"
_LEFT = (
    r"(?:[\w½¼¾,.-]+[ -])?(?:days|weeks|fortnights?|months|years|decades?|half-years?)\b"
    rf"|\b(?:for|lasting|during|first|second|third|fourth|last|next|this|\d+|{_BELOW})[ -](?:an? |the )?quarters?\b"
)


@dataclass
class Amounts:
    """What a question says in numbers: first day, days it lasts, share withheld, rate; `rest` is the text without."""

    rest: str
    start: date | None = None
    days: float | None = None
    cut: float | None = None
    duty: float | None = None


def length(found: Amounts) -> None:
    """Reads how long it lasts, and "in six months" as its first day. Raises InputError for what is no one length."""
    text = found.rest
    if negative := re.search(rf"(?<![\w-])[-−–] ?\d+(?:\.\d+)?[ -]{_UNIT}s?\b", text, re.I):
        raise InputError(f"{negative[0]}; allowed: a length above 0, as in for six months")
    span = re.search(rf"(?<![\w.,-])({_COUNT}) ?(?:[-–]|\bto\b|\bor\b) ?{_COUNT}[ -]{_UNIT}s?\b", text, re.I)
    if span and not re.fullmatch(rf"{WHOLE}[ -]{_UNIT}s?", span[0], re.I):
        raise InputError(f"{span[0]}; allowed: one length, as in for six months")
    if begins := re.search(rf"\b(in|after|within) (?:about )?{_LENGTH}(?:['’]? time)?", text, re.I):
        if begins[1].lower() == "within":
            wait_for = begins[0][7:]
            raise InputError(f"{begins[0]} is no first day; allowed: in {wait_for} for a start, or for {wait_for}")
        if (wait := _days(begins, 2)) > LONGEST:
            refuse(begins[0])
        found.start = date.today() + timedelta(days=round(wait))
        text = without(text, begins)
    if lasts := re.search(_QUARTERS, text, re.I):
        found.days = _count(lasts["n"] or lasts["of"]) * DAYS["quarter"]
        text = without(text, lasts)
    elif lasts := re.search(rf"(?:{_FOR} )?{_LENGTH}", text, re.I):
        alone = not re.match(_FOR, lasts[0], re.I) and re.search(_BROKEN, text[: lasts.start()], re.I)
        if alone or re.match(rf" (?:or|to) {_COUNT}", text[lasts.end() :], re.I):
            refuse(text[lasts.start() :] if not alone else lasts[0])
        found.days = _days(lasts, 1)
        text = without(text, lasts)
    if lasts and (more := re.search(rf"(?:{_FOR} )?{_LENGTH}", text, re.I)):
        raise InputError(f"two lengths ({lasts[0].strip()}, {more[0].strip()}); allowed: one, as in for six months")
    found.rest = text


def refuse_unread_length(text: str) -> None:
    """Raises InputError for words of a length that were not understood whole: the rest of them would be another one."""
    for left in re.finditer(_LEFT, text, re.I):
        if not re.match(r"(?:these|those|all|nowa)[ -]?days|(?:all|other) (?:the )?years", left[0], re.I):
            refuse(left[0])


def refuse(what: str) -> None:
    """Raises InputError for a length that is not understood whole."""
    raise InputError(f"not understood: {what.strip()}; allowed: one length, as in for six months or for 400 days, or "
                     "an end, as in until 2027-06")  # fmt: skip


def without(text: str, match: re.Match[str]) -> str:
    """The text without what was read."""
    return text[: match.start()] + " " + text[match.end() :]


def spelt(text: str) -> float:
    """A number in words, up to 999."""
    total = 0
    for part in re.split(r"[ -]", text.lower()):
        if part == "hundred":
            total = max(total, 1) * 100
        elif part == "a":
            total = 1
        elif part in TENS:
            total += 10 * (TENS.index(part) + 1)
        elif part in TEENS:
            total += 11 + TEENS.index(part)
        elif part in UNITS:
            total += UNITS.index(part) + 1
    return float(total)


def _days(match: re.Match[str], first: int) -> float:
    """The days of one or two counts with their units, from the group where they begin."""
    total = 0.0
    for k in (first, first + 3):
        if match[k] is not None:
            count = _count(match[k]) + (HALVES[match[k + 2].lower()] if match[k + 2] else 0.0)
            total += count * DAYS[match[k + 1].lower()]
    return total


def _count(text: str) -> float:
    """A count in digits or words, halves among them."""
    plain = text.lower().strip()
    if plain in SOME:
        return SOME[plain]
    if plain in HALVES:
        return HALVES[plain]
    whole, _, part = plain.replace("-", " ").rpartition(" and ")
    if whole and part in HALVES:
        return _count(whole) + HALVES[part]
    if plain[-1] in HALVES:
        return _count(plain[:-1]) + HALVES[plain[-1]]
    return float(plain.replace(",", "")) if plain[0].isdigit() else spelt(plain)
