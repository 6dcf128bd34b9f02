"""Which node and which edge matter: a table of industries and of flows by what their loss costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon.dates import YEAR
from geoecon.disruption.economy import Behaviour, Economy, build
from geoecon.disruption.progress import bar
from geoecon.disruption.shocks import Shocks
from geoecon.disruption.simulate import run
from geoecon.disruption.systemic import systemic_risk
from geoecon.errors import InputError
from geoecon.figure import Figure, cite, number
from geoecon.production import IOTable, read_table
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt
    from numpy.typing import NDArray

    from geoecon.figure import Array
    from geoecon.kinds import Ints


BATCH = 64


@dataclass(frozen=True, eq=False)
class Ranking(Result):
    """Industries by economic systemic risk, and flows by value added lost when they stop."""

    nodes: pd.DataFrame
    edges: pd.DataFrame
    days: int
    unit: str
    name: str
    sources: frozenset[str] = frozenset()
    notes: tuple[str, ...] = field(default=())

    METHOD: ClassVar[str] = (
        "Industries: economic systemic risk index (Diem et al. 2022), the share of all output lost when one stops, "
        "downstream through a generalised Leontief function and upstream through lost sales.\n"
        "Flows: each one is held at the given share of its base value for the given days in the input-output model "
        "by day (Hallegatte 2008, 2014); value added lost by importer, exporter and everybody.\n"
        "Limits: no prices; the flows tried are the largest ones, not all."
    )

    def to_frame(self) -> pd.DataFrame:
        """Both tables below each other, with a column `kind`."""
        return pd.concat([self.nodes.assign(kind="industry"), self.edges.assign(kind="flow")], ignore_index=True)

    def summary(self) -> pd.DataFrame:
        top = self.edges.head(6)
        lost = f"lost, {self.unit}"
        flows = pd.DataFrame({"what": "flow " + top["flow"], "value": top["lost_all"], "unit": lost})
        nodes = self.nodes.head(6)
        industries = pd.DataFrame(
            {"what": "industry " + nodes["industry"], "value": nodes["index"] * 100, "unit": "% of all output lost"}
        )
        return pd.concat([flows, industries], ignore_index=True)

    def figures(self) -> dict[str, Figure]:
        found = {}
        period = f"{self.days} days"
        for _, row in self.edges.head(3).iterrows():
            found[f"edge.{row['flow']}"] = Figure(float(row["lost_all"]), self.unit, period, self.sources,
                                                  label=f"value added lost when {row['flow']} stops")  # fmt: skip
        for _, row in self.nodes.head(3).iterrows():
            label = f"systemic risk of {row['industry']}"
            share = float(row["index"]) * 100
            found[f"node.{row['industry']}"] = Figure(share, "% of all output", "static", self.sources, label=label)
        return found

    def sentence(self) -> str:
        text = ""
        if len(self.edges):
            top = self.edges.iloc[0]
            text = f"The flow whose loss costs most is {top['flow']}: {number(float(top['lost_all']))} {self.unit} "
            text += f"of value added in {self.days} days. "
        node = self.nodes.iloc[0]
        index = number(float(node["index"]) * 100)
        return f"{text}The riskiest industry is {node['industry']}: {index} % of all output."

    def chart(self) -> alt.VConcatChart:
        """Flows by what their loss costs."""
        from geoecon import charts

        frame = self.edges.head(15)
        title = self.sentence().split(". ")[0]
        bars = charts.bars(frame, "flow", "lost_all", x_title=f"value added lost, {self.unit}")
        return charts.finish(bars, title, f"Value added lost in {self.days} days, {self.unit}", self.sources)


def rank(
    table: IOTable | str | Path,
    *,
    importer: str | None = None,
    exporter: str | None = None,
    top: int = 100,
    days: int = 365,
    cap: float = 0.0,
    switch: float = 0.0,
    behaviour: Behaviour | None = None,
    criticality: NDArray[np.int8] | None = None,
    repair: bool = False,
) -> Ranking:
    """Industries by systemic risk, and the `top` largest flows between regions by what holding them at `cap` costs.

    `importer` and `exporter` keep the flows into or out of a region, and the industries of these. `switch` is the
    share of what is missing that buyers can order elsewhere at once; `criticality` as in `build`; with every input
    critical the index of a large industry comes near one. Raises InputError for unknown regions and values out of
    range.
    """
    table = table if isinstance(table, IOTable) else read_table(table)
    faults = [
        f"{name} {region!r} is not in the table; allowed: {', '.join(table.regions)}"
        for name, region in (("importer", importer), ("exporter", exporter))
        if region is not None and region not in table.regions
    ]
    faults += [f"{n} {v:g}; allowed: 0 to 1" for n, v in (("cap", cap), ("switch", switch)) if not 0 <= v <= 1]
    if top < 1 or days < 1:
        faults.append(f"top {top}, days {days}; allowed: numbers from 1")
    if faults:
        raise InputError(faults)
    economy = build(table, behaviour, criticality=criticality, repair=repair)
    asked = [region for region in (importer, exporter) if region is not None]
    numbers = [i for i in range(economy.n) if not asked or economy.regions[i % len(economy.regions)] in asked]
    nodes = systemic_risk(economy, numbers)
    edges = rank_edges(economy, importer=importer, exporter=exporter, top=top, days=days, cap=cap, switch=switch)
    papers = ("disruption-diem-2022", "disruption-hallegatte-2008", "disruption-hallegatte-2014")
    sources = economy.sources | {cite(paper) for paper in papers}
    return Ranking(nodes.to_frame(), edges, days, economy.unit, table.name, sources, economy.repairs)


def rank_edges(
    economy: Economy, *, importer: str | None, exporter: str | None, top: int, days: int, cap: float, switch: float
) -> pd.DataFrame:
    """The largest flows between regions, each held at `cap` in a scenario of its own; costliest first."""
    _, R, n = economy.shares.shape
    flows = (economy.shares * economy.base_orders[:, None]).reshape(n, n).copy()
    region = np.arange(n) % R
    flows[region[:, None] == region[None, :]] = 0
    if importer is not None:
        flows[:, region != economy.regions.index(importer)] = 0
    if exporter is not None:
        flows[region != economy.regions.index(exporter)] = 0
    order = np.argsort(-flows, axis=None, kind="stable")[:top]
    seller, buyer = (at[flows.ravel()[order] > 0] for at in np.unravel_index(order, flows.shape))
    parts = [np.zeros((0, R))]
    with bar(what="flows held") as tell:
        for first in range(0, len(seller), BATCH):
            some = slice(first, first + BATCH)

            def part(share: float, before: int = first, few: int = len(seller[some])) -> None:
                tell((before + share * few) / len(seller))

            parts.append(_lost(economy, seller[some], buyer[some], days, cap, switch, part))
    lost = np.concatenate(parts)
    rows = np.arange(len(seller))
    frame = pd.DataFrame(
        {
            "flow": [f"{economy.labels[i]} → {economy.labels[j]}" for i, j in zip(seller, buyer, strict=True)],
            "exporter": [economy.regions[r] for r in region[seller]],
            "importer": [economy.regions[r] for r in region[buyer]],
            "value": flows[seller, buyer] * YEAR,
            "lost_importer": lost[rows, region[buyer]],
            "lost_exporter": lost[rows, region[seller]],
            "lost_all": lost.sum(axis=1),
        }
    )
    frame = frame.sort_values("lost_all", ascending=False, kind="stable").reset_index(drop=True)
    frame.insert(0, "rank", range(1, len(frame) + 1))
    return frame


def _lost(
    economy: Economy, seller: Ints, buyer: Ints, days: int, cap: float, switch: float, progress: Callable[[float], None]
) -> Array:
    """(edge, region) value added lost when each edge in turn is capped."""
    B = len(seller)
    caps = np.where(np.eye(B, dtype=bool), cap, 1.0)
    shocks = Shocks(days, B, seller=seller, buyer=buyer, cap=np.broadcast_to(caps, (days, B, B)),
                    switch=np.full((days, B, B), switch))  # fmt: skip
    course = run(economy, shocks, keep=[], progress=progress)
    return np.asarray((economy.base_value_added[:, None] - course.value_added).sum(axis=0).T)
