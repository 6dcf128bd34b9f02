"""What a read kept, set aside, changed or could not place: it comes with every Flows and is never silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import narwhals as nw
import pandas as pd

from geoecon import countries
from geoecon.figure import number
from geoecon.trade import engine

Frame = Any


class CoverageWarning(UserWarning):
    """Something in the input was set aside, repaired or is incomplete; the coverage report says what."""


@dataclass(frozen=True)
class Item:
    """One line of the report: what, in how many rows, worth how much, in words."""

    what: str
    rows: int
    value_usd: float
    detail: str = ""

    def __str__(self) -> str:
        size = f"{self.rows:,} rows, {number(self.value_usd)} USD" if self.rows else ""
        return ": ".join(part for part in (self.what, size, self.detail) if part)


@dataclass(frozen=True)
class Coverage:
    """Rows and USD read and kept, and an item for everything else. `reported` lists what a user must know."""

    rows: int
    value_usd: float
    kept_rows: int
    kept_value_usd: float
    tonnes_by_value: float | None  # share of the value whose quantity is known
    items: tuple[Item, ...] = ()
    sources: tuple[str, ...] = field(default_factory=tuple)

    @property
    def reported(self) -> tuple[Item, ...]:
        return self.items

    def item(self, what: str) -> Item | None:
        """The line with this title, if there is one."""
        return next((item for item in self.items if item.what == what), None)

    def to_frame(self) -> pd.DataFrame:
        head = [
            Item("read", self.rows, self.value_usd, ", ".join(self.sources)),
            Item("kept", self.kept_rows, self.kept_value_usd),
        ]
        return pd.DataFrame([asdict(item) for item in [*head, *self.items]])

    def __str__(self) -> str:
        share = "" if self.tonnes_by_value is None else f"; quantities known for {self.tonnes_by_value:.1%} of it"
        head = f"{self.kept_rows:,} of {self.rows:,} rows kept, {number(self.kept_value_usd)} USD{share}"
        return "\n".join([head, *(f"  {item}" for item in self.items)])


def measure(labelled: Frame, notes: Iterable[Item], sources: Iterable[str]) -> Coverage:
    """The report of labelled rows: columns exporter, importer, their kinds, product_kind, value_usd, tonnes."""
    value = nw.col("value_usd")
    marked = labelled.with_columns(
        domestic=nw.when(nw.col("exporter") == nw.col("importer")).then(1).otherwise(0),
        quantity=nw.when(nw.col("tonnes").is_null()).then(nw.lit("missing")).otherwise(
            nw.when(nw.col("tonnes") == 0).then(nw.lit("zero")).otherwise(nw.lit("known"))
        ),
        priced=nw.when(value.is_null()).then(nw.lit("missing")).otherwise(
            nw.when(value == 0).then(nw.lit("zero")).otherwise(nw.lit("known"))
        ),
    )  # fmt: skip
    by = ["exporter_kind", "importer_kind", "product_kind", "domestic", "quantity", "priced"]
    counted = engine.collect(marked.group_by(*by).agg(nw.len().alias("rows"), value.sum().alias("value_usd")))
    counted["value_usd"] = counted["value_usd"].fillna(0.0)
    aggregate = (counted["exporter_kind"] == "aggregate") | (counted["importer_kind"] == "aggregate")
    domestic = (counted["domestic"] == 1) & ~aggregate
    kept = counted[~aggregate & ~domestic]
    priced = kept[kept["value_usd"] > 0]
    total = float(priced["value_usd"].sum())
    known = float(priced.loc[priced["quantity"] != "missing", "value_usd"].sum())
    parts = {
        "aggregates set aside (World, EU and the like)": counted[aggregate],
        "trade of a country with itself, set aside": counted[domestic],
        "partner not specified": kept[
            (kept["exporter_kind"] == "unspecified") | (kept["importer_kind"] == "unspecified")
        ],
        "former states and joint reports, kept as groups": kept[
            (kept["exporter_kind"] == "joint") | (kept["importer_kind"] == "joint")
        ],
        "product not specified, in totals but never ranked": kept[kept["product_kind"] == "unspecified"],
        "value missing": kept[kept["priced"] == "missing"],
        "value zero": kept[kept["priced"] == "zero"],
        "quantity missing": kept[kept["quantity"] == "missing"],
        "quantity zero (rounded away): no unit value": kept[kept["quantity"] == "zero"],
    }
    items = [
        Item(what, int(rows["rows"].sum()), float(rows["value_usd"].sum()))
        for what, rows in parts.items()
        if rows["rows"].sum()
    ]
    return Coverage(
        int(counted["rows"].sum()),
        float(counted["value_usd"].sum()),
        int(kept["rows"].sum()),
        float(kept["value_usd"].sum()),
        known / total if total > 0 else None,
        (*items, *notes),
        tuple(sources),
    )


def places(found: Mapping[str, countries.Place]) -> list[Item]:
    """Lines for codes that stand for something else than one might expect."""
    items = []
    for raw, place in sorted(found.items()):
        if place.outside:
            items.append(Item("code outside its years", 0, 0.0, place.outside))
        elif place.note and place.kind in ("country", "joint"):
            items.append(Item("code with a note", 0, 0.0, f"{raw} is {place.iso3}: {place.note}"))
    return items
