"""Numbers of control lists (3C001, 3B001.a.4, row 7(19)) as the clauses and titles of `control_item.csv` print them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from geoecon.law.regime import Regime

NUMBER = re.compile(r"\b\d[A-E]\d{3}(?:\.[a-z0-9]{1,3})*\b", re.IGNORECASE)
NEXT = re.compile(r"(?:,| and)\s*((?:[a-z]{1,2}(?:\.[a-z0-9]{1,2})*)(?: to ([a-z]))?)(?=,| and|$)")
ROW = re.compile(r"\brow (\d+(?:-\d+)?(?:\(\d+\))?)(?!\d)")
ROW_SAID = re.compile(r"(?:別表第?[1一]の?)?(?:rows?|item)?(\d{1,2}(?:-\d)?)(?:の項)?(\(\d+\))?")
UNDOTTED = re.compile(r"\d[a-e]\d{3}[a-z0-9]+")  # 3a090a, an entry and its part without the point
UNITED_STATES = re.compile(r"\d[a-e](?:[569]\d\d|090)")  # numbers that stand in no list of the common numbering
WHOLE = ("CCL", "LIST")  # the list as a whole, for entries that have no row of their own


def of(regime: Regime, text: str) -> str | None:
    """The item that a list number means; the list as a whole where the number has no row of its own, and for parts of
    an entry whose reasons of control may differ. None for what is no number of the list, and for entries of the
    United States alone (3A991 is what the common list leaves out): on that list or not, its text decides."""
    said = unicodedata.normalize("NFKC", text).strip().casefold().replace(" ", "").replace("_", "")
    plain = said.replace("-", "")
    if plain in _squeezed(regime):
        return _squeezed(regime)[plain]
    if UNDOTTED.fullmatch(plain) and plain in _undotted(regime):
        return _undotted(regime)[plain]
    row = ROW_SAID.fullmatch(said)
    if row and row.group() != row[1]:  # a bare figure is no row
        return next(
            (_numbers(regime)[key] for key in (row[1] + (row[2] or ""), row[1]) if key in _numbers(regime)), None
        )
    if not NUMBER.fullmatch(said) or not any(NUMBER.fullmatch(key) for key in (*_numbers(regime), *_numbering(regime))):
        return None
    parts = said.split(".")
    for count in range(len(parts), 0, -1):
        code = _numbers(regime).get(".".join(parts[:count]))
        if code is not None and (count == len(parts) or not _divided(regime, code, ".".join(parts[:count]))):
            return code
    if "CCL" not in regime.items and american(parts[0]):
        return None
    return next((code for code in WHOLE if code in regime.items), None)


def american(text: str) -> bool:
    """Whether a number is of the United States' list alone."""
    entry = unicodedata.normalize("NFKC", text).strip().casefold().split(".")[0]
    return UNITED_STATES.fullmatch(entry) is not None


def foreign(regime: Regime, text: str) -> bool:
    """Whether a number of the common numbering (3A001) is asked of a list with numbers of its own, where it means other
    goods."""
    common = "CCL" in regime.items or bool(_numbering(regime))
    return NUMBER.fullmatch(text.strip()) is not None and not common


def reading(regime: Regime, text: str) -> str:
    """That a number was read as the list as a whole; empty where it was not."""
    code = None if text in regime.items or shared(regime, text) else of(regime, text)
    if code not in WHOLE or text.strip().casefold() == code.casefold():
        return ""
    return f"{text}: no row of its own in {regime.title}, read as {code} ({regime.items[code]['title']})"


def _divided(regime: Regime, code: str, number: str) -> bool:
    """Whether parts of an entry may have other reasons of control than the entry as a whole."""
    return bool(regime.items[code]["reasons"]) and number not in _listed(str(regime.items[code]["title"]))


def _numbering(regime: Regime) -> list[str]:
    """A number of the common numbering, where the list says that it uses it."""
    used = any("EU numbering" in str(row["title"]) or "Annex I" in str(row["title"]) for row in regime.items.values())
    return ["0a001"] if used else []


def _squeezed(regime: Regime) -> Mapping[str, str]:
    """Codes without spaces and hyphens."""
    if "squeezed_codes" not in regime.cache:
        regime.cache["squeezed_codes"] = {re.sub(r"[\s_-]", "", code.casefold()): code for code in regime.items}
    found: Mapping[str, str] = regime.cache["squeezed_codes"]
    return found


def _undotted(regime: Regime) -> Mapping[str, str]:
    """Codes without points too, where no two are alike."""
    if "undotted_codes" not in regime.cache:
        found: dict[str, list[str]] = {}
        for squeezed, code in _squeezed(regime).items():
            found.setdefault(squeezed.replace(".", ""), []).append(code)
        regime.cache["undotted_codes"] = {bare: codes[0] for bare, codes in found.items() if len(codes) == 1}
    undotted: Mapping[str, str] = regime.cache["undotted_codes"]
    return undotted


def _numbers(regime: Regime) -> Mapping[str, str]:
    """Items by the numbers of their titles, codes and clauses; a number of several items is the list as a whole."""
    if "list_numbers" not in regime.cache:
        found: dict[str, list[str]] = {}
        for code, row in regime.items.items():
            clause, title = str(row["clause"] or ""), str(row["title"])
            own = [code.casefold()] if NUMBER.fullmatch(code) else [*_listed(clause), *ROW.findall(clause)]
            for number in dict.fromkeys(_listed(title) if NUMBER.match(title) else own):
                found.setdefault(number, []).append(code)
        regime.cache["list_numbers"] = {number: codes[0] for number, codes in found.items() if len(set(codes)) == 1}
        regime.cache["list_numbers_shared"] = {number: codes for number, codes in found.items() if len(set(codes)) > 1}
    numbers: Mapping[str, str] = regime.cache["list_numbers"]
    return numbers


def shared(regime: Regime, text: str) -> list[str]:
    """The items of a number that several carry; empty where one does."""
    _numbers(regime)
    found: Mapping[str, list[str]] = regime.cache["list_numbers_shared"]
    said = unicodedata.normalize("NFKC", text).strip().casefold().replace(" ", "")
    parts = said.split(".")
    return next((list(dict.fromkeys(found[key])) for count in range(len(parts), 0, -1)
                 if (key := ".".join(parts[:count])) in found), [])  # fmt: skip


def _listed(text: str) -> list[str]:
    """Every number of a text: '3B001.a.4, c, k to n' is 3b001.a.4, 3b001.c, 3b001.k … 3b001.n."""
    found: list[str] = []
    for match in NUMBER.finditer(text):
        number, start = match.group().casefold(), match.end()
        found.append(number)
        entry = number.split(".")[0]
        while (more := NEXT.match(text, start)) is not None:
            first, last = more[1].split(" to ")[0], more[2]
            letters = range(ord(first), ord(last) + 1) if last and len(first) == 1 else ()
            found += [f"{entry}.{chr(letter)}" for letter in letters] or [f"{entry}.{first}"]
            start = more.end()
    return found
