"""One rule of direction for a question: who sells the good, who buys it, and which of the two acts.

The one who acts is the sender. Evidence for the flow, the strongest first: "to X" (X buys), "from X" or "X's good" (X
sells), "its exports" and "its imports". A measure that only a seller or only a buyer can take fixes the part of the
one who acts; where words and measure contradict each other the question is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from geoecon.errors import InputError
from geoecon.lexicon import Place, Spot, is_noun
from geoecon.questions.acts import BUYS, SELLS, SUFFERS, Act

_ADVERB = r"(?:\w+ly |again |now |all |at last )?"
_HIT = r"(?:hits?|hitting|hurts?|hurting|harms?|harming|damages?|punish(?:es|ing)?|pressures?|coerces?|affects?|costs?)"
OWN = re.compile(  # between a state and the good it sells
    r"(?:['’]s?)?\s*(?:own |natural |raw |made |exports? of |sales of |deliver(?:y|ies) of |shipments of )*", re.I
)
REFUSED = re.compile(
    r"(?:banned|prohibited|forbidden|outlawed|boycotted|embargoed|refused|rejected|shunned|taxed|restricted)", re.I
)
FILLED = re.compile(  # between a subject and its verb
    r"^(?:[^\w,;:]|\b(?:"
    r"will|would|may|might|could|can|should|shall|were to|is to|are to|was to|has|have|had|is|are|"
    r"the|an?|new|its|government|also|now|then|ever|again|suddenly|completely|entirely|wholly|"
    r"imposes?|imposed|puts?|sets?|raises?|raised|introduces?|announces?|announced|declares?|places?|"
    r"orders?|lays?|threatens? to|decides? to|plans? to|wants? to|begins? to|starts?|"
    r"export|import|full|total|partial|temporary|of|general|sweeping|high|higher|formal|consumer|public|state|"
    r"slaps?|levies"
    r")\b)*$",
    re.I,
)


@dataclass
class Evidence:
    """What the little words say of each state, by code."""

    to: set[str] = field(default_factory=set)
    sells: set[str] = field(default_factory=set)  # "from X", "X's good"
    hit: set[str] = field(default_factory=set)  # "against X", "for X", "hurts X"
    by: set[str] = field(default_factory=set)
    buys: set[str] = field(default_factory=set)  # "X's imports of"


@dataclass(frozen=True)
class Sides:
    """Who acts, on whom, whether the one who acts sells or buys the good, and the measure."""

    sender: Place
    target: Place
    side: str
    instrument: str | None
    note: str = ""


def sides(text: str, places: list[Spot], good: tuple[int, int], act: Act | None) -> Sides:
    """Reads them for exactly two states. Raises InputError where words and measure contradict each other."""
    by_code = {spot.found.code: spot.found for spot in reversed(places)}
    one, other = list(dict.fromkeys(spot.found.code for spot in places))
    seen = evidence(text, places, good, act)

    def rest_of(code: str) -> str:
        return other if code == one else one

    sender = _actor(text, places, act, seen, (one, other))
    _whose_imports(text, places, good, act, by_code[sender])
    side = _side(text, sender, rest_of(sender), seen, act)
    instrument, note = measured(act.instrument if act else None, side)
    if side == SELLS and seen.buys and not seen.by and (act is None or _passive(text, act)):
        seller, buyer = by_code[sender].name, by_code[rest_of(sender)].name
        note = f"who acts is not said: {seller}, who sells, is taken to; for the other way ask: {buyer} stops buying …"
    said = Sides(by_code[sender], by_code[rest_of(sender)], side, instrument, note)
    _agree(said, seen, act)
    return said


def evidence(text: str, places: list[Spot], good: tuple[int, int], act: Act | None) -> Evidence:
    """The roles that the words around each name give it."""
    seen = Evidence()
    from_target = act is not None and act.from_target
    for spot in places:
        code, before = spot.found.code, text[: spot.start].rstrip().lower()
        before = re.sub(r"\b(?:the|an?|all|new|other|its|both)$", "", before).rstrip()
        behind = text[spot.end :]
        between = text[spot.end : good[0]] if spot.end <= good[0] else None
        own = between is not None and OWN.fullmatch(between) and not _listed(text, spot, places, good)
        if re.match(
            r"(?:['’]s)?\s*(?:tourists?|visitors|travell?ers|tour groups|consumers|buyers|shoppers)\b", behind, re.I
        ):
            seen.by.add(code)
        elif re.search(r"\b(?:to|into|towards?|for delivery to|bound for|destined for)$", before):
            seen.to.add(code)
        elif (
            from_target
            and act is not None
            and between is not None
            and act.end <= spot.start
            and not re.match(r"['’]s?", behind)
        ):
            seen.to.add(code)  # "denies Japan rare earths"
        elif re.search(r"\bby$", before) or _refused_in(text, spot, act):
            seen.by.add(code)
        elif _supplied(text, spot, places, good):
            seen.buys.add(code)  # "Korea's graphite from China"
        elif (re.search(r"\b(?:imports?|purchases) of$", before) and not own) or re.match(
            r"(?:['’]s?)?\s*(?:imports|purchases|supply|supplies|access|need|demand|use) (?:of|to|for)\b",
            behind,
            re.I,
        ):
            seen.buys.add(code)
        elif re.search(r"\b(?:from|out of|made in|mined in|grown in|of)$", before):
            (seen.to if from_target and re.search(r"\bfrom$", before) else seen.sells).add(code)
        elif own:
            seen.sells.add(code)
        elif re.search(rf"\b(?:for|against|on|onto|upon|{_HIT})$", before) or re.match(
            rf"\s*(?:is|are|be|was|were)? ?(?:be )?{_ADVERB}(?:hit|hurt|harmed|affected|damaged|suffers?)\b",
            behind,
            re.I,
        ):
            seen.hit.add(code)
    return seen


def _whose_imports(text: str, places: list[Spot], good: tuple[int, int], act: Act | None, actor: Place) -> None:
    """Raises InputError for "China bans Korea's graphite imports": what Korea imports, or what comes from Korea."""
    bought = re.match(r"\s*(?:imports|purchases)\b(?! from)", text[good[1] :], re.I)
    if act is None or not bought or act.subject or act.instrument not in ("ban", "quota", "licence", "tax"):
        return
    for spot in places:
        if spot.found.code != actor.code and re.fullmatch(r"['’]s?\s*", text[spot.end : good[0]]):
            item, other = text[good[0] : good[1]], spot.found.name
            told = f"{other}'s {item} {bought[0].strip()} are read two ways"
            allowed = f"{actor.name} stops {item} to {other}, or {actor.name} bans {item} from {other}"
            raise InputError(f"{told}; allowed: {allowed}")


def _listed(text: str, spot: Spot, places: list[Spot], good: tuple[int, int]) -> bool:
    """Whether sender, target and good stand as a list without a word between them: "China Japan gallium"."""
    first = [other for other in places if other.end < spot.start and not text[other.end : spot.start].strip()]
    return bool(first) and not text[spot.end : good[0]].strip() and is_noun(text[spot.start : spot.end])


def _supplied(text: str, spot: Spot, places: list[Spot], good: tuple[int, int]) -> bool:
    """Whether the good is this state's own only because the other delivers it: "Korea's graphite supply from China"."""
    if spot.end > good[0] or not re.fullmatch(r"(?:['’]s?)?\s*", text[spot.end : good[0]]):
        return False
    flow = (
        r"\s*(?:(?:suppl(?:y|ies)|imports?|deliver(?:y|ies)|shipments?|purchases|flows?)\s+)?(?:coming )?from (?:the )?"
    )
    return any(
        other.found.code != spot.found.code
        and other.start > good[1]
        and re.fullmatch(flow, text[good[1] : other.start], re.I)
        for other in places
    )


def _refused_in(text: str, spot: Spot, act: Act | None) -> bool:
    """Whether the good is refused in this state: "Japanese seafood banned in China".

    Raises InputError where it is only stopped there, and no word says by whom.
    """
    if act is None or act.subject == SUFFERS or act.end > spot.start:
        return False
    before = text[: spot.start]
    if re.match(r"\s*(?:on|against)\b", text[act.end :]) and re.search(r"\b(?:in|inside|within) (?:the )?$", before):
        return True  # "a ban on Russian fish in the Union"
    if not re.search(r"(?:ed|en)$", text[act.start : act.end]):
        return False
    where = re.fullmatch(r"\s*(in|inside|within|from) (?:the )?", text[act.end : spot.start], re.I)
    if where is None or act.from_target or (where[1].lower() == "from" and act.instrument != "ban"):
        return False
    if act.subject == BUYS or REFUSED.fullmatch(text[act.start : act.end]):
        return True
    if where[1].lower() == "from":
        return False
    name = spot.found.name
    raise InputError(f"who acts is not said; allowed: {name} as the one who refuses ({name} bans …), or the seller who "
                     f"stops (… stops it to {name})")  # fmt: skip


def _actor(text: str, places: list[Spot], act: Act | None, seen: Evidence, pair: tuple[str, str]) -> str:
    """The code of the one who acts."""
    one, other = pair

    def rest_of(code: str) -> str:
        return other if code == one else one

    passive = act is not None and _passive(text, act)
    if len(seen.by) == 1:
        return next(iter(seen.by))
    if act is not None and act.subject == SUFFERS:
        lacked = [spot for spot in places if re.fullmatch(r" (?:the )?", text[act.end : spot.start])]
        if lacked and re.search(r"\bwithout$", text[: act.end], re.I):  # "without China"
            return lacked[0].found.code
        first = [spot for spot in places if spot.end <= act.start and spot.found.code not in seen.sells] or [
            spot for spot in places if spot.found.code not in seen.sells] or places  # fmt: skip
        return rest_of(first[-1].found.code)
    taken = seen.to | seen.hit | seen.buys
    if act is not None and not passive:
        behind = [
            spot for spot in places
            if spot.end <= act.start and spot.found.code not in taken and FILLED.match(text[spot.end : act.start])
            and not re.search(r"\bfrom (?:the )?$", text[: spot.start], re.I)
        ]  # fmt: skip
        if behind:
            return behind[-1].found.code
        told = [spot for spot in places if act.end <= spot.start and _told_to_buy_less(text, act, spot)]
        if told and act.start < places[0].start:
            return told[0].found.code
    mine, theirs = seen.sells, seen.to | seen.hit | seen.buys
    buyer_acts = act is not None and (act.subject == BUYS or act.instrument == "duty")
    if buyer_acts and len(mine) == 1:
        return rest_of(next(iter(mine)))
    if not buyer_acts and len(theirs) == 1:
        return rest_of(next(iter(theirs)))
    if len(mine) == 1:
        seller = next(iter(mine))
        subject = places[0].found.code
        return seller if passive or act is None or subject == seller or act.start < places[0].start else subject
    return one


def _told_to_buy_less(text: str, act: Act, spot: Spot) -> bool:
    """Whether the sentence has no subject and its object is what a state buys: "Lower US imports of uranium"."""
    between, behind = text[act.end : spot.start], text[spot.end :]
    of_its_own = re.match(r"(?:['’]s?)?\s*(?:imports|purchases|buying|orders)\b", behind, re.I)
    return bool(of_its_own and re.fullmatch(r"\s*(?:(?:all|the|any|down) )*", between, re.I))


def _passive(text: str, act: Act) -> bool:
    """Whether the good, and not the one who acts, is the subject: "is stopped"."""
    past = re.search(r"(?:ed|cut|cut off|withheld|forbidden|frozen)$", text[act.start : act.end].lower())
    aux = rf"\b(?:is|are|was|were|be|been|being|get|gets|got) {_ADVERB}$"
    under = r"\b(?:is|are|was|were|be|been|being|come|comes|falls?|goes?) (?:put |placed )?under (?:an? |new )?$"
    before = text[: act.start].lower()
    return bool((past and re.search(aux, before)) or re.search(under, before))


def _side(text: str, sender: str, target: str, seen: Evidence, act: Act | None) -> str:
    """Whether the one who acts sells or buys."""
    if act is not None and act.subject in (SELLS, BUYS):
        return act.subject
    if act is not None and act.subject == SUFFERS:
        return SELLS
    if target in seen.to | seen.buys:
        return SELLS
    if target in seen.sells or sender in seen.to | seen.buys:
        return BUYS
    if sender in seen.sells:
        return SELLS
    if re.search(r"\b(?:exports?|sales|exporters)\b", text, re.I):
        return SELLS
    if re.search(r"\bimports?\b", text, re.I):
        return BUYS
    return BUYS if act is not None and act.instrument in ("duty", "refuse") else SELLS


def measured(instrument: str | None, side: str) -> tuple[str | None, str]:
    """The measure that a verb names when the one who acts sells or buys, and what has to be said about it."""
    if side == BUYS:
        named = {"ban": "import-ban", "refuse": "import-ban", "quota": "import-ban", "licence": "import-ban",
                 "tax": "tariff", "duty": "tariff"}  # fmt: skip
        note = "a quota or licences on what the sender buys is read as a refusal of a part" if instrument in (
            "quota", "licence") else ""  # fmt: skip
        return (named.get(instrument, instrument) if instrument else None), note
    named = {"refuse": "ban", "tax": "export-tax", "duty": "export-tax"}
    note = "a duty on what the sender sells is read as an export tax" if instrument == "duty" else ""
    return (named.get(instrument, instrument) if instrument else None), note


def _agree(said: Sides, seen: Evidence, act: Act | None) -> None:
    """Raises InputError where the one who acts would take the measure on the wrong side of the flow."""
    mine, theirs = said.sender.name, said.target.name
    if said.side == BUYS and (said.sender.code in seen.sells or said.target.code in seen.to):
        allowed = (
            f"the buyer as the one who acts, as in {theirs} bans them, or an export measure (stops, licences, quota)"
        )
        raise InputError(f"{mine} would refuse its own goods; allowed: {allowed}")
    if said.side == SELLS and act is not None and act.subject == SELLS and said.target.code in seen.sells - seen.to:
        allowed = f"an import measure ({mine} bans, refuses or taxes them), or {theirs} as the one who acts"
        raise InputError(f"{mine} would put an export measure on goods that {theirs} sells; allowed: {allowed}")
