"""What a stage reads of a case: the record that lets a memo keep answers, and that shows a key without effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from geoecon.case import Case, allowed_keys
from geoecon.draws import Draws
from geoecon.errors import InputError

Value = TypeVar("Value")
Reads = set[tuple[str, str]]
ALL, SCENARIO, PARAMETER = "*", "scenario", "parameter"


class Recorded(Mapping[str, Value]):
    """A mapping that writes down which of its keys were asked for, in `reads`."""

    def __init__(self, inner: Mapping[str, Value], kind: str, reads: Reads):
        self.inner, self.kind, self.reads = inner, kind, reads

    def __getitem__(self, key: str) -> Value:
        self.reads.add((self.kind, key))
        return self.inner[key]

    def __contains__(self, key: object) -> bool:
        self.reads.add((self.kind, str(key)))
        return key in self.inner

    def __iter__(self) -> Iterator[str]:
        self.reads.add((self.kind, ALL))
        return iter(self.inner)

    def __len__(self) -> int:
        return len(self.inner)


def watched(case: Case, draws: Draws, reads: Reads) -> tuple[Case, Draws]:
    """The same case and draws; what is read of scenario and parameters is noted in `reads`."""
    seen = replace(case, scenario=Recorded(case.scenario, SCENARIO, reads))
    # a cached property of the case: put there, it is not made from the whole scenario
    seen.__dict__["parameters"] = Recorded(case.parameters, PARAMETER, reads)
    values = Recorded(draws.values, PARAMETER, reads)
    return seen, Draws(values, Recorded(draws.parameters, PARAMETER, reads), draws.seed)


def refuse_unread(case: Case, reads: Reads) -> None:
    """Raises InputError for scenario keys that no stage read, with the names that work."""
    used = {key for _, key in reads}
    idle = [key for key in case.scenario if key not in used and not used & set(case.moved(key))]
    if not idle:
        return
    working = sorted(key for key in used if key in case.parameters or key in case.settings.get("scenario", {}))
    good = next((product.id for product in case.products), "GOOD")
    faults = [f"scenario key {key!r} was read by no stage; allowed: {allowed_keys(key, working, good)}" for key in idle]
    raise InputError(faults)
