"""Income that moves between countries without a wedge on a flow: visitors who stay away, and dearer imports.

What visitors spend stands in the table as final demand of the country they visit. Where they stay away, that spending
moves home with them (a change of the balances of trade): the country loses a market, not its own consumption, so what
the visitors no longer spend is added back to what its people can buy. Dearer imports of a material are a transfer from
the target to those who sell it: terms of trade, no wedge, since hardly anything replaces it in the window.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoecon.capacity import Shock as Act
from geoecon.costs import measures
from geoecon.costs.hat_algebra import Equilibrium
from geoecon.costs.model import Model
from geoecon.draws import Array

if TYPE_CHECKING:
    from geoecon.kinds import Ints


@dataclass(frozen=True, eq=False)
class Payment:
    """`balance` (draw, n): change of what each region spends beyond its income, in the model's money, sum 0;
    `visitors` (draw, n): the part that people from elsewhere spent there. `switch` as of an instrument."""

    switch: str
    balance: Array
    visitors: Array

    def rows(self, rows: Ints) -> Payment:
        """Some of its draws, in any order and as often as asked."""
        return Payment(self.switch, self.balance[rows], self.visitors[rows])


def of_visitors(model: Model, act: Act, cut: Array) -> Payment | None:
    """A stop of tours or a boycott of visits.

    `cut` (draw,) of what the host's sectors sell to final users at home, less what other visitors buy instead.
    """
    if (
        act.seller != act.buyer
        or act.seller not in model.regions
        or act.by not in model.regions
        or act.by == act.seller
    ):
        return None
    host, home = model.region(act.seller), model.region(act.by)
    at = [model.sector(name) for name in act.sectors if name in model.sectors]
    sold = model.final_share[host, at] * model.income[host] * model.share[at, host, host]
    lost = cut * float(sold.sum())
    balance = np.zeros((len(cut), len(model.regions)))
    balance[:, host], balance[:, home] = -lost, lost
    return Payment(act.switch, balance, balance)


def of_imports(model: Model, target: int, maker: int | None, bill: Array, sender: int, kept: Array) -> Payment:
    """Dearer imports: `bill` (draw,) in the model's money goes to those who export the maker's sector to the target, to
    the sender as far as it still sells (`kept` (draw,))."""
    sold = model.border_value[:, target].sum(axis=0) if maker is None else model.border_value[maker, target]
    weights = np.repeat(np.asarray(sold, float)[None], len(bill), axis=0)
    weights[:, target] = 0.0
    weights[:, sender] *= np.clip(kept, 0, 1)
    total = weights.sum(axis=1, keepdims=True)
    balance = bill[:, None] * np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    balance[:, target] -= balance.sum(axis=1)
    return Payment("licences", balance, np.zeros_like(balance))


def balances(model: Model, payments: Iterable[Payment]) -> Array:
    """(…, n) the base deficits after the payments."""
    return np.asarray(model.deficit + sum(one.balance for one in payments))


def added_back(model: Model, payments: Iterable[Payment]) -> Array | float:
    """(draw, n) per cent of base income: what visitors no longer spend is no loss of the people who live there."""
    return -100 * sum(one.visitors for one in payments) / model.income


def real_income(solved: Equilibrium, payments: Iterable[Payment]) -> Array:
    """(…, n) per cent, of the people who live there."""
    return np.asarray(measures.real_income(solved) + added_back(solved.model, payments) / solved.final_price)
