"""What an assessment found, as the few numbers that a person asks for; everything said is made from these.

Nothing here is worded. Each number is None, or a table empty, where a stage did not run or has no such result.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoecon.capacity import shuns
from geoecon.dates import MEAN_MONTH
from geoecon.spoken import little, little_words, of_either_sign
from geoecon.views import phrases as say
from geoecon.views.levers import Lever, levers
from geoecon.views.sides import Sides

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
MILLION = 1e6
# who caused a loss: its name in the room of costs, colour, words
CAUSES = (
    ("licences", "amber", "the measures of {sender}"),
    ("retaliation", "plum", "retaliation"),
    ("boycott", "sand", "the boycott"),
)
LEAST = 20  # runs that carry a chance, a middle or a curve


@dataclass(frozen=True)
class Findings(Sides):
    """The numbers of one assessment. Arrays run over the runs, without the one at mid values."""

    @cached_property
    def sales_lost(self) -> tuple[float, float, float] | None:
        """USD of sales that a refusing buyer takes from the target and that find no other: middle, low, high."""
        figure = self.figure("disruption", f"sales_lost.{self.code('target')}") if self.refuses else None
        if figure is None or figure.value is None or self.runs < LEAST:
            return None
        ends = (figure.value if end is None else end for end in (figure.low, figure.high))
        low, high = (MILLION * max(end, 0.0) for end in ends)
        return MILLION * figure.value, low, high

    @cached_property
    def predictions(self) -> dict[tuple[str, str], Array]:
        """Everything that the stages forecast, by (metric, of); runs only."""
        found: dict[tuple[str, str], Array] = {}
        for stage, result in self.assessment.results.items():
            if stage == "precedents":  # a forecast of its own, beside the line's
                continue
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
    def told_lost(self) -> Array:
        """(run,) USD lost with what such forecasts have been wrong by, where there is a record of it; else `lost`."""
        assert self.lost is not None
        path, key = self.result("disruption"), f"lost_value_added.{self.code('target')}"
        sample, figure = None if path is None else path.samples().get(key), self.figure("disruption", key)
        if sample is None or figure is None or figure.low is None:  # nothing above the solver's own error
            return self.lost
        told = _runs(sample.told()) * MILLION
        return told if len(told) == len(self.lost) else self.lost

    @property
    def with_past_error(self) -> bool:
        """Whether the headline's band holds what such forecasts have been wrong by: "times", not "runs"."""
        return (
            self.lost is not None and self.told_lost is not self.lost and not np.array_equal(self.told_lost, self.lost)
        )

    @cached_property
    def middle(self) -> tuple[float, float, float] | None:
        """USD lost: the middle, and the band of eight times in ten."""
        if self.lost is None:
            return None
        low, middle, high = (float(np.quantile(self.told_lost, share)) for share in (0.1, 0.5, 0.9))
        return middle, low, high

    @property
    def unclear(self) -> bool:
        """Whether the band of the loss reaches about as far to gains as to losses, so that it tells no size."""
        low, high = self.middle[1:] if self.middle else (0.0, 0.0)
        return of_either_sign(low / MILLION, high / MILLION)

    @property
    def little(self) -> str:
        """How much the loss is and at most, in words, where its middle is small beside the band; else ""."""
        if self.middle is None or self.unclear:
            return ""
        middle, _, high = (usd / MILLION for usd in self.middle)
        return little_words(middle, high).replace(" million", f"{say.NBSP}million") if little(middle, high) else ""

    @cached_property
    def sender_lost(self) -> float | None:
        """USD that the sender loses over the horizon, in the middle."""
        figure = self.figure("disruption", f"lost_value_added.{self.code('sender')}")
        return None if figure is None or figure.value is None or self.runs < LEAST else MILLION * figure.value

    @cached_property
    def if_short(self) -> float | None:
        """USD lost in the middle of the runs with a shortage: `middle` where all have one; None where too few runs are
        on one of the sides."""
        return None if self.short is None else self._middle_of(self.short)

    @cached_property
    def if_not(self) -> float | None:
        """The same of the runs without a shortage."""
        return None if self.short is None else self._middle_of(~self.short)

    def _middle_of(self, side: Mask) -> float | None:
        """The middle of one side where it is all of the runs, or both sides hold LEAST of them."""
        if side.all():
            return None if self.middle is None else self.middle[0]
        told = min(side.sum(), (~side).sum()) >= LEAST
        return float(np.median(self.lost[side])) if self.lost is not None and told else None

    @cached_property
    def horizon_months(self) -> float:
        return float(self.case.horizon_days) / MEAN_MONTH

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
        """USD a year that a side loses, in the middle: for good as the path of `middle` ends (in a run without one, in
        trade alone), or in the first year by trade alone. None where not even the sign is known."""
        later = self.figure("disruption", f"lost_later.{self.code(role)}") if lasting else None
        if later is not None and later.value is not None:
            unclear = later.low is not None and later.high is not None and of_either_sign(later.low, later.high)
            return None if unclear else MILLION * later.value
        change = self.result("welfare")
        values = getattr(change, "real_income" if lasting else "first_year", None)
        income = getattr(change, "income", None)
        code = self.code(role)
        if values is None or income is None or code not in values["region"].values:
            return None
        figure = self.figure("welfare", f"{'real_income' if lasting else 'first_year'}.{code}")
        told = None if figure is None else figure.value
        middle = float(np.median(_runs(values.sel(region=code).values))) if told is None else told
        return -middle / 100 * float(income.sel(region=code)) * MILLION

    def by_cause(self, total: float) -> list[tuple[float, str, str]]:
        """The target's first year by who caused it: (USD, colour, words), adding up to `total`; empty where one cause
        makes it all or a part is a gain."""
        values = getattr(self.result("welfare"), "attribution", None)
        if values is None or total <= 0:
            return []
        mine = values.sel(region=self.code("target")).transpose("draw", "player")
        parts = {str(name): float(-np.median(_runs(mine.sel(player=name).values))) for name in mine["player"].values}
        whole = sum(parts.values())
        if (
            whole <= 0
            or min(parts.values()) < -0.02 * whole
            or sum(value > 0.02 * whole for value in parts.values()) < 2
        ):
            return []
        return [
            (max(value, 0) / whole * total, colour, words.format(sender=say.land(self.name("sender"))))
            for name, colour, words in CAUSES
            if (value := parts.get(name, 0.0)) > 0.02 * whole
        ]

    @cached_property
    def levers(self) -> list[Lever]:
        """What the loss follows, the strongest first; empty without runs or where nothing moves it."""
        return levers(self)

    def where(self, mask: Mask) -> tuple[float, float] | None:
        """(chance, USD lost in the middle) among some of the runs."""
        if self.short is None or self.lost is None or not mask.any():
            return None
        return float(self.short[mask].mean()), float(np.median(self.told_lost[mask]))

    @cached_property
    def cut(self) -> list[tuple[str, Array]]:
        """By product: change of imports from the sender in the first year (run,), share of the year before."""
        return [
            (of, values / 100)
            for (metric, of), values in self.predictions.items()
            if metric == "imports_change_12m" and of in self.products
        ]

    @property
    def shunned(self) -> bool:
        """Whether the sender, as known on the day of the forecast, stays away from what the target sells it."""
        return shuns(self.case)

    @property
    def refused(self) -> dict[str, str]:
        """Product by measure, of what the senders no longer buy."""
        return {row.id: row.flow.product for row, _ in getattr(self.result("controls"), "refused", ())}

    def cut_told(self, key: str, values: Array) -> tuple[float, float, float]:
        """(low, middle, high) of a product's first year, per cent, as its figure tells it; else of the runs."""
        keys = (f"imports_change.{key}", *(f"refused_change.{one}" for one in self.refused if self.refused[one] == key))
        figure = next(filter(None, (self.figure("controls", one) for one in keys)), None)
        if figure is not None and figure.low is not None and figure.value is not None and figure.high is not None:
            return float(figure.low), float(figure.value), float(figure.high)
        low, middle, high = (100 * float(np.quantile(values, share)) for share in (0.1, 0.5, 0.9))
        return low, middle, high

    @property
    def blind_to_measures(self) -> bool:
        """Whether the forecast day knew of no cut: imports go on, nothing runs short and nothing is lost."""
        calm = self.lost is None or abs(float(np.median(self.lost))) < say.UNMEASURED
        goes_on = bool(self.cut) and all(np.median(values) > -0.03 for _, values in self.cut)
        known = self.refuses and bool(self.refused)
        return goes_on and calm and not known and not (self.chance or 0)

    @cached_property
    def scores(self) -> pd.DataFrame | None:
        """The scored outcomes, or None."""
        card = self.result("evidence")
        scores = getattr(card, "scores", None)
        return None if scores is None else scores[scores["state"] == "scored"]

    @cached_property
    def readings(self) -> dict[str, str]:
        """By outcome_id: as what it was measured, " (by weight)", where one thing was measured in several ways."""
        if self.scores is None:
            return {}
        from geoecon.scorecard import read_outcomes

        table = read_outcomes(self.case)
        several = table[table.duplicated(["metric", "of", "kind"], keep=False) & table["reading"].notna()]
        return {str(key): f" ({words})" for key, words in zip(several["outcome_id"], several["reading"], strict=True)}

    @cached_property
    def checked(self) -> tuple[int, int]:
        """(inside, of): measured outcomes inside our ranges; what a study computed is no outcome."""
        if self.scores is None:
            return 0, 0
        measured = self.measured
        return int(measured["told_inside"].sum()), len(measured)

    @cached_property
    def measured(self) -> pd.DataFrame:
        """The measured outcomes with the ranges that were told: with past error where there is a record of it.

        Columns told_low, told_middle, told_high, told_inside.
        """
        assert self.scores is not None
        rows = self.scores[(self.scores["kind"] == "observed") & self.scores["inside"].notna()]
        pairs = (("low", "low"), ("middle", "central"), ("high", "high"), ("inside", "inside"))
        told = {
            f"told_{name}": rows[f"past_{name}"].fillna(rows[own]) if f"past_{name}" in rows else rows[own]
            for name, own in pairs
        }
        return rows.assign(**told)

    @property
    def ended(self) -> bool:
        """Whether what came is known at all."""
        return self.scores is not None and len(self.scores) > 0


def _runs(values: ArrayLike) -> Array:
    """The runs of an array by draw, without the one at mid values."""
    found = np.asarray(values, dtype=float)
    return found[1:] if found.ndim and len(found) > 1 else found
