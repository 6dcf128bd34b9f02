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
from scipy.optimize import Bounds, minimize

from geoecon.bargaining.coded import (
    BINS,
    OUTCOMES,
    SENDER_DEPENDENCE,
    TARGET_DEPENDENCE,
    Cells,
    cells_of,
    check_disputes,
    outcome_shares,
    place,
    scores_by_campaign,
    scores_of,
    votes,
)
from geoecon.bargaining.course import Calendar, course
from geoecon.bargaining.game import EXITS, SENDER, TARGET, State, board
from geoecon.bargaining.payoffs import REMAINING, Array, Ties, stakes
from geoecon.case import default_parameters
from geoecon.draws import triangular

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

LOSS_PER_DEPENDENCE = 1.5  # % of GDP lost by full controls at a dependence of one: fixes the unit of precision
NODES = 5  # values of the salience of the issue
RATES = ("concede_target", "concede_sender", "offer", "fade")
SHARED = ("choice_precision", "audience_cost", "impatience", "issue_value")
NAMES = (*SHARED, *(f"{rate}_{kind}" for kind in ("threat", "imposed") for rate in RATES))


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


def predict(theta: Mapping[str, float]) -> Array:
    """Probability of having ended so by the end of each bin: (kind, target class, sender class, bin edge, outcome)."""
    return np.stack([_predict(theta, kind) for kind in (0, 1)])


def _predict(theta: Mapping[str, float], kind: int) -> Array:
    table = board(controlled=bool(kind), patron=False, court=False)
    grid = np.array([(t, s) for t in TARGET_DEPENDENCE for s in SENDER_DEPENDENCE]).repeat(NODES, axis=0)
    n = len(grid)
    prior = default_parameters()
    salience = prior["salience"]
    levels = triangular((np.arange(NODES) + 0.5) / NODES, salience.low, salience.central, salience.high)
    label = "imposed" if kind else "threat"
    fixed = {
        "choice_precision": theta["choice_precision"],
        "audience_cost": theta["audience_cost"],
        "impatience_sender": theta["impatience"],
        "impatience_target": theta["impatience"],
        "issue_value_sender": theta["issue_value"],
        "issue_value_target": theta["issue_value"],
        "reference_concede_target": theta[f"concede_target_{label}"],
        "reference_concede_sender": theta[f"concede_sender_{label}"],
        "reference_offer": theta[f"offer_{label}"],
        "fade_rate": theta[f"fade_{label}"],
        "leader_shift": 0.0,
    }

    def get(name: str) -> Array:
        if name == "salience":
            return np.tile(levels, n // NODES)
        return np.full(n, fixed.get(name, prior[name].central))

    numbers = stakes(table, get, Ties(np.zeros((n, 2)), np.zeros((n, 2)), np.zeros(n)), _losses(grid))
    calendar = Calendar(BINS[-1], np.ones((n, BINS[-1] + 1)))
    start = State(control="listed" if kind else "none")
    exits = course(table, numbers, calendar, start, steps=1, after=0).probability[:, list(BINS[1:])]
    ended = exits.reshape(-1, NODES, *exits.shape[1:]).mean(axis=1)
    concede_t, concede_s, first_s, first_t, package, faded = (ended[..., e] for e in range(len(EXITS)))
    four = np.stack([concede_t, concede_s, first_s + first_t + package, faded], axis=-1)
    return four.reshape(len(TARGET_DEPENDENCE), len(SENDER_DEPENDENCE), *four.shape[1:])


def _losses(grid: Array) -> Array:
    """Losses in per cent of a month's GDP (draw, control, retaliation, remaining, player) from dependence both ways."""
    control, retaliation = np.array([0, 0.5, 1.0]), np.array([0, 0.5, 0.5])
    left = np.array(REMAINING)
    pressed = control[:, None, None] * left + 0 * retaliation[None, :, None]
    answered = retaliation[None, :, None] * left + 0 * control[:, None, None]
    found = np.zeros((len(grid), *pressed.shape, 3))
    own = 0.3  # what a side's own measures cost it, against what they cost the other
    for side in (SENDER, TARGET):
        hit, gives = (pressed, answered) if side == TARGET else (answered, pressed)
        dependence = grid[:, 0 if side == TARGET else 1, None, None, None]
        found[..., side] = LOSS_PER_DEPENDENCE * dependence * (hit + own * gives)
    return found


def log_likelihood(cells: Cells, ended_by: Array) -> float:
    """Of the counts, given the probabilities of having ended so by the end of each bin."""
    grown = np.concatenate([np.zeros_like(ended_by[..., :1, :]), ended_by], axis=-2)
    within = np.maximum(np.diff(grown, axis=-2), 1e-12)
    still = np.maximum(1 - grown.sum(axis=-1), 1e-12)
    shares = outcome_shares(ended_by)
    total = (cells.ended * np.log(within)).sum() + (cells.open * np.log(still)).sum()
    return float(total + (cells.undated * np.log(shares)).sum())


def first_guess() -> Array:
    """Log of the priors' centres; fixed, so that estimates that enter the defaults do not move them."""
    shared, rates = (0.3, 1.0, 0.15, 2.0), (0.01, 0.008, 0.04, 0.0013)
    return np.asarray(np.log(np.array([*shared, *rates, *rates])))


STARTS, TRIES = 3, 8  # searches for the mode, and places looked at before each but the first
REACH = 4.0  # spreads of the priors within which the mode is looked for
WIDTH = np.array([1.5, 2.5, 0.7, 2.5, *([1.5] * 8)])  # spread of the log priors; the unit of worth is unknown


def log_posterior(theta: Array, cells: Cells) -> float:
    values = dict(zip(NAMES, np.exp(theta), strict=True))
    prior = -0.5 * float((((theta - first_guess()) / WIDTH) ** 2).sum())
    return prior + log_likelihood(cells, predict(values))


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
