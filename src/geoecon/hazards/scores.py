"""How the model does on disputes that it was not fitted to, beside a base rate and a class of similar disputes.

Negative log scores in nats, mean over campaigns, whole campaigns left out; errors are of the difference by campaign.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoecon.hazards.coded import ENDINGS, Array, Coded
from geoecon.hazards.curves import by_month, carried_out, incidence
from geoecon.hazards.model import covariates, fit_once, issues_of
from geoecon.hazards.rates import SPANS, Rates
from geoecon.hazards.similar import shares_of_similar

if TYPE_CHECKING:
    from numpy.typing import NDArray


MONTHS = int(SPANS[-1])
FOLDS, SEEDS = 10, (0, 1, 2)
SPLIT = 1990
WITHIN = 12  # months within which a threat is carried out or not
SMALL = 1e-9

Parts = list[tuple[Any, Any]]  # (learned from, held out) as masks


@dataclass(frozen=True)
class Forecasts:
    """Of the held-out disputes: ended (dispute, month, ending) by each month, still, carried (dispute, month)."""

    ended: Array
    still: Array
    carried: Array

    @property
    def shares(self) -> Array:
        """Of the four endings among disputes that end within ten years."""
        last = self.ended[:, -1]
        return np.asarray(last / last.sum(axis=1, keepdims=True))


def forecast_rows(rates: dict[str, Rates], x: Array, threat: NDArray[np.bool_]) -> Forecasts:
    """Of disputes with covariates x (dispute, covariate), known on the first day to start with a threat or not."""
    imposed = by_month(rates["imposed"].log_rates(x), MONTHS)
    ended, still = incidence(imposed)
    carried = np.zeros(still.shape)
    first = np.flatnonzero(threat)
    if len(first):
        threatened = by_month(rates["threat"].log_rates(x[first]), MONTHS)
        ended[first], still[first], carried[first] = carried_out(threatened, imposed[first])
    return Forecasts(ended, still, carried)


def multistate(learned: Coded, held: Coded, by: str = "dependence and issue") -> Forecasts:
    """The model fitted to some disputes, for others. `by`: what it knows beside the months."""
    issues = issues_of(learned)
    width = {"nothing": 0, "dependence": 2, "dependence and issue": 2 + len(issues)}[by]
    mine, theirs = (covariates(c.dependence, c.issue, issues)[:, :width] for c in (learned, held))
    return forecast_rows(fit_once(learned, mine, learned.vote), theirs, held.threat)


def one_state(learned: Coded, held: Coded) -> Forecasts:
    """Hazards without covariates or states: month and ending alike for all disputes."""
    alike, others = (replace(c, threat=c.vote < 0, imposed=c.vote > 0, imposed_after=0 * c.vote)
                     for c in (learned, held))  # fmt: skip
    return multistate(alike, others, "nothing")


def folds(coded: Coded, seeds: tuple[int, ...] = SEEDS) -> Iterator[Parts]:
    """For each seed ten parts of whole campaigns."""
    for seed in seeds:
        names = np.random.default_rng(seed).permutation(np.unique(coded.campaign.astype(str)))
        held = [np.isin(coded.campaign.astype(str), part) for part in np.array_split(names, FOLDS)]
        yield [(~mask, mask) for mask in held]


def base_shares(learned: Coded) -> Array:
    done = learned.outcome >= 0
    counts = np.bincount(learned.outcome[done], learned.vote[done], minlength=len(ENDINGS)).astype(float)
    return np.asarray(counts / counts.sum())


def log_shares(shares: Array, held: Coded) -> Array:
    """Nats (dispute,) of the four endings, NaN for a dispute last seen open."""
    ended = held.outcome >= 0
    picked = np.take_along_axis(shares, np.maximum(held.outcome, 0)[:, None], axis=1)[:, 0]
    return np.where(ended, -np.log(np.maximum(picked, SMALL)), np.nan)


def log_months(said: Forecasts, held: Coded) -> Array:
    """Nats (dispute,) of month and ending together, a month's density in the spans; NaN where undated."""
    months = held.months
    span = np.searchsorted(SPANS, np.nan_to_num(months), side="right") - 1
    late = span >= len(SPANS) - 1
    low, high = SPANS[np.minimum(span, len(SPANS) - 2)].astype(int), SPANS[np.minimum(span + 1, len(SPANS) - 1)]
    row, ending = np.arange(len(held)), np.maximum(held.outcome, 0)
    inside = (said.ended[row, high.astype(int), ending] - said.ended[row, low, ending]) / (high - low)
    at = np.minimum(np.nan_to_num(months), MONTHS).astype(int)
    open_then = said.still[row, np.where(late, MONTHS, at)]
    chance = np.where(late | (held.outcome < 0), open_then, inside)
    return np.where(np.isnan(months), np.nan, -np.log(np.maximum(chance, SMALL)))


def log_carried(carried: Array, held: Coded) -> Array:
    """Nats (dispute,) of whether a threat was carried out within a year; carried (dispute,). NaN where unknown."""
    unknown = ~held.threat | (held.imposed & np.isnan(held.imposed_after))
    came = held.imposed & (np.nan_to_num(held.imposed_after, nan=np.inf) <= WITHIN)
    log = -np.log(np.clip(np.where(came, carried, 1 - carried), SMALL, 1))
    return np.where(unknown, np.nan, log)


def scored(learned: Coded, held: Coded) -> dict[str, Array]:
    """Nats of every held-out dispute by task and method."""
    full, dep, alike = multistate(learned, held), multistate(learned, held, "dependence"), one_state(learned, held)
    base = np.tile(base_shares(learned), (len(held), 1))
    similar = shares_of_similar(learned, held)
    plain = multistate(learned, held, "nothing")
    return {
        "ending|base rate": log_shares(base, held),
        "ending|similar disputes": log_shares(similar, held),
        "ending|multistate, dependence": log_shares(dep.shares, held),
        "ending|multistate": log_shares(full.shares, held),
        "ending|pool of multistate and similar": log_shares((full.shares + similar) / 2, held),
        "month and ending|base rate": log_months(alike, held),
        "month and ending|multistate, dependence": log_months(dep, held),
        "month and ending|multistate": log_months(full, held),
        "threat carried out|base rate": log_carried(plain.carried[:, WITHIN], held),
        "threat carried out|multistate": log_carried(full.carried[:, WITHIN], held),
    }


def by_campaign(nats: Array, coded: Coded) -> pd.Series:
    """Mean nats of every campaign."""
    return pd.Series(nats).groupby(coded.campaign.astype(str)).mean()


def score_table(coded: Coded, seeds: tuple[int, ...] = SEEDS) -> pd.DataFrame:
    """The table of scores: ten folds of campaigns for each seed, and learned before 1990, tested on later ones.

    Columns: test, task, method, nats, against the base rate, standard error, disputes, campaigns.
    """
    across = [_one_pass(coded, parts) for parts in folds(coded, seeds)]
    rows = _rows(
        "ten folds of campaigns", [{k: by_campaign(v, coded) for k, v in one.items()} for one in across], across[0]
    )
    later = coded.year >= SPLIT
    if later.any() and not later.all():
        once = _one_pass(coded, [(~later, later)])
        label = f"learned before {SPLIT}, tested later"
        rows += _rows(label, [{k: by_campaign(v, coded) for k, v in once.items()}], once)
    return pd.DataFrame(rows)


def _one_pass(coded: Coded, parts: Parts) -> dict[str, Array]:
    """Nats of every dispute by task and method, each from the part that held it out; NaN where none did."""
    found: dict[str, Array] = {}
    for learned, held in parts:
        if not held.any():
            continue
        for name, values in scored(coded.rows(learned), coded.rows(held)).items():
            found.setdefault(name, np.full(len(coded), np.nan))[held] = values
    return found


def _rows(test: str, campaigns: list[dict[str, pd.Series]], nats: dict[str, Array]) -> list[dict[str, Any]]:
    rows = []
    for name in campaigns[0]:
        task, method = name.split("|")
        mine = pd.concat([one[name] for one in campaigns], axis=1).mean(axis=1).dropna()
        base = pd.concat([one[f"{task}|base rate"] for one in campaigns], axis=1).mean(axis=1).dropna()
        gap = mine - base
        error = float(gap.std() / np.sqrt(len(gap))) if method != "base rate" else np.nan
        rows.append({"test": test, "task": task, "method": method, "nats": float(mine.mean()),
                     "against the base rate": float(gap.mean()), "standard error": error,
                     "disputes": int((~np.isnan(nats[name])).sum()), "campaigns": len(mine)})  # fmt: skip
    return rows
