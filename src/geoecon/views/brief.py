"""The brief: two pages in words made from the numbers, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from geoecon.views.content import Content, Shown
from geoecon.views.whatif import Counterfactual, reproduce
from geoecon.views.words import amount, interval, visible

CITED = 2  # sources named at one place; the report has them all
SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


def brief(page: Content, counterfactuals: Sequence[Counterfactual] = ()) -> str:
    """Two pages: answer, headline figures, a sentence for each of the seven questions, claims, sources."""
    case, lines = page.assessment.case, []
    lines += [f"# {_safe(case.title)}", ""]
    if case.question:
        lines += [f"*{_safe(case.question)}*", ""]
    lines += [f"Known by {case.cutoff.isoformat()}. Bands in brackets hold 80 % of {page.assessment.draws} draws."]
    if not page.assessment.draws:
        lines[-1] = f"Known by {case.cutoff.isoformat()}. Central values only: this run made no draws, so no bands."
    lines += ["", "## Answer", ""]
    lines += [text for sentence, shown in page.answer for text in (_safe(sentence) + _marks(shown), "")]
    lines += [f"**Where the model was wrong:** {_safe(page.wrong)}", "", "## In figures", ""]
    lines += ["| | value | 80 % band | year |", "|---|---:|---|---|"]
    for shown in page.strip:
        value = _safe(amount(shown.figure)) + ("" if shown.figure.verified else " ⚠ unverified")
        band = _safe(interval(shown.figure)) or "–"
        lines.append(f"| {_safe(shown.label)}{_marks(shown)} | {value} | {band} | {_safe(shown.figure.period)} |")
    for number, question in enumerate(page.questions, 1):
        lines += ["", f"## {number}. {question.heading}", ""]
        for part in question.pieces:
            lines += [_safe(part.sentence) + "".join(f"[^{note}]" for note in part.notes[:CITED]), ""]
        lines += [f"Not run: {_safe(name)} lacks {_safe(reason)}." for name, reason in question.missing]
    lines += _counterfactuals(counterfactuals)
    if page.claims:
        lines += ["", "## What people say", ""]
        for claim in page.claims:
            mark = "" if claim["verified"] else " ⚠ unverified"
            notes = "".join(f"[^{note}]" for note in claim["notes"])
            told = f"“{_safe(claim['claim'])}”: **{_safe(claim['verdict'])}**"
            lines.append(f"- {told}{mark}{notes}")
    lines += [
        "",
        "## Sources",
        "",
        f"Made again by `{reproduce(page.assessment)}` (geoecon {page.assessment.version}).",
        "",
    ]
    cited = set(map(int, re.findall(r"\[\^(\d+)\]", "\n".join(lines))))
    lines += [f"[^{note.number}]: {_safe(note.citation)}" for note in page.sources if note.number in cited]
    return "\n".join(lines) + "\n"


def _counterfactuals(others: Sequence[Counterfactual]) -> list[str]:
    if not others:
        return []
    stages = list(others[0].figures)
    heads = [_safe(others[0].figures[stage].label or stage) for stage in stages]
    lines = ["", "## Other scenarios", "", "| | " + " | ".join(heads) + " |", "|---|" + "---:|" * len(stages)]
    for other in others:
        values = [amount(other.figures[stage]) if stage in other.figures else "–" for stage in stages]
        lines.append(f"| {_safe(other.label)} | " + " | ".join(map(_safe, values)) + " |")
    return lines


def _marks(shown: Shown | None) -> str:
    return "".join(f"[^{note}]" for note in shown.notes[:CITED]) if shown is not None else ""


def _safe(value: Any) -> str:
    """Text on one line that Markdown takes as text."""
    return SPECIAL.sub(r"\\\1", visible(" ".join(str(value).split())))
