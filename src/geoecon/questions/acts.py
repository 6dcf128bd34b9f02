"""The verbs of a question: which measure they name, whether the one who acts sells or buys, and what denies them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from geoecon.tables import packaged

SELLS, BUYS, SUFFERS = "sells", "buys", "suffers"
_SELL = r"(?:sell|export|deliver|supply|supplie|ship|send|provide|release)"
_BUY = r"(?:buy|import|purchase|take|accept|order|admit|drink|eat|visit)"
_GET = r"(?:get|receive|obtain|have)"
_NOT = r"(?:\bnot|\bnever|n['’]t|\bcannot|\bno longer)"
_MAY = r"(?:can|could|may|is able to|are able to)"
_END = r"(?:s|es|ed|d|ing|ping)?"
_STOP = (
    r"(?:stop|halt|suspend|ban|block|forbid|prohibit|end|freeze|refuse|pause|limit|cut|reduce|halve|lower|slash|curb|"
    r"curtail|shrink|trim|bring down|drop|cease|quit)(?:s|es|d|ed|ped|ned|med|t?ing|ping|ning|ming)?"
)
_THE = r"(?: (?:all|its|the|any|their|further))*"
# what is said with "no", "not" and "stop": the pattern, the measure, the part that the subject of the sentence plays
PATTERNS: tuple[tuple[str, str, str], ...] = (
    (rf"\b(?:{_MAY} (?:not|never|no longer)|cannot|ca?n['’]t|couldn['’]t)(?: any longer)? (?:{_BUY}|{_GET})\b", "ban",
     SUFFERS),
    (rf"{_NOT}(?: any longer)? {_GET}{_END}\b", "ban", SUFFERS),
    (rf"\b(?:{_GET}|ha){_END} no(?: (?:more|longer))?\b", "ban", SUFFERS),
    (rf"{_NOT}(?: any longer)? {_SELL}{_END}\b", "ban", SELLS),
    (rf"\b{_STOP} (?:selling|exporting|delivering|supplying|shipping|sending|providing|releasing)\b", "ban", SELLS),
    (r"\b(?:remov|delist|strik|drop|tak)(?:e|es|ed|s|en|ing)?(?= (?:[^\W\d]+ ){1,3}(?:from|off) (?:its|the) "
     r"white ?list\b)", "licence", SELLS),
    (r"\b(?:allow|permit|let)(?:s|ed)? (?:no|none)\b", "ban", ""),
    (rf"\b{_GET}{_END} (?:much )?(?:less|fewer)\b", "quota", SUFFERS),
    (rf"\b{_SELL}{_END} (?:much )?(?:less|fewer)\b", "quota", SELLS),
    (rf"\b{_BUY}{_END} (?:much )?(?:less|fewer)\b", "quota", BUYS),
    (r"\b(?:cut|shut|turn)(?:s|ting|ed)?(?= (?:[^\W\d]+ ){1,3}off\b)", "ban", SELLS),
    (rf"\brefus(?:e|es|ed|ing) to {_SELL}\b", "ban", SELLS),
    (rf"\b{_SELL}{_END} no(?: (?:more|longer|further))?\b", "ban", SELLS),
    (rf"{_NOT}(?: any longer)? {_BUY}{_END}\b", "import-ban", BUYS),
    (rf"\brefus(?:e|es|ed|ing) to {_BUY}\b", "import-ban", BUYS),
    (rf"\b{_STOP} (?:buying|importing|purchasing|taking|accepting|ordering)\b", "import-ban", BUYS),
    (rf"\b{_BUY}{_END} no(?: (?:more|longer|further))?\b", "import-ban", BUYS),
    (rf"\b{_STOP}{_THE} (?:imports?|purchases|orders) (?:of|from)\b", "import-ban", BUYS),
)  # fmt: skip


@dataclass(frozen=True)
class Act:
    """A verb or noun of a question: where it stands, the measure, the part its subject plays (sells, buys, suffers, or
    empty where the flow decides), and whether "from" behind it names who goes without."""

    start: int
    end: int
    instrument: str
    subject: str = ""
    from_target: bool = False


@cache
def verbs() -> Mapping[str, tuple[str, str, bool]]:
    """Words to (instrument, part of the subject, whether "from" names who goes without)."""
    return {
        word: (row["instrument"], row["acts"] or "", row["source"] == "target")
        for row in packaged("questions", "verbs.csv") for word in row["words"].split("|")
    }  # fmt: skip


@cache
def _any_verb() -> re.Pattern[str]:
    longest = sorted(verbs(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b", re.I)


def acts(text: str, taken: Iterable[tuple[int, int]]) -> list[Act]:
    """Every verb or noun of a measure, from left to right; words inside the names of places and goods are none."""
    spans = list(taken)
    found: list[Act] = []

    def free(start: int, end: int) -> bool:
        return not any(a < end and start < b for a, b in spans)

    for pattern, instrument, subject in PATTERNS:
        for match in re.finditer(pattern, text, re.I):
            if free(*match.span()):
                found.append(Act(*match.span(), instrument, subject, "off" in pattern))
                spans.append(match.span())
    for match in _any_verb().finditer(text):
        if free(*match.span()):
            instrument, subject, from_target = verbs()[match[0].lower()]
            found.append(Act(*match.span(), instrument, subject, from_target))
    return sorted(found, key=lambda act: act.start)


def chief(found: list[Act]) -> Act | None:
    """The one that names the measure: a tax, licence, duty or boycott before a stop or cut, and the first of these."""
    special = [act for act in found if act.instrument not in ("ban", "quota")]
    licences = [act for act in special if act.instrument == "licence"]
    if licences and special[0].instrument not in ("tariff", "duty", "import-ban", "boycott"):
        return licences[0]
    return special[0] if special else found[0] if found else None


def near(word: str, limit: int = 2) -> list[str]:
    """The verbs nearest in spelling."""
    from rapidfuzz import fuzz, process

    close = process.extract(word.lower(), verbs().keys(), scorer=fuzz.ratio, limit=limit, score_cutoff=80)
    return [known for known, _, _ in close]
