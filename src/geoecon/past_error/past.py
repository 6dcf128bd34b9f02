"""Who is forecast, so that it does not judge itself, and what of its figures can be counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from geoecon.case import Case
from geoecon.figure import interval
from geoecon.past_error.error import discrepancy
from geoecon.past_error.scale import Array
from geoecon.spoken import SMALL

LITTLE = 1e-3  # of what is at stake: a loss below is none that could be measured


@dataclass(frozen=True)
class Measured:
    """What a figure is when it is counted: `values × factor + shift` is `metric` in `unit`.

    What a dispute costs a `state` (`values × factor` is USD million a year) has the error of output and welfare in
    multiples of the value at stake, not of a hundredth of all that the state earns. The figure cannot be below `least`
    nor above `most`.
    """

    metric: str = "gdp_change_1y"
    unit: str = "percent"
    factor: float = 1.0
    shift: float = 0.0
    state: str = ""
    loss: int = 1  # 1: a loss is above zero; -1: below
    least: float = -np.inf
    most: float = np.inf


@dataclass(frozen=True)
class Past:
    """The record that a forecast's bands answer to: errors of all cases but `case`, told the same (`condition`).

    `at_stake`: USD million a year that each state trades in what the dispute touches.
    """

    case: str = ""
    condition: str = "known"
    at_stake: Mapping[str, float] = field(default_factory=dict)

    def widened(self, values: Array, of: Measured) -> Array | None:
        """Draws (draw,) of a figure with what such forecasts have been wrong by, row 0 the middle; ranks stay.

        The error of a loss or gain is one of size: where eight draws in ten lie on one side of zero, or so near to it
        that nobody could measure it (a thousandth of what is at stake, USD 10 million a year), middle and band stay on
        that side; where none is farther, it is a loss. None where
        there is no error to add: one draw, nothing known to be at stake, or a loss of less than that thousandth in
        every run, which is nothing.
        """
        rows = np.asarray(values, dtype=float)
        if len(rows) == 1:
            return None
        size = self.at_stake.get(of.state, 0.0) if of.state else 1.0
        if size == 0 or of.factor == 0:
            return None
        if of.state and np.abs(rows[1:] * of.factor + of.shift).max() <= LITTLE * size:
            return None
        past = discrepancy(of.metric, of.unit, leave_out=self.case or None, condition=self.condition)
        counted = past.widened((rows * of.factor + of.shift) / size, of.unit) * size
        found = (counted - of.shift) / of.factor
        ends = np.array(interval(rows[1:] * of.factor + of.shift))
        least = max(LITTLE * size, SMALL)
        sides = set(np.sign(ends[np.abs(ends) > least]) * np.sign(of.factor)) or {float(of.loss)}
        if of.state and len(sides) == 1:
            found = np.where(np.sign(found) == -sides.pop(), 0.0, found)
        finite = found[np.isfinite(found)]
        return np.where(np.abs(found) < 1e-9 * np.ptp(finite), 0.0, found) if len(finite) else found


def condition_of(case: Case) -> str:
    """What a forecast of the case is told: `observed` measures that came, else only what was `known`."""
    return "observed" if case.switch("measures") == "observed" else "known"


def past_of(case: Case, at_stake: Mapping[str, float] | None = None) -> Past:
    """The record for a case: all others, told as much as it is."""
    return Past(case.on_record, condition_of(case), at_stake or {})
