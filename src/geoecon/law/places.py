"""Places in words, as the law takes them: codes in any case, and names. Where two states share a name both are meant;
a group of states, a former state and an area without a state are no place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from geoecon import countries
from geoecon.errors import InputError
from geoecon.tables import packaged

if TYPE_CHECKING:
    from geoecon.kinds import Cell


FORMAL = re.compile(
    r"(?i)^(the )?((islamic|socialist|federal|federative|united|arab) )*(republic|kingdom|state) of (the )?"
)


# Customs territory or soil of the state itself: its rules bind there, and rules against it reach there (15 CFR 734.13,
# 772.1: the United States with its possessions; from memory)
PART_OF = dict.fromkeys(("PRI", "GUM", "VIR", "ASM", "MNP", "UMI"), "USA")


OCCUPIED = "occupied parts"  # of Ukraine, where it is not said which


def place_of(text: str) -> str:
    """The code of a state given by code or name. Raises InputError naming near ones, or both where two share it."""
    found = meant(text)
    if len(found) > 1:
        allowed = " or ".join(f"{code} ({countries.name(code)})" for code in found)
        raise InputError(f"ambiguous country {str(text).strip()!r}; allowed: {allowed}")
    return found[0]


def meant(text: str) -> tuple[str, ...]:
    """The codes of the states that the words may mean. Raises InputError where they mean none, naming near ones."""
    written = unicodedata.normalize("NFKC", str(text)).strip()
    shared = countries.names().get(countries.fold(written), ())
    if len(shared) > 1 and not countries.is_known(written):
        if not reading(written):
            return tuple(shared)
        from geoecon import lexicon

        return (lexicon.place(written).code,)
    code = written.upper() if len(written) == 3 and countries.is_known(written.upper()) else ""
    found: tuple[str, ...]
    try:
        found = (code or countries.resolve(written).iso3,)
    except InputError as error:
        found = _in_words(written, error)
    found = tuple(dict.fromkeys(PART_OF.get(one, one) for one in found))
    for one in found:
        if not countries.is_known(one) or not countries.is_country(one):
            raise _no_state(one, written)
    return found


def reading(text: str) -> str:
    """For which of several states a name is taken by common usage, as everywhere in the product; empty where it is that
    of one, or of several of which none is meant before the others."""
    from geoecon import lexicon

    written = unicodedata.normalize("NFKC", str(text)).strip()
    try:
        return "" if countries.is_known(written.upper()) else lexicon.place(written).note
    except InputError:
        return ""


def region_of(text: str) -> str:
    """The part of a state that a destination names (Crimea, Gaza); empty where it names none."""
    written = unicodedata.normalize("NFKC", str(text)).strip()
    if countries.is_known(written.upper()) or countries.fold(written) in countries.names():
        return ""
    from geoecon import lexicon

    found = lexicon.region(written)
    return found.name if found is not None else ""


@cache
def regions() -> Mapping[str, Mapping[str, str]]:
    """Parts of states that the law treats apart: the fact that the name says, or what was not entered."""
    return {row["region"]: row for row in packaged("law/regimes", "regions.csv")}


def parts() -> Mapping[str, str]:
    """The state of every part that has a name of its own."""
    from geoecon import lexicon

    return {part.name: part.state for part in lexicon.regions().values()}


def elsewhere(facts: Mapping[str, Any], place: str) -> str:
    """What is wrong where the part of a country that was said lies in another country; empty where nothing is."""
    region = facts.get("region") or (OCCUPIED if facts.get("occupied_region") == "yes" else None)
    state = "UKR" if region == OCCUPIED else parts().get(str(region), place) if region else place
    verb = "lie" if region == OCCUPIED else "lies"
    return f"{region} {verb} in {state} ({countries.name(state)}), not in {place}" if state != place else ""


def not_entered(region: Cell) -> str:
    """What is not known of a part of a state; empty where the rules for the state hold there or are asked by fact."""
    return regions()[str(region)]["not_entered"] if str(region) in regions() else ""


def _in_words(text: str, unknown: InputError) -> tuple[str, ...]:
    """Names in full form, and adjectives and capitals by the lexicon."""
    from geoecon import lexicon

    plain = countries.fold(FORMAL.sub("", text))
    if plain != countries.fold(text) and plain in countries.names():
        return ("CHN", "TWN") if plain == "china" else countries.names()[plain]  # both call themselves so
    try:
        found = lexicon.place(text)
    except InputError:
        raise unknown from None
    return (found.code,)


def _no_state(code: str, written: str) -> InputError:
    """That a group, a former state or an area is no place to ship to, with the states that it holds."""
    from geoecon import lexicon

    group = lexicon.groups().get("EU27" if code.startswith("EU") else code)
    held = sorted(countries.parts(code) or (group.members if group else ()))
    named = ", ".join(f"{part} ({countries.name(part)})" for part in held[:8]) or "the code or name of a country"
    allowed = f"{named}{' and others' if len(held) > 8 else ''}"
    return InputError(f"{written!r} is {countries.name(code)}, no one country; allowed: {allowed}")
