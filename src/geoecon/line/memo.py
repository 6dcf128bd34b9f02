"""A warm line: a stage is solved again only where something that it read has changed.

What a stage reads of parameters and scenario is recorded while it runs. A later call with the same values for all
that was read, and with the same results of the stages before it, gets the earlier answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Generic, TypeVar

from geoecon.case import Case
from geoecon.draws import Draws
from geoecon.errors import MissingData, NotConverged
from geoecon.line import stage as line
from geoecon.line.scenario import ALL, PARAMETER, SCENARIO, Reads, watched
from geoecon.result import Result, Sample

KEPT, KEPT_DRAWN, PLACES = 24, 3, 60  # answers per stage; with draws, which are large; stages of all questions
View = TypeVar("View")
Value = tuple[float, float, float] | tuple[tuple[str, str | float], ...] | str | float | None


@dataclass
class Answer(Generic[View]):
    """A stage's result or the reason why it has none, its view, and what it depends on.

    `fresh`: solved now; else kept from before, as nothing that it reads has changed.
    """

    token: int
    result: Result | None
    reason: line.Reason | None
    view: View | None
    reads: Mapping[tuple[str, str], Value]
    inputs: Mapping[str, int]
    fresh: bool = True
    told: dict[str, Sample] = field(default_factory=dict, repr=False)  # outcomes asked for so far

    def samples(self) -> Mapping[str, Sample]:
        """The result's outcomes by draw, made once; none where it has no result."""
        if not self.told and self.result is not None:
            self.told.update(self.result.samples())
        return self.told

    @property
    def skipped(self) -> str | None:
        return None if self.reason is None else str(self.reason)


@dataclass
class Memo(Generic[View]):
    """Answers by (identity, cut-off, draws, seed, stage). One per process; `view` is made of each fresh result."""

    view: Callable[[str, Result, Case], View | None] = lambda *_: None
    answers: dict[tuple[Hashable, ...], list[Answer[View]]] = field(default_factory=dict)
    tokens: Iterator[int] = field(default_factory=lambda: count(1))
    solved: int = 0  # stages computed, for the tests

    def solve(
        self,
        case: Case,
        identity: str,
        parameters: Draws,
        *,
        until: str | None = None,
        skip: tuple[str, ...] = (),
        asked: bool = False,
        tell: Callable[[str, Answer[View]], None] | None = None,
        before: Callable[[str], None] | None = None,
    ) -> dict[str, Answer[View]]:
        """Every stage up to `until`, in order, as `line.stages` runs them. `tell` gets each answer as it comes.

        Two sets of parameters of one length and seed that are not the same sample need each an `identity` of its own.
        """
        case = line.known(case)
        now = _Fingerprint(case, parameters)
        done: dict[str, Answer[View]] = {}
        for stage, _ in line.stages(
            case,
            parameters,
            until=until,
            skip=skip,
            asked=asked,
            before=before,
            solve=self._solver(identity, now, done),
        ):
            answer = done[stage.name]
            if tell:
                tell(stage.name, answer)
        return done

    def _solver(self, identity: str, now: _Fingerprint, done: dict[str, Answer[View]]) -> line.Solve:
        """How `line.stages` gets a stage's result: the kept one, or a new one that is kept."""

        def solve(
            stage: line.Stage,
            case: Case,
            draws: Draws,
            results: Mapping[str, Result],
            gaps: Mapping[str, line.Reason],
        ) -> Result:
            place = (identity, case.cutoff, draws.n, draws.seed, stage.name)
            tokens = {name: answer.token for name, answer in done.items()}
            answer = self._kept(place, now, tokens)
            if answer is None:
                answer = self._new(stage, case, draws, results, gaps, tokens, now)
                self._keep(place, answer, KEPT if draws.n == 1 else KEPT_DRAWN)
            done[stage.name] = answer
            if answer.result is None:
                assert answer.reason is not None
                raise answer.reason
            return answer.result

        return solve

    def _new(
        self,
        stage: line.Stage,
        case: Case,
        draws: Draws,
        results: Mapping[str, Result],
        gaps: Mapping[str, line.Reason],
        tokens: Mapping[str, int],
        now: _Fingerprint,
    ) -> Answer[View]:
        reads: Reads = set()
        seen, values = watched(case, draws, reads)
        self.solved += 1
        result: Result | None = None
        reason: line.Reason | None = None
        view: View | None = None
        used = dict(tokens)
        try:
            given = line.arguments(stage, seen, values, results, gaps)
            used = tokens_of(given, tokens)
            result = stage.call(**given)
            view = self.view(stage.name, result, seen)
        except (MissingData, NotConverged) as error:
            result, reason = None, error
        reads.discard((PARAMETER, ALL))  # Draws.n looks at the first parameter only
        return Answer(next(self.tokens), result, reason, view, {read: now.of(read) for read in reads}, used)

    def _keep(self, place: tuple[Hashable, ...], answer: Answer[View], most: int) -> None:
        """Remembers an answer; the first of its place, the case as it stands, stays, the oldest others go."""
        first, *rest = [*self.answers.pop(place, []), answer]
        self.answers[place] = [first, *rest[1 - most :]] if most > 1 else [answer]
        for old in list(self.answers)[: max(0, len(self.answers) - PLACES)]:
            del self.answers[old]

    def only_first(self, identity: str) -> None:
        """Lets go of all answers of an identity but the first of each place, the case as it stands."""
        for place, answers in self.answers.items():
            if place[0] == identity:
                del answers[1:]

    def _kept(self, place: tuple[Hashable, ...], now: _Fingerprint, tokens: Mapping[str, int]) -> Answer[View] | None:
        for answer in self.answers.get(place, ()):
            same_inputs = all(tokens.get(name) == token for name, token in answer.inputs.items())
            if same_inputs and all(now.of(read) == value for read, value in answer.reads.items()):
                return replace(answer, fresh=False)
        return None


def tokens_of(given: Mapping[str, object], tokens: Mapping[str, int]) -> dict[str, int]:
    """Tokens of the results among a stage's arguments; one that gets all results depends on all."""
    if "results" in given:
        return dict(tokens)
    return {name: tokens[name] for name in given if name in tokens}


class _Fingerprint:
    """The current value of anything that can be read."""

    def __init__(self, case: Case, draws: Draws):
        self.scenario, self.parameters = dict(case.scenario), draws.parameters

    def of(self, read: tuple[str, str]) -> Value:
        kind, key = read
        if kind == SCENARIO:
            return tuple(sorted(self.scenario.items())) if key == ALL else self.scenario.get(key)
        row = self.parameters.get(key)
        return None if row is None else (row.low, row.central, row.high)
