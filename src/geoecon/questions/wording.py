"""A question in words, read by a small grammar: who acts on whom, with what, on which good, from when and how long.

SENDER VERB PRODUCT to TARGET [for TIME] [from DAY], in any order that the lists of names can settle. Nothing is
guessed in silence: what was read one way and could be read another stands in `notes`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files

from geoecon import lexicon
from geoecon.countries import fold
from geoecon.errors import InputError
from geoecon.lexicon import Good, Place, Spot

INSTRUMENTS = ("ban", "licence", "quota", "export-tax", "tariff", "import-ban", "boycott")
BUYING = ("tariff", "import-ban", "boycott")  # the sender buys; the good is the target's
NUMBERS: Mapping[str, float] = {
    "one": 1, "a": 1, "an": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "eighteen": 18, "twenty": 20, "half": 0.5,
}  # fmt: skip
FRACTIONS: Mapping[str, float] = {
    "half": 0.5, "a half": 0.5, "a third": 1 / 3, "one third": 1 / 3, "two thirds": 2 / 3, "a quarter": 0.25,
    "one quarter": 0.25, "three quarters": 0.75, "a fifth": 0.2, "four fifths": 0.8, "a tenth": 0.1, "nine tenths": 0.9,
}  # fmt: skip
DAYS = {"day": 1.0, "week": 7.0, "month": 365 / 12, "year": 365.0}
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
LITTLE = frozenset([  # words that name nothing
    "what", "if", "the", "to", "from", "of", "on", "for", "by", "and", "its", "exports", "export", "imports",
    "all", "a", "an", "under", "puts", "sets", "put", "set", "in", "with", "happens", "when", "were", "would",
    "should", "will", "is", "are", "does", "who", "how", "sales", "deliveries", "shipments", "supply",
    "supplies", "selling", "goods", "at", "against", "no", "up", "us", "next",
])  # fmt: skip
_UNIT = r"(days?|weeks?|months?|years?)"
_COUNT = rf"(\d+(?:\.\d+)?|{'|'.join(NUMBERS)})"
_DATE = rf"(\d{{4}}-\d{{2}}-\d{{2}}|\d{{4}}-\d{{2}}|(?:\d{{1,2}} )?(?:{'|'.join(MONTHS)}) \d{{4}}|\d{{4}})"


@dataclass(frozen=True)
class Wording:
    """What a question says. `cut` is the share of the flow that is withheld, `duty` a rate; None where it does not say;
    `days` how long, None for an unknown end."""

    text: str
    sender: Place
    target: Place
    good: Good
    instrument: str | None = None
    cut: float | None = None
    duty: float | None = None
    start: date | None = None
    days: float | None = None
    notes: tuple[str, ...] = ()
    allies: tuple[Place, ...] = ()  # who withhold with the sender, who leads

    @property
    def senders(self) -> str:
        """The names of all who act."""
        names = [place.name for place in (self.sender, *self.allies)]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

    @property
    def buying(self) -> bool:
        return self.instrument in BUYING


def read_question(text: str) -> Wording:
    """The question in words. Raises InputError with everything that is missing or unknown, and what would do."""
    plain = " ".join(text.split())
    rest, length, start, cut, duty = _numbers(plain)
    goods = [spot for spot in lexicon.products_in(rest)]
    places = [spot for spot in lexicon.places_in(rest) if not any(a < spot.end and spot.start < b for a, b, _ in goods)]
    places, joined = _joined(rest, places)
    instrument, verb = _instrument(rest, places)
    faults = []
    if re.search(r"\b(?:not|never|n't)\b", rest.replace("n't", " n't")):
        faults.append("the question denies something; allowed: what is done, as in China stops graphite to Korea")
    unlike = _unlike(rest, goods, places, verb)
    if not goods:
        faults.append(_missing("a product", unlike, "good"))
    if len({good.id for _, _, good in goods}) > 1:
        named = ", ".join(good.name for _, _, good in goods)
        faults.append(f"{len(goods)} products ({named}); allowed: one; ask for each, or make a case (geoecon new)")
    if len({spot.found.code for spot in places}) > 2:
        named = ", ".join(spot.found.name for spot in places)
        faults.append(f"{len(places)} states ({named}); allowed: a sender and a target; --patron names a third")
    if faults:
        raise InputError(faults)
    good = goods[0][2]
    sender, target, instrument = _sides(rest, places, goods[0][:2], instrument, verb, unlike)
    if good.is_service and instrument not in BUYING:  # a state stops its own residents from going
        instrument = "import-ban"
    said = tuple(note for note in (sender.note, target.note, good.note) if note)
    allies = joined.get(sender.code, ())
    if target.code in joined:
        named = " and ".join(place.name for place in (target, *joined[target.code]))
        raise InputError(f"several targets ({named}); allowed: one; ask for each, or name a group (the EU)")
    if allies and instrument in BUYING:
        raise InputError(
            f"{len(allies) + 1} states refuse to buy; allowed: one; ask for each, or name a group (the EU)"
        )
    made = Wording(plain, sender, target, good, instrument, cut, duty, start, length, said, allies)
    return check(made)


def _joined(text: str, places: list[Spot]) -> tuple[list[Spot], dict[str, tuple[Place, ...]]]:
    """Places with those left out that "and" or a comma ties to the one before, and these by the code of the first."""
    kept: list[Spot] = []
    joined: dict[str, tuple[Place, ...]] = {}
    end = -1
    for spot in places:
        tied = kept and re.fullmatch(
            r"\s*(?:,|&|,?\s*and|together with|with)(?:\s+the)?\s*", text[end : spot.start], re.I
        )
        end = spot.end
        if tied:
            joined[kept[-1].found.code] = (*joined.get(kept[-1].found.code, ()), spot.found)
        else:
            kept.append(spot)
    return kept, joined


def check(made: Wording) -> Wording:
    """The same, where it can be asked. Raises InputError for a sender that is the target, or one inside the other."""
    acting = [state for place in (made.sender, *made.allies) for state in place.states]
    both = set(acting) & set(made.target.states) | {state for state in acting if acting.count(state) > 1}
    faults = []
    if made.sender.code == made.target.code:
        faults.append(f"sender and target are both {made.sender.name}; allowed: two different states")
    elif both:
        faults.append(f"{', '.join(sorted(both))} would stand twice; allowed: each state once, outside the groups")
    if made.cut is not None and not 0 < made.cut <= 1:
        faults.append(f"cut {made.cut:g}; allowed: a share above 0 and up to 1, as 0.8 or 80 %")
    if made.duty is not None and not 0 < made.duty <= 20:
        faults.append(f"duty {made.duty:g}; allowed: a rate above 0 and up to 20, as 0.25 or 25 %")
    if made.instrument is not None and made.instrument not in INSTRUMENTS:
        faults.append(f"measure {made.instrument!r}; allowed: " + ", ".join(INSTRUMENTS))
    if faults:
        raise InputError(faults)
    return made


@cache
def verbs() -> tuple[tuple[str, str], ...]:
    """(words, instrument), longest words first."""
    with (files("geoecon.questions") / "verbs.csv").open(encoding="utf-8") as lines:
        found = [(word, row["instrument"]) for row in csv.DictReader(lines) for word in row["words"].split("|")]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


def _instrument(text: str, places: list[Spot]) -> tuple[str | None, tuple[int, int] | None]:
    """The instrument that the verbs name and where; words inside the name of a place or behind a number are none."""
    lowered = text.lower()
    found: list[tuple[int, int, str]] = []
    for word, instrument in verbs():
        for match in re.finditer(rf"\b{re.escape(word)}\b", lowered):
            inside = any(spot.start <= match.start() < spot.end for spot in places)
            if not inside and not any(a <= match.start() < b for a, b, _ in found):
                found.append((match.start(), match.end(), instrument))
    if not found:
        return None, None
    kinds = [kind for _, _, kind in sorted(found)]
    special = [kind for kind in kinds if kind not in ("ban", "quota")]
    kind = "licence" if "licence" in kinds and special[0] not in BUYING else special[0] if special else kinds[0]
    first = min(found)
    return kind, (first[0], max(found)[1])


def _numbers(text: str) -> tuple[str, float | None, date | None, float | None, float | None]:
    """(the text without times and shares, days, first day, cut, duty)."""
    rest, days, start, cut, duty = text, None, None, None, None
    lasts = re.search(rf"\bfor (?:the next |about |some )?{_COUNT} {_UNIT}\b", rest, re.I)
    if lasts:
        days = _count(lasts[1]) * DAYS[lasts[2].lower().rstrip("s")]
        rest = _without(rest, lasts)
    begins = re.search(rf"\b(?:from|starting(?: on| in)?|as of|beginning(?: on| in)?|on|in) {_DATE}\b", rest, re.I)
    if begins:
        start = a_day(begins[1])
        rest = _without(rest, begins)
    ends = re.search(rf"\b(?:until|till|up to) {_DATE}\b", rest, re.I)
    if ends:
        days = float((a_day(ends[1]) - (start or date.today())).days)
        rest = _without(rest, ends)
        if days <= 0:
            raise InputError(f"until {ends[1]}, which is before the start; allowed: a later day")
    words = "|".join(sorted(map(re.escape, FRACTIONS), key=len, reverse=True))
    share = re.search(rf"\b(by|to|of|at)? ?(?:about )?(?:(\d+(?:\.\d+)?) ?(?:%|per ?cent\b)|({words})\b)", rest, re.I)
    if share:
        value = float(share[2]) / 100 if share[2] else FRACTIONS[share[3].lower()]
        near = rest.lower()
        if re.search(r"tariff|dut(?:y|ies)|tax|levy", near):
            duty = value
        else:
            kept = (share[1] or "").lower() in ("to", "at")
            kept |= (share[1] or "").lower() == "of" and "quota" in near
            cut = 1 - value if kept else value
        rest = _without(rest, share)
    elif re.search(r"\bhalv(?:e|es|ed|ing)\b", rest, re.I):
        cut = 0.5
    return " ".join(rest.split()), days, start, cut, duty


def _without(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " + text[match.end() :]


def _count(text: str) -> float:
    return NUMBERS[text.lower()] if text.lower() in NUMBERS else float(text)


def a_day(text: str) -> date:
    """The first day of a date, month or year in digits or words. Raises InputError for a day that is none."""
    try:
        if re.fullmatch(r"\d{4}", text):
            return date(int(text), 1, 1)
        if re.fullmatch(r"\d{4}-\d{2}", text):
            return date.fromisoformat(text + "-01")
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        *day, month, year = text.lower().split()
        return date(int(year), MONTHS.index(month) + 1, int(day[0]) if day else 1)
    except ValueError:
        raise InputError(f"day {text!r}; allowed: a day as YYYY-MM-DD, a month as YYYY-MM, or a year") from None


def _sides(
    text: str, places: list[Spot], good: tuple[int, int], instrument: str | None, verb: tuple[int, int] | None,
    unlike: list[str],
) -> tuple[Place, Place, str | None]:  # fmt: skip
    """(sender, target, instrument) from the little words before the names, the verb's place, and an adjective before
    the good, which names its seller."""
    unique = list({spot.found.code: spot for spot in reversed(places)}.values())[::-1]
    if len(unique) < 2:
        raise InputError(_missing("a sender" if not unique else "a sender or a target", unlike, "place"))
    role: dict[str, str] = {}
    for spot in places:
        before = text[: spot.start].rstrip().lower()
        before = re.sub(r"\bthe$", "", before).rstrip()
        people = re.match(r"\s*(?:tourists|visitors|travellers|consumers|buyers|shoppers)\b", text[spot.end :], re.I)
        if people or re.search(r"\bby$", before):
            role["sender"] = spot.found.code
        elif re.search(r"\b(?:to|for|against|towards?|into|hits?|on)$", before):
            role["to"] = spot.found.code
        elif re.search(r"\b(?:from|of)$", before):
            role["from"] = spot.found.code
        elif 0 <= good[0] - spot.end <= 1 or text[spot.end : good[0]].strip().lower() in ("'s", "’s", "exports of"):
            role["seller"] = spot.found.code
    by_code = {spot.found.code: spot for spot in unique}
    one, other = unique[0].found.code, unique[1].found.code

    def rest_of(code: str) -> str:
        return other if code == one else one

    passive = verb is not None and re.search(r"\b(?:is|are|was|were|be|been|being)\b[^.]*$", text[: verb[0]].lower())
    seller = role.get("seller") or role.get("from")
    lost = verb is not None and re.match(r"los(?:e|es|ing)\b", text[verb[0] :].lower())
    if "sender" in role:
        sender = role["sender"]
    elif lost:
        sender = seller or rest_of(one)
    elif "to" in role:
        sender = rest_of(role["to"])
    elif seller is not None and (passive or verb is None or verb[0] < min(s.start for s in unique)):
        sender = seller
    elif seller is not None and rest_of(seller) == one:  # "China bans Australian iron ore": the buyer acts
        sender = one
        instrument = {"ban": "import-ban", "quota": "import-ban", None: "import-ban"}.get(instrument, instrument)
        if instrument == "export-tax":
            instrument = "tariff"
    else:
        sender = one
    if seller == sender and instrument in BUYING:
        mine, buyer = by_code[sender].found.name, by_code[rest_of(sender)].found.name
        allowed = (
            f"the buyer as the one who acts, as in {buyer} bans them, or an export measure (stops, licences, quota)"
        )
        raise InputError(f"{mine} would refuse its own goods; allowed: {allowed}")
    return by_code[sender].found, by_code[rest_of(sender)].found, instrument


def _unlike(
    text: str, goods: list[tuple[int, int, Good]], places: list[Spot], verb: tuple[int, int] | None
) -> list[str]:
    """The words that no list has read, for the offer of near names."""
    used = [(a, b) for a, b, _ in goods] + [(spot.start, spot.end) for spot in places] + ([verb] if verb else [])
    left = []
    for match in re.finditer(r"[^\W\d_][\w’'-]*", text):
        inside = any(a < match.end() and match.start() < b for a, b in used)
        if not inside and match.group().lower() not in LITTLE:
            left.append(match.group())
    return left


def _missing(what: str, unlike: list[str], kind: str) -> str:
    """What the question lacks, with the names that its unread words are nearest to."""

    if any(re.fullmatch(r"canals?|straits?|airspace|pipelines?|transit|ports?", word, re.I) for word in unlike):
        allowed = "the good that passes, as in Qatar stops LNG to Japan, or a case with a transit_ban (geoecon new)"
        return f"closing a way is no measure on one good; allowed: {allowed}"
    if kind == "good" and any(word.lower() in ("everything", "trade", "anything", "sanctions") for word in unlike):
        return (
            "all goods at once are asked elsewhere: geoecon levers SENDER --target TARGET ranks them; allowed: one good"
        )
    unlike = [word for word in unlike if len(word) > 2]
    near = lexicon.near_goods if kind == "good" else lexicon.near_places
    offers = [f"{word!r} (did you mean {' or '.join(found)}?)" for word in unlike if (found := near(fold(word)))]
    unread = "; not understood: " + ", ".join(offers or [repr(word) for word in unlike]) if unlike else ""
    return f"{what} is missing{unread}; allowed: as in China stops graphite to Korea"


def with_options(made: Wording, **options: object) -> Wording:
    """The question with what was said beside it: measure, cut, duty, start, days overrule the words."""
    return check(replace(made, **{name: value for name, value in options.items() if value is not None}))  # type: ignore[arg-type]
