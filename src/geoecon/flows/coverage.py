"""What a read kept, set aside, changed or could not place: it comes with every Flows and is never silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from geoecon import countries
from geoecon.figure import number
from geoecon.flows import engine

if TYPE_CHECKING:
    from geoecon.kinds import Frame


UNSCALED = "its number as the file has it"  # ends the reason of rows that have no USD
UNREAD = "stand in the exporter's report alone: report='exporter' or 'mirror' reads them (--report exporter)"
EXACT = 1e7  # USD: sums below are told to the dollar


def dollars(value: float) -> str:
    """A sum of USD as it is: to the dollar below EXACT, else three digits that say so (`about 12 300 000`)."""
    if abs(value) >= EXACT:
        return number(value) if float(f"{value:.3g}") == value else f"about {number(value)}"
    whole = f"{value:,.0f}".replace(",", "\u2009").replace("-", "\u2212")
    return whole if abs(value) >= 1000 or float(value).is_integer() else number(value)


class CoverageWarning(UserWarning):
    """Something in the input was set aside, repaired or is incomplete; the coverage report says what."""


@dataclass(frozen=True)
class Item:
    """One line of the report: what, in how many rows, worth how much, in words."""

    what: str
    rows: int
    value_usd: float | None  # None where the rows have no number in USD
    detail: str = ""
    aside: bool = False  # whether these rows do not count: what was read is what was kept and these

    def __str__(self) -> str:
        size = f"{self.rows:,} rows" if self.rows else ""
        size += f", {dollars(self.value_usd)} USD" if self.rows and self.value_usd is not None else ""
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

    @property
    def said(self) -> tuple[str, ...]:
        """The lines that a reader of any result must know."""
        return tuple(str(item) for item in self.items if item.what not in QUIET)

    @property
    def set_aside(self) -> int:
        """The rows that do not count, each with its reason in an item."""
        return sum(item.rows for item in self.items if item.aside)

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
        head = f"{self.kept_rows:,} of {self.rows:,} rows kept, {dollars(self.kept_value_usd)} USD{share}"
        return "\n".join([head, *(f"  {item}" for item in self.items)])


QUIET = ("value zero", "product codes against the product table")
PAIR = ["period", "exporter", "importer"]
KINDS = (*countries.codes.KINDS, "unknown")


def pairs(parts: Sequence[Frame]) -> pd.DataFrame:
    """One pass over the rows as written: by period, exporter and importer how many rows and USD of each sort.

    Sorts: all; bad (not a finite number from zero); value missing or zero; quantity missing or zero; huge. One table
    at a time needs the memory of one.
    """
    found = [_pairs(part) for part in parts]
    if len(found) == 1:
        return found[0]
    grouped = pd.concat(found).groupby(PAIR, as_index=False, dropna=False, sort=False)
    return grouped.agg({name: "max" if name == "largest" else "sum" for name in found[0] if name not in PAIR})


def _pairs(rows: Frame) -> pd.DataFrame:
    value, tonnes = nw.col("value_usd"), nw.col("tonnes")
    tests = {
        "bad": (value.is_nan() | (value < 0)) | (tonnes.is_nan() | (tonnes < 0)),
        "unpriced": value.is_null(),
        "nothing": value == 0,
        "unweighed": tonnes.is_null(),
        "weightless": tonnes == 0,
        "huge": value > 2.0**53 - 1,
    }
    marked = rows.with_columns(
        **{name: nw.when(test).then(1).otherwise(0) for name, test in tests.items()},
        unweighed_usd=nw.when(tests["unweighed"]).then(value).otherwise(0.0),
        weightless_usd=nw.when(tests["weightless"]).then(value).otherwise(0.0),
    )
    sums = [nw.col(name).sum() for name in (*tests, "unweighed_usd", "weightless_usd", "value_usd")]
    found = engine.collect(marked.group_by(*PAIR).agg(nw.len().alias("rows"), *sums, value.max().alias("largest")))
    numbers = ["rows", *tests, "unweighed_usd", "weightless_usd", "value_usd", "largest"]
    found[numbers] = found[numbers].fillna(0.0).astype(float)
    return found


def measure(
    counted: pd.DataFrame, unspecified: pd.DataFrame, found: Mapping[str, countries.Place], sources: Iterable[str]
) -> Coverage:
    """The report of the pairs, with the places that their codes stand for."""
    table, vague = (_placed(part, found) for part in (counted, unspecified))
    kept = table[~table["aggregate"] & ~table["domestic"] & ~table["unknown"]]
    vague = vague[~vague["aggregate"] & ~vague["domestic"] & ~vague["unknown"]]
    parts = {
        GROUPS: (table[table["aggregate"]], "rows", "value_usd"),
        UNKNOWN: (table[table["unknown"] & ~table["aggregate"]], "rows", "value_usd"),
        SELF_TRADE: (table[table["domestic"] & ~table["aggregate"] & ~table["unknown"]], "rows", "value_usd"),
        "partner not specified": (kept[kept["unspecified"]], "rows", "value_usd"),
        "former states and joint reports, kept as groups": (kept[kept["joint"]], "rows", "value_usd"),
        VAGUE: (vague, "rows", "value_usd"),
        "value missing": (kept, "unpriced", ""),
        "value zero": (kept, "nothing", ""),
        "quantity missing": (kept, "unweighed", "unweighed_usd"),
        "quantity zero (rounded away): no unit value": (kept, "weightless", "weightless_usd"),
    }
    told = {SELF_TRADE: lambda: _own(table), VAGUE: lambda: _specified(kept, vague), UNKNOWN: lambda: _codes(table),
            "value missing": lambda: _withheld(kept), "partner not specified": lambda: _nobody(found)}  # fmt: skip
    sizes = {what: int(rows[size].sum()) for what, (rows, size, _) in parts.items()}
    items = [
        Item(what, sizes[what], float(rows[usd].sum()) if usd else None, told.get(what, str)(), what in DROPPED)
        for what, (rows, _, usd) in parts.items()
        if sizes[what]
    ]
    total = float(kept["value_usd"].sum())
    return Coverage(
        int(table["rows"].sum()),
        float(table["value_usd"].sum()),
        int(kept["rows"].sum()),
        total,
        1 - float(kept["unweighed_usd"].sum()) / total if total > 0 else None,
        tuple(items),
        tuple(sources),
    )


def imports(counted: pd.DataFrame, found: Mapping[str, countries.Place]) -> dict[tuple[str, str], float]:
    """(period, importer) → USD of all that is kept."""
    table = _placed(counted, found)
    kept = table[~table["aggregate"] & ~table["domestic"] & ~table["unknown"]]
    total = kept.groupby(["period", "importer"], as_index=False)["value_usd"].sum()
    return {(str(p), str(i)): float(usd) for p, i, usd in total[[*PAIR[::2], "value_usd"]].itertuples(index=False)}


NOBODY = "no country, so in the total and in nobody's share"
GROUPS = "aggregates set aside (World, EU and the like)"
SELF_TRADE = "trade of a country with itself, set aside"
VAGUE = "product not specified, in totals but never ranked"
UNKNOWN = "unknown codes set aside"
LOST = "rows of which nobody knows whether they count"
DROPPED = (GROUPS, UNKNOWN, SELF_TRADE)


def worth(rows: Frame) -> tuple[int, float]:
    """Rows and USD."""
    value = nw.col("value_usd")
    priced = nw.when(value.is_nan()).then(None).otherwise(value)
    table = engine.collect(rows.select(nw.len().alias("n"), priced.sum().alias("usd")))
    return int(table["n"].iloc[0]), float(table["usd"].fillna(0.0).iloc[0])


def left(parts: Sequence[tuple[str, Frame]]) -> list[Item]:
    """An item for every reason for which rows do not count; those with numbers as the file has them have no USD."""
    found: dict[str, list[float]] = {}
    for why, part in parts:
        rows, usd = worth(part)
        sums = found.setdefault(why, [0, 0.0])
        sums[0], sums[1] = sums[0] + rows, sums[1] + usd
    return [Item(why, int(rows), None if why.endswith(UNSCALED) else usd, "set aside", aside=True)
            for why, (rows, usd) in found.items() if rows]  # fmt: skip


def _codes(table: pd.DataFrame) -> str:
    """The unknown codes themselves."""
    part = table[table["unknown"]]
    return ", ".join(sorted({c for side in ("exporter", "importer") for c in part[side] if not countries.is_known(c)}))


def _nobody(found: Mapping[str, countries.Place]) -> str:
    """The names of partners that are no country."""
    others = sorted(raw for raw, place in found.items() if place.note.startswith(NOBODY))
    return f"{', '.join(others[:8])}: {NOBODY}" if others else ""


def _specified(kept: pd.DataFrame, vague: pd.DataFrame) -> str:
    """Importer by importer, what share of its imports names a product; by partner where there is one importer."""
    parts = [_named(kept, vague, "importer")]
    if kept["importer"].nunique() == 1:
        parts.append(f"by partner {_named(kept, vague, 'exporter')}")
    return "; ".join(parts)


def _named(kept: pd.DataFrame, vague: pd.DataFrame, side: str) -> str:
    whole, lost = (part.groupby(side)["value_usd"].sum() for part in (kept, vague))
    top = lost.nlargest(5)
    named = (1 - top / whole.reindex(top.index)).tolist()
    parts = zip(map(str, top.index), whole.reindex(top.index).tolist(), named, strict=True)
    return "; ".join(f"{code}: {share:.4f} of {dollars(total)} USD names a product" for code, total, share in parts)


def _withheld(kept: pd.DataFrame) -> str:
    """Between whom a value is missing: what is known of these buyers is less than all they bought."""
    rows = kept[kept["unpriced"] > 0].drop_duplicates(["exporter", "importer"])
    pairs = sorted(f"{e} to {i}" for e, i in zip(rows["exporter"], rows["importer"], strict=True))
    more = f" and {len(pairs) - 8} more" if len(pairs) > 8 else ""
    return f"{', '.join(pairs[:8])}{more}: shares are of what is known"


def _placed(table: pd.DataFrame, found: Mapping[str, countries.Place]) -> pd.DataFrame:
    """The pairs with ISO3 codes and, for each kind of group, whether it stands on either side."""
    sides = [table[side].map(found) for side in ("exporter", "importer")]
    placed = table.assign(
        exporter=[place.iso3 for place in sides[0]],
        importer=[place.iso3 for place in sides[1]],
        **{kind: [kind in (a.kind, b.kind) for a, b in zip(*sides, strict=True)] for kind in KINDS},
    )
    return placed.assign(domestic=placed["exporter"] == placed["importer"])


def _own(table: pd.DataFrame) -> str:
    """Country by country, what share of the reported imports came from the country itself."""
    whole = table[~table["aggregate"]].groupby("importer")["value_usd"].sum()
    own = table[table["domestic"] & ~table["aggregate"]].groupby("importer")["value_usd"].sum().nlargest(5)
    shares = (own / whole.reindex(own.index)).tolist()
    parts = zip(map(str, own.index), own.tolist(), shares, strict=True)
    return "; ".join(f"{code} {v:.0f} USD, {share:.1%} of its reported total" for code, v, share in parts if v > 0)


def places(found: Mapping[str, countries.Place]) -> list[Item]:
    """Lines for codes that stand for something else than one might expect."""
    items = [
        Item("code outside its years", 0, 0.0, place.outside) for _, place in sorted(found.items()) if place.outside
    ]
    noted = [
        f"{raw} is {place.iso3}: {place.note}"
        for raw, place in sorted(found.items())
        if place.note and not place.outside and place.kind in ("country", "joint")
    ]
    return [*items, Item("codes with a note", 0, 0.0, "; ".join(noted))] if noted else items


def completed(report: Coverage, lost: Sequence[Item], joined: int) -> Coverage:
    """The report with the rows that were set aside before, and those that were put together with others."""
    rows, usd = sum(item.rows for item in lost), sum(item.value_usd or 0.0 for item in lost)
    return replace(report, rows=report.rows + joined + rows, value_usd=report.value_usd + usd,
                   kept_rows=report.kept_rows + joined)  # fmt: skip


def uncounted(read: Sequence[int | None], told: int) -> list[Item]:
    """Rows that were read and of which the report does not say whether they count: there are none."""
    known = [rows for rows in read if rows is not None]
    if len(known) < len(read) or sum(known) == told:
        return []
    return [Item(LOST, 0, 0.0, f"{sum(known):,} were read, {told:,} are told of")]


def huge(counted: pd.DataFrame) -> list[Item]:
    """Values that 64-bit floats hold only to the nearest whole number."""
    count = int(counted["huge"].sum())
    told = f"values from 2^53 are held to the nearest float: the largest as {counted['largest'].max():.0f}"
    return [Item("values beyond exact whole numbers", count, None, told)] if count else []
