"""Sliders of a case, and a scenario as it stands in links, forms and files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from geoecon import countries
from geoecon.case import COUNTED, Case
from geoecon.errors import InputError
from geoecon.message import called, phrases, read_here
from geoecon.views import short

if TYPE_CHECKING:
    from geoecon.draws import Parameter
    from geoecon.kinds import Cell


KEYS, WORDS = 60, 60  # keys of a scenario, letters of a value
DRAWS, RUNS = 2000, 200  # most runs of a page, and those it takes where nobody asks for another number

# least range of a slider, where the parameter's own is too narrow to try things
FRONT: Mapping[str, tuple[float, float]] = {
    "inventory_days": (0, 240),
    "approval_share": (0, 1),
    "review_days": (0, 240),
    "elasticity_scale": (0.5, 2),
    "substitution_now": (0.001, 0.5),
}
SWITCHES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "measures": ("Measures", ("known", "observed", "none")),
    "architecture": ("Architecture of the alliance", ("hub-and-spoke", "trilateral", "none")),
}
PATRON = ("patron_engaged_from", "Patron engaged from")
PRESS = ("press", "Pressed by the patron from")


@dataclass(frozen=True)
class Slider:
    """One assumption that a page lets people move."""

    key: str
    label: str
    unit: str
    low: float
    high: float
    central: float
    value: float
    step: float
    meaning: str
    source: str
    verified: bool


@dataclass(frozen=True)
class Choice:
    """A switch with its allowed words."""

    key: str
    label: str
    words: tuple[str, ...]
    value: str
    own: str  # what the case itself has

    def said(self, word: str) -> str:
        """A word as the page shows it: "KOR:2019-07" is Korea, July 2019."""
        state, _, month = word.rpartition(":")
        return ", ".join([countries.name(state)] * bool(state) + [phrases.month(month)])


def sliders(case: Case) -> tuple[list[Slider], list[Slider]]:
    """The few sliders at the front of a page, and those of all other parameters."""
    plain = _base(case)
    sender, target = (next(map(case.name_of, case.in_role(role)), "") for role in ("sender", "target"))
    goods = {product.id: product.name for product in case.products}
    front: list[Slider] = []
    more: list[Slider] = []
    for name in read_here(plain):
        row, stem = plain.parameters[name], name.split(".")[0]
        least, most = FRONT.get(stem, (row.low, row.high))
        low, high = min(least, row.low), max(most, row.high)
        if high <= low:
            high = low + 1
        value = float(case.scenario.get(name, row.central))
        told = called(name, row.meaning or "", row.unit, sender=sender, target=target,
                      goods=goods)  # fmt: skip
        made = Slider(
            name, phrases.capital(told.label), row.unit, low, high, row.central, value, _step(row, high - low),
            row.meaning, row.source, row.status != "memory",
        )  # fmt: skip
        own = all(f"{name}.{good}" in plain.parameters for good in goods)  # then nobody reads the general one
        (front if stem in FRONT and not own else more).append(made)
    apart = _apart([*front, *more], plain)
    front, more = apart[: len(front)], apart[len(front) :]
    front.sort(key=lambda one: (list(FRONT).index(one.key.split(".")[0]), one.key))
    return front, sorted(more, key=lambda one: one.key)


def _apart(made: list[Slider], case: Case) -> list[Slider]:
    """The same, where several would have one label with what tells them apart."""
    labels = [one.label for one in made]
    tails = [_tail(one, case) if labels.count(one.label) > 1 else "" for one in made]
    return [replace(one, label=f"{one.label}, {tail}") if tail else one for one, tail in zip(made, tails, strict=True)]


def _tail(one: Slider, case: Case) -> str:
    """What a key is for, in words: a good, a state, customs codes; else what its name says beyond its label."""
    stem, _, tail = one.key.partition(".")
    goods = {product.id: product.name for product in case.products}
    sides = {role: next(map(case.name_of, case.in_role(role)), role) for role in ("sender", "target")}
    if tail and not one.label.endswith(f", {goods.get(tail)}"):
        code = tail.removeprefix("hs")
        known = goods | sides | {code: countries.name(code) for code in [tail] if countries.is_known(code)}
        return known.get(tail) or (f"customs code {code}" if code.isdigit() else tail.replace("_", " "))
    if any(other in stem.split("_") for other in sides):
        return " ".join(sides.get(word, word) for word in stem.split("_"))
    return "" if any(key.startswith(f"{stem}.") for key in case.parameters) else stem.replace("_", " ")


def _base(case: Case) -> Case:
    return replace(case, scenario={})


def _step(row: Parameter, width: float) -> float:
    """A step that cuts the range into some hundred parts; of a count, whole ones."""
    return max(1.0, round(width / 100)) if row.unit in COUNTED else float(f"{width / 100:.0e}")


def choices(case: Case) -> list[Choice]:
    """The switches of a case, the patron's month among them."""
    base = _base(case)
    found = [
        Choice(key, label, words, str(case.switch(key)), str(base.switch(key)))
        for key, (label, words) in SWITCHES.items()
        if key in case.settings.get("scenario", {})
    ]
    months = [f"{year}-{month:02d}" for year in range(case.start.year, case.end.year + 1) for month in range(1, 13)]
    inside = [month for month in months if case.start.isoformat()[:7] <= month <= case.end.isoformat()[:7]]
    if case.patrons:
        sides = [f"{side}:{month}" for side in (case.target, case.sender) for month in inside]
        now = str(case.switch(PRESS[0]))
        other = [] if now in ("known", "none", *sides) else [now]
        found.append(Choice(*PRESS, ("known", "none", *sides, *other), now, str(base.switch(PRESS[0]))))
    if PATRON[0] in case.settings.get("scenario", {}):
        found.append(Choice(*PATRON, ("never", *inside), str(case.switch(PATRON[0])), str(base.switch(PATRON[0]))))
    return found


def checked(case: Case, given: Mapping[str, Any]) -> dict[str, str | float]:
    """A scenario from a form, link or file. Raises InputError for unknown keys, words that are not allowed, numbers
    outside what a parameter may be; values equal to the case's own are left out."""
    if len(given) > KEYS:
        raise InputError(f"{len(given)} assumptions; allowed: at most {KEYS}")
    faults = [
        f"{short(key, WORDS)} = {short(value, WORDS)!r}; allowed: at most {WORDS} letters"
        for key, value in given.items()
        if len(str(key)) > 120 or len(str(value)) > WORDS
    ]
    if faults:
        raise InputError(faults)
    wanted = {str(key): str(value).strip() for key, value in given.items() if str(value).strip()}
    allowed = {choice.key: choice.words for choice in choices(case)}
    faults = [
        f"{key} = {value!r}; allowed: " + ", ".join(allowed[key][:8]) + (" …" if len(allowed[key]) > 8 else "")
        for key, value in wanted.items()
        if key in allowed and value not in allowed[key]
    ]
    base = _base(case)
    made = base.with_scenario(**wanted).scenario
    for key, value in made.items():
        if isinstance(value, float) and not abs(value) < 1e12:
            faults.append(f"{key} = {value}; allowed: a finite number")
    if faults:
        raise InputError(faults)
    own = {name: row.central for name, row in base.parameters.items()}
    return {key: value for key, value in made.items() if value != own.get(key, base.switch(key))}


def link(key: str, scenario: Mapping[str, Any], **more: Cell) -> str:
    """The address of a case page under a scenario."""
    words = {name: f"{value:g}" if isinstance(value, float) else value for name, value in sorted(scenario.items())}
    own = {"draws": RUNS}
    told = {name: value for name, value in more.items() if value not in (None, 0, "") and value != own.get(name)}
    query = urlencode({**words, **told})
    return f"/case/{key}" + (f"?{query}" if query else "")


def as_file(case_key: str, scenario: Mapping[str, Any], draws: int, seed: int) -> str:
    """A scenario as a JSON file."""
    found = {"geoecon": "scenario", "case": case_key, "scenario": dict(scenario), "draws": draws, "seed": seed}
    return json.dumps(found, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def from_file(content: bytes) -> tuple[str, dict[str, Any], int, int]:
    """(case, scenario, draws, seed) of a scenario file. Raises InputError for anything else."""
    allowed = 'allowed: a JSON file with "case" and "scenario", as this page writes it'
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise InputError(f"the file is not JSON; {allowed}") from None
    if not isinstance(found, dict) or not isinstance(found.get("case"), str):
        raise InputError(f"the file names no case; {allowed}")
    scenario = found.get("scenario", {})
    if not isinstance(scenario, dict) or any(not isinstance(value, str | int | float) for value in scenario.values()):
        raise InputError(f"scenario is not a table of texts and numbers; {allowed}")
    return found["case"], scenario, whole(found.get("draws", 0), "draws", DRAWS), whole(found.get("seed", 0), "seed")


def whole(given: Cell, name: str, most: int = 2**31) -> int:
    """A whole number from 0 to `most`. Raises InputError for anything else."""
    if not re.fullmatch(r"\d{1,10}", str(given).strip()) or int(str(given)) > most:
        raise InputError(f"{name} = {short(given, 30)!r}; allowed: a whole number from 0 to {most}")
    return int(str(given))


def without(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The rest of a mapping."""
    drop = set(names)
    return {key: value for key, value in given.items() if key not in drop}
