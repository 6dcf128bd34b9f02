"""The numbers of an assessment, by run: what is lost, by whom and through what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geoecon.dates import MEAN_MONTH
from geoecon.message import phrases as say
from geoecon.message.shortages import LEAST, Array, Mask, Shortages, runs_of
from geoecon.spoken import little, little_words, of_either_sign

MILLION = 1e6
# who caused a loss: its name in the room of costs, colour, words
CAUSES = (
    ("licences", "amber", "the measures of {sender}"),
    ("retaliation", "plum", "retaliation"),
    ("boycott", "sand", "the boycott"),
)


@dataclass(frozen=True)
class Losses(Shortages):
    """What is lost, USD. Arrays run over the runs, without the one at mid values."""

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
    def lost(self) -> Array | None:
        """(run,) USD that the target loses over the horizon of the disruption."""
        path = self.result("disruption")
        values = getattr(path, "lost_value_added", None)
        if values is None or self.code("target") not in values["region"].values or self.runs < LEAST:
            return None
        return runs_of(values.sel(region=self.code("target")).values) * MILLION

    @cached_property
    def told_lost(self) -> Array:
        """(run,) USD lost with what such forecasts have been wrong by, where there is a record of it; else `lost`."""
        assert self.lost is not None
        path, key = self.result("disruption"), f"lost_value_added.{self.code('target')}"
        sample, figure = None if path is None else path.samples().get(key), self.figure("disruption", key)
        if sample is None or figure is None or figure.low is None:  # nothing above the solver's own error
            return self.lost
        told = runs_of(sample.told()) * MILLION
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
        return say.unbroken(little_words(middle, high)) if little(middle, high) else ""

    @property
    def users_lost(self) -> float:
        """USD that the industries of the target that use the goods lose in the first year, in the middle; 0 where the
        stage has no such figure."""
        figure = self.figure("disruption", "direct_loss.1y")
        return 0.0 if figure is None or figure.value is None else MILLION * figure.value

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
        middle = float(np.median(runs_of(values.sel(region=code).values))) if told is None else told
        return -middle / 100 * float(income.sel(region=code)) * MILLION

    def by_cause(self, total: float) -> list[tuple[float, str, str]]:
        """The target's first year by who caused it: (USD, colour, words), adding up to `total`; empty where one cause
        makes it all or a part is a gain."""
        values = getattr(self.result("welfare"), "attribution", None)
        if values is None or total <= 0:
            return []
        mine = values.sel(region=self.code("target")).transpose("draw", "player")
        parts = {str(name): float(-np.median(runs_of(mine.sel(player=name).values))) for name in mine["player"].values}
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
