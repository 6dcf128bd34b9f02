"""How firms act in each scenario of a batch: the economy's own parameters, the same for all or drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geoecon.disruption.economy import Array, Economy, out_of_range
from geoecon.draws import Draws
from geoecon.errors import InputError

# prior of the room: field of Conduct
PARAMETERS: Mapping[str, str] = {
    "economy_inventory_days": "inventory_days",
    "economy_restoration_days": "restoration_days",
    "overproduction_max": "overproduction_max",
    "overproduction_days": "overproduction_days",
    "inventory_psi": "psi",
    "supplier_switching_days": "switching_days",
    "supplier_return_days": "return_days",
}


@dataclass(frozen=True, eq=False)
class Conduct:
    """Parameters of `Behaviour` by scenario, each (B,); stocks and their restoration (S, B), days."""

    inventory_days: Array
    restoration_days: Array
    overproduction_max: Array
    overproduction_days: Array
    psi: Array
    switching_days: Array
    return_days: Array

    @classmethod
    def of(cls, economy: Economy, B: int) -> Conduct:
        """The economy's behaviour in every scenario."""
        act = economy.behaviour
        return cls(
            np.repeat(economy.inventory[:, None], B, axis=1),
            np.repeat(economy.restoration[:, None], B, axis=1),
            *(np.full(B, getattr(act, field.name)) for field in fields(cls)[2:]),
        )

    @classmethod
    def drawn(cls, economy: Economy, draws: Draws) -> Conduct:
        """The room's priors, a scenario for each draw; every input has the same days of stock.

        Stocks that could not carry the base output in steps of a day are held at the least that can.
        """
        values = {field: draws.get(name) for name, field in PARAMETERS.items()}
        S = len(economy.sectors)
        for name in ("inventory_days", "restoration_days"):
            values[name] = np.repeat(values[name][None], S, axis=0)
        values["inventory_days"] = np.maximum(values["inventory_days"], 1 / values["psi"])
        return cls(**values)

    def __post_init__(self) -> None:
        if faults := out_of_range(self):
            raise InputError(faults)

    @property
    def B(self) -> int:
        return len(self.psi)

    @cached_property
    def counted(self) -> Array:
        """(S, B) one where the stock of an input is counted at all."""
        return np.isfinite(self.inventory_days).astype(float)

    @cached_property
    def days(self) -> Array:
        """(S, B) days of stock that are held, none where it is not counted."""
        return np.where(self.counted > 0, self.inventory_days, 0.0)

    @cached_property
    def ease(self) -> Array:
        """(S, B) one over days × ψ, none where no stock is held."""
        held = self.days > 0
        return np.where(held, 1 / np.where(held, self.days * self.psi, 1), 0.0)

    def only(self, rows: slice | NDArray[np.int64]) -> Conduct:
        """The same for some of the scenarios."""
        return Conduct(**{field.name: getattr(self, field.name)[..., rows] for field in fields(self)})
