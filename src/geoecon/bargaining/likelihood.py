"""How likely the coded disputes are under the game's parameters, and the priors beside it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from geoecon.bargaining.coded import (
    BINS,
    SENDER_DEPENDENCE,
    TARGET_DEPENDENCE,
    Cells,
    outcome_shares,
)
from geoecon.bargaining.course import Calendar, course
from geoecon.bargaining.game import EXITS, SENDER, TARGET, State, board
from geoecon.bargaining.payoffs import REMAINING, Array, Ties, stakes
from geoecon.case import default_parameters
from geoecon.draws import triangular

LOSS_PER_DEPENDENCE = 1.5  # % of GDP lost by full controls at a dependence of one: fixes the unit of precision

NODES = 5  # values of the salience of the issue

RATES = ("concede_target", "concede_sender", "offer", "fade")

SHARED = ("choice_precision", "audience_cost", "impatience", "issue_value")

NAMES = (*SHARED, *(f"{rate}_{kind}" for kind in ("threat", "imposed") for rate in RATES))


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


REACH = 4.0  # spreads of the priors within which the mode is looked for

WIDTH = np.array([1.5, 2.5, 0.7, 2.5, *([1.5] * 8)])  # spread of the log priors; the unit of worth is unknown


def log_posterior(theta: Array, cells: Cells) -> float:
    values = dict(zip(NAMES, np.exp(theta), strict=True))
    prior = -0.5 * float((((theta - first_guess()) / WIDTH) ** 2).sum())
    return prior + log_likelihood(cells, predict(values))
