"""From the codes and names that sources write to ISO 3166 alpha-3, with the years in which a code is valid."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from geoecon.errors import InputError
from geoecon.tables import packaged

if TYPE_CHECKING:
    import pandas as pd

# country; joint: several countries in one report, or a former state; unspecified: trade that no country can be
# named for; aggregate: overlaps its members and is never counted beside them.
KINDS = ("country", "joint", "unspecified", "aggregate")
SYSTEMS = ("comtrade", "iso-numeric", "iso2", "eurostat", "iso3-other")


@dataclass(frozen=True)
class Place:
    """What a code or name of a source stands for."""

    iso3: str
    kind: str
    note: str = ""  # what the source's code includes, or why it is not the country one might expect
    outside: str = ""  # said where the code was used outside its years


def _rows(file: str) -> list[dict[str, str]]:
    return packaged("countries", file)


@cache
def _states() -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType({row["iso3"]: row for row in _rows("states.csv")})


@cache
def _codes() -> Mapping[tuple[str, str], Mapping[str, str]]:
    return MappingProxyType({(row["system"], row["code"]): row for row in _rows("codes.csv")})


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({fold(row["name"]): tuple(row["iso3"].split()) for row in _rows("names.csv")})


@cache
def _elsewhere() -> Mapping[str, str]:
    """Names in the languages of offices other than English, folded."""
    return MappingProxyType({fold(row["name"]): row["iso3"] for row in _rows("names_elsewhere.csv")})


def names() -> Mapping[str, tuple[str, ...]]:
    """Every English name, folded as by `fold`, to the codes that it may stand for."""
    return _names()


def places() -> pd.DataFrame:
    """Latitude and longitude of the middle of each country, rounded to degrees, by ISO 3166 alpha-3 code."""
    import pandas as pd

    return pd.DataFrame(_rows("places.csv")).set_index("iso3").astype(float)


def is_known(code: str) -> bool:
    """Whether the code is an ISO 3166 alpha-3 code, or the code of a group or former state in our table."""
    return code in _states()


def is_country(code: str) -> bool:
    """Whether the code stands for one country: not a group, a former state or a leftover."""
    return kind(code) == "country"


def kind(code: str) -> str:
    """One of `KINDS`; an unknown code raises InputError."""
    if code not in _states():
        raise InputError(f"unknown country code {code!r}; allowed: an ISO 3166 alpha-3 code")
    return _states()[code]["kind"]


def name(code: str) -> str:
    """The short English name, of "JPN+KOR" both; the code itself where we do not know it."""
    if "+" in code:  # states that are named one by one
        *first, last = map(name, code.split("+"))
        return f"{', '.join(first)} and {last}"
    return _states()[code]["name"] if code in _states() else code


def note(code: str) -> str:
    """What is special about the code, or an empty text."""
    return _states()[code]["note"] if code in _states() else ""


def table(system: str) -> pd.DataFrame:
    """The dated codes of one system of `SYSTEMS`: code, iso3, kind, valid_from, valid_to, note (all text)."""
    import pandas as pd

    rows = [row | {"kind": kind(row["iso3"])} for row in _rows("codes.csv") if row["system"] == system]
    if not rows:
        raise InputError(f"code system {system!r}; allowed: " + ", ".join(SYSTEMS))
    return pd.DataFrame(rows, columns=["code", "iso3", "kind", "valid_from", "valid_to", "note"], dtype=object)


def fold(text: str) -> str:
    """A name without case, accents and punctuation, as it is looked up."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = plain.lower().replace("&", " and ")
    for apostrophe in "'`’‘ʼ´":
        plain = plain.replace(apostrophe, "")
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def resolve(text: str, year: int | None = None) -> Place:
    """The place behind an ISO3, ISO2, Eurostat or numeric code, or a name in English or another trade language.

    Numbers are read as Comtrade and BACI write them, then as ISO 3166 numbers. Raises InputError for an unknown
    name (the nearest ones are offered) and for a name that two countries share (Korea, Congo).
    """
    written = text.strip()
    if written in _states():
        return _lasting(written, year, written)
    row = _by_code(written)
    if row is not None:
        return _dated(row, year)
    found = _names().get(fold(written), ())
    if len(found) == 1:
        return _lasting(found[0], year, written)
    if found:
        allowed = " or ".join(f"{code} ({name(code)})" for code in found)
        raise InputError(f"ambiguous country {written!r}; allowed: {allowed}")
    if fold(written) in _elsewhere():
        return _lasting(_elsewhere()[fold(written)], year)
    if (other := _without_marks(written)) is not None:
        return resolve(other, year)
    near = difflib.get_close_matches(fold(written), _names(), n=3, cutoff=0.5)
    offered = "; nearest: " + ", ".join(" or ".join(_names()[n]) + f" ({n})" for n in near) if near else ""
    raise InputError(f"unknown country {written!r}; allowed: an ISO 3166 code or an English name{offered}")


MARKED = re.compile(r"^(.*[^\W\d_].*?)[\s,]*(?:[¹²³⁴-⁹]+|\d+/|\([a-z0-9]\)|[*†‡]+)$")  # a footnote behind a name
NAMED = (re.compile(r"^(.+?)\s*[(\[]([A-Za-z]{2,3})[)\]]$"), re.compile(r"^([A-Za-z]{2,3})\s*[-–—]\s*(.+)$"))


def _without_marks(written: str) -> str | None:
    """A name without the mark of a footnote, or a name and a code of one country: China (CHN), CN - China."""
    if (found := MARKED.match(written)) is not None:
        return found[1]
    for both in NAMED:
        if (found := both.match(written)) is not None:
            try:
                places = {resolve(text).iso3 for text in found.groups()}
            except InputError:
                continue
            if len(places) == 1:
                return found[1]
    return None


def _plain_name(code: str) -> str:
    """The name of a place without what stands in brackets."""
    return fold(re.sub(r"\(.*?\)", "", name(code)))


@cache
def _years(code: str) -> tuple[tuple[str, str], ...]:
    """The years in which statistics know a place: those of its Comtrade numbers, else its own, else all after the last
    of the former states and joint reports that it was in; empty where they are not limited.
    """
    rows = [row for row in _rows("codes.csv") if row["system"] == "comtrade" and row["iso3"] == code]
    spans = {(row["valid_from"], row["valid_to"]) for row in rows}
    if spans and ("", "") not in spans:
        return tuple(sorted(spans))
    own = (_states()[code]["valid_from"], _states()[code]["valid_to"])
    if own != ("", ""):
        return (own,)
    until = max(_former(code).values(), default="")
    return ((str(int(until) + 1), ""),) if until else ()


@cache
def _former(code: str) -> Mapping[str, str]:
    """The former states and joint reports that a country was in, each with its last year."""
    rows = (row for row in _rows("members.csv") if row["iso3"] == code and _states().get(row["group"]))
    return MappingProxyType({row["group"]: row["valid_to"] for row in rows if kind(row["group"]) == "joint"})


LATER = {"YUG": ("SCG", 1992)}  # whose name and letters another state had from a year (ISO 3166-1: YUG until 2003)


def _lasting(code: str, year: int | None, written: str = "") -> Place:
    """A place by its ISO3 code, and whether it was one in the year; `written` is a name that a later state had too."""
    other, first = LATER.get(code, ("", 0))
    if other and year is not None and year >= first and fold(written) in (fold(code), _plain_name(code)):
        told = f"{written} from {first} is {other} ({name(other)})"
        return Place(other, kind(other), note(other), _outside(other, year) or f"{told}, used in {year}")
    return Place(code, kind(code), note(code), _outside(code, year))


def _outside(code: str, year: int | None) -> str:
    """What to say of a place that is no state of its own in the statistics of a year; nothing where it is one."""
    spans = _years(code) if year is not None else ()
    if not spans or any((first or "0000") <= f"{year:04d}" <= (last or "9999") for first, last in spans):
        return ""
    until = " and ".join(f"{first or '…'} to {last or '…'}" for first, last in spans)
    then = " or ".join(f"{one} ({name(one)})" for one, last in _former(code).items() if f"{year:04d}" <= last)
    told = f"{code} ({name(code)}) stands in the statistics {until}, used in {year}"
    return f"{told}: then in {then}" if then else told


def _by_code(written: str) -> Mapping[str, str] | None:
    if written.isascii() and written.isdigit():
        plain = str(int(written))
        return _codes().get(("comtrade", plain)) or _codes().get(("iso-numeric", plain.zfill(3)))
    for system in ("eurostat", "iso2", "iso3-other"):
        if (system, written.upper()) in _codes():
            return _codes()[system, written.upper()]
    return None


def _dated(row: Mapping[str, str], year: int | None) -> Place:
    outside = ""
    if year is not None and not (row["valid_from"] or "0000") <= f"{year:04d}" <= (row["valid_to"] or "9999"):
        until = f"{row['valid_from'] or '…'} to {row['valid_to'] or '…'}"
        outside = f"{row['system']} code {row['code']} is valid {until}, used in {year}"
    elif not (row["valid_from"] or row["valid_to"]):
        outside = _outside(row["iso3"], year)
    return Place(row["iso3"], kind(row["iso3"]), row["note"], outside)


def resolve_all(texts: Iterable[str]) -> dict[str, Place | InputError]:
    """`resolve` for many spellings; what cannot be resolved comes back as the error, for one joint report."""
    found: dict[str, Place | InputError] = {}
    for text in texts:
        try:
            found[text] = resolve(text)
        except InputError as error:
            found[text] = error
    return found


_ARTICLE = re.compile(
    r"^(?:United|Netherlands|Philippines|European Union|Euro area|[Gg]roup of|Gulf |Baltic |Nordic |Eurasian |Southern "
    r"African |Visegrad |Czech Republic|Bahamas|Gambia|Maldives|Seychelles)"
)


def named(state: str) -> str:
    """A state's name as it stands inside a sentence: "the United States"."""
    return f"the {state}" if _ARTICLE.search(state) else state
