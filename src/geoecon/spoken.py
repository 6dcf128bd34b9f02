"""Figures as a reader takes them: money in two digits, whole per cent, a gain for a loss below nothing."""

from __future__ import annotations

import math
from collections.abc import Callable

from geoecon.figure import Figure, in_runs

SMALL = 10.0  # USD million: a loss or gain below is told by this bound alone
NOTHING = "nothing one could measure"  # less than half a million
LESS = "less than USD 10 million"
LITTLE = 0.1  # of the far end of the band: a middle below is little beside it
MOST_LITTLE = 100.0  # USD million: what is more is never called little
SIZES = ((1e12, "trillion", "tn"), (1e9, "billion", "bn"), (1e6, "million", "m"), (1e3, "thousand", "k"))


def percent(share: float) -> str:
    """A share of 0 to 1 as whole per cent: "93 %"; between 0 and 1 per cent "under 1 %", likewise near all."""
    return f"{whole(100 * share)} %"


def whole(value: float) -> str:
    """Per cent in whole numbers, a true minus sign; what is not nothing and not all is not said to be."""
    if 0 < abs(value) < 1:
        return "under 1"
    if 99 < value < 100:
        return "over 99"
    return f"{value:.0f}".replace("-", "\u2212")


def money(million: float) -> str:
    """Two significant digits, thousand to trillion; less than half a million is next to nothing."""
    return "next to nothing" if abs(million) < 0.5 else dollars(1e6 * million)


def dollars(usd: float, *, short: bool = False) -> str:
    """USD with two significant digits: "USD 4.5 billion", in short "USD 4.5 bn"."""
    value = significant(usd)
    for size, word, letters in SIZES:
        if abs(value) >= size:
            return f"USD {value / size:g} {letters if short else word}"
    return f"USD {value:.0f}"


def significant(value: float, digits: int = 2) -> float:
    """The value with so many significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def gain(million: float) -> str:
    """Money lost; below nothing it is a gain."""
    return money(million) if million > -0.5 else f"a gain of {money(-million)}"


def shown(figure: Figure) -> str:
    """A figure with its band in words: "−40 % (eight times in ten −60 % to −10 %)"."""
    word: Callable[[float], str]
    if figure.unit == "USD million":
        word = money
    elif figure.unit in ("percent", "%"):
        word = "{:.0f} %".format
    elif figure.unit.startswith("share"):
        word = percent
    else:
        return str(figure)
    if figure.value is None or figure.low is None or figure.high is None:
        return "not known" if figure.value is None else _signed(word, figure.value)
    if word is money:
        return f"{gain(figure.value)} (eight times in ten {gain(figure.low)} to {gain(figure.high)})"
    ends = (_signed(word, figure.low), _signed(word, figure.high))
    middle = _signed(word, figure.value)
    return middle if ends[0] == ends[1] else f"{middle} (eight times in ten {ends[0]} to {ends[1]})"


def runs(share: float, count: int) -> str:
    """A share of runs in words, no finer than the runs are: "in 17 of 30 runs", "in all 200 runs"."""
    of = 100 if count > 100 and 0.005 <= share < 0.995 else count
    return in_runs(round(share * of), of)


def _signed(word: Callable[[float], str], value: float) -> str:
    text = word(abs(value))
    return f"\u2212{text}" if value < 0 and text not in ("next to nothing", word(0.0)) else text


def of_either_sign(low: float | None, high: float | None) -> bool:
    """Whether a band tells neither side nor size: it reaches about as far (more than half) to gains as to losses."""
    return low is not None and high is not None and min(-low, high) >= max(SMALL, max(-low, high) / 2)


def little(middle: float, high: float) -> bool:
    """Whether the middle of a loss is next to nothing beside what it may be at most."""
    return high >= SMALL and -SMALL < middle < max(SMALL, min(LITTLE * high, MOST_LITTLE))


def little_words(middle: float, high: float) -> str:
    """How much that is: "about USD 18 million, at most USD 330 million eight times in ten"."""
    size = LESS if middle < SMALL else f"about {money(middle)}"
    return f"{size}, at most {money(high)} eight times in ten"


def size_words(million: float) -> str:
    """The size of a loss or gain in a sentence: below SMALL the bound alone, next to nothing where it is that."""
    return NOTHING if abs(million) < 0.5 else LESS if abs(million) < SMALL else money(abs(million))


def cost(million: float, low: float | None = None, high: float | None = None, each: str = "") -> str:
    """What something costs: "USD 8.5 million a month", "a gain of …", next to nothing; with its ends where known."""
    ends = "" if low is None or high is None or gain(low) == gain(high) else f" ({gain(low)} to {gain(high)})"
    if of_either_sign(low, high):
        return f"an amount of which not even the sign is known{ends}"
    if abs(million) < 0.5:
        return f"next to nothing{ends}"
    small = abs(million) < SMALL and each != " a month"
    size = gain(million) if not small else LESS if million > 0 else f"a gain of {LESS}"
    return f"{size}{each}{ends}"


def loses(million: float, low: float | None = None, high: float | None = None, each: str = "") -> str:
    """`cost` with its verb: "loses USD 8.5 million", "gains USD 20 million"."""
    said = cost(million, low, high, each)
    return f"gains {said.removeprefix('a gain of ')}" if said.startswith("a gain of ") else f"loses {said}"
