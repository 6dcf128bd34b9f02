"""Options that many verbs share, and arguments written as key=value."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, Token, convert

import geoecon as ge
from geoecon.errors import InputError

if TYPE_CHECKING:
    from geoecon.case import Case

Json = Annotated[bool, Parameter(name="--json", negative="", help="print strict JSON instead of words")]

DrawCount = Annotated[int, Parameter(name="--draws", help="samples of the uncertain parameters, 0 for none")]
Seed = Annotated[int, Parameter(name="--seed", help="seed of the samples")]
Words = list[str] | None
DRAWS = 200  # as `geoecon.line.DRAWS`, which is not loaded for --help; a test holds the two together


@Parameter(name="*")
@dataclass(frozen=True)
class Assumptions:
    """What a verb takes for granted about a case."""

    scenario: Annotated[Words, Parameter(negative="", help="an assumption as key=value; repeat it")] = None
    cutoff: Annotated[str | None, Parameter(help="facts known by this day (YYYY-MM-DD)")] = None

    def of(self, name: str) -> Case:
        """The case as known by the cut-off, under the scenario."""
        case = self.known(name).with_scenario(**self.changes)
        for said in case.notes:
            warnings.warn(said, stacklevel=2)
        return case

    def known(self, name: str) -> Case:
        """The case as known by the cut-off. Raises InputError where it has no such cut-off."""
        case: Case = ge.load_case(name)
        if self.cutoff is None:
            return case
        day = a_day("--cutoff", self.cutoff)
        if day not in case.cutoffs:
            allowed = ", ".join(str(known) for known in case.cutoffs)
            raise InputError(f"--cutoff {self.cutoff}; allowed for this case: {allowed}")
        return case.at(day)

    @property
    def changes(self) -> dict[str, str]:
        return pairs("--scenario", self.scenario)


NOTHING = Assumptions()


def strictly(kind: type, tokens: Sequence[Token]) -> object:
    """A value of its type; a fraction is no whole number and is refused, never rounded."""
    if kind is int and not re.fullmatch(r"[+-]?\d+", tokens[0].value):
        raise ValueError(f"{tokens[0].value!r}; allowed: a whole number")
    return convert(kind, tokens)


def a_day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text!r}; allowed: a day as YYYY-MM-DD") from None


def pairs(option: str, items: Words) -> dict[str, str]:
    """Arguments written as key=value. Raises InputError that names each one that is not, and each repeated key."""
    split = [(item, *item.partition("=")) for item in items or []]
    faults = [
        f"{option} {item!r}; allowed: key=value"
        for item, key, equals, value in split
        if not equals or not key.strip() or not value.strip()
    ]
    keys = Counter(key.strip() for _, key, _, _ in split)
    faults += [f"{option} {key} is given {times} times; allowed: once" for key, times in keys.items() if times > 1]
    if faults:
        raise InputError(faults)
    return {key.strip(): value.strip() for _, key, _, value in split}
