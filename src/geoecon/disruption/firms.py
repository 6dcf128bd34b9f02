"""Single firms of a case: the day on which one of them stops, with its own stock and its own share of the material."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geoecon.case import Firm
from geoecon.disruption.material_path import material_path
from geoecon.disruption.materials import PARAMETERS, Materials
from geoecon.disruption.setting import Setting

Array = NDArray[np.float64]


def firm_stops(
    found: Setting, materials: Materials, share: Array, left: Array | None, free: Array | None
) -> tuple[list[Firm], Array]:
    """The target's firms of a case, and (draw, firm) the day on which each first has less than half of what it needs,
    infinite where that does not happen.

    `share`, `left`, `free` (draw, day, product) as the materials have them. A firm's own rows (`inventory_days.firm`,
    `need_share.firm`, …) hold before those of its material; it stands alone, so that stocks of others do not help it
    and its licence comes in full or not at all.
    """
    firms = [firm for firm in found.case.firms if firm.state == found.case.target and firm.product in found.products]
    if not firms:
        return [], np.empty((len(share), 0))
    at = [found.products.index(firm.product) for firm in firms]
    path = material_path(
        np.ascontiguousarray(share[:, :, at]), _of_firms(found, materials, firms, at),
        None if left is None else left[:, :, at], None if free is None else free[:, :, at],
    )  # fmt: skip
    return firms, path.first_stop


def _of_firms(found: Setting, whole: Materials, firms: Sequence[Firm], at: Sequence[int]) -> Materials:
    """The materials as each firm has them: its own parameters where it has some, one plant, no one to borrow from."""
    draws = found.draws
    fields = {name: getattr(whole, name)[:, at].copy() for name in vars(whole)}
    for name, field in PARAMETERS.items():
        for f, firm in enumerate(firms):
            if f"{name}.{firm.id}" in draws.values:
                fields[field][:, f] = draws.get(f"{name}.{firm.id}")
    luck = np.random.default_rng([draws.seed, 24]).standard_normal((draws.n, len(firms)))
    luck[0] = 0.0
    spread = fields["stock_spread"]
    unknown = np.array([f"inventory_days.{firm.id}" not in draws.values for firm in firms])
    fields["stock_days"] = np.where(unknown, fields["stock_days"] * np.exp(spread * luck - spread**2 / 2),
                                    fields["stock_days"])  # fmt: skip
    fields["users"][:] = 1.0
    fields["stock_spread"][:] = 0.0
    fields["pool"][:] = 0.0
    fields["single"] = np.where(fields["need_share"] >= 1, 1.0, 0.0)
    fields["substitution_long"] = np.maximum(fields["substitution_long"], fields["substitution_now"])
    return Materials(**fields)
