"""One outcome of a cut-off as a distribution: quantiles whose bands were tested, draws, words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geoecon.episodes.nearest import LEVELS, Array
from geoecon.figure import Figure, number

# outcome: (what it is, how its change is said, unit)
WORDS = {
    "supplier": ("the supplier's deliveries", "per cent", "log"),
    "imports": ("all imports", "per cent", "log"),
    "replaced": ("lost tonnes replaced by others", "share", "plain"),
    "price": ("real unit value of imports", "per cent", "log"),
    "concentration": ("Herfindahl–Hirschman index of suppliers", "points of the index", "plain"),
    "back": ("chance that the supplier is back at 80 % of its share", "share", "plain"),
}
WHEN = {0: "in the year of the cut", 1: "a year later", 2: "two years later", 3: "three years later"}


@dataclass(frozen=True)
class Outcome:
    """Quantiles (level,) of one outcome some years after a cut-off, in the unit of WORDS; `n` cut-offs behind it."""

    name: str
    years: int
    levels: Array
    n: int
    sources: frozenset[str] = frozenset()

    def quantile(self, level: float) -> float:
        """The value that the outcome stays below with this chance, between the levels of 2.5 % steps."""
        return float(np.interp(level, LEVELS, self.levels))

    @property
    def median(self) -> float:
        return self.quantile(0.5)

    @property
    def band(self) -> tuple[float, float]:
        """The band that holds eight outcomes in ten."""
        return self.quantile(0.1), self.quantile(0.9)

    def chance_above(self, value: float) -> float:
        """The chance of more than `value`."""
        return float(1 - np.interp(value, self.levels, LEVELS, left=0.0, right=1.0))

    def draws(self, n: int = 200, seed: int = 0) -> Array:
        """Stratified draws (n,), shuffled."""
        rng = np.random.default_rng(seed)
        drawn: Array = np.interp(rng.permutation((np.arange(n) + rng.random(n)) / n), LEVELS, self.levels)
        return drawn

    def figure(self) -> Figure:
        words, unit, _ = WORDS[self.name]
        low, high = self.band
        return Figure(
            self.median, unit, WHEN[self.years], self.sources, True, low, high, f"{words}, {WHEN[self.years]}"
        )

    def words(self) -> str:
        middle, low, high = (signed(value, self.name) for value in (self.median, *self.band))
        return f"{middle} (eight times in ten {low} to {high})"


def shown(values: Array, name: str) -> Array:
    """A log change in per cent; everything else as it is."""
    return 100 * np.expm1(values) if WORDS[name][2] == "log" else np.asarray(values, float)


def signed(value: float, name: str) -> str:
    text = number(round(value) if WORDS[name][1] == "per cent" else round(value, 2))
    text = f"+{text}" if value > 0 and not text.startswith("0") else text
    return f"{text} %" if WORDS[name][1] == "per cent" else text
