"""The command that makes an assessment again."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geoecon.case import Case
    from geoecon.line import Assessment


def reproduce(assessment: Assessment) -> str:
    """The command that makes this assessment again."""
    changes = "".join(f" --scenario {_quoted(f'{key}={value}')}" for key, value in sorted(assessment.scenario.items()))
    rest = f" --draws {assessment.draws} --seed {assessment.seed} --cutoff {assessment.case.cutoff.isoformat()}"
    return f"geoecon run {_quoted(_named(assessment.case))}{changes}{rest}"


def _named(case: Case) -> str:
    """How a command names the case: a built-in one by its id, a folder of the user's by its name."""
    built_in = case.texts is not None or case.folder.parent == Path(str(files("geoecon") / "cases"))
    return case.id if built_in else f"./{case.folder.name}"


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)
