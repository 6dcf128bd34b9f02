"""Verbs that make and run a case, and hold its forecasts against what happened."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

import geoecon as ge
from geoecon.cli.options import DRAWS, NOTHING, Assumptions, DrawCount, Json, Seed, Words, idle, sampled, writes_file
from geoecon.cli.words import show, show_rows
from geoecon.errors import InputError
from geoecon.files import file_aside

if TYPE_CHECKING:
    from geoecon.line import Assessment
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

    sampled(draws, seed)
    one_heap()
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


def one_heap() -> None:
    """All threads of this process share one heap (Linux, glibc): each would keep what it has freed for itself."""
    import ctypes

    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(-8, 1)  # M_ARENA_MAX


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
    if not sys.stderr.isatty():
        yield lambda what: print(f"geoecon: {what}", file=sys.stderr, flush=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from geoecon.line import STAGES

    columns = (TextColumn("{task.description:<12}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
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
    from geoecon.law import REGIME_TABLES, is_plain_rules, load_regimes

    path = Path(folder)
    if path.is_dir() and not any(path.iterdir()):
        raise InputError(
            f"{folder} is an empty folder; allowed: a case (case.toml and its tables), or the tables of a regime "
            "(regime.csv, source.csv, authority.csv, control_item.csv, licence_rule.csv)"
        )
    built_in = not path.exists() and folder.lower() in {name.lower() for name in load_regimes()}
    tables = not (path / "case.toml").exists() and any((path / f"{name}.csv").is_file() for name in REGIME_TABLES)
    regime = built_in or tables or is_plain_rules(path)
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


def evidence(
    case: str = "all",
    *,
    draws: Annotated[DrawCount | None, Parameter(help="draws a forecast: 200, with --quarterly 20")] = None,
    seed: Seed = 0,
    quarterly: Annotated[bool, Parameter(negative="", help="each quarter a cut-off as well: takes minutes")] = False,
    rolling: Annotated[bool, Parameter(negative="", help="the bars: thousands of cut-offs, year by year")] = False,
    record: Annotated[bool, Parameter(negative="", help="your own forecasts, kept by `record`")] = False,
    book: Annotated[Path | None, Parameter(help="with --record: another book than your own")] = None,
    out: Annotated[Path | None, writes_file("write the whole page here, in Markdown")] = None,
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
    sampled(draws, seed)
    with progress_bar(stages=False) if quarterly else nullcontext() as tell:
        found = ge.evidence(case, draws=draws, seed=seed, quarterly=quarterly, progress=tell)
    if out is not None:
        with file_aside(out) as part:
            part.write_text(found.markdown(), encoding="utf-8")
    show(found, json)
