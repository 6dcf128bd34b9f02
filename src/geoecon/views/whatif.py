"""What-ifs as the pages show them, and the command that makes an assessment again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geoecon.figure import Figure

if TYPE_CHECKING:
    from geoecon.line import Assessment
    from geoecon.questions import WhatIf


@dataclass(frozen=True)
class Counterfactual:
    """A scenario beside the base: its name, what it changes, and its figures by outcome."""

    label: str
    scenario: Mapping[str, str | float]
    figures: Mapping[str, Figure]


def shown(asked: WhatIf | None) -> list[Counterfactual]:
    """The rows of a what-if for a page; none where nobody asked."""
    rows = asked.rows if asked is not None else ()
    return [
        Counterfactual(
            row.label if not row.fault else f"{row.label} (not computed: {row.fault})",
            row.scenario,
            {key: cell.figure for key, cell in row.cells.items() if cell.figure is not None},
        )
        for row in rows
    ]


def reproduce(assessment: Assessment) -> str:
    """The command that makes this assessment again."""
    changes = "".join(f" --scenario {_quoted(f'{key}={value}')}" for key, value in sorted(assessment.scenario.items()))
    rest = f" --draws {assessment.draws} --seed {assessment.seed} --cutoff {assessment.case.cutoff.isoformat()}"
    return f"geoecon run {_quoted(assessment.case.id)}{changes}{rest}"


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)
