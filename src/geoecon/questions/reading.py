"""A question in words, read by a small grammar into a `Wording`.

SENDER VERB PRODUCT to TARGET [for TIME] [from DAY], in any order that the lists of names can settle. Nothing is
guessed in silence: what was read one way and could be read another, and what was not read, stands in `notes`.
"""

from __future__ import annotations

import re

from geoecon import lexicon
from geoecon.errors import InputError
from geoecon.lexicon import Good, Place, Spot
from geoecon.questions import acts
from geoecon.questions.acts import BUYS
from geoecon.questions.amounts import amounts
from geoecon.questions.faults import faults_of, refuse_case, unread_note, unread_words
from geoecon.questions.sides import sides
from geoecon.questions.tied import joined, once
from geoecon.questions.wording import BUYING, HALVED, NO_VERB, Wording, check

ARROW = re.compile(r"\s*(?:[-=–—]+>|[→⇒➜➝⟶])\s*")  # "China -> Korea": the way of the good
BACK = re.compile(r"\s*(?:<[-=–—]+|[←⇐⟵])\s*")
USERS = re.compile(
    r"\s*(?:makers?|producers?|plants?|factories|industry|industries|manufacturers?|firms?|companies|users?|sector)\b",
    re.I,
)


DEPENDS = re.compile(r"\b(?:depend(?:s|ed|ing|ent|ence|ency)?|rel(?:y|ies|ied|iant|iance)|expos(?:ed|ure))\b", re.I)


def read_question(text: str) -> Wording:
    """The question in words. Raises InputError with everything that is missing or unknown, and what would do."""
    plain = " ".join(text.replace("\u2019", "'").split())
    refuse_case(plain)
    if elsewhere := _asked_elsewhere(plain):
        raise InputError(elsewhere)
    if BACK.search(plain):
        raise InputError("an arrow to the left; allowed: the seller first, as in China -> Korea: graphite stopped")
    plain = ARROW.sub(" to ", plain)
    said = amounts(plain)
    rest = re.sub(r"\b(?:tariff|customs) (?:line|code|heading|number)s?\b|\bhs[- ]code\b", "HS", said.rest, flags=re.I)
    goods = _goods(rest)
    wide = lexicon.no_states_in(rest)  # "Latin America" is not America
    named = [spot for spot in lexicon.places_in(rest) if not _within(spot, wide)]
    goods = [one for one in goods if not any(spot.start <= one[0] and one[1] < spot.end for spot in named)]
    named = [spot for spot in named if not any(a < spot.end and spot.start < b for a, b, _ in goods)]
    places, tied, inside = once(*joined(rest, named))
    verbs = acts.acts(rest, [*((a, b) for a, b, _ in goods), *((spot.start, spot.end) for spot in named)])
    act = acts.chief(verbs)
    unlike = unread_words(rest, goods, named, verbs)
    faults = faults_of(rest, goods, places, verbs, unlike)
    taken = [*((spot.start, spot.end) for spot in named), *((a, b) for a, b, _ in goods)]
    lone = [(a, b, what) for a, b, what in wide if not any(start < b and a < end for start, end in taken)]
    faults = faults or [f"'{rest[a:b]}' is {what}; allowed: states by name" for a, b, what in lone]
    if faults:
        raise InputError(faults)
    good = goods[0][2]
    read = sides(rest, places, goods[0][:2], act)
    instrument, notes = read.instrument, [read.sender.note, read.target.note, good.note, read.note, *inside]
    if good.is_service and instrument not in BUYING:  # a state stops its own residents from going
        instrument = "import-ban"
    if instrument is None:
        notes.append(f"{NO_VERB}: a stop is assumed; name another with --measure")
    if unlike:
        notes.append(unread_note(rest, goods[0], unlike))
    cut = said.cut
    if cut == 1 and instrument == "quota":  # nothing is let through
        instrument = "ban"
    if cut is None and read.side == BUYS and act is not None and act.instrument in ("quota", "licence"):
        cut = HALVED
        notes.append(f"how much is refused is not said: {HALVED:.0%} is assumed; say it with --cut")
    allies, sender, target = tied.get(read.sender.code, ()), read.sender, read.target
    if target.code in tied:
        target = _as_one(target, tied[target.code], notes)
    if allies and instrument in BUYING:
        sender, allies = _as_one(sender, allies, notes), ()
    made = Wording(plain, sender, target, good, instrument, cut, said.duty, said.start, said.days,
                   tuple(filter(None, notes)), allies, read.side)  # fmt: skip
    return check(made)


def _asked_elsewhere(text: str) -> str:
    """What the text asks that is no measure: dependence, which other verbs answer; or that it is not in English."""
    if text and not re.search(r"[A-Za-z]", text):
        return "the question is in another script; allowed: English words, as in China stops graphite to Korea"
    if DEPENDS.search(text) is None or acts.acts(text, ()):
        return ""
    goods, states = _goods(text), lexicon.places_in(text)
    good = f"'{goods[0][2].name}'" if goods else "graphite"
    verbs = f"geoecon exposure --product {good}" + (f", geoecon levers {states[0].found.code}" if states else "")
    return (
        f"the question asks who depends on whom, and no measure; allowed: {verbs}, geoecon scan for all goods at once, "
        "or what is done, as in China stops graphite to Korea"
    )


def _within(spot: Spot, wide: list[tuple[int, int, str]]) -> bool:
    """Whether a longer name, of no one state, holds the name of a state."""
    return any(a <= spot.start and spot.end <= b and b - a > spot.end - spot.start for a, b, _ in wide)


def _as_one(first: Place, others: tuple[Place, ...], notes: list[str]) -> Place:
    """Several who are hit, or who refuse to buy, as one; the notes say so."""
    several = lexicon.together((first, *others))
    each = ", ".join(place.name for place in (first, *others))
    notes.append(f"{each} are answered as one, their trade and economies summed; ask for each to have its own part")
    return several


def _goods(text: str) -> list[tuple[int, int, Good]]:
    """The goods named: without those that say who uses the one asked about, and a code beside a name in its place."""
    found = lexicon.products_in(text)
    if len({good.id for _, _, good in found}) < 2:
        return found
    kept = [
        (a, b, good) for a, b, good in found
        if not USERS.match(text[b:]) and not re.search(r"\b(?:for|used in|used for) (?:its |the )?$", text[:a], re.I)
    ]  # fmt: skip
    if (
        len(kept) == 2
        and re.fullmatch(r"[\s(,]*", text[kept[0][1] : kept[1][0]])
        and re.search(r"\d", text[kept[1][0] : kept[1][1]])
    ):
        (a, _, _), (_, b, good) = kept
        kept = [(a, b, good)]
    return kept or found
