"""The licence desk's answer card: verdict, reason, rule, what would change it, and the state over time."""

from __future__ import annotations

from datetime import date
from typing import Any

from geoecon import charts, countries, law
from geoecon.errors import InputError
from geoecon.views import phrases as say

REFUSING = ("denial", "presumption_denial")
TITLES = {
    "none": "No licence needed",
    "general": "General licence covers it",
    "case": "Licence needed, case by case",
    "refused": "Licence needed, refused as policy",
    "prohibited": "Prohibited",
    "unknown": "Not known",
}
WORDS = {
    "no licence": "none",
    "general licence": "general",
    "case by case": "case",
    "refused as policy": "refused",
    "prohibited": "prohibited",
}
ASKED = {
    "end_user_class": "Is the user military?",
    "end_use_class": "Is the use military?",
    "general_licence_held": "Does the exporter hold a general licence?",
    "party": "Who is the buyer?",
    "wt_pct": "How much of the product is the listed substance, in weight per cent?",
}
MILITARY = ("end_user_class", "end_use_class")


def verdict(answer: Any) -> str:
    """The verdict's key, for sign, word and colour."""
    word = getattr(answer, "verdict", None)
    if isinstance(word, str):
        return WORDS.get(word, "unknown")
    if answer.kind == "none":
        return "none"
    if answer.kind == "prohibited":
        return "prohibited"
    if "individual" in answer.kind:
        return "refused" if answer.review_policy in REFUSING else "case"
    return "unknown" if answer.kind == "unknown" else "general"


def card(exporter: str, destination: str, item: str, on: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Everything that the desk shows for one question, as plain data. States and items in words."""
    here, there = state(exporter, "from"), state(destination, "to")
    day = on or date.today().isoformat()
    answer = law.licence(item=item, destination=there, on=day, exporter=here, **facts)
    key = verdict(answer)
    found: dict[str, Any] = {
        "answer": answer.to_dict(),
        "verdict": key,
        "title": TITLES[key],
        "sign": charts.VERDICTS[key][0],
        "from": countries.name(here),
        "to": countries.name(there),
        "item": item,
        "day": say.day(answer.on),
        "sentence": _sentence(answer, here, there, item),
        "facts": _facts(answer),
        "source": answer.source or "",
        "asked": {"exporter": here, "destination": there, "item": item, "on": answer.on.isoformat(), **facts},
        "presumed": bool(getattr(answer, "presumed", False)),
        "questions": [_question(answer, name, here, there, item, day, facts) for name in answer.missing][:6],
        "beside": [
            one
            for one in (
                *answer.announced,
                *answer.suspended,
                *answer.reported,
                *answer.reach,
                *answer.party,
                *getattr(answer, "also", ()),
                *getattr(answer, "coming", ()),
            )
            if " " in str(one)
        ],
        "choices": [list(one) for one in getattr(answer, "choices", ())],
    }
    found["memo"] = _memo(found)
    picture = over_time(answer, here, there, item, facts)
    return found | {"history": vars(picture) if picture else None}


def state(text: str, place: str) -> str:
    """The code of a state in words. Raises InputError with the nearest names."""
    if not text.strip():
        raise InputError(f"{place}: no country; allowed: a country by name or code")
    from geoecon import lexicon

    return str(lexicon.state(text))


def _sentence(answer: Any, here: str, there: str, item: str) -> str:
    what = f"{say.capital(item)} from {say.land(countries.name(here))} to {say.land(countries.name(there))}"
    if verdict(answer) == "unknown":
        last = (f" Last known: {_kind(answer.last_known)}.") if answer.last_known else ""
        why = "; ".join(answer.reasons[:2])
        return (
            f"What {what[:1].lower() + what[1:]} needs on this day is not known "
            f"({why}).{last} Check the ministry’s page before shipping."
        )
    if answer.kind == "none":
        return f"{what} needs no licence on this day" + (
            ", but the catch-all rule applies." if answer.catch_all == "applies" else "."
        )
    if answer.kind == "prohibited":
        return f"{what} is prohibited on this day."
    office = f" from the {answer.authority.removeprefix('the ')}" if answer.authority else ""
    kind = _kind(answer.licence_type or answer.kind)
    article = "" if kind.startswith(("a ", "an ")) else "an " if kind[:1] in "aeiou" else "a "
    return f"{what} needs {article}{kind}{office}."


def _kind(kind: Any) -> str:
    words = str(kind).replace("_", " ")
    return words if "licence" in words or "until" in words else f"{words} licence"


def _facts(answer: Any) -> list[tuple[str, str]]:
    rows = []
    if answer.review_days is not None:
        last = answer.decision_by()
        rows.append(
            (
                "How long",
                f"{answer.review_days:g} {answer.day_kind or ''} days by law".replace("  ", " ")
                + (f": answer by {say.day(last)} if filed that day" if last else ""),
            )
        )
    if answer.validity_days:
        rows.append(("Valid for", f"{answer.validity_days:g} days"))
    if answer.fallback:
        rows.append(("Else", _kind(answer.fallback)))
    rows.append(("Rule", answer.clause or answer.ground or "no row decides"))
    if answer.catch_all != "not covered":
        rows.append(("Catch-all", answer.catch_all))
    if answer.known_through:
        rows.append(("Known through", say.day(answer.known_through)))
    return rows


def _question(
    answer: Any, name: str, here: str, there: str, item: str, day: str, facts: dict[str, Any]
) -> dict[str, Any]:
    """A fact that would change the answer, asked in words; what "yes" leads to where it can be told."""
    yes = "military" if name in MILITARY else "yes"
    kind = "text" if name in ("party",) or name.endswith(("pct", "ppm", "gbps", "nm")) else "choice"
    outcome = ""
    if kind == "choice":
        try:
            other = law.licence(item=item, destination=there, on=day, exporter=here, **{**facts, name: yes})
            outcome = TITLES[verdict(other)] + (
                f" ({other.clause})" if other.clause and other.clause != answer.clause else ""
            )
        except (ValueError, LookupError):
            outcome = ""
    return {
        "name": name,
        "words": ASKED.get(name, f"{say.capital(name.replace('_', ' '))}?"),
        "yes": yes,
        "kind": kind,
        "outcome": outcome,
    }


def over_time(answer: Any, here: str, there: str, item: str, facts: dict[str, Any]) -> charts.Picture | None:
    """The state as a ribbon, or None where no table covers it."""
    try:
        states = law.licence_history(item=item, destination=there, exporter=here, **facts)
    except (LookupError, ValueError):
        return None
    spells: list[tuple[date, date | None, str, str]] = []
    for start, end, one in states.steps:
        key = verdict(one)
        if spells and spells[-1][2] == key and spells[-1][1] == start:
            spells[-1] = (spells[-1][0], end, *spells[-1][2:])
        else:
            spells.append((start, end, key, charts.VERDICTS[key][1]))
    if not spells:
        return None
    title = f"{say.capital(item)} from {countries.name(here)} to {countries.name(there)}, over time"
    told = "; ".join(f"{words} from {say.day(start)}" for start, _, _, words in spells)
    return charts.ribbon(
        spells,
        title=title,
        said=f"{title}: {told}.",
        through=answer.known_through,
        mark=answer.on,
        sources=states.sources,
    )


def _memo(found: dict[str, Any]) -> str:
    """The card as text, to be copied into a file note."""
    lines = [
        f"{found['sign']} {found['title'].upper()}",
        f"{found['item']}: {found['from']} → {found['to']}, {found['day']}",
        "",
        found["sentence"],
        "",
    ]
    lines += [f"{label}: {text}" for label, text in found["facts"]]
    lines += [f"Source: {found['source']}"] if found["source"] else []
    lines += [
        f"Would change it: {one['words']} {('yes → ' + one['outcome']) if one['outcome'] else ''}".rstrip()
        for one in found["questions"]
    ]
    return "\n".join([*lines, "", str(found["answer"]["note"])])
