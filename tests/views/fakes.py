"""Results that keep the protocol and nothing more: what the pages must be content with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pandas as pd

import geoecon as ge
from geoecon import charts
from geoecon.figure import Figure
from geoecon.line import Assessment
from geoecon.result import Result as Base

STAGES = ("trade", "controls", "catchup", "disruption", "welfare", "losses", "alliance", "bargaining", "evidence")


@dataclass(frozen=True)
class Result(Base):
    """A small table with a band, its chart and its figures."""

    stage: str
    names: tuple[str, ...] = ("hydrogen fluoride", "photoresist")
    sources: frozenset[str] = frozenset({"A table of the ministry, 2019"})
    METHOD: ClassVar[str] = "A share is a part of a whole.\n    s = v / Σ v\nPaper (2020)."

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "product": self.names,
                "central": [40.0 + 10 * k for k in range(len(self.names))],
                "low": [35.0 + 10 * k for k in range(len(self.names))],
                "high": [44.0 + 10 * k for k in range(len(self.names))],
            }
        )

    def summary(self) -> pd.DataFrame:
        return self.to_frame().rename(columns={"central": "share, percent"})

    def chart(self) -> Any:
        drawn = charts.bars(self.to_frame(), "product", "central", x_title="percent")
        return charts.finish(drawn, f"{self.stage}: half comes from one place", "share, percent", self.sources)

    def figures(self) -> dict[str, Figure]:
        return {
            "share": Figure(
                40.0, "percent", "2019", self.sources, True, 35.0, 44.0, f"{self.stage}: share of {self.names[0]}"
            ),
            "other": Figure(None, "days", "2020", frozenset({"From memory"}), False, label="not known"),
        }

    def sentence(self) -> str:
        return f"In {self.stage}, 40 % (35 to 44) comes from one place."

    def predictions(self) -> dict[tuple[str, str], Any]:
        return {}


def assessment(**changes: Any) -> Assessment:
    """An assessment of the worked case with made-up results."""
    case = ge.load_case("japan-korea-2019")
    case = case.at(case.cutoffs[0])
    results = {stage: Result(stage) for stage in STAGES}
    made = Assessment(case, 20, 1, results, {}, {"case/trade.csv": "0" * 64})
    return replace(made, **changes)
