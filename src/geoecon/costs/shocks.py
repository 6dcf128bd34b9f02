"""What changes: tariffs, trade costs, export taxes, productivity, deficits, as labels or as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geoecon.costs.checks import deficit_faults
from geoecon.costs.model import Model
from geoecon.draws import Array
from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    from geoecon.kinds import Ints

INNER = {"cost": 3, "tariff": 3, "export_tax": 3, "productivity": 2, "deficit": 1, "elasticity": 1}  # dimensions


@dataclass(frozen=True, eq=False)
class Shock:
    """A counterfactual in arrays; `…` is an optional dimension of scenarios or draws, the same in all that have it.

    `cost` (…, j, n, i) and `productivity` (…, n, j) are changes; `tariff` and `export_tax` (…, j, n, i) are the new
    factors; `deficit` (…, n) is the new level; `elasticity` (…, j) replaces the model's.
    """

    cost: Array
    tariff: Array
    export_tax: Array
    productivity: Array
    deficit: Array
    elasticity: Array | None = None

    @classmethod
    def none(cls, model: Model) -> Shock:
        """Nothing changes; deficits are kept."""
        return cls(np.ones_like(model.share), model.tariff, model.export_tax, np.ones(model.shape), model.deficit)

    @classmethod
    def stack(cls, shocks: Sequence[Shock]) -> Shock:
        """Single shocks as one batch. Arrays that all share are kept once."""
        if not shocks:
            raise InputError("a batch without a counterfactual; allowed: at least one")
        values: dict[str, Array] = {}
        for name in INNER:
            parts = [getattr(shock, name) for shock in shocks]
            if name == "cost" or any(part is not parts[0] for part in parts):
                values[name] = np.stack(parts)
        return replace(shocks[0], **values)

    @property
    def leading(self) -> tuple[int, ...]:
        """() for one counterfactual, (scenarios,) for a batch."""
        found = {
            getattr(self, name).shape[: getattr(self, name).ndim - inner]
            for name, inner in INNER.items()
            if getattr(self, name) is not None
        } - {()}
        if len(found) > 1:
            raise InputError(f"shock: arrays of a batch differ in length {sorted(found)}; allowed: one length")
        return found.pop() if found else ()

    def only(self, rows: Ints | slice | int) -> Shock:
        """Some scenarios of a batch."""
        return Shock(**{
            name: value if value is None or value.ndim == inner else value[rows]
            for name, inner in INNER.items()
            for value in [getattr(self, name)]
        })  # fmt: skip

    def __getitem__(self, number: int) -> Shock:
        return self.only(number)

    def part(self, model: Model, share: float) -> Shock:
        """A share of the way from the base: factors in logs, deficits in levels."""
        return replace(
            self,
            cost=self.cost**share,
            tariff=model.tariff * (self.tariff / model.tariff) ** share,
            export_tax=model.export_tax * (self.export_tax / model.export_tax) ** share,
            productivity=self.productivity**share,
            deficit=model.deficit + share * (self.deficit - model.deficit),
        )

    def barrier(self, model: Model) -> Array:
        """(…, j, n, i) change of the buyer's price over the seller's cost: trade cost, tariff and export tax."""
        value = self.cost
        if self.tariff is not model.tariff:
            value = value * (self.tariff / model.tariff)
        if self.export_tax is not model.export_tax:
            value = value * (self.export_tax / model.export_tax)
        return value

    def with_deficits(self, model: Model, rule: str | float | Array) -> Shock:
        """`kept`, `closed` (every country balanced), a factor on all, or new levels (n,) that sum to zero."""
        if isinstance(rule, str):
            if rule not in ("kept", "closed"):
                raise InputError(f"deficits {rule!r}; allowed: kept, closed, a factor, or a level for each region")
            return replace(self, deficit=model.deficit * (rule == "kept"))
        value = np.asarray(rule, dtype=float)
        if value.ndim == 0:
            return replace(self, deficit=model.deficit * float(value))
        faults = deficit_faults(model.regions, value, float(model.value_added.sum()), model.deficit)
        if faults:
            raise InputError(faults)
        return replace(self, deficit=value)


KINDS = ("tariff", "trade_cost", "export_tax", "productivity")


@dataclass(frozen=True)
class Change:
    """One line of a policy. `value` is a factor: the new tariff or export tax (1.1 is ten per cent), or the change
    of trade cost or productivity. A label of None means all; a tariff or cost never falls on own sales."""

    kind: str
    value: float
    exporter: str | None = None  # also the region of a productivity change
    importer: str | None = None
    sector: str | None = None
    line: int | None = None  # of the file, for messages


def shock_from(model: Model, changes: Iterable[Change], deficits: str | float | Array = "kept",
               file: str = "shocks") -> Shock:  # fmt: skip
    """A shock from labelled changes, later lines over earlier ones. Raises InputError with every fault."""
    cost, productivity = np.ones_like(model.share), np.ones(model.shape)
    arrays = {"trade_cost": cost, "tariff": model.tariff.copy(), "export_tax": model.export_tax.copy()}
    abroad = ~np.eye(len(model.regions), dtype=bool)
    faults: list[str | Fault] = []
    for change in changes:
        wrong = _faults(model, change, file)
        faults.extend(wrong)
        if wrong:
            continue
        seller = slice(None) if change.exporter is None else model.region(change.exporter)
        buyer = slice(None) if change.importer is None else model.region(change.importer)
        sector = slice(None) if change.sector is None else model.sector(change.sector)
        if change.kind == "productivity":
            productivity[seller, sector] = change.value
            continue
        where = np.zeros_like(model.share, dtype=bool)
        where[sector, buyer, seller] = True
        where &= abroad
        if not model.border_value[where].any():
            faults.append(Fault(file, change.line, change.kind, _pair(change) + ": no flow in the base, nothing would "
                                "change", "a flow above 0"))  # fmt: skip
        arrays[change.kind][where] = change.value
    if faults:
        raise InputError(faults)
    untouched = {
        "tariff": model.tariff if (arrays["tariff"] == model.tariff).all() else arrays["tariff"],
        "export_tax": model.export_tax if (arrays["export_tax"] == model.export_tax).all() else arrays["export_tax"],
    }
    return Shock(cost, untouched["tariff"], untouched["export_tax"], productivity, model.deficit).with_deficits(
        model, deficits
    )


def _pair(change: Change) -> str:
    return f"{change.importer or 'all'} from {change.exporter or 'all'}, {change.sector or 'all sectors'}"


def _faults(model: Model, change: Change, file: str) -> list[Fault]:
    faults = []
    pair = _pair(change)
    if change.kind not in KINDS:
        faults.append(Fault(file, change.line, "kind", repr(change.kind), ", ".join(KINDS)))
    for column, label, known in (
        ("exporter", change.exporter, model.regions),
        ("importer", change.importer, model.regions),
        ("sector", change.sector, model.sectors),
    ):
        if label is not None and label not in known:
            faults.append(Fault(file, change.line, column, f"unknown {column} {label!r}", ", ".join(known)))
    if not (np.isfinite(change.value) and change.value > 0):
        faults.append(Fault(file, change.line, "value", f"{pair}: factor {change.value:g}", "a factor above 0"))
    if change.kind != "productivity" and change.exporter is not None and change.exporter == change.importer:
        faults.append(Fault(file, change.line, "exporter", f"{change.kind} of {change.exporter} on itself",
                            "two different regions"))  # fmt: skip
    if change.kind == "productivity" and change.importer is not None:
        faults.append(Fault(file, change.line, "importer", f"importer {change.importer} of a productivity change",
                            "empty: productivity belongs to the exporter"))  # fmt: skip
    return faults
