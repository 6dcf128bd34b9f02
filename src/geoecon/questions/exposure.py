"""The world at once: what every buyer would lose if a seller stopped, by trade, leverage and precedents alone."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon import countries, lexicon
from geoecon.episodes import chances, forecast, shipped
from geoecon.errors import InputError, MissingData
from geoecon.figure import Array, Figure
from geoecon.files import file_aside, notes_beside
from geoecon.flows import Flows
from geoecon.questions.faults import refuse_case
from geoecon.questions.shares import not_held, of_tonnes, shares, year_before, year_of_trade
from geoecon.result import Result
from geoecon.spoken import LESS, SMALL, money, percent

if TYPE_CHECKING:
    import altair as alt

LEAST = 0.01  # of the buyer's imports: no cut-off of the record is like a smaller seller
LOW, MIDDLE, HIGH = 3, 19, 35  # levels 10, 50 and 90 % of the 39
OUTCOMES: Mapping[str, tuple[str, int]] = {
    "imports_after": ("imports", 1), "replaced": ("replaced", 1), "back": ("back", 2),
}  # fmt: skip
NOBODY = "-"  # a seller without cut-offs of its own
AFTER = ("imports_after", "imports_after_low", "imports_after_high")
COLUMNS = ("year", "sender", "target", "product", "value_usd", "import_share", "sales_share", "access_cost_usd",
           "imports_lost_usd", "imports_after", "imports_after_low", "imports_after_high", "replaced", "replaced_low",
           "replaced_high", "back")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Exposure(Result):
    """One row a (sender, target, product) of `table`, the costliest first.

    `value_usd` of the year, `import_share` of the target's imports of the product, `sales_share` of the sender's
    sales of it; `access_cost_usd` what losing the sender is worth to the target; `imports_lost_usd` what would not
    come. From precedents, a year after the cut, median with 80 % band: `imports_after` (all imports, per cent against
    before), `replaced` (others' extra deliveries for each tonne lost); `back` is the chance that the sender is back
    at 80 % of its share within two years. Precedents are missing (NaN) below 1 % of the imports.
    """

    table: pd.DataFrame
    year: str
    cut: float
    origin: str
    notes: tuple[str, ...] = ()  # of the reader of the trade

    METHOD: ClassVar[str] = (
        "Access: −ln(1 − w)/(σ − 1) times the target's purchases of the product, w the sender's share (Clayton,\n"
        "Maggiori & Schreger), σ the central prior of supplier elasticity. Precedents: the reference class of each\n"
        "triple among the record of cut-offs of raw materials, near in the sender's share and the size of the cut,\n"
        "without the same seller and product; their bands held out of sample. No economy: `ask` adds it."
    )

    @property
    def sources(self) -> frozenset[str]:
        return frozenset({self.origin, "Record of cut-offs found in BACI, 1995 to 2024 (episodes room)"})

    def to_frame(self) -> pd.DataFrame:
        return self.table

    def summary(self) -> pd.DataFrame:
        """The twelve costliest in words."""
        top = self.table.head(12)
        return pd.DataFrame(
            {
                "sender": top["sender"].map(countries.name),
                "target": top["target"].map(countries.name),
                "product": top["product"].map(product_name),
                "share": [percent(share) for share in top["import_share"]],
                "would lose, USD": [in_table(value) for value in top["access_cost_usd"]],
                "a year later": [
                    f"{middle:+.0f} % ({low:+.0f} to {high:+.0f})" if middle == middle else "unknown"
                    for middle, low, high in top[list(AFTER)].to_numpy(float)
                ],
                "back in two": [percent(one) if one == one else "unknown" for one in top["back"]],
                "bought, USD": [money(value / 1e6).removeprefix("USD ") for value in top["value_usd"]],
            }
        )  # fmt: skip

    def figures(self) -> dict[str, Figure]:
        return {
            "triples": Figure(float(len(self.table)), "triples", self.year, self.sources, label="all triples"),
            "access": Figure(float(self.table["access_cost_usd"].sum()), "USD", self.year, self.sources,
                             label="worth of access in all"),
        }  # fmt: skip

    def sentence(self) -> str:
        first = self.table.iloc[0]
        return (
            f"Of {len(self.table):,} flows of {self.year}, the loss of {product_name(first['product'])} from "
            f"{countries.name(first['sender'])} would cost {countries.name(first['target'])} most: "
            f"{in_text(first['access_cost_usd'])} a year. "
            f"It bought {money(first['value_usd'] / 1e6)}, {percent(first['import_share'])} of what it imports of it."
        )

    def network(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """(states, ties): per state what it could lose and what it could cost others (USD); per pair the sum."""
        ties = pd.DataFrame(self.table.groupby(["sender", "target"])["access_cost_usd"].sum().reset_index())
        lose = ties.groupby("target")["access_cost_usd"].sum()
        cost = ties.groupby("sender")["access_cost_usd"].sum()
        every = sorted(set(lose.index) | set(cost.index))
        states = pd.DataFrame(
            {
                "state": every,
                "could_lose_usd": [float(lose.get(code, 0.0)) for code in every],
                "could_cost_usd": [float(cost.get(code, 0.0)) for code in every],
            }
        )
        order = np.argsort(-ties["access_cost_usd"].to_numpy(), kind="stable")
        return states, pd.DataFrame(ties.iloc[order].reset_index(drop=True))

    def chart(self, ties: int = 60) -> alt.VConcatChart:
        """Map and network in one: a disc a state by what it could lose, a line for each of the largest ties."""
        import altair as alt

        from geoecon import charts

        states, pairs = self.network()
        at = countries.places()
        dots = states.join(at, on="state", how="inner").assign(name=lambda rows: rows["state"].map(countries.name))
        lines = pairs.head(ties).join(at, on="sender", how="inner").join(at.add_suffix("_to"), on="target", how="inner")
        lines["pair"] = [f"{countries.name(a)} to {countries.name(b)}" for a, b in
                         zip(lines["sender"], lines["target"], strict=True)]  # fmt: skip
        x = alt.X("longitude:Q", axis=None, scale=alt.Scale(domain=[-170, 185]))
        y = alt.Y("latitude:Q", axis=None, scale=alt.Scale(domain=[-55, 78]))
        ruled = alt.Chart(lines).mark_rule(opacity=0.45, color=charts.SENDER).encode(
            x=x, y=y, x2="longitude_to", y2="latitude_to",
            size=alt.Size("access_cost_usd:Q", scale=alt.Scale(range=[0.5, 7]), legend=None), tooltip=["pair"],
        )  # fmt: skip
        discs = alt.Chart(dots).mark_circle(color=charts.TARGET, opacity=0.7).encode(
            x=x, y=y, size=alt.Size("could_lose_usd:Q", scale=alt.Scale(range=[4, 900]), legend=None), tooltip=["name"]
        )  # fmt: skip
        large = dots.nlargest(12, "could_lose_usd")
        named = alt.Chart(large).mark_text(align="left", dx=14, dy=-6).encode(x=x, y=y, text="name:N")
        drawn = (
            alt.layer(ruled, discs, named).resolve_scale(size="independent").properties(width=charts.WIDTH, height=330)
        )
        subtitle = f"discs: what access is worth to a state; lines: the {len(lines)} largest ties, {self.year}"
        finished: alt.VConcatChart = charts.finish(drawn, self.sentence(), subtitle, self.sources)
        return finished


def exposure(
    flows: str | Path | pd.DataFrame | Flows = "sample",
    *,
    year: str | int | None = None,
    sender: str | None = None,
    target: str | None = None,
    product: str | None = None,
    cut: float = 1.0,
    known_by: date | None = None,
) -> Exposure:
    """Every (sender, target, product) of a year of trade at once, by the trade, leverage and precedent stages alone.

    `flows` is the bundled trade or a trade file of your own; `sender`, `target` and `product` (names or codes) keep a
    part. About ten seconds for the 49,292 triples of 2024. Raises InputError for an unknown name or an empty part.
    """
    refuse_case(" ".join(filter(None, (sender, target, product))))
    rows, origin, notes = year_of_trade(flows, year)
    chosen = str(rows["period"].iloc[0])
    buyers = lexicon.place(target).states if target else None
    sellers = lexicon.place(sender).states if sender else None
    wanted = lexicon.good(product).hs if product else None
    table = shares(rows)
    if wanted is not None and not table["product"].str.startswith(tuple(wanted)).any():
        raise InputError(not_held(f"{product} (HS {' '.join(wanted)})", origin, chosen))
    for column, kept in (("target", buyers), ("sender", sellers)):
        if kept is not None:
            table = table[table[column].isin(kept)]
    if wanted is not None:
        table = table[table["product"].str.startswith(tuple(wanted))]
    if not len(table):
        part = f"{sender or 'anyone'} to {target or 'anyone'} in {product or 'any product'}"
        raise InputError(f"no trade of {part} in {chosen}; allowed: a part with trade")
    first = str(int(chosen) - 1) if chosen.isdigit() else chosen
    asked_as = of_tonnes(pd.concat([year_before(flows, first), rows], ignore_index=True))
    table = table.join(asked_as, on=["target", "product", "sender"]).reset_index(drop=True)
    made = _precedents(table, cut, known_by or date.today())
    made = made.assign(year=chosen, imports_lost_usd=cut * made["value_usd"])
    made = made.sort_values("access_cost_usd", ascending=False, ignore_index=True)[list(COLUMNS)]
    stops = "all of it stops" if cut == 1 else f"{cut:.0%} of it stops"
    asked = f"A year later: the buyer's imports of it; back in two years: the seller. Both as if {stops}, at the "
    asked += f"seller's share of the tonnes of {first} and {chosen}, as `precedents` asks. `ask` takes a cut as "
    asked += "known measures of its kind brought it. Rows stand by what the buyer would lose in a year, by a rule "
    asked += "of thumb, counted on all that it buys of the good. `scan` and `leverage` count it on the seller's "
    asked += "deliveries alone: less."
    return Exposure(made, chosen, cut, origin, (asked, *notes))


def _precedents(table: pd.DataFrame, cut: float, day: date) -> pd.DataFrame:
    """What followed real cut-offs like each row, where the seller counts.

    Shares are rounded to a thousandth. A seller and product with cut-offs of its own in the record do not learn from
    themselves; all others of one share have one answer.
    """
    share = table["asked_share"].where(table["asked_share"] > 0, table["import_share"]).clip(LEAST / 10, 1)
    large = (table["import_share"] >= LEAST).to_numpy()
    asked = table.loc[large, ["product", "sender"]].assign(share=share[large].round(3))
    known = {key: shipped().pair_of(*key) for key in zip(asked["product"], asked["sender"], strict=True)}
    own = [known[key] >= 0 for key in zip(asked["product"], asked["sender"], strict=True)]
    asked[["product", "sender"]] = asked[["product", "sender"]].where(pd.Series(own, index=asked.index), NOBODY, axis=0)
    number = asked.groupby(["share", "product", "sender"], sort=False).ngroup().to_numpy()
    parts = asked.drop_duplicates().reset_index(drop=True)

    def of(named: tuple[str, int]) -> Array:
        find = chances if named[0] == "back" else forecast
        return find(*named, parts["share"].to_numpy(float), np.full(len(parts), cut), products=parts["product"],
                        suppliers=parts["sender"], known_by=day)[number]  # fmt: skip

    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(OUTCOMES, pool.map(of, OUTCOMES.values()), strict=True))
    columns: dict[str, Array] = {}
    for name, levels in found.items():
        ends = {name: levels} if name == "back" else {
            name: levels[:, MIDDLE], f"{name}_low": levels[:, LOW], f"{name}_high": levels[:, HIGH]}  # fmt: skip
        for column, values in ends.items():
            columns[column] = np.full(len(table), np.nan)
            columns[column][large] = values
    return table.assign(**columns)


def product_name(code: str) -> str:
    """A short name of a customs code: with the code, where a good of the name has several."""
    known = [good for good in lexicon.goods().values() if code in good.hs]
    if not known:
        return f"HS {code}"
    good = min(known, key=lambda good: len(good.hs))
    return good.name if len(good.hs) == 1 else f"{good.name} ({code})"


def in_text(usd: float) -> str:
    """A loss as every message says it: below USD 10 million no number."""
    return money(usd / 1e6) if usd >= SMALL * 1e6 else LESS


def in_table(usd: float) -> str:
    """The same under a heading that names the dollar."""
    return in_text(usd).replace("less than USD", "under").removeprefix("USD ")


def write_map(found: Exposure, path: Path) -> Path:
    """The map with its ties as an SVG file. Raises InputError for another ending, MissingData without vl-convert."""
    if path.suffix.lower() != ".svg":
        raise InputError(f"map {path.name}; allowed: a file ending in .svg")
    try:
        import vl_convert
    except ImportError:
        raise MissingData("vl-convert-python: pip install 'geoecon[office]'") from None
    with file_aside(path) as part:
        part.write_text(vl_convert.vegalite_to_svg(found.chart().to_dict()), encoding="utf-8")
    notes_beside(path, found.caveats())
    return path
