"""Explain this number: from a headline down to the rows of the case that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from geoecon.errors import InputError
from geoecon.figure import Figure
from geoecon.line import Assessment, run
from geoecon.result import Result
from geoecon.tables import given, records
from geoecon.views.footnotes import Notes, Source, sources
from geoecon.views.words import amount, interval, strict_json

if TYPE_CHECKING:
    from pathlib import Path

    from geoecon.case import Case


SHOWN = 8  # rows of a file


@dataclass(frozen=True)
class Explanation(Result):
    """A figure, how it is made, its sources and, per file of the case, the rows behind each source."""

    stage: str
    key: str
    figure: Figure
    method: str
    cited: tuple[Source, ...]
    rows: Mapping[str, tuple[str, ...]]  # "trade.csv" of a source id: the rows as text, at most eight

    @property
    def sources(self) -> frozenset[str]:
        return self.figure.sources

    def sentence(self) -> str:
        """What the figure is, and how many sources and rows it rests on."""
        figure = self.figure
        rows = sum(len(told) for told in self.rows.values())
        head = (
            f"{figure.label or self.key} ({self.stage}, {figure.period}): {amount(figure)} {interval(figure)}".rstrip()
        )
        mark = "" if figure.verified else "; unverified: a figure behind it was not seen in its source"
        return f"{head}; {len(self.cited)} sources, {rows} rows of the case{mark}."

    def figures(self) -> dict[str, Figure]:
        return {self.key: self.figure}

    def to_frame(self) -> pd.DataFrame:
        """One row for each source and file: citation, where, lines, the first rows as JSON."""
        found = [
            (source.citation, source.url, file, span, "\n".join(self.rows[f"{file} {source.source_id}"]))
            for source in self.cited
            for file, span in source.rows or (("", ""),)
            if file
        ] + [(source.citation, source.url, "", "", "") for source in self.cited if not source.rows]
        return pd.DataFrame(found, columns=["source", "url", "file", "lines", "rows"])

    def summary(self) -> pd.DataFrame:
        """Sources with the file and lines of the case that rest on them."""
        return self.to_frame()[["source", "file", "lines"]].head(12)

    def __str__(self) -> str:
        figure = self.figure
        head = f"{figure.label or self.key} ({self.stage}): {amount(figure)} {interval(figure)}".rstrip()
        seen = "seen in its sources" if figure.verified else "UNVERIFIED: a figure behind it was not seen"
        lines = [head, f"Period {figure.period}; {seen}.", "", self.method, ""]
        for source in self.cited:
            where = ", ".join(f"{file} line {span}" for file, span in source.rows)
            lines.append(f"[{source.number}] {source.citation}")
            lines += [
                f"    {text}" for text in (source.url, f"read {source.read_on}" * bool(source.read_on), where) if text
            ]
            lines += [f"    {row}" for file, _ in source.rows for row in self.rows[f"{file} {source.source_id}"]]
        return "\n".join(lines)


def explain(assessment: Assessment | Case | str | Path, stage: str, key: str) -> Explanation:
    """One figure of an assessment, or of a case that is run for it, and everything it rests on.

    Raises InputError for an unknown stage or figure.
    """
    if not isinstance(assessment, Assessment):
        assessment = run(assessment, until=stage)
    if stage not in assessment.results:
        raise InputError(f"stage {stage!r}; allowed: " + ", ".join(assessment.results))
    result, figures = assessment.results[stage], assessment.told[stage]
    if key not in figures:
        raise InputError(f"figure {key!r} of {stage}; allowed: " + ", ".join(figures))
    notes = Notes()
    notes.cite(figures[key].sources)
    found = tuple(sources(assessment.case, notes))
    rows = {
        f"{file} {source.source_id}": _rows(assessment.case, file, source.citation)
        for source in found
        for file, _ in source.rows
    }
    return Explanation(stage, key, figures[key], str(result.METHOD).strip(), found, rows, assumed=assessment.case.notes)


def _rows(case: Case, file: str, citation: str) -> tuple[str, ...]:
    table = case.tables[file.removesuffix(".csv")]
    mine = table[table["source"] == citation].drop(columns=["source", "source_id"])
    shown = tuple(
        strict_json({key: value for key, value in row.items() if given(value)}) for row in records(mine.head(SHOWN))
    )
    return shown + ((f"and {len(mine) - SHOWN} more rows",) if len(mine) > SHOWN else ())
