"""What stands in a cell of a number besides number and unit: wide digits, as in East Asia, and marks of footnotes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from geoecon.flows import number_text

_MARK = re.compile(r"^(\d.*?)\s*([*†‡]+|(?<=\d)[¹²³⁴⁵]+|\s\(?[0-9a-z]\))$")
_DOUBT = re.compile(r"^[1-9]\d{0,2}[.,]\d{3}$")


def halved(cell: str) -> str:
    """A cell that begins with a wide digit, or with ’ between thousands, with digits and signs as others write them."""
    if cell[:1].isdecimal() and not cell[:1].isascii():
        return unicodedata.normalize("NFKC", cell)
    return re.sub(r"(?<=\d)’(?=\d{3})", "'", cell)


def unmarked(cell: str) -> tuple[str, str]:
    """A number without the mark of a footnote behind it, and that mark; empty where there is none."""
    found = _MARK.match(cell)
    return (found[1], found[2].strip()) if found else (cell, "")


def settled(numbers: Iterable[tuple[int, str, str]], sign: str, given: str | None) -> list[str]:
    """What to say of numbers such as 1.000 that are read one way because others prove the decimal sign."""
    doubtful = [text for _, _, text in numbers if _DOUBT.match(text)]
    if given is not None or not doubtful:
        return []
    return [
        f"{doubtful[0]} is read as {float(number_text(doubtful[0], sign)):.10g}: other numbers prove the decimal sign"
    ]
