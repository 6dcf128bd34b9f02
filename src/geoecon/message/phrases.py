"""How numbers are said: chances, money, shares, changes, days, and the rules that a sentence keeps.

The one place for the house style; report, brief, web pages and terminal all speak through it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from geoecon.countries import named
from geoecon.dates import MONTHS
from geoecon.spoken import SMALL, dollars, significant, size_words
from geoecon.spoken import percent as breaking
from geoecon.spoken import runs as runs

if TYPE_CHECKING:
    from geoecon.kinds import Cell


NBSP = "\u00a0"
# up to this per cent: the word
CHANCES: tuple[tuple[float, str], ...] = (
    (1, "nearly impossible"),
    (10, "very unlikely"),
    (33, "unlikely"),
    (45, "less likely than not"),
    (55, "a toss-up"),
    (67, "more likely than not"),
    (90, "likely"),
    (99, "very likely"),
    (100, "nearly certain"),
)
SMALL_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
UNMEASURED = 1e6 * SMALL  # USD: a loss below is told by this bound alone
WORDS, NUMBERS = 25, 3  # most words, and most numbers, of a sentence
_MONTH = f"(?:{'|'.join(MONTHS)})"
DAY_NAMED = re.compile(rf"\b\d{{1,2}} {_MONTH}(?: \d{{4}})?|\b{_MONTH} \d{{4}}", re.I)
FORBIDDEN = re.compile(
    r"\b(?:draws?|central run|prior|CRPS|HHI|counterfactual|unverified|80 % band|sender|target|elasticit\w+|may|"
    r"(?<!one )could|potentially)\b"
)


def chance_word(share: float) -> str:
    """The word for a probability of 0 to 1: 0.56 is "more likely than not"."""
    return next(word for most, word in CHANCES if 100 * share <= most + 1e-9)


def percent(share: float) -> str:
    """A share of 0 to 1 as `spoken` says it, unbroken: "93 %", "under 1 %"."""
    return breaking(share).replace(" %", f"{NBSP}%")


def change(share: float) -> str:
    """A change as a tile shows it: "−51 %", "+6 %"."""
    return f"{100 * share:+.0f}{NBSP}%".replace("-", "−")


def money(usd: float, *, tile: bool = False) -> str:
    """USD with two significant digits: "USD 4.5 billion", on a tile "USD 4.5 bn"."""
    return dollars(abs(usd), short=tile).replace(" ", NBSP)


def loss(usd: float, *, tile: bool = False) -> str:
    """A loss in words: "USD 4.5 billion", "a gain of …", "less than USD 10 million", or nothing one could measure."""
    if abs(usd) < UNMEASURED:
        short = "none" if abs(usd) < 0.5e6 else f"under USD{NBSP}10{NBSP}m"
        return short if tile else size_words(usd / 1e6).replace("USD 10 ", f"USD{NBSP}10{NBSP}")
    if usd < 0:
        return f"gain {money(usd, tile=True)}" if tile else f"a gain of {money(usd)}"
    return money(usd, tile=tile)


def loses(usd: float) -> str:
    """What somebody loses or gains, with its verb: "loses USD 4.5 billion", "gains …", "loses nothing …"."""
    return f"gains {money(usd)}" if usd <= -UNMEASURED else f"loses {loss(usd)}"


def unbroken(text: str) -> str:
    """A text whose sums of money do not break at the end of a line."""
    return re.sub(r"USD ([\d.]+) (million|billion|trillion)", rf"USD{NBSP}\1{NBSP}\2", text)


def per_head(usd: float, people: float | None) -> str:
    """A sum divided among all people: "about 50 dollars per head", or nothing where the population is unknown."""
    if not people:
        return ""
    each = abs(usd) / people
    if each < 0.5:
        return "less than a dollar per head"
    return f"about {significant(each):g} dollars per head" if each >= 1.5 else "about a dollar per head"


def whole(number: float) -> str:
    """A count in words up to twelve."""
    number = round(number)
    return SMALL_WORDS[number] if 0 <= number < len(SMALL_WORDS) else f"{number:,}".replace(",", NBSP)


def tenths(share: float) -> str:
    """A share as people say it: "nine tenths", "half", "a third"."""
    told = (
        (0.02, "nearly nothing"),
        (0.075, "a twentieth"),
        (0.15, "a tenth"),
        (0.225, "a fifth"),
        (0.29, "a quarter"),
        (0.365, "a third"),
        (0.45, "two fifths"),
        (0.55, "half"),
        (0.63, "three fifths"),
        (0.71, "two thirds"),
        (0.775, "three quarters"),
        (0.85, "four fifths"),
        (0.96, "nine tenths"),
        (1.01, "nearly all"),
    )
    return next((word for most, word in told if share < most), "more than all")


def by(fall: float) -> str:
    """How far something fell, after its verb: "by nine tenths", "to nearly nothing", "to nothing"."""
    if fall >= 0.995:
        return "to nothing"
    return f"by {tenths(fall)}" if fall < 0.96 else "to nearly nothing"


def length(months: float) -> str:
    """A span of time: "five months", "a year and a half", "two years"."""
    if months < 17:
        return (
            f"{whole(max(months, 1))} month{'s' if round(months) > 1 else ''}"
            if months < 10.5
            else "a year"
            if months < 13.5
            else f"{round(months)} months"
        )
    half = round(months / 6) / 2
    if half == 1.5:
        return "a year and a half"
    return f"{whole(int(half))}{' and a half' if half % 1 else ''} years"


def within(months: float, *, tile: bool = False) -> str:
    """A time that something ends within, never rounded down: "a year", "21 months", "two and a half years"."""
    whole_months = math.ceil(months - 1e-9)
    if tile or (whole_months < 24 and whole_months != 12):
        number = f"{whole_months}" if tile else whole(whole_months)
        return f"{number} month{'s' if whole_months != 1 else ''}"
    return length(6 * math.ceil(whole_months / 6))


def month(text: str) -> str:
    """A month of a table in words: "2023-03" is March 2023; a year stays a year."""
    if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", text):
        return f"{date.fromisoformat((text + '-01')[:10]):%B %Y}"
    return text


def day(when: date, year: bool = True) -> str:
    """4 July 2019."""
    return f"{when.day} {when:%B}" + (f" {when.year}" if year else "")


def land(state: str, start: bool = False) -> str:
    """A state's name inside a sentence: "the United States"; `start`: as the first word."""
    return capital(named(state)) if start else named(state)


def whose(state: str, start: bool = False) -> str:
    """Of a state: "Korea’s", "the United States’"."""
    named = land(state, start)
    return f"{named}’" if named.endswith("s") else f"{named}’s"


def listed(words: Sequence[str]) -> str:
    """One, two and three."""
    words = [word for word in words if word]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}" if words else ""


def small(text: str) -> str:
    """The first letter small, but of an abbreviation: HS 25."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def capital(text: str) -> str:
    """The first letter large."""
    return text[:1].upper() + text[1:]


def sentences(text: str) -> list[str]:
    """The sentences of a text. A full stop inside a number, an initial or a short form ends none."""
    held = re.sub(r"\b(no|e\.g|i\.e|St|Dr|U\.S|vs|approx)\.\s", lambda one: one.group().replace(". ", ".\u2060 "), text)
    return [part.strip() for part in re.split(r"(?<=[.!?])[”\"')]*\s+(?=[A-ZÀ-Þ“\"(0-9])", held) if part.strip()]


def faults_of(text: str, names: Iterable[str] = ()) -> list[str]:
    """What breaks the house's rules of reading: too many words or numbers in a sentence, terms of the workshop.

    `names` are proper names (of countries, products, cases) whose words count as one and whose digits do not count.
    """
    found = []
    for sentence in sentences(text):
        plain = sentence
        for name in sorted(names, key=len, reverse=True):
            plain = plain.replace(name, "Name") if name else plain
        plain = DAY_NAMED.sub("Day", plain)
        words = [word for word in plain.replace(NBSP, "_").split() if re.search(r"\w", word)]
        if len(words) > WORDS:
            found.append(f"{len(words)} words (most {WORDS}): {sentence}")
        numbers = re.findall(r"(?<![\w.])[−-]?\d[\d.,\u2009]*", plain.replace("_", " "))
        numbers = [one for one in numbers if not re.fullmatch(r"(?:1[89]|20)\d\d[.,]?", one)]  # years name a time
        if len(numbers) > NUMBERS:
            found.append(f"{len(numbers)} numbers (most {NUMBERS}): {sentence}")
        found += [f"term of the workshop {term!r}: {sentence}" for term in FORBIDDEN.findall(plain)]
        if re.search(r"\b[A-Z]{2,}-\d|\b[a-z]+_[a-z]+\b", sentence):
            found.append(f"a code: {sentence}")
    return found


def spoken(value: Cell) -> str:
    """A value of a table in words: dates and counts exact, shares and amounts with two significant digits."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        rounded = significant(value)
        return (f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:g}").replace(",", "\u2009").replace("-", "−")
    return str(value)
