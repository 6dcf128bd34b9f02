"""The command that makes an assessment again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geoecon.line import Assessment


def reproduce(assessment: Assessment) -> str:
    """The command that makes this assessment again."""
    changes = "".join(f" --scenario {_quoted(f'{key}={value}')}" for key, value in sorted(assessment.scenario.items()))
    rest = f" --draws {assessment.draws} --seed {assessment.seed} --cutoff {assessment.case.cutoff.isoformat()}"
    return f"geoecon run {_quoted(assessment.case.id)}{changes}{rest}"


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)
