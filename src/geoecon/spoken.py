"""Figures as a reader takes them: money in two digits, whole per cent, a gain for a loss below nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from geoecon.figure import Figure, in_runs

SMALL = 10.0  # USD million: a loss or gain below is told by this bound alone
NOTHING = "nothing one could measure"  # less than half a million
LESS = "less than USD 10 million"
UNCLEAR = "an amount of which not even the sign is known"
PART = 0.2  # of a loss: what costs more beside it is told
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
    if figure.unit.startswith("USD million"):
        each = figure.unit.removeprefix("USD million")
        word, edge = partial(cost, each=each), partial(end, each=each)
    elif figure.unit in ("percent", "%"):
        word = edge = partial(_signed, "{:.0f} %".format)
    elif figure.unit.startswith("share"):
        word = edge = partial(_signed, percent)
    else:
        return str(figure)
    if figure.value is None:
        return "not known"
    middle = word(figure.value)
    if figure.low is None or figure.high is None or edge(figure.low) == edge(figure.high):
        return middle
    return f"{middle} (eight times in ten {edge(figure.low)} to {edge(figure.high)})"


def runs(share: float, count: int) -> str:
    """A share of runs in words, no finer than the runs are: "in 17 of 30 runs", "in all 200 runs"."""
    of = 100 if count > 100 and 0.005 <= share < 0.995 else count
    return in_runs(round(share * of), of)


def _signed(word: Callable[[float], str], value: float) -> str:
    text = word(abs(value))
    return f"\u2212{text}" if value < 0 and text != word(0.0) else text


def of_either_sign(low: float | None, high: float | None) -> bool:
    """Whether a band tells neither side nor size: it reaches about as far (more than half) to gains as to losses."""
    return low is not None and high is not None and min(-low, high) >= max(SMALL, max(-low, high) / 2)


def little(middle: float, high: float) -> bool:
    """Whether the middle of a loss is next to nothing beside what it may be at most."""
    return high >= SMALL and -SMALL < middle < max(SMALL, min(LITTLE * high, MOST_LITTLE))


def little_words(middle: float, high: float) -> str:
    """How much that is: "about USD 18 million, at most USD 330 million nine times in ten"."""
    size = LESS if middle < SMALL else f"about {money(middle)}"
    return f"{size}, at most {money(high)} nine times in ten"


def beside_loss(bill: Figure | None, loss: float) -> tuple[float, str]:
    """(middle, ends in words) of what dearer imports cost in the first year, USD million, where that is told in no loss
    and is no small part of `loss`; (0, "") elsewhere."""
    if bill is None or bill.value is None or not bill.measurable or bill.value < max(SMALL, PART * abs(loss)):
        return 0.0, ""
    ends = "" if bill.low is None or bill.high is None else f"{end(bill.low)} and {end(bill.high)}"
    return bill.value, ends


def size_words(million: float) -> str:
    """The size of a loss or gain in a sentence: below SMALL the bound alone, next to nothing where it is that."""
    return NOTHING if abs(million) < 0.5 else LESS if abs(million) < SMALL else money(abs(million))


def cost(million: float, low: float | None = None, high: float | None = None, each: str = "") -> str:
    """What something costs, below SMALL a year by that bound, with its ends where known: "USD 8.5 million a month"."""
    ends = "" if low is None or high is None else f" ({end(low, each)} to {end(high, each)})"
    ends = "" if ends == " (nothing to nothing)" else ends
    if of_either_sign(low, high):
        return f"{UNCLEAR}{ends}"
    if not _small(million, each):
        return f"{gain(million)}{each}{ends}"
    size = size_words(_a_year(million, each))
    size = f"{size} a year" if each and size == LESS else size
    return f"{'a gain of ' if million < 0 and size != NOTHING else ''}{size}{ends}"


def end(million: float, each: str = "") -> str:
    """An end of a band of losses: "USD 330 million", "a gain of …", nothing where nobody could measure it."""
    return "nothing" if _small(million, each) else gain(million)


def _a_year(million: float, each: str) -> float:
    return 12 * million if each == " a month" else million


def _small(million: float, each: str) -> bool:
    return abs(_a_year(million, each)) < SMALL


def loses(million: float, low: float | None = None, high: float | None = None, each: str = "") -> str:
    """`cost` with its verb: "loses USD 8.5 million", "gains USD 20 million"."""
    said = cost(million, low, high, each)
    if said.startswith(UNCLEAR):
        return f"loses or gains{said.removeprefix(UNCLEAR)}, which of the two is not known"
    return f"gains {said.removeprefix('a gain of ')}" if said.startswith("a gain of ") else f"loses {said}"
