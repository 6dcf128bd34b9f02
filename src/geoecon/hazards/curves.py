"""From rates to probabilities: endings by month of a dispute that is imposed, or threatened and then imposed."""

from __future__ import annotations

import numpy as np

from geoecon.compiled import njit
from geoecon.hazards.coded import Array
from geoecon.hazards.rates import SPANS

# Gauss-Legendre places and weights on [0, 1]: when within its month a threat is carried out
PLACES = np.array([0.5 - np.sqrt(0.15), 0.5, 0.5 + np.sqrt(0.15)])
WEIGHTS = np.array([5, 8, 5]) / 18


def by_month(log_rates: Array, months: int) -> Array:
    """Rates (draw, month, cause) from log rates (draw, span, cause); the last span's rate goes on."""
    middle = np.arange(months) + 0.5
    span = np.minimum(np.searchsorted(SPANS, middle, side="right") - 1, log_rates.shape[1] - 1)
    return np.exp(log_rates)[:, span]


def incidence(rates: Array, width: Array | float = 1.0) -> tuple[Array, Array]:
    """(ended (draw, edge, cause) by each edge, still (draw, edge)) for rates constant between edges.

    rates (draw, piece, cause) a month, width (piece,) months. Shares of the causes and survival add to one.
    """
    total = rates.sum(axis=2)
    still = np.exp(-np.concatenate([np.zeros((len(rates), 1)), np.cumsum(total * width, axis=1)], axis=1))
    gone = np.divide(still[:, :-1] - still[:, 1:], total, out=np.zeros_like(total), where=total > 0)
    ended = np.zeros((len(rates), rates.shape[1] + 1, rates.shape[2]))
    np.cumsum(gone[:, :, None] * rates, axis=1, out=ended[:, 1:])
    return ended, still


def carried_out(threat: Array, imposed: Array, lift: Array | None = None) -> tuple[Array, Array, Array]:
    """Endings of disputes that start with a threat: (ended (draw, month, cause), still (draw, month), carried).

    threat (draw, month, cause + 1): rates while threatened, the last cause is imposition; imposed (draw, month, cause)
    by month since imposition; lift (draw, month, cause): factors on the rates of ending by month since the start.
    carried: probability that measures had been imposed by then, whatever came after.
    """
    draws, months, causes = imposed.shape
    here = threat.copy()
    if lift is not None:
        here[:, :, :causes] *= lift
    before, waiting = incidence(here)
    ended, carried = before[:, :, :causes].copy(), before[:, :, causes].copy()
    share = WEIGHTS * np.exp(-here.sum(axis=2)[:, :, None] * PLACES)  # density of imposition within the month
    mass = np.diff(carried, axis=1)[:, :, None] * share / share.sum(axis=2, keepdims=True)
    gone, kept = np.zeros((draws, months, causes)), np.zeros((draws, months))
    _after(mass, imposed, np.ones_like(imposed) if lift is None else lift, PLACES, gone, kept)
    ended[:, 1:] += np.cumsum(gone, axis=1)
    still = waiting.copy()
    still[:, 1:] += kept
    return ended, still, carried


@njit(cache=True, nogil=True)
def _after(mass: Array, imposed: Array, lift: Array, places: Array, gone: Array, kept: Array) -> None:
    """Adds to gone (draw, month, cause) what ends in each calendar month after imposition, to kept what is left.

    Imposed at `place` of a month, a calendar month holds the end of one month of the clock and the start of the next.
    Lifts that stand still from one month to the next share their exponentials.
    """
    draws, months, causes = imposed.shape
    kind = np.zeros(months, dtype=np.int64)
    stay, share = np.empty((months, months, 2)), np.empty((months, months, causes))
    for d in range(draws):
        for month in range(1, months):
            kind[month] = kind[month - 1] + int(np.any(lift[d, month] != lift[d, month - 1]))
        for number in range(len(places)):
            for month in range(months):
                if month == 0 or kind[month] > kind[month - 1]:
                    _month_of_clock(imposed[d], lift[d, month], places[number], stay[kind[month]], share[kind[month]])
            for start in range(months):
                left = mass[d, start, number]
                for month in range(start, months):
                    for part in range(2):
                        clock = month - start - 1 + part
                        if clock >= 0:
                            after = left * stay[kind[month], clock, part]
                            for k in range(causes):
                                gone[d, month, k] += (left - after) * share[kind[month], clock, k]
                            left = after
                    kept[d, month] += left


@njit(cache=True, nogil=True)
def _month_of_clock(imposed: Array, lift: Array, place: float, stay: Array, share: Array) -> None:
    """stay (clock, part): chance to last the part of a month up to `place` or after it; share (clock, cause)."""
    for clock in range(len(imposed)):
        rates = imposed[clock] * lift
        total = rates.sum()
        stay[clock, 0], stay[clock, 1] = np.exp(-total * place), np.exp(-total * (1 - place))
        share[clock] = rates / total if total > 0 else rates
