"""Review times and what they do to a flow: closed forms, the distribution of the time to a licence, the office as a
queue. Times in days, rates a day."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geoecon.errors import InputError

Array = NDArray[np.float64]
ROUNDS = 6  # applications of one contract that are followed; the rest has given up


def shortage_days(review: ArrayLike, stock: ArrayLike) -> Array:
    """Days without material under a fixed review time and stocks: max(0, τ − S). 90 and 30 give 60."""
    return np.asarray(np.maximum(0.0, np.asarray(review, float) - np.asarray(stock, float)), float)


def expiry_coverage(validity: ArrayLike, review: ArrayLike, filed_early: ArrayLike = 0.0) -> Array:
    """Share of time covered where a licence of V days is renewed: V / (V + max(0, τ − early))."""
    valid = np.asarray(validity, float)
    gap = np.maximum(0.0, np.asarray(review, float) - np.asarray(filed_early, float))
    return np.asarray(valid / (valid + gap), float)


def missing_deliveries(approval: ArrayLike, review: ArrayLike, horizon: float) -> Array:
    """Days of flow lost to contracts licensed one by one over a horizon: p τ + (1 − p) T. 0.7, 90, 720 give 279."""
    p = np.asarray(approval, float)
    return np.asarray(p * np.asarray(review, float) + (1 - p) * horizon, float)


def lognormal_cdf(age: ArrayLike, median: ArrayLike, spread: ArrayLike) -> Array:
    """P(review time ≤ age). Lognormal with this median and standard deviation of the log; 0 at and below 0."""
    from scipy.special import ndtr

    days = np.asarray(age, float)
    with np.errstate(divide="ignore"):
        z = (np.log(np.maximum(days, 0.0)) - np.log(median)) / spread
    return np.asarray(np.where(days > 0, ndtr(z), 0.0), float)


def first_licence_days(applications: int, median: float, spread: float, quantile: float = 0.5) -> float:
    """Quantile of the first licence among n applications: a minimum, F⁻¹(1 − (1 − q)^(1/n)). Never a review time."""
    from scipy.special import ndtri

    if applications < 1 or not 0 < quantile < 1:
        raise InputError(f"{applications} applications, quantile {quantile}; allowed: from 1, and between 0 and 1")
    return float(median * math.exp(spread * ndtri(1 - (1 - quantile) ** (1 / applications))))


def fit_review(p50: float | None = None, mean: float | None = None, p90: float | None = None) -> tuple[float, float]:
    """(median, spread) of the lognormal through two licence statistics, or one with the spread of 0.52.

    Statistics must be of all decisions. Days to a first licence are minima: see `first_licence_days`.
    """
    if p50 is not None and p90 is not None:
        return p50, math.log(p90 / p50) / 1.2815515655446004
    if p50 is not None and mean is not None:
        if mean < p50:
            raise InputError(f"mean {mean:g} below the median {p50:g}; allowed: a skewed review time, mean >= median")
        return p50, math.sqrt(2 * math.log(mean / p50))
    if mean is not None and p90 is not None:
        # mean = m exp(s²/2), p90 = m exp(z s): the smaller root of s²/2 − z s + ln(p90/mean) = 0
        z = 1.2815515655446004
        inner = z * z - 2 * math.log(p90 / mean)
        if inner < 0:
            raise InputError(f"mean {mean:g} and 90 % quantile {p90:g} fit no lognormal; allowed: a smaller quantile")
        spread = z - math.sqrt(inner)
        return mean / math.exp(spread * spread / 2), spread
    if p50 is None and mean is None:
        raise InputError("no statistic given; allowed: two of p50, mean, p90")
    spread = 0.52
    return (p50 if p50 is not None else float(mean or 0) / math.exp(spread * spread / 2)), spread


@dataclass(frozen=True)
class Office:
    """How one office treats applications, each (draw,): drawn once for all materials of a draw."""

    median: Array  # days of review from a complete application
    spread: Array
    approval: Array  # share approved in a round
    refile: Array  # share of the refused that file again
    refile_days: Array
    preparation: Array  # days to a complete application
    backlog: Array  # days that the last application of the first wave waits, N / μ

    def licensed(self, age: Array) -> Array:
        """Share of the contracts with a licence `age` days after the rule started: (draw, day) of age (day,).

        Round k needs k reviews, k − 1 refilings, the preparation and the backlog; the sum of lognormals is
        matched by one lognormal (Fenton 1960). G = Σ p [(1 − p) f]^(k−1) F_k.
        """
        mean1 = self.median * np.exp(self.spread**2 / 2)
        var1 = mean1**2 * np.expm1(self.spread**2)
        total = np.zeros((len(self.median), len(age)))
        weight = self.approval.copy()
        for k in range(1, ROUNDS + 1):
            mean, var = k * mean1 + self.backlog / 2, k * var1 + self.backlog**2 / 12
            spread = np.sqrt(np.log1p(var / mean**2))
            median = mean / np.exp(spread**2 / 2)
            shift = self.preparation + (k - 1) * self.refile_days
            total += weight[:, None] * lognormal_cdf(age[None, :] - shift[:, None], median[:, None], spread[:, None])
            weight = weight * (1 - self.approval) * self.refile
        return total


def erlang_c(servers: int, load: float) -> float:
    """Probability that an M/M/c customer waits; load = λ/μ, below the number of servers."""
    if not 0 < load < servers:
        raise InputError(
            f"load {load:g} with {servers} servers; allowed: between 0 and {servers}: else the queue grows"
        )
    inverse, term = 0.0, 1.0
    for k in range(1, servers + 1):  # Erlang B by its recursion, 1/B_k = 1 + (k/a) / B_{k-1}
        term = 1 + term * k / load
        inverse = term
    blocked = 1 / inverse
    return blocked / (1 - load / servers * (1 - blocked))


def mmc_wait(arrivals: float, service: float, servers: int) -> float:
    """Mean days in the queue of M/M/c: C(c, λ/μ) / (c μ − λ)."""
    return erlang_c(servers, arrivals / service) / (servers * service - arrivals)


def simulate_office(arrival_days: ArrayLike, review_days: ArrayLike, servers: int) -> Array:
    """Days from filing to decision of each application where `servers` officers work first come, first served.

    Both arguments (n,), arrivals in order; returns (n,). The review time of an application is the work it needs.
    """
    import heapq

    filed, work = np.asarray(arrival_days, float), np.asarray(review_days, float)
    if filed.shape != work.shape or servers < 1 or (np.diff(filed) < 0).any():
        raise InputError("arrivals and reviews differ in length, are unordered, or there is no officer")
    free = [-math.inf] * servers
    decided = np.empty_like(filed)
    for index, (day, need) in enumerate(zip(filed.tolist(), work.tolist(), strict=True)):
        start = max(day, heapq.heappop(free))
        decided[index] = start + need
        heapq.heappush(free, start + need)
    return np.asarray(decided - filed, float)


def simulate_contracts(office: Office, contracts: int, horizon: int, rng: np.random.Generator) -> Array:
    """Share of contracts with a licence by day, (horizon,), by simulation: the check on `Office.licensed`.

    Uses the first draw of the office.
    """
    p, refile = float(office.approval[0]), float(office.refile[0])
    day = np.full(contracts, float(office.preparation[0])) + rng.random(contracts) * float(office.backlog[0])
    licensed = np.full(contracts, math.inf)
    waiting = np.ones(contracts, bool)
    for _ in range(ROUNDS):
        day = day + float(office.median[0]) * np.exp(float(office.spread[0]) * rng.standard_normal(contracts))
        approved = waiting & (rng.random(contracts) < p)
        licensed[approved] = day[approved]
        waiting &= ~approved & (rng.random(contracts) < refile)
        day = day + float(office.refile_days[0])
    grid = np.arange(horizon)
    return np.asarray((licensed[None, :] <= grid[:, None]).mean(axis=1), float)
