"""The case that a question asks for, as the files of its folder: rows from the world data, assumptions marked as such.

Every assumption says where it comes from: `data on this pair`, `precedents` or `general prior`. The texts are read by
the same checker as any case folder, so that the whole line is used and a saved question is the question asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geoecon import countries, lexicon, production
from geoecon.case import OUTCOMES
from geoecon.errors import InputError
from geoecon.lexicon import Place
from geoecon.questions.assumed import Assumption, assumptions_of, lasts, table_with, unsaid
from geoecon.questions.case_files import (
    awaited,
    csv_of,
    frame_of,
    incomes_of,
    last,
    measure,
    parameter,
    sources_of,
    toml,
)
from geoecon.questions.rows import OTHERS, Rows
from geoecon.questions.wording import Wording
from geoecon.triangle import patron_of, stands_for

FIRST_DAY, LAST_DAY = date(1997, 1, 1), date(2035, 12, 31)
LAST_RULES = "the rules and rows of this package end in 2026 and 2024"
MATTERS = 0.05  # of the imports: a third party below it is left in the rest of the world
OTHERS_KEPT = 2  # third parties besides sender, target and patron
WORDS = {"ban": "stops", "licence": "puts under licences", "quota": "sets a quota on", "export-tax": "taxes",
         "tariff": "puts a tariff on", "import-ban": "refuses", "boycott": "boycotts"}  # fmt: skip


@dataclass(frozen=True)
class Prefilled:
    """The files of the case, its assumptions, and what has to be said beside the answer."""

    texts: dict[str, str]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]
    others: tuple[str, ...]
    patron: str | None
    lasts: str = ""  # how long the measure is supposed to last, where the question does not say


def prefilled(asked: Wording, rows: Rows, *, patron: Place | None, start: date) -> Prefilled:
    """The case of a question whose trade rows are known."""
    notes = [*asked.notes, *([rows.note] if rows.note else [])]
    buyer = asked.sender if asked.buying else asked.target
    code, told = _patron(asked, patron, start.year)
    notes.append(told)
    sides = (asked.sender, asked.target, *asked.allies)
    others = third_parties(rows, {*(place.code for place in sides), code or ""})
    named = {place.code for place in sides} | ({code} if code else set()) | set(others)
    estimated = [name for name in sorted(named) if not _in_world(name)]
    notes += [*unsaid(asked), *([f"{lasts(asked)}; say it with --days"] if lasts(asked) else [])]
    notes += [
        f"pacts and votes are records of states: in them {countries.name(one)}, the member with the largest "
        f"capability, stands for the whole of {place.name}"
        for place in (asked.sender, asked.target)
        if code and place.members and (one := stands_for(place.code, start.year - 1)) != place.code
    ]
    notes += [f"{countries.name(name)} is not in the world table: its economy is estimated" for name in estimated]
    use = production.use_of(asked.good.id, asked.good.industry, table_with(buyer), buyer.code)
    if not use.known:
        notes.append(f"which industries use {asked.good.name} is in no table: {use.basis}")
    assumptions = tuple(assumptions_of(asked, rows, use, wide=buyer.code in estimated, estimated=bool(estimated)))
    incomes = incomes_of(named, start)
    texts = {
        "case.toml": toml(asked, rows, use, others, code, start),
        "sources.csv": csv_of("sources.csv", sources_of(asked, rows, assumptions, incomes)),
        "trade.csv": frame_of("trade.csv", rows.frame),
        "measures.csv": csv_of("measures.csv", [measure(asked, one, start) for one in (asked.sender, *asked.allies)]),
        "timeline.csv": csv_of(
            "timeline.csv", [(start, asked.sender.name, asked.text + last(rows), "controls", "question", "computed")]
        ),
        "parameters.csv": csv_of("parameters.csv", [parameter(one, start) for one in assumptions]),
        "macro.csv": csv_of("macro.csv", incomes),
        OUTCOMES: csv_of(OUTCOMES, awaited(asked, buyer, start)),
    }
    return Prefilled(texts, assumptions, tuple(notes), others, code, lasts(asked))


def check_day(start: date) -> None:
    """Raises InputError for a day outside what the rules and rows know."""
    if not FIRST_DAY <= start <= LAST_DAY:
        raise InputError(f"from {start}; allowed: a day from {FIRST_DAY} to {LAST_DAY} ({LAST_RULES})")


def third_parties(rows: Rows, out: set[str]) -> tuple[str, ...]:
    """The other origins that sell the buyer most of the good, at most `OTHERS_KEPT`, each a country."""
    now = rows.frame[rows.frame["period"] == rows.year].set_index("exporter")["share"]
    found = [code for code in rows.origins if code not in out and code != OTHERS and now.get(code, 0.0) >= MATTERS]
    return tuple([code for code in found if code in production.nations().index][:OTHERS_KEPT])


def _patron(asked: Wording, patron: Place | None, year: int) -> tuple[str | None, str]:
    if patron is not None:
        both = {*asked.sender.states, *asked.target.states} & set(patron.states)
        if both or patron.members:
            raise InputError(f"patron {patron.name}; allowed: one state besides sender and target")
        return patron.code, f"patron: {patron.name}, as asked"
    code, how = patron_of(asked.sender.states, asked.target.states, year)
    return code, f"patron: {countries.name(code)}, {how}" if code else f"no patron: {how}"


def _in_world(code: str) -> bool:
    return code in production.world().regions or bool(lexicon.members(code))
