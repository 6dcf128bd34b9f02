"""An assessment: the results of every stage for one case and scenario, and the run that makes it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from geoecon import __version__
from geoecon.case import Case, load_case
from geoecon.draws import Draws, sample
from geoecon.errors import MissingData, NotConverged
from geoecon.figure import Figure
from geoecon.line.memo import Answer, Memo
from geoecon.line.scenario import refuse_unread, unmoved
from geoecon.line.stage import STAGES, Reason, checked, examine, known
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from geoecon.bargaining import DisputeForecast
    from geoecon.capacity import FlowCapacity
    from geoecon.catchup import Localisation
    from geoecon.costs import Losses, WelfareChange
    from geoecon.disruption import DisruptionPath
    from geoecon.episodes import CasePrecedents
    from geoecon.indicators import Dependence, Scan
    from geoecon.scorecard import Scorecard
    from geoecon.triangle import Triangle

DRAWS = 200  # samples of the uncertain parameters where nobody asks for another number


@dataclass(frozen=True, eq=False)
class Assessment(Result):
    """The results of every stage for one case and scenario.

    `results` and `gaps` together hold every stage that was asked for; a gap is the reason: MissingData, or
    NotConverged. `inputs` are the SHA-256 sums of all files read; `sampled`: the parameters are a sample of the
    case's own.
    """

    case: Case
    draws: int
    seed: int
    results: Mapping[str, Result]
    gaps: Mapping[str, Reason]
    inputs: Mapping[str, str]
    sampled: bool = True
    version: str = __version__

    METHOD: ClassVar[str] = "Every stage in order, each fed with the results of those before it, all draws together."

    if TYPE_CHECKING:  # the results by name, of their own types; `__getattr__` finds them

        @property
        def trade(self) -> Dependence: ...
        @property
        def scan(self) -> Scan: ...
        @property
        def precedents(self) -> CasePrecedents: ...
        @property
        def controls(self) -> FlowCapacity: ...
        @property
        def catchup(self) -> Localisation: ...
        @property
        def disruption(self) -> DisruptionPath: ...
        @property
        def welfare(self) -> WelfareChange: ...
        @property
        def losses(self) -> Losses: ...
        @property
        def alliance(self) -> Triangle: ...
        @property
        def bargaining(self) -> DisputeForecast: ...
        @property
        def evidence(self) -> Scorecard: ...

    @property
    def scenario(self) -> Mapping[str, str | float]:
        return self.case.scenario

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the scenario: rows that a bare key moves as well, keys that move no figure. They
        are found when first asked for: the line is then solved without each key."""
        return (*self.case.notes, *self.unmoved(Memo()))

    def unmoved(self, memo: Memo[None]) -> tuple[str, ...]:
        """Says of each key of the scenario that moves no figure here that it moves none; `memo` keeps stages."""
        asked = [name for name in STAGES if name in self.results or name in self.gaps]
        if not asked or not self.scenario or not self.sampled:
            return ()
        left = tuple(name for name, stage in STAGES.items() if name not in asked and not stage.asked)

        def told(case: Case, n: int) -> dict[str, Result]:
            if case is self.case and n == self.draws:
                return dict(self.results)
            few = () if n == self.draws else tuple(name for name, stage in STAGES.items() if not stage.resolved)
            drawn = sample(case.parameters, n, self.seed)
            answers = memo.solve(case, str(case.folder), drawn, until=asked[-1], skip=(*left, *few))
            return {name: answer.result for name, answer in answers.items() if answer.result is not None}

        return unmoved(self.case, self.draws, told)

    @property
    def skipped(self) -> dict[str, str]:
        """Stages without a result, each with the reason in words."""
        return {stage: str(reason) for stage, reason in self.gaps.items()}

    @property
    def failed(self) -> dict[str, NotConverged]:
        """Stages whose solver did not converge."""
        return {stage: reason for stage, reason in self.gaps.items() if isinstance(reason, NotConverged)}

    def __getattr__(self, stage: str) -> Result:
        """The result of a stage by its name. Raises the reason where it has none."""
        if stage.startswith("_") or stage not in STAGES:
            raise AttributeError(stage)
        if stage in self.results:
            return self.results[stage]
        reason = self.gaps.get(stage)
        if isinstance(reason, NotConverged):
            raise reason
        raise MissingData(f"stage {stage}: {reason or 'not run'}")

    @property
    def ranked(self) -> list[Result]:
        """Results in the order of the first page: those that answer the case's question first."""
        told = sorted((stage.rank, name) for name, stage in STAGES.items() if stage.rank and name in self.results)
        return [self.results[name] for _, name in told]

    @property
    def sources(self) -> frozenset[str]:
        return frozenset[str]().union(*(result.sources for result in self.results.values()))

    def sentence(self) -> str:
        return self.sentences()[0]

    def sentences(self) -> list[str]:
        """One a stage, those that answer the case's question first."""
        ranked = self.ranked
        others = [result for result in self.results.values() if not any(result is told for told in ranked)]
        return [result.sentence() for result in ranked + others] or ["No stage of this case has a result."]

    @cached_property
    def told(self) -> dict[str, dict[str, Figure]]:
        """The figures of each stage by key, made once for all that shows them."""
        return {stage: result.figures() for stage, result in self.results.items()}

    @cached_property
    def said(self) -> dict[str, str]:
        """The sentence of each stage, made once too."""
        return {stage: result.sentence() for stage, result in self.results.items()}

    @cached_property
    def all_said(self) -> dict[str, list[str]]:
        """All that each stage has to say."""
        return {stage: result.sentences() for stage, result in self.results.items()}

    def figures(self) -> dict[str, Figure]:
        return {f"{stage}.{key}": figure for stage, made in self.told.items() for key, figure in made.items()}

    def to_frame(self) -> pd.DataFrame:
        """One row a figure: stage, figure, label, value, low, high (the band with past error where there is a record),
        draws_low, draws_high (then that of the draws alone), runs, unit, period, verified."""
        import pandas as pd

        columns = ["stage", "figure", "label", "value", "low", "high", "draws_low", "draws_high", "runs", "unit",
                   "period", "verified"]  # fmt: skip
        rows = [
            (
                stage,
                key,
                one.label,
                one.value,
                one.low,
                one.high,
                one.draws_low,
                one.draws_high,
                one.runs,
                one.unit,
                one.period,
                one.verified,
            )
            for stage, made in self.told.items()
            for key, one in made.items()
        ]
        return pd.DataFrame(rows, columns=columns)

    def summary(self) -> pd.DataFrame:
        """The first figure of each stage."""
        first = self.to_frame().groupby("stage", sort=False).head(1)
        return first[["stage", "label", "value", "low", "high", "unit"]].reset_index(drop=True)

    def chart(self) -> alt.VConcatChart:
        """The picture of the first answer."""
        ranked = self.ranked or list(self.results.values())
        if not ranked:
            raise MissingData("a stage with a result")
        return ranked[0].chart()


class Interrupted(KeyboardInterrupt):
    """An interrupt that keeps what was computed."""

    def __init__(self, assessment: Assessment):
        self.assessment = assessment
        super().__init__()


def run(
    case: Case | str | Path,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    until: str | None = None,
    skip: tuple[str, ...] = (),
    progress: Callable[[str], None] | None = None,
    parameters: Draws | None = None,
    memo: Memo[None] | None = None,
) -> Assessment:
    """Every stage in order, each fed with the results that its arguments name.

    `draws` samples of the parameters besides the run at central values; `until` names the last stage, `skip` those
    that are left out; `progress` is told each stage before it starts; `parameters` are values to use instead of a
    sample; `memo` keeps what does not change from one run to the next. A stage that lacks data or does not converge
    stands in `gaps` with the reason, and so do those that need it.
    Raises InputError for an unknown stage, a count that is none, or a scenario key that no stage read; Interrupted
    (a KeyboardInterrupt) with what was done.
    """
    checked(until)
    case = known(load_case(case))
    examine(case, until, skip)
    sampled = parameters is None
    if parameters is None:
        parameters = sample(case.parameters, draws, seed)
    answers: dict[str, Answer[None]] = {}

    def made() -> Assessment:
        results = {name: answer.result for name, answer in answers.items() if answer.result is not None}
        gaps = {name: answer.reason for name, answer in answers.items() if answer.reason is not None}
        return Assessment(case, parameters.n - 1, seed, results, gaps, input_hashes(case), sampled)

    def tell(stage: str, answer: Answer[None]) -> None:
        answers[stage] = answer

    try:
        (memo or Memo()).solve(case, str(case.folder), parameters, until=until, skip=skip, before=progress, tell=tell)
    except KeyboardInterrupt:
        raise Interrupted(made()) from None
    reads = {read for answer in answers.values() for read in answer.reads}
    refuse_unread(case, reads, part=len(answers) < len(STAGES))
    return made()


def input_hashes(case: Case) -> dict[str, str]:
    """SHA-256 of the case's files and of every data file that ships with the rooms."""
    if case.texts is not None:
        found = {f"case/{name}": hashlib.sha256(text.encode()).hexdigest() for name, text in sorted(case.texts.items())}
    else:
        found = {f"case/{path.name}": _sha256(path) for path in sorted(case.folder.glob("*")) if path.is_file()}
    return found | _shipped_hashes()


WORDED = {"cases", "message", "views", "web"}  # their files change what is said, and no number


@cache
def _shipped_hashes() -> dict[str, str]:
    package, found = Path(str(files("geoecon"))), {}
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if path.suffix in {".csv", ".parquet", ".yaml", ".toml"} and inside.parts[0] not in WORDED:
            found[inside.as_posix()] = _sha256(path)
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
