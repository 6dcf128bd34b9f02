"""A question as a case folder: the same files, the economy it was answered with, and what would better it first."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from geoecon import production, tables
from geoecon.case import Case, case_of_texts, read_case
from geoecon.errors import InputError
from geoecon.files import folder_aside
from geoecon.questions.answer import Answer
from geoecon.questions.prefill import Prefilled
from geoecon.questions.ranks import noise
from geoecon.questions.template import columns, guide

BETTER = "BETTER.md"
QUESTION = "QUESTION.txt"


def save_case(answer: Answer, folder: Path) -> Path:
    """Writes the case behind an answer into a new folder; the checker has read it before it is there.

    `BETTER.md` lists the assumptions in the order of what they move in this very question. Raises InputError where the
    place is taken.
    """
    return write_case(answer.made, folder, {BETTER: better(answer)})


def write_case(made: Prefilled, folder: Path, further: Mapping[str, str]) -> Path:
    """The files of a prefilled case in a new folder named as the case is, with its economy and a guide."""
    if folder.exists():
        raise InputError(f"{folder} exists; allowed: a new folder")
    case = case_of_texts(made.texts, folder.name)
    lines = made.texts["case.toml"].replace(f'id = "{case.id}"', f'id = "{folder.name}"', 1)
    empty = {file: ",".join(rules) + "\n" for file, rules in columns().items()}
    texts = {**empty, **made.texts, "case.toml": lines, "economy.csv": economy_text(case), **further}
    return write_texts({**texts, "GUIDE.md": guide()}, folder)


def write_texts(texts: Mapping[str, str], folder: Path) -> Path:
    """Written aside, read by the checker, then put in place at once."""
    with folder_aside(folder) as aside:
        for name, text in texts.items():
            (aside / name).write_text(text, encoding="utf-8", newline="")
        read_case(aside)
    return folder


def economy_text(case: Case) -> str:
    """The table that the case was answered with, in the columns of economy.csv."""
    out = io.StringIO()
    tables.to_csv(production.economy(case).to_frame(), out)
    return out.getvalue()


def better(answer: Answer) -> str:
    """The assumptions in the order of what they move, each with its source and what would better it."""
    least = noise(answer.parameters.n, 1)
    lines = [
        f"# How to better this answer: {answer.title}",
        "",
        answer.sentence(),
        "",
        "The assumptions of the question, those that move the loss most first. `moves` is the squared rank correlation",
        "between an assumption and the loss over the runs. It is left empty where chance alone would give as much in",
        f"{answer.parameters.n - 1} draws (below {least:.2g}), and general priors are left out where the",
        "largest of all tried would be as large by chance: more `--draws` tell more of them apart.",
        "",
        "| assumption | low | central | high | unit | from | moves | how to better it |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in answer.assumptions().to_dict("records"):
        cells = (
            ""
            if row[key] != row[key]
            else f"{row[key]:.3g}"
            if isinstance(row[key], float)
            else str(row[key]).replace("|", "/")
            for key in row
        )
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "## What was said beside the answer", "", *(f"- {note}" for note in answer.made.notes), ""]
    lines += ["`geoecon check .` says what is missing; `GUIDE.md` what each file may hold.", ""]
    return "\n".join(lines)
