"""Parameters of the game that coded disputes taught together: rows of their joint posterior.

One of them alone cannot be told (the worth of the issue spans three orders of magnitude), so draws take whole rows.
`geoecon fit game --out posterior.csv` makes the rows anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from geoecon.bargaining.game import Ints
from geoecon.bargaining.payoffs import Array
from geoecon.case import default_parameters
from geoecon.draws import Draws

RATES = {"concede_target": "reference_concede_target", "concede_sender": "reference_concede_sender",
         "offer": "reference_offer", "fade": "fade_rate"}  # fmt: skip
SHARED = {"choice_precision": ("choice_precision",), "audience_cost": ("audience_cost",),
          "impatience": ("impatience_sender", "impatience_target"),
          "issue_value": ("issue_value_sender", "issue_value_target")}  # fmt: skip
ESTIMATED = tuple(name for names in SHARED.values() for name in names) + tuple(RATES.values())
ROW = "posterior_row"  # number of the row, where a question walks along them


@dataclass(frozen=True)
class Posterior:
    """values[name] (row,): row 0 the mode; log_posterior (row,), up to a constant."""

    values: Mapping[str, Array]
    log_posterior: Array

    @property
    def rows(self) -> int:
        return len(self.log_posterior)


@cache
def posterior() -> Posterior:
    """The rows that come with the package."""
    import pandas as pd

    with (files("geoecon.bargaining") / "posterior.csv").open(encoding="utf-8") as lines:
        table = pd.read_csv(lines)
    values = {str(name): table[name].to_numpy(dtype=float) for name in table if name != "log_posterior"}
    return Posterior(values, table["log_posterior"].to_numpy(dtype=float))


def joint(draws: Draws, imposed: bool) -> dict[str, Array]:
    """(draw,) of every estimated parameter that nobody has set: row 0 the mode, other draws a row each.

    A parameter that the case or the scenario holds keeps that value. imposed: the dispute starts with measures; the
    rates of disputes that start with a threat are others.
    """
    found, rows = posterior(), rows_of(draws)
    suffix = "imposed" if imposed else "threat"
    columns = {name: key for key, names in SHARED.items() for name in names}
    columns |= {name: f"{key}_{suffix}" for key, name in RATES.items()}
    return {name: found.values[column][rows] for name, column in columns.items() if free(draws, name)}


def free(draws: Draws, name: str) -> bool:
    """Whether the estimate holds for a parameter: neither the case nor the scenario has set it."""
    row = draws.parameter(name)
    return row.low < row.high and row.source == default_parameters()[name].source


def rows_of(draws: Draws) -> Ints:
    """Number of the row (draw,) that each draw takes: the mode for the central one."""
    if draws.has(ROW):
        return draws.get(ROW).astype(np.int64)
    last = posterior().rows - 1
    shuffled = 1 + np.random.default_rng([draws.seed, 0x90]).permutation(last)
    return np.concatenate([[0], shuffled[np.arange(draws.n - 1) % last]])
