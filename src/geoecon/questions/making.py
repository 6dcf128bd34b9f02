"""A new case folder: filled from the world data where the question can be read, else a template of every file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from geoecon import lexicon
from geoecon.errors import InputError
from geoecon.questions.ask import ask
from geoecon.questions.saving import save_case, write_texts
from geoecon.questions.template import blank, guide

UNNAMED = ("material",)  # what a template calls its good where nobody names one
RANKED = 60  # runs that rank the assumptions of a new case


def new(
    name: str,
    question: str | None = None,
    *,
    sender: str | None = None,
    target: str | None = None,
    patron: str | None = None,
    product: Sequence[str] = UNNAMED,
    start: str | None = None,
    folder: Path | None = None,
) -> Path:
    """Makes the case folder `name` (a name or a path; inside `folder`, or here); the checker accepts it.

    With a question in words, or a sender, a target and one product, trade, economy, incomes,
    and assumptions are filled from the world data. Else the folder holds a template of every file.
    States are codes or names, `start` is a day, today if left out. Raises InputError for a name that is no plain folder
    name, an unknown state or product, a day that is none, or a folder that exists; nothing is written then.
    """
    place = (folder or Path.cwd()) / name
    faults = []
    plain = place.name if folder is None else name  # a reader types a path; a program names the folder apart
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,79}", plain):
        faults.append(f"name {plain!r}; allowed: small letters, digits, and . _ - (at most 80)")
    if place.exists():
        faults.append(f"{place} exists; allowed: a new folder")
    if question is not None and (sender or target or tuple(product) != UNNAMED):
        faults.append("question and sender, target or product; allowed: the question, or these")
    if question is None and not (sender and target):
        faults.append('a question is missing; allowed: "China stops graphite to Korea", or a sender and a target')
    named = [] if tuple(product) == UNNAMED else list(product)
    if question is None:
        faults += _unknown(named)
    if question is not None or len(named) == 1:
        if faults:
            raise InputError(faults)
        words = (question,) if question is not None else (str(sender), str(target), named[0])
        return _filled(place, words, patron, start)
    return _template(place, faults, {"sender": sender, "target": target, "patron": patron}, product, start)


def _unknown(products: Sequence[str]) -> list[str]:
    """What no list knows, each with the nearest names."""
    found = []
    for one in products:
        try:
            lexicon.good(one)
        except InputError as error:
            found.append(f"product: {error}; without a product the folder holds templates to fill")
    return found


def _filled(place: Path, words: Sequence[str | None], patron: str | None, start: str | None) -> Path:
    """A case of the world data, its assumptions in the order of what they move."""
    return save_case(ask(*map(str, words), patron=patron, start=start, draws=RANKED), place)


def _template(
    place: Path, faults: list[str], named: dict[str, str | None], product: Sequence[str], start: str | None
) -> Path:
    """A template of every file for states and goods; raises all faults together."""
    goods = list(dict.fromkeys(product))
    if not goods:
        faults.append("product: none named; allowed: at least one")
    codes: dict[str, str] = {}
    notes: list[str] = []
    for role, said in named.items():
        if said is None:
            continue
        try:
            found = lexicon.place(said)
            codes[role] = found.code
            notes += [found.note] if found.note else []
        except InputError as error:
            faults.append(f"{role}: {error}")
    if len(set(codes.values())) < len(codes):
        faults.append(f"states {', '.join(codes.values())}; allowed: a different one in each role")
    try:
        first = date.fromisoformat(start) if start else date.today()
    except ValueError:
        faults.append(f"start {start!r}; allowed: a day as YYYY-MM-DD")
    if faults:
        raise InputError(faults)
    texts = blank(place.name, codes, goods, first)
    texts["case.toml"] = "".join(f"# {note}\n" for note in notes) + texts["case.toml"]
    return write_texts({**texts, "GUIDE.md": guide()}, place)
