"""What the checks of an input-output table find: gaps, negative cells, empty industries, closed loops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoecon import countries
from geoecon.errors import InputError

if TYPE_CHECKING:
    from geoecon.production.table import IOTable

Array = NDArray[np.float64]
NOTHING = 1e-6  # million of the currency: output up to it is a placeholder
EXCESS = 1000.0  # purchases of so many times its output say that the output is a placeholder
BALANCING = 1e-3  # of the buyer's output: a smaller negative cell is the source's own
SINGULAR = 1e-9  # of a spectral radius from one


@dataclass(frozen=True)
class Finding:
    """Something a user of the table should know, with the industry and the numbers."""

    kind: str  # balance, purchase, negative, empty, value added, absent, unit, discrepancy, apart, regions
    where: str
    text: str
    value: float | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.where else self.text


def found_in(table: IOTable) -> tuple[Finding, ...]:
    """Balance, impossible purchases, negative cells, empty industries, negative value added, names of regions."""
    return (*_balance(table), *_impossible(table), *_negatives(table), *_empty(table), *_strange_regions(table))


def produces(x: Array, bought: Array) -> NDArray[np.bool_]:
    """Industries with output (n,): one of at most `NOTHING`, or of a thousandth of what is bought, is a placeholder."""
    return np.asarray((np.abs(x) > NOTHING) & (np.abs(bought) <= EXCESS * np.abs(x)))


@cache
def _country(region: str) -> str:
    """ISO 3166 alpha-3 of a region that is a country under any of its names; else the region."""
    if countries.is_known(region):
        return region
    try:
        place = countries.resolve(region.upper() if len(region) == 3 else region)
    except InputError:
        return region
    return place.iso3 if place.kind == "country" else region


def once(regions: Sequence[str], name: str) -> None:
    """Raises InputError where one country stands under two names (JPN and Japan)."""
    names: dict[str, list[str]] = {}
    for region in regions:
        names.setdefault(_country(region), []).append(region)
    twice = [" and ".join(found) for found in names.values() if len(found) > 1]
    if twice:
        raise InputError(f"{name}: one country under two names: {'; '.join(twice)}; allowed: one name a region")


def closed_loop(A: Array) -> list[int]:
    """Industries of a group whose inputs come from the group alone and cost all of its output: I − A is singular.

    Of each strongly connected group the spectral radius is bounded by its column sums; where they do not tell, it is
    found by power iteration.
    """
    from scipy.sparse import csgraph, csr_matrix

    if (A.sum(axis=0) < 1 - SINGULAR).all():
        return []
    _, group = csgraph.connected_components(csr_matrix(A != 0), directed=True, connection="strong")
    for number in np.unique(group[A.sum(axis=0) >= 1 - SINGULAR]):
        mine = np.flatnonzero(group == number)
        inside = A[np.ix_(mine, mine)]
        cost = inside.sum(axis=0)
        if (cost < 1 - SINGULAR).all() or (inside < 0).any():
            continue
        vector, radius = np.ones(len(mine)), 0.0
        for _ in range(1000):  # of I + A, which has no cycles; its radius is one more
            after = vector + vector @ inside
            ratio, vector = after / vector, after / after.max()
            radius = float(ratio.min()) - 1.0  # Collatz and Wielandt: the radius lies between the two
            if radius >= 1 - SINGULAR or float(ratio.max()) - 1.0 < 1 - SINGULAR:
                break
        if radius >= 1 - SINGULAR:
            return [int(k) for k in mine]
    return []


def _balance(table: IOTable) -> Iterable[Finding]:
    sales = table.Z.sum(axis=1) + table.final.sum(axis=(1, 2))
    cost = table.Z.sum(axis=0) + table.value_added + table.taxes
    size = np.maximum(np.abs(table.x), 1e-12)
    for what, total in (("sales", sales), ("purchases plus value added", cost)):
        for number in np.flatnonzero(np.abs(total - table.x) / size > table.tolerance):
            gap = total[number] - table.x[number]
            part = f" ({abs(gap) / size[number]:.1%})" if table.produces[number] else ""
            yield Finding(
                "balance",
                table.labels[number],
                f"{what} {total[number]:.10g}, output {table.x[number]:.10g} {table.unit}, gap {gap:.6g}{part}, "
                f"tolerance {table.tolerance:.1%}",
                float(gap),
            )
    income, spending = table.gdp
    if abs(income - spending) > table.tolerance * max(abs(income), abs(spending), 1e-12):
        text = f"gross domestic product by income {income:.10g} against expenditure {spending:.10g} {table.unit}"
        yield Finding("balance", "", text, income - spending)


def _impossible(table: IOTable) -> Iterable[Finding]:
    for seller, buyer in table.impossible:
        told = f"{table.sale(seller, buyer)}: no reliance is said of it"
        yield Finding("purchase", table.labels[seller], told, float(table.Z[seller, buyer]))


def _negatives(table: IOTable) -> Iterable[Finding]:
    for row, region, kind in np.argwhere(table.final < 0):
        value = float(table.final[row, region, kind])
        to = f"{table.regions[region]} {table.categories[kind]}"
        yield Finding("negative", table.labels[row], f"final demand {to} is {value:g} (sign kept)", value)
    for row, column in np.argwhere(table.Z < 0):
        value = float(table.Z[row, column])
        text = f"negative sale {value:g} to {table.labels[column]} (sign kept)"
        yield Finding("negative", table.labels[row], text, value)
    bought = table.Z.sum(axis=0)
    for number in np.flatnonzero(table.value_added < 0):
        value = float(table.value_added[number])
        told = f"purchases of {bought[number]:g} against an output of {table.x[number]:g} {table.unit}"
        text = f"value added is {value:g} ({told}); kept, so no capital can be derived from it"
        yield Finding("value added", table.labels[number], text, value)


def _empty(table: IOTable) -> Iterable[Finding]:
    known = {finding.where for finding in table.noted if finding.kind == "absent"}
    bought = table.Z.sum(axis=0)
    for number in np.flatnonzero(~table.produces):
        if table.x[number] != 0:
            told = f"output {table.x[number]:g} is below {NOTHING:g} {table.unit}"
            if abs(table.x[number]) > NOTHING:
                told = f"output {table.x[number]:g} against purchases of {bought[number]:g} {table.unit}"
            told += ": a placeholder, read as no output"
            yield Finding("empty", table.labels[number], told, float(table.x[number]))
        elif table.labels[number] not in known:
            yield Finding("empty", table.labels[number], "no output: coefficients are zero, ratios missing", 0.0)


def _strange_regions(table: IOTable) -> Iterable[Finding]:
    for region in table.regions:
        if region != "ROW" and not countries.is_known(_country(region)):
            yield Finding("regions", region, "no ISO 3166 code: a group or a name of the source's own, kept as it is")
