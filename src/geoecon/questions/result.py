"""Bands of every measure over the draws, and which assumptions move it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon.draws import Draws, band
from geoecon.figure import Figure, number
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt
    from numpy.typing import ArrayLike

    from geoecon.figure import Array
    from geoecon.questions.measures import Told


SHOWN = 12


@dataclass(frozen=True)
class Ensemble(Result):
    """`table`: one row per draw (0 is the central run), one column "stage|metric|of" per measure; `shown`: how the line
    tells each of them, a measure that stands under two names once."""

    case: str
    cutoff: date
    seed: int
    table: pd.DataFrame
    draws: Draws
    skipped: dict[str, str]
    shown: Mapping[str, Told]

    METHOD: ClassVar[str] = (
        "Latin-hypercube draws (McKay, Beckman & Conover 1979) of every parameter from a triangular prior; the whole\n"
        "line runs for each draw, in chunks that processes or a cluster take. Row 0 is the central run. Figures are\n"
        "those of a run: the median of the other rows and the band from 10 % to 90 % of them, with past error. Which\n"
        "assumption moves a measure: squared rank correlation over the draws as a screen, Sobol indices for the ones\n"
        "that pass. Limits: parameters are drawn independently, and what the model leaves out is in no band."
    )

    @cached_property
    def told(self) -> dict[str, Figure]:
        """The figure of each measure that is told, by its column, as a run of the line makes it."""
        return {name: one.figure(self.table[name].to_numpy(float)) for name, one in self.shown.items()}

    def bands(self) -> pd.DataFrame:
        """stage, metric, of, label, unit, central (the median), low, high, draws_low, draws_high (the band of the draws
        alone), spread (their standard deviation), share_infinite of every measure; a chance has no band."""
        rows = []
        for name, figure in self.told.items():
            drawn = self.table[name].to_numpy(float)[1:]
            _, low, high = map(float, band(self.table[name].to_numpy(float)))
            if self.shown[name].sample.event or low == high:
                low = high = float("nan")
            finite = drawn[np.isfinite(drawn)]
            spread = float(finite.std()) if len(finite) else float("nan")
            ends = (float("nan") if end is None else end for end in (figure.value, figure.low, figure.high))
            rows.append((*name.split("|", 2), figure.label, figure.unit, *ends, low, high, spread,
                         float(np.isinf(drawn).mean())))  # fmt: skip
        names = ["stage", "metric", "of", "label", "unit", "central", "low", "high", "draws_low", "draws_high",
                 "spread", "share_infinite"]  # fmt: skip
        return pd.DataFrame(rows, columns=names)

    def screen(self, measure: str) -> pd.Series:
        """Squared rank correlation of a measure with every parameter that varies, largest first."""
        drawn = self.table[measure].to_numpy(float)[1:]
        target = _ranks(drawn if varies(drawn) else np.zeros_like(drawn))
        found = {}
        for name, values in self.draws.values.items():
            mine = values[1:]
            if mine.min() < mine.max() and target.std() > 0:
                found[name] = float(np.corrcoef(_ranks(mine), target)[0, 1] ** 2)
        return pd.Series(found, dtype=float).sort_values(ascending=False, kind="stable")

    def to_frame(self) -> pd.DataFrame:
        return self.bands()

    def summary(self) -> pd.DataFrame:
        """At most twelve headlines, what a what-if shows first, with the assumption that moves each most."""
        rows = []
        for name in sorted(headlines(self.told), key=lambda one: not self.shown[one].sample.lead)[:SHOWN]:
            screened, figure = self.screen(name), self.told[name]
            first = screened.index[0] if len(screened) else "none"
            share = number(screened.iloc[0]) if len(screened) else "–"
            rows.append((figure.label, str(replace(figure, verified=True)), first, share))
        return pd.DataFrame(
            rows, columns=["measure", "middle and 80 % band", "moved most by", "squared rank correlation"]
        )

    def figures(self) -> dict[str, Figure]:
        """By the names that a run gives them, `stage.figure`; what only the evidence reads as stage|metric|of."""
        return {name[:-1].replace("|", ".") if name.endswith("|") else name: one for name, one in self.told.items()}

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(parameter.source for parameter in self.draws.parameters.values())

    def sentence(self) -> str:
        n, k = len(self.table) - 1, len(self.shown)
        if not k:
            return f"{n} draws; the stages that ran measure nothing."
        widths = {name: (one.high - one.low) / max(abs(one.value), 1e-12) for name, one in self.told.items()
                  if one.value is not None and one.low is not None and one.high is not None}  # fmt: skip
        finite = {name: width for name, width in widths.items() if np.isfinite(width)}
        if not finite:
            return f"{n} draws of {k} measures; none has a finite band."
        top = self.told[max(finite, key=lambda name: finite[name])]
        return (
            f"{n} draws of {k} measures; the widest band against its middle is that of: {top.label}, "
            f"{number(top.low)} to {number(top.high)} {top.unit}."
        )

    def chart(self) -> alt.VConcatChart:
        """Which assumptions move the first measures: one bar per assumption."""
        from geoecon import charts

        name = next(iter(self.shown))
        top = self.screen(name).head(SHOWN).rename_axis("assumption").rename("share").reset_index()
        picture = charts.bars(top, "assumption", "share", x_title="squared rank correlation")
        first = top["assumption"].iloc[0] if len(top) else "no assumption"
        title = f"{first} moves {self.told[name].label} most"
        return charts.finish(picture, title, f"squared rank correlation over {len(self.table) - 1} draws", self.sources)


def headlines(columns: Iterable[object]) -> list[str]:
    """One measure of each kind and subject: of those dated @YYYY or @YYYY-MM the last one."""
    last = {str(name).partition("@")[0]: str(name) for name in columns}
    return list(last.values())


def varies(values: ArrayLike) -> bool:
    """Whether a measure moves by more than rounding errors."""
    rows = np.asarray(values, dtype=float)
    finite = rows[np.isfinite(rows)]
    if not len(finite):
        return False
    return len(finite) < len(rows) or bool(np.ptp(finite) > 1e-9 * (1e-3 + np.abs(finite).max()))


def _ranks(values: Array) -> Array:
    return np.asarray(pd.Series(values).rank())
