"""One stage of a case after those that it needs: the public verbs that the command line has too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoecon.case import Case, load_case
from geoecon.draws import sample
from geoecon.line import DRAWS, noted, run

if TYPE_CHECKING:
    from pathlib import Path

    from geoecon.bargaining import DisputeForecast
    from geoecon.costs import WelfareChange
    from geoecon.disruption import Buffers, DisruptionPath


def disrupt(case: Case | str | Path, *, draws: int = DRAWS, seed: int = 0) -> DisruptionPath:
    """How far the shock travels in a case: the disruption stage after those it needs."""
    return noted(load_case(case), draws, lambda one, n: run(one, draws=n, seed=seed, until="disruption").disruption)


def welfare(case: Case | str | Path, *, draws: int = DRAWS, seed: int = 0) -> WelfareChange:
    """What it costs each side in the long run: the welfare stage after those it needs."""
    return noted(load_case(case), draws, lambda one, n: run(one, draws=n, seed=seed, until="welfare").welfare)


def bargain(case: Case | str | Path, *, draws: int = DRAWS, seed: int = 0) -> DisputeForecast:
    """Who gives way and when: the bargaining stage after those it needs."""
    return noted(load_case(case), draws, lambda one, n: run(one, draws=n, seed=seed, until="bargaining").bargaining)


def buffers(
    case: Case | str | Path, *, bound: float = 1.0, probability: float = 0.9, draws: int = DRAWS, seed: int = 0
) -> Buffers:
    """The smallest stock of each material that holds the users' loss to `bound` days of output over the horizon, and
    the smallest at which no plant stops, each in the share `probability` of runs."""
    from geoecon.disruption import buffers_for_case

    def sized(one: Case, n: int) -> Buffers:
        told = run(one, draws=n, seed=seed, until="catchup")
        values = sample(told.case.parameters, n, seed)
        before = told.precedents if "precedents" in told.results else None
        return buffers_for_case(told.case, values, told.controls, told.catchup, before, bound=bound,
                                probability=probability)  # fmt: skip

    return noted(load_case(case), draws, sized)
