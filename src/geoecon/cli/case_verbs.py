"""Verbs that ask a case one question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

import geoecon as ge
from geoecon.cli.options import (
    DRAWS,
    NOTHING,
    Assumptions,
    DrawCount,
    Json,
    Seed,
    TableWords,
    idle,
    sampled,
    table_reading,
    writes_folder,
)
from geoecon.cli.words import show
from geoecon.errors import InputError

if TYPE_CHECKING:
    from geoecon.case import Case
    from geoecon.result import Result


def compare(*case: str, draws: DrawCount = DRAWS, seed: Seed = 0, json: Json = False) -> None:
    """Cases side by side: dependence, stocks, review time, cost, asymmetry, forecast, outcome."""
    sampled(draws, seed)
    show(ge.compare(case, draws=draws, seed=seed), json)


def dependence(
    case: str, *, assumptions: Assumptions = NOTHING, draws: DrawCount = DRAWS, seed: Seed = 0, json: Json = False,
) -> None:  # fmt: skip
    """Who depends on whom in a case, and for what."""
    from geoecon.line import noted

    sampled(draws, seed)
    chosen = assumptions.of(case)
    show(noted(chosen, draws, lambda one, n: ge.run(one, draws=n, seed=seed, until="trade").trade), json)


def disrupt(
    case: Annotated[str, Parameter(help="a case; with --events, --caps or --demand an input-output table")],
    *,
    rank: Annotated[
        bool, Parameter(negative="", help="which industry and which edge of the economy matter most")
    ] = False,
    events: Annotated[
        Path | None, Parameter(help="CSV: event, region, sector, start_day, … kind, amount, rebuilt_by")
    ] = None,
    caps: Annotated[Path | None, Parameter(help="CSV: exporter, sector, importer, to_sector, from_day, cap")] = None,
    demand: Annotated[Path | None, Parameter(help="CSV: region, sector, consumer, from_day, change")] = None,
    days: Annotated[int, Parameter(help="horizon of a shock to a table")] = 365,
    parity: Annotated[str | None, Parameter(help="boario: the order of steps of BoARIO 0.7.2")] = None,
    repair: Annotated[bool, Parameter(negative="", help="mend a table that does not balance, and say how")] = False,
    table_as: TableWords = None,
    assumptions: Assumptions = NOTHING,
    draws: DrawCount = DRAWS,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """How far the shock travels in a case, or in a table under events, and how long stocks last."""
    drawn = {"draws": draws != DRAWS, "seed": seed != 0}
    if events or caps or demand:
        from geoecon import disruption

        idle("for a table", rank=rank, **drawn, **assumptions.given)
        shocks: dict[str, Any] = {"events": events, "caps": caps, "demand": demand}
        table = ge.read_table(case, **table_reading(table_as))
        show(disruption.disrupt(table, **shocks, days=days, parity=parity, repair=repair), json)
    elif parity or repair or table_as:
        told = "--parity, --repair and --table-as go with a table"
        raise InputError(f"{told}; allowed: besides --events, --caps or --demand")
    elif rank:
        from geoecon.disruption import rank_for_case

        idle("beside --rank", days=days != 365, **drawn)
        show(rank_for_case(assumptions.of(case)), json)
    else:
        sampled(draws, seed)
        idle("for a case, whose horizon stands in case.toml", days=days != 365)
        show(ge.disrupt(assumptions.of(case), draws=draws, seed=seed), json)


def buffers(
    case: str,
    *,
    bound: Annotated[float, Parameter(help="loss that is borne, days of the users' output over the horizon")] = 1.0,
    probability: Annotated[float, Parameter(help="with which the loss stays within it, and no plant stops")] = 0.9,
    assumptions: Assumptions = NOTHING,
    draws: DrawCount = DRAWS,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """The smallest stock of each material against a loss of output, and against a stop."""
    sampled(draws, seed)
    show(ge.buffers(assumptions.of(case), bound=bound, probability=probability, draws=draws, seed=seed), json)


def welfare(
    case: str, *, assumptions: Assumptions = NOTHING, draws: DrawCount = DRAWS, seed: Seed = 0, json: Json = False,
) -> None:  # fmt: skip
    """What it costs each side, now and for good."""
    sampled(draws, seed)
    show(ge.welfare(assumptions.of(case), draws=draws, seed=seed), json)


def bargain(
    case: str,
    *,
    what_if: Annotated[
        bool, Parameter(negative="", help="the usual counterfactuals, and the scenario, side by side")
    ] = False,
    what_matters: Annotated[bool, Parameter(negative="", help="sensitivity of the length and of who concedes")] = False,
    issue_map: Annotated[
        bool, Parameter(negative="", help="the answer over the issue's value and audience cost")
    ] = False,
    assumptions: Assumptions = NOTHING,
    draws: DrawCount = DRAWS,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """Who gives way, and when."""
    if (what_matters or issue_map) and not what_if:
        idle("beside --issue-map and --what-matters", draws=draws != DRAWS, seed=seed != 0 and not what_matters)
    sampled(draws, 0 if what_matters else seed)
    if what_if:
        show(ge.what_if(assumptions.known(case), draws=draws, seed=seed, **assumptions.changes), json)
    if what_matters:
        show(ge.what_matters(assumptions.of(case), seed=seed), json)
    if issue_map:
        show(ge.issue_map(assumptions.of(case)), json)
    if what_if or what_matters or issue_map:
        return
    show(ge.bargain(assumptions.of(case), draws=draws, seed=seed), json)


def explain(
    case: str,
    stage: Annotated[str, Parameter(help="a stage, or stage.figure as files and pages name a figure")],
    figure: str | None = None,
    *,
    assumptions: Assumptions = NOTHING,
    draws: DrawCount = DRAWS,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """One figure of an assessment, down to the rows it rests on."""
    from geoecon.line import noted

    sampled(draws, seed)

    if figure is None:
        stage, _, figure = stage.partition(".")

    def told(one: Case, n: int) -> Result:
        found: Result = ge.explain(ge.run(one, draws=n, seed=seed, until=stage), stage, figure)
        return found

    show(noted(assumptions.of(case), draws, told), json)


def sensitivity(
    case: str,
    *,
    assumptions: Assumptions = NOTHING,
    n: int = 64,
    seed: Seed = 0,
    until: str | None = None,
    json: Json = False,
) -> None:
    """Which parameters drive each headline: first-order and total Sobol indices."""
    show(ge.sensitivity(assumptions.of(case), n, seed=seed, until=until), json)


def uncertainty(
    case: str,
    *,
    assumptions: Assumptions = NOTHING,
    draws: DrawCount = 1000,
    seed: Seed = 0,
    workers: int = 1,
    until: str | None = None,
    out: Annotated[Path | None, writes_folder("folder of finished chunks; an interrupted run goes on there")] = None,
    json: Json = False,
) -> None:
    """The whole line for many draws, in resumable chunks over several processes."""
    sampled(draws, seed)
    show(ge.uncertainty(assumptions.of(case), draws, seed=seed, workers=workers, until=until, folder=out), json)
