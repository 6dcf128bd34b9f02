"""Numbers that stand for countries: each office counts its own way, so a number is read by a named system."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from geoecon import countries
from geoecon.countries import Place
from geoecon.errors import InputError
from geoecon.flows.coverage import NOBODY
from geoecon.tables import packaged

OFFICES = {
    "japan": "Japan's customs", "china": "China's customs", "census": "the US Census Bureau", "fao": "FAOSTAT",
    "geonom": "Eurostat", "brazil": "Brazil's Comex Stat",
    "imf": "the IMF", "cow": "Correlates of War",
}  # fmt: skip
SYSTEMS = ("comtrade", "iso", *OFFICES)


@cache
def _table() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    for row in packaged("flows", "numbers.csv"):
        found.setdefault(row["system"], {})[row["code"]] = row
    return found


def checked(system: str | None) -> str:
    """The system if it is one. Raises InputError."""
    if system is not None and system not in SYSTEMS:
        raise InputError(f"numbers {system!r}; allowed: " + ", ".join(SYSTEMS))
    return system or ""


def _row(system: str, text: str) -> Mapping[str, str] | None:
    return _table()[system].get(text) or _table()[system].get(text.lstrip("0"))


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def place(text: str, system: str, year: int | None = None) -> Place:
    """The place behind a code of a source; numbers by the system. Raises InputError for one it does not have."""
    if system in OFFICES and (is_number(text) or _row(system, text) is not None):
        row = _row(system, text)
        if row is None and _is(text, _home(system)):
            return countries.resolve(text, year)  # the office's own country by its UN number
        if row is None:
            told = f"number {text!r} is not among the {len(_table()[system])} that we know of {OFFICES[system]}"
            raise InputError(f"{told}; allowed: an ISO 3166 code or an English name in its place")
        if row["group"]:
            whole = re.search(r"world|all countries|^total", row["group"], re.IGNORECASE)
            return Place("WLD" if whole else "GRP", "aggregate", f"{row['group']}, a group by {OFFICES[system]}")
        return Place(row["iso3"], countries.kind(row["iso3"]))
    if is_number(text) and (len(text) > 3 or re.match(r"0\d\d\d", text)):
        told = f"unknown country {text!r}: no UN or ISO number ({_other(text)})"
        raise InputError(f"{told}; allowed: ISO 3166 codes, or numbers='census'")
    try:
        return countries.resolve(text, year)
    except InputError:
        if re.fullmatch("[a-z]{2,3}", text):  # an ISO code in small letters
            return place(text.upper(), system, year)
        if is_number(text) and (known := [name for name in OFFICES if _row(name, text) is not None]):
            allowed = " or ".join(f"numbers={name!r} (--numbers {name})" for name in known)
            told = f"unknown country {text!r}: no UN or ISO number ({_other(text)})"
            raise InputError(f"{told}; allowed: ISO 3166 codes, or {allowed}") from None
        if (home := PARTS.get(countries.fold(text))) is not None:
            return Place(home, "country", f"{text}, part of {countries.name(home)}")
        for name in _islands(text):
            try:
                return countries.resolve(name, year)
            except InputError:
                continue
        if (rest := leftover(text) or _grouped(text)) is None:
            raise
        return rest


def _islands(text: str) -> list[str]:
    """What India's customs abbreviate: SOLOMON IS, FIJI IS; nothing for other names."""
    found = re.match(r"^(.+?) IS\.?( US)?$", text.strip(), re.IGNORECASE)
    return [f"{found[2] or ''} {found[1]} Islands".strip(), found[1]] if found is not None else []


def _grouped(text: str) -> Place | None:
    """Trade inside a group, outside it, or with all of it: Intra-ASEAN, Non-OECD; None for other names."""
    found = re.match(r"^(intra|extra|non|total|all)[ -]+(.+)$", text.strip(), re.IGNORECASE)
    try:
        known = found is not None and countries.resolve(found[2]).kind == "aggregate"
    except InputError:
        return None
    return Place("GRP", "aggregate", f"{text}, a group of countries") if known else None


PARTS = {  # regions that offices list beside their country, folded
    "canary islands": "ESP", "canarias": "ESP", "islas canarias": "ESP", "ceuta": "ESP", "melilla": "ESP",
    "ceuta and melilla": "ESP", "ceuta y melilla": "ESP", "madeira": "PRT", "madeira islands": "PRT",
    "azores": "PRT", "acores": "PRT", "great britain excluding northern ireland": "GBR",
}  # fmt: skip


OTHERS = re.compile(  # what stands for all that no other row names, folded
    r"^((all )?(the )?(others?|remaining|remainder|rest)|autres?|reste|ubrige[srn]?|sonstige[srn]?|andere[srn]?|rest"
    r"|otr[oa]s?|resto|demas|demais|altri|altre|outr[oa]s?|restante[sn]?|overige)\b"
    r"|^(其他|其它|其余|その他|기타)"
)
UNNAMED = re.compile(
    r"^(unknown|unallocated|undisclosed|confidential|secret|not (stated|known|allocated|disclosed|available)|n e s"
    r"|nes|non (precise|determine)s?|unbekannt|nicht ermittelt\w*|no (declarados?|especificados?)|不明|미상)\b"
)


def leftover(text: str) -> Place | None:
    """What a word such as `Others` or `Unknown` in a column of countries stands for: no country; None for others."""
    plain = countries.fold(text)
    if OTHERS.match(plain):
        return Place("ROW", "aggregate", NOBODY)
    unnamed = UNNAMED.match(plain)
    return Place("XXX_NES", "unspecified", NOBODY) if unnamed else None


def _other(text: str) -> str:
    """What other offices mean by a number, in words."""
    told = [f"{name} uses {text} for {_words(system, text)}" for system, name in OFFICES.items()
            if _row(system, text) is not None]  # fmt: skip
    return "; ".join(told) or f"{len(text)} digits"


def _home(system: str) -> str:
    """The country of an office; empty for an international one."""
    return next(iter(_table()[system].values()))["reporter"]


def _words(system: str, text: str) -> str:
    row = _row(system, text)
    assert row is not None
    return row["group"] or countries.name(row["iso3"])


def guessed(codes: Iterable[str], others: Iterable[str], years: Iterable[int] = ()) -> tuple[str, str]:
    """The system of the bare numbers in a column, and what was guessed in words; `others` are the other side's codes.

    A national office is considered where the other side is its country alone. Raises InputError where the numbers can
    be read both ways, with both readings, and where some were no country in the `years` and another office has all.
    """
    numbers = sorted({code for code in codes if is_number(code)})
    reporter = {code for code in others}
    for system, name in OFFICES.items():
        home = _home(system)
        if not numbers or not home or not reporter or not all(_is(code, home) for code in reporter):
            continue
        theirs = [code for code in numbers if _row(system, code) is not None]
        ours = [code for code in numbers if _known(code)]
        if len(theirs) == len(numbers) and len(ours) < len(numbers):
            return system, f"numbers read as those of {name}: {examples(numbers, system)}"
        if len(theirs) == len(numbers) and len(ours) == len(numbers):
            told = "; ".join(
                f"{code} is {countries.name(countries.resolve(code).iso3)} to the UN, {_words(system, code)} to {name}"
                for code in numbers[:3]
            )
            allowed = f"numbers='comtrade' or numbers={system!r} (--numbers {system})"
            raise InputError(f"country numbers can be read two ways: {told}; allowed: {allowed}")
    gone = [code for code in numbers if _known(code) and (found := [place(code, "", year) for year in years])
            and all(one.outside for one in found)]  # fmt: skip
    for system, name in OFFICES.items():
        if gone and system not in ("imf", "cow") and all(_row(system, code) is not None for code in numbers):
            told = f"{gone[0]} is {countries.name(place(gone[0], '').iso3)} to the UN, which was none in these years, "
            told += f"{_words(system, gone[0])} to {name}"
            raise InputError(f"country numbers can be read two ways: {told}; allowed: numbers='comtrade' or "
                             f"numbers={system!r} (--numbers {system})")  # fmt: skip
    return "comtrade", f"numbers read as UN Comtrade or ISO numbers: {examples(numbers, '')}" if numbers else ""


def doubted(good: Iterable[str], bad: Iterable[str]) -> dict[str, str]:
    """Numbers that are countries to the UN, beside others that are none where an office knows them all: of that office?

    What to say of each; nothing where no office has all.
    """
    lost, known = [text for text in bad if is_number(text)], sorted(text for text in good if is_number(text))
    offices = (
        [name for name in OFFICES if all(_row(name, text) is not None for text in (*lost, *known))] if lost else []
    )
    if not offices:
        return {}
    allowed = " or ".join(f"numbers={name!r} (--numbers {name})" for name in offices)
    return {
        text: f"number {text!r} is {countries.name(countries.resolve(text).iso3)} to the UN, which has no {lost[0]}; "
        f"{OFFICES[offices[0]]} uses it for {_words(offices[0], text)}; allowed: ISO 3166 codes, or {allowed}"
        for text in known
    }


def examples(numbers: Iterable[str], system: str) -> str:
    """A few numbers in words: `304 read as Greenland`."""
    told = []
    for code in list(numbers)[:4]:
        try:
            found = place(code, system)
            group = found.note.partition(",")[0] if system in OFFICES else ""
            told.append(f"{code} read as {group or countries.name(found.iso3)}")
        except InputError:
            continue
    return ", ".join(told)


def _known(code: str) -> bool:
    try:
        place(code, "")
    except InputError:
        return False
    return True


def _is(code: str, home: str) -> bool:
    """Whether a code is the country of an office, or one of the members where the office is the Union's."""
    try:
        found = countries.resolve(code).iso3
        return found in countries.members(home) if home == "EU" else found == home
    except InputError:
        return False
