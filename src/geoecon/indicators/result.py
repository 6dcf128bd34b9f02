"""The result of a scan: the ranked table, and how it speaks to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from geoecon import countries
from geoecon.figure import Figure
from geoecon.flows import UNREAD, Coverage
from geoecon.indicators import presets
from geoecon.indicators.dependence import closed_border, of_what, vague
from geoecon.result import Predictions, Result
from geoecon.spoken import money, percent

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True)
class Scan(Result):
    """Triples of supplier, importer and product, ranked by the cost of a cut-off. Columns as in indicators.csv."""

    table: pd.DataFrame
    importer: str | None
    exporter: str | None
    presets: tuple[str, ...]
    periods: list[str]
    bloc: str | None
    members: bool
    vintage: str
    coverage: Coverage
    sources: frozenset[str]
    names: Mapping[str, str] = field(default_factory=dict)
    lacking: Mapping[str, str] = field(default_factory=dict)  # indicator -> why it is empty in every row
    beside: tuple[str, ...] = ()  # what to know of the bloc (who came or went) and of the input-output table

    METHOD: ClassVar[str] = (
        "For every supplier, importer and product: the importer's share w from the supplier, concentration, world "
        "concentration without the importer, and the cost of a cut-off −ln(1 − w)/(σ − 1) times the trade (Clayton, "
        "Maggiori & Schreger; σ = 4 unless given). Sole suppliers have no finite cost and are ranked as if a millionth "
        "came from elsewhere. Replaceability is an upper bound: all other suppliers' sales to all other buyers over "
        "the trade at stake. Presets are published definitions; flags at thresholds 10 % lower and higher say how much "
        "hangs on them. Choices that move counts: bloc as one reporter or its members, years, HS revision, re-exports."
    )

    def __len__(self) -> int:
        return len(self.table)

    def head(self, n: int = 10) -> pd.DataFrame:
        return self.table.head(n)

    def name(self, product: str) -> str:
        """The product's name from its code table, at most 60 characters, else its code."""
        name = self.names.get(product, "")
        return f"{product} {name[:59] + '…' if len(name) > 60 else name}".strip()

    def to_frame(self) -> pd.DataFrame:
        return self.table.assign(vintage=self.vintage, choices=self.choices())

    def choices(self) -> str:
        """What moves the counts, in words."""
        bloc = "countries one by one" if self.bloc is None else (
            f"{self.bloc} by member" if self.members else f"{self.bloc} as one reporter"
        ) + f", its members at the end of {self.periods[-1]}"  # fmt: skip
        return f"{bloc}; {', '.join(self.periods)}; {self.vintage}; {presets.describe(self.presets)}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader of the file noted, and indicators that are empty in every row with what they need."""
        return (*self.coverage.said, *self.beside, *(f"{name}: {why}" for name, why in self.lacking.items()))

    def counts(self) -> pd.DataFrame:
        """Products that each preset flags (as a whole and by importer), also with thresholds 10 % lower and higher."""
        rows = []
        for name in self.presets:
            for suffix, words in (("", "threshold"), ("_lower", "10 % lower"), ("_higher", "10 % higher")):
                flagged = self.table[self.table[name + suffix].fillna(False).astype(bool)]
                products = flagged.drop_duplicates(["importer", "product"])
                rows.append({"preset": name, "at": words, "dependent products": len(products)})
        return pd.DataFrame(rows)

    def side_by_side(self) -> pd.DataFrame:
        """Every product under every preset of the scan, and whether it changes sides between them."""
        return presets.side_by_side(self.table, self.presets)

    def alarms(self) -> pd.DataFrame:
        """Closed-border alarms; needs a scan over several years."""
        return closed_border(self.table)

    def summary(self) -> pd.DataFrame:
        """The twelve costliest cut-offs; the partner's share stands before the concentration."""
        top = self.table.head(12)
        flagged = top[list(self.presets)].fillna(False).astype(bool)
        return pd.DataFrame(
            {
                "product": top["product"].map(self.name),
                "supplier": top["exporter"].map(countries.name, na_action="ignore"),
                "importer": top["importer"].map(countries.name),
                "imports from it (USD million)": top["value_usd"] / 1e6,
                "share of imports": top["import_share"],
                "HHI (0-1)": top["supplier_hhi"],
                "replaceable (times)": top["replaceability"],
                "cost of a cut-off (USD million)": top["cutoff_cost"] / 1e6,
                "dependent by": [", ".join(p for p in self.presets if row[p]) for _, row in flagged.iterrows()],
                "why empty": top["reason"],
            }
        )

    def figures(self) -> dict[str, Figure]:
        """The costliest triple first, then how many products each preset flags."""
        period = self.periods[-1]
        found: dict[str, Figure] = {}
        for row in self.table[self.table["import_share"].notna()].head(1).to_dict("records"):
            whose = f"{countries.name(row['importer'])}'s imports of {self.name(row['product'])}"
            label = f"{countries.name(row['exporter'])} in {whose}"
            found["top_share"] = Figure(row["import_share"], "share of imports", period, self.sources, not vague(row),
                                        label=label)  # fmt: skip
            found["top_value"] = Figure(row["value_usd"], "USD", period, self.sources, label=label)
        for row in self.counts().query("at == 'threshold'").to_dict("records"):
            label = f"products dependent by {row['preset']} among those shown"
            found[f"count.{row['preset']}"] = Figure(
                row["dependent products"], "products", period, self.sources, label=label
            )
        return found

    def sentence(self) -> str:
        if not self.table["import_share"].notna().any():
            unread = [note for note in self.coverage.said if UNREAD in note]
            return ". ".join(["Nothing is traded in this selection", *unread]) + "."
        row = self.table.iloc[0]
        whom, who, value = countries.name(row["importer"]), countries.name(row["exporter"]), row["value_usd"] / 1e6
        return (
            f"Of what was scanned, {whom} would lose most without {who}'s {self.name(row['product'])}: "
            f"{percent(row['import_share'])} of its imports{of_what(row.to_dict())}, {money(value)} in {row['period']}."
        )

    def predictions(self) -> Predictions:
        """None: a scan describes, it does not forecast."""
        return {}

    def chart(self) -> alt.VConcatChart:
        """Share against replaceability, a bubble for each triple, its area the trade."""
        from geoecon.indicators.report import scan_chart

        return scan_chart(self)
