"""The line: every stage in order for one case and scenario, and the folder that the results are written to."""

from __future__ import annotations

import hashlib
import json
import math
import platform
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from geoecon import __version__
from geoecon.case import Case
from geoecon.draws import Draws, sample
from geoecon.errors import InputError, MissingData
from geoecon.files import folder_aside

# stage: the room and its function. The names of a function's arguments say which stages it needs.
STAGES: Mapping[str, tuple[str, str]] = {
    "trade": ("indicators", "for_case"),
    "scan": ("indicators", "scan_for_case"),
    "controls": ("capacity", "for_case"),
    "catchup": ("catchup", "for_case"),
    "disruption": ("disruption", "for_case"),
    "welfare": ("costs", "for_case"),
    "losses": ("costs", "losses_for_case"),
    "alliance": ("triangle", "for_case"),
    "bargaining": ("bargaining", "for_case"),
    "evidence": ("scorecard", "for_case"),
}


@dataclass(frozen=True)
class Assessment:
    """The results of every stage for one case and scenario.

    `results` and `skipped` together hold every stage that was asked for; `skipped` says why.
    `inputs` are the SHA-256 sums of all files read.
    """

    case: Case
    draws: int
    seed: int
    results: Mapping[str, Any]
    skipped: Mapping[str, str]
    inputs: Mapping[str, str]
    version: str = __version__

    @property
    def scenario(self) -> Mapping[str, str | float]:
        return self.case.scenario

    def __getattr__(self, stage: str) -> Any:
        if stage.startswith("_") or stage not in STAGES:
            raise AttributeError(stage)
        if stage not in self.results:
            raise MissingData(f"stage {stage}: {self.skipped.get(stage, 'not run')}")
        return self.results[stage]


def run(
    case: Case,
    *,
    draws: int = 0,
    seed: int = 0,
    until: str | None = None,
    progress: Callable[[str], None] | None = None,
    parameters: Draws | None = None,
) -> Assessment:
    """Every stage in order, each fed with the results that its arguments name.

    `draws` samples of the parameters besides the central run; `until` names the last stage; `progress` is told
    each stage before it starts; `parameters` are values to use instead of a sample. A
    stage that lacks data is skipped with the reason, and so are those that need it.
    Raises InputError for an unknown stage or a negative number of draws, NotConverged where a solver fails.
    """
    if until is not None and until not in STAGES:
        raise InputError(f"stage {until!r}; allowed: " + ", ".join(STAGES))
    if draws < 0:
        raise InputError(f"draws {draws}; allowed: a number from 0")
    if case.cutoff not in case.cutoffs:
        case = case.at(case.cutoffs[0])
    from geoecon.views import displayed

    if parameters is None:
        parameters = sample(case.parameters, draws, seed)
    done: dict[str, Any] = {}
    skipped: dict[str, str] = {}
    for stage, (room, function) in STAGES.items():
        if progress:
            progress(stage)
        call = getattr(import_module(f"geoecon.{room}"), function)
        try:
            done[stage] = displayed(call(**arguments(call, case, parameters, done, skipped)))
        except MissingData as gap:
            skipped[stage] = str(gap)
        if stage == until:
            break
    return Assessment(case, parameters.n - 1, seed, done, skipped, input_hashes(case))


def arguments(
    call: Callable[..., Any], case: Case, draws: Draws, done: Mapping[str, Any], skipped: Mapping[str, str]
) -> dict[str, Any]:
    """The stage's arguments by name. Raises MissingData where a needed stage was skipped."""
    given: dict[str, Any] = {}
    for name, argument in signature(call).parameters.items():
        if name in ("case", "draws"):
            given[name] = case if name == "case" else draws
        elif name in STAGES and name in done:
            given[name] = done[name]
        elif name in STAGES and argument.default is Parameter.empty:
            raise MissingData(f"the stage {name} ({skipped.get(name, 'not run')})")
    return given


def input_hashes(case: Case) -> dict[str, str]:
    """SHA-256 of the case's files and of every data file that ships with the rooms."""
    found = {f"case/{path.name}": _sha256(path) for path in sorted(case.folder.glob("*")) if path.is_file()}
    package = Path(str(files("geoecon")))
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if path.suffix in {".csv", ".parquet", ".yaml", ".toml"} and inside.parts[0] not in {"cases", "views"}:
            found[inside.as_posix()] = _sha256(path)
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def summary(assessment: Assessment) -> dict[str, Any]:
    """What `assessment.json` holds: version, seed, hashes, what was skipped, and the headline figures."""
    from geoecon.views import parameters

    headline = {
        stage: {
            name: {
                "value": figure.value,
                "low": figure.low,
                "high": figure.high,
                "unit": figure.unit,
                "period": figure.period,
                "verified": figure.verified,
                "sources": sorted(figure.sources),
            }
            for name, figure in result.figures().items()
        }
        for stage, result in assessment.results.items()
    }
    return {
        "geoecon": assessment.version,
        "case": assessment.case.id,
        "title": assessment.case.title,
        "cutoff": assessment.case.cutoff.isoformat(),
        "scenario": dict(assessment.scenario),
        "draws": assessment.draws,
        "seed": assessment.seed,
        "platform": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "parameters": parameters(assessment.case),
        "skipped": dict(assessment.skipped),
        "sentences": {stage: result.sentence() for stage, result in assessment.results.items()},
        "figures": headline,
        "inputs": dict(assessment.inputs),
    }


def strict_json(value: Any, indent: int | None = 2) -> str:
    """JSON that every parser takes: missing and infinite numbers become null."""
    return json.dumps(_plain(value), indent=indent, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def write(assessment: Assessment, folder: Path, *, what_if: bool = False, export: bool = False) -> Path:
    """Writes report, brief, tables and `assessment.json` aside, then puts the folder in place at once.

    With `what_if` the report also holds other scenarios and the grid behind its sliders, which takes longer;
    with `export` it holds every chart as PNG, SVG, CSV and metadata, the tables as a workbook, and report.pdf where
    Chromium is present.

    Raises InputError where `folder` exists and is not an assessment; an interrupted write leaves nothing behind.
    """
    from geoecon import views

    check_free(folder)
    with folder_aside(folder) as place:
        tables = place / "tables"
        tables.mkdir()
        for stage, result in assessment.results.items():
            result.to_frame().to_csv(tables / f"{stage}.csv", index=False, lineterminator="\n")
        others, grid = views.what_if(assessment.case) if what_if else ((), None)
        page = views.write_report(assessment, place, grid=grid, counterfactuals=others)
        if export:
            views.export(assessment, place)
            try:
                views.write_pdf(page, place / "report.pdf")
            except MissingData as gap:
                warnings.warn(f"no report.pdf: {gap}", stacklevel=2)
        (place / "assessment.json").write_text(strict_json(summary(assessment)) + "\n", encoding="utf-8")
    return folder


def check_free(folder: Path) -> None:
    """Raises InputError where an assessment may not be written: a file, or a folder that holds other things."""
    if folder.is_file():
        raise InputError(f"{folder} is a file; allowed: a new or empty folder, or an earlier assessment")
    if folder.exists() and not (folder / "assessment.json").is_file() and any(folder.iterdir()):
        raise InputError(f"{folder} holds other files; allowed: a new or empty folder, or an earlier assessment")


def disrupt(case: Case, *, draws: int = 0, seed: int = 0) -> Any:
    """How far the shock travels in a case: the disruption stage after those it needs (DisruptionPath)."""
    return run(case, draws=draws, seed=seed, until="disruption").disruption


def welfare(case: Case, *, draws: int = 0, seed: int = 0) -> Any:
    """What it costs each side in the long run: the welfare stage after those it needs (WelfareChange)."""
    return run(case, draws=draws, seed=seed, until="welfare").welfare


def bargain(case: Case, *, draws: int = 0, seed: int = 0) -> Any:
    """Who gives way and when: the bargaining stage after those it needs (DisputeForecast)."""
    return run(case, draws=draws, seed=seed, until="bargaining").bargaining


def buffers(case: Case, *, bound: float = 0.0, probability: float = 0.9, draws: int = 200, seed: int = 0) -> Any:
    """The cheapest stock of each material that keeps the loss under `bound` with `probability` (Buffers)."""
    from geoecon.disruption import buffers_for_case

    known = run(case, draws=draws, seed=seed, until="catchup")
    values = sample(known.case.parameters, draws, seed)
    return buffers_for_case(known.case, values, known.controls, known.catchup, bound=bound, probability=probability)
