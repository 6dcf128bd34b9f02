"""What-if: other scenarios side by side, and the grid from which the page's sliders interpolate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from geoecon.case import Case
from geoecon.dispute import NODES, ending_in_words, salience_levels
from geoecon.draws import Array, Draws, sample
from geoecon.errors import NotConverged
from geoecon.figure import Figure
from geoecon.line import Memo
from geoecon.views.words import plain

STAGES = ("disruption", "welfare", "losses", "alliance", "bargaining")  # told in the comparison, where they ran
SIX_MONTHS = 180.0
# key, label, points: what the page's sliders move
Slider = tuple[str, str, str, tuple[float, ...]]
SLIDERS: tuple[Slider, ...] = (
    ("inventory_days", "Stocks of the target's industry", "days of use", (15.0, 30.0, 60.0, 180.0)),
    ("review_days", "Review of a licence", "days", (45.0, 90.0, 135.0)),
    ("approval_share", "Share let through in one round", "of applications", (0.6, 1.0)),
)
PATRON = "patron_engaged_from"
SALIENCE = "salience"


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
    """Both, for `write_report`."""
    return counterfactuals(case, seed=seed, progress=progress), grid(case, progress=progress)


def counterfactuals(
    case: Case, *, seed: int = 0, memo: Memo[None] | None = None, progress: Callable[[str], None] | None = None
) -> list[Counterfactual]:
    """The case as it is, six months of stocks, a second supplier, the patron engaged at once, a trilateral forum.

    Central values. A scenario whose parameters the case does not know is left out; a stage that does not converge
    is left out of its row. With `memo` stages that a scenario does not touch are not solved again.
    """
    memo = memo or Memo()
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


def _solved(memo: Memo[None], case: Case, seed: int) -> dict[str, Any]:
    """Central results of the stages up to bargaining, as far as the line comes."""
    answers = memo.solve(case, "whatif", sample(case.parameters, 0, seed), until="bargaining")
    return {stage: answer.result for stage, answer in answers.items() if answer.result is not None}


def grid(
    case: Case, *, sliders: Sequence[Slider] = SLIDERS, progress: Callable[[str], None] | None = None
) -> Grid | None:
    """The models solved at every combination of the sliders' points, central values of all else.

    The points of the parameters go through the stages together, as draws; the patron's steps one after the other.
    None where the case knows none of the sliders, or where a stage does not converge.
    """
    axes = _axes(case, sliders)
    if not axes:
        return None
    values, nodes = _points(case, [axis for axis in axes if not axis.names])
    memo: Memo[None] = Memo()  # the patron's steps touch the last stage alone
    metrics: dict[str, dict[str, Any]] = {}
    columns: list[dict[str, Array]] = []
    for word in next((axis.names for axis in axes if axis.names), ("",)):
        if progress:
            progress(f"what if: {word}".rstrip(": "))
        mine = case.with_scenario(**{PATRON: word}) if word else case
        done = memo.solve(mine, "grid", values, until="bargaining")
        if any(isinstance(answer.reason, NotConverged) for answer in done.values()):
            return None
        results = {stage: answer.result for stage, answer in done.items() if answer.skipped is None}
        columns.append(_measured(mine, results, metrics))
    points = {key: [column[key][1:].reshape(-1, nodes).mean(axis=1) for column in columns] for key in metrics}
    table = {key: np.stack(rows, axis=-1).ravel() for key, rows in points.items()}
    return Grid(axes, metrics, {key: tuple(plain(float(value)) for value in row) for key, row in table.items()})


def _points(case: Case, axes: Sequence[Axis]) -> tuple[Draws, int]:
    """The combinations of the axes' points as draws 1 and on, each `nodes` times; draw 0 is the central value.

    A parameter moves together with its rows for single products. A dispute has a salience that nobody knows: as in
    the central run, each point is the mean over equally likely values of it.
    """
    nodes = NODES if SALIENCE in case.parameters else 1
    combinations = np.array(list(product(*(axis.points for axis in axes)))).reshape(-1, len(axes)).repeat(nodes, axis=0)
    values = {name: np.full(len(combinations) + 1, row.central) for name, row in case.parameters.items()}
    for column, axis in enumerate(axes):
        for name in values:
            if name.split(".")[0] == axis.key:
                values[name][1:] = combinations[:, column]
    if nodes > 1:
        row = case.parameters[SALIENCE]
        levels = salience_levels(row, nodes)
        values[SALIENCE][1:] = np.tile(levels, len(combinations) // nodes)
    return Draws(values, case.parameters, 0), nodes


def _axes(case: Case, sliders: Sequence[Slider]) -> tuple[Axis, ...]:
    axes = []
    for key, label, unit, points in sliders:
        if key in case.parameters:
            start = case.parameters[key].central
            axes.append(
                Axis(key, label, unit, tuple(sorted({*points, start})), (), start)
            )  # the case is a point itself
    if PATRON in case.settings.get("scenario", {}):
        year, month = case.start.year, case.start.month
        later = f"{year + 1}-{month:02d}"
        words = ("never", later, f"{year}-{month:02d}")
        mine = str(case.switch(PATRON))
        start = float(words.index(mine)) if mine in words else 0.0
        axes.append(Axis(PATRON, "Patron engaged from", "", (0.0, 1.0, 2.0), words, start))
    return tuple(axes)


def _measured(case: Case, results: Mapping[str, Any], metrics: dict[str, dict[str, Any]]) -> dict[str, Array]:
    """The numbers of every point, (draw,); what they are is noted in `metrics`."""
    found: dict[str, Array] = {}
    target = case.name_of(case.target)

    def note(key: str, label: str, unit: str, values: Any, **more: float) -> None:
        metrics.setdefault(key, {"label": label, "unit": unit, **more})
        found[key] = np.asarray(values, dtype=float)

    if "disruption" in results:
        path, cap = results["disruption"], float(case.horizon_days)
        note(
            "first_shortage", "First shortage", "days", np.minimum(path.first_shortage.values.min(axis=1), cap), cap=cap
        )
        worst = [values for (metric, _), values in path.predictions().items() if metric == "worst_output_month"]
        if worst:
            note("worst_output", "Worst month of output", "% of base", 100 * np.min(worst, axis=0))
    if "welfare" in results:
        income = results["welfare"].predictions().get(("welfare_change", case.target))
        if income is not None:
            note("welfare", f"Change of real income if the first year stayed, {target}", "%", income)
    if "losses" in results:
        at = {"control": "listed", "retaliation": "none", "remaining": 1.0, "side": "target"}
        note(
            "losses",
            f"Loss under the listed controls, {target}",
            "USD million a month",
            results["losses"].monthly.sel(at),
        )
    if "bargaining" in results:
        forecast = results["bargaining"]
        last = forecast.probability.isel(month=-1)
        for ending in last["ending"].values.tolist():
            words = ending_in_words(str(ending), target, case.name_of(case.sender))
            note(f"ending.{ending}", f"In the end {words}", "%", 100 * last.sel(ending=ending))
    return found


def reproduce(assessment: Any) -> str:
    """The command that makes this assessment again."""
    changes = "".join(f" --scenario {_quoted(f'{key}={value}')}" for key, value in sorted(assessment.scenario.items()))
    rest = f" --draws {assessment.draws} --seed {assessment.seed} --cutoff {assessment.case.cutoff.isoformat()}"
    return f"geoecon run {_quoted(assessment.case.id)}{changes}{rest}"


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)
