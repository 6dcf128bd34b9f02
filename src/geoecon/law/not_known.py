"""What a card of an unknown answer carries: the rule in question with its source, and what is missing. Neither decides
anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from geoecon.law import vocabulary
from geoecon.law.answer import Licence
from geoecon.law.question import GAP
from geoecon.law.regime import Regime
from geoecon.law.schema import UNKNOWN, Row

# words of a reason that a later reading of the law would settle
READING = ("suspended", "last reading", "announced", "known through", "checked through", "were not checked", " says ")


def rule_in_question(
    regime: Regime, answer: Licence, history: Iterable[Mapping[str, Any]]
) -> tuple[Row | None, str]:  # fmt: skip
    """(row, what it is to the answer): the row that the reasons name or that was suspended, else the one that decided
    on the last known day, else none."""
    named = re.findall(r"[A-Z][A-Z0-9-]*[A-Z0-9]", " ".join(answer.reasons[:2]))
    for name in (*named, *answer.suspended):
        if name in regime.rules:
            return regime.rules[name], "In question, decides nothing"
    day = answer.on.isoformat()
    known = [one for one in history if one["from"] <= day and one["kind"] != UNKNOWN and not one["presumed"]]
    row = regime.rules.get(str(known[-1]["ground"])) if known else None
    return row, f"Last known until {answer.last_known.split(' until ')[-1]}, decides nothing" if answer.last_known \
        else "The last that was read, decides nothing"  # fmt: skip


def missing(regime: Regime, answer: Licence) -> tuple[str, ...]:
    """What would have to be known for an answer, in words."""
    known, why = vocabulary.known_facts(), answer.reasons[0]
    facts = tuple(str(known[name]["question"]) for name in answer.missing if name in known)
    if why == GAP:
        return (*facts, f"a row of {regime.title} for these goods and this place: none was entered")
    if any(word in why for word in READING):
        through = answer.last_known.split(" until ")[-1] if answer.last_known else str(regime.known_through)
        return (*facts, f"a text, read after {through}, that says what holds on {answer.on.isoformat()}")
    return facts or (f"what settles this: {why}",)
