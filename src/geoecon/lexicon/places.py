"""States in any words: names, adjectives, capitals, codes and groups; a name that two share is read and said."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from geoecon import countries
from geoecon.countries import fold
from geoecon.errors import InputError
from geoecon.tables import packaged

T = TypeVar("T")
# a name that two states share, the one that is meant unless said otherwise, and what is said about it
SHARED: Mapping[str, tuple[str, str]] = {
    "korea": ("KOR", "Korea is read as the Republic of Korea; North Korea would be PRK"),
    "korean": ("KOR", "Korean is read as of the Republic of Korea; North Korea would be PRK"),
    "koreans": ("KOR", "Koreans are read as those of the Republic of Korea; North Korea would be PRK"),
    "congo": ("COD", "Congo is read as the Democratic Republic of the Congo; the Republic of the Congo would be COG"),
    "guinea": ("GIN", "Guinea is read as the state of that name; Guinea-Bissau would be GNB, Equatorial Guinea GNQ"),
    "gulf states": ("GCC", "the Gulf states are read as the six of the Gulf Cooperation Council"),
    "europe": ("EU27", "Europe is read as the European Union"),
    "european": ("EU27", "European is read as of the European Union"),
}
SHOUTED = (
    "US",
    "UK",
    "EU",
    "UAE",
    "DRC",
    "PRC",
    "ROK",
    "RSA",
    "GCC",
    "V4",
    "G7",
    "EA",
)  # only in capitals: "us" is no state


NO_STATE: Mapping[str, str] = {  # by kind, and by name where no list of trade has it
    "aggregate": "a region of several states",
    "joint": "no state of today",
    "east germany": "no state of today",
    "ottoman empire": "no state of today",
    "nato": "an alliance of several states",
    "scandinavia": "a region of several states",
    "balkans": "a region of several states",
    **dict.fromkeys(
        (
            f"{side} {whole}"
            for side in ("north", "northern", "south", "southern", "east", "eastern", "west", "western", "central")
            for whole in ("america", "europe", "asia", "africa")
        ),
        "a region of several states",
    ),
    "latin american": "a region of several states",
    "african": "a region of several states",
    "asian": "a region of several states",
}


@dataclass(frozen=True)
class Place:
    """A state, or a group of states with its members; `note` says how a shared name was read."""

    code: str  # ISO 3166 alpha-3, or the code of the group
    name: str
    members: tuple[str, ...] = ()  # of a group
    note: str = ""

    @property
    def states(self) -> tuple[str, ...]:
        """The codes behind it: the members of a group, else its own."""
        return self.members or (self.code,)


@dataclass(frozen=True)
class Spot:
    """Something that a text names, and where: `text[start:end]`."""

    start: int
    end: int
    found: Place


def _rows(file: str) -> list[dict[str, str]]:
    return packaged("lexicon", file)


@cache
def groups() -> Mapping[str, Place]:
    """The groups by code, with the members of today."""
    return {row["group"]: Place(row["group"], row["name"], members(row["group"])) for row in _rows("groups.csv")}


def members(code: str) -> tuple[str, ...]:
    """The states behind the code of a group, or behind one that names them ("JPN+KOR"); none behind that of a state."""
    return tuple(sorted(countries.members(code))) if countries.is_group(code) else ()


def together(places: Iterable[Place]) -> Place:
    """Several states as one: what they buy or sell is summed."""
    named = list(places)
    states = tuple(dict.fromkeys(state for place in named for state in place.states))
    *first, last = (countries.named(place.name) for place in named)
    return Place("+".join(place.code for place in named), f"group of {', '.join(first)} and {last}", states)


@dataclass(frozen=True)
class Region:
    """A part of a state that people name as if it were a place of its own; `state` is the one it is asked as."""

    name: str
    state: str
    source: str

    @property
    def note(self) -> str:
        return f"{self.name} is asked as a part of {countries.name(self.state)} ({self.source})"


@cache
def regions() -> Mapping[str, Region]:
    """Parts of states by every name without case, accents and punctuation."""
    return {
        fold(word): Region(row["region"], row["state"], row["source"])
        for row in _rows("regions.csv") for word in row["words"].split(";")
    }  # fmt: skip


def region(text: str) -> Region | None:
    """The part of a state that a name means; None where it is that of no part."""
    return regions().get(fold(text).removeprefix("the "))


@cache
def words() -> Mapping[str, Place]:
    """Every name without case, accents and punctuation to its place; shared names to the one that is usually meant."""
    found: dict[str, Place] = {}
    for text, codes in countries.names().items():
        if len(codes) == 1 and countries.is_country(codes[0]):
            found[text] = Place(codes[0], countries.name(codes[0]))
    for row in _rows("states.csv"):
        found |= {fold(word): Place(row["state"], countries.name(row["state"])) for word in row["words"].split(";")}
    for text, part in regions().items():
        found[text] = Place(part.state, countries.name(part.state), note=part.note)
    for row in _rows("groups.csv"):
        found |= {fold(word): groups()[row["group"]] for word in (row["name"], *row["words"].split(";"))}
    for text, (code, note) in SHARED.items():
        known = groups().get(code)
        found[text] = Place(code, known.name if known else countries.name(code), known.members if known else (), note)
    return found


@cache
def firms() -> Mapping[str, Place]:
    """Large firms to the state of their seat, as which a question takes them."""
    found = {}
    for row in _rows("firms.csv"):
        for firm in row["words"].split(";"):
            state = countries.name(row["state"])
            whole = countries.named(state)
            note = f"{firm} is a firm of {whole}: the question is asked of all of {whole}"
            found[fold(firm)] = Place(row["state"], state, note=note)
    return found


def place(text: str) -> Place:
    """The state or group behind a code, name, adjective or capital.

    Raises InputError for a name that no list has, with the nearest ones, and for one that two states share.
    """
    plain = fold(text).removeprefix("the ")
    if text.strip() in groups():
        return groups()[text.strip()]
    if "+" in text and countries.is_group(text.strip()):
        return together(map(place, text.strip().split("+")))
    if plain in words():
        return words()[plain]
    written = text.strip()
    try:
        found = countries.resolve(written.upper() if countries.is_known(written.upper()) else written)
    except InputError as error:
        near = nearest(plain)
        if near and "ambiguous" not in str(error):
            raise InputError(f"unknown state {text.strip()!r}; did you mean {' or '.join(near)}?") from None
        raise
    if found.kind != "country":
        allowed = "a state, or one of " + ", ".join(groups())
        raise InputError(f"{text.strip()!r} is {countries.name(found.iso3)}, not one country; allowed: {allowed}")
    return Place(found.iso3, countries.name(found.iso3))


def state(text: str) -> str:
    """The code behind a name in words: ISO 3166 alpha-3, or that of a group. Raises InputError as `place` does."""
    return place(text).code


def code(text: str, known: Container[str] = ()) -> str:
    """The code of a state given by code in any case or by name, for a table that may have places of its own.

    What stands in `known`, names a group, may mean two states or is in no list comes back as it is.
    """
    if text in known or countries.is_known(text):
        return text
    try:
        found = place(text)
    except InputError:
        return text
    return text if found.members or found.note else found.code


def nearest(plain: str, limit: int = 3) -> list[str]:
    """The names nearest in spelling with their codes."""
    from rapidfuzz import fuzz, process

    close = process.extract(plain, words().keys(), processor=heard, scorer=fuzz.ratio, limit=8, score_cutoff=70)
    alike = sorted((name for name, _, _ in close), key=lambda name: -fuzz.ratio(plain, name))  # spelt like it first
    places = {words()[name].code: f"{words()[name].name} ({words()[name].code})" for name in reversed(alike)}
    return list(reversed(places.values()))[:limit]


def heard(word: str) -> str:
    """A word by its sound: spellings that people mix up fall together."""
    plain = word.lower().replace("ph", "f").translate(str.maketrans("ykz", "ics"))
    return re.sub(r"(.)\1", r"\1", plain)


def places_in(text: str) -> list[Spot]:
    """Every place that a text names, from left to right, the longest name first; two-letter codes only in capitals."""
    return [Spot(*spot) for spot in names_in(text, _named)]


def no_states_in(text: str) -> list[tuple[int, int, str]]:
    """(start, end, what it is) of every region, former state or alliance that a text names: Latin America is none."""

    def known(written: str) -> str | None:
        codes = countries.names().get(plain := fold(written), ())
        kinds = {countries.kind(code) for code in codes} if plain not in words() and plain != "total" else set()
        return NO_STATE.get(plain) or next((NO_STATE[kind] for kind in ("aggregate", "joint") if kind in kinds), None)

    return list(names_in(text, known))


def is_noun(text: str) -> bool:
    """Whether a text is a state's name or code, and no adjective of it."""
    return text.isupper() or fold(text) in countries.names() or fold(text) == "europe"


def names_in(text: str, named: Callable[[str], T | None]) -> Iterator[tuple[int, int, T]]:
    """(start, end, what it names) of the names in a text, from left to right, the longest of up to six words first."""
    pieces = list(tokens(text))
    at = 0
    while at < len(pieces):
        for length in range(min(6, len(pieces) - at), 0, -1):
            start, end = pieces[at][0], pieces[at + length - 1][1]
            known = named(text[start:end])
            if known is not None:
                yield start, end, known
                at += length - 1
                break
        at += 1


def tokens(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text stand; a possessive s is no part of one."""
    for match in re.finditer(r"[^\W_]+(?:[.’'-][^\W_]+)*", text):
        end = match.end()
        yield match.start(), end - 2 if re.search(r"[’']s$", match.group()) else end


def _named(written: str) -> Place | None:
    plain = fold(written)
    if written.upper() != written and plain.upper().replace(" ", "") in SHOUTED:
        return None
    if plain in words():
        return words()[plain]
    if len(written) == 3 and written.isupper() and countries.is_known(written) and countries.is_country(written):
        return Place(written, countries.name(written))
    people = words().get(plain.removesuffix("s")) if written[0].isupper() else None  # "the Americans"
    return groups().get(written) or firms().get(plain) or people
