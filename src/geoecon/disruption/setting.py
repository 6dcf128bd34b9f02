"""What the stage reads from a case once: the economy, the materials with users and makers, the boycotts, base sales."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geoecon.capacity import imported
from geoecon.case import Case
from geoecon.dates import YEAR
from geoecon.disruption import conduct
from geoecon.disruption.economy import Economy, build
from geoecon.disruption.materials import PARAMETERS, Materials, key_of, values
from geoecon.disruption.others import by_precedent, from_precedents, said
from geoecon.draws import Draws, Parameter
from geoecon.episodes import CasePrecedents
from geoecon.errors import Fault, InputError, MissingData
from geoecon.figure import cite
from geoecon.production import economy as economy_table

Array = NDArray[np.float64]
ELASTICITIES = ("substitution_now", "substitution_long")
PAPERS = (
    "disruption-hallegatte-2008",
    "disruption-hallegatte-2014",
    "disruption-henriet-2012",
    "disruption-pichler-2022",
)


@dataclass(frozen=True, eq=False)
class Setting:
    """What the stage reads from a case once: the economy, the materials with their users and makers, the boycotts."""

    case: Case
    draws: Draws
    precedents: CasePrecedents | None = None

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
        """What the parameters say of each material, others' deliveries among it. Raises InputError as `raised` does."""
        _ = self.raised
        products = [self.case.product(name) for name in self.products]
        return Materials.from_draws(self.draws, products, self.cost_share, self.case.on_record)

    @cached_property
    def raised(self) -> tuple[str, ...]:
        """Where an elasticity of the first days was stated above draws of that of the end: the end is raised to it.

        Raises InputError where it lies above all that the end may be.
        """
        faults, said, (first, end) = [], [], ELASTICITIES
        for name in self.products:
            keys = (key_of(self.draws, key, self.case.product(name), self.case.on_record) for key in ELASTICITIES)
            now, long = (self.draws.parameters[key] for key in keys)
            if now.low < now.high:
                continue
            if now.low > long.high:
                faults.append(f"{first} {now.low:g} of {name} is above {end} ({long.low:g} to {long.high:g}); "
                              f"allowed: at most {long.high:g}, or {end} stated as well")  # fmt: skip
            elif many := int((self.draws.get(long.name)[1:] < now.low).sum()):
                said.append(f"{end} is raised to {now.low:g}, the {first} stated for {name}, in {many} of "
                            f"{self.draws.n - 1} draws")  # fmt: skip
        if faults:
            raise InputError(faults)
        return tuple(said)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the parameters and of what case.toml leaves open."""
        lacking = [f"case.toml: {product.name} has no users, what its lack costs them is not counted"
                   for product in self.case.products if not product.users]  # fmt: skip
        lacking += [f"case.toml: {product.name} has no makers, what they no longer sell is not counted"
                    for product in self.case.products if product.users and not product.makers]  # fmt: skip
        stated = said(self.case, self.draws, self.products, self.precedents)
        return (*self.economy.repairs, *lacking, *self.raised, *stated)

    def materials_under(self, share: Array) -> Materials:
        """The same with others' deliveries as precedents of a cut like that of `share` (draw, day, product)."""
        return by_precedent(self.materials, self.case, self.draws, self.products, self.precedents, share)

    @cached_property
    def cost_share(self) -> Array:
        """(draw, product) share of a material in the cost of the output that needs it: the users' need, from the
        sender's sales and its share of the need, over their bound output; the parameter where sales are unknown.

        Raises InputError for a user industry without output, and a need larger than the bound output.
        """
        try:
            economy = self.economy
        except MissingData:
            return np.stack([self.draws.get("cost_share", name) for name in self.products], axis=1)
        faults: list[Fault | str] = []
        found = []
        for name, users in zip(self.products, self.users, strict=True):
            product, sales = self.case.product(name), self.sales[name]
            made = [float(economy.output[economy.index(*user)]) * YEAR for user in users]
            for user, output in zip(users, made, strict=True):
                if output <= 0:
                    faults.append(Fault("case.toml", None, f"users of {name}", "/".join(user) + " has no output",
                                        "an industry of the table with output"))  # fmt: skip
            own = f"cost_share.{name}" in self.draws.values
            if own or not sales or not sum(made):
                found.append(self.draws.get("cost_share", name))
                continue
            bound = np.maximum(values(self.draws, "bound_output_share", product), 1e-6) * sum(made)
            need = sales / np.maximum(values(self.draws, "need_share", product), 0.01)
            if need[0] > bound[0]:
                faults.append(
                    f"{name}: a need of USD {need[0]:,.0f} million a year is more than the output that needs it, "
                    f"{bound[0]:,.0f}; allowed: a cost share of at most 1 (trade.csv, users, bound_output_share)"
                )
            found.append(np.clip(need / bound, 1e-7, 1.0))
        if faults:
            raise InputError(faults)
        return np.stack(found, axis=1)

    @cached_property
    def sales(self) -> dict[str, float]:
        """USD million a year that the sender sold to the target before the start, by product; 0 where unknown."""
        return {name: imported(self.case, self.case.sender, name) or 0.0 for name in self.products}

    @cached_property
    def need(self) -> Array:
        """(draw, product) USD million a year that the users need at base prices; 0 where the sender's sales are not
        known."""
        sales = np.array([self.sales[name] for name in self.products])
        return np.asarray(sales / np.maximum(self.materials.need_share, 0.01))

    @cached_property
    def imported(self) -> Array:
        """(draw, product) share of the need that comes from abroad: imports of all origins, where the case has them."""
        found = [imported(self.case, "WLD", name) for name in self.products]
        imports = np.array([np.inf if value is None else value for value in found])
        return np.asarray(np.minimum(imports / np.maximum(self.need, 1e-9), 1.0))

    @cached_property
    def edges(self) -> dict[tuple[int, int], list[tuple[int, float]]]:
        """(maker, user): the materials that flow on this edge, each with its value as a share of the edge's flow."""
        found: dict[tuple[int, int], list[tuple[int, float]]] = {}
        R = len(self.economy.regions)
        for g, name in enumerate(self.products):
            product = self.case.product(name)
            pairs = [(self.economy.index(*m), self.economy.index(*u)) for m in product.makers for u in product.users]
            flows = [self.economy.shares[i // R, i % R, j] * self.economy.base_orders[i // R, j] for i, j in pairs]
            value = self.sales[name] / YEAR
            for (i, j), flow in zip(pairs, flows, strict=True):
                if flow > 0 and value > 0:
                    found.setdefault((i, j), []).append((g, value * flow / sum(flows) / flow))
        return found

    @cached_property
    def priors(self) -> frozenset[str]:
        return frozenset(row.source for row in self.rows)

    @cached_property
    def rows(self) -> list[Parameter]:
        """The rows of parameters that hold for the materials of the case."""
        products = [self.case.product(name) for name in self.products]
        return [self.draws.parameters[key_of(self.draws, name, product, self.case.on_record)]
                for name in PARAMETERS for product in products]  # fmt: skip

    @cached_property
    def conduct_priors(self) -> frozenset[str]:
        """Sources of the economy's own parameters."""
        return frozenset(self.draws.parameter(name).source for name in conduct.PARAMETERS)

    @cached_property
    def sources(self) -> frozenset[str]:
        own = self.priors | self.conduct_priors | self.economy.sources | {cite(paper) for paper in PAPERS}
        if any(from_precedents(self.draws, name, self.precedents) for name in self.products):
            return own | (self.precedents.sources if self.precedents else frozenset())
        return own

    @cached_property
    def verified(self) -> bool:
        return all(row.status != "memory" for row in self.rows)
