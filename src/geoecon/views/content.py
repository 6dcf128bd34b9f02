"""What an assessment says, arranged for people: answer, headline figures, seven questions, notes, provenance.

Report, brief, web application and exports all show this one arrangement; it works from the result protocol alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geoecon.figure import Figure
from geoecon.line import QUESTIONS, STAGES
from geoecon.tables import records
from geoecon.views.footnotes import Notes, Source, sources
from geoecon.views.words import amount, cell, interval, parts, slug

if TYPE_CHECKING:
    import pandas as pd

    from geoecon.case import Case
    from geoecon.line import Assessment
    from geoecon.result import Result


ROWS = 12
FURTHER = "further"  # holds what no question names; not shown where it is empty


@dataclass(frozen=True)
class Shown:
    """A figure as it stands on a page: where its provenance is, and its words."""

    stage: str
    key: str
    figure: Figure
    notes: tuple[int, ...]

    @property
    def anchor(self) -> str:
        return "fig-" + slug(f"{self.stage}-{self.key}")

    @property
    def label(self) -> str:
        return self.figure.label or self.key.replace("_", " ")

    @property
    def parts(self) -> tuple[str, str, str]:
        return parts(self.figure)

    @property
    def amount(self) -> str:
        return amount(self.figure)

    @property
    def interval(self) -> str:
        return interval(self.figure)


@dataclass(frozen=True)
class Table:
    """A table of text cells. `numeric` tells which columns stand to the right, `shared` what all rows say."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    total: int
    shared: str = ""

    @property
    def columns(self) -> list[tuple[str, bool]]:
        return list(zip(self.heads, self.numeric, strict=True))

    def condensed(self) -> Table:
        """What a column says in every row is said once above the table; an empty column is left out."""
        if len(self.rows) < 2:
            return self
        texts = [{row[k] for row in self.rows} for k in range(len(self.heads))]
        kept = [k for k, found in enumerate(texts) if len(found) > 1]
        same = [f"{self.heads[k]} {min(found)}" for k, found in enumerate(texts) if len(found) == 1 and found != {""}]
        return replace(
            self,
            heads=tuple(self.heads[k] for k in kept),
            rows=tuple(tuple(row[k] for k in kept) for row in self.rows),
            numeric=tuple(self.numeric[k] for k in kept),
            shared=f"In each row shown: {'; '.join(same)}." if same else "",
        )


@dataclass(frozen=True)
class Piece:
    """One stage on the page: sentence, chart, small table, how we know."""

    stage: str
    name: str
    sentence: str
    headline: Shown | None
    table: Table
    figures: tuple[Shown, ...]
    method: str
    notes: tuple[int, ...]
    further: tuple[str, ...] = ()  # what a result says beyond its one sentence


@dataclass(frozen=True)
class Question:
    key: str
    heading: str
    pieces: tuple[Piece, ...]
    missing: tuple[tuple[str, str], ...]  # stage, reason


@dataclass(frozen=True)
class Content:
    """Everything that the pages show of one assessment."""

    assessment: Assessment
    answer: tuple[tuple[str, Shown | None], ...]
    wrong: str
    strip: tuple[Shown, ...]
    questions: tuple[Question, ...]
    claims: tuple[Mapping[str, Any], ...]
    sources: tuple[Source, ...]
    parameters: Table

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(piece for question in self.questions for piece in question.pieces)

    @property
    def figures(self) -> tuple[Shown, ...]:
        return tuple(shown for piece in self.pieces for shown in piece.figures)


def table_of(frame: pd.DataFrame, rows: int = ROWS) -> Table:
    """The first rows of a frame as text."""
    import pandas as pd

    numeric = tuple(bool(pd.api.types.is_numeric_dtype(kind)) for kind in frame.dtypes)
    cut = frame.head(rows)
    lines = tuple(tuple(cell(value) for value in line) for line in cut.itertuples(index=False, name=None))
    return Table(tuple(str(head) for head in frame.columns), lines, numeric, len(frame))


def name_of(stage: str) -> str:
    """A stage's heading."""
    return STAGES[stage].title if stage in STAGES else stage.replace("_", " ").capitalize()


def method_of(result: Result) -> str:
    """How a result was made, and below it what must be known beside it: notes of the reader of a file, of a check."""
    notes = result.caveats() if hasattr(result, "caveats") else ()
    return "\n".join([str(result.METHOD).strip(), *(f"Note: {note}" for note in notes)])


def piece(stage: str, assessment: Assessment, notes: Notes) -> Piece:
    """One stage's result and its figures, ready to be shown."""
    result, made, said = assessment.results[stage], assessment.told[stage], assessment.said[stage]
    figures = tuple(Shown(stage, key, figure, notes.cite(figure.sources)) for key, figure in made.items())
    return Piece(
        stage=stage,
        name=name_of(stage),
        sentence=said,
        headline=figures[0] if figures else None,
        table=table_of(result.summary()).condensed(),
        figures=figures,
        method=method_of(result),
        notes=notes.cite(result.sources),
        further=tuple(text for text in assessment.all_said[stage] if text != said),
    )


def content(assessment: Assessment) -> Content:
    """Arranges an assessment. Stages that did not run are named with their reason, never faked."""
    notes = Notes()
    questions = []
    for key, heading in QUESTIONS.items():
        names = [name for name, stage in STAGES.items() if stage.question == key]
        pieces = tuple(piece(name, assessment, notes) for name in names if name in assessment.results)
        missing = tuple((name_of(name), assessment.skipped[name]) for name in names if name in assessment.skipped)
        if pieces or missing or key != FURTHER:
            questions.append(Question(key, heading, pieces, missing))
    by_stage = {part.stage: part for question in questions for part in question.pieces}
    ranked = sorted((STAGES[name].rank, name) for name in by_stage if STAGES[name].rank)
    told = [by_stage[name] for _, name in ranked[:3]]
    claims = tuple(_claims(assessment, notes))
    parameters = _parameters(assessment.case, notes)
    return Content(
        assessment=assessment,
        answer=tuple((part.sentence, part.headline) for part in told),
        wrong=by_stage["evidence"].sentence
        if "evidence" in by_stage
        else "No outcome of this case is known to us yet.",
        strip=tuple(p.headline for q in questions for p in q.pieces[:1] if p.headline is not None),
        questions=tuple(questions),
        claims=claims,
        sources=tuple(sources(assessment.case, notes)),
        parameters=parameters,
    )


def _claims(assessment: Assessment, notes: Notes) -> Iterable[Mapping[str, Any]]:
    """Claims with verdict and source; where a row names a stage that ran, with what that stage says."""
    case = assessment.case
    if case.has("claims"):
        for row in records(case.table("claims")):
            told = assessment.results.get(str(row.get("stage")))
            if told is not None:
                row["correct_fact"] += f" This page says: {told.sentence()}"
            yield {**row, "notes": notes.cite([row["source"]]), "verified": row["status"] != "memory"}


def _parameters(case: Case, notes: Notes) -> Table:
    heads = ("parameter", "low", "central", "high", "unit", "as of", "status", "note")
    lines = tuple(
        (
            *(name, cell(row.low), cell(row.central), cell(row.high), row.unit, row.as_of, row.status),
            ", ".join(map(str, notes.cite([row.source]))),
        )
        for name, row in sorted(case.parameters.items())
    )
    return Table(heads, lines, (False, True, True, True, False, False, False, True), len(lines))
