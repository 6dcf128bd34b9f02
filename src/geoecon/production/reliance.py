"""How far an industry leans on a supplier: at face value, through all its suppliers, and when sales are taken out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon import lexicon
from geoecon.errors import Fault, InputError
from geoecon.figure import Figure, cite, derived, number
from geoecon.production.build import region_name
from geoecon.production.findings import Array
from geoecon.production.table import IOTable
from geoecon.result import Result
from geoecon.tables import measured

if TYPE_CHECKING:
    import altair as alt

    from geoecon.kinds import Rows


SOURCES = ("baldwin2023", "leontief1936", "millerblair2009")


@dataclass(frozen=True, eq=False)
class Reliance(Result):
    """Reliance of a user's industries on a supplier. `by_sector` has one row a sector and the row "all sectors".

    Per unit of the user's output: `face_value` counts what is bought from the supplier, `look_through` the supplier's
    production anywhere in the chain. NaN where the industry has no output.
    """

    supplier: str
    user: str
    supplier_sector: str | None
    by_sector: pd.DataFrame
    unit: str
    year: int | None
    sources: frozenset[str]
    notes: tuple[str, ...] = ()  # of the reader and the checks of the table

    METHOD = """Face value: inputs bought from the supplier per unit of output. Look-through: the supplier's gross
production behind one unit for final use, sums of L − I with L = (I − A)⁻¹ (Baldwin, Freeman & Theodorakopoulos 2023;
Leontief 1936); it counts a good each time it is worked on, so it is no share of value. The share column divides by
the same sum over all suppliers. All sectors: weighted by output. Without output reliance is missing, not zero."""

    def to_frame(self) -> pd.DataFrame:
        return self.by_sector.copy()

    def summary(self) -> pd.DataFrame:
        """The ten sectors that lean most, and all sectors together."""
        total = self.by_sector[self.by_sector["sector"] == "all sectors"]
        rest = self.by_sector[self.by_sector["sector"] != "all sectors"].sort_values("look_through", ascending=False)
        return pd.concat([total, rest.head(10)], ignore_index=True)

    def figures(self) -> dict[str, Figure]:
        row = self.by_sector[self.by_sector["sector"] == "all sectors"].iloc[0]
        papers = self.sources | {cite(name) for name in SOURCES}
        period = str(self.year or "undated")
        found = {
            name: Figure(measured(row[name]), "per unit of output", period, papers, label=f"{words} of {self.user} on "
                         f"{self.supplier}")
            for name, words in (("look_through", "look-through reliance"), ("face_value", "face value reliance"))
        }  # fmt: skip
        ratio = derived(measured(row["ratio"]), "times", period, *found.values(), label="look-through over face value")
        return found | {"ratio": ratio}

    def sentence(self) -> str:
        row = self.by_sector[self.by_sector["sector"] == "all sectors"].iloc[0]
        if row["face_value"] != row["face_value"]:
            return f"Reliance of {self.user} on {self.supplier} is unknown: {self.user} has no output in this table."
        what = f"{self.supplier}" + (f"/{self.supplier_sector}" if self.supplier_sector else "")
        return (
            f"Industries of {self.user} buy {number(100 * row['face_value'])} % of their output from {what}; "
            f"through all their suppliers {number(100 * row['look_through'])} %, {number(row['ratio'])} times as much."
        )

    def chart(self) -> alt.VConcatChart:
        """Look-through beside face value by sector."""
        import altair as alt

        from geoecon import charts

        rest = self.summary().iloc[1:]
        frame = rest.melt("sector", ["face_value", "look_through"], "measure", "value")
        frame["measure"] = frame["measure"].str.replace("_", " ")
        chart = (
            alt.Chart(frame.dropna())
            .mark_bar()
            .encode(
                x=alt.X("value:Q", title="per unit of output"),
                y=alt.Y("sector:N", sort=rest["sector"].tolist(), title=None, axis=alt.Axis(labelLimit=260)),
                yOffset=alt.YOffset("measure:N", sort=["look through", "face value"]),
                color="measure:N",
                tooltip=["sector:N", "measure:N", alt.Tooltip("value:Q", format=".4f")],
            )
            .properties(width=charts.WIDTH, height=34 * len(rest))
        )
        subtitle = (
            f"Production of {self.supplier} in a unit of output of {self.user}'s industries, {self.year or 'undated'}"
        )
        return charts.finish(chart, self.sentence(), subtitle, self.sources | {cite(name) for name in SOURCES})


def look_through(table: IOTable, user: str, supplier: str, supplier_sector: str | None = None) -> Reliance:
    """Reliance of each industry of `user` on `supplier` (or one of its sectors), face value and look-through."""
    user, supplier = _region(table, user), _region(table, supplier)
    columns, rows = table.of(user), _rows(table, supplier, supplier_sector)
    _sound(table, rows, columns)
    face = table.A[rows, columns].sum(axis=0)
    inputs = table.L - np.eye(table.n)
    look, everything = inputs[rows, columns].sum(axis=0), inputs[:, columns].sum(axis=0)
    empty = ~table.produces[columns]
    weight = np.where(empty, 0.0, table.x[columns])
    frame = pd.DataFrame({"sector": table.sectors, "face_value": face, "look_through": look})
    frame["share"] = np.divide(look, everything, out=np.full_like(look, np.nan), where=everything > 0)
    frame.loc[empty, ["face_value", "look_through", "share"]] = np.nan
    total = {
        "sector": "all sectors",
        "face_value": _mean(face, weight),
        "look_through": _mean(look, weight),
        "share": _ratio(float(look @ weight), float(everything @ weight)),
    }
    frame = pd.concat([frame, pd.DataFrame([total])], ignore_index=True)
    frame["ratio"] = [_ratio(a, b) for a, b in zip(frame["look_through"], frame["face_value"], strict=True)]
    return Reliance(supplier, user, supplier_sector, frame, table.unit, table.year, table.sources, table.caveats)


def _sound(table: IOTable, rows: slice, columns: slice) -> None:
    """Raises InputError for each purchase of the user from the supplier that no industry can make."""
    faults: list[str | Fault] = [
        Fault(table.name, None, table.labels[i], table.sale(i, j), "a purchase from zero to the output of the buyer")
        for i, j in table.impossible
        if rows.start <= i < rows.stop and columns.start <= j < columns.stop
    ]
    if faults:
        raise InputError(faults)


def reliance(
    source: IOTable | str | Path | Rows, user: str, supplier: str, supplier_sector: str | None = None,
    kind: str | None = None, year: int | None = None, sheet: str | None = None, encoding: str | None = None,
    decimal: str | None = None,
) -> Reliance:  # fmt: skip
    """`look_through` on a table, or on the file or frame of one (`read_table`; `kind` is its layout, `year` one of
    several, `sheet`, `encoding` and `decimal` as there).
    """
    from geoecon.production.read import read_table

    table = source if isinstance(source, IOTable) else read_table(source, kind, sheet, encoding, decimal, year=year)
    return look_through(table, user, supplier, supplier_sector)


def face_value(table: IOTable, user: str, supplier: str, supplier_sector: str | None = None) -> pd.DataFrame:
    """The direct part of `look_through` alone."""
    return look_through(table, user, supplier, supplier_sector).by_sector[["sector", "face_value"]]


def hypothetical_extraction(
    table: IOTable, supplier: str, buyer: str, sector: str | None = None, buyer_sector: str | None = None,
    share: float = 1.0, final: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """Output lost everywhere when `share` of the supplier's sales to the buyer's industries is taken out.

    Columns region, sector, before, after, lost (in the table's unit). Input coefficients shrink and nothing replaces
    them, so demand falls upstream; with `final` the buyer's final demand for the goods falls as well. Dietzenbacher &
    Lahr 2013. An accounting of what hangs on the sales, no forecast.
    """
    if not 0 <= share <= 1:
        raise InputError(f"share {share:g}; allowed: 0 to 1")
    rows, columns = _rows(table, supplier, sector), _rows(table, buyer, buyer_sector)
    A = table.A.copy()
    A[rows, columns] *= 1 - share
    y = np.array(table.Y)
    if final:
        y[rows, table.regions.index(buyer)] *= 1 - share
    after = np.linalg.solve(np.eye(table.n) - A, y.sum(axis=1))
    before = table.L @ table.Y.sum(axis=1)
    regions, sectors = zip(*table.industries, strict=True)
    return pd.DataFrame(
        {"region": regions, "sector": sectors, "before": before, "after": after, "lost": before - after}
    )


def _region(table: IOTable, asked: str) -> str:
    """The table's own name of a region: KOR is `Korea, Rep.` or KR where the table says so."""
    code = lexicon.code(asked, table.regions)
    same = [region for region in table.regions if region_name(region) == region_name(code)]
    return same[0] if code not in table.regions and len(same) == 1 else code


def _rows(table: IOTable, region: str, sector: str | None) -> slice:
    if sector is None:
        return table.of(region)
    k = table.index(region, sector)
    return slice(k, k + 1)


def _mean(values: Array, weight: Array) -> float:
    return _ratio(float(values @ weight), float(weight.sum()))


def _ratio(above: float, below: float) -> float:
    return above / below if below and below == below else float("nan")
