"""A warm solver: a stage is solved again only where something that it read has changed.

What a stage reads of parameters and scenario is recorded while it runs. A later call with the same values for all
that was read, and with the same results of the stages before it, gets the earlier answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import count
from typing import Any

from geoecon.case import Case
from geoecon.draws import Draws, sample
from geoecon.errors import MissingData
from geoecon.line.assessment import STAGES, arguments

KEPT, KEPT_DRAWN, PLACES = 24, 2, 60  # answers per stage; with draws, which are large; stages of all questions
ALL = "*"


class Recorded(Mapping[str, Any]):
    """A mapping that writes down which of its keys were asked for, in `reads`."""

    def __init__(self, inner: Mapping[str, Any], kind: str, reads: set[tuple[str, str]]):
        self.inner, self.kind, self.reads = inner, kind, reads

    def __getitem__(self, key: str) -> Any:
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


@dataclass
class Answer:
    """A stage's result (or why it was skipped), its view, and what it depends on."""

    token: int
    result: Any
    skipped: str | None
    view: Any
    reads: Mapping[tuple[str, str], Any]
    inputs: tuple[tuple[str, int], ...]


@dataclass
class Memo:
    """Answers by (case, draws, seed, stage). One per worker process."""

    view: Callable[[str, Any, Case], Any]
    answers: dict[tuple[Any, ...], list[Answer]] = field(default_factory=dict)
    tokens: Iterator[int] = field(default_factory=lambda: count(1))
    solved: int = 0  # stages computed, for the tests

    def solve(
        self,
        case: Case,
        identity: str,
        *,
        draws: int,
        seed: int,
        until: str | None = None,
        parameters: Draws | None = None,
        tell: Callable[[str, Answer, bool], None] | None = None,
        before: Callable[[str], None] | None = None,
    ) -> dict[str, Answer]:
        """Every stage up to `until`, in order. `before` may raise to stop; `tell` gets each answer as it comes.

        `parameters` stand in for the sample; the caller then gives each set of them an `identity` of its own.
        """
        if case.cutoff not in case.cutoffs:
            case = case.at(case.cutoffs[0])
        parameters = parameters or sample(case.parameters, draws, seed)
        now = _Fingerprint(case, parameters)
        done: dict[str, Answer] = {}
        for stage in STAGES:
            if before:
                before(stage)
            inputs = tuple((name, answer.token) for name, answer in done.items())
            place = (identity, case.cutoff, draws, seed, stage)
            answer = self._known(place, now, dict(inputs))
            fresh = answer is None
            if answer is None:
                answer = self._solve(stage, case, parameters, done, now)
                self._keep(place, answer, KEPT if parameters.n == 1 else KEPT_DRAWN)
            done[stage] = answer
            if tell:
                tell(stage, answer, fresh)
            if stage == until:
                break
        return done

    def _keep(self, place: tuple[Any, ...], answer: Answer, most: int) -> None:
        """Remembers an answer; the oldest of its place, and the oldest places, go."""
        kept = self.answers.pop(place, [])
        self.answers[place] = [*kept, answer][-most:]
        for old in list(self.answers)[: max(0, len(self.answers) - PLACES)]:
            del self.answers[old]

    def _known(self, place: tuple[Any, ...], now: _Fingerprint, inputs: Mapping[str, int]) -> Answer | None:
        for answer in self.answers.get(place, ()):
            same_inputs = all(inputs.get(name) == token for name, token in answer.inputs)
            if same_inputs and all(now.of(read) == value for read, value in answer.reads.items()):
                return answer
        return None

    def _solve(self, stage: str, case: Case, draws: Draws, done: Mapping[str, Answer], now: _Fingerprint) -> Answer:
        reads: set[tuple[str, str]] = set()
        watched_case = replace(case, scenario=Recorded(case.scenario, "scenario", reads))
        # a cached property of the case: put there, it is not made from the whole scenario
        watched_case.__dict__["parameters"] = Recorded(case.parameters, "parameter", reads)
        values = Recorded(draws.values, "parameter", reads)
        watched_draws = Draws(values, Recorded(draws.parameters, "parameter", reads), draws.seed)
        room, function = STAGES[stage]
        call = getattr(import_module(f"geoecon.{room}"), function)
        results = {name: answer.result for name, answer in done.items() if answer.skipped is None}
        reasons = {name: answer.skipped for name, answer in done.items() if answer.skipped is not None}
        self.solved += 1
        result: Any = None
        view: Any = None
        skipped: str | None = None
        used: tuple[tuple[str, int], ...] = tuple((name, answer.token) for name, answer in done.items())
        try:
            given = arguments(call, watched_case, watched_draws, results, reasons)
            used = tuple((name, done[name].token) for name in given if name in done)
            result = call(**given)
            view = self.view(stage, result, watched_case)
        except MissingData as gap:
            skipped = str(gap)
        reads.discard(("parameter", ALL))  # Draws.n looks at the first parameter only
        return Answer(next(self.tokens), result, skipped, view, {read: now.of(read) for read in reads}, used)


class _Fingerprint:
    """The current value of anything that can be read."""

    def __init__(self, case: Case, draws: Draws):
        self.scenario, self.parameters = dict(case.scenario), draws.parameters

    def of(self, read: tuple[str, str]) -> Any:
        kind, key = read
        if kind == "scenario":
            return tuple(sorted(self.scenario.items())) if key == ALL else self.scenario.get(key)
        row = self.parameters.get(key)
        return None if row is None else (row.low, row.central, row.high)
