"""What came of a forecast, and how much of it lay inside what was told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from geoecon.message.sides import Sides

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Checks(Sides):
    """The outcomes that are known, and those that were scored."""

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
