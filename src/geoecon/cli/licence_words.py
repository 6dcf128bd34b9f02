"""An answer of the licence desk on the terminal: verdict in capitals, labels left, 80 columns."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geoecon.law import Card

WIDTH = 80
LABEL = 15


def as_json(card: Card) -> str:
    """The card as strict JSON."""

    def plain(value: Any) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    answer = card.answer
    figures = {name: vars(figure) | {"sources": sorted(figure.sources)} for name, figure in answer.figures().items()}
    rows = [{"field": name, "value": value} for name, value in answer.lines()]
    found = {"sentence": answer.sentence(), "figures": figures, "rows": rows, "card": card.to_dict()}
    return json.dumps(found, default=plain, ensure_ascii=False, allow_nan=False, indent=2)


def lines(card: Card) -> Iterator[str]:
    """The answer line by line."""
    sign = card.verdict["sign"] if _shows("◔●") else card.verdict["ascii"]
    mark = " (presumed)" if card.verdict["presumed"] else ""
    yield f"{sign} {card.verdict['word'].upper()}{mark}"
    yield from textwrap.wrap(card.sentence, WIDTH)
    yield ""
    rows = [("how long", card.how_long)]
    if card.clause["row"]:
        read = f", read through {card.clause['read']}" if card.clause["read"] else ""
        rows.append(("whose rule", f"{card.clause['clause'] or card.clause['row']}; {card.clause['source']}{read}"))
        rows.append(("", card.clause["summary"]))
    rows += [("choose", f"{choice['item']}: {choice['title']} -> {choice['verdict']}") for choice in card.choices]
    rows += [("party", told) for told in card.party]
    for question in card.questions:
        led = [f"{option['value']} -> {option['verdict']}" for option in question["options"] if option["changes"]]
        told = f"{question['question']} ({question['fact']})" + (f": {', '.join(led)}" if led else "")
        rows.append(("would change it", told))
    rows += [("other rules", other["text"]) for other in card.others]
    rows += [("to come", told) for told in card.coming[:3]]
    if card.verdict["word"] == "not known":
        rows += [("why", told) for told in card.reasons[:3]]
    else:
        rows += [("beside it", told) for told in card.reasons[1:] if not told.endswith(("not stricter", "met"))][:2]
    before = ""
    for label, text in rows:
        if text:
            shown = "" if label == before else label
            indent = " " * (LABEL + 2)
            yield from textwrap.wrap(text, WIDTH, initial_indent=f"{shown:<{LABEL}}  ", subsequent_indent=indent)
            before = label
    yield ""
    yield "Not legal advice."


def _shows(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
