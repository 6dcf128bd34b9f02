"""Shared pieces: a random game, losses made by hand, a case as known on the first of July 2019."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import xarray as xr

from geoecon.games import StochasticGame, stochastic_game

HERE = Path(__file__).parent


def random_game(states=4, actions=(3, 2, 2), discount=0.9, seed=0, density=0.6) -> StochasticGame:
    rng = np.random.default_rng(seed)
    payoffs, transitions = [], []
    for _ in range(states):
        to = rng.exponential(size=(*actions, states)) * (rng.random((*actions, states)) < density)
        to[..., 0] += 0.05
        payoffs.append(rng.random((len(actions), *actions)))
        transitions.append(to / to.sum(axis=-1, keepdims=True))
    return stochastic_game(payoffs, transitions, discount)


def made_losses(draws=1, target=20.0, sender=5.0):
    """USD million a month by state, growing with control and remaining dependence."""
    table = np.zeros((draws, 3, 3, 5, 3))
    for control in range(3):
        for retaliation in range(3):
            for k, left in enumerate((1, 0.75, 0.5, 0.25, 0)):
                table[:, control, retaliation, k] = (
                    left * control * sender + 10 * retaliation,
                    left * control * target + 10 * retaliation,
                    left * control,
                )
    dims = ("draw", "control", "retaliation", "remaining", "side")
    return SimpleNamespace(monthly=xr.DataArray(table, dims=dims), sources=frozenset({"made by hand"}))


def made_alliance():
    return SimpleNamespace(
        abandonment={"JPN": 0.34, "KOR": 0.33},
        entrapment={"JPN": 0.41, "KOR": 0.38},
        net_patronage={"USA": 0.77},
        roles={"patron": "USA", "sender": "JPN", "target": "KOR"},
        sources=frozenset({"made by hand"}),
    )
