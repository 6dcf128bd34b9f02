"""The licence desk's page: the card of the law room with its state over time as a picture, and days in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from geoecon import __version__, charts, law
from geoecon.errors import InputError
from geoecon.message import phrases as say

if TYPE_CHECKING:
    from geoecon.law import Licence


TITLES = {
    "none": "No licence needed",
    "general": "General licence covers it",
    "case": "Licence needed, case by case",
    "refused": "Licence needed, refused as policy",
    "prohibited": "Prohibited",
    "unknown": "Not known",
}
KEYS = {words: key for key, (_, words, _) in charts.VERDICTS.items()}  # the verdict's word: its key


def card(
    exporter: str, destination: str, item: str, on: str, facts: dict[str, Any], rules: str = "", path: str = ""
) -> dict[str, Any]:
    """Everything that the desk shows for one question, as plain data. States and items in words. The link names the
    `rules` that a session brought, in the folder `path`."""
    for words, place in ((exporter, "from"), (destination, "to")):
        if not words.strip():
            raise InputError(f"{place}: no country; allowed: a country by name or code")
    regimes = law.served_regimes([path] if path else ())
    known = law.licence_card(exporter, destination, item, on or date.today().isoformat(), facts, regimes)
    found, answer = known.to_dict(), known.answer
    found["rules"] = rules
    if rules:
        link = f"{found['link']}&rules={rules}"
        found |= {"link": link, "memo": found["memo"].replace(found["link"], link)}
    found |= {"verdict_key": KEYS.get(found["verdict"]["word"], "unknown"), "facts_shown": _facts(answer, found)}
    found["asked"] |= {"exporter_name": found["asked"]["from"], "destination_name": found["asked"]["to"]}
    found |= {"turns": list(_turns(found)), "cite": _cite(found)}
    clause = found.get("clause")
    if clause:
        clause["said"] = in_words(str(clause.get("summary") or clause.get("clause") or ""))
        clause["read_on"] = in_words(str(clause.get("read") or ""))
    picture = over_time(found, answer)
    return found | {"picture": vars(picture) if picture else None}


def in_words(text: str) -> str:
    """A text whose days stand as people write them: 2026-05-07 is 7 May 2026."""
    return re.sub(r"\d{4}-\d{2}-\d{2}", lambda one: say.day(date.fromisoformat(one.group())), text)


def _turns(found: dict[str, Any]) -> Iterator[dict[str, str]]:
    """What an open fact would make worse, a line for each verdict: "Prohibited if the user is military: …"."""
    order = list(charts.VERDICTS)
    now = order.index(found["verdict_key"]) if found["verdict_key"] in order else 0
    turns: dict[str, list[str]] = {}
    for one in found["questions"]:
        for option in one["options"]:
            key = KEYS.get(option.get("verdict", ""), "")
            if option.get("changes") and key in ("refused", "prohibited") and order.index(key) > now:
                asked = re.fullmatch(r"Is (the \w+) (.+)\?", one["question"])
                turns.setdefault(key, []).append(f"{asked[1]} is {asked[2]}" if asked else "an open question says so")
    for key, clauses in turns.items():
        told = " or ".join(dict.fromkeys(clauses))
        yield {"key": key, "sign": charts.VERDICTS[key][0], "text": f"{TITLES[key]} if {told}: answer the questions"}


def _cite(found: dict[str, Any]) -> str:
    """How to cite the answer: tool, question, rule and its address."""
    clause, asked = found.get("clause") or {}, found["asked"]
    rule = ", ".join(str(clause[key]) for key in ("source", "clause", "url") if clause.get(key))
    rule = rule if clause.get("decides", True) or not rule else f"In question: {rule}"
    question = (
        f"{say.capital(asked['item'])} from {asked['exporter_name']} to {asked['destination_name']} on {asked['on']}"
    )
    return f"The geoecon authors, geoecon {__version__}, licence desk. {question}: {found['headline']}. {rule}".strip()


def _facts(answer: Licence, found: dict[str, Any]) -> list[tuple[str, str]]:
    """The rows under the sentence: how long, how long valid, the catch-all, how far the tables were read."""
    rows = [("How long", in_words(found.get("how_long") or ""))]
    rows.append(("Valid for", f"{answer.validity_days:g} days" if answer.validity_days else ""))
    rows.append(("Else", str(answer.fallback or "").replace("_", " ")))
    rows.append(("Catch-all", answer.catch_all if answer.catch_all != "not covered" else ""))
    rows.append(("Missing", in_words("; ".join(found["clause"]["missing"]))))
    rows.append(("Last known", in_words(str(answer.last_known or "").replace("_", " "))))
    rows.append(("Read through", say.day(answer.known_through) if answer.known_through else ""))
    return [row for row in rows if row[1]]


def over_time(found: dict[str, Any], answer: Licence) -> charts.Picture | None:
    """The state as a ribbon, or None where no table covers it; what is only presumed counts as not looked at, and is
    said below."""
    spells: list[tuple[date, date | None, str, str]] = []
    presumed: list[tuple[date, str]] = []
    read: date | None = None
    for step in found["history"]:
        key = KEYS.get(step["verdict"], "unknown")
        start = date.fromisoformat(step["from"])
        end = date.fromisoformat(step["to"]) if step["to"] else None
        if step["presumed"]:
            presumed.append((start, f"{charts.VERDICTS[key][1]}, presumed,"))
            read = read or start - timedelta(days=1)
            continue
        if spells and spells[-1][2] == key and spells[-1][1] == start:
            spells[-1] = (spells[-1][0], end, *spells[-1][2:])
        else:
            spells.append((start, end, key, charts.VERDICTS[key][1]))
    if not spells:
        return None
    asked = found["asked"]
    title = f"{say.capital(asked['item'])} from {asked['from']} to {asked['to']}, over time"
    every = sorted([*((start, words) for start, _, _, words in spells), *presumed])
    told = "; ".join(f"{words} from {say.day(start)}" for start, words in every)
    through = read or answer.known_through or spells[-1][1]
    return charts.ribbon(
        spells, title=title, said=f"{title}: {told}.", through=through, mark=answer.on, sources=answer.sources
    )
