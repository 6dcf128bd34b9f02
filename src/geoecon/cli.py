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
    return case.with_scenario(**dict(_pairs("--scenario", scenario)))


def _pairs(option: str, items: list[str] | None) -> list[tuple[str, str]]:
    """Arguments written as key=value."""
    split = [(item, *item.partition("=")) for item in items or []]
    wrong = [item for item, key, equals, value in split if not equals or not key.strip() or not value.strip()]
    if wrong:
        raise InputError([f"{option} {item!r}; allowed: key=value" for item in wrong])
    return [(key.strip(), value.strip()) for _, key, _, value in split]


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
    cells = [[_cell(value) for value in row] for row in frame.itertuples(index=False)]
    heads = [str(column) for column in frame.columns]
    least = [
        min(14, max(len(word) for text in (head, *column) for word in (text or " ").split()))
        for head, *column in zip(heads, *cells, strict=True)
    ]
    table = Table(
        box=None, pad_edge=False, header_style="bold", show_header=sum(least) + 2 * len(least) <= console.width
    )
    if table.show_header:
        for head, width in zip(heads, least, strict=True):
            table.add_column(Text(head), overflow="fold", min_width=width)
        for row in cells:
            table.add_row(*map(Text, row))
    else:  # too wide for this terminal: one line per cell
        for row in cells:
            for head, cell in zip(heads, row, strict=True):
                table.add_row(Text(head), Text(cell))
            table.add_row()
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
    what_if: Annotated[
        bool | None, Parameter(help="scenarios and sliders in the report; on where there are draws")
    ] = None,
    export: Annotated[
        bool, Parameter(negative="", help="also charts as PNG, SVG, CSV, a workbook and report.pdf")
    ] = False,
    json: Json = False,
) -> None:
    """The whole line for a case: tables, report and brief in one folder."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from geoecon.assessment import STAGES, check_free, strict_json, summary, write

    folder = out or Path("geoecon-reports") / Path(case).name
    check_free(folder)
    chosen = _case(case, scenario, cutoff)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<12}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("reading", total=len(STAGES) + 1)

        def progress(stage: str) -> None:
            bar.update(task, advance=1, description=stage)

        assessment = ge.run(chosen, draws=draws, seed=seed, progress=progress)
        bar.update(task, description="report")
        write(assessment, folder, what_if=draws > 0 if what_if is None else what_if, export=export)
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
def check(folder: str, *, json: Json = False) -> None:
    """What a case (or a folder of regime tables) lacks, in order of importance, and how far the line can run."""
    regime = (Path(folder) / "regime.csv").is_file() or folder.endswith(".csv")
    _show(ge.check_regime(Path(folder)) if regime else ge.check(folder), json)


@app.command
def new(
    name: str,
    *,
    sender: Annotated[str, Parameter(help="ISO alpha-3")],
    target: Annotated[str, Parameter(help="ISO alpha-3")],
    patron: Annotated[str | None, Parameter(help="ISO alpha-3")] = None,
    product: Annotated[list[str] | None, Parameter(help="id of a controlled good; repeat it")] = None,
) -> None:
    """A folder for a case of one's own, with commented templates."""
    folder = ge.new(name, sender=sender, target=target, patron=patron, product=tuple(product or ["material"]))
    print(f"Case folder: {folder}\nNext: geoecon check {folder}")


@app.command
def compare(*case: str, draws: DrawCount = 0, seed: Seed = 0, json: Json = False) -> None:
    """Cases side by side: dependence, stocks, review time, cost, asymmetry, forecast, outcome."""
    _show(ge.compare(case, draws=draws, seed=seed), json)


@app.command
def licence(
    case: str,
    *,
    sender: Annotated[str, Parameter(name="--from", help="exporting state, ISO alpha-3")],
    to: Annotated[str, Parameter(help="importing state, ISO alpha-3")],
    item: Annotated[str, Parameter(help="item by code or name")],
    on: Annotated[str | None, Parameter(help="day of the shipment, YYYY-MM-DD")] = None,
    history: Annotated[bool, Parameter(negative="", help="the states over time instead of one day")] = False,
    fact: Annotated[
        list[str] | None, Parameter(help="a fact about the shipment as key=value, such as wt_pct=49")
    ] = None,
    strict: Annotated[bool, Parameter(negative="", help="an unknown answer is an error")] = False,
    json: Json = False,
) -> None:
    """The licence that a shipment needs on a day. Not legal advice."""
    facts = dict(_pairs("--fact", fact))
    code = _case(case).item(item)
    if history:
        _show(ge.licence_history(exporter=sender, destination=to, item=code, facts=facts), json)
    elif on is None:
        raise InputError("--on is missing; allowed: a day as YYYY-MM-DD, or --history")
    else:
        _show(ge.licence(exporter=sender, destination=to, item=code, on=on, facts=facts, strict=strict), json)


@app.command
def screen(shipments: Path, *, out: Path | None = None, strict: bool = False, json: Json = False) -> None:
    """The licence of every shipment in a file (CSV or Parquet: from, to, item, date and facts)."""
    _show(ge.screen(shipments, out=out, strict=strict), json)


@app.command
def dependence(case: str, *, json: Json = False) -> None:
    """Who depends on whom in a case, and for what."""
    _show(ge.run(_case(case), until="trade").trade, json)


@app.command
def disrupt(
    case: str,
    *,
    rank: Annotated[
        bool, Parameter(negative="", help="which industry and which edge of the economy matter most")
    ] = False,
    scenario: Scenario = None,
    draws: DrawCount = 0,
    seed: Seed = 0,
    cutoff: Cutoff = None,
    json: Json = False,
) -> None:
    """How far the shock travels in a case, and how long stocks last."""
    if rank:
        from geoecon.disruption import rank_for_case

        _show(rank_for_case(_case(case, scenario, cutoff)), json)
    else:
        _show(ge.disrupt(_case(case, scenario, cutoff), draws=draws, seed=seed), json)


@app.command
def buffers(
    case: str,
    *,
    bound: Annotated[float, Parameter(help="allowed loss, as a share of the using industry's output")] = 0.0,
    probability: Annotated[float, Parameter(help="with which the loss stays under the bound")] = 0.9,
    scenario: Scenario = None,
    draws: DrawCount = 200,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """The cheapest stock of each material that keeps the loss under a bound."""
    _show(ge.buffers(_case(case, scenario), bound=bound, probability=probability, draws=draws, seed=seed), json)


@app.command
def shortage_clock(
    bill: Annotated[Path, Parameter(help="CSV: part, stock, use_per_day, supplier, lead_time_days")],
    *,
    start: Annotated[str, Parameter(help="the day on which suppliers stop, YYYY-MM-DD")],
    stopped: Annotated[list[str] | None, Parameter(help="supplier=share that still comes; repeat it")] = None,
    json: Json = False,
) -> None:
    """The first day without each part of a bill of materials, with a band."""
    from datetime import date

    try:
        day, shares = date.fromisoformat(start), {name: float(share) for name, share in _pairs("--stopped", stopped)}
        text = bill.read_text(encoding="utf-8-sig")
    except (ValueError, OSError) as error:
        raise InputError(f"{error}; allowed: a UTF-8 file, --start YYYY-MM-DD, --stopped supplier=share") from None
    _show(ge.shortage_clock(text, start=day, stopped=shares or None), json)


@app.command
def welfare(
    case: str, *, scenario: Scenario = None, draws: DrawCount = 0, seed: Seed = 0, cutoff: Cutoff = None,
    json: Json = False,
) -> None:  # fmt: skip
    """What it costs each side, now and for good."""
    _show(ge.welfare(_case(case, scenario, cutoff), draws=draws, seed=seed), json)


@app.command
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
    scenario: Scenario = None,
    draws: DrawCount = 0,
    seed: Seed = 0,
    cutoff: Cutoff = None,
    json: Json = False,
) -> None:
    """Who gives way, and when."""
    if what_if or what_matters or issue_map:
        from geoecon import bargaining

        if what_if:
            changes: dict[str, Any] = dict(_pairs("--scenario", scenario))
            _show(bargaining.what_if(_case(case, None, cutoff), draws=draws, seed=seed, **changes), json)
        if what_matters:
            _show(bargaining.what_matters(_case(case, scenario, cutoff), seed=seed), json)
        if issue_map:
            _show(bargaining.issue_map(_case(case, scenario, cutoff)), json)
        return
    _show(ge.bargain(_case(case, scenario, cutoff), draws=draws, seed=seed), json)


@app.command
def alliance(
    patron: str,
    first: str,
    second: str,
    *,
    since: Annotated[int, Parameter(name="--from", help="first year")] = 1950,
    json: Json = False,
) -> None:
    """How unequal a triangle of a patron and two allies is, year by year."""
    _show(ge.alliance(patron, first, second, since=since), json)


@app.command
def evidence(
    case: str = "all",
    *,
    draws: DrawCount = 200,
    seed: Seed = 0,
    out: Annotated[Path | None, Parameter(help="write the whole page here, in Markdown")] = None,
    json: Json = False,
) -> None:
    """Forecasts held against what happened, for one case or for all."""
    record = ge.evidence(case, draws=draws, seed=seed)
    if out is not None:
        out.write_text(record.markdown(), encoding="utf-8")
    _show(record, json)


@app.command
def scan(
    flows: Annotated[str, Parameter(help="a file of trade flows, or `sample` for the bundled raw materials")],
    *,
    importer: str | None = None,
    exporter: str | None = None,
    preset: Annotated[list[str] | None, Parameter(help="ec2021, geodep, pc2021, crm2023 or merics; repeat it")] = None,
    top: int | None = 20,
    period: str | None = None,
    bloc: str | None = None,
    engine: Annotated[str | None, Parameter(help="spark://… to compute on a cluster")] = None,
    out: Annotated[Path | None, Parameter(help="write every row to this CSV or Parquet file")] = None,
    json: Json = False,
) -> None:
    """What a country cannot replace: all indicators for every supplier and product, ranked by what a cut-off costs."""
    names = tuple(preset or ["ec2021"])
    _show(ge.scan(flows, importer, exporter, preset=names, top=top, period=period, bloc=bloc, out=out, on=engine), json)


@app.command
def leverage(flows: str, one: str, other: str, *, period: str | None = None, json: Json = False) -> None:
    """Who could hurt whom more, product by product and in all."""
    _show(ge.leverage(flows, one, other, period=period), json)


@app.command
def fetch(
    name: Annotated[str, Parameter(help="baci, comtrade or icio")],
    *,
    into: Path = Path(),
    choice: Annotated[
        list[str] | None, Parameter(help="baci: hs=HS17, vintage=202501; icio: edition=…; repeat it")
    ] = None,
    query: Annotated[list[str] | None, Parameter(help="comtrade: reporterCode=410 and so on; repeat it")] = None,
    base: Annotated[str | None, Parameter(help="another server with the same files")] = None,
) -> None:
    """Downloads public trade data, after saying what, from whom and under which licence."""
    choices = dict(_pairs("--choice", choice))
    print(f"Written: {ge.fetch(name, into, base=base, query=dict(_pairs('--query', query)), **choices)}")


@app.command
def reliance(
    table: Annotated[Path, Parameter(help="an input-output table: OECD, WIOD, EXIOBASE, Eora, FIGARO or tidy CSV")],
    *,
    user: str,
    supplier: str,
    sector: Annotated[str | None, Parameter(help="the supplier's sector; all if not given")] = None,
    json: Json = False,
) -> None:
    """How far a country's output leans on a supplier, at face value and through all its suppliers."""
    _show(ge.reliance(table, user, supplier, sector), json)


@app.command
def convert(source: Path, out: Path) -> None:
    """Any readable trade file as one tidy CSV or Parquet file."""
    ge.convert(source, out)
    print(f"Written: {out}")


@app.command
def explain(case: str, stage: str, figure: str, *, scenario: Scenario = None, json: Json = False) -> None:
    """One figure of an assessment, down to the rows it rests on."""
    _show(ge.explain(ge.run(_case(case, scenario), until=stage), stage, figure), json)


@app.command
def diff(a: Path, b: Path, *, json: Json = False) -> None:
    """What changed between two assessments, and why."""
    _show(ge.diff(a, b), json)


@app.command
def sensitivity(case: str, *, n: int = 64, seed: Seed = 0, until: str | None = None, json: Json = False) -> None:
    """Which parameters drive each headline: first-order and total Sobol indices."""
    _show(ge.sensitivity(_case(case), n, seed=seed, until=until), json)


@app.command
def uncertainty(
    case: str,
    *,
    draws: DrawCount = 1000,
    seed: Seed = 0,
    workers: int = 1,
    until: str | None = None,
    out: Annotated[Path | None, Parameter(help="folder of finished chunks; an interrupted run goes on there")] = None,
    json: Json = False,
) -> None:
    """The whole line for many draws, in resumable chunks over several processes."""
    _show(ge.uncertainty(_case(case), draws, seed=seed, workers=workers, until=until, folder=out), json)


@app.command
def serve(*case: Path, port: int = 8765, open: Annotated[bool, Parameter(negative="")] = False) -> None:
    """The local web application, on this machine alone."""
    ge.serve(*case, port=port, opens=open)


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
