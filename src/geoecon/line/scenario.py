"""What a stage reads of a case: the record that lets a memo keep answers, and that shows a key without effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from geoecon.case import Case, allowed_keys
from geoecon.draws import Draws
from geoecon.errors import InputError, MissingData, NotConverged
from geoecon.line.stage import known
from geoecon.result import Result

Value = TypeVar("Value")
Told = TypeVar("Told", bound=Result)
Reads = set[tuple[str, str]]
ALL, SCENARIO, PARAMETER = "*", "scenario", "parameter"
FEW = 12  # runs on which most keys are seen to move something


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


def refuse_unread(case: Case, reads: Reads, part: bool = False) -> None:
    """Raises InputError for scenario keys that no stage read, with the names that work; `part` where not all stages
    were solved."""
    used = {key for _, key in reads}
    idle = [key for key in case.scenario if key not in used and not used & set(case.moved(key))]
    if not idle:
        return
    working = sorted(key for key in used if key in case.parameters or key in case.settings.get("scenario", {}))
    good = next((product.id for product in case.products), "GOOD")
    where = "no stage solved here (`geoecon run` solves them all)" if part else "no stage"
    faults = [f"scenario key {key!r} was read by {where}; allowed: {allowed_keys(key, working, good)}" for key in idle]
    raise InputError(faults)


def unmoved(case: Case, draws: int, told: Callable[[Case, int], Mapping[str, Result]]) -> tuple[str, ...]:
    """Says of each scenario key without which every figure is the same that it moves none.

    `told` solves a case on some draws. Each key is left out on a few draws first, and where that moves nothing on all.
    """
    idle = []
    for key, value in case.scenario.items():
        without = replace(case, scenario={name: held for name, held in case.scenario.items() if name != key})
        try:
            same = all(_same(told(case, n), told(without, n)) for n in sorted({min(FEW, draws), draws}))
        except (MissingData, NotConverged):
            continue
        if same:
            shown = f"{value:g}" if isinstance(value, float) else value
            idle.append(
                f"{key} = {shown} moves none of these figures: solved with and without, the same "
                + ("in every run" if draws else "at central values")
            )
    return tuple(idle)


def noted(case: Case, draws: int, asked: Callable[[Case, int], Told]) -> Told:
    """What is asked of a case on some draws, with what a reader must know of the scenario it stands under."""
    case = known(case)
    found = asked(case, draws)
    idle = unmoved(case, draws, lambda one, n: {"": found if one is case and n == draws else asked(one, n)})
    return replace(found, assumed=(*case.notes, *idle))


def _same(one: Mapping[str, Result], other: Mapping[str, Result]) -> bool:
    """Whether two runs have the same stages with the same outcomes draw by draw, and tell the same figures."""
    if one.keys() != other.keys():
        return False
    for stage, result in one.items():
        also = other[stage]
        if result is also:
            continue
        mine, theirs = result.samples(), also.samples()
        if mine.keys() != theirs.keys() or _numbers(result) != _numbers(also):
            return False
        if not all(np.array_equal(mine[name].values, theirs[name].values, equal_nan=True) for name in mine):
            return False
    return True


def _numbers(result: Result) -> dict[str, tuple[float | None, ...]]:
    return {key: (figure.value, figure.low, figure.high) for key, figure in result.figures().items()}
