"""The message of an answer: that of its assessment, with what the question says of itself and the warning."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from geoecon.message import Findings, Message, ending_told, message
from geoecon.message import phrases as say

if TYPE_CHECKING:
    from geoecon.questions.answer import Answer

DAY = r"\d{4}-\d{2}-\d{2}"
WHATEVER = "whatever the measure, its size and its length"  # what the record of how disputes end does not know


def message_of(answer: Answer) -> Message:
    """One headline, two sentences, three numbers, one warning: the same at every door."""
    found = Findings(answer.assessment)
    told = message(found)
    title, lead, second = told.title, told.lead, told.second
    ending = ending_told(found)
    if ending:
        second = second.replace(ending, f"{say.capital(WHATEVER)}, {ending[:1].lower()}{ending[1:]}")
    if answer.rows.none_in:
        title, first = answer.nothing_left()
        lead = f"{first} {told.title}. {lead}"
    asked = re.sub(f" from {DAY}", "", answer.title) if answer.rows.none_in else answer.title
    asked = re.sub(DAY, lambda day: say.day(date.fromisoformat(day.group())), asked)
    kicker = f"What if {asked}?"
    return replace(told, kicker=kicker, title=title, lead=lead, second=second, trust=answer.warning(), came=())
