"""What the seven questions share: the type of an answer, its source line, what is said where numbers are missing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geoecon import charts
from geoecon.message import Findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geoecon.views.content import Table


SENDER, TARGET = "red2", "blue2"
# papers of method stand under "How we know", rows of ours that hold a judgement are no data
OTHER = re.compile(
    r"\b(?:Journal|Review|Econom\w*|Working Paper|arXiv|[Pp]rior of the authors|judgement|no figure found)\b"
    r"|^general record|^prior$|^estimated here|^[^(]*\b(?:19|20)\d{2}, [A-Z]"
)


@dataclass(frozen=True)
class Block:
    """A question: kicker, the answer in a sentence, the picture, where it is from, how we know."""

    key: str
    kicker: str
    sentence: str
    picture: charts.Picture | None
    source: str
    stages: tuple[str, ...]
    said: tuple[str, ...] = ()  # what stands under the picture
    table: Table | None = None
    second: charts.Picture | None = None


Answer = tuple[str, "charts.Picture | None", str]


def missing(found: Findings, stage: str) -> Answer:
    """Where the numbers are missing: the stage's own sentence, or why it did not run."""
    result = found.result(stage)
    if result is not None:
        return result.sentence(), None, named(result.sources)
    reason = found.assessment.skipped.get(stage)
    return (f"Not answered: {_plain(reason)}." if reason else "This run stopped before this question."), None, ""


def _plain(reason: str) -> str:
    """A stage's reason in plain words, at most a short clause."""
    if "role patron" in reason:
        return "nobody stands behind both sides in this case"
    first = reason.split(";")[0].split(",")[0].strip()
    return f"the case lacks {first}" if len(first) < 100 else "the case lacks what this needs"


def band_words(found: Findings) -> str:
    return "forecast, eight times in ten" if found.with_past_error else "forecast, eight runs in ten"


def sources_of(found: Findings, *stages: str) -> list[str]:
    return sorted({name for stage in stages for name in found.sources(stage)})


def named(sources: Iterable[str], most: int = 2) -> str:
    """The data behind a picture in a line, each cut at a word."""
    data = [name for name in dict.fromkeys(clipped(one) for one in sorted(sources) if not OTHER.search(one)) if name]
    more = len(data) - most
    return "; ".join(data[:most]) + (f"; and {more} more" if more > 0 else "")


def clipped(text: str, most: int = 80) -> str:
    """The first clause of a citation, cut at a word and never inside brackets."""
    clause = text.split(", via")[0]
    for cut in (";", " (", ": "):
        clause = clause.split(cut)[0] if len(clause) > most else clause
    if len(clause) > most:
        clause = clause[:most].rsplit(" ", 1)[0]
    return clause.strip(" ,;:")
