"""The other chair: which levers of a sender cost the target more than the sender, and whom they hit besides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon import countries, lexicon, production, tables
from geoecon.case import default_parameters
from geoecon.errors import InputError, MissingData
from geoecon.figure import Array, Figure, cite
from geoecon.flows import Flows
from geoecon.indicators import FLOOR, loss
from geoecon.questions.exposure import in_table, in_text, product_name
from geoecon.questions.faults import refuse_case
from geoecon.questions.shares import shares, year_of_trade
from geoecon.result import ROWS, Result
from geoecon.spoken import SMALL, percent
from geoecon.triangle import allies

if TYPE_CHECKING:
    import altair as alt

PACTS = 2018
LEAST = 1e5  # USD a year: smaller flows are no lever
LARGE = 0.1  # of the dearest lever: what costs the target less is not called the best
COUNTED = (
    "Costs are income lost in a year, in the first round, at that trade. Also hit: who buys most from the other "
    "sellers, with the part of what they sell to others that the target would need. `ask` adds stocks, stopped plants "
    "and prices. `scan` and `leverage` count the cost on the sender's own deliveries alone, which is less."
)


@dataclass(frozen=True, eq=False)
class Levers(Result):
    """One row a lever (target, product): those that cost the target more than the sender first, the dearest first.

    `costs_them_usd` what losing the sender is worth to them; `sales_lost_usd` sales that find no other buyer, and
    `costs_me_usd` the value added of the sender's own economy in these; `ratio` of the two costs; `third` the largest
    other buyer from the sellers to whom the target must turn, `spillover` the part of their other sales that the
    target would need; `ally` the ally of the sender whose joining would add most, `ally_adds_usd` what it adds to the
    cost of the target.
    """

    table: pd.DataFrame
    sender: str
    target: str | None
    year: str
    origin: str
    notes: tuple[str, ...] = ()  # of the reader of the trade

    METHOD: ClassVar[str] = (
        "Cost to them: −ln(1 − w)/(σ − 1) times their purchases, w the sender's share (Clayton, Maggiori & Schreger).\n"
        "Cost to me: sales to the target, less the part that is sold elsewhere (prior), times the value added of the\n"
        "own economy in such exports, v'(I − A)⁻¹ of its domestic block (OECD TiVA): a loss of income, as theirs, net\n"
        "of what is bought or sold elsewhere. Spillover: the lost flow over what the other sellers deliver to others.\n"
        "An ally joins: the same cost at both shares together. First round only: no retaliation, no prices, no\n"
        "economy; `ask` has them."
    )

    @property
    def sources(self) -> frozenset[str]:
        return frozenset({self.origin, cite("world2022")})

    def to_frame(self) -> pd.DataFrame:
        return self.table

    def summary(self) -> pd.DataFrame:
        top = self.table.head(ROWS)
        return pd.DataFrame(
            {
                "target": top["target"].map(countries.name),
                "product": top["product"].map(product_name),
                "share of imports": [percent(share) for share in top["import_share"]],
                "costs them, USD a year": [in_table(value) for value in top["costs_them_usd"]],
                "costs me, USD a year": [in_table(value) for value in top["costs_me_usd"]],
                "also hit": [f"{countries.name(code)} ({percent(part)})" if code else "nobody"
                             for code, part in zip(top["third"], top["spillover"], strict=True)],
                "an ally adds": [f"{countries.name(code)}: {in_text(value)}" if code else "none"
                                 for code, value in zip(top["ally"], top["ally_adds_usd"], strict=True)],
            }
        )  # fmt: skip

    def caveats(self) -> tuple[str, ...]:
        """What the reader of the trade says, how many rows stand in the summary, and by what rule."""
        many = len(self.table)
        shown = "All levers are" if many == 1 else f"{min(ROWS, many)} of {many:,} levers are"
        rule = f"{shown} shown: first those that cost them more than {countries.name(self.sender)}, then the others, "
        rule += "each the dearest for them first."
        return (*super().caveats(), COUNTED, rule + (" --json has all." if many > ROWS else ""))

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
        """The first row, called best only where no lever below it costs them ten times as much; else both."""
        first, largest = self.table.iloc[0], self.table.iloc[int(self.table["costs_them_usd"].to_numpy().argmax())]
        me = countries.name(self.sender)
        whom = "anybody" if self.target is None else countries.name(self.target)
        them, mine = (float(first[name]) / 1e6 for name in ("costs_them_usd", "costs_me_usd"))
        most = float(largest["costs_them_usd"]) / 1e6
        if them <= mine or most < SMALL:
            at_most = f"more than {me} itself" if them <= mine else "what one could measure"
            return f"No lever of {me} costs {whom} {at_most}; the dearest for them is {self._told(largest)}."
        if them < LARGE * most:
            return (
                f"The levers of {me} that cost {whom} more than {me} are small, the largest {self._told(first)}; "
                f"the dearest for them is {self._told(largest)}."
            )
        return f"{me}'s best lever{'' if self.target is None else ' on ' + whom} is {self._told(first)}."

    def _told(self, row: pd.Series) -> str:
        where = f" to {countries.name(row['target'])}" if self.target != row["target"] else ""
        them, mine = (in_text(float(row[name])) for name in ("costs_them_usd", "costs_me_usd"))
        return f"{product_name(row['product'])}{where} (costs them {them}, {countries.name(self.sender)} {mine} a year)"

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
    """What a sender could withhold, with what it costs the target and the sender, both as lost income.

    The members of a group sell as one; those of a target buy each for itself, and are named.

    States are names or codes, `flows` the bundled trade or a file of your own. Levers that cost the target more than
    the sender stand first, then the others, each the dearest for the target first. Raises InputError for an unknown
    name or a sender without sales.
    """
    refuse_case(" ".join(filter(None, (sender, target))))
    me = lexicon.place(sender)
    rows, origin, notes = year_of_trade(flows, year)
    them = lexicon.place(target) if target is not None else None
    whole = shares(_as_one(rows, me))
    mine = whole[(whole["sender"] == me.code) & (whole["value_usd"] >= LEAST)]
    if them is not None:
        mine = mine[mine["target"].isin(them.states)]
    if not len(mine):
        raise InputError(f"{me.name} sells {target or 'nobody'} nothing in this trade; allowed: a sender with sales")
    resold = default_parameters()["resold_share"].central
    found = mine.rename(columns={"access_cost_usd": "costs_them_usd"}).assign(
        sales_lost_usd=lambda part: part["value_usd"] * (1 - resold)
    )
    pairs = zip(found["sender"], found["product"], strict=True)
    found["costs_me_usd"] = found["sales_lost_usd"] * [own_value_added(*pair) for pair in pairs]
    found["ratio"] = found["costs_them_usd"] / found["costs_me_usd"]
    dear, pays = found["costs_them_usd"].to_numpy(), (found["ratio"] > 1).to_numpy()
    found = found.iloc[np.lexsort((-dear, ~pays))]
    found = _with_third(found.reset_index(drop=True), whole, (me.code,))
    found = _with_ally(found, whole, me.states)
    columns = ["target", "product", "value_usd", "import_share", "sales_share", "costs_them_usd",
               "sales_lost_usd", "costs_me_usd", "ratio", "third", "spillover", "ally", "ally_adds_usd"]  # fmt: skip
    return Levers(found[columns], me.code, them.code if them else None, str(rows["period"].iloc[0]), origin, notes)


def _as_one(rows: pd.DataFrame, sender: lexicon.Place) -> pd.DataFrame:
    """The flows with the sales of a group's members summed under its code; what they sell each other is left out."""
    if set(sender.states) == {sender.code}:
        return rows
    sold, bought = (rows[side].isin(sender.states) for side in ("exporter", "importer"))
    rows = rows.assign(exporter=rows["exporter"].where(~sold, sender.code))[~(sold & bought)]
    return pd.DataFrame(rows.groupby(["exporter", "importer", "product"], as_index=False)["value_usd"].sum())


def own_value_added(state: str, product: str) -> float:
    """Value added of a state's own economy in a dollar of exports of a customs code, from 0 to 1.

    v'(I − A)⁻¹ of the domestic block of the world table (OECD, Trade in Value Added), the column of the industry that
    makes the product; of a state or a product that the table lacks the middle of all that it has.
    """
    table, industry = production.world(), _industry(product)
    every = _value_added_of(table)
    column = every[:, table.sectors.index(industry)] if industry else np.median(every, axis=1)
    return float(column[table.regions.index(state)] if state in table.regions else np.median(column))


@lru_cache(maxsize=1)
def _value_added_of(table: production.IOTable) -> Array:
    """(state, industry) domestic value added in a unit of output."""
    made = np.maximum(np.asarray(table.x, float), 1e-9)
    rows = []
    for state in table.regions:
        here = table.of(state)
        inputs = table.Z[here][:, here] / made[here]
        share = np.clip(np.asarray(table.value_added)[here] / made[here], 0, 1)
        rows.append(np.linalg.solve(np.eye(len(share)) - inputs.T, share))
    return np.asarray(np.clip(np.array(rows), 0, 1), float)


@cache
def _industry(product: str) -> str:
    """The industry of the world table that makes a customs code; empty where no list has it."""
    try:
        return lexicon.good(product).industry
    except InputError:
        return ""


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
        alone, together = loss([share, both], sigma, floor=FLOOR)
        names.append(str(ally["sender"]))
        adds.append(float((together - alone) * float(row["value_usd"]) / share))
    return found.assign(ally=names, ally_adds_usd=adds)
