"""leverage: who of two countries could hurt the other more, product by product, in all, and over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import narwhals as nw
import numpy as np
import pandas as pd

from geoecon import countries, lexicon
from geoecon.errors import InputError
from geoecon.figure import Figure, number
from geoecon.flows import COLUMNS, engine, read_flows, unspecified_product
from geoecon.indicators import complete, costliest, measure, stream
from geoecon.indicators.complete import SOLE, unnamed
from geoecon.indicators.measure import Options
from geoecon.indicators.stream import Question
from geoecon.result import Result

if TYPE_CHECKING:
    from typing import Unpack

    import altair as alt

    from geoecon.flows import Flows, TableReading
    from geoecon.kinds import Frame, Rows


@dataclass(frozen=True)
class Leverage(Result):
    """Both directions between two countries. `products` has a row for each product and direction, `paths` one for
    each period: loss (USD) of each side without the other, and the balance (USD, above zero: the first has more).

    `power_of_one` and `power_of_other` are the other side's loss of access over all products, in log-loss of its
    imports.
    """

    one: str
    other: str
    products: pd.DataFrame
    paths: pd.DataFrame
    vintage: str
    sources: frozenset[str]
    names: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # of the reader of the file

    METHOD: ClassVar[str] = (
        "The loss of the buyer when the seller shuts off a product is −ln(1 − w)/(σ − 1) times its purchases (Clayton, "
        "Maggiori & Schreger), w being the seller's share in its imports. What a seller loses is bounded by its sales "
        "to the buyer over all its sales (Hirschman 1945). The balance of leverage is what one could cost the other "
        "less what the other could cost it, over all products. Coercive power is the same loss as a share of all the "
        "buyer's imports: −ln(1 − w)/(σ − 1) times the product's share in them, summed. Sole suppliers have no finite "
        "cost: they enter with a millionth of the imports from elsewhere, and their number is shown beside."
    )

    def to_frame(self) -> pd.DataFrame:
        return self.products.assign(vintage=self.vintage)

    def summary(self) -> pd.DataFrame:
        """The six products of each direction by which one could hurt the other most."""
        last = self.products[self.products["period"] == self.paths["period"].iloc[-1]]
        top = pd.concat([part.nlargest(6, "rank_cost") for _, part in last.groupby("exporter", sort=False)])
        return pd.DataFrame(
            {
                "who could hurt": top["exporter"].map(countries.name),
                "whom": top["importer"].map(countries.name),
                "product": [self.names.get(p, p)[:60] for p in top["product"]],
                "trade (USD million)": top["value_usd"] / 1e6,
                "share of the buyer's imports": top["import_share"],
                "share of the seller's sales": top["market_share_of_sales"],
                "cost to the buyer (USD million)": top["cutoff_cost"] / 1e6,
                "why empty": top["reason"],
            }
        ).reset_index(drop=True)

    def figures(self) -> dict[str, Figure]:
        row = self.paths.iloc[-1]
        label = f"what {countries.name(self.one)} could cost {countries.name(self.other)} less the reverse"
        found = {"balance": Figure(_known(row["balance"]), "USD", row["period"], self.sources, label=label)}
        for side, key in ((self.one, "cost_of_one"), (self.other, "cost_of_other")):
            words = f"what a cut-off by {countries.name(side)} would cost the other side"
            found[f"power.{side}"] = Figure(_known(row[key]), "USD", row["period"], self.sources, label=words)
        return found

    def sentence(self) -> str:
        row = self.paths.iloc[-1]
        stronger, weaker = (self.one, self.other) if row["balance"] > 0 else (self.other, self.one)
        one, other = float(row["cost_of_one"]), float(row["cost_of_other"])
        if one != one:
            stronger, weaker = self.other, self.one
        elif other != other:
            stronger, weaker = self.one, self.other
        high, low = np.nanmax([one, other]), np.nanmin([one, other])
        reverse = f"{number(low / 1e6)} million USD"
        if row["balance"] != row["balance"]:
            reverse = f"is unknown: the table holds no imports of {countries.name(stronger)}"
        count = self.products["product"].nunique()
        return (
            f"In {row['period']}, over the {'one product' if count == 1 else f'{count} products'} of the table, a stop "
            f"of sales by {countries.name(stronger)} would cost "
            f"{countries.name(weaker)} {number(high / 1e6)} million USD, the reverse {reverse}.{self._sole()}"
        )

    def _sole(self) -> str:
        """What has no finite cost and how it stands in the sums, where there is such a product."""
        row = self.paths.iloc[-1]
        told = [f"{int(row[key])} of {countries.name(side)}" for side, key in
                ((self.one, "sole_of_one"), (self.other, "sole_of_other")) if row[key] > 0]  # fmt: skip
        if not told:
            return ""
        why = "whose cost has no finite value, count as if a millionth of the imports came from elsewhere"
        return f" Products with a sole supplier ({', '.join(told)}), {why}."

    def chart(self) -> alt.VConcatChart:
        """What each side could cost the other, over time, or by product where one period is known."""
        from geoecon import charts

        words = {"cost_of_one": countries.name(self.one), "cost_of_other": countries.name(self.other)}
        subtitle = f"USD million: cost to the other side of a full stop of sales; {self.vintage}"
        if len(self.paths) > 1:
            lines = self.paths.melt("period", list(words), "who", "cost")
            lines["who"], lines["cost"] = "stop by " + lines["who"].map(words), lines["cost"] / 1e6
            lines["year"] = pd.to_datetime(
                lines["period"].str[:7].where(lines["period"].str.len() > 4, lines["period"] + "-01")
            )
            chart = charts.path(
                lines[["year", "who", "cost"]], "year", "cost", color="who", y_title="USD million", zero=True
            )
        else:
            bars = self.summary()
            bars["label"] = bars["product"] + " to " + bars["whom"]
            bars = bars.rename(columns={"cost to the buyer (USD million)": "cost", "who could hurt": "who"})
            chart = charts.bars(
                bars[["label", "cost", "who"]].dropna(), "label", "cost", color="who", x_title="USD million"
            )
        return charts.finish(chart, self.sentence(), subtitle, self.sources)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def leverage(
    flows: Rows | Flows,
    one: str,
    other: str,
    *,
    period: str | Iterable[str] | None = None,
    elasticity: float | Mapping[str, float] = 4.0,
    domestic_share: float | Mapping[str, float] = 0.0,
    on: str | None = None,
    **reading: Unpack[TableReading],
) -> Leverage:
    """What each of two countries could cost the other by stopping its sales, product by product and over time.

    `flows` is anything that `read_flows` takes, or "sample". All periods of the table unless some are named; further
    arguments are those of `read_flows`. Raises
    InputError where the two do not trade.
    """
    if one == other:
        raise InputError(f"leverage of {one} over itself; allowed: two countries")
    known = read_flows(flows, on=on, **reading)
    one, other = lexicon.code(one), lexicon.code(other)
    if period is not None:
        has, asked = known.periods(), [period] if isinstance(period, str) else list(period)
        if lacking := [each for each in asked if each not in has]:
            raise InputError(f"period {', '.join(lacking)}; allowed: " + ", ".join(has[-12:]))
        known = known.select(period=asked)
    elif len(level := known.level()) < len(known.periods()):
        known = known.select(period=level)  # years beside months: one kind over time
    options = Options(
        elasticity, domestic_share, preset=(), world=known.scope == "world", leftover=unnamed(known.sellers())
    ).checked()
    rows = known.frame.select(*COLUMNS).filter(~unspecified_product() & (nw.col("value_usd") > 0))
    pair = (nw.col("exporter").is_in([one, other])) & (nw.col("importer").is_in([one, other]))
    codes = list(engine.collect(rows.filter(pair).select("product").unique())["product"])
    table = _directions(costliest.of_products(rows, codes), Question(options, pair=(one, other)))
    if not len(table):
        for side in (one, other):
            if not countries.is_known(side):
                countries.resolve(side)  # names what is near
        raise InputError(f"{one} and {other} do not trade in this table; allowed: two countries that do")
    return Leverage(one, other, table, _paths(table, rows, one, other), known.label, known.sources,
                    known.product_names, known.coverage.said)  # fmt: skip


def _directions(rows: Frame, question: Question) -> pd.DataFrame:
    """Share, share of sales and cost for every product in both directions, in every period of the rows."""
    parts = [complete.frame(part) for part in stream.measured(stream.of_frame(rows), question)]
    names = ["import_share", "supplier_hhi", "market_share_of_sales", "asymmetry"]
    keep = [*measure.TRIPLE, "value_usd", "tonnes", "imports", *names, "cutoff_loss", "cutoff_cost", "rank_cost"]
    table = pd.concat(parts or [complete.frame(stream.nothing(question))], ignore_index=True)[keep]
    table["reason"] = np.where(table["cutoff_cost"].isna(), SOLE, "")
    order = ["period", "rank_cost", "product"]
    return table.sort_values(order, ascending=[True, False, True], ignore_index=True)


def _paths(table: pd.DataFrame, rows: Frame, one: str, other: str) -> pd.DataFrame:
    """By period: costs of both stops (NaN where the table holds no imports of the buyer), the balance, mutual trade as
    a share of all imports, sole supplies."""
    everything = rows.filter(nw.col("importer").is_in([one, other])).group_by("period", "importer")
    imports = engine.collect(everything.agg(nw.col("value_usd").sum().alias("all_imports")))
    total = imports.set_index(["period", "importer"])["all_imports"]
    found = []
    for period, part in table.groupby("period"):
        row: dict[str, Any] = {"period": period}
        for seller, buyer, key in ((one, other, "one"), (other, one, "other")):
            stop = part[part["exporter"] == seller]
            known = (period, buyer) in total.index  # whose imports the table does not hold, loses what is unknown
            row[f"cost_of_{key}"] = float(stop["rank_cost"].sum()) if known else np.nan
            row[f"sole_of_{key}"] = int(stop["cutoff_cost"].isna().sum())
            kept = stop[
                stop["value_usd"] > 0
            ]  # loss of access: log-loss of each product times its share of all imports
            lost = (kept["rank_cost"] / kept["value_usd"] * kept["imports"]).sum()
            row[f"power_of_{key}"] = float(lost / total.get((period, buyer), np.nan))
            row[f"share_of_{key}"] = float(stop["value_usd"].sum() / total.get((period, buyer), np.nan))
        row["balance"] = row["cost_of_one"] - row["cost_of_other"]
        row["power_balance"] = row["power_of_one"] - row["power_of_other"]
        row["asymmetry"] = row["share_of_one"] / row["share_of_other"] if row["share_of_other"] > 0 else np.nan
        found.append(row)
    return pd.DataFrame(found)
