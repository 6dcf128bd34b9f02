"""A world economy as the exact-hat model needs it: shares, tariffs, value added, deficits, elasticities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from geoecon.costs.checks import check, deficit_faults, difference_faults
from geoecon.draws import Array
from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    from geoecon.production import IOTable


class About(TypedDict, total=False):
    """What stands beside the numbers of a model."""

    unit: str
    period: str
    sources: frozenset[str]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Model:
    """A base year. Index n buys or is a country, i sells, j and k are sectors.

    Values are in `unit`, usually USD million a year. `share` sums to one over i; `input_share[n, k, j]` is what
    sector j of n spends on k per unit of its spending on inputs.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    share: Array  # (j, n, i) of n's spending on j, tariff included
    tariff: Array  # (j, n, i) factor, 1.05 is five per cent
    value_added_share: Array  # (n, j) of output
    input_share: Array  # (n, k, j)
    final_share: Array  # (n, j)
    value_added: Array  # (n,)
    deficit: Array  # (n,) imports less exports
    elasticity: Array  # (j,)
    spending: Array  # (n, j) tariff included
    export_tax: Array = field(default_factory=lambda: np.zeros(0))  # (j, n, i) factor, paid to i
    unit: str = "USD million"
    period: str = ""
    sources: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.export_tax):
            object.__setattr__(self, "export_tax", np.ones_like(self.share))
        for name in ("share", "tariff", "value_added_share", "input_share", "final_share", "value_added", "deficit",
                     "elasticity", "spending", "export_tax"):  # fmt: skip
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), dtype=float))
        check(self)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.regions), len(self.sectors)

    @cached_property
    def traded(self) -> NDArray[np.bool_]:
        """(j,) sectors of which anything crosses a border."""
        abroad = ~np.eye(len(self.regions), dtype=bool)
        return np.asarray((self.share[:, abroad] != 0).any(axis=1))

    @cached_property
    def border_value(self) -> Array:
        """(j, n, i) base flows at the border, before n's tariff."""
        return np.asarray(self.share * self.spending.T[:, :, None] / self.tariff)

    @cached_property
    def output(self) -> Array:
        """(n, j) gross output at the factory gate."""
        return np.asarray((self.border_value / self.export_tax).sum(axis=1).T)

    @cached_property
    def tax_revenue(self) -> Array:
        """(n,) tariffs and export taxes collected in the base."""
        tariffs = (self.border_value * (self.tariff - 1)).sum(axis=(0, 2))
        export = (self.border_value * (1 - 1 / self.export_tax)).sum(axis=(0, 1))
        return np.asarray(tariffs + export)

    @cached_property
    def income(self) -> Array:
        """(n,) what the country spends on final goods: value added, taxes and deficit."""
        return np.asarray(self.value_added + self.tax_revenue + self.deficit)

    def region(self, name: str) -> int:
        """Its number. Raises InputError that lists the known names."""
        return _find("region", name, self.regions)

    def sector(self, name: str) -> int:
        """Its number. Raises InputError that lists the known names."""
        return _find("sector", name, self.sectors)

    def with_elasticities(self, elasticity: Array | float) -> Model:
        """The same base under other trade elasticities (j,) or one for all."""
        return replace(self, elasticity=np.broadcast_to(np.asarray(elasticity, float), (len(self.sectors),)).copy())


def _find(kind: str, name: str, known: Sequence[str]) -> int:
    if name not in known:
        shown = ", ".join(known[:60]) + (" …" if len(known) > 60 else "")
        raise InputError(f"{kind} {name!r} is not in the model; allowed: {shown}")
    return known.index(name)


def elasticities_for(
    sectors: Sequence[str],
    given: Mapping[str, float] | Array | float,
    traded: NDArray[np.bool_],
    default: float | None = None,
) -> tuple[Array, tuple[str, ...]]:
    """Elasticities (j,) in the model's order, and notes.

    A traded sector without one takes `default` where that was asked for, else it stays NaN and the model refuses
    it; for a sector that nobody trades the elasticity is not used (it is set to one) and the notes say so.
    """
    if isinstance(given, Mapping):
        unknown = sorted(set(given) - set(sectors))
        if unknown:
            raise InputError([f"elasticity of unknown sector {s!r}; allowed: " + ", ".join(sectors) for s in unknown])
        value = np.array([float(given.get(sector, np.nan)) for sector in sectors])
    else:
        value = np.broadcast_to(np.asarray(given, dtype=float), (len(sectors),)).copy()
    missing, idle = np.isnan(value) & traded, np.isnan(value) & ~traded
    notes = [f"{sectors[j]}: not traded, elasticity not used" for j in map(int, np.flatnonzero(idle))]
    value = np.where(idle, 1.0, value)
    if default is not None and missing.any():
        names = ", ".join(sectors[j] for j in map(int, np.flatnonzero(missing)))
        notes.append(f"elasticity {default:g} by default, as asked: {names}")
        value = np.where(missing, default, value)
    return value, tuple(notes)


def model_from_flows(
    flows: Array,
    regions: Sequence[str],
    sectors: Sequence[str],
    elasticities: Mapping[str, float] | Array | float,
    *,
    tariff: Array | None = None,
    value_added_share: Array | None = None,
    input_share: Array | None = None,
    final_share: Array | None = None,
    deficit: Array | None = None,
    default_elasticity: float | None = None,
    allow_no_own_sales: bool = False,
    **about: Unpack[About],
) -> Model:
    """A model from flows (j, n, i) at the border, own sales on the diagonal.

    Without `value_added_share` and `input_share` there are no inputs; without `final_share` final spending is what
    the flows leave after inputs; without `deficit` it is imports less exports. Raises InputError where a country
    sells nothing to itself (trade statistics lack it) unless that is allowed, and for every fault of `check`.
    """
    flows = np.asarray(flows, dtype=float)
    N, J = len(regions), len(sectors)
    if flows.shape != (J, N, N):
        raise InputError(f"flows have shape {flows.shape}; allowed: (sectors, importers, exporters) {(J, N, N)}")
    faults: list[str | Fault] = []
    for j, n, i in np.argwhere(~(flows >= 0))[:20]:
        faults.append(f"flow {regions[i]} to {regions[n]}, {sectors[j]} is {flows[j, n, i]:g}; allowed: from 0")
    own = np.arange(N)
    for n in range(N) if not allow_no_own_sales else ():
        if flows[:, n, n].sum() == 0:
            faults.append(
                f"{regions[n]} has no sales to itself, an own share of zero; allowed: its own flow, or its output "
                f"(own sales are output less exports {flows[:, :, n].sum():g})"
            )
    if faults:
        raise InputError(faults)
    tariff = np.ones_like(flows) if tariff is None else np.asarray(tariff, dtype=float)
    spending = (flows * tariff).sum(axis=2)  # (j, n)
    share = np.divide(flows * tariff, spending[:, :, None], out=np.zeros_like(flows), where=spending[:, :, None] > 0)
    share[:, own, own] = np.where(spending > 0, share[:, own, own], 1.0)  # a good that nobody buys there
    output = flows.sum(axis=1).T  # (n, j)
    B = np.ones((N, J)) if value_added_share is None else np.asarray(value_added_share, dtype=float)
    G = np.zeros((N, J, J)) if input_share is None else np.asarray(input_share, dtype=float)
    inputs = np.einsum("nkj,nj->nk", G, (1 - B) * output)
    value_added = (B * output).sum(axis=1)
    implied = flows.sum(axis=(0, 2)) - flows.sum(axis=(0, 1))
    if deficit is not None:
        given, world = np.asarray(deficit, float), float(value_added.sum())
        wrong = deficit_faults(regions, given, world, implied, spending.sum())
        wrong = wrong or difference_faults(regions, given, implied, world)
        if wrong:
            raise InputError(wrong)
    if final_share is None:
        final = spending.T - inputs
        faults = [
            f"{regions[n]}, {sectors[j]}: spending {spending[j, n]:g} is below what its industries buy "
            f"{inputs[n, j]:g}, so final demand is negative; allowed: final_share given, or stocks moved out"
            for n, j in np.argwhere(final < -1e-9 * spending.T.max())[:20]
        ]
        if faults:
            raise InputError(faults)
        final = np.maximum(final, 0)
        final_share = final / final.sum(axis=1, keepdims=True)
    abroad = ~np.eye(N, dtype=bool)
    traded = np.asarray((flows[:, abroad] > 0).any(axis=1))
    value, notes = elasticities_for(sectors, elasticities, traded, default_elasticity)
    about["notes"] = (*about.get("notes", ()), *notes)
    balance = implied if deficit is None else np.asarray(deficit, float)
    final_share = np.asarray(final_share, float)
    return Model(tuple(regions), tuple(sectors), share, tariff, B, G, final_share, value_added, balance, value,
                 spending.T.copy(), **about)  # fmt: skip


def model_from_table(
    table: IOTable,
    elasticities: Mapping[str, float] | Array | float,
    *,
    tariff: Array | None = None,
    default_elasticity: float | None = None,
) -> Model:
    """A model from an input-output table (`production.IOTable`), with elasticities by sector.

    Sales that the table states as negative (stocks run down) are set to zero and output follows the sales, so
    that the base balances to the last digit; the notes say how much that moved. Value added is output less inputs.
    """
    N, J = len(table.regions), len(table.sectors)
    Z = np.asarray(table.Z, dtype=float).reshape(N, J, N, J)  # (i, k, n, j)
    final = np.asarray(table.Y, dtype=float).reshape(N, J, N)  # (i, k, n)
    notes: list[str] = []
    negative = float(-np.minimum(final, 0).sum() - np.minimum(Z, 0).sum())
    if negative > 0:
        notes.append(f"stocks run down by {negative:,.0f} {table.unit} are set to zero; output follows the sales")
    Z, final = np.maximum(Z, 0), np.maximum(final, 0)
    flows = (Z.sum(axis=3) + final).transpose(1, 2, 0)  # (k, n, i)
    output = flows.sum(axis=1).T
    inputs = Z.sum(axis=0).transpose(1, 0, 2)  # (n, k, j)
    cost = inputs.sum(axis=1)
    added = output - cost
    faults = [
        f"{table.regions[n]}/{table.sectors[j]}: inputs {cost[n, j]:g} exceed output {output[n, j]:g}, value added "
        f"{added[n, j]:g}; allowed: value added from 0"
        for n, j in np.argwhere(added < 0)
    ]
    if faults:
        raise InputError(faults)
    B = np.divide(added, output, out=np.ones_like(added), where=output > 0)
    G = np.divide(inputs, cost[:, None, :], out=np.zeros_like(inputs), where=cost[:, None, :] > 0)
    return model_from_flows(
        flows, table.regions, table.sectors, elasticities, tariff=tariff, value_added_share=B, input_share=G,
        default_elasticity=default_elasticity, allow_no_own_sales=False, unit=table.unit,
        period=str(table.year or ""), sources=table.sources, notes=tuple(notes),
    )  # fmt: skip
