"""Verbs about a case, from its folder to what it says."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

import geoecon as ge
from geoecon.cli.options import DRAWS, NOTHING, Assumptions, DrawCount, Json, Seed, Words, idle
from geoecon.cli.words import show, show_rows
from geoecon.errors import InputError
from geoecon.files import file_aside

if TYPE_CHECKING:
    from geoecon.case import Case
    from geoecon.line import Assessment
    from geoecon.result import Result
    from geoecon.views import Report


def run(
    case: str,
    *,
    assumptions: Assumptions = NOTHING,
    draws: DrawCount = DRAWS,
    seed: Seed = 0,
    out: Path | None = None,
    what_if: Annotated[bool | None, Parameter(help="other scenarios in the report; on where there are draws")] = None,
    export: Annotated[
        bool, Parameter(negative="", help="also Word, slides, a workbook, charts as PNG, SVG, CSV, and report.pdf")
    ] = False,
    json: Json = False,
) -> None:
    """The whole line for a case: tables, report and brief in one folder."""
    from geoecon.line import Interrupted, Memo
    from geoecon.views import Report, check_free, write

    folder = out or Path("geoecon-reports") / Path(case).name
    check_free(folder)
    chosen = assumptions.of(case)
    asking = draws > 0 if what_if is None else what_if
    memo: Memo[None] = Memo()
    with progress_bar() as tell:
        done: Assessment | None = None
        try:
            done = ge.run(chosen, draws=draws, seed=seed, progress=tell, memo=memo)
            tell("report")
            write(report := Report(done), folder, export=export and not asking)
        except KeyboardInterrupt as stopped:
            done = stopped.assessment if isinstance(stopped, Interrupted) else done
            if done is None or not done.results:
                raise KeyboardInterrupt from None
            write(done, folder)  # another interrupt ends this too
            raise KeyboardInterrupt(f"what was done is in {folder.resolve()}") from None
        if asking:
            try:
                write(report, folder, what_if=ge.what_if(done, memo=memo, progress=tell), export=export)
            except KeyboardInterrupt:
                raise KeyboardInterrupt(f"the report without other scenarios is in {folder.resolve()}") from None
    told(report, folder, json)


def told(report: Report, folder: Path, as_json: bool) -> None:
    """What a run says: the message, three numbers, the warning, where the files are. Exit 2 where a solver failed."""
    from geoecon.views import strict_json, summary, terminal

    assessment = report.assessment
    if as_json:
        print(strict_json(summary(assessment), indent=2))
    else:
        print(terminal(report, folder.resolve()), end="")
    if assessment.failed:
        failed = "; ".join(f"{stage}: {reason}" for stage, reason in assessment.failed.items())
        print(f"geoecon: {failed}; the rest is in the report", file=sys.stderr)
        raise SystemExit(2)


@contextmanager
def progress_bar(stages: bool = True) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, a line a step elsewhere; the function that it gives names what comes next: the `stages` of
    a line, or steps that nobody has counted."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from geoecon.line import STAGES

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda what: print(f"geoecon: {what}", file=sys.stderr, flush=True)
        return
    columns = (TextColumn("{task.description:<12}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=len(STAGES) + 1 if stages else None)
        yield lambda what: bar.update(task, advance=1, description=what)


def cases(*, json: Json = False) -> None:
    """The built-in cases."""
    from geoecon.views import strict_json

    listed = {name: ge.load_case(name).title for name in ge.cases()}
    print(strict_json(listed) if json else "\n".join(f"{name:<32} {title}" for name, title in listed.items()))


def check(folder: str, *, json: Json = False) -> None:
    """What a case (or a folder of regime tables, a built-in regime by its name, or a plain table of rules) lacks, in
    order of importance, and how far the line can run."""
    from geoecon.law import is_plain_rules, load_regimes

    path = Path(folder)
    built_in = not path.exists() and folder.lower() in {name.lower() for name in load_regimes()}
    regime = built_in or (path / "regime.csv").is_file() or is_plain_rules(path)
    show(ge.check_regime(folder.lower() if built_in else folder) if regime else ge.check(folder), json)


def new(
    name: Annotated[str, Parameter(help="the new folder")],
    *question: str,
    sender: Annotated[str | None, Parameter(help="code or name")] = None,
    target: Annotated[str | None, Parameter(help="code or name")] = None,
    patron: Annotated[str | None, Parameter(help="code or name; found in the pact records if left out")] = None,
    product: Annotated[Words, Parameter(help="a controlled good; repeat it")] = None,
    start: Annotated[str | None, Parameter(name="--from", help="first day, YYYY-MM-DD; today if left out")] = None,
) -> None:
    """A folder for a case of one's own, filled from the world data: asks in words what the case is about."""
    words = " ".join(question) or None
    if words is None and sender is None and target is None and sys.stdin.isatty():
        words = input("Who withholds what from whom? (as in: China stops graphite to Korea) ")
    goods = tuple(product or ["material"])
    folder = ge.new(name, words, sender=sender, target=target, patron=patron, product=goods, start=start)
    made = ge.load_case(folder)
    print(f"Case folder: {folder}\n{made.title}, from {made.start}\nNext: geoecon check {folder}")
    if start is not None and start != f"{made.start}":
        print(f"geoecon: asked from {start}; the case starts on {made.start}", file=sys.stderr)


def compare(*case: str, draws: DrawCount = DRAWS, seed: Seed = 0, json: Json = False) -> None:
    """Cases side by side: dependence, stocks, review time, cost, asymmetry, forecast, outcome."""
    show(ge.compare(case, draws=draws, seed=seed), json)


def show_under(assumptions: Assumptions, name: str, verb: Callable[[Case], Result], json: bool) -> None:
    """What a verb answers under the assumptions; a scenario that moves none of its figures is said to move none."""
    told = verb(assumptions.of(name))
    show(told, json)
    if assumptions.changes and _values(told) == _values(verb(assumptions.known(name))):
        said = ", ".join(f"{key}={value}" for key, value in assumptions.changes.items())
        print(f"geoecon: {said} moves none of these figures: solved with and without, the same in every run",
              file=sys.stderr)  # fmt: skip


def _values(told: Result) -> dict[str, tuple[float | None, ...]]:
    return {key: (one.value, one.low, one.high) for key, one in told.figures().items()}


def dependence(case: str, *, assumptions: Assumptions = NOTHING, json: Json = False) -> None:
    """Who depends on whom in a case, and for what."""
    show(ge.run(assumptions.of(case), until="trade").trade, json)


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
        show(disruption.disrupt(case, **shocks, days=days, parity=parity, repair=repair), json)
    elif parity or repair:
        raise InputError("--parity and --repair go with a table; allowed: besides --events, --caps or --demand")
    elif rank:
        from geoecon.disruption import rank_for_case

        idle("beside --rank", days=days != 365, **drawn)
        show(rank_for_case(assumptions.of(case)), json)
    else:
        idle("for a case, whose horizon stands in case.toml", days=days != 365)
        show_under(assumptions, case, partial(ge.disrupt, draws=draws, seed=seed), json)


def buffers(
    case: str,
    *,
    bound: Annotated[float, Parameter(help="allowed loss, as a share of the using industry's output")] = 0.0,
    probability: Annotated[float, Parameter(help="with which the loss stays under the bound")] = 0.9,
    assumptions: Assumptions = NOTHING,
    draws: DrawCount = DRAWS,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """The cheapest stock of each material that keeps the loss under a bound."""
    show(ge.buffers(assumptions.of(case), bound=bound, probability=probability, draws=draws, seed=seed), json)


def welfare(
    case: str, *, assumptions: Assumptions = NOTHING, draws: DrawCount = DRAWS, seed: Seed = 0, json: Json = False,
) -> None:  # fmt: skip
    """What it costs each side, now and for good."""
    show_under(assumptions, case, partial(ge.welfare, draws=draws, seed=seed), json)


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
    if what_if:
        show(ge.what_if(assumptions.known(case), draws=draws, seed=seed, **assumptions.changes), json)
    if what_matters:
        show(ge.what_matters(assumptions.of(case), seed=seed), json)
    if issue_map:
        show(ge.issue_map(assumptions.of(case)), json)
    if what_if or what_matters or issue_map:
        return
    show_under(assumptions, case, partial(ge.bargain, draws=draws, seed=seed), json)


def evidence(
    case: str = "all",
    *,
    draws: Annotated[DrawCount | None, Parameter(help="draws a forecast: 200, with --quarterly 20")] = None,
    seed: Seed = 0,
    quarterly: Annotated[bool, Parameter(negative="", help="each quarter a cut-off as well: takes minutes")] = False,
    rolling: Annotated[bool, Parameter(negative="", help="the bars: thousands of cut-offs, year by year")] = False,
    record: Annotated[bool, Parameter(negative="", help="your own forecasts, kept by `record`")] = False,
    book: Annotated[Path | None, Parameter(help="with --record: another book than your own")] = None,
    out: Annotated[Path | None, Parameter(help="write the whole page here, in Markdown")] = None,
    json: Json = False,
) -> None:
    """Forecasts held against what happened, for one case or for all."""
    if rolling + record + quarterly > 1:
        raise InputError("--rolling, --record and --quarterly ask different things; allowed: one of them")
    idle("without --record", book=book is not None and not record)
    if rolling or record:
        where = "beside --rolling and --record"
        idle(where, case=case != "all", draws=draws is not None, seed=seed != 0, out=out is not None)
        show(ge.rolling_evidence() if rolling else ge.forecast_book(book), json)
        if rolling and not json:
            from geoecon.episodes import told_before

            show_rows(told_before(), 0, "Known cut-offs as told the day before, beside what came")
        return
    with progress_bar(stages=False) if quarterly else nullcontext() as tell:
        found = ge.evidence(case, draws=draws, seed=seed, quarterly=quarterly, progress=tell)
    if out is not None:
        with file_aside(out) as part:
            part.write_text(found.markdown(), encoding="utf-8")
    show(found, json)


def explain(case: str, stage: str, figure: str, *, assumptions: Assumptions = NOTHING, json: Json = False) -> None:
    """One figure of an assessment, down to the rows it rests on."""
    show(ge.explain(ge.run(assumptions.of(case), until=stage), stage, figure), json)


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
    out: Annotated[Path | None, Parameter(help="folder of finished chunks; an interrupted run goes on there")] = None,
    json: Json = False,
) -> None:
    """The whole line for many draws, in resumable chunks over several processes."""
    show(ge.uncertainty(assumptions.of(case), draws, seed=seed, workers=workers, until=until, folder=out), json)
