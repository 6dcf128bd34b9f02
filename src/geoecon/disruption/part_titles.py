"""What titles and notes of a bill of materials say of its numbers, where no heading says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geoecon.disruption.part_columns import LEAD, Heading
from geoecon.disruption.part_headings import UNITS, inside, plain
from geoecon.disruption.part_times import ADJECTIVES, TIMES, text_of_heading, timeless
from geoecon.disruption.part_units import MULTIPLES, SIZES, heading_unit, unit_of
from geoecon.errors import Fault

_WORDS = "|".join(word for word in MULTIPLES if word.isalpha() and word.isascii() and len(word) > 2)
_MANY = re.compile(rf"\b({_WORDS}|k ?pcs)\b|'000\b|\b000s\b|\b(x ?|in )1[ ,.]?000\b"
                   r"|[千万만천] ?(個|件|枚|本|台|개|kg|t\b|トン|톤|吨)", re.IGNORECASE)  # fmt: skip
_MONEY = re.compile(
    r"\b(usd|eur|krw|jpy|cny|dollars?|euros?|won|yen|sales|cost|price|turnover)\b|[$€¥₩£]", re.IGNORECASE
)


def title_faults(texts: Sequence[str], heading: Heading, name: str) -> list[Fault]:
    """What titles and notes say of units and times that no heading says: it may change every number, so it is asked."""
    fields = heading.fields
    sized = all(fields.get(UNITS[field]) or "unit" in fields or all(heading_unit(inside(c.heading), plain(c.heading))
                for c in fields.get(field, ())) for field in ("stock", "use_per_day"))  # fmt: skip
    untimed = [field for field in ("use_per_day", LEAD) if field in fields and timeless(fields[field][0].heading)]
    faults = []
    for text in texts:
        small = text_of_heading(text)
        units = {unit_of(word) for word in re.findall(r"\bin ([^\W\d_]+[²³23]?)", small)}
        units = {one for one in units if one[0] in SIZES and one[0] != "pieces"}
        many = bool(_MANY.search(small)) and not _MONEY.search(small)
        told = re.search(ADJECTIVES, small)
        word = (told[1] or told[2]) if told else ""
        time = TIMES.get(word)
        lead = re.search(r"\blead ?times? (are )?in (\w+)", small)
        if (many or len(units) > 1) and not sized:
            faults.append(Fault(name, None, None, f"a title or note says {text!r}",
                                "units in the headings, such as Stock (thousand pcs)"))  # fmt: skip
        elif "use_per_day" in untimed and "use_period" not in fields and time not in (None, 1):
            faults.append(Fault(name, None, None, f"a title or note says {text!r}",
                                f"the time in the heading of the use, such as Use ({word})"))  # fmt: skip
        elif LEAD in untimed and UNITS[LEAD] not in fields and lead and TIMES.get(lead[2], 1) != 1:
            faults.append(Fault(name, None, None, f"a title or note says {text!r}",
                                f"the time in the heading, such as Lead time ({lead[2]})"))  # fmt: skip
    return faults
