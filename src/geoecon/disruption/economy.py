"""The arrays of the adaptive regional input-output model, made once from a table and read-only afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoecon.dates import YEAR
from geoecon.errors import Fault, InputError
from geoecon.production import IOTable

if TYPE_CHECKING:
    from geoecon.disruption.conduct import Conduct

Array = NDArray[np.float64]
THRESHOLD = 1e-5  # an input below this share of the buyer's output never holds it up (Juhel et al., BoARIO)
CRITICAL, IMPORTANT, FREE = 2, 1, 0  # criticality classes of Pichler et al. 2022
Days = float | Sequence[float] | Mapping[str, float]
LEAST = 1e-9  # stands for anything above 0
# parameter of how firms act: least and most
RANGES: Mapping[str, tuple[float, float]] = {
    "overproduction_max": (1.0, np.inf),
    "overproduction_days": (LEAST, np.inf),
    "psi": (LEAST, 1.0),
    "switching_days": (1.0, np.inf),
    "return_days": (1.0, np.inf),
    "restoration_days": (1.0, np.inf),
    "inventory_days": (0.0, np.inf),
}


@dataclass(frozen=True)
class Behaviour:
    """How firms act; the defaults are those of BoARIO 0.7 where it has the parameter.

    `inventory_days` and `restoration_days` hold for every input, or one number for each sector (in
    the table's order, or by name); an infinite
    inventory never binds. `switching_days`: how slowly buyers leave a
    supplier that falls short, `return_days`: how slowly they come back. `weights` tells how
    orders are split over the suppliers of one input: by base share times what each delivered of its orders
    ("fulfilment"), times its capacity ("capacity", as BoARIO's "alt") or by base share alone ("base").
    `goal` is the production that stocks are held for: the realised one, or the one without input limits ("optimal").
    """

    overproduction_max: float = 1.25
    overproduction_days: float = 365.0
    psi: float = 0.8
    inventory_days: Days = 90.0
    restoration_days: Days = 60.0
    switching_days: float = 1.0
    return_days: float = 30.0
    weights: str = "fulfilment"
    goal: str = "production"
    important_weight: float = 0.5
    parity: bool = False

    def __post_init__(self) -> None:
        faults = []
        if self.weights not in ("fulfilment", "capacity", "base"):
            faults.append(f"weights {self.weights!r}; allowed: fulfilment, capacity, base")
        if self.goal not in ("production", "optimal"):
            faults.append(f"goal {self.goal!r}; allowed: production, optimal")
        faults += out_of_range(self)
        if faults:
            raise InputError(faults)


def out_of_range(acts: Behaviour | Conduct) -> list[str]:
    """The parameters of how firms act, plain or by scenario, that lie outside their RANGES."""
    faults = []
    for name, (low, high) in RANGES.items():
        given = getattr(acts, name)
        values = np.asarray(list(given.values()) if isinstance(given, Mapping) else given, dtype=float)
        if not ((values >= low) & (values <= high)).all():
            allowed = "above 0" if low == LEAST else f"from {low:g}"
            allowed += "" if high == np.inf else f" to {high:g}"
            faults.append(f"{name} {values.min():g} to {values.max():g}; allowed: a number {allowed}")
    return faults


BOARIO = Behaviour(weights="capacity", goal="optimal", parity=True)


@dataclass(frozen=True, eq=False)
class Economy:
    """Daily flows of a table, industries sector-major: number `s * R + r` (the suppliers of an input are neighbours).

    `shares` (S, R, n): share of supplier r in what buyer j orders of input s. `coefficients` and `base_orders`
    (S, n): input s per unit of output, and a day, of buyer j. `output` (n,), `final` (n, R) by consuming region,
    `final_total` (n,). `order` (n,) gives the table's number (region-major) of each of ours.
    """

    shares: Array
    coefficients: Array
    base_orders: Array
    output: Array
    final: Array
    final_total: Array
    released: Array  # (n,) supplied from stock a day: the falls of inventories in the table
    sales: Array  # (n,) intermediate sales a day
    value_added: Array  # (n,) a day
    needed: NDArray[np.bool_]  # (S, n) inputs large enough to hold the buyer up
    inventory: Array  # (S,) days
    restoration: Array  # (S,) days
    criticality: NDArray[np.int8]  # (S, n)
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    order: NDArray[np.int64]
    behaviour: Behaviour
    unit: str = "USD million"
    repairs: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()
    table: IOTable | None = field(default=None, repr=False)

    @property
    def n(self) -> int:
        return len(self.output)

    @property
    def size(self) -> tuple[int, int]:
        return len(self.regions), len(self.sectors)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Names "region/sector" in our order."""
        return tuple(f"{region}/{sector}" for sector in self.sectors for region in self.regions)

    def index(self, region: str, sector: str) -> int:
        """Our number of an industry. Raises InputError that lists the known names."""
        for what, name, known in (("region", region, self.regions), ("sector", sector, self.sectors)):
            if name not in known:
                raise InputError(
                    f"{what} {name!r} of {region}/{sector} is not in the table; allowed: {', '.join(known)}"
                )
        return self.sectors.index(sector) * len(self.regions) + self.regions.index(region)

    @cached_property
    def holds(self) -> Array:
        """(S, n): 1/a, output a day that a day's use of the input goes with; infinite where the input never binds."""
        held = self.needed & (self.coefficients > 0) & np.isfinite(self.inventory)[:, None]
        return np.where(held, 1 / np.where(held, self.coefficients, 1), np.inf)

    @cached_property
    def added_share(self) -> Array:
        """(n,) value added per unit of output, 0 where nothing is made."""
        made = self.output > 0
        return np.divide(self.value_added, self.output, out=np.zeros(self.n), where=made)

    @cached_property
    def consumers(self) -> Array:
        """(R, n) share of each region in an industry's final demand, 0 where there is none."""
        total = self.final_total[:, None]
        return np.divide(self.final, total, out=np.zeros(self.final.shape), where=total > 0).T

    @cached_property
    def base_value_added(self) -> Array:
        """(R,) value added a day by region."""
        return np.asarray(self.value_added.reshape(len(self.sectors), len(self.regions)).sum(axis=0))


def build(
    table: IOTable,
    behaviour: Behaviour | None = None,
    *,
    criticality: NDArray[np.int8] | None = None,
    repair: bool = False,
) -> Economy:
    """The model's arrays for a table.

    `criticality` (S, S) rates input (row) for buying sector (column) as CRITICAL, IMPORTANT or FREE; default all
    critical. Negative final demand (a fall of inventories) becomes a steady supply from stock beside production, so
    that base output is that of the table. With `repair`, an unbalanced row is given its sales as output and a
    negative sale is set to zero; whatever is done is listed in `repairs`. Raises InputError for an unbalanced table,
    negative sales or negative output.
    """
    behaviour = behaviour or Behaviour()
    R, S, n = len(table.regions), len(table.sectors), table.n
    order = np.arange(n).reshape(R, S).T.ravel()
    repairs = _check(table, repair)
    Z = np.ascontiguousarray(table.Z[np.ix_(order, order)])
    Z[Z < 0] = 0
    signed = table.final[order]
    final = signed.sum(axis=2) if behaviour.parity else np.clip(signed, 0, None).sum(axis=2)
    released = np.zeros(n) if behaviour.parity else -np.clip(signed, None, 0).sum(axis=(1, 2))
    x = table.x[order] if behaviour.parity else Z.sum(axis=1) + final.sum(axis=1) - released
    inputs = Z.reshape(S, R, n).sum(axis=1)
    shares = np.divide(Z.reshape(S, R, n), inputs[:, None], out=np.zeros((S, R, n)), where=inputs[:, None] > 0)
    coefficients = np.divide(inputs, x, out=np.zeros_like(inputs), where=x > 0)
    rated = np.full((S, S), CRITICAL, np.int8) if criticality is None else np.asarray(criticality, np.int8)
    if rated.shape != (S, S) or not np.isin(rated, (FREE, IMPORTANT, CRITICAL)).all():
        raise InputError(f"criticality has shape {rated.shape}; allowed: ({S}, {S}) of 0 (free), 1 (important), 2")
    inventory = _by_sector("inventory_days", behaviour.inventory_days, table.sectors)
    short = inventory <= 1 if behaviour.parity else inventory * behaviour.psi < 1
    if short.any():  # the peer sets such stocks to two days; below one day of use at ψ output could not be the base's
        least = 2.0 if behaviour.parity else 1 / behaviour.psi
        repairs = (*repairs, f"stocks too short for steps of a day are held at {least:g} days: {_names(table, short)}")
        inventory = np.where(short, least, inventory)
    found = Economy(
        shares=shares,
        coefficients=coefficients,
        base_orders=inputs / YEAR,
        output=x / YEAR if behaviour.parity else Z.sum(axis=1) / YEAR + final.sum(axis=1) / YEAR - released / YEAR,
        released=released / YEAR,
        final=final / YEAR,
        final_total=final.sum(axis=1) / YEAR,
        sales=Z.sum(axis=1) / YEAR,
        value_added=(x - Z.sum(axis=0)) / YEAR,
        needed=inputs > x / YEAR * THRESHOLD if behaviour.parity else inputs > x * THRESHOLD,
        inventory=inventory,
        restoration=_by_sector("restoration_days", behaviour.restoration_days, table.sectors),
        criticality=np.repeat(rated, R, axis=1),
        regions=table.regions,
        sectors=table.sectors,
        order=order,
        behaviour=behaviour,
        unit=table.unit,
        repairs=repairs,
        sources=table.sources,
        table=table,
    )
    for value in vars(found).values():
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return found


def _by_sector(name: str, given: Days, sectors: Sequence[str]) -> Array:
    """(S,) a number for every sector. Raises InputError for unknown or missing sectors, or a wrong number of them."""
    if isinstance(given, Mapping):
        unknown, missing = sorted(set(given) - set(sectors)), [sector for sector in sectors if sector not in given]
        if unknown or missing:
            wrong = [f"unknown {', '.join(unknown)}"] * bool(unknown) + [f"missing {', '.join(missing)}"] * bool(
                missing
            )
            raise InputError(f"{name}: {'; '.join(wrong)}; allowed: one number for each of {', '.join(sectors)}")
        return np.array([given[sector] for sector in sectors], float)
    values = np.asarray(given, float)
    if values.shape not in ((), (len(sectors),)):
        raise InputError(
            f"{name} has {len(values)} values; allowed: one number, or one for each of {len(sectors)} sectors"
        )
    return np.broadcast_to(values, (len(sectors),)).copy()


def _names(table: IOTable, chosen: NDArray[np.bool_]) -> str:
    return ", ".join(name for name, is_it in zip(table.sectors, chosen, strict=True) if is_it)


def _check(table: IOTable, repair: bool) -> tuple[str, ...]:
    """Faults of the table that the model cannot carry, or the repairs in words."""
    faults: list[Fault] = []
    notes: list[str] = []
    where = table.name
    sales = table.Z.sum(axis=1) + table.final.sum(axis=(1, 2))
    gap = np.abs(sales - table.x)
    for i in np.flatnonzero(gap > table.tolerance * np.maximum(np.abs(table.x), 1e-9)):
        found = f"sales {sales[i]:.10g}, output {table.x[i]:.10g}"
        _fault(faults, notes, repair, where, table.labels[i], found, f"a gap of at most {table.tolerance:.1%}",
               "output is set to sales")  # fmt: skip
    cost = table.Z.sum(axis=0) + table.value_added + table.taxes
    for i in np.flatnonzero(np.abs(cost - table.x) > table.tolerance * np.maximum(np.abs(table.x), 1e-9)):
        found = f"purchases plus value added {cost[i]:.10g}, output {table.x[i]:.10g}"
        _fault(faults, notes, repair, where, table.labels[i], found, f"a gap of at most {table.tolerance:.1%}",
               "value added is output less purchases")  # fmt: skip
    for i, j in np.argwhere(table.Z < 0):
        found = f"sale {table.Z[i, j]:g} to {table.labels[j]}"
        _fault(faults, notes, repair, where, table.labels[i], found, "a sale from 0", "set to 0")
    for i in np.flatnonzero(table.x < 0):
        faults.append(Fault(where, None, table.labels[i], f"output {table.x[i]:g}", "output from 0"))
    for i, r, c in np.argwhere(table.final < 0):
        notes.append(
            f"{table.labels[i]}: final demand {table.regions[r]} {table.categories[c]} is {table.final[i, r, c]:g}; "
            "supplied from stock beside production"
        )
    for i in np.flatnonzero((table.x == 0) | (table.Z.sum(axis=0) == 0)):
        lacks = "output" if table.x[i] == 0 else "inputs"
        notes.append(f"{table.labels[i]} has no {lacks}: it holds no stocks and is never short of inputs")
    if faults:
        raise InputError(faults)
    return tuple(notes)


def _fault(
    faults: list[Fault], notes: list[str], repair: bool, where: str, label: str, found: str, allowed: str, mended: str
) -> None:
    if repair:
        notes.append(f"{label}: {found}; {mended}")
    else:
        faults.append(Fault(where, None, label, found, allowed))
