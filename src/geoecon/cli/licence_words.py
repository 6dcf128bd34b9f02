"""An answer of the licence desk on the terminal: verdict in capitals, labels left, 80 columns."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from geoecon.cli import printing

if TYPE_CHECKING:
    from geoecon.kinds import Cell
    from geoecon.law import Card


PRESUMED = "~"  # of a state that was last read before the day
COLOURS = ("teal", "blue", "amber", "red", "plum", "grey")  # by severity


def as_json(card: Card) -> str:
    """The card as strict JSON."""

    def plain(value: Cell) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    answer = card.answer
    figures = {name: vars(figure) | {"sources": sorted(figure.sources)} for name, figure in answer.figures().items()}
    rows = [{"field": name, "value": value} for name, value in answer.fields_told()]
    found = {"sentence": answer.sentence(), "figures": figures, "rows": rows, "card": card.to_dict()}
    return json.dumps(found, default=plain, ensure_ascii=False, allow_nan=False, indent=2)


def lines(card: Card) -> Iterator[str]:
    """The answer line by line: verdict first, labels left, one line a row, the state over time as a ribbon."""
    wide = printing.width()
    asked, verdict = card.asked, card.verdict
    day = printing.day(date.fromisoformat(str(asked["on"])))
    sign = verdict["sign"] if printing.shows("◔●") else verdict["ascii"]
    head = printing.ends(f"{sign} {card.headline.upper()}", f"{asked['from']} → {asked['to']}, {day}", wide)
    first, _, rest = head.partition("  ")
    yield printing.coloured(first, COLOURS[verdict["severity"]]) + (f"  {rest}" if rest else "")
    yield "─" * wide
    yield printing.filled(in_words(card.sentence), wide, "  ")
    yield ""
    yield from printing.labelled([(label, in_words(text)) for label, text in _rows(card)], wide)
    if card.questions:
        yield ""
        yield "  What would change it"
        for one in card.questions:
            words = f"{one['question']}  {one['told'] or 'not said'}  --fact {one['fact']}=…"
            yield textwrap.fill(words, wide, initial_indent="    ", subsequent_indent="      ")
    ribbon = list(_ribbon(card))
    if ribbon:
        yield ""
        yield from ribbon
    yield ""
    yield printing.filled(f"{card.note} --memo writes this as text, --history all dates.", wide, "  ")


def _rows(card: Card) -> Iterator[tuple[str, str]]:
    clause = card.clause
    yield "How long", card.how_long
    if clause["row"]:
        yield "Rule", str(clause["clause"] or clause["row"])
        yield "", str(clause["summary"])
        yield "Source", ", ".join(str(clause[key]) for key in ("source", "url") if clause.get(key))
        yield "Read", str(clause["read"] or "")
    elif clause["read"] and not card.choices:
        yield "Read", str(clause["read"])
    for told in clause["missing"]:
        yield "Missing", told
    for choice in card.choices:
        named = "".join(f" (with --fact {name}={value})" for name, value in choice["facts"].items())
        yield (
            "Choose" if clause["decides"] is False else "Each",
            f"{choice['item']}: {choice['title']} → {choice['verdict']}{named}",
        )
    for told in card.party:
        yield "Party", told
    for other in card.others:
        yield "Also", str(other["text"])
    for told in card.coming[:3]:
        yield "To come", told
    if card.verdict["word"] == "not known":
        for told in card.reasons[:3]:
            yield "Why", told
    else:
        beside = [one for one in card.answer.reasons[1:] if not one.endswith(("not stricter", "met"))
                  and not one.startswith(("not covered", f"{card.answer.ground}: "))]  # fmt: skip
        yield from (("Beside it", told) for told in beside[:2])
    yield "Link", card.link


def _ribbon(card: Card) -> Iterator[str]:
    """A sign every two months from four years before the day, and the dates of the changes; the two months of the day
    as they are on the day."""
    day = date.fromisoformat(str(card.asked["on"]))
    spans = [
        (date.fromisoformat(one["from"]), date.fromisoformat(one["to"]) if one["to"] else None, one)
        for one in card.history
    ]
    if not spans:
        return
    start = min(max(min(first for first, _, _ in spans).year, day.year - 4), day.year)
    months = [date(year, month, 1) for year in range(start, day.year + 1) for month in range(1, 13, 2)]
    marks = ""
    for one, after in zip(months, [*months[1:], date.max], strict=True):
        at = day if one <= day < after else one
        held = [step for first, end, step in spans if first <= at and (end is None or at < end)]
        marks += _mark(held[-1]) if held else "?"
    yield "  " + "".join(f"{one.year:<6}" for one in months if one.month == 1).rstrip()
    yield f"  {marks}"
    if PRESUMED in marks:
        yield f"  {PRESUMED} presumed: as last read, no change looked for since"
    yield from (f"  {in_words(told)}" for told in card.since)


def _mark(step: Mapping[str, Any]) -> str:
    if step["presumed"]:
        return PRESUMED
    return str(step["sign"] if printing.shows("◔●") else "ogcrx?"[int(step["severity"])])


def in_words(text: str) -> str:
    """Days as people write them: 2026-05-07 is 7 May 2026. Inside a link or a longer number they stay as they are."""

    def said(found: re.Match[str]) -> str:
        return printing.day(date.fromisoformat(found[1])) if found[1] else found.group()

    return re.sub(r"(?:https?://|/licence\?)\S+|(?<![\w/-])(\d{4}-\d{2}-\d{2})(?![\w/-])", said, text)
