"""Licence statistics of a case: what was granted by a day, as public at the cut-off, bends the forecast of licences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoecon import tables
from geoecon.capacity.seen import FADES
from geoecon.case import Case
from geoecon.draws import Draws

Array = NDArray[np.float64]
EVERY = "ALL"  # product of a count that does not say which
UNCOUNTED = 0.5  # standard error of the log-odds where a share is told without its count
PROXY = 0.5  # of the gap that counts where the statistic is of another buyer
LEAST = 0.005  # share next to which log-odds are cut


@dataclass(frozen=True)
class Count:
    """Licences by a day: `day` from the case's start, share granted, standard error of its log-odds, whose."""

    day: int
    share: float
    error: float
    own: bool
    source: str
    status: str


def counts(case: Case, product: str) -> list[Count]:
    """The counts of a product that were public at the cut-off, by day: the target's own, else those of other buyers
    (several of one day are averaged)."""
    if not case.has("licences"):
        return []
    rows = [
        row for row in tables.records(case.known("licences", "known_from"))
        if row["product"] in (product, EVERY) and row["day"] >= case.start
    ]  # fmt: skip
    mine = [row for row in rows if row["buyer"] == case.target] or rows
    return sorted((_count(case, row) for row in mine), key=lambda count: count.day)


def _count(case: Case, row: dict[str, Any]) -> Count:
    total, granted = (tables.measured(row[name]) for name in ("applied", "granted"))
    share, error = tables.measured(row["granted_share"]), UNCOUNTED
    if total and granted is not None:
        share = granted / total
        error = float(np.sqrt(1 / (granted + 0.5) + 1 / (total - granted + 0.5)))
    elif total and share is not None:
        error = float(np.sqrt(1 / (share * total + 0.5) + 1 / ((1 - share) * total + 0.5)))
    own = row["buyer"] == case.target
    return Count((row["day"] - case.start).days, float(share or 0.0), error, own, str(row["source"]), row["status"])


def as_counted(case: Case, draws: Draws, product: str, licensed: Array) -> Array:
    """The share of the covered flow that moves (draw, day) with the counts in place of the forecast on their days.

    Between counts the gap in log-odds is drawn straight; after the last it fades. A count of few applications says
    little, and that of another buyer half.
    """
    found = [count for count in counts(case, product) if 0 <= count.day < licensed.shape[1]]
    if not found:
        return licensed
    luck = np.random.default_rng([draws.seed, 24, len(found)]).standard_normal((draws.n, 1))
    luck[0] = 0.0
    days = sorted({count.day for count in found})
    gaps = np.stack([_gap(licensed[:, day], [c for c in found if c.day == day], luck[:, 0]) for day in days])
    at = np.arange(licensed.shape[1], dtype=float)
    known = [float((licensed < 1).any(axis=0).argmax()), *map(float, days)]
    gaps = np.concatenate([np.zeros((1, draws.n)), gaps])
    if known[0] >= known[1]:
        known, gaps = known[1:], gaps[1:]
    gap = np.stack([np.interp(at, known, row) for row in gaps.T])
    gap *= np.where(at > known[-1], np.exp(-(at - known[-1]) / FADES), 1.0)
    bent = 1 / (1 + np.exp(-(_odds(licensed) + gap)))
    return np.asarray(np.where((licensed < 1) & (gap != 0), bent, licensed))


def _gap(forecast: Array, told: list[Count], luck: Array) -> Array:
    odds = np.mean([_odds(np.array(count.share)) for count in told])
    error = np.sqrt(np.mean([count.error**2 for count in told]) / len(told))
    return np.asarray((odds + error * luck - _odds(forecast)) * (1.0 if told[0].own else PROXY))


def _odds(share: Array) -> Array:
    inside = np.clip(share, LEAST, 1 - LEAST)
    return np.asarray(np.log(inside / (1 - inside)))
