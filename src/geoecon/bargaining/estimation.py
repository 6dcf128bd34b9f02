"""The game taken to coded disputes: what of it the data can learn, and how it scores beside the baselines.

Disputes are gathered in cells by dependence and by whether measures were imposed; the likelihood of a cell's counts by
month and outcome is exact given the cell. A random walk samples the posterior around its mode; scores leave whole
campaigns out by reweighting that sample (Gelfand, Dey & Chang 1992), or by fitting anew (`cross_validate`). Every
dispute of the data plays the same small game: no patron, no court, leaders in office.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoecon.bargaining.coded import (
    OUTCOMES,
    Cells,
    cells_of,
    check_disputes,
    place,
    scores_by_campaign,
    scores_of,
    votes,
)
from geoecon.bargaining.likelihood import (
    NAMES,
    REACH,
    WIDTH,
    first_guess,
    log_likelihood,
    log_posterior,
    predict,
)
from geoecon.bargaining.payoffs import Array

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


@dataclass(frozen=True)
class Estimate:
    """What the disputes taught: posterior sample (sample, parameter) in logs, weights, mode, and scores per dispute.

    `scores` maps a model to its mean negative log score, nats: four outcomes, one vote a campaign.
    """

    names: tuple[str, ...]
    sample: Array
    weight: Array
    mode: Array
    cells: Cells
    scores: Mapping[str, float]
    on: str
    accepted: float = 1.0  # share of the walk's steps that were accepted

    def quantiles(self, name: str) -> tuple[float, float, float]:
        """10 %, mode, 90 % of a parameter."""
        k = self.names.index(name)
        order = np.argsort(self.sample[:, k])
        share = np.cumsum(self.weight[order]) / self.weight.sum()
        low, high = (float(np.exp(self.sample[order, k][np.searchsorted(share, q)])) for q in (0.1, 0.9))
        return low, float(np.exp(self.mode[k])), high

    def to_frame(self) -> pd.DataFrame:
        import pandas as pd

        rows = [(name, *self.quantiles(name)) for name in self.names]
        return pd.DataFrame(rows, columns=["parameter", "low", "central", "high"])

    def rows(self) -> pd.DataFrame:
        """The joint posterior as `posterior.csv` holds it: the mode, then the sample, and their log posterior."""
        import pandas as pd

        logs = np.vstack([self.mode, self.sample])
        height = [log_posterior(theta, self.cells) for theta in logs]
        return pd.DataFrame(np.exp(logs), columns=list(self.names)).assign(log_posterior=height)

    def sentence(self) -> str:
        game, base = self.scores["game"], self.scores["base rate"]
        verdict = "beats" if game < base else "does not beat"
        return (
            f"The game {verdict} the base rate: mean negative log score {game:.4f} against {base:.4f} "
            f"({self.on}; lower is better)."
        )


STARTS, TRIES = 3, 8  # searches for the mode, and places looked at before each but the first


def estimate(
    disputes: pd.DataFrame,
    *,
    size: int = 200,
    seed: int = 0,
    rounds: int = 30,
    start: Array | None = None,
    thin: int = 1,
) -> Estimate:
    """Precision, audience cost, patience, issue value and reference rates from coded disputes.

    disputes: a row each with outcome (concede_T, concede_S, settle, stalemate, open), months, imposed (0, 1),
    dep_T_on_S, dep_S_on_T (shares of total trade) and campaign. Every campaign has one vote, as mass cases are one
    decision. size: posterior sample, every `thin`-th step of a walk; start: logs of the
    parameters to begin from, else the priors' centre.
    Raises InputError for faulty rows.
    """
    rows = check_disputes(disputes)
    cells = cells_of(rows, votes(rows))

    mode = mode_of(cells, start, rounds)
    spread = _spread(lambda theta: -log_posterior(theta, cells), mode)
    sample, predicted, accepted = _walk(cells, mode, spread, size, seed, thin)
    weight = np.full(size, 1 / size)
    on = f"{len(rows)} disputes in {rows['campaign'].nunique()} campaigns"
    return Estimate(NAMES, sample, weight, mode, cells, scores_of(rows, predicted, weight), on, accepted)


ADAPT, LENGTHS, WITHIN = 100, (0.3, 1.0, 1.0), 10.0  # steps, relative lengths of steps, log units


def _walk(cells: Cells, mode: Array, spread: Array, size: int, seed: int, thin: int = 1) -> tuple[Array, Array, float]:
    """A random walk over the posterior from its mode (Metropolis): sample, predictions, share of steps accepted.

    Of `thin` steps one is kept. While the first quarter runs, which is thrown away, the spread of the steps follows
    the walk; they are 2.4 / sqrt(parameters) of it (Gelman, Roberts & Gilks 1996), a third of them shorter. Rows more
    than WITHIN log units below the mode are left out, as draws of the game should all be ones that disputes allow.
    """
    rng = np.random.default_rng(seed)
    scale = 2.4 / np.sqrt(len(mode))
    factor, trail = scale * np.linalg.cholesky(spread), [mode]

    def target(theta: Array) -> tuple[float, Array]:
        ended_by = predict(dict(zip(NAMES, np.exp(theta), strict=True)))
        prior = -0.5 * float((((theta - first_guess()) / WIDTH) ** 2).sum())
        return prior + log_likelihood(cells, ended_by), ended_by

    here = mode
    height, ended_by = target(here)
    burn, accepted, turn = size * thin // 4, 0, 0
    top = height
    sample: list[Array] = []
    predicted: list[Array] = []
    while len(sample) < size:
        there = here + rng.choice(LENGTHS) * factor @ rng.standard_normal(len(mode))
        other, other_ended = target(there)
        if np.log(rng.random()) < other - height:
            here, height, ended_by = there, other, other_ended
            accepted += 1
        turn += 1
        if turn <= burn:
            trail.append(here)
            if turn % ADAPT == 0 and turn >= 3 * ADAPT:
                seen = 0.9 * np.cov(np.array(trail[turn // 3 :]).T) + 0.1 * spread
                factor = scale * np.linalg.cholesky(seen + 1e-8 * np.eye(len(mode)))
        elif turn % thin == 0 and height >= top - WITHIN:
            sample.append(here)
            predicted.append(ended_by)
    return np.array(sample), np.array(predicted), accepted / turn


def _spread(cost: Callable[[Array], float], at: Array, width: float = 0.1) -> Array:
    """Covariance at the mode: inverse of the curvature (forward differences), nowhere wider than the prior."""
    base, n = cost(at), len(at)
    steps = width * np.eye(n)
    single = np.array([cost(at + step) for step in steps])
    curve = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            both = cost(at + steps[i] + steps[j])
            curve[i, j] = curve[j, i] = (both - single[i] - single[j] + base) / width**2
    values, vectors = np.linalg.eigh(curve)
    return np.asarray((vectors / np.maximum(values, 1 / WIDTH.max() ** 2)) @ vectors.T)


def mode_of(
    cells: Cells, start: Array | None = None, rounds: int = 30, *, starts: int = STARTS, seed: int = 0
) -> Array:
    """Logs of the parameters at which the posterior is highest: the best of several searches, as it has many tops.

    The first begins at `start` (else the priors' centre), the others at the best of TRIES places drawn around it.
    """
    from scipy.optimize import Bounds, minimize

    def cost(theta: Array) -> float:
        return -log_posterior(theta, cells)

    centre, rng = first_guess(), np.random.default_rng(seed)
    least, most = centre - REACH * WIDTH, centre + REACH * WIDTH
    begins = [centre if start is None else start]
    for _ in range(starts - 1):
        places = np.clip(begins[0] + 0.5 * WIDTH * rng.standard_normal((TRIES, len(centre))), least, most)
        begins.append(min(places, key=cost))
    ends = [
        minimize(
            cost, at, method="L-BFGS-B", bounds=Bounds(least, most), options={"maxiter": rounds, "maxfun": 16 * rounds}
        )
        for at in begins
    ]
    return np.asarray(min(ends, key=lambda found: float(found.fun)).x)


def cross_validate(
    disputes: pd.DataFrame, *, folds: int = 10, seed: int = 0, start: Array | None = None, rounds: int = 14
) -> dict[str, float]:
    """Scores of the game fitted anew without each fold of whole campaigns, beside the base rate of the others.

    Mean negative log scores, nats, one vote a campaign; the difference to the base rate with its standard error.
    """
    rows = check_disputes(disputes)
    vote, campaign = votes(rows), rows["campaign"].to_numpy()
    names = np.random.default_rng(seed).permutation(np.unique(campaign))
    outcome = place(rows)[-1]
    total: dict[str, list[float]] = {"game": [], "game, month and outcome": [], "base rate": []}
    for part in np.array_split(names, folds):
        held = np.isin(campaign, part)
        fitted = mode_of(cells_of(rows[~held], vote[~held]), start, rounds)
        predicted = predict(dict(zip(NAMES, np.exp(fitted), strict=True)))[None]
        for name, values in scores_by_campaign(rows[held], predicted, np.ones(1)).items():
            if name in total and name != "base rate":
                total[name] += values
        learned = ~held & (outcome >= 0)
        share = np.bincount(outcome[learned], vote[learned], minlength=len(OUTCOMES))
        logs = -np.log(share / share.sum())
        for name in dict.fromkeys(campaign[held]):
            member = (campaign == name) & (outcome >= 0)
            if member.any():
                total["base rate"].append(float(logs[outcome[member]].mean()))
    gap = np.array(total["game"]) - np.array(total["base rate"])
    means = {name: float(np.mean(values)) for name, values in total.items()}
    return {**means, "difference": float(gap.mean()), "standard error": float(gap.std() / np.sqrt(len(gap)))}
