"""What the reader says, for somebody who has buttons and no command line."""

from __future__ import annotations

import re


def readings(faults: str) -> list[tuple[str, str]]:
    """The decimal sign and what it makes of a number that can be read in two ways, for each way."""
    number = re.search(r"(\S+) can be a decimal", faults)
    ways = re.findall(r"decimal='([^']*)' for ([\d.,]*\d)", faults)
    return [(sign, f"{number[1]} is {float(value):.10g}") for sign, value in ways] if number else []


def in_words_of_page(fault: str) -> str:
    """A fault of the reader, with what to press instead of an option of the command line."""
    told = re.sub(
        r"decimal='(.)[^']*' for ([\d.,]+)",
        lambda one: f"“{'comma' if one[1] == ',' else 'point'}” for {one[2]}",
        fault,
    )
    told = told.replace(" (--decimal)", " under “Decimal sign”").replace(" (--sheet)", " under “Sheet”")
    told = re.sub(r"columns (\S+='.*) \(--columns\)|columns (\S+=none) \(--columns\)", _in_place, told)
    return told.replace("UTF-8 text", "UTF-8, or the encoding chosen under “Written in”")


def _in_place(one: re.Match[str]) -> str:
    """Which column to choose, with what to press on the page."""
    return f"{one[1] or one[2]}; above the pasted table say of each column what it is, to add, or not used"
