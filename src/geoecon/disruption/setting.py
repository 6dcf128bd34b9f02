"""What the stage reads from a case once: the economy, the materials with users and makers, the boycotts, base sales."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoecon.case import Case
from geoecon.disruption import conduct
from geoecon.disruption.economy import Economy, build
from geoecon.disruption.materials import PARAMETERS, Materials
from geoecon.draws import Draws
from geoecon.errors import MissingData
from geoecon.figure import cite
from geoecon.production import economy as economy_table

Array = NDArray[np.float64]
PAPERS = (
    "disruption-hallegatte-2008",
    "disruption-hallegatte-2014",
    "disruption-henriet-2012",
    "disruption-pichler-2022",
)


@dataclass(frozen=True)
class Boycott:
    """A demand shock of the case: buyers in `consumer` leave what (region, sector) `supplier` sells them."""

    id: str
    supplier: tuple[str, str]
    consumer: str
    start: date
    known_from: date


@dataclass(frozen=True, eq=False)
class Setting:
    """What the stage reads from a case once: the economy, the materials with their users and makers, the boycotts."""

    case: Case
    draws: Draws

    @cached_property
    def economy(self) -> Economy:
        return build(economy_table(self.case))

    @cached_property
    def products(self) -> list[str]:
        named = [product.id for product in self.case.products if product.users]
        if not named:
            raise MissingData("case.toml: users of a product, as (region, sector) of economy.csv")
        return named

    @cached_property
    def users(self) -> list[tuple[tuple[str, str], ...]]:
        return [self.case.product(name).users for name in self.products]

    @cached_property
    def materials(self) -> Materials:
        return Materials.from_draws(self.draws, self.products)

    @cached_property
    def edges(self) -> dict[tuple[int, int], list[tuple[int, float]]]:
        """(maker, user): the materials that flow on this edge, each with its value as a share of the edge's flow."""
        found: dict[tuple[int, int], list[tuple[int, float]]] = {}
        R = len(self.economy.regions)
        for g, name in enumerate(self.products):
            product = self.case.product(name)
            pairs = [(self.economy.index(*m), self.economy.index(*u)) for m in product.makers for u in product.users]
            flows = [self.economy.shares[i // R, i % R, j] * self.economy.base_orders[i // R, j] for i, j in pairs]
            value = base_sales(self.case, name) / 365 / 1e6
            for (i, j), flow in zip(pairs, flows, strict=True):
                if flow > 0 and value > 0:
                    found.setdefault((i, j), []).append((g, value * flow / sum(flows) / flow))
        return found

    @cached_property
    def boycotts(self) -> tuple[Boycott, ...]:
        rows = self.case.settings.get("demand", [])
        return tuple(
            Boycott(
                row["id"],
                (row["supplier"][0], row["supplier"][1]),
                row["consumer"],
                _day(row["start"]),
                _day(row.get("known_from", row["start"])),
            )
            for row in rows
        )

    @cached_property
    def priors(self) -> frozenset[str]:
        names = [*PARAMETERS, "boycott_share"]
        mine = {
            self.draws.parameter(name, product).source
            for name in names
            for product in self.products
            if self.draws.has(name, product)
        }
        return frozenset(mine)

    @cached_property
    def conduct_priors(self) -> frozenset[str]:
        """Sources of the economy's own parameters."""
        return frozenset(self.draws.parameter(name).source for name in conduct.PARAMETERS)

    @cached_property
    def sources(self) -> frozenset[str]:
        return self.priors | self.conduct_priors | self.economy.sources | {cite(paper) for paper in PAPERS}

    @cached_property
    def verified(self) -> bool:
        return all(
            self.draws.parameter(name, product).status != "memory" for name in PARAMETERS for product in self.products
        )

    def boycott(self, one: Boycott) -> tuple[int, Array]:
        """(industry, USD million a day lost at the height (draw,))."""
        i = self.economy.index(*one.supplier)
        lost = self.draws.get("boycott_share", one.id) * self.draws.get("boycott_base_usd_million", one.id) / 365
        region = self.economy.regions.index(one.consumer)
        return i, np.minimum(lost, self.economy.final[i, region])


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def base_sales(case: Case, product: str) -> float:
    """USD a year that the sender sold to the target before the start: twelve months, else the latest year, else 0."""
    flows = case.flows
    mine = flows[
        (flows["exporter"] == case.sender) & (flows["importer"] == case.target) & (flows["product"] == product)
    ]
    start = case.start.isoformat()[:7]
    back = f"{case.start.year - 1}{start[4:]}"
    monthly = mine[mine["period"].str.fullmatch(r"\d{4}-\d{2}") & (mine["period"] >= back) & (mine["period"] < start)]
    monthly = monthly.drop_duplicates("period")
    if len(monthly) == 12 and monthly["value_usd"].notna().all():
        return float(monthly["value_usd"].sum())
    yearly = mine[mine["period"].str.fullmatch(r"\d{4}") & (mine["period"] < start[:4])].sort_values("period")
    known = yearly["value_usd"].dropna()
    return float(known.iloc[-1]) if len(known) else 0.0
