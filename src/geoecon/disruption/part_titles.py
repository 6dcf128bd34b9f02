"""Lines of a bill of materials that are no part: totals, and titles and notes, which may change every number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geoecon.dates import TIMES
from geoecon.disruption.bill import Lines
from geoecon.disruption.part_columns import Heading
from geoecon.disruption.part_gaps import LEAD
from geoecon.disruption.part_headings import UNITS, inside, plain
from geoecon.disruption.part_times import ADJECTIVES, text_of_heading, timeless
from geoecon.disruption.part_units import MULTIPLES, SIZES, heading_unit, unit_of
from geoecon.errors import Fault

TOTAL = frozenset(
    ("total", "totals", "grand total", "sum", "subtotal", "sub-total", "summe", "gesamt", "合計", "总计", "합계")
)
TOTALS = re.compile(
    r"^(grand |sub-?)?tot(al|als|ale|ali|aal|aux|ais|ales)?\b|^(zwischen|teil)?summe\b|^gesamt|\b(sub-?)?totals?$"
    r"|\bergebnis$|^(razem|suma|ogółem|somme|soma|sous-total|subtotale|subtotaal|итого|всего|celkem|toplam|summa"
    r"|tổng( cộng)?|összesen)\b|(小|合|总|總|소|합)[計计계]$|^총계$",
    re.IGNORECASE,
)
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


def without_totals(heading: Heading) -> tuple[Lines, dict[int, str], list[str]]:
    """The rows without totals, repeated headings and those with a single cell; what these were, and their text."""
    place = heading.fields["part"][0].place
    others = [columns[0].place for name, columns in heading.fields.items() if name in ("supplier", LEAD)]
    head = tuple(cell.casefold() for cell in heading.header)
    out: dict[int, str] = {}
    texts: list[str] = []
    for line, cells in heading.body:
        name = cells[place].rstrip(": ") if place < len(cells) else ""
        full = [cell for cell in cells if cell]
        bare = not any(cells[k] for k in others if k < len(cells))
        if name.casefold() in TOTAL or (bare and TOTALS.search(name)):
            out[line] = "is a total and left out"
        elif full and not any(cell.strip("-: ") for cell in full):
            out[line] = "is a rule between lines and left out"
        elif len(full) == 1 and len(head) > 1:
            out[line] = f"is a note and left out: {full[0][:120]!r}"
            texts.append(full[0])
        elif tuple(cell.casefold() for cell in cells) == head:
            out[line] = "repeats the heading and is left out"
    return [(line, cells) for line, cells in heading.body if line not in out], out, texts
