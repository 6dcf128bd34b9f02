"""A country that the world table lacks, estimated: a similar country's structure at its own income and its own trade.

Technology (inputs per unit of output, by origin) and the mix of final demand are those of the similar country. Exports
are those of the similar country in proportion to income; coal, oil and gas, and ores as the trade statistics record
them, in both directions. Output follows from these (Leontief 1936), and final demand at home is set so that value
added is the country's gross domestic product. What the stand-in sells is taken out of the value added of its buyers,
and what it buys out of the final demand at its sellers' home: there the table had hidden it, so every output stays.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from geoecon import countries, lexicon, tables
from geoecon.errors import MissingData
from geoecon.figure import STATUS, cite
from geoecon.flows import raw_materials
from geoecon.production.findings import Array, Finding
from geoecon.production.incomes import OWN_INCOMES, own_incomes
from geoecon.production.table import IOTable

YEAR = "2022"
MINED = ("coal", "oil and gas", "other mining")  # industries whose trade the bundled statistics cover
MOST = 0.5  # of a buyer's value added or a seller's final demand that a stand-in may take
MOST_COST = 0.95  # of an industry's output that its inputs may cost
LEAST_HOME = 0.05  # final demand at home against the similar country in proportion to income
RULES = {
    "state": tables.identifier,
    "gdp_usd_billion": tables.at_least_zero,
    "population_million": tables.at_least_zero,
    "part_of_world": tables.identifier,
    "source_id": tables.identifier,
    "status": tables.one_of(*STATUS),
}


@cache
def nations() -> pd.DataFrame:
    """Gross domestic product (USD billion) and population (million) of 2022, by ISO 3166 alpha-3 code.

    Figures of that year in the user's own file (`renew_incomes`) stand in the place of the bundled ones.
    """
    content = (files("geoecon.production") / "nations_2022.csv").read_text(encoding="utf-8")
    frame = tables.parse_table(content, RULES, "nations_2022.csv").set_index("state")
    known = frame.assign(source=frame["source_id"].map(cite))
    own = own_incomes()
    mine = own[own["year"] == int(YEAR)].set_index("state")
    for column, name, size in (("gdp_usd_billion", "gdp_usd", 1e9), ("population_million", "population", 1e6)):
        newer = mine[name].dropna() / size
        codes = known.index.intersection(newer.index)
        known.loc[codes, column] = newer[codes]
        if name == "gdp_usd":
            known.loc[codes, "source"], known.loc[codes, "status"] = OWN_INCOMES, "seen"
    return pd.DataFrame(known)


def incomes_forgotten() -> None:
    """Incomes are read anew when next asked for."""
    own_incomes.cache_clear()
    nations.cache_clear()


@cache
def mined_trade() -> pd.DataFrame:
    """USD million of 2022 by exporter, importer and industry, from the bundled trade in raw materials."""
    industry = {code: good.industry for good in lexicon.goods().values() for code in good.hs}
    rows = raw_materials(YEAR)
    rows = rows.assign(industry=rows["product"].map(industry), value=rows["value_usd"] / 1e6)
    return pd.DataFrame(rows.groupby(["exporter", "importer", "industry"], as_index=False)["value"].sum())


def with_country(table: IOTable, code: str) -> IOTable:
    """The table with a stand-in for one country more, the last region. Raises MissingData where none can be made."""
    if code not in nations().index:
        raise MissingData(
            f"world table: {countries.name(code)} ({code}), of which neither a row nor an income is known"
        )
    like = similar(code, table.regions)
    sold, bought = _mined(code, table, "exporter"), _mined(code, table, "importer")
    cells, final = _estimated(table, table.regions.index(like), _gdp(code), sold, bought)
    joined = _joined(table, code, cells, final)
    note = (
        f"estimated: the structure of {countries.name(like)}, a gross domestic product of USD "
        f"{_gdp(code) / 1e3:,.0f} billion, and its own trade in coal, oil, gas and ores"
    )
    return replace(joined, noted=(*table.noted, Finding("estimated", code, note)))


def _gdp(code: str) -> float:
    """USD million."""
    return float(nations()["gdp_usd_billion"].to_dict()[code]) * 1e3


def similar(code: str, among: tuple[str, ...]) -> str:
    """The country most like it in income a head, part of the world, size, and exports of oil, gas and ores.

    The distance is in logarithms of income a head, plus four times the difference of the shares of mined exports in
    income, plus half for another part of the world, plus a tenth of the difference in the logarithm of income.
    """
    known = nations().loc[[c for c in dict.fromkeys([*among, code]) if c in nations().index]]
    head = np.log(known["gdp_usd_billion"] / known["population_million"])
    size = np.log(known["gdp_usd_billion"])
    exports = mined_trade().pivot_table(index="exporter", columns="industry", values="value", aggfunc="sum")
    mined = (
        exports.reindex(index=known.index, columns=list(MINED)).fillna(0.0).div(known["gdp_usd_billion"] * 1e3, axis=0)
    )
    distance = (
        (head - head[code]).abs()
        + 4 * (mined - mined.loc[code]).abs().sum(axis=1)
        + 0.5 * (known["part_of_world"] != known.at[code, "part_of_world"])
        + 0.1 * (size - size[code]).abs()
    )
    return str(distance.drop(code).idxmin())


def _mined(code: str, table: IOTable, side: str) -> Array:
    """(sector, region) USD million of the country's mined exports or imports by partner."""
    other = "importer" if side == "exporter" else "exporter"
    found = np.zeros((len(table.sectors), len(table.regions)))
    for row in tables.records(mined_trade()[mined_trade()[side] == code]):
        if row[other] in table.regions and row["industry"] in MINED:
            found[table.sectors.index(row["industry"]), table.regions.index(row[other])] += row["value"]
    return found


def _estimated(table: IOTable, like: int, gdp: float, sold: Array, bought: Array) -> tuple[Array, Array]:
    """Cells between the stand-in (last region) and all others: Z (R+1, S, R+1, S) with its rows and columns alone, and
    final demand (R+1, S, R+1)."""
    R, S = len(table.regions), len(table.sectors)
    Z, F = table.Z.reshape(R, S, R, S), table.Y.reshape(R, S, R)
    output = np.maximum(table.x.reshape(R, S)[like], 1e-9)
    scale = gdp / max(float(table.value_added.reshape(R, S)[like].sum()), 1e-9)
    mined = [table.sectors.index(name) for name in MINED]
    cells, final = np.zeros((R + 1, S, R + 1, S)), np.zeros((R + 1, S, R + 1))
    cells[R, :, :R], final[R, :, :R] = scale * Z[like], scale * F[like]
    cells[R, :, like], final[R, :, like] = 0.0, 0.0
    for k in mined:
        use = np.concatenate([Z[:, k].sum(axis=0), F[:, k].sum(axis=0)[:, None]], axis=1)  # (buyer, industry or final)
        total = use.sum(axis=1, keepdims=True)
        spread = np.divide(use, total, out=np.zeros_like(use), where=total > 0) * sold[k][:, None]
        cells[R, k, :R], final[R, k, :R] = spread[:, :S], spread[:, S]
    coefficient = Z[:, :, like] / output  # (seller, sector, industry)
    home = coefficient[like]
    exports = cells[R, :, :R].sum(axis=(1, 2)) + final[R, :, :R].sum(axis=1)
    added = 1 - coefficient.sum(axis=(0, 1))
    inverse = np.linalg.inv(np.eye(S) - home)
    per_home = float(added @ inverse @ F[like, :, like])
    f = max((gdp - float(added @ inverse @ exports)) / per_home, LEAST_HOME * scale)
    made = inverse @ (f * F[like, :, like] + exports)
    cells[:R, :, R] = coefficient * made
    final[:R, :, R] = f * F[:, :, like]
    cells[R, :, R], final[R, :, R] = cells[like, :, R], final[like, :, R]
    cells[like, :, R], final[like, :, R] = 0.0, 0.0
    for k in mined:  # imports as recorded
        modelled = cells[:R, k, R].sum(axis=1) + final[:R, k, R]
        factor = np.divide(bought[k], modelled, out=np.zeros(R), where=modelled > 0)
        cells[:R, k, R] *= factor[:, None]
        final[:R, k, R] *= factor
    return cells, final


def _joined(table: IOTable, code: str, cells: Array, final: Array) -> IOTable:
    """The table with the stand-in as its last region; nobody loses more than `MOST` of what the table had hidden."""
    R, S = len(table.regions), len(table.sectors)
    added = np.maximum(table.value_added.reshape(R, S), 0.0)
    taken = cells[R, :, :R].sum(axis=0)  # (buyer, industry)
    cells[R, :, :R] *= np.minimum(1.0, np.divide(MOST * added, taken, out=np.ones_like(added), where=taken > 0))
    made = cells[R].sum(axis=(1, 2)) + final[R].sum(axis=1)
    home, abroad = cells[R, :, R].sum(axis=0), cells[:R, :, R].sum(axis=(0, 1))
    room = np.maximum(MOST_COST * made - home, 0.0)
    cells[:R, :, R] *= np.minimum(1.0, np.divide(room, abroad, out=np.ones(S), where=abroad > 0))
    own = np.maximum(table.Y.reshape(R, S, R)[np.arange(R), :, np.arange(R)], 0.0)  # (seller, sector)
    moved = cells[:R, :, R].sum(axis=2) + final[:R, :, R]
    part = np.minimum(1.0, np.divide(MOST * own, moved, out=np.ones_like(own), where=moved > 0))
    cells[:R, :, R] *= part[:, :, None]
    final[:R, :, R] *= part
    wide = np.zeros((R + 1, S, R + 1, S))
    wide[:R, :, :R] = table.Z.reshape(R, S, R, S)
    wide += cells
    demand = np.zeros((R + 1, S, R + 1))
    demand[:R, :, :R] = table.Y.reshape(R, S, R)
    demand += final
    for i in range(R):
        demand[i, :, i] -= cells[i, :, R].sum(axis=1) + final[i, :, R]
    n = (R + 1) * S
    Z, Y = wide.reshape(n, n), demand.reshape(n, R + 1)
    return replace(
        table, Z=Z, final=Y[:, :, None], x=Z.sum(axis=1) + Y.sum(axis=1), regions=(*table.regions, code),
        value_added=np.zeros(0), taxes=np.zeros(0), sources=table.sources | {str(nations().at[code, "source"])},
    )  # fmt: skip
