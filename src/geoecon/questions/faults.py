"""What a question in words lacks or says twice, and what could not be read of it: each fault with what would do."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from geoecon import countries, lexicon
from geoecon.case import cases
from geoecon.countries import fold
from geoecon.errors import InputError
from geoecon.lexicon import Good, Spot
from geoecon.questions import acts
from geoecon.questions.acts import SUFFERS, Act
from geoecon.questions.contrary import contrary
from geoecon.tables import packaged

CASE_VERBS = "geoecon run, disrupt, welfare, bargain, buffers (stocks) or check"
WAYS = re.compile(
    r"\b(?:canals?|straits?|air ?space|pipelines?|transit|ports?|flights?|shipping|borders?|railways?)\b", re.I
)
SERVICE = re.compile(
    r"\b(?:students?|airlines?|insurance|reinsurance|banks?|banking|loans?|credits?|software|cloud services|data|"
    r"investments?|films?|movies|music|games|swift|dollars?|deposits?|assets|workers|seamen|satellite internet)\b",
    re.I,
)


def refuse_case(text: str) -> None:
    """Raises InputError for the name of a case where a state, a good or a question is asked for."""
    words = text.split()
    for word in words:
        folder = len(words) == 1 or "/" in word  # a folder may have the name of a good
        if word in cases() or (folder and (Path(word) / "case.toml").is_file()):
            raise InputError(f"{word!r} is a case, and no question; allowed: {CASE_VERBS} for a case; a question as in "
                             "China stops graphite to Korea; states and goods by name")  # fmt: skip


@cache
def little() -> frozenset[str]:
    """Words that name nothing: what is left besides them was not read."""
    return frozenset(row["word"] for row in packaged("questions", "little.csv"))


def faults_of(
    text: str, goods: list[tuple[int, int, Good]], places: list[Spot], verbs: list[Act], unlike: list[str]
) -> list[str]:
    """Everything for which the question cannot be read, in words."""
    faults = []
    heard = any(re.search(r"\b(?:not|never|cannot)\b|n't", text[act.start : act.end], re.I) for act in verbs)
    if re.search(r"\b(?:not|never|cannot)\b|n't\b", text, re.I) and not heard:
        faults.append("the question denies something; allowed: what is done, as in China stops graphite to Korea")
    if WAYS.search(text) and not (goods and verbs):
        allowed = "the good that passes, as in Qatar stops LNG to Japan, or a case with a transit_ban (geoecon new)"
        return [f"closing a way is no measure on one good; allowed: {allowed}"]
    faults += _numbers(text, goods, places)
    faults += _other_good(text, goods, unlike)
    faults += contrary(text, verbs, [*((a, b) for a, b, _ in goods), *((spot.start, spot.end) for spot in places)])
    if not goods:
        faults.append(_missing("a product", unlike, "good", text))
    faults += _two_measures(text, places, verbs)
    goods_named = {good.id: good.name for _, _, good in [*goods, *_elided(text, goods)]}
    if len(goods_named) > 1:
        named = ", ".join(goods_named.values())
        faults.append(
            f"{len(goods_named)} products ({named}); allowed: one; ask for each, or make a case (geoecon new)"
        )
    unique = {spot.found.code: spot.found for spot in places}
    if len(unique) > 2:
        named = ", ".join(place.name for place in unique.values())
        faults.append(f"{len(unique)} states ({named}); allowed: a sender and a target; --patron names a third")
    if len(unique) == 1 and len(places) > 1:
        faults.append(f"sender and target are both {places[0].found.name}; allowed: two different states")
    elif len(unique) < 2:
        faults.append(_missing("a sender or a target" if unique else "a sender", unlike, "place", text))
    if not verbs and unlike and not faults and not goods[0][2].is_service:
        offers = [f"{word!r} (did you mean {' or '.join(found)}?)" for word in unlike if (found := acts.near(word))]
        unread = ", ".join(offers or map(repr, unlike))
        allowed = "stops, licences, a quota, cuts by 40 %, an export tax, a tariff, an import ban or a boycott"
        faults.append(f"what is done is missing; not understood: {unread}; allowed: {allowed}")
    return faults


def _two_measures(text: str, places: list[Spot], verbs: list[Act]) -> list[str]:
    """A measure on either side of a comma, by two states: "If Japan boycotts China, China stops gallium to Japan"."""
    acting = [act for act in verbs if act.subject != SUFFERS]
    for comma in re.finditer(r",", text):
        before, behind = ([act for act in acting if (act.end <= comma.start()) == first] for first in (True, False))
        who = [max((spot for spot in places if low <= spot.start and spot.end <= part[0].start), default=None,
                   key=lambda spot: spot.start)
               for low, part in ((0, before), (comma.end(), behind)) if part]  # fmt: skip
        if len(who) == 2 and who[0] and who[1] and who[0].found.code != who[1].found.code:
            named = f"{text[before[0].start : before[0].end]}, {text[behind[0].start : behind[0].end]}"
            return [f"two measures ({named}); allowed: one, that of one state, as in China stops graphite to Korea"]
    return []


def _elided(text: str, goods: list[tuple[int, int, Good]]) -> list[tuple[int, int, Good]]:
    """The good that shares its last words with the one behind: natural (graphite) and artificial graphite."""
    found = []
    for start, end, _ in goods:
        before = re.search(r"([\w-]+),? (?:and|or|&) $", text[:start], re.I)
        name = text[start:end].split()
        for k in range(1, len(name)) if before else ():
            whole = f"{before[1] if before else ''} {' '.join(name[k:])}"
            found += [one for one in lexicon.products_in(whole) if one[:2] == (0, len(whole))]
    return found


def _numbers(text: str, goods: list[tuple[int, int, Good]], places: list[Spot]) -> list[str]:
    """The numbers that were not read, which may not be left out in silence."""
    used = [*((a, b) for a, b, _ in goods), *((spot.start, spot.end) for spot in places)]
    left = [
        match[0] for match in re.finditer(r"(?<!\w)\d+(?:[.,]\d+)*(?!\w)|\bper ?cent\b|%", text, re.I)
        if not any(a < match.end() and match.start() < b for a, b in used)
    ]  # fmt: skip
    allowed = "a share or rate as 40 %, a length as six months, a day with its year, a code of a good as HS 280530"
    return [f"not understood: {', '.join(left)}; allowed: {allowed}"] if left else []


def unread_words(text: str, goods: list[tuple[int, int, Good]], places: list[Spot], verbs: list[Act]) -> list[str]:
    """The words that no list has read, for the offer of near names and the note."""
    used = [(a, b) for a, b, _ in goods] + [(spot.start, spot.end) for spot in places]
    used += [(act.start, act.end) for act in verbs]
    left = []
    for match in re.finditer(r"\w*[^\W\d_][\w’'-]*", text):
        inside = any(a < match.end() and match.start() < b for a, b in used)
        if not inside and match.group().lower() not in little() and len(match.group()) > 1:
            left.append(match.group())
    return left


def _beside(text: str, good: tuple[int, int, Good], unlike: list[str]) -> list[str]:
    """The unread words that stand right before or behind the good's name."""
    start, end, _ = good
    behind, before = re.match(r"[ -]+([\w-]+)", text[end:]), re.search(r"([\w-]+)[ -]+$", text[:start])
    if before and any(
        lexicon.is_noun(text[spot.start : spot.end]) and not text[spot.end : before.start()].strip()
        for spot in lexicon.places_in(text[: before.start()])
    ):
        before = None  # "Chile nationalises lithium": what a state does
    return [match[1] for match in (behind, before) if match is not None and match[1] in unlike]


def _other_good(text: str, goods: list[tuple[int, int, Good]], unlike: list[str]) -> list[str]:
    """A word of another good's name right beside the good, which makes it that other one: chip machines."""
    faults = []
    for start, end, named in goods[:1]:
        for word in _beside(text, (start, end, named), unlike):
            other = lexicon.products_in(word + "s")
            if other and other[0][2].id != named.id:
                offered = ", ".join(dict.fromkeys((*_goods_like(word)[:3], named.name)))
                faults.append(f"{word!r} beside {named.name} may be another good; allowed: one of {offered}")
    return faults


def unread_note(text: str, good: tuple[int, int, Good], unlike: list[str]) -> str:
    """What was not read; a word beside the good may make it another one."""
    said = "not read: " + ", ".join(dict.fromkeys(unlike))
    named = good[2]
    if _beside(text, good, unlike):
        said += f"; the answer is about {named.name} (HS {' '.join(named.hs)}), and a product of it has another code"
    return said


def _missing(what: str, unlike: list[str], kind: str, text: str) -> str:
    """What the question lacks, with the names that its unread words are nearest to."""
    if kind == "good" and re.search(r"\b(?:everything|anything|sanctions?|trade|all goods|all exports)\b", text, re.I):
        return (
            "all goods at once are asked elsewhere: geoecon levers SENDER --target TARGET ranks them; allowed: one good"
        )
    service = SERVICE.search(text)
    if kind == "good" and service and not any(text[: service.start()].endswith(f"{word} ") for word in unlike):
        allowed = "a good, tourists, or a case of your own with what is known of it (geoecon new)"
        return f"{service[0]!r} is a service, of which no table ships; allowed: {allowed}"
    if kind == "place" and (own := re.search(r"\b(?:us|we|our|ours|me|my)\b", text)):
        what = f"{what} is missing; {own[0]!r} is no name of a state"
        return f"{what}; allowed: as in China stops graphite to Korea"
    if kind == "place" and (wide := lexicon.no_states_in(text)):
        (start, end, told), *_ = wide
        allowed = f"a state, or one of {', '.join(place.name for place in lexicon.groups().values())}"
        return f"{what} is missing; {text[start:end]!r} is {told}; allowed: {allowed}"
    unlike = [word for word in unlike if len(word) > 2 or (kind == "place" and _three(word) != word)]
    near = _goods_like if kind == "good" else lambda word: lexicon.near_places(fold(_three(word)))
    offers = [f"{word!r} (did you mean {' or '.join(found)}?)" for word in unlike if (found := near(word))]
    unread = "; not understood: " + ", ".join(offers or [repr(word) for word in unlike]) if unlike else ""
    return f"{what} is missing{unread}; allowed: as in China stops graphite to Korea"


def _three(word: str) -> str:
    """A word, or the name behind a code of two letters in capitals: CN is China."""
    if len(word) != 2 or not word.isupper():
        return word
    try:
        return countries.name(countries.resolve(word).iso3)
    except InputError:
        return word


def _goods_like(word: str) -> list[str]:
    """Names of the goods that a word is a part of (acid), else of those that it is spelt like."""
    try:
        return [good.name for good in lexicon.product(fold(word))]
    except InputError:
        return lexicon.near_goods(fold(word))
