"""A question as a case folder: the same files, the economy it was answered with, and what would better it first."""

from __future__ import annotations

from pathlib import Path

from geoecon import production
from geoecon.case import read_case
from geoecon.errors import InputError
from geoecon.files import folder_aside
from geoecon.questions.answer import Answer
from geoecon.questions.template import guide

BETTER = "BETTER.md"


def save_case(answer: Answer, folder: Path) -> Path:
    """Writes the case behind an answer into a new folder; the checker has read it before it is there.

    `BETTER.md` lists the assumptions in the order of what they move in this very question. Raises InputError where the
    place is taken.
    """
    if folder.exists():
        raise InputError(f"{folder} exists; allowed: a new folder")
    with folder_aside(folder) as aside:
        for name, text in answer.made.texts.items():
            (aside / name).write_text(text, encoding="utf-8", newline="")
        table = production.economy(answer.assessment.case).to_frame()
        table.to_csv(aside / "economy.csv", index=False, lineterminator="\n")
        (aside / BETTER).write_text(better(answer), encoding="utf-8")
        (aside / "GUIDE.md").write_text(guide(), encoding="utf-8")
        read_case(aside)
    return folder


def better(answer: Answer) -> str:
    """The assumptions in the order of what they move, each with its source and what would better it."""
    lines = [
        f"# How to better this answer: {answer.title}",
        "",
        answer.sentence(),
        "",
        "The assumptions of the question, those that move the loss most first. `moves` is the squared rank correlation",
        "between an assumption and the loss over the runs: near 0, no work on it would change the answer.",
        "",
        "| assumption | low | central | high | unit | from | moves | how to better it |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in answer.assumptions().to_dict("records"):
        cells = (f"{row[key]:.3g}" if isinstance(row[key], float) else str(row[key]).replace("|", "/") for key in row)
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "## What was said beside the answer", "", *(f"- {note}" for note in answer.made.notes), ""]
    lines += ["`geoecon check .` says what is missing; `GUIDE.md` what each file may hold.", ""]
    return "\n".join(lines)
