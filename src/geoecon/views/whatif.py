"""What-if: other scenarios side by side, and the grid from which the page's sliders interpolate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from typing import Any

from geoecon.case import Case
from geoecon.errors import NotConverged
from geoecon.figure import Figure
from geoecon.views.memo import Memo
from geoecon.views.words import parts, plain

STAGES = ("disruption", "welfare", "losses", "alliance", "bargaining")  # told in the comparison, where they ran
SIX_MONTHS = 180.0
# key, label, points: what the page's sliders move
SLIDERS: tuple[tuple[str, str, str, tuple[float, ...]], ...] = (
    ("inventory_days", "Stocks of the target's industry", "days of use", (15.0, 60.0, 180.0)),
    ("review_days", "Review of a licence", "days", (45.0, 135.0)),
    ("approval_share", "Share let through in one round", "of applications", (0.6, 1.0)),
)
PATRON = "patron_engaged_from"
FIGURES = {
    "disruption": ("worst_output", "lost_value_added"),
    "welfare": ("real_income", "first_year"),
    "losses": ("listed",),
}


@dataclass(frozen=True)
class Counterfactual:
    """A scenario beside the base: its name, what it changes, and the headline figure of each stage."""

    label: str
    scenario: Mapping[str, str | float]
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Axis:
    """One slider: the scenario key, its words, and the points at which the models were solved."""

    key: str
    label: str
    unit: str
    points: tuple[float, ...]
    names: tuple[str, ...]  # the points in words
    start: float


@dataclass(frozen=True)
class Grid:
    """Results at every combination of the sliders' points; `values` runs through the last axis first."""

    axes: tuple[Axis, ...]
    metrics: Mapping[str, Mapping[str, Any]]  # key: label, unit, cap (a value that stands for "not within it")
    values: Mapping[str, Sequence[float | None]]

    def data(self) -> Mapping[str, Any]:
        """What the page embeds."""
        return {"axes": [vars(axis) for axis in self.axes], "metrics": self.metrics, "values": self.values}


def what_if(
    case: Case, *, seed: int = 0, progress: Callable[[str], None] | None = None
) -> tuple[list[Counterfactual], Grid | None]:
    """Both, for `write_report`: what they share is solved once."""
    memo = Memo(lambda stage, result, case: None)
    return counterfactuals(case, seed=seed, memo=memo, progress=progress), grid(
        case, seed=seed, memo=memo, progress=progress
    )


def counterfactuals(
    case: Case, *, seed: int = 0, memo: Memo | None = None, progress: Callable[[str], None] | None = None
) -> list[Counterfactual]:
    """The case as it is, six months of stocks, a second supplier, the patron engaged at once, a trilateral forum.

    Central values. A scenario whose parameters the case does not know is left out; a stage that does not converge
    is left out of its row. With `memo` stages that a scenario does not touch are not solved again.
    """
    memo = memo or Memo(lambda stage, result, case: None)
    found = []
    for label, changes in scenarios(case):
        if progress:
            progress(label)
        results = _solved(memo, case.with_scenario(**changes), seed)
        figures = {stage: next(iter(results[stage].figures().values())) for stage in STAGES if stage in results}
        found.append(Counterfactual(label, changes, figures))
    return found


def scenarios(case: Case) -> list[tuple[str, dict[str, str | float]]]:
    """The counterfactuals that a case can tell, each with what it changes."""
    switches, known = case.settings.get("scenario", {}), case.parameters
    stocks: dict[str, str | float] = {name: SIX_MONTHS for name in known if name.split(".")[0] == "inventory_days"}
    second: dict[str, str | float] = {
        name: row.low if name.startswith("alternative_lag_days") else row.high
        for name, row in known.items()
        if name.split(".")[0] in ("alternative_lag_days", "alternative_ceiling")
    }
    listed: list[tuple[str, dict[str, str | float]]] = [("as the case has it", {})]
    listed += [("six months of stocks", stocks), ("a second supplier, early and large", second)]
    if PATRON in switches:
        listed.append(("the patron engaged at once", {PATRON: case.start.isoformat()[:7]}))
    if "architecture" in switches:
        listed.append(("a trilateral forum", {"architecture": "trilateral"}))
    return [(label, changes) for label, changes in listed if changes or label == listed[0][0]]


def _solved(memo: Memo, case: Case, seed: int) -> dict[str, Any]:
    """Central results of the stages up to bargaining, as far as the line comes."""
    found: dict[str, Any] = {}

    def tell(stage: str, answer: Any, fresh: bool) -> None:
        if answer.skipped is None:
            found[stage] = answer.result

    with suppress(NotConverged):  # what follows is missing and shown as missing
        memo.solve(case, "whatif", draws=0, seed=seed, until="bargaining", tell=tell)
    return found


def grid(
    case: Case, *, seed: int = 0, memo: Memo | None = None, progress: Callable[[str], None] | None = None
) -> Grid | None:
    """The models solved at every combination of the sliders' points, central values of all else.

    None where the case knows none of the sliders. A point at which a model does not converge stays empty.
    """
    memo = memo or Memo(lambda stage, result, case: None)
    axes = _axes(case)
    if not axes:
        return None
    metrics: dict[str, dict[str, Any]] = {}
    columns: list[dict[str, float | None]] = []
    for number, point in enumerate(product(*(axis.points for axis in axes)), 1):
        if progress:
            progress(f"{number} of {_size(axes)}")
        results = _solved(memo, case.with_scenario(**_changes(case, axes, point)), seed)
        columns.append(_measured(case, results, metrics))
    values = {key: tuple(column.get(key) for column in columns) for key in metrics}
    return Grid(axes, metrics, values)


def _axes(case: Case) -> tuple[Axis, ...]:
    axes = []
    for key, label, unit, points in SLIDERS:
        if key in case.parameters:
            start = min(max(case.parameters[key].central, points[0]), points[-1])
            axes.append(Axis(key, label, unit, points, (), start))
    if PATRON in case.settings.get("scenario", {}):
        year, month = case.start.year, case.start.month
        later = f"{year + 1}-{month:02d}"
        words = ("never", later, f"{year}-{month:02d}")
        mine = str(case.switch(PATRON))
        start = float(words.index(mine)) if mine in words else 0.0
        axes.append(Axis(PATRON, "Patron engaged from", "", (0.0, 1.0, 2.0), words, start))
    return tuple(axes)


def _size(axes: Sequence[Axis]) -> int:
    size = 1
    for axis in axes:
        size *= len(axis.points)
    return size


def _changes(case: Case, axes: Sequence[Axis], point: Sequence[float]) -> dict[str, str | float]:
    """A point of the grid as a scenario; a parameter moves together with its rows for single products."""
    found: dict[str, str | float] = {}
    for axis, value in zip(axes, point, strict=True):
        if axis.names:
            found[axis.key] = axis.names[int(value)]
        else:
            found |= {name: value for name in case.parameters if name.split(".")[0] == axis.key}
    return found


def _measured(case: Case, results: Mapping[str, Any], metrics: dict[str, dict[str, Any]]) -> dict[str, float | None]:
    """The numbers of one point; what they are is noted in `metrics`."""
    found: dict[str, float | None] = {}
    if "disruption" in results:
        days = float(results["disruption"].first_shortage.values[0].min())
        cap = float(case.horizon_days)
        metrics.setdefault("first_shortage", {"label": "First shortage", "unit": "days", "cap": cap})
        found["first_shortage"] = min(days, cap)
    for stage, result in results.items():
        figures = result.figures()
        wanted = FIGURES.get(stage, ())
        keys = [next((key for key in figures if key.startswith(start)), None) for start in wanted]
        if stage == "bargaining":
            keys = list(figures)[:3]
        for key in filter(None, keys):
            figure = figures[key]
            before, _, unit = parts(figure)
            scale = 100 if unit.startswith("%") and figure.unit.startswith("share") else 1
            metrics.setdefault(f"{stage}.{key}", {"label": figure.label or key, "unit": f"{before} {unit}".strip()})
            found[f"{stage}.{key}"] = None if figure.value is None else plain(figure.value * scale)
    return found


def reproduce(assessment: Any) -> str:
    """The command that makes this assessment again."""
    changes = "".join(f" --scenario {_quoted(f'{key}={value}')}" for key, value in sorted(assessment.scenario.items()))
    rest = f" --draws {assessment.draws} --seed {assessment.seed} --cutoff {assessment.case.cutoff.isoformat()}"
    return f"geoecon run {_quoted(assessment.case.id)}{changes}{rest}"


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)
