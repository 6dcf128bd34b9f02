"""An assessment on a terminal: verdict first, 80 columns, one line a row, the same text without colour when piped."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from geoecon.charts import ticks
from geoecon.message import Tile, curve, main_lever
from geoecon.message import phrases as say
from geoecon.views.words import visible

if TYPE_CHECKING:
    from geoecon.message import Message
    from geoecon.questions import Answer
    from geoecon.views.report import Report

WIDE = 80
LABEL = 25  # columns of a tile's label
NUMBER = 15  # columns of a tile's number
BLOCKS = " ▏▎▍▌▋▊▉█"


def terminal(report: Report, folder: Path | None = None) -> str:
    """The message, three numbers, the lever as a row of chances, the warning, the stages, where the files are."""
    found = report.found
    head = f"{found.name('sender')} → {found.name('target')}, {say.listed(list(found.products.values())[:3])}"
    day = f"facts of {say.day(found.case.cutoff)}" if found.case.cutoff.year < 9000 else "with hindsight"
    lines = [_ends(head, day), *_message(report, report.message), *_stages(report)]
    for note in report.assessment.notes:
        lines += ["", *_indented(f"Note: {note}.")]
    if folder is not None:
        lines += ["", *_files(folder), _next(report)]
    return _printed(lines)


def asked(answer: Answer, saved: bool = False) -> str:
    """An answer: the message as for a case, the seven questions in a sentence each, how the question was read, how we
    know, and what to type next unless it was `saved`."""
    from geoecon.views.report import Report

    report, told = Report(answer.assessment), answer.message
    lines = [*textwrap.wrap(told.kicker, WIDE), *_message(report, told, answer.resting())]
    lines += [*_indented(answer.share_words()), ""]
    for block in report.blocks:
        lines += [block.kicker, *_indented(block.sentence)]
    lines += ["", "Read as", *(line for note in answer.made.notes for line in _indented(note)), "", "How we know"]
    lines += [line for sentence in answer.how() for line in _indented(sentence)]
    if not saved:
        lines += ["", "Next: the same with --save NAME makes it a case that you can better."]
    return _printed(lines)


def _message(report: Report, message: Message, resting: Sequence[str] = ()) -> list[str]:
    """Headline, three numbers with what they rest on, the lever as a row of chances, sentences, the warning."""
    lines = ["─" * WIDE, *textwrap.wrap(f"{message.title}.".upper(), WIDE), ""]
    for tile, on in zip_longest(message.tiles, resting[: len(message.tiles)], fillvalue=""):
        assert isinstance(tile, Tile)
        more = "; ".join(filter(None, (tile.more, f"[{on}]" if on else "")))
        lines += _row(say.capital(tile.label), tile.number, more)
    lines += ["", *_lever(report), *_indented(message.lead), *_indented(message.second)]
    return [*lines, "", *_indented(f"How far to trust this: {message.trust}"), ""]


def _printed(lines: Sequence[str]) -> str:
    return "\n".join(visible(line).replace(say.NBSP, " ").replace("\u2007", " ").rstrip() for line in lines) + "\n"


def _ends(left: str, right: str) -> str:
    room = WIDE - len(right) - 2
    left = left if len(left) <= room else left[: room - 1].rstrip(" ,") + "…"
    return left + " " * (WIDE - len(left) - len(right)) + right


def _row(label: str, number: str, more: str) -> list[str]:
    """Label left, number, then words; what does not fit stands under it."""
    told = textwrap.wrap(label, LABEL - 1) or [""]
    beside = textwrap.wrap(more, WIDE - LABEL - NUMBER - 3) or [""]
    rows = max(len(told), len(beside))
    told, beside = told + [""] * (rows - len(told)), beside + [""] * (rows - len(beside))
    return [f"  {told[k]:<{LABEL}}{number if k == 0 else '':<{NUMBER}} {beside[k]}".rstrip() for k in range(rows)]


def _lever(report: Report) -> list[str]:
    """Chances along the parameter that decides, as numbers with bars under them."""
    found, lever = report.found, main_lever(report.found)
    points = curve(found, lever, 8) if lever is not None else []
    if lever is None or not points or not found.chance or found.chance >= 0.999:
        return []
    share = lever.unit.startswith("share")
    heads = [f"{round(100 * one['x'])}%" if share else say.spoken(one["x"]) for one in points]
    chances = [round(100 * one["chance"]) for one in points]
    bars = ["█" * (value // 34) + BLOCKS[(value % 34) * 8 // 34] if value > 2 else "·" for value in chances]
    label = {"stocks": "Days of stock"}.get(lever.words, say.capital(lever.label))[:21]
    return [
        f"  {label:<22}" + "".join(f"{text:>7}" for text in heads),
        f"  {'Shortage, %':<22}" + "".join(f"{value:>7}" for value in chances),
        f"  {'':<22}" + "".join(f"{bar.strip():>7}" for bar in bars),
        "",
    ]


def _indented(text: str) -> list[str]:
    return (
        textwrap.wrap(text.replace(say.NBSP, "\u2007"), WIDE - 4, initial_indent="  ", subsequent_indent="  ")
        if text
        else []
    )


def _stages(report: Report) -> list[str]:
    """Which stages ran, and why others did not; the number of runs at the end."""
    from geoecon.line import STAGES

    assessment = report.assessment
    done = "  ".join(f"{name} ✓" for name in STAGES if name in assessment.results)
    lines = _indented(f"{done}  {assessment.draws} runs")
    for name, reason in assessment.skipped.items():
        lines += _indented(f"Not run: {name} lacks {reason}")
    return lines


def _files(folder: Path) -> list[str]:
    made = (folder / "brief.docx").is_file()
    names = (
        ("Report", "report.html"),
        ("Figures", "figures.html"),
        ("Brief", "brief.docx" if made else "brief.md"),
        ("Slides", "slides.pptx"),
        ("Tables", "tables.xlsx"),
    )
    return [f"  {label + ':':<9}{folder / name}" for label, name in names if (folder / name).is_file()]


def _next(report: Report) -> str:
    """One command worth typing next: the lever at its other end, or the web application."""
    lever = main_lever(report.found)
    if lever is None:
        return "  Next     geoecon serve"
    stem = lever.key.split(".")[0]
    low, _, high = lever.prior
    other = high if lever.rank < 0 else low
    value = ticks(0, other, 5)[-2] if other > 10 else other
    return f"  Next     geoecon run {report.assessment.case.id} --scenario {stem}={value:g}"
