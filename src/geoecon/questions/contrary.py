"""What is no measure though a measure's word stands in it: a ban that is lifted, more that is sold, an exception."""

from __future__ import annotations

import re
from collections.abc import Iterable

from geoecon.questions.acts import SUFFERS, Act

MEASURES = (
    r"(?:bans?|embargo(?:es|s)?|boycotts?|restrictions?|controls?|curbs?|sanctions?|quotas?|caps?|limits?|prohibitions?|"
    r"tariffs?|dut(?:y|ies)|tax(?:es)?|lev(?:y|ies)|surcharges?|licensing|moratorium|"
    r"licen[cs]e (?:requirements?|regime)|stop|halt|suspension|blockade)"
)
_STOPS = (
    r"(?:suspend|stop|halt|end|cancel|pause|freeze|drop|remove|withdraw|abandon|reverse|undo|repeal|revoke|abolish|scrap|"
    r"rescind|cut|reduce|lower|halve|slash|soften|shorten|waive|give up|call off|do away with|phase out|lift|exempt)"
    r"(?:s|es|d|ed|ped|ting|ping|ing)?|froze|frozen|undoes|undid|withdrew|gives up|calls off|called off"
)
_STEP = r"(?:\s+(?!(?:by|with|through|using|via|under|and|to|from|of|as|on|for|in)\b)[\w'-]+)"
TAKEN_BACK = (
    rf"\b(?:{_STOPS}){_STEP}{{0,4}}?\s+{MEASURES}\b(?! (?:goods|items)\b)",
    rf"\b{MEASURES}(?:\s+[\w'-]+){{0,7}}?\s+(?:ends?|ended|expires?|expired|lapses?|lapsed|runs? out|"
    r"(?:is|are|was|were|be|been|being) (?:over|ended|suspended|stopped|dropped|withdrawn|removed|scrapped|cancelled|"
    r"lowered|reduced|cut|halved|waived|abolished|repealed))\b(?! (?:in|by|under)\b)",
    r"\b(?:keep|keeps|kept|go|goes|went|carry|carries|carried)(?: on)? (?:sell|export|deliver|supply|"
    r"shipp|send|provid|buy|import|purchas|tak|order)ing\b",
    r"\b(?:resum|eas|relax|loosen|reopen|restor|unblock|unban|unfreez|liberali[sz]|restart|revers|lift)(?:e|es|s|ed|ing)?\b",
    r"(?<!not )(?<!never )(?<!longer )(?<!n't )\ballow(?:s|ed|ing)?\b(?! (?:no|none|only|less|fewer|just|\d))",
    r"(?<!requires )(?<!needs )\bpermits\s+(?!(?:for|on|to|from|of|against|hits?|no|none|only|less|fewer|are|is|and|by)"
    r"\b)(?=\w)",
    r"\bre-?start(?:s|ed)?\b|\bsells? again\b|\bexports? again\b|\bonce more (?:sells?|exports?)\b",
)
MORE = (
    r"\b(?:rais|increas|expand|boost|doubl|tripl|quadrupl|enlarg|widen)(?:e|es|s|ed|ing)?\b"
    r"|\b(?:step|ramp|speed)s? up\b|\b(?:sell|export|ship|deliver|send|suppl|buy|import)(?:y|s|ies)? more\b(?! than)"
)
EXCEPTED = (
    r"\bexcept(?:ing|s|ed)?\b|\bwith the exception\b|\bexclud(?:es?|ed|ing)\b|\bexempt(?:s|ed|ing)?\b|\bunless\b|"
    r"\bbut\b|\b(?:apart|aside) from\b|\bother than\b|\bsave for\b|\bbesides\b|\bspar(?:es?|ed|ing)\b"
)
MARKET = r"\bmarkets?\b"
ALLOWED = "allowed: what is done, as in China stops graphite to Korea"


def contrary(text: str, verbs: Iterable[Act], names: Iterable[tuple[int, int]]) -> list[str]:
    """Why the question asks for no measure; words inside names of goods and places do not count."""
    spans, acts = list(names), list(verbs)

    def heard(pattern: str) -> str | None:
        found = (match for match in re.finditer(pattern, text, re.I))
        free = (match for match in found if not any(a <= match.start() and match.end() <= b for a, b in spans))
        return next((match[0] for match in free), None)

    if (words := heard(EXCEPTED)) is not None:
        return [f"the question makes an exception ({words!r}), and who or what is spared is not hit; {ALLOWED}"]
    if (words := next(filter(None, map(heard, TAKEN_BACK)), None)) is not None:
        return [f"the question takes a measure back or lets trade through ({words!r}); {ALLOWED}"]
    if all(act.instrument == "quota" for act in acts) and (words := heard(MORE)) is not None:
        return [f"the question says that more is traded ({words!r}); {ALLOWED}"]
    if any(act.subject == SUFFERS for act in acts) and heard(MARKET):
        return ["who loses a market sells; allowed: the buyer as the one who acts, as in China bans Japanese seafood"]
    return []
