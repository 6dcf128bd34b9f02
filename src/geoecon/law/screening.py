"""The answers for many shipments: as a table, counts, a sentence and a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon import tables
from geoecon.figure import Figure
from geoecon.law.answer import NOT_LEGAL_ADVICE, Licence
from geoecon.law.shipment_days import Codes
from geoecon.law.shipment_files import line_of
from geoecon.law.shipment_table import by_heading
from geoecon.result import ROWS, Result

if TYPE_CHECKING:
    import altair as alt

    from geoecon.kinds import Cell

ANSWER = ("asks", "verdict", "known", "presumed", "code", "ground", "clause", "fallback", "review_days", "day_kind",
          "catch_all", "missing", "known_through", "source", "reasons", "party", "also", "last_known")  # fmt: skip


@dataclass(frozen=True)
class Screening(Result):
    """Answers for a table of shipments, in its order: `answers` are the distinct ones, `index` (shipment,) points
    to them. The destination of an answer stands for all places that the rules treat alike, a listed buyer for all of
    the same standing: `answer` tells each shipment's own."""

    shipments: pd.DataFrame
    answers: tuple[Licence, ...]
    index: Codes
    told: Callable[[int, Licence], Licence] | None = field(default=None, repr=False, compare=False)
    notes: tuple[str, ...] = ()  # columns that were not read
    named: bool = field(default=False, repr=False, compare=False)  # whether a list may name some buyer

    METHOD: ClassVar[str] = (
        "Shipments that differ in the day alone share one licence history; the day is found by an interval join.\n"
        "Amounts count by the limits that some rule asks. Answers are those of the single query. " + NOT_LEGAL_ADVICE
    )

    @property
    def sources(self) -> frozenset[str]:
        return frozenset[str]().union(*(answer.sources for answer in self.answers))

    def answer(self, line: int) -> Licence:
        """The answer of one shipment, with the name and the listings of its own buyer."""
        answer = self.answers[self.index[line]]
        return self.told(line, answer) if self.told is not None else answer

    def column(self, name: str) -> NDArray[Any]:
        """One field of the answer for every shipment, (shipment,)."""
        return self.each(lambda answer: getattr(answer, name), own=name in ("party", "reasons"))

    def each(self, told: Callable[[Licence], Any], own: bool) -> NDArray[Any]:
        """What is told of the answer to every shipment, (shipment,); `own`: by the name of its own buyer."""
        table = np.array([_flat(told(answer)) for answer in self.answers], dtype=object)[self.index]
        if own and self.named:
            by_name = np.array([bool(answer.party) for answer in self.answers], bool)[self.index]
            for line in np.flatnonzero(by_name).tolist():
                table[line] = _flat(told(self.answer(line)))
        return table

    def to_frame(self) -> pd.DataFrame:
        """The shipments with their answers: kind, ground, clause, review time, what is missing, until when known."""
        names = {"asks": "licence"}
        return self.shipments.assign(**{self.beside(names.get(name, name)): self.column(name) for name in ANSWER})

    def beside(self, word: str) -> str:
        """The heading of a column of the answer beside the columns of the shipments, which stay as given."""
        return f"{word} (answer)" if word in map(str, self.shipments.columns) else word

    def summary(self) -> pd.DataFrame:
        """Shipments by kind of licence."""
        counts = np.bincount(self.index, minlength=len(self.answers))
        kinds = pd.Series(counts, index=[answer.asks for answer in self.answers]).groupby(level=0).sum()
        frame = kinds[kinds > 0].sort_values(ascending=False).rename_axis("licence").reset_index(name="shipments")
        return frame.assign(**{"share (%)": (100 * frame["shipments"] / max(1, len(self.index))).round(1)}).head(12)

    def telling(self) -> tuple[pd.DataFrame, int]:
        """The first twelve shipments that need anything or of which it is not known (line of the file, verdict, first
        reason), and how many more there are."""
        asks = np.array([answer.kind != "none" for answer in self.answers], bool)
        lines = np.flatnonzero(asks[self.index]) if len(asks) else np.array([], np.int64)
        shown = [self.answer(int(line)) for line in lines[:ROWS]]
        given = by_heading(self.shipments)
        items = self.shipments[given["item"]].fillna("").astype(str).tolist() if "item" in given else []
        where = [line_of(self.shipments, int(line)) for line in lines[:ROWS]]
        asked = [(items[line] if items else "") or answer.item for line, answer in zip(lines, shown, strict=False)]
        rows = [(at, answer.exporter, answer.destination, item, answer.verdict + " (presumed)" * answer.presumed,
                 next(iter(answer.reasons), ""))
                for at, item, answer in zip(where, asked, shown, strict=True)]  # fmt: skip
        return pd.DataFrame(rows, columns=["line", "from", "to", "item", "verdict", "why"]), len(lines) - len(rows)

    def figures(self) -> dict[str, Figure]:
        """Number of shipments by kind of licence."""
        found = {}
        for row in tables.records(self.summary()):
            kind, period = str(row["licence"]), f"of {len(self.index)}"
            label = f"shipments that need: {kind.replace('_', ' ')}"
            found[f"shipments.{kind}"] = Figure(float(row["shipments"]), "shipments", period, self.sources, label=label)
        return found

    def sentence(self) -> str:
        counts: Counter[str] = Counter()
        for answer, count in zip(self.answers, np.bincount(self.index, minlength=len(self.answers)), strict=True):
            counts[answer.verdict + (" (presumed)" if answer.presumed else "")] += int(count)
        told = [f"{count} {word}" for word, count in counts.most_common() if count]
        return f"Of {len(self.index)} shipments: {', '.join(told) or 'none'}. {NOT_LEGAL_ADVICE}"

    def chart(self) -> alt.VConcatChart:
        """Shipments by kind of licence."""
        from geoecon import charts

        picture = charts.bars(self.summary(), "licence", "shipments", x_title="shipments")
        return charts.finish(
            picture, self.sentence().split(". ")[0], "kind of licence needed. " + NOT_LEGAL_ADVICE, self.sources
        )


def _flat(value: Cell) -> Cell:
    return "; ".join(map(str, value)) if isinstance(value, tuple) else value
