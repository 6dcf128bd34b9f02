"""The other chair: which lever of a sender costs the target most and the sender least, and whom it hits besides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon import countries, lexicon, tables
from geoecon.case import default_parameters
from geoecon.errors import InputError, MissingData
from geoecon.figure import Figure
from geoecon.flows import Flows
from geoecon.questions.exposure import SOLE, product_name, shares, year_of_trade
from geoecon.result import Result
from geoecon.spoken import SMALL, money, percent
from geoecon.triangle import allies

if TYPE_CHECKING:
    import altair as alt

PACTS = 2018
LEAST = 1e5  # USD a year: smaller flows are no lever


@dataclass(frozen=True, eq=False)
class Levers(Result):
    """One row a lever (target, product), the best for the sender first.

    `costs_them_usd` what losing the sender is worth to them; `costs_me_usd` sales that find no other buyer;
    `ratio` of the two; `third` the largest other buyer from the sellers to whom the target must turn, `spillover` the
    part of their other sales that the target would need; `ally` the ally of the sender whose joining would add most,
    `ally_adds_usd` what it adds to the cost of the target.
    """

    table: pd.DataFrame
    sender: str
    target: str | None
    year: str
    origin: str
    notes: tuple[str, ...] = ()  # of the reader of the trade

    METHOD: ClassVar[str] = (
        "Cost to them: −ln(1 − w)/(σ − 1) times their purchases, w the sender's share (Clayton, Maggiori & Schreger).\n"
        "Cost to me: sales to the target, less the part that is sold elsewhere (prior). Spillover: the lost flow over\n"
        "what the other sellers deliver to others. An ally joins: the same cost at both shares together. First round\n"
        "only: no retaliation, no prices, no economy; `ask` has them."
    )

    @property
    def sources(self) -> frozenset[str]:
        return frozenset({self.origin})

    def to_frame(self) -> pd.DataFrame:
        return self.table

    def summary(self) -> pd.DataFrame:
        top = self.table.head(12)
        return pd.DataFrame(
            {
                "target": top["target"].map(countries.name),
                "product": top["product"].map(product_name),
                "share": [percent(share) for share in top["import_share"]],
                "costs them": [money(value / 1e6) for value in top["costs_them_usd"]],
                "costs me": [money(value / 1e6) for value in top["costs_me_usd"]],
                "hits besides": [f"{countries.name(code)} ({percent(part)})" if code else "nobody"
                                 for code, part in zip(top["third"], top["spillover"], strict=True)],
                "an ally adds": [f"{countries.name(code)}: {money(value / 1e6)}" if code else "none"
                                 for code, value in zip(top["ally"], top["ally_adds_usd"], strict=True)],
            }
        )  # fmt: skip

    def figures(self) -> dict[str, Figure]:
        first = self.table.iloc[0]
        label = f"{product_name(first['product'])} to {countries.name(first['target'])}"
        return {
            "costs_them": Figure(
                float(first["costs_them_usd"]), "USD", self.year, self.sources, label=f"cost of {label}"
            ),
            "costs_me": Figure(
                float(first["costs_me_usd"]), "USD", self.year, self.sources, label=f"own cost of {label}"
            ),
        }

    def sentence(self) -> str:
        first = self.table.iloc[0]
        me = countries.name(self.sender)
        them, mine = (float(first[name]) / 1e6 for name in ("costs_them_usd", "costs_me_usd"))
        if them <= mine or them < SMALL:
            whom = "anybody" if self.target is None else countries.name(self.target)
            at_most = f"more than {me} itself" if them <= mine else "what one could measure"
            least = f"{product_name(first['product'])} ({money(them)} against {money(mine)})"
            return f"No lever of {me} costs {whom} {at_most}; the least unequal is {least}."
        return (
            f"{me}'s best lever{'' if self.target is None else ' on ' + countries.name(self.target)} is "
            f"{product_name(first['product'])}"
            f"{' to ' + countries.name(first['target']) if self.target is None else ''}: it costs them "
            f"{money(them)} and {me} {money(mine)}."
        )

    def chart(self) -> alt.VConcatChart:
        import altair as alt

        from geoecon import charts

        top = self.table.head(40).assign(
            what=lambda rows: [f"{product_name(p)} to {countries.name(t)}" for p, t in
                               zip(rows["product"], rows["target"], strict=True)]
        )  # fmt: skip
        scale = alt.Scale(type="log")
        points = alt.Chart(top).mark_circle(size=90, color=charts.SENDER).encode(
            x=alt.X("costs_me_usd:Q", scale=scale, title="costs the sender, USD a year"),
            y=alt.Y("costs_them_usd:Q", scale=scale, title="costs the target, USD"), tooltip=["what"],
        )  # fmt: skip
        drawn = points.properties(width=charts.WIDTH, height=charts.HEIGHT)
        finished: alt.VConcatChart = charts.finish(drawn, self.sentence(), f"first round, {self.year}", self.sources)
        return finished


def levers(
    sender: str,
    target: str | None = None,
    *,
    flows: str | Path | pd.DataFrame | Flows = "sample",
    year: str | int | None = None,
) -> Levers:
    """What a sender could withhold: the dearest for the target and the cheapest for itself first.

    States are names or codes, `flows` the bundled trade or a file of your own. The order is by what it costs them, less
    what it costs the sender. Raises InputError for an unknown name or a sender without sales.
    """
    me = lexicon.place(sender)
    rows, origin, notes = year_of_trade(flows, year)
    table = shares(rows)
    whole = table.copy()
    mine = table[table["sender"].isin(me.states) & (table["value_usd"] >= LEAST)]
    if target is not None:
        mine = mine[mine["target"].isin(lexicon.place(target).states)]
    if not len(mine):
        raise InputError(f"{me.name} sells {target or 'nobody'} nothing in this trade; allowed: a sender with sales")
    resold = default_parameters()["resold_share"].central
    found = mine.rename(columns={"access_cost_usd": "costs_them_usd"}).assign(
        costs_me_usd=lambda part: part["value_usd"] * (1 - resold)
    )
    found["ratio"] = found["costs_them_usd"] / found["costs_me_usd"]
    found = found.iloc[np.argsort(-(found["costs_them_usd"] - found["costs_me_usd"]).to_numpy(), kind="stable")]
    found = _with_third(found.reset_index(drop=True), whole, me.states)
    found = _with_ally(found, whole, me.states)
    columns = ["target", "product", "value_usd", "import_share", "sales_share", "costs_them_usd", "costs_me_usd",
               "ratio",
               "third", "spillover", "ally", "ally_adds_usd"]  # fmt: skip
    code = lexicon.place(target).code if target is not None else None
    return Levers(found[columns], me.code, code, str(rows["period"].iloc[0]), origin, notes)


def _with_third(found: pd.DataFrame, whole: pd.DataFrame, me: tuple[str, ...]) -> pd.DataFrame:
    """Who leans most on the sellers to whom the target must turn, and the part of their other sales it would need."""
    others = whole[~whole["sender"].isin(me)]
    market = others.groupby("product")["value_usd"].sum().to_dict()
    summed = others.groupby(["product", "target"])["value_usd"].sum().reset_index()
    pairs = sorted(tables.records(summed), key=lambda row: -float(row["value_usd"]))
    bought = {(str(row["product"]), str(row["target"])): float(row["value_usd"]) for row in pairs}
    largest: dict[str, list[str]] = {}
    for product, buyer in bought:
        largest.setdefault(product, []).append(buyer)
    third, spill = [], []
    for row in tables.records(found):
        product, target = str(row["product"]), str(row["target"])
        rest = float(market.get(product, 0.0)) - bought.get((product, target), 0.0)
        names = [code for code in largest.get(product, []) if code != target and code not in me]
        third.append(names[0] if names else "")
        spill.append(min(float(row["value_usd"]) / rest, 1.0) if rest > 0 else 1.0)
    return found.assign(third=third, spillover=spill)


def _with_ally(found: pd.DataFrame, whole: pd.DataFrame, me: tuple[str, ...]) -> pd.DataFrame:
    """The ally of the sender whose joining adds most to what the target would lose."""
    friends: set[str] = set()
    for state in me:
        try:
            friends |= set(allies(state, PACTS))
        except MissingData:
            continue
    sigma = default_parameters()["supplier_elasticity"].central
    joined = whole[whole["sender"].isin(friends - set(me))]
    joined = joined.iloc[np.argsort(joined["import_share"].to_numpy(), kind="stable")]
    best = {(str(row["target"]), str(row["product"])): row for row in tables.records(joined)}  # the largest stays
    names, adds = [], []
    for row in tables.records(found):
        ally = best.get((str(row["target"]), str(row["product"])))
        if ally is None or ally["sender"] == row["target"]:
            names.append("")
            adds.append(0.0)
            continue
        share = float(row["import_share"])
        both = share + float(ally["import_share"])
        more = -np.log(max(1 - both, SOLE)) + np.log(max(1 - share, SOLE))
        names.append(str(ally["sender"]))
        adds.append(float(more / (sigma - 1) * float(row["value_usd"]) / share))
    return found.assign(ally=names, ally_adds_usd=adds)
