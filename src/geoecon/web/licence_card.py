"""The licence desk's page: the card of the law room with its state over time as a picture, and days in words."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from geoecon import charts, law
from geoecon.errors import InputError
from geoecon.views import phrases as say

TITLES = {
    "none": "No licence needed",
    "general": "General licence covers it",
    "case": "Licence needed, case by case",
    "refused": "Licence needed, refused as policy",
    "prohibited": "Prohibited",
    "unknown": "Not known",
}
KEYS = {words: key for key, (_, words, _) in charts.VERDICTS.items()}  # the verdict's word: its key


def card(exporter: str, destination: str, item: str, on: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Everything that the desk shows for one question, as plain data. States and items in words."""
    for words, place in ((exporter, "from"), (destination, "to")):
        if not words.strip():
            raise InputError(f"{place}: no country; allowed: a country by name or code")
    known = law.licence_card(exporter, destination, item, on or date.today().isoformat(), facts)
    found, answer = known.to_dict(), known.answer
    found |= {"verdict_key": KEYS.get(found["verdict"]["word"], "unknown"), "facts_shown": _facts(answer, found)}
    found["asked"] |= {"exporter_name": found["asked"]["from"], "destination_name": found["asked"]["to"]}
    picture = over_time(found, answer)
    return found | {"picture": vars(picture) if picture else None}


def in_words(text: str) -> str:
    """A text whose days stand as people write them: 2026-05-07 is 7 May 2026."""
    return re.sub(r"\d{4}-\d{2}-\d{2}", lambda one: say.day(date.fromisoformat(one.group())), text)


def _facts(answer: Any, found: dict[str, Any]) -> list[tuple[str, str]]:
    """The rows under the sentence: how long, how long valid, the catch-all, how far the tables were read."""
    rows = [("How long", in_words(found.get("how_long") or ""))]
    rows.append(("Valid for", f"{answer.validity_days:g} days" if answer.validity_days else ""))
    rows.append(("Else", str(answer.fallback or "").replace("_", " ")))
    rows.append(("Catch-all", answer.catch_all if answer.catch_all != "not covered" else ""))
    rows.append(("Last known", in_words(str(answer.last_known or "").replace("_", " "))))
    rows.append(("Read through", say.day(answer.known_through) if answer.known_through else ""))
    return [row for row in rows if row[1]]


def over_time(found: dict[str, Any], answer: Any) -> charts.Picture | None:
    """The state as a ribbon, or None where no table covers it; what is only presumed counts as not looked at."""
    spells: list[tuple[date, date | None, str, str]] = []
    for step in found["history"]:
        key = KEYS.get(step["verdict"], "unknown")
        start = date.fromisoformat(step["from"])
        end = date.fromisoformat(step["to"]) if step["to"] else None
        if step["presumed"]:
            continue
        if spells and spells[-1][2] == key and spells[-1][1] == start:
            spells[-1] = (spells[-1][0], end, *spells[-1][2:])
        else:
            spells.append((start, end, key, charts.VERDICTS[key][1]))
    if not spells:
        return None
    asked = found["asked"]
    title = f"{say.capital(asked['item'])} from {asked['from']} to {asked['to']}, over time"
    told = "; ".join(f"{words} from {say.day(start)}" for start, _, _, words in spells)
    through = answer.known_through or spells[-1][1]
    return charts.ribbon(
        spells, title=title, said=f"{title}: {told}.", through=through, mark=answer.on, sources=answer.sources
    )
