"""The test without end: every year forecast from what was known before it, scored against what came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np
import pandas as pd

from geoecon.episodes import nearest
from geoecon.episodes.forecast import levels as levels_of
from geoecon.episodes.nearest import LEVELS, STEPS, Array, Places
from geoecon.episodes.record import Known, Record, shipped

FIRST, LAST = 2008, 2022
OUTCOMES = [("imports", 0), ("imports", 1), ("imports", 2), ("replaced", 0), ("replaced", 1), ("supplier", 1),
            ("price", 0), ("price", 1), ("concentration", 1)]  # fmt: skip
SCORED = {"imports": (-2.5, 1.5)}  # where distances are scored: a fall of 94 % and one of 99 % are one loss of all
EXACT = 1e-9  # of an edge counts as inside
SAID = (0.5, 0.8, 0.9)
# share classes, cut classes: where the bands must hold as well
SHARES, CUTS = (0.2, 0.35, 0.6, 0.9, 1.01), (0.4, 0.6, 0.8, 0.95, 1.01)


@dataclass(frozen=True)
class Scored:
    """Forecasts of one outcome for n cut-offs: quantiles (n, level), what came (n,), votes, and the rows themselves."""

    outcome: str
    years: int
    levels: Array
    naive: Array
    seen: Array
    votes: Array
    rows: pd.DataFrame

    def inside(self, said: float) -> Array:
        """1 where the outcome lies in the band that is said to hold a share `said`."""
        low = round(STEPS * (1 - said) / 2) - 1
        lower, upper = self.levels[:, low], self.levels[:, STEPS - 2 - low]
        return ((self.seen >= lower - EXACT) & (self.seen <= upper + EXACT)).astype(float)

    def _scored(self, values: Array) -> Array:
        return np.clip(values, *SCORED.get(self.outcome, (-np.inf, np.inf)))

    def average(self, values: Array) -> float:
        return float(np.average(values, weights=self.votes))

    def interval_score(self) -> float:
        """Mean score of the 80 % band: its width, and ten times what an outcome lies outside (Gneiting & Raftery)."""
        seen, levels = self._scored(self.seen), self._scored(self.levels)
        low, high = levels[:, 3], levels[:, 35]
        return self.average(high - low + 10 * np.maximum(low - seen, 0) + 10 * np.maximum(seen - high, 0))

    def crps(self, levels: Array) -> float:
        """Mean continuous ranked probability score, as twice the mean pinball loss over the levels."""
        away = self._scored(self.seen)[:, None] - self._scored(levels)
        return self.average(2 * np.maximum(LEVELS * away, (LEVELS - 1) * away).mean(1))

    def row(self) -> dict[str, object]:
        crps, naive = self.crps(self.levels), self.crps(self.naive)
        return {
            "outcome": self.outcome, "years after": self.years, "cut-offs": len(self.seen),
            "in the 80 % band": self.average(self.inside(0.8)), "in the 50 % band": self.average(self.inside(0.5)),
            "width": self.average(self.levels[:, 35] - self.levels[:, 3]), "interval score": self.interval_score(),
            "CRPS": crps, "CRPS against naive (%)": 100 * (crps / naive - 1),
        }  # fmt: skip


@dataclass(frozen=True)
class Rolling:
    """Scores of the rolling test and of the policy and war cut-offs with their supplier left out."""

    years: tuple[Scored, ...]
    policy: tuple[Scored, ...]
    sources: frozenset[str]

    METHOD: ClassVar[str] = (
        "Each year's cut-offs are forecast from those whose outcome was over before it began, the same supplier\n"
        "and product left out; bands are moved by what past bands missed, learned with whole products left out.\n"
        "Naive: the quantiles of everything known, the same for all. One vote an event. CRPS over 39 levels. The\n"
        "policy and war cut-offs are forecast from all others, their whole supplier left out."
    )

    def to_frame(self) -> pd.DataFrame:
        """One row an outcome and test."""
        rows = [{"test": test} | scored.row() for test, all_of_it in self._tests() for scored in all_of_it]
        return pd.DataFrame(rows)

    def _tests(self) -> list[tuple[str, tuple[Scored, ...]]]:
        return [("rolling", self.years), ("policy and war, supplier left out", self.policy)]

    def reliability(self) -> pd.DataFrame:
        """Said and was, by outcome: the share of outcomes inside bands said to hold 50, 80 and 90 %."""
        rows = [
            {"test": test, "outcome": one.outcome, "years after": one.years}
            | {f"said {100 * said:.0f} %": one.average(one.inside(said)) for said in SAID}
            for test, scored in self._tests()
            for one in scored
        ]
        return pd.DataFrame(rows)

    def conditional(self) -> pd.DataFrame:
        """Share inside the 80 % band by share of supply, size of the cut, size of the flow, period."""
        rows = []
        for one in self.years:
            inside = one.inside(0.8)
            for name, column, edges in (("share", "share", SHARES), ("cut", "cut", CUTS),
                                        ("year", "year", (2008, 2013, 2018, 2023)),
                                        ("USD a year", "value_usd", (2e6, 1e7, 1e8, 1e9, 1e13))):  # fmt: skip
                for low, high in pairwise(edges):
                    mine = one.rows[column].between(low, high, inclusive="left").to_numpy()
                    if mine.sum() >= 30:
                        held = float(np.average(inside[mine], weights=one.votes[mine]))
                        rows.append((one.outcome, one.years, name, f"{low:g} to {high:g}", int(mine.sum()), held))
        return pd.DataFrame(rows, columns=["outcome", "years after", "by", "class", "cut-offs", "in the 80 % band"])

    def find(self, outcome: str, years: int) -> Scored:
        """The rolling scores of one outcome."""
        return next(one for one in self.years if (one.outcome, one.years) == (outcome, years))


def rolling(record: Record | None = None, first: int = FIRST, last: int = LAST) -> Rolling:
    """The whole test on a record of cut-offs (that which ships), years `first` to `last`."""
    kept = record or shipped()
    years = tuple(_of_years(kept, outcome, h, first, last) for outcome, h in OUTCOMES)
    policy = tuple(_of_policy(kept, outcome, h) for outcome, h in OUTCOMES)
    return Rolling(years, policy, frozenset({kept.origin}))


def _of_years(record: Record, outcome: str, h: int, first: int, last: int) -> Scored:
    all_of_it = record.known(outcome, h)
    parts = list(_years(record, all_of_it, outcome, h, first, last))
    rows = np.concatenate([rows for rows, _, _ in parts])
    mine = all_of_it.only(rows)
    return Scored(outcome, h, np.concatenate([levels for _, levels, _ in parts]),
                  np.concatenate([naive for _, _, naive in parts]), mine.values, mine.votes,
                  record.table.iloc[mine.places])  # fmt: skip


def _years(
    record: Record, known: Known, outcome: str, h: int, first: int, last: int
) -> Iterator[tuple[Places, Array, Array]]:
    for year in range(first, last + 1):
        rows = np.flatnonzero(known.year == year)
        if not len(rows):
            continue
        before = record.known(outcome, h, year)
        levels = levels_of(record, outcome, h, known.near[rows], known.pair[rows], year)
        naive = nearest.quantiles(before.values[None], before.votes[None])
        yield rows, levels, np.repeat(naive, len(rows), axis=0)


def _of_policy(record: Record, outcome: str, h: int) -> Scored:
    """Cut-offs under a known ban, sanction or war, from all others with their supplier left out."""
    known = record.known(outcome, h)
    marked = (record.table["policy"].to_numpy() != "")[known.places] & (known.year <= LAST)
    rows = np.flatnonzero(marked)
    levels, naive = np.empty((len(rows), len(LEVELS))), np.empty((len(rows), len(LEVELS)))
    for supplier in np.unique(known.supplier[rows]):
        mine, others = known.supplier[rows] == supplier, known.only(known.supplier != supplier)
        group = nearest.nearest(others.near, others.votes, known.near[rows[mine]])
        moved = record.shift(outcome, h, without_supplier=int(supplier))
        levels[mine] = moved.of(nearest.quantiles(others.values[group.places], group.weights))
        naive[mine] = nearest.quantiles(others.values[None], others.votes[None])
    picked = known.only(rows)
    return Scored(outcome, h, levels, naive, picked.values, picked.votes, record.table.iloc[picked.places])


def bars(found: Rolling) -> pd.DataFrame:
    """What the bands must hold, and what they reached: bar, reached, must, met."""
    rows: list[tuple[str, float, str, bool]] = []
    for outcome, h in (("imports", 0), ("imports", 1), ("imports", 2), ("replaced", 1), ("price", 1)):
        held = found.find(outcome, h).average(found.find(outcome, h).inside(0.8))
        rows.append((f"in the 80 % band, {outcome} +{h}", held, ".75 to .87", 0.75 <= held <= 0.87))
    for outcome, h, most in (("imports", 0, -28), ("imports", 1, -12), ("imports", 2, -10), ("supplier", 1, -18),
                             ("concentration", 1, -11)):  # fmt: skip
        one = found.find(outcome, h)
        gain = 100 * (one.crps(one.levels) / one.crps(one.naive) - 1)
        rows.append((f"CRPS against naive (%), {outcome} +{h}", gain, f"≤ {most}", gain <= most))
    score = found.find("imports", 1).interval_score()
    rows.append(("interval score (80 %), imports +1", score, "≤ 2.65", score <= 2.65))
    for one in found.policy:
        held = one.average(one.inside(0.8))
        rows.append((f"policy and war, supplier left out, {one.outcome} +{one.years}", held, "≥ .75", held >= 0.75))
    return pd.DataFrame(rows, columns=["bar", "reached", "must", "met"])
