"""The brief: two pages that could be signed. One list of paragraphs, from which Markdown, Word and slides are made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoecon import charts
from geoecon.views import phrases as say
from geoecon.views.again import reproduce
from geoecon.views.findings import Findings
from geoecon.views.message import depends, hidden, main_lever
from geoecon.views.words import visible

if TYPE_CHECKING:
    from geoecon.views.report import Report

SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
CITED = 8  # sources named on the last lines


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
    _, _, events = report.events
    rows = tuple(
        (say.capital(tile.label) + (f" ({tile.more})" if tile.more else ""), tile.number) for tile in message.tiles
    )
    blocks = {block.key: block for block in report.blocks}
    costs, ending, depended = blocks["cost"], blocks["ending"], blocks["depends"]
    known = [(day, words) for day, words in events if day <= found.case.cutoff] or events[:2]
    happened = tuple(f"{say.day(day)}: {words}." for day, words in known[-4:])
    made = [
        Section("The message", (f"**{message.title}.** {message.lead}", message.second), rows),
        Section("What happened", happened or ("No dated event is in the case.",)),
        Section("What decides it", tuple(_decides(report)), picture=report.picture),
        Section("Who depends on whom", (depended.sentence,), picture=depended.picture),
        Section("What it costs", (costs.sentence, *_costs(found))),
        Section("Who gives way", (ending.sentence, *_record(found))),
        Section("What to do, and by when", (), steps=tuple(steps(found))),
        Section(
            "How far to trust this",
            (message.trust, *(["Added later. " + " ".join(message.came)] if message.came else [])),
        ),
    ]
    return [part for part in made if part.paragraphs or part.steps]


def _decides(report: Report) -> list[str]:
    """The lever in a sentence, then what else moves the answer."""
    found, lever = report.found, main_lever(report.found)
    told = []
    if lever is not None:
        told.append(
            f"{say.capital(hidden(lever))} decide most." if lever.words == "stocks" else f"Most hangs on {lever.words}."
        )
    for row in report.changes[1:4]:
        if not row.reason:
            told.append(f"With {row.label} the chance of a shortage is {row.chance} and the expected loss {row.loss}.")
    first = first_shortage(found)
    if first:
        told.append(first)
    if not told:
        told.append(
            "Nothing that we tried moves the answer much."
            if found.chance is not None
            else "What decides cannot be said without the missing data."
        )
    return [" ".join(told[:2]), " ".join(told[2:])] if len(told) > 2 else [" ".join(told)]


def first_shortage(found: Findings) -> str:
    """When the first shortage most likely falls, as dates."""
    days = [values for (metric, _), values in found.predictions.items() if metric == "first_shortage_day"]
    if not days or found.short is None or found.short.sum() < 10:
        return ""
    first = np.min(np.stack(days, axis=1), axis=1)
    low, high = (
        found.case.start.toordinal() + int(np.quantile(first[np.isfinite(first)], share)) for share in (0.25, 0.75)
    )
    from datetime import date

    begin, end = date.fromordinal(low), date.fromordinal(high)
    return (
        f"The first shortage, if it comes, most likely falls between {begin:%B %Y} and {end:%B %Y}."
        if (begin.year, begin.month) != (end.year, end.month)
        else f"The first shortage, if it comes, most likely falls in {begin:%B %Y}."
    )


def _costs(found: Findings) -> list[str]:
    told = []
    first, later = found.yearly("target", lasting=False), found.yearly("target")
    if first is not None and abs(first) >= say.UNMEASURED:
        told.append(f"Without a shortage the first year costs {say.land(found.name('target'))} {say.loss(first)}.")
    if later is not None and abs(later) >= say.UNMEASURED:
        head = say.per_head(later, found.people)
        told.append(f"Each later year costs {say.loss(later)}{', ' + head if head else ''}.")
    if found.sender_lost is not None and abs(found.sender_lost) >= say.UNMEASURED:
        told.append(
            f"{say.land(found.name('sender'), True)} loses about "
            f"{say.money(found.sender_lost)} itself in the average run."
        )
    return [" ".join(told)] if told else []


def _record(found: Findings) -> list[str]:
    forecast = found.result("bargaining")
    if forecast is None or not found.name("patron"):
        return []
    return []


def steps(found: Findings) -> list[str]:
    """What can be done, by when, in the order of what it moves: made from the levers and the rules in force."""
    start, made = found.case.cutoff if found.case.cutoff.year < 9000 else found.case.start, []
    from datetime import timedelta

    soon, month = start + timedelta(days=7), start + timedelta(days=30)
    stems = [lever.key.split(".")[0] for lever in found.levers]
    worst = found.by_product[0][0] if found.by_product else next(iter(found.products.values()), "the good")
    if "inventory_days" in stems:
        made.append(
            f"By {say.day(soon)}: ask the largest users for their days of "
            "stock, by material. Nothing else narrows the answer as much."
        )
    if {"review_days", "withheld_share", "approval_share"} & set(stems) or (
        found.result("controls") is not None and found.cut
    ):
        made.append(f"By {say.day(month)}: file complete applications for everything that needs a licence.")
    top = depends(found)
    if top and (found.chance or 0) >= 0.1:
        made.append(
            f"By {say.day(start + timedelta(days=60))}: start to qualify a second source of {worst}. It takes months."
        )
    elif top:
        made.append(f"Within the year: keep a second source of {top[0][0]} qualified.")
    if len(made) < 3:
        made.append(
            f"By {say.day(month)}: say which of the missing facts a firm or "
            "office can supply. The list stands in the table of assumptions."
        )
    made.append("When a new measure is announced: run this again with that day as the day of the forecast.")
    return made[:4]


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
        ]
    for part in sections(report):
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
    """The data behind the brief in a line, and how to make it again."""
    cited = list(dict.fromkeys(note.citation for note in report.content.sources if note.rows))[:CITED]
    named = "; ".join(text.split(";")[0][:90] for text in cited)
    again = (
        "Every figure with unit, period and source: figures.html. Made again with "
        f"{reproduce(report.assessment)} (geoecon {report.assessment.version})."
    )
    return f"{named}. {again}" if named else again


def _safe(value: object, bold: bool = False) -> str:
    """Foreign text in Markdown: nothing in it is markup, except the bold of our own messages."""
    text = SPECIAL.sub(r"\\\1", visible(value).replace("\n", " "))
    return text.replace(r"\*\*", "**") if bold else text


def plain_parts(text: str) -> Sequence[tuple[str, bool]]:
    """A paragraph of ours as (text, bold) runs."""
    return [(part, number % 2 == 1) for number, part in enumerate(text.split("**")) if part]
