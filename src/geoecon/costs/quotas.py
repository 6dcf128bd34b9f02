"""Export quotas: the wedge that makes a flow meet its quantity, and who keeps the rent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from geoecon.costs.hat_algebra import Equilibrium, solve
from geoecon.costs.model import Model
from geoecon.costs.shocks import Shock
from geoecon.draws import Array
from geoecon.errors import Fault, InputError, NotConverged

HOLDERS = ("exporter", "importer", "nobody")
QUANTITY_TOLERANCE = 1e-7
ROUNDS = 60


@dataclass(frozen=True)
class Quota:
    """A cap on the quantity that `exporter` sells `importer` of `sector`: at most `share` of the base quantity.

    `rent`: who holds the licences and keeps the price gap. exporter acts like an export tax, importer like a
    tariff; nobody means that the gap is burnt in delay or queues, like a trade cost.
    """

    exporter: str
    importer: str
    sector: str
    share: float
    rent: str = "exporter"


@dataclass(frozen=True, eq=False)
class QuotaResult:
    """The equilibrium under quotas. wedge (quota,) factor on the price, 1 where the cap does not bind; quantity
    (quota,) share of the base quantity; rent (quota,) a year in the model's unit."""

    solved: Equilibrium
    quotas: tuple[Quota, ...]
    wedge: Array
    quantity: Array
    rent: Array
    rounds: int

    def to_frame(self) -> pd.DataFrame:
        rows = [
            (q.exporter, q.importer, q.sector, q.share, self.quantity[k], self.wedge[k], q.rent, self.rent[k])
            for k, q in enumerate(self.quotas)
        ]
        unit = self.solved.model.unit
        columns = ["exporter", "importer", "sector", "cap", "quantity", "wedge", "rent to", f"rent ({unit} a year)"]
        return pd.DataFrame(rows, columns=columns)


def solve_quotas(model: Model, quotas: Sequence[Quota], shock: Shock | None = None) -> QuotaResult:
    """Finds for every quota the smallest wedge of at least 1 at which its flow does not exceed the cap.

    Damped secant steps in the log of the wedge, each from the last equilibrium; complementary slackness: a wedge
    of 1 where the flow stays below the cap by itself. Raises InputError for unknown labels, no base flow or a cap
    that no price can meet (zero), NotConverged with the largest miss.
    """
    places = _places(model, quotas)
    base = Shock.none(model) if shock is None else shock
    caps = np.log([quota.share for quota in quotas])
    theta = model.elasticity if base.elasticity is None else base.elasticity
    slope = np.array([-(1 + theta[j]) for j, _, _ in places])  # of quantity in the wedge, before feedback
    wedge = np.zeros(len(quotas))  # logs
    solved: Equilibrium | None = None
    before: tuple[Array, Array] | None = None
    for rounds in range(1, ROUNDS + 1):
        solved = solve(model, _with_wedges(base, quotas, places, wedge), start=solved)
        excess = np.log(quantities(solved, places)) - caps
        miss = np.where(wedge > 0, np.abs(excess), np.maximum(excess, 0))
        if miss.max() < QUANTITY_TOLERANCE:
            return _result(solved, tuple(quotas), places, np.exp(wedge), rounds)
        if before is not None:
            moved, answered = wedge - before[0], excess - before[1]
            useful = (np.abs(moved) > 1e-9) & (answered * moved < 0)
            slope = np.where(useful, answered / np.where(useful, moved, 1), slope)
        before = (wedge, excess)
        wedge = np.maximum(wedge - np.clip(excess / slope, -1.0, 1.0), 0)
    worst = int(np.argmax(miss))
    q = quotas[worst]
    raise NotConverged("the quotas", float(miss.max()), ROUNDS, f"{q.exporter} to {q.importer}, {q.sector}")


def _places(model: Model, quotas: Sequence[Quota]) -> list[tuple[int, int, int]]:
    """(sector, importer, exporter) of every quota; all faults at once."""
    faults: list[str | Fault] = []
    places = []
    for number, q in enumerate(quotas, 1):
        name = f"quota {number}"
        known = {"exporter": model.regions, "importer": model.regions, "sector": model.sectors}
        wrong = [Fault(name, None, key, repr(getattr(q, key)), ", ".join(allowed))
                 for key, allowed in known.items() if getattr(q, key) not in allowed]  # fmt: skip
        if q.exporter == q.importer:
            wrong.append(Fault(name, None, "importer", f"{q.importer} on itself", "two different regions"))
        if not 0 < q.share < np.inf:
            wrong.append(
                Fault(name, None, "share", f"{q.share:g}", "above 0; no price stops a flow wholly in this model")
            )
        if q.rent not in HOLDERS:
            wrong.append(Fault(name, None, "rent", repr(q.rent), ", ".join(HOLDERS)))
        faults.extend(wrong)
        if wrong:
            continue
        place = (model.sector(q.sector), model.region(q.importer), model.region(q.exporter))
        if model.border_value[place] == 0:
            faults.append(Fault(name, None, None, f"{q.exporter} sells {q.importer} no {q.sector}", "a flow above 0"))
        if place in places:
            faults.append(Fault(name, None, None, "the same flow twice", "each flow once"))
        places.append(place)
    if not quotas:
        faults.append("no quota; allowed: at least one")
    if faults:
        raise InputError(faults)
    return places


def quantities(solved: Equilibrium, places: Sequence[tuple[int, int, int]]) -> Array:
    """(quota,) quantity that leaves the exporter as a share of the base: value at the gate over the price there."""
    model, shock = solved.model, solved.shock
    found = []
    for j, n, i in places:
        gate = solved.border_value[j, n, i] / shock.export_tax[j, n, i]
        base = model.border_value[j, n, i] / model.export_tax[j, n, i]
        found.append(gate / base / solved.cost[i, j])
    return np.asarray(found)


def _with_wedges(base: Shock, quotas: Sequence[Quota], places: Sequence[tuple[int, int, int]], wedge: Array) -> Shock:
    arrays: dict[str, Any] = {name: getattr(base, name).copy() for name in ("export_tax", "tariff", "cost")}
    which = {"exporter": "export_tax", "importer": "tariff", "nobody": "cost"}
    for quota, place, log in zip(quotas, places, wedge, strict=True):
        arrays[which[quota.rent]][place] *= np.exp(log)
    return replace(base, **arrays)


def _result(solved: Equilibrium, quotas: tuple[Quota, ...], places: list[tuple[int, int, int]], wedge: Array,
            rounds: int) -> QuotaResult:  # fmt: skip
    """Rents: the wedge's part of what the buyer pays, at the licence holder's border."""
    rents = []
    for quota, (j, n, i), factor in zip(quotas, places, wedge, strict=True):
        paid = solved.border_value[j, n, i]
        tariff = solved.shock.tariff[j, n, i]
        share = {"exporter": 1 - 1 / factor, "importer": tariff * (1 - 1 / factor), "nobody": 0.0}
        rents.append(paid * share[quota.rent])
    return QuotaResult(solved, quotas, wedge, quantities(solved, places), np.asarray(rents), rounds)
