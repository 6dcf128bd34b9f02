"""The command line: each verb is a thin skin on the public function of the same name."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, CycloptsError, Parameter

import geoecon as ge
from geoecon.errors import InputError, MissingData, NotConverged

if TYPE_CHECKING:
    from geoecon.case import Case

app = App(
    name="geoecon",
    help="From the trade table to the negotiating table: who depends on whom, what a control changes, who gives way.",
    version=ge.__version__,
    help_format="plaintext",
)

Scenario = Annotated[list[str] | None, Parameter(name="--scenario", help="an assumption as key=value; repeat it")]
Json = Annotated[bool, Parameter(name="--json", negative="", help="print strict JSON instead of words")]
DrawCount = Annotated[int, Parameter(name="--draws", help="samples of the uncertain parameters, 0 for none")]
Seed = Annotated[int, Parameter(name="--seed", help="seed of the samples")]
Cutoff = Annotated[str | None, Parameter(name="--cutoff", help="facts known by this day (YYYY-MM-DD)")]


def _case(name: str, scenario: list[str] | None = None, cutoff: str | None = None) -> Case:
    """A case under a scenario written as key=value."""
    from datetime import date

    case: Case = ge.load_case(name)
    if cutoff is not None:
        try:
            day = date.fromisoformat(cutoff)
        except ValueError:
            raise InputError(f"--cutoff {cutoff!r}; allowed: a day as YYYY-MM-DD") from None
        if day not in case.cutoffs:
            allowed = ", ".join(str(known) for known in case.cutoffs)
            raise InputError(f"--cutoff {cutoff}; allowed for this case: {allowed}")
        case = case.at(day)
    pairs = [item.partition("=") for item in scenario or []]
    wrong = [key for key, equals, value in pairs if not equals or not key or not value]
    if wrong:
        raise InputError([f"--scenario {item!r}; allowed: key=value" for item in wrong])
    return case.with_scenario(**{key.strip(): value.strip() for key, _, value in pairs})


def _show(result: Any, as_json: bool) -> None:
    """A result in words and a small table, or as strict JSON."""
    from geoecon.assessment import strict_json
    from geoecon.tables import records

    if as_json:
        figures = {
            name: vars(figure) | {"sources": sorted(figure.sources)} for name, figure in result.figures().items()
        }
        print(strict_json({"sentence": result.sentence(), "figures": figures, "rows": records(result.to_frame())}))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    console.print(Text(result.sentence()))
    frame = result.summary()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in frame.columns:
        table.add_column(Text(str(column)))
    for row in frame.itertuples(index=False):
        table.add_row(*(Text(_cell(value)) for value in row))
    console.print(table)


def _cell(value: Any) -> str:
    from geoecon.figure import number

    if value is None or value != value:
        return "–"
    return number(value) if isinstance(value, float) else str(value)


@app.command
def run(
    case: str,
    *,
    scenario: Scenario = None,
    draws: DrawCount = 200,
    seed: Seed = 0,
    cutoff: Cutoff = None,
    out: Path | None = None,
    json: Json = False,
) -> None:
    """The whole line for a case: tables, report and brief in one folder."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from geoecon.assessment import STAGES, strict_json, summary, write

    folder = out or Path("geoecon-reports") / Path(case).name
    chosen = _case(case, scenario, cutoff)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<12}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("reading", total=len(STAGES) + 1)

        def progress(stage: str) -> None:
            bar.update(task, advance=1, description=stage)

        assessment = ge.run(chosen, draws=draws, seed=seed, progress=progress)
        bar.update(task, description="report")
        write(assessment, folder)
    if json:
        print(strict_json(summary(assessment)))
        return
    for result in assessment.results.values():
        print(result.sentence())
    for stage, reason in assessment.skipped.items():
        print(f"Not run: {stage}: lacks {reason}")
    print(f"Report: {(folder / 'report.html').resolve()}")


@app.command
def cases(*, json: Json = False) -> None:
    """The built-in cases."""
    from geoecon.assessment import strict_json

    listed = {name: ge.load_case(name).title for name in ge.cases()}
    print(strict_json(listed) if json else "\n".join(f"{name:<32} {title}" for name, title in listed.items()))


@app.command
def licence(
    case: str,
    *,
    sender: Annotated[str, Parameter(name="--from", help="exporting state, ISO alpha-3")],
    to: Annotated[str, Parameter(help="importing state, ISO alpha-3")],
    item: Annotated[str, Parameter(help="item by code or name")],
    on: Annotated[str, Parameter(help="day of the shipment, YYYY-MM-DD")],
    json: Json = False,
) -> None:
    """The licence that a shipment needs on a day. Not legal advice."""
    _show(ge.licence(case, sender=sender, destination=to, item=item, on=on), json)


def _dependence(case: str, *, json: Json = False) -> None:
    """Who depends on whom, and for what."""
    chosen = _case(case)
    _show(ge.dependence(chosen.flows, importer=chosen.target, exporter=chosen.sender), json)


app.command(_dependence, name="dependence")


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point: exit code 2 for input that cannot be used, 130 for an interrupt; a bug keeps its traceback."""
    try:
        app(argv, exit_on_error=False, print_error=False)
    except (CycloptsError, InputError, NotConverged, MissingData) as error:
        print(f"geoecon: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except BrokenPipeError:
        raise SystemExit(0) from None
    except KeyboardInterrupt:
        print("geoecon: interrupted; nothing was written", file=sys.stderr)
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
