"""An assessment by stage and by side: its results and figures, and who is whom in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from geoecon.bargaining import DisputeForecast, Tracks
    from geoecon.case import Case
    from geoecon.figure import Figure
    from geoecon.indicators import Dependence
    from geoecon.line import Assessment
    from geoecon.result import Result


@dataclass(frozen=True)
class Sides:
    """What an assessment holds, and the states and goods of its case as they are named in sentences."""

    assessment: Assessment

    @property
    def case(self) -> Case:
        return self.assessment.case

    @property
    def runs(self) -> int:
        return int(self.assessment.draws)

    def result(self, stage: str) -> Result | None:
        """A stage's result, or None."""
        return self.assessment.results.get(stage)

    def sources(self, stage: str) -> frozenset[str]:
        """The citations behind a stage, none where it has no result."""
        result = self.result(stage)
        return frozenset() if result is None else result.sources

    def figure(self, stage: str, key: str) -> Figure | None:
        """A figure of a stage as it is told everywhere, or None."""
        return self.assessment.told.get(stage, {}).get(key)

    @property
    def forecast(self) -> DisputeForecast | None:
        """How the dispute ends, or None."""
        return cast("DisputeForecast | None", self.result("bargaining"))

    @property
    def tracks(self) -> Tracks | None:
        return cast("Tracks | None", self.result("tracks"))

    @property
    def trade(self) -> Dependence | None:
        return cast("Dependence | None", self.result("trade"))

    def name(self, role: str) -> str:
        """The state in a role in words, or ""."""
        return next(map(self.case.name_of, self.case.in_role(role)), "")

    def code(self, role: str) -> str:
        return next(iter(self.case.in_role(role)), "")

    @property
    def refuses(self) -> bool:
        """Whether the sender refuses to buy, so that the target is the seller."""
        return self.case is not None and self.case.buyer != self.case.target

    @property
    def buyer(self) -> str:
        """Whose imports the goods of the case are, in words."""
        return self.name("sender" if self.refuses else "target")

    @property
    def seller(self) -> str:
        return self.name("target" if self.refuses else "sender")

    @property
    def sellers(self) -> str:
        """All who sell: several senders can act together."""
        return self.seller if self.refuses else self.case.senders_name

    @property
    def services(self) -> bool:
        """Whether what is withheld crosses no border as a good: visitors who stay away."""
        from geoecon.lexicon import goods

        known = [goods().get(product.id) for product in self.case.products]
        return bool(known) and all(good is not None and good.is_service for good in known)

    @property
    def of_value_added(self) -> str:
        """What a loss is of, said where the sales lost stand beside it."""
        return " of value added" if self.refuses else ""

    @cached_property
    def products(self) -> dict[str, str]:
        return {product.id: product.name for product in self.case.products}
