"""What the bands must hold and what they hold: thousands of cut-offs year by year, and the cases left out in turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from geoecon import tables
from geoecon.episodes import Record, Rolling, bars, rolling
from geoecon.figure import Figure, number
from geoecon.result import Result
from geoecon.scorecard import past_bands

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True)
class Bars(Result):
    """The table of bars: bar, reached, must, met; `trade` holds the rolling test, `cases` the cases' outcomes,
    each case judged by all others, `forward` by those that began before it."""

    trade: Rolling
    cases: pd.DataFrame
    forward: pd.DataFrame

    SHOWN: ClassVar[int] = 60
    METHOD: ClassVar[str] = Rolling.METHOD + (
        "\nMeasured outcomes of the cases (not studies), blind and told only what was known: each case's bands carry\n"
        "the errors of the other cases; as the last `make errors` found them. How classes are pooled was chosen after\n"
        "a first look at these cases, so leaving one out flatters it; the forward test, each case judged by those\n"
        "that began before it, is the harder one, and cases not shipped are the only fair one."
    )

    @property
    def sources(self) -> frozenset[str]:
        return self.trade.sources

    def table(self) -> pd.DataFrame:
        """Every bar, what was reached, and whether that is enough."""
        rows: list[tuple[str, float, str, bool]] = []
        for how, table in (("case left out", self.cases), ("judged by earlier cases alone", self.forward)):
            held, n = float(table["inside"].mean()), len(table)
            score, alone = float(table["score"].mean()), float(table["score_draws"].mean())
            name = f"{n} measured outcomes of {table['case'].nunique()} cases, in the 80 % band, {how}"
            rows.append((name, held, ".75 to .87", 0.75 <= held <= 0.87))
            rows.append((f"their interval score, {how}", score, f"< {alone:.2f} of the draws alone", score < alone))
        return pd.concat([bars(self.trade), pd.DataFrame(rows, columns=["bar", "reached", "must", "met"])],
                         ignore_index=True)  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        return self.trade.to_frame()

    def summary(self) -> pd.DataFrame:
        table = self.table()
        return table.assign(met=table["met"].map({True: "yes", False: "no"}))

    def figures(self) -> dict[str, Figure]:
        return {
            f"bar_{place}": Figure(row["reached"], "as the bar says", "out of sample", self.sources, label=row["bar"])
            for place, row in enumerate(tables.records(self.table()), 1)
        }

    def sentence(self) -> str:
        table = self.table()
        missed = table.loc[~table["met"].astype(bool), "bar"].tolist()
        tail = "; not met: " + "; ".join(missed) if missed else ""
        one = self.trade.find("imports", 1)
        held = one.average(one.inside(0.8))
        return (
            f"{len(table) - len(missed)} of {len(table)} bars are met{tail}. Of {number(len(one.seen))} cut-offs "
            f"forecast year by year, {100 * held:.0f} % had imports a year later in the band that said 80 %."
        )

    def chart(self) -> alt.VConcatChart:
        """Said and was, for every outcome of the rolling test."""
        import altair as alt

        from geoecon import charts

        table = self.trade.reliability()
        table["label"] = table["outcome"] + " +" + table["years after"].astype(str)
        tidy = table.melt(["test", "label"], [c for c in table if str(c).startswith("said")], "said", "was")
        tidy["said"] = tidy["said"].str.extract(r"(\d+)").astype(float) / 100
        spread = alt.Chart(tidy).mark_point(filled=True, size=50, opacity=0.7).encode(
            x=alt.X("said:Q", title="said", scale=alt.Scale(domain=[0.4, 1])),
            y=alt.Y("was:Q", title="was", scale=alt.Scale(domain=[0.4, 1])),
            color="test:N", tooltip=["label", "said", "was"],
        )  # fmt: skip
        line = alt.Chart(pd.DataFrame({"x": [0.4, 1.0]})).mark_line(color=charts.OTHER).encode(x="x:Q", y="x:Q")
        picture = alt.layer(line, spread).properties(width=charts.WIDTH // 2, height=charts.HEIGHT)
        return charts.finish(picture, self.sentence(), "share of outcomes inside bands that said so", self.sources)


def rolling_evidence(record: Record | None = None) -> Bars:
    """The rolling test on the record of cut-offs (that which ships, or the user's own), and the cases' bar."""
    return Bars(rolling(record), past_bands(), past_bands(earlier=True))
