"""What a base year must satisfy before anything is solved: every fault at once, never a silent repair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from geoecon.draws import Array
from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    from geoecon.costs.model import Model

DEFICIT_TOLERANCE = 1e-6  # of world value added: rounding in a file, not a missing country
SHARE_TOLERANCE = 1e-4


def check(model: Model) -> None:
    """Raises InputError with every fault of the base: shapes, gaps, shares, deficits, elasticities, output."""
    N, J = model.shape
    shapes = {"share": (J, N, N), "tariff": (J, N, N), "export_tax": (J, N, N), "value_added_share": (N, J),
              "input_share": (N, J, J), "final_share": (N, J), "value_added": (N,), "deficit": (N,),
              "elasticity": (J,), "spending": (N, J)}  # fmt: skip
    wrong = [f"{name} has shape {getattr(model, name).shape}; allowed: {shape}"
             for name, shape in shapes.items() if getattr(model, name).shape != shape]  # fmt: skip
    if wrong:
        raise InputError(wrong)
    faults: list[str | Fault] = []
    for name in shapes:
        if name != "elasticity" and not np.isfinite(getattr(model, name)).all():
            faults.append(f"{name}: a value is missing or not finite; allowed: finite numbers")
    if faults:
        raise InputError(faults)
    for n in np.flatnonzero(~(model.value_added > 0)):
        faults.append(
            f"{model.regions[n]}: value added {model.value_added[n]:g}, a country without output; allowed: > 0"
        )
    for j, n, i in np.argwhere((model.share < 0) | (model.share > 1 + SHARE_TOLERANCE))[:10]:
        where = f"{model.regions[n]} from {model.regions[i]}, {model.sectors[j]}"
        faults.append(f"share of {where} is {model.share[j, n, i]:g}; allowed: 0 to 1")
    sums = model.share.sum(axis=2)
    for j, n in np.argwhere((np.abs(sums - 1) > SHARE_TOLERANCE) & (model.spending.T != 0))[:10]:
        faults.append(f"shares of {model.regions[n]}, {model.sectors[j]} sum to {sums[j, n]:g}; allowed: 1")
    for name in ("tariff", "export_tax"):
        for j, n, i in np.argwhere(getattr(model, name) <= 0)[:10]:
            where = f"{model.regions[n]} from {model.regions[i]}, {model.sectors[j]}"
            faults.append(f"{name} factor of {where} is {getattr(model, name)[j, n, i]:g}; allowed: above 0")
    own = np.arange(N)
    for j, n in np.argwhere(model.tariff[:, own, own] != 1)[:10]:
        faults.append(f"tariff of {model.regions[n]} on itself, {model.sectors[j]}; allowed: none (factor 1)")
    faults.extend(deficit_faults(model.regions, model.deficit, float(model.value_added.sum())))
    faults.extend(elasticity_faults(model))
    if faults:
        raise InputError(faults)


def deficit_faults(
    regions: Sequence[str], deficit: Array, world: float, implied: Array | None = None, total: float | None = None
) -> list[str | Fault]:
    """Why the deficits cannot be used, or nothing. `implied` are those of the flows, offered instead."""
    gap = float(np.sum(deficit))
    if abs(gap) <= DEFICIT_TOLERANCE * world:
        return []
    size = total or world
    shown = ", ".join(f"{name} {value:g}" for name, value in zip(regions, deficit, strict=True))
    text = f"deficits sum to {gap:.6g} ({abs(gap) / size:.1%} of world spending {size:g}), not 0: {shown}"
    if implied is not None:
        offered = ", ".join(f"{name} {value:+g}" for name, value in zip(regions, implied, strict=True))
        text += f"; allowed: deficits that sum to 0, such as those of the flows: {offered}"
    else:
        text += "; allowed: deficits that sum to 0"
    return [text]


def difference_faults(regions: Sequence[str], deficit: Array, implied: Array, world: float) -> list[str | Fault]:
    """Deficits that sum to zero but are not those of the flows: the base would not be an equilibrium."""
    return [
        f"deficit of {name} is {value:g}, its imports less exports are {own:g}; allowed: the deficits of the flows in "
        "the base (others are a counterfactual: deficits=…)"
        for name, value, own in zip(regions, deficit, implied, strict=True)
        if not abs(value - own) <= DEFICIT_TOLERANCE * world
    ]


def elasticity_faults(model: Model) -> list[str | Fault]:
    return [
        f"sector {name!r} is traded and its trade elasticity is {model.elasticity[j]:g}; allowed: a number above 0 "
        f"(a row for it in the elasticity table, or a default that you ask for)"
        for j, name in enumerate(model.sectors)
        if model.traded[j] and not model.elasticity[j] > 0
    ]
