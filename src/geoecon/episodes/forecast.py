"""Quantiles of an outcome for many cut-offs at once, moved so that their bands hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geoecon.episodes import detect, nearest
from geoecon.episodes.nearest import LEVELS, Array, K, Places
from geoecon.episodes.outcome import shown
from geoecon.episodes.record import Known, Record, a_day, last_year, shipped


def forecast(
    outcome: str, years: int, shares: Array, cuts: Array, *, products: Iterable[str] | None = None,
    suppliers: Iterable[str] | None = None, known_by: str | date | None = None, k: int = K,
    record: Record | None = None,
) -> Array:  # fmt: skip
    """Quantiles (row, level) of one outcome for many cut-offs at once, moved so that their bands hold.

    `shares` and `cuts` (row,); rows of one of `products` and `suppliers` do not learn from themselves. Levels are
    2.5 % to 97.5 %; the unit is that of `Outcome`. A cut below 0.4 is answered from flows that were exposed alike.
    """
    kept = record or shipped()
    near, own = _asked(kept, shares, cuts, products, suppliers)
    return shown(levels(kept, outcome, years, near, own, last_year(a_day(known_by)), k), outcome)


def chances(
    outcome: str, years: int, shares: Array, cuts: Array, *, products: Iterable[str] | None = None,
    suppliers: Iterable[str] | None = None, known_by: str | date | None = None, k: int = K,
    record: Record | None = None,
) -> Array:  # fmt: skip
    """The chance (row,) of an outcome that comes or does not, for many cut-offs at once: its share of the class."""
    kept = record or shipped()
    near, own = _asked(kept, shares, cuts, products, suppliers)
    return shares_of(kept, outcome, years, near, own, last_year(a_day(known_by)), k)


def _asked(
    record: Record, shares: Array, cuts: Array, products: Iterable[str] | None, suppliers: Iterable[str] | None
) -> tuple[Array, Places]:
    """(share and cut (row, 2), the pair (row,) that a row does not learn from, −1 for none)."""
    near = np.column_stack([np.asarray(shares, float), np.asarray(cuts, float)])
    own = np.full(len(near), -1)
    if products is not None and suppliers is not None:
        own = np.array([record.pair_of(*pair) for pair in zip(products, suppliers, strict=True)])
    return near, own


def levels(record: Record, outcome: str, years: int, near: Array, own: Places, before: int, k: int = K) -> Array:
    """The same in the record's own unit: `near` (row, share and cut), `own` (row,) supplier and product left out."""
    found = np.empty((len(near), len(LEVELS)))
    for deep, rows in parts(near[:, 1]):
        known = record.known(outcome, years, before, cut=deep)
        group = classes(known, near[rows], own[rows], k)
        moved = record.shift(outcome, years, before, cut=deep)
        found[rows] = moved.of(nearest.quantiles(known.values[group.places], group.weights))
    return found


def shares_of(record: Record, outcome: str, years: int, near: Array, own: Places, before: int, k: int = K) -> Array:
    """(row,) the share of the class in which an outcome came; the arguments are those of `levels`."""
    found = np.empty(len(near))
    for deep, rows in parts(near[:, 1]):
        known = record.known(outcome, years, before, cut=deep)
        group = classes(known, near[rows], own[rows], k)
        found[rows] = np.average(known.values[group.places], axis=1, weights=group.weights)
    return found


def classes(known: Known, near: Array, own: Places, k: int = K) -> nearest.Class:
    """The reference class of each row, its own supplier and product left out."""
    return nearest.nearest(known.near, known.votes, near, k, known_group=known.pair, asked_group=own)


def parts(cuts: Array) -> Iterable[tuple[bool, NDArray[np.bool_]]]:
    """(deep, rows): cuts that the record of cut-offs answers, and smaller falls."""
    for deep in (True, False):
        rows = (cuts >= detect.CUT) == deep
        if rows.any():
            yield deep, rows
