"""The brief: two pages that could be signed. One list of paragraphs, from which Markdown, Word and slides are made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from geoecon import charts
from geoecon.line import STAGES
from geoecon.message import Findings, depends, hidden, main_lever
from geoecon.message import phrases as say
from geoecon.views.again import reproduce
from geoecon.views.block import OTHER, clipped
from geoecon.views.content import FURTHER, name_of
from geoecon.views.events import happened_heading, shown_events
from geoecon.views.words import visible

if TYPE_CHECKING:
    from geoecon.kinds import Cell
    from geoecon.line import Assessment
    from geoecon.message import Change
    from geoecon.views.footnotes import Source
    from geoecon.views.report import Report

SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
TOO_SMALL = {say.loss(0.0, tile=True), say.loss(1e6, tile=True)}  # losses between which nobody could tell
EVENTS = 4  # dated events that are told
CITED = 5  # sources named on the last lines


@dataclass(frozen=True)
class Section:
    """A heading, its paragraphs, and where there are any a table (rows of label and value), steps, a picture."""

    heading: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()
    steps: tuple[str, ...] = ()
    picture: charts.Picture | None = None


def sections(report: Report) -> list[Section]:
    """Message, what happened, what decides it, what it costs, who gives way, what to do, how far to trust it."""
    found, message = report.found, report.message
    rows = tuple(
        (say.capital(tile.label) + (f" ({tile.more})" if tile.more else ""), tile.number) for tile in message.tiles
    )
    blocks = {block.key: block for block in report.blocks}
    costs, ending, depended = blocks["cost"], blocks["ending"], blocks["depends"]
    known = shown_events(found, EVENTS, found.case.cutoff, 170)
    happened = tuple(f"{say.day(day)}: {words}{'' if words.endswith('…') else '.'}" for day, words in known)
    made = [
        Section("The message", (f"**{message.title}.** {message.lead}", message.second), rows),
        Section(happened_heading(found), happened or ("No dated event was known on that day.",)),
        Section("What decides it", tuple(_decides(report)), picture=report.picture),
        Section("Who depends on whom", (depended.sentence,), picture=depended.picture),
        Section("What it costs", (costs.sentence, *_costs(found))),
        Section("Who gives way", (ending.sentence, *_came_of_precedents(found))),
        Section("Further", tuple(_further(report.assessment))),
        Section("What to do, and by when", (), steps=tuple(steps(found))),
        Section(
            "How far to trust this",
            (message.trust, *(["Added later. " + " ".join(message.came)] if message.came else [])),
        ),
    ]
    return [part for part in made if part.paragraphs or part.steps]


def _further(assessment: Assessment) -> list[str]:
    """What stages say that no question names."""
    return [
        f"{name_of(stage)}: {said}"
        for stage, said in assessment.said.items()
        if stage not in STAGES or STAGES[stage].question == FURTHER
    ]


def _decides(report: Report) -> list[str]:
    """The lever in a sentence, then what else moves the answer."""
    found, lever = report.found, main_lever(report.found)
    told = []
    if lever is not None:
        told.append(
            f"{say.capital(hidden(lever))} decide most." if lever.words == "stocks" else f"Most hangs on {lever.words}."
        )
    rows = [_moved(found, report.changes[0], row) for row in report.changes[1:] if not row.reason]
    told += [row for row in rows if row][:3]
    first = first_shortage(found)
    if first:
        told.append(first)
    if not told:
        told.append(
            "What decides cannot be said without the missing data."
            if found.chance is None
            else "Nothing that we tried moves the answer much."
            if report.changes
            else "No other assumption was tried in this run."
        )
    return [" ".join(told[:2]), " ".join(told[2:])] if len(told) > 2 else [" ".join(told)]


def _moved(found: Findings, base: Change, row: Change) -> str:
    """What a row changes against the answer as it stands: the shortage, the loss, the ending; "" where nothing."""
    parts = []
    if row.chance not in ("–", base.chance):
        often = {"none": "no shortage", "all": "a shortage in every run"}.get(row.chance, f"a shortage in {row.chance}")
        parts.append(often)
    if row.loss not in ("–", base.loss) and not {row.loss, base.loss} <= TOO_SMALL:
        size = row.loss.replace("gain ", "a gain of ")
        parts.append(
            "no loss"
            if size == "none"
            else size
            if "gain" in size
            else f"a loss of {size}{found.of_value_added} in the middle"
        )
    gives_way = row.ending.split("(")[0].strip()
    if gives_way and gives_way != base.ending:
        parts.append(f"{say.land(found.name('target'))} gives way in {gives_way}")
    return f"{say.capital(row.label)}: {say.listed(parts)}." if parts else ""


def first_shortage(found: Findings) -> str:
    """When the first shortage most likely falls, as dates."""
    days = [values for (metric, _), values in found.predictions.items() if metric == "first_shortage_day"]
    if not days or found.short is None or found.short.sum() < 10:
        return ""
    first = np.min(np.stack(days, axis=1), axis=1)
    low, high = (
        found.case.start.toordinal() + int(np.quantile(first[np.isfinite(first)], share)) for share in (0.25, 0.75)
    )
    begin, end = date.fromordinal(low), date.fromordinal(high)
    apart = 12 * (end.year - begin.year) + end.month - begin.month
    when = (
        f"in {begin:%B %Y}"
        if apart == 0
        else f"in {begin:%B}{f' {begin.year}' if begin.year != end.year else ''} or {end:%B %Y}"
        if apart == 1
        else f"between {begin:%B %Y} and {end:%B %Y}"
    )
    return f"The first shortage, if it comes, most likely falls {when}."


def _costs(found: Findings) -> list[str]:
    told = []
    first, later = found.yearly("target", lasting=False), found.yearly("target")
    if later is not None and abs(later) >= say.UNMEASURED:
        head, does = say.per_head(later, found.people), "costs" if later > 0 else "brings"
        told.append(f"Each later year {does} {say.loss(later)} in the middle{', ' + head if head else ''}.")
    if found.sender_lost is not None and abs(found.sender_lost) >= say.UNMEASURED:
        told.append(f"{say.land(found.name('sender'), True)} itself {say.loses(found.sender_lost)} in the middle.")
    if first is not None and abs(first) >= say.UNMEASURED:
        told.append(f"A second model, of trade alone, puts the first year at {say.loss(first)}.")
        causes = found.by_cause(first)
        if causes:
            usd, _, words = max(causes)
            told.append(f"{say.capital(say.tenths(usd / first))} of that comes from {words}.")
    return [" ".join(told)] if told else []


def _came_of_precedents(found: Findings) -> list[str]:
    """What followed the most similar earlier cut-offs, where the record holds any."""
    known = found.result("precedents")
    return [str(known.sentence())] if known is not None and not say.faults_of(str(known.sentence())) else []


def steps(found: Findings) -> list[str]:
    """What can be done, by when, the first day first: made from the levers, the rules in force and the suppliers."""
    start = found.case.cutoff if found.case.cutoff.year < 9000 else found.case.start
    week, month, season = (start + timedelta(days=days) for days in (7, 30, 60))
    stems = {lever.key.split(".")[0] for lever in found.levers}
    made: list[tuple[date, str]] = []
    if "inventory_days" in stems or (found.chance or 0) >= 0.1:
        most = " Nothing else narrows the answer as much." if "inventory_days" in stems else ""
        made.append((week, f"ask the largest users for their days of stock, by material.{most}"))
    if _licensed(found):
        made.append((month, "file complete applications for everything that needs a licence."))
    top = depends(found)
    if top and (found.chance or 0) >= 0.1 and not found.refuses:
        worst = found.by_product[0][0] if found.by_product else top[0][0]
        made.append((season, f"start to qualify a second source of {worst}. It takes months."))
    elif top and found.refuses:
        words = f"{say.land(found.seller)}: look for other buyers than {say.land(found.buyer)} of its {top[0][0]}."
        made.append((season, words))
    elif found.shunned:
        words = f"look for other customers in the place of {say.whose(found.name('sender'))}."
        made.append((month, words))
    elif top:
        made.append((start + timedelta(days=365), f"keep a second source of {top[0][0]} qualified."))
    if len(made) < 3:
        words = "say which of the missing facts a firm or office can supply. They stand in the table of assumptions."
        made.append((month, words))
    told = [f"By {say.day(when)}: {words}" for when, words in sorted(made)]
    return [*told, "When a new measure is announced: run this again with that day as the day of the forecast."][:5]


def _licensed(found: Findings) -> bool:
    """Whether a rule of this case, known on the day of the forecast, asks for licences."""
    if not found.case.has("measures"):
        return False
    return bool(
        found.case.table("measures")["kind"].isin(["individual", "specific_bulk", "special_general_bulk"]).any()
    )


def brief(report: Report) -> str:
    """The brief as Markdown."""
    case, assessment = report.assessment.case, report.assessment
    lines = [
        f"# {_safe(case.title)}",
        "",
        (
            f"**As known on {say.day(case.cutoff)}.** Prepared with geoecon, "
            f"{assessment.draws} runs. Sources on the last lines."
        ),
        "",
    ]
    if assessment.scenario:
        lines += [
            "What if: "
            + ", ".join(f"{_safe(key)} = {_safe(value)}" for key, value in sorted(assessment.scenario.items())),
            "",
            *(line for note in assessment.notes for line in (f"Note: {_safe(note)}.", "")),
        ]
    for part in report.sections:
        lines += [f"## {part.heading}", ""]
        for text in part.paragraphs:
            if text:
                lines += [_safe(text, bold=True), ""]
        if part.rows:
            lines += [
                "| | |",
                "|---|---|",
                *(f"| {_safe(label)} | **{_safe(value)}** |" for label, value in part.rows),
                "",
            ]
        lines += [f"{number}. {_safe(step)}" for number, step in enumerate(part.steps, 1)] + (
            [""] if part.steps else []
        )
    lines += ["## Sources", "", _safe(sources_line(report)), ""]
    return "\n".join(lines)


def sources_line(report: Report) -> str:
    """The data behind the brief in a line, those with the most rows first, and how to make it again."""
    cited = sorted((note for note in report.content.sources if note.rows), key=lambda note: -_rows_of(note))
    named = [clipped(note.citation) for note in cited if not OTHER.search(note.citation)]
    told = "; ".join(list(dict.fromkeys(named))[:CITED])
    again = (
        "Every figure with unit, period and source: figures.html. Made again with "
        f"{reproduce(report.assessment)} (geoecon {report.assessment.version})."
    )
    return f"{told}. {again}" if told else again


def _rows_of(note: Source) -> int:
    """How many rows of the case rest on a source: "3–17, 20" are sixteen."""
    spans = [part.split("–") for _, lines in note.rows for part in lines.split(", ")]
    return sum(int(span[-1]) - int(span[0]) + 1 for span in spans if span[0].isdigit() and span[-1].isdigit())


def _safe(value: Cell, bold: bool = False) -> str:
    """Foreign text in Markdown: nothing in it is markup, except the bold of our own messages."""
    text = SPECIAL.sub(r"\\\1", visible(value).replace("\n", " "))
    return text.replace(r"\*\*", "**") if bold else text


def plain_parts(text: str) -> Sequence[tuple[str, bool]]:
    """A paragraph of ours as (text, bold) runs."""
    return [(part, number % 2 == 1) for number, part in enumerate(text.split("**")) if part]
