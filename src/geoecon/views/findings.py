"""What an assessment found, as the few numbers that a person asks for; everything said is made from these.

Nothing here is worded. Each number is None, or a table empty, where a stage did not run or has no such result.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoecon.draws import sample
from geoecon.views import phrases as say

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
MILLION = 1e6
# parameter: what people call it (title), what an axis says, its unit on the axis
LEVERS: Mapping[str, tuple[str, str]] = {
    "inventory_days": ("stocks", "Days of stock with {target}’s makers when deliveries stop"),
    "approval_share": ("how much is granted in the first round", "Share of applications granted in the first round"),
    "review_days": ("how long a licence takes", "Days that a licence takes"),
    "withheld_share": ("how many applications stay undecided", "Share of applications left undecided"),
    "alternative_ceiling": ("how much other makers can deliver", "Share of the need that other makers can cover"),
    "alternative_lag_days": ("how soon other makers deliver", "Days until other makers deliver"),
    "elasticity_scale": ("how easily trade is replaced", "How easily trade is replaced, against the estimates"),
    "substitution_long": ("how easily users do without in the long run", "How easily users do without, long run"),
    "others_response": ("how far other sellers step in", "How far other sellers step in"),
    "halt_days": ("how long the halt lasts", "Days that the halt lasts"),
    "input_substitution_short": ("how easily users do without", "How easily users do without, first months"),
    "input_substitution": ("how easily users do without", "How easily users do without"),
    "need_share": ("the sender’s part in the grade that users need", "The sender’s share of the grade that users need"),
    "criticality": ("how far users can do without", "Share of output that stops without the good"),
    "bound_output_share": (
        "how much of the industry needs the good",
        "Share of the industry’s output that needs the good",
    ),
    "substitution_short": ("how easily users do without", "How easily users do without, first months"),
    "resist_euv": ("how far the rule reaches", "Share of the good that the rule covers"),
    "covered_share": ("how far the rule reaches", "Share of the good that the rule covers"),
    "thrift": ("how much users can save", "Share of use that can be saved"),
    "sigma_start": ("how easily users do without", "How easily users do without, first months"),
}
LEAST = 20  # runs that carry a chance or a curve


@dataclass(frozen=True)
class Lever:
    """A parameter that the answer hangs on: its values by run, and how strongly losses follow it (rank, −1 to 1)."""

    key: str
    words: str
    axis: str
    values: Array
    rank: float
    prior: tuple[float, float, float]
    unit: str
    remembered: bool


@dataclass(frozen=True)
class Findings:
    """The numbers of one assessment. Arrays run over the runs, without the one at mid values."""

    assessment: Any

    @property
    def case(self) -> Any:
        return self.assessment.case

    @property
    def runs(self) -> int:
        return int(self.assessment.draws)

    def result(self, stage: str) -> Any:
        """A stage's result, or None."""
        return self.assessment.results.get(stage)

    def name(self, role: str) -> str:
        """The state in a role in words, or ""."""
        return next((state.name for state in self.case.states if state.role == role), "")

    def code(self, role: str) -> str:
        return next((state.code for state in self.case.states if state.role == role), "")

    @cached_property
    def products(self) -> dict[str, str]:
        return {product.id: product.name for product in self.case.products}

    @cached_property
    def predictions(self) -> dict[tuple[str, str], Array]:
        """Everything that the stages forecast, by (metric, of); runs only."""
        found: dict[tuple[str, str], Array] = {}
        for result in self.assessment.results.values():
            for key, values in result.predictions().items():
                found[key] = _runs(values)
        return found

    @cached_property
    def shortage(self) -> Mask | None:
        """(run, product) whether the material runs short; None without the stage or without runs."""
        days = [values for (metric, _), values in self.predictions.items() if metric == "first_shortage_day"]
        return np.isfinite(np.stack(days, axis=1)) if days and self.runs >= LEAST else None

    @cached_property
    def short(self) -> Mask | None:
        """(run,) whether at least one material runs short."""
        return None if self.shortage is None else np.asarray(self.shortage.any(axis=1))

    @cached_property
    def chance(self) -> float | None:
        return None if self.short is None else float(self.short.mean())

    @cached_property
    def by_product(self) -> list[tuple[str, float]]:
        """Chance of a shortage by product, the likeliest first."""
        if self.shortage is None:
            return []
        names = [
            self.products.get(of, of.replace("_", " "))
            for metric, of in self.predictions
            if metric == "first_shortage_day"
        ]
        return sorted(zip(names, map(float, self.shortage.mean(axis=0)), strict=True), key=lambda one: -one[1])

    @cached_property
    def lost(self) -> Array | None:
        """(run,) USD that the target loses over the horizon of the disruption."""
        path = self.result("disruption")
        values = getattr(path, "lost_value_added", None)
        if values is None or self.code("target") not in values["region"].values or self.runs < LEAST:
            return None
        return _runs(values.sel(region=self.code("target")).values) * MILLION

    @cached_property
    def sender_lost(self) -> float | None:
        values = getattr(self.result("disruption"), "lost_value_added", None)
        if values is None or self.code("sender") not in values["region"].values or self.runs < LEAST:
            return None
        return float(_runs(values.sel(region=self.code("sender")).values).mean()) * MILLION

    @cached_property
    def if_short(self) -> float | None:
        """USD lost in the middle run of those with a shortage."""
        if self.lost is None or self.short is None or not self.short.any():
            return None
        return float(np.median(self.lost[self.short]))

    @cached_property
    def if_not(self) -> float | None:
        if self.lost is None or self.short is None or self.short.all():
            return None
        return float(np.median(self.lost[~self.short]))

    @cached_property
    def expected(self) -> float | None:
        return None if self.lost is None else float(self.lost.mean())

    @cached_property
    def horizon_months(self) -> float:
        return float(self.case.horizon_days) / 30.4

    @cached_property
    def people(self) -> float | None:
        """Population of the target, from its GDP and GDP per head as known at the cut-off."""
        if not self.case.has("macro"):
            return None
        mine = self.case.table("macro")
        mine = mine[(mine["state"] == self.code("target")) & (mine["year"] <= self.case.start.year)]
        wide = mine.pivot_table(index="year", columns="series", values="value", aggfunc="last")
        if not {"gdp_usd", "gdp_per_head_usd"} <= set(wide.columns):
            return None
        both = wide.dropna(subset=["gdp_usd", "gdp_per_head_usd"])
        return float(both["gdp_usd"].iloc[-1] / both["gdp_per_head_usd"].iloc[-1]) if len(both) else None

    def yearly(self, role: str, lasting: bool = True) -> float | None:
        """USD a year that a side loses for good, or in the first year: the middle of the runs."""
        change = self.result("welfare")
        values = getattr(change, "real_income" if lasting else "first_year", None)
        income = getattr(change, "income", None)
        code = self.code(role)
        if values is None or income is None or code not in values["region"].values:
            return None
        runs = _runs(values.sel(region=code).values)
        return float(-np.median(runs) / 100 * float(income.sel(region=code)) * MILLION)

    @cached_property
    def levers(self) -> list[Lever]:
        """What the loss follows, the strongest first; empty without runs or where nothing moves it."""
        measure = self.lost if self.lost is not None and np.ptp(self.lost) > 0 else None
        if measure is None and self.short is not None and 0 < self.short.mean() < 1:
            measure = self.short.astype(float)
        if measure is None:
            return []
        values = sample(self.case.parameters, self.runs, self.assessment.seed).values
        goal, found, elsewhere = _ranks(measure), [], _of_endings()
        for key, row in self.case.parameters.items():
            drawn = np.asarray(values[key][1:], dtype=float)
            if key in elsewhere or row.high <= row.low or len(drawn) != len(goal) or np.ptp(drawn) == 0:
                continue
            rank = float(np.corrcoef(_ranks(drawn), goal)[0, 1])
            words, axis = self._told(key, row)
            found.append(
                Lever(key, words, axis, drawn, rank, (row.low, row.central, row.high), row.unit, row.status == "memory")
            )
        return sorted(
            (one for one in found if abs(one.rank) > 2.5 / np.sqrt(len(goal))), key=lambda one: -abs(one.rank)
        )

    def _told(self, key: str, row: Any) -> tuple[str, str]:
        stem, _, of = key.partition(".")
        words, axis = LEVERS.get(stem, ("", ""))
        product = self.products.get(of, "")
        meaning = (row.meaning or stem.replace("_", " ")).split(",")[0].split(";")[0]
        words = words.replace("the sender’s", say.whose(self.name("sender"))) or _fit(
            meaning if len(meaning) < 60 else stem.replace("_", " ")
        )
        axis = (
            axis.replace("The sender’s", say.whose(self.name("sender"), True))
            or f"{meaning[:1].upper()}{meaning[1:]}, {row.unit}"
        ).format(target=self.name("target"))
        return (
            (f"{words}, for {product}", f"{axis} ({product})") if product and len(self.products) > 1 else (words, axis)
        )

    def curve(self, lever: Lever, points: int = 13) -> list[dict[str, float]]:
        """Loss (USD billion) and chance along a lever: near runs weigh most (a bell over their ranks)."""
        if self.lost is None or self.short is None:
            return []
        order = np.argsort(lever.values)
        x, lost, short = lever.values[order], self.lost[order] / 1e9, self.short[order]
        reach, found = 0.1, []
        for at in np.linspace(np.quantile(x, 0.03), np.quantile(x, 0.97), points):
            place = np.searchsorted(x, at) / len(x)
            weight = np.exp(-((((np.arange(len(x)) + 0.5) / len(x)) - place) ** 2) / (2 * reach**2))
            weight /= weight.sum()
            low, high = _weighted(lost, weight, 0.1), _weighted(lost, weight, 0.9)
            found.append(
                {
                    "x": float(at),
                    "mean": float(weight @ lost),
                    "low": low,
                    "high": high,
                    "chance": float(weight @ short),
                }
            )
        return found

    def where(self, mask: Mask) -> tuple[float, float] | None:
        """(chance, expected USD) among some of the runs."""
        if self.short is None or self.lost is None or not mask.any():
            return None
        return float(self.short[mask].mean()), float(self.lost[mask].mean())

    @cached_property
    def cut(self) -> list[tuple[str, Array]]:
        """By product: change of imports from the sender in the first year (run,), share of the year before."""
        return [
            (of, values / 100)
            for (metric, of), values in self.predictions.items()
            if metric == "imports_change_12m" and of in self.products
        ]

    @property
    def blind_to_measures(self) -> bool:
        """Whether the forecast day knew of no cut: imports go on, nothing runs short and nothing is lost."""
        calm = self.lost is None or abs(float(np.median(self.lost))) < say.UNMEASURED
        goes_on = bool(self.cut) and all(np.median(values) > -0.03 for _, values in self.cut)
        return goes_on and calm and not (self.chance or 0)

    @cached_property
    def scores(self) -> Any:
        """The scored outcomes, or None."""
        card = self.result("evidence")
        scores = getattr(card, "scores", None)
        return None if scores is None else scores[scores["state"] == "scored"]

    @cached_property
    def checked(self) -> tuple[int, int]:
        """(inside, of): measured outcomes inside our ranges; what a study computed is no outcome."""
        if self.scores is None:
            return 0, 0
        measured = self.scores[(self.scores["kind"] == "observed") & self.scores["inside"].notna()]
        return int(measured["inside"].sum()), len(measured)

    @property
    def ended(self) -> bool:
        """Whether what came is known at all."""
        return self.scores is not None and len(self.scores) > 0


def _fit(words: str) -> str:
    """A parameter's own words where they can stand in a sentence; else that it is an assumption of the model."""
    return "an assumption of the model" if say.FORBIDDEN.search(words) or "{" in words else words


@cache
def _of_endings() -> frozenset[str]:
    """Parameters of the rooms that come after the loss; whatever follows them by chance does not move it."""
    names: set[str] = set()
    for room in ("bargaining", "triangle", "hazards", "scorecard"):
        place = files("geoecon") / room / "defaults.csv"
        if place.is_file():
            with place.open(encoding="utf-8") as lines:
                names |= {row["name"] for row in csv.DictReader(lines)}
    return frozenset(names)


def _runs(values: Any) -> Array:
    """The runs of an array by draw, without the one at mid values."""
    found = np.asarray(values, dtype=float)
    return found[1:] if found.ndim and len(found) > 1 else found


def _ranks(values: Array) -> Array:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float)


def _weighted(values: Array, weight: Array, share: float) -> float:
    order = np.argsort(values)
    place = int(np.searchsorted(np.cumsum(weight[order]), share))
    return float(values[order][min(place, len(values) - 1)])
