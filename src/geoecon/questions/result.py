"""Bands of every measure over the draws, and which assumptions move it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.draws import Draws, band
from geoecon.figure import Figure, number
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt
    from numpy.typing import ArrayLike

    from geoecon.figure import Array


SHOWN = 12


@dataclass(frozen=True)
class Ensemble(Result):
    """`table`: one row per draw (0 is the central run), one column "stage|metric|of" per measure."""

    case: str
    cutoff: date
    seed: int
    table: pd.DataFrame
    draws: Draws
    skipped: dict[str, str]

    METHOD: ClassVar[str] = (
        "Latin-hypercube draws (McKay, Beckman & Conover 1979) of every parameter from a triangular prior; the whole\n"
        "line runs for each draw, in chunks that processes or a cluster take. Row 0 is the central run. Bands are the\n"
        "10 % and 90 % quantiles of the other rows. Which assumption moves a measure: squared rank correlation over\n"
        "the draws as a screen, Sobol indices for the ones that pass. Limits: parameters are drawn independently, and\n"
        "what the model leaves out is in no band."
    )

    def bands(self) -> pd.DataFrame:
        """stage, metric, of, central, low, high, spread (standard deviation) of every measure."""
        rows = []
        for name, column in self.table.items():
            stage, metric, of = str(name).split("|", 2)
            central, low, high = map(float, band(column.to_numpy(float)))
            drawn = column.to_numpy(float)[1:]
            finite = drawn[np.isfinite(drawn)]
            spread = float(finite.std()) if len(finite) else float("nan")
            rows.append((stage, metric, of, central, low, high, spread, float(np.isinf(drawn).mean())))
        names = ["stage", "metric", "of", "central", "low", "high", "spread", "share_infinite"]
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
        """At most twelve headlines with the assumption that moves each most."""
        rows = []
        for name in headlines(self.table.columns)[:SHOWN]:
            screened = self.screen(name)
            central, low, high = map(float, band(self.table[name].to_numpy(float)))
            first = screened.index[0] if len(screened) else "none"
            share = number(screened.iloc[0]) if len(screened) else "–"
            rows.append((name.replace("|", ", "), number(central), f"{number(low)} to {number(high)}", first, share))
        return pd.DataFrame(
            rows, columns=["measure", "central", "80 % band", "moved most by", "squared rank correlation"]
        )

    def figures(self) -> dict[str, Figure]:
        period = f"{len(self.table) - 1} draws, cut-off {self.cutoff}"
        found = {}
        for row in tables.records(self.bands()):
            name = "|".join((row["stage"], row["metric"], row["of"]))
            label = name.replace("|", ", ")
            found[name] = Figure(row["central"], "", period, self.sources, False, row["low"], row["high"], label)
        return found

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(parameter.source for parameter in self.draws.parameters.values())

    def sentence(self) -> str:
        n, k = len(self.table) - 1, len(self.table.columns)
        if not k:
            return f"{n} draws; the stages that ran measure nothing."
        wide = self.bands().assign(width=lambda f: (f["high"] - f["low"]) / f["central"].abs().clip(lower=1e-12))
        finite = wide[np.isfinite(wide["width"])].sort_values("width", ascending=False)
        if finite.empty:
            return f"{n} draws of {k} measures; none has a finite band."
        top = finite.iloc[0]
        return (
            f"{n} draws of {k} measures; the widest band against its central value is {top['metric']} of {top['of']}: "
            f"{number(top['low'])} to {number(top['high'])}."
        )

    def chart(self) -> alt.VConcatChart:
        """Which assumptions move the first measures: one bar per assumption."""
        from geoecon import charts

        name = str(self.table.columns[0])
        top = self.screen(name).head(SHOWN).rename_axis("assumption").rename("share").reset_index()
        picture = charts.bars(top, "assumption", "share", x_title="squared rank correlation")
        first = top["assumption"].iloc[0] if len(top) else "no assumption"
        title = f"{first} moves {name.split('|', 1)[1].replace('|', ', ')} most"
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
