"""What-if: other scenarios side by side, and the grid from which the page's sliders interpolate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geoecon.figure import Figure


@dataclass(frozen=True)
class Counterfactual:
    """A scenario beside the base: its name, what it changes, and the headline figure of each stage."""

    label: str
    scenario: Mapping[str, str | float]
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Axis:
    """One slider: the scenario key, its words, and the points at which the models were solved."""

    key: str
    label: str
    unit: str
    points: tuple[float, ...]
    names: tuple[str, ...]  # the points in words
    start: float


@dataclass(frozen=True)
class Grid:
    """Results at every combination of the sliders' points; `values` runs through the last axis first."""

    axes: tuple[Axis, ...]
    metrics: Mapping[str, Mapping[str, Any]]  # key: label, unit, cap (a value that stands for "not within it")
    values: Mapping[str, Sequence[float | None]]

    def data(self) -> Mapping[str, Any]:
        """What the page embeds."""
        return {"axes": [vars(axis) for axis in self.axes], "metrics": self.metrics, "values": self.values}


def reproduce(assessment: Any) -> str:
    """The command that makes this assessment again."""
    changes = "".join(f" --scenario {_quoted(f'{key}={value}')}" for key, value in sorted(assessment.scenario.items()))
    rest = f" --draws {assessment.draws} --seed {assessment.seed} --cutoff {assessment.case.cutoff.isoformat()}"
    return f"geoecon run {_quoted(assessment.case.id)}{changes}{rest}"


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)
