"""What every result can do: the one type that stages hand on and that all pages, tables and questions read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from geoecon.figure import BELOW, Figure

if TYPE_CHECKING:
    from collections.abc import Iterable

    import altair as alt
    import pandas as pd

    from geoecon.figure import Array
    from geoecon.past_error import Measured, Past

ROWS = 12  # of a small table

Predictions: TypeAlias = "Mapping[tuple[str, str], Array]"


@dataclass(frozen=True, eq=False)
class Sample:
    """An outcome by draw, so that a question can pair it with the same outcome under other assumptions.

    `values` (draw,), row 0 the run at central values. `event`: 1 where it happened in a run, 0 where not; its figure
    is a probability. `lead`: among the few that a what-if shows; `role`: "chance" of what is feared, or "loss" of the
    target. What is smaller than `noise`, the solver's own error, is nothing measurable. `counted` says as what it can
    be counted, and `past` who is forecast: then the figure's band is that with past error.
    """

    values: Array
    unit: str
    period: str
    label: str
    event: bool = False
    lead: bool = False
    role: str = ""
    noise: float = 0.0
    counted: Measured | None = None
    past: Past | None = None

    def told(self) -> Array:
        """The values (draw,) with what such forecasts have been wrong by, row 0 the middle; as they are where there is
        no record of it."""
        wide = self.past.widened(self.values, self.counted) if self.past and self.counted else None
        return self.values if wide is None else wide

    def figure(self, sources: frozenset[str], verified: bool) -> Figure:
        """Median and band with past error, where there is a record, else of the draws; an event's chance."""
        if self.event:
            return Figure.chance(self.values, self.period, sources, verified, self.label)
        import numpy as np

        values = np.where(np.abs(self.values) <= self.noise, 0.0, self.values) if self.noise else self.values
        found = Figure.of(values, self.unit, self.period, sources, verified, self.label)
        if self.noise and not np.any(values):
            return replace(found, value=0.0, low=None, high=None, runs=BELOW)
        if self.counted is None or (self.noise and found.value == 0 and found.low is None):
            return found
        wide = self.told()
        if wide is self.values:
            return found
        return Figure.of(values, self.unit, self.period, sources, verified, self.label, wide).within(
            self.counted.least, self.counted.most
        )


@dataclass(frozen=True, eq=False)
class Result:
    """The base of all results. A stage gives `to_frame`, `sentence` and `chart`, and what of the rest it has.

    `sources` are citations in words (a field or a property). `samples` are outcomes by draw, the headline first;
    `figures` shows them as median and band, probabilities as such. `predictions` are what the evidence can score:
    {(metric, of): values (draw,)}. `past` is the record that the bands answer to; without it they are those of the
    draws alone. `assumed` is what must be known of the assumptions that it was made under.
    """

    past: Past | None = field(default=None, kw_only=True)
    assumed: tuple[str, ...] = field(default=(), kw_only=True)

    METHOD: ClassVar[str] = ""
    SHOWN: ClassVar[int] = ROWS  # rows of the summary that a terminal prints

    if TYPE_CHECKING:

        @property
        def sources(self) -> frozenset[str]: ...

    def to_frame(self) -> pd.DataFrame:
        """Everything as one tidy table."""
        raise NotImplementedError(f"{type(self).__name__}.to_frame")

    def summary(self) -> pd.DataFrame:
        """A small table, at most twelve rows."""
        return self.to_frame().head(ROWS)

    def sentence(self) -> str:
        """The answer in one sentence, made from the numbers."""
        raise NotImplementedError(f"{type(self).__name__}.sentence")

    def sentences(self) -> list[str]:
        """All that there is to say, the answer first."""
        return [self.sentence()]

    def lines(self) -> list[tuple[str, str]]:
        """(label, words) of each row, for a result whose rows are sentences: a terminal prints them whole, and no
        table."""
        return []

    def caveats(self) -> tuple[str, ...]:
        """What a reader must know beside the answer: notes of a scenario, of the reader of a file, of a check."""
        return tuple(dict.fromkeys((*self.assumed, *map(str, getattr(self, "notes", ())))))

    def samples(self) -> Mapping[str, Sample]:
        """Outcomes by draw, the headline first."""
        return {}

    def figures(self) -> dict[str, Figure]:
        """The headline first: each sample as median with band or as probability."""
        verified = bool(getattr(self, "verified", False))
        return {key: sample.figure(self.sources, verified) for key, sample in self.samples().items()}

    def counted(self, values: Array, of: Measured, unit: str, period: str, label: str, noise: float = 0.0) -> Figure:
        """A figure whose band holds what forecasts of such a measure have been wrong by, where there is a record."""
        verified = bool(getattr(self, "verified", False))
        told = Sample(values, unit, period, label, noise=noise, counted=of, past=self.past)
        return told.figure(self.sources, verified)

    def predictions(self) -> Predictions:
        """What the evidence stage can score; nothing where a result only describes."""
        return {}

    def chart(self) -> alt.VConcatChart:
        """The one picture."""
        raise NotImplementedError(f"{type(self).__name__}.chart")

    def _repr_mimebundle_(self, **_asked: Iterable[str] | None) -> dict[str, str]:
        """Sentence, chart and small table in Jupyter and marimo."""
        from geoecon.views import mimebundle  # the one arrow upwards: a notebook shows what a page shows

        return mimebundle(self)
