"""Headings of a table of shipments: the fact that each says, and which unread ones may change the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

from geoecon.errors import Fault, InputError
from geoecon.law import vocabulary
from geoecon.tables import packaged

LONG, ALIKE = 6, 0.85  # letters of a heading, and how like a fact's name it must be to be taken for a slip
ASK = "ask the supplier or buyer"  # a column that `screen` writes: what it read is a file of its own
SHORT = 5  # letters from which a telling word counts inside another one


@cache
def _rows(kind: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (row["heading"], row["fact"]) for row in packaged("law/regimes", "headings.csv") if row["kind"] == kind
    )


@cache
def of_columns() -> Mapping[str, str]:
    """Our name of each column that every table must have, by the words for it in several languages."""
    return dict(_rows("column"))


def needed(heading: str) -> bool:
    """Whether a heading is a word for what every table of shipments must say, or for a fact."""
    text = " ".join(heading.strip().casefold().replace("_", " ").replace("-", " ").split())
    return text in of_columns() or letters(heading) in {letters(word) for word, _ in _rows("same")}


def letters(heading: str) -> str:
    return "".join(letter for letter in heading.casefold() if letter.isalpha())


def telling(heading: str) -> bool:
    """Whether a heading speaks of what an answer may hang on: party, use, user, place, arms."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    words, joined = set(re.findall(r"[^\W\d_]+", apart.casefold())), letters(heading)
    for text, _ in _rows("about"):
        stem = letters(text)
        if stem in words or ((len(stem) >= SHORT or not stem.isascii()) and stem in joined):
            return True
    return False


def fact_columns(columns: Iterable[str], taken: set[str], asked: Iterable[str]) -> dict[str, str]:
    """Fact of each column that holds one: by its name, by its letters alone ("EndUse"), or by a word for it
    ("Consignee"). `asked` are the facts that some rule asks. Raises InputError for a heading that is nearly a fact's
    name, and for a fact that two columns say."""
    known = {*vocabulary.known_facts(), *asked}
    spelt = {letters(text): fact for text, fact in _rows("same")} | {letters(name): name for name in sorted(known)}
    found: dict[str, str] = {}
    faults = []
    for column in columns:
        name, plain = column if column in known else vocabulary.fold_word(column), letters(column)
        if column in taken:
            continue
        if name in known:
            found[column] = name
        elif plain in spelt:
            found[column] = spelt[plain]
        elif len(plain) >= LONG and (near := get_close_matches(plain, spelt, 1, ALIKE)):
            allowed = f"{spelt[near[0]]}, or a heading unlike the name of a fact{_or_ignored(column)}"
            faults.append(Fault("shipments", 1, column, "no fact is called so", allowed))
    for name in sorted({name for name in found.values() if list(found.values()).count(name) > 1} - {"party"}):
        twice = [column for column, fact in found.items() if fact == name]
        told, allowed = f"the fact {name} is said by two columns", f"one of the two{_or_ignored(twice[-1])}"
        faults.append(Fault("shipments", 1, " and ".join(twice), told, allowed))
    if faults:
        raise InputError(faults)
    return found


def ignored(columns: Sequence[str], needed: set[str], ignore: Sequence[str]) -> set[str]:
    """The columns that the user says change nothing. Raises InputError for one that is not there or is needed."""
    there = {column.strip().casefold(): column for column in columns}
    left = {there[name.strip().casefold()] for name in ignore if name.strip().casefold() in there}
    wrong = [name for name in ignore if name.strip().casefold() not in there] + sorted(left & needed)
    if wrong:
        allowed = ", ".join(column for column in columns if column not in needed) or "none"
        raise InputError(f"shipments: ignore {', '.join(wrong)}; allowed: columns beyond those needed: {allowed}")
    return left


def unread(columns: Iterable[str], read: set[str], left: set[str]) -> tuple[str, ...]:
    """What to say of columns that were not read. Raises InputError for those that may change the answer."""
    others = [column for column in columns if column.strip() and column not in read | left]
    known = ", ".join(("end_use", "end_user", "party", "region"))
    faults = [
        Fault("shipments", 1, column, "not read, and may change the answer", f"the name of a fact ({known}, ...) "
              f"by columns= (--columns){_or_ignored(column)}")
        for column in others if telling(column) and not column.startswith(ASK)
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    notes = [f"columns not read: {', '.join(others)}"] if others else []
    return (*notes, *([f"columns ignored, as asked for: {', '.join(sorted(left))}"] if left else []))


def _or_ignored(column: str) -> str:
    return f", or ignore=[{column!r}] (--ignore '{column}') if it changes nothing"
