"""Kept true: questions, licences and parts lists that are asked again, with what has changed since the last time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from geoecon import __version__, law
from geoecon.disruption import shortage_clock
from geoecon.errors import InputError, MissingData
from geoecon.figure import Figure
from geoecon.files import file_aside, own_folder
from geoecon.questions.ask import ask
from geoecon.result import Result

if TYPE_CHECKING:
    from geoecon.kinds import Option


KINDS = ("question", "licence", "parts")
DRAWS = 60
TOLERANCE = 0.005  # of a number: less is no change
Found = dict[str, float | str | None]


@dataclass(frozen=True)
class Watched:
    """Something that is asked again: its kind, its arguments, what was found, when, by which version and data."""

    kind: str
    name: str
    arguments: dict[str, Any]
    found: Found
    asked: str
    version: str
    data: str  # short hash of all input files
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Changes(Result):
    """One row a figure that is watched: name, figure, before, now, change (words), asked (day), version, data."""

    table: pd.DataFrame
    count: int

    METHOD: ClassVar[str] = "Each saved question is asked again with the same seed and draws; what differs is listed."

    @property
    def sources(self) -> frozenset[str]:
        return frozenset({f"geoecon {__version__}"})

    def to_frame(self) -> pd.DataFrame:
        return self.table

    @property
    def changed(self) -> pd.DataFrame:
        return self.table[self.table["change"] != "none"]

    def summary(self) -> pd.DataFrame:
        return self.changed[["name", "figure", "before", "now", "change", "asked"]].head(40)

    def figures(self) -> dict[str, Figure]:
        return {
            "changed": Figure(float(len(self.changed)), "figures", "now", self.sources, label="figures that changed")
        }

    def sentence(self) -> str:
        if not self.count:
            return 'Nothing is watched; allowed: geoecon watch --question "China stops graphite to Korea".'
        names = list(dict.fromkeys(self.changed["name"]))
        if not names:
            return f"Nothing changed in {self.count} watched question{'s' * (self.count != 1)}."
        return f"{len(names)} of {self.count} changed: {', '.join(names)}."


def watched() -> list[Watched]:
    """Everything that is watched. Raises InputError where the list cannot be read."""
    place = own_folder() / "watched.json"
    if not place.is_file():
        return []
    try:
        return [Watched(**row) for row in json.loads(place.read_text(encoding="utf-8"))]
    except (ValueError, TypeError):
        raise InputError(f"{place}: not a list of questions; allowed: delete it and add them again") from None


def add_watch(kind: str, name: str, **arguments: Option) -> Watched:
    """Asks once and remembers: a question (`question=`, `flows=`), a licence (`exporter=`, `destination=`, `item=`) or
    a parts list (`bill=`, `start=`, `stopped=`). Raises InputError where it cannot be asked at all."""
    if kind not in KINDS:
        raise InputError(f"kind {kind!r}; allowed: " + ", ".join(KINDS))
    made = _asked(kind, name, {key: value for key, value in arguments.items() if value is not None})
    if made.faults:
        raise InputError(made.faults)
    _write([*(one for one in watched() if one.name != name), made])
    return made


def watch(only: str | None = None, **changed: Option) -> Changes:
    """Asks everything again, or the one named `only`, and says what changed since; the new answers are remembered.

    `changed` arguments overrule those of the questions (`flows=FILE` after a new year of trade).
    """
    before = watched()
    rows: list[dict[str, Any]] = []
    kept: list[Watched] = []
    for one in before:
        if only is not None and one.name != only:
            kept.append(one)
            continue
        extra = changed if one.kind == "question" else {}
        now = _asked(one.kind, one.name, {**one.arguments, **extra})
        rows += [{"name": one.name, **row, "asked": one.asked, "version": now.version, "data": now.data}
                 for row in _compared(one.found, now.found)]  # fmt: skip
        rows += [{"name": one.name, "figure": "fault", "before": None, "now": fault, "change": "cannot be asked",
                  "asked": one.asked, "version": now.version, "data": now.data} for fault in now.faults]  # fmt: skip
        kept.append(one if now.faults else now)
    if only is not None and not any(one.name == only for one in before):
        raise InputError(f"{only!r} is not watched; allowed: " + ", ".join(one.name for one in before))
    _write(kept)
    columns = ["name", "figure", "before", "now", "change", "asked", "version", "data"]
    return Changes(pd.DataFrame(rows, columns=columns), len(before))


def _asked(kind: str, name: str, arguments: dict[str, Any]) -> Watched:
    """The answer now; what cannot be asked stands in `faults`."""
    found: Found = {}
    faults: list[str] = []
    data = ""
    try:
        if kind == "question":
            found, data = _of_question(arguments)
        elif kind == "licence":
            found = _of_licence(arguments)
        else:
            found = _of_parts(arguments)
    except (InputError, MissingData, OSError) as error:
        faults.append(str(error))
    return Watched(kind, name, arguments, found, date.today().isoformat(), __version__, data, faults)


def _of_question(arguments: Mapping[str, Any]) -> tuple[Found, str]:
    import hashlib

    options = {key: value for key, value in arguments.items() if key != "question"}
    answer = ask(arguments["question"], draws=DRAWS, **options)
    found: Found = {"message": answer.sentence()}
    for key, one in answer.figures().items():
        if key in ("share", "loss", "ending") and one.value is not None:
            found[key] = one.value
            if one.low is not None and one.high is not None:
                found[f"{key}, low"], found[f"{key}, high"] = one.low, one.high
    inputs = json.dumps(dict(answer.assessment.inputs), sort_keys=True)
    return found, hashlib.sha256(inputs.encode()).hexdigest()[:12]


def _of_licence(arguments: Mapping[str, Any]) -> Found:
    on = arguments.get("on") or date.today().isoformat()
    told = law.licence(
        exporter=arguments["exporter"], destination=arguments["destination"], item=arguments["item"], on=on
    )
    return {"message": told.sentence(), "licence": told.kind, "ground": told.ground}


def _of_parts(arguments: Mapping[str, Any]) -> Found:
    bill = Path(arguments["bill"])
    how = {name: arguments[name] for name in ("columns", "decimal", "encoding", "sheet") if name in arguments}
    if "start" not in arguments:
        raise InputError("start is missing; allowed: the day on which suppliers stop, YYYY-MM-DD (--start)")
    day = date.fromisoformat(arguments["start"])
    clock = shortage_clock(bill, start=day, stopped=arguments.get("stopped"), **how)
    return {figure.label or key: figure.value for key, figure in clock.figures().items()}


def _compared(before: Found, now: Found) -> list[dict[str, Any]]:
    rows = []
    for key in dict.fromkeys([*before, *now]):
        old, new = before.get(key), now.get(key)
        if key == "message":
            continue
        change = "none"
        if isinstance(old, float | int) and isinstance(new, float | int):
            if abs(new - old) > TOLERANCE * max(abs(old), abs(new), 1e-9):
                change = f"{new / old - 1:+.0%}" if old else "from nothing"
        elif old != new:
            change = "new" if key not in before else "gone" if key not in now else "other"
        rows.append({"figure": key, "before": old, "now": new, "change": change})
    return rows


def _write(rows: list[Watched]) -> None:
    with file_aside(own_folder() / "watched.json") as part:
        part.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
