"""Numbers of an assessment, by run, as the pages need them; nothing here is worded, nothing is chosen.

Each number is None, or a table empty, where a stage did not run or has no such result.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geoecon.message import phrases as say
from geoecon.message.checks import Checks
from geoecon.message.levers import Lever, levers
from geoecon.message.losses import Losses
from geoecon.message.shortages import Mask


@dataclass(frozen=True)
class Findings(Losses, Checks):
    """The numbers of one assessment. Arrays run over the runs, without the one at mid values."""

    @cached_property
    def levers(self) -> list[Lever]:
        """What the loss follows, the strongest first; empty without runs or where nothing moves it."""
        return levers(self)

    def where(self, mask: Mask) -> tuple[float, float] | None:
        """(chance, USD lost in the middle) among some of the runs."""
        if self.short is None or self.lost is None or not mask.any():
            return None
        return float(self.short[mask].mean()), float(np.median(self.told_lost[mask]))

    @property
    def blind_to_measures(self) -> bool:
        """Whether the forecast day knew of no cut: imports go on, nothing runs short and nothing is lost."""
        calm = self.lost is None or abs(float(np.median(self.lost))) < say.UNMEASURED
        goes_on = bool(self.cut) and all(np.median(values) > -0.03 for _, values in self.cut)
        known = self.refuses and bool(self.refused)
        return goes_on and calm and not known and not (self.chance or 0) and not self.asked

    @property
    def asked(self) -> bool:
        """Whether a question states the measure: what it does may be small, but it is no blind forecast."""
        measures = self.case.tables.get("measures")
        return measures is not None and "source_id" in measures and bool((measures["source_id"] == "question").any())
